"""Both ends of the sealed line in the tests: a reporter with a plain HTTP client, an inspector who works with Python's crypto."""

import base64
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import uuid4

import time_machine
from cryptography.hazmat.primitives.serialization import load_der_private_key
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Orang, Pengguna, Penugasan
from core import audit
from core.models import Ketentuan
from core.privacy import envelope
from pengaduan.actions import kunci_rahasia
from pengaduan.models import LaporanRahasia, SalinanKunci
from portal.demo.rahasia import KunciContoh

SANDI = "empat-kuda-makan-rumput-sore"


@contextmanager
def tanpa_tunggu() -> Iterator[None]:
    """For real servers, whose clock no test can turn: the form may be sent at once. Committed, so put back afterwards."""
    lama = Ketentuan.objects.get(kunci="rahasia.batas").nilai
    _batas(lama | {"tunggu_detik": 0})
    try:
        yield
    finally:
        _batas(lama)


def _batas(nilai: dict) -> None:
    with transaction.atomic():
        audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None)
        aturan = Ketentuan.objects.get(kunci="rahasia.batas")
        aturan.nilai = nilai
        aturan.save()


def kunci_halaman(jawab) -> str:
    return re.search(r'name="kunci" value="([^"]+)"', jawab.content.decode())[1]


def lapor(client: Client, cerita: str = "Petugas meminta uang.", *, tujuan: str = "32.05", jenis: str = "pungli", foto=(), detik: float = 10, **kepala):  # fmt: skip
    """Open the form, wait as long as a person writes, send it. The answer page."""
    with time_machine.travel(timezone.now(), tick=False) as jam:
        kunci = kunci_halaman(client.get("/lapor-rahasia/", **kepala))
        jam.shift(detik)
        berkas = [SimpleUploadedFile(nama, isi, "image/jpeg") for nama, isi in foto]
        isi = {"kunci": kunci, "tujuan": tujuan, "jenis": jenis, "cerita": cerita, "foto": berkas}
        return client.post("/lapor-rahasia/", isi, **kepala)


def nomor_di(jawab) -> str:
    strong = re.search(r"<strong>([\d ]{16,})</strong>", jawab.content.decode())
    assert strong, jawab.content.decode()[-2500:]
    return re.sub(r"\D", "", strong[1])


def percakapan(client: Client, nomor: str, **kepala):
    return client.post("/lapor-rahasia/baca/", {"nomor": nomor}, **kepala)


def balas(client: Client, halaman, cerita: str, foto=(), **kepala):
    pegangan = re.search(r'name="pegangan" value="([^"]+)"', halaman.content.decode())[1]
    berkas = [SimpleUploadedFile(nama, isi, "image/jpeg") for nama, isi in foto]
    return client.post(
        "/lapor-rahasia/balas/", {"pegangan": pegangan, "cerita": cerita, "foto": berkas}, **kepala
    )


def baca_semua(laporan: LaporanRahasia, kunci: KunciContoh) -> list[dict[str, str]]:
    """What the inspector reads: every message of the talk."""
    return [
        json.loads(envelope.open_with(kunci.kantor, p.isi_kantor, f"{laporan.pk}:{p.pk}:kantor"))
        for p in laporan.pesan.order_by("urut")
    ]


def foto_lampiran(laporan: LaporanRahasia, kunci: KunciContoh) -> list[bytes]:
    return [
        envelope.open_with(kunci.kantor, f.isi, f"{laporan.pk}:{f.pk}:lampiran")
        for p in laporan.pesan.order_by("urut")
        for f in p.lampiran.order_by("urut")
    ]


