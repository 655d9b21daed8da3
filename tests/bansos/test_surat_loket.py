"""Somebody asks for a letter at the counter: who, for what, in three working days; the desil stays on the paper."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from bansos.actions import permohonan
from bansos.models import PermohonanSurat
from core import files
from core.models import Dokumen, Jejak
from core.workflow import GateClosed, NotAllowed
from portal.queries.dokumen import cari_dokumen
from tests.bantu.alur import PDF, keluarga_uji, orang
from tests.bantu.layanan import nik, surat, surat_terbit
from tests.core.test_pdf import tulisan
from wilayah.queries.kerja import tambah_hari_kerja
from wilayah.waktu import hari_wilayah

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True


def kata(dokumen: Dokumen) -> str:
    return tulisan(files.read(dokumen.berkas))


def test_dari_loket_sampai_surat_ber_qr_dan_desil_hanya_di_kertas(masuk):
    p = surat_terbit(0, desil=3)
    isi = kata(p.dokumen)
    assert "Desil : 3" in isi and p.nama in isi and "triwulan III tahun 2026" in isi and nik(0) not in isi
    cek = cari_dokumen(p.dokumen.kode)
    assert (
        cek.tanda_sah and cek.jenis == "Surat keterangan DTSEN" and cek.ringkas == [("Permohonan", p.nomor)]
    )
    umum = masuk("operator").get(f"/v/{p.dokumen.kode}/").content.decode()
    halaman = masuk("operator").get(f"/surat/{p.pk}/").content.decode()
    assert (
        p.nama not in umum and "Desil 3" not in umum and "Desil 3" not in halaman and "desil 3" not in halaman
    )
    assert p.pemeriksa_orang_id != p.penandatangan_orang_id and p.jam_selesai is not None


def test_tiga_hari_kerja_dihitung_menurut_kalender_daerah():
    p = surat(0)
    assert timezone.localtime(p.tenggat_at).date() == tambah_hari_kerja("32.05", hari_wilayah("32.05"), 3)


def test_yang_tidak_ada_di_register_ditolak_dan_diarahkan_ke_musyawarah(masuk):
    with pytest.raises(GateClosed, match="NAMA_KOSONG"):
        surat(0, daftar=False)
    p = surat(0, daftar=False, nama="Ujang")
    assert (p.status, p.riwayat.get().alasan, p.jam_selesai is not None) == (
        "ditolak",
        "SURAT_TIDAK_TERDAFTAR",
        True,
    )
    assert "musyawarah" in masuk("operator").get(f"/surat/{p.pk}/").content.decode()


def test_calon_yang_belum_punya_desil_tidak_bisa_diterangkan():
    p = surat(0, desil=None)
    with pytest.raises(GateClosed, match="TIDAK_TERDAFTAR"):
        permohonan.langkahkan(p, "periksa", by=orang("verifikator"))
    p = permohonan.langkahkan(p, "tolak", by=orang("verifikator"), alasan="SURAT_TANPA_DESIL")
    assert p.status == "ditolak" and not Dokumen.objects.filter(jenis="KETERANGAN_DTSEN").exists()


def test_afirmasi_hanya_desil_satu_sampai_lima():
    p = surat(0, desil=6, keperluan="SPMB")
    with pytest.raises(GateClosed, match="DESIL_BATAS") as tutup:
        permohonan.langkahkan(p, "periksa", by=orang("verifikator"))
    assert "6" not in tutup.value.halangan[0].kalimat
    assert surat_terbit(1, desil=6, keperluan="PIP").status == "diterbitkan"


def test_rekomendasi_tidak_menyebut_desil():
    p = surat_terbit(0, desil=3, jenis="REKOMENDASI", keperluan="REHABILITASI")
    assert "Desil" not in kata(p.dokumen) and p.dokumen.jenis == "REKOMENDASI"


def test_orang_lain_hanya_dengan_surat_kuasa():
    with pytest.raises(GateClosed, match="SURAT_KUASA"):
        surat(0, hubungan="KUASA")
    assert surat(0, daftar=False, hubungan="KUASA", surat_kuasa=[PDF]).surat_kuasa is not None


def test_keluarga_desa_lain_tidak_bisa_diminta_dan_namanya_tidak_disebut():
    surat(0)
    with pytest.raises(GateClosed, match="LUAR_WILAYAH") as tutup:
        surat(0, daftar=False, by="operator2", nama="Ujang")
    assert keluarga_uji(0).told[0].nama not in str(tutup.value.halangan)
    for siapa in ("operator2", "verifikator.lain", "admin", "tksk"):
        assert not PermohonanSurat.objects.visible_to(orang(siapa)).exists()


def test_yang_memeriksa_tidak_menandatangani_dan_yang_hanya_melihat_tidak_mengunduh(masuk):
    p = permohonan.langkahkan(surat(0), "periksa", by=orang("verifikator"))
    with pytest.raises(NotAllowed):
        permohonan.langkahkan(p, "terbitkan", by=orang("verifikator"))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as c:
        c.execute("update bansos_permohonansurat set penandatangan_orang_id = pemeriksa_orang_id")
    p = permohonan.langkahkan(p, "terbitkan", by=orang("kadis"))
    for siapa in ("lurah", "inspektorat"):
        assert masuk(siapa).get(f"/surat/{p.pk}/").status_code == 200
        assert masuk(siapa).post(f"/surat/{p.pk}/unduh/").status_code == 403
    jawab = masuk("operator").post(f"/surat/{p.pk}/unduh/")
    assert jawab.status_code == 200 and jawab.content.startswith(b"%PDF")
    assert Jejak.objects.filter(aksi="unduh_surat", objek_id=str(p.pk)).count() == 1


def test_isi_permintaan_tidak_bisa_diubah_lewat_sql():
    surat(0)
    for sql in ("update bansos_permohonansurat set pemohon = 'Lain'", "delete from bansos_permohonansurat"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as c:
            c.execute(sql)
