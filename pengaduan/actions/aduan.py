"""A complaint from its arrival to its answer: intake by every channel, and the steps of officers, of the reporter and of time."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, files, limits, rules, workflow
from core.models import Berkas
from core.privacy.fields import plain
from core.privacy.keys import blind_index
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen, StepRefused
from dtks.actions.usulan import pin_index
from dtks.models import AlasanLangkah
from pengaduan.actions import jam, lacak, tiket
from pengaduan.models import Aduan, FotoAduan, Instansi, KategoriAduan, PesanAduan
from pengaduan.policies import aduan as policies
from pengaduan.queries.petugas import berkuasa, berperan, calon_petugas, meja
from pengaduan.workflow import ADUAN
from wilayah.kode import kabupaten_dari
from wilayah.waktu import hari_wilayah

NOTICE = "pengaduan.kabar_aduan"
BERKABAR = ("disposisi", "kembalikan", "jawab", "buka_lagi")  # steps after which somebody is waited for
FOTO, FOTO_SEMENTARA = "aduan", "aduan_sementara"
FOTO_MAKS = 3
PENDEK = 10  # letters that a reason or an answer has at least
ALASAN_TOLAK = "tolak_aduan"


class Sibuk(StepRefused):
    """Too many at once: nothing was written, and the sentence says what else can be done."""

    http_status = 429


@dataclass(frozen=True)
class Isi:
    """What somebody brings. `foto`: ids of pictures kept by `simpan_foto`."""

    kategori: KategoriAduan
    wilayah: str
    cerita: str
    tempat: str = ""
    kejadian: date | None = None
    privasi: str = Aduan.Privasi.RAHASIA
    nama: str = ""
    telepon: str = ""
    nik: str = ""
    foto: Sequence[UUID] = field(default_factory=tuple)


def hitung(alamat: str, jenis: str = "kirim") -> None:
    """Count one sending (or one set of pictures) of this network and in total; raises Sibuk. Before the transaction, so that
    nobody waits for the counter of the others."""
    batas = rules.value("aduan.batas")
    jendela = timedelta(minutes=batas["menit"])
    jaringan = blind_index(limits.network(alamat), "aduan").hex()
    lolos = limits.hit(f"aduan:{jenis}:{jaringan}", limit=batas["jaringan"], window=jendela)
    if not (lolos and limits.hit(f"aduan:{jenis}:semua", limit=batas["semua"], window=jendela)):
        raise Sibuk(
            [
                Halangan(
                    "SIBUK",
                    f"Saat ini sangat banyak yang mengirim aduan. Isian Anda masih ada di halaman ini. Tunggu {batas['menit']} menit, lalu kirim lagi.",
                    "Bila mendesak, telepon 112 atau datang ke kantor desa.",
                )
            ]
        )


@transaction.atomic
def simpan_foto(foto: Sequence[bytes]) -> list[UUID]:
    """Keep pictures of a complaint that is not sent yet, cleaned. Those that never are sent go after a day."""
    if len(foto) > FOTO_MAKS:
        raise files.BadFile(f"Paling banyak {FOTO_MAKS} foto.")
    bersih = [files.clean_photo(satu) for satu in foto]
    return [files.store(isi, jenis=FOTO_SEMENTARA, nama="foto aduan", mime="image/jpeg").pk for isi in bersih]


def buang_foto() -> int:
    """Forget pictures whose complaint was never sent. Returns how many."""
    with transaction.atomic():
        lama = Berkas.objects.filter(
            jenis=FOTO_SEMENTARA, created_at__lt=timezone.now() - timedelta(days=1)
        ).select_for_update(skip_locked=True)
        rows = list(lama.order_by("pk")[:500])
        for row in rows:
            files.remove(row)
    return len(rows)


@transaction.atomic
def kirim(isi: Isi) -> tuple[Aduan, str]:
    """From a citizen at /aduan/. Returns the row and the PIN, which is shown once."""
    return _buat(isi, kanal=Aduan.Kanal.WEB, by=None)


@transaction.atomic
def catat(isi: Isi, *, by: Pengguna, kanal: str, no_lapor: str = "", kelas: str = "") -> tuple[Aduan, str]:
    """Taken down by an officer for somebody at the counter, on the telephone, in a letter, in SP4N-LAPOR!."""
    if kalimat := policies.catat(by, isi.wilayah):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    return _buat(isi, kanal=kanal, by=by, no_lapor=no_lapor, kelas=kelas)


def _buat(
    isi: Isi, *, kanal: str, by: Pengguna | None, no_lapor: str = "", kelas: str = ""
) -> tuple[Aduan, str]:
    if isi.kategori.arahan == KategoriAduan.Arahan.RAHASIA:
        raise _tutup("JALUR_RAHASIA", policies.RAHASIA, "Buka halaman Lapor Rahasia.")
    nomor, pin, indeks = tiket.baru("ADU")
    baris = Aduan(
        tiket=nomor, pin_indeks=indeks, wilayah_id=isi.wilayah, kanal=kanal, kategori=isi.kategori, cerita=isi.cerita.strip(),
        tempat=isi.tempat.strip(), kejadian=isi.kejadian, privasi=isi.privasi, no_lapor=no_lapor, kelas=kelas, created_by=by,
    )  # fmt: skip
    if isi.privasi != Aduan.Privasi.ANONIM:
        baris.pelapor_nama, baris.pelapor_telepon, baris.pelapor_nik = isi.nama, isi.telepon, isi.nik
    jam.mulai(baris, "aduan.verifikasi")
    try:
        with transaction.atomic():
            baris.save(force_insert=True)
    except IntegrityError as error:
        if "aduan_no_lapor" not in str(error):
            raise
        raise _tutup(
            "NO_LAPOR_ADA", f"Nomor LAPOR {no_lapor} sudah pernah dicatat.", "Cari nomor itu di daftar pengaduan."
        ) from error  # fmt: skip
    _tempel_foto(baris, isi.foto)
    audit.catat(
        aksi="buat_aduan", objek=baris, by=by, wilayah=isi.wilayah, peran=by.peran_untuk("aduan.catat", isi.wilayah) if by else "",
        rincian={"kanal": kanal, "kategori": isi.kategori.pk, "foto": len(isi.foto)},
    )  # fmt: skip
    return baris, pin


def _tempel_foto(baris: Aduan, foto: Sequence[UUID]) -> None:
    rows = Berkas.objects.select_for_update().filter(pk__in=foto, jenis=FOTO_SEMENTARA).order_by("pk")
    for berkas in rows[:FOTO_MAKS]:
        berkas.jenis, berkas.wilayah = FOTO, baris.wilayah_id
        berkas.save(update_fields=["jenis", "wilayah"])
        FotoAduan.objects.create(aduan=baris, berkas=berkas)


# --- steps ------------------------------------------------------------------------------------------------


def _siap(aduan: Aduan, nama: str, by: Pengguna | None, versi: int | None) -> Aduan:
    """The locked row, when this step is open on it and this person may take it."""
    baris: Aduan = workflow.lock(Aduan, aduan.pk)
    if ADUAN.find(nama, baris.status) is None or (versi is not None and versi != baris.versi):
        raise NotOpen(
            [
                Halangan(
                    "SUDAH_BERPINDAH",
                    f"Langkah ini tidak terbuka lagi: aduan sekarang “{ADUAN.state(baris.status).label}”.",
                    "Muat ulang halaman.",
                )
            ],
            baris.status,
        )
    if kalimat := policies.BY_STEP[nama](by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], baris.status, langkah=nama, objek=baris)
    return baris


def _langkah(baris: Aduan, nama: str, by: Pengguna | None, kolom: Sequence[str] = (), **lain: Any) -> Aduan:
    """Save what the step changed and take it. `_siap` has asked the policy on this locked row, before the change."""
    if kolom:
        baris.save(update_fields=[*kolom, "updated_at"])
    kuasa = (ADUAN.find(nama, baris.status) or ADUAN.langkah[0]).kuasa
    peran = (by.peran_untuk(kuasa, baris.wilayah_id) or by.peran_untuk("aduan.proses", baris.wilayah_id)) if by else ""  # fmt: skip
    hasil: Aduan = workflow.step(
        ADUAN, baris, nama, by=by, boleh=lambda by, a: None, gerbang={}, peran=peran,
        notice=NOTICE if nama in BERKABAR else "", **lain,
    )  # fmt: skip
    return hasil


def _kata(teks: str, apa: str) -> str:
    bersih = teks.strip()
    if len(bersih) < PENDEK:
        raise _tutup("TEKS_PENDEK", f"Tuliskan {apa} dengan jelas, paling sedikit {PENDEK} huruf.")
    return bersih


def kunci_jam(kelas: str, *, berkadar: bool) -> str:
    """Name of the clock of a class: 5, 14 or 60 working days (Ketentuan `tenggat.aduan.*`)."""
    if kelas != Aduan.Kelas.PENGADUAN:
        return "aduan.informasi"
    return "aduan.pengawasan" if berkadar else "aduan.pengaduan"


@transaction.atomic
def verifikasi(
    aduan: Aduan, *, by: Pengguna, kategori: KategoriAduan, kelas: str, berkadar: bool = False, catatan: str = "", versi: int | None = None
) -> Aduan:  # fmt: skip
    """Take it in: its kind, its class, and with them the time in which it is answered."""
    baris = _siap(aduan, "verifikasi", by, versi)
    if kategori.arahan == KategoriAduan.Arahan.RAHASIA:
        raise _tutup(
            "JALUR_RAHASIA", policies.RAHASIA, "Pilih “Tidak bisa diproses” dengan alasan jalur rahasia, supaya pelapor tahu caranya."
        )  # fmt: skip
    assert baris.tenggat_at is not None
    baris.verifikasi_tepat = timezone.now() <= baris.tenggat_at
    baris.kategori, baris.kelas = kategori, kelas
    baris.berkadar = berkadar and kelas == Aduan.Kelas.PENGADUAN
    jam.mulai(baris, kunci_jam(kelas, berkadar=baris.berkadar))
    kolom = ["verifikasi_tepat", "kategori", "kelas", "berkadar", *jam.KOLOM]
    return _langkah(
        baris, "verifikasi", by, kolom, catatan=catatan, versi=versi,
        rincian={"kelas": kelas, "berkadar": baris.berkadar, "kategori": kategori.pk},
    )  # fmt: skip


@transaction.atomic
def tanya(aduan: Aduan, *, by: Pengguna, isi: str, versi: int | None = None) -> Aduan:
    """Ask the reporter. The clock stands still until he answers."""
    baris = _siap(aduan, "tanya", by, versi)
    teks = _kata(isi, "pertanyaannya")
    jam.jeda(baris, "jawaban pelapor")
    PesanAduan.objects.create(aduan=baris, dari=PesanAduan.Dari.PETUGAS, isi=teks, oleh=by)
    return _langkah(baris, "tanya", by, jam.KOLOM, versi=versi)


@transaction.atomic
def jawab(aduan: Aduan, *, by: Pengguna | None, isi: str, foto: Sequence[UUID] = ()) -> Aduan:
    """The reporter's answer, from himself (`by` None) or taken down by an officer. The clock goes on where it stood."""
    nama = "jawab" if by is None else "catat_jawab"
    baris = _siap(aduan, nama, by, None)
    teks = _kata(isi, "jawabannya")
    dari = baris.riwayat.filter(langkah="tanya").order_by("-urut").values_list("dari", flat=True)[0]
    jam.lanjut(baris)
    PesanAduan.objects.create(aduan=baris, dari=PesanAduan.Dari.PELAPOR, isi=teks, oleh=by)
    _tempel_foto(baris, foto)
    return _langkah(baris, nama, by, jam.KOLOM, tujuan=dari)


