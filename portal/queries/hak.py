"""What a person is told about his own data: what the portal holds, who saw it, and what an answer would do to his aid."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Field, ForeignKey, Model, Q, QuerySet
from django.utils import timezone

from accounts.models import Peran
from bansos.models import SerahData
from bansos.queries.bantuan import terbaru
from core.identity import mask_nik, mask_numbers
from core.models import Jejak
from core.templatetags.ui import kata as dalam_kata
from core.templatetags.ui import waktu
from dtks.models import VERSI_KODE, Individu, Keluarga, KodeAcuan, Usulan
from dtks.workflow import USULAN_TERBUKA
from portal.models import TahanHukum
from portal.queries import jejak, kata_jejak
from portal.queries.hak_tabel import NASIONAL, PER_LABEL, SAMPAI, TABEL
from wilayah.kode import leluhur
from wilayah.models import Wilayah

DISALIN = ("umum", "pribadi", "spesifik", "rahasia")
_LEWAT = {
    "keluarga",
    "individu",
    "usulan",
    "usulan_baru",
    "baris",
    "dokumen",
    "created_by",
    "tiket",
    "pin_indeks",
    "berkas",
    "sptjm",
    "foto",
}
TERAKHIR = timedelta(days=2 * 365)  # how far back lists that left are looked for
# Acts that tell about an inquiry, about a colleague's kinship, or about the way a request like this one is handled.
_SENYAP = (
    "pasang_bendera", "cabut_bendera", "tambah_bendera", "nyatakan_kerabat", "usul_tutup_bendera", "setujui_tutup_bendera",
    "minta_alih", "eskalasi", "jawab",
)  # fmt: skip
_DAFTAR_KELUAR = r"^(ekspor|unduh_daftar|unduh_massal|unduh_kelayakan|paket_audit)"

Baris = list[tuple[str, str]]


@dataclass(frozen=True)
class Lihat:
    """One act on somebody's data. `siapa`: role and office; names of officers are not told, the Dinas knows them."""

    pada: datetime
    siapa: str
    apa: str


@dataclass(frozen=True)
class Salinan:
    """`bagian`: (heading, rows of (column, value)); `lihat`: who; `daftar`: lists of the area that may hold the person;
    `serah`: other offices that got the data for certain. `peka`: something is held that only the case team may show."""

    bagian: list[tuple[str, list[Baris]]]
    lihat: list[Lihat]
    daftar: list[Lihat]
    serah: list[Lihat]
    peka: bool


def salinan(keluarga: Keluarga, individu: Individu) -> Salinan:
    """All that one person may read of himself and of the family he lives in; of other members only name and relation."""
    kode = _kode()
    bagian = []
    for tabel in TABEL:
        if not tabel.salin:
            continue
        rows = tabel.milik(keluarga.pk)
        if tabel.orang:
            rows = rows.filter(**{tabel.orang: individu.pk})
        isi = [b for satu in rows.order_by("pk")[:500] if (b := _baris(satu, kode))]
        if isi:
            bagian.append((tabel.salin, isi))
    bagian.append(("Anggota keluarga lain", [_anggota(a, kode) for a in _lain(keluarga, individu)]))
    peka = PER_LABEL["dtks.AnggotaPPKS"].milik(keluarga.pk).filter(individu=individu).exists()
    return Salinan(
        [b for b in bagian if b[1]], dilihat(keluarga, individu), daftar_keluar(keluarga), diserahkan(keluarga), peka
    )  # fmt: skip


def _lain(keluarga: Keluarga, individu: Individu) -> Iterable[Individu]:
    return keluarga.anggota.filter(aktif=True).exclude(pk=individu.pk)


def _anggota(satu: Individu, kode: dict[tuple[str, str], str]) -> Baris:
    return [("Nama", satu.nama), ("Hubungan", kode.get(("hubungan", satu.hubungan), satu.hubungan))]


