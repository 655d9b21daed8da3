"""Somebody guesses at /cek/, and a village stands in line behind one address. Long runs: `./test --load`."""

import hashlib
import random
import statistics
import time
import uuid
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from bansos.actions import cek as aksi
from bansos.models import CekBansos
from core import tantangan
from core.models import Ketentuan
from core.names import name_key
from core.privacy.keys import blind_index
from portal.forms_cek import CekNamaForm, CekNikForm
from tests.bantu.tantangan import jawab

DESA = "32.05.01.1001"
AWAL, HARI, SERI = (
    date(1950, 1, 1),
    14_600,
    20,
)  # where the guesser looks: one kecamatan, 40 years, serials 1 to 20


def nik(lahir: date, seri: int) -> str:
    return f"320501{lahir:%d%m%y}{seri:04}"


def warga(n: int) -> list[tuple[str, date, str]]:
    """People of one village with an answer in the public table: (NIK, birth date, name)."""
    acak = random.Random(7)
    orang = {}
    while len(orang) < n:
        lahir = AWAL + timedelta(days=acak.randrange(HARI))
        orang[nik(lahir, acak.randint(1, SERI))] = lahir
    hasil = [
        (k, v, f"Warga {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[i % 26]}tik{'b' * (i % 7)} {'KLMNPRSTW'[i % 9]}o{i}")
        for i, (k, v) in enumerate(orang.items())
    ]
    with connection.cursor() as c:
        for k, lahir, nama in hasil:
            c.execute(
                """insert into bansos_cekbansos (individu_id, program, kunci_nik, kunci_nama, kunci_lahir, nama_samar, wilayah, keadaan, periode)
                   select %s, 'PKH', %s, k, cek_kunci_lahir(k, %s), 'WAR* A*', %s, 'penerima', '2026-4' from cek_kunci_nama(%s, %s) k""",
                [uuid.uuid4(), hashlib.sha256(blind_index(k, "nik") + lahir.isoformat().encode()).digest(), lahir, DESA, DESA, name_key(nama)],
            )  # fmt: skip
    return hasil


@pytest.fixture
def ringan(db):
    """Proofs that cost this machine little; how heavy they are is the rule's business."""
    satu = Ketentuan.objects.get(kunci="tantangan")
    satu.nilai |= {"bit": 8}
    satu.save()


def kirim(client, kelas, ip, **isi):
    pintu = "nik" if kelas is CekNikForm else "nama"
    bukti = jawab(tantangan.buat(f"{kelas.__module__}.{kelas.__qualname__}", 8))
    return client.post("/cek/", {"pintu": pintu} | bukti | isi, REMOTE_ADDR=ip)