def amplop_jawaban(laporan: LaporanRahasia, kunci: KunciContoh, teks: str) -> dict:
    """What rahasia.js sends for an answer, as keywords of the action."""
    pk, polos = uuid4(), json.dumps({"cerita": teks}).encode()
    return {
        "pesan_id": pk, "kantor": kunci.kantor_id,
        "isi_kantor": envelope.seal_to(kunci.kantor_publik, polos, f"{laporan.pk}:{pk}:kantor"),
        "isi_pelapor": envelope.seal_to(bytes(laporan.publik), polos, f"{laporan.pk}:{pk}:pelapor"),
    }  # fmt: skip


def kiriman_jawaban(laporan: LaporanRahasia, kunci: KunciContoh, teks: str) -> dict[str, str]:
    """The same as JSON, as the browser sends it."""
    a = amplop_jawaban(laporan, kunci, teks)
    return {
        "id": str(a["pesan_id"]), "kantor": str(a["kantor"]), "isi_kantor": b64(a["isi_kantor"]), "isi_pelapor": b64(a["isi_pelapor"]),
    }  # fmt: skip


def bukti(bekal: dict, kunci: KunciContoh) -> dict[str, str]:
    """The answer to the challenge of the desk."""
    acak = envelope.open_with(
        kunci.inspektur, base64.b64decode(bekal["tantangan"]), f"{kunci.inspektur_id}:bukti"
    )
    return {"jawab": b64(acak), "tiket": bekal["tiket"]}


# --- inspectors ---------------------------------------------------------------------------------------------


def buat_pengguna(username: str, peran: str, wilayah: str | None, *, orang: Orang | None = None) -> Pengguna:
    if orang is None:
        orang = Orang.objects.create(nama=f"Orang {username}")
    pengguna = Pengguna.objects.create(username=username, nama=orang.nama, orang=orang, password="!")
    Penugasan.objects.create(
        pengguna=pengguna, peran_id=peran, wilayah_id=wilayah, berlaku_sejak=date(2020, 1, 1)
    )
    return pengguna


def segar(pengguna: Pengguna) -> Pengguna:
    return Pengguna.objects.get(pk=pengguna.pk)


class KunciRekan(KunciContoh):
    """A later inspector: he has a key of his own, and the office's only from a colleague."""

    def salinan_terbuka(self, wilayah: str):
        s = SalinanKunci.objects.get(inspektur=self.inspektur_id, kantor__wilayah=wilayah)
        return load_der_private_key(
            envelope.open_with(self.inspektur, s.isi, f"{s.kantor_id}:{self.inspektur_id}:salinan"), None
        )


def daftar(by: Pengguna) -> KunciRekan:
    k = KunciRekan(SANDI)
    kunci_rahasia.daftar_kunci(by=by, kunci_id=k.inspektur_id, publik=k.publik, bungkus=k.bungkus())
    return k


def bagikan(by: Pengguna, kunci: KunciContoh, rekan: KunciRekan, wilayah: str = "32.05") -> None:
    salinan = {kunci.kantor_id: kunci.salinan(kunci.kantor_id, rekan.inspektur_id, rekan.publik)}
    kunci_rahasia.bagikan(by=segar(by), wilayah=wilayah, kepada=rekan.inspektur_id, salinan=salinan)


def cabut(by: Pengguna, rekan: KunciContoh, wilayah: str = "32.05") -> None:
    kunci_rahasia.cabut(by=segar(by), wilayah=wilayah, inspektur=rekan.inspektur_id)


def ganti(by: Pengguna, kunci: KunciContoh, wilayah: str = "32.05"):
    """A new office key; returns its private half."""
    baru = KunciContoh(SANDI)
    baru.inspektur_id, baru.inspektur = kunci.inspektur_id, kunci.inspektur
    salinan = {kunci.inspektur_id: baru.salinan(baru.kantor_id, kunci.inspektur_id, kunci.publik)}
    kunci_rahasia.ganti_kantor(
        by=by, wilayah=wilayah, kantor_id=baru.kantor_id, publik=baru.kantor_publik, salinan=salinan
    )
    return baru.kantor


def b64(isi: bytes) -> str:
    return base64.b64encode(isi).decode()
