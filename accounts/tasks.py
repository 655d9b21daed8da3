"""Handlers of the messages that leave the portal. Registered at import; Celery imports every app's tasks module."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from accounts import queries_kabar as baca
from accounts.actions import kabar, webhook
from accounts.models import KirimanWebhook, Pesan, PilihanKabar, Webhook
from core import outbox, rules, schedule
from core.integrations import webhook as http_webhook
from core.integrations.dukcapil.client import Breaker
from core.integrations.messages import Busy, Refused, Sender, bounces
from core.integrations.messages.gateway import GatewaySender
from core.integrations.messages.mail import MailSender
from core.models import Pekerjaan

JOB_ANTAR = "accounts.antar_kabar"
JOB_KEMBALI = "accounts.surel_kembali"
_breaker = Breaker(after=5, seconds=15)


def _sender(kanal: str) -> Sender:
    if kanal == Pesan.Kanal.SUREL:
        return MailSender(settings.DEFAULT_FROM_EMAIL, urlsplit(settings.PUBLIC_URL).hostname or "portal")
    return GatewaySender(
        settings.PESAN_URL, settings.PESAN_TOKEN, channel=settings.PESAN_SALURAN, breaker=_breaker
    )


def send(argumen: dict[str, Any]) -> dict[str, str]:
    """Outside any transaction: hand one message to its carrier. The id of the message is the key of a repeat."""
    pesan = Pesan.objects.select_related("pengguna", "pemberitahuan").get(pk=argumen["pesan"])
    if pesan.status != Pesan.Status.MENUNGGU:
        return {}
    if timezone.now() - pesan.created_at > timedelta(hours=rules.value("kabar")["batas_jam"]):
        return {"gagal": "Tidak bisa dikirim sampai batas waktunya."}
    pilihan = PilihanKabar.objects.filter(pengguna=pesan.pengguna).first()
    tujuan, isi, sebab = _isi(pesan, pilihan)
    if sebab or pilihan is None:
        return {"gagal": sebab}
    kode = pesan.pemberitahuan_id is None and pesan.ringkasan is None
    kode = kode or (pesan.pemberitahuan is not None and kabar.segera(pesan.pemberitahuan.tautan))
    if not kode and (tunggu := baca.detik_tenang(pilihan, baca.wilayah_pengguna([pesan.pengguna_id]).get(pesan.pengguna_id, ""))):  # fmt: skip
        raise outbox.Later(tunggu, "Jam tenang penerima.")
    if pesan.kanal not in baca.kanal_hidup():
        raise outbox.Later(900, "Saluran ini sedang dimatikan pengelola.")
    try:
        nomor = _sender(pesan.kanal).send(
            to=tujuan, title=f"{settings.PORTAL_NAMA}: pemberitahuan", text=isi, key=str(pesan.pk)
        )
    except Busy as sibuk:
        raise outbox.Later(sibuk.seconds, sibuk.why) from None
    except Refused as tolak:
        return {"gagal": str(tolak)}
    return {"terkirim": nomor}


def _isi(pesan: Pesan, pilihan: PilihanKabar | None) -> tuple[str, str, str]:
    """Address, text, and why it must not go out any more."""
    mati = "Penerima mematikan saluran ini."
    if pilihan is None or not pesan.pengguna.is_active:
        return "", "", mati
    if pesan.kanal == Pesan.Kanal.SUREL:
        ada = pilihan.surel_aktif and pesan.pengguna.email
        return pesan.pengguna.email, pesan.isi, "" if ada else mati
    nomor = pilihan.telepon.open() if pilihan.telepon else ""
    if pesan.pemberitahuan_id is None and pesan.ringkasan is None:
        if not pilihan.kode or not pilihan.kode_hingga or pilihan.kode_hingga < timezone.now():
            return "", "", "Kodenya sudah tidak berlaku."
        return (
            nomor,
            f"{settings.PORTAL_NAMA}: kode Anda {pilihan.kode.open()}. Jangan beri tahu siapa pun.",
            "",
        )
    return nomor, pesan.isi, "" if pilihan.pesan_aktif and pilihan.telepon_at and nomor else mati


def sent(job: Pekerjaan, jawaban: dict[str, str]) -> dict[str, Any]:
    """What became of it, in the transaction that marks the job done."""
    baru: dict[str, Any] = {}
    if "terkirim" in jawaban:
        baru = {"status": Pesan.Status.TERKIRIM, "nomor_luar": jawaban["terkirim"][:200], "dikirim_at": timezone.now()}  # fmt: skip
    elif "gagal" in jawaban:
        baru = {"status": Pesan.Status.GAGAL, "sebab": jawaban["gagal"][:200]}
    if baru:
        Pesan.objects.filter(pk=job.argumen["pesan"], status=Pesan.Status.MENUNGGU).update(**baru)
    return {"status": str(baru.get("status", ""))}


def read_bounces(argumen: dict[str, Any]) -> dict[str, list[list[str]]]:
    """Outside any transaction: mail that came back after its server had taken it."""
    try:
        rows = bounces.Mailbox(settings.EMAIL_BOUNCE_URL).read(lambda b: kabar.sudah_selesai(b.number))
    except Busy as sibuk:
        raise outbox.Later(sibuk.seconds, sibuk.why) from None
    return {"kembali": [[b.number, b.code] for b in rows]}


def record_bounces(job: Pekerjaan, jawaban: dict[str, list[list[str]]]) -> dict[str, Any]:
    return {"kembali": sum(kabar.surel_kembali(nomor, kode) for nomor, kode in jawaban["kembali"])}


def _sepuluh_menit(now: datetime) -> str | None:
    return f"{now:%Y-%m-%dT%H:%M}"[:-1] if settings.EMAIL_BOUNCE_URL else None


def _menit(now: datetime) -> str | None:
    """A run a minute while there is something to tell; the summaries once an hour."""
    if not baca.kanal_hidup():
        return None
    if now.minute == 0 or kabar.ada_yang_baru():
        return f"{now:%Y-%m-%dT%H:%M}"
    return None


outbox.register(kabar.JOB, sent, call=send)
outbox.register(JOB_ANTAR, lambda job: {"pesan": kabar.antar()})
schedule.register(JOB_ANTAR, _menit)
outbox.register(JOB_KEMBALI, record_bounces, call=read_bounces)
schedule.register(JOB_KEMBALI, _sepuluh_menit)


def send_webhook(argumen: dict[str, Any]) -> dict[str, Any]:
    """Outside any transaction: one attempt. Nothing is sent for a key that was revoked or a subscription that stands still."""
    kiriman = KirimanWebhook.objects.select_related("webhook__kunci").get(pk=argumen["kiriman"])
    langganan = kiriman.webhook
    if kiriman.status != KirimanWebhook.Status.MENUNGGU or langganan.status != Webhook.Status.AKTIF:
        return {}
    if not langganan.kunci.berlaku():
        return {"kode": 410, "sebab": "Kunci API-nya tidak berlaku lagi."}
    jawab = http_webhook.kirim(
        langganan.alamat, nomor=str(kiriman.pk), badan=webhook.badan(kiriman), rahasia=langganan.rahasia.open(), aturan=webhook.aturan()
    )  # fmt: skip
    return {"kode": jawab.kode, "sebab": jawab.sebab}


def record_webhook(job: Pekerjaan, answer: dict[str, Any]) -> dict[str, Any]:
    if answer:
        webhook.catat_jawaban(job.argumen["kiriman"], http_webhook.Jawaban(answer["kode"], answer["sebab"]))
    return {}


outbox.register(webhook.JOB, record_webhook, call=send_webhook)
outbox.register(webhook.JOB_BUANG, lambda job: {"dibuang": webhook.buang()})
schedule.register(webhook.JOB_BUANG, schedule.daily(4))
