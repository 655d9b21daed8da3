"""The server's keeper asks Dukcapil now, for an area or for a file, and loads the desil of a quarter."""

import csv
import threading
from contextlib import contextmanager

import pytest
from django.core.management import CommandError
from django.test import override_settings

from core.integrations.dukcapil.population import DEFAULT_DESA, Population
from core.integrations.dukcapil.simulator import Simulator
from core.models import Jejak, Pekerjaan
from dtks.models import Desil, HasilPadan, Individu, Keluarga, PadanBatch, TiketPadan
from portal import berkas_csv
from portal.management.commands import padankan
from portal.queries import periksa
from tests.portal.conftest import perintah

pytestmark = pytest.mark.usefixtures("demo")
DESA = "32.05.01.1001"


@contextmanager
def dukcapil(**atur):
    """The simulator in this process, over the people of the demo."""
    server = Simulator(
        ("127.0.0.1", 0),
        Population(),
        user="dinsos",
        password="rahasia-uji",
        ips={"127.0.0.1"},
        quota=100_000,
    )
    benang = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    benang.start()
    alamat = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        with override_settings(
            DUKCAPIL_URL=alamat,
            DUKCAPIL_USER="dinsos",
            DUKCAPIL_PASSWORD="rahasia-uji",
            DUKCAPIL_IP="127.0.0.1",
        ):
            yield server
    finally:
        server.state.stopping.set()
        server.shutdown()
        benang.join()
        server.server_close()


def belum_padan() -> int:
    return (
        Individu.objects.aktif()
        .filter(keluarga__wilayah__kode__startswith=DESA, nik_indeks__isnull=False)
        .exclude(padan="PADAN")
        .count()
    )


class TestWilayah:
    def test_without_a_worker_it_says_how_to_start_one(self, monkeypatch):
        monkeypatch.setattr(padankan, "_DIAM", 0.6)
        teks = perintah("padankan", wilayah=DESA)
        assert "celery -A config.celery worker" in teks
        assert "--langsung" in teks
        assert f"{belum_padan()} NIK diminta dicek." in teks

    def test_an_outage_changes_no_verdict_and_is_told(self):
        sebelum = dict(Individu.objects.values_list("pk", "padan"))
        with override_settings(DUKCAPIL_URL="http://127.0.0.1:9"):
            teks = perintah("padankan", wilayah=DESA, langsung=True)
        assert "Dukcapil belum menjawab" in teks
        assert dict(Individu.objects.values_list("pk", "padan")) == sebelum
        Pekerjaan.objects.filter(jenis="dtks.padankan").exclude(status="selesai").update(
            status="selesai"
        )  # so that the next test does not wait

    def test_asked_here_and_now(self, monkeypatch):
        monkeypatch.setattr(
            "dtks.tasks._breaker",
            type(
                "Terbuka", (), {"allow": lambda s: True, "success": lambda s: None, "failure": lambda s: None}
            )(),
        )
        n, hasil = belum_padan(), HasilPadan.objects.count()
        assert n
        with dukcapil():
            teks = perintah("padankan", wilayah=DESA, langsung=True)
        assert f"Selesai: {n} dari {n} terjawab." in teks
        assert HasilPadan.objects.count() == hasil + n
        batch = PadanBatch.objects.first()
        assert (batch.jumlah, batch.selesai) == (n, n)
        assert sum(batch.per_kategori.values()) == n
        for kategori, jumlah in batch.per_kategori.items():
            assert f"{Individu.Padan(kategori).label}: {jumlah}" in teks
        assert belum_padan() == n, "the register of the simulator has the same faults"
        assert TiketPadan.objects.terbuka().exists()
        assert not periksa.jalankan(berkas=False).pelanggaran

    @pytest.mark.parametrize("kode", ["99", "32.05.01.9999", "bukan", ""])
    def test_unknown_area(self, kode):
        with pytest.raises(CommandError, match="tidak dikenal"):
            perintah("padankan", wilayah=kode)


def orang_rekaan():
    """(NIK, name, birth date, category) of people who are not in the register."""
    families = [f for f in Population().families() if f.desa == DEFAULT_DESA[5]][:40]
    return [(m.told.nik, m.told.nama, m.told.tanggal_lahir, m.kategori) for f in families for m in f.members]


