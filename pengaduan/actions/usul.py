"""Usul warga: taken in from the web or at the counter, taken over by the desa or answered, withdrawn by who proposed.

The row of the usul is locked first, then downward: proposal, family, persons.
"""

import base64
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction

from accounts.models import Pengguna
from core import audit, files, idempotency, limits, outbox, rules, workflow
from core.privacy import keys
from core.privacy.fields import plain
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen, StepRefused
from dtks.actions import keluarga as register
from dtks.actions import usulan as langkah
from dtks.models import AlasanLangkah, Keluarga, Usulan
from pengaduan.actions import jam, lacak, tiket
from pengaduan.models import FotoUsul, Usul
from pengaduan.policies import usul as policies
from pengaduan.queries import usul as baca
from pengaduan.workflow import USUL
from wilayah.kode import dalam, kabupaten_dari
from wilayah.models import Tingkat, Wilayah

NOTICE = "pengaduan.kabar_usul"
BENDERA = "MUNDUR"
JENIS_ALASAN = {"tolak": "tolak_usul", "alihkan": "alihkan_usul"}  # steps -> list of their reasons
DATA = ("wilayah_id", "untuk", "nama_kepala", "nik", "alamat", "rt", "rw", "patokan", "alasan", "pengusul_nama", "pengusul_nik", "telepon", "tanda")  # fmt: skip


class TooMany(StepRefused):
    """Too many from one network or one NIK."""

    http_status = 429


# --- taking in ----------------------------------------------------------------------------------------


def kirim(
    *, data: Mapping[str, Any], foto: Mapping[str, bytes], alamat: str = "", by: Pengguna | None = None
) -> tuple[Usul, str]:
    """Take one in; returns (usul, PIN). `data`: columns of DATA; `foto`: raw pictures by kind; `by`: the officer at the counter,
    None for the public page, whose network is `alamat`.

    Raises BadFile, TooMany (public page only), NotAllowed.
    """
    if by is not None and (kalimat := policies.catat(by, data["wilayah_id"])):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    bersih = {
        jenis: files.clean_photo(isi) for jenis, isi in sorted(foto.items())
    }  # before any lock: it takes time
    with transaction.atomic():
        if by is None:
            _batasi(data, alamat)
        nomor, pin, pin_indeks = tiket.baru("UWG")
        usul = Usul(
            tiket=nomor, pin_indeks=pin_indeks, kanal=Usul.Kanal.LOKET if by else Usul.Kanal.WEB, created_by=by,
        )  # fmt: skip
        for kolom in DATA:
            setattr(usul, kolom, data[kolom])
        jam.mulai(usul, "usul.desa")
        usul.save(force_insert=True)
        usul.refresh_from_db()
        for jenis, isi in bersih.items():
            berkas = files.store(
                isi, jenis=f"usul_{jenis}", nama=f"{jenis}.jpg", mime="image/jpeg", wilayah=usul.wilayah_id, by_id=str(by.pk) if by else "",
            )  # fmt: skip
            FotoUsul.objects.create(usul=usul, jenis=jenis, berkas=berkas)
        audit.catat(
            aksi="kirim_usul", objek=usul, by=by, wilayah=usul.wilayah_id,
            peran=by.peran_untuk("usul.catat", usul.wilayah_id) if by else "", rincian={"kanal": usul.kanal, "untuk": usul.untuk},
        )  # fmt: skip
        outbox.antre(NOTICE, {"usul": str(usul.pk)}, wilayah=usul.wilayah_id)
    return usul, pin


def _batasi(data: Mapping[str, Any], alamat: str) -> None:
    """One village behind one address is no attack: the limit of a network is wide, that of one proposer narrow. The proposer is the
    NIK together with the network: nobody proved it, so a stranger elsewhere who types it must not use it up."""
    batas = rules.value("usul.batas", data["wilayah_id"])
    jaringan = limits.hit(
        f"usul:jaringan:{keys.blind_index(limits.network(alamat), 'usul').hex()}", limit=batas["jaringan"], window=timedelta(minutes=batas["menit"])
    )  # fmt: skip
    if not jaringan:
        raise TooMany(
            [
                Halangan(
                    "TERLALU_BANYAK",
                    "Sudah terlalu banyak usul dari jaringan internet ini.",
                    f"Tunggu {batas['menit']} menit, atau datang ke kantor desa.",
                )
            ]
        )
    nik = data["pengusul_nik"]
    if nik and not limits.hit(
        f"usul:nik:{keys.blind_index(f'{nik}|{limits.network(alamat)}', 'usul').hex()}", limit=batas["nik"], window=timedelta(days=batas["nik_hari"])
    ):  # fmt: skip
        raise TooMany(
            [
                Halangan(
                    "TERLALU_BANYAK",
                    f"Satu orang paling banyak mengirim {batas['nik']} usul dalam {batas['nik_hari']} hari.",
                    "Bila masih ada yang perlu diusulkan, datang ke kantor desa.",
                )
            ]
        )


