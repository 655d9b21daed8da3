"""Out of one machine: the same code on a primary behind pgbouncer, a streaming replica, two web and worker nodes and a broker elsewhere.

Real processes on addresses of the loopback (tests/bantu/perluas.py); what is lost is killed by pid. docs/operasi/perluas.md.
"""

import contextlib
import itertools
import json
import os
import re
import shutil
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psutil
import psycopg
import pytest
import requests
from django.db import connection, transaction

from accounts.models import Pengguna
from bansos.models import BarisDaftar, Penetapan, Pengesahan
from config.servers import places, processes
from core import audit, dinding, outbox, replica
from core.models import Jejak, Pekerjaan
from dtks.actions import padan
from dtks.models import RiwayatUsulan, Usulan
from portal.actions.statistik import segarkan
from portal.queries import periksa
from tests.bantu import jaringan, perluas, tepi
from tests.bantu.alur import Perjalanan, orang, sampai
from tests.bantu.api import kunci
from tests.bantu.daftar_api import daftar
from tests.bantu.klaster import klaster_sendiri
from tests.bantu.proses import AKAR
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
def rumah():
    satu = perluas.Rumah()
    yield satu
    satu.hapus()


@pytest.fixture
def jalan():
    """What was started, newest first when it ends."""
    semua: list = []
    yield semua
    for satu in reversed(semua):
        satu.hentikan()


@pytest.fixture
def buat_mesin(db_nyata, rumah, jalan, tmp_path):
    def buat(**lain) -> "Mesin":
        sampai("diajukan", 9)
        segarkan()
        return Mesin(rumah, tmp_path, jalan, **lain)

    return buat


@pytest.fixture
def mesin(buat_mesin) -> "Mesin":
    return buat_mesin()


class Mesin:
    """`.simpul` two nodes, `.replika`, `.pooler`, `.valkey`, `.perantara` (who rings the bell): up and ready."""

    def __init__(
        self, rumah, tmp, jalan, *, rabbit: bool = False, induk=lambda: True, umur: float = 3, **lain: str
    ):
        self._jalan = jalan
        self.replika = perluas.Replika(rumah.path, induk)
        self.replika.buat()
        self.pooler, self.valkey = perluas.Pooler(rumah.path, PGBOUNCER), perluas.Valkey(rumah.path)
        self.perantara = perluas.Rabbit(rumah.path) if rabbit else self.valkey
        for satu in dict.fromkeys((self.replika, self.pooler, self.valkey, self.perantara)):
            self._mulai(satu)
        env = perluas.lingkungan(self.pooler.url, self.replika.url, self.valkey.url, umur=umur)
        env |= {"BROKER_URL": self.perantara.url if rabbit else ""} | lain
        kumpulkan_berkas_statis(env)
        self.simpul = [perluas.Simpul(alamat, env, tmp) for alamat in ("127.0.0.2", "127.0.0.3")]
        for satu in self.simpul:
            self._mulai(satu)
        for satu in self.simpul:
            perluas.tunggu(satu.siap, 90, satu.catatan)

    def _mulai(self, satu) -> None:
        self._jalan.append(satu)
        satu.mulai()

    def replika_dipakai(self) -> bool:
        return all(s.readyz()["replika"]["dipakai"] for s in self.simpul)

    def replika_ditinggal(self) -> bool:
        return not any(s.readyz()["replika"]["dipakai"] for s in self.simpul)


class Berjalan(threading.Thread):
    """Does `sekali(n)` again and again until it is told to stop."""

    def __init__(self):
        super().__init__(daemon=True)
        self.henti = threading.Event()

    def sekali(self, n: int) -> None:
        raise NotImplementedError

    def run(self):
        n = 0
        while not self.henti.is_set():
            self.sekali(n)
            n += 1

    def selesai(self) -> None:
        self.henti.set()
        self.join(60)
        assert not self.is_alive()


