"""F33: mail that its server took and that comes back days later. Staff see it, its reader hears of it, nothing more goes to that address."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import tasks
from accounts.models import Pemberitahuan, Pesan, PilihanKabar
from core import outbox, schedule
from core.integrations.messages import Busy
from core.integrations.messages.bounces import Bounce, Mailbox, parse
from core.models import Jejak, Pekerjaan
from tests.bantu.alur import orang
from tests.bantu.imap import KotakSurel

pytestmark = pytest.mark.django_db
LAPORAN = """From: MAILER-DAEMON@surat.contoh.id
To: portal@contoh.id
Message-ID: <laporan-7@surat.contoh.id>
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="batas"

--batas
Content-Type: text/plain

This is the mail system at host surat.contoh.id.

--batas
Content-Type: message/delivery-status

Reporting-MTA: dns; surat.contoh.id

Final-Recipient: rfc822; operator@contoh.id
Action: {aksi}
Status: {kode}
Diagnostic-Code: smtp; 550 no such user

--batas
Content-Type: {jenis}

Message-ID: {nomor}
To: operator@contoh.id
Subject: Portal DTKS: pemberitahuan

--batas--
"""


def laporan(nomor: str, aksi="failed", kode="5.1.1", jenis="message/rfc822") -> bytes:
    return LAPORAN.format(nomor=nomor, aksi=aksi, kode=kode, jenis=jenis).replace("\n", "\r\n").encode()


@pytest.fixture
def kotak(settings):
    satu = KotakSurel()
    settings.EMAIL_BOUNCE_URL = satu.url
    yield satu
    satu.tutup()


@pytest.fixture
def surel() -> Pesan:
    """A mail that the server took."""
    PilihanKabar.objects.create(pengguna=orang("operator"), surel_aktif=True)
    satu = Pesan(pengguna=orang("operator"), kanal="surel", ringkasan="2026-11-20", isi="Ada kabar.")
    satu.status, satu.nomor_luar, satu.dikirim_at = "terkirim", f"<{satu.pk}@contoh.id>", timezone.now()
    satu.save()
    return satu


def baca() -> int:
    job = outbox.antre(tasks.JOB_KEMBALI)
    jawab = tasks.read_bounces(job.argumen)
    outbox._finish(job, lambda: tasks.record_bounces(job, jawab))
    job.refresh_from_db()
    assert job.status == Pekerjaan.Status.SELESAI, job.galat
    return job.hasil["kembali"]


@pytest.mark.parametrize("jenis", ["message/rfc822", "text/rfc822-headers"])
def test_surel_yang_kembali_dicatat_sekali_dan_alamatnya_tidak_dipakai_lagi(kotak, surel, masuk, jenis):
    kotak.surel.append(laporan(surel.nomor_luar, jenis=jenis))
    assert baca() == 1 and kotak.terbaca == set()  # read again until it is known to be noted
    surel.refresh_from_db()
    assert surel.status == "gagal" and surel.sebab == "Dikembalikan server surel penerima (5.1.1)."
    assert not PilihanKabar.objects.get(pengguna=surel.pengguna).surel_aktif
    kabar = Pemberitahuan.objects.get(pengguna=surel.pengguna)
    assert "dimatikan" in kabar.kalimat and kabar.tautan == reverse("pilihan_kabar")
    assert Jejak.objects.filter(aksi="surel_kembali").count() == 1
    assert baca() == 0 and kotak.terbaca == {1}
    assert Pemberitahuan.objects.filter(pengguna=surel.pengguna).count() == 1
    layar = masuk("admin").get(reverse("pesan")).content.decode()
    assert "Dikembalikan server surel penerima (5.1.1)." in layar and "operator@contoh.id" not in layar


def test_kotak_penuh_berhari_hari_gagal_tetapi_alamatnya_tetap_dipakai(kotak, surel):
    kotak.surel.append(laporan(surel.nomor_luar, kode="4.2.2"))
    assert baca() == 1
    assert (
        Pesan.objects.get().status == "gagal"
        and PilihanKabar.objects.get(pengguna=surel.pengguna).surel_aktif
    )


def test_yang_bukan_pantulan_kita_tidak_mengubah_apa_pun(kotak, surel):
    kotak.surel += [
        laporan(surel.nomor_luar, aksi="delayed"),
        laporan("<00000000-0000-4000-8000-000000000000@contoh.id>"),
        laporan("<bukan-uuid@lain.id>"),
        laporan(f"<{surel.pk}@domain-lain.id>"),
        b"Subject: Sedang cuti\r\n\r\nSaya kembali hari Senin.\r\n",
        b"",
        b"\xff\xfe\x00" * 50,
    ]
    assert baca() == 0 and kotak.terbaca == set(range(1, 8))
    surel.refresh_from_db()
    assert surel.status == "terkirim" and not Pemberitahuan.objects.filter(pengguna=surel.pengguna).exists()


def test_pantulan_yang_lebih_cepat_dari_catatan_kirim_ditunggu(kotak, surel):
    """The worker died between handing it over and writing that down: the bounce stays unread until the row says that it went."""
    Pesan.objects.update(status="menunggu", nomor_luar="")
    kotak.surel.append(laporan(surel.nomor_luar))
    assert baca() == 0 and kotak.terbaca == set()
    Pesan.objects.update(status="terkirim", nomor_luar=surel.nomor_luar)
    assert baca() == 1


@pytest.mark.parametrize(
    "url",
    ["imap://portal:salah@127.0.0.1:{port}/INBOX", "imap://portal:x@127.0.0.1:1/INBOX"],
    ids=["sandi", "mati"],
)
def test_kotak_yang_tidak_menjawab_menunggu(kotak, settings, url):
    settings.EMAIL_BOUNCE_URL = url.format(port=kotak.server_address[1])
    with pytest.raises(outbox.Later, match="tidak menjawab"):
        tasks.read_bounces({})


def test_tanpa_alamat_kotak_tidak_ada_pekerjaan(settings):
    period = schedule._entries[tasks.JOB_KEMBALI]
    assert period(timezone.localtime()) is None
    settings.EMAIL_BOUNCE_URL = "imaps://a:b@c"
    assert len(period(timezone.localtime())) == 15
    with pytest.raises(ValueError, match="imaps"):
        Mailbox("https://contoh.id")


@pytest.mark.parametrize(
    ("isi", "hasil"),
    [
        (laporan("<n@d>"), Bounce("<n@d>", "5.1.1")),
        (laporan("<n@d>", kode="entah"), Bounce("<n@d>", "5.0.0")),
        (laporan("<n@d>")[:420], None),
        (laporan("<n@d>").replace(b"Action", b"Aksi"), None),
        (b'Content-Type: multipart/report; boundary="x"\r\n\r\n' + b"--x\r\n" * 5000, None),
    ],
)
def test_laporan_dibaca_atau_dilewati_tanpa_galat(isi, hasil):
    assert parse(isi) == hasil


def test_busy_says_no_address(kotak):
    with pytest.raises(Busy) as sibuk:
        Mailbox("imap://portal:salah@127.0.0.1:1/INBOX").read(lambda b: True)
    assert "127.0.0.1" not in sibuk.value.why and "salah" not in sibuk.value.why
