"""Ticking many cases: what can and what cannot is said first, each case is decided once and by the same rules as alone."""

import uuid

import pytest

from accounts.models import Pemberitahuan
from bansos.actions import massal as aksi
from bansos.models import BarisMassal, TindakanMassal
from core import outbox
from core.models import Jejak, Ketentuan, Pekerjaan
from dtks.actions import meja
from dtks.actions import usulan as langkah
from dtks.models import RiwayatUsulan, Usulan
from tests.bansos.test_meja import isi
from tests.bantu.alur import alasan_pertama, orang, sampai
from tests.bantu.halaman import Halaman
from tests.dtks.test_perlombaan import serentak


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


def baca(usulan, username="verifikator"):
    meja.buka(usulan, by=orang(username), versi=usulan.versi)
    meja.lepas(usulan, by=orang(username))


def siapkan(*usulan, nama="verifikasi", dari="diases") -> TindakanMassal:
    return aksi.siapkan(usulan, by=orang("verifikator"), langkah=nama, dari=dari)


def kirim(jawab, aksi_form="") -> dict:
    f = next(
        f for f in Halaman(jawab.content.decode()).formulir if f.metode == "post" and "kunci_kirim" in f.kolom
    )
    return {k: v.nilai[0] for k, v in f.kolom.items() if v.nilai}


@pytest.mark.django_db
def test_centang_periksa_setujui_kerjakan_lalu_unduh_yang_gagal(masuk, sampai):
    a, b, c, d = (sampai("diases", n).usulan for n in range(4))
    for u in (a, b, d):
        baca(u)
    langkah.pasang_bendera(d, kode="UJI", kalimat="Ada sanggahan.", sumber="uji", by=None)
    web = masuk("verifikator")
    antre = web.get("/verifikasi/?antrean=diases")
    tik = kirim(antre) | {"usulan": [str(u.pk) for u in (a, b, c, d)], "langkah": "verifikasi"}
    periksa = web.post("/verifikasi/massal/?antrean=diases", tik)
    assert periksa.status_code == 302
    assert web.post("/verifikasi/massal/?antrean=diases", tik).url == periksa.url  # pressed twice: one list
    halaman = web.get(periksa.url)
    assert "2 dapat, 2 tidak." in isi(halaman)
    assert "Halaman kasus ini belum Anda buka." in isi(halaman) and "Ada sanggahan." in isi(halaman)
    assert f"/verifikasi/{c.pk}/?antrean=diases" in isi(halaman)
    assert Usulan.objects.filter(status="terverifikasi").count() == 0
    baca(c)  # read after the preview: still not among those that were confirmed
    meja.buka(b, by=orang("verifikator2"), versi=b.versi)  # and somebody took this one up meanwhile
    setuju = kirim(halaman)
    assert web.post(periksa.url, setuju).status_code == 302
    assert web.post(periksa.url, setuju).status_code == 302
    job = Pekerjaan.objects.get(jenis=aksi.JOB)
    assert "0 dari 2 selesai." in isi(web.get(periksa.url))
    aksi.selesai(job, aksi.kerjakan(job.argumen))
    hasil = isi(web.get(periksa.url))
    assert "1 berhasil, 1 gagal, 2 tidak dikerjakan." in hasil and "Sedang dibuka" in hasil
    assert [u.status for u in Usulan.objects.filter(pk__in=[a.pk, b.pk, c.pk, d.pk]).order_by("created_at")] == [
        "terverifikasi", "diases", "diases", "diases",
    ]  # fmt: skip
    riwayat = RiwayatUsulan.objects.get(usulan=a, langkah="verifikasi")
    massal = TindakanMassal.objects.get()
    assert riwayat.rincian["cara"] == "massal" and riwayat.rincian["massal"] == str(massal.pk)
    assert riwayat.orang == orang("verifikator").orang and "detik" in riwayat.rincian["buka"]
    kabar = Pemberitahuan.objects.get(tautan=periksa.url)
    assert kabar.pengguna == orang("verifikator") and kabar.kalimat.endswith("1 berhasil, 1 gagal.")
    assert b"".join(web.post(f"{periksa.url}unduh/", {"format": "xlsx"}).streaming_content).startswith(b"PK")
    unduh = b"".join(web.post(f"{periksa.url}unduh/", {"format": "csv"}).streaming_content).decode(
        "utf-8-sig"
    )
    assert all(u.tiket in unduh for u in (b, c, d)) and a.tiket not in unduh and "Ada sanggahan." in unduh
    assert Jejak.objects.filter(aksi="unduh_massal", rincian={"jumlah": 3}).count() == 2
    Ketentuan.objects.filter(kunci="ekspor.baris_sehari").update(nilai={"bawaan": {"samar": 8, "nomor": 0}})
    habis = web.post(f"{periksa.url}unduh/", {"format": "csv"}, follow=True)
    assert "Jatah unduh hari ini tidak cukup untuk 3 baris." in isi(habis)
    assert Jejak.objects.filter(aksi="unduh_massal").count() == 2
    for lain in ("verifikator2", "kadis"):
        assert masuk(lain).get(periksa.url).status_code == 404


