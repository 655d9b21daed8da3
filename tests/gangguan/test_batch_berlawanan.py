"""F13: two people decide the same cases for many at once, one from the top and one from the bottom, again and again."""

from collections import Counter

import pytest

from bansos.actions import massal as aksi
from bansos.models import BarisMassal, TindakanMassal
from dtks.actions import meja
from dtks.actions import usulan as langkah
from dtks.models import RiwayatUsulan, Usulan
from tests.bantu.alur import alasan_pertama, orang, sampai
from tests.dtks.test_perlombaan import serentak

pytestmark = [pytest.mark.faults, pytest.mark.timeout(7200)]


def test_dua_batch_berlawanan_arah(db_nyata, periksa_semua, keras):
    """No deadlock and no error; of the two decisions on a case one stands, and the other is told where it is now."""
    kasus = [sampai("diases", nomor=n).usulan for n in range(3)]
    dua = orang("verifikator"), orang("verifikator2")
    menang: Counter[str] = Counter()
    putaran = 1000 if keras else 40
    for _ in range(putaran):
        segar = [Usulan.objects.get(pk=u.pk) for u in kasus]
        for siapa in dua:
            for u in segar:  # whoever decides has looked at it
                meja.buka(u, by=siapa, versi=u.versi)
                meja.lepas(u, by=siapa)
        batch = []
        for siapa, urutan in zip(dua, (segar, segar[::-1]), strict=True):
            satu = aksi.siapkan(urutan, by=siapa, langkah="tunda", dari="diases")
            assert not satu.baris.exclude(kode="").exists(), list(satu.baris.values_list("kode", "kalimat"))
            batch.append(
                aksi.setujui(satu, by=siapa, isian={"alasan": alasan_pertama("tunda"), "catatan": ""})
            )
        serentak(*[lambda b=b: aksi.kerjakan({"massal": str(b.pk)}) for b in batch])
        for u in kasus:
            hasil = dict(
                BarisMassal.objects.filter(massal__in=batch, usulan=u).values_list(
                    "massal__oleh__username", "hasil"
                )
            )
            assert sorted(hasil.values()) == ["berhasil", "gagal"], hasil
            menang[next(siapa for siapa, h in hasil.items() if h == "berhasil")] += 1
            langkah.lanjutkan(Usulan.objects.get(pk=u.pk), by=dua[0])
        gagal = BarisMassal.objects.filter(massal__in=batch, hasil="gagal").values_list("kode", flat=True)
        assert set(gagal) == {"SUDAH_BERPINDAH"}, list(gagal)
    print(f"{putaran} pairs of batches in opposite order, {menang.total()} decisions, won by {dict(menang)}")
    assert RiwayatUsulan.objects.filter(langkah="tunda").count() == putaran * len(kasus) == menang.total()
    assert len(menang) == 2, "they never met"
    TindakanMassal.objects.update(status=TindakanMassal.Status.SELESAI)
