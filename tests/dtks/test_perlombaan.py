"""Two deciders at the same instant: one decision each, and the other is told the present state."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Orang, Pengguna, Penugasan
from bansos.actions import penetapan as aksi_penetapan
from bansos.models import Penetapan, Program
from core import audit
from core.models import Jejak, Pekerjaan
from core.workflow import StepRefused
from dtks.actions import meja
from dtks.actions import usulan as aksi
from dtks.actions.urung import urungkan
from dtks.models import PegangKasus, RiwayatUsulan, Usulan
from tests.bantu.alur import alasan_pertama, orang, sampai

PERLOMBAAN = 300  # races in all (acceptance list of the issue)


def serentak(*kerja):
    """Run the callables at once, each on a connection of its own; returns results or refusals in order."""
    gerbang = threading.Barrier(len(kerja))

    def satu(fungsi):
        try:
            gerbang.wait(20)
            return fungsi()
        except StepRefused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(kerja)) as kolam:
        return [f.result() for f in [kolam.submit(satu, k) for k in kerja]]


def test_tiga_ratus_perlombaan_dua_pemutus(db_nyata):
    """verifikasi against tolak on the same proposal, and back again, 300 times: exactly one of the two each time."""
    usulan = sampai("diases").usulan
    a, b, kadis = orang("verifikator"), orang("verifikator2"), orang("kadis")
    tolak = alasan_pertama("tolak")
    kembali = alasan_pertama("kembalikan")
    tunda = alasan_pertama("tunda")
    menang = {"terverifikasi": 0, "ditunda": 0}
    for _ in range(PERLOMBAAN):
        hasil = serentak(
            lambda: aksi.verifikasi(usulan, by=a),
            lambda: aksi.tunda(usulan, by=b, alasan=tunda),
        )
        berhasil = [h for h in hasil if not isinstance(h, StepRefused)]
        ditolak = [h for h in hasil if isinstance(h, StepRefused)]
        assert len(berhasil) == 1 and len(ditolak) == 1
        kini = Usulan.objects.get(pk=usulan.pk).status
        assert berhasil[0].status == kini and ditolak[0].status == kini
        menang[kini] += 1
        if kini == "terverifikasi":
            aksi.kembalikan(usulan, by=kadis, tujuan="diases", alasan=kembali)
        else:
            aksi.lanjutkan(usulan, by=b)
    keputusan = RiwayatUsulan.objects.filter(
        usulan=usulan, langkah__in=("verifikasi", "tunda"), dari="diases"
    ).count()
    assert keputusan == PERLOMBAAN == sum(menang.values())
    urut = list(RiwayatUsulan.objects.filter(usulan=usulan).order_by("urut").values_list("urut", flat=True))
    assert urut == list(range(1, len(urut) + 1))
    assert tolak
    assert not _breaches()


def test_delapan_orang_menekan_tombol_yang_sama(db_nyata):
    usulan = sampai("diajukan").usulan
    operator = orang("operator")
    hasil = serentak(*[lambda: aksi.tolak(usulan, by=operator, alasan=alasan_pertama("tolak"))] * 8)
    assert sum(not isinstance(h, StepRefused) for h in hasil) == 1
    assert Jejak.objects.filter(aksi="tolak", objek_id=str(usulan.pk)).count() == 1


def test_nomor_sk_tanpa_celah_dan_tanpa_ganda(db_nyata):
    """Eight decrees at once, some of them failing half-way: the numbers that exist are 1..n."""
    perjalanan = [sampai("dikirim", nomor=n, program="APBD-LANSIA", pengusul="operator") for n in range(8)]
    program = Program.objects.get(pk="APBD-LANSIA")
    # kadis endorsed them, the same office signs the decree: no four-eyes column is involved in `tetapkan`
    kadis = orang("kadis")

    def terbitkan(p, gagal):
        putusan = (
            aksi_penetapan.Putusan("ditetapkan")
            if not gagal
            else aksi_penetapan.Putusan("daftar_tunggu", "TIDAK-ADA")
        )
        return aksi_penetapan.tetapkan(
            by=kadis, program=program, wilayah="32.05", putusan={str(p.usulan.pk): putusan}
        )

    hasil = serentak(*[(lambda p=p, i=i: terbitkan(p, gagal=i % 3 == 2)) for i, p in enumerate(perjalanan)])
    assert sum(isinstance(h, StepRefused) for h in hasil) == 2
    for i, p in enumerate(perjalanan):
        if i % 3 == 2:
            terbitkan(p, gagal=False)
    urut = sorted(Penetapan.objects.values_list("urut", flat=True))
    assert urut == list(range(1, 9))
    assert not _breaches()


def _breaches():
    with connection.cursor() as cursor:
        cursor.execute("select * from jejak_periksa()")
        return cursor.fetchall()


PELOMBA = ("verifikator", "verifikator2", "verifikator3", "verifikator4", "verifikator5", "verifikator6", "verifikator7", "verifikator8")  # fmt: skip
MEJA_LANGKAH = ("verifikasi", "kembalikan", "tolak", "tunda")


@transaction.atomic
def _delapan_verifikator():
    """Six more verifiers of the kabupaten; `kosongkan` takes them away again."""
    for n, username in enumerate(PELOMBA[2:]):
        satu = Orang(nama=f"Petugas {username}")
        satu.nik = f"320501410180{9000 + n}"
        satu.save()
        akun = Pengguna.objects.create(username=username, nama=satu.nama, orang=satu, password="!")
        Penugasan.objects.create(
            pengguna=akun, peran_id="VERIFIKATOR", wilayah_id="32.05", berlaku_sejak="2020-01-01"
        )
    audit.catat(aksi="buat_pemain_uji", jenis="uji", objek_id="-", by=None)


def lomba_meja(usulan, nama: str, pemutus: list[Pengguna]) -> None:
    """All of them read the case and press the same button at once: one decision, the others are told how it stands."""
    for by in pemutus:
        meja.buka(usulan, by=by, versi=usulan.versi, ambil_alih=True)
    PegangKasus.objects.all().delete()  # each of them believes that nobody else is at it
    isi = {"alasan": alasan_pertama(nama)} if nama != "verifikasi" else {}
    if nama == "kembalikan":
        isi["tujuan"] = "diinput"
    hasil = serentak(
        *[(lambda by=by: meja.putuskan(usulan, nama, by=by, versi=usulan.versi, **isi)) for by in pemutus]
    )
    menang = [h for h in hasil if not isinstance(h, StepRefused)]
    kalah = [h for h in hasil if isinstance(h, StepRefused)]
    kini = Usulan.objects.get(pk=usulan.pk)
    assert len(menang) == 1 and kini.versi == usulan.versi + 1 and kini.status == menang[0].status
    assert {(k.http_status, k.status, k.halangan[0].kode) for k in kalah} == {
        (409, kini.status, "SUDAH_BERPINDAH")
    }
    riwayat = kini.riwayat.get(urut=kini.versi)
    assert riwayat.langkah == nama and riwayat.orang_id in {by.orang_id for by in pemutus}
    urungkan(kini, by=Pengguna.objects.get(orang_id=riwayat.orang_id))


def _lomba(usulan, nama: str, banyak: int, kali: int) -> None:
    pemutus = [orang(u) for u in PELOMBA[:banyak]]
    sebelum = Jejak.objects.filter(objek_id=str(usulan.pk), aksi=nama).count()
    mulai = time.perf_counter()
    for _ in range(kali):
        usulan.refresh_from_db()
        lomba_meja(usulan, nama, pemutus)
    detik = time.perf_counter() - mulai
    assert Jejak.objects.filter(objek_id=str(usulan.pk), aksi=nama).count() == sebelum + kali
    print(f"{nama}, {banyak} deciders: {kali:,} races in {detik:.0f} s, {kali:,} decisions, {kali * (banyak - 1):,} refused (409)")  # fmt: skip


def _periksa_lomba(usulan, n: int) -> None:
    assert RiwayatUsulan.objects.filter(usulan=usulan, langkah="urungkan").count() == n
    tunggu = timezone.now() - timedelta(days=1)
    assert Pekerjaan.objects.filter(jenis=aksi.NOTICE, jalankan_setelah__gt=tunggu).count() >= n
    assert not _breaches()


def test_dua_empat_delapan_pemutus_di_meja_satu_keputusan(db_nyata):
    _delapan_verifikator()
    usulan = sampai("diases").usulan
    for banyak in (2, 4, 8):
        for nama in MEJA_LANGKAH:
            _lomba(usulan, nama, banyak, 2)
    _periksa_lomba(usulan, 24)


@pytest.mark.load
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("nama", MEJA_LANGKAH)
@pytest.mark.parametrize("banyak", [2, 4, 8])
@pytest.mark.parametrize("bagian", ["seperempat1", "seperempat2", "seperempat3", "seperempat4"])
def test_dua_ribu_perlombaan_tiap_langkah_meja(db_nyata, bagian, banyak, nama):
    """2,000 races for each step of the desk, with 2, with 4 and with 8 deciders. `-rP` prints what was counted."""
    _delapan_verifikator()
    usulan = sampai("diases").usulan
    _lomba(usulan, nama, banyak, 500)
    _periksa_lomba(usulan, 500)


def test_delapan_orang_membuka_kasus_yang_sama_satu_yang_memegang(db_nyata):
    _delapan_verifikator()
    usulan = sampai("diases").usulan
    for _ in range(5):
        hasil = serentak(*[(lambda u=u: meja.buka(usulan, by=orang(u), versi=usulan.versi)) for u in PELOMBA])
        assert sum(not isinstance(h, StepRefused) for h in hasil) == 1
        assert {h.halangan[0].kode for h in hasil if isinstance(h, StepRefused)} == {"SEDANG_DIBUKA"}
        PegangKasus.objects.all().delete()
