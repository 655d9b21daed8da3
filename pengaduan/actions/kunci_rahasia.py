"""Keys of the sealed line. They are made and wrapped in the inspector's browser; here they are only kept and handed on.

These acts are in the audit trail: a key that was added, changed or taken away must be seen. They say nothing about reports.
"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import Pengguna
from core import audit
from core.privacy import envelope
from core.workflow import GateClosed, Halangan, NotAllowed
from pengaduan.models import KunciInspektur, KunciKantor, SalinanKunci
from pengaduan.policies import rahasia as policies
from wilayah.models import Wilayah
from wilayah.waktu import hari_wilayah

_ULANG = "Muat ulang halaman, lalu coba lagi."
_BUNGKUS = {"v", "putaran", "garam", "nonce", "isi"}


@transaction.atomic
def daftar_kunci(*, by: Pengguna, kunci_id: UUID, publik: bytes, bungkus: str) -> KunciInspektur:
    """Keep the inspector's own key: public half, and private half wrapped with his passphrase."""
    _izin(policies.daftar_kunci(by))
    kunci = KunciInspektur.objects.create(
        pk=kunci_id,
        pengguna=by,
        publik=_titik(publik),
        bungkus=_terbungkus(bungkus),
        sejak=hari_wilayah(_wilayah(by)),
    )
    audit.catat(
        aksi="kunci_rahasia_daftar",
        objek=kunci,
        by=by,
        wilayah=_wilayah(by),
        rincian={"sidik": envelope.fingerprint(publik)},
    )
    return kunci


@transaction.atomic
def mulai(
    *,
    by: Pengguna,
    wilayah: str,
    kunci_id: UUID,
    publik: bytes,
    bungkus: str,
    kantor_id: UUID,
    kantor_publik: bytes,
    salinan: bytes,
) -> None:
    """The first inspector of an office: his own key and the key of the office, both or none."""
    daftar_kunci(by=by, kunci_id=kunci_id, publik=publik, bungkus=bungkus)
    buka_kantor(by=by, wilayah=wilayah, kantor_id=kantor_id, publik=kantor_publik, salinan=salinan)


@transaction.atomic
def buka_kantor(*, by: Pengguna, wilayah: str, kantor_id: UUID, publik: bytes, salinan: bytes) -> KunciKantor:
    """The first key of an inspectorate; from now on its line takes reports."""
    Wilayah.objects.select_for_update().get(pk=wilayah)  # two inspectors at once: one of them is the first
    _izin(policies.buka_kantor(by, wilayah))
    return _kantor_baru(by, wilayah, kantor_id, publik, {_milik(by).pk: salinan})


@transaction.atomic
def ganti_kantor(
    *, by: Pengguna, wilayah: str, kantor_id: UUID, publik: bytes, salinan: Mapping[UUID, bytes]
) -> KunciKantor:
    """A new office key for what comes from now on. `salinan`: its private half for each key that held the old one."""
    Wilayah.objects.select_for_update().get(pk=wilayah)
    _izin(policies.pegang(by, wilayah))
    pemegang = set(policies.pemegang(wilayah).values_list("inspektur", flat=True))
    if set(salinan) != pemegang:
        raise GateClosed([Halangan("PEMEGANG_BERUBAH", "Daftar pemegang kunci baru saja berubah.", _ULANG)])
    KunciKantor.objects.filter(wilayah=wilayah, sampai__isnull=True).update(sampai=hari_wilayah(wilayah))
    return _kantor_baru(by, wilayah, kantor_id, publik, salinan)


@transaction.atomic
def bagikan(*, by: Pengguna, wilayah: str, kepada: UUID, salinan: Mapping[UUID, bytes]) -> None:
    """Give a colleague the keys of the office, old ones too. `salinan`: by office key, closed to his key."""
    _izin(policies.pegang(by, wilayah))
    kunci = KunciInspektur.objects.select_for_update().select_related("pengguna").filter(pk=kepada).first()
    if kunci is None or not salinan:
        raise GateClosed([Halangan("KUNCI_TIDAK_ADA", "Kunci rekan itu tidak ada lagi.", _ULANG)])
    _izin(policies.terima(kunci, wilayah))
    kantor = set(KunciKantor.objects.filter(wilayah=wilayah).values_list("pk", flat=True))
    if not set(salinan) <= kantor:
        raise GateClosed([Halangan("KUNCI_BERGANTI", "Kunci kantor baru saja berganti.", _ULANG)])
    for pk, isi in salinan.items():
        SalinanKunci.objects.get_or_create(kantor_id=pk, inspektur=kunci, defaults={"isi": _amplop(isi)})
    audit.catat(
        aksi="kunci_rahasia_bagikan",
        objek=kunci,
        by=by,
        wilayah=wilayah,
        rincian={"sidik": envelope.fingerprint(bytes(kunci.publik))},
    )


