"""Every route for every role: own area works; another area gets the answer for something that does not exist.

A default run asks of each route one role that may and one that may not, others every day, and a quarter of the remaining cells,
another quarter the next day; `./test --fuzz tests/izin` asks all (`giliran`). Visitors and full numbers: all, always.
"""

import pytest

from core.models import Jejak
from tests.bantu import giliran, rute
from tests.bantu.pemain import PEMAIN
from tests.izin.dunia import SUMBER_RAHASIA, TANPA_NOMOR
from tests.izin.tanya import badan, kepala_salah, tanpa_nomor_jalan, teks

TABEL = rute.tabel()
KAMI = [r for r in TABEL if r.milik != "allauth"]
BERNOMOR = [
    r
    for r in KAMI
    if r.lihat != "publik" and any(not v.startswith("=") and v != "dokumen" for v in r.contoh.values())
]
DUA_LAPIS = [r for r in BERNOMOR if sum(not v.startswith("=") for v in r.contoh.values()) == 2]
TERBUKA, TERTUTUP = {200, 302}, {403, 404}
BADAN_API = {"": set(), "api": {415}}  # the API understood who asks, and refuses the body of a browser's form
ATURAN_DUA = (
    "operator",
    "verifikator",
    "provinsi",
    "dukcapil",
)  # one of them per page: the rule is one for all
# Whoever has the same role and area as another of the cast answers the same; strangers have a test of their own.
PENGIRIM = [u for u in PEMAIN if u not in (*rute.LAIN, "tksk2", "verifikator2", "lurah2")]


def hari_ini(r, dunia, metode: str) -> list[str]:
    """Who asks this route today."""
    boleh = [u for u in PENGIRIM if r.boleh(u, metode, dunia.area(r))]
    selalu = giliran.satu(boleh) + giliran.satu([u for u in PENGIRIM if u not in boleh])
    return giliran.sebagian(PENGIRIM, r.kunci, metode, selalu=selalu, dari=4)


def semua(daftar):
    return pytest.mark.parametrize("r", daftar, ids=[r.kunci or "beranda" for r in daftar])


@pytest.mark.bergilir
@semua(TABEL)
def test_melihat(r, dunia, tanya):
    """Open to the roles of the table and to nobody else; and no page of anyone holds what nobody may read."""
    alamat, salah = r.alamat(dunia.contoh(r)), []
    for username in hari_ini(r, dunia, "GET"):
        jawab = tanya(username, "GET", alamat)
        salah += [(username, kepala) for kepala in kepala_salah(alamat, jawab)]
        harus = TERBUKA if r.boleh(username, "GET", dunia.area(r)) else TERTUTUP
        harus = {405} | TERTUTUP if r.lihat is None else harus
        harus = TERBUKA | {403, 404, 405} if r.milik == "allauth" else harus
        if jawab.status_code not in harus:
            salah.append((username, jawab.status_code, "harus", sorted(harus)))
        salah += [(username, apa) for apa in _bocor(username, alamat, teks(jawab), dunia)]
    assert not salah, salah


def _bocor(username, alamat, isi, dunia):
    angka = TANPA_NOMOR.sub("", isi)
    if any(n in angka for n in dunia.nomor):
        yield "nomor lengkap"
    if username in (*rute.LAIN, "admin") and (nama := [n for n in dunia.nama if n in isi]):
        yield f"nama {nama}"
    # The form that records a category offers all of them to the case team; nobody else reads the word.
    if username != "peksos" and (SUMBER_RAHASIA in isi or dunia.kategori_rahasia in isi):
        yield "kategori PPKS yang dirahasiakan"


@pytest.mark.bergilir
@semua(KAMI)
def test_mengirim(r, dunia, tanya):
    """A refused POST writes nothing; one that is open is at least understood."""
    alamat, salah = r.alamat(dunia.contoh(r)), []
    halaman = b""
    for username in hari_ini(r, dunia, "POST"):
        boleh = r.boleh(username, "POST", dunia.area(r))
        if boleh and r.lihat and r.kirim and not halaman:  # test_melihat asks every role for the page
            halaman = tanya(username, "GET", alamat).isi
        jawab = tanya(username, "POST", alamat, badan(halaman))
        if r.kirim is None:
            if jawab.status_code not in {405} | TERTUTUP:
                salah.append((username, jawab.status_code, "harus 405"))
        elif boleh:
            if jawab.status_code not in {200, 302, 409, 422} | BADAN_API[r.milik]:
                salah.append((username, jawab.status_code, "harus terbuka"))
        elif (jawab.status_code < 400 and jawab.status_code != 302) or tanya.tulisan:
            salah.append((username, jawab.status_code, tanya.tulisan, "harus ditolak"))
    assert not salah, salah


