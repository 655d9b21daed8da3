"""Downloading a list: the rows of the page and no other, masked unless allowed, logged, and never a formula."""

import csv
import io
import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.models import Pemberitahuan
from core import files, outbox
from core.models import Berkas, Jejak, Ketentuan, Pekerjaan
from dtks.models import Individu, Keluarga, Musyawarah, Usulan
from dtks.queries.unduhan import JOB
from tests.bantu.alur import Perjalanan, keluarga_uji, orang, sampai
from tests.bantu.pemain import DESA2

pytestmark = pytest.mark.django_db
LISTS = (
    "usulan_unduh",
    "keluarga_unduh",
    "padan_unduh",
    "musyawarah_unduh",
    "verifikasi_unduh",
    "pengesahan_unduh",
    "sk_unduh",
)


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True


def unduh(client, nama: str, saring: str = "", **isi):
    data = {"kunci_kirim": str(uuid.uuid4()), "format": "xlsx", "nomor": "samar", **isi}
    return client.post(reverse(nama) + saring, data)


def isi_berkas(jawab) -> list[list[str]]:
    assert jawab.status_code == 200, jawab.content.decode()[:2000]
    isi = b"".join(jawab.streaming_content)
    if jawab["Content-Type"].startswith("text/csv"):
        baris = list(csv.reader(io.StringIO(isi.decode("utf-8-sig"), newline="")))
        return baris[:-2]  # the empty line and the note
    return CalamineWorkbook.from_filelike(io.BytesIO(isi)).get_sheet_by_index(0).to_python()


def semua_teks(jawab) -> str:
    return repr(isi_berkas(jawab))


@pytest.fixture
def dua_desa():
    """A proposal in each of two desa of the kecamatan, and one in another kabupaten."""
    satu = Perjalanan(nomor=0)
    satu.diajukan()
    dua = Perjalanan(
        nomor=1, desa=DESA2, pengusul="operator2", operator="operator2", lurah="lurah2", program="BPNT"
    )
    dua.diajukan()
    lain = Perjalanan(
        nomor=2, desa="32.06.02.2001", pengusul="operator.lain", operator="operator.lain", lurah="lurah.lain"
    )
    lain.diajukan()
    return satu, dua, lain


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_berkas_berisi_baris_yang_terlihat_di_daftar_saja(masuk, dua_desa, format):
    satu, dua, lain = dua_desa
    baris = isi_berkas(unduh(masuk("operator"), "usulan_unduh", format=format))
    assert [b[0] for b in baris[1:]] == [satu.usulan.tiket]
    baris = isi_berkas(unduh(masuk("verifikator"), "usulan_unduh", format=format))
    assert {b[0] for b in baris[1:]} == {satu.usulan.tiket, dua.usulan.tiket}
    assert lain.usulan.tiket not in repr(baris)


@pytest.mark.parametrize("langsung", [100, 0], ids=["seketika", "di latar belakang"])
def test_saringan_yang_dilupakan_tidak_membawa_kabupaten_lain_ke_berkas(
    masuk, dua_desa, monkeypatch, langsung
):
    """The second wall stands around the writing of the file too, in a request and in a job (docs/adr/0034)."""
    satu, dua, lain = dua_desa
    Ketentuan.objects.filter(kunci="ekspor.batas").update(
        nilai={"langsung": langsung, "maks": 100, "simpan_jam": 24}
    )
    monkeypatch.setattr(type(Usulan.objects.all()), "visible_to", lambda self, user: self.all())
    jawab = unduh(masuk("verifikator"), "usulan_unduh", format="csv")
    if not langsung:
        kerjakan()
        jawab = masuk("verifikator").get(
            reverse("unduhan_ambil", args=[Berkas.objects.get(jenis="unduhan:usulan:samar").pk])
        )
    tiket = {b[0] for b in isi_berkas(jawab)[1:]}
    assert tiket == {satu.usulan.tiket, dua.usulan.tiket} and lain.usulan.tiket not in tiket


def test_saringan_halaman_berlaku_juga_di_berkas(masuk, dua_desa):
    satu, dua, _ = dua_desa
    baris = isi_berkas(unduh(masuk("verifikator"), "usulan_unduh", "?program=BPNT"))
    assert [b[0] for b in baris[1:]] == [dua.usulan.tiket]
    assert masuk("verifikator").get(reverse("usulan_unduh") + "?program=ABC").status_code == 400
    assert masuk("verifikator").get(reverse("usulan_unduh") + "?x=1").status_code == 400
    assert satu.usulan.tiket not in repr(baris)


def test_halaman_unduh_menyebut_jumlah_dan_saringan(masuk, dua_desa, get_tidak_menulis):
    teks = masuk("verifikator").get(reverse("usulan_unduh") + "?program=BPNT").content.decode()
    assert "1 baris" in teks and "Saringan program: Sembako (BPNT)" in teks
    assert "Lengkap" not in teks, "no power to export full numbers"
    assert "Lengkap" in masuk("operator").get(reverse("usulan_unduh")).content.decode()


