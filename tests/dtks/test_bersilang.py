"""Two works cross on one family: each crossing ends in a sentence or in the right result, and the trail stays whole."""

import uuid

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from bansos.actions import kelayakan as layak
from bansos.actions.kelayakan import Jawaban
from bansos.models import Kelayakan
from bansos.queries import kelayakan as baca
from core.models import Ketentuan
from core.workflow import StepRefused
from dtks.actions import calon as aksi_calon
from dtks.actions import gabung, ganda, peristiwa, pindah
from dtks.actions import musyawarah as rapat_aksi
from dtks.actions import usulan as langkah
from dtks.actions.peristiwa import Catatan
from dtks.models import DrafIsian, GuliranPeriode, Keluarga, Musyawarah, PermintaanPindah, Usulan
from dtks.queries import perbaikan
from tests.bantu import berkas_v4
from tests.bantu.alur import PDF, Perjalanan, alasan_pertama, orang, sampai
from tests.bantu.pemain import DESA, DESA2, KABUPATEN
from tests.dtks.test_calon_ganda import anggota_dan_salinan, pasangan, usulkan
from tests.dtks.test_impor_usulan import batal, rows, simpan, unggah
from tests.dtks.test_periode import jam, putaran, wib  # noqa: F401 - jam is a fixture

pytestmark = pytest.mark.django_db
ALAMAT = {"alamat": "Kp. Tujuan", "rt": "003", "rw": "004", "no_kk": ""}


@pytest.fixture(autouse=True)
def jejak_tetap_utuh(db, settings):
    settings.DEMO = True
    yield
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("select * from jejak_periksa()")
        assert cursor.fetchall() == []


def cat() -> Catatan:
    return Catatan(timezone.localdate(), "SKPWNI", "SKPWNI/3205/1", "Ikut orang tua")


def minta(rumah, **lain) -> PermintaanPindah:
    return pindah.minta(rumah, by=orang("operator"), catatan=cat(), ke=DESA2, **lain)


def pindahkan(rumah) -> Keluarga:
    return pindah.terima(minta(rumah), by=orang("operator2"), data=ALAMAT)


def kode(do) -> str:
    with pytest.raises(StepRefused) as ditolak:
        do()
    assert ditolak.value.halangan[0].kalimat
    return ditolak.value.halangan[0].kode


@pytest.mark.parametrize("siapa", [0, 1], ids=["yang tetap", "yang mengalah"])
def test_a_person_who_is_asked_for_by_another_desa_is_not_merged_away(siapa):
    c = pasangan()
    dua = anggota_dan_salinan(c)
    rumah = Keluarga.objects.get(pk=dua[siapa].keluarga_id)
    permintaan = minta(rumah, individu=dua[0]) if siapa == 0 else minta(rumah)
    assert kode(lambda: usulkan(c)) == "SEDANG_PINDAH"
    pindah.batalkan(permintaan, by=orang("operator"), alasan="Tidak jadi")
    usulkan(c)
    lagi = minta(Keluarga.objects.get(pk=rumah.pk), **({"individu": dua[0]} if siapa == 0 else {}))
    c.refresh_from_db()
    assert kode(lambda: gabung.setujui_gabung(c, by=orang("verifikator"))) == "SEDANG_PINDAH"
    assert lagi.status == "diminta" and aksi_calon.kunci(c).status == "usul_gabung"


