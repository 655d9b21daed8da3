"""Out of one machine: the same code on a primary behind pgbouncer, a streaming replica, two web and worker nodes and a broker elsewhere.

Real processes on addresses of the loopback (tests/bantu/perluas.py); what is lost is killed by pid. docs/operasi/perluas.md.
"""

import json
import os
import shutil
import signal
import threading
import time
from collections import Counter

import pytest
import requests
from django.db import transaction

from accounts.models import Pengguna
from bansos.models import BarisDaftar
from core import audit, outbox
from core.models import Pekerjaan
from dtks.actions import padan
from dtks.actions import usulan as aksi_usulan
from dtks.models import RiwayatUsulan
from portal.actions.statistik import segarkan
from portal.queries import periksa
from tests.bantu import perluas
from tests.bantu.alur import orang, sampai
from tests.bantu.daftar_api import daftar
from tests.bantu.proses import url_basis_data
from tests.browser.panggung import kumpulkan_berkas_statis

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]
PGBOUNCER = shutil.which("pgbouncer")


@pytest.fixture(scope="module", autouse=True)
def needed():
    if os.environ.get("DATABASE_URL"):
        pytest.skip("needs the tests' own cluster")
    if not PGBOUNCER:
        pytest.skip("DILEWATI / SKIPPED: pgbouncer is not installed (apt-get install pgbouncer)")


@pytest.fixture
def mesin(db_nyata, tmp_path):
    """`.simpul` two nodes, `.replika`, `.pooler`, `.valkey`: up and ready."""
    rumah = perluas.Rumah()
    jalan: list = []
    segarkan_setelah_isi()
    try:
        yield Mesin(rumah, tmp_path, jalan)
    finally:
        for satu in reversed(jalan):
            satu.hentikan()
        rumah.hapus()


def segarkan_setelah_isi() -> None:
    sampai("diajukan", 9)
    segarkan()


class Mesin:
    def __init__(self, rumah, tmp, jalan):
        self.replika = perluas.Replika(rumah.path)
        self.replika.buat()
        jalan.append(self.replika)
        self.replika.mulai()
        self.pooler = perluas.Pooler(rumah.path, PGBOUNCER)
        jalan.append(self.pooler)
        self.pooler.mulai()
        self.valkey = perluas.Valkey(rumah.path)
        jalan.append(self.valkey)
        self.valkey.mulai()
        env = perluas.lingkungan(self.pooler.url, self.replika.url, self.valkey.url)
        kumpulkan_berkas_statis(env)
        self.simpul = [perluas.Simpul(alamat, env, tmp) for alamat in ("127.0.0.2", "127.0.0.3")]
        for satu in self.simpul:
            jalan.append(satu)
            satu.mulai()
        for satu in self.simpul:
            perluas.tunggu(satu.siap, 60, satu.catatan)


class Pengunjung(threading.Thread):
    """Visitors of the public numbers and a report, all the while; what they were answered."""

    def __init__(self, simpul, peramban, alamat):
        super().__init__(daemon=True)
        self.simpul, self.peramban, self.alamat = simpul, peramban, alamat
        self.henti, self.jawaban, self.lama = threading.Event(), Counter(), []

    def run(self):
        n = 0
        while not self.henti.is_set():
            mulai = time.monotonic()
            try:
                jawab = self.peramban.minta("GET", self.alamat, self.simpul[n % len(self.simpul)])
                self.jawaban[jawab.status_code] += 1
            except requests.RequestException as galat:
                self.jawaban[type(galat).__name__] += 1
            self.lama.append(time.monotonic() - mulai)
            n += 1

    def selesai(self):
        self.henti.set()
        self.join(40)
        return self.jawaban


def meja(peramban, usulan, nama, buka, kirim, **isi):
    """Take a case at the desk on one node and decide on another."""
    alamat = f"/verifikasi/{usulan.pk}/"
    peramban.kirim(alamat, {"versi": usulan.versi}, buka, f"{alamat}pegang/")
    jawab = peramban.kirim(alamat, {"langkah": nama, "versi": usulan.versi, **isi}, kirim)
    assert jawab.status_code == 302, perluas.galat(jawab)


def habis() -> bool:
    """Checks of NIK wait: there is no Dukcapil on this stage."""
    rows = Pekerjaan.objects.exclude(status__in=("selesai", "parkir")).exclude(jenis=padan.JOB)
    return not rows.exists()


