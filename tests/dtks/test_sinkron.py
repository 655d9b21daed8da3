"""Staying in step: nothing is missed between two questions, whatever commits late; what left the sight is told."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from dtks.models import Keluarga, Perubahan
from dtks.queries import sinkron
from tests.bantu.alur import sampai
from tests.bantu.pemain import DESA, DESA2, DESA_LAIN, KABUPATEN


@pytest.fixture
def keluarga(db_nyata):
    return sampai("draf").usulan.keluarga


def semua(sejak, luas=(DESA,), jenis="keluarga", n=100):
    """Everything after a position, page by page: (set of ids, last position)."""
    hasil = set()
    while True:
        h = sinkron.halaman(jenis, luas, sejak, n)
        hasil |= set(h.objek)
        sejak = h.posisi
        if not h.lagi:
            return hasil, sinkron.posisi(str(sejak))


def sentuh(pk):
    Keluarga.objects.filter(pk=pk).update(patokan="depan masjid")


def test_perubahan_terlihat_sekali_dan_tidak_lagi(keluarga):
    sejak = sinkron.posisi("kini")
    assert semua(sejak)[0] == set()
    sentuh(keluarga.pk)
    hasil, sejak = semua(sejak)
    assert hasil == {keluarga.pk}
    assert semua(sejak)[0] == set()


def test_yang_terlambat_commit_tidak_pernah_terlewat(keluarga):
    """A transaction that wrote first and commits last: read in between, it must still come."""
    lain = Keluarga.objects.create(nama_kepala="Lain", wilayah_id=DESA, alamat="-", rt="001", rw="001")
    sejak = sinkron.posisi("kini")
    sudah, boleh = threading.Event(), threading.Event()

    def lambat():
        try:
            with transaction.atomic():
                sentuh(keluarga.pk)
                sudah.set()
                boleh.wait(20)
        finally:
            connection.close()

    utas = threading.Thread(target=lambat)
    utas.start()
    assert sudah.wait(20)
    sentuh(lain.pk)  # later, and committed at once
    dulu, sejak = semua(sejak)
    boleh.set()
    utas.join()
    kini, sejak = semua(sejak)
    assert keluarga.pk not in dulu
    assert dulu | kini == {keluarga.pk, lain.pk} and keluarga.pk in kini
    assert semua(sejak)[0] == set()


def test_dua_puluh_penulis_dan_satu_pembaca(keluarga):
    """Writers of short and long transactions; a reader that asks all the time ends with every one of them."""
    rumah = [
        Keluarga.objects.create(nama_kepala=f"K{i}", wilayah_id=DESA, alamat="-", rt="001", rw="001").pk
        for i in range(20)
    ]
    sejak = mulai = sinkron.posisi("kini")

    def tulis(i):
        try:
            for _ in range(5):
                with transaction.atomic(), connection.cursor() as cursor:
                    sentuh(rumah[i])
                    cursor.execute("select pg_sleep(%s)", [(i % 7) * 0.005])
        finally:
            connection.close()

    utas = [threading.Thread(target=tulis, args=(i,)) for i in range(20)]
    for u in utas:
        u.start()
    kejadian = 0
    while any(u.is_alive() for u in utas):
        h = sinkron.halaman("keluarga", [DESA], sejak, 7)
        kejadian += len(h.objek)
        sejak = h.posisi
    for u in utas:
        u.join()
    with (
        connection.cursor() as cursor
    ):  # what a reader saw in order = what was written, none twice, none missing
        cursor.execute("select count(*) from dtks_perubahan where (tx, id) > (%s, %s)", [mulai.tx, mulai.id])
        assert cursor.fetchone()[0] == 100
        cursor.execute(
            "select count(*) from dtks_perubahan where (tx, id) > (%s, %s) and (tx, id) <= (%s, %s)",
            [mulai.tx, mulai.id, sejak.tx, sejak.id],
        )
        terbaca = cursor.fetchone()[0]
    sisa, _ = semua(sejak)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from dtks_perubahan where (tx, id) > (%s, %s)", [sejak.tx, sejak.id])
        assert terbaca + cursor.fetchone()[0] == 100
    assert kejadian and sisa <= set(rumah)


def test_keluarga_yang_pindah_dikabarkan_di_kedua_tempat_dengan_anggotanya(keluarga):
    orang = set(keluarga.anggota.values_list("pk", flat=True))
    sejak = sinkron.posisi("kini")
    Keluarga.objects.filter(pk=keluarga.pk).update(wilayah_id=DESA2)
    for desa in (DESA, DESA2):
        assert semua(sejak, [desa])[0] == {keluarga.pk}
        assert semua(sejak, [desa], "individu")[0] == orang
    assert semua(sejak, [DESA_LAIN])[0] == set()
    assert semua(sejak, [KABUPATEN])[0] == {keluarga.pk}
    assert semua(sejak, [])[0] == set()


def test_orang_yang_berubah_mengubah_kartu_keluarganya(keluarga):
    sejak = sinkron.posisi("kini")
    satu = keluarga.anggota.first()
    keluarga.anggota.filter(pk=satu.pk).update(padan="PADAN")
    assert semua(sejak)[0] == {keluarga.pk}
    assert semua(sejak, jenis="individu")[0] == {satu.pk}
    assert semua(sejak, jenis="usulan")[0] == set()


def test_posisi_yang_bukan_milik_kami_ditolak_dan_yang_terlalu_tua_mulai_lagi(keluarga):
    for teks in ("", "x", "2026-11-22", "2026-11-22T10:00:00", "AAAA", "é" * 40, "0" * 4000):
        with pytest.raises(sinkron.PosisiSalah):
            sinkron.posisi(teks)
    kini = sinkron.posisi("kini")
    with pytest.raises(sinkron.PosisiLewat):
        sinkron.posisi("2020-01-01T00:00:00+07:00")
    with pytest.raises(sinkron.PosisiLewat):  # from before the register was restored from a backup
        sinkron.posisi(str(sinkron.Posisi(kini.tx + 10**6, 0, kini.pada)))
    with pytest.raises(sinkron.PosisiLewat):
        sinkron.posisi(str(sinkron.Posisi(kini.tx, 0, kini.pada - 91 * 86_400)))


def test_mulai_dari_jam_mengulang_sedikit_dan_tidak_melewatkan(keluarga):
    jam = timezone.now().isoformat()
    sentuh(keluarga.pk)
    assert keluarga.pk in semua(sinkron.posisi(jam))[0]
    assert Perubahan.objects.filter(jenis="keluarga", objek=keluarga.pk).exists()
