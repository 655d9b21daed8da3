"""A quota is proposed by the bidang, approved by the head, filled in the order of the signed list; never one place too many."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Penugasan
from bansos.actions import kuota as aksi
from bansos.actions import tempat_kuota
from bansos.actions.penetapan import Putusan, cabut, ganti, quarter, tetapkan
from bansos.models import Kuota, PengisianKuota, PerubahanKuota, Program
from bansos.queries.kuota import berlaku
from core.models import Ketentuan
from core.workflow import GateClosed, NotAllowed, NotOpen
from tests.bantu.alur import orang, sampai
from tests.bantu.daftar import daftar_sah, keluarga_banyak
from tests.bantu.pemain import DESA, KABUPATEN, KABUPATEN_LAIN

pytestmark = pytest.mark.django_db
LANSIA = "APBD-LANSIA"


def kini() -> str:
    return quarter(timezone.localdate())


def usul(jumlah: int, pagu: int | None = None, by: str = "supervisor", **lain) -> PerubahanKuota:
    isian = {"program": Program.objects.get(pk=LANSIA), "wilayah": KABUPATEN, "periode": kini()} | lain
    return aksi.usulkan(
        by=orang(by),
        jumlah=jumlah,
        pagu=pagu,
        alasan="Sesuai APBD perubahan.",
        dasar_hukum="Perbup 5/2026",
        **isian,
    )


def kuota(jumlah: int, pagu: int | None = None) -> Kuota:
    aksi.setujui(usul(jumlah, pagu), by=orang("kadis"))
    return berlaku(LANSIA, KABUPATEN, kini())


def kode(gagal) -> str:
    return gagal.value.halangan[0].kode


def test_dua_unit_menetapkan_kuota():
    satu = usul(10, 30_000_000)
    assert berlaku(LANSIA, KABUPATEN, kini()) is None
    aksi.setujui(satu, by=orang("kadis"))
    ada = berlaku(LANSIA, KABUPATEN, kini())
    assert (ada.jumlah, ada.pagu, ada.versi) == (10, 30_000_000, 1)
    satu.refresh_from_db()
    assert satu.unit_pengusul == "Bidang Perlindungan dan Jaminan Sosial"
    assert satu.unit_pemutus == "Pimpinan Dinas Sosial"


@pytest.mark.parametrize("siapa", ["supervisor", "verifikator", "operator", "kadis.lain", "admin"])
def test_selain_kepala_dinas_wilayahnya_tidak_bisa_menyetujui(siapa):
    satu = usul(10)
    with pytest.raises(NotAllowed):
        aksi.setujui(satu, by=orang(siapa))
    assert berlaku(LANSIA, KABUPATEN, kini()) is None


def test_pejabat_pengganti_yang_mengusulkan_tidak_menyetujui_usulnya_sendiri():
    """One person with both roles: two accounts or two assignments make no second person."""

    kembar = orang("supervisor")
    satu = usul(10)
    Penugasan.objects.create(
        pengguna=kembar, peran_id="PLH_KADIS", wilayah_id=KABUPATEN, berlaku_sejak=timezone.localdate(),
        berlaku_hingga=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip
    with pytest.raises(NotAllowed) as gagal:
        aksi.setujui(satu, by=orang("supervisor"))
    assert "orang lain" in gagal.value.halangan[0].kalimat


def test_satu_unit_tidak_menyetujui_unitnya_sendiri():
    Ketentuan.objects.create(
        kunci="kuota.unit", wilayah=KABUPATEN, nilai={"SUPERVISOR": "Dinas", "KEPALA_DINAS": "Dinas"},
        berlaku_sejak=timezone.localdate(), dasar_hukum="Uji",
    )  # fmt: skip
    with pytest.raises(NotAllowed) as gagal:
        aksi.setujui(usul(10), by=orang("kadis"))
    assert "satu unit" in gagal.value.halangan[0].kalimat


def test_database_menolak_satu_unit_dan_satu_orang():
    satu = usul(10)
    for ubah in (
        "unit_pemutus = unit_pengusul, diputus_orang_id = %s",
        "unit_pemutus = 'Lain', diputus_orang_id = diusulkan_orang_id",
    ):
        nilai = [orang("kadis").pk] + ([orang("kadis").orang_id] if "%s" in ubah else [])
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as c:
            c.execute(
                f"update bansos_perubahankuota set status = 'disetujui', diputus_at = now(), diputus_by_id = %s, {ubah} where id = %s",
                [*nilai, satu.pk],
            )


def test_angka_kuota_tidak_bisa_diubah_tanpa_perubahan_yang_disetujui():
    ada = kuota(5)
    for sql in (
        "update bansos_kuota set jumlah = 9 where id = %s",
        "update bansos_kuota set versi = 2, jumlah = 9 where id = %s",
        "delete from bansos_kuota where id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as c:
            c.execute(sql, [ada.pk])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as c:
        c.execute("update bansos_perubahankuota set jumlah = 9 where kuota_id = %s", [ada.pk])


def test_usulan_yang_keliru_disebut_apa_adanya():
    program = Program.objects.get(pk=LANSIA)
    for lain, harap in (
        ({"periode": "2020-1"}, "TRIWULAN"), ({"periode": "2099-1"}, "TRIWULAN"), ({"periode": "٢٠٢٦-4"}, "TRIWULAN"), ({"periode": "2026-9"}, "TRIWULAN"),
        ({"jumlah": -1}, "JUMLAH"), ({"pagu": -5}, "JUMLAH"), ({"alasan": "x"}, "ALASAN_KOSONG"), ({"dasar_hukum": " "}, "ALASAN_KOSONG"),
    ):  # fmt: skip
        isian = {
            "program": program,
            "wilayah": KABUPATEN,
            "periode": kini(),
            "jumlah": 5,
            "pagu": None,
            "alasan": "Sesuai APBD.",
            "dasar_hukum": "Perbup",
        }
        with pytest.raises(GateClosed) as gagal:
            aksi.usulkan(by=orang("supervisor"), **(isian | lain))
        assert kode(gagal) == harap, lain
    for wilayah in (KABUPATEN_LAIN, "32", f"{DESA}.001"):
        with pytest.raises(NotAllowed):
            usul(5, wilayah=wilayah)


def test_satu_perubahan_sekali_waktu_dan_yang_sama_ditolak():
    satu = usul(5)
    with pytest.raises(GateClosed) as gagal:
        usul(6)
    assert kode(gagal) == "MASIH_ADA"
    aksi.tarik(satu, by=orang("supervisor"))
    aksi.setujui(usul(5), by=orang("kadis"))
    with pytest.raises(GateClosed) as gagal:
        usul(5)
    assert kode(gagal) == "SAMA"


def test_ditolak_dengan_alasan_dan_tidak_dua_kali():
    satu = usul(5)
    with pytest.raises(GateClosed):
        aksi.tolak(satu, by=orang("kadis"), alasan="")
    aksi.tolak(satu, by=orang("kadis"), alasan="Anggaran belum disahkan.")
    with pytest.raises(NotOpen):
        aksi.setujui(satu, by=orang("kadis"))


def test_tempat_diisi_menurut_peringkat_dan_hanya_sekali():
    rumah = keluarga_banyak(6)
    ada = kuota(3)
    with pytest.raises(GateClosed) as gagal:
        tempat_kuota.isi(ada, by=orang("supervisor"))
    assert kode(gagal) == "BELUM_DITANDATANGANI"
    daftar_sah(LANSIA, kini(), rumah, layak=3)
    assert tempat_kuota.isi(ada, by=orang("supervisor")) == 3
    assert tempat_kuota.isi(ada, by=orang("supervisor")) == 0
    assert list(ada.pengisian.order_by("peringkat").values_list("keluarga", flat=True)) == [
        k.pk for k in rumah[:3]
    ]
    ada.refresh_from_db()
    assert (ada.terisi, ada.terpakai, ada.sisa) == (3, 3_000_000, 0)
    with pytest.raises(NotAllowed):
        tempat_kuota.isi(ada, by=orang("operator"))


def test_pagu_menghentikan_pengisian_sebelum_tempatnya_habis():
    ada = kuota(5, 2_500_000)
    daftar_sah(LANSIA, kini(), keluarga_banyak(5), layak=5)
    assert tempat_kuota.isi(ada, by=orang("supervisor")) == 2
    with pytest.raises(GateClosed) as gagal:
        usul(5, 1_000_000)
    assert kode(gagal) == "PAGU_TERPAKAI"


def test_yang_keluar_digantikan_berikutnya_dengan_alasan_tersimpan():
    rumah = keluarga_banyak(5)
    ada = kuota(2)
    daftar_sah(LANSIA, kini(), rumah, layak=2)
    tempat_kuota.isi(ada, by=orang("supervisor"))
    pertama = ada.pengisian.get(peringkat=1)
    with pytest.raises(GateClosed):
        tempat_kuota.lepas(pertama, by=orang("supervisor"), sebab="")
    baru = tempat_kuota.lepas(pertama, by=orang("supervisor"), sebab="Pindah ke luar kabupaten.")
    assert (baru.keluarga_id, baru.asal, baru.menggantikan_id) == (rumah[2].pk, "promosi", pertama.pk)
    assert baru.alasan == "Naik dari daftar tunggu: menggantikan peringkat 1, pindah ke luar kabupaten."
    with pytest.raises(NotOpen):
        tempat_kuota.lepas(pertama, by=orang("supervisor"), sebab="Pindah ke luar kabupaten.")
    # Who left does not come back by himself, and the quota stays full.
    tempat_kuota.lepas(baru, by=orang("supervisor"), sebab="Meninggal dunia kemarin.")
    assert not ada.pengisian.terisi().filter(keluarga=rumah[0]).exists()
    ada.refresh_from_db()
    assert ada.terisi == 2


def test_kuota_naik_maka_daftar_tunggu_naik_dan_turun_tidak_mengusir():
    rumah = keluarga_banyak(6)
    ada = kuota(2)
    daftar_sah(LANSIA, kini(), rumah, layak=2)
    tempat_kuota.isi(ada, by=orang("supervisor"))
    aksi.setujui(usul(4), by=orang("kadis"))
    naik = ada.pengisian.filter(peringkat__in=(3, 4))
    assert {p.alasan for p in naik} == {
        "Naik dari daftar tunggu: kuota berubah dari 2 menjadi 4 (perubahan ke-2)."
    }
    with pytest.raises(GateClosed) as gagal:
        usul(3)
    assert kode(gagal) == "DI_BAWAH_ISI"


def test_database_menolak_satu_tempat_terlalu_banyak_dan_menghapus_tempat():
    rumah = keluarga_banyak(2)
    ada = kuota(1)
    isian = {"kuota": ada, "asal": "daftar", "alasan": "Uji", "diisi_by": orang("supervisor")}
    satu = PengisianKuota.objects.create(keluarga=rumah[0], **isian)
    with pytest.raises(DatabaseError), transaction.atomic():
        PengisianKuota.objects.create(keluarga=rumah[1], **isian)
    for sql in (
        "delete from bansos_pengisiankuota where id = %s",
        "update bansos_pengisiankuota set peringkat = 9 where id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as c:
            c.execute(sql, [satu.pk])


def test_sk_daerah_mengambil_tempat_dan_berhenti_saat_kuota_penuh():
    kuota(1)
    satu, dua = (sampai("dikirim", nomor=n, program=LANSIA) for n in (1, 2))
    program = Program.objects.get(pk=LANSIA)
    tetapkan(
        by=orang("kadis"),
        program=program,
        wilayah=KABUPATEN,
        putusan={str(satu.usulan.pk): Putusan("ditetapkan")},
    )
    tempat = PengisianKuota.objects.get()
    assert tempat.keluarga_id == satu.usulan.keluarga_id and tempat.asal == "sk"
    with pytest.raises(GateClosed) as gagal, transaction.atomic():
        tetapkan(
            by=orang("kadis"),
            program=program,
            wilayah=KABUPATEN,
            putusan={str(dua.usulan.pk): Putusan("ditetapkan")},
        )
    assert kode(gagal) == "KUOTA_PENUH"
    assert dua.segar().status == "dikirim"


def test_sk_yang_dicabut_melepas_tempatnya_untuk_yang_lain():
    kuota(1)
    satu, dua = (sampai("dikirim", nomor=n, program=LANSIA) for n in (1, 2))
    program, kadis = Program.objects.get(pk=LANSIA), orang("kadis")
    sk = tetapkan(
        by=kadis, program=program, wilayah=KABUPATEN, putusan={str(satu.usulan.pk): Putusan("ditetapkan")}
    )
    ganti_sk = ganti(sk, by=kadis, alasan="Ejaan nama di lampiran diperbaiki.")
    assert PengisianKuota.objects.terisi().count() == 1  # the corrected decree gives the same place
    cabut(ganti_sk, by=kadis, alasan="Anggaran dialihkan untuk banjir.")
    lepas = PengisianKuota.objects.get(status="lepas")
    assert lepas.keluarga_id == satu.usulan.keluarga_id and "dicabut" in lepas.sebab_lepas
    tetapkan(
        by=kadis, program=program, wilayah=KABUPATEN, putusan={str(dua.usulan.pk): Putusan("ditetapkan")}
    )
    assert PengisianKuota.objects.terisi().get().keluarga_id == dua.usulan.keluarga_id
