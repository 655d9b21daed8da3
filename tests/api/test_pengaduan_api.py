"""A machine reads complaints, objections, wrong data and usul of its areas, and never learns who brought them."""

import pytest

from pengaduan.models import PerkaraSanggah
from tests.bantu.api import klien
from tests.bantu.pemain import KABUPATEN_LAIN
from tests.bantu.sanggah import CERITA, data_salah, kirim, penerima, warga
from tests.bantu.usul import usul

pytestmark = pytest.mark.django_db
ALAMAT = "/api/v1/pengaduan/"


@pytest.fixture
def isi(cast, masuk):
    """One of each kind; the objector and the proposer are known by name."""
    p, tetangga = penerima(), warga(penerima(31))
    sanggah, _ = kirim(p, tetangga)
    data = data_salah(tetangga)
    usulan, _ = usul()
    return {
        "sanggah": sanggah,
        "perkara": PerkaraSanggah.objects.get(keluarga=p.usulan.keluarga),
        "sanggah_data": data,
        "usul": usulan,
        "siapa": tetangga,
    }


def test_each_kind_once_in_one_list_and_alone(isi):
    k = klien("pengaduan")
    semua = k.get(ALAMAT).json()["results"]
    assert sorted(r["jenis"] for r in semua) == ["sanggah", "sanggah_data", "usul"]
    for jenis in ("aduan", "sanggah", "sanggah_data", "usul"):
        satu = k.get(f"{ALAMAT}?jenis={jenis}").json()["results"]
        assert [r["id"] for r in satu] == [r["id"] for r in semua if r["jenis"] == jenis]
    assert len(k.get(f"{ALAMAT}?jenis=sanggah,usul").json()["results"]) == 2
    assert k.get(f"{ALAMAT}?jenis=rahasia").status_code == 400
    assert k.get(f"{ALAMAT}?kelas=pengaduan").json()["results"] == []


def test_the_merged_list_goes_by_cursor_forth_and_back(isi):
    for _ in range(3):
        usul()
    k = klien("pengaduan")
    for urut in ("-dibuat", "-diubah", "id"):
        maju, alamat = [], f"{ALAMAT}?ukuran=1&urut={urut}"
        while alamat:
            halaman = k.get(alamat).json()
            maju += [r["id"] for r in halaman["results"]]
            akhir, alamat = halaman, halaman["next"]
        penuh = [r["id"] for r in k.get(f"{ALAMAT}?urut={urut}").json()["results"]]
        assert maju == penuh and len(set(maju)) == 6
        assert k.get(akhir["previous"]).json()["results"][0]["id"] == maju[-2]


def test_nothing_leads_to_who_brought_it(isi):
    k, siapa = klien(), isi["siapa"]
    teks = k.get(ALAMAT).content.decode()
    for tiket in (isi["sanggah_data"].tiket, isi["usul"].tiket, str(isi["perkara"].pk)):
        jawab = k.get(f"{ALAMAT}{tiket}/")
        assert jawab.status_code == 200, (tiket, jawab.content)
        teks += jawab.content.decode()
    for rahasia in (
        siapa.nama, siapa.nik.open(), isi["sanggah"].tiket, CERITA, "Kenari patokan", "Merpati Pengusul", "3205015507800009", "+6281234567890",
        siapa.tgl_lahir.isoformat(), "Kenari Warga",
    ):  # fmt: skip
        assert rahasia not in teks, rahasia


def test_an_objection_is_opened_by_its_ticket_only_where_it_is_handled(isi, masuk, settings):
    settings.DEMO = True
    alamat = f"{ALAMAT}{isi['sanggah'].tiket}/"
    assert klien("pengaduan").get(alamat).status_code == 404
    dinas = masuk("verifikator").get(alamat)
    assert dinas.status_code == 200 and dinas.json()["id"] == str(isi["perkara"].pk)
    tiada = masuk("operator").get(f"{ALAMAT}SGH-202601-00000/")
    assert masuk("operator").get(alamat).content == tiada.content


def test_outside_of_its_area_a_key_sees_none_of_it(isi):
    k = klien("pengaduan", wilayah=KABUPATEN_LAIN)
    tiada = k.get(f"{ALAMAT}ADU-202601-00000/")
    assert k.get(ALAMAT).json()["results"] == [] and tiada.status_code == 404
    for tiket in (isi["sanggah_data"].tiket, isi["usul"].tiket, isi["perkara"].pk, "bukan-tiket"):
        assert k.get(f"{ALAMAT}{tiket}/").content == tiada.content


def test_people_see_what_their_screens_show(isi, masuk, settings):
    settings.DEMO = True
    jenis = {
        siapa: {r["jenis"] for r in masuk(siapa).get(ALAMAT).json()["results"]}
        for siapa in ("verifikator", "operator", "operator.lain")
    }
    assert jenis == {
        "verifikator": {"sanggah", "sanggah_data", "usul"}, "operator": {"usul"}, "operator.lain": set()
    }  # fmt: skip
    assert masuk("admin").get(ALAMAT).status_code == 403


def test_a_case_against_a_family_with_somebody_without_nik_is_seen_by_a_key(isi):
    isi["perkara"].keluarga.anggota.filter(hubungan="1").update(
        nik=None, nik_indeks=None, tanpa_nik_alasan="1"
    )
    assert klien("pengaduan").get(f"{ALAMAT}?jenis=sanggah").json()["results"]
