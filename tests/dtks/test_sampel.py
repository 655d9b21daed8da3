"""Where not every family is visited: a draw that nobody can steer and everybody can do again."""

import hashlib
import secrets
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

import dtks.tasks  # noqa: F401 - the handlers of the queue
from core import outbox
from core.models import Jejak
from core.workflow import GateClosed, NotAllowed, NotOpen
from dtks.actions import sampel
from dtks.actions import usulan as langkah
from dtks.models import KebijakanSampel, SampelUsulan, Usulan
from dtks.queries.sampel import angka, dikunjungi
from tests.bantu.alur import orang
from tests.bantu.pemain import DESA, KABUPATEN, KECAMATAN

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_faktor_kedua(settings):
    settings.DEMO = True


def kebijakan(periode: str, wilayah: str = DESA, persen: int = 50) -> KebijakanSampel:
    return sampel.tetapkan(
        by=orang("supervisor"), wilayah=wilayah, periode=periode, persen=persen, tutup_at=timezone.now() + timedelta(hours=1),
        dasar_hukum="Keputusan Kepala Dinas 400/12/2026",
    )  # fmt: skip


@pytest.fixture
def undian(monkeypatch):
    """`undian(usulan, persen, terpilih=False)`: a policy whose seed leaves this proposal out (or draws it)."""

    def _undian(usulan: Usulan, persen: int, *, terpilih: bool) -> KebijakanSampel:
        benih = next(
            b for n in range(10_000) if dikunjungi(angka(b := f"{n:064x}", usulan.pk), persen) is terpilih
        )
        monkeypatch.setattr(secrets, "token_hex", lambda _: benih)  # the dice, nothing else
        return kebijakan(usulan.periode, persen=persen)

    return _undian


def buka(satu: KebijakanSampel) -> KebijakanSampel:
    with time_machine.travel(satu.tutup_at + timedelta(minutes=1), tick=False):
        return sampel.buka(satu, by=orang("supervisor"))


def test_undian_bisa_dihitung_ulang_dan_yang_tidak_terpilih_diteruskan(sampai, masuk):
    perjalanan = [sampai("diinput", nomor=n) for n in range(4)] + [sampai("ditugaskan", nomor=4)]
    for p in perjalanan:
        p.padankan()
    berbendera, darurat = sampai("diinput", nomor=5).usulan, sampai("diinput", nomor=6).usulan
    langkah.pasang_bendera(
        berbendera, kode="UJI", kalimat="Foto meragukan.", sumber="uji", by=orang("verifikator")
    )
    Usulan.objects.filter(pk=darurat.pk).update(jalur="MANDIRI")
    satu = kebijakan(perjalanan[0].usulan.periode, persen=1)  # so small that nearly all are spared
    assert satu.benih == "" and satu.dibuka_at is None
    isi = masuk("inspektorat").get(f"/asesmen/sampel/{satu.pk}/").content.decode()
    assert satu.sidik_benih in isi and "Tersegel" in isi
    hasil = buka(satu)
    assert hashlib.sha256(hasil.benih.encode()).hexdigest() == satu.sidik_benih
    daftar = {b.usulan_id: b for b in SampelUsulan.objects.all()}
    assert set(daftar) == {p.usulan.pk for p in perjalanan}, "flags and the citizen's own route are visited"
    for pk, baris in daftar.items():
        angka = hashlib.sha256(f"{hasil.benih}:{pk}".encode()).hexdigest()
        assert baris.angka == angka
        assert baris.dikunjungi == (int(angka[:8], 16) / 2**32 < 0.01)
    outbox.work()
    for p in perjalanan:
        kini = p.segar()
        lewat = not daftar[kini.pk].dikunjungi
        assert (kini.status == "diases") == lewat
        if lewat:
            assert kini.asesor_orang_id is None and not kini.asesmen.exists()
            riwayat = kini.riwayat.order_by("-urut").first()
            assert (
                riwayat.langkah == "lewati_kunjungan"
                and "Keputusan Kepala Dinas 400/12/2026" in riwayat.catatan
            )
    lolos = next(p.usulan for p in perjalanan if p.usulan.status == "diases")
    assert langkah.verifikasi(lolos, by=orang("verifikator")).status == "terverifikasi"
    isi = masuk("inspektorat").get(f"/asesmen/sampel/{satu.pk}/").content.decode()
    assert hasil.benih in isi and str(lolos.pk) in isi
    assert Jejak.objects.get(aksi="buka_sampel").rincian["daftar"] == 5


def test_bagian_yang_terpilih_mendekati_persennya():
    for persen in (10, 50, 90):
        n = sum(dikunjungi(hashlib.sha256(f"benih:{i}".encode()).hexdigest(), persen) for i in range(20_000))
        assert abs(n / 200 - persen) < 1.5


