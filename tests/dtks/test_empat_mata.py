"""Proposer, assessor, verifier and signer are four different persons: by person, not by account, and in the database too."""

import itertools
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Pengguna, Penugasan
from core import audit
from core.workflow import NotAllowed, StepRefused
from dtks.actions import usulan as aksi
from dtks.models import EMPAT_MATA, Usulan
from tests.bantu.alur import Perjalanan, orang

pytestmark = pytest.mark.django_db


def akun_kedua(dari: str, peran: str, wilayah: str) -> Pengguna:
    """A second account of the same human, promoted to another role."""
    asal = orang(dari)
    baru = Pengguna.objects.create(username=f"{dari}.{peran.lower()}", nama=asal.nama, orang=asal.orang)
    Penugasan.objects.create(
        pengguna=baru, peran_id=peran, wilayah_id=wilayah, berlaku_sejak=date(2020, 1, 1)
    )
    audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None)
    return Pengguna.objects.get(pk=baru.pk)


def test_pengusul_dengan_akun_lain_tidak_bisa_memverifikasi(sampai):
    p = sampai("diases")
    pengganti = akun_kedua("rtrw", "VERIFIKATOR", "32.05")
    with pytest.raises(NotAllowed, match="TIDAK_BERWENANG") as refused:
        aksi.verifikasi(p.usulan, by=pengganti)
    assert "mengusulkan" in refused.value.halangan[0].kalimat


def test_asesor_yang_naik_jabatan_tidak_bisa_mengesahkan(sampai):
    p = sampai("terverifikasi")
    with pytest.raises(NotAllowed):
        aksi.langkahkan(p.usulan, "sahkan", by=akun_kedua("tksk", "KEPALA_DINAS", "32.05"))


def test_verifikator_tidak_bisa_menilai_usulannya_lewat_akun_lain(sampai):
    p = sampai("diinput")
    p.padankan()
    petugas = akun_kedua("rtrw", "TKSK", "32.05.01")
    with pytest.raises(StepRefused, match="PETUGAS_PENGUSUL"):
        aksi.tugaskan(p.usulan, by=orang("verifikator"), petugas=petugas)


def test_anggota_keluarga_tidak_memproses_keluarganya_sendiri(sampai):
    p = sampai("diases")
    kepala = p.usulan.keluarga.anggota.get(hubungan="1")
    verifikator = orang("verifikator")
    verifikator.orang.nik = kepala.nik.open()
    verifikator.orang.save()
    with pytest.raises(NotAllowed) as refused:
        aksi.verifikasi(p.usulan, by=orang("verifikator"))
    assert "anggota keluarga" in refused.value.halangan[0].kalimat


@pytest.mark.parametrize(("a", "b"), list(itertools.combinations(EMPAT_MATA, 2)))
def test_basis_data_menolak_dua_peran_satu_orang(sampai, a, b):
    usulan = sampai("disahkan").usulan
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"update dtks_usulan set {a}_id = {b}_id where id = %s", [usulan.pk])


def test_basis_data_menolak_orang_lain_daripada_yang_melangkah(sampai):
    usulan = sampai("diajukan").usulan
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "insert into dtks_riwayatusulan(id, usulan_id, urut, langkah, dari, ke, oleh_id, orang_id, peran, alasan, alasan_kalimat, catatan) "
            "values (gen_random_uuid(), %s, %s, 'kembalikan', 'diajukan', 'draf', null, null, '', '', '', '')",
            [usulan.pk, usulan.versi + 1],
        )
        cursor.execute("update dtks_usulan set status = 'draf', versi = versi + 1 where id = %s", [usulan.pk])
        cursor.execute(
            "insert into dtks_riwayatusulan(id, usulan_id, urut, langkah, dari, ke, oleh_id, orang_id, peran, alasan, alasan_kalimat, catatan) "
            "values (gen_random_uuid(), %s, %s, 'ajukan', 'draf', 'diajukan', null, %s, '', '', '', '')",
            [usulan.pk, usulan.versi + 2, orang("operator").orang_id],
        )
        cursor.execute(
            "update dtks_usulan set status = 'diajukan', versi = versi + 1 where id = %s", [usulan.pk]
        )
        cursor.execute("set constraints all immediate")


def test_empat_orang_berbeda_tercatat(sampai):
    usulan: Usulan = sampai("disahkan").usulan
    assert len({getattr(usulan, f"{k}_id") for k in EMPAT_MATA}) == 4


def test_operator_yang_mengusulkan_boleh_memusyawarahkan(db):
    """The village operator proposes and runs the meeting: these are not two of the four."""
    p = Perjalanan(nomor=3, pengusul="operator")
    p.diinput()
    assert p.usulan.status == "diinput"
