"""Somebody tries the portal: the cast is there, and there is work in every state."""

from collections import Counter

import pytest
from django.core.management import CommandError
from django.test import override_settings

from accounts.models import Orang, Pengguna, Penugasan
from bansos.models import Penetapan, Pengesahan
from core.models import Pekerjaan
from dtks.models import (
    Desil,
    GuliranPeriode,
    Individu,
    Keluarga,
    Musyawarah,
    Periode,
    TemuanGanda,
    TiketPadan,
    Usulan,
)
from dtks.queries import periode as baca
from dtks.workflow import MUSYAWARAH, USULAN
from portal.demo import contoh, rencana
from tests.portal.conftest import KELUARGA, muat_wilayah, perintah

PEMERAN = {
    "rtrw": ("RT_RW", "32.05.01.1001.007"), "operator": ("OPERATOR_DESA", "32.05.01.1001"), "operator2": ("OPERATOR_DESA", "32.05.01.1003"),
    "lurah": ("LURAH", "32.05.01.1001"), "tksk": ("TKSK", "32.05.01"), "pendamping": ("PENDAMPING", "32.05.01"), "peksos": ("PEKSOS", "32.05"),
    "verifikator": ("VERIFIKATOR", "32.05"), "verifikator2": ("VERIFIKATOR", "32.05"), "supervisor": ("SUPERVISOR", "32.05"),
    "kadis": ("KEPALA_DINAS", "32.05"), "dukcapil": ("DUKCAPIL", "32.05"), "inspektorat": ("INSPEKTORAT", "32.05"), "provinsi": ("PROVINSI", "32"),
    "pusdatin": ("PUSDATIN", None), "admin": ("ADMIN", None), "operator.lain": ("OPERATOR_DESA", "32.06.02.2001"),
    "verifikator.lain": ("VERIFIKATOR", "32.06"), "tksk2": ("TKSK", "32.05.02"),
}  # fmt: skip


