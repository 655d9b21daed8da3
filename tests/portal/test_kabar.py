"""Notices to mailbox and phone: only to who wants them, once each, not at night, and nothing private in any of them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import queries_kabar as baca
from accounts import tasks
from accounts.actions import kabar as aksi
from accounts.models import Pemberitahuan, Pengguna, Pesan, PilihanKabar
from bansos import tasks as bansos_tasks  # noqa: F401 - the handlers register themselves
from core import outbox, rules
from core.integrations.dukcapil.client import Breaker
from core.models import Jejak, Pekerjaan
from core.workflow import GateClosed
from dtks import tasks as dtks_tasks  # noqa: F401 - the handlers register themselves
from dtks.models import Individu, KategoriPPKS, Keluarga, Usulan
from tests.bantu.alur import orang, sampai
from tests.bantu.gateway import TOKEN, Gateway
from tests.bantu.pemain import KABUPATEN

pytestmark = pytest.mark.django_db
NOMOR = "+6281234567890"


@pytest.fixture(scope="module")
def gateway():
    satu = Gateway()
    yield satu
    satu.tutup()


@pytest.fixture(autouse=True)
def siap(settings, gateway, monkeypatch):
    """The portal is set up for both channels; the gateway is well."""
    settings.DEMO = True
    settings.PESAN_URL, settings.PESAN_TOKEN, settings.KABAR_SUREL = gateway.url, TOKEN, True
    settings.PUBLIC_URL = "https://portal.contoh.id"
    monkeypatch.setattr(tasks, "_breaker", Breaker(after=100))
    gateway.atur(mode="normal", kuota=1000, kosongkan=True)


def pilih(username="operator", **lain):
    """The choice of a user whose number answered its code, hours of quiet off."""
    satu = PilihanKabar(
        pengguna=orang(username),
        **{"pesan_aktif": True, "ritme": "langsung", "tenang_mulai": None, "tenang_selesai": None} | lain,
    )
    satu.telepon, satu.telepon_at, satu.aktif_sejak = NOMOR, timezone.now(), datetime(2020, 1, 1, tzinfo=UTC)
    satu.save()
    return satu


def kabari(username="operator", kalimat="Usulan USL-202611-00007 (Kota Kulon): Ditolak.", n=1):
    return [
        Pemberitahuan.objects.create(pengguna=orang(username), kalimat=kalimat, tautan="/usulan/x/")
        for _ in range(n)
    ]


def kirim_semua():
    """The queue's messages, due or not; how often each was tried."""
    for job in Pekerjaan.objects.filter(jenis=aksi.JOB, status="menunggu").order_by("created_at", "pk"):
        try:
            jawab = tasks.send(job.argumen)
        except outbox.Later as nanti:
            outbox._postpone(job, nanti)
        else:
            outbox._finish(job, lambda satu=job, isi=jawab: tasks.sent(satu, isi))


def test_nomor_dipastikan_dengan_kode_dan_tersimpan_tersandi(masuk, gateway):
    web = masuk("operator")
    assert web.post(reverse("nomor_hp"), {"telepon": "0812 3456 7890"}).status_code == 302
    kirim_semua()
    (pesan,) = gateway.pesan
    kode = pesan["text"].split("kode Anda ")[1][:6]
    assert pesan["to"] == NOMOR
    salah = f"{(int(kode) + 1) % 10**6:06d}"
    assert web.post(reverse("pastikan_nomor"), {"kode": salah}).status_code == 422
    assert web.post(reverse("pilihan_kabar"), {"pesan_aktif": "on", "ritme": "langsung"}).status_code == 422
    assert web.post(reverse("pastikan_nomor"), {"kode": kode}).status_code == 302
    assert web.post(reverse("pilihan_kabar"), {"pesan_aktif": "on", "ritme": "langsung"}).status_code == 302
    halaman = web.get(reverse("pilihan_kabar")).text
    assert "+628••••••7890" in halaman and "34567890" not in halaman
    milik = PilihanKabar.objects.get()
    assert milik.pesan_aktif and b"4567890" not in bytes(milik.telepon.raw)
    daftar = masuk("supervisor").get(reverse("pesan")).text
    assert "Kode untuk memastikan nomor HP" in daftar and kode not in daftar and "4567890" not in daftar
    assert "Kode untuk" not in masuk("supervisor.lain").get(reverse("pesan")).text
    assert "4567890" not in "".join(map(str, Jejak.objects.order_by("id").values_list("rincian", flat=True)))


