"""A whole family in one sending, as the phone's queue sends it: all or nothing, once, and every refusal at its field."""

import html
import json
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from accounts.models import Pengguna
from core import rules
from dtks.forms.pilihan import pilihan
from dtks.models import FotoKeluarga, Individu, Keluarga, Rumah, TemuanGanda, Usulan
from dtks.queries import kelengkapan
from tests.bantu.alur import HUBUNGAN, KAWIN, foto, keluarga_uji, orang

ALAMAT = "/usulan/baru/lengkap/"
RUMAH = {
    "status_rumah": "1", "luas_lantai": "36", "lantai": "8", "dinding": "4", "atap": "2", "air_minum": "5", "penerangan": "1", "daya": "450",
    "memasak": "10", "bab": "6", "jarak_limbah": "1",
}  # fmt: skip


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True


def anggota(n: int, person, hubungan: str) -> dict[str, str]:
    isi = {
        "nik": person.nik, "nama": person.nama, "tempat_lahir": person.tempat_lahir, "tgl_lahir": person.tanggal_lahir.isoformat(),
        "jenis_kelamin": "1" if person.jenis_kelamin.upper().startswith("L") else "2", "hubungan": hubungan, "keberadaan": "1",
        "status_kawin": KAWIN.get(person.status_kawin, "1"), "ibu_kandung": person.nama_ibu, "partisipasi_sekolah": "3",
        "bekerja": "tidak",
    }  # fmt: skip
    return {f"anggota-{n}-{k}": v for k, v in isi.items()}


def isi(n: int = 0, **ubah) -> dict[str, str]:
    keluarga = keluarga_uji(n)
    kepala, *lain = keluarga.told
    data = {
        "kunci_kirim": str(uuid.uuid4()), "no_kk": keluarga.kk, "wilayah": "32.05.01.1001", "alamat": keluarga.alamat,
        "rt": "1", "rw": "5", "patokan": "Belakang masjid", "lintang": "-7.227906", "bujur": "107.908699",
        "program": "PKH", "jalur": "REGULER", "alasan_usul": "Kepala keluarga sakit.",
        **{f"rumah-{k}": v for k, v in RUMAH.items()}, **anggota(0, kepala, "1"),
    }  # fmt: skip
    for nomor, person in enumerate(lain, 1):
        data |= anggota(nomor, person, HUBUNGAN.get(person.hubungan, "8"))
    return data | ubah


def kirim(client, data):
    aset = {f"aset-{k}": "0" for k, _ in pilihan(["aset"])["aset"]}
    return client.post(ALAMAT, aset | data, headers={"accept": "application/json"})


def jumlah():
    return (Usulan.objects.count(), Keluarga.objects.count(), Individu.objects.count(), Rumah.objects.count())


def test_satu_keluarga_lengkap_sekali_kirim(masuk):
    operator = masuk("operator")
    assert "bisa tanpa sinyal" in operator.get(ALAMAT).content.decode()
    jawab = kirim(operator, isi(0)).json()
    usulan = Usulan.objects.get(pk=jawab["usulan"])
    assert usulan.status == "draf" and usulan.tiket == jawab["tiket"]
    assert usulan.keluarga.anggota.count() == len(keluarga_uji(0).told)
    assert usulan.keluarga.patokan == "Belakang masjid" and str(usulan.keluarga.lintang) == "-7.227906"
    assert usulan.keluarga.aset.count() > 10
    jawab_foto = operator.post(
        jawab["foto"],
        {
            "kunci_kirim": str(uuid.uuid4()),
            "jenis": "rumah_depan",
            "foto": SimpleUploadedFile("a.jpg", foto()),
        },
    )
    assert jawab_foto.status_code == 200
    usulan.refresh_from_db()
    assert kelengkapan.hitung(usulan.keluarga).kurang == []
    resi = operator.get(jawab["resi"]).content.decode()
    assert "Tanda terima usulan" in resi, "the PIN is there for the citizen"


