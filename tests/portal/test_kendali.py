"""The inspectorate sees haste, favours and refused attempts; the auditor's pack proves itself without the portal."""

import io
import subprocess
import sys
import zipfile
from collections import Counter
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Pemberitahuan
from core import anchors, files, outbox, penolakan
from core.models import Berkas, Jejak, Ketentuan
from core.web import act
from core.workflow import NotAllowed
from dtks.actions import usulan as langkah
from dtks.models import BukaKasus, RiwayatUsulan, Usulan
from portal.actions import ringkasan
from portal.queries import kata_jejak
from portal.queries.jejak import id_sejak
from portal.queries.laporan.dasar import Lingkup
from portal.queries.laporan.kendali import PER_KODE
from tests.bantu import acak, alur
from tests.bantu.alur import orang
from tests.bantu.pemain import DESA, KABUPATEN

KINI = f"{timezone.localdate():%Y-%m}"
TEMPAT = Lingkup((KABUPATEN,), KINI)


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True


def isi(response) -> str:
    return unescape(response.content.decode())


def cari(kode: str, tempat: Lingkup = TEMPAT) -> list[list[str]]:
    return [b for b, _ in PER_KODE[kode].cari(tempat).baris]


@pytest.mark.django_db
def test_penolakan_empat_mata_tercatat_dan_dilaporkan(masuk, sampai):
    p = sampai("diases")
    u = p.usulan
    c = masuk("kadis")  # may endorse, not verify
    for _ in range(2):
        jawab = c.post(f"/usulan/{u.pk}/langkah/verifikasi/", {"versi": u.versi})
    assert jawab.status_code == 403
    j = Jejak.objects.filter(aksi="penolakan").order_by("id").first()
    assert (j.objek_id, j.aktor_nama, j.wilayah[:13], j.rincian["langkah"]) == (
        str(u.pk),
        "kadis",
        DESA,
        "verifikasi",
    )
    assert RiwayatUsulan.objects.filter(usulan=u, langkah="verifikasi").count() == 0
    (baris, *_) = cari("penolakan")
    assert baris[1] == "kadis" and "bukan wewenang Anda" in baris[3]
    assert "bukan wewenang Anda" in isi(masuk("inspektorat").get("/laporan/kendali/penolakan/"))


@pytest.mark.django_db
def test_penolakan_tidak_memenuhi_jejak(rf, sampai):
    u = sampai("diases").usulan
    request = rf.post("/")
    request.user = orang("kadis")
    request._messages = type("M", (), {"add": lambda *a, **k: None})()
    for _ in range(penolakan.SEJAM + 5):
        assert act(request, lambda: langkah.verifikasi(u, by=request.user)) is None
    assert Jejak.objects.filter(aksi="penolakan").count() == penolakan.SEJAM
    with pytest.raises(NotAllowed):
        langkah.verifikasi(u, by=orang("kadis"))


@pytest.mark.django_db
def test_putusan_cepat_massal_dan_luar_jam_sama_dengan_hitungan_sendiri():
    acak.isi(7, [DESA], [KINI], keluarga=60)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        semua = list(RiwayatUsulan.objects.order_by("pk"))
        awal = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        for n, r in enumerate(semua):
            r.langkah = ("verifikasi", "sahkan", "ajukan")[n % 3]
            r.pada = awal + timedelta(minutes=n * 7 % 40_000, seconds=n)
        RiwayatUsulan.objects.bulk_update(semua, ["langkah", "pada"])
        cursor.execute("set local session_replication_role = origin")
    lalu = {(r.usulan_id, r.urut): r for r in semua}
    cepat = 0
    for r in semua:
        sebelum = lalu.get((r.usulan_id, r.urut - 1))
        if r.langkah in ("verifikasi", "sahkan") and sebelum and (r.pada - sebelum.pada).total_seconds() < 60:
            cepat += 1
    luar = Counter()
    for r in semua:
        lokal = timezone.localtime(r.pada)
        if not "07:00" <= f"{lokal:%H:%M}" < "18:00" or lokal.weekday() > 4:
            luar[kata_jejak.langkah(r.langkah)] += 1
    assert len(cari("cepat")) >= cepat > 0
    jumlah = Counter({b[1]: int(b[2]) for b in cari("luar-jam")})
    assert all(jumlah[k] >= n for k, n in luar.items()) and sum(luar.values()) > 20
    assert cari("massal") == []
    Ketentuan.objects.filter(kunci="kendali.massal").update(nilai={"jumlah": 3, "detik": 100_000})
    assert cari("massal", Lingkup((KABUPATEN,), KINI))


@pytest.mark.django_db
def test_dibuka_sekejap_lalu_menunggu_tetap_terlalu_cepat(sampai):
    """Opened for 3 seconds, decided in bulk ten minutes later: what counts is the time on the screen."""
    u = sampai("terverifikasi").usulan
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        RiwayatUsulan.objects.filter(usulan=u).update(pada=timezone.now() - timedelta(minutes=20))
        putusan = RiwayatUsulan.objects.filter(usulan=u, langkah="verifikasi")
        BukaKasus.objects.create(usulan=u, pengguna=orang("verifikator"), versi=putusan.get().urut - 1)
        BukaKasus.objects.filter(usulan=u).update(pada=timezone.now() - timedelta(minutes=10))
        putusan.update(pada=timezone.now())
        cursor.execute("set local session_replication_role = origin")
        assert cari("cepat") == []
        for detik, terdaftar in ((3, True), (600, False)):
            cursor.execute("set local session_replication_role = replica")
            putusan.update(
                rincian={"cara": "massal", "buka": {"pada": "2026-11-22T00:00:00+00:00", "detik": detik}}
            )
            cursor.execute("set local session_replication_role = origin")
            assert bool(cari("cepat")) is terdaftar


