"""Somebody reports an officer without being known; only the inspectorate reads it; both talk by the receipt."""

import io
import json
import logging
import re
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from core.models import Jejak, Pekerjaan, Pembatas, Tantangan
from core.privacy import envelope
from pengaduan.actions import rahasia as aksi
from pengaduan.models import GangguanRahasia, KunciKantor, LampiranRahasia, LaporanRahasia, PesanRahasia
from pengaduan.models import rahasia as tabel
from pengaduan.views.rahasia import MAKS_KIRIM
from portal.demo.rahasia import pasang
from tests.bantu import rahasia as r
from tests.bantu.alur import foto, orang

pytestmark = pytest.mark.django_db
KEPALA = {"REMOTE_ADDR": "10.9.8.7", "HTTP_USER_AGENT": "HP-Pelapor/1.0", "HTTP_REFERER": "http://kantor/"}


@pytest.fixture
def kunci(db):
    return pasang(orang("inspektorat"), "32.05", r.SANDI)


def teks(jawab) -> str:
    return jawab.content.decode()


# --- the reporter -----------------------------------------------------------------------------------------


def test_lapor_dijawab_dan_dijawab_lagi_dengan_nomor(client, kunci):
    nomor = r.nomor_di(r.lapor(client, "Pak Anu minta Rp200.000.", foto=[("IMG_anu.jpg", foto())]))
    laporan = LaporanRahasia.objects.get()
    assert r.baca_semua(laporan, kunci) == [{"jenis": "pungli", "cerita": "Pak Anu minta Rp200.000."}]
    assert "Belum ada jawaban baru" in teks(r.percakapan(client, nomor))
    aksi.jawab(laporan, by=orang("inspektorat"), **r.amplop_jawaban(laporan, kunci, "Di mana kejadiannya?"))
    halaman = r.percakapan(client, f"{nomor[:4]} {nomor[4:8]}-{nomor[8:12]} {nomor[12:]}")
    assert "Di mana kejadiannya?" in teks(halaman) and "Pak Anu" not in teks(halaman)
    assert r.balas(client, halaman, "Di balai desa.").status_code == 200
    laporan.refresh_from_db()
    assert r.baca_semua(laporan, kunci)[-1] == {"cerita": "Di balai desa."} and laporan.dari_pelapor


def test_server_tidak_bisa_membaca_yang_sudah_disimpan(client, kunci):
    """With every key that the server has: its own keyring, and all rows."""
    r.lapor(client, "Kalimat yang tidak boleh terbaca.", foto=[("a.jpg", foto())])
    semua = b""
    with connection.cursor() as cursor:
        for model in (LaporanRahasia, PesanRahasia, LampiranRahasia):
            cursor.execute(f'select to_jsonb(t)::text from "{model._meta.db_table}" t')
            semua += "\n".join(b for (b,) in cursor.fetchall()).encode()
    for bentuk in (
        b"tidak boleh terbaca",
        b"tidak boleh terbaca".hex().encode(),
        b"\xff\xd8\xff".hex().encode(),
    ):
        assert bentuk not in semua
    pesan = PesanRahasia.objects.get()
    for bukan_kuncinya in (kunci.inspektur, aksi.kunci_dari("0000000000000000").pribadi):
        with pytest.raises(envelope.EnvelopeBroken):
            envelope.open_with(bukan_kuncinya, pesan.isi_kantor, f"{pesan.laporan_id}:{pesan.pk}:kantor")
    with pytest.raises(envelope.EnvelopeBroken):  # not in another place
        envelope.open_with(kunci.kantor, pesan.isi_kantor, f"{uuid4()}:{pesan.pk}:kantor")


def test_panjang_tulisan_tidak_terlihat(client, kunci):
    r.lapor(client, "Ya.")
    r.lapor(client, "Ceritanya panjang. " * 30)
    assert len({len(p.isi_kantor) for p in PesanRahasia.objects.all()}) == 1


