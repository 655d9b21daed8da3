"""Taking back one's own decision within seconds: the case is as before, history keeps both, nobody was told."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Pemberitahuan
from core.models import Ketentuan, Pekerjaan
from core.workflow import GateClosed, NotAllowed, NotOpen
from dtks import notifications
from dtks.actions import keluarga as register
from dtks.actions import usulan as aksi
from dtks.actions.urung import urungkan
from dtks.models import RiwayatUsulan, Usulan
from dtks.workflow import DIURUNGKAN, MEJA, USULAN
from portal.queries import periksa
from tests.bantu.alur import alasan_pertama, isi_individu, keluarga_uji, orang

pytestmark = pytest.mark.django_db
KOLOM = ("status", "tenggat", "status_sejak", "verifikator_orang_id", "sptjm_id", "gerbang_susulan", "petugas_id", "periode")  # fmt: skip
SIAPA = {"diinput": "verifikator", "diases": "verifikator", "terverifikasi": "kadis"}
KEPUTUSAN = sorted(
    (a.nama, dari, ke)
    for a in USULAN.langkah
    if a.nama in DIURUNGKAN
    for dari in set(a.sumber) & set(MEJA)
    for ke in a.tujuan
)


def _putuskan(usulan, nama, ke, by):
    isi = {"alasan": alasan_pertama(nama)} if nama != "verifikasi" else {}
    if nama == "kembalikan":
        isi["tujuan"] = ke
    return getattr(aksi, nama)(usulan, by=by, **isi)


def kabari(riwayat) -> None:
    """Do the notice of one history row, as the worker does when it is due."""
    notifications.beri_tahu(Pekerjaan.objects.get(jenis=aksi.NOTICE, argumen__riwayat=str(riwayat.pk)))


def _kolom(usulan):
    return Usulan.objects.values_list(*KOLOM).get(pk=usulan.pk)


@pytest.mark.parametrize("dari", MEJA)
def test_setiap_keputusan_meja_bisa_diurungkan_oleh_yang_memutus(sampai, dari):
    usulan = sampai(dari).usulan
    by, rekan = orang(SIAPA[dari]), orang("verifikator2" if dari != "terverifikasi" else "supervisor")
    Usulan.objects.filter(pk=usulan.pk).update(tenggat="2026-01-31")
    semula = _kolom(usulan)
    n = semula_urut = usulan.versi
    for nama, _, ke in [k for k in KEPUTUSAN if k[1] == dari]:
        hasil = _putuskan(usulan, nama, ke, by)
        n += 2
        assert hasil.status == ke
        with pytest.raises(NotAllowed) as orang_lain:
            urungkan(usulan, by=rekan, versi=hasil.versi)
        assert orang_lain.value.halangan[0].kalimat == "Keputusan diurungkan oleh orang yang mengambilnya."
        assert urungkan(usulan, by=by, versi=hasil.versi).versi == n
        assert _kolom(usulan) == semula
        with pytest.raises((NotOpen, NotAllowed)):
            urungkan(usulan, by=by)  # once, not twice
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate; set constraints all deferred")
    riwayat = list(RiwayatUsulan.objects.filter(usulan=usulan).order_by("urut"))
    assert [r.langkah for r in riwayat[-2:]] == [nama, "urungkan"]
    assert [r.urut for r in riwayat] == list(range(1, len(riwayat) + 1))
    salah = periksa.jalankan(berkas=False).pelanggaran
    assert {p.periksa for p in salah} <= {
        "jam"
    }  # the deadline that this test made up is none that a clock gives
    for batal in [r for r in riwayat if r.urut > semula_urut and r.langkah != "urungkan"]:
        kabari(batal)
    assert not Pemberitahuan.objects.exists()


def test_verifikator_sebelumnya_kembali_tercatat(sampai):
    """Verified by one, sent back by the head, verified by another and taken back: the first one is the verifier again."""
    p = sampai("terverifikasi")
    semula = p.usulan.verifikator_orang_id
    aksi.kembalikan(p.usulan, by=orang("kadis"), tujuan="diases", alasan=alasan_pertama("kembalikan"))
    lain = orang("verifikator2")
    aksi.verifikasi(p.usulan, by=lain)
    assert p.segar().verifikator_orang_id == lain.orang_id
    urungkan(p.usulan, by=lain)
    assert p.segar().verifikator_orang_id == semula and p.usulan.status == "diases"
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")


def test_kabar_menunggu_lalu_sampai_bila_tidak_diurungkan(sampai):
    p = sampai("diases")
    aksi.tolak(p.usulan, by=orang("verifikator"), alasan=alasan_pertama("tolak"))
    langkah = p.usulan.riwayat.order_by("-urut").first()
    kabar = Pekerjaan.objects.get(jenis=aksi.NOTICE, argumen__riwayat=str(langkah.pk))
    assert kabar.jalankan_setelah > timezone.now() + timedelta(seconds=10)
    kabari(langkah)
    assert Pemberitahuan.objects.get().pengguna == orang("rtrw")


def test_sesudah_waktunya_atau_sesudah_ada_yang_berlanjut_tidak_bisa(sampai):
    p = sampai("diases")
    by = orang("verifikator")
    aksi.kembalikan(p.usulan, by=by, tujuan="draf", alasan=alasan_pertama("kembalikan"))
    register.simpan_anggota(p.segar(), by=orang("operator"), data=isi_individu(keluarga_uji(30).told[0]) | {"hubungan": "8"})  # fmt: skip
    with pytest.raises(GateClosed) as berlanjut:
        urungkan(p.usulan, by=by)
    assert berlanjut.value.halangan[0].kode == "SUDAH_BERLANJUT"
    q = sampai("diases", nomor=1)
    aksi.tunda(q.usulan, by=by, alasan=alasan_pertama("tunda"))
    Ketentuan.objects.filter(kunci="urung.detik").update(nilai=0)
    with pytest.raises(NotAllowed) as lewat:
        urungkan(q.usulan, by=by)
    assert "sudah lewat" in lewat.value.halangan[0].kalimat
    r = sampai("diases", nomor=2)  # an ordinary step is not a decision
    Ketentuan.objects.filter(kunci="urung.detik").update(nilai=10)
    with pytest.raises((NotOpen, NotAllowed)):
        urungkan(r.usulan, by=orang("tksk"))


def test_keluarga_yang_diusulkan_lagi_menutup_jalan_mundur(sampai):
    p = sampai("diases")
    by = orang("verifikator")
    aksi.tolak(p.usulan, by=by, alasan=alasan_pertama("tolak"))
    aksi.buat(
        by=orang("operator"), keluarga=p.usulan.keluarga, program=p.usulan.program, bulan_berikutnya=True
    )
    with pytest.raises(GateClosed):
        urungkan(p.usulan, by=by)
    assert p.segar().status == "ditolak"


def test_sql_mentah_hanya_bisa_mengurungkan_keputusan_terakhir(sampai):
    """The database: the very next row, back where it came from, by the same person; and the verifier's column goes back."""
    p = sampai("terverifikasi")
    terakhir = p.usulan.riwayat.order_by("-urut").first()
    sah = {"langkah": "urungkan", "dari": "terverifikasi", "ke": "diases", "orang": terakhir.orang}
    for ubah in ({"orang": orang("verifikator2").orang}, {"orang": None}, {"ke": "diinput"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            RiwayatUsulan.objects.create(usulan=p.usulan, urut=p.usulan.versi + 1, **sah | ubah)
    with pytest.raises(DatabaseError), transaction.atomic():  # the verifier stays in his column
        RiwayatUsulan.objects.create(usulan=p.usulan, urut=p.usulan.versi + 1, **sah)
        Usulan.objects.filter(pk=p.usulan.pk).update(status="diases", versi=p.usulan.versi + 1)
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
    aksi.kembalikan(p.usulan, by=orang("kadis"), tujuan="diases", alasan=alasan_pertama("kembalikan"))
    with pytest.raises(DatabaseError), transaction.atomic():  # the verification is no longer the last step
        RiwayatUsulan.objects.create(
            usulan=p.usulan, urut=p.segar().versi + 1, langkah="urungkan", dari="diases", ke="terverifikasi", orang=terakhir.orang
        )  # fmt: skip