def test_rt_rw_mengirim_satu_keluarga_hanya_jalur_reguler(masuk):
    rt = masuk("rtrw")
    halaman = rt.get(ALAMAT).content.decode()
    assert 'name="jalur" value="REGULER"' in halaman and 'value="KEDARURATAN"' not in halaman
    rw = {"wilayah": "32.05.01.1001.005"}
    paksa = kirim(rt, isi(3) | rw | {"jalur": "KEDARURATAN"})
    assert paksa.status_code == 422 and "jalur" in paksa.json()["galat"] and jumlah()[0] == 0
    seluruh_desa = kirim(rt, isi(3))
    assert seluruh_desa.status_code == 422 and "wilayah" in seluruh_desa.json()["galat"], (
        "not beyond the own RW"
    )
    jawab = kirim(rt, isi(3) | rw)
    assert jawab.status_code == 200, jawab.json()
    usulan = Usulan.objects.get(pk=jawab.json()["usulan"])
    assert usulan.jalur == "REGULER" and usulan.created_by.username == "rtrw"
    foto_rt = {"kunci_kirim": str(uuid.uuid4()), "jenis": "rumah_depan"}
    jawab_foto = rt.post(jawab.json()["foto"], {**foto_rt, "foto": SimpleUploadedFile("a.jpg", foto())})
    assert jawab_foto.status_code == 200


@pytest.mark.parametrize(
    ("dikirim", "tersimpan"), [("12", 12), ("", None), ("12,5", 422), ("-3", 422), ("9" * 30, 422)]
)
def test_ketelitian_titik_disimpan_bersama_titiknya(masuk, dikirim, tersimpan):
    jawab = kirim(masuk("operator"), isi(0) | {"akurasi_m": dikirim})
    if tersimpan == 422:
        assert jawab.status_code == 422 and "akurasi_m" in jawab.json()["galat"] and jumlah()[0] == 0
        return
    assert Keluarga.objects.get(pk=Usulan.objects.get().keluarga_id).akurasi_m == tersimpan


def test_ketelitian_tanpa_titik_tidak_disimpan(masuk):
    kirim(masuk("operator"), isi(0) | {"akurasi_m": "12", "lintang": "", "bujur": ""})
    assert Keluarga.objects.get().akurasi_m is None


def test_syarat_di_halaman_sama_dengan_ketentuan(masuk):
    """The phone asks by the same rule as the server counts: for every answer that opens another one, a field is there."""
    halaman = masuk("operator").get(ALAMAT).content.decode()
    syarat = json.loads(html.unescape(re.search(r'data-syarat="([^"]*)"', halaman)[1]))
    resmi = rules.value("formulir.wajib", "32.05.01.1001")
    assert {k: [s["kolom"] for s in v] for k, v in syarat.items()} == {
        k: [s["kolom"] for s in v] for k, v in resmi.items()
    }
    awalan = {"keluarga": "", "anggota": "anggota-__n__-", "rumah": "rumah-"}
    for bagian, daftar in syarat.items():
        for satu in daftar:
            for nama in (satu["kolom"], *satu["bila"]):
                assert f'name="{awalan[bagian]}{nama}"' in halaman, (bagian, nama)
    bekerja = next(s for s in syarat["anggota"] if s["kolom"] == "pendapatan")
    assert bekerja["bila"] == {"bekerja": ["ya"]}


def test_dikirim_lagi_karena_jawaban_terputus_tetap_satu(masuk):
    operator, data = masuk("operator"), isi(1)
    pertama, kedua = kirim(operator, data).json(), kirim(operator, data).json()
    assert pertama == kedua and jumlah()[:2] == (1, 1)
    lain = kirim(operator, {**data, "alamat": "Lain"})
    assert lain.status_code == 409 and jumlah()[:2] == (1, 1)
    satu_foto = {"kunci_kirim": str(uuid.uuid4()), "jenis": "rumah_depan"}
    for _ in range(3):
        jawab = operator.post(pertama["foto"], {**satu_foto, "foto": SimpleUploadedFile("a.jpg", foto())})
        assert jawab.status_code == 200
    assert FotoKeluarga.objects.count() == 1


def test_dikirim_serempak_tetap_satu(db_nyata):
    data, gerbang = isi(2), Barrier(4)

    def satu(_):
        try:
            client = Client()
            client.force_login(orang("operator"), backend="django.contrib.auth.backends.ModelBackend")
            gerbang.wait(20)
            return kirim(client, data).json()["usulan"]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as kolam:
        assert len(set(kolam.map(satu, range(4)))) == 1
    assert jumlah()[:2] == (1, 1)


