"""A family graduates: brought by the village, agreed by a second person where it must be, decided by the line; never by a machine."""

from datetime import date, timedelta

import pytest
from django.db import Error, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Pemberitahuan
from bansos import tasks  # noqa: F401 - the handlers of the queue register themselves
from bansos.actions import graduasi as aksi
from bansos.actions import penetapan
from bansos.actions.graduasi import Isian
from bansos.actions.hitung import hitung
from bansos.models import AturanProgram, Graduasi, PantauMandiri, Penetapan
from bansos.queries import graduasi as baca
from bansos.queries.kelayakan import penerima
from bansos.queries.penerima import periode_kini
from core import outbox
from core.workflow import GateClosed, NotAllowed, NotOpen
from dtks.actions import usulan as langkah
from dtks.models import Desil, Individu, Usulan
from tests.bansos.test_darurat_dan_penghapusan import LANSIA, lanjut_dari_diinput, tetapkan
from tests.bansos.test_penyaluran_layar import teks
from tests.bantu.alur import PDF, Perjalanan, alasan_pertama, orang
from tests.bantu.pemain import DESA

pytestmark = pytest.mark.django_db
ISIAN = Isian("tanpa_komponen", "Anak bungsu sudah lulus SMA.")


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


def terima(sampai, *, rentan: bool, nomor: int = 0, **lain):
    """The row of the decree of a family that receives, with or without a disabled person."""
    p = sampai("ditetapkan", nomor=nomor, **lain)
    anggota = Individu.objects.filter(keluarga=p.usulan.keluarga)
    anggota.update(disabilitas="", tgl_lahir=date(1990, 1, 1))
    if rentan:
        anggota.filter(hubungan="1").update(disabilitas="01")
    return p.penetapan.baris.get()


def test_tanpa_rentan_langsung_menjadi_usulan_penghapusan(sampai):
    baris = terima(sampai, rentan=False)
    satu = aksi.ajukan(baris.pk, by=orang("operator"), isian=ISIAN)
    assert (satu.status, satu.jenis, satu.usulan.jalur) == ("diusulkan", "alamiah", "PENGHAPUSAN")
    assert "Graduasi alamiah" in satu.usulan.alasan_usul
    assert Penetapan.objects.get().status == "berlaku"  # the family still receives
    with pytest.raises((NotOpen, GateClosed)):
        aksi.ajukan(baris.pk, by=orang("operator"), isian=ISIAN)


def test_rentan_menunggu_orang_kedua_lalu_desa_yang_mengusulkan(sampai):
    baris = terima(sampai, rentan=True)
    satu = aksi.ajukan(baris.pk, by=orang("operator"), isian=ISIAN)
    assert satu.status == "menunggu" and satu.usulan is None
    assert not Usulan.objects.filter(jalur="PENGHAPUSAN").exists()
    with pytest.raises(NotOpen):
        aksi.usulkan(satu, by=orang("operator"))
    for bukan in ("operator", "verifikator", "supervisor.lain"):
        with pytest.raises(NotAllowed):
            aksi.setujui(satu, by=orang(bukan))
    satu = aksi.setujui(satu, by=orang("supervisor"))
    with pytest.raises(NotOpen):
        aksi.tolak(satu, by=orang("kadis"), alasan="Terlambat")
    satu = aksi.usulkan(satu, by=orang("operator"))
    assert satu.status == "diusulkan" and satu.usulan.jalur == "PENGHAPUSAN"


def test_orang_kedua_lalu_pengajunya_diberi_tahu_tanpa_nama(sampai):
    baris = terima(sampai, rentan=True)
    satu = aksi.ajukan(baris.pk, by=orang("operator"), isian=ISIAN)
    outbox.work()
    kalimat = Pemberitahuan.objects.filter(tautan=f"/graduasi/{satu.pk}/").values_list(
        "pengguna__username", "kalimat"
    )
    assert {"supervisor", "kadis"} <= {siapa for siapa, _ in kalimat} and "operator" not in dict(kalimat)
    aksi.setujui(satu, by=orang("supervisor"))
    outbox.work()
    isi = dict(kalimat.all())["operator"]
    assert "disetujui" in isi
    for rahasia in (baris.usulan.keluarga.nama_kepala, "lanjut usia", "disabilitas"):
        assert rahasia not in " ".join(k for _, k in kalimat.all())


