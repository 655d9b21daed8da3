"""Every page of a sanggah on the narrowest phone: the neighbour's, the family's, the village's, the officer's, the Dinas's."""

import pytest
from django.utils import timezone

from bansos.actions import pengumuman
from pengaduan.models import HakJawab, PerkaraSanggah, Sanggah
from tests.bantu import alur
from tests.bantu import sanggah as bantu

pytestmark = pytest.mark.timeout(480)


def test_sanggah_dari_pengumuman_sampai_laporan_petugas(portal, layar, tmp_path):
    p = bantu.penerima(6)
    calon = bantu.calon(8)
    pengumuman.umumkan(calon.musyawarah, by=alur.orang("operator"))
    tetangga = bantu.warga(alur.sampai("draf", nomor=7, pengusul="operator"))
    warga = layar(portal, lebar=320, skrip=True)
    warga.buka("/sanggah/")
    warga.lihat("warga-30-sanggah")
    warga.buka(f"/pengumuman/?desa={p.usulan.wilayah_id[:13]}")
    warga.lihat("warga-31-pengumuman")
    warga.hal.get_by_role("link", name="Sanggah").first.click()
    warga.lihat("warga-32-sanggah-tulis")
    warga.ketik(
        nama_dimaksud=p.usulan.keluarga.nama_kepala,
        alasan=bantu.ALASAN,
        cerita="Punya toko di pasar dan dua mobil.",
    )
    warga.ketik(
        patokan="Sebelah musala",
        nik=tetangga.nik.open(),
        nama=tetangga.nama,
        lahir=tetangga.tgl_lahir.isoformat(),
    )
    warga.unggah("foto", "rumah.jpg", "image/jpeg", alur.foto())
    warga.hal.get_by_label("Yang saya tulis ini benar").check()
    warga.tekan("Kirim sanggahan")
    warga.hal.get_by_role("heading", name="Sanggahan Anda sudah diterima").wait_for()
    warga.lihat("warga-33-sanggah-resi")
    satu = Sanggah.objects.get()

    dinas = layar(portal, "verifikator", lebar=320)
    for alamat in (
        "/sanggah/perkara/",
        f"/sanggah/perkara/{satu.perkara_id}/",
        f"/sanggah/penyanggah/{satu.pk}/",
        "/sanggah/data/daftar/",
    ):
        dinas.buka(alamat)
        dinas.lihat()
    dinas.buka(f"/sanggah/perkara/{satu.perkara_id}/")
    dinas.ikuti("Beri keluarga hak jawab")
    dinas.lihat()
    dinas.tekan("Simpan")
    hak = HakJawab.objects.get()

    desa = layar(portal, "operator", lebar=320)
    for alamat in (
        "/pengumuman/kelola/",
        "/sanggah/surat/",
        f"/sanggah/surat/{hak.pk}/",
        f"/sanggah/surat/{hak.pk}/loket/",
    ):
        desa.buka(alamat)
        desa.lihat()
    hak, pin = bantu.disampaikan(hak)
    keluarga = layar(portal, lebar=320, skrip=False)
    keluarga.buka("/lacak/")
    keluarga.ketik(tiket=hak.tiket, pin=pin)
    keluarga.tekan("Lihat status")
    keluarga.lihat()
    keluarga.ketik(jawaban="Mobil itu milik majikan saya.")
    keluarga.tekan("Kirim jawaban")
    keluarga.hal.get_by_role("heading", name="Jawaban Anda").wait_for()
    perkara = PerkaraSanggah.objects.get()
    assert perkara.status == "menunggu_petugas"
    dinas.buka(f"/sanggah/perkara/{perkara.pk}/tugaskan/")
    dinas.lihat()
    bantu.diperiksa(perkara)
    petugas = layar(portal, "tksk2", lebar=320)
    petugas.buka(f"/sanggah/tugas/{perkara.pk}/")
    petugas.lihat()
    petugas.ketik(
        temuan="tidak", uraian="Mobil itu atas nama orang lain.", tanggal=timezone.localdate().isoformat()
    )
    petugas.unggah("foto", "periksa.jpg", "image/jpeg", alur.foto())
    petugas.tekan("Kirim hasil pemeriksaan")
    perkara.refresh_from_db()
    assert perkara.status == "menunggu_putusan"
    kadis = layar(portal, "kadis", lebar=320)
    kadis.buka(f"/sanggah/perkara/{perkara.pk}/putus/")
    kadis.lihat()
    kadis.ketik(putusan="tolak", alasan="Mobil itu terbukti milik majikannya.")
    kadis.tekan("Simpan")
    perkara.refresh_from_db()
    assert perkara.status == "ditolak"