class Pengunjung(Berjalan):
    """Visitors of the public numbers and a report, all the while; what they were answered."""

    def __init__(self, simpul, peramban, alamat):
        super().__init__()
        self.simpul, self.peramban, self.alamat = simpul, peramban, alamat
        self.jawaban, self.lama = Counter(), []

    def sekali(self, n):
        mulai = time.monotonic()
        try:
            jawab = self.peramban.minta("GET", self.alamat, self.simpul[n % len(self.simpul)])
            self.jawaban[jawab.status_code] += 1
        except requests.RequestException as galat:
            self.jawaban[type(galat).__name__] += 1
        self.lama.append(time.monotonic() - mulai)


class Penulis(Berjalan):
    """Another office's application: writes with a key, to the next node when one does not answer, and notes it in the ledger first."""

    def __init__(self, simpul, buku, awal):
        super().__init__()
        self.simpul, self.buku, self.awal = simpul, buku, awal
        self.mesin, self.hilang, self.galat = (
            jaringan.Mesin(simpul[0].url, kunci("register", "usulan", "tulis")),
            0,
            None,
        )

    def sekali(self, n):
        ke, satu, isi = itertools.count(n), jaringan.kunci_baru(), jaringan.usulan_baru(self.awal + n)
        operasi = str(self.awal + n)
        self.buku.tulis(operasi, "kirim")
        try:
            jawab, hilang = jaringan.sampai_terjawab(
                lambda: self.mesin.kirim(
                    "/api/v1/usulan/", isi, kunci=satu, alamat=self.simpul[next(ke) % len(self.simpul)].url
                )
            )
            assert jawab.status == 201, jawab.isi
        except AssertionError as galat:
            self.galat = galat
            self.henti.set()
            raise
        self.hilang += hilang
        self.buku.tulis(operasi, f"ok {jawab.json()['id']}")
        self.henti.wait(0.1)


def tulis_sementara(mesin, tmp_path, n: int = 3) -> tuple[jaringan.Buku, list[Penulis]]:
    buku = jaringan.Buku(tmp_path / "buku")
    penulis = [Penulis(mesin.simpul, buku, 10_000 * k) for k in range(n)]
    for satu in penulis:
        satu.start()
    return buku, penulis


def cocokkan(buku, penulis, sudah: set[str]) -> int:
    """LOST 0, DUP 0, GHOST 0: the ledger and the register say the same. Returns how many were written."""
    for satu in penulis:
        satu.selesai()
        assert satu.galat is None
    connection.close()
    tercatat = [
        v.split()[1] for v in buku.hasil.values()
    ]  # a "kirim" that was never answered has no second word
    assert len(set(tercatat)) == len(tercatat)
    assert {str(pk) for pk in Usulan.objects.values_list("pk", flat=True)} - sudah == set(tercatat)
    assert Jejak.objects.filter(aksi="buat_usulan").count() == len(tercatat) + len(sudah)
    return len(tercatat)


def meja(peramban, usulan, nama, buka, kirim, **isi):
    """Take a case at the desk on one node and decide on another."""
    alamat = f"/verifikasi/{usulan.pk}/"
    peramban.kirim(alamat, {}, buka, f"{alamat}pegang/")
    peramban.kirim(alamat, {"langkah": nama, **isi}, buka, kirim_di=kirim)


def langkah(peramban, usulan, nama, di, **isi):
    peramban.kirim(f"/usulan/{usulan.pk}/langkah/{nama}/", isi, di)


def habis() -> bool:
    """Checks of NIK wait: there is no Dukcapil on this stage."""
    rows = Pekerjaan.objects.exclude(status__in=("selesai", "parkir")).exclude(jenis=padan.JOB)
    return not rows.exists()


def sisa() -> list:
    return list(Pekerjaan.objects.exclude(status="selesai").values("jenis", "status", "galat")[:20])


RABBIT = pytest.param(
    True,
    id="rabbitmq",
    marks=pytest.mark.skipif(
        not shutil.which("rabbitmq-server"),
        reason="DILEWATI / SKIPPED: rabbitmq-server is not installed (apt-get install rabbitmq-server)",
    ),
)