def test_kode_salah_dihitung_dan_kode_lama_tidak_berlaku():
    by = orang("operator")
    aksi.minta_kode(by=by, nomor=NOMOR)
    PilihanKabar.objects.update(kode_hingga=timezone.now() - timedelta(seconds=1))
    for _ in range(6):
        with pytest.raises(GateClosed) as tolak:
            aksi.pastikan_nomor(by=by, kode=PilihanKabar.objects.get().kode.open())
    assert tolak.value.halangan[0].kode == "TERLALU_SERING"
    for _ in range(rules.value("kabar")["kode_per_jam"] - 1):
        aksi.minta_kode(by=by, nomor=NOMOR)
    with pytest.raises(GateClosed):
        aksi.minta_kode(by=by, nomor=NOMOR)


def test_satu_kabar_satu_pesan_walau_gateway_mati_dan_jawabannya_hilang(gateway, masuk):
    pilih()
    kabari()
    assert (aksi.antar(), aksi.antar()) == (1, 0)
    gateway.atur(mode="500")
    kirim_semua()
    assert "Gateway pesan menjawab 500." in masuk("supervisor").get(reverse("pesan")).text
    gateway.atur(mode="hilang")  # the gateway took it, the answer never came
    kirim_semua()
    gateway.atur(mode="429")
    kirim_semua()
    assert Pesan.objects.get().status == "menunggu"
    gateway.atur(mode="normal")
    kirim_semua()
    kirim_semua()
    (pesan,) = gateway.pesan
    assert pesan["text"] == (
        "Portal DTKS: Usulan USL-202611-00007 (Kota Kulon): Ditolak. https://portal.contoh.id/usulan/x/"
    )
    assert Pesan.objects.get().status == "terkirim"
    assert (aksi.antar(), len(gateway.pesan)) == (0, 1)


def test_yang_ditolak_gateway_tercatat_gagal_dengan_sebabnya(gateway, masuk):
    pilih()
    kabari()
    aksi.antar()
    gateway.atur(mode="galat")
    kirim_semua()
    satu = Pesan.objects.get()
    assert (satu.status, satu.sebab) == ("gagal", "Gateway menolak pesan ini (blocked_number).")
    assert "blocked_number" in masuk("admin").get(reverse("pesan") + "?status=gagal").text


def test_banyak_sekaligus_menjadi_satu_pesan(gateway):
    pilih()
    kabari(n=7)
    assert aksi.antar() == 1
    kirim_semua()
    assert [p["text"] for p in gateway.pesan] == [
        "Portal DTKS: 7 pemberitahuan baru menunggu Anda. https://portal.contoh.id/pemberitahuan/"
    ]
    assert aksi.antar() == 0


def test_ringkasan_sekali_sehari_menurut_jam_penerima(gateway, mailoutbox):
    Pengguna.objects.filter(username="operator").update(email="operator@contoh.id")
    pilih(pesan_aktif=False, surel_aktif=True, ritme="harian")
    kabari(n=3)
    besok = (timezone.now() + timedelta(hours=20)).replace(minute=30)
    pagi = besok.replace(hour=0)  # 07.30 WIB
    assert aksi.antar(pagi - timedelta(hours=1)) == 0
    assert (aksi.antar(pagi), aksi.antar(pagi + timedelta(hours=3))) == (1, 0)
    kirim_semua()
    assert "3 pemberitahuan belum Anda baca" in mailoutbox[0].body
    assert not gateway.pesan


@pytest.mark.parametrize(("wilayah", "utc"), [("32.05", 13), ("73.71", 12), ("94.01", 11)])
def test_jam_tenang_menurut_jam_daerah(wilayah, utc):
    """20.00 to 06.00 on the wall of the area: WIB, WITA, WIT."""
    milik = PilihanKabar(tenang_mulai=time(20), tenang_selesai=time(6))
    mulai = datetime(2026, 12, 31, utc, 0, tzinfo=UTC)
    assert baca.detik_tenang(milik, wilayah, mulai - timedelta(minutes=1)) == 0
    assert baca.detik_tenang(milik, wilayah, mulai) == 10 * 3600 + 1
    assert baca.detik_tenang(milik, wilayah, mulai + timedelta(hours=9, minutes=59)) == 61
    assert baca.detik_tenang(milik, wilayah, mulai + timedelta(hours=10)) == 0