@pytest.mark.django_db
def test_kembalikan_dan_tugaskan_untuk_banyak(masuk, sampai):
    web = masuk("verifikator")
    diases, diinput = sampai("diases", 0).usulan, [sampai("diinput", n).usulan for n in (1, 2)]
    baca(diases)
    massal = siapkan(diases, nama="kembalikan")
    alamat = f"/verifikasi/massal/{massal.pk}/"
    kosong = web.post(alamat, kirim(web.get(alamat)))
    assert (
        kosong.status_code == 422 and "Pilih alasannya." in isi(kosong) and "Pilih tujuannya." in isi(kosong)
    )
    isian = kirim(web.get(alamat)) | {
        "tujuan": "diinput",
        "alasan": alasan_pertama("kembalikan"),
        "catatan": "Kunjungi lagi",
    }
    assert web.post(alamat, isian).status_code == 302
    aksi.kerjakan({"massal": str(massal.pk)})
    langkah_kembali = RiwayatUsulan.objects.get(usulan=diases, langkah="kembalikan")
    assert langkah_kembali.ke == "diinput" and langkah_kembali.catatan == "Kunjungi lagi"
    massal = siapkan(
        *diinput, nama="tugaskan", dari="diinput"
    )  # choosing an officer needs no reading of the case
    alamat = f"/verifikasi/massal/{massal.pk}/"
    assert web.post(alamat, kirim(web.get(alamat)) | {"petugas": str(orang("tksk2").pk)}).status_code == 302
    aksi.kerjakan({"massal": str(massal.pk)})
    assert {u.petugas for u in Usulan.objects.filter(status="ditugaskan")} == {orang("tksk2")}
    assert massal.baris.filter(hasil="berhasil").count() == 2


@pytest.mark.django_db
def test_yang_sudah_berubah_dan_yang_tidak_boleh_tidak_ikut(masuk, sampai):
    u, lain = sampai("diases", 0).usulan, sampai("diases", 1).usulan
    baca(u)
    baca(lain)
    massal = siapkan(u, lain)
    aksi.setujui(massal, by=orang("verifikator"), isian={"catatan": ""})
    langkah.tunda(u, by=orang("verifikator2"), alasan=alasan_pertama("tunda"))
    langkah.lanjutkan(
        u, by=orang("verifikator2")
    )  # the same state, another version than the one that was read
    orang("verifikator").penugasan.filter(peran="VERIFIKATOR").update(berlaku_hingga="2026-01-01")
    aksi.kerjakan({"massal": str(massal.pk)})
    assert sorted(massal.baris.values_list("hasil", "kode")) == [
        ("gagal", "SUDAH_BERPINDAH"),
        ("gagal", "TIDAK_BERWENANG"),
    ]
    assert Jejak.objects.filter(aksi="penolakan", aktor_id=str(orang("verifikator").pk)).count() == 1
    web = masuk("verifikator2")
    for kirim_salah in ({}, {"langkah": "tolak"}, {"langkah": "sahkan"}):
        jawab = web.post("/verifikasi/massal/?antrean=diases", {"usulan": [str(u.pk)], "kunci_kirim": uuid.uuid4(), **kirim_salah})  # fmt: skip
        assert jawab.status_code == 422 and f'value="{u.pk}" checked' in isi(jawab)  # the tick is not lost
    assert TindakanMassal.objects.count() == 1
    assert masuk("operator").post("/verifikasi/massal/?antrean=diases", {}).status_code == 403


