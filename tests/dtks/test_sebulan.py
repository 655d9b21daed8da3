"""A month simulated, on a database that commits: the window opens, 300 proposals of two villages, a meeting, the cut-off,
the late ones in the next month. Counts reconcile with `periksa`; two workers at once have one effect.
"""

import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection

import dtks.tasks  # noqa: F401 - names the jobs of the month
from accounts.models import Pemberitahuan
from bansos.actions import pengesahan as aksi_pengesahan
from core import outbox, schedule
from core.models import Pekerjaan
from dtks.actions import keluarga as register
from dtks.actions import musyawarah as rapat_aksi
from dtks.actions import periode as aksi
from dtks.actions import usulan as langkah
from dtks.models import GuliranPeriode, Periode, Usulan
from dtks.queries import periode as baca
from portal.queries import periksa
from tests.bantu.alur import PDF, Perjalanan, isi_individu, keluarga_uji, orang
from tests.bantu.pemain import DESA, DESA2, KABUPATEN
from wilayah.waktu import waktu_wilayah, zona

PER_DESA = 150
MULAI = datetime(
    2020, 1, 1, tzinfo=UTC
)  # due by the clock of the database too, which stands elsewhere than ours
DESA_DESA = ((DESA, "operator", "lurah"), (DESA2, "operator2", "lurah2"))


def wib(bulan, tanggal, jam=9, menit=0, detik=0):
    return datetime(2026, bulan, tanggal, jam, menit, detik, tzinfo=zona(KABUPATEN))


@pytest.fixture
def bulan_november(db_nyata, monkeypatch):
    monkeypatch.setattr(outbox, "_ringers", [])
    with time_machine.travel(wib(11, 1, 0, 5)) as mesin:
        yield mesin


BULANAN = ("dtks.periode_jam", aksi.JOB_GULIR, aksi.JOB_KABAR_GULIR, "dtks.ingatkan")


def jadwal() -> None:
    """What beat does every minute, and a worker after it. Work that is not the month's is left out, for it needs other servers."""
    schedule.enqueue_due(waktu_wilayah(KABUPATEN))
    Pekerjaan.objects.exclude(jenis__in=BULANAN).update(status="selesai")
    while Pekerjaan.objects.filter(status="menunggu").update(jalankan_setelah=MULAI):
        outbox.work(limit=2000, seconds=60)


def usulkan(nomor: int, desa: str, by, program="PKH", jalur="REGULER") -> Usulan:
    """The head of a family and a draft, by the village operator."""
    keluarga = keluarga_uji(nomor)
    baris = register.buat(
        by=by, wilayah=desa, data={"no_kk": keluarga.kk, "alamat": keluarga.alamat, "rt": "001", "rw": "005"},
        kepala=isi_individu(keluarga.told[0], kepala=True),
    )  # fmt: skip
    return langkah.buat(by=by, keluarga=baris, program=program, jalur=jalur)[0]


def rapatkan(usulan: list[Usulan], desa: str, by, lurah) -> None:
    """One meeting over all of them, its minutes approved and its verdicts carried into the line."""
    p = Perjalanan(desa=desa, operator=by.username)
    rapat = p.rapat()
    masuk, ditolak = rapat_aksi.bawa(rapat, by=by, usulan=usulan)
    assert (masuk, ditolak) == (len(usulan), [])
    putusan = {str(b.pk): {"putusan": "disepakati"} for b in rapat.putusan.all()}
    rapat_aksi.putuskan(rapat, by=by, putusan=putusan)
    rapat = rapat_aksi.selenggarakan(rapat, by=by)
    rapat = rapat_aksi.tandatangani(rapat, by=by, isi=PDF, nama="ba.pdf")
    assert rapat_aksi.setujui(rapat, by=lurah).periode == "2026-11"
    assert rapat_aksi.terapkan_putusan(rapat, by=by)["sepakati"] == len(usulan)


def kirim_semua(usulan: list[Usulan], by) -> None:
    for satu in usulan:
        p = Perjalanan(operator=by.username)
        p.usulan = satu
        p.lengkapi()
        p.padankan()
        langkah.input(satu, by=by)


def di(periode: str) -> Counter:
    return Counter(Usulan.objects.filter(periode=periode).values_list("status", flat=True))


def bersih() -> None:
    assert not [str(p) for p in periksa.jalankan(berkas=False).pelanggaran]


