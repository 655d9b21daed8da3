"""For every (state, step) pair: allowed ones work, all others are refused, by the action and by raw SQL."""

import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from core.workflow import NotAllowed, NotOpen, StepRefused
from dtks.actions import usulan as aksi
from dtks.models import RiwayatUsulan, Usulan
from dtks.policies import usulan as policies
from dtks.workflow import USULAN
from tests.bantu.alur import alasan_pertama, orang
from tests.bantu.pemain import PEMAIN

pytestmark = pytest.mark.django_db
KEADAAN = [k.kode for k in USULAN.keadaan]
LANGKAH = USULAN.names()


def _tutup_pintu(monkeypatch):
    """Everybody may and every gate is open: what is left is the table of arrows."""
    for nama in LANGKAH:
        monkeypatch.setitem(policies.BY_STEP, nama, lambda by, usulan: None)
    monkeypatch.setattr(aksi, "GERBANG", dict.fromkeys(aksi.GERBANG, lambda usulan, by: None))


@pytest.mark.parametrize("status", KEADAAN)
def test_hanya_langkah_di_tabel_yang_terbuka(sampai, monkeypatch, status):
    usulan = sampai(status).usulan
    _tutup_pintu(monkeypatch)
    by = orang("peksos")  # not one of the four persons of this proposal
    for nama in LANGKAH:
        arrow = USULAN.find(nama, status)
        for tujuan in KEADAAN:
            alasan = alasan_pertama(nama) if arrow and arrow.perlu_alasan else ""
            try:
                with transaction.atomic():
                    hasil = aksi.langkahkan(usulan, nama, by=by, tujuan=tujuan, alasan=alasan)
                    assert arrow is not None and tujuan in arrow.tujuan
                    assert hasil.status == tujuan
                    raise _Batal
            except _Batal:
                continue
            except StepRefused as refused:
                assert arrow is None or tujuan not in arrow.tujuan, (status, nama, tujuan)
                assert refused.halangan[0].kalimat
            except DatabaseError:
                # the table allows several ends; the trigger only the state before the pause, or before the decision
                # or the published draw
                dijaga = ("urungkan", "lewati_kunjungan")
                assert (nama == "lanjutkan" and tujuan != "diajukan") or nama in dijaga
    assert Usulan.objects.get(pk=usulan.pk).status == status


class _Batal(Exception):
    pass


@pytest.mark.parametrize("status", KEADAAN)
def test_sql_mentah_tidak_bisa_melompati_tahap(sampai, status):
    usulan = sampai(status).usulan
    for tujuan in KEADAAN:
        if tujuan == status:
            continue
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("update dtks_usulan set status = %s where id = %s", [tujuan, usulan.pk])
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "update dtks_usulan set status = %s, versi = versi + 1 where id = %s", [tujuan, usulan.pk]
            )
    for langkah in LANGKAH:
        for tujuan in KEADAAN:
            if (langkah, status, tujuan) in USULAN.arrows() or tujuan == status:
                continue
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "insert into dtks_riwayatusulan(id, usulan_id, urut, langkah, dari, ke, peran, alasan, alasan_kalimat, catatan) "
                    "values (%s, %s, %s, %s, %s, %s, '', '', '', '')",
                    [uuid.uuid4(), usulan.pk, usulan.versi + 1, langkah, status, tujuan],
                )
    assert Usulan.objects.get(pk=usulan.pk).status == status


def test_usulan_tidak_bisa_lahir_di_tengah_alur(sampai):
    asal = sampai("draf").usulan
    for status in KEADAAN[1:]:
        with pytest.raises(DatabaseError), transaction.atomic():
            Usulan.objects.create(
                tiket=f"USL-{status}"[:20], pin_indeks=b"x", keluarga=asal.keluarga, wilayah=asal.wilayah, program="BPNT",
                periode="2026-11", status=status,
            )  # fmt: skip


def test_riwayat_tidak_bisa_diubah_atau_dihapus(sampai):
    usulan = sampai("diajukan").usulan
    for sql in (
        "update dtks_riwayatusulan set catatan = 'lain' where usulan_id = %s",
        "delete from dtks_riwayatusulan where usulan_id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [usulan.pk])


def test_langkah_tercatat_tanpa_perpindahan_ditolak_saat_disimpan(sampai):
    usulan = sampai("draf").usulan
    with pytest.raises(DatabaseError), transaction.atomic():
        RiwayatUsulan.objects.create(
            usulan=usulan,
            urut=usulan.versi + 1,
            langkah="ajukan",
            dari="draf",
            ke="diajukan",
            orang=orang("rtrw").orang,
        )
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")


def test_lanjutkan_hanya_ke_tahap_sebelum_ditunda(sampai):
    usulan = sampai("ditunda").usulan
    with pytest.raises(DatabaseError), transaction.atomic():
        aksi.langkahkan(usulan, "lanjutkan", by=orang("operator"), tujuan="dikirim", boleh=lambda by, u: None)
    assert aksi.lanjutkan(usulan, by=orang("operator")).status == "diajukan"


PEMEGANG = {
    "ajukan": {"rtrw", "operator"},
    "musyawarahkan": {"operator"},
    "sepakati": {"operator"},
    "input": {"operator"},
    "tugaskan": {"verifikator", "verifikator2", "supervisor"},
    "ases": {"tksk"},
    "verifikasi": {"verifikator", "verifikator2"},
    "sahkan": {"kadis"},
    "kirim": {"supervisor"},
    "tetapkan": {"kadis", "pusdatin"},
}
SEBELUM = {
    "ajukan": "draf", "musyawarahkan": "diajukan", "sepakati": "dimusyawarahkan", "input": "disepakati", "tugaskan": "diinput",
    "ases": "ditugaskan", "verifikasi": "diases", "sahkan": "terverifikasi", "kirim": "disahkan", "tetapkan": "dikirim",
}  # fmt: skip


@pytest.mark.parametrize("nama", SEBELUM)
def test_hanya_peran_yang_berwenang(sampai, nama):
    """Contract: who takes which step. Everybody else, and the same role of another kabupaten, is refused with a sentence."""
    usulan = sampai(SEBELUM[nama]).usulan
    boleh = {u for u in PEMAIN if policies.BY_STEP[nama](orang(u), usulan) is None}
    diharapkan = PEMEGANG[nama]
    if nama == "tetapkan":
        diharapkan = {"pusdatin"}  # kadis already signed this one; APBD and APBN differ on the bansos floor
        boleh -= {"kadis"}
    assert boleh == diharapkan
    for username in set(PEMAIN) - boleh - {"kadis"}:
        with pytest.raises(NotAllowed) as refused:
            aksi.langkahkan(
                usulan, nama, by=orang(username), tujuan=USULAN.find(nama, usulan.status).tujuan[0]
            )
        assert refused.value.halangan[0].kalimat.endswith(".")


def test_halaman_lama_ditolak(sampai):
    p = sampai("draf")
    aksi.ajukan(p.usulan, by=orang("rtrw"), versi=0)
    with pytest.raises(NotOpen):
        aksi.tarik(p.usulan, by=orang("operator"), alasan=alasan_pertama("tarik"), versi=0)
