"""Telling users outside the portal: their choice, their number, and the messages that follow from it.

`antar` turns notices into messages and queue jobs in one transaction; the unique keys of `Pesan` and one lock keep it to
one message for each notice and channel, however often it runs.
"""

import secrets
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from accounts import queries_kabar as baca
from accounts.models import Pemberitahuan, Pengguna, Pesan, PilihanKabar
from core import audit, limits, outbox, rules
from core.workflow import GateClosed, Halangan
from wilayah.waktu import hari_wilayah, waktu_wilayah

JOB = "accounts.kirim_pesan"
SEKALI = 2000  # notices looked at in one run
TERLAMA = timedelta(days=2)  # an older notice is no news; the portal still shows it
_SALURAN = {
    "surel": Q(pengguna__pilihan_kabar__surel_aktif=True) & ~Q(pengguna__email=""),
    "pesan": Q(pengguna__pilihan_kabar__pesan_aktif=True, pengguna__pilihan_kabar__telepon_at__isnull=False),
}


# --- the user's own choice ------------------------------------------------------------------------------


def _milik(by: Pengguna) -> PilihanKabar:
    pilihan, _ = PilihanKabar.objects.get_or_create(pengguna=by)
    return PilihanKabar.objects.select_for_update().get(pk=pilihan.pk)


@transaction.atomic
def simpan_pilihan(*, by: Pengguna, data: Mapping[str, Any]) -> PilihanKabar:
    """Keep channels, rhythm and quiet hours. A phone needs a number that answered its code."""
    pilihan = _milik(by)
    if data["pesan_aktif"] and pilihan.telepon_at is None:
        raise _tutup("NOMOR_BELUM_PASTI", "Pastikan dulu nomor HP Anda dengan kode.")
    if data["surel_aktif"] and not by.email:
        raise _tutup("TANPA_SUREL", "Akun Anda belum punya alamat surel. Minta admin mengisinya.")
    baru = {k: data[k] for k in ("surel_aktif", "pesan_aktif", "ritme", "tenang_mulai", "tenang_selesai")}
    for kolom, nilai in baru.items():
        setattr(pilihan, kolom, nilai)
    pilihan.aktif_sejak = timezone.now()
    pilihan.save(update_fields=[*baru, "aktif_sejak"])
    rincian = {k: v.isoformat() if isinstance(v, time) else v for k, v in baru.items()}
    audit.catat(aksi="ubah_pilihan_kabar", objek=pilihan, by=by, rincian=rincian)
    return pilihan


def minta_kode(*, by: Pengguna, nomor: str) -> None:
    """Send a code to this number. It is used for nothing else until the code comes back."""
    if "pesan" not in baca.kanal_hidup():
        raise _tutup("TANPA_GATEWAY", "Portal ini belum dihubungkan ke WhatsApp/SMS.")
    aturan = rules.value("kabar")
    if not limits.hit(f"kode_telepon:{by.pk}", limit=aturan["kode_per_jam"], window=timedelta(hours=1)):
        raise _tutup("TERLALU_SERING", "Terlalu sering meminta kode. Coba lagi satu jam lagi.")
    _simpan_kode(by, nomor, aturan["kode_menit"])


@transaction.atomic
def _simpan_kode(by: Pengguna, nomor: str, menit: int) -> None:
    pilihan = _milik(by)
    pilihan.telepon, pilihan.telepon_at, pilihan.pesan_aktif = nomor, None, False
    pilihan.kode = f"{secrets.randbelow(10**6):06d}"
    pilihan.kode_hingga = timezone.now() + timedelta(minutes=menit)
    pilihan.save(update_fields=["telepon", "telepon_at", "pesan_aktif", "kode", "kode_hingga"])
    audit.catat(aksi="minta_kode_telepon", objek=pilihan, by=by)
    _kirim([Pesan(pengguna=by, kanal=Pesan.Kanal.PESAN, isi="Kode untuk memastikan nomor HP.")], {}, {})


def pastikan_nomor(*, by: Pengguna, kode: str) -> None:
    """The code came back: the number is the user's. A wrong try counts, so it is counted outside the transaction."""
    if not limits.hit(f"kode_telepon_coba:{by.pk}", limit=5, window=timedelta(minutes=10)):
        raise _tutup("TERLALU_SERING", "Terlalu banyak kode salah. Coba lagi sepuluh menit lagi.")
    with transaction.atomic():
        pilihan = _milik(by)
        if not secrets.compare_digest(_kode_hidup(pilihan).encode(), kode.encode()):
            raise _tutup(
                "KODE_SALAH", "Kodenya salah atau sudah tidak berlaku. Periksa lagi atau minta kode baru."
            )
        pilihan.telepon_at, pilihan.kode, pilihan.kode_hingga = timezone.now(), None, None
        pilihan.save(update_fields=["telepon_at", "kode", "kode_hingga"])
        audit.catat(aksi="pastikan_telepon", objek=pilihan, by=by)