class TestBerkas:
    def test_a_file_gives_a_file_and_stores_nobody(self, tmp_path):
        orang = orang_rekaan()
        berkas = tmp_path / "daftar.csv"
        baris = [f"{nik};{nama};{lahir:%d-%m-%Y}" for nik, nama, lahir, _ in orang]
        berkas.write_text(
            "\ufeffNIK;Nama;Tanggal_Lahir\r\n"
            + "\r\n".join([*baris, "123;=HYPERLINK(1);01-01-1980", ";;"])
            + "\r\n"
        )
        sebelum = (Individu.objects.count(), HasilPadan.objects.count())
        with dukcapil():
            teks = perintah("padankan", file=berkas)
        with (tmp_path / "daftar-hasil.csv").open(encoding="utf-8-sig") as isi:
            hasil = list(csv.DictReader(isi))
        # PINDAH needs the area, which the file does not have.
        mau = [k if k != "PINDAH" else "PADAN" for *_, k in orang]
        assert [h["kategori"] for h in hasil] == [*mau, "FORMAT_SALAH"]
        assert hasil[-1]["nama"] == "'=HYPERLINK(1)"
        assert (Individu.objects.count(), HasilPadan.objects.count()) == sebelum
        jejak = Jejak.objects.get(aksi="padankan_berkas")
        assert jejak.rincian["jumlah"] == len(orang) + 1
        assert orang[0][0] not in str(jejak.rincian)
        assert f"Padan: {mau.count('PADAN')}" in teks

    def test_no_answer_is_said_row_by_row(self, tmp_path):
        berkas = tmp_path / "a.csv"
        berkas.write_text("nik,nama,tanggal_lahir\n3205012705560001,ABDUL,1956-05-27\n")
        with (
            override_settings(DUKCAPIL_URL="http://127.0.0.1:9"),
            pytest.raises(CommandError, match="1 baris tidak"),
        ):
            perintah("padankan", file=berkas)
        assert "GAGAL_LAYANAN" in (tmp_path / "a-hasil.csv").read_text()

    @pytest.mark.parametrize(
        ("isi", "kalimat"),
        [
            (b"nama\nA\n", "Kolom nik, tanggal_lahir tidak ada"),
            (b"\xff\xfe\x00", "UTF-8"),
            (b"", "Kolom nik"),
        ],
    )
    def test_a_file_that_is_none(self, tmp_path, isi, kalimat):
        berkas = tmp_path / "a.csv"
        berkas.write_bytes(isi)
        with pytest.raises(CommandError, match=kalimat):
            perintah("padankan", file=berkas)

    def test_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(CommandError, match="tidak bisa dibaca"):
            perintah("padankan", file=tmp_path / "tidak-ada.csv")


def test_no_cell_becomes_a_formula():
    for sel in ("=1+1", "+1", "-1", "@A1", "\t=1", "\r=1"):
        assert berkas_csv.aman(sel).startswith("'")
    assert berkas_csv.aman("SITI -") == "SITI -"


class TestDesil:
    SUMBER = "Surat BPS uji"

    def tulis(self, tmp_path, *baris):
        berkas = tmp_path / "desil.csv"
        berkas.write_text("no_kk,desil,triwulan\n" + "\n".join(baris) + "\n")
        return berkas

    def impor(self, berkas, triwulan="2030-1"):
        return perintah("impor_desil", berkas, triwulan=triwulan, sumber=self.SUMBER)

    def kk(self, n=3):
        return [k.no_kk.open() for k in Keluarga.objects.order_by("pk")[:n]]

    def test_new_same_unknown_and_conflicting(self, tmp_path):
        a, b, c = self.kk()
        berkas = self.tulis(tmp_path, f"{a},1,2030-1", f"{b},4,2030-1", "3205010101010099,2,2030-1")
        teks = self.impor(berkas)
        assert "2 baru, 0 sudah ada, 1 KK tidak dikenal." in teks
        assert "baris: 4." in teks
        assert self.impor(berkas).startswith("0 baru, 2 sudah ada")
        assert Jejak.objects.filter(aksi="impor_desil", objek_id="2030-1").count() == 1
        with pytest.raises(CommandError, match=r"Baris: 3\. Tidak ada yang disimpan"):
            self.impor(self.tulis(tmp_path, f"{c},2,2030-1", f"{b},5,2030-1"))
        assert Desil.objects.filter(tahun=2030).count() == 2
        assert not periksa.jalankan(berkas=False).pelanggaran

    def test_two_values_in_one_file(self, tmp_path):
        (a,) = self.kk(1)
        with pytest.raises(CommandError, match="Baris: 3"):
            self.impor(self.tulis(tmp_path, f"{a},1,2030-2", f"{a},2,2030-2"), "2030-2")
        assert not Desil.objects.filter(tahun=2030, triwulan=2).exists()

    @pytest.mark.parametrize(
        "isi",
        [
            "{kk},0,2030-3",
            "{kk},11,2030-3",
            "{kk},x,2030-3",
            "{kk},1.0,2030-3",
            "123,1,2030-3",
            "{kk},1,2030-2",
        ],
    )
    def test_wrong_rows_are_refused_by_number(self, tmp_path, isi):
        with pytest.raises(CommandError, match=r"[Bb]aris:? 2"):
            self.impor(self.tulis(tmp_path, isi.format(kk=self.kk(1)[0])), "2030-3")

    @pytest.mark.parametrize("triwulan", ["2030", "2030-5", "Q1 2030", "2030-1x"])
    def test_wrong_quarter(self, tmp_path, triwulan):
        with pytest.raises(CommandError, match="2026-4"):
            self.impor(self.tulis(tmp_path), triwulan)
