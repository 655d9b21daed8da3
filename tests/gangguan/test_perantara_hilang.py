"""F8-F10: Redis is away or hangs; every act of the portal succeeds all the same, and the work drains when it comes back."""

import os
import signal
import socket
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from config.servers import processes
from core.models import Pekerjaan
from dtks.models import FotoKeluarga, Usulan
from tests.bantu.alur import foto, sampai
from tests.bantu.api import kunci
from tests.bantu.jaringan import Mesin, Peramban, kunci_baru, minta, usulan_baru
from tests.gangguan.test_web_dibunuh import ALAMAT, TULIS

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1800), pytest.mark.usefixtures("periksa_semua")]


def bekerja(web, nomor: int) -> list[float]:
    """What the portal is for, by people and by machine. The seconds of each act."""
    detik: list[float] = []

    def berhasil(jawab, *status: int):
        assert jawab is not None and jawab.status in status, (
            jawab and jawab.status,
            jawab and jawab.teks[:500],
        )
        detik.append(jawab.detik)
        return jawab

    mesin = Mesin(web.alamat, kunci(*TULIS))
    for n in range(nomor, nomor + 5):
        baru = berhasil(mesin.kirim(ALAMAT, usulan_baru(n), kunci=kunci_baru()), 201).json()
        berhasil(
            mesin.kirim(
                f"{ALAMAT}{baru['id']}/langkah/ajukan/",
                {"catatan": ""},
                kunci=kunci_baru(),
                If_Match=etag(mesin, baru),
            ),
            200,
        )
    operator = Peramban(web.alamat, "operator")
    p = sampai("draf", nomor=nomor, pengusul="operator")
    jalan = f"/usulan/{p.usulan.pk}/langkah/ajukan/"
    berhasil(operator.kirim(jalan, operator.isian(jalan)), 302)
    assert Usulan.objects.get(pk=p.usulan.pk).status == "diajukan"
    q = sampai("draf", nomor=nomor + 1, pengusul="operator")
    jalan = f"/usulan/{q.usulan.pk}/foto/"
    isi = operator.isian(jalan) | {
        "jenis": "rumah_depan",
        "foto": SimpleUploadedFile("a.jpg", foto(), "image/jpeg"),
    }
    berhasil(operator.kirim(jalan, isi), 302)
    assert FotoKeluarga.objects.filter(keluarga=q.usulan.keluarga).exists()
    for alamat in ("/", "/statistik/", "/lacak/", "/cek/", "/readyz"):
        berhasil(minta(web.alamat + alamat), 200)
    for alamat in ("/dasbor/", "/keluarga/", "/pemberitahuan/", "/pekerjaan/"):
        berhasil(operator.buka(alamat), 200, 403)
    return detik


def etag(mesin: Mesin, baru: dict) -> str:
    return mesin.baca(f"{ALAMAT}{baru['id']}/").kepala["ETag"]


def habis(detik: float) -> float:
    mulai = time.monotonic()
    while Pekerjaan.objects.filter(
        status__in=("menunggu", "jalan"), jenis="dtks.beri_tahu", jalankan_setelah__lte=timezone.now()
    ).exists():
        assert time.monotonic() - mulai < detik, "the queue does not drain"
        time.sleep(0.5)
    return time.monotonic() - mulai


@pytest.mark.parametrize("cara", ["mati", "menggantung", "kosong", "penuh"])
def test_semua_tindakan_jalan_tanpa_redis(panggung, buat_web, cara, keras):
    """Killed; stopped so that it takes calls and never answers; emptied; full to the brim."""
    web = buat_web(panggung)
    awal = bekerja(web, 10)
    habis(60)
    pid = processes.first_number(panggung.rumah / "redis.pid")
    if cara == "mati":
        panggung.valkey_mati()
    elif cara == "menggantung":
        os.kill(pid, signal.SIGSTOP)
    elif cara == "kosong":
        panggung.kosongkan_valkey()
    else:
        perintah(panggung, "CONFIG", "SET", "maxmemory", "1")
    try:
        selama = bekerja(web, 40)
        time.sleep(600 if keras else 20)
        selama += bekerja(web, 70)
    finally:
        if cara == "menggantung":
            os.kill(pid, signal.SIGCONT)
        if cara == "penuh":
            perintah(panggung, "CONFIG", "SET", "maxmemory", "256mb")
        panggung.valkey_hidup()
    lama = habis(60)
    print(
        f"{cara}: slowest act {max(awal):.2f} s before, {max(selama):.2f} s without; drained {lama:.0f} s after it came back"
    )
    assert max(selama) < max(awal) + 3, "somebody waited for the broker"


def perintah(panggung, *kata: str) -> None:
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(3)
        s.connect(str(panggung.soket / "redis.sock"))
        s.sendall(f"*{len(kata)}\r\n".encode() + b"".join(f"${len(k)}\r\n{k}\r\n".encode() for k in kata))
        assert s.recv(100).startswith(b"+OK")
