"""A disaster: the event, families without papers, goods with a signed record, proposals that follow."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core import files
from core.workflow import GateClosed, NotAllowed, NotOpen
from pengaduan.actions import bencana as aksi
from pengaduan.actions import darurat
from pengaduan.models import KejadianBencana, KorbanKeluarga, PenyerahanBarang
from tests.bantu.alur import PDF, orang
from tests.bantu.pemain import DESA, DESA2, DESA_LAIN, KABUPATEN
from tests.core.test_pdf import tulisan

pytestmark = pytest.mark.django_db


def kejadian(by="supervisor", wilayah=KABUPATEN, **lain) -> KejadianBencana:
    data = {"jenis": "BANJIR", "wilayah": wilayah, "lokasi": "Bantaran Cimanuk", "waktu": timezone.now() - timedelta(hours=2),
            "sumber": "BPBD", "uraian": "Sungai meluap setinggi dada."}  # fmt: skip
    return aksi.catat(by=orang(by), data=data | lain)


def korban(satu, by="operator", **lain) -> KorbanKeluarga:
    data = {"wilayah": DESA, "nama_kepala": "Ujang Sapri", "nik": "", "alamat": "Kp. Cimanuk", "jiwa": 5, "rentan": 2, "meninggal": 0,
            "luka": 1, "rumah": "BERAT", "mengungsi": True, "kebutuhan": ["TENDA", "AIR"]}  # fmt: skip
    return aksi.catat_korban(satu, by=orang(by), data=data | lain)


def serah(
    satu, by="tksk", barang=(("Beras", 40, "karung"), ("Selimut", 120, "lembar")), **lain
) -> PenyerahanBarang:
    data = {"wilayah": DESA, "penerima": "Asep Hidayat", "jabatan": "Lurah Pakuwon", "keluarga_n": 40}
    return aksi.serahkan(satu, by=orang(by), data=data | lain, barang=list(barang))


def test_korban_tanpa_ktp_dicatat_dan_yang_ada_di_data_langsung_terhubung(sampai):
    satu = kejadian()
    assert satu.nomor == f"BNC-001/{timezone.localdate().year}"
    keluarga = sampai("draf").usulan.keluarga
    nik = keluarga.anggota.get(hubungan="1").nik.open()
    tanpa = korban(satu)
    ada = korban(satu, nama_kepala=keluarga.nama_kepala, nik=nik)
    assert tanpa.nik is None and tanpa.keluarga_id is None and ada.keluarga_id == keluarga.pk
    with pytest.raises(GateClosed, match="SUDAH_DICATAT"):
        korban(satu, nik=nik)
    assert KorbanKeluarga.objects.count() == 2


def test_barang_diserahkan_dengan_berita_acara_yang_beku_dan_bisa_diperiksa(client):
    satu = kejadian()
    hasil = serah(satu)
    surat = tulisan(files.read(hasil.dokumen.berkas))
    for kata in ("Beras", "karung", "120", "Asep Hidayat", "Lurah Pakuwon", hasil.nomor, satu.nomor):
        assert kata in surat, kata
    halaman = client.get(f"/v/{hasil.dokumen.kode}/").content.decode()
    assert hasil.nomor in halaman and "Berita acara serah terima barang" in halaman and "Asep" not in halaman
    hasil = aksi.unggah_bast(hasil, by=orang("tksk"), berkas=[PDF])
    with pytest.raises(NotOpen):
        aksi.unggah_bast(hasil, by=orang("tksk"), berkas=[PDF])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update pengaduan_penyerahanbarang set barang = '[]' where id = %s", [hasil.pk])
    assert serah(satu).nomor != hasil.nomor


def test_siapa_boleh_apa_dan_di_mana():
    satu = kejadian()
    for gagal in (
        lambda: korban(satu, by="operator", wilayah=DESA2),
        lambda: korban(satu, by="lurah"),
        lambda: serah(satu, by="operator"),
        lambda: kejadian(by="operator", wilayah=DESA_LAIN),
        lambda: serah(satu, by="supervisor.lain", wilayah=DESA_LAIN),
    ):
        with pytest.raises((NotAllowed, GateClosed)):
            gagal()
    korban(satu)
    korban(satu, by="supervisor", wilayah=DESA2, nama_kepala="Keluarga Desa Lain")
    terlihat = KorbanKeluarga.objects.visible_to(orang("operator"))
    assert [k.nama_kepala for k in terlihat] == ["Ujang Sapri"]
    assert (
        KejadianBencana.objects.visible_to(orang("operator")).get() == satu
    )  # the event of his kabupaten, not the other families
    assert not KejadianBencana.objects.visible_to(orang("supervisor.lain")).exists()


def test_sesudah_ditutup_tidak_bertambah():
    satu = kejadian()
    aksi.tutup(satu, by=orang("supervisor"))
    with pytest.raises(NotOpen):
        korban(satu)
    with pytest.raises(NotOpen):
        serah(satu)
    with pytest.raises(GateClosed, match="BELUM_TERJADI"):
        kejadian(waktu=timezone.now() + timedelta(hours=1))


def test_korban_menjadi_usulan_kedaruratan():
    satu = korban(kejadian())
    usulan, _ = darurat.usulkan(
        satu, by=orang("operator"),
        data={"nik": "", "tanpa_nik_alasan": "BENCANA", "nama": satu.nama_kepala, "jenis_kelamin": "1", "umur": 41, "wilayah": DESA,
              "alamat": satu.alamat, "rt": "002", "rw": "005", "program": "APBD-RTLH", "alasan": "Rumah hilang terbawa banjir."},
    )  # fmt: skip
    satu.refresh_from_db()
    assert usulan.jalur == "KEDARURATAN" and satu.usulan == usulan and satu.keluarga == usulan.keluarga
    assert satu.kejadian.nomor in usulan.alasan_usul
