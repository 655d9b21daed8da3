"""What happens to a family: members come, leave, die, found a KK of their own. Each is a record, never an overwrite.

Every function locks in the order Usulan, Keluarga, Individu, Tiket, checks the policy on the locked rows, writes the rows,
one `Peristiwa` and one version of each family, and its audit row, in one transaction. What a person may not do raises
core.workflow.StepRefused and leaves nothing behind.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, files, workflow
from core.models import Berkas
from core.names import name_key
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.actions import padan, versi
from dtks.actions import usulan as langkah
from dtks.actions.keluarga import anggota_baru, isikan, sudah_ada
from dtks.models import (
    AnggotaPPKS,
    Individu,
    Keluarga,
    Peristiwa,
    PermintaanPindah,
    Rumah,
    TiketPadan,
    Usulan,
)
from dtks.policies import peristiwa as policies
from dtks.queries.gabung import digabung
from dtks.workflow import USULAN

J = Peristiwa.Jenis
KEPALA, LAINNYA = "1", "8"
MENINGGAL, PINDAH = "meninggal", "pindah"
KEBERADAAN = {MENINGGAL: "2", PINDAH: "3"}
TARIK = {J.MENINGGAL: "SUDAH_MENINGGAL", J.PINDAH: "SUDAH_PINDAH"}
TIKET_IKUT = (
    "buka",
    "diperbaiki",
    "minta_pengecualian",
    "dikecualikan",
)  # a waiver still stands for the person


@dataclass(frozen=True)
class Catatan:
    """What every record says besides who and what: the day, the paper, a word, a scan."""

    tanggal: date
    dasar_jenis: str
    dasar_nomor: str = ""
    keterangan: str = ""
    berkas: bytes = b""


@dataclass(frozen=True)
class Pengganti:
    """Who leads the family when its head leaves, how the others are related to him then, and whether to withdraw
    the open proposals of a family that nobody is left in."""

    kepala: UUID | None = None
    hubungan: Mapping[str, str] = field(default_factory=dict)
    tarik: bool = False


TANPA = Pengganti()
DIGABUNG = Halangan(
    "DIGABUNG", "Data orang ini sudah digabung dengan data lain.", "Batalkan penggabungannya dulu."
)
NONAKTIF = Halangan("NONAKTIF", "Keluarga ini sudah tidak aktif.", "Muat ulang halaman.")


# --- one person ---------------------------------------------------------------------------------------------


def masuk(
    keluarga: Keluarga,
    *,
    by: Pengguna,
    catatan: Catatan,
    data: Mapping[str, Any],
    versi_dilihat: int | None = None,
) -> Individu:
    """A person joins: born, married in, moved in. One whom this area knew before comes back with his own row."""
    nik = str(data.get("nik") or "")
    try:
        with transaction.atomic():
            lama = _dikenal(nik, by)
            dulu = lama.keluarga_id if lama is not None else keluarga.pk
            baris = kunci(by, {dulu: None} | {keluarga.pk: versi_dilihat}, nonaktif=True)
            tujuan = baris[keluarga.pk]
            if tujuan.status == Keluarga.Status.NONAKTIF:
                raise NotOpen([NONAKTIF])
            tanggal_masuk_akal(catatan, [data["tgl_lahir"]])
            orang = anggota_baru(tujuan, data, by) if lama is None else _pulang(lama, tujuan, data, by)
            rincian = {}
            if dulu != tujuan.pk:
                rincian["dari_keluarga"] = str(dulu)
                _versi_baru(baris[dulu], J.MASUK, by)
            selesai(J.MASUK, tujuan, by=by, catatan=catatan, individu=orang, rincian=rincian)
            return orang
    except IntegrityError as error:
        raise sudah_ada(error, by, "", nik) from error


def _dikenal(nik: str, by: Pengguna) -> Individu | None:
    """The row of a person who left a family of my area; None when he is new here or is a member somewhere now."""
    if not nik or Individu.objects.aktif().dengan_nik(nik).exists():
        return None
    rows = Individu.objects.visible_to(by).dengan_nik(nik).select_related("keluarga")
    tunggal = rows.exclude(pk__in=digabung().values("kalah"))
    lama = tunggal.order_by("-updated_at", "pk").first()
    if lama is None and rows.exists():
        raise GateClosed([DIGABUNG])
    if lama is not None and lama.nonaktif_alasan == MENINGGAL:
        raise GateClosed(
            [
                Halangan(
                    "TERCATAT_MENINGGAL",
                    f"NIK ini tercatat meninggal di keluarga {lama.keluarga.nama_kepala}.",
                    "Bila keliru, pakai “Koreksi” di halaman keluarga itu.",
                )
            ]
        )
    return lama


def _pulang(lama: Individu, keluarga: Keluarga, data: Mapping[str, Any], by: Pengguna) -> Individu:
    """Back with his own row, and with what is said of him today."""
    orang: Individu = workflow.lock(Individu, lama.pk)
    if orang.aktif:
        raise NotOpen([Halangan("SUDAH_AKTIF", "Orang ini sudah tercatat lagi.", "Muat ulang halaman.")])
    isikan(orang, {k: v for k, v in data.items() if k != "nik"})
    orang.keluarga, orang.kunci_nama = keluarga, name_key(orang.nama)
    _hidupkan(orang, by)
    return orang


@transaction.atomic
def keluar(
    individu: Individu,
    *,
    by: Pengguna,
    catatan: Catatan,
    ganti: Pengganti = TANPA,
    versi_dilihat: int | None = None,
) -> Individu:
    """A member leaves without another family of the register taking him."""
    return _pergi(
        J.KELUAR, individu, "keluar", by=by, catatan=catatan, ganti=ganti, versi_dilihat=versi_dilihat
    )


@transaction.atomic
def meninggal(
    individu: Individu,
    *,
    by: Pengguna,
    catatan: Catatan,
    ganti: Pengganti = TANPA,
    versi_dilihat: int | None = None,
) -> Individu:
    """A member died. The head needs a successor in the same act; PPKS categories end with the day."""
    orang = _pergi(
        J.MENINGGAL, individu, MENINGGAL, by=by, catatan=catatan, ganti=ganti, versi_dilihat=versi_dilihat
    )
    for ppks in AnggotaPPKS.objects.select_for_update().filter(individu=orang, hingga=None).order_by("pk"):
        ppks.hingga = max(catatan.tanggal, ppks.sejak)
        ppks.save(update_fields=["hingga"])
    return orang


def _pergi(
    jenis: str,
    individu: Individu,
    alasan: str,
    *,
    by: Pengguna,
    catatan: Catatan,
    ganti: Pengganti,
    versi_dilihat: int | None,
) -> Individu:
    keluarga = kunci(by, {individu.keluarga_id: versi_dilihat})[individu.keluarga_id]
    (orang,) = kunci_anggota(keluarga, [individu.pk])
    tanggal_masuk_akal(catatan, [orang.tgl_lahir])
    nonaktifkan([orang], alasan)
    rincian = lepas(keluarga, [orang], jenis, by=by, ganti=ganti)
    selesai(jenis, keluarga, by=by, catatan=catatan, individu=orang, rincian=rincian)
    return orang


@transaction.atomic
def gabung(
    individu: Individu,
    *,
    by: Pengguna,
    catatan: Catatan,
    tujuan: Keluarga,
    hubungan: str,
    ganti: Pengganti = TANPA,
    versi_dilihat: int | None = None,
) -> Individu:
    """A member moves into another family of the same area, for instance by marriage."""
    if tujuan.pk == individu.keluarga_id:
        raise GateClosed([Halangan("KELUARGA_SAMA", "Orang ini sudah anggota keluarga itu.")])
    baris = kunci(by, {individu.keluarga_id: versi_dilihat, tujuan.pk: None})
    asal, baru = baris[individu.keluarga_id], baris[tujuan.pk]
    (orang,) = kunci_anggota(asal, [individu.pk])
    tanggal_masuk_akal(catatan, [orang.tgl_lahir])
    pindahkan([(orang, hubungan)], baru)
    rincian = lepas(asal, [orang], J.GABUNG, by=by, ganti=ganti)
    selesai(J.GABUNG, asal, by=by, catatan=catatan, individu=orang, tujuan=baru, rincian=rincian)
    return orang


def kembali(
    individu: Individu, *, by: Pengguna, catatan: Catatan, hubungan: str, versi_dilihat: int | None = None
) -> Individu:
    """A mistake is mended: a person written off by error is a member again. The first record stays and so does this one."""
    try:
        with transaction.atomic():
            keluarga = kunci(by, {individu.keluarga_id: versi_dilihat}, nonaktif=True)[individu.keluarga_id]
            orang: Individu = workflow.lock(Individu, individu.pk)
            if orang.aktif or orang.keluarga_id != keluarga.pk:
                raise NotOpen(
                    [Halangan("SUDAH_AKTIF", "Orang ini sudah tercatat lagi.", "Muat ulang halaman.")]
                )
            if digabung().filter(kalah=orang).exists():
                raise GateClosed([DIGABUNG])
            if not keluarga.anggota.filter(aktif=True).exists() and hubungan != KEPALA:
                raise GateClosed(
                    [Halangan("KEPALA_DULU", "Keluarga ini belum punya kepala.", "Pilih “Kepala keluarga”.")]
                )
            tanggal_masuk_akal(catatan, [orang.tgl_lahir])
            rincian = {"alasan_lama": orang.nonaktif_alasan}
            orang.hubungan = hubungan
            _hidupkan(orang, by)
            if keluarga.status == Keluarga.Status.NONAKTIF:
                keluarga.status = _status_dulu(keluarga)
                rincian["keluarga"] = keluarga.status
            _nama_kepala(keluarga)
            selesai(J.KOREKSI, keluarga, by=by, catatan=catatan, individu=orang, rincian=rincian)
            return orang
    except IntegrityError as error:
        nik, kk = individu.nik, individu.keluarga.no_kk
        raise sudah_ada(error, by, buka(kk), buka(nik)) from error


# --- the family ------------------------------------------------------------------------------------------------


@transaction.atomic
def ganti_kepala(
    keluarga: Keluarga, *, by: Pengguna, catatan: Catatan, ganti: Pengganti, versi_dilihat: int | None = None
) -> Individu:
    """Another member leads the family; the old head stays, with the relation named in `ganti.hubungan`."""
    baris = kunci(by, {keluarga.pk: versi_dilihat})[keluarga.pk]
    semua = kunci_anggota(baris)
    lama = next((a for a in semua if a.hubungan == KEPALA), None)
    if lama is not None and lama.pk == ganti.kepala:
        raise GateClosed([Halangan("KEPALA_SAMA", "Orang ini sudah kepala keluarga.", "Pilih anggota lain.")])
    if lama is not None:
        lama.hubungan = ganti.hubungan.get(str(lama.pk)) or LAINNYA
        lama.save(update_fields=["hubungan", "updated_at"])
    baru = _angkat(baris, semua, ganti)
    tanggal_masuk_akal(catatan, [baru.tgl_lahir])
    selesai(J.GANTI_KEPALA, baris, by=by, catatan=catatan, individu=baru)
    return baru


def pecah_kk(
    keluarga: Keluarga,
    *,
    by: Pengguna,
    catatan: Catatan,
    data: Mapping[str, Any],
    anggota: Mapping[str, str],
    ganti: Pengganti = TANPA,
    versi_dilihat: int | None = None,
) -> Keluarga:
    """Some members get a KK of their own. `data`: no_kk, alamat, rt, rw; `anggota`: id -> relation in the new family."""
    try:
        with transaction.atomic():
            asal = kunci(by, {keluarga.pk: versi_dilihat})[keluarga.pk]
            ikut = kunci_anggota(asal, [UUID(pk) for pk in anggota])
            _pecah_boleh(asal, ikut, anggota)
            tanggal_masuk_akal(catatan, [a.tgl_lahir for a in ikut])
            baru = keluarga_baru(
                asal, data, by=by, kepala=next(a for a in ikut if anggota[str(a.pk)] == KEPALA)
            )
            pindahkan([(a, anggota[str(a.pk)]) for a in ikut], baru)
            if (baru.alamat, baru.rt, baru.rw) == (asal.alamat, asal.rt, asal.rw):
                _salin_rumah(asal, baru)
            rincian = {"anggota": sorted(anggota), **lepas(asal, ikut, J.PECAH_KK, by=by, ganti=ganti)}
            selesai(J.PECAH_KK, asal, by=by, catatan=catatan, tujuan=baru, rincian=rincian)
            return baru
    except IntegrityError as error:
        raise sudah_ada(error, by, str(data.get("no_kk") or ""), "") from error


def _pecah_boleh(asal: Keluarga, ikut: Sequence[Individu], anggota: Mapping[str, str]) -> None:
    salah = ""
    if not ikut:
        salah = "Pilih sedikitnya satu anggota yang ikut KK baru."
    elif len(ikut) == asal.anggota.filter(aktif=True).count():
        salah = "Semua anggota ikut. Ubah saja nomor KK keluarga ini."
    elif sum(1 for h in anggota.values() if h == KEPALA) != 1:
        salah = "Pilih tepat satu kepala keluarga untuk KK baru."
    if salah:
        raise GateClosed([Halangan("PECAH_KK", salah)])


def keluarga_baru(
    asal: Keluarga, data: Mapping[str, Any], *, by: Pengguna, kepala: Individu, wilayah: str = ""
) -> Keluarga:
    """An empty family for people who come out of `asal`; registered when that one is."""
    if not data.get("no_kk"):
        raise GateClosed(
            [Halangan("KK_WAJIB", "Nomor KK baru belum diisi.", "Salin dari Kartu Keluarga yang baru.")]
        )
    baru = Keluarga(
        wilayah_id=wilayah or asal.wilayah_id, created_by=by, nama_kepala=kepala.nama, status=asal.status
    )
    isikan(baru, data)
    baru.save(force_insert=True)
    baru.refresh_from_db()
    return baru


def _salin_rumah(asal: Keluarga, baru: Keluarga) -> None:
    """The same roof: what is known of it need not be typed again."""
    rumah = Rumah.objects.filter(keluarga=asal).first()
    if rumah is None:
        return
    kolom = [f.name for f in Rumah._meta.concrete_fields if f.name not in ("id", "keluarga", "updated_at")]
    Rumah.objects.create(keluarga=baru, **{k: getattr(rumah, k) for k in kolom})


@transaction.atomic
def pindah_keluar(
    keluarga: Keluarga,
    *,
    by: Pengguna,
    catatan: Catatan,
    ke: str,
    individu: Individu | None = None,
    ganti: Pengganti = TANPA,
    versi_dilihat: int | None = None,
) -> Keluarga:
    """To a place whose villages this kabupaten does not keep: closed here, with the record as its only letter."""
    baris = kunci(by, {keluarga.pk: versi_dilihat})[keluarga.pk]
    pergi = kunci_anggota(baris, [individu.pk] if individu else None)
    tanggal_masuk_akal(catatan, [a.tgl_lahir for a in pergi])
    nonaktifkan(pergi, PINDAH)
    rincian = {"ke": ke, "anggota": sorted(str(a.pk) for a in pergi)}
    rincian |= lepas(baris, pergi, J.PINDAH, by=by, ganti=ganti)
    selesai(J.PINDAH, baris, by=by, catatan=catatan, individu=individu, rincian=rincian)
    return baris


# --- parts that moves between desa share ---------------------------------------------------------------------------


def kunci(
    by: Pengguna | None, dilihat: Mapping[UUID, int | None], *, nonaktif: bool = False
) -> dict[UUID, Keluarga]:
    """The families, locked after their open proposals, if `by` may record changes of every one of them.

    `dilihat`: the version that the person saw (None: not shown). `by` None skips the policy (the caller asked its own).
    """
    usulan = usulan_terbuka(dilihat, kunci_baris=True)
    rows = Keluarga.objects.select_for_update(of=("self",)).filter(pk__in=list(dilihat)).order_by("pk")
    baris = {k.pk: k for k in rows}
    if {u.pk for u in usulan} != {u.pk for u in usulan_terbuka(dilihat)}:
        raise NotOpen(
            [Halangan("USULAN_BARU", "Baru saja ada usulan lain untuk keluarga ini.", "Muat ulang halaman.")]
        )
    for pk, keluarga in baris.items():
        if by is not None and (
            kalimat := policies.catat(by, keluarga, [u for u in usulan if u.keluarga_id == pk])
        ):
            siapa = "" if pk == next(iter(dilihat)) else "Keluarga tujuan: "
            raise NotAllowed([Halangan("TIDAK_BERWENANG", siapa + kalimat)])
        if keluarga.status == Keluarga.Status.NONAKTIF and not nonaktif:
            raise NotOpen([NONAKTIF])
        if dilihat[pk] is not None and dilihat[pk] != keluarga.versi:
            raise NotOpen(
                [
                    Halangan(
                        "SUDAH_DIUBAH",
                        "Data keluarga ini baru saja diubah dari tempat lain.",
                        "Periksa lagi, lalu simpan sekali lagi.",
                    )
                ]
            )
        versi.pastikan(keluarga)
    return baris


def usulan_terbuka(keluarga: Iterable[UUID], *, kunci_baris: bool = False) -> list[Usulan]:
    rows = Usulan.objects.filter(keluarga_id__in=list(keluarga)).terbuka().order_by("pk")
    return list(rows.select_for_update(of=("self",)) if kunci_baris else rows)


def kunci_anggota(keluarga: Keluarga, ids: Iterable[UUID] | None = None) -> list[Individu]:
    """Active members, locked in one order; all of them, or those named, of whom every one must be there."""
    rows = (
        Individu.objects.select_for_update(of=("self",)).filter(keluarga=keluarga, aktif=True).order_by("pk")
    )
    if ids is None:
        return list(rows)
    mau = set(ids)
    ada = list(rows.filter(pk__in=mau))
    if len(ada) != len(mau):
        raise NotOpen(
            [Halangan("BUKAN_ANGGOTA", "Orang ini bukan anggota keluarga ini lagi.", "Muat ulang halaman.")]
        )
    return ada


def nonaktifkan(orang: Iterable[Individu], alasan: str) -> None:
    """Persons are written off, not away: the row stays and can be found. Open findings of the NIK check are closed as gone."""
    pergi = list(orang)
    for satu in pergi:
        satu.aktif, satu.nonaktif_alasan = False, alasan
        satu.keberadaan = KEBERADAAN.get(alasan, satu.keberadaan)
        satu.save(update_fields=["aktif", "nonaktif_alasan", "keberadaan", "updated_at"])
    padan.tutup_yang_keluar([satu.pk for satu in pergi])


def _tiket(orang: Individu) -> list[TiketPadan]:
    rows = TiketPadan.objects.select_for_update(of=("self",)).filter(individu=orang, status__in=TIKET_IKUT)
    return list(rows.order_by("pk"))


def pindahkan(orang: Iterable[tuple[Individu, str]], keluarga: Keluarga) -> None:
    """Members into another family, each with his relation there; open tickets of the NIK check go along."""
    semua = sorted(orang, key=lambda o: o[1] == KEPALA)
    if (
        sum(1 for _, h in semua if h == KEPALA)
        and keluarga.anggota.filter(aktif=True, hubungan=KEPALA).exists()
    ):
        raise GateClosed(
            [Halangan("KEPALA_GANDA", "Keluarga tujuan sudah punya kepala.", "Pilih hubungan yang lain.")]
        )
    for satu, hubungan in semua:
        satu.keluarga, satu.hubungan = keluarga, hubungan
        satu.save(update_fields=["keluarga", "hubungan", "updated_at"])
        ikutkan_tiket(satu, keluarga.wilayah_id)


def ikutkan_tiket(orang: Individu, wilayah: str) -> None:
    for tiket in _tiket(orang):
        if tiket.wilayah_id != wilayah:
            tiket.wilayah_id = wilayah
            tiket.save(update_fields=["wilayah", "updated_at"])


def lepas(
    keluarga: Keluarga, pergi: Sequence[Individu], jenis: str, *, by: Pengguna, ganti: Pengganti
) -> dict[str, Any]:
    """What becomes of the family that `pergi` left: a new head where the head left, an end where nobody is left."""
    sisa = kunci_anggota(keluarga)
    if not sisa:
        ditarik = _tarik_usulan(keluarga, jenis, by=by, ganti=ganti)
        keluarga.status = Keluarga.Status.NONAKTIF
        return {"nonaktif": True, "usulan_ditarik": ditarik}
    if any(a.hubungan == KEPALA for a in sisa):
        return {}
    baru = _angkat(keluarga, sisa, ganti)
    return {"kepala_baru": str(baru.pk)}


def _tarik_usulan(keluarga: Keluarga, jenis: str, *, by: Pengguna, ganti: Pengganti) -> list[str]:
    """Proposals of a family in which nobody is left: withdrawn with a reason if the person says so, never left hanging.

    A removal goes on: it is what takes the empty family off the decree.
    """
    terbuka = [u for u in usulan_terbuka([keluarga.pk]) if u.jalur != Usulan.Jalur.PENGHAPUSAN]
    if not terbuka:
        return []
    if not ganti.tarik:
        raise GateClosed(
            [
                Halangan(
                    "USULAN_TERBUKA",
                    f"Tidak ada anggota yang tersisa, padahal masih ada {len(terbuka)} usulan yang berjalan.",
                    "Centang “Tarik usulan yang masih berjalan”, atau selesaikan usulannya dulu.",
                )
            ]
        )
    for satu in terbuka:
        if USULAN.find("tarik", satu.status) is None:
            raise GateClosed(
                [
                    Halangan(
                        "TIDAK_BISA_DITARIK",
                        f"Usulan {satu.tiket} tidak bisa ditarik: sekarang “{satu.get_status_display()}”.",
                        "Lanjutkan atau selesaikan usulan itu dulu.",
                    )
                ]
            )
        langkah.tarik(satu, by=by, alasan=TARIK.get(J(jenis), "PERMINTAAN_KELUARGA"))
    return [str(u.pk) for u in terbuka]


def _angkat(keluarga: Keluarga, sisa: Sequence[Individu], ganti: Pengganti) -> Individu:
    """Make the named member head, and give the others the relations that were typed."""
    baru = next((a for a in sisa if a.pk == ganti.kepala), None)
    if baru is None:
        raise GateClosed(
            [Halangan("KEPALA_BARU", "Kepala keluarganya pergi.", "Pilih siapa kepala keluarga yang baru.")]
        )
    for satu in sisa:
        lain = ganti.hubungan.get(str(satu.pk))
        if satu.pk != baru.pk and lain and lain not in (KEPALA, satu.hubungan):
            satu.hubungan = lain
            satu.save(update_fields=["hubungan", "updated_at"])
    baru.hubungan = KEPALA
    baru.save(update_fields=["hubungan", "updated_at"])
    keluarga.nama_kepala = baru.nama
    return baru


def buka(nomor: Any) -> str:
    """The plain text of a sealed number, for a look-up; '' when there is none."""
    return nomor.open() if nomor else ""


def _nama_kepala(keluarga: Keluarga) -> None:
    if kepala := keluarga.anggota.filter(aktif=True, hubungan=KEPALA).first():
        keluarga.nama_kepala = kepala.nama


def _hidupkan(orang: Individu, by: Pengguna) -> None:
    """Active again, found again, and asked of the civil registry again."""
    orang.aktif, orang.nonaktif_alasan, orang.keberadaan = True, "", "1"
    orang.padan = Individu.Padan.BELUM if orang.nik else Individu.Padan.TANPA_DOKUMEN
    orang.padan_at = None
    orang.save()
    padan.minta([orang], by=by)


def _status_dulu(keluarga: Keluarga) -> str:
    """Registered families come back registered: once determined, or with a decile of BPS."""
    pernah = keluarga.usulan.filter(status="ditetapkan").exists() or keluarga.desil.exists()
    return Keluarga.Status.TERDAFTAR if pernah else Keluarga.Status.CALON


def tanggal_masuk_akal(catatan: Catatan, lahir: Iterable[date]) -> None:
    """Not tomorrow, and not before the people it happened to were born."""
    if catatan.tanggal > timezone.localdate():
        raise GateClosed([Halangan("TANGGAL", "Tanggal kejadian belum terjadi.", "Periksa lagi tanggalnya.")])
    if any(catatan.tanggal < hari for hari in lahir):
        raise GateClosed(
            [Halangan("TANGGAL", "Tanggal kejadian sebelum orangnya lahir.", "Periksa lagi tanggalnya.")]
        )


def selesai(
    jenis: str,
    keluarga: Keluarga,
    *,
    by: Pengguna,
    catatan: Catatan,
    individu: Individu | None = None,
    tujuan: Keluarga | None = None,
    permintaan: PermintaanPindah | None = None,
    wilayah: str = "",
    rincian: Mapping[str, Any] | None = None,
) -> Peristiwa:
    """Raise and keep the version of each family, write the record and its audit row."""
    sebelum = keluarga.versi
    for satu in (keluarga, *([tujuan] if tujuan is not None and tujuan.pk != keluarga.pk else [])):
        _versi_baru(satu, jenis, by)
    tempat = wilayah or keluarga.wilayah_id
    peristiwa = Peristiwa.objects.create(
        jenis=jenis,
        keluarga=keluarga,
        tujuan=tujuan,
        individu=individu,
        permintaan=permintaan,
        wilayah_id=tempat,
        tanggal=catatan.tanggal,
        dasar_jenis=catatan.dasar_jenis,
        dasar_nomor=catatan.dasar_nomor,
        keterangan=catatan.keterangan,
        berkas=_berkas(catatan, tempat, by),
        rincian={**(rincian or {}), **({"versi_tujuan": tujuan.versi} if tujuan is not None else {})},
        versi_sebelum=sebelum,
        versi_sesudah=keluarga.versi,
        oleh=by,
        peran=by.peran_untuk(policies.KUASA, tempat),
    )
    audit.catat(
        aksi=f"peristiwa_{jenis.lower()}",
        objek=peristiwa,
        by=by,
        wilayah=tempat,
        peran=peristiwa.peran,
        rincian={
            "keluarga": str(keluarga.pk),
            "dasar": catatan.dasar_jenis,
            **({"individu": str(individu.pk)} if individu else {}),
            **({"tujuan": str(tujuan.pk)} if tujuan else {}),
            **peristiwa.rincian,
        },
    )
    return peristiwa


def _versi_baru(keluarga: Keluarga, jenis: str, by: Pengguna) -> None:
    keluarga.versi += 1
    keluarga.save()
    versi.catat(keluarga, aksi=f"peristiwa_{jenis.lower()}", by=by)


def _berkas(catatan: Catatan, wilayah: str, by: Pengguna) -> Berkas | None:
    if not catatan.berkas:
        return None
    bersih, mime = files.clean_scan(catatan.berkas)
    ekor = "pdf" if mime == "application/pdf" else "jpg"
    return files.store(
        bersih, jenis="peristiwa", nama=f"dokumen.{ekor}", mime=mime, wilayah=wilayah, by_id=str(by.pk)
    )
