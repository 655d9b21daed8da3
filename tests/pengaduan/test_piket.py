"""The on-call roster: who is on duty, holes that show, and what a shift opens."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.actions import kabar
from accounts.models import Pesan, PilihanKabar
from core.workflow import GateClosed, NotAllowed, NotOpen
from pengaduan.actions import piket as aksi
from pengaduan.models import Kedaruratan, Piket
from pengaduan.queries import darurat as baca
from tests.bantu.alur import orang
from tests.bantu.pemain import DESA, DESA_LAIN, KABUPATEN, KABUPATEN_LAIN
from tests.pengaduan.test_darurat import kabar as kabar_untuk
from tests.pengaduan.test_darurat import kabari, lapor

pytestmark = pytest.mark.django_db


def wib(teks):
    return datetime.fromisoformat(f"{teks}+07:00")


def pasang(username="tksk", mulai=None, jam=12, wilayah=KABUPATEN, **lain) -> list[Piket]:
    mulai = mulai or timezone.now()
    return aksi.pasang(
        by=orang("supervisor"), pengguna=orang(username), wilayah=wilayah, mulai=mulai, selesai=mulai + timedelta(hours=jam), **lain
    )  # fmt: skip


def test_celah_terlihat_dan_cadangan_tidak_menutupnya():
    saat = timezone.now()
    pasang("tksk", saat, 12)
    pasang("peksos", saat + timedelta(hours=14), 10)
    pasang("tksk2", saat + timedelta(hours=12), 2, cadangan=True)
    roster = baca.roster(KABUPATEN, saat + timedelta(seconds=1))
    assert [p.pengguna.username for p in roster.kini] == ["tksk"]
    satu = roster.celah[0]
    assert (satu.mulai, satu.selesai) == (saat + timedelta(hours=12), saat + timedelta(hours=14))
    assert roster.celah[-1].selesai == roster.sampai
    assert roster.celah_peka[0].mulai == saat + timedelta(
        seconds=1
    )  # the TKSK of the first shift may not see such a case
    assert roster.celah_peka[0].selesai == saat + timedelta(hours=14)


def test_piket_kecamatan_tidak_menutup_celah_kabupaten():
    pasang("tksk", wilayah=DESA[:8])
    roster = baca.roster(KABUPATEN)
    assert len(roster.kini) == 1 and roster.celah[0].mulai <= timezone.now()


def test_diulang_tujuh_malam_pada_jam_setempat():
    mulai = wib("2027-12-27T19:00")
    tujuh = pasang("tksk", mulai, 12, hari=7)
    assert [p.mulai for p in tujuh] == [mulai + timedelta(days=n) for n in range(7)]
    assert tujuh[-1].selesai == wib("2028-01-03T07:00")


def test_satu_orang_tidak_di_dua_tempat_dan_yang_lewat_ditolak():
    pasang("tksk")
    with pytest.raises(GateClosed, match="BENTROK"):
        pasang("tksk", timezone.now() + timedelta(hours=1))
    with pytest.raises(GateClosed, match="SUDAH_LEWAT"):
        pasang("tksk2", timezone.now() - timedelta(days=3))
    with pytest.raises(GateClosed, match="BUKAN_PETUGAS"):
        pasang("operator")
    with pytest.raises(NotAllowed):
        aksi.pasang(
            by=orang("tksk"), pengguna=orang("tksk"), wilayah=KABUPATEN, mulai=timezone.now(), selesai=timezone.now() + timedelta(hours=1)
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        pasang("tksk2", wilayah=KABUPATEN_LAIN)


def test_dibatalkan_meninggalkan_celah_dan_yang_sudah_dijalani_tetap_tercatat():
    berjalan = pasang("tksk", timezone.now() - timedelta(hours=1), 6)[0]
    nanti = pasang("tksk2", timezone.now() + timedelta(days=1))[0]
    berjalan = aksi.batalkan(berjalan, by=orang("supervisor"))
    assert berjalan.dibatalkan_at is None and berjalan.selesai <= timezone.now()
    nanti = aksi.batalkan(nanti, by=orang("supervisor"))
    assert nanti.dibatalkan_at is not None and baca.roster(KABUPATEN).piket == []
    with pytest.raises(NotOpen):
        aksi.batalkan(nanti, by=orang("supervisor"))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from pengaduan_piket where id = %s", [nanti.pk])


def test_piket_membuka_laporan_di_luar_kecamatannya_selama_piket_saja():
    jauh = lapor(wilayah="32.05.02")
    assert not Kedaruratan.objects.visible_to(orang("tksk")).filter(pk=jauh.pk).exists()
    jaga = pasang("tksk")[0]
    assert Kedaruratan.objects.visible_to(orang("tksk")).filter(pk=jauh.pk).exists()
    aksi.batalkan(jaga, by=orang("supervisor"))
    assert not Kedaruratan.objects.visible_to(orang("tksk")).filter(pk=jauh.pk).exists()


def test_kabupaten_lain_tidak_ikut_dipanggil():
    pasang("tksk")
    lapor(by="verifikator.lain", wilayah=DESA_LAIN)
    kabari()
    assert [k for k in kabar_untuk("tksk") if "masuk" in k] == []
    assert any(
        "Tidak ada yang piket" in k or "Tidak ada petugas piket" in k for k in kabar_untuk("supervisor.lain")
    )


def test_panggilan_keluar_ke_hp_malam_itu_juga_walau_memilih_ringkasan_pagi(settings):
    """The officer on duty chose one summary a day and quiet hours: a call does not wait for them, other notices do."""
    settings.PESAN_URL = "http://127.0.0.1:9/"
    tksk = orang("tksk")
    pilihan = PilihanKabar(pengguna=tksk, pesan_aktif=True, telepon_at=timezone.now(), ritme="harian", aktif_sejak=timezone.now() - timedelta(days=1))  # fmt: skip
    pilihan.telepon = "+6281234567890"
    kini = timezone.localtime()
    pilihan.tenang_mulai, pilihan.tenang_selesai = (
        (kini - timedelta(hours=1)).time(),
        (kini + timedelta(hours=5)).time(),
    )
    pilihan.save()
    pasang("tksk")
    satu = lapor()
    kabari()
    pesan = Pesan.objects.get(pengguna=tksk, pemberitahuan__isnull=False)
    assert satu.tiket in pesan.isi and "/kedaruratan/" in pesan.isi
    with connection.cursor() as cursor:
        cursor.execute(
            "select jalankan_setelah <= clock_timestamp() from core_pekerjaan where argumen ->> 'pesan' = %s",
            [str(pesan.pk)],
        )
        assert cursor.fetchone() == (True,)
    assert kabar.segera("/kedaruratan/x/") and not kabar.segera("/usulan/x/")