def _kode_hidup(pilihan: Any) -> str:
    """The code that still holds; a text that no code is when there is none."""
    hidup = pilihan.kode and pilihan.kode_hingga and pilihan.kode_hingga > timezone.now()
    return pilihan.kode.open() if hidup else "-"


@transaction.atomic
def hapus_nomor(*, by: Pengguna) -> None:
    pilihan = _milik(by)
    pilihan.telepon = pilihan.kode = None
    pilihan.telepon_at = pilihan.kode_hingga = None
    pilihan.pesan_aktif = False
    pilihan.save(update_fields=["telepon", "telepon_at", "kode", "kode_hingga", "pesan_aktif"])
    audit.catat(aksi="hapus_telepon", objek=pilihan, by=by)


def _tutup(kode: str, kalimat: str) -> GateClosed:
    return GateClosed([Halangan(kode, kalimat)])


# --- mail that came back -------------------------------------------------------------------------------


def _surel(nomor: str) -> Any:
    """The mail with this Message-ID ('<id of the message@our domain>')."""
    try:
        pk = UUID(nomor.strip("<> ").partition("@")[0])
    except ValueError:
        return Pesan.objects.none()
    return Pesan.objects.filter(pk=pk, kanal=Pesan.Kanal.SUREL, nomor_luar__in=("", nomor))


def sudah_selesai(nomor: str) -> bool:
    """Nothing is to be done about it (any more): it is not ours, or noted. One that is being sent may be noted later."""
    return not _surel(nomor).filter(status__in=(Pesan.Status.MENUNGGU, Pesan.Status.TERKIRIM)).exists()


@transaction.atomic
def surel_kembali(nomor: str, kode: str) -> bool:
    """It did not arrive after all. An address that does not exist is not written to again, and its owner is told in the portal."""
    satu = _surel(nomor).select_for_update().filter(status=Pesan.Status.TERKIRIM).first()
    if satu is None:
        return False
    satu.status, satu.sebab = Pesan.Status.GAGAL, f"Dikembalikan server surel penerima ({kode})."
    satu.save(update_fields=["status", "sebab"])
    audit.catat(aksi="surel_kembali", objek=satu, by=None, rincian={"kode": kode})
    pilihan = (
        PilihanKabar.objects.select_for_update().filter(pengguna=satu.pengguna_id, surel_aktif=True).first()
    )
    if kode.startswith("5.") and pilihan is not None:
        pilihan.surel_aktif = False
        pilihan.save(update_fields=["surel_aktif"])
        Pemberitahuan.objects.create(
            pengguna_id=satu.pengguna_id, tautan="/profil/pemberitahuan/",
            kalimat="Surel ke alamat Anda kembali, jadi kabar lewat surel dimatikan. Minta admin memperbaiki alamatnya, lalu nyalakan lagi.",
        )  # fmt: skip
    return True


# --- from notices to messages ---------------------------------------------------------------------------

_SEGERA: set[str] = set()  # beginnings of links


def segerakan(tautan: str) -> None:
    """Notices whose link begins so are calls: they go out at once, also to who wants one summary a day, also at night."""
    _SEGERA.add(tautan)


def segera(tautan: str) -> bool:
    return tautan.startswith(tuple(sorted(_SEGERA)))


def _panggilan() -> Q:
    syarat = Q(pk__in=[])
    for awal in sorted(_SEGERA):
        syarat |= Q(tautan__startswith=awal)
    return syarat


def ada_yang_baru() -> bool:
    """Is there anything for `antar` to do? Cheap: asked every minute."""
    saat = timezone.now()
    return any(_calon(kanal, saat).exists() for kanal in baca.kanal_hidup())


def _calon(kanal: str, saat: datetime) -> Any:
    """Notices of users who want this channel and for which it has no message yet."""
    return Pemberitahuan.objects.filter(
        _SALURAN[kanal],
        ~Exists(Pesan.objects.filter(pemberitahuan=OuterRef("pk"), kanal=kanal)),
        Q(pengguna__pilihan_kabar__ritme=PilihanKabar.Ritme.LANGSUNG) | _panggilan(),
        pengguna__is_active=True,
        created_at__gte=F("pengguna__pilihan_kabar__aktif_sejak"),
    ).filter(created_at__gte=saat - TERLAMA, dibaca_at__isnull=True)