@transaction.atomic
def disposisi(
    aduan: Aduan, *, by: Pengguna, petugas: Pengguna | None = None, ke_meja: str = "", catatan: str = "", versi: int | None = None
) -> Aduan:  # fmt: skip
    """Give it to a person or to a desk (a role) that may handle complaints there."""
    baris = _siap(aduan, "disposisi", by, versi)
    if (petugas is None) == (not ke_meja):
        raise _tutup("TUJUAN_WAJIB", "Pilih satu petugas atau satu meja.")
    if petugas is not None and not calon_petugas("aduan.tangani", baris.wilayah_id).filter(pk=petugas.pk):
        raise _tutup("PETUGAS_SALAH", "Petugas itu tidak bertugas menangani aduan di wilayah ini.")
    if ke_meja and ke_meja not in dict(meja("aduan.tangani", baris.wilayah_id)):
        raise _tutup("MEJA_KOSONG", "Belum ada petugas di meja itu untuk wilayah ini.")
    baris.petugas, baris.meja = petugas, ke_meja
    return _langkah(
        baris, "disposisi", by, ["petugas", "meja"], catatan=catatan, versi=versi,
        rincian={"petugas": str(petugas.pk) if petugas else "", "meja": ke_meja},
    )  # fmt: skip


@transaction.atomic
def kembalikan(aduan: Aduan, *, by: Pengguna, catatan: str, versi: int | None = None) -> Aduan:
    """It is not this desk's matter: back to the verifier, who gives it to another."""
    baris = _siap(aduan, "kembalikan", by, versi)
    teks = _kata(catatan, "alasannya")
    hasil = _langkah(baris, "kembalikan", by, catatan=teks, versi=versi)
    hasil.petugas, hasil.meja = None, ""
    hasil.save(update_fields=["petugas", "meja", "updated_at"])
    return hasil