@transaction.atomic
def cabut(*, by: Pengguna, wilayah: str, inspektur: UUID) -> None:
    """Take a key and all its copies away: a colleague who left, a lost passphrase. The office key should be changed next."""
    _izin(policies.pegang(by, wilayah))
    kunci = KunciInspektur.objects.select_for_update().filter(pk=inspektur, dicabut__isnull=True).first()
    if kunci is None or not kunci.salinan.filter(kantor__wilayah=wilayah).exists():
        raise GateClosed([Halangan("KUNCI_TIDAK_ADA", "Kunci itu sudah dicabut.", _ULANG)])
    if not policies.pemegang(wilayah).exclude(inspektur=kunci).exists():
        raise GateClosed(
            [
                Halangan(
                    "KUNCI_TERAKHIR",
                    "Ini kunci terakhir. Tanpa kunci ini laporan tidak bisa dibaca siapa pun.",
                    "Bagikan dulu ke rekan.",
                )
            ]
        )
    SalinanKunci.objects.filter(inspektur=kunci).delete()
    kunci.dicabut = hari_wilayah(wilayah)
    kunci.save(update_fields=["dicabut"])
    audit.catat(aksi="kunci_rahasia_cabut", objek=kunci, by=by, wilayah=wilayah)


@transaction.atomic
def ganti_sandi(*, by: Pengguna, bungkus: str) -> None:
    """The same key in a new wrapping."""
    _izin(policies.bertugas(by))
    kunci = _milik(by)
    kunci.bungkus = _terbungkus(bungkus)
    kunci.save(update_fields=["bungkus"])
    audit.catat(aksi="kunci_rahasia_ganti_sandi", objek=kunci, by=by, wilayah=_wilayah(by))


def _kantor_baru(
    by: Pengguna, wilayah: str, kantor_id: UUID, publik: bytes, salinan: Mapping[UUID, bytes]
) -> KunciKantor:
    kantor = KunciKantor.objects.create(
        pk=kantor_id, wilayah_id=wilayah, publik=_titik(publik), sejak=hari_wilayah(wilayah), dibuat_oleh=by
    )
    for inspektur, isi in salinan.items():
        SalinanKunci.objects.create(kantor=kantor, inspektur_id=inspektur, isi=_amplop(isi))
    audit.catat(
        aksi="kunci_rahasia_kantor",
        objek=kantor,
        by=by,
        wilayah=wilayah,
        rincian={"sidik": envelope.fingerprint(publik)},
    )
    return kantor


def _milik(by: Pengguna) -> KunciInspektur:
    kunci = KunciInspektur.objects.select_for_update().filter(pengguna=by, dicabut__isnull=True).first()
    if kunci is None:
        raise GateClosed(
            [Halangan("BELUM_ADA_KUNCI", "Anda belum punya kunci.", "Buat kunci Anda lebih dulu.")]
        )
    return kunci


def _wilayah(by: Pengguna) -> str:
    return next(iter(policies.kantor_dari(by)), "")


def _izin(kalimat: str | None) -> None:
    if kalimat:
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])


def _titik(publik: bytes) -> bytes:
    try:
        envelope.public_key(publik)
    except ValueError as error:
        raise GateClosed(
            [Halangan("KUNCI_RUSAK", "Kunci yang dikirim peramban tidak sah.", _ULANG)]
        ) from error
    return publik


def _amplop(isi: bytes) -> bytes:
    if not envelope.looks_right(isi) or len(isi) > 8192:
        raise GateClosed([Halangan("KUNCI_RUSAK", "Salinan kunci yang dikirim peramban tidak sah.", _ULANG)])
    return isi


def _terbungkus(teks: str) -> dict[str, Any]:
    """The shape only: what is inside, this server cannot know."""
    try:
        isi = json.loads(teks) if len(teks) <= 4096 else None
    except ValueError:
        isi = None
    if (
        not isinstance(isi, dict)
        or set(isi) != _BUNGKUS
        or not isinstance(isi["putaran"], int)
        or isi["putaran"] < 600_000
    ):
        raise GateClosed([Halangan("KUNCI_RUSAK", "Bungkus kunci yang dikirim peramban tidak sah.", _ULANG)])
    return isi