def test_setiap_galat_di_kolomnya_dan_tidak_ada_yang_tersimpan(masuk):
    operator, data = masuk("operator"), isi(0)
    rusak = {
        **data, "anggota-1-nik": data["anggota-0-nik"], "anggota-1-hubungan": "1", "rumah-lantai": "", "alamat": "",
        "anggota-1-tgl_lahir": "kemarin", "bujur": "",
    }  # fmt: skip
    jawab = kirim(operator, rusak)
    galat = jawab.json()["galat"]
    assert jawab.status_code == 422
    assert {
        "anggota-1-nik",
        "anggota-1-hubungan",
        "anggota-1-tgl_lahir",
        "rumah-lantai",
        "alamat",
        "bujur",
    } <= set(galat)
    assert jumlah() == (0, 0, 0, 0)
    assert kirim(operator, data).status_code == 200, "the same key may be sent again after a refusal"


def test_nik_yang_sudah_ada_ditunjukkan_dan_isian_tidak_hilang_separuh(masuk):
    operator = masuk("operator")
    kirim(operator, isi(0))
    ada = Keluarga.objects.get()
    baru = isi(1) | {"anggota-1-nik": keluarga_uji(0).told[0].nik}
    jawab = kirim(operator, baru)
    assert jawab.status_code == 422
    assert "sudah tercatat di keluarga" in jawab.json()["galat"]["anggota-1-nik"][0]
    assert jawab.json()["tautan"] == {"nama": ada.nama_kepala, "url": f"/keluarga/{ada.pk}/"}
    assert Keluarga.objects.count() == 1
    cek = operator.post(ALAMAT, {"cek_nik": "1", "nik": keluarga_uji(0).told[0].nik}).json()
    assert cek["keadaan"] == "sendiri" and cek["tautan"]["url"] == f"/keluarga/{ada.pk}/"


def test_nik_di_wilayah_lain_tidak_membocorkan_apa_pun_dan_dicatat_sebagai_temuan(masuk):
    kirim(masuk("operator"), isi(0))
    jawab = kirim(masuk("operator.lain"), isi(0) | {"wilayah": "32.06.02.2001", "no_kk": ""})
    assert jawab.status_code == 422 and jawab.json()["tautan"] is None
    assert keluarga_uji(0).told[0].nama not in jawab.content.decode()
    assert "wilayah lain" in jawab.json()["galat"]["anggota-0-nik"][0]
    assert TemuanGanda.objects.count() == 1


@pytest.mark.parametrize("wilayah", ["32.06.02.2001", "32.05.01.1003", "99.99.99.9999", ""])
def test_desa_di_luar_wilayah_tugas_ditolak(masuk, wilayah):
    jawab = kirim(masuk("operator"), isi(0) | {"wilayah": wilayah})
    if jawab.status_code == 200:
        assert Keluarga.objects.get().wilayah_id == "32.05.01.1001", "the only area there is"
    else:
        assert "wilayah" in jawab.json()["galat"] and jumlah()[0] == 0


def test_foto_untuk_usulan_orang_lain_tidak_ada(masuk):
    alamat = kirim(masuk("operator"), isi(0)).json()["foto"]
    data = {
        "kunci_kirim": str(uuid.uuid4()),
        "jenis": "rumah_depan",
        "foto": SimpleUploadedFile("a.jpg", foto()),
    }
    assert masuk("operator.lain").post(alamat, data).status_code == 404
    data["foto"] = SimpleUploadedFile("a.jpg", b"bukan foto")
    rusak = masuk("operator").post(alamat, data)
    assert rusak.status_code == 422 and "bukan foto" in str(rusak.json()["galat"])
    assert not FotoKeluarga.objects.exists()


def test_hanya_yang_boleh_mengusulkan(masuk):
    for bukan in ("lurah", "verifikator", "kadis", "admin"):
        assert masuk(bukan).get(ALAMAT).status_code == 404
        assert kirim(masuk(bukan), isi(0)).status_code == 404
    assert jumlah()[0] == 0


@pytest.mark.parametrize("buruk", ["\x00", "x" * 100_000, "💣" * 500, "' or 1=1 --", "٣٢٠٥", "-1", "[]"])
def test_isian_jahat_menjadi_kalimat(masuk, buruk):
    operator = masuk("operator")
    data = isi(0)
    for nama in (
        "anggota-0-nik",
        "anggota-0-nama",
        "rumah-luas_lantai",
        "lintang",
        "wilayah",
        "kunci_kirim",
        "anggota-99-nik",
    ):
        jawab = kirim(operator, data | {nama: buruk})
        assert jawab.status_code in (200, 400, 409, 422), (nama, jawab.status_code)
        assert Pengguna.objects.exists()
