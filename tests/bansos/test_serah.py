"""Data for other offices: asked, approved by another person, handed over once with a number, a hash and a mark on every row."""

import csv
import hashlib
import io
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from bansos.actions import serah
from bansos.models import PermintaanData, Program, SerahData
from core import documents
from core.models import Berkas, Dokumen, Jejak
from core.workflow import GateClosed, NotAllowed, NotOpen
from portal.demo import serah as contoh
from tests.bantu.alur import PDF
from tests.bantu.daftar import daftar_sah, keluarga_banyak
from tests.bantu.pemain import KABUPATEN, KABUPATEN_LAIN
from tests.core.test_pdf import tulisan
from wilayah.models import Wilayah

pytestmark = pytest.mark.django_db
PROGRAM = "APBD-LANSIA"


def minta(cast, hari=30, by="supervisor", wilayah=KABUPATEN):
    isi = serah.IsiPermintaan(
        "BPJS Kesehatan", "Siti, Kepala Cabang", "Mencocokkan peserta", "PKS/12/2026", PDF, timezone.localdate() + timedelta(days=hari)
    )  # fmt: skip
    return serah.minta(
        by=cast(by), program=Program.objects.get(pk=PROGRAM), wilayah=Wilayah.objects.get(pk=wilayah), isi=isi
    )


@pytest.fixture
def disetujui(cast):
    return serah.putus(minta(cast), by=cast("kadis"), setuju=True)


@pytest.fixture
def daftar(cast):
    return daftar_sah(PROGRAM, "2026-4", keluarga_banyak(6), layak=4)


def test_dari_permintaan_sampai_berkas_yang_bisa_ditelusuri(cast, disetujui, daftar, capsys):
    satu = serah.serahkan(disetujui, by=cast("supervisor"), daftar=daftar)
    isi, nama = serah.ambil(satu, by=cast("supervisor"))
    assert hashlib.sha256(isi).digest() == bytes(satu.sha256) and satu.jumlah == 4 and nama.endswith(".csv")
    teks = isi.decode("utf-8-sig")
    baris = list(csv.DictReader(io.StringIO(teks.split("\r\n\r\n")[0])))
    assert len(baris) == 4 and tuple(baris[0]) == serah.JUDUL
    assert satu.nomor in teks and "BPJS Kesehatan" in teks and "PKS/12/2026" in teks
    assert "nik" not in teks.lower().replace("teknik", "") and "desil" not in teks.lower()
    lain = serah.serahkan(disetujui, by=cast("supervisor"), daftar=daftar)
    assert lain.urut == satu.urut + 1 and bytes(lain.sha256) != bytes(satu.sha256)
    call_command("telusuri_serah", baris[2]["tanda"])
    assert satu.nomor in capsys.readouterr().out
    assert Jejak.objects.filter(aksi="serahkan_data", rincian__jumlah=4).count() == 2


def test_yang_mencatat_tidak_menyetujui_dan_tanpa_setuju_tidak_ada_yang_keluar(cast, daftar):
    satu = minta(cast)
    for by in ("supervisor", "verifikator", "operator", "kadis.lain"):
        with pytest.raises(NotAllowed):
            serah.putus(satu, by=cast(by), setuju=True)
    with pytest.raises(NotAllowed):
        serah.serahkan(satu, by=cast("supervisor"), daftar=daftar)
    with pytest.raises(GateClosed):
        serah.putus(satu, by=cast("kadis"), setuju=False, alasan=" ")
    serah.putus(satu, by=cast("kadis"), setuju=False, alasan="Tujuannya tidak jelas.")
    with pytest.raises(NotOpen):
        serah.putus(satu, by=cast("kadis"), setuju=True)
    assert not SerahData.objects.exists()