@pytest.mark.timeout(1000)  # with the filling of the demo
@pytest.mark.usefixtures("demo")
class TestIsi:
    def test_the_cast_is_that_of_the_contract(self):
        tugas = {
            p.pengguna.username: (p.peran_id, p.wilayah_id)
            for p in Penugasan.objects.select_related("pengguna")
        }
        assert {nama: tugas[nama] for nama in PEMERAN} == PEMERAN

    def test_everybody_can_log_in_and_is_a_person_of_his_own(self):
        akun = list(Pengguna.objects.filter(kunci_api__isnull=True))
        assert (
            len({a.orang_id for a in akun})
            == len(akun)
            == Orang.objects.filter(akun__kunci_api__isnull=True).count()
        )
        assert all(a.check_password("demo-portal-2026") for a in akun)

    def test_a_proposal_stands_in_every_state(self):
        assert set(Usulan.objects.values_list("status", flat=True)) == {k.kode for k in USULAN.keadaan}

    def test_meetings_of_several_states(self):
        ada = set(Musyawarah.objects.values_list("status", flat=True))
        assert (
            {"dijadwalkan", "ditandatangani", "disetujui", "dibatalkan"}
            <= ada
            <= {k.kode for k in MUSYAWARAH.keadaan}
        )

    def test_every_route(self):
        assert {"REGULER", "MANDIRI", "KEDARURATAN", "PERBAIKAN", "PENGHAPUSAN"} == set(
            Usulan.objects.values_list("jalur", flat=True)
        )

    def test_decrees_in_force_replaced_and_revoked(self):
        sk = Counter(Penetapan.objects.values_list("jenis", "status"))
        assert sk[("SK_BUPATI", "diganti")] == sk[("SK_BUPATI", "dicabut")] == 1
        assert sk[("SK_BUPATI", "berlaku")] >= 2
        assert sk[("KEPMENSOS", "berlaku")] >= 1
        assert Pengesahan.objects.filter(dikirim_at__isnull=True).exists()

    def test_nik_checks_answered_open_and_waived(self):
        assert not Individu.objects.filter(padan__in=["BELUM", "MENUNGGU"]).exists()
        assert Individu.objects.filter(padan="TANPA_DOKUMEN", nik_indeks__isnull=True).exists()
        assert {"buka", "minta_pengecualian", "dikecualikan", "selesai"} <= set(
            TiketPadan.objects.values_list("status", flat=True)
        )
        assert TemuanGanda.objects.count() == 1

    def test_four_quarters_of_desil(self):
        assert len(set(Desil.objects.values_list("tahun", "triwulan"))) == 4
        assert Desil.objects.count() == 4 * KELUARGA

    def test_the_queue_is_done(self):
        """But for the notices and flags: the worker brings them."""
        sisa = Pekerjaan.objects.exclude(status="selesai").exclude(
            jenis__regex=r"\.(kabar|beri_tahu|bendera)"
        )
        assert set(sisa.values_list("jenis", flat=True)) == set()

    def test_this_month_has_its_windows_and_nothing_stays_behind_them(self):
        saat = baca.saat_ini()
        kini = baca.bulan("32.05", saat)
        assert {"32.05", "32.06"} == set(
            Periode.objects.filter(periode=kini, program="").values_list("wilayah", flat=True)
        )
        assert not baca.terlambat(Usulan.objects.all(), saat).exists()
        operator = Pengguna.objects.get(username="operator")
        spanduk = baca.spanduk(operator)
        assert spanduk and all(s.jumlah for s in spanduk)
        pindah = GuliranPeriode.objects.filter(dari=kini)
        assert all(g.usulan.periode == g.ke and g.batas < saat for g in pindah.select_related("usulan"))
        lewat = baca.lewat(Periode.objects.get(wilayah="32.05", periode=kini, program="").tutup_input, saat)
        assert pindah.exists() or not lewat

    def test_the_head_of_the_rw_has_cases_of_his_own(self):
        assert Usulan.objects.filter(wilayah_id="32.05.01.1001.007", created_by__username="rtrw").exists()

    def test_families_to_try_are_not_in_the_register(self, demo):
        for satu in contoh.sample_families(3):
            assert satu.kk in demo
            assert not Keluarga.objects.dengan_kk(satu.kk).exists()
            assert not any(Individu.objects.dengan_nik(nik).exists() for nik, _, _ in satu.anggota)

    def test_a_second_run_says_that_it_is_there(self):
        sebelum = Usulan.objects.count()
        assert "sudah ada" in perintah("demo")
        assert Usulan.objects.count() == sebelum

    def test_other_kabupaten_for_refusals(self):
        lain = Pengguna.objects.get(username="operator.lain")
        assert Usulan.objects.visible_to(lain).count() == 3
        assert not Usulan.objects.visible_to(lain).filter(wilayah__kode__startswith="32.05").exists()


def test_the_plan_is_the_same_every_time():
    assert {r.akhir for r in rencana.susun(rencana.PALING_SEDIKIT)} == {k.kode for k in USULAN.keadaan}
    assert rencana.susun(100) == rencana.susun(100)


def test_refused_outside_demo_mode(kosong):
    with override_settings(DEMO=False), pytest.raises(CommandError, match="DEMO=1"):
        perintah("demo")


@override_settings(DEMO=True)
def test_refused_when_somebody_works_here(kosong):
    Pengguna.objects.create_user("orang", "x" * 20, nama="Orang", orang=Orang.objects.create(nama="Orang"))
    with pytest.raises(CommandError, match="pengguna sungguhan"):
        perintah("demo")


@override_settings(DEMO=True)
def test_refused_when_too_few_for_every_state(kosong):
    with pytest.raises(CommandError, match="antara 30"):
        perintah("demo", keluarga=5)


@override_settings(DEMO=True)
def test_says_what_is_missing(kosong):
    with pytest.raises(CommandError, match="muat_acuan"):
        perintah("demo")
    muat_wilayah()
    perintah("muat_acuan")
    with pytest.raises(CommandError, match=r"wilayah|Kabupaten"):
        perintah("demo", kabupaten="99.99")
    assert not Pengguna.objects.exists()
