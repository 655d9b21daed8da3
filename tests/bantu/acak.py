"""A register drawn at random, put straight into the tables with the guards off: for numbers, not for rules."""

import random
import uuid
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction

from bansos.models import BarisPenetapan, Penetapan, Program, VerifikasiKelayakan
from core.models import Berkas, Dokumen
from dtks.actions import hitungan
from dtks.models import AlasanLangkah, Desil, Individu, Keluarga, Musyawarah, RiwayatUsulan, Rumah, Usulan
from dtks.workflow import USULAN
from tests.bantu.alur import orang

PROGRAM = ("PKH", "BPNT", "PBI", "APBD-LANSIA")


def isi(
    benih: int, desa: list[str], periode: list[str], keluarga: int = 60, kini: datetime | None = None
) -> None:
    """Fill the tables; needs a transaction (the guards come back at its end)."""
    acak, kini = random.Random(benih), kini or datetime.now(UTC)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        _isi(acak, desa, periode, keluarga, kini)
        cursor.execute("set local session_replication_role = origin")
    hitungan.hitung_ulang()


def _isi(acak: random.Random, desa: list[str], periode: list[str], keluarga: int, kini: datetime) -> None:
    status, operator = [k.kode for k in USULAN.keadaan], orang("operator")
    alasan = list(AlasanLangkah.objects.order_by("kode").values_list("kode", flat=True)[:4])
    k, orang_, rumah, usulan, riwayat, desil = [], [], [], [], [], []
    for n in range(keluarga):
        satu = Keluarga(
            wilayah_id=acak.choice(desa), alamat=acak.choice(("", "Kp. Uji")), rt="001", rw="005",
            nama_kepala=f"UJI {n}", status=acak.choice(("calon", "terdaftar", "terdaftar", "nonaktif")),
        )  # fmt: skip
        k.append(satu)
        for i in range(acak.randint(1, 4)):
            orang_.append(
                Individu(
                    keluarga=satu,
                    nama=f"ANGGOTA {n} {i}",
                    tanpa_nik_alasan="uji",
                    tgl_lahir=date(1990, 1, 1 + i),
                    tempat_lahir=acak.choice(("", "GARUT")),
                    jenis_kelamin="1",
                    hubungan=str(i + 1),
                    status_kawin="1",
                    ibu_kandung=acak.choice(("", "IBU")),
                    padan=acak.choice(Individu.Padan.values),
                    aktif=acak.random() < 0.9,
                )
            )
        if acak.random() < 0.7:
            rumah.append(
                Rumah(keluarga=satu, status_rumah=acak.choice(("", "1")), lantai=acak.choice(("", "2")), luas_lantai=acak.choice((None, 20)))
            )  # fmt: skip
        for q in acak.sample(range(1, 5), acak.randint(0, 3)):
            desil.append(
                Desil(keluarga=satu, tahun=2026, triwulan=q, desil=acak.randint(1, 10), sumber="uji")
            )
        for p in acak.sample(PROGRAM, acak.randint(0, 3)):
            kapan = kini - timedelta(days=acak.randint(0, 90), hours=acak.randint(0, 23))
            u = Usulan(
                tiket=f"A{uuid.UUID(int=acak.getrandbits(128)).hex[:16]}", pin_indeks=b"x" * 32, keluarga=satu,
                wilayah_id=satu.wilayah_id, program=p, jalur=acak.choice(Usulan.Jalur.values), periode=acak.choice(periode),
                status=acak.choice(status), status_sejak=kapan, tenggat=acak.choice((None, kapan.date() + timedelta(days=20))),
                pengusul_orang=acak.choice((None, operator.orang)),
            )  # fmt: skip
            usulan.append(u)
            for urut in range(1, acak.randint(1, 5)):
                langkah = acak.choice(("ajukan", "kembalikan", "input"))
                riwayat.append(
                    RiwayatUsulan(usulan=u, urut=urut, langkah=langkah, dari="draf", ke="diajukan", oleh=operator, pada=kapan,
                                  alasan=acak.choice(alasan) if langkah == "kembalikan" else "")
                )  # fmt: skip
    for model, rows in (
        (Keluarga, k),
        (Individu, orang_),
        (Rumah, rumah),
        (Desil, desil),
        (Usulan, usulan),
        (RiwayatUsulan, riwayat),
    ):
        model.objects.bulk_create(rows)
    lama = [x.pk for x in k if acak.random() < 0.4]
    Keluarga.objects.filter(pk__in=lama).update(updated_at=kini - timedelta(days=500))
    Musyawarah.objects.bulk_create(
        Musyawarah(wilayah_id=acak.choice(desa), jenis="MUSDES", waktu=kini, periode=acak.choice(periode), status=acak.choice(
            ("dijadwalkan", "terlaksana", "ditandatangani", "disetujui", "dibatalkan")))
        for _ in range(8)
    )  # fmt: skip
    _penetapan(acak, usulan, kini)


def _penetapan(acak: random.Random, usulan: list[Usulan], kini: datetime) -> None:
    berkas = Berkas.objects.create(jenis="uji", nama_tampil="x", mime="x", ukuran=1, sha256=b"x" * 32)
    kadis, sk, baris, jawab = orang("kadis"), [], [], []
    for n in range(12):
        dokumen = Dokumen.objects.create(kode=f"UJI{acak.getrandbits(36):09x}", jenis="SK", judul="x", penerbit="x", tanggal=kini.date(),
                                         wilayah="32.05", berkas=berkas, sha256=b"x", tanda_tangan=b"x")  # fmt: skip
        sk.append(
            Penetapan.objects.create(
                wilayah_id="32.05",
                jenis="SK_BUPATI",
                program=Program.objects.get(pk=acak.choice(PROGRAM)),
                periode="2026-10",
                nomor=f"{n}",
                tahun=2026,
                tanggal=kini.date(),
                dokumen=dokumen,
                status=acak.choice(("berlaku", "berlaku", "dicabut")),
                ditetapkan_by=kadis,
                created_at=kini - timedelta(days=n),
            )
        )
    for u in usulan:
        for p in acak.sample(sk, 2):
            if p.program_id == u.program and acak.random() < 0.9:
                hasil = acak.choice(("ditetapkan", "ditetapkan", "tidak_ditetapkan"))
                sebab = "" if hasil == "ditetapkan" else "uji"
                baris.append(
                    BarisPenetapan(penetapan=p, usulan=u, hasil=hasil, alasan=sebab, alasan_kalimat=sebab)
                )
    BarisPenetapan.objects.bulk_create(baris)
    sudah: set[tuple] = set()
    for b in baris:
        for bulan in (f"{kini:%Y-%m}", "2026-01"):
            kunci = (b.usulan.keluarga_id, b.penetapan.program_id, bulan)
            if kunci not in sudah and acak.random() < 0.5:
                sudah.add(kunci)
                hasil = acak.choice(("layak", "tidak_layak", "pindah", "tidak_ditemukan"))
                jawab.append(
                    VerifikasiKelayakan(periode=bulan, program_id=b.penetapan.program_id, keluarga=b.usulan.keluarga,
                                        wilayah_id=b.usulan.wilayah_id, penetapan=b.penetapan, by=kadis,
                                        hasil=hasil, alasan=["uji"] if hasil == "tidak_layak" else [], created_at=kini)
                )  # fmt: skip
    VerifikasiKelayakan.objects.bulk_create(jawab)
