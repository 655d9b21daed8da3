"""A person whose PBI was deactivated comes to the village; the Dinas recommends; the ministry answers; the data is refreshed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from accounts.models import Pemberitahuan
from bansos import tasks  # noqa: F401 - the handlers of the queue register themselves
from bansos.actions import jam_layanan, pbi, pbi_wajib
from bansos.models import PbiNonaktif, ReaktivasiPBI
from bansos.queries import pbi as baca
from core import outbox
from core.models import Dokumen, Jejak
from core.workflow import GateClosed, NotAllowed, NotOpen
from dtks.actions import keluarga as register
from portal.queries.dokumen import cari_dokumen
from tests.bantu.alur import PDF, keluarga_uji, orang, sampai
from tests.bantu.layanan import DATA, nik, reaktivasi, reaktivasi_sampai

pytestmark = pytest.mark.django_db


def test_dari_desa_sampai_aktif_kembali_dengan_tiga_orang_dan_surat_ber_qr():
    p = reaktivasi_sampai("disetujui")
    assert [r.langkah for r in p.riwayat.all()] == [
        "ajukan",
        "verifikasi",
        "rekomendasikan",
        "kirim",
        "setujui",
    ]
    assert len({p.pengaju_orang_id, p.verifikator_orang_id, p.penandatangan_orang_id}) == 3
    assert p.perbarui_batas == baca.tambah_bulan(timezone.localdate(), 6)
    cek = cari_dokumen(p.dokumen.kode)
    assert cek.tanda_sah and cek.jenis == "Surat rekomendasi reaktivasi PBI"
    umum = str(cek.ringkas)
    assert p.nama not in umum and "desil" not in umum.lower()
    aksi = set(Jejak.objects.filter(objek_id=str(p.pk)).values_list("aksi", flat=True))
    assert {"buat_reaktivasi", "lengkapi_reaktivasi", "ajukan", "setujui"} <= aksi
    assert nik(0) not in str(list(Jejak.objects.values_list("rincian", flat=True)))


def test_tanpa_surat_faskes_tidak_bisa_diajukan():
    sampai("draf", pengusul="operator")
    p = pbi.mulai(
        by=orang("operator"), nik=nik(0), nama="Siti", tanggal=timezone.localdate(), sebab="Desil 6"
    )
    p = pbi.lengkapi(p, by=orang("operator"), data=DATA)
    with pytest.raises(GateClosed, match="SURAT_FASKES"):
        pbi.langkahkan(p, "ajukan", by=orang("operator"))
    p.refresh_from_db()
    assert (p.status, p.tenggat_at) == ("draf", None)


def test_lewat_enam_bulan_diarahkan_ke_usulan_baru():
    p = reaktivasi(hari=200)
    with pytest.raises(GateClosed, match="LEWAT_BATAS") as tutup:
        pbi.langkahkan(p, "ajukan", by=orang("operator"))
    assert "penerima PBI baru" in tutup.value.halangan[0].jalan_keluar


def test_nik_di_luar_daftar_diminta_isiannya_lalu_tercatat_di_loket():
    sampai("draf", pengusul="operator")
    with pytest.raises(GateClosed, match="BELUM_DI_DAFTAR"):
        pbi.mulai(by=orang("operator"), nik=nik(0))
    p = pbi.mulai(
        by=orang("operator"), nik=nik(0), nama="Siti", tanggal=timezone.localdate(), sebab="Desil 6"
    )
    assert (p.nonaktif.asal, p.wilayah_id, p.individu.nik.open()) == ("loket", "32.05.01.1001", nik(0))
    assert p.nonaktif.wilayah_id == "32.05"


def test_orang_desa_lain_tidak_bisa_dicatat_dan_tidak_disebut_namanya():
    sampai("draf", pengusul="operator")
    with pytest.raises(GateClosed, match="LUAR_WILAYAH") as tutup:
        pbi.mulai(by=orang("operator2"), nik=nik(0), nama="Siti", tanggal=timezone.localdate(), sebab="x")
    assert keluarga_uji(0).told[0].nama not in str(tutup.value.halangan)
    assert not PbiNonaktif.objects.exists()


def test_orang_yang_belum_ada_di_register_hanya_di_loket_dinas():
    data = {"nik": nik(3), "nama": "Siti", "tanggal": timezone.localdate(), "sebab": "Desil 6"}
    with pytest.raises(GateClosed, match="BELUM_DI_REGISTER"):
        pbi.mulai(by=orang("operator"), **data)
    p = pbi.mulai(by=orang("verifikator"), **data)
    assert p.individu is None and p.wilayah_id == "32.05"
    assert not ReaktivasiPBI.objects.visible_to(orang("operator")).exists()


def test_satu_orang_satu_permohonan_berjalan_juga_dengan_tanggal_lain():
    p = reaktivasi()
    with pytest.raises(NotOpen, match="SUDAH_ADA"):
        pbi.mulai(by=orang("operator"), nik=nik(0))
    with pytest.raises(IntegrityError), transaction.atomic():
        ReaktivasiPBI.objects.create(
            nomor="X", nonaktif=p.nonaktif, nik_indeks=p.nik_indeks, wilayah_id=p.wilayah_id, nama="X",
            nonaktif_sejak=p.nonaktif_sejak, pemohon="X", created_by=p.created_by,
        )  # fmt: skip


def test_yang_mengajukan_tidak_boleh_memeriksa_dan_yang_memeriksa_tidak_boleh_menandatangani():
    p = reaktivasi(0, by="verifikator")
    p = pbi.langkahkan(p, "ajukan", by=orang("verifikator"))
    with pytest.raises(NotAllowed, match="TIDAK_BERWENANG"):
        pbi.langkahkan(p, "verifikasi", by=orang("verifikator"))
    p = pbi.langkahkan(p, "verifikasi", by=orang("verifikator2"))
    with pytest.raises(NotAllowed):
        pbi.langkahkan(p, "rekomendasikan", by=orang("supervisor"))
    assert not Dokumen.objects.filter(jenis="REKOMENDASI_PBI").exists()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as c:  # and raw SQL neither
        c.execute(
            "update bansos_reaktivasipbi set penandatangan_orang_id = verifikator_orang_id where id = %s",
            [p.pk],
        )


def test_yang_sudah_diajukan_tidak_berubah_juga_lewat_sql():
    p = reaktivasi_sampai("diajukan")
    with pytest.raises(NotAllowed):
        pbi.lengkapi(p, by=orang("operator"), data=DATA)
    for sql in ("set faskes = 'Lain'", "set nama = 'Lain'", "set status = 'disetujui'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as c:
            c.execute(f"update bansos_reaktivasipbi {sql} where id = %s", [p.pk])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as c:
        c.execute("update bansos_pbinonaktif set tanggal = tanggal + 1")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as c:
        c.execute("delete from bansos_reaktivasipbi")


def test_kabupaten_lain_tidak_melihat_dan_tidak_bisa_berbuat():
    p = reaktivasi_sampai("diajukan")
    for siapa in ("verifikator.lain", "operator.lain", "kadis.lain", "operator2", "admin", "tksk"):
        assert not ReaktivasiPBI.objects.visible_to(orang(siapa)).exists()
        assert not PbiNonaktif.objects.visible_to(orang(siapa)).exists()
    with pytest.raises(NotAllowed):
        pbi.langkahkan(p, "verifikasi", by=orang("verifikator.lain"))


def test_dikembalikan_dan_ditolak_dengan_alasan_dari_daftar():
    p = reaktivasi_sampai("diajukan")
    with pytest.raises(GateClosed, match="ALASAN_WAJIB"):
        pbi.langkahkan(p, "kembalikan", by=orang("verifikator"))
    p = pbi.langkahkan(p, "kembalikan", by=orang("verifikator"), alasan="PBI_SURAT_TAK_TERBACA")
    assert p.status == "draf"
    p = pbi.lengkapi(
        p, by=orang("operator"), data=DATA | {"faskes_tanggal": timezone.localdate()}, surat_faskes=[PDF]
    )
    p = pbi.langkahkan(p, "ajukan", by=orang("operator"))
    p = pbi.langkahkan(p, "tolak", by=orang("verifikator"), alasan="PBI_SEGMEN_LAIN")
    assert p.status == "ditolak" and p.jam_selesai is not None
    assert pbi.mulai(by=orang("operator"), nik=nik(0)).status == "draf"  # and he may ask again


# --- the 24 hours ---------------------------------------------------------------------------------------


def test_darurat_medis_berjam_24_sejak_dicatat_sampai_aktif():
    p = reaktivasi(kondisi="darurat", keadaan_mendesak="Dirawat di IGD")
    assert p.tenggat_at - p.jam_mulai == timedelta(hours=24)
    mulai = p.jam_mulai
    for langkah, siapa in (
        ("ajukan", "operator"),
        ("verifikasi", "verifikator"),
        ("rekomendasikan", "kadis"),
    ):
        p = pbi.langkahkan(p, langkah, by=orang(siapa))
    p = pbi.langkahkan(p, "kirim", by=orang("supervisor"), siks_nomor="1", tanggal=timezone.localdate())
    assert p.jam_mulai == mulai and p.jam_selesai is None  # sent is not active
    p = pbi.langkahkan(p, "setujui", by=orang("supervisor"), tanggal=timezone.localdate())
    assert p.jam_selesai is not None and p.eskalasi_at is None
    assert baca.angka(orang("supervisor")).median_jam is not None


def test_darurat_tanpa_keterangan_ditolak():
    with pytest.raises(GateClosed, match="MENDESAK"):
        reaktivasi(kondisi="darurat")


def test_jam_yang_habis_naik_sekali_tiap_ambang_dan_memberi_tahu_atasan():
    p = reaktivasi(kondisi="darurat", keadaan_mendesak="Dirawat di IGD")
    p = pbi.langkahkan(p, "ajukan", by=orang("operator"))
    assert not jam_layanan.naikkan()
    setengah = jam_layanan.naikkan(p.jam_mulai + timedelta(hours=13))
    assert [(n.persen, n.kepada) for n in setengah] == [(50, ())]
    assert not jam_layanan.naikkan(p.jam_mulai + timedelta(hours=13))
    habis = jam_layanan.naikkan(p.jam_mulai + timedelta(hours=25))
    assert [(n.persen, n.kepada) for n in habis] == [(100, ("usulan.kirim", "usulan.sahkan"))]
    assert not jam_layanan.naikkan(p.jam_mulai + timedelta(hours=99))
    assert baca.angka(orang("verifikator")).lewat == 1


def test_kabar_ke_meja_berikutnya_tanpa_nama():
    p = reaktivasi_sampai("diajukan", kondisi="darurat", keadaan_mendesak="Dirawat di IGD")
    outbox.work()
    kabar = Pemberitahuan.objects.get(pengguna=orang("verifikator"), tautan=f"/pbi/darurat/{p.pk}/")
    assert "DARURAT" in kabar.kalimat and p.nama not in kabar.kalimat
    assert not Pemberitahuan.objects.filter(pengguna=orang("verifikator.lain")).exists()


# --- the six months -------------------------------------------------------------------------------------


def test_kewajiban_enam_bulan_selesai_hanya_bila_data_benar_berubah():
    p = reaktivasi_sampai("disetujui")
    p.hasil_tanggal = p.hasil_tanggal + timedelta(
        days=1
    )  # the register was changed on the same day: look from tomorrow
    ReaktivasiPBI.objects.filter(pk=p.pk).update(hasil_tanggal=p.hasil_tanggal)
    with pytest.raises(GateClosed, match="DATA_BELUM_BERUBAH"):
        pbi_wajib.perbarui(p, by=orang("operator"))
    ReaktivasiPBI.objects.filter(pk=p.pk).update(hasil_tanggal=timezone.localdate())
    usulan = p.individu.keluarga.usulan.get()
    register.simpan_keluarga(usulan, by=orang("operator"), data={"alamat": "Kp. Baru"})
    p = pbi_wajib.perbarui(p, by=orang("operator"))
    assert p.diperbarui_at is not None
    with pytest.raises(NotAllowed):
        pbi_wajib.perbarui(p, by=orang("operator"))


def test_desa_diingatkan_pada_harinya_sekali_dan_tiap_minggu_sesudah_lewat():
    p = reaktivasi_sampai("disetujui")
    hari = timezone.localdate()

    def batas(n: int) -> None:
        ReaktivasiPBI.objects.filter(pk=p.pk).update(perbarui_batas=hari + timedelta(days=n))

    batas(90)
    assert not pbi_wajib.ingatkan()
    batas(58)  # the job did not run for two days: made up for once
    assert pbi_wajib.ingatkan() == [p] and not pbi_wajib.ingatkan()
    batas(-3)
    ReaktivasiPBI.objects.filter(pk=p.pk).update(diingatkan=hari - timedelta(days=6))
    assert not pbi_wajib.ingatkan()
    ReaktivasiPBI.objects.filter(pk=p.pk).update(diingatkan=hari - timedelta(days=7))
    assert pbi_wajib.ingatkan() == [p]
