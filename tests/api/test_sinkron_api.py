"""A client that stays in step over the API: it ends with what the list shows, tombstones included."""

import pytest
from django.db import connection, transaction

from bansos.models import DaftarKelayakan
from bansos.queries import aliran
from dtks.models import Keluarga
from tests.bantu.alur import sampai
from tests.bantu.api import klien
from tests.bantu.daftar_api import daftar
from tests.bantu.pemain import DESA, DESA2, DESA_LAIN

ALAMAT = "/api/v1/keluarga/"


@pytest.fixture
def rumah(db_nyata):
    return [
        Keluarga.objects.create(nama_kepala=f"K{i}", wilayah_id=DESA, alamat="-", rt="001", rw="001")
        for i in range(6)
    ]


def tanya(k, posisi, alamat=ALAMAT, **lagi):
    """(changes by id, next position), page by page."""
    hasil = {}
    url = f"{alamat}?diubah_sejak={posisi}" + "".join(f"&{n}={v}" for n, v in lagi.items())
    while url:
        jawab = k.get(url)
        assert jawab.status_code == 200, jawab.content
        isi = jawab.json()
        hasil |= {r["id"]: r for r in isi["results"]}
        posisi, url = isi["posisi"], isi["next"]
    return hasil, posisi


def ubah(pk, **isi):
    Keluarga.objects.filter(pk=pk).update(**isi)


def test_berubah_pindah_dan_hilang(rumah):
    k = klien("register")
    hasil, posisi = tanya(k, "kini")
    assert hasil == {}
    ubah(rumah[0].pk, alamat="Baru")
    ubah(rumah[1].pk, wilayah_id=DESA_LAIN)  # out of the key's kabupaten
    ubah(rumah[2].pk, wilayah_id=DESA2)
    Keluarga.objects.filter(pk=rumah[3].pk).delete()
    hasil, posisi = tanya(k, posisi, ukuran=2)
    a, b, c, d = (str(r.pk) for r in rumah[:4])
    assert hasil.keys() == {a, b, c, d}
    assert hasil[a]["alamat"] == "Baru" and hasil[c]["wilayah"] == DESA2
    assert hasil[b] == {"id": b, "dihapus": True} and hasil[d] == {"id": d, "dihapus": True}
    assert tanya(k, posisi)[0] == {}


def test_dengan_saringan_yang_tidak_cocok_lagi_adalah_nisan(rumah):
    k = klien("register")
    _, posisi = tanya(k, "kini", wilayah=DESA, status="calon")
    ubah(rumah[0].pk, status="nonaktif")
    ubah(rumah[1].pk, wilayah_id=DESA2)
    ubah(rumah[2].pk, alamat="x")
    hasil, _ = tanya(k, posisi, wilayah=DESA, status="calon")
    a, b, c = (str(r.pk) for r in rumah[:3])
    assert hasil[a]["dihapus"] and hasil[b]["dihapus"] and hasil[c]["alamat"] == "x"


def test_kunci_lain_tidak_tahu_apa_yang_berubah_di_sini(rumah):
    k = klien("register", wilayah="32.06")
    _, posisi = tanya(k, "kini")
    ubah(rumah[0].pk, alamat="x")
    assert tanya(k, posisi)[0] == {}
    ubah(rumah[0].pk, wilayah_id=DESA_LAIN)
    assert next(iter(tanya(k, posisi)[0].values()))["wilayah"] == DESA_LAIN


def test_orang_ikut_pindah_bersama_keluarganya(db_nyata):
    keluarga = sampai("draf").usulan.keluarga
    k = klien("register")
    _, posisi = tanya(k, "kini", "/api/v1/individu/")
    ubah(keluarga.pk, wilayah_id=DESA_LAIN)
    hasil, _ = tanya(k, posisi, "/api/v1/individu/")
    assert {str(p) for p in keluarga.anggota.values_list("pk", flat=True)} == hasil.keys()
    assert all(r == {"id": i, "dihapus": True} for i, r in hasil.items())


def test_posisi_salah_400_dan_yang_lewat_410(rumah):
    k = klien("register")
    for salah in ("x", "2026-11-22", ""):
        assert k.get(ALAMAT, {"diubah_sejak": salah}).status_code == 400
    assert k.get(ALAMAT, {"diubah_sejak": "2020-01-01T00:00:00+07:00"}).status_code == 410
    assert k.get(ALAMAT, {"diubah_sejak": "kini", "urut": "id"}).status_code == 400


def test_satu_keadaan_data_walau_daftar_diganti_di_tengah(db_nyata, monkeypatch):
    monkeypatch.setattr(aliran, "SEKALI", 7)
    with transaction.atomic():
        lama = daftar(30)
        k = klien("kelayakan")
    jawab = k.get("/api/v1/kelayakan/PKH/", headers={"Accept": "application/x-ndjson"})
    aliran_isi = iter(jawab.streaming_content)
    awal = next(aliran_isi)
    with connection.cursor() as cursor:
        cursor.execute("show transaction_isolation")
        assert cursor.fetchone()[0] == "repeatable read"
    sisa = b"".join(aliran_isi)
    assert (awal + sisa).count(b"\n") == 30
    assert not connection.in_atomic_block
    assert DaftarKelayakan.objects.filter(pk=lama.pk).exists()