def test_terkirim_dua_kali_tetap_satu_laporan(client, kunci):
    with time_machine.travel(timezone.now(), tick=False) as jam:
        isi = {
            "kunci": r.kunci_halaman(client.get("/lapor-rahasia/")),
            "tujuan": "32.05",
            "jenis": "lain",
            "cerita": "Sekali saja.",
        }
        jam.shift(10)
        pertama, kedua = (client.post("/lapor-rahasia/", isi) for _ in range(2))
        assert r.nomor_di(pertama) == r.nomor_di(kedua)
        assert PesanRahasia.objects.count() == 1
        ketiga = client.post("/lapor-rahasia/", isi | {"cerita": "Ada tambahan."})
    assert r.nomor_di(ketiga) == r.nomor_di(pertama) and LaporanRahasia.objects.count() == 1
    assert [p["cerita"] for p in r.baca_semua(LaporanRahasia.objects.get(), kunci)] == [
        "Sekali saja.",
        "Ada tambahan.",
    ]


def test_pesan_tambahan_terkirim_dua_kali_tetap_satu(client, kunci):
    halaman = r.percakapan(client, r.nomor_di(r.lapor(client)))
    for _ in range(2):
        assert r.balas(client, halaman, "Satu lagi.").status_code == 200
    assert PesanRahasia.objects.count() == 2


def test_formulir_yang_salah_kembali_dengan_tulisannya(client, kunci):
    jawab = r.lapor(client, "Cerita saya.", jenis="")
    assert jawab.status_code == 422 and "Cerita saya." in teks(jawab) and "Pilih satu." in teks(jawab)
    cepat = r.lapor(client, "Cerita saya.", detik=1)
    assert cepat.status_code == 422 and "Tunggu 6 detik" in teks(cepat) and "Cerita saya." in teks(cepat)
    lama = r.lapor(client, "Cerita saya.", detik=13 * 3600)
    assert lama.status_code == 422 and "terlalu lama" in teks(lama) and "Cerita saya." in teks(lama)
    assert r.kunci_halaman(lama) != "" and not LaporanRahasia.objects.exists()


def test_kunci_formulir_tidak_bisa_dikarang(client, kunci):
    isi = {"tujuan": "32.05", "jenis": "lain", "cerita": "x" * 40}
    for karangan in ("", "A" * 52, "\x00", "é" * 52):
        assert client.post("/lapor-rahasia/", isi | {"kunci": karangan}).status_code == 422
    assert not LaporanRahasia.objects.exists()


def test_nomor_salah_dan_isian_rusak(client, kunci):
    r.lapor(client)
    assert "tidak ditemukan" in teks(r.percakapan(client, "0000000000000000"))
    for nomor in ("", "123", "١" * 16, "\x00" * 16, "9" * 60, "1234-5678-9012-345x"):
        assert r.percakapan(client, nomor).status_code == 422
    assert client.post("/lapor-rahasia/balas/", {"pegangan": "karangan", "cerita": "Halo"}).status_code == 422
    assert client.get("/lapor-rahasia/balas/").status_code == 405


def test_pegangan_hanya_setengah_hari_dan_tulisannya_tidak_hilang(client, kunci):
    halaman = r.percakapan(client, r.nomor_di(r.lapor(client)))
    with time_machine.travel(timezone.now() + timedelta(hours=13)):
        jawab = r.balas(client, halaman, "Terlambat menulis.")
    assert (
        jawab.status_code == 422 and "Terlambat menulis." in teks(jawab) and PesanRahasia.objects.count() == 1
    )


def test_belum_ada_kunci_maka_tidak_ada_formulir(client):
    for jawab in (client.get("/lapor-rahasia/"), client.post("/lapor-rahasia/", {"cerita": "x"})):
        assert "belum dibuka" in teks(jawab) and "<form" not in teks(jawab)


def test_orang_inspektorat_yang_dilaporkan_dialihkan_ke_provinsi(client, kunci, inspektur):
    prov = inspektur("prov", "INSPEKTUR_PROV", "32")
    kunci_prov = pasang(prov, "32", r.SANDI)
    halaman = teks(client.get("/lapor-rahasia/"))
    assert "Inspektorat Kabupaten Garut" in halaman and "Inspektorat Provinsi Jawa Barat" in halaman
    r.lapor(client, "Inspekturnya sendiri.", tujuan="32")
    laporan = LaporanRahasia.objects.get()
    assert r.baca_semua(laporan, kunci_prov)[0]["cerita"] == "Inspekturnya sendiri."
    assert not LaporanRahasia.objects.visible_to(orang("inspektorat")).exists()
    assert LaporanRahasia.objects.visible_to(prov).get() == laporan