def test_a_journey_over_two_nodes_while_machines_go_away(mesin):
    satu, dua = mesin.simpul
    p = sampai("disepakati")
    p.lengkapi()
    lama = [Pengunjung(mesin.simpul, perluas.Peramban(mesin.simpul), "/statistik/?wilayah=32.05")]
    provinsi = perluas.Peramban(mesin.simpul)
    provinsi.masuk("provinsi", satu)
    lama.append(Pengunjung(mesin.simpul, provinsi, "/laporan/"))
    for v in lama:
        v.start()

    # The session is made on one node, the step taken on the other.
    operator = perluas.Peramban(mesin.simpul)
    operator.masuk("operator", satu)
    jawab = operator.kirim(f"/usulan/{p.usulan.pk}/langkah/input/", {}, dua)
    assert jawab.status_code == 302 and p.segar().status == "diinput", perluas.galat(jawab)

    # A node dies under its users: they go on with the other one, still logged in, and nothing that they sent happens twice.
    satu.bunuh()
    verifikator = perluas.Peramban(mesin.simpul)
    verifikator.masuk("verifikator2", satu)
    assert verifikator.pindah > 0
    p.padankan()
    meja(
        verifikator, p.segar(), "tugaskan", satu, satu, petugas=str(Pengguna.objects.get(username="tksk").pk)
    )
    assert p.segar().status == "ditugaskan"
    perluas.tunggu(
        habis,
        60,
        lambda: list(Pekerjaan.objects.exclude(status="selesai").values("jenis", "status", "galat")),
    )
    satu.mulai()

    # The replica dies: nobody is told, the primary is read.
    p.asesmen()
    aksi_usulan.ases(p.usulan, by=orang("tksk"))
    mesin.replika.bunuh()
    penilai = perluas.Peramban(mesin.simpul)
    penilai.masuk("verifikator", dua)
    meja(penilai, p.segar(), "verifikasi", dua, dua)
    assert p.segar().status == "terverifikasi"
    perluas.tunggu(satu.siap, 60, satu.catatan)
    assert not dua.readyz()["replika"]["dipakai"]
    # It comes back by itself.
    mesin.replika.mulai()
    perluas.tunggu(
        lambda: all(s.readyz()["replika"]["dipakai"] for s in mesin.simpul),
        60,
        lambda: [s.readyz() for s in mesin.simpul],
    )
    time.sleep(2)
    jawaban = [v.selesai() for v in lama]
    assert all(set(j) == {200} and j[200] > 20 for j in jawaban), jawaban
    assert RiwayatUsulan.objects.filter(usulan=p.usulan, langkah="input").count() == 1
    perluas.tunggu(habis, 60)
    terpanjang = [round(max(v.lama), 2) for v in lama]
    pool = mesin.pooler.admin("show pools")
    hasil = {
        "halaman": [j.total() for j in jawaban], "terlama_detik": terpanjang,
        "sambungan_server": sum(b["sv_active"] + b["sv_idle"] for b in pool if b["database"] != "pgbouncer"),
        "sambungan_klien": sum(b["cl_active"] + b["cl_waiting"] for b in pool if b["database"] != "pgbouncer"),
    }  # fmt: skip
    print(f"\nperluas: {json.dumps(hasil)}")
    assert hasil["sambungan_server"] <= 6 < hasil["sambungan_klien"]
    for s in mesin.simpul:
        assert "Traceback" not in s.log.read_text(), s.catatan()
    assert not periksa.jalankan(berkas=True).pelanggaran


def unduh(peramban, simpul) -> str:
    jawab = peramban.kirim("/usulan/unduh/", {"format": "csv", "nomor": "samar"}, simpul)
    assert jawab.status_code == 200 and "attachment" in jawab.headers["Content-Disposition"], jawab.text[
        :3000
    ]
    return jawab.content.decode("utf-8-sig")


def keluarkan(nama: str, *, aktif: bool) -> None:
    with transaction.atomic():
        satu = Pengguna.objects.get(username=nama)
        audit.catat(aksi="uji", objek=satu, by=None)
        satu.is_active = aktif
        satu.save(update_fields=["is_active"])


def dibaca(replika, tabel: str) -> int:
    """How often queries read this table over there."""
    return int(
        replika.sql(
            f"select coalesce(idx_scan, 0) + seq_scan from pg_stat_user_tables where relname = '{tabel}'"
        )
    )


def test_what_was_just_written_is_in_the_download_however_far_the_replica_is(mesin):
    """Numbers may be some seconds old. A list is never older than the question; a decision is never read there."""
    satu, dua = mesin.simpul
    operator = perluas.Peramban(mesin.simpul)
    operator.masuk("operator", satu)
    sampai("diajukan", 1)
    perluas.tunggu(mesin.replika.terkejar, 20)
    sebelum = dibaca(mesin.replika, "dtks_usulan")
    lama = unduh(operator, dua)
    perluas.tunggu(lambda: dibaca(mesin.replika, "dtks_usulan") > sebelum, 20)

    mesin.replika.sql("select pg_wal_replay_pause()")
    baru = sampai("diajukan", 2).usulan.tiket
    assert baru not in lama
    for simpul in mesin.simpul:
        assert baru in unduh(operator, simpul)
    perluas.tunggu(lambda: not any(s.readyz()["replika"]["dipakai"] for s in mesin.simpul), 30)
    keadaan = satu.readyz()
    assert keadaan["status"] == "siap" and keadaan["replika"]["sebab"] == "tertinggal"
    # Who loses his post loses it at once, whatever the replica still believes.
    keluarkan("operator", aktif=False)
    assert operator.minta("GET", "/usulan/unduh/", dua).status_code == 302
    keluarkan("operator", aktif=True)
    mesin.replika.sql("select pg_wal_replay_resume()")
    perluas.tunggu(lambda: all(s.readyz()["replika"]["dipakai"] for s in mesin.simpul), 30)
    assert not periksa.jalankan(berkas=True).pelanggaran


