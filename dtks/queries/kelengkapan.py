"""How complete is the form of a family, and what is missing, in the words of the form.

What is needed is the rule `formulir.wajib`: for each part a list of {kolom, umur_dari?, umur_sampai?, bila?}. `bila` maps
another column of the same row to the answers that make this one needed; "ada" stands for any answer but none and zero.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from accounts.models import Pengguna
from core import rules
from dtks.models import Aset, FotoKeluarga, Individu, Keluarga, Rumah, Usulan
from dtks.queries.acuan import daftar_kode
from wilayah.kode import dalam

Syarat = Mapping[str, Any]
KOSONG: tuple[Any, ...] = ("", None, [])
KEPALA = "hubungan"
DIISI_DESA = ("draf", "diajukan", "dimusyawarahkan", "disepakati")
REKAP_MAKS = 500
_HP = {"True": "ya", "False": "tidak"}


@dataclass(frozen=True)
class Kurang:
    """One answer that is missing: `bagian` keluarga, anggota, rumah, aset or foto; the person and the field of the form."""

    bagian: str
    kolom: str
    kalimat: str
    individu: UUID | None = None


@dataclass(frozen=True)
class Kelengkapan:
    """`persen` 0..100; `kurang` sentences; empty = complete. `rincian` says where each one is filled in."""

    persen: int
    kurang: list[str]
    rincian: list[Kurang] = field(default_factory=list)


@dataclass(frozen=True)
class _Wajib:
    """The rules of one area."""

    formulir: Mapping[str, list[Syarat]]
    foto: list[str]


@dataclass
class _Isi:
    """What is stored of one family, read for many at once."""

    anggota: list[Individu] = field(default_factory=list)
    rumah: Rumah | None = None
    aset: set[str] = field(default_factory=set)
    foto: set[str] = field(default_factory=set)


def syarat_hp(wilayah: str) -> dict[str, list[dict[str, Any]]]:
    """`formulir.wajib` for the phone, which compares with what its fields hold: 'ya' and 'tidak' instead of true and false."""
    return {
        bagian: [
            {**s, "bila": {k: v if v == "ada" else [_HP.get(str(j), j) for j in v] for k, v in s.get("bila", {}).items()}}
            for s in daftar
        ]
        for bagian, daftar in rules.value("formulir.wajib", wilayah).items()
    }  # fmt: skip


def hitung(keluarga: Keluarga) -> Kelengkapan:
    """Completeness of one family: members, dwelling, assets, photos."""
    return hitung_banyak([keluarga])[keluarga.pk]


def hitung_banyak(daftar: Iterable[Keluarga]) -> dict[UUID, Kelengkapan]:
    """The same for many families, with a number of queries that does not grow with them."""
    semua = {k.pk: k for k in daftar}
    return _hitung(semua.values(), _aturan({k.wilayah_id for k in semua.values()})) if semua else {}


def pasang(daftar: Iterable[Usulan]) -> None:
    """Put the score on proposals that the village still fills in, as `row.lengkap`; None on the others."""
    rows = list(daftar)
    milik = {u.keluarga_id: u.keluarga for u in rows if u.status in DIISI_DESA}
    nilai = _ingat(
        {pk: (k.versi, k.wilayah_id) for pk, k in milik.items()}, lambda ids: [milik[pk] for pk in ids]
    )
    for row in rows:
        row.lengkap = nilai.get(row.keluarga_id) if row.status in DIISI_DESA else None  # type: ignore[attr-defined]


def rekap_desa(by: Pengguna) -> tuple[int, int] | None:
    """(complete, all) of the families whose form is in the hands of the village; None when there is none.

    Only for the areas where `by` proposes, which are villages or parts of one; REKAP_MAKS keeps the page quick.
    """
    luas = Usulan.objects.filter(dalam("wilayah_id", by.cakupan("usulan.buat")), status__in=DIISI_DESA)
    rows = luas.order_by("-updated_at", "pk").values_list(
        "keluarga_id", "keluarga__versi", "keluarga__wilayah_id"
    )[:REKAP_MAKS]
    nilai = _ingat(
        {pk: (versi, wilayah) for pk, versi, wilayah in rows},
        lambda ids: Keluarga.objects.filter(pk__in=ids).order_by("pk"),
    )
    if not nilai:
        return None
    return sum(1 for n in nilai.values() if not n.kurang), len(nilai)


# Scores of versions of families: a village in the last days has a hundred open forms, and every page of its list counts them all. A version never
# changes, so only the day (ages) and the rules are asked beside it. For lists only: what a gate asks is read anew.
_diingat: dict[tuple[UUID, int, date, int], Kelengkapan] = {}
INGAT_MAKS = 5_000


def _ingat(
    daftar: Mapping[UUID, tuple[int, str]], ambil: Callable[[list[UUID]], Iterable[Keluarga]]
) -> dict[UUID, Kelengkapan]:
    """The score of each family by (version, area); `ambil` reads those that nobody has asked about yet."""
    if not daftar:
        return {}
    wajib, hari = _aturan({wilayah for _, wilayah in daftar.values()}), timezone.localdate()
    sidik = {wilayah: hash(repr(satu)) for wilayah, satu in wajib.items()}
    kunci = {pk: (pk, versi, hari, sidik[wilayah]) for pk, (versi, wilayah) in daftar.items()}
    nilai = {pk: n for pk, k in kunci.items() if (n := _diingat.get(k)) is not None}
    if baru := [pk for pk in daftar if pk not in nilai]:
        hasil = _hitung(ambil(baru), wajib)
        if len(_diingat) + len(hasil) > INGAT_MAKS:
            _diingat.clear()
        _diingat.update((kunci[pk], n) for pk, n in hasil.items())
        nilai |= hasil
    return nilai


def _aturan(tempat: set[str]) -> dict[str, _Wajib]:
    formulir, foto = rules.values("formulir.wajib", tempat), rules.values("foto.wajib", tempat)
    return {w: _Wajib(formulir[w], foto[w]) for w in tempat}


def _hitung(daftar: Iterable[Keluarga], wajib: Mapping[str, _Wajib]) -> dict[UUID, Kelengkapan]:
    semua = [k for k in daftar if k.wilayah_id in wajib]  # one may have moved a moment ago
    isi = _baca([k.pk for k in semua])
    jenis, aset = dict(daftar_kode("foto_keluarga")), {kode for kode, _ in daftar_kode("aset")}
    return {k.pk: _nilai(list(_periksa(k, isi[k.pk], wajib[k.wilayah_id], aset, jenis))) for k in semua}


def _baca(ids: list[UUID]) -> dict[UUID, _Isi]:
    isi: dict[UUID, _Isi] = defaultdict(_Isi)
    for orang in Individu.objects.filter(keluarga_id__in=ids, aktif=True).order_by(
        "hubungan", "tgl_lahir", "pk"
    ):
        isi[orang.keluarga_id].anggota.append(orang)
    for rumah in Rumah.objects.filter(keluarga_id__in=ids).order_by("pk"):
        isi[rumah.keluarga_id].rumah = rumah
    for pk, jenis in Aset.objects.filter(keluarga_id__in=ids).values_list("keluarga_id", "jenis"):
        isi[pk].aset.add(jenis)
    for pk, jenis in FotoKeluarga.objects.filter(keluarga_id__in=ids).values_list("keluarga_id", "jenis"):
        isi[pk].foto.add(jenis)
    return isi


def _nilai(checks: list[tuple[bool, Kurang]]) -> Kelengkapan:
    kurang = [k for ada, k in checks if not ada]
    persen = (len(checks) - len(kurang)) * 100 // len(checks) if checks else 100
    return Kelengkapan(persen, [k.kalimat for k in kurang], kurang)


def _periksa(
    keluarga: Keluarga, isi: _Isi, wajib: _Wajib, aset: set[str], label_foto: Mapping[str, str]
) -> Iterator[tuple[bool, Kurang]]:
    for kolom in _perlu(wajib.formulir["keluarga"], keluarga, None):
        label = _besar(_label(Keluarga, kolom))
        yield _ada(keluarga, kolom), Kurang("keluarga", kolom, f"{label} belum diisi.")
    kepala = sum(1 for a in isi.anggota if a.hubungan == "1")
    yield kepala == 1, Kurang("anggota", KEPALA, "Belum ada anggota dengan hubungan “Kepala keluarga”.")
    for orang in isi.anggota:
        yield from _orang(orang, wajib.formulir["anggota"])
    for kolom in _perlu(wajib.formulir["rumah"], isi.rumah, None):
        kalimat = f"Rumah: {_label(Rumah, kolom)} belum diisi."
        yield _ada(isi.rumah, kolom), Kurang("rumah", kolom, kalimat)
    belum = sorted(aset - isi.aset)
    kalimat = "Aset belum diisi (isi 0 bila tidak punya)."
    yield not belum, Kurang("aset", belum[0] if belum else "", kalimat)
    for jenis in wajib.foto:
        kata = label_foto.get(jenis, jenis.replace("_", " "))
        yield jenis in isi.foto, Kurang("foto", "jenis", f"Foto {kata[0].lower()}{kata[1:]} belum ada.")


def _orang(orang: Individu, syarat: list[Syarat]) -> Iterator[tuple[bool, Kurang]]:
    ada = bool(orang.nik or orang.tanpa_nik_alasan)
    yield ada, Kurang("anggota", "nik", f"{orang.nama}: NIK belum diisi.", orang.pk)
    for kolom in _perlu(syarat, orang, umur(orang.tgl_lahir, timezone.localdate())):
        kalimat = f"{orang.nama}: {_label(Individu, kolom)} belum diisi."
        yield _ada(orang, kolom), Kurang("anggota", kolom, kalimat, orang.pk)


def umur(lahir: date | None, hari: date) -> int | None:
    """Whole years on that day."""
    if lahir is None:
        return None
    return hari.year - lahir.year - ((hari.month, hari.day) < (lahir.month, lahir.day))


def _perlu(syarat: list[Syarat], row: models.Model | None, tahun: int | None) -> list[str]:
    return [s["kolom"] for s in syarat if _berlaku(s, row, tahun)]


def _berlaku(syarat: Syarat, row: models.Model | None, tahun: int | None) -> bool:
    """Is this answer needed of this row? Without a row only what is needed of everybody."""
    if tahun is not None and not syarat.get("umur_dari", 0) <= tahun <= syarat.get("umur_sampai", 999):
        return False
    for kolom, jawaban in syarat.get("bila", {}).items():
        nilai = getattr(row, kolom) if row is not None else None
        if jawaban == "ada":
            if not nilai:
                return False
        elif nilai not in jawaban:
            return False
    return True


def _ada(row: models.Model | None, kolom: str) -> bool:
    return row is not None and getattr(row, kolom) not in KOSONG


def _label(model: type[models.Model], kolom: str) -> str:
    return str(model._meta.get_field(kolom).verbose_name)  # type: ignore[union-attr]


def _besar(teks: str) -> str:
    return teks[:1].upper() + teks[1:]