@transaction.atomic
def antar(saat: datetime | None = None) -> int:
    """Messages for new notices, and the morning summaries that are due. Returns how many will be sent."""
    saat, n = saat or timezone.now(), 0
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('accounts.antar'))")
    for kanal in baca.kanal_hidup():
        n += _langsung(kanal, saat) + _ringkasan(kanal, saat)
    return n


def _langsung(kanal: str, saat: datetime) -> int:
    per_orang: dict[UUID, list[Pemberitahuan]] = defaultdict(list)
    for satu in _calon(kanal, saat).order_by("pk")[:SEKALI]:
        per_orang[satu.pengguna_id].append(satu)
    gabung = rules.value("kabar")["gabung"]
    pesan, bersama = [], []
    for pengguna, daftar in per_orang.items():
        if len(daftar) < gabung:
            pesan += [_pesan(pengguna, kanal, satu, baca.teks(satu.kalimat, satu.tautan)) for satu in daftar]
            continue
        daftar.sort(
            key=lambda satu: segera(satu.tautan)
        )  # the message waits for no morning if one of them is a call
        *lain, akhir = daftar  # many at once are one message
        kata = f"{len(daftar)} pemberitahuan baru menunggu Anda."
        pesan.append(_pesan(pengguna, kanal, akhir, baca.teks(kata, "/pemberitahuan/")))
        bersama += [_pesan(pengguna, kanal, satu, "", status=Pesan.Status.DIGABUNG) for satu in lain]
    Pesan.objects.bulk_create(bersama)
    return _kirim(pesan, *_orang(per_orang))


def _pesan(pengguna: UUID, kanal: str, kabar: Pemberitahuan, isi: str, **lain: Any) -> Pesan:
    return Pesan(pengguna_id=pengguna, kanal=kanal, pemberitahuan=kabar, isi=isi, **lain)


def _ringkasan(kanal: str, saat: datetime) -> int:
    """One message a day, from the hour of Ketentuan `kabar` on the user's own clock, for what is unread since yesterday."""
    rows = (
        Pemberitahuan.objects.filter(_SALURAN[kanal], pengguna__is_active=True, dibaca_at__isnull=True)
        .filter(
            pengguna__pilihan_kabar__ritme=PilihanKabar.Ritme.HARIAN, created_at__gte=saat - timedelta(days=1)
        )
        .filter(created_at__gte=F("pengguna__pilihan_kabar__aktif_sejak"))
        .order_by("pengguna")
        .values_list("pengguna_id")
        .annotate(n=Count("pk"))
    )
    jumlah: dict[UUID, int] = dict(rows)
    pilihan, area = _orang(jumlah)
    jam, pesan = rules.value("kabar")["jam_ringkasan"], []
    sudah = set(
        Pesan.objects.filter(pengguna__in=list(jumlah), kanal=kanal, ringkasan__gte=saat.date() - timedelta(days=1)).values_list("pengguna_id", "ringkasan")
    )  # fmt: skip
    for pengguna, n in jumlah.items():
        w = area.get(pengguna, "")
        hari = hari_wilayah(w, saat)
        if waktu_wilayah(w, saat).hour < jam or (pengguna, hari) in sudah:
            continue
        isi = baca.teks(f"{n} pemberitahuan belum Anda baca.", "/pemberitahuan/")
        pesan.append(Pesan(pengguna_id=pengguna, kanal=kanal, ringkasan=hari, isi=isi))
    return _kirim(pesan, pilihan, area)


def _orang(ids: Mapping[UUID, object]) -> tuple[dict[UUID, PilihanKabar], dict[UUID, str]]:
    pilihan = {p.pengguna_id: p for p in PilihanKabar.objects.filter(pengguna__in=list(ids))}
    return pilihan, baca.wilayah_pengguna(ids)


def _kirim(pesan: list[Pesan], pilihan: Mapping[UUID, PilihanKabar], area: Mapping[UUID, str]) -> int:
    """Keep the messages and queue each, after the quiet hours of its reader."""
    Pesan.objects.bulk_create(pesan)
    for satu in pesan:
        milik, w = pilihan.get(satu.pengguna_id), area.get(satu.pengguna_id, "")
        panggilan = satu.pemberitahuan is not None and segera(satu.pemberitahuan.tautan)
        tunda = baca.detik_tenang(milik, w) if milik and not panggilan else 0
        outbox.antre(
            JOB, {"pesan": str(satu.pk)}, kunci=f"pesan:{satu.pk}", judul="Kirim pemberitahuan ke luar portal",
            wilayah=w, tunda=tunda,
        )  # fmt: skip
    return len(pesan)