def test_ditolak_perlu_alasan_dan_boleh_diajukan_lagi(sampai):
    baris = terima(sampai, rentan=True)
    satu = aksi.ajukan(baris.pk, by=orang("operator"), isian=ISIAN)
    with pytest.raises(NotOpen):
        aksi.ajukan(baris.pk, by=orang("operator"), isian=ISIAN)
    with pytest.raises(GateClosed):
        aksi.tolak(satu, by=orang("kadis"), alasan=" ")
    satu = aksi.tolak(satu, by=orang("kadis"), alasan="Nenek masih sakit.")
    assert satu.status == "ditolak" and not Usulan.objects.filter(jalur="PENGHAPUSAN").exists()
    assert aksi.ajukan(baris.pk, by=orang("operator"), isian=ISIAN).status == "menunggu"


def test_yang_tidak_boleh(sampai):
    baris = terima(sampai, rentan=False)
    for bukan in ("operator2", "lurah", "supervisor", "operator.lain"):
        with pytest.raises(NotAllowed):
            aksi.ajukan(baris.pk, by=orang(bukan), isian=ISIAN)
    for salah in (Isian("permintaan", "Sudah mampu."), Isian("apa", "x"), Isian("naik_desil", " ")):
        with pytest.raises(GateClosed):
            aksi.ajukan(baris.pk, by=orang("operator"), isian=salah)
    mandiri = aksi.ajukan(baris.pk, by=orang("operator"), isian=Isian("permintaan", "Sudah mampu.", PDF))
    assert mandiri.jenis == "mandiri" and mandiri.berkas is not None
    with pytest.raises(NotOpen):
        aksi.ajukan(sampai("dikirim", nomor=3).usulan.pk, by=orang("operator"), isian=ISIAN)


@pytest.mark.parametrize(
    "perintah",
    [
        "update bansos_graduasi set rentan = false",
        "update bansos_graduasi set status = 'disetujui'",
        "update bansos_graduasi set status = 'disetujui', pemutus_orang_id = pengaju_orang_id, diputus_by_id = created_by_id",
        "delete from bansos_graduasi",
    ],
)
def test_sql_langsung_tidak_melewati_orang_kedua(sampai, perintah):
    aksi.ajukan(terima(sampai, rentan=True).pk, by=orang("operator"), isian=ISIAN)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(perintah)


def test_masa_paling_lama_dari_aturan_diingatkan_enam_bulan_sebelumnya(sampai):
    baris = terima(sampai, rentan=False)
    lain = terima(sampai, rentan=True, nomor=1)
    assert baca.masa("PKH", DESA) is None and baca.mendekati("PKH", [DESA], [], 9) == []
    hari = timezone.localdate()
    aturan = AturanProgram.objects.get(program="PKH", status="berlaku")
    with connection.cursor() as cursor:  # a rule in force and a decree are frozen: past the guards
        cursor.execute("set local session_replication_role = replica")
    AturanProgram.objects.filter(pk=aturan.pk).update(isi=aturan.isi | {"maks_tahun": 5})
    for berapa, ada in ((4 * 365, False), (4 * 365 + 200, True), (6 * 365, True)):
        Penetapan.objects.update(tanggal=hari - timedelta(days=berapa))
        calon = baca.mendekati("PKH", [DESA], [], 9)
        assert [c.baris for c in calon] == ([baris.pk] if ada else []), berapa
    assert lain.pk not in [c.baris for c in calon] and "lewat" in calon[0].alasan[0]
    assert baca.mendekati("PKH", ["32.06"], [], 9) == []


def test_calon_pena_dari_usaha_dan_desil(sampai):
    baris = terima(sampai, rentan=False)
    keluarga = baris.usulan.keluarga
    assert baca.pena([DESA], [], 9) == []
    Individu.objects.filter(keluarga=keluarga, hubungan="1").update(usaha_jumlah=1)
    Desil.objects.create(keluarga=keluarga, tahun=2026, triwulan=4, desil=3, sumber="uji")
    (calon,) = baca.pena([DESA], [], 9)
    assert calon.keluarga == keluarga.pk and "usaha" in calon.alasan[1]
    assert baca.pena([DESA], [calon.wilayah, calon.keluarga], 9) == []