def test_nomor_disamarkan_kecuali_bagi_yang_berkuasa(masuk, dua_desa):
    keluarga = keluarga_uji(0)
    nik, kk = keluarga.told[0].nik, keluarga.kk
    for username in ("rtrw", "lurah", "verifikator", "inspektorat", "operator", "supervisor"):
        teks = semua_teks(unduh(masuk(username), "usulan_unduh"))
        assert nik not in teks and kk not in teks, username
        assert nik[:4] in teks
    for username in (
        "rtrw",
        "lurah",
        "verifikator",
    ):  # the field is not in their form: what they send is not read
        assert nik not in semua_teks(
            unduh(masuk(username), "usulan_unduh", nomor="lengkap", alasan="ingin tahu")
        )
    for format in ("csv", "xlsx"):
        jawab = unduh(
            masuk("operator"), "usulan_unduh", nomor="lengkap", alasan="diunggah ke SIKS-NG", format=format
        )
        baris = isi_berkas(jawab)
        kepala = dict(zip(baris[0], baris[1], strict=True))
        assert (kepala["NIK kepala keluarga"], kepala["Nomor KK"]) == (nik, kk)


def test_nomor_lengkap_minta_alasan(masuk, dua_desa):
    jawab = unduh(masuk("operator"), "usulan_unduh", nomor="lengkap")
    isi = jawab.content.decode()
    assert jawab.status_code == 422 and "Tulis untuk apa" in isi
    assert "(boleh kosong)" not in isi and 'data-bila="nomor:lengkap"' in isi
    assert not Jejak.objects.filter(aksi="ekspor").exists()


def test_setiap_unduhan_tercatat_tanpa_isi_ketikan(masuk, dua_desa):
    satu = dua_desa[0]
    isi_berkas(
        unduh(
            masuk("operator"), "usulan_unduh", "?program=PKH", nomor="lengkap", alasan="diunggah ke SIKS-NG"
        )
    )
    jejak = Jejak.objects.get(aksi="ekspor")
    assert (jejak.aktor_nama, jejak.peran, jejak.wilayah) == ("operator", "OPERATOR_DESA", "32.05.01.1001")
    assert jejak.rincian["jumlah"] == 1 and jejak.rincian["saring"] == {"program": "PKH"}
    assert jejak.rincian["nomor"] == "lengkap" and jejak.rincian["alasan"] == "diunggah ke SIKS-NG"
    assert len(jejak.rincian["sha256"]) == 64
    nama = satu.usulan.keluarga.nama_kepala
    isi_berkas(unduh(masuk("operator"), "keluarga_unduh", f"?nama={nama[:3]}"))
    assert Jejak.objects.filter(aksi="ekspor").order_by("-pk")[0].rincian["saring"] == {"nama": "diisi"}


def test_batas_harian_menutup_pintu(masuk, dua_desa):
    Ketentuan.objects.filter(kunci="ekspor.batas_harian").update(nilai={"samar": 2, "nomor": 1})
    operator = masuk("operator")
    assert unduh(operator, "usulan_unduh").status_code == 200
    assert unduh(operator, "keluarga_unduh").status_code == 200
    jawab = unduh(operator, "usulan_unduh")
    assert jawab.status_code == 422 and "sudah habis" in jawab.content.decode()
    assert unduh(operator, "usulan_unduh", nomor="lengkap", alasan="diunggah ke SIKS-NG").status_code == 200
    assert unduh(operator, "usulan_unduh", nomor="lengkap", alasan="diunggah ke SIKS-NG").status_code == 422
    assert Jejak.objects.filter(aksi="ekspor").count() == 3


def jatah(**peran):
    satu = Ketentuan.objects.get(kunci="ekspor.baris_sehari")
    Ketentuan.objects.filter(pk=satu.pk).update(nilai=satu.nilai | peran)


def test_baris_sehari_menurut_peran(masuk, dua_desa):
    """The operator sees one of the proposals, the supervisor two: each takes out what the role allows, and no row more."""
    jatah(OPERATOR_DESA={"samar": 2, "nomor": 1}, SUPERVISOR={"samar": 3, "nomor": 0})
    operator, supervisor = masuk("operator"), masuk("supervisor")
    assert [unduh(operator, "usulan_unduh").status_code for _ in range(3)] == [200, 200, 422]
    assert unduh(operator, "usulan_unduh", nomor="lengkap", alasan="diunggah ke SIKS-NG").status_code == 200
    habis = unduh(operator, "usulan_unduh", nomor="lengkap", alasan="diunggah ke SIKS-NG")
    assert habis.status_code == 422 and "Peran Anda paling banyak 1 baris sehari" in habis.content.decode()
    assert [unduh(supervisor, "usulan_unduh").status_code for _ in range(2)] == [200, 422]
    tidak = unduh(supervisor, "usulan_unduh", nomor="lengkap", alasan="diunggah ke SIKS-NG")
    assert tidak.status_code == 422 and "tidak mengunduh daftar perorangan" in tidak.content.decode()
    assert Jejak.objects.filter(aksi="ekspor").count() == 4