@transaction.atomic
def tangani(aduan: Aduan, *, by: Pengguna, versi: int | None = None) -> Aduan:
    """Begin. What lay at a desk is this person's from now on."""
    baris = _siap(aduan, "tangani", by, versi)
    hasil = _langkah(baris, "tangani", by, versi=versi)
    if hasil.petugas_id is None:
        hasil.petugas, hasil.meja = by, ""
        hasil.save(update_fields=["petugas", "meja", "updated_at"])
    return hasil


@transaction.atomic
def catatan(aduan: Aduan, *, by: Pengguna, isi: str) -> PesanAduan:
    """A note among officers; the reporter does not see it."""
    baris: Aduan = workflow.lock(Aduan, aduan.pk)
    if policies.proses(by, baris) and not policies.ditunjuk(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", "Catatan ditulis petugas yang menangani aduan ini.")])
    satu = PesanAduan.objects.create(aduan=baris, dari=PesanAduan.Dari.INTERNAL, isi=_kata(isi, "catatannya"), oleh=by)  # fmt: skip
    audit.catat(aksi="catatan_aduan", objek=baris, by=by, wilayah=baris.wilayah_id)
    return satu


def _jawaban(baris: Aduan, by: Pengguna, teks: str) -> list[str]:
    """The columns of an answer: what the reporter reads, and the end of the clock."""
    baris.jawaban, baris.dijawab_at = teks, timezone.now()
    jam.selesai(baris)
    PesanAduan.objects.create(aduan=baris, dari=PesanAduan.Dari.PETUGAS, isi=teks, oleh=by)
    return ["jawaban", "dijawab_at", *jam.KOLOM]


@transaction.atomic
def selesaikan(aduan: Aduan, *, by: Pengguna, jawaban: str, versi: int | None = None) -> Aduan:
    """Answer the reporter. He may judge the answer, or have it opened once more."""
    baris = _siap(aduan, "selesaikan", by, versi)
    return _langkah(baris, "selesaikan", by, _jawaban(baris, by, _kata(jawaban, "jawabannya")), versi=versi)


@transaction.atomic
def tolak(aduan: Aduan, *, by: Pengguna, alasan: str, catatan: str = "", versi: int | None = None) -> Aduan:
    """It cannot be worked on: a reason from the list, with the way out that the reporter reads."""
    baris = _siap(aduan, "tolak", by, versi)
    sebab = AlasanLangkah.objects.filter(pk=alasan, langkah=ALASAN_TOLAK, aktif=True).first()
    if sebab is None:
        raise _tutup("ALASAN_WAJIB", "Pilih alasannya dari daftar.")
    teks = " ".join(filter(None, [sebab.kalimat, sebab.jalan_keluar, catatan.strip()]))
    return _langkah(
        baris,
        "tolak",
        by,
        _jawaban(baris, by, teks),
        alasan=sebab.pk,
        alasan_kalimat=sebab.kalimat,
        versi=versi,
    )


@transaction.atomic
def teruskan(
    aduan: Aduan, *, by: Pengguna, instansi: Instansi, nomor: str = "", catatan: str = "", versi: int | None = None
) -> Aduan:  # fmt: skip
    """Not ours: to the institution whose matter it is. The reporter reads which one, and how to reach it himself."""
    baris = _siap(aduan, "teruskan", by, versi)
    baris.instansi, baris.nomor_terusan = instansi, nomor.strip()
    surat = f" dengan nomor {baris.nomor_terusan}" if baris.nomor_terusan else ""
    teks = f"Aduan ini menjadi wewenang {instansi.nama}. Kami sudah meneruskannya{surat}. {instansi.cara} {catatan.strip()}"
    kolom = ["instansi", "nomor_terusan", *_jawaban(baris, by, teks.strip())]
    return _langkah(baris, "teruskan", by, kolom, versi=versi, rincian={"instansi": instansi.pk})


# --- the reporter -----------------------------------------------------------------------------------------


@transaction.atomic
def nilai(aduan: Aduan, *, nilai: int, catatan: str = "") -> Aduan:
    """The reporter judges the answer, 1 to 5. A good mark closes it; after a bad one (rule `aduan.tutup`, nilai_menutup) it may
    still be opened again once until time closes it. One that time has closed may still be judged."""
    baris: Aduan = workflow.lock(Aduan, aduan.pk)
    if kalimat := policies.nilai(None, baris):
        raise NotOpen([Halangan("BELUM_BISA", kalimat)], baris.status)
    if not 1 <= nilai <= 5:
        raise _tutup("NILAI_WAJIB", "Pilih nilainya, dari 1 sampai 5.")
    puas = int(rules.value("aduan.tutup", kabupaten_dari(baris.wilayah_id))["nilai_menutup"])
    tutup = baris.status != "ditutup" and (nilai >= puas or baris.dibuka_lagi_at is not None)
    if tutup:
        baris = _langkah(baris, "nilai", None)
    baris.nilai, baris.nilai_catatan, baris.dinilai_at = nilai, catatan.strip()[:500], timezone.now()
    baris.save(update_fields=["nilai", "nilai_catatan", "dinilai_at", "updated_at"])
    if not tutup:
        audit.catat(aksi="nilai_aduan", objek=baris, by=None, wilayah=baris.wilayah_id)
    return baris


@transaction.atomic
def buka_lagi(aduan: Aduan, *, alasan: str) -> Aduan:
    """Once: the reporter is not content. The clock of its class starts anew."""
    baris = _siap(aduan, "buka_lagi", None, None)
    teks = _kata(alasan, "apa yang belum selesai")
    baris.dibuka_lagi_at = timezone.now()
    baris.nilai, baris.nilai_catatan, baris.dinilai_at = (
        None,
        "",
        None,
    )  # the next answer is judged anew; the trail keeps this one
    baris.kelas = baris.kelas or Aduan.Kelas.PENGADUAN
    jam.mulai(baris, kunci_jam(baris.kelas, berkadar=baris.berkadar))
    PesanAduan.objects.create(aduan=baris, dari=PesanAduan.Dari.PELAPOR, isi=teks)
    return _langkah(
        baris,
        "buka_lagi",
        None,
        ["dibuka_lagi_at", "kelas", "nilai", "nilai_catatan", "dinilai_at", *jam.KOLOM],
    )


# --- time -------------------------------------------------------------------------------------------------


def tutup_yang_diam(sekali: int = 500) -> int:
    """Close what got no reply for the days of the rule `aduan.tutup`: questions, and answers that nobody objected to."""
    n = 0
    tanya = Aduan.objects.filter(status="klarifikasi").values_list("pk", "wilayah_id", "jeda_sejak")
    jawab = Aduan.objects.filter(status__in=("selesai", "ditolak", "diteruskan")).values_list("pk", "wilayah_id", "dijawab_at")  # fmt: skip
    hari: dict[str, int] = {}
    for nama, rows in (
        ("diam", tanya.order_by("jeda_sejak", "pk")),
        ("tutup", jawab.order_by("dijawab_at", "pk")),
    ):
        for pk, wilayah, sejak in rows[: 4 * sekali]:
            kab = kabupaten_dari(wilayah)
            if kab not in hari:
                hari[kab] = int(rules.value("aduan.tutup", kab)["hari"])
            if sejak is None or (hari_wilayah(wilayah) - hari_wilayah(wilayah, sejak)).days <= hari[kab]:
                continue
            n += _tutup_satu(pk, nama, sejak)
            if n >= sekali:
                return n
    return n


@transaction.atomic
def _tutup_satu(pk: UUID, nama: str, sejak: datetime) -> bool:
    baris: Aduan = workflow.lock(Aduan, pk)
    kini = baris.jeda_sejak if nama == "diam" else baris.dijawab_at
    if ADUAN.find(nama, baris.status) is None or kini != sejak:
        return False  # somebody was faster
    if nama == "diam":
        jam.selesai(baris)
    _langkah(baris, nama, None, jam.KOLOM if nama == "diam" else ())
    if nama == "diam":  # who else brought the same matter was never asked
        for satu in baris.salinan.filter(status="digabung").order_by("pk"):
            _pisah(workflow.lock(Aduan, satu.pk), None)
    return True


# --- who brought it ---------------------------------------------------------------------------------------


def buka_pelapor(aduan: Aduan, *, by: Pengguna, alasan: str) -> dict[str, str]:
    """Name, phone and masked NIK of the reporter, with a reason, within the daily limit, and with its row in the trail."""
    if kalimat := policies.buka_pelapor(by, aduan):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], aduan.status)
    sebab = _kata(alasan, "alasan melihat nama pelapor")
    batas = rules.value("reveal.batas_harian", aduan.wilayah_id)
    if not limits.hit(f"buka:{by.pk}", limit=batas, window=timedelta(days=1)):
        raise _tutup("BATAS_HARIAN", f"Batas melihat data lengkap hari ini ({batas}) sudah habis.", "Hubungi supervisor.")  # fmt: skip
    with transaction.atomic():
        audit.catat(
            aksi="buka_pelapor", objek=aduan, by=by, wilayah=aduan.wilayah_id, peran=by.peran_untuk("aduan.proses", aduan.wilayah_id),
            rincian={"alasan": sebab[:200]},
        )  # fmt: skip
        return {
            "Nama": plain(aduan.pelapor_nama),
            "Nomor HP": plain(aduan.pelapor_telepon),
            "NIK": str(aduan.pelapor_nik) if aduan.pelapor_nik else "",
        }


