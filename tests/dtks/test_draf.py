"""Half-filled forms are kept for their owner, and for nobody else."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core import rules
from dtks import tasks
from dtks.actions import draf
from dtks.models import DrafIsian, Rumah, Usulan
from dtks.queries import draf as baca
from tests.bantu.alur import keluarga_uji, orang
from tests.dtks.test_usulan_layar import isi, teks

BARU = "/usulan/baru/isian/"


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True


def simpan(client, kunci=BARU, **data):
    return client.post("/draf/", {"draf_kunci": kunci, "draf_json": "1", **data})


def test_isian_selamat_dari_keluar_dan_pindah_hp(masuk):
    hp = masuk("operator")
    data = isi(0, alasan_usul="Atap bocor")
    assert simpan(hp, **data).json()["pada"]
    hp.post("/keluar/")
    hp_lain = masuk("operator")
    halaman = teks(hp_lain.get("/usulan/baru/"))
    assert "Ada isian yang belum dikirim, tersimpan" in halaman and data["nik"] not in halaman
    isian = teks(hp_lain.get(f"{BARU}?draf=pakai"))
    assert data["nik"] in isian and "Atap bocor" in isian and data["nama"] in isian
    assert data["kunci_kirim"] not in isian, "the form that is opened again is a new sending"


def test_terkirim_berarti_drafnya_hilang(masuk):
    operator = masuk("operator")
    data = isi(0)
    simpan(operator, **data)
    assert operator.post(BARU, data).status_code == 302
    assert not DrafIsian.objects.exists()
    assert operator.get(f"{BARU}?draf=pakai").url == "/usulan/baru/"


def test_tombol_simpan_sementara_tanpa_javascript(masuk, sampai):
    operator, usulan = masuk("operator"), sampai("diajukan").usulan
    alamat = reverse("usulan_rumah", args=[usulan.pk])
    assert "Simpan sementara" in teks(operator.get(alamat))
    jawab = operator.post("/draf/", {"draf_kunci": alamat, "luas_lantai": "36", "lantai": "8"}, follow=True)
    assert "Tersimpan sementara" in teks(jawab) and "Ada isian yang belum dikirim" in teks(jawab)
    assert 'value="36"' in teks(operator.get(alamat + "?draf=pakai"))
    jawab = operator.post("/draf/buang/", {"draf_kunci": alamat}, follow=True)
    assert "sudah dibuang" in teks(jawab) and not DrafIsian.objects.exists()


def test_draf_lama_bertemu_data_baru_tampil_dua_versi(masuk, sampai):
    """What was typed before somebody else saved meets the conflict page, not the newer data."""
    operator, usulan = masuk("operator"), sampai("diajukan").usulan
    alamat = reverse("usulan_rumah", args=[usulan.pk])
    rumah = {
        "status_rumah": "1", "luas_lantai": "36", "lantai": "8", "dinding": "4", "atap": "2", "air_minum": "5",
        "penerangan": "1", "memasak": "10", "bab": "6",
    }  # fmt: skip
    usulan.keluarga.refresh_from_db()
    simpan(operator, alamat, **rumah, versi=usulan.keluarga.versi)
    lain = {**rumah, "luas_lantai": "54", "kunci_kirim": str(uuid.uuid4()), "versi": usulan.keluarga.versi}
    assert masuk("operator").post(alamat, lain).status_code == 302
    simpan(operator, alamat, **rumah, versi=usulan.keluarga.versi)  # the other screen was still open
    buka = operator.get(alamat + "?draf=pakai")
    assert f'name="versi" value="{usulan.keluarga.versi}"' in teks(buka)
    kirim = {**rumah, "kunci_kirim": str(uuid.uuid4()), "versi": usulan.keluarga.versi}
    jawab = operator.post(alamat, kirim)
    assert jawab.status_code == 409
    assert "Yang Anda ketik" in teks(jawab) and "<td>54</td> <td>36</td>" in teks(jawab)
    assert Rumah.objects.get().luas_lantai == 54


def test_draf_orang_lain_tidak_pernah_terlihat(masuk):
    data = isi(0)
    simpan(masuk("operator"), **data)
    for lain in ("rtrw", "operator2", "operator.lain"):
        client = masuk(lain)
        assert client.get("/draf/", {"kunci": BARU}).json() == {"isi": None}
        assert "Ada isian" not in teks(client.get("/usulan/baru/"))
        client.post("/draf/buang/", {"draf_kunci": BARU})
        simpan(client, nama="LAIN")
    assert masuk("operator").get("/draf/", {"kunci": BARU}).json()["isi"]["nama"] == [data["nama"]]
    for bukan in ("verifikator", "lurah", "admin"):
        assert masuk(bukan).get("/draf/", {"kunci": BARU}).status_code == 404
        assert simpan(masuk(bukan), **data).status_code == 404


def test_draf_untuk_usulan_di_luar_wilayah_atau_terkunci_ditolak(masuk, sampai):
    p = sampai("diajukan")
    alamat = reverse("usulan_rumah", args=[p.usulan.pk])
    asing = reverse("usulan_rumah", args=[uuid.uuid4()])
    assert simpan(masuk("operator.lain"), alamat, lantai="8").status_code == 404
    assert simpan(masuk("operator"), asing, lantai="8").status_code == 404
    assert simpan(masuk("operator"), "/pengguna/baru/", lantai="8").status_code == 422
    assert simpan(masuk("operator"), "https://jahat.contoh/x", lantai="8").status_code == 422
    assert not DrafIsian.objects.exists()


@pytest.mark.django_db
def test_tersegel_di_tabel_dan_terikat_pada_pemiliknya():
    nik = keluarga_uji(0).told[0].nik
    draf.simpan(by=orang("operator"), kunci=BARU, isi={"nik": [nik]})
    with connection.cursor() as cursor:
        cursor.execute("select t::text, isi from dtks_drafisian t")
        teks_baris, isi_baris = cursor.fetchone()
    assert nik not in teks_baris and nik.encode() not in bytes(isi_baris)
    assert baca.ambil(orang("operator"), BARU).isi == {"nik": [nik]}
    satu = DrafIsian.objects.get()
    satu.pengguna = orang("rtrw")
    satu.save()
    assert baca.ambil(orang("rtrw"), BARU) is None, "moved to another owner it cannot be opened"


def test_terlalu_besar_dan_terlalu_sering_ditolak_dengan_kalimat(masuk):
    operator = masuk("operator")
    jawab = simpan(operator, alasan_usul="x" * 70_000)
    assert jawab.status_code == 422 and "terlalu panjang" in jawab.json()["galat"]
    for _ in range(rules.value("draf.batas")["per_menit"]):
        jawab = simpan(operator, nama="A")
    assert jawab.status_code == 422 and "Terlalu sering" in jawab.json()["galat"]


def test_draf_yang_dilupakan_dihapus(masuk):
    simpan(masuk("operator"), nama="A")
    simpan(masuk("rtrw"), nama="B")
    lama = timezone.now() - timedelta(days=31)
    DrafIsian.objects.filter(pengguna__username="rtrw").update(updated_at=lama)
    assert tasks.bersihkan_draf(None) == {"dibuang": 1}
    assert DrafIsian.objects.get().pengguna.username == "operator"


def test_tanpa_login_dan_tanpa_token_tidak_ada(client, db):
    assert client.get("/draf/kunci/").status_code == 302
    assert client.post("/draf/", {"draf_kunci": BARU}).status_code == 302


@pytest.mark.parametrize(
    "buruk",
    ["//[", "http://[::1", "\x00", "/usulan/\x00/rumah/", "/usulan/1e999/rumah/", "[]", '{"a":' * 5000, "9" * 5000, "/usulan/baru/isian/?" + "x" * 300, "٣/؟"],
)  # fmt: skip
def test_kunci_draf_yang_rusak_ditolak(masuk, buruk):
    operator = masuk("operator")
    assert operator.get("/draf/", {"kunci": buruk}).json() == {"isi": None}
    for alamat in ("/draf/", "/draf/buang/"):
        assert operator.post(alamat, {"draf_kunci": buruk, "nama": "A"}).status_code == 422, alamat
    assert not DrafIsian.objects.exists()


@pytest.mark.parametrize(
    ("jenis", "badan"),
    [
        ("application/json", b'{"draf_kunci": ["/usulan/baru/isian/"], "nik": {"a": 1e999}}'),
        ("application/json", b"[" * 20_000),
        ("application/json", b'"\\u0000"'),
        ("application/x-www-form-urlencoded", b"draf_kunci=/usulan/baru/isian/&draf_kunci=[]&nik=\x00&\x00=1&nik=\xff\xfe"),
        ("application/x-www-form-urlencoded", b"draf_kunci=/usulan/baru/isian/&anggota-99999999999-nik=" + b"9" * 5000),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(3000))),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="draf_kunci"; filename="a"\r\n\r\n1\r\n--x--'),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="nik'),
    ],
)  # fmt: skip
def test_badan_yang_rusak_tidak_pernah_500(masuk, sampai, jenis, badan):
    """What the phone's script asks, sent by something else: JSON, lists, nulls, nesting, too much of it."""
    operator, pk = masuk("operator"), sampai("diajukan").usulan.pk
    for alamat in ("/draf/", "/draf/buang/", "/usulan/baru/lengkap/", f"/usulan/{pk}/foto/kirim/"):
        jawab = operator.generic("POST", alamat, badan, content_type=jenis)
        assert jawab.status_code < 500, (alamat, jawab.status_code)
    assert operator.get(f"{BARU}?draf=pakai").status_code in (200, 302)
    assert operator.get("/draf/", {"kunci": BARU}).status_code == 200
    assert Usulan.objects.count() == 1


def test_kunci_hp_tetap_milik_satu_orang(masuk):
    a, lagi, b = (masuk(u).get("/draf/kunci/").json() for u in ("operator", "operator", "rtrw"))
    assert a["kunci"] == lagi["kunci"] != b["kunci"] and a["siapa"] != b["siapa"]
