"""Bad files through every field that takes one (reliability.md §4F): refused with a sentence, or stored re-encoded and bare."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core import files
from tests.bantu import alur, formulir, penilai

PDF = alur.PDF
HTML = b"<!DOCTYPE html><script>alert(1)</script>"


def png(lebar: int, tinggi: int) -> bytes:
    """A small file that says it is a huge picture."""

    def bagian(jenis: bytes, isi: bytes) -> bytes:
        return struct.pack(">I", len(isi)) + jenis + isi + struct.pack(">I", zlib.crc32(jenis + isi))

    kepala = struct.pack(">IIBBBBB", lebar, tinggi, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + bagian(b"IHDR", kepala)
        + bagian(b"IDAT", zlib.compress(b"\0" * 10_000))
        + bagian(b"IEND", b"")
    )


def jpeg_bermetadata() -> bytes:
    """GPS, camera, comment, thumbnail bytes and a script behind the end of the picture."""
    gambar = Image.new("RGB", (300, 200), (120, 90, 60))
    exif = gambar.getexif()
    exif[0x010F], exif[0x0112] = "RAHASIA-KAMERA", 6
    exif.get_ifd(0x8825).update({1: "S", 2: (7.0, 13.0, 40.0), 3: "E", 4: (107.0, 54.0, 0.0)})
    keluar = io.BytesIO()
    gambar.save(
        keluar, "JPEG", exif=exif, comment=b"RAHASIA-KOMENTAR", xmp=b"<x:xmpmeta>RAHASIA-XMP</x:xmpmeta>"
    )
    return keluar.getvalue() + HTML


BURUK = {
    "§4.89 900 Mpx": png(30_000, 30_000), "§4.90 169 Mpx": png(13_000, 13_000), "§4.92 SVG": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    "§4.92 HTML": HTML, "§4.92 PHP": b"<?php system($_GET[0]);", "§4.91 truncated": alur.foto()[:400], "§4.96 empty": b"",
    "§4.96 more than 10 MB": alur.foto() + b"\0" * 10_000_001, "§4.97 HEIC": b"\0\0\0\x18ftypheic" + b"\0" * 100, "§4.85 zip": b"PK\x03\x04" + b"\0" * 200,
    "GIF": b"GIF89a" + b"\0" * 50,
    "§4.93 JavaScript": PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>"),
    "§4.93 launch": PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/Launch/F(cmd.exe)>>"),
    "§4.93 embedded file": PDF.replace(b"/Catalog", b"/Catalog/Names<</EmbeddedFiles 2 0 R>>"),
    "§4.93 encrypted": PDF.replace(b"/Root", b"/Encrypt 9 0 R/Root"), "§4.93 cut off": PDF[:30],
    "§4.93 hidden name": PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/J#61vaScript/J#53(app.alert(1))>>"),
}  # fmt: skip
NAMA = (
    "../../etc/x.php",
    "a\0.jpg",
    "n" * 300 + ".jpg",
    "\u202egpj.exe",
    "CON",
    "..",
    "😀.jpg",
    "a.php.jpg",
    'a";x="b.jpg',
    "a\r\nX: 1.jpg",
    "",
)


def test_foto_disimpan_tanpa_metadata():
    asli = jpeg_bermetadata()
    assert b"RAHASIA" in asli
    bersih = files.clean_photo(asli)
    gambar = Image.open(io.BytesIO(bersih))
    assert gambar.size == (200, 300), "turned upright as the camera meant"
    assert not gambar.getexif() and set(gambar.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"RAHASIA" not in bersih and b"<script" not in bersih and b"Exif" not in bersih


@pytest.mark.parametrize("nama", [n for n in BURUK if "93" not in n])
def test_foto_buruk_ditolak_dengan_kalimat(nama):
    with pytest.raises(files.BadFile) as galat:
        files.clean_photo(BURUK[nama])
    assert penilai.KALIMAT.search(str(galat.value)) and not penilai.BUKAN_BAHASA_KITA.search(str(galat.value))


@pytest.mark.parametrize("nama", BURUK)
def test_pindaian_buruk_ditolak_dengan_kalimat(nama):
    with pytest.raises(files.BadFile):
        files.clean_scan(BURUK[nama])


@pytest.mark.parametrize("peran", ["operator", "tksk"])
def test_unggahan_buruk_lewat_setiap_formulir(peramban, peran):
    client = peramban(peran)
    _, temuan = formulir.jelajah(client)
    pengirim = formulir.Pengirim(client)
    salah, kolom = [], 0
    for t in temuan:
        for k in (k for k in t.kolom() if k.tipe == "file"):
            kolom += 1
            for nama, isi in BURUK.items():
                salah += [
                    f"{t.sidik[0]} {nama}: {s}"
                    for s in _satu(pengirim, t, k.nama, SimpleUploadedFile("a.jpg", isi, "image/jpeg"))
                ]
            baik = PDF if "pdf" in k.accept else alur.foto()
            for nama in NAMA:
                b = pengirim.kirim(t, formulir.isian_sah(t) | {k.nama: [_bernama(nama, baik)]})
                if b.jawab.status_code >= 500 or penilai.sampah(b.isi) or any("../" in s for s in b.isi):
                    salah.append(
                        f"{t.sidik[0]} name {nama[:20]!r}: {b.jawab.status_code} {penilai.sampah(b.isi)}"
                    )
    assert kolom, "no file field was found"
    assert not salah, "\n".join(salah[:60])


def _bernama(nama: str, isi: bytes) -> SimpleUploadedFile:
    berkas = SimpleUploadedFile("a.jpg", isi, "image/jpeg")
    berkas._name = nama.replace("\r\n", " ").replace(
        '"', "'"
    )  # as a client may write it; Django cleans what it reads
    return berkas


def _satu(pengirim, t, kolom: str, berkas: SimpleUploadedFile) -> list[str]:
    b = pengirim.kirim(t, formulir.isian_sah(t) | {kolom: [berkas]})
    if b.jawab.status_code >= 500:
        return [f"{b.jawab.status_code} {b.jawab.exc_info}"]
    salah = [f"{b.detik:.1f} s"] if b.detik > 10 else []
    if (
        t.sidik[0] == "impor_daftar" and "core_berkas" in b.ditulis
    ):  # the worker reads the table and refuses it
        return salah
    if "core_berkas" in b.ditulis:
        return [*salah, "stored"]
    isi = b.halaman
    if t.sidik[0].startswith("dokumen"):  # only compared, never stored
        return salah
    if isi is None or not any(penilai.KALIMAT.search(g) for g in isi.galat):
        return [*salah, "refused without a sentence"]
    return salah + [f"bukan bahasa kita: {g}" for g in isi.galat if penilai.BUKAN_BAHASA_KITA.search(g)]