def test_tidak_diundi_dua_kali_dan_tidak_dibuka_sebelum_ditutup():
    satu = kebijakan("2030-02", wilayah=DESA)
    for wilayah in (DESA, KECAMATAN, KABUPATEN):
        with pytest.raises(GateClosed, match="SUDAH_ADA"):
            kebijakan("2030-02", wilayah=wilayah)
    with pytest.raises(GateClosed, match="BELUM_DITUTUP"):
        sampel.buka(satu, by=orang("supervisor"))
    for username in ("verifikator", "kadis", "inspektorat", "supervisor.lain"):
        with pytest.raises(NotAllowed):
            sampel.tetapkan(
                by=orang(username), wilayah=DESA, periode="2030-03", persen=5, tutup_at=timezone.now() + timedelta(1), dasar_hukum="x"
            )  # fmt: skip
        with pytest.raises(NotAllowed):
            sampel.buka(satu, by=orang(username))
    buka(satu)
    with pytest.raises(NotOpen):
        buka(satu)


def test_tanpa_kebijakan_semua_dikunjungi(sampai):
    p = sampai("diinput")
    with pytest.raises(GateClosed, match="WAJIB_DIKUNJUNGI"):
        sampel.lewati(p.usulan, by=orang("supervisor"), catatan="")
    with pytest.raises(NotAllowed):
        sampel.lewati(p.usulan, by=orang("verifikator"), catatan="")


def test_catatan_yang_muncul_kemudian_membuat_keluarga_dikunjungi_juga(sampai, undian):
    p = sampai("diinput")
    p.padankan()
    buka(undian(p.usulan, 1, terpilih=False))
    outbox.work()
    usulan = p.segar()
    assert usulan.status == "diases"
    langkah.pasang_bendera(
        usulan, kode="UJI", kalimat="Ada sanggahan.", sumber="uji", by=orang("verifikator")
    )
    with pytest.raises(GateClosed, match="BERBENDERA"):
        langkah.verifikasi(usulan, by=orang("verifikator"))
    kembali = langkah.kembalikan(
        usulan,
        by=orang("verifikator"),
        tujuan="ditugaskan" if usulan.petugas_id else "diinput",
        alasan="ASESMEN_KURANG",
    )
    hasil = langkah.tugaskan(kembali, by=orang("verifikator"), petugas=orang("tksk"))
    assert hasil.status == "ditugaskan"


def test_sql_mentah_tidak_bisa_memilih_siapa_yang_dilewati(sampai, undian):
    usulan = sampai("diinput").usulan
    satu = buka(undian(usulan, 99, terpilih=True))
    baris = SampelUsulan.objects.get()
    palsu = [
        ("update dtks_kebijakansampel set persen = 1", []),
        ("update dtks_kebijakansampel set benih = 'lain'", []),
        ("update dtks_sampelusulan set dikunjungi = false", []),
        ("delete from dtks_sampelusulan", []),
        ("insert into dtks_sampelusulan(id, kebijakan_id, usulan_id, angka, dikunjungi) values (%s, %s, %s, %s, %s)",
         [uuid.uuid4(), satu.pk, usulan.pk, baris.angka, not baris.dikunjungi]),
        ("insert into dtks_riwayatusulan(id, usulan_id, urut, langkah, dari, ke, peran, alasan, alasan_kalimat, catatan) "
         "values (%s, %s, %s, 'lewati_kunjungan', 'diinput', 'diases', '', '', '', '')", [uuid.uuid4(), usulan.pk, usulan.versi + 1]),
    ]  # fmt: skip
    for perintah, isi in palsu:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as kursor:
            kursor.execute(perintah, isi)


def test_terbitkan_di_layar(masuk):
    klien = masuk("supervisor")
    data = {
        "kunci_kirim": str(uuid.uuid4()), "wilayah": DESA, "persen": "30", "dasar_hukum": "SK 1/2026",
        "tutup_at": (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip
    isi = klien.get("/asesmen/sampel/").content.decode()
    data["periode"] = isi.split('name="periode"')[1].split('value="')[1][:7]
    assert klien.post("/asesmen/sampel/", data | {"persen": "100"}).status_code == 422
    jawab = klien.post("/asesmen/sampel/", data)
    assert jawab.status_code == 302 and KebijakanSampel.objects.get().persen == 30
    assert klien.post(jawab.url + "buka/").status_code == 422
    assert "Kebijakan baru" not in masuk("verifikator").get("/asesmen/sampel/").content.decode()
    assert masuk("verifikator").post("/asesmen/sampel/", data).status_code == 404
    assert masuk("verifikator.lain").get(jawab.url).status_code == 404


def test_kunjungan_yang_sudah_diisi_tidak_dilewati_undian(sampai, undian):
    """The officer was there before the job came to the case: what he found is not passed over."""
    p = sampai("ditugaskan")
    p.padankan()
    buka(undian(p.usulan, 1, terpilih=False))
    assert not SampelUsulan.objects.get().dikunjungi
    p.asesmen("tidak_layak")
    outbox.work()
    assert p.segar().status == "ditugaskan"