def test_a_family_on_the_agenda_of_its_desa_is_not_handed_over_before_the_meeting():
    p = sampai("dimusyawarahkan")
    rumah = p.usulan.keluarga
    temuan = ganda.laporkan(
        by=orang("operator2"), wilayah=DESA2, nik=rumah.anggota.get(hubungan="1").nik.open()
    )
    ganda.tengahi(temuan, by=orang("verifikator"), keputusan="pindah_kedua", catatan="KK asli dilihat.")
    permintaan = PermintaanPindah.objects.get()
    assert kode(lambda: pindah.terima(permintaan, by=orang("operator2"), data=ALAMAT)) == "USULAN_TERBUKA"
    m = p.musyawarah
    rapat_aksi.putuskan(
        m,
        by=orang("operator"),
        putusan={str(b.pk): {"putusan": "ditolak", "alasan_kode": "MAMPU"} for b in m.putusan.all()},
    )
    m = rapat_aksi.tandatangani(
        rapat_aksi.selenggarakan(m, by=orang("operator")), by=orang("operator"), isi=PDF, nama="ba.pdf"
    )
    m = rapat_aksi.setujui(m, by=orang("lurah"))
    rapat_aksi.terapkan_putusan(m, by=orang("operator"))
    assert p.segar().status == "ditolak"
    hasil = pindah.terima(permintaan, by=orang("operator2"), data=ALAMAT)
    assert hasil.wilayah_id == DESA2 and p.segar().wilayah_id.startswith(DESA), (
        "the case stays where it was heard"
    )


def test_an_import_whose_family_moved_on_is_not_undone():
    impor = simpan(unggah(berkas_v4.xlsx(rows(2))))
    for usulan in Usulan.objects.all():
        langkah.tarik(usulan, by=orang("operator"), alasan=alasan_pertama("tarik"))
    rumah = pindahkan(Keluarga.objects.order_by("pk").first())
    impor = batal(impor)
    assert impor.status == "diterapkan" and "sudah diubah atau dilanjutkan" in impor.sebab
    rumah.refresh_from_db()
    assert rumah.wilayah_id == DESA2 and rumah.anggota.filter(aktif=True).exists()


def test_a_draft_from_before_the_split_meets_the_new_family_and_loses_nothing(masuk):
    p, client = sampai("draf", pengusul="operator"), masuk("operator")
    rumah = p.segar().keluarga
    lain = rumah.anggota.exclude(hubungan="1").first()
    alamat = reverse("usulan_keluarga", args=[p.usulan.pk])
    isi = {"alamat": "Kp. Diketik", "rt": "001", "rw": "002", "versi": str(rumah.versi)}
    client.post("/draf/", {"draf_kunci": alamat, "draf_json": "1", **isi})
    anggota = reverse("anggota_ubah", args=[p.usulan.pk, lain.pk])
    peristiwa.pecah_kk(
        rumah,
        by=orang("operator"),
        catatan=cat(),
        data={"no_kk": "3205010101260002", "alamat": "Kp. B", "rt": "001", "rw": "002"},
        anggota={str(lain.pk): "1"},
    )
    assert client.get(anggota).status_code == 404, "he is in another family now"
    assert "Kp. Diketik" in client.get(alamat + "?draf=pakai").content.decode()
    kirim = client.post(alamat, isi | {"kunci_kirim": str(uuid.uuid4())})
    assert kirim.status_code in (409, 422), "typed against the family before the split"
    rumah.refresh_from_db()
    assert rumah.alamat != "Kp. Diketik" and DrafIsian.objects.exists()


def test_a_case_that_rolls_over_after_its_meeting_was_called_is_still_decided_there(jam):  # noqa: F811
    p = sampai("dimusyawarahkan")
    lama = p.usulan.periode
    jam.move_to(wib(11, 18))
    putaran()
    assert p.segar().periode > lama and GuliranPeriode.objects.get().usulan == p.usulan
    p.berita_acara_sah()
    langkah.sepakati(p.usulan, by=orang("operator"))
    assert p.segar().status == "disepakati" and p.usulan.periode > lama


def test_a_file_does_not_propose_a_family_that_another_desa_asks_for():
    simpan(unggah(berkas_v4.xlsx(rows(1))))
    for usulan in Usulan.objects.all():
        langkah.tarik(usulan, by=orang("operator"), alasan=alasan_pertama("tarik"))
    minta(Keluarga.objects.get())
    n = Usulan.objects.count()
    impor = unggah(berkas_v4.xlsx(rows(1)))
    assert impor.hitung.get("konflik") == impor.jumlah
    assert "SEDANG_PINDAH" in str(list(impor.baris.values_list("galat", flat=True)))
    assert Usulan.objects.count() == n


