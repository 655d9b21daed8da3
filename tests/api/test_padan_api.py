"""A batch of NIK checks over the API: taken in at once, answered by jobs, told to its sender only."""

import json
import time
import uuid

import pytest

from core import outbox
from dtks import tasks  # noqa: F401 - the handlers register themselves
from dtks.models import BarisSilang, Silang
from tests.bantu.api import klien
from tests.dtks.test_cek_silang import muat, orang_uji

pytestmark = pytest.mark.django_db
ALAMAT = "/api/v1/padan/"


def kirim(k, isi, kunci=None, jenis="application/json"):
    badan = json.dumps(isi) if jenis == "application/json" else isi
    return k.post(ALAMAT, badan, content_type=jenis, headers={"Idempotency-Key": kunci or str(uuid.uuid4())})


def isian(anggota):
    return {
        "tujuan": "uji",
        "baris": [
            {"nik": m.told.nik, "nama": m.told.nama, "tgl_lahir": f"{m.told.tanggal_lahir:%Y-%m-%d}", "jenis_kelamin": m.told.jenis_kelamin}
            for m in anggota
        ],
    }  # fmt: skip


def selesaikan():
    while outbox.work(limit=500):
        pass


def test_json_dikirim_dikerjakan_dan_dibaca_hasilnya():
    anggota = orang_uji(60)
    muat(anggota)
    k = klien("padan")
    jawab = kirim(k, isian(anggota))
    assert jawab.status_code == 202, jawab.content
    satu = jawab.json()
    assert jawab["Location"] == f"{ALAMAT}{satu['id']}/" and (satu["status"], satu["jumlah"]) == ("jalan", 60)
    selesaikan()
    akhir = k.get(jawab["Location"]).json()
    assert akhir["status"] == "selesai" and sum(akhir["per_kategori"].values()) == 60
    hasil = b"".join(k.get(jawab["Location"] + "hasil/").streaming_content).decode().splitlines()
    assert hasil[0] == "nomor,kategori" and len(hasil) == 61
    assert not any(m.told.nik in "".join(hasil) for m in anggota)
    assert [r["id"] for r in k.get(ALAMAT).json()["results"]] == [satu["id"]]


def test_csv_yang_sama_dijawab_sama():
    anggota = orang_uji(10)
    muat(anggota)
    k = klien("padan")
    baris = "nik,nama\n" + "".join(f'{m.told.nik},"{m.told.nama}"\n' for m in anggota)
    jawab = kirim(k, baris, jenis="text/csv")
    assert jawab.status_code == 202, jawab.content
    selesaikan()
    assert k.get(jawab["Location"]).json()["selesai"] == 10


def test_kunci_idempotensi_yang_sama_satu_kiriman():
    k, isi = klien("padan"), isian(orang_uji(3))
    a, b = kirim(k, isi, "kunci-yang-sama"), kirim(k, isi, "kunci-yang-sama")
    assert a.json() == b.json() and b["Idempotent-Replayed"] == "true" and Silang.objects.count() == 1
    assert kirim(k, isian(orang_uji(2)), "kunci-yang-sama").status_code == 422
    assert BarisSilang.objects.count() == 3


@pytest.mark.parametrize(
    "isi",
    [
        {}, {"baris": []}, {"baris": "x"}, {"baris": [1]}, {"baris": [{}]}, {"baris": [{"nik": 1}]}, {"baris": [{"nik": "1", "x": "1"}]},
        {"baris": [{"nik": "1" * 300}]}, {"baris": [{"nik": "1"}], "x": 1}, {"baris": [{"nik": "1"}], "tujuan": ""}, {"baris": [{"nik": None}]},
    ],
)  # fmt: skip
def test_isian_salah_ditolak_dengan_nama_isiannya(isi):
    jawab = kirim(klien("padan"), isi)
    assert jawab.status_code == 400 and jawab.json()["errors"], jawab.content
    assert not Silang.objects.exists()


@pytest.mark.parametrize(
    "isi", ["", "a,b\n1,2\n", "nik,nik\n1,2\n", "nik\n1,2\n", 'nik\n"1', "nik\n", "nik\n1\x00\n", b"\xff\xfe"]
)
def test_csv_rusak_ditolak(isi):
    assert kirim(klien("padan"), isi, jenis="text/csv").status_code == 400


def test_kunci_lain_tidak_melihat_kiriman_ini():
    jawab = kirim(klien("padan"), isian(orang_uji(2)))
    lain = klien("padan")
    for akhir in ("", "hasil/"):
        ada, tiada = lain.get(jawab["Location"] + akhir), lain.get(f"{ALAMAT}{uuid.uuid4()}/{akhir}")
        assert ada.status_code == tiada.status_code == 404 and ada.content == tiada.content
    assert klien("register").get(ALAMAT).status_code == 403


def test_seratus_ribu_baris_dalam_satu_permintaan():
    baris = [
        {"nik": f"320501{1 + i % 28:02d}0180{i % 10000:04d}", "nama": f"Warga {i}"} for i in range(100_000)
    ]
    mulai = time.monotonic()
    jawab = kirim(klien("padan"), {"baris": baris})
    assert jawab.status_code == 202, jawab.content[:300]
    assert jawab.json()["jumlah"] == 100_000 == BarisSilang.objects.count()
    assert time.monotonic() - mulai < 60
    assert kirim(klien("padan"), {"baris": [*baris, {"nik": "1"}]}).status_code == 400
