"""Objections (UU 30/2014): filed in time or late with a reason, decided by nobody who had a part, answered or deemed granted."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from bansos import notifications
from bansos.actions import keberatan as aksi
from bansos.models import Keberatan
from core import files
from core.models import Dokumen, Ketentuan, Pekerjaan
from core.workflow import GateClosed, NotAllowed, NotOpen
from dtks.actions import usulan as langkah
from tests.bansos.test_tiga_meja import akun
from tests.bantu.alur import PDF, alasan_pertama, orang
from tests.core.test_pdf import tulisan
from wilayah.queries.kerja import tambah_hari_kerja

pytestmark = pytest.mark.django_db
ALASAN = "Rumah kami sudah roboh sejak musim hujan."


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True


@pytest.fixture
def ditolak_dinas(sampai):
    """Rejected by a verifier of the Dinas after the visit."""
    p = sampai("diases")
    langkah.tolak(p.usulan, by=orang("verifikator"), alasan=alasan_pertama("tolak"))
    p.segar()
    return p


def ajukan(usulan, **lain) -> Keberatan:
    bahan = {"by": orang("operator"), "pemohon": "Ujang", "alasan": ALASAN, "diterima": timezone.localdate()}
    return aksi.ajukan(usulan, **(bahan | lain))


def test_dikabulkan_membuka_kembali_usulan_di_dinas_dengan_surat(ditolak_dinas):
    p = ditolak_dinas
    k = ajukan(p.usulan, berkas=[PDF])
    assert k.nomor == f"K-001/{timezone.localdate().year}" and not k.terlambat
    assert k.batas_ajukan == tambah_hari_kerja("32.05", k.putusan_tanggal, 21)
    assert k.batas_jawab == tambah_hari_kerja("32.05", k.diterima_tanggal, 10)
    k = aksi.kabulkan(k, by=orang("kadis"), alasan="Foto terbaru menunjukkan rumah roboh.")
    assert (k.status, p.segar().status, k.usulan_baru) == ("dikabulkan", "diinput", None)
    surat = tulisan(files.read(k.dokumen.berkas))
    assert "DIKABULKAN" in surat and "Foto terbaru" in surat and k.dokumen.nomor in surat
    assert [r.langkah for r in p.usulan.riwayat.all()][-2:] == ["tolak", "buka_kembali"]
    with pytest.raises(NotOpen):
        aksi.tolak(k, by=orang("kadis"), alasan="Berubah pikiran sesudahnya.")


def test_atas_yang_tidak_ditetapkan_menjadi_usulan_baru_yang_menyebut_keberatannya(sampai):
    p = sampai("tidak_ditetapkan")
    k = ajukan(p.usulan)
    with pytest.raises(NotAllowed):  # he endorsed it
        aksi.kabulkan(k, by=orang("kadis"), alasan="Alasan yang cukup panjang.")
    k = aksi.kabulkan(k, by=orang("supervisor"), alasan="Desil sudah diperbarui BPS.")
    assert p.segar().status == "tidak_ditetapkan"  # its decree stands
    assert k.usulan_baru.status == "draf" and k.nomor in k.usulan_baru.alasan_usul
    assert k.usulan_baru.keluarga_id == p.usulan.keluarga_id


def test_ditolak_dengan_surat_yang_menyebut_banding(ditolak_dinas):
    k = aksi.tolak(
        ajukan(ditolak_dinas.usulan), by=orang("supervisor"), alasan="Hasil kunjungan kedua tetap sama."
    )
    assert ditolak_dinas.segar().status == "ditolak"
    surat = tulisan(files.read(k.dokumen.berkas))
    assert "banding" in surat and "a.n. Kepala Dinas Sosial" in surat


def test_yang_ikut_memutus_atau_mencatat_tidak_memutus_keberatannya(ditolak_dinas):
    k = ajukan(ditolak_dinas.usulan)
    for dari in ("verifikator", "tksk", "rtrw", "operator"):
        with pytest.raises(NotAllowed):
            aksi.kabulkan(
                k, by=akun(dari, "KEPALA_DINAS", f"{dari}.naik"), alasan="Alasan yang cukup panjang."
            )
    with pytest.raises(NotAllowed):
        aksi.kabulkan(k, by=orang("operator"), alasan="Alasan yang cukup panjang.")
    assert k.dokumen is None and Keberatan.objects.get().status == "diajukan"


def test_basis_data_menolak_pemutus_yang_ikut_dan_perubahan_isi(ditolak_dinas):
    k = ajukan(ditolak_dinas.usulan)
    penolak = orang("verifikator")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "insert into bansos_riwayatkeberatan(id, keberatan_id, urut, langkah, dari, ke, orang_id, peran, alasan, alasan_kalimat, catatan) "
            "values (%s, %s, 1, 'lewatkan', 'diajukan', 'dianggap_kabul', %s, '', '', '', ''), ",
            [uuid.uuid4(), k.pk, penolak.orang_id],
        )
    with (
        pytest.raises(DatabaseError, match="ikut memutus"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "insert into bansos_riwayatkeberatan(id, keberatan_id, urut, langkah, dari, ke, orang_id, peran, alasan, alasan_kalimat, catatan) "
            "values (%s, %s, 1, 'tolak', 'diajukan', 'ditolak', %s, '', '', '', '')",
            [uuid.uuid4(), k.pk, penolak.orang_id],
        )
        cursor.execute(
            "update bansos_keberatan set status = 'ditolak', versi = 1, pemutus_orang_id = %s, alasan_putusan = 'x', dokumen_id = %s where id = %s",
            [penolak.orang_id, Dokumen.objects.order_by("pk").values_list("pk", flat=True)[0], k.pk],
        )
        cursor.execute("set constraints all immediate")
    for sql in (
        "update bansos_keberatan set alasan = 'lain' where id = %s",
        "update bansos_keberatan set batas_jawab = batas_jawab + 90 where id = %s",
        "delete from bansos_keberatan where id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [k.pk])


def test_terlambat_diterima_dengan_sebab_dan_ditandai(ditolak_dinas, monkeypatch):
    """Twenty-two working days later; the clock is the area's own day."""
    u = ditolak_dinas.usulan
    nanti = tambah_hari_kerja("32.05", timezone.localdate(), 22)
    monkeypatch.setattr(aksi, "hari_wilayah", lambda kode: nanti)
    with pytest.raises(GateClosed, match="TERLAMBAT"):
        ajukan(u, diterima=nanti)
    k = ajukan(u, diterima=nanti, alasan_terlambat="Surat baru sampai minggu lalu.")
    assert k.terlambat
    with pytest.raises(NotOpen, match="SUDAH_ADA"):
        ajukan(u, diterima=nanti, alasan_terlambat="Surat baru sampai minggu lalu.")
    with pytest.raises(GateClosed, match="TANGGAL_DITERIMA"):
        ajukan(u, diterima=nanti + timedelta(days=1))