def kirim_sekali(
    *, pemilik: str, kunci: uuid.UUID, isi: str, data: Mapping[str, Any], foto: Mapping[str, bytes], alamat: str = "", by: Pengguna | None = None
) -> tuple[Usul, str]:  # fmt: skip
    """`kirim`, and the same again for the same form: a second click gets the same ticket and PIN. KeyReused for other content."""

    def do() -> str:
        usul, pin = kirim(data=data, foto=foto, alamat=alamat, by=by)
        return f"{usul.pk}:{base64.b64encode(keys.seal(pin.encode(), _konteks(pemilik, kunci))).decode()}"

    hasil, _ = idempotency.once(pemilik=pemilik, kunci=kunci, isi=isi, do=do)
    pk, _, segel = hasil.partition(":")
    pin = keys.unseal(base64.b64decode(segel), _konteks(pemilik, kunci)).decode()
    return Usul.objects.select_related("wilayah").get(pk=pk), pin


def _konteks(pemilik: str, kunci: uuid.UUID) -> str:
    return f"usul:{pemilik}:{kunci}"


# --- answering ----------------------------------------------------------------------------------------


@transaction.atomic
def ambil(
    usul: Usul,
    *,
    by: Pengguna,
    program: str,
    alasan_usul: str,
    keluarga: Keluarga | None = None,
    data: Mapping[str, Any] | None = None,
    kepala: Mapping[str, Any] | None = None,
    bulan_berikutnya: bool = False,
    versi: int | None = None,
) -> Usulan:
    """Make a proposal (jalur MANDIRI) of it: for a family of the register, or for a new one from `data` and `kepala`.

    A known family keeps every answer that it has; the pictures of the citizen are added to it.
    """
    baris = _kunci(usul, versi, "ambil", by)
    if keluarga is None:
        if data is None or kepala is None:
            raise ValueError("a new family needs its data and its head")
        keluarga = register.buat(by=by, wilayah=baris.wilayah_id, data=data, kepala=kepala)
    usulan, _ = langkah.buat(
        by=by, keluarga=keluarga, program=program, jalur=Usulan.Jalur.MANDIRI, alasan_usul=alasan_usul, bulan_berikutnya=bulan_berikutnya,
    )  # fmt: skip
    for foto in FotoUsul.objects.filter(usul=baris).select_related("berkas").order_by("created_at", "pk"):
        register.tambah_foto(usulan, by=by, jenis=foto.jenis, isi=files.read(foto.berkas))
    _hubungkan(baris, usulan, "ambil", by=by)
    return usulan


@transaction.atomic
def tautkan(usul: Usul, *, by: Pengguna, nomor: str, versi: int | None = None) -> Usul:
    """The family is being proposed already: the citizen follows that proposal. `nomor`: its ticket, in the same desa."""
    baris = _kunci(usul, versi, "tautkan", by)
    usulan = (
        Usulan.objects.visible_to(by).filter(dalam("wilayah_id", [baris.wilayah_id]), tiket=nomor).first()
    )
    if usulan is None or not Usulan.objects.terbuka().filter(pk=usulan.pk).exists():
        raise GateClosed(
            [
                Halangan(
                    "USULAN_TIDAK_ADA",
                    "Tidak ada usulan berjalan dengan nomor itu di desa ini.",
                    "Cari nomornya di menu Usulan.",
                )
            ]
        )
    workflow.lock(Usulan, usulan.pk)
    return _hubungkan(baris, usulan, "tautkan", by=by)


def _hubungkan(baris: Usul, usulan: Usulan, nama: str, *, by: Pengguna) -> Usul:
    baris.usulan = usulan
    baris.save(update_fields=["usulan", "updated_at"])
    return _langkah(baris, nama, by=by, rincian={"usulan": str(usulan.pk)})