@pytest.mark.bergilir
@semua(BERNOMOR)
def test_luar_wilayah_sama_dengan_tidak_ada(r, dunia, tanya):
    contoh, salah = dunia.contoh(r), []
    orang = [
        u
        for u in (*rute.LAIN, *rute.SAUDARA)
        if not r.boleh(u, "GET", dunia.area(r)) and not r.boleh(u, "POST", dunia.area(r))
    ]
    assert set(rute.LAIN) <= set(orang)
    for metode in rute.METODE:
        for username in giliran.sebagian(orang, r.kunci, metode, selalu=giliran.satu(orang), dari=4):
            ada = tanya(username, metode, r.alamat(contoh))
            tulisan = list(tanya.tulisan)
            tidak_ada = tanya(username, metode, r.alamat(r.asing(contoh)))
            if tanpa_nomor_jalan(ada) != tanpa_nomor_jalan(tidak_ada) or ada.status_code < 400 or tulisan:
                salah.append((username, metode, ada.status_code, tidak_ada.status_code, tulisan))
    assert not salah, salah


@pytest.mark.bergilir
@semua(DUA_LAPIS)
def test_benda_dari_kasus_lain(r, dunia, tanya):
    """The outer half is one's own, the inner half somebody else's: the same as not there."""
    luar, dalam = r.contoh
    contoh, salah = dunia.contoh(r) | {luar: dunia.asing[r.contoh[luar]]}, []
    for metode in rute.METODE:
        for username in hari_ini(r, dunia, metode):
            jawab = tanya(username, metode, r.alamat(contoh))
            tulisan = list(tanya.tulisan)
            tidak_ada = tanya(username, metode, r.alamat(contoh | r.asing({dalam: contoh[dalam]})))
            if (
                jawab.status_code not in {403, 404, 405}
                or jawab.status_code != tidak_ada.status_code
                or tulisan
            ):
                salah.append((username, metode, jawab.status_code, tidak_ada.status_code, tulisan))
    assert not salah, salah


@semua(TABEL)
def test_pengunjung(r, dunia, tanya):
    """Without signing in: the login page or 'not found', never data."""
    alamat = r.alamat(dunia.contoh(r))
    for metode, siapa in zip(rute.METODE, (r.lihat, r.kirim), strict=True):
        jawab = tanya("", metode, alamat)
        assert not kepala_salah(alamat, jawab)
        isi = teks(jawab)
        assert not any(n in isi for n in dunia.nama | dunia.nomor)
        if siapa == "publik":
            assert jawab.status_code < 500, jawab.status_code
        elif r.milik == "api":
            assert jawab.status_code == 401 and not tanya.tulisan, (metode, jawab.status_code)
        elif jawab.status_code == 302:
            assert jawab["Location"].startswith(
                ("/masuk/", "/akun/login/", "/akun/dua-langkah/authenticate/")
            ), jawab["Location"]
            assert not tanya.tulisan
        else:
            assert jawab.status_code in {404, 405}, (metode, jawab.status_code)


@semua([r for r in KAMI if r.buka_nomor])
def test_nomor_dibuka_sekali_dengan_satu_jejak(r, dunia, tanya):
    """The one answer that holds a full number; reading it is one row of the audit trail, in the same transaction."""
    alamat, salah = r.alamat(dunia.contoh(r)), []
    for username in PEMAIN:
        sebelum = Jejak.objects.count()
        jawab = dunia.klien(username).post(alamat, badan())
        nomor = [n for n in dunia.nomor if n in TANPA_NOMOR.sub("", jawab.content.decode(errors="replace"))]
        boleh = r.boleh(username, "POST", dunia.area(r))
        if (
            len(nomor) != boleh
            or Jejak.objects.count() != sebelum + boleh
            or "no-store" not in jawab["Cache-Control"]
        ):
            salah.append((username, jawab.status_code, len(nomor), Jejak.objects.count() - sebelum))
    assert not salah, salah


@semua([r for r in TABEL if r.lihat and r.lihat != "publik"])
def test_verifikasi_dua_langkah_mendahului_data(r, dunia, tanya, settings):
    """Outside the demo no role that sees personal data gets to a page before it has a second factor."""
    settings.DEMO = False
    if r.milik == "allauth":
        return
    for username in (ATURAN_DUA[len(r.pola) % len(ATURAN_DUA)],):
        jawab = tanya(username, "GET", r.alamat(dunia.contoh(r)))
        if r.milik == "api":
            assert jawab.status_code == 403, (username, jawab.status_code)
            continue
        assert jawab.status_code == 302 and jawab["Location"] == "/akun/dua-langkah/", (
            username,
            jawab.status_code,
        )
