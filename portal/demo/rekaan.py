"""Form answers, photos and scans for an invented family. Pure: the same family gives the same answers."""

import io
from datetime import date
from typing import Any

from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from core.integrations.dukcapil.population import Family, Person

_HUBUNGAN = {"KEPALA KELUARGA": "1", "ISTRI": "2", "ANAK": "3", "ORANG TUA": "6"}
_KAWIN = {"BELUM KAWIN": "1", "KAWIN": "2", "CERAI HIDUP": "3", "CERAI MATI": "4"}
_IJAZAH = {"TAMAT SD/SEDERAJAT": "3", "SLTP/SEDERAJAT": "8", "SLTA/SEDERAJAT": "13"}
# pekerjaan -> lapangan usaha, status kerja (code lists DTSEN-2025)
_KERJA = {
    "BURUH HARIAN LEPAS": ("11", "7"),
    "BURUH TANI/PERKEBUNAN": ("1", "6"),
    "PETANI/PEKEBUN": ("1", "1"),
    "PEDAGANG": ("12", "1"),
    "WIRASWASTA": ("12", "1"),
    "SOPIR": ("13", "4"),
    "KARYAWAN SWASTA": ("8", "4"),
}
_ASET = ("tabung_gas", "motor", "smartphone", "ternak_kecil")
_TANPA_ASET = (
    "lemari_es", "ac", "pemanas_air", "telepon_rumah", "tv_datar", "emas_gram", "komputer", "sepeda", "mobil", "perahu",
    "kapal_motor", "sawah_m2", "lahan_lain_m2", "rumah_lain", "ternak_besar",
)  # fmt: skip


def _angka(family: Family, sampai: int, garam: int = 0) -> int:
    """A steady number from 0 to sampai - 1 for this family."""
    return (int(family.kk[-4:]) * 7 + int(family.kk[6:12]) + garam * 13) % sampai


def keluarga(family: Family) -> dict[str, Any]:
    return {
        "no_kk": family.kk,
        "alamat": family.alamat.title(),
        "rt": family.rt,
        "rw": family.rw,
        "telepon": f"+62812{int(family.kk[-8:]) % 100_000_000:08d}",
        "patokan": ("Dekat masjid", "Belakang sekolah dasar", "Samping warung", "Dekat jembatan")[
            _angka(family, 4)
        ],
    }


def individu(person: Person, hari: date) -> dict[str, Any]:
    """Columns of Individu as the village types them from the family card."""
    umur = hari.year - person.tanggal_lahir.year
    sekolah = "2" if person.pekerjaan == "PELAJAR/MAHASISWA" else "1" if umur < 7 else "3"
    usaha, status = _KERJA.get(person.pekerjaan, ("", ""))
    data = {
        "nik": person.nik,
        "nama": person.nama,
        "tgl_lahir": person.tanggal_lahir,
        "jenis_kelamin": {"L": "1", "P": "2"}[person.jenis_kelamin],
        "tempat_lahir": person.tempat_lahir,
        "hubungan": _HUBUNGAN[person.hubungan],
        "status_kawin": _KAWIN[person.status_kawin],
        "ibu_kandung": person.nama_ibu,
        "keberadaan": "1",
        "partisipasi_sekolah": sekolah,
        "ijazah": _IJAZAH.get(person.pendidikan, ""),
        "penyakit_menahun": "1",
    }
    if sekolah == "2":
        data["jenjang"] = "3" if umur < 13 else "8" if umur < 16 else "13" if umur < 19 else "19"
    if umur <= 5:
        data["gizi"] = "3"
    if data["jenis_kelamin"] == "2":
        data["hamil"] = False
    if umur >= 10:
        data |= {"bekerja": bool(usaha), "lapangan_usaha": usaha, "status_kerja": status}
        data["pendapatan"] = "2" if usaha else "1"
    return data


def rumah(family: Family) -> dict[str, Any]:
    buruk = _angka(family, 3) != 0
    return {
        "status_rumah": "1" if _angka(family, 4, 1) else "3",
        "luas_lantai": 18 + _angka(family, 40, 2),
        "jumlah_keluarga": 1 + _angka(family, 2, 3),
        "lantai": "8" if buruk and _angka(family, 2, 4) else "6",
        "dinding": "4" if buruk else "1",
        "atap": "2" if _angka(family, 3, 5) else "3",
        "air_minum": "5" if _angka(family, 2, 6) else "8",
        "jarak_limbah": "1" if buruk else "2",
        "penerangan": "1",
        "daya": "450" if buruk else "900",
        "memasak": "4" if _angka(family, 3, 7) else "10",
        "bab": "2" if buruk else "1",
        "kloset": "4" if buruk else "1",
        "tinja": "4" if buruk else "1",
    }


def aset(family: Family) -> dict[str, int]:
    return dict.fromkeys(_TANPA_ASET, 0) | {jenis: _angka(family, 2, i) for i, jenis in enumerate(_ASET)}


def desil(family: Family) -> int:
    return 1 + _angka(family, 5, 8)


def asesmen(family: Family, kesimpulan: str, hari: date) -> dict[str, Any]:
    """Answers of the visit; they agree with `rumah`."""
    bangunan = rumah(family)
    miskin = kesimpulan == "layak"
    return {
        "tanggal": hari,
        "kunjungan": "1",
        "tanpa_benturan": True,
        "tidak_bekerja": _angka(family, 3, 9) == 0,
        "khawatir_makan": miskin,
        "makan_dominan": miskin,
        "tanpa_pakaian": miskin and _angka(family, 2, 10) == 0,
        "lantai_tanah": bangunan["lantai"] == "8",
        "dinding_buruk": bangunan["dinding"] == "4",
        "tanpa_jamban": bangunan["bab"] != "1",
        "listrik_450": bangunan["daya"] == "450",
        "kesimpulan": kesimpulan,
        "catatan": "Keluarga ditemui di rumah. Keadaan sesuai dengan usulan."
        if miskin
        else "Rumah permanen dan penghasilan tetap. Keluarga menyatakan tidak keberatan.",
    }


def foto(garam: int) -> bytes:
    """A drawn house, plainly no real one, as JPEG of 480 x 360."""
    langit = (150 + garam * 7 % 60, 190 + garam * 5 % 40, 225)
    gambar = Image.new("RGB", (480, 360), langit)
    pena = ImageDraw.Draw(gambar)
    pena.rectangle((0, 260, 480, 360), fill=(96, 130 + garam * 3 % 40, 70))
    dinding = (190 + garam * 11 % 50, 160 + garam * 17 % 60, 120)
    pena.rectangle((120, 150, 360, 290), fill=dinding)
    pena.polygon(((95, 150), (385, 150), (240, 75)), fill=(150, 70 + garam * 13 % 40, 50))
    pena.rectangle((215, 200, 265, 290), fill=(90, 60, 40))
    pena.text((12, 335), f"Foto contoh {garam}", fill=(20, 20, 20))
    isi = io.BytesIO()
    gambar.save(isi, "JPEG", quality=75)
    return isi.getvalue()


def pindaian(judul: str, baris: list[str]) -> bytes:
    """A one-page PDF that stands for the signed and scanned minutes."""
    isi = io.BytesIO()
    kertas = Canvas(isi, invariant=1)
    kertas.setTitle(judul)
    kertas.setFont("Helvetica", 12)
    for nomor, teks in enumerate([judul, "Pindaian contoh (data rekaan)", "", *baris]):
        kertas.drawString(72, 770 - 18 * nomor, teks[:90])
    kertas.showPage()
    kertas.save()
    return isi.getvalue()