def test_empat_ratus_keluarga_lewat_satu_alamat_dalam_satu_jam_semua_dijawab(client, ringan):
    """The whole village uses the Wi-Fi of its office; two in five have no record."""
    orang = warga(240)
    ditanya_lagi = 0
    for i in range(400):
        ada = i % 5 < 3
        k, lahir, nama = (
            orang[i * 3 // 5]
            if ada
            else (nik(AWAL + timedelta(days=i), 99), AWAL + timedelta(days=i), f"Asing Nomor{i}")
        )
        if i % 2:
            isi, susulan, kelas = {"nik": k, "tgl_lahir": f"{lahir:%d/%m/%Y}"}, {"nama": nama}, CekNikForm
        else:
            isi, susulan, kelas = (
                {"wilayah": DESA, "nama": nama},
                {"tgl_lahir": f"{lahir:%d/%m/%Y}"},
                CekNamaForm,
            )
        balas = kirim(client, kelas, "10.20.30.40", **isi)
        if balas.status_code == 422:
            ditanya_lagi += 1
            balas = kirim(client, kelas, "10.20.30.40", **isi | susulan)
        assert balas.status_code == 200, (i, balas.status_code)
        assert (b"Menerima" if ada else b"Tidak ada catatan") in balas.content, i
    assert 0 < ditanya_lagi < 400


def tebak(n: int, alamat, lewat_layar=None) -> tuple[int, int, int]:
    """n guesses: (answered at all, confirmed somebody, asked for more or refused)."""
    acak, dijawab, ketemu, ditahan = random.Random(3205), 0, 0, 0
    for i in range(n):
        lahir = AWAL + timedelta(days=acak.randrange(HARI))
        k = nik(lahir, acak.randint(1, SERI))
        if lewat_layar is not None and i < 150:
            balas = kirim(lewat_layar, CekNikForm, alamat(i), nik=k, tgl_lahir=f"{lahir:%d/%m/%Y}")
            hasil = (
                "ditahan" if balas.status_code != 200 else "ada" if b"Menerima" in balas.content else "kosong"
            )
        else:
            try:
                hasil = aksi.tanya(aksi.lewat_nik(nik=k, lahir=lahir, nama="", alamat=alamat(i))).hasil
            except (aksi.OneMore, aksi.TooMany):
                hasil = "ditahan"
        dijawab += hasil != "ditahan"
        ketemu += hasil == "ada"
        ditahan += hasil == "ditahan"
    return dijawab, ketemu, ditahan


def tebakan(client, lapor, n: int) -> None:
    orang = warga(2000)
    for nama, alamat in (
        ("one address", lambda i: "198.51.100.7"),
        ("many addresses", lambda i: f"{11 + i // 65536 % 100}.{i // 256 % 256}.{i % 256}.9"),
    ):
        dijawab, ketemu, ditahan = tebak(n, alamat, client)
        lapor(
            f"{n:,} guesses from {nama}: {dijawab} answered, {ditahan:,} asked for the name or refused, {ketemu} confirmed"
        )
        assert ketemu == 0 and dijawab <= 100
        with connection.cursor() as c:  # the next hour
            c.execute(
                "update core_pembatas set mulai = mulai - interval '2 hours' where kunci like 'cek:%%' and kunci not like 'cek:orang:%%'"
            )
    for i in range(60):
        tebak(1, lambda _, i=i: f"203.0.113.{i}")  # while somebody is guessing again
    k, lahir, nama = orang[0]
    isi = {"nik": k, "tgl_lahir": f"{lahir:%d/%m/%Y}"}
    assert (
        kirim(client, CekNikForm, "10.1.1.1", **isi).status_code == 422
    )  # even the right pair confirms nothing by itself
    assert b"Tidak ada catatan" in kirim(client, CekNikForm, "10.1.1.1", **isi, nama="Orang Lain").content
    assert (
        b"Menerima" in kirim(client, CekNikForm, "10.1.1.1", **isi, nama=nama).content
    )  # and the citizen is served


def test_tebakan_tidak_memastikan_siapa_pun(client, ringan, lapor):
    tebakan(client, lapor, 300)


@pytest.mark.load
@pytest.mark.timeout(7200)
def test_seratus_ribu_tebakan_tidak_memastikan_siapa_pun(client, db_nyata, lapor):
    """Each guess committed, as in life: in one transaction every count would leave 200,000 dead rows that nobody may sweep."""
    tebakan(client, lapor, 100_000)


def mann_whitney(a: list[float], b: list[float]) -> float:
    """z of the rank test: 0 = the two cannot be told apart, beyond 3 = they can."""
    semua = sorted((v, k) for k, nilai in ((0, a), (1, b)) for v in nilai)
    r = sum(i + 1 for i, (_, k) in enumerate(semua) if k == 0)
    u = r - len(a) * (len(a) + 1) / 2
    n, m = len(a), len(b)
    return (u - n * m / 2) / (n * m * (n + m + 1) / 12) ** 0.5


def waktu(client, lapor, n: int) -> None:
    satu = Ketentuan.objects.get(kunci="cek.hati_hati")
    satu.nilai |= {"jaringan": 10**8, "semua": 10**8, "nik_jaringan": 10**8, "nik_semua": 10**8}
    satu.save()
    Ketentuan.objects.filter(kunci="cek.batas").update(
        nilai={k: {"menit": 60, "kali": 10**8} for k in ("orang", "jaringan", "semua")}
    )
    orang, acak = warga(200), random.Random(11)
    ukur: dict[bool, list[float]] = {True: [], False: []}
    for i in range(n + 10):
        for ada in acak.sample([True, False], 2):
            k, lahir, _ = orang[acak.randrange(200)]
            k = k if ada else f"{k[:12]}{acak.randint(100, 9999):04}"
            kelas = f"{CekNikForm.__module__}.{CekNikForm.__qualname__}"
            isi = {"pintu": "nik", "nik": k, "tgl_lahir": f"{lahir:%d/%m/%Y}"} | jawab(
                tantangan.buat(kelas, 8)
            )
            mulai = time.perf_counter()
            balas = client.post("/cek/", isi)
            lama = time.perf_counter() - mulai
            assert balas.status_code == 200 and (b"Menerima" in balas.content) is ada
            if i >= 10:
                ukur[ada].append(lama * 1000)
    z = mann_whitney(ukur[True], ukur[False])
    tengah = {k: statistics.median(v) for k, v in ukur.items()}
    lapor(
        f"{n} + {n} answers: found {tengah[True]:.2f} ms, not found {tengah[False]:.2f} ms (medians); Mann-Whitney z = {z:.2f}"
    )
    assert abs(z) < 4, "the time tells who is in the table"


@pytest.mark.load
@pytest.mark.timeout(7200)
def test_waktu_jawab_sama_seribu_kali(client, ringan, lapor):
    """Only on a machine of its own: beside other tests a clock says nothing."""
    waktu(client, lapor, 1000)


def test_batas_tetap_ada_sesudah_cache_dikosongkan(client, ringan):
    satu = Ketentuan.objects.get(kunci="cek.batas")
    satu.nilai |= {"jaringan": {"menit": 60, "kali": 1}}
    satu.save()
    k, lahir, _ = warga(1)[0]
    isi = {"nik": k, "tgl_lahir": f"{lahir:%d/%m/%Y}"}
    assert kirim(client, CekNikForm, "10.3.3.3", **isi).status_code == 200
    cache.clear()
    assert kirim(client, CekNikForm, "10.3.3.3", **isi).status_code == 429


def test_yang_disimpan_tidak_menyebut_siapa_bertanya_tentang_siapa(client, ringan):
    k, lahir, nama = warga(1)[0]
    kirim(client, CekNikForm, "10.3.3.4", nik=k, tgl_lahir=f"{lahir:%d/%m/%Y}")
    kirim(client, CekNamaForm, "10.3.3.4", wilayah=DESA, nama=nama)
    with connection.cursor() as c:
        c.execute("select kunci from core_pembatas where kunci like 'cek:%%'")
        kunci = " ".join(r[0] for r in c.fetchall())
    for rahasia in (k, "10.3.3.4", nama, name_key(nama), blind_index(k, "nik").hex(), DESA):
        assert rahasia not in kunci
    assert CekBansos.objects.count() == 1
    assert aksi.buang_hitungan(timezone.now()) == 0
    assert aksi.buang_hitungan(timezone.now() + timedelta(days=3)) > 3
