"""Somebody who left school after SMP reads the citizens' pages: every template, every answer of /bantuan/, every message."""

import re

from portal.queries import bantuan
from tests.bantu import bahasa

KELAS_MAKS = 9.0  # the last year of SMP
KALIMAT_MAKS = 24  # words
RATA_MAKS = 13.0
PANJANG_MAKS = 12.0  # percent of words of five syllables and more
# Words of an office or of a programmer -> what people say.
KATA_KANTOR = {
    "klik": "tekan", "upload": "unggah", "download": "unduh", "submit": "kirim", "login": "masuk", "logout": "keluar", "password": "kata sandi",
    "user": "pengguna", "username": "nama pengguna", "error": "gangguan", "invalid": "salah", "input": "isi", "form": "formulir", "email": "surel", "file": "berkas",
    "link": "tautan", "dikarenakan": "karena", "dipergunakan": "dipakai", "sehubungan": "tentang", "dimaksud": "itu", "tersebut": "itu", "apabila": "bila",
    "guna": "untuk", "dalam rangka": "untuk", "senantiasa": "selalu", "perihal": "tentang", "terlampir": "bersama ini", "mekanisme": "cara", "implementasi": "pelaksanaan",
    "pemutakhiran": "pembaruan", "pemadanan": "pencocokan", "validasi": "pemeriksaan", "autentikasi": "bukti", "otentikasi": "bukti", "notifikasi": "pemberitahuan",
    "stakeholder": "pihak", "feedback": "tanggapan", "device": "HP", "browser": "peramban", "captcha": "pemeriksaan", "timeout": "waktu habis", "server": "portal",
}  # fmt: skip
DIKENAL = {
    "HP", "KTP", "RT", "RW", "QR", "PDF", "JPG", "JPEG", "PNG", "MB", "KB", "WIB", "WITA", "WIT", "BPS", "BPJS", "RI", "UU", "SMP", "SD",
    "SMA", "SMS", "NO", "ID", "SAPA", "SIM", "LAPOR", "POS", "WA", "ADU", "SGH", "UWG", "USL", "BERLAKU", "DICABUT", "SUDAH", "DIGANTI", "DIPAKAI", "JANGAN", "SHA", "USB",
}  # fmt: skip


def teks_warga() -> dict[str, str]:
    """Where -> words."""
    hasil = {f"templates/{n}": bahasa.dari_templat(s) for n, s in bahasa.templat_publik().items()}
    hasil |= {f"bantuan/{t.kode}": f"{t.judul}\n{_angka(t.polos)}" for t in bantuan.semua()}
    program = [
        *(bahasa.AKAR / "pengaduan").glob("forms*.py"), *(bahasa.AKAR / "pengaduan/views").glob("*.py"),
        *(bahasa.AKAR / "pengaduan/actions").glob("*.py"), *(bahasa.AKAR / "pengaduan/queries").glob("*.py"), *(bahasa.AKAR / "pengaduan/policies").glob("*.py"),
        *(bahasa.AKAR / "bansos").rglob("*cek*.py"), bahasa.AKAR / "core/tantangan.py",
    ]  # fmt: skip
    for berkas in sorted(program):
        if berkas.exists() and (isi := bahasa.kalimat_program(berkas)):
            hasil[berkas.relative_to(bahasa.AKAR).as_posix()] = isi
    return {nama: teks for nama, teks in hasil.items() if bahasa.kalimat(teks)}


def _angka(teks: str) -> str:
    return re.sub(r"\{[a-z_.:]+\}", "5", teks)


def test_halaman_warga_setingkat_smp(capsys):
    semua = [bahasa.ukur(nama, teks) for nama, teks in teks_warga().items()]
    with capsys.disabled():
        print(f"\n{bahasa.KEPALA}")
        berat = sorted((u for u in semua if u.kalimat >= 4), key=lambda u: -u.kelas)
        print("\n".join(map(str, berat[:8])))
        gabung = bahasa.ukur(f"semua ({len(semua)} tempat)", "\n".join(teks_warga().values()))
        print(gabung)
    assert len(semua) > 50
    salah = [f"kelas {u.kelas}: {u.nama}" for u in semua if u.kelas > KELAS_MAKS and u.kalimat >= 4]
    salah += [f"rata {u.rata} kata: {u.nama}" for u in semua if u.rata > RATA_MAKS and u.kalimat >= 4]
    salah += [
        f"{u.panjang}% kata panjang: {u.nama}" for u in semua if u.panjang > PANJANG_MAKS and u.kata >= 40
    ]
    salah += [
        f"{n} kata: {nama}: {s}" for nama, teks in teks_warga().items() for s in bahasa.kalimat(teks) if (n := len(re.findall(r"\w+", s))) > KALIMAT_MAKS
    ]  # fmt: skip
    assert not salah, "\n".join(salah)


def test_tanpa_kata_kantor_dan_kata_asing():
    salah = [
        f"{nama}: {kata!r}, lebih baik {ganti!r}: {s}"
        for nama, teks in teks_warga().items()
        for s in bahasa.kalimat(teks)
        for kata, ganti in KATA_KANTOR.items()
        if re.search(rf"\b{kata}\b", s, re.I)
    ]
    assert not salah, "\n".join(salah)


def test_setiap_singkatan_dijelaskan():
    """Whoever meets an abbreviation finds it at /bantuan/istilah/."""
    dijelaskan = {s for kata, _ in bantuan.istilah() for s in bahasa.SINGKATAN.findall(kata)} | DIKENAL
    asing = {
        (s, nama)
        for nama, teks in teks_warga().items()
        for s in bahasa.SINGKATAN.findall(teks)
        if s not in dijelaskan
    }
    assert not asing, "\n".join(map(str, sorted(asing)))


def test_ukuran_membedakan_bahasa_warga_dan_bahasa_kantor():
    kantor = (
        "Sehubungan dengan pelaksanaan pemutakhiran data terpadu kesejahteraan sosial sebagaimana dimaksud dalam peraturan perundang-undangan, "
        "pemohon diwajibkan menyampaikan dokumen kependudukan yang telah dilegalisasi oleh pejabat berwenang."
    )
    assert bahasa.ukur("kantor", kantor).kelas > 15
    assert (
        bahasa.ukur(
            "warga", "Bawa KTP dan KK ke kantor desa. Petugas akan membantu Anda. Semua gratis."
        ).kelas
        < 7
    )
    assert [bahasa.suku(k) for k in ("bantuan", "pulau", "musyawarah", "PIN", "petugas")] == [3, 2, 4, 1, 3]