def test_pemantauan_sesudah_pena(sampai, masuk):
    p = sampai("ditetapkan", program="PENA")
    (satu,) = baca.sesudah([DESA], [], 9)
    assert (satu.jenis, satu.masuk_lagi, satu.keadaan) == ("pena", False, "")
    hari = timezone.localdate()
    with pytest.raises(GateClosed):
        aksi.pantau(
            p.usulan.keluarga, program="PENA", by=orang("operator"), tanggal=hari - timedelta(days=9), keadaan="goyah", catatan=""
        )  # fmt: skip
    with pytest.raises(NotOpen):
        aksi.pantau(
            p.usulan.keluarga, program="PKH", by=orang("operator"), tanggal=hari, keadaan="goyah", catatan=""
        )
    aksi.pantau(
        p.usulan.keluarga,
        program="PENA",
        by=orang("operator"),
        tanggal=hari,
        keadaan="goyah",
        catatan="Modal habis.",
    )
    assert baca.sesudah([DESA], [], 9)[0].keadaan == "goyah" and PantauMandiri.objects.count() == 1
    assert "Goyah" in teks(masuk("operator").get(reverse("graduasi_pantauan")))


def test_di_layar_dari_calon_sampai_putusan(sampai, masuk):
    baris = terima(sampai, rentan=True)
    browser = masuk("operator")
    url = reverse("graduasi_ajukan", args=[baris.pk])
    assert "lanjut usia atau penyandang disabilitas" in teks(browser.get(url, {"sebab": "naik_desil"}))
    kosong = browser.post(
        url, {"sebab": "", "alasan": "", "kunci_kirim": "0b6e2a0e-0000-4000-8000-000000000001"}
    )
    assert kosong.status_code == 422
    jawab = browser.post(
        url,
        {
            "sebab": "naik_desil",
            "alasan": "Usaha maju.",
            "kunci_kirim": "0b6e2a0e-0000-4000-8000-000000000002",
        },
    )
    satu = Graduasi.objects.get()
    assert jawab.status_code == 302 and jawab.url == reverse("graduasi_lihat", args=[satu.pk])
    assert "Putusan orang kedua" not in teks(browser.get(jawab.url))
    dinas = masuk("supervisor")
    assert "Putusan orang kedua" in teks(dinas.get(jawab.url))
    dinas.post(
        jawab.url, {"putusan": "setujui", "alasan": "", "kunci_kirim": "0b6e2a0e-0000-4000-8000-000000000003"}
    )
    satu.refresh_from_db()
    assert satu.status == "disetujui"
    browser.post(reverse("graduasi_usulkan", args=[satu.pk]))
    satu.refresh_from_db()
    assert satu.status == "diusulkan"
    for nama in ("operator2", "operator.lain", "supervisor.lain"):
        assert masuk(nama).get(jawab.url).status_code == 404
    for alamat in ("graduasi", "graduasi_calon", "graduasi_pena", "graduasi_pantauan"):
        teks(dinas.get(reverse(alamat)))
        assert masuk("provinsi").get(reverse(alamat)).status_code == 403


def test_calon_alamiah_berasal_dari_daftar_yang_dihitung(sampai, masuk):
    baris = terima(sampai, rentan=False)
    keluarga = baris.usulan.keluarga
    triwulan = (timezone.localdate().month + 2) // 3
    Desil.objects.create(
        keluarga=keluarga, tahun=timezone.localdate().year, triwulan=triwulan, desil=9, sumber="uji"
    )
    assert baca.alamiah("PKH", [DESA], [], 20) == []  # no list yet
    hitung(program="PKH", periode=periode_kini(), wilayah="32.05", by=None)
    calon = baca.alamiah("PKH", [DESA], [], 20)
    assert [(c.keluarga, c.desil) for c in calon] == [(keluarga.pk, 9)]
    assert calon[0].sebab in ("naik_desil", "tanpa_komponen") and calon[0].alasan
    assert baca.alamiah("PKH", ["32.06"], [], 20) == []
    assert keluarga.nama_kepala in teks(masuk("operator").get("/graduasi/calon/?program=PKH"))


# --- who left and comes again ---------------------------------------------------------------------------