@pytest.mark.parametrize("rabbit", [pytest.param(False, id="redis"), RABBIT])
def test_from_the_rt_to_the_decree_while_machines_are_killed(buat_mesin, tmp_path, rabbit):
    """Every step of the line over two nodes, other offices writing all the while. One after the other dies by kill -9: a web
    node, a worker, the broker, the replica, the other web node. Nothing is lost and nothing is done twice."""
    mesin = buat_mesin(rabbit=rabbit)
    satu, dua = mesin.simpul
    p = Perjalanan()
    p.draf()
    sudah = {str(pk) for pk in Usulan.objects.values_list("pk", flat=True)}
    orang_ini = {}

    def siapa(nama: str) -> perluas.Peramban:
        """Logged in once, on the first node; the session is there on the other one."""
        if nama not in orang_ini:
            orang_ini[nama] = perluas.Peramban(mesin.simpul)
            orang_ini[nama].masuk(nama, satu)
        return orang_ini[nama]

    lama = [Pengunjung(mesin.simpul, perluas.Peramban(mesin.simpul), "/statistik/?wilayah=32.05")]
    lama.append(Pengunjung(mesin.simpul, siapa("provinsi"), "/laporan/"))
    operator = siapa("operator")
    buku, penulis = tulis_sementara(mesin, tmp_path)
    for v in lama:
        v.start()

    langkah(siapa("rtrw"), p.usulan, "ajukan", dua)
    p.musyawarah = p.rapat()
    langkah(operator, p.usulan, "musyawarahkan", dua, musyawarah=str(p.musyawarah.pk))

    # A node dies under its users: they go on with the other one, still logged in.
    satu.bunuh()
    p.berita_acara_sah()
    langkah(operator, p.usulan, "sepakati", satu)
    assert operator.pindah > 0 and p.segar().status == "disepakati"
    satu.mulai()
    p.lengkapi()
    langkah(operator, p.usulan, "input", dua)
    perluas.tunggu(satu.siap, 60, satu.catatan)

    # A worker dies in the middle of its work, then the broker.
    dua.proses["worker"].bunuh()
    p.padankan()
    meja(siapa("verifikator2"), p.segar(), "tugaskan", satu, dua, petugas=str(orang("tksk").pk))
    mesin.perantara.hentikan(signal.SIGKILL)
    p.asesmen()
    siapa("tksk").kirim(f"/asesmen/{p.usulan.pk}/", {"aksi": "selesai", "tanpa_benturan": "on"}, satu)
    assert p.segar().status == "diases"
    mesin.perantara.mulai()
    dua.proses["worker"].mulai()

    # The replica dies: nobody is told, the primary is read. It comes back by itself.
    mesin.replika.bunuh()
    meja(siapa("verifikator"), p.segar(), "verifikasi", dua, satu)
    perluas.tunggu(mesin.replika_ditinggal, 20)
    mesin.replika.mulai()

    # The other node dies between the page of the head of the Dinas and his signature.
    kadis, sahkan = siapa("kadis"), f"/verifikasi/sahkan/?usulan={p.usulan.pk}"
    halaman = kadis.minta("GET", sahkan, dua)
    dua.bunuh()
    jawab = kadis.lanjut(halaman, {}, dua, "/verifikasi/sahkan/")
    lagi = kadis.lanjut(halaman, {}, satu, "/verifikasi/sahkan/")
    batch = jawab.headers["Location"]
    assert lagi.headers["Location"] == batch and p.segar().status == "disahkan"
    dua.mulai()
    siapa("supervisor").kirim(batch, {"tanda_terima": "400.9/118/Dinsos"}, satu, f"{batch}kirim/")
    perluas.tunggu(dua.siap, 60, dua.catatan)
    pusdatin, tetapkan = siapa("pusdatin"), f"{batch}tetapkan/"
    isi = {"nomor": "21/HUK/2026", f"hasil_{p.usulan.pk.hex}": "ditetapkan"}
    layar_periksa = pusdatin.kirim(tetapkan, isi | {"aksi": "periksa"}, dua, mau=200)
    sk = pusdatin.lanjut(layar_periksa, {"aksi": "terbitkan"}, satu, tetapkan).headers["Location"]
    assert "21/HUK/2026" in siapa("kadis").minta("GET", sk, dua).text
    assert p.segar().status == "ditetapkan"

    perluas.tunggu(mesin.replika_dipakai, 60, lambda: [s.readyz() for s in mesin.simpul])
    time.sleep(2)
    for v in lama:
        v.selesai()
    tertulis = cocokkan(buku, penulis, sudah)
    # On a machine at its limit the waiting room may send a few away for some seconds (ADR 0037); nobody gets anything else.
    assert all(set(v.jawaban) <= {200, 503} and v.jawaban[200] > 20 for v in lama), [v.jawaban for v in lama]
    assert all(v.jawaban[503] <= v.jawaban.total() / 20 for v in lama), [v.jawaban for v in lama]
    sekali = Counter(RiwayatUsulan.objects.filter(usulan=p.usulan).values_list("langkah", flat=True))
    assert set(sekali.values()) == {1} and {"ajukan", "sahkan", "kirim", "tetapkan"} <= set(sekali), sekali
    assert (Pengesahan.objects.count(), Penetapan.objects.count()) == (1, 1)
    # Everything rung for is done, by workers that hear the bell again; leases of dead ones run out after 45 s.
    ids = [
        outbox.antre("dtks.beri_tahu", {"riwayat": str(RiwayatUsulan.objects.order_by("pk").first().pk)}).pk
        for _ in range(20)
    ]
    perluas.tunggu(habis, 90, lambda: str(sisa()) + satu.catatan() + dua.catatan())
    assert Pekerjaan.objects.filter(pk__in=ids, status="selesai", percobaan=0).count() == 20
    pool = [b for b in mesin.pooler.admin("show pools") if b["database"] != "pgbouncer"]
    hasil = {
        "perantara": "RabbitMQ" if rabbit else "Redis", "tertulis": tertulis, "tanpa_jawaban": sum(s.hilang for s in penulis),
        "halaman": [v.jawaban.total() for v in lama], "terlama_detik": [round(max(v.lama), 2) for v in lama],
        "sambungan_server": sum(b["sv_active"] + b["sv_idle"] for b in pool),
        "sambungan_klien": sum(b["cl_active"] + b["cl_waiting"] for b in pool),
    }  # fmt: skip
    print(f"\nperluas: {json.dumps(hasil)}: hilang 0, dua kali 0")
    assert tertulis > 50 and hasil["sambungan_server"] <= 6 < hasil["sambungan_klien"]
    for s in mesin.simpul:
        assert "Traceback" not in s.log.read_text(), s.catatan()
    assert not periksa.jalankan(berkas=True).pelanggaran