def _kode() -> dict[tuple[str, str], str]:
    rows = KodeAcuan.objects.filter(versi=VERSI_KODE).values_list("daftar", "kode", "label")
    return {(d, k): label for d, k, label in rows}


def _baris(satu: Model, kode: dict[tuple[str, str], str]) -> Baris:
    """The columns that hold something, each with its name in words."""
    kelas = getattr(type(satu), "KLASIFIKASI", {})
    hasil = []
    for kolom in type(satu)._meta.concrete_fields:
        if (
            kelas.get(kolom.name) in DISALIN
            and kolom.name not in _LEWAT
            and not kolom.name.endswith("_indeks")
        ):
            nilai = _nilai(satu, kolom, kode)
            if nilai:
                nama = str(kolom.verbose_name)
                hasil.append((nama[:1].upper() + nama[1:], nilai))
    return hasil


def _nilai(  # noqa: PLR0911 - one return for each kind of value
    satu: Model, kolom: "Field[Any, Any]", kode: dict[tuple[str, str], str]
) -> str:
    if isinstance(kolom, ForeignKey):
        return str(getattr(satu, kolom.name) or "") if kolom.related_model is Wilayah else ""
    nilai = getattr(satu, kolom.name)
    if nilai in (None, "", [], {}) or isinstance(nilai, dict | memoryview | bytes):
        return ""
    if hasattr(nilai, "open") and hasattr(nilai, "raw"):
        return mask_nik(nilai.open()) if kolom.name != "telepon" else str(nilai)
    if kolom.choices:
        return str(dict(kolom.flatchoices).get(nilai, nilai))
    if isinstance(nilai, bool):
        return "Ya" if nilai else "Tidak"
    if isinstance(nilai, list):
        return ", ".join(kode.get((kolom.name, str(n)), str(n)) for n in nilai)
    if isinstance(nilai, datetime):
        return waktu(nilai)
    if isinstance(nilai, date):
        return f"{nilai:%d/%m/%Y}"
    return kode.get((kolom.name, str(nilai)), mask_numbers(str(nilai)))


# --- who saw it -----------------------------------------------------------------------------------------


def dilihat(keluarga: Keluarga, individu: Individu) -> list[Lihat]:
    """Acts of people on this person's rows, newest first, from the trail. No case with a reporter or an objector is named."""
    syarat = Q(pk__in=())
    for label, ids in _objek(keluarga, individu).items():
        syarat |= Q(objek_jenis=label, objek_id__in=ids)
    rows = Jejak.objects.filter(syarat).exclude(aksi__in=_SENYAP).exclude(aktor_id="").order_by("-id")[:2000]
    return _kata(list(rows))


def _objek(keluarga: Keluarga, individu: Individu) -> dict[str, list[str]]:
    hasil: dict[str, list[str]] = {}
    for tabel in TABEL:
        if tabel.label.startswith("pengaduan.") or tabel.label == "portal.TahanHukum":
            continue
        rows = tabel.milik(keluarga.pk)
        if tabel.orang:
            rows = rows.filter(**{tabel.orang: individu.pk})
        if ids := [str(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)]:
            hasil[tabel.label] = ids
    return hasil


def daftar_keluar(keluarga: Keluarga) -> list[Lihat]:
    """Lists of an area around the family that somebody took along in the last two years: the person may stand in them."""
    awal = max(jejak.id_sejak(max(keluarga.created_at, timezone.now() - TERAKHIR)) - jejak.LONGGAR, 0)
    luas = ["", *leluhur(keluarga.wilayah_id), keluarga.wilayah_id]
    rows = Jejak.objects.filter(
        pk__gte=awal, pada__gte=keluarga.created_at, aksi__regex=_DAFTAR_KELUAR, wilayah__in=luas
    )
    return _kata(list(rows.order_by("-id")[:500]))


def penyerahan(keluarga: Keluarga) -> "QuerySet[SerahData]":
    milik = PER_LABEL["bansos.BarisDaftar"].milik(keluarga.pk).values("daftar")
    return SerahData.objects.filter(daftar__in=milik).select_related("permintaan").order_by("-created_at", "pk")  # fmt: skip


