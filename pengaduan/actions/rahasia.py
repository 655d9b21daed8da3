"""The sealed line: a report and the talk about it by receipt (docs/adr/0019).

No act here is written to the audit trail, rings a worker or tells anybody: each of these keeps the time of day. What a
reporter sends is closed to the inspectorate's key before the first statement goes to the database.
"""

import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Count, F, Max
from django.utils import timezone

from accounts.models import Pengguna
from core import rules
from core.privacy import envelope
from core.privacy.keys import blind_index
from core.workflow import GateClosed, Halangan, NotAllowed, lock
from pengaduan.models import GangguanRahasia, KunciKantor, LampiranRahasia, LaporanRahasia, PesanRahasia
from pengaduan.policies import rahasia as policies
from wilayah.waktu import hari_wilayah

PANJANG_NOMOR = 16
_DARI, _KE = LaporanRahasia.Giliran, PesanRahasia.Dari
# Argon2id. Changing a number here makes every receipt unfindable, so they are no rule of the Dinas.
_MEMORI_KIB, _PUTARAN = 64 * 1024, 2
_ARGON = threading.BoundedSemaphore(2)  # 128 MiB per process at most, whoever asks
_TUNGGU_ARGON = 15.0


class Ramai(Exception):
    """Too many receipts are being checked at this moment. Nothing was stored."""


@dataclass(frozen=True)
class Kunci:
    """What a receipt opens: where its report is, and the reporter's private key."""

    tanda: bytes
    pribadi: ec.EllipticCurvePrivateKey

    @property
    def publik(self) -> bytes:
        return envelope.public_bytes(self.pribadi.public_key())


@dataclass(frozen=True)
class Baris:
    """One message as the reporter may read it: an answer, or that he wrote on that day."""

    dari_pelapor: bool
    hari: date
    teks: str
    foto: int = 0


def nomor_dari(benih: str, wilayah: str) -> str:
    """The receipt that belongs to one page: sent again, the same page gets the same receipt. Nobody stores it."""
    kunci = hashlib.sha256(b"rahasia.nomor|" + settings.SECRET_KEY.encode()).digest()
    acak = hmac.digest(kunci, f"{benih}|{wilayah}".encode(), hashlib.sha256)
    return f"{int.from_bytes(acak[:16], 'big') % 10**PANJANG_NOMOR:0{PANJANG_NOMOR}d}"


def kunci_dari(nomor: str) -> Kunci:
    """Slow on purpose, and equally slow for a receipt that does not exist. Raises Ramai."""
    if not _ARGON.acquire(timeout=_TUNGGU_ARGON):
        raise Ramai
    try:
        akar = hash_secret_raw(
            nomor.encode(), blind_index("tanda", "rahasia"), time_cost=_PUTARAN, memory_cost=_MEMORI_KIB,
            parallelism=1, hash_len=32, type=Type.ID,
        )  # fmt: skip
    finally:
        _ARGON.release()
    tanda = envelope.hkdf(akar, b"", b"rahasia|tanda")
    return Kunci(tanda, envelope.derive_private(envelope.hkdf(akar, b"", b"rahasia|kunci", 48)))


def kirim(*, benih: str, wilayah: str, isi: dict[str, str], foto: Sequence[bytes] = ()) -> str:
    """Take in a report; returns its receipt. `foto` are cleaned pictures. The same page sent twice is one report."""
    nomor = nomor_dari(benih, wilayah)
    kunci = kunci_dari(nomor)
    with transaction.atomic():
        kantor = _kantor(wilayah)
        hari = hari_wilayah(wilayah)
        baru = LaporanRahasia(
            tanda=kunci.tanda, publik=kunci.publik, wilayah_id=wilayah, hari=hari, terakhir=hari
        )
        laporan = LaporanRahasia.objects.filter(tanda=kunci.tanda).first()
        if laporan is None:
            _masih_ada_tempat(hari)
            LaporanRahasia.objects.bulk_create([baru], ignore_conflicts=True)
            laporan = LaporanRahasia.objects.get(tanda=kunci.tanda)
        _tulis(lock(LaporanRahasia, laporan.pk), kantor, isi, foto, benih)
    return nomor