def test_terlalu_banyak_sehari_ditahan_dengan_kalimat(client, kunci, settings):
    ubah_batas(laporan_sehari=1, pesan_sehari=2)
    halaman = r.percakapan(client, r.nomor_di(r.lapor(client)))
    penuh = r.lapor(client, "Yang kedua.")
    assert penuh.status_code == 422 and "kirim besok" in teks(penuh) and "Yang kedua." in teks(penuh)
    assert r.balas(client, halaman, "Satu.").status_code == 200
    assert "Lanjutkan besok" in teks(r.balas(client, halaman, "Dua."))
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert r.lapor(client, "Yang kedua.").status_code == 200


def ubah_batas(**nilai):
    with transaction.atomic(), connection.cursor() as c:
        c.execute(
            "update core_ketentuan set nilai = nilai || %s where kunci = 'rahasia.batas'", [json.dumps(nilai)]
        )


# --- nothing is known of who asks -------------------------------------------------------------------------------


def test_tanpa_kue_tanpa_skrip_tanpa_berkas_lain(client, kunci):
    for jawab in (
        client.get("/lapor-rahasia/"),
        r.lapor(client),
        client.get("/lapor-rahasia/baca/"),
        client.get("/lapor-rahasia/selesai/"),
    ):
        assert not jawab.cookies and "X-Request-Id" not in jawab
        assert "no-store" in jawab["Cache-Control"] and jawab["Referrer-Policy"] == "no-referrer"
        assert (
            "default-src 'none'" in jawab["Content-Security-Policy"]
            and "unsafe" not in jawab["Content-Security-Policy"]
        )
        isi = teks(jawab)
        assert "<script" not in isi and "csrfmiddlewaretoken" not in isi
        assert not re.search(r'(?:src|href)="(?:https?:)?//|<link rel="stylesheet"|<img|url\(', isi)
        assert len(jawab.content) < 15_000
    assert r.lapor(client)["Clear-Site-Data"] == '"cache"'


def test_petugas_yang_sedang_masuk_tidak_ditandai(masuk, kunci):
    """His session neither learns of the visit nor is it ended by it."""
    petugas = masuk("verifikator")
    petugas.get("/dasbor/")
    sebelum = list(Session.objects.values_list())
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        jawab = r.lapor(petugas)
    assert jawab.status_code == 200 and not jawab.cookies
    assert list(Session.objects.values_list()) == sebelum


def test_yang_tidak_ditulis(client, kunci):
    """No act, no job, no counter, no used challenge; and the pages that only show write nothing at all."""
    sebelum = (
        Jejak.objects.count(),
        Pekerjaan.objects.count(),
        Pembatas.objects.count(),
        Tantangan.objects.count(),
    )
    with CaptureQueriesContext(connection) as q:
        client.get("/lapor-rahasia/", **KEPALA)
    assert not [s for s in q.captured_queries if not s["sql"].startswith("SELECT")]
    nomor = r.nomor_di(r.lapor(client, **KEPALA))
    r.balas(client, r.percakapan(client, nomor, **KEPALA), "Lagi.", **KEPALA)
    assert sebelum == (
        Jejak.objects.count(),
        Pekerjaan.objects.count(),
        Pembatas.objects.count(),
        Tantangan.objects.count(),
    )


def test_baris_hanya_tahu_harinya():
    semua = [
        m
        for m in vars(tabel).values()
        if isinstance(m, type) and issubclass(m, models.Model) and m.__module__ == tabel.__name__
    ]
    assert len(semua) == 7
    for model in semua:
        for kolom in model._meta.concrete_fields:
            assert not isinstance(
                kolom,
                models.DateTimeField | models.TimeField | models.GenericIPAddressField | models.FileField,
            ), kolom
            assert not isinstance(kolom, models.AutoField), kolom  # a serial number is a clock
    assert uuid4().version == LaporanRahasia().pk.version == PesanRahasia().pk.version == 4


