"""A family, or one person of it, moves to another desa: asked for by one village, accepted or refused by the other.

Lock order: PermintaanPindah, Usulan, Keluarga, Individu, Tiket. A decided request is frozen by the database as well.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, outbox, rules, workflow
from core.terbilang import tanggal_panjang
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.actions import peristiwa
from dtks.actions.keluarga import isikan, sudah_ada
from dtks.actions.peristiwa import KEPALA, Catatan
from dtks.models import FotoKeluarga, Individu, Keluarga, Peristiwa, PermintaanPindah, Rumah, TemuanGanda
from dtks.policies import peristiwa as policies
from dtks.queries.tempat import kode_desa
from wilayah.kode import kabupaten_dari

JOB = "dtks.beri_tahu_pindah"
JOB_LEWAT = "dtks.beri_tahu_pindah_lewat"
FOTO_RUMAH = ("rumah_depan", "rumah_dalam")
S = PermintaanPindah.Status


@transaction.atomic
def minta(
    keluarga: Keluarga,
    *,
    by: Pengguna,
    catatan: Catatan,
    ke: str,
    individu: Individu | None = None,
    versi_dilihat: int | None = None,
) -> PermintaanPindah:
    """Ask desa `ke` (a code) to take over the family, or `individu` alone. Nothing moves before it accepts."""
    baris = peristiwa.kunci(by, {keluarga.pk: versi_dilihat})[keluarga.pk]
    if kalimat := policies.minta_pindah(by, baris, peristiwa.usulan_terbuka([baris.pk])):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    dari = kode_desa(baris.wilayah_id)
    if ke == dari:
        raise GateClosed(
            [
                Halangan(
                    "DESA_SENDIRI",
                    "Ini desa Anda sendiri.",
                    "Ubah alamatnya di isian keluarga, tanpa permintaan.",
                )
            ]
        )
    if kabupaten_dari(ke) != kabupaten_dari(dari):
        raise GateClosed(
            [
                Halangan(
                    "LUAR_KABUPATEN",
                    "Desa itu di luar kabupaten ini.",
                    "Catat sebagai pindah keluar wilayah.",
                )
            ]
        )
    peristiwa.tanggal_masuk_akal(catatan, [a.tgl_lahir for a in _yang_pindah(baris, individu)])
    _tanpa_usulan(baris, individu)
    return _buat(baris, by=by, ke=ke, catatan=catatan, individu=individu, alasan=catatan.keterangan)


def minta_dari_temuan(temuan: TemuanGanda, *, by: Pengguna) -> PermintaanPindah | None:
    """The Dinas decided that the family belongs to the second village: the first one's request, made for it.

    None when there is nothing to move: the same desa, a family that is gone, or a request that is there already.
    Must run in the transaction of the decision.
    """
    if temuan.keluarga_id is None:
        return None
    keluarga: Keluarga = workflow.lock(Keluarga, temuan.keluarga_id)
    dari, ke = kode_desa(keluarga.wilayah_id), kode_desa(temuan.wilayah_kedua_id)
    terbuka = PermintaanPindah.objects.terbuka().filter(keluarga=keluarga).exists()
    if dari == ke or terbuka or keluarga.status == Keluarga.Status.NONAKTIF:
        return None
    catatan = Catatan(timezone.localdate(), Peristiwa.Dasar.PUTUSAN_DINAS)
    alasan = "Diputus Dinas Sosial dari temuan data ganda."
    return _buat(keluarga, by=by, ke=ke, catatan=catatan, individu=None, alasan=alasan, temuan=temuan)


def _buat(
    keluarga: Keluarga,
    *,
    by: Pengguna,
    ke: str,
    catatan: Catatan,
    individu: Individu | None,
    alasan: str,
    temuan: TemuanGanda | None = None,
) -> PermintaanPindah:
    dari = kode_desa(keluarga.wilayah_id)
    try:
        with transaction.atomic():
            permintaan = PermintaanPindah.objects.create(
                keluarga=keluarga,
                individu=individu,
                dari_id=dari,
                ke_id=ke,
                tanggal=catatan.tanggal,
                dasar_jenis=catatan.dasar_jenis,
                dasar_nomor=catatan.dasar_nomor,
                alasan=alasan,
                tenggat=timezone.localdate() + timedelta(days=rules.value("pindah.tenggat_hari", ke)),
                temuan=temuan,
                diminta_by=by,
            )
    except IntegrityError as error:
        raise NotOpen(
            [
                Halangan(
                    "SUDAH_DIMINTA",
                    "Keluarga ini sudah punya permintaan pindah.",
                    "Lihat di Keluarga, Pindah antardesa.",
                )
            ]
        ) from error
    _jejak("minta_pindah", permintaan, by, dari)
    return permintaan


def _ganti_desa(permintaan: PermintaanPindah, by: Pengguna) -> str:
    """The sentence that goes with a decision taken in the place of a silent village; '' when the village itself decides."""
    if by.boleh(policies.KUASA, permintaan.ke_id):
        return ""
    return f"Diputus Dinas Sosial karena desa tujuan tidak menjawab sampai {tanggal_panjang(permintaan.tenggat)}."


@transaction.atomic
def eskalasi() -> int:
    """Requests that the receiving desa let pass: told once to both desa and to the Dinas above them. Returns how many."""
    n = 0
    for satu in PermintaanPindah.objects.terbuka().filter(tenggat__lt=timezone.localdate()).order_by("pk"):
        kunci = f"pindah:{satu.pk}:lewat"
        argumen = {"permintaan": str(satu.pk)}
        n += outbox.antre(JOB_LEWAT, argumen, kunci=kunci, wilayah=kabupaten_dari(satu.ke_id)) is not None
    return n


def _jejak(aksi: str, permintaan: PermintaanPindah, by: Pengguna, wilayah: str, **rincian: Any) -> None:
    audit.catat(
        aksi=aksi,
        objek=permintaan,
        by=by,
        wilayah=wilayah,
        peran=by.peran_untuk(policies.KUASA, wilayah) or by.peran_untuk(policies.KUASA_DINAS, wilayah),
        rincian={"dari": permintaan.dari_id, "ke": permintaan.ke_id, **rincian},
    )
    if permintaan.status == S.DIMINTA and permintaan.temuan_id:
        return  # both villages are told by the notice of the decision itself (ganda.tengahi)
    outbox.antre(
        JOB,
        {"permintaan": str(permintaan.pk)},
        kunci=f"pindah:{permintaan.pk}:{permintaan.status}",
        wilayah=kabupaten_dari(wilayah),
    )


def _yang_pindah(keluarga: Keluarga, individu: Individu | None) -> list[Individu]:
    return peristiwa.kunci_anggota(keluarga, [individu.pk] if individu else None)


def _tanpa_usulan(keluarga: Keluarga, individu: Individu | None) -> None:
    """A family does not leave its proposals behind, and a family is not left without a head."""
    anggota = list(keluarga.anggota.filter(aktif=True).order_by("pk"))
    bubar = individu is None or len(anggota) <= 1
    terbuka = peristiwa.usulan_terbuka([keluarga.pk])
    if bubar and terbuka:
        tiket = ", ".join(u.tiket for u in terbuka)
        raise GateClosed(
            [
                Halangan(
                    "USULAN_TERBUKA",
                    f"Masih ada usulan yang berjalan di desa asal: {tiket}.",
                    "Usulan itu ditarik atau diselesaikan dulu di desa asal.",
                )
            ]
        )
    if (
        individu is not None
        and not bubar
        and any(a.pk == individu.pk and a.hubungan == KEPALA for a in anggota)
    ):
        raise GateClosed(
            [
                Halangan(
                    "KEPALA", "Orang ini kepala keluarga.", "Catat dulu “Ganti kepala keluarga” di desa asal."
                )
            ]
        )


def terima(permintaan: PermintaanPindah, *, by: Pengguna, data: Mapping[str, Any]) -> Keluarga:
    """Take over. `data`: alamat, rt, rw, no_kk ('' keeps the number of a family); for one person also `hubungan`.

    One person joins the family of `no_kk` in this desa, or founds one with that number. Returns the family.
    """
    no_kk = str(data.get("no_kk") or "")
    try:
        with transaction.atomic():
            baris = _terbuka(permintaan)
            if kalimat := policies.putuskan_pindah(by, baris):
                raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
            hasil = _terima_orang(baris, by, data) if baris.individu_id else _terima_keluarga(baris, by, data)
            _putus(baris, S.DITERIMA, by, _ganti_desa(baris, by))
            _jejak("terima_pindah", baris, by, baris.ke_id, keluarga=str(hasil.pk))
            return hasil
    except IntegrityError as error:
        raise sudah_ada(error, by, no_kk, "") from error


def _catatan(permintaan: PermintaanPindah) -> Catatan:
    return Catatan(
        permintaan.tanggal, permintaan.dasar_jenis, permintaan.dasar_nomor, permintaan.alasan[:300]
    )


def _asal(permintaan: PermintaanPindah, *lain: Keluarga) -> dict[Any, Keluarga]:
    """The families, locked; the one that moves must still be where the request says, and with nobody examining it."""
    kini = peristiwa.kunci(None, {permintaan.keluarga_id: None, **{k.pk: None for k in lain}})
    asal = kini[permintaan.keluarga_id]
    if kode_desa(asal.wilayah_id) != permintaan.dari_id:
        raise NotOpen(
            [Halangan("SUDAH_PINDAH", "Keluarga ini sudah tidak di desa asal.", "Muat ulang halaman.")]
        )
    if policies.di_dinas(asal):
        raise GateClosed(
            [
                Halangan(
                    "DIPROSES_DINAS",
                    "Data keluarga ini sedang diperiksa Dinas Sosial.",
                    "Tunggu usulannya selesai atau ditarik desa asal.",
                )
            ]
        )
    return kini


def _terima_keluarga(permintaan: PermintaanPindah, by: Pengguna, data: Mapping[str, Any]) -> Keluarga:
    """The whole family lives here now. House and its photos belong to the old place; the versions keep them."""
    keluarga = _asal(permintaan)[permintaan.keluarga_id]
    anggota = _yang_pindah(keluarga, None)
    _tanpa_usulan(keluarga, None)
    isikan(
        keluarga,
        {k: data[k] for k in ("alamat", "rt", "rw")}
        | {"lintang": None, "bujur": None, "akurasi_m": None, "patokan": ""},
    )
    if data.get("no_kk"):
        isikan(keluarga, {"no_kk": data["no_kk"]})
    keluarga.wilayah_id = permintaan.ke_id
    Rumah.objects.filter(keluarga=keluarga).delete()
    FotoKeluarga.objects.filter(keluarga=keluarga, jenis__in=FOTO_RUMAH).delete()
    keluarga.save()
    for satu in anggota:
        peristiwa.ikutkan_tiket(satu, permintaan.ke_id)
    peristiwa.selesai(
        Peristiwa.Jenis.PINDAH, keluarga, by=by, catatan=_catatan(permintaan), permintaan=permintaan,
        wilayah=permintaan.dari_id, rincian={"ke": permintaan.ke_id},
    )  # fmt: skip
    return keluarga


def _terima_orang(permintaan: PermintaanPindah, by: Pengguna, data: Mapping[str, Any]) -> Keluarga:
    """One person joins a family of this desa by its KK number, or is the head of a new one."""
    assert permintaan.individu is not None
    ada = Keluarga.objects.visible_to(by).dengan_kk(str(data["no_kk"])).exclude(status="nonaktif").first()
    kini = _asal(permintaan, *([ada] if ada else []))
    asal = kini[permintaan.keluarga_id]
    (orang,) = peristiwa.kunci_anggota(asal, [permintaan.individu.pk])
    _tanpa_usulan(asal, orang)
    if ada is not None:
        tujuan = kini[ada.pk]
        terbuka = peristiwa.usulan_terbuka([tujuan.pk])
        dinas = _ganti_desa(permintaan, by)
        if kalimat := policies.keadaan(tujuan) if dinas else policies.catat(by, tujuan, terbuka):
            raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
        hubungan = str(data.get("hubungan") or "")
        if hubungan in ("", KEPALA):
            raise GateClosed(
                [
                    Halangan(
                        "HUBUNGAN",
                        "Pilih hubungannya dengan kepala keluarga itu.",
                        "Bukan “Kepala keluarga”.",
                    )
                ]
            )
    else:
        kolom = {k: data.get(k) or "" for k in ("no_kk", "alamat", "rt", "rw")}
        if not (kolom["alamat"] and kolom["rt"] and kolom["rw"]):
            raise GateClosed(
                [
                    Halangan(
                        "ALAMAT",
                        "Nomor KK ini belum ada di desa Anda.",
                        "Isi alamat, RT, dan RW untuk KK baru.",
                    )
                ]
            )
        tujuan = peristiwa.keluarga_baru(asal, kolom, by=by, kepala=orang, wilayah=permintaan.ke_id)
        hubungan = KEPALA
    peristiwa.pindahkan([(orang, hubungan)], tujuan)
    rincian = {"ke": permintaan.ke_id}
    rincian |= peristiwa.lepas(asal, [orang], Peristiwa.Jenis.PINDAH, by=by, ganti=peristiwa.TANPA)
    peristiwa.selesai(
        Peristiwa.Jenis.PINDAH, asal, by=by, catatan=_catatan(permintaan), individu=orang, tujuan=tujuan,
        permintaan=permintaan, wilayah=permintaan.dari_id, rincian=rincian,
    )  # fmt: skip
    return tujuan


@transaction.atomic
def tolak(permintaan: PermintaanPindah, *, by: Pengguna, alasan: str) -> PermintaanPindah:
    """The receiving desa refuses; the family stays where it is."""
    return _tutup(permintaan, S.DITOLAK, "tolak_pindah", by, alasan)


@transaction.atomic
def batalkan(permintaan: PermintaanPindah, *, by: Pengguna, alasan: str) -> PermintaanPindah:
    """The asking desa takes its request back while it is open."""
    return _tutup(permintaan, S.DIBATALKAN, "batalkan_pindah", by, alasan)


def _tutup(
    permintaan: PermintaanPindah, status: str, aksi: str, by: Pengguna, alasan: str
) -> PermintaanPindah:
    baris = _terbuka(permintaan)
    boleh = policies.putuskan_pindah if status == S.DITOLAK else policies.batalkan_pindah
    if kalimat := boleh(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    if not alasan.strip():
        raise GateClosed([Halangan("ALASAN_WAJIB", "Tuliskan alasannya.")])
    dinas = _ganti_desa(baris, by) if status == S.DITOLAK else ""
    _putus(baris, status, by, f"{dinas} {alasan.strip()}".strip()[:300])
    _jejak(aksi, baris, by, baris.ke_id if status == S.DITOLAK else baris.dari_id)
    return baris


def _putus(baris: PermintaanPindah, status: str, by: Pengguna, alasan: str) -> None:
    baris.status, baris.diputus_by, baris.diputus_at, baris.alasan_putus = status, by, timezone.now(), alasan
    baris.save(update_fields=["status", "diputus_by", "diputus_at", "alasan_putus"])


def _terbuka(permintaan: PermintaanPindah) -> PermintaanPindah:
    baris: PermintaanPindah = workflow.lock(PermintaanPindah, permintaan.pk)
    if baris.status != S.DIMINTA:
        raise NotOpen(
            [
                Halangan(
                    "SUDAH_DIPUTUS",
                    f"Permintaan ini sudah {baris.get_status_display().lower()}.",
                    "Muat ulang halaman.",
                )
            ]
        )
    return baris