def test_a_replica_that_answers_nothing_holds_nobody(mesin):
    """Its processes stand still, its kernel keeps every connection: only waiting tells. The pages are made on the primary."""
    lama = [
        Pengunjung(mesin.simpul, perluas.Peramban(mesin.simpul), "/statistik/?wilayah=32.05")
        for _ in range(6)
    ]
    for v in lama:
        v.start()
    perluas.tunggu(mesin.replika_dipakai, 30)
    mesin.replika.isyarat(signal.SIGSTOP)
    time.sleep(15)
    sela = [len(v.lama) for v in lama]
    time.sleep(3)
    assert all(len(v.lama) > n + 5 for v, n in zip(lama, sela, strict=True)), "nobody goes on"
    keadaan = mesin.simpul[0].readyz()
    assert keadaan["status"] == "siap" and not keadaan["replika"]["dipakai"]
    mesin.replika.isyarat(signal.SIGCONT)
    perluas.tunggu(mesin.replika_dipakai, 60)
    for v in lama:
        v.selesai()
    terlama = max(max(v.lama) for v in lama)
    print(
        f"\nperluas: a replica that stands still: {sum(len(v.lama) for v in lama)} pages, the longest {terlama:.1f} s"
    )
    assert all(set(v.jawaban) == {200} for v in lama), [v.jawaban for v in lama]
    assert terlama < 10