def test_pada_jam_tenang_tidak_ada_yang_keluar(gateway):
    pilih(tenang_mulai=time(0), tenang_selesai=time(23, 59))
    kabari()
    assert aksi.antar() == 1
    kirim_semua()
    assert not gateway.pesan
    assert Pekerjaan.objects.get(jenis=aksi.JOB).jalankan_setelah > timezone.now()


def test_yang_tidak_memilih_atau_sudah_membaca_tidak_dikirimi(gateway):
    kabari()
    pilih("lurah", pesan_aktif=False)
    kabari("lurah")
    pilih("verifikator")
    Pemberitahuan.objects.filter(pk=kabari("verifikator")[0].pk).update(dibaca_at=timezone.now())
    assert aksi.antar() == 0
    pilih("kadis")
    kabari("kadis")
    aksi.antar()
    aksi.hapus_nomor(by=orang("kadis"))  # between the notice and the sending
    kirim_semua()
    assert not gateway.pesan
    assert Pesan.objects.get().sebab == "Penerima mematikan saluran ini."


def test_mati_selama_belum_disetel(settings, masuk):
    settings.PESAN_URL, settings.KABAR_SUREL = "", False
    pilih()
    kabari()
    assert not aksi.ada_yang_baru() and aksi.antar() == 0
    assert "belum menghubungkan" in masuk("operator").get(reverse("pilihan_kabar")).text


def test_tidak_ada_nama_atau_nomor_warga_dalam_pesan_mana_pun(gateway):
    """The whole line, everybody listening: every text that left is searched."""
    for username in (
        "rtrw",
        "operator",
        "lurah",
        "tksk",
        "verifikator",
        "verifikator2",
        "supervisor",
        "kadis",
    ):
        pilih(username)
    sampai("ditetapkan", program="APBD-LANSIA")
    sampai("ditolak", nomor=1)
    sampai("ditunda", nomor=2)
    Pekerjaan.objects.create(jenis="dtks.eskalasi", argumen={"kabupaten": KABUPATEN})
    Usulan.objects.filter(status="ditunda").update(tenggat=date(2026, 1, 5), tenggat_mulai=date(2026, 1, 2))
    for job in Pekerjaan.objects.filter(status="menunggu").order_by("created_at", "pk"):
        if job.jenis.startswith(("dtks.", "bansos.")) and outbox._handlers[job.jenis].call is None:
            outbox._handlers[job.jenis].effect(job)
            aksi.antar()
    kabari(
        kalimat="Coba NIK 3205 0141 0180 0001 ini"
    )  # what an action should never write does not get out either
    aksi.antar()
    kirim_semua()
    semua = "\n".join(p["text"] for p in gateway.pesan)
    assert len(gateway.pesan) > 10 and "USL-" in semua and "lewat tenggat" in semua
    rahasia = {n for k in Keluarga.objects.order_by("pk") for n in (k.nama_kepala, k.alamat, k.no_kk.open())}
    for satu in Individu.objects.order_by("pk"):
        rahasia |= {satu.nama, satu.ibu_kandung, satu.nik.open() if satu.nik else ""}
    rahasia |= set(KategoriPPKS.objects.filter(sensitif=True).order_by("pk").values_list("nama", flat=True))
    assert not [r for r in rahasia - {""} if r.lower() in semua.lower()]
    assert "3205 0141" not in semua


def test_kotak_masuk_menyaring_dan_kepala_halaman_menghitung(masuk):
    kabari(kalimat="Yang lama.")
    web = masuk("operator")
    assert "1 baru" in web.get(reverse("profil")).text
    web.post(reverse("baca_pemberitahuan"))
    kabari(kalimat="Yang baru.")
    halaman = web.get(reverse("pemberitahuan") + "?baru=1").text
    assert "Yang baru." in halaman and "Yang lama." not in halaman
