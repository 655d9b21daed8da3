"""Hundreds of people at once, and a crowd that comes back in five seconds (docs/adr/0037, docs/kinerja.md "Load").

    ./test --load tests/beban                                    20 people for 40 seconds, a crowd of 60: does it work, not how fast is it
    ./test --load --beban penuh tests/beban                      400 operators for 30 minutes, 102,000 persons, a crowd of 2,000 (about 45 minutes)
    ./test --load --beban penuh --beban-detik 300 tests/beban    the same for five minutes (about 15)

Times are printed, not judged. What is judged: nothing that the portal said it keeps is lost or doubled, nobody meets an error, and what was
typed into a form that was sent away comes back in the page.
"""

import os
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection

from tests.beban import panggung as p
from tests.beban.panggung import Beban, Hasil, Ukuran

pytestmark = [pytest.mark.load, pytest.mark.timeout(7200)]


@pytest.fixture
def ukuran(request: pytest.FixtureRequest) -> Ukuran:
    return p.ukuran(request.config.getoption("--beban"), request.config.getoption("--beban-detik"))


@pytest.fixture
def beban(db_nyata, ukuran, tmp_path):
    p.isi_register(ukuran.usulan)
    with p.di_inti(p.SERVER) as awalan, Beban(tmp_path, awalan) as b:
        yield b
        connection.close()


def _cetak(judul: str, hasil: Hasil, ukuran: Ukuran, tabel: list[str], *lain: str) -> None:
    teks = [
        f"### {judul}", "", f"{ukuran}; load of the machine {os.getloadavg()[0]:.1f}; database connections at most {hasil.sambungan}; "
        f"CPU of the web processes {hasil.cpu:.0f} s", "", *tabel, "", *lain,
    ]  # fmt: skip
    print("\n" + "\n".join(teks), flush=True)
    with (Path(os.environ["DTKS_LOCAL_DIR"]) / "beban.md").open("a") as berkas:
        berkas.write("\n".join(teks) + "\n\n")


def _tanpa_galat(hasil: Hasil) -> None:
    galat = Counter(hasil.galat())
    ditolak = "".join(b.read_text() for b in hasil.folder.glob("ditolak-*.txt"))[:2000]
    assert hasil.baris, (hasil.folder / "locust.log").read_text()[-3000:]
    assert not galat, f"{galat}\n{ditolak}\n{(hasil.folder / 'locust.log').read_text()[-3000:]}"


def test_operator_bekerja_warga_bertanya_dan_berkas_diimpor(beban, ukuran):
    """L1, L3, L4: everybody at work while a file is imported."""
    rahasia = p.rahasia_baru()
    operator = p.buat_petugas(ukuran.operator, rahasia)
    impor = p.unggah_impor(ukuran.impor)
    hasil = beban.jalankan(
        ["Operator", "Warga"], {"operator": operator * 2, "totp": rahasia}, banyak=ukuran.operator + ukuran.warga,
        laju=max(4, ukuran.operator / 40), detik=ukuran.detik, pikir=ukuran.pikir, warga=ukuran.warga,
    )  # fmt: skip
    janji = p.periksa_janji(hasil)
    impor.refresh_from_db()
    masuk = 60 if ukuran.detik > 120 else 0  # the first minute is the logging in
    _cetak("Operators, citizens and an import", hasil, ukuran, hasil.tabel(sejak=masuk), *hasil.tabel(sejak=masuk, rinci=True),
           f"Ledger: {janji}. Import of {ukuran.impor:,} rows: {impor.status}.")  # fmt: skip
    _tanpa_galat(hasil)
    assert janji["janji"] and not janji["hilang"] and not janji["ganda"], janji
    assert {b[1] for b in hasil.baris if b[6] == "ya"} >= {"masuk", "baca", "tulis", "unggah", "cek"}
    assert impor.status == "siap", "the file was checked meanwhile"


def test_kawanan_kembali_serentak(beban, ukuran):
    """L2, F43: everybody returns within five seconds; who can't be served is sent away politely and loses nothing."""
    rahasia = p.rahasia_baru()
    orang = p.buat_petugas(ukuran.kawanan, rahasia)
    p.beri_sesi([o for n, o in enumerate(orang) if n % 10])  # every tenth has to log in again
    # Who was sent away comes back after 8 to 40 seconds, maybe more than once.
    detik = 240 if ukuran.kawanan > 1000 else 100
    hasil = beban.jalankan(
        ["Kawanan"], {"kawanan": orang, "totp": rahasia}, banyak=ukuran.kawanan, laju=ukuran.laju_kawanan, detik=detik, pikir=1,
    )  # fmt: skip
    janji = p.periksa_janji(hasil)
    status = Counter(b[4] for b in hasil.baris)
    _cetak("The crowd: the first minute", hasil, ukuran, hasil.tabel(sampai=60), "After the first minute:", "",
           *hasil.tabel(sejak=60), f"Statuses: {dict(status)}. Ledger: {janji}.")  # fmt: skip
    _tanpa_galat(hasil)
    assert set(status) <= {200, 302, 429, 503}, status
    assert not janji["hilang"] and not janji["ganda"] and not janji["tidak_kembali"], janji
    kembali = sum(b[1] == "kembali" and b[6] == "ya" for b in hasil.baris)
    assert kembali == ukuran.kawanan, f"{kembali} of {ukuran.kawanan} got in"