def test_provinsi_membaca_angka_dan_tidak_mengunduh_orang(masuk, dua_desa):
    jawab = unduh(masuk("provinsi"), "usulan_unduh")
    assert jawab.status_code == 422 and "Serah data" in jawab.content.decode()


def test_jatah_yang_sama_berlaku_lewat_api_dalam_sesi(masuk, dua_desa):
    jatah(SUPERVISOR={"samar": 3, "nomor": 0})
    supervisor = masuk("supervisor")
    assert unduh(supervisor, "usulan_unduh").status_code == 200  # two rows
    assert supervisor.get("/api/v1/usulan/?ukuran=1").status_code == 200
    habis = supervisor.get("/api/v1/usulan/?ukuran=1")
    assert habis.status_code == 429 and int(habis["Retry-After"]) > 0
    assert supervisor.get("/api/v1/program/").status_code == 200  # no person in it
    assert unduh(supervisor, "usulan_unduh").status_code == 422
    jatah(PROVINSI={"samar": 0, "nomor": 0, "api": 3})
    provinsi = masuk("provinsi")
    assert [provinsi.get("/api/v1/usulan/").status_code for _ in range(2)] == [200, 429]


def test_tidak_ada_rumus_dari_kolom_mana_pun(masuk):
    """Every text column of every list holds a formula; none of them leaves as one."""
    p = sampai("disahkan", nomor=3)
    p.padankan("TIDAK_PADAN_NAMA")
    terbuka = Perjalanan(nomor=4)
    terbuka.dimusyawarahkan()  # the closed one of the first family is frozen
    for sel in ("=1+1", "@SUM(A1)", "\t=x"):
        Keluarga.objects.filter(pk=p.usulan.keluarga_id).update(nama_kepala=sel, alamat=sel)
        Individu.objects.filter(keluarga=p.usulan.keluarga_id).update(nama=sel)
        Musyawarah.objects.filter(pk=terbuka.musyawarah.pk).update(tempat=sel, pimpinan=sel, agenda=sel)
        bertemu = 0
        for format in ("csv", "xlsx"):
            for nama in LISTS:
                siapa = "supervisor" if nama != "verifikasi_unduh" else "verifikator"
                for baris in isi_berkas(unduh(masuk(siapa), nama, format=format))[1:]:
                    assert not any(str(s).lstrip().startswith(tuple("=+-@")) for s in baris), (nama, baris)
                    bertemu += sum(str(s) == f"'{sel}" for s in baris)
        assert bertemu >= 10


def test_kolom_peka_tidak_ada_di_daftar_mana_pun(masuk, dua_desa):
    peka = (
        "ppks",
        "disabilitas",
        "hamil",
        "penyakit",
        "desil",
        "pendapatan",
        "ibu kandung",
        "suku",
        "telepon",
    )
    for nama in LISTS:
        judul = isi_berkas(unduh(masuk("supervisor"), nama))[0]
        assert judul and not [j for j in judul if any(k in j.lower() for k in peka)], (nama, judul)


def test_yang_tidak_boleh_melihat_daftarnya_tidak_menemukan_unduhannya(masuk):
    for nama, siapa in (("padan_unduh", "rtrw"), ("musyawarah_unduh", "rtrw"), ("verifikasi_unduh", "operator"), ("keluarga_unduh", "admin"), ("sk_unduh", "dukcapil")):  # fmt: skip
        assert masuk(siapa).get(reverse(nama)).status_code == 404, nama
        assert unduh(masuk(siapa), nama).status_code == 404, nama


def kerjakan() -> None:
    """Run the queue inside the test's transaction."""
    for job in Pekerjaan.objects.filter(jenis=JOB, status=Pekerjaan.Status.MENUNGGU):
        with transaction.atomic():
            outbox._finish(job, lambda job=job: outbox._handlers[JOB].effect(job))