def test_nobody_sees_over_the_wall_through_a_pooler_or_a_replica(mesin):
    """Role and codes hold for one transaction: on connections that many share, none is left behind; over there they hold as well."""
    with transaction.atomic():
        audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None)
    milik = set(Usulan.objects.values_list("wilayah_id", flat=True))
    assert milik and all(w.startswith("32.05") for w in milik)
    perluas.tunggu(mesin.replika.terkejar, 20)
    for url in (mesin.pooler.url, mesin.replika.url):
        salah: list = []

        def tanya(url=url, salah=salah) -> None:
            with psycopg.connect(
                url, autocommit=True, cursor_factory=psycopg.ClientCursor, prepare_threshold=None
            ) as c:
                for n in range(400):
                    kode, mau = (("32.06", 0), ("32.05", len(milik)), ("", None))[n % 3]
                    awal = "; ".join(dinding.Pandangan(dinding.SATU, kode).sql) + "; " if kode else ""
                    kursor = c.execute(
                        awal + "select count(distinct wilayah_id), current_user from dtks_usulan"
                    )
                    while kursor.nextset():
                        pass
                    ada, peran = kursor.fetchone()
                    if (ada, peran) != (
                        (mau, dinding.SATU) if kode else (len(milik), mesin.replika.hulu["USER"])
                    ):
                        salah.append((url, kode, ada, peran))

        orang_banyak = [threading.Thread(target=tanya) for _ in range(10)]
        for t in orang_banyak:
            t.start()
        for t in orang_banyak:
            t.join()
        assert not salah, salah[:5]


def unduh(peramban, simpul) -> str:
    jawab = peramban.kirim("/usulan/unduh/", {"format": "csv", "nomor": "samar"}, simpul, mau=200)
    assert "attachment" in jawab.headers["Content-Disposition"], jawab.text[:3000]
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
    perluas.tunggu(mesin.replika_ditinggal, 30)
    keadaan = satu.readyz()
    assert keadaan["status"] == "siap" and keadaan["replika"]["sebab"] == "tertinggal"
    # Who loses his post loses it at once, whatever the replica still believes.
    keluarkan("operator", aktif=False)
    assert operator.minta("GET", "/usulan/unduh/", dua).status_code == 302
    keluarkan("operator", aktif=True)
    mesin.replika.sql("select pg_wal_replay_resume()")
    perluas.tunggu(mesin.replika_dipakai, 30)
    assert not periksa.jalankan(berkas=True).pelanggaran


TABEL = re.compile(
    r"\b(?:" + "|".join(sorted(replica.APPS | {"accounts", "core", "django"})) + r")_(?!layar|kerja)\w+"
)  # but no role of the wall