def pin_baru(aduan: Aduan, *, by: Pengguna, alasan: str) -> str:
    """A new PIN for the reporter, who showed that he is the one; the old one is worth nothing from now on."""
    if kalimat := policies.proses(by, aduan):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], aduan.status)
    if not aduan.bernama:
        raise _tutup(
            "TANPA_NAMA",
            "Pelapor tidak menyebut nama, jadi tidak bisa dipastikan.",
            "Ia bisa mengirim aduan baru.",
        )
    sebab = _kata(alasan, "cara memastikan orangnya")
    with transaction.atomic():
        baris: Aduan = workflow.lock(Aduan, aduan.pk)
        pin = f"{secrets.randbelow(10**6):06d}"
        baris.pin_indeks = pin_index(baris.tiket, pin)
        baris.save(update_fields=["pin_indeks", "updated_at"])
        audit.catat(
            aksi="pin_baru_aduan",
            objek=baris,
            by=by,
            wilayah=baris.wilayah_id,
            rincian={"alasan": sebab[:200]},
        )
    return pin


# --- the same thing twice ---------------------------------------------------------------------------------


@transaction.atomic
def gabung(salinan: Aduan, *, by: Pengguna, utama: Aduan) -> Aduan:
    """The same matter was brought before: one answer for both. Both reporters keep their own ticket."""
    kunci = {satu.pk: satu for satu in (workflow.lock(Aduan, pk) for pk in sorted({salinan.pk, utama.pk}))}
    baris = _siap(kunci[salinan.pk], "gabung", by, None)
    tujuan: Aduan = kunci[utama.pk]
    if tujuan.pk == baris.pk:
        raise _tutup("SATU_ADUAN", "Pilih aduan lain sebagai aduan utama.")
    if kalimat := policies.proses(by, tujuan):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], tujuan.status)
    if kabupaten_dari(tujuan.wilayah_id) != kabupaten_dari(baris.wilayah_id):
        raise _tutup("LAIN_KABUPATEN", "Aduan dari dua kabupaten tidak digabung.")
    if tujuan.status not in ("diterima", "klarifikasi", "diverifikasi", "didisposisi", "ditangani"):
        raise _tutup(
            "UTAMA_TERTUTUP", f"Aduan {tujuan.tiket} tidak sedang diproses.", "Jawab aduan ini sendiri."
        )
    if baris.salinan.exists():
        raise _tutup(
            "PUNYA_SALINAN", "Ada aduan lain yang digabung ke aduan ini.", "Gabungkan ke arah sebaliknya."
        )
    baris.utama = tujuan
    jam.selesai(baris)
    return _langkah(
        baris,
        "gabung",
        by,
        ["utama", *jam.KOLOM],
        catatan=f"Digabung ke {tujuan.tiket}.",
        rincian={"utama": str(tujuan.pk)},
    )