@pytest.mark.timeout(240)
@pytest.mark.load  # alone: a real worker of the browser stage would move the month by today's clock
def test_sebulan_tiga_ratus_usulan(bulan_november):
    jam = bulan_november
    jadwal()
    buat, kirim_n = {}, 12
    for k, (desa, operator, lurah) in enumerate(DESA_DESA):
        by = orang(operator)
        jam.move_to(wib(11, 3, 9 + k))
        buat[desa] = [usulkan(k * PER_DESA + n, desa, by) for n in range(PER_DESA - 1)]
        darurat = usulkan(k * PER_DESA + PER_DESA - 1, desa, by, jalur="KEDARURATAN")
        for satu in buat[desa][:100]:
            langkah.ajukan(satu, by=by)
        jam.move_to(wib(11, 10, 12 + k))
        rapatkan(buat[desa][:50], desa, by, orang(lurah))
        jam.move_to(wib(11, 12, 9 + k))
        kirim_semua(buat[desa][:kirim_n], by)
        buat[desa].append(darurat)
    assert Usulan.objects.count() == 2 * PER_DESA
    assert di("2026-11").total() == 2 * PER_DESA

    jam.move_to(wib(11, 14, 8))
    jadwal()  # reminders, three days ahead
    (spanduk,) = baca.spanduk(orang("operator"))
    assert spanduk.jumlah == PER_DESA - 1 - kirim_n
    assert (
        Pemberitahuan.objects.filter(kalimat__contains="sisa 3 hari", pengguna__username="operator").count()
        == 1
    )

    # The last second is in: sent to the Dinas and verified there for the pull of this month.
    selesai = [Usulan.objects.get(pk=u.pk) for u in buat[DESA][:4]]
    jam.move_to(wib(11, 17, 23, 59, 50))
    for satu in selesai:
        antar_sampai_dikirim(satu)
    assert di("2026-11")["dikirim"] == 4
    sebelum = dict(Usulan.objects.values_list("pk", "status"))

    jam.move_to(wib(11, 18, 0, 0, 1))
    langkah.ajukan(
        Usulan.objects.get(pk=buat[DESA][100].pk), by=orang("operator")
    )  # a step of the first late second
    terlambat = usulkan(900, DESA, orang("operator"))
    assert terlambat.periode == "2026-12"
    jadwal()
    tetap, pindah = di("2026-11"), di("2026-12")
    darurat_n = 2
    assert tetap.total() == 4 + darurat_n and tetap == Counter(dikirim=4, draf=darurat_n)
    assert pindah.total() == 2 * PER_DESA - 4 - darurat_n + 1
    # in = moved + done, and nobody lost a state or his place on the line
    assert GuliranPeriode.objects.filter(dari="2026-11", ke="2026-12").count() == 2 * PER_DESA - 4 - darurat_n
    sesudah = dict(Usulan.objects.exclude(pk=terlambat.pk).values_list("pk", "status"))
    assert sesudah.pop(buat[DESA][100].pk) == "diajukan"
    sebelum.pop(buat[DESA][100].pk)
    assert sesudah == sebelum
    for operator in ("operator", "operator2"):
        kabar = Pemberitahuan.objects.filter(
            pengguna__username=operator, kalimat__contains="dipindah ke periode Desember"
        )
        assert kabar.count() == 1, operator
    bersih()

    # The hourly round again, for a day: nothing more happens.
    for n in range(1, 24, 8):
        jam.move_to(wib(11, 18, n, 30))
        jadwal()
    assert (di("2026-11"), di("2026-12")) == (tetap, pindah)
    assert GuliranPeriode.objects.count() == 2 * PER_DESA - 4 - darurat_n
    bersih()


def antar_sampai_dikirim(usulan: Usulan) -> None:
    """The Dinas in ten seconds: visit, verification, signature, dispatch; each by his own person."""
    p = Perjalanan()
    p.usulan = usulan
    langkah.tugaskan(usulan, by=orang("verifikator2"), petugas=orang("tksk"))
    p.asesmen()
    langkah.ases(usulan, by=orang("tksk"))
    langkah.verifikasi(usulan, by=orang("verifikator"))
    batch = aksi_pengesahan.sahkan([usulan.pk], by=orang("kadis"))
    aksi_pengesahan.kirim(batch, by=orang("supervisor"), tanda_terima=f"TT-{usulan.tiket}")


def serempak(n, kerja):
    """`kerja(i)` in n threads at once, each on a connection of its own."""
    gerbang = threading.Barrier(n)

    def satu(i):
        try:
            gerbang.wait(20)
            return kerja(i)
        finally:
            connection.close()

    with ThreadPoolExecutor(n) as kolam:
        return list(kolam.map(satu, range(n)))


def test_dua_pekerja_sekaligus_satu_akibat(bulan_november):
    jam, by = bulan_november, orang("operator")
    aksi.siapkan(KABUPATEN)
    for n in range(20):
        usulkan(n, DESA, by)
    jam.move_to(wib(11, 18))
    hasil = serempak(4, lambda i: aksi.gulirkan(KABUPATEN, putaran=uuid.uuid4()))
    assert sum(hasil) == 20 and sorted(hasil)[:3] == [0, 0, 0]
    assert GuliranPeriode.objects.count() == 20 and di("2026-12") == Counter(draf=20)
    assert Pekerjaan.objects.filter(jenis=aksi.JOB_KABAR_GULIR).count() == 1
    bersih()


def test_langkah_dan_putaran_berebut_satu_perpindahan(bulan_november):
    """The operator sends at the moment in which the worker moves: one move each, and the step is never lost."""
    jam, by = bulan_november, orang("operator")
    aksi.siapkan(KABUPATEN)
    semua = [usulkan(n, DESA, by) for n in range(10)]
    jam.move_to(wib(11, 18))

    def kerja(i):
        if i:
            return aksi.gulirkan(KABUPATEN, putaran=uuid.uuid4())
        return [langkah.ajukan(u, by=by).periode for u in semua]

    periode, _ = serempak(2, kerja)
    assert periode == ["2026-12"] * 10
    assert GuliranPeriode.objects.count() == 10 and di("2026-12") == Counter(diajukan=10)
    bersih()


def test_jendela_disiapkan_dua_pekerja_sekaligus(bulan_november):
    serempak(4, lambda i: aksi.siapkan(KABUPATEN))
    assert Periode.objects.filter(wilayah=KABUPATEN).count() == 6
    bersih()