def test_a_whole_case_is_decided_while_the_replica_is_a_minute_behind(buat_mesin):
    """The replica counts as good enough (REPLICA_MAX_AGE of an hour), knows nothing of the last minute, and writes down each
    statement that it gets. From the RT to the decree over both nodes: each page and each step sees the step before, whichever
    node took it, and over there nobody asks for anything but its position. Then a report is, to prove that the way was open."""
    mesin = buat_mesin(umur=3600)
    satu, dua = mesin.simpul
    p = Perjalanan()
    p.draf()
    perluas.tunggu(mesin.replika.terkejar, 20)

    def umur() -> list[float]:
        """Each web process finds out for itself how old the replica is: so many at once that all are asked. -1: not used."""
        with ThreadPoolExecutor(16) as banyak:
            keadaan = list(banyak.map(lambda n: mesin.simpul[n % 2].readyz()["replika"], range(48)))
        return [k["umur_detik"] if k["dipakai"] else -1 for k in keadaan]

    perluas.tunggu(lambda: min(umur()) >= 0, 30)
    mesin.replika.catat_pernyataan()
    mesin.replika.sql("select pg_wal_replay_pause()")
    sampai("diajukan", 1)  # from here on the log moves on, and the replica does not
    perluas.tunggu(lambda: min(umur()) >= 60, 90, umur)
    mulai = mesin.replika.log.stat().st_size

    orang_ini: dict[str, perluas.Peramban] = {}

    def siapa(nama: str) -> perluas.Peramban:
        if nama not in orang_ini:
            orang_ini[nama] = perluas.Peramban(mesin.simpul)
            orang_ini[nama].masuk(nama, satu)
        return orang_ini[nama]

    def kini(status: str) -> None:
        """Both nodes show it, on the page of the case and to a program."""
        for simpul in mesin.simpul:
            jawab = siapa("supervisor").minta("GET", f"/api/v1/usulan/{p.usulan.pk}/", simpul)
            assert jawab.json()["status"] == status, jawab.text[:500]
            assert siapa("supervisor").minta("GET", f"/usulan/{p.usulan.pk}/", simpul).status_code == 200

    langkah(siapa("rtrw"), p.usulan, "ajukan", dua)
    kini("diajukan")
    p.musyawarah = p.rapat()
    langkah(siapa("operator"), p.usulan, "musyawarahkan", satu, musyawarah=str(p.musyawarah.pk))
    kini("dimusyawarahkan")
    p.berita_acara_sah()
    langkah(siapa("operator"), p.usulan, "sepakati", dua)
    kini("disepakati")
    p.lengkapi()
    langkah(siapa("operator"), p.usulan, "input", satu)
    kini("diinput")
    p.padankan()
    meja(siapa("verifikator2"), p.segar(), "tugaskan", dua, satu, petugas=str(orang("tksk").pk))
    kini("ditugaskan")
    p.asesmen()
    siapa("tksk").kirim(f"/asesmen/{p.usulan.pk}/", {"aksi": "selesai", "tanpa_benturan": "on"}, dua)
    kini("diases")
    # Two hands on one case: the second is told what the first decided a moment ago on the other node.
    alamat = f"/verifikasi/{p.usulan.pk}/"
    siapa("verifikator").kirim(alamat, {}, satu, f"{alamat}pegang/")
    halaman = siapa("verifikator").minta("GET", alamat, dua)
    siapa("verifikator").lanjut(halaman, {"langkah": "verifikasi"}, satu, alamat)
    terlambat = siapa("verifikator").minta("POST", alamat, dua, data=perluas.isian(halaman.text, alamat, {"langkah": "verifikasi"}) | {"langkah": "verifikasi", "kunci_kirim": jaringan.kunci_baru()})  # fmt: skip
    assert terlambat.status_code in (302, 409), perluas.galat(terlambat)
    kini("terverifikasi")
    jawab = siapa("kadis").kirim(f"/verifikasi/sahkan/?usulan={p.usulan.pk}", {}, dua, "/verifikasi/sahkan/")
    batch = jawab.headers["Location"]
    kini("disahkan")
    siapa("supervisor").kirim(batch, {"tanda_terima": "400.9/118/Dinsos"}, satu, f"{batch}kirim/")
    kini("dikirim")
    tetapkan, isi = f"{batch}tetapkan/", {"nomor": "21/HUK/2026", f"hasil_{p.usulan.pk.hex}": "ditetapkan"}
    layar_periksa = siapa("pusdatin").kirim(tetapkan, isi | {"aksi": "periksa"}, dua, mau=200)
    siapa("pusdatin").lanjut(layar_periksa, {"aksi": "terbitkan"}, satu, tetapkan)
    kini("ditetapkan")
    sekali = Counter(RiwayatUsulan.objects.filter(usulan=p.usulan).values_list("langkah", flat=True))
    assert set(sekali.values()) == {1}, sekali

    def di_sana() -> str:
        return mesin.replika.log.read_text()[mulai:]

    assert min(umur()) >= 60
    ditanya = di_sana()
    assert "pg_last_wal_replay_lsn" in ditanya and not TABEL.findall(ditanya), TABEL.findall(ditanya)[:20]
    assert siapa("provinsi").minta("GET", "/laporan/", satu).status_code == 200
    perluas.tunggu(lambda: TABEL.search(di_sana()), 10, di_sana)
    mesin.replika.sql("select pg_wal_replay_resume()")
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
    perluas.tunggu(mesin.replika_ditinggal, 30)
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
    for v in pengunjung:
        v.selesai()
    jawaban = [v.jawaban for v in pengunjung]
    assert all(set(j) == {200} for j in jawaban), jawaban