def test_sql_langsung_pun_tidak_bisa(cast, disetujui, daftar):
    belum = minta(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        SerahData.objects.create(
            permintaan=belum, daftar=daftar, nomor="x", urut=9, tanggal=timezone.localdate(), jumlah=1, sha256=b"1", hingga=timezone.now(), by=cast("supervisor")
        )  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        PermintaanData.objects.filter(pk=disetujui.pk).update(tujuan="lain")
    with pytest.raises(DatabaseError), transaction.atomic():
        orang = belum.diminta_orang
        PermintaanData.objects.filter(pk=belum.pk).update(status="disetujui", diputus_orang=orang)
    satu = serah.serahkan(disetujui, by=cast("supervisor"), daftar=daftar)
    with pytest.raises(DatabaseError), transaction.atomic():
        SerahData.objects.filter(pk=satu.pk).update(jumlah=3)


def test_berkas_diambil_satu_kali_oleh_yang_menyerahkan_dan_hilang_sesudah_waktunya(cast, disetujui, daftar):
    satu = serah.serahkan(disetujui, by=cast("supervisor"), daftar=daftar)
    with pytest.raises(NotAllowed):
        serah.ambil(satu, by=cast("kadis"))
    serah.ambil(satu, by=cast("supervisor"))
    with pytest.raises(NotOpen):
        serah.ambil(satu, by=cast("supervisor"))
    assert serah.buang() == 0
    pk = satu.berkas_id
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert serah.buang() == 1
    assert not Berkas.objects.filter(pk=pk).exists()


def test_daftar_lain_atau_masa_lewat_tidak_diserahkan(cast, disetujui, daftar):
    lain = daftar_sah("PKH", "2026-4", keluarga_banyak(2, awal=50), layak=1)
    with pytest.raises(GateClosed):
        serah.serahkan(disetujui, by=cast("supervisor"), daftar=lain)
    with pytest.raises(GateClosed):
        minta(cast, hari=-1)
    with pytest.raises(NotAllowed):
        minta(cast, wilayah=KABUPATEN_LAIN)


def test_di_layar_dari_awal_sampai_akhir(masuk, daftar, settings):
    settings.DEMO = True  # the second factor has tests of its own
    k, kadis = masuk("supervisor"), masuk("kadis")
    jawab = k.get("/serah/baru/")
    assert jawab.status_code == 200, (jawab.status_code, jawab.headers)
    halaman = jawab.content.decode()
    assert "perjanjian" in halaman
    isi = {
        "wilayah": KABUPATEN, "program": PROGRAM, "instansi": "BPJS", "penerima": "Siti", "tujuan": "Mencocokkan", "perjanjian_nomor": "1/2026",
        "berlaku_hingga": "2027-01-01", "kunci_kirim": "5f0e2ab4-3b0e-4f0e-8d0e-2b6a7f0e1c11",
    }  # fmt: skip
    assert k.post("/serah/baru/", isi).status_code == 422
    jawab = k.post("/serah/baru/", isi | {"perjanjian": SimpleUploadedFile("p.pdf", PDF, "application/pdf")})
    assert jawab.status_code == 302, jawab.content.decode()[:2000]
    alamat = jawab["Location"]
    assert kadis.post(alamat + "setujui/").status_code == 302
    kirim = {"daftar": str(daftar.pk), "kunci_kirim": "5f0e2ab4-3b0e-4f0e-8d0e-2b6a7f0e1c12"}
    assert k.post(alamat + "serahkan/", kirim).status_code == 302
    satu = SerahData.objects.get()
    assert satu.nomor in k.get(alamat).content.decode()
    berkas = k.post(f"/serah/berkas/{satu.pk}/ambil/")
    assert berkas.status_code == 200 and "attachment" in berkas["Content-Disposition"]
    assert k.post(f"/serah/berkas/{satu.pk}/ambil/").status_code == 302
    assert (
        masuk("kadis.lain").get(alamat).status_code == 404
        and masuk("operator").get("/serah/").status_code == 403
    )


def test_bast_adalah_surat_bertanda_tangan_yang_bisa_diperiksa_siapa_pun(
    cast, disetujui, daftar, masuk, client, settings
):
    settings.DEMO = True
    satu = serah.serahkan(disetujui, by=cast("supervisor"), daftar=daftar)
    surat = Dokumen.objects.get(jenis="BAST_DATA")
    assert surat.nomor == satu.nomor and documents.signature_valid(surat)
    jawab = masuk("kadis").get(f"/serah/berkas/{satu.pk}/bast/")
    assert jawab.status_code == 200 and jawab.content.startswith(b"%PDF")
    assert hashlib.sha256(jawab.content).digest() == bytes(surat.sha256)
    teks = " ".join(tulisan(jawab.content).split())
    for kata in (satu.nomor, "BPJS Kesehatan", "Siti, Kepala Cabang", "PKS/12/2026", "Mencocokkan peserta"):
        assert kata in teks, kata
    assert satu.sidik_hex in teks.replace(" ", "")
    umum = client.get(f"/v/{surat.kode}/").content.decode()
    assert satu.sidik_hex in umum and "BPJS Kesehatan" in umum and "Berita acara serah terima data" in umum
    assert "Siti" not in umum
    alamat = f"/serah/berkas/{satu.pk}/bast/"
    assert alamat in masuk("kadis").get(f"/serah/{disetujui.pk}/").content.decode()
    assert (
        masuk("kadis.lain").get(alamat).status_code == 404
        and masuk("operator").get(alamat).status_code == 403
    )


def test_contoh_di_demo(cast):
    akun = {nama: cast(nama) for nama in ("supervisor", "kadis")}
    assert contoh.mainkan(akun, KABUPATEN, lambda: None) == 2
    assert sorted(PermintaanData.objects.values_list("status", flat=True)) == ["diminta", "disetujui"]