@transaction.atomic
def tolak(usul: Usul, *, by: Pengguna, alasan: str, catatan: str = "", versi: int | None = None) -> Usul:
    """Answer that it goes no further, with a reason that the citizen reads. `catatan` is for the office."""
    baris = _kunci(usul, versi, "tolak", by)
    return _langkah(baris, "tolak", by=by, alasan=alasan, catatan=catatan)


@transaction.atomic
def alihkan(usul: Usul, *, by: Pengguna, ke: Wilayah, catatan: str = "", versi: int | None = None) -> Usul:
    """Pass it on to the desa that it is about, of the same kabupaten; its clock starts anew."""
    baris = _kunci(usul, versi, "alihkan", by)
    sah = ke.tingkat == Tingkat.DESA and kabupaten_dari(ke.kode) == kabupaten_dari(baris.wilayah_id)
    if not sah or ke.kode == baris.wilayah_id:
        raise GateClosed(
            [
                Halangan(
                    "DESA_TUJUAN", "Pilih desa lain di kabupaten/kota ini.", "Untuk kabupaten lain, jawab dengan alasan “tidak tinggal di sini”."
                )
            ]
        )  # fmt: skip
    dari = baris.wilayah_id
    alasan = AlasanLangkah.objects.filter(langkah=JENIS_ALASAN["alihkan"], aktif=True).order_by("urut")[0].pk
    hasil = _langkah(
        baris,
        "alihkan",
        by=by,
        alasan=alasan,
        catatan=catatan,
        rincian={"dari_desa": dari, "ke_desa": ke.kode},
    )
    hasil.wilayah = ke
    jam.mulai(hasil, "usul.desa")
    hasil.save(update_fields=["wilayah", *jam.KOLOM, "updated_at"])
    return hasil


# --- withdrawing --------------------------------------------------------------------------------------


@transaction.atomic
def tarik(usul: Usul) -> Usul:
    """The proposer takes it back before the village answered. Who calls has seen ticket and PIN."""
    return _langkah(workflow.lock(Usul, usul.pk), "tarik", by=None)


@transaction.atomic
def mundur(usul: Usul) -> Usul:
    """The family wants out of a proposal that runs already: it is held until the village has answered."""
    baris: Usul = workflow.lock(Usul, usul.pk)
    if baris.usulan is None or not baca.masih_berjalan(baris):
        raise NotOpen(
            [
                Halangan(
                    "SUDAH_SELESAI", "Usulan keluarga ini sudah disahkan Dinas Sosial atau sudah diputus.",
                    "Untuk berhenti menerima bantuan, datang ke kantor desa.",
                )
            ],
            baris.status,
        )  # fmt: skip
    hasil = _langkah(baris, "mundur", by=None)
    langkah.pasang_bendera(
        baris.usulan, kode=BENDERA, kalimat="Pengusulnya minta mundur, dan belum dijawab desa.", sumber=f"usul:{baris.pk}", by=None
    )  # fmt: skip
    return hasil


@transaction.atomic
def lepas(usul: Usul, *, by: Pengguna, alasan: str, versi: int | None = None) -> Usul:
    """The village takes the proposal back as the family asked. `alasan`: a reason of the step `tarik` of proposals."""
    baris = _kunci(usul, versi, "lepas", by)
    _cabut(baris, by, "Usulan ditarik atas permintaan pengusul.")
    if baris.usulan is not None and Usulan.objects.terbuka().filter(pk=baris.usulan.pk).exists():
        langkah.tarik(baris.usulan, by=by, alasan=alasan)
    return _langkah(baris, "lepas", by=by)


@transaction.atomic
def tetap(usul: Usul, *, by: Pengguna, catatan: str, versi: int | None = None) -> Usul:
    """The family was asked and wants the proposal after all. `catatan`: who was asked, and when."""
    baris = _kunci(usul, versi, "tetap", by)
    if len(catatan.strip()) < 10:
        raise GateClosed(
            [Halangan("CATATAN_KOSONG", "Tulis siapa yang ditanya dan kapan (paling sedikit 10 huruf).")]
        )
    _cabut(baris, by, "Keluarga tetap ingin diusulkan.")
    return _langkah(baris, "tetap", by=by, catatan=catatan.strip())


