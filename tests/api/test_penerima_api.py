"""Who receives: paid people, and those whom a decree names and nobody has paid yet; and the quota of a programme."""

import pytest
from django.utils import timezone

from bansos.actions import kuota as aksi_kuota
from bansos.actions import penetapan as aksi_penetapan
from bansos.models import Kuota, Program
from bansos.queries.penerima import BELUM
from dtks.actions.impor import inti
from tests.api.test_sinkron_api import tanya
from tests.bansos.test_status_salur import baris, muat
from tests.bantu.alur import orang, sampai
from tests.bantu.api import klien
from tests.bantu.pemain import KABUPATEN, KABUPATEN_LAIN

ALAMAT = "/api/v1/penerima/"


def isi(k, **saring):
    return k.get(ALAMAT, saring).json()["results"]


@pytest.mark.django_db
def test_named_by_a_decree_then_paid():
    p, k = sampai("ditetapkan"), klien("kelayakan")
    (satu,) = isi(k)
    assert (satu["status"], satu["status_kata"], satu["nominal"], satu["tahap"]) == ("", BELUM, None, None)
    assert satu["keluarga"] == str(p.usulan.keluarga_id) and satu["penetapan"] == str(p.penetapan.pk)
    assert satu["nama"] == p.usulan.keluarga.nama_kepala and satu["periode"] == p.penetapan.periode
    muat(baris())
    (dua,) = isi(k)
    assert (dua["status"], dua["nominal"], dua["periode"]) == ("SPM", 750000, "2026-4") and dua["id"] != satu[
        "id"
    ]
    assert dua["penetapan"] == str(p.penetapan.pk)


@pytest.mark.django_db
def test_by_period_those_not_paid_in_it():
    sampai("ditetapkan")
    sampai("ditetapkan", nomor=1)
    muat(baris(n=0))
    k = klien("kelayakan")
    kini = {(r["periode"], bool(r["status"])) for r in isi(k, periode="2026-4")}
    assert kini == {("2026-4", True), ("2026-4", False)}
    nanti = isi(k, periode="2027-1")
    assert len(nanti) == 2 and all(r["status"] == "" and r["periode"] == "2027-1" for r in nanti)
    assert isi(k, periode="2026-3") == []  # before the decrees
    assert len(isi(k, pembayaran="belum")) == 1 and len(isi(k, pembayaran="ada")) == 1
    assert len(isi(k, status="SPM")) == 1 and len(isi(k, program="PKH")) == 2 and isi(k, program="BPNT") == []
    satu = k.get(f"{ALAMAT}?ukuran=1").json()
    assert len(k.get(satu["next"]).json()["results"]) == 1


@pytest.mark.django_db
def test_a_revoked_decree_names_nobody_and_another_kabupaten_sees_nobody():
    p = sampai("ditetapkan")
    assert isi(klien("kelayakan", wilayah=KABUPATEN_LAIN)) == []
    aksi_penetapan.cabut(p.penetapan, by=orang("pusdatin"), alasan="Keliru program.")
    assert isi(klien("kelayakan")) == []


def test_a_client_in_step_hears_of_decree_payment_and_undo(db_nyata):
    k = klien("kelayakan")
    _, posisi = tanya(k, "kini", ALAMAT)
    sampai("ditetapkan")
    hasil, posisi = tanya(k, posisi, ALAMAT)
    (sk,) = hasil
    assert hasil[sk]["status_kata"] == BELUM
    impor = muat(baris())
    hasil, posisi = tanya(k, posisi, ALAMAT)
    bayar = next(i for i in hasil if i != sk)
    assert hasil[sk] == {"id": sk, "dihapus": True} and hasil[bayar]["status"] == "SPM"
    inti.batalkan(impor, by=orang("supervisor"))
    hasil, posisi = tanya(k, posisi, ALAMAT)
    assert hasil[bayar] == {"id": bayar, "dihapus": True} and hasil[sk]["status_kata"] == BELUM
    assert {r["id"] for r in isi(k)} == {sk}


@pytest.mark.django_db
def test_quota_of_a_programme_by_area_and_period():
    periode = aksi_penetapan.quarter(timezone.localdate())
    program = Program.objects.get(pk="APBD-LANSIA")
    usul = aksi_kuota.usulkan(
        by=orang("supervisor"), program=program, wilayah=KABUPATEN, periode=periode, jumlah=7, pagu=None,
        alasan="Sesuai APBD.", dasar_hukum="Perbup 5/2026",
    )  # fmt: skip
    k = klien("kelayakan")
    alamat = "/api/v1/program/APBD-LANSIA/"
    assert k.get(alamat).json()["kuota"] == []  # nobody approved it yet
    aksi_kuota.setujui(usul, by=orang("kadis"))
    satu = {"wilayah": KABUPATEN, "periode": periode, "jumlah": 7, "terisi": 0, "sisa": 7, "pagu": None}
    rinci = k.get(alamat).json()
    assert rinci["kuota"] == [satu] and rinci["kuota_masih_ada"] is False
    assert k.get(f"{alamat}kuota/").json()["results"] == [satu]
    assert k.get(f"{alamat}?periode=2020-1").json()["kuota"] == []
    assert k.get(f"{alamat}kuota/?wilayah=32.06").json()["results"] == []
    assert k.get(f"{alamat}?periode=2026-13").status_code == 400
    assert k.get("/api/v1/program/TIDAK/kuota/").status_code == 404
    assert klien("kelayakan", wilayah=KABUPATEN_LAIN).get(alamat).json()["kuota"] == []
    assert Kuota.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("periode", ["0000-1", "0000-12", "1999-4", "2026-13", "2026-0", "٢٠٢٦-1"])
def test_a_period_of_no_calendar_is_refused(periode):
    """Schemathesis found the year 0."""
    jawab = klien("kelayakan").get(ALAMAT, {"periode": periode})
    assert jawab.status_code == 400 and "periode" in jawab.content.decode()
