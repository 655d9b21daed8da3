"""A signed eligibility list of invented families, for tests that need one and not the engine behind it."""

from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Pengguna
from bansos.models import AturanProgram, BarisDaftar, DaftarKelayakan, SebabDaftar
from core import audit, files
from core.names import name_key
from dtks.models import Individu, Keluarga
from tests.bantu.pemain import DESA, KABUPATEN


@transaction.atomic
def keluarga_banyak(
    n: int, desa: str = DESA, awal: int = 0, status: str = Keluarga.Status.TERDAFTAR, *, jejak: bool = True
) -> list[Keluarga]:
    baris = []
    for i in range(n):
        satu = Keluarga(
            nama_kepala=f"Kepala {awal + i:04d}", wilayah_id=desa, alamat="Kampung Uji", rt="001", rw="001", status=status
        )  # fmt: skip
        satu.no_kk = f"320501{awal + i:010d}"
        baris.append(satu)
    if jejak:
        audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None)
    return Keluarga.objects.bulk_create(baris)


def warga_banyak(n: int, desa: list[str], awal: int = 0, *, jejak: bool = True) -> None:
    """`n` families of three in these villages, with sealed numbers, a thousand families to an act. `jejak=False`: past the triggers; the
    trail gets their fingerprints with `warga_terjejak`."""
    for dari in range(awal, awal + n, 1000):
        with transaction.atomic():
            if not jejak:
                with connection.cursor() as cursor:
                    cursor.execute("set local session_replication_role = replica")
            rumah = keluarga_banyak(
                min(1000, awal + n - dari),
                desa[dari // 1000 % len(desa)],
                dari,
                Keluarga.Status.CALON,
                jejak=jejak,
            )
            orang = []
            for i, satu in enumerate(rumah, start=dari):
                for j, hubungan in enumerate("123"):
                    nama = f"{satu.nama_kepala} {['Bapak', 'Ibu', 'Anak'][j]}" if j else satu.nama_kepala
                    baru = Individu(
                        keluarga=satu, nama=nama, kunci_nama=name_key(nama), tgl_lahir=date(1970 + 15 * j, 1 + i % 12, 1 + i % 28),
                        jenis_kelamin="2" if j == 1 else "1", hubungan=hubungan, status_kawin="1" if j == 2 else "2", keberadaan="1",
                        ibu_kandung="Iis",
                    )  # fmt: skip
                    baru.nik = f"320501{i * 3 + j:010d}"
                    orang.append(baru)
            Individu.objects.bulk_create(orang)


@transaction.atomic
def warga_terjejak() -> None:
    with connection.cursor() as cursor:
        for model in (Keluarga, Individu):
            cursor.execute("select jejak_sidik_ulang(%s, 'uji')", [model._meta.db_table])


@transaction.atomic
def daftar_sah(
    program: str, periode: str, keluarga: list[Keluarga], *, layak: int, manfaat: int = 1_000_000, wilayah: str = KABUPATEN
) -> DaftarKelayakan:  # fmt: skip
    """Rank is the order of `keluarga`; the first `layak` are in, the others wait."""
    kadis = Pengguna.objects.get(username="kadis")
    aturan = AturanProgram.objects.filter(program=program).order_by("-versi").first() or AturanProgram.objects.create(
        program_id=program, versi=1, isi={}, berlaku_sejak=date(2025, 1, 1), dasar_hukum="Uji", sumber="Uji"
    )  # fmt: skip
    daftar = DaftarKelayakan.objects.create(
        program_id=program, wilayah_id=wilayah, periode=periode, aturan=aturan, kuota=layak, snapshot="uji", sidik=b"",
        jumlah={"layak": layak, "daftar_tunggu": len(keluarga) - layak, "tidak_layak": 0, "manfaat": layak * manfaat},
    )  # fmt: skip
    SebabDaftar.objects.create(
        daftar=daftar,
        nomor=1,
        isi=[{"kode": "UJI", "kalimat": "Uji.", "cocok": True, "sumber": "Uji", "saran": ""}],
    )
    BarisDaftar.objects.bulk_create(
        BarisDaftar(
            id=UUID(f"{daftar.pk.hex[:16]}{i:016x}"), daftar=daftar, keluarga=k, wilayah_id=k.wilayah_id, nama_kepala=k.nama_kepala, desil=1, peringkat=i,
            hasil="layak" if i <= layak else "daftar_tunggu", manfaat=manfaat, sebab=1,
        )
        for i, k in enumerate(keluarga, start=1)
    )  # fmt: skip
    berkas = files.store(b"{}\n", jenis="daftar", nama="daftar.ndjson", mime="application/x-ndjson", wilayah=wilayah, by_id=str(kadis.pk))  # fmt: skip
    daftar.sidik, daftar.status, daftar.berkas = b"0" * 32, "ditandatangani", berkas
    daftar.ditandatangani_by, daftar.ditandatangani_at = kadis, timezone.now()
    daftar.save()
    audit.catat(aksi="uji_daftar", objek=daftar, by=None, wilayah=wilayah)
    return daftar