def _cabut(baris: Usul, by: Pengguna, alasan: str) -> None:
    assert baris.usulan is not None  # the constraint usul_berusulan
    workflow.lock(Usulan, baris.usulan_id)
    for satu in baris.usulan.bendera.terbuka().filter(kode=BENDERA, sumber=f"usul:{baris.pk}").order_by("pk"):
        langkah.cabut_bendera(satu, by=by, alasan=alasan)


# --- shared -------------------------------------------------------------------------------------------

_JAM = {"mundur": "usul.mundur"}  # steps that start a clock; every other step but `alihkan` ends it


def _kunci(usul: Usul, versi: int | None, nama: str, by: Pengguna) -> Usul:
    """The row, locked, still as the officer saw it and open for this step; before anything else is written."""
    baris: Usul = workflow.lock(Usul, usul.pk)
    if USUL.find(nama, baris.status) is None or (versi is not None and baris.versi != versi):
        raise NotOpen(
            [Halangan("SUDAH_BERPINDAH", f"Usul ini sekarang “{baris.get_status_display()}”.", "Muat ulang halaman.")],
            baris.status,
        )  # fmt: skip
    if kalimat := policies.BY_STEP[nama](by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], baris.status, langkah=nama, objek=baris)
    return baris


def _langkah(
    baris: Usul, nama: str, *, by: Pengguna | None, alasan: str = "", catatan: str = "", rincian: dict[str, Any] | None = None
) -> Usul:  # fmt: skip
    hasil: Usul = workflow.step(
        USUL, baris, nama, by=by, boleh=policies.BY_STEP[nama], gerbang={}, alasan=alasan, alasan_kalimat=_kalimat(nama, alasan),
        catatan=catatan, peran=by.peran_untuk("usul.proses", baris.wilayah_id) if by else "", rincian=rincian, notice=NOTICE,
    )  # fmt: skip
    if nama in _JAM:
        jam.mulai(hasil, _JAM[nama])
    else:
        jam.selesai(hasil)
    hasil.save(update_fields=[*jam.KOLOM, "updated_at"])
    return hasil


def _kalimat(nama: str, alasan: str) -> str:
    if not alasan:
        return ""
    row = AlasanLangkah.objects.filter(pk=alasan, langkah=JENIS_ALASAN.get(nama, nama), aktif=True).first()
    if row is None:
        raise GateClosed(
            [Halangan("ALASAN_TIDAK_DIKENAL", "Alasan yang dipilih tidak ada di daftar.", "Pilih alasan dari daftar.")]
        )  # fmt: skip
    return row.kalimat


# --- the proposer's numbers ---------------------------------------------------------------------------


def buka_pengusul(usul: Usul, *, by: Pengguna, alasan: str) -> dict[str, str]:
    """Name, NIK and phone of who proposed, in full: with a reason, counted, in the trail. {"nama", "nik", "telepon"}."""
    if kalimat := policies.proses(by, usul):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    if len(alasan.strip()) < 5:
        raise GateClosed(
            [Halangan("ALASAN_KOSONG", "Tuliskan alasan melihat identitas pengusul.", "Contoh: menelepon untuk menanyakan alamat.")]
        )  # fmt: skip
    batas = rules.value("reveal.batas_harian", usul.wilayah_id)
    if not limits.hit(f"buka:{by.pk}", limit=batas, window=timedelta(days=1)):
        raise GateClosed(
            [Halangan("BATAS_HARIAN", f"Batas melihat nomor lengkap hari ini ({batas}) sudah habis.", "Hubungi supervisor.")]
        )  # fmt: skip
    with transaction.atomic():
        audit.catat(
            aksi="buka_pengusul", objek=usul, by=by, wilayah=usul.wilayah_id, peran=by.peran_untuk("usul.proses", usul.wilayah_id),
            rincian={"alasan": alasan.strip()[:200]},
        )  # fmt: skip
        kolom = {"nama": usul.pengusul_nama, "nik": usul.pengusul_nik, "telepon": usul.telepon}
        return {nama: plain(nilai) for nama, nilai in kolom.items()}


def _cari(nomor: str, pin_indeks: bytes) -> Usul | None:
    rows = Usul.objects.select_related("wilayah", "usulan__keluarga")
    return rows.filter(tiket=nomor, pin_indeks=pin_indeks).first()


lacak.daftarkan("UWG", _cari)
jam.daftarkan(
    Usul,
    sebutan="usul warga",
    daftar="/usul-warga/",
    satu=lambda usul: f"/usul-warga/{usul.pk}/",
    pemegang=baca.pemegang,
)