class LewatNginx(Berjalan):
    """A visitor at an address of his own, through nginx. With a key he writes, each proposal until it is answered."""

    def __init__(self, depan, asal: str, kunci_api: str = "", awal: int = 0):
        super().__init__()
        self.peramban, self.kunci_api, self.awal = tepi.Peramban(depan, asal), kunci_api, awal
        self.jawaban, self.tertulis = Counter(), []

    def sekali(self, n):
        if not self.kunci_api:
            self.jawaban[self.peramban.minta("GET", "/statistik/?wilayah=32.05").status] += 1
            self.henti.wait(0.1)
            return
        kepala = {
            "Authorization": f"Bearer {self.kunci_api}", "Content-Type": "application/json", "Idempotency-Key": jaringan.kunci_baru(),
        }  # fmt: skip
        badan = json.dumps(jaringan.usulan_baru(self.awal + n)).encode()
        batas = time.monotonic() + 60
        while time.monotonic() < batas:
            jawab = self.peramban.minta("POST", "/api/v1/usulan/", badan, kepala)
            self.jawaban[jawab.status] += 1
            if jawab.status == 201:
                self.tertulis.append(json.loads(jawab.isi)["id"])
                break
            self.henti.wait(0.3)
        self.henti.wait(0.1)


@pytest.mark.skipif(
    not tepi.nginx(), reason="DILEWATI / SKIPPED: nginx is not installed (apt-get install nginx-light)"
)
def test_nginx_before_two_nodes_as_the_runbook_says(buat_mesin, tmp_path):
    """deploy/nginx.conf with the line of docs/operasi/perluas.md. One node is killed and comes back, the other is told to stop: every
    page is answered by the node that is left, a form that broke off is not sent a second time by nginx, and repeated it is one."""
    mesin = buat_mesin(BEHIND_PROXY="1", CSRF_TRUSTED_ORIGINS=f"https://{tepi.INANG}")
    satu, dua = mesin.simpul
    sudah = {str(pk) for pk in Usulan.objects.values_list("pk", flat=True)}
    upstream = perluas.blok("nginx")
    for alamat, simpul in (("10.0.0.2:8000", satu), ("10.0.0.3:8000", dua)):
        assert upstream.count(alamat) == 1
        upstream = upstream.replace(alamat, f"{simpul.alamat}:{simpul.port}")
    with tepi.di_depan(tmp_path, upstream) as depan:
        pengunjung = [LewatNginx(depan, f"127.0.1.{n}") for n in range(1, 5)]
        penulis = [
            LewatNginx(depan, f"127.0.2.{n}", kunci("register", "usulan", "tulis"), 10_000 * n)
            for n in range(1, 3)
        ]
        semua = [*pengunjung, *penulis]
        for v in semua:
            v.start()
        time.sleep(2)
        satu.bunuh()
        time.sleep(4)
        satu.mulai()
        perluas.tunggu(satu.siap, 60, satu.catatan)
        time.sleep(11)  # nginx asks a node that failed again after ten seconds
        dua.proses["web"].popen.send_signal(signal.SIGTERM)
        dua.proses["web"].popen.wait(30)
        time.sleep(2)
        dua.proses["web"].mulai()
        perluas.tunggu(dua.siap, 60, dua.catatan)
        for v in semua:
            v.selesai()
    print(
        f"\nperluas: nginx before two nodes: pages {[v.jawaban for v in pengunjung]}, writes {[v.jawaban for v in penulis]}"
    )
    assert all(set(v.jawaban) == {200} and v.jawaban[200] > 30 for v in pengunjung)
    assert all(set(v.jawaban) <= {201, 503} and v.jawaban[201] > 10 for v in penulis)
    connection.close()
    tertulis = [pk for v in penulis for pk in v.tertulis]
    assert len(set(tertulis)) == len(tertulis)
    assert {str(pk) for pk in Usulan.objects.values_list("pk", flat=True)} - sudah == set(tertulis)
    assert Jejak.objects.filter(aksi="buat_usulan").count() == len(tertulis) + len(sudah)