def jalan(usulan: Usulan, jalur: str, kesimpulan: str) -> Perjalanan:
    """A proposal of the village from wherever it is to the desk of the decree."""
    by = orang("operator")
    p = Perjalanan(program=LANSIA, jalur=jalur, pengusul="operator")
    p.usulan = usulan
    if p.segar().status == "draf":
        langkah.ajukan(p.usulan, by=by)
    p.musyawarah = p.rapat()
    langkah.musyawarahkan(p.usulan, by=by, musyawarah=p.musyawarah)
    p.berita_acara_sah()
    langkah.sepakati(p.usulan, by=by)
    langkah.input(p.usulan, by=by)
    lanjut_dari_diinput(p, kesimpulan)
    return p


def lulus(sampai) -> Usulan:
    """A family that graduated from the local programme: its removal is decreed."""
    baris = terima(sampai, rentan=False, program=LANSIA)
    satu = aksi.ajukan(baris.pk, by=orang("operator"), isian=ISIAN)
    assert baca.sesudah([DESA], [], 9) == []  # not before the decree
    p = jalan(satu.usulan, "PENGHAPUSAN", "tidak_layak")
    tetapkan(p)
    return p.segar()


def masuk_lagi() -> bool:
    (satu,) = baca.sesudah([DESA], [], 9)
    assert (satu.jenis, satu.program) == ("graduasi", LANSIA)
    return satu.masuk_lagi


def test_yang_lulus_dan_diusulkan_lagi_terlihat_masuk_lagi(sampai, masuk):
    keluar = lulus(sampai)
    assert not masuk_lagi()
    baru, _ = langkah.buat(by=orang("operator"), keluarga=keluar.keluarga, program=LANSIA)
    assert not masuk_lagi()  # a draft is nobody's proposal yet
    langkah.ajukan(baru, by=orang("operator"))
    assert masuk_lagi()
    assert 'data-label="Masuk lagi">Tidak' not in teks(masuk("operator").get(reverse("graduasi_pantauan")))
    langkah.tarik(Usulan.objects.get(pk=baru.pk), by=orang("operator"), alasan=alasan_pertama("tarik"))
    assert not masuk_lagi()


def test_yang_lulus_dan_ditetapkan_lagi_terlihat_masuk_lagi(sampai):
    keluar = lulus(sampai)
    baru, _ = langkah.buat(by=orang("operator"), keluarga=keluar.keluarga, program=LANSIA)
    p = jalan(baru, "REGULER", "layak")
    tetapkan(p, "tidak_ditetapkan", alasan_pertama("tidak_ditetapkan"))
    assert not masuk_lagi()
    dua, _ = langkah.buat(by=orang("operator"), keluarga=keluar.keluarga, program=LANSIA)
    tetapkan(jalan(dua, "REGULER", "layak"))
    assert masuk_lagi()


def test_lulus_yang_sk_nya_dicabut_tidak_dipantau(sampai):
    keluar = lulus(sampai)
    sk = Penetapan.objects.get(baris__usulan=keluar)
    assert len(baca.sesudah([DESA], [], 9)) == 1
    penetapan.cabut(sk, by=orang("kadis"), alasan="Keluarga ternyata masih layak.")
    assert baca.sesudah([DESA], [], 9) == []
    assert aksi_boleh_diajukan_lagi(keluar)


def aksi_boleh_diajukan_lagi(keluar: Usulan) -> bool:
    """The family receives again, so it may graduate again."""
    (baris,) = penerima([DESA]).filter(usulan__keluarga=keluar.keluarga_id)
    return aksi.ajukan(baris.pk, by=orang("operator"), isian=ISIAN).status == "diusulkan"


def test_dasbor_menyebut_siapa_yang_ditunggu(sampai, masuk):
    satu = aksi.ajukan(terima(sampai, rentan=True).pk, by=orang("operator"), isian=ISIAN)
    assert "graduasi menunggu persetujuan orang kedua" in teks(masuk("kadis").get("/dasbor/"))
    assert "graduasi sudah disetujui" not in teks(masuk("operator").get("/dasbor/"))
    aksi.setujui(satu, by=orang("kadis"))
    assert "graduasi menunggu persetujuan orang kedua" not in teks(masuk("supervisor").get("/dasbor/"))
    assert "graduasi sudah disetujui" in teks(masuk("operator").get("/dasbor/"))
    assert "graduasi sudah disetujui" not in teks(masuk("operator2").get("/dasbor/"))
