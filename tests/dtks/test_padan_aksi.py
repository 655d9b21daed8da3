"""What an answer of Dukcapil, an outage, a repair and a waiver do to a person and his ticket."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from core import outbox
from core.integrations.dukcapil.verdict import Ambang, Kategori, MatchResult
from core.models import Pekerjaan
from core.workflow import GateClosed, NotAllowed, NotOpen
from dtks import tasks
from dtks.actions import padan
from dtks.models import HasilPadan, Individu, TiketPadan

pytestmark = pytest.mark.django_db


class Dukcapil:
    """Stands where the client stands; answers what the test says."""

    def __init__(self):
        self.jawaban = MatchResult(Kategori.PADAN, skor={"NAMA_LGKP": 100.0}, ambang=Ambang())
        self.ditanya = []

    def verify(self, query, **_):
        self.ditanya.append(query.nama)
        return self.jawaban

    def mati(self):
        self.jawaban = MatchResult(Kategori.GAGAL_LAYANAN, sebab="waktu_habis")


@pytest.fixture
def dukcapil(monkeypatch):
    palsu = Dukcapil()
    monkeypatch.setattr(tasks, "_client", lambda: palsu)
    return palsu


@pytest.fixture
def orang(sampai):
    """A head of family whose name does not match, with an open ticket; no question is waiting."""
    usulan = sampai("diajukan").usulan
    Pekerjaan.objects.all().delete()
    kepala = usulan.keluarga.anggota.get(hubungan="1")
    jawab(kepala, "TIDAK_PADAN_NAMA", skor={"NAMA_LGKP": 40.0})
    return segar(kepala)


def segar(orang):
    return Individu.objects.select_related("keluarga").get(pk=orang.pk)


def jawab(orang, kategori, *, sidik=None, pekerjaan=None, skor=None):
    return padan.catat_hasil(
        orang.pk,
        hasil={"kategori": kategori, "skor": skor or {}, "ambang": {"terima": 90, "tinjau": 60}},
        sidik=sidik or padan.identity_fingerprint(segar(orang)),
        pekerjaan=pekerjaan,
    )


def tiket(orang):
    return TiketPadan.objects.terbuka().get(individu=orang)


def test_gangguan_tidak_mengubah_putusan_dan_pekerjaan_menunggu(orang, dukcapil, cast):
    dukcapil.mati()
    padan.cek_ulang(tiket(orang), by=cast("operator"))
    outbox.work()
    job = Pekerjaan.objects.get()
    assert job.status == "menunggu" and job.galat == "Dukcapil belum menjawab (waktu_habis)"
    assert segar(orang).padan == "TIDAK_PADAN_NAMA"
    assert tiket(orang).status == "buka"
    with pytest.raises(ValueError, match="no verdict"):
        jawab(orang, "GAGAL_LAYANAN")


def test_identitas_yang_diperbaiki_dicek_ulang_lalu_tiket_selesai(orang, dukcapil, cast):
    padan.perbaiki(tiket(orang), by=cast("operator"), data={"nama": "Budi Santoso"}, catatan="KTP asli")
    assert segar(orang).padan == "MENUNGGU" and tiket(orang).status == "diperbaiki"
    assert segar(orang).keluarga.nama_kepala == "Budi Santoso"
    outbox.work()
    assert dukcapil.ditanya == ["Budi Santoso"]
    assert segar(orang).padan == "PADAN"
    assert TiketPadan.objects.get(individu=orang).status == "selesai"


def test_jawaban_untuk_identitas_lama_dibuang_dan_ditanyakan_lagi(orang):
    lama = padan.identity_fingerprint(orang)
    Individu.objects.filter(pk=orang.pk).update(nama="Nama Baru")
    assert jawab(orang, "PADAN", sidik=lama) is False
    assert segar(orang).padan == "TIDAK_PADAN_NAMA"
    assert HasilPadan.objects.filter(individu=orang).count() == 1
    assert Pekerjaan.objects.get().argumen["individu"] == [str(orang.pk)]


def test_pekerjaan_yang_sama_dua_kali_tidak_mengubah_apa_apa(orang, cast):
    batch = padan.minta_batch(
        by=cast("operator"), wilayah=orang.keluarga.wilayah_id, orang=[orang], asal="uji"
    )
    job = Pekerjaan.objects.get()
    jawaban = {
        "jawaban": [
            {
                "individu": str(orang.pk),
                "sidik": padan.identity_fingerprint(orang),
                "hasil": {"kategori": "PADAN"},
            }
        ],
        "sisa": [],
        "sebab": "",
    }
    tasks.record(job, jawaban)
    jawaban["jawaban"][0]["hasil"] = {"kategori": "MENINGGAL"}
    tasks.record(job, jawaban)
    batch.refresh_from_db()
    assert segar(orang).padan == "PADAN"
    assert HasilPadan.objects.filter(pekerjaan=job.pk).count() == 1
    assert (batch.selesai, batch.jumlah, batch.per_kategori) == (1, 1, {"PADAN": 1})
    assert batch.selesai_at


def test_batch_tetap_penuh_bila_identitas_berubah_di_tengah_jalan(orang, dukcapil, cast):
    batch = padan.minta_batch(
        by=cast("operator"), wilayah=orang.keluarga.wilayah_id, orang=[orang], asal="uji"
    )
    lama = padan.identity_fingerprint(orang)
    Individu.objects.filter(pk=orang.pk).update(nama="Nama Baru")
    job = Pekerjaan.objects.get()
    tasks.record(
        job,
        {
            "jawaban": [{"individu": str(orang.pk), "sidik": lama, "hasil": {"kategori": "PADAN"}}],
            "sisa": [],
            "sebab": "",
        },
    )
    Pekerjaan.objects.filter(pk=job.pk).update(status="selesai")
    outbox.work()
    batch.refresh_from_db()
    assert batch.selesai == 1 and batch.selesai_at


def test_orang_tanpa_nik_tidak_menggantung_batch(orang, cast):
    Individu.objects.filter(pk=orang.pk).update(nik=None, nik_indeks=None, tanpa_nik_alasan="BELUM_REKAM")
    batch = padan.minta_batch(
        by=cast("operator"), wilayah=orang.keluarga.wilayah_id, orang=[segar(orang)], asal="uji"
    )
    assert batch.jumlah == 0 and batch.selesai_at


def test_batch_hanya_di_wilayah_sendiri(orang, cast):
    with pytest.raises(NotAllowed):
        padan.minta_batch(by=cast("operator2"), wilayah=orang.keluarga.wilayah_id, orang=[orang], asal="uji")


def test_pengecualian_perlu_dua_orang_juga_lewat_akun_kedua(orang, cast):
    peminta = cast("verifikator")
    t = padan.minta_kecuali(tiket(orang), by=peminta, alasan="Orangnya ada, KTP asli sudah dilihat.")
    with pytest.raises(NotAllowed, match="ORANG_SAMA"):
        padan.setujui_kecuali(t, by=peminta)
    akun_kedua = cast("supervisor")
    akun_kedua.orang = peminta.orang
    akun_kedua.save()
    with pytest.raises(NotAllowed, match="ORANG_SAMA"):
        padan.setujui_kecuali(t, by=cast("supervisor"))
    with pytest.raises(IntegrityError, match="tiketpadan_dua_orang"), transaction.atomic():
        TiketPadan.objects.filter(pk=t.pk).update(status="dikecualikan", disetujui_orang=peminta.orang)
    assert padan.setujui_kecuali(t, by=cast("verifikator2")).status == "dikecualikan"


def test_pengecualian_tetap_berlaku_untuk_masalah_yang_sama_dan_gugur_untuk_yang_lain(orang, cast):
    t = padan.minta_kecuali(tiket(orang), by=cast("operator"), alasan="Orangnya ada, KTP asli sudah dilihat.")
    padan.setujui_kecuali(t, by=cast("verifikator"))
    jawab(orang, "TIDAK_PADAN_NAMA")
    assert not TiketPadan.objects.terbuka().exists()
    jawab(orang, "MENINGGAL")
    assert tiket(orang).kategori == "MENINGGAL"


def test_menolak_perlu_permintaan_dan_alasan(orang, cast):
    with pytest.raises(NotOpen, match="BELUM_DIMINTA"):
        padan.tolak_kecuali(tiket(orang), by=cast("verifikator"), catatan="tidak jelas")
    t = padan.minta_kecuali(tiket(orang), by=cast("operator"), alasan="Orangnya ada, KTP asli sudah dilihat.")
    with pytest.raises(GateClosed, match="ALASAN_WAJIB"):
        padan.tolak_kecuali(t, by=cast("verifikator"), catatan=" ")
    assert padan.tolak_kecuali(t, by=cast("verifikator"), catatan="Bukti kurang").status == "buka"


def test_cek_ulang_dua_kali_satu_pertanyaan(orang, cast):
    padan.cek_ulang(tiket(orang), by=cast("dukcapil"))
    with pytest.raises(NotOpen, match="SUDAH_DIMINTA"):
        padan.cek_ulang(tiket(orang), by=cast("operator"))
    assert Pekerjaan.objects.count() == 1


def test_lahir_dan_nama_yang_sama_bukan_perbaikan(orang, cast):
    with pytest.raises(GateClosed, match="TIDAK_BERUBAH"):
        padan.perbaiki(tiket(orang), by=cast("operator"), data={"nama": orang.nama, "nik": orang.nik.open()})
    assert padan.perbaiki(tiket(orang), by=cast("operator"), data={"tgl_lahir": date(1970, 1, 2)})