def test_permintaan_ke_saluran_ini_tidak_meninggalkan_baris_log(client, kunci):
    """Every kind of answer, a crash among them; elsewhere the same answers do leave lines."""
    konsol = next(h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler)
    asli, konsol.stream = konsol.stream, io.StringIO()
    try:
        client.get("/lapor-rahasia/tidak-ada/")
        client.get("/lapor-rahasia/balas/")
        r.percakapan(client, "1")
        r.lapor(client, detik=0)
        KunciKantor.objects.update(publik=b"x" * 65)
        assert r.lapor(client, "Kenari galat.").status_code == 500
        assert konsol.stream.getvalue() == ""
        client.get("/tidak-ada/")
        assert "/tidak-ada/" in konsol.stream.getvalue()
    finally:
        konsol.stream = asli


def test_gangguan_dihitung_per_hari_dan_pelapor_tahu_belum_tersimpan(client, kunci):
    KunciKantor.objects.update(publik=b"x" * 65)
    for _ in range(2):
        jawab = r.lapor(client, "Kenari galat.")
        assert jawab.status_code == 500 and "belum tersimpan" in teks(jawab)
    assert GangguanRahasia.objects.get().jumlah == 2 and not LaporanRahasia.objects.exists()


def test_ramai_diberi_tahu_dan_tidak_menunggu_selamanya(client, kunci, monkeypatch):
    monkeypatch.setattr(aksi, "_TUNGGU_ARGON", 0.05)
    with aksi._ARGON, aksi._ARGON:
        jawab = r.percakapan(client, "0000000000000000")
    assert jawab.status_code == 503 and "Tunggu satu menit" in teks(jawab)


# --- photos ----------------------------------------------------------------------------------------------------------


def test_foto_dibersihkan_dan_tidak_menyentuh_cakram(client, kunci, settings, tmp_path):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "tidak-ada")  # spooling would fail here
    exif = Image.Exif()
    exif[0x010F] = "KenariMerek"
    exif[0x9286] = "KenariCatatan"
    buat = io.BytesIO()
    Image.new("RGB", (900, 700), (90, 120, 40)).save(buat, "JPEG", exif=exif, comment=b"KenariKomentar")
    assert b"Kenari" in buat.getvalue()
    r.nomor_di(r.lapor(client, foto=[("KenariNama.jpg", buat.getvalue()), ("b.png", foto())]))
    hasil = r.foto_lampiran(LaporanRahasia.objects.get(), kunci)
    assert len(hasil) == 2 and all(h.startswith(b"\xff\xd8\xff") for h in hasil)
    assert not any(b"Kenari" in h or b"Exif" in h for h in hasil)