def test_daftar_panjang_dibuat_di_latar_belakang_dan_hanya_pemiliknya_yang_bisa_mengambil(masuk, dua_desa):
    Ketentuan.objects.filter(kunci="ekspor.batas").update(
        nilai={"langsung": 0, "maks": 100, "simpan_jam": 24}
    )
    operator, kunci = masuk("operator"), str(uuid.uuid4())
    for _ in range(2):  # a double click is one file
        jawab = unduh(
            operator, "usulan_unduh", nomor="lengkap", alasan="diunggah ke SIKS-NG", kunci_kirim=kunci
        )
        assert (jawab.status_code, jawab.url) == (302, "/unduhan/")
    assert "diunggah" not in repr(Pekerjaan.objects.get(jenis=JOB).argumen)
    kerjakan()
    assert Pekerjaan.objects.get(jenis=JOB).status == Pekerjaan.Status.SELESAI
    berkas = Berkas.objects.get(jenis="unduhan:usulan:lengkap")
    nik = keluarga_uji(0).told[0].nik
    assert nik.encode() not in files.path_of(berkas.pk).read_bytes()
    assert Pemberitahuan.objects.filter(pengguna__username="operator", tautan="/unduhan/").exists()
    assert Jejak.objects.filter(aksi="ekspor", rincian__nomor="lengkap").count() == 1
    assert berkas.nama_tampil in operator.get("/unduhan/").content.decode()
    alamat = reverse("unduhan_ambil", args=[berkas.pk])
    assert nik in semua_teks(operator.get(alamat))
    for username in ("operator2", "lurah", "supervisor", "admin"):
        assert masuk(username).get(alamat).status_code == 404
        assert berkas.nama_tampil not in masuk(username).get("/unduhan/").content.decode()


def test_berkas_lewat_waktu_hilang_dari_halaman_dan_dari_penyimpanan(
    masuk, dua_desa, django_capture_on_commit_callbacks
):
    Ketentuan.objects.filter(kunci="ekspor.batas").update(
        nilai={"langsung": 0, "maks": 100, "simpan_jam": 24}
    )
    operator = masuk("operator")
    unduh(operator, "usulan_unduh")
    kerjakan()
    berkas = Berkas.objects.get(jenis__startswith="unduhan:")
    Berkas.objects.filter(pk=berkas.pk).update(created_at=timezone.now() - timedelta(hours=25))
    assert operator.get(reverse("unduhan_ambil", args=[berkas.pk])).status_code == 404
    assert files.path_of(berkas.pk).exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert outbox._handlers["dtks.buang_unduhan"].effect(None) == {"dihapus": 1}
    assert not files.path_of(berkas.pk).exists() and not Berkas.objects.filter(pk=berkas.pk).exists()


def test_peran_yang_dicabut_tidak_mendapat_berkas(masuk, dua_desa):
    Ketentuan.objects.filter(kunci="ekspor.batas").update(
        nilai={"langsung": 0, "maks": 100, "simpan_jam": 24}
    )
    operator = masuk("operator")
    unduh(operator, "usulan_unduh", nomor="lengkap", alasan="diunggah ke SIKS-NG")
    orang("operator").penugasan.update(berlaku_hingga=timezone.localdate() - timedelta(days=1))
    kerjakan()
    assert not Berkas.objects.filter(jenis__startswith="unduhan:").exists()
    assert "ditolak" in Pekerjaan.objects.get(jenis=JOB).hasil


def test_terlalu_banyak_baris_diminta_dipersempit(masuk, dua_desa):
    Ketentuan.objects.filter(kunci="ekspor.batas").update(nilai={"langsung": 0, "maks": 0, "simpan_jam": 24})
    jawab = unduh(masuk("operator"), "usulan_unduh")
    assert jawab.status_code == 422 and "Persempit" in jawab.content.decode()


def test_daftar_kosong_tetap_bisa_diunduh(masuk):
    assert len(isi_berkas(unduh(masuk("operator"), "usulan_unduh"))) == 1


def test_nama_berkas_dan_kepala_jawaban(masuk, dua_desa):
    jawab = unduh(masuk("operator"), "keluarga_unduh")
    assert jawab["Content-Disposition"].startswith('attachment; filename="Daftar keluarga (BNBA) ')
    assert jawab["Cache-Control"] == "private, no-store" and jawab["X-Content-Type-Options"] == "nosniff"
    kepala = isi_berkas(jawab)[0]
    assert kepala[:2] == ["Nama kepala keluarga", "NIK kepala keluarga"]


def test_berkas_daerah_lama_tidak_bisa_diambil_sesudah_pindah_tugas(masuk, dua_desa):
    Ketentuan.objects.filter(kunci="ekspor.batas").update(
        nilai={"langsung": 0, "maks": 100, "simpan_jam": 24}
    )
    unduh(masuk("operator"), "usulan_unduh", nomor="lengkap", alasan="diunggah ke SIKS-NG")
    kerjakan()
    alamat = reverse("unduhan_ambil", args=[Berkas.objects.get(jenis="unduhan:usulan:lengkap").pk])
    assert masuk("operator").get(alamat).status_code == 200
    orang("operator").penugasan.update(wilayah=DESA2)
    assert masuk("operator").get(alamat).status_code == 404