def test_pekerja_mati_di_tengah_dan_dua_pekerja_sekaligus_satu_keputusan_tiap_kasus(db_nyata, monkeypatch):
    usulan = [sampai("diases", n).usulan for n in range(4)]
    for u in usulan:
        baca(u)
    massal = siapkan(*usulan)
    aksi.setujui(massal, by=orang("verifikator"), isian={"catatan": ""})
    asli, n = aksi.meja.putuskan, []

    def mati(*a, **k):
        n.append(1)
        if len(n) == 2:
            raise SystemExit  # the worker is gone in the middle of the second case
        return asli(*a, **k)

    monkeypatch.setattr(aksi.meja, "putuskan", mati)
    with pytest.raises(SystemExit):
        aksi.kerjakan({"massal": str(massal.pk)})
    monkeypatch.setattr(aksi.meja, "putuskan", asli)
    assert massal.baris.filter(hasil="berhasil").count() == 1
    serentak(*[lambda: aksi.kerjakan({"massal": str(massal.pk)})] * 3)
    assert set(massal.baris.values_list("hasil", flat=True)) == {"berhasil"}
    assert RiwayatUsulan.objects.filter(langkah="verifikasi").count() == 4
    monkeypatch.setattr(outbox, "known", lambda: {aksi.JOB})
    monkeypatch.setitem(outbox._handlers, aksi.JOB, outbox.Handler(aksi.selesai, aksi.kerjakan))
    assert outbox.work() == 1
    assert Pekerjaan.objects.get(jenis=aksi.JOB).hasil == {"berhasil": 4, "gagal": 0}
    assert BarisMassal.objects.count() == 4 and TindakanMassal.objects.get().status == "selesai"


@pytest.mark.django_db
def test_kepala_dinas_mengembalikan_beberapa_sekaligus(masuk, sampai):
    a, b = (sampai("terverifikasi", n).usulan for n in range(2))
    web = masuk("kadis")
    biasa = isi(web.get("/verifikasi/?antrean=terverifikasi"))
    assert "Kembalikan atau tunda beberapa sekaligus" in biasa and 'name="langkah"' not in biasa
    antre = web.get("/verifikasi/?antrean=terverifikasi&cara=massal")
    assert "Kembali ke daftar biasa" in isi(antre) and "belum Anda buka" in isi(antre)
    assert (
        "cara=massal"
        not in isi(web.get("/verifikasi/?antrean=diases&cara=massal")).split("<main", 1)[1].split("</nav>")[0]
    )
    for u in (a, b):
        baca(u, "kadis")
    tik = kirim(antre) | {"usulan": [str(a.pk), str(b.pk)], "langkah": "kembalikan"}
    periksa = web.post("/verifikasi/massal/?antrean=terverifikasi&cara=massal", tik)
    halaman = web.get(periksa.url)
    assert "2 dapat" in isi(halaman)
    putusan = {"tujuan": "diases", "alasan": alasan_pertama("kembalikan")}
    assert web.post(periksa.url, kirim(halaman) | putusan).status_code == 302
    job = Pekerjaan.objects.get(jenis=aksi.JOB)
    aksi.selesai(job, aksi.kerjakan(job.argumen))
    assert "2 berhasil" in isi(web.get(periksa.url))
    assert set(Usulan.objects.filter(pk__in=[a.pk, b.pk]).values_list("status", flat=True)) == {"diases"}