def test_a_whole_list_comes_from_the_replica_and_is_the_same(mesin):
    """The stream of `/api/v1/kelayakan/`: with the replica, behind it, without it: byte for byte the same, once a list is there."""
    daftar(50)
    kantor = perluas.Peramban(mesin.simpul)
    kantor.masuk("verifikator", mesin.simpul[0])

    def alir() -> bytes:
        jawab = kantor.minta(
            "GET", "/api/v1/kelayakan/PKH/", mesin.simpul[1], headers={"Accept": "application/x-ndjson"}
        )
        assert jawab.status_code == 200, jawab.text[:2000]
        return jawab.content

    perluas.tunggu(mesin.replika.terkejar, 20)
    sebelum = dibaca(mesin.replika, "bansos_barisdaftar")
    isi = alir()
    assert isi.count(b"\n") == BarisDaftar.objects.count() > 0
    perluas.tunggu(lambda: dibaca(mesin.replika, "bansos_barisdaftar") > sebelum, 20)
    mesin.replika.sql("select pg_wal_replay_pause()")
    assert alir() == isi
    mesin.replika.bunuh()
    assert alir() == isi


def test_a_replica_that_was_promoted_is_left_alone(mesin):
    """It takes writes of its own from then on: what it shows is not what was decided."""
    mesin.replika.sql("select pg_promote()")
    perluas.tunggu(lambda: not any(s.readyz()["replika"]["dipakai"] for s in mesin.simpul), 30)
    assert mesin.simpul[0].readyz()["replika"]["sebab"] == "takes writes of its own"
    assert requests.get(f"{mesin.simpul[0].url}/statistik/?wilayah=32.05", timeout=10).status_code == 200


def test_nodes_that_are_told_to_stop_finish_what_they_began(mesin):
    """Rolling restart: first one node, then the other; every answer that a visitor got is a page."""
    pengunjung = [
        Pengunjung(mesin.simpul, perluas.Peramban(mesin.simpul), "/statistik/?wilayah=32.05")
        for _ in range(4)
    ]
    for v in pengunjung:
        v.start()
    for satu in mesin.simpul:
        time.sleep(1)
        satu.proses["web"].popen.send_signal(signal.SIGTERM)
        satu.proses["web"].popen.wait(30)
        satu.proses["web"].mulai()
        perluas.tunggu(satu.siap, 60, satu.catatan)
    time.sleep(1)
    jawaban = [v.selesai() for v in pengunjung]
    assert all(set(j) == {200} for j in jawaban), jawaban


def test_jobs_are_done_once_by_the_workers_of_both_nodes(mesin):
    """The broker goes away and comes back, a worker dies: every job is done, and no job had to be tried twice."""
    riwayat = RiwayatUsulan.objects.order_by("pk").first()
    perluas.tunggu(habis, 60)
    ids = []
    for n in range(120):
        ids.append(outbox.antre("dtks.beri_tahu", {"riwayat": str(riwayat.pk)}).pk)
        if n == 40:
            mesin.valkey.hentikan(signal.SIGKILL)
        if n == 80:
            mesin.valkey.mulai()
            mesin.simpul[0].proses["worker"].bunuh()
    perluas.tunggu(lambda: not Pekerjaan.objects.filter(pk__in=ids).exclude(status="selesai").exists(), 60)
    assert Pekerjaan.objects.filter(pk__in=ids, status="selesai", percobaan=0).count() == 120


@pytest.mark.skipif(
    not shutil.which("rabbitmq-server"), reason="DILEWATI / SKIPPED: rabbitmq-server is not installed"
)
def test_rabbitmq_rings_the_bell_as_well(db_nyata, tmp_path):
    """BROKER_URL=amqp://…: beat on one node, a worker on the other, nothing but the broker between them."""
    rumah = perluas.Rumah()
    rabbit = perluas.Rabbit(rumah.path)
    sampai("diajukan")
    riwayat = RiwayatUsulan.objects.order_by("pk").first()
    env = perluas.lingkungan(url_basis_data(), "", "redis://127.0.0.6:1/0") | {
        "BROKER_URL": rabbit.url,
        "DATABASE_POOLER": "0",
    }
    satu = perluas.Simpul("127.0.0.2", env, tmp_path, ("beat",))
    dua = perluas.Simpul("127.0.0.3", env, tmp_path, ("worker",))
    ids = []

    def selesai() -> bool:
        return not Pekerjaan.objects.filter(pk__in=ids).exclude(status="selesai").exists()

    try:
        rabbit.mulai()
        satu.mulai()
        dua.mulai()
        ids += [outbox.antre("dtks.beri_tahu", {"riwayat": str(riwayat.pk)}).pk for _ in range(50)]
        perluas.tunggu(selesai, 90, lambda: satu.catatan() + dua.catatan())
    finally:
        for simpul in (satu, dua):
            simpul.hentikan()
        rabbit.tutup()
        rumah.hapus()
    assert Pekerjaan.objects.filter(pk__in=ids, percobaan=0).count() == 50