def test_tidak_dijawab_dianggap_dikabulkan_lalu_ditindaklanjuti(ditolak_dinas):
    k = ajukan(ditolak_dinas.usulan)
    assert aksi.lewatkan(k.batas_jawab) == 0
    sesudah = k.batas_jawab + timedelta(days=1)
    assert aksi.lewatkan(sesudah) == 1 and aksi.lewatkan(sesudah) == 0
    k.refresh_from_db()
    assert k.status == "dianggap_kabul" and ditolak_dinas.segar().status == "ditolak"
    for job in Pekerjaan.objects.filter(jenis=aksi.NOTICE):
        notifications.kabar_keberatan(job)
    assert all(
        orang(u).pemberitahuan.filter(tautan=f"/keberatan/{k.pk}/").exists()
        for u in ("kadis", "supervisor", "inspektorat", "operator")
    )
    with pytest.raises(NotOpen):
        aksi.tolak(k, by=orang("kadis"), alasan="Terlambat memutus, maka ditolak.")
    aksi.kabulkan(k, by=orang("kadis"), alasan="Dianggap dikabulkan menurut undang-undang.")
    assert ditolak_dinas.segar().status == "diinput"


def test_daerah_yang_hanya_menaikkan(ditolak_dinas):
    k = ajukan(ditolak_dinas.usulan)
    Ketentuan.objects.filter(kunci="keberatan.lewat").update(nilai="eskalasi")
    assert aksi.lewatkan(k.batas_jawab + timedelta(days=1)) == 1
    k.refresh_from_db()
    assert k.status == "diajukan" and k.dieskalasi_at


def test_di_layar_dari_loket_sampai_jawaban(masuk, ditolak_dinas):
    p, operator, kadis = ditolak_dinas, masuk("operator"), masuk("kadis")
    assert "Catat keberatan keluarga" in operator.get(f"/usulan/{p.usulan.pk}/").content.decode()
    alamat = f"/keberatan/ajukan/{p.usulan.pk}/"
    assert "paling lambat" in operator.get(alamat).content.decode()
    data = {
        "pemohon": "Ujang",
        "diterima": f"{timezone.localdate()}",
        "alasan": "",
        "kunci_kirim": uuid.uuid4(),
    }
    assert operator.post(alamat, data).status_code == 422
    data |= {"alasan": ALASAN, "berkas": SimpleUploadedFile("a.pdf", PDF, "application/pdf")}
    lihat = operator.post(alamat, data).headers["Location"]
    assert operator.get(lihat + "berkas/bukti/").content == PDF
    assert operator.get(alamat).status_code == 302  # it is there already
    assert "sisa 10 hari kerja" in kadis.get("/keberatan/").content.decode()
    assert operator.get(lihat + "putus/").status_code == 403
    assert masuk("verifikator.lain").get(lihat).status_code == 404
    isi = {"versi": 0, "putusan": "kabulkan", "alasan": "Bukti baru meyakinkan.", "kunci_kirim": uuid.uuid4()}
    assert kadis.post(lihat + "putus/", isi).status_code == 302
    assert kadis.get(lihat + "berkas/jawaban/").content.startswith(b"%PDF")
    assert p.segar().status == "diinput"
