"""The gateway client against the simulator as its own process: outages, quota, error bodies, a lost answer."""

import smtplib

import pytest

from core.integrations.dukcapil.client import Breaker
from core.integrations.messages import Busy, Refused
from core.integrations.messages.gateway import GatewaySender
from core.integrations.messages.mail import MailSender
from tests.bantu.gateway import Gateway

TOKEN = "kunci-uji"


@pytest.fixture(scope="module")
def gateway():
    satu = Gateway()
    yield satu
    satu.tutup()


@pytest.fixture(autouse=True)
def bersih(gateway):
    gateway.atur(mode="normal", kuota=100, kosongkan=True)


def kirim(gateway, key="k1", to="+628123456789", **lain):
    return gateway.pengirim(**lain).send(to=to, title="Judul", text="Halo", key=key)


def test_kunci_yang_sama_satu_pesan(gateway):
    assert kirim(gateway) == kirim(gateway) == "sim-1"
    assert [p["text"] for p in gateway.pesan] == ["Halo"]
    gateway.atur(mode="hilang")  # taken, and the answer never came
    with pytest.raises(Busy):
        kirim(gateway, key="k2")
    gateway.atur(mode="normal")
    assert kirim(gateway, key="k2") == "sim-2"
    assert len(gateway.pesan) == 2


@pytest.mark.parametrize(
    ("mode", "detik"), [("500", 30), ("mati", 30), ("lambat", 30), ("429", 7), ("html", 60)]
)
def test_gangguan_berarti_nanti(gateway, mode, detik):
    gateway.atur(mode=mode)
    with pytest.raises(Busy) as sibuk:
        kirim(gateway)
    assert sibuk.value.seconds == detik
    assert "812" not in sibuk.value.why


def test_kuota_dan_kunci_salah_menunggu_lama(gateway):
    gateway.atur(kuota=0)
    with pytest.raises(Busy) as habis:
        kirim(gateway)
    with pytest.raises(Busy) as ditolak:
        kirim(gateway, token="lain")
    assert (habis.value.seconds, ditolak.value.seconds) == (3600, 900)


def test_nomor_salah_dan_galat_dalam_jawaban_200_ditolak_tanpa_menyebut_nomor(gateway):
    with pytest.raises(Refused, match="invalid_number"):
        kirim(gateway, to="0812")
    gateway.atur(mode="galat")
    with pytest.raises(Refused, match="blocked_number"):
        kirim(gateway)


def test_gateway_mati_tidak_ditanya_terus():
    pengirim = GatewaySender("http://127.0.0.1:1", "x", timeout=0.5, breaker=Breaker(after=2, seconds=60))
    sebab = []
    for _ in range(3):
        with pytest.raises(Busy) as sibuk:
            pengirim.send(to="+628123456789", title="", text="", key="k")
        sebab.append(sibuk.value.why)
    assert sebab[-1] == "Gateway pesan sedang tidak menjawab."


def test_surel_yang_ditolak_dan_yang_ditunda(settings, mailoutbox, monkeypatch):
    surel = MailSender("portal@contoh.id", "contoh.id")
    assert surel.send(to="a@contoh.id", title="Judul", text="Isi", key="k") == "<k@contoh.id>"
    assert mailoutbox[0].message()["Message-ID"] == "<k@contoh.id>"
    for kode, jenis in ((550, Refused), (451, Busy)):

        def gagal(self, fail_silently=False, kode=kode):
            raise smtplib.SMTPRecipientsRefused({"a@contoh.id": (kode, b"")})

        monkeypatch.setattr("django.core.mail.EmailMessage.send", gagal)
        with pytest.raises(jenis):
            surel.send(to="a@contoh.id", title="Judul", text="Isi", key="k")