@pytest.mark.django_db
def test_tiga_orang_yang_sama_jauh_di_atas_kebetulan():
    acak.isi(8, [DESA], [KINI], keluarga=80)
    petugas = [
        orang(x).orang for x in ("tksk", "tksk2", "verifikator", "verifikator2", "kadis", "supervisor")
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        for n, u in enumerate(Usulan.objects.order_by("pk")[:60]):
            sama = n < 30
            u.asesor_orang, u.verifikator_orang = petugas[0 if sama else 1], petugas[2 if sama else 3]
            u.pengesah_orang = petugas[4 if sama else 5]
            u.save()
            RiwayatUsulan.objects.create(
                usulan=u, urut=99, langkah="sahkan", dari="terverifikasi", ke="disahkan", pada=timezone.now()
            )
        cursor.execute("set local session_replication_role = origin")
    hasil = cari("trio")
    assert {(b[0], b[3]) for b in hasil} == {(petugas[0].nama, "30"), (petugas[1].nama, "30")}
    Ketentuan.objects.filter(kunci="kendali.trio").update(nilai={"minimal": 31, "lipat": 2})
    assert not cari("trio", Lingkup((KABUPATEN,), KINI))


@pytest.mark.django_db
def test_nomor_yang_dibuka_dan_daftar_yang_diunduh(masuk, sampai):
    sampai("diajukan")
    ringkasan.segarkan()
    masuk("kadis").post("/laporan/usulan/unduh/", {"format": "xlsx"})
    (baris,) = cari("nomor")
    assert baris[1] == "kadis" and baris[3] == "Laporan usulan"
    assert id_sejak(timezone.now() + timedelta(hours=1)) > Jejak.objects.latest("id").id


@pytest.mark.django_db
def test_petugas_yang_mengerjakan_keluarganya_sendiri(sampai):
    u = sampai("diases").usulan
    assert cari("kerabat") == []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(
            "update dtks_individu set nik_indeks = (select nik_indeks from accounts_orang where id = %s) "
            "where id = (select id from dtks_individu where keluarga_id = %s limit 1)",
            [u.asesor_orang_id, u.keluarga_id],
        )
        cursor.execute("set local session_replication_role = origin")
    assert {b[0] for b in cari("kerabat")} == {u.tiket}


@pytest.mark.django_db
def test_hanya_pembaca_jejak_yang_membuka_kendali(masuk):
    assert masuk("kadis").get("/laporan/kendali/").status_code == 403
    assert masuk("provinsi").get("/laporan/kendali/trio/").status_code == 403
    c = masuk("inspektorat")
    for k in PER_KODE:
        assert c.get(f"/laporan/kendali/{k}/").status_code == 200
        assert c.post(f"/laporan/kendali/{k}/unduh/").status_code == 200
    assert c.get("/laporan/kendali/?wilayah=32.06").status_code == 404
    assert c.get("/laporan/kendali/lain/").status_code == 404


def test_paket_auditor_membuktikan_dirinya_tanpa_portal(db_nyata, tmp_path):
    alur.sampai("terverifikasi")
    anchors.export()
    ringkasan.segarkan()
    c = Client()
    c.force_login(orang("inspektorat"), backend="django.contrib.auth.backends.ModelBackend")
    assert c.post("/laporan/kendali/paket/", {"wilayah": KABUPATEN, "periode": KINI}).status_code == 302
    while outbox.work():
        pass
    berkas = Berkas.objects.get(jenis="paket_audit")
    jejak = Jejak.objects.get(aksi="paket_audit")
    assert jejak.rincian["sha256"] == bytes(berkas.sha256).hex() and jejak.aktor_nama == "inspektorat"
    assert Pemberitahuan.objects.filter(
        pengguna=orang("inspektorat"), kalimat__startswith="Paket auditor"
    ).exists()
    alamat = f"/laporan/kendali/paket/{berkas.pk}/"
    assert alamat in isi(c.get("/laporan/kendali/")) and c.get(alamat).status_code == 405
    jawab = c.post(alamat)
    (unduh,) = Jejak.objects.filter(aksi="ekspor", rincian__daftar="kendali.paket")
    assert (unduh.aktor_nama, unduh.rincian["berkas"]) == ("inspektorat", str(berkas.pk))
    assert unduh.rincian["sha256"] == jejak.rincian["sha256"]
    with zipfile.ZipFile(io.BytesIO(jawab.content)) as arsip:
        arsip.extractall(tmp_path)
    nama = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert {
        "BACA-SAYA.txt",
        "periksa.py",
        "putusan.csv",
        "segel.csv",
        "laporan/umur.pdf",
        "kendali/cepat.csv",
    } <= nama
    assert "terverifikasi" in (tmp_path / "putusan.csv").read_text()

    def periksa() -> tuple[int, str]:
        hasil = subprocess.run(
            [sys.executable, "-I", "periksa.py"], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        return hasil.returncode, hasil.stdout + hasil.stderr

    kode, kata = periksa()
    assert kode == 0 and kata.startswith("Baik: ") and " 0 jangkar" not in kata, kata
    segel = tmp_path / "segel.csv"
    asli = segel.read_bytes()
    segel.write_bytes(asli.replace(f"{KABUPATEN},1,".encode(), f"{KABUPATEN},2,".encode(), 1))
    assert periksa()[0] == 1
    segel.write_bytes(asli)
    assert periksa()[0] == 0
    assert files.read(berkas) == jawab.content
