"""Judges one answer of the portal to bad input: the list of what is wrong with it."""

import re
import unicodedata
from collections.abc import Iterable

from core.text import BIDI_OVERRIDES
from tests.bantu.formulir import Balasan, Temuan, formulir_di
from tests.bantu.halaman import Halaman
from tests.bantu.korpus import Nilai

PALING_LAMA = 2.0  # seconds
# English of Django and allauth, and the stiff Indonesian of their translations.
BUKAN_BAHASA_KITA = re.compile(
    r"\b(Enter (a|an|the)|This (field|value|password)|Select a valid|Ensure this|is not (a )?valid|is required|Please|must be|"
    r"cannot be|Null characters|ManagementForm|submitted file|The two password|Bidang ini|Masukkan sebuah|Nilai ini|Pilihlah|"
    r"Pastikan nilai|Silahkan ketik|Bidang wajib|tidak diperbolehkan|data Manajemen)",
    re.I,
)
KALIMAT = re.compile(r"[A-Za-z]{3,}.*[a-z]{2,}")
DIPERIKSA = (
    "nik",
    "kk",
    "nama",
    "teks",
    "tanggal",
    "waktu",
    "angka",
    "telepon",
    "koordinat",
    "tiket",
    "surel",
    "akun",
    "pilihan",
)


def sampah(teks: Iterable[str]) -> list[str]:
    """Strings with characters that nobody can have typed on purpose."""
    return [t[:60] for t in teks if any(_buruk(c) for c in t)]


def _buruk(c: str) -> bool:
    if c in "\n\t":
        return False
    return c in BIDI_OVERRIDES or c == "\ufffd" or unicodedata.category(c) in ("Cc", "Cs")


def nilai(
    temuan: Temuan, kolom: str, masukan: Nilai, dikirim: dict[str, list], b: Balasan, *, dasar_lolos: bool
) -> list[str]:
    """`dasar_lolos`: the same form with sensible values was accepted, so that a refusal must be about `kolom`."""
    status = b.jawab.status_code
    if status >= 500:
        return [
            f"{status}: {b.jawab.exc_info[1]!r}"[:300] if getattr(b.jawab, "exc_info", None) else str(status)
        ]
    salah = [f"{b.detik:.1f} s"] if b.detik > PALING_LAMA else []
    isi = b.halaman
    # A refused page may keep good pictures, so that they need not be chosen again.
    ditulis = b.ditulis - {"core_berkas"} if status == 422 else b.ditulis
    diterima = bool(ditulis) or (status in (200, 302) and not (isi and isi.galat))
    tampak = temuan.form.kolom[kolom].tipe != "hidden"
    if diterima:
        return salah + _diterima(temuan, kolom, masukan, b)
    salah += _harapan(temuan, kolom, masukan, ditolak=True, dasar_lolos=dasar_lolos)
    if isi is not None:
        salah += [
            f"bukan bahasa kita: {g[:120]}" for g in isi.galat + isi.pesan if BUKAN_BAHASA_KITA.search(g)
        ]
    if not tampak:
        return salah
    if status in (400, 404, 403, 413):
        return [*salah, f"{status} for a field that people type in: no sentence, typed values lost"]
    if status == 302:
        return [*salah, "refused by a redirect: typed values lost"]
    if isi is None or not any(KALIMAT.search(g) for g in isi.galat):
        return [*salah, "refused without a sentence"]
    return salah + _terjaga(temuan, kolom, dikirim, b, isi)


def _diterima(temuan: Temuan, kolom: str, masukan: Nilai, b: Balasan) -> list[str]:
    salah = _harapan(temuan, kolom, masukan, ditolak=False, dasar_lolos=True)
    if kotor := sampah(b.isi):
        salah.append(f"stored garbage: {kotor[:2]!r}")
    # Whoever asks not to be named is not: the name is dropped or sealed. An objector's is always sealed.
    tanpa_nama = "privasi" in temuan.form.kolom or (
        kolom == "nama" and temuan.sidik[0].startswith("sanggah_tulis")
    )
    if temuan.jenis[kolom] == "nama" and masukan.harap == "terima" and b.ditulis and not tanpa_nama:
        bentuk = unicodedata.normalize("NFC", masukan.isi)
        if bentuk not in b.isi:
            salah.append(f"stored name is not the typed one: {bentuk[:40]!r}")
    return salah


def _harapan(temuan: Temuan, kolom: str, masukan: Nilai, *, ditolak: bool, dasar_lolos: bool) -> list[str]:
    bidang = temuan.bidang.get(kolom)
    if not dasar_lolos or bidang is None or bidang.disabled:
        return []
    harap = masukan.harap
    berkas = any(k.tipe == "file" for k in temuan.kolom())
    if berkas and any("\ud800" <= c <= "\udfff" for c in masukan.isi):
        return []  # a form with files is sent as UTF-8, where this character is a question mark
    if harap == "tolak_bila_wajib":
        harap = "tolak" if bidang.required else "bebas"
    if ditolak and harap == "terima":
        return ["refused, although it is fine"]
    return ["accepted, although it must be refused"] if not ditolak and harap == "tolak" else []


def _terjaga(temuan: Temuan, kolom: str, dikirim: dict[str, list], b: Balasan, isi: Halaman) -> list[str]:
    """The form comes back with what was typed, except secrets, files and hidden machinery."""
    nama = set(temuan.form.kolom) - {"csrfmiddlewaretoken"}
    kembali = [t for t in formulir_di(b.jawab, temuan.aksi, isi) if kolom in t.form.kolom]
    if not kembali:
        return ["refused, and the form is gone"]
    # Forms of a page may have the same fields: meant is the one to the same address, with the same button and hidden values.
    form = max(
        kembali, key=lambda t: (t.aksi == temuan.aksi, _tetap(t, dikirim), len(nama & set(t.form.kolom)))
    ).form
    salah = []
    for k in temuan.kolom():
        jenis = temuan.jenis[k.nama]
        if k.tipe in ("hidden", "password", "file") or jenis not in DIPERIKSA or k.nama not in dikirim:
            continue
        if k.nama == kolom and (jenis == "pilihan" or not _dapat_kembali(dikirim[kolom])):
            continue
        lagi = form.kolom.get(k.nama)
        if lagi is None or sorted(_rapi(lagi.nilai)) != sorted(_rapi(dikirim[k.nama])):
            salah.append(
                f"typed value of {k.nama} lost: {dikirim[k.nama]!r:.60} -> {lagi and lagi.nilai!r:.60}"
            )
    return salah


def _tetap(t: Temuan, dikirim: dict[str, list]) -> int:
    tombol = sum(dikirim.get(nama) == [nilai] for nama, nilai in t.form.tombol)
    return tombol + sum(k.tipe == "hidden" and dikirim.get(k.nama) == k.nilai for k in t.kolom())


def _dapat_kembali(teks: list) -> bool:
    """HTML cannot carry NUL and surrogates; bytes that were no UTF-8 cannot be typed again."""
    return not any(
        unicodedata.category(c) in ("Cc", "Cs", "Cn") or c == "\ufffd"
        for t in teks
        for c in t
        if c not in "\n\r\t"
    )


def _rapi(teks: list) -> list[str]:
    return [" ".join(str(t).split()) for t in teks if str(t).strip()]
