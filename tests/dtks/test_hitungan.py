"""The counts beside the queues are those of the proposals, whoever writes at the same time."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core import bulk
from dtks.actions import hitungan as aksi
from dtks.actions import usulan as langkah
from dtks.models import HitunganUsulan, Keluarga, RiwayatUsulan, Usulan
from dtks.queries.hitungan import baris, per_status
from portal.queries import periksa
from tests.bantu import basis
from tests.bantu.alur import orang
from tests.bantu.pemain import DESA, DESA2

KAB = DESA[:5]
KUNCI = ("wilayah", "status", "program", "jalur", "periode")
PROGRAM, PERIODE = ("PKH", "BPNT", "PBI", "NONBANSOS"), ("2026-10", "2026-11", "2026-12")


def hitung() -> dict[tuple, int]:
    hasil: Counter = Counter()
    for *kunci, n in HitunganUsulan.objects.order_by("pk").values_list(*KUNCI, "n"):
        hasil[tuple(kunci)] += n
    return {k: n for k, n in hasil.items() if n}


def benar() -> dict[tuple, int]:
    """Counted one by one from the proposals."""
    rows = Usulan.objects.order_by("pk").values_list("wilayah_id", *KUNCI[1:])
    return dict(Counter((w[:13], *sisa) for w, *sisa in rows))


def keluarga(n: int, desa: str = DESA) -> list[Keluarga]:
    return Keluarga.objects.bulk_create(
        Keluarga(wilayah_id=desa, alamat="Kp. Uji", rt="001", rw="005", nama_kepala=f"UJI {i}")
        for i in range(n)
    )


def usulan(k: Keluarga, nomor: str, desa: str = DESA, **lain) -> Usulan:
    isi = {"program": "PKH", "jalur": "REGULER", "periode": "2026-11"} | lain
    return Usulan(tiket=nomor, pin_indeks=b"x" * 32, keluarga=k, wilayah_id=desa, **isi)


@pytest.mark.django_db
def test_setiap_langkah_memindahkan_satu_hitungan(sampai):
    p = sampai("diajukan")
    assert per_status([KAB])["diajukan"] == 1 and per_status([DESA2])["diajukan"] == 0
    langkah.kembalikan(p.usulan, by=orang("operator"), tujuan="draf", alasan="DATA_KURANG")
    assert {s: n for s, n in per_status([DESA]).items() if n} == {"draf": 1}
    assert per_status([DESA], status=["draf", "diajukan"], program="PKH") == {"draf": 1, "diajukan": 0}
    assert per_status([DESA], program="BPNT")["draf"] == 0 and per_status([], status="draf") == {"draf": 0}
    assert per_status([DESA], jalur="REGULER", periode=[p.usulan.periode])["draf"] == 1
    with pytest.raises(TypeError):
        per_status([DESA], nama="x")


@pytest.mark.django_db
def test_melipat_mengubah_baris_bukan_jumlah():
    k = keluarga(6)
    semua = Usulan.objects.bulk_create(usulan(x, f"L{i}", program=PROGRAM[i % 2]) for i, x in enumerate(k))
    Usulan.objects.filter(pk__in=[u.pk for u in semua[:3]]).update(periode="2026-12")
    semua[5].delete()
    sebelum = hitung()
    assert aksi.lipat() > 0 and hitung() == sebelum == benar()
    assert HitunganUsulan.objects.filter(lipat=False).count() == 0
    assert HitunganUsulan.objects.count() == len(sebelum)
    Usulan.objects.filter(pk=semua[0].pk).update(periode="2026-11")
    Usulan.objects.filter(pk__in=[u.pk for u in semua]).delete()
    aksi.lipat()
    assert HitunganUsulan.objects.count() == 0 == sum(hitung().values())
    assert aksi.lipat() == 0


@pytest.mark.django_db
def test_salinan_massal_ikut_terhitung_dan_selisih_ketahuan():
    k = keluarga(3)
    kolom = (
        "id",
        "tiket",
        "pin_indeks",
        "keluarga_id",
        "wilayah_id",
        "program",
        "jalur",
        "periode",
        "alasan_usul",
        "status",
        "versi",
        "gerbang_susulan",
        "updated_at",
    )
    isi = [usulan(x, f"C{i}", desa=DESA2) for i, x in enumerate(k)]
    bulk.copy(
        "dtks_usulan",
        kolom,
        (
            bulk.line(
                [
                    u.id,
                    u.tiket,
                    b"x" * 32,
                    u.keluarga_id,
                    u.wilayah_id,
                    u.program,
                    str(u.jalur),
                    u.periode,
                    "",
                    "draf",
                    0,
                    [],
                    timezone.now(),
                ]
            )
            for u in isi
        ),
    )
    assert per_status([DESA2])["draf"] == 3 and HitunganUsulan.objects.count() == 1
    assert not periksa._sql(periksa.periksa_sql._HITUNGAN)
    HitunganUsulan.objects.update(n=2)
    assert [b[2] for b in periksa._sql(periksa.periksa_sql._HITUNGAN)] == [
        "Hitungan usulan 2, padahal usulannya 3."
    ]
    aksi.hitung_ulang()
    assert hitung() == benar() and not periksa._sql(periksa.periksa_sql._HITUNGAN)


def _jalan(nomor: int, putaran: int, desa: tuple[str, ...]) -> int:
    """One desk: inserts, changes, withdrawals, deletions, several rows at once, some rolled back."""
    acak, milik, n = random.Random(nomor), keluarga(8), 0
    try:
        for i in range(putaran):
            try:
                with transaction.atomic():
                    apa = acak.choice(("baru", "baru", "ubah", "ubah", "tarik", "hapus"))
                    punya = list(Usulan.objects.filter(keluarga__in=milik, status="draf").order_by("pk"))
                    beberapa = [u.pk for u in acak.sample(punya, min(len(punya), acak.randint(1, 4)))]
                    if apa == "baru":
                        Usulan.objects.bulk_create(
                            usulan(
                                acak.choice(milik),
                                f"{nomor}-{i}-{j}",
                                acak.choice(desa),
                                program=acak.choice(PROGRAM),
                                periode=acak.choice(PERIODE),
                            )
                            for j in range(acak.randint(1, 3))
                        )
                    elif apa == "ubah":
                        Usulan.objects.filter(pk__in=beberapa).update(
                            wilayah_id=acak.choice(desa), periode=acak.choice(PERIODE)
                        )
                    elif apa == "tarik":
                        RiwayatUsulan.objects.bulk_create(
                            RiwayatUsulan(usulan_id=pk, urut=1, langkah="tarik", dari="draf", ke="ditarik")
                            for pk in beberapa
                        )
                        Usulan.objects.filter(pk__in=beberapa).update(status="ditarik", versi=1)
                    else:
                        Usulan.objects.filter(pk__in=beberapa).delete()
                    if acak.random() < 0.2:
                        raise IntegrityError  # a desk that changes its mind
                n += 1
            except IntegrityError:
                continue  # the family is proposed already: nothing was written
        return n
    finally:
        connection.close()


def test_banyak_meja_dan_pelipatan_serentak_tidak_pernah_meleset(db_nyata):
    selesai, dilipat = threading.Event(), []

    def pelipat():
        try:
            while not selesai.is_set():
                dilipat.append(aksi.lipat())
                with transaction.atomic():
                    connection.cursor().execute("set transaction isolation level repeatable read")
                    assert hitung() == benar()  # at every moment, in the middle of all that
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as kolam:
        lipat = [kolam.submit(pelipat) for _ in range(2)]
        meja = [kolam.submit(_jalan, n, 60, (DESA, DESA2)) for n in range(4)]
        try:
            selesai_n = [m.result(60) for m in meja]  # a deadlock would come out here
        finally:
            selesai.set()
        for satu in lipat:
            satu.result(20)
    assert min(selesai_n) > 20 and sum(dilipat) > 50
    aksi.lipat()
    assert hitung() == benar() and HitunganUsulan.objects.count() == len(benar())
    assert sum(baris([KAB]).values_list("n", flat=True)) == Usulan.objects.count()
    basis.kosongkan()
    assert not HitunganUsulan.objects.exists()