def diserahkan(keluarga: Keluarga) -> list[Lihat]:
    """Hand-overs to other offices that held this family."""
    rows = penyerahan(keluarga)
    return [Lihat(s.created_at, s.permintaan.instansi, f"Menerima daftar untuk: {s.permintaan.tujuan}") for s in rows]  # fmt: skip


def _kata(rows: list[Jejak]) -> list[Lihat]:
    peran = dict(Peran.objects.order_by("pk").values_list("kode", "nama"))
    nama = {
        w.kode: w.sebutan
        for w in Wilayah.objects.filter(pk__in={r.wilayah[:13] for r in rows}).order_by("kode")
    }

    def siapa(r: Jejak) -> str:
        return ", ".join(k for k in (peran.get(r.peran, "Petugas"), nama.get(r.wilayah[:13], "")) if k)

    return [Lihat(r.pada, siapa(r), kata_jejak.langkah(r.aksi) or dalam_kata(r.aksi)) for r in rows]


# --- what stands in the way, and what follows -----------------------------------------------------------


def ditahan(keluarga: Any) -> bool:
    return TahanHukum.objects.berlaku().filter(keluarga=keluarga).exists()


def penghalang(keluarga: Keluarga) -> list[str]:
    """Why this family cannot be erased as a whole, as sentences with the law; [] when it can."""
    hasil = []
    if keluarga.status == Keluarga.Status.TERDAFTAR:
        hasil.append(f"Keluarga terdaftar: {NASIONAL}.")
    if Usulan.objects.filter(keluarga=keluarga, status__in=USULAN_TERBUKA).exists():
        hasil.append("Masih ada usulan yang berjalan. Minta operator desa menariknya dulu.")
    ada = {t.sebab: None for t in TABEL if t.hapus == "tahan" and t.milik(keluarga.pk).exists()}
    hasil += [f"Disimpan karena {sebab}." for sebab in ada if not any(sebab in h for h in hasil)]
    return hasil


def disimpan(keluarga: Keluarga) -> list[tuple[str, str, str]]:
    """What an erasure has to leave: (what and how much, why with the law, until when)."""
    hasil: dict[str, list[str]] = {}
    if keluarga.status == Keluarga.Status.TERDAFTAR:
        hasil[NASIONAL] = ["Data keluarga dan anggotanya"]
    for tabel in TABEL:
        if tabel.hapus == "tahan" and (n := tabel.milik(keluarga.pk).count()):
            nama = str(tabel.model._meta.verbose_name)
            hasil.setdefault(tabel.sebab, []).append(f"{nama}: {n}")
    return [(", ".join(apa), f"{s[:1].upper()}{s[1:]}.", SAMPAI[s]) for s, apa in hasil.items()]


def bantuan_berjalan(keluarga: Keluarga) -> list[str]:
    """Names of the programmes that pay this family now."""
    return [b.penetapan.program.nama for b in terbaru([keluarga.pk])]


def akibat_beku(keluarga: Keluarga) -> list[str]:
    """What freezing does, told before it is done."""
    jalan = bantuan_berjalan(keluarga)
    usulan = Usulan.objects.filter(keluarga=keluarga, status__in=USULAN_TERBUKA).count()
    hasil = [
        "Data keluarga tidak dipakai lagi: tidak dinilai, tidak masuk daftar baru, tidak dikirim, tidak diunduh, tidak bisa dicari.",
        "Data tetap disimpan dan bisa dicairkan kapan saja di loket.",
    ]
    if jalan:
        hasil.append(
            f"Bantuan yang sudah ditetapkan tetap dibayar: {', '.join(jalan)}. Berhenti hanya bila keluarga meminta mundur."
        )
    if usulan:
        hasil.append(f"{usulan} usulan yang berjalan berhenti di tempatnya sampai data dicairkan.")
    hasil.append("Selama beku, keluarga tidak bisa ikut daftar bantuan baru.")
    return hasil