@pytest.mark.parametrize(
    ("nama", "isi"),
    [("a.jpg", b"bukan foto"), ("a.jpg", b""), ("a.svg", b"<svg onload=alert(1)>"), ("a.pdf", b"%PDF-1.4 /JavaScript"), ("a.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 500)],
)  # fmt: skip
def test_berkas_yang_bukan_foto_ditolak_dengan_kalimat(client, kunci, nama, isi):
    jawab = r.lapor(client, "Cerita saya.", foto=[(nama, isi)])
    assert jawab.status_code == 422 and "Cerita saya." in teks(jawab) and nama not in teks(jawab)
    assert not LaporanRahasia.objects.exists()


def test_kiriman_terlalu_besar_dan_terpotong(client, kunci):
    besar = client.post(
        "/lapor-rahasia/", {"cerita": "x", "foto": [SimpleUploadedFile("a.jpg", b"\xff" * 16_000_000)]}
    )
    assert besar.status_code == 413 and "satu per satu" in teks(besar)
    rusak = client.post(
        "/lapor-rahasia/",
        b"--x\r\nbukan multipart",
        content_type="multipart/form-data; boundary=" + "x" * 300,
    )
    assert rusak.status_code in (400, 422)
    banyak = r.lapor(client, foto=[(f"{n}.jpg", foto()) for n in range(4)])
    assert banyak.status_code == 422 and "Paling banyak 3 foto" in teks(banyak)


# --- the desk ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def inspektur(db):
    """`inspektur("dua", "INSPEKTORAT", "32.05")` is one more inspector, a person of his own."""
    return r.buat_pengguna


def buka_meja(klien: Client, kunci) -> None:
    """What rahasia.js does with the right passphrase."""
    bekal = json.loads(
        re.search(
            r'id="rahasia-bekal" type="application/json">(.*?)</script>',
            teks(klien.get("/pengaduan/rahasia/")),
        )[1]
    )
    jawab = klien.post("/pengaduan/rahasia/buka/", r.bukti(bekal, kunci))
    assert jawab.status_code == 200, teks(jawab)


@pytest.fixture
def resmi(settings):
    settings.DEMO = True  # the second factor has tests of its own


def test_inspektur_membuka_menjawab_menutup(client, masuk, kunci, resmi):
    nomor = r.nomor_di(r.lapor(client, foto=[("a.jpg", foto())]))
    laporan = LaporanRahasia.objects.get()
    klien = masuk("inspektorat")
    buka_meja(klien, kunci)
    assert laporan.sebutan in teks(klien.get("/pengaduan/rahasia/daftar/"))
    halaman = teks(klien.get(f"/pengaduan/rahasia/{laporan.pk}/"))
    foto_pk = LampiranRahasia.objects.get().pk
    amplop = klien.get(f"/pengaduan/rahasia/{laporan.pk}/lampiran/{foto_pk}/").content
    assert (
        str(foto_pk) in halaman
        and envelope.open_with(kunci.kantor, amplop, f"{laporan.pk}:{foto_pk}:lampiran")[:2] == b"\xff\xd8"
    )
    kiriman = r.kiriman_jawaban(laporan, kunci, "Terima kasih.")
    for _ in range(2):  # the answer got lost on the way: sent again it is one
        assert (
            klien.post(f"/pengaduan/rahasia/{laporan.pk}/jawab/", {"isi": json.dumps(kiriman)}).status_code
            == 200
        )
    assert PesanRahasia.objects.filter(dari="inspektorat").count() == 1
    assert klien.post(f"/pengaduan/rahasia/{laporan.pk}/tutup/", {"isi": "{}"}).status_code == 200
    dibuka = teks(r.percakapan(client, nomor))
    assert "Terima kasih." in dibuka and "menutup laporan ini" in dibuka


def test_jawaban_yang_tidak_tersandi_ditolak(client, masuk, kunci, resmi):
    r.lapor(client)
    laporan = LaporanRahasia.objects.get()
    klien = masuk("inspektorat")
    buka_meja(klien, kunci)
    baik = r.kiriman_jawaban(laporan, kunci, "x")
    for buruk in (
        {"isi_kantor": "UG9sb3M="},
        {"isi_pelapor": "%%%"},
        {"kantor": str(uuid4())},
        {"id": "x"},
        {"isi_kantor": None},
    ):
        assert (
            klien.post(
                f"/pengaduan/rahasia/{laporan.pk}/jawab/", {"isi": json.dumps(baik | buruk)}
            ).status_code
            == 422
        )
    assert PesanRahasia.objects.count() == 1


def test_kata_sandi_akun_saja_tidak_menunjukkan_apa_pun(client, masuk, kunci, resmi):
    """Somebody took over the inspector's account: with reports or without, he sees the same locked door."""
    klien = masuk("inspektorat")
    ganti = re.compile(
        r'csrfmiddlewaretoken" value="\w+"|X-CSRFToken[^}]+|"tantangan": "[^"]+"|"tiket": "[^"]+"'
    )
    sebelum = ganti.sub("", teks(klien.get("/pengaduan/rahasia/")))
    r.lapor(client)
    assert ganti.sub("", teks(klien.get("/pengaduan/rahasia/"))) == sebelum
    laporan = LaporanRahasia.objects.get()
    for alamat in ("daftar/", f"{laporan.pk}/", f"{uuid4()}/", f"{laporan.pk}/lampiran/{uuid4()}/"):
        jawab = klien.get(f"/pengaduan/rahasia/{alamat}")
        assert jawab.status_code == 302 and jawab["Location"] == "/pengaduan/rahasia/"
    for isi in ({}, {"jawab": "AAAA", "tiket": "karangan"}, {"jawab": "%", "tiket": ""}):
        assert klien.post("/pengaduan/rahasia/buka/", isi).status_code == 422
    assert klien.get("/pengaduan/rahasia/daftar/").status_code == 302


def test_bukti_kunci_habis_sesudah_setengah_jam(client, masuk, kunci, resmi):
    klien = masuk("inspektorat")
    buka_meja(klien, kunci)
    assert klien.get("/pengaduan/rahasia/daftar/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=29)):
        assert klien.get("/pengaduan/rahasia/daftar/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert klien.get("/pengaduan/rahasia/daftar/").status_code == 302


def test_inspektur_kedua_menunggu_kunci_dari_yang_pertama(client, kunci, inspektur):
    r.lapor(client)
    dua, satu = inspektur("dua", "INSPEKTORAT", "32.05"), orang("inspektorat")
    kunci_dua = r.daftar(dua)
    lihat = LaporanRahasia.objects.visible_to
    assert not lihat(dua).exists()
    with pytest.raises(aksi.NotAllowed):  # he cannot give it to himself
        r.bagikan(dua, kunci, kunci_dua)
    r.bagikan(satu, kunci, kunci_dua)
    assert lihat(r.segar(dua)).count() == 1
    salinan = kunci_dua.salinan_terbuka("32.05")
    assert envelope.public_bytes(salinan.public_key()) == kunci.kantor_publik
    r.cabut(satu, kunci_dua)
    assert not lihat(r.segar(dua)).exists()


def test_kunci_terakhir_tidak_bisa_dicabut(kunci):
    with pytest.raises(aksi.GateClosed):
        r.cabut(orang("inspektorat"), kunci)


def test_ganti_kunci_kantor_laporan_lama_tetap_terbaca(client, kunci):
    nomor = r.nomor_di(r.lapor(client, "Sebelum ganti."))
    baru = r.ganti(orang("inspektorat"), kunci)
    r.balas(client, r.percakapan(client, nomor), "Sesudah ganti.")
    satu, dua = PesanRahasia.objects.order_by("urut")

    def buka(pribadi, p):
        return json.loads(envelope.open_with(pribadi, p.isi_kantor, f"{p.laporan_id}:{p.pk}:kantor"))[
            "cerita"
        ]

    assert (buka(kunci.kantor, satu), buka(baru, dua)) == ("Sebelum ganti.", "Sesudah ganti.")
    with pytest.raises(envelope.EnvelopeBroken):
        buka(kunci.kantor, dua)
    assert KunciKantor.objects.filter(sampai__isnull=True).get().dibuat_oleh == orang("inspektorat")


def test_orang_yang_merangkap_tugas_lain_tidak_membuka(client, kunci, inspektur):
    """By person, not by account: a second account of the same person in the Dinas closes the line to him."""
    r.lapor(client)
    satu = orang("inspektorat")
    assert LaporanRahasia.objects.visible_to(satu).exists()
    r.buat_pengguna("samaran", "VERIFIKATOR", "32.05", orang=satu.orang)
    assert not LaporanRahasia.objects.visible_to(r.segar(satu)).exists()


def test_tidak_ada_yang_lain_tahu_ada_laporan(client, masuk, kunci, resmi):
    """Pages with counts, trails, jobs and notices of everybody else: the same bytes before and after a report."""
    halaman = ("/dasbor/", "/laporan/", "/jejak/", "/pekerjaan/", "/pemberitahuan/")
    ganti = re.compile(r'csrfmiddlewaretoken" value="\w+"|X-CSRFToken[^}]+|kunci_kirim" value="[^"]+"')
    siapa = {n: masuk(n) for n in ("admin", "kadis", "verifikator", "operator", "inspektorat")}
    with time_machine.travel(timezone.now(), tick=False):
        for klien in siapa.values():
            klien.get("/dasbor/")
        sebelum = {(n, a): ganti.sub("", teks(k.get(a))) for n, k in siapa.items() for a in halaman}
        aksi.kirim(benih="b", wilayah="32.05", isi={"cerita": "x"}, foto=[foto()])
        sesudah = {(n, a): ganti.sub("", teks(k.get(a))) for n, k in siapa.items() for a in halaman}
    assert [k for k in sebelum if sebelum[k] != sesudah[k]] == []
    for nama in set(siapa) - {"inspektorat"}:
        for alamat in ("", "daftar/", "kunci/", f"{LaporanRahasia.objects.get().pk}/"):
            assert siapa[nama].get(f"/pengaduan/rahasia/{alamat}").status_code == 404


# --- what raw SQL may not -------------------------------------------------------------------------------------------------


def test_isi_tidak_bisa_diubah_dihapus_atau_ditulis_polos(client, kunci):
    r.lapor(client)
    laporan, pesan = LaporanRahasia.objects.get(), PesanRahasia.objects.get()
    for buruk in (
        lambda: PesanRahasia.objects.update(isi_kantor=pesan.isi_kantor),
        lambda: PesanRahasia.objects.all().delete(),
        lambda: LaporanRahasia.objects.all().delete(),
        lambda: LaporanRahasia.objects.update(wilayah="32.06"),
        lambda: LaporanRahasia.objects.update(publik=b"x" * 65),
        lambda: PesanRahasia.objects.create(laporan=laporan, urut=9, dari="pelapor", kantor_id=kunci.kantor_id, hari=date(2026, 1, 1),
                                            isi_kantor=b"Pak Anu minta uang " * 100, sidik=b"1"),
        lambda: LampiranRahasia.objects.create(pesan=pesan, urut=9, isi=foto() * 9),
    ):  # fmt: skip
        with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
            buruk()


def test_musnah_sesudah_masa_simpan_hanya_yang_ditutup(client, kunci):
    terbuka, tutup = (
        LaporanRahasia.objects.get(tanda=aksi.kunci_dari(r.nomor_di(r.lapor(client))).tanda) for _ in range(2)
    )
    aksi.tutup(tutup, by=orang("inspektorat"))
    with time_machine.travel(timezone.now() + timedelta(days=1824)):
        aksi.musnahkan()
        assert LaporanRahasia.objects.count() == 2
    with time_machine.travel(timezone.now() + timedelta(days=1827)):
        aksi.musnahkan()
        assert list(LaporanRahasia.objects.all()) == [terbuka] and PesanRahasia.objects.count() == 1


def test_pelapor_menulis_lagi_membuka_laporan_yang_ditutup(client, kunci):
    nomor = r.nomor_di(r.lapor(client))
    laporan = LaporanRahasia.objects.get()
    aksi.tutup(laporan, by=orang("inspektorat"))
    r.balas(client, r.percakapan(client, nomor), "Terjadi lagi.")
    laporan.refresh_from_db()
    assert laporan.ditutup is None and laporan.dari_pelapor


# --- what stands in front of us -----------------------------------------------------------------------------------------------


def test_proksi_dan_server_tidak_mencatat_saluran_ini():
    """deploy/nginx.conf keeps the path out of its log and off its disk; no gunicorn of ours writes an access log."""
    akar = Path(__file__).resolve().parents[2]
    nginx = (akar / "deploy/nginx.conf").read_text()
    blok = re.search(r"location ~\* \^/lapor-rahasia \{\n(.*?)\n        \}", nginx, re.S)[1]
    for harus in (
        "access_log off;",
        "client_body_in_file_only off;",
        "proxy_max_temp_file_size 0;",
        'X-Forwarded-For "";',
        'User-Agent "";',
        'Cookie "";',
        'Referer "";',
    ):
        assert harus in blok
    assert re.search(r"location /pengaduan/rahasia \{\s*access_log off;", nginx)
    ukuran = dict(re.findall(r"(client_max_body_size|client_body_buffer_size) (\d+)m;", blok))
    assert (
        int(ukuran["client_body_buffer_size"]) >= int(ukuran["client_max_body_size"]) > MAKS_KIRIM / 1_000_000
    )
    for berkas in ("Dockerfile", "docker-compose.yml", "config/management/commands/jalan.py"):
        assert not re.search(r"access-log|accesslog|--capture-output", (akar / berkas).read_text()), berkas
    assert settings.MIDDLEWARE[0] == "core.middleware.SealedPathMiddleware"
    assert reverse("rahasia_lapor").startswith(settings.SEALED_PATHS)
