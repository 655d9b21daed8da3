"""A batch over three desks: verifier, supervisor, head. Three people, all rows or none, and what is taken out has a reason."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Pengguna, Penugasan
from bansos import notifications
from bansos.actions import batch as aksi
from bansos.actions import pengesahan
from bansos.models import BatchPengesahan, Pengesahan
from core import audit, files
from core.models import Ketentuan, Pekerjaan
from core.workflow import GateClosed, NotAllowed, NotOpen
from dtks.actions import usulan as langkah
from portal.queries.dasbor import dasbor
from tests.bantu.alur import alasan_pertama, orang
from tests.core.test_pdf import tulisan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tiga_meja(settings):
    """Garut works over three desks."""
    settings.DEMO = True
    Ketentuan.objects.create(
        kunci="pengesahan.tiga_meja", wilayah="32.05", nilai=True, berlaku_sejak=date(2021, 5, 27),
        dasar_hukum="uji", sumber="uji", status_verifikasi="kebijakan",
    )  # fmt: skip
    audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None)


def akun(dari: str, peran: str, username: str, *, hingga: date | None = None) -> Pengguna:
    """Another account of the same human in another role."""
    asal = orang(dari)
    baru = Pengguna.objects.create(username=username, nama=asal.nama, orang=asal.orang)
    Penugasan.objects.create(
        pengguna=baru, peran_id=peran, wilayah_id="32.05", berlaku_sejak=date(2020, 1, 1), berlaku_hingga=hingga
    )  # fmt: skip
    return orang(baru.username)


def diteruskan(sampai, nomor=0) -> BatchPengesahan:
    p = sampai("terverifikasi", nomor=nomor)
    batch = pengesahan.susun([p.usulan.pk], by=orang("verifikator"))
    return aksi.teruskan(batch, by=orang("supervisor"))


def menunggu(siapa: str) -> dict[str, int]:
    return {t.kode: t.jumlah for t in dasbor(orang(siapa)).tugas}


def segera() -> None:
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")


def test_satu_batch_lewat_tiga_meja_menjadi_satu_surat(sampai):
    p, q = sampai("terverifikasi", nomor=0), sampai("terverifikasi", nomor=1)
    batch = pengesahan.susun([p.usulan.pk, q.usulan.pk], by=orang("verifikator"), catatan="Siap.")
    assert (batch.status, batch.nomor) == ("diserahkan", f"B-001/{timezone.localdate().year}")
    assert menunggu("supervisor")["batch_diserahkan"] == 1 and "batch_diteruskan" not in menunggu("kadis")
    sampai("terverifikasi", nomor=2)
    assert menunggu("verifikator")["susun"] == 1  # the one that is in no batch yet
    batch = aksi.teruskan(batch, by=orang("supervisor"))
    assert menunggu("kadis")["batch_diteruskan"] == 1 and "batch_diserahkan" not in menunggu("supervisor")
    surat = pengesahan.sahkan_batch(batch, by=orang("kadis"))
    segera()
    batch.refresh_from_db()
    assert batch.status == "disahkan" and batch.pengesahan == surat
    assert {p.segar().status, q.segar().status} == {"disahkan"}
    assert surat.baris.count() == 2 and not batch.baris.filter(aktif=True).exists()
    assert [r.langkah for r in batch.riwayat.all()] == ["serahkan", "teruskan", "sahkan"]
    assert len({r.orang_id for r in batch.riwayat.all()}) == 3


def test_kepala_dinas_tidak_melewati_batch(sampai):
    p = sampai("terverifikasi")
    with pytest.raises(GateClosed, match="TIGA_MEJA"):
        pengesahan.sahkan([p.usulan.pk], by=orang("kadis"))
    batch = pengesahan.susun([p.usulan.pk], by=orang("verifikator"))
    with pytest.raises(NotOpen):
        pengesahan.sahkan_batch(batch, by=orang("kadis"))
    assert p.segar().status == "terverifikasi"


def test_satu_usulan_hanya_di_satu_batch_dan_tidak_disahkan_di_luarnya(sampai):
    p = sampai("terverifikasi")
    batch = pengesahan.susun([p.usulan.pk], by=orang("verifikator"))
    with pytest.raises(GateClosed, match="SUDAH_DI_BATCH") as tutup:
        pengesahan.susun([p.usulan.pk], by=orang("verifikator2"))
    assert batch.nomor in tutup.value.halangan[0].kalimat
    Ketentuan.objects.filter(kunci="pengesahan.tiga_meja", wilayah="32.05").update(nilai=False)
    with pytest.raises(GateClosed, match="SUDAH_DI_BATCH"):
        pengesahan.sahkan([p.usulan.pk], by=orang("kadis"))


def test_supervisor_mengeluarkan_dengan_alasan_dan_sisanya_disahkan(sampai):
    p, q = sampai("terverifikasi", nomor=0), sampai("terverifikasi", nomor=1)
    batch = pengesahan.susun([p.usulan.pk, q.usulan.pk], by=orang("verifikator"))
    with pytest.raises(GateClosed, match="ALASAN_WAJIB"):
        aksi.keluarkan(batch, [q.usulan.pk], by=orang("supervisor"), alasan="")
    with pytest.raises(NotAllowed):
        aksi.keluarkan(batch, [q.usulan.pk], by=orang("verifikator"), alasan="KELUAR_BUKTI")
    aksi.keluarkan(batch, [q.usulan.pk], by=orang("supervisor"), alasan="KELUAR_BUKTI", catatan="Foto buram")
    with pytest.raises(NotOpen):
        aksi.keluarkan(batch, [q.usulan.pk], by=orang("supervisor"), alasan="KELUAR_BUKTI")
    surat = pengesahan.sahkan_batch(aksi.teruskan(batch, by=orang("supervisor")), by=orang("kadis"))
    assert surat.baris.get().usulan_id == p.usulan.pk
    assert q.segar().status == "terverifikasi"  # and free for the next batch
    lagi = pengesahan.susun([q.usulan.pk], by=orang("verifikator2"))
    assert lagi.nomor.startswith("B-002/")


def test_dikembalikan_ke_verifikator_lalu_ditambah_dan_diserahkan_lagi(sampai):
    batch = diteruskan(sampai)
    batch = aksi.kembalikan(batch, by=orang("kadis"), alasan="BATCH_TIDAK_SEPAKAT", catatan="Periksa lagi")
    assert batch.status == "diserahkan"
    batch = aksi.kembalikan(batch, by=orang("supervisor"), alasan="BATCH_KELIRU")
    assert batch.status == "disusun"
    q = sampai("terverifikasi", nomor=5)
    pengesahan.susun([q.usulan.pk], by=orang("verifikator"), batch=batch)
    batch = aksi.serahkan(batch, by=orang("verifikator2"))
    batch = aksi.teruskan(batch, by=orang("supervisor"))
    assert pengesahan.sahkan_batch(batch, by=orang("kadis")).baris.count() == 2


def test_yang_berpindah_menahan_batch_sampai_dikeluarkan(sampai):
    """One case was sent back by the head meanwhile: all or none, and the sentence names it."""
    p, q = sampai("terverifikasi", nomor=0), sampai("terverifikasi", nomor=1)
    batch = pengesahan.susun([p.usulan.pk, q.usulan.pk], by=orang("verifikator"))
    batch = aksi.teruskan(batch, by=orang("supervisor"))
    langkah.kembalikan(
        q.usulan, by=orang("kadis"), tujuan="diases", alasan=alasan_pertama("kembalikan"), catatan="x"
    )
    with pytest.raises(GateClosed) as tutup:
        pengesahan.sahkan_batch(batch, by=orang("kadis"))
    assert q.usulan.keluarga.nama_kepala in tutup.value.halangan[0].kalimat
    assert p.segar().status == "terverifikasi" and not Pengesahan.objects.exists()


def test_verifikator_yang_menjadi_kepala_dinas_tidak_mengesahkan_yang_ia_verifikasi(sampai):
    batch = diteruskan(sampai)
    naik = akun("verifikator", "KEPALA_DINAS", "kadis.baru")
    with pytest.raises(NotAllowed, match="TIDAK_BERWENANG"):
        pengesahan.sahkan_batch(batch, by=naik)
    # Put together by another verifier, the cases are still those that he verified.
    p = sampai("terverifikasi", nomor=3)
    lain = aksi.teruskan(pengesahan.susun([p.usulan.pk], by=orang("verifikator2")), by=orang("supervisor"))
    with pytest.raises(NotAllowed):
        pengesahan.sahkan_batch(lain, by=naik)
    assert not Pengesahan.objects.exists()


def test_plt_adalah_supervisornya_sendiri_maka_ditolak_dan_plt_lain_tertulis_di_surat(sampai):
    batch = diteruskan(sampai)
    besok = timezone.localdate() + timedelta(days=1)
    rangkap = akun("supervisor", "PLT_KADIS", "supervisor.plt", hingga=besok)
    with pytest.raises(NotAllowed) as ditolak:
        pengesahan.sahkan_batch(batch, by=rangkap)
    assert "memeriksa batch ini" in ditolak.value.halangan[0].kalimat
    surat = pengesahan.sahkan_batch(batch, by=akun("peksos", "PLT_KADIS", "peksos.plt", hingga=besok))
    assert "Plt. Kepala Dinas Sosial Kabupaten Garut" in tulisan(files.read(surat.dokumen.berkas))
    assert surat.dokumen.ringkas["jabatan_penanda_tangan"] == "Plt. Kepala Dinas Sosial"


def test_supervisor_yang_dulu_memverifikasi_tidak_memeriksanya(sampai):
    p = sampai("terverifikasi")
    batch = pengesahan.susun([p.usulan.pk], by=orang("verifikator2"))
    naik = akun("verifikator", "SUPERVISOR", "supervisor.baru")
    with pytest.raises(NotAllowed, match="TIDAK_BERWENANG"):
        aksi.teruskan(batch, by=naik)


@pytest.mark.parametrize(
    ("a", "b"), [("penyusun", "pemeriksa"), ("penyusun", "pengesah"), ("pemeriksa", "pengesah")]
)
def test_basis_data_menolak_satu_orang_di_dua_meja(sampai, a, b):
    batch = diteruskan(sampai)
    pengesahan.sahkan_batch(batch, by=orang("kadis"))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"update bansos_batchpengesahan set {a}_orang_id = {b}_orang_id where id = %s", [batch.pk]
        )


def test_basis_data_menolak_pemeriksa_yang_memverifikasi_dan_langkah_atas_nama_orang_lain(sampai):
    p = sampai("terverifikasi")
    batch = pengesahan.susun([p.usulan.pk], by=orang("verifikator2"))
    segera()
    for tertulis, tercatat in (("verifikator", "verifikator"), ("supervisor", "tksk2")):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "insert into bansos_riwayatbatch(id, batch_id, urut, langkah, dari, ke, oleh_id, orang_id, peran, alasan, alasan_kalimat, catatan) "
                "values (%s, %s, %s, 'teruskan', 'diserahkan', 'diteruskan', null, %s, '', '', '', '')",
                [uuid.uuid4(), batch.pk, batch.versi + 1, orang(tertulis).orang_id],
            )
            cursor.execute(
                "update bansos_batchpengesahan set status = 'diteruskan', versi = versi + 1, pemeriksa_orang_id = %s where id = %s",
                [orang(tercatat).orang_id, batch.pk],
            )
            cursor.execute("set constraints all immediate")


def test_basis_data_menolak_pengesahan_bila_pemeriksa_lalu_memverifikasi_usulannya(sampai):
    """Looked at when it is forwarded, and again when it is endorsed: a case may have been judged anew since."""
    batch = diteruskan(sampai)
    segera()
    with pytest.raises(DatabaseError, match="pemeriksa sudah menangani"), transaction.atomic():
        pengesahan.sahkan_batch(batch, by=orang("kadis"))
        with connection.cursor() as cursor:
            cursor.execute("set local session_replication_role = replica")
            cursor.execute("update dtks_usulan set verifikator_orang_id = %s", [orang("supervisor").orang_id])
            cursor.execute("set local session_replication_role = origin")
        segera()
    batch.refresh_from_db()
    assert batch.status == "diteruskan"


def test_basis_data_menjaga_isi_batch_yang_sudah_diperiksa(sampai):
    batch = diteruskan(sampai)
    lain = sampai("terverifikasi", nomor=4).usulan
    for sql in (
        "delete from bansos_barisbatch where batch_id = %s",
        "update bansos_barisbatch set aktif = false, keluar_at = now(), keluar_kalimat = 'x' where batch_id = %s",
        f"insert into bansos_barisbatch(id, batch_id, usulan_id, aktif, keluar_alasan, keluar_kalimat, keluar_catatan) "
        f"values (gen_random_uuid(), %s, '{lain.pk}', true, '', '', '')",
        "update bansos_batchpengesahan set status = 'disahkan', versi = versi + 1 where id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [batch.pk])


def test_meja_berikutnya_mendapat_kabar_tanpa_nama_warga(sampai):
    batch = diteruskan(sampai)
    for job in Pekerjaan.objects.filter(jenis=aksi.NOTICE):
        notifications.kabar_batch(job)
    assert orang("supervisor").pemberitahuan.get().tautan == f"/penetapan/batch/{batch.pk}/"
    assert orang("kadis").pemberitahuan.filter(kalimat__contains="Menunggu pengesahan").exists()


def test_di_layar_dari_centang_sampai_surat(masuk, sampai):
    p, q = sampai("terverifikasi", nomor=0), sampai("terverifikasi", nomor=1)
    verifikator, supervisor, kadis = masuk("verifikator"), masuk("supervisor"), masuk("kadis")
    pilih = {"usulan": [p.usulan.pk, q.usulan.pk]}
    pratinjau = verifikator.post("/verifikasi/susun/", pilih)
    assert pratinjau.status_code == 200 and "2 dapat masuk batch" in pratinjau.content.decode()
    kirim = {**pilih, "kunci_kirim": uuid.uuid4(), "catatan": ""}
    jawab = verifikator.post("/verifikasi/susun/", kirim)
    alamat = jawab.headers["Location"]
    assert verifikator.post("/verifikasi/susun/", kirim).headers["Location"] == alamat  # double click
    assert BatchPengesahan.objects.count() == 1
    keluar = {"usulan": [q.usulan.pk], "alasan": "", "catatan": "", "kunci_kirim": uuid.uuid4()}
    assert supervisor.post(alamat + "keluarkan/", keluar).status_code == 422
    assert supervisor.post(alamat + "keluarkan/", {**keluar, "alasan": "KELUAR_TEMUAN"}).status_code == 302
    assert kadis.get(alamat + "sahkan/").status_code == 409
    antrean = kadis.get("/verifikasi/?antrean=terverifikasi").content.decode()
    assert "disahkan lewat batch" in antrean and "Periksa yang dicentang" not in antrean
    assert "Teruskan ke Kepala Dinas" in supervisor.get(alamat).content.decode()
    versi = BatchPengesahan.objects.get().versi
    lama = supervisor.post(
        alamat + "teruskan/", {"versi": versi - 1, "catatan": "", "kunci_kirim": uuid.uuid4()}
    )
    assert lama.status_code == 409
    assert (
        supervisor.post(alamat + "teruskan/", {"versi": versi, "kunci_kirim": uuid.uuid4()}).status_code
        == 302
    )
    halaman = kadis.get(alamat + "sahkan/")
    assert halaman.status_code == 200 and p.usulan.keluarga.nama_kepala in halaman.content.decode()
    surat = kadis.post(alamat + "sahkan/", {"versi": versi + 1, "kunci_kirim": uuid.uuid4()}).headers[
        "Location"
    ]
    assert "Plt." not in kadis.get(surat).content.decode()
    assert BatchPengesahan.objects.get().nomor in kadis.get("/penetapan/?daftar=batch").content.decode()
    assert (p.segar().status, q.segar().status) == ("disahkan", "terverifikasi")