def balas(*, pegangan: str, isi: dict[str, str], foto: Sequence[bytes] = ()) -> bool:
    """One more message of the reporter, by the pass that the page of his talk carried. False when the pass is no good."""
    try:
        pk, benih = signing.loads(pegangan, salt=_SALT, max_age=_UMUR_PEGANGAN)
    except signing.BadSignature:
        return False
    with transaction.atomic():
        laporan = LaporanRahasia.objects.select_for_update().filter(pk=UUID(pk)).first()
        if laporan is None:
            return False
        _tulis(laporan, _kantor(laporan.wilayah_id), isi, foto, benih)
    return True


_SALT, _UMUR_PEGANGAN = "rahasia.pegangan", timedelta(hours=12)


def pegangan(laporan: LaporanRahasia) -> str:
    return signing.dumps([str(laporan.pk), secrets.token_hex(16)], salt=_SALT)


def cari(nomor: str) -> tuple[LaporanRahasia, list[Baris]] | None:
    """The talk that the receipt opens. Own words do not come back: whoever finds the receipt learns the answers only."""
    kunci = kunci_dari(nomor)
    laporan = LaporanRahasia.objects.filter(tanda=kunci.tanda).first()
    if laporan is None:
        return None
    baris = []
    for pesan in laporan.pesan.annotate(jumlah_foto=Count("lampiran")).order_by("urut"):
        teks = ""
        if pesan.isi_pelapor is not None:
            try:
                mentah = envelope.open_with(
                    kunci.pribadi, bytes(pesan.isi_pelapor), f"{laporan.pk}:{pesan.pk}:pelapor"
                )
                teks = str(json.loads(mentah)["cerita"])
            except (envelope.EnvelopeBroken, ValueError, KeyError):
                teks = "(Jawaban ini tidak bisa dibuka. Tulis pesan: minta dikirim ulang.)"
        baris.append(Baris(pesan.dari == _KE.PELAPOR, pesan.hari, teks, pesan.jumlah_foto))
    return laporan, baris


@transaction.atomic
def jawab(
    laporan: LaporanRahasia,
    *,
    by: Pengguna,
    pesan_id: UUID,
    kantor: UUID,
    isi_kantor: bytes,
    isi_pelapor: bytes,
) -> None:
    """The inspector's answer, closed in his browser to the office and to the reporter. Sent twice, it is one answer."""
    baris: LaporanRahasia = lock(LaporanRahasia, laporan.pk)
    _boleh(by, baris)
    if PesanRahasia.objects.filter(pk=pesan_id).exists():
        return
    if not KunciKantor.objects.filter(pk=kantor, wilayah=baris.wilayah_id, sampai__isnull=True).exists():
        raise _tutup_pintu(
            "KUNCI_BERGANTI", "Kunci kantor sudah berganti.", "Muat ulang halaman, lalu tulis lagi."
        )
    for amplop in (isi_kantor, isi_pelapor):
        if not envelope.looks_right(amplop) or len(amplop) > 64 * 1024:
            raise _tutup_pintu(
                "BUKAN_AMPLOP", "Jawaban tidak tersandi dengan benar.", "Muat ulang halaman, lalu tulis lagi."
            )
    hari = hari_wilayah(baris.wilayah_id)
    PesanRahasia.objects.create(
        pk=pesan_id, laporan=baris, urut=_urut(baris), dari=_KE.INSPEKTORAT, oleh=by, kantor_id=kantor, hari=hari,
        isi_kantor=isi_kantor, isi_pelapor=isi_pelapor, sidik=hashlib.sha256(pesan_id.bytes).digest(),
    )  # fmt: skip
    baris.terakhir, baris.giliran = hari, _DARI.PELAPOR
    baris.save(update_fields=["terakhir", "giliran"])


@transaction.atomic
def tutup(laporan: LaporanRahasia, *, by: Pengguna) -> None:
    """Nothing more is to be done. From this day the time of keeping runs; a new message of the reporter opens it again."""
    baris: LaporanRahasia = lock(LaporanRahasia, laporan.pk)
    _boleh(by, baris)
    if baris.ditutup is None:
        baris.ditutup, baris.ditutup_oleh = hari_wilayah(baris.wilayah_id), by
        baris.save(update_fields=["ditutup", "ditutup_oleh"])