@pytest.mark.parametrize("rabbit", [pytest.param(False, id="redis"), RABBIT])
def test_jobs_are_done_once_by_the_workers_of_both_nodes(buat_mesin, rabbit):
    """The broker goes away and comes back, a worker dies: every job is done, and no job had to be tried twice.

    Nobody rings but the two beats, which lived through it.
    """
    mesin = buat_mesin(rabbit=rabbit)
    riwayat = RiwayatUsulan.objects.order_by("pk").first()
    perluas.tunggu(habis, 60)
    ids = []
    for n in range(120):
        ids.append(outbox.antre("dtks.beri_tahu", {"riwayat": str(riwayat.pk)}).pk)
        if n == 40:
            mesin.perantara.hentikan(signal.SIGKILL)
        if n == 80:
            mesin.perantara.mulai()
            mesin.simpul[0].proses["worker"].bunuh()
    perluas.tunggu(lambda: not Pekerjaan.objects.filter(pk__in=ids).exclude(status="selesai").exists(), 90)
    assert Pekerjaan.objects.filter(pk__in=ids, status="selesai", percobaan=0).count() == 120


@pytest.fixture
def primer(db_nyata):
    """A primary that may be lost: a cluster of this test's own, with everything of the test database in it."""
    with klaster_sendiri() as satu:
        yield satu


@pytest.mark.parametrize("serentak", [True, False], ids=["waits for the replica", "does not wait"])
def test_the_replica_takes_over_as_the_runbook_says(primer, buat_mesin, tmp_path, serentak):
    """kill -9 of the primary under writers; then the blocks of docs/operasi/perluas.md. With a primary that waits for its replica
    nothing that was answered is missing; without, what is missing is counted."""
    hidup = [True]
    mesin = buat_mesin(induk=lambda: hidup[0])
    if serentak:
        perluas.jalankan(
            perluas.blok("bash", 1), {"PGBIN": str(mesin.replika.biner), "PGHOST": str(primer.soket), "PGPORT": "5432",
            "PGUSER": mesin.replika.hulu["USER"], "PGDATABASE": mesin.replika.hulu["NAME"]}, **places.account(),
        )  # fmt: skip
    sudah = {str(pk) for pk in Usulan.objects.values_list("pk", flat=True)}
    buku, penulis = tulis_sementara(mesin, tmp_path)
    perluas.tunggu(lambda: sum(v != "kirim" for v in list(buku.hasil.values())) > 60, 60)
    primer.mati(signal.SIGKILL)
    for anak in processes.working_in(
        primer.rumah / "pg", "postgres"
    ):  # the machine is gone, not its postmaster only
        with contextlib.suppress(psutil.NoSuchProcess):
            anak.kill()
    hidup[0] = False
    mulai = time.monotonic()
    terjawab = {v.split()[1] for v in list(buku.hasil.values()) if v != "kirim"}
    mesin.pooler.hentikan()  # nobody comes in before it is checked
    mesin.replika.angkat()
    connection.close()
    connection.settings_dict.update(HOST=perluas.REPLIKA, PORT=str(mesin.replika.port))
    ada = {str(pk) for pk in Usulan.objects.values_list("pk", flat=True)}
    hilang = terjawab - ada
    keluar = perluas.jalankan(
        perluas.blok("bash", 3),
        mesin.simpul[0].env | {"PORTAL": str(AKAR), "URL_BARU": mesin.replika.url},
        cwd=AKAR,
    )
    assert "Pulih. Portal boleh dijalankan." in keluar, keluar
    mesin.pooler.arahkan(perluas.REPLIKA, mesin.replika.port)
    mesin.pooler.mulai()
    perluas.tunggu(
        lambda: all(s.siap() for s in mesin.simpul), 60, lambda: [s.catatan() for s in mesin.simpul]
    )
    detik = time.monotonic() - mulai
    perluas.tunggu(
        lambda: len(buku.hasil) > len(terjawab) + 30, 60
    )  # they go on with the new one by themselves
    if serentak:
        assert not hilang
        assert cocokkan(buku, penulis, sudah) > 90
    for satu in penulis:
        satu.selesai()
        assert satu.galat is None
    print(
        f"\nperluas: take-over, {serentak=}: {len(terjawab)} answered before, {len(hilang)} of them missing, open again after {detik:.0f} s"
    )
    assert mesin.simpul[0].readyz()["replika"]["sebab"] == "takes writes of its own"
    assert not periksa.jalankan(berkas=True).pelanggaran