@transaction.atomic
def pisahkan(salinan: Aduan, *, by: Pengguna) -> Aduan:
    """Take a merge back: the complaint stands where it stood, with the deadline that it had."""
    return _pisah(_siap(salinan, "pisahkan", by, None), by)


def _pisah(baris: Aduan, by: Pengguna | None) -> Aduan:
    dari = baris.riwayat.filter(langkah="gabung").order_by("-urut").values_list("dari", flat=True)[0]
    hasil = _langkah(baris, "pisahkan", by, tujuan=dari)
    hasil.utama = None
    jam.buka_kembali(hasil)
    hasil.save(update_fields=["utama", *jam.KOLOM, "updated_at"])
    return hasil


def _tutup(kode: str, kalimat: str, jalan_keluar: str = "") -> GateClosed:
    return GateClosed([Halangan(kode, kalimat, jalan_keluar)])


# --- seams ------------------------------------------------------------------------------------------------


def pemegang(aduan: Aduan) -> list[UUID]:
    """Who has it now: the person, the desk, or those who verify."""
    if aduan.status in ("didisposisi", "ditangani"):
        return [aduan.petugas_id] if aduan.petugas_id else berperan(aduan.meja, aduan.wilayah_id)
    return berkuasa("aduan.proses", aduan.wilayah_id)


def _cari(nomor: str, pin_indeks: bytes) -> Aduan | None:
    rows = Aduan.objects.select_related("kategori", "wilayah", "instansi", "utama")
    return rows.filter(tiket=nomor, pin_indeks=pin_indeks).first()


lacak.daftarkan("ADU", _cari)
jam.daftarkan(
    Aduan, sebutan="pengaduan", daftar="/pengaduan/", satu=lambda a: f"/pengaduan/{a.pk}/", pemegang=pemegang
)
LANGKAH: dict[str, Callable[..., Any]] = {
    "verifikasi": verifikasi, "tanya": tanya, "catat_jawab": jawab, "disposisi": disposisi, "kembalikan": kembalikan, "tangani": tangani,
    "selesaikan": selesaikan, "tolak": tolak, "teruskan": teruskan, "pisahkan": pisahkan,
}  # fmt: skip