def bulan_terbuka() -> None:
    Ketentuan.objects.update_or_create(
        kunci="kelayakan.tutup_tanggal", wilayah=KABUPATEN, berlaku_sejak=timezone.datetime(2021, 5, 27).date(),
        defaults={"nilai": 31, "dasar_hukum": "uji", "sumber": "uji", "status_verifikasi": "kebijakan"},
    )  # fmt: skip


def jawab(baris, by) -> layak.VerifikasiKelayakan:
    alasan = layak.AlasanKelayakan.objects.filter(aktif=True).first().pk
    return layak.jawab(baris.pk, by=orang(by), jawaban=Jawaban("tidak_layak", alasan=[alasan]))


def test_not_eligible_uses_the_removal_that_is_open_already():
    bulan_terbuka()
    p = sampai("ditetapkan")
    ada, _ = langkah.buat(
        by=orang("operator"),
        keluarga=p.usulan.keluarga,
        program=p.program,
        jalur="PENGHAPUSAN",
        alasan_usul="x",
    )
    satu = jawab(p.penetapan.baris.get(), "operator")
    assert satu.usulan == ada and Usulan.objects.filter(jalur="PENGHAPUSAN").count() == 1


def test_a_recipient_who_moved_is_answered_for_by_the_new_desa_and_the_decree_stays(masuk):
    bulan_terbuka()
    p = sampai("ditetapkan")
    baris, nama = p.penetapan.baris.get(), p.usulan.keluarga.nama_kepala
    assert list(baca.penerima([DESA])) == [baris] and not baca.penerima([DESA2])
    rumah = pindahkan(p.usulan.keluarga)
    assert list(baca.penerima([DESA2])) == [baris] and not baca.penerima([DESA])
    assert nama in masuk("operator2").get("/kelayakan/").content.decode()
    assert nama not in masuk("operator").get("/kelayakan/").content.decode()
    assert [d.kode for d in baca.per_desa([KABUPATEN], baca.bulan_kini())] == [DESA2]
    with pytest.raises(StepRefused):
        jawab(baris, "operator")
    satu = jawab(baris, "operator2")
    assert satu.wilayah_id == DESA2 and satu.usulan.wilayah_id == DESA2 and satu.keluarga == rumah
    assert p.segar().wilayah_id == Kelayakan.objects.get().wilayah_id != DESA2, "a decree is history"


def test_minutes_of_the_old_desa_are_not_corrected_about_a_family_that_left():
    p = Perjalanan()
    p.dimusyawarahkan()
    m, by = p.musyawarah, orang("operator")
    (b,) = m.putusan.all()
    rapat_aksi.putuskan(m, by=by, putusan={str(b.pk): {"putusan": "ditolak", "alasan_kode": "MAMPU"}})
    m = rapat_aksi.tandatangani(rapat_aksi.selenggarakan(m, by=by), by=by, isi=PDF, nama="ba.pdf")
    rapat_aksi.terapkan_putusan(rapat_aksi.setujui(m, by=orang("lurah")), by=by)
    asal = Musyawarah.objects.get(pk=m.pk)
    isi = {"tempat": "Aula", "pimpinan": "Asep", "notulis": "Siti", "alasan_perbaikan": "Salah catat notulis"}
    koreksi = rapat_aksi.perbaiki(asal, by=by, data={"waktu": timezone.now(), **isi})
    assert perbaikan.tertutup(p.segar(), koreksi) is None
    pindahkan(p.usulan.keluarga)
    halangan = perbaikan.tertutup(Usulan.objects.get(pk=p.usulan.pk), koreksi)
    assert halangan is not None and halangan.kode == "SUDAH_PINDAH"
