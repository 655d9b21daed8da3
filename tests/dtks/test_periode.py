"""The month: windows, the closing second, what moves on, who is told, and what must never be lost or moved twice."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Pemberitahuan
from core import outbox
from core.models import Jejak, Pekerjaan
from core.workflow import GateClosed, NotAllowed
from dtks import tasks
from dtks.actions import musyawarah as rapat_aksi
from dtks.actions import periode as aksi
from dtks.actions import usulan as langkah
from dtks.models import GuliranPeriode, Musyawarah, Periode, PerubahanPeriode, Usulan
from dtks.queries import periode as baca
from portal.queries import periksa
from tests.bantu.alur import PDF, Perjalanan, alasan_pertama, orang
from tests.bantu.pemain import DESA, DESA_LAIN, KABUPATEN, KABUPATEN_LAIN
from wilayah.waktu import zona

pytestmark = pytest.mark.django_db
WIB = zona(KABUPATEN)


def wib(bulan, tanggal, jam=9, menit=0, detik=0):
    return datetime(2026, bulan, tanggal, jam, menit, detik, tzinfo=WIB)


@pytest.fixture(autouse=True)
def tanpa_faktor_kedua(settings):
    settings.DEMO = True


@pytest.fixture
def jam():
    """The clock stands on 10 November 2026, 09.00 WIB, and moves when it is told to; the windows are made."""
    with time_machine.travel(wib(11, 10), tick=False) as mesin:
        aksi.siapkan(KABUPATEN)
        aksi.siapkan(KABUPATEN_LAIN)
        yield mesin


def putaran(nama="dtks.periode_jam"):
    """One run of the hourly care and of everything that it queued."""
    job = Pekerjaan.objects.create(jenis=nama, argumen={"periode": f"uji-{Pekerjaan.objects.count()}"})
    tasks.hourly(job)
    job.status = "selesai"
    job.save()
    for jenis, kerja in (
        ("dtks.gulirkan", tasks.roll),
        ("dtks.kabar_guliran", None),
        ("dtks.ingatkan", None),
    ):
        for satu in Pekerjaan.objects.filter(jenis=jenis, status="menunggu").order_by("created_at", "pk"):
            (kerja or outbox._handlers[jenis].effect)(satu)
            satu.status = "selesai"
            satu.save()


def draf(nomor=0, **opsi) -> Usulan:
    return _buat(nomor, "draf", **opsi)


def _buat(nomor, sampai, **opsi) -> Usulan:
    p = Perjalanan(nomor=nomor, **opsi)
    getattr(p, sampai)()
    return p.usulan


def kabar(username) -> list[str]:
    return list(Pemberitahuan.objects.filter(pengguna__username=username).values_list("kalimat", flat=True))


# --- windows -------------------------------------------------------------------------------------------


def test_jendela_dibuat_dari_pola_dengan_dasar_hukumnya(jam):
    umum = Periode.objects.get(wilayah=KABUPATEN, periode="2026-11", program="")
    assert umum.tutup_input == wib(11, 17, 23, 59, 59)
    assert umum.tarik_pusat == wib(11, 18, 0, 0)
    pbi = Periode.objects.get(wilayah=KABUPATEN, periode="2026-11", program="PBI")
    assert pbi.tutup_input == wib(11, 11, 23, 59, 59)
    assert pbi.dasar_hukum == "Kepmensos 150/HUK/2022" and pbi.status_verifikasi == "perlu_cek"
    assert sorted(set(Periode.objects.filter(wilayah=KABUPATEN).values_list("periode", flat=True))) == [
        "2026-11", "2026-12", "2027-01",
    ]  # fmt: skip


def test_disiapkan_dua_kali_tidak_mengubah_apa_pun(jam):
    sebelum = list(Periode.objects.order_by("pk").values())
    assert aksi.siapkan(KABUPATEN) == 0
    assert list(Periode.objects.order_by("pk").values()) == sebelum


def test_batas_menurut_jam_daerahnya():
    """23.59 in Makassar and Jayapura is earlier than 23.59 in Garut."""
    with time_machine.travel(wib(11, 10), tick=False):
        for kode in (KABUPATEN, "73.71", "91.71"):
            aksi.siapkan(kode)
    batas = dict(Periode.objects.filter(periode="2026-11", program="").values_list("wilayah", "tutup_input"))
    assert batas["73.71"] == batas[KABUPATEN] - timedelta(hours=1)
    assert batas["91.71"] == batas[KABUPATEN] - timedelta(hours=2)
    assert baca.batas_kata(batas["91.71"], "91.71") == "17 November 2026 pukul 23.59 WIT"


def test_pola_garut_lama_berlaku_sampai_dtsen():
    with time_machine.travel(datetime(2024, 11, 1, tzinfo=WIB), tick=False):
        aksi.siapkan(KABUPATEN)
    assert Periode.objects.get(periode="2024-11", program="").tutup_input.astimezone(WIB).day == 14


# --- the closing second --------------------------------------------------------------------------------


def test_pada_detik_tutup_masih_masuk_sesudahnya_tidak(jam):
    jam.move_to(wib(11, 17, 23, 59, 59))
    assert draf(0).periode == "2026-11"
    jam.move_to(wib(11, 17, 23, 59, 59) + timedelta(milliseconds=999))
    assert draf(1).periode == "2026-11"
    jam.move_to(wib(11, 18))
    assert draf(2).periode == "2026-12"


def test_jam_pusat_bukan_jam_daerah(jam):
    """The same instant, 16.59.59 UTC: the last second in Garut."""
    jam.move_to(datetime(2026, 11, 17, 16, 59, 59, tzinfo=UTC))
    assert draf(0).periode == "2026-11"
    jam.move_to(datetime(2026, 11, 17, 17, 0, 0, tzinfo=UTC))
    assert draf(1).periode == "2026-12"


def test_darurat_tidak_pernah_menunggu(jam):
    p = Perjalanan(nomor=0, jalur="KEDARURATAN", pengusul="operator")
    p.draf()
    jam.move_to(wib(11, 20))
    putaran()
    assert p.segar().periode == "2026-11"
    kedua = Perjalanan(nomor=1, jalur="KEDARURATAN", pengusul="operator")
    assert kedua.draf().periode == "2026-11"
    assert not GuliranPeriode.objects.exists()


def test_draf_sesudah_batas_masuk_bulan_depan_dan_diberi_tahu(jam, masuk):
    usulan = draf(0)
    langkah.tarik(usulan, by=orang("rtrw"), alasan=alasan_pertama("tarik"))
    jam.move_to(wib(11, 18))
    klien = masuk("operator")
    halaman = klien.get(reverse("keluarga_usulkan", args=[usulan.keluarga_id]))
    kunci = halaman.context["form"]["kunci_kirim"].value()
    isi = {
        "kunci_kirim": kunci,
        "program": "PKH",
        "jalur": "REGULER",
        "alasan_usul": "Kepala keluarga sakit.",
    }
    jawab = klien.post(reverse("keluarga_usulkan", args=[usulan.keluarga_id]), isi, follow=True)
    assert Usulan.objects.exclude(pk=usulan.pk).get().periode == "2026-12"
    teks = jawab.content.decode()
    assert "Batas periode November 2026 sudah lewat (17 November 2026 pukul 23.59 WIB)." in teks
    assert "Usulan ini masuk periode Desember 2026." in teks


# --- moving on -----------------------------------------------------------------------------------------


def test_yang_belum_selesai_pindah_dengan_catatan_dan_kabar(jam, masuk):
    satu, dua = draf(0), draf(1)
    jam.move_to(wib(11, 18, 0, 5))
    putaran()
    for usulan in Usulan.objects.filter(pk__in=[satu.pk, dua.pk]):
        assert usulan.periode == "2026-12" and usulan.status == "draf" and usulan.versi == 0
        g = usulan.guliran.get()
        assert (g.dari, g.ke, g.batas, g.status) == ("2026-11", "2026-12", wib(11, 17, 23, 59, 59), "draf")
    kalimat = (
        "2 usulan dipindah ke periode Desember 2026 karena melewati batas 17 November 2026 pukul 23.59 WIB."
    )
    assert kabar("rtrw") == [kalimat] and kabar("operator") == [kalimat]
    assert kabar("operator2") == [] and kabar("operator.lain") == []
    halaman = masuk("operator").get(reverse("usulan_lihat", args=[satu.pk])).content.decode()
    assert (
        "Dipindah ke periode Desember 2026 karena melewati batas 17 November 2026 pukul 23.59 WIB" in halaman
    )


def test_putaran_dua_kali_satu_akibat(jam):
    draf(0)
    jam.move_to(wib(11, 18))
    for _ in range(3):
        putaran()
    assert GuliranPeriode.objects.count() == 1
    assert len(kabar("operator")) == 1
    assert aksi.gulirkan(KABUPATEN, putaran=GuliranPeriode.objects.get().putaran) == 0


def test_putaran_terlambat_berbulan_bulan_sampai_di_bulan_yang_terbuka(jam):
    """The worker slept over two cut-offs: nobody lands in a month that is closed too."""
    usulan = draf(0)
    jam.move_to(wib(12, 20))
    putaran()
    usulan.refresh_from_db()
    assert usulan.periode == "2027-01" and usulan.guliran.count() == 1


def test_putaran_yang_terputus_tidak_meninggalkan_apa_pun(jam):
    usulan = draf(0)
    jam.move_to(wib(11, 18))
    with pytest.raises(RuntimeError), transaction.atomic():
        aksi.gulirkan(KABUPATEN, putaran=usulan.pk)
        raise RuntimeError
    usulan.refresh_from_db()
    assert usulan.periode == "2026-11" and not GuliranPeriode.objects.exists()
    putaran()
    usulan.refresh_from_db()
    assert usulan.periode == "2026-12"


def test_lebih_dari_satu_angkatan_semua_pindah(jam, monkeypatch):
    monkeypatch.setattr(aksi, "SEKALI", 2)
    for n in range(5):
        draf(n)
    jam.move_to(wib(11, 18))
    for _ in range(4):
        putaran()
    assert Usulan.objects.filter(periode="2026-12").count() == 5
    assert GuliranPeriode.objects.count() == 5


def test_langkah_yang_terlambat_diterima_dan_memindahkan(jam):
    """The job has not run yet; the operator is not refused, the proposal belongs to the next month."""
    usulan = draf(0)
    jam.move_to(wib(11, 18))
    hasil = langkah.ajukan(usulan, by=orang("rtrw"))
    assert hasil.status == "diajukan" and hasil.periode == "2026-12"
    assert usulan.guliran.get().putaran is None
    putaran()
    assert usulan.guliran.count() == 1


def test_langkah_tepat_waktu_tidak_memindahkan(jam):
    usulan = draf(0)
    jam.move_to(wib(11, 17, 23, 59, 59))
    assert langkah.ajukan(usulan, by=orang("rtrw")).periode == "2026-11"


def test_yang_dikembalikan_sesudah_batas_pindah(jam):
    """Only the village's own moment is past; the Dinas sends it back to where it is too late."""
    p = Perjalanan(nomor=0)
    usulan = p.diajukan()
    umum = Periode.objects.get(wilayah=KABUPATEN, periode="2026-11", program="")
    momen = {k: wib(11, 30, 23, 59, 59) for k in ("tutup_musdes", "tutup_verifikasi", "tutup_pengesahan")}
    momen["tarik_pusat"] = wib(12, 1, 0, 0)
    aksi.ubah(umum, by=orang("supervisor"), momen=momen, alasan="Surat edaran Kemensos")
    jam.move_to(wib(11, 20))
    putaran()
    assert p.segar().periode == "2026-11"  # in the village's second window, still open
    hasil = langkah.kembalikan(
        usulan, by=orang("operator"), tujuan="draf", alasan=alasan_pertama("kembalikan")
    )
    assert hasil.periode == "2026-12"