def musnahkan() -> int:
    """Delete what was closed long enough ago, with its photos and its talk. Says how many to nobody but the caller."""
    batas = timezone.localdate() - timedelta(days=int(rules.value("rahasia.simpan_hari")))
    with transaction.atomic():
        GangguanRahasia.objects.filter(hari__lt=timezone.localdate() - timedelta(days=60)).delete()
        return LaporanRahasia.objects.filter(ditutup__lt=batas).delete()[0]


def catat_gangguan() -> None:
    """One more send of today failed through our own fault."""
    hari = timezone.localdate()
    GangguanRahasia.objects.get_or_create(hari=hari)
    GangguanRahasia.objects.filter(hari=hari).update(jumlah=F("jumlah") + 1)


def _tulis(
    laporan: LaporanRahasia, kantor: KunciKantor, isi: dict[str, str], foto: Sequence[bytes], benih: str
) -> None:
    """Seal and store one message on the locked report. The same words from the same page are one message."""
    polos = json.dumps(isi, ensure_ascii=False, sort_keys=True).encode()
    cap = hashlib.sha256(polos + b"".join(hashlib.sha256(f).digest() for f in foto)).digest()
    sidik = hmac.digest(benih.encode(), cap, hashlib.sha256)
    if PesanRahasia.objects.filter(laporan=laporan, sidik=sidik).exists():
        return
    batas, hari = rules.value("rahasia.batas"), hari_wilayah(laporan.wilayah_id)
    if (
        PesanRahasia.objects.filter(laporan=laporan, hari=hari, dari=_KE.PELAPOR).count()
        >= batas["pesan_sehari"]
    ):
        raise _tutup_pintu(
            "PENUH", "Pesan Anda hari ini sudah terlalu banyak.", "Lanjutkan besok dengan nomor yang sama."
        )
    tempat, publik = uuid4(), bytes(kantor.publik)
    pesan = PesanRahasia.objects.create(
        pk=tempat, laporan=laporan, urut=_urut(laporan), dari=_KE.PELAPOR, kantor=kantor, hari=hari, sidik=sidik,
        isi_kantor=envelope.seal_to(publik, polos, f"{laporan.pk}:{tempat}:kantor"),
    )  # fmt: skip
    for nomor, satu in enumerate(foto, 1):
        lampiran = uuid4()
        amplop = envelope.seal_to(
            publik, satu, f"{laporan.pk}:{lampiran}:lampiran", block=envelope.FILE_BLOCK
        )
        LampiranRahasia.objects.create(pk=lampiran, pesan=pesan, urut=nomor, isi=amplop)
    laporan.terakhir, laporan.giliran = hari, _DARI.INSPEKTORAT
    laporan.ditutup = laporan.ditutup_oleh = None
    laporan.save(update_fields=["terakhir", "giliran", "ditutup", "ditutup_oleh"])


def _urut(laporan: LaporanRahasia) -> int:
    return (PesanRahasia.objects.filter(laporan=laporan).aggregate(n=Max("urut"))["n"] or 0) + 1


def _kantor(wilayah: str) -> KunciKantor:
    kantor = KunciKantor.objects.filter(wilayah=wilayah, sampai__isnull=True).first()
    if kantor is None:
        raise _tutup_pintu(
            "BELUM_DIBUKA", "Inspektorat ini belum membuka saluran rahasia.", "Pilih inspektorat yang lain."
        )
    return kantor


def _masih_ada_tempat(hari: date) -> None:
    """In total, because nothing is known of who sends; a flood is held off in front of us (deploy/nginx.conf)."""
    if LaporanRahasia.objects.filter(hari=hari).count() >= rules.value("rahasia.batas")["laporan_sehari"]:
        raise _tutup_pintu(
            "PENUH", "Hari ini terlalu banyak kiriman, jadi saluran ini ditahan dulu.", "Simpan tulisan Anda, lalu kirim besok."
        )  # fmt: skip


def _boleh(by: Pengguna, laporan: LaporanRahasia) -> None:
    if kalimat := policies.pegang(by, laporan.wilayah_id):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])


def _tutup_pintu(kode: str, kalimat: str, jalan_keluar: str = "") -> GateClosed:
    return GateClosed([Halangan(kode, kalimat, jalan_keluar)])


def isi_dari(data: dict[str, Any]) -> dict[str, str]:
    """What is sealed of a form: words only."""
    return {k: str(data[k]) for k in ("jenis", "cerita") if data.get(k)}