def test_yang_sudah_dikirim_atau_berakhir_tetap_di_bulannya(jam):
    dikirim, ditolak = Perjalanan(nomor=0), Perjalanan(nomor=1)
    dikirim.dikirim()
    ditolak.ditolak()
    jam.move_to(wib(12, 25))
    putaran()
    assert dikirim.segar().periode == "2026-11" and ditolak.segar().periode == "2026-11"


def test_kabupaten_lain_tidak_ikut(jam):
    """Its own window was extended: the neighbour's cut-off moves nobody there."""
    sini = draf(0)
    sana = draf(1, pengusul="operator.lain", operator="operator.lain", desa=DESA_LAIN)
    lain = Periode.objects.get(wilayah=KABUPATEN_LAIN, periode="2026-11", program="")
    momen = {k: wib(11, 20, 23, 59, 59) for k in aksi.BATAS[:-1]} | {"tarik_pusat": wib(11, 21, 0, 0)}
    aksi.ubah(lain, by=orang("supervisor.lain"), momen=momen, alasan="Sinyal padam tiga hari")
    jam.move_to(wib(11, 18))
    putaran()
    sini.refresh_from_db(), sana.refresh_from_db()
    assert (sini.periode, sana.periode) == ("2026-12", "2026-11")


def test_riwayat_perpindahan_tidak_bisa_diubah(jam):
    draf(0)
    jam.move_to(wib(11, 18))
    putaran()
    for query in ("update dtks_guliranperiode set ke = '2027-01'", "delete from dtks_guliranperiode"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(query)


def test_periksa_menemukan_yang_tertinggal_dan_yang_dipindah_diam_diam(jam):
    usulan = draf(0)
    jam.move_to(wib(11, 18))
    assert [b[1] for b in periksa._batas(sudah_digulir=False)] == [str(usulan.pk)]  # the job is still to come
    assert not list(periksa._batas(sudah_digulir=True))
    Pekerjaan.objects.create(jenis="dtks.periode_jam", status="selesai")
    jam.move_to(wib(11, 18, 12))
    Pekerjaan.objects.create(jenis="dtks.periode_jam", status="selesai")
    assert [b[1] for b in periksa._batas(sudah_digulir=True)] == [str(usulan.pk)]
    putaran()
    assert not list(periksa._batas(sudah_digulir=True)) and not list(periksa._batas(sudah_digulir=False))
    assert not periksa._sql(periksa.periksa_sql._PERIODE)
    Usulan.objects.filter(pk=usulan.pk).update(periode="2027-03")
    assert [b[1] for b in periksa._sql(periksa.periksa_sql._PERIODE)] == [str(usulan.pk)]


# --- one programme a month -----------------------------------------------------------------------------


def test_satu_keluarga_satu_program_tiap_bulan(jam):
    usulan, by = draf(0), orang("rtrw")
    with pytest.raises(GateClosed) as tolak:
        langkah.buat(by=by, keluarga=usulan.keluarga, program="BPNT")
    h = tolak.value.halangan[0]
    assert h.kode == "SATU_PROGRAM_PER_BULAN"
    assert "sudah diusulkan untuk PKH di periode November 2026" in h.kalimat and usulan.tiket in h.kalimat
    assert "centang “Masukkan ke bulan berikutnya”" in h.jalan_keluar
    pbi, _ = langkah.buat(by=by, keluarga=usulan.keluarga, program="PBI")  # per person, not per family
    assert pbi.periode == "2026-11"


def test_bulan_berikutnya_atau_sesudah_ditarik_boleh_lagi(jam):
    usulan, by = draf(0), orang("rtrw")
    langkah.tarik(usulan, by=by, alasan=alasan_pertama("tarik"))
    lain, _ = langkah.buat(by=by, keluarga=usulan.keluarga, program="BPNT")
    assert lain.periode == "2026-11"
    jam.move_to(wib(11, 18))
    berikut, _ = langkah.buat(by=by, keluarga=usulan.keluarga, program="DISABILITAS")
    assert berikut.periode == "2026-12"


def usulkan(klien, usulan, **ubah):
    alamat = reverse("keluarga_usulkan", args=[usulan.keluarga_id])
    kunci = klien.get(alamat).context["form"]["kunci_kirim"].value()
    isi = {
        "kunci_kirim": kunci,
        "program": "BPNT",
        "jalur": "REGULER",
        "alasan_usul": "Kepala keluarga sakit.",
    }
    return klien.post(alamat, isi | ubah, follow=True)


def test_program_kedua_dimasukkan_ke_bulan_berikutnya(jam, masuk):
    """The way out that the refusal names is on the same page, once; the third has to wait."""
    usulan, klien = draf(0), masuk("operator")
    tolak = usulkan(klien, usulan)
    assert tolak.status_code == 422 and "Masukkan ke bulan berikutnya" in tolak.content.decode()
    assert Usulan.objects.count() == 1
    jawab = usulkan(klien, usulan, bulan_berikutnya="on").content.decode()
    assert Usulan.objects.get(program="BPNT").periode == "2026-12"
    assert "Usulan ini masuk periode Desember 2026." in jawab and "sudah lewat" not in jawab
    ketiga = usulkan(klien, usulan, program="DISABILITAS", bulan_berikutnya="on")
    assert ketiga.status_code == 422 and "sesudah bulan Desember 2026" in ketiga.content.decode()
    darurat = usulkan(klien, usulan, program="DISABILITAS", jalur="KEDARURATAN", bulan_berikutnya="on")
    assert darurat.status_code == 422 and "tidak menunggu bulan berikutnya" in darurat.content.decode()
    assert Usulan.objects.count() == 2


def test_dua_program_bertemu_karena_pindah_disebut_di_keduanya(jam, masuk):
    """Moved on, PKH meets BPNT in December: both pages say so, nothing is stopped, and it ends when one is withdrawn."""
    pkh = draf(0)
    bpnt, _ = langkah.buat(by=orang("rtrw"), keluarga=pkh.keluarga, program="BPNT", bulan_berikutnya=True)

    def halaman(usulan):
        return masuk("operator").get(reverse("usulan_lihat", args=[usulan.pk])).content.decode()

    kalimat = "Di periode Desember 2026 keluarga ini juga diusulkan untuk"
    assert kalimat not in halaman(pkh) + halaman(bpnt)
    jam.move_to(wib(11, 18))
    putaran()
    assert f"{kalimat} BPNT ({bpnt.tiket})" in halaman(pkh) and f"{kalimat} PKH ({pkh.tiket})" in halaman(
        bpnt
    )
    langkah.ajukan(pkh, by=orang("rtrw"))
    langkah.tarik(bpnt, by=orang("rtrw"), alasan=alasan_pertama("tarik"))
    assert kalimat not in halaman(pkh) + halaman(bpnt)


# --- the banner ----------------------------------------------------------------------------------------


def test_spanduk_menyebut_batas_sisa_dan_yang_belum_dikirim(jam, masuk):
    for n in range(3):
        draf(n)
    jam.move_to(wib(11, 14))
    (satu,) = baca.spanduk(orang("rtrw"))
    assert (
        satu.kalimat == "Batas usulan PKH bulan November 2026: 17 November 2026 pukul 23.59 WIB, sisa 3 hari."
    )
    assert satu.rincian == "3 draf belum diajukan, 3 foto rumah kurang." and satu.dekat
    halaman = masuk("rtrw").get(reverse("dasbor")).content.decode()
    assert satu.kalimat in halaman and satu.rincian in halaman
    assert satu.kalimat in masuk("rtrw").get(reverse("usulan_daftar")).content.decode()
    daftar = masuk("rtrw").get(satu.url)
    assert daftar.status_code == 200 and len(daftar.context["halaman"].rows) == satu.jumlah == 3


@pytest.mark.parametrize(
    ("hari", "kata"),
    [(14, "sisa 3 hari"), (16, "besok"), (17, "hari ini pukul 23.59")],
)
def test_sisa_hari_dengan_kata(jam, hari, kata):
    draf(0)
    jam.move_to(wib(11, hari, 0, 30))
    assert baca.spanduk(orang("rtrw"))[0].kalimat.endswith(f"{kata}.")


def test_spanduk_kosong_bila_tidak_ada_apa_pun(jam):
    assert baca.spanduk(orang("operator")) == []
    draf(0)
    for lain in ("operator2", "operator.lain", "kadis", "inspektorat", "admin", "pusdatin", "lurah"):
        assert baca.spanduk(orang(lain)) == [], lain


def test_lurah_diingatkan_berita_acara_yang_menunggu_persetujuannya(jam, masuk):
    p, lain = Perjalanan(nomor=0), Perjalanan(nomor=1)
    p.dimusyawarahkan(), lain.diajukan()
    assert baca.spanduk(orang("lurah")) == []
    by = orang("operator")
    rapat_aksi.putuskan(
        p.musyawarah,
        by=by,
        putusan={str(s.pk): {"putusan": "disepakati"} for s in p.musyawarah.putusan.all()},
    )
    rapat_aksi.tandatangani(rapat_aksi.selenggarakan(p.musyawarah, by=by), by=by, isi=PDF, nama="ba.pdf")
    (satu,) = baca.spanduk(orang("lurah"))
    assert satu.kalimat.endswith("17 November 2026 pukul 23.59 WIB, sisa 7 hari.")
    assert satu.rincian == "1 usulan menunggu berita acara Anda setujui."
    klien = masuk("lurah")
    assert satu.rincian in klien.get(reverse("dasbor")).content.decode()
    assert len(klien.get(satu.url).context["halaman"].rows) == 1
    assert baca.spanduk(orang("operator.lain")) == []
    rapat_aksi.setujui(Musyawarah.objects.get(pk=p.musyawarah.pk), by=orang("lurah"))
    assert baca.spanduk(orang("lurah")) == []


@pytest.mark.parametrize(("kode", "jam_utc"), [(KABUPATEN, 17), ("73.71", 16), ("91.71", 15)])
def test_kata_waktu_berganti_di_tengah_malam_daerahnya(kode, jam_utc):
    """WIB, WITA, WIT: the day, the rest and the month turn at the midnight of the place, to the second."""
    malam = datetime(2026, 11, 16, jam_utc, tzinfo=UTC)  # 17 November 00.00 there
    batas = malam + timedelta(hours=23, minutes=59, seconds=59)
    detik = timedelta(seconds=1)
    assert baca.sisa_kata(batas, kode, malam - detik) == "besok"
    assert baca.sisa_kata(batas, kode, malam) == "hari ini pukul 23.59"
    assert baca.sisa_kata(batas, kode, batas) == "hari ini pukul 23.59"
    assert baca.sisa_kata(batas, kode, batas + detik) == "sudah lewat"
    assert baca.batas_kata(malam, kode).startswith("17 November 2026 pukul 00.00 ")
    akhir = datetime(2026, 12, 31, jam_utc, tzinfo=UTC)
    assert (baca.bulan(kode, akhir - detik), baca.bulan(kode, akhir)) == ("2026-12", "2027-01")


def test_spanduk_memisahkan_batas_dan_tautannya_tepat(jam, masuk):
    draf(0), draf(1, program="PBI")
    Perjalanan(nomor=2).diajukan()
    pbi, umum = baca.spanduk(orang("operator"))
    assert "PBI" in pbi.kalimat and "11 November" in pbi.kalimat and pbi.jumlah == 1
    assert umum.rincian.startswith("1 draf belum diajukan, 1 usulan belum dikirim ke Dinsos")
    klien = masuk("operator")
    for satu in (pbi, umum):
        rows = klien.get(satu.url).context["halaman"].rows
        assert len(rows) == satu.jumlah
        assert {r.program for r in rows} == ({"PBI"} if satu is pbi else {"PKH"})


def test_kueri_spanduk_tidak_tumbuh(jam):
    def hitung():
        user = orang("operator")
        with CaptureQueriesContext(connection) as q:
            baca.spanduk(user)
        return len(q)

    draf(0)
    satu = hitung()
    for n in range(1, 6):
        draf(n, program="PBI" if n % 2 else "PKH")
    assert hitung() <= satu + 1  # the second deadline's rule is asked once more


# --- reminders -----------------------------------------------------------------------------------------


def test_pengingat_tiga_dan_satu_hari_sekali_saja(jam):
    draf(0)
    for hari in range(12, 18):
        for pukul in (3, 8, 15):
            jam.move_to(wib(11, hari, pukul))
            putaran()
    batas = "Batas usulan bulan November 2026: 17 November 2026 pukul 23.59 WIB"
    assert sorted(kabar("operator")) == [
        f"{batas}, besok. 1 usulan Anda belum dikirim.",
        f"{batas}, sisa 3 hari. 1 usulan Anda belum dikirim.",
    ]
    assert kabar("operator2") == [] and kabar("verifikator") == []


def test_tanpa_yang_tersisa_tidak_ada_pengingat(jam):
    jam.move_to(wib(11, 14))
    putaran()
    assert not Pemberitahuan.objects.exists()


# --- the screens ---------------------------------------------------------------------------------------


def test_jadwal_untuk_semua_yang_berperan(jam, masuk):
    teks = masuk("operator").get(reverse("periode_daftar")).content.decode()
    assert "Jadwal bulan ini: November 2026" in teks and "Batas Anda" in teks
    assert "sudah dibuka" in teks and "sudah lewat" not in teks and "sisa 7 hari" in teks
    assert "Kepmensos 150/HUK/2022" in teks and "belum diperiksa Dinas" in teks
    assert "Ubah jadwal" not in teks
    assert "Kota Tasikmalaya" not in teks and "Kabupaten Tasikmalaya" not in teks
    assert "Ubah jadwal" in masuk("supervisor").get(reverse("periode_daftar")).content.decode()
    for buruk in ("2026-13", "x", "2026-1", "２０２６-11"):
        assert masuk("operator").get(reverse("periode_daftar"), {"periode": buruk}).status_code == 400


def isian(halaman, **ubah):
    form = halaman.context["form"]
    data = {f.html_name: f.value() for f in form}
    data = {
        k: f"{v.astimezone(WIB):%Y-%m-%dT%H:%M}" if isinstance(v, datetime) else v for k, v in data.items()
    }
    return data | {"alasan": "Surat Kemensos"} | ubah


def test_supervisor_memperpanjang_dan_desa_diberi_tahu(jam, masuk):
    jendela = Periode.objects.get(wilayah=KABUPATEN, periode="2026-11", program="")
    klien, alamat = masuk("supervisor"), reverse("periode_ubah", args=[jendela.pk])
    baru = {
        k: "2026-11-20T23:59" for k in ("tutup_input", "tutup_musdes", "tutup_verifikasi", "tutup_pengesahan")
    }
    jawab = klien.post(alamat, isian(klien.get(alamat), **baru, tarik_pusat="2026-11-21T00:00"))
    assert jawab.status_code == 302, jawab.content.decode()
    jendela.refresh_from_db()
    assert jendela.tutup_input == wib(11, 20, 23, 59, 59) and jendela.versi == 1
    perubahan = PerubahanPeriode.objects.get()
    assert perubahan.alasan == "Surat Kemensos" and perubahan.oleh.username == "supervisor"
    assert Jejak.objects.filter(aksi="ubah_periode", objek_id=str(jendela.pk)).count() == 1
    outbox._handlers["dtks.kabar_periode"].effect(Pekerjaan.objects.get(jenis="dtks.kabar_periode"))
    assert any("diperpanjang sampai 20 November 2026 pukul 23.59 WIB" in k for k in kabar("operator"))
    assert kabar("operator.lain") == []
    usulan = draf(0)
    jam.move_to(wib(11, 18))
    putaran()
    usulan.refresh_from_db()
    assert usulan.periode == "2026-11"


def test_jadwal_tidak_bisa_ditutup_mundur_atau_tanpa_alasan(jam, masuk):
    jendela = Periode.objects.get(wilayah=KABUPATEN, periode="2026-11", program="")
    jam.move_to(wib(11, 16))
    klien, alamat = masuk("supervisor"), reverse("periode_ubah", args=[jendela.pk])
    for ubah in (
        {"tutup_input": "2026-11-15T23:59"}, {"alasan": ""}, {"tutup_input": "2026-11-25T23:59"}, {"tutup_input": ""},
        {"tutup_input": "kemarin"}, {},
    ):  # fmt: skip
        jawab = klien.post(alamat, isian(klien.get(alamat), **ubah))
        assert jawab.status_code == 422, ubah
    jam.move_to(wib(11, 17, 23, 59, 59) + timedelta(seconds=1))
    with pytest.raises(GateClosed) as tolak:
        aksi.ubah(jendela, by=orang("supervisor"), momen={"tutup_input": wib(11, 25)}, alasan="x")
    assert "SUDAH_LEWAT" in {h.kode for h in tolak.value.halangan}
    jendela.refresh_from_db()
    assert jendela.versi == 0 and not PerubahanPeriode.objects.exists()


def test_halaman_lama_tidak_menimpa_perubahan_orang_lain(jam, masuk):
    jendela = Periode.objects.get(wilayah=KABUPATEN, periode="2026-12", program="")
    klien, alamat = masuk("supervisor"), reverse("periode_ubah", args=[jendela.pk])
    lama = isian(klien.get(alamat), tarik_pusat="2026-12-20T00:00")
    aksi.ubah(jendela, by=orang("supervisor"), momen={"tarik_pusat": wib(12, 19)}, alasan="Duluan")
    assert klien.post(alamat, lama).status_code == 409


@pytest.mark.parametrize(
    "username", ["operator", "lurah", "verifikator", "kadis", "supervisor.lain", "provinsi", "admin"]
)
def test_yang_lain_tidak_mengubah_jadwal(jam, masuk, username):
    jendela = Periode.objects.get(wilayah=KABUPATEN, periode="2026-11", program="")
    alamat = reverse("periode_ubah", args=[jendela.pk])
    assert masuk(username).get(alamat).status_code == 404
    assert masuk(username).post(alamat, {}).status_code == 404
    with pytest.raises(NotAllowed):
        aksi.ubah(jendela, by=orang(username), momen={"tarik_pusat": wib(11, 19)}, alasan="x")


def test_periode_ada_di_daftar_saringan(jam, masuk):
    draf(0)
    klien = masuk("operator")
    assert len(klien.get("/usulan/?periode=2026-11").context["halaman"].rows) == 1
    assert len(klien.get("/usulan/?periode=2026-12").context["halaman"].rows) == 0
    for buruk in ("periode=2026-13", "periode=kapan", "giliran=orang", "batas=besok"):
        assert klien.get(f"/usulan/?{buruk}").status_code == 400, buruk


def test_desa_melihat_jendela_kabupatennya_saja(jam):
    assert set(Periode.objects.visible_to(orang("operator")).values_list("wilayah", flat=True)) == {KABUPATEN}
    assert set(Periode.objects.visible_to(orang("provinsi")).values_list("wilayah", flat=True)) == {
        KABUPATEN, KABUPATEN_LAIN,
    }  # fmt: skip
    assert DESA.startswith(KABUPATEN)
