"""Screens of emergencies: a citizen without an account, staff on the telephone, the officer on his way, the roster, a disaster."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Penugasan
from core import tantangan
from core.models import Jejak, Ketentuan, Pembatas
from pengaduan.actions import darurat as aksi
from pengaduan.models import Kedaruratan, KejadianBencana, PenyerahanBarang, Piket
from tests.bantu.alur import PDF, orang
from tests.bantu.pemain import DESA, DESA_LAIN, KABUPATEN, KABUPATEN_LAIN
from tests.pengaduan.test_darurat import CERITA, lapor, maju
from tests.pengaduan.test_piket import pasang
from wilayah.kode import dalam

pytestmark = pytest.mark.django_db
ISI = {"jenis": "LANSIA", "wilayah": DESA, "lokasi": "Depan Pasar Ciawitali", "cerita": CERITA}
TIKET, PIN = re.compile(r"ADU-\d{6}-\d{5}"), re.compile(r"PIN</dt>\s*<dd[^>]*>\s*(\d{6})")


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True


def soal(client) -> dict[str, str]:
    """The hidden fields of the public form, its challenge answered as the browser does."""
    halaman = client.get("/darurat/lapor/").content.decode()
    teks = re.search(r'name="tantangan" value="([^"]+)"', halaman)[1]
    satu = tantangan.buka(teks, "pengaduan.forms_darurat.LaporPublikForm")
    jawab = next(str(n) for n in range(10**7) if satu.terjawab(str(n)))
    kunci = re.search(r'name="kunci_kirim" value="([^"]+)"', halaman)[1]
    return {"tantangan": teks, "tantangan_jawab": jawab, "tantangan_situs": "", "kunci_kirim": kunci}


def lapor_warga(client, ip="10.9.0.1", **lain):
    return client.post("/darurat/lapor/", soal(client) | ISI | lain, REMOTE_ADDR=ip)


def test_warga_melapor_tanpa_nama_lalu_melihat_kabarnya(client):
    assert "Telepon" in client.get("/darurat/").content.decode()
    jawab = lapor_warga(client)
    teks = jawab.content.decode()
    assert jawab.status_code == 200 and "no-store" in jawab["Cache-Control"]
    satu = Kedaruratan.objects.get()
    assert satu.created_by is None and satu.kanal == "web" and satu.pelapor is None and satu.telepon is None
    nomor, pin = TIKET.search(teks)[0], PIN.search(teks)[1]
    kabar = client.post("/lacak/", {"tiket": nomor, "pin": pin}).content.decode()
    assert "Laporan Anda sudah masuk." in kabar
    satu = maju(satu, "tanggapi", "tiba")
    kabar = client.post("/lacak/", {"tiket": nomor, "pin": pin}).content.decode()
    assert "Petugas sudah sampai di tempat itu." in kabar
    for rahasia in (satu.lokasi, CERITA[:20], "Lansia", orang("tksk").nama, "makan"):
        assert rahasia not in kabar
    aksi.langkah(satu, "batalkan", by=orang("tksk"), alasan="DARURAT_TIDAK_ADA")
    kabar = client.post("/lacak/", {"tiket": nomor, "pin": pin}).content.decode()
    assert "tidak ditemukan" in kabar and "patokan tempat yang jelas" in kabar


def test_tekan_dua_kali_satu_laporan_dengan_pin_yang_sama(client):
    data = soal(client) | ISI
    satu, dua = (client.post("/darurat/lapor/", data).content.decode() for _ in range(2))
    assert Kedaruratan.objects.count() == 1 and PIN.search(satu)[1] == PIN.search(dua)[1]


def test_tanpa_javascript_harus_menunggu_sebentar_dan_isian_tidak_hilang(client):
    data = soal(client) | ISI | {"tantangan_jawab": ""}
    jawab = client.post("/darurat/lapor/", data)
    assert (
        jawab.status_code == 422 and "Tunggu" in jawab.content.decode() and CERITA in jawab.content.decode()
    )
    assert Kedaruratan.objects.count() == 0


def test_banjir_laporan_dari_satu_jaringan_dibatasi_dan_diarahkan_ke_telepon(client):
    batas = Ketentuan.objects.get(kunci="darurat.batas_publik").nilai
    kunci = "darurat:jaringan:"
    assert lapor_warga(client).status_code == 200
    Pembatas.objects.filter(kunci__startswith=kunci).update(jumlah=batas["jaringan"])
    cache.clear()  # the counter does not live in the broker
    jawab = lapor_warga(client)
    assert jawab.status_code == 429 and "telepon 112" in jawab.content.decode()
    assert lapor_warga(client, ip="10.9.0.2").status_code == 200


def test_daerah_tanpa_petugas_tidak_menerima_laporan_yang_tak_dibaca_siapa_pun(client):
    Penugasan.objects.filter(dalam("wilayah_id", [KABUPATEN_LAIN])).update(berlaku_hingga="2020-01-01")
    jawab = lapor_warga(client, wilayah=DESA_LAIN)
    assert jawab.status_code == 422 and "Telepon 112" in jawab.content.decode()
    assert Kedaruratan.objects.count() == 0


def test_isian_kosong_disebut_satu_per_satu(client):
    jawab = client.post("/darurat/lapor/", soal(client))
    teks = jawab.content.decode()
    assert jawab.status_code == 422 and "Tulis letaknya" in teks and "Tulis apa yang Anda lihat." in teks


def test_operator_mencatat_telepon_112_dan_petugas_menanganinya_sampai_selesai(masuk):
    web = masuk("operator")
    jawab = web.post(
        "/kedaruratan/catat/",
        ISI | {"kanal": "112", "kunci_kirim": uuid.uuid4(), "telepon": "0812 3456 7890"},
    )
    satu = Kedaruratan.objects.get()
    assert satu.tiket in jawab.content.decode() and str(satu.pk) in jawab.content.decode()
    tksk, alamat = masuk("tksk"), f"/kedaruratan/{satu.pk}/"
    halaman = tksk.get(alamat).content.decode()
    assert "Tanggapi sekarang" in halaman and "+62812" not in halaman.replace("+628••••••7890", "")
    for n, nama in enumerate(("tanggapi", "berangkat", "tiba", "tangani")):
        jawab = tksk.post(
            f"{alamat}langkah/{nama}/",
            {"kunci_kirim": uuid.uuid4(), "versi": n, "catatan": "Sudah diberi makan dan selimut."},
        )
        assert jawab.status_code == 302, (nama, jawab.content.decode()[-3000:])
    basi = tksk.post(
        f"{alamat}langkah/selesaikan/",
        {"kunci_kirim": uuid.uuid4(), "versi": 1, "catatan": "Terlambat menekan tombol."},
    )
    assert basi.status_code == 409
    isi = {
        "kunci_kirim": uuid.uuid4(),
        "versi": 4,
        "jenis": "PANTI",
        "tempat": "Panti Werdha",
        "alasan": "Tempat tinggal sementara",
    }
    assert tksk.post(f"{alamat}rujuk/", isi).status_code == 302
    isi = {
        "kunci_kirim": uuid.uuid4(),
        "versi": 5,
        "jawaban": "terima",
        "penjawab": "Ibu Ani",
        "keterangan": "",
    }
    assert tksk.post(f"{alamat}jawaban/", isi).status_code == 302
    satu.refresh_from_db()
    rujukan = satu.rujukan.get()
    surat = tksk.get(f"{alamat}rujukan/{rujukan.pk}/")
    assert surat.content.startswith(b"%PDF") and "no-store" in surat["Cache-Control"]
    isi = {"kunci_kirim": uuid.uuid4(), "isi": "Sehat, dijemput anaknya dari Bandung."}
    assert tksk.post(f"{alamat}kabar/{rujukan.pk}/", isi).status_code == 302
    laporan = satu.susulan.get(jenis="LAPORAN")
    isi = {"kunci_kirim": uuid.uuid4(), "catatan": "Berita acara penjangkauan nomor 7.", "berkas": ""}
    assert tksk.post(f"{alamat}susulan/{laporan.pk}/", isi).status_code == 302
    isi = {"kunci_kirim": uuid.uuid4(), "versi": 6, "catatan": "Pulang bersama keluarganya."}
    assert tksk.post(f"{alamat}langkah/selesaikan/", isi).status_code == 302
    halaman = tksk.get(alamat).content.decode()
    assert "Pulang bersama keluarganya." in halaman and "selesai tepat waktu" not in halaman
    assert "Identitas orangnya" in halaman and "Berita acara penjangkauan nomor 7." in halaman


def test_usulan_kedaruratan_dari_layar_tanpa_identitas(masuk):
    satu = maju(lapor(), "tanggapi", "tiba")
    web = masuk("operator")
    isi = {"kunci_kirim": uuid.uuid4(), "nik": "", "tanpa_nik_alasan": "", "nama": "Kakek berbaju biru", "jenis_kelamin": "1", "umur": "70",
           "wilayah": DESA, "alamat": "Depan pasar", "program": "APBD-LANSIA", "alasan": "Tidak ada keluarga."}  # fmt: skip
    jawab = web.post(f"/kedaruratan/{satu.pk}/usulkan/", isi)
    assert jawab.status_code == 422 and "mengapa NIK belum diketahui" in jawab.content.decode()
    jawab = web.post(
        f"/kedaruratan/{satu.pk}/usulkan/",
        isi | {"tanpa_nik_alasan": "TELANTAR", "kunci_kirim": uuid.uuid4()},
    )
    satu.refresh_from_db()
    assert jawab.status_code == 302 and jawab["Location"] == f"/usulan/{satu.usulan_id}/tanda-terima/"
    assert satu.usulan.tiket in web.get(jawab["Location"]).content.decode()
    assert satu.usulan.tiket in web.get(f"/kedaruratan/{satu.pk}/").content.decode()


def test_kasus_anak_tidak_terbaca_siapa_pun_kecuali_pekerja_sosial(masuk):
    web = masuk("operator")
    cerita = "Anak perempuan ditinggal sendiri di kamar kos."
    jawab = web.post(
        "/kedaruratan/catat/",
        ISI | {"jenis": "ANAK", "cerita": cerita, "kanal": "loket", "kunci_kirim": uuid.uuid4()},
    )
    satu = Kedaruratan.objects.get()
    teks = jawab.content.decode()
    assert satu.tiket in teks and str(satu.pk) not in teks  # the receipt, and no way back in
    Kedaruratan.objects.filter(pk=satu.pk).update(
        jam_mulai=timezone.now() - timedelta(hours=3), tenggat_at=timezone.now() - timedelta(hours=2)
    )
    for username in ("operator", "tksk", "supervisor", "kadis", "verifikator"):
        daftar = masuk(username).get("/kedaruratan/?status=semua").content.decode()
        assert satu.tiket not in daftar and cerita not in daftar, username
        assert masuk(username).get(f"/kedaruratan/{satu.pk}/").status_code == 404
    assert "1 kasus terbatas lewat waktunya" in masuk("supervisor").get("/kedaruratan/").content.decode()
    peksos = masuk("peksos").get("/kedaruratan/").content.decode()
    assert satu.tiket in peksos and "Kasus terbatas" in peksos and "Anak telantar" not in peksos
    assert cerita in masuk("peksos").get(f"/kedaruratan/{satu.pk}/").content.decode()


def test_supervisor_menyusun_piket_dan_melihat_celahnya(masuk):
    web = masuk("supervisor")
    kosong = web.get("/piket/").content.decode()
    assert "Tidak ada yang piket sekarang" in kosong and "Celah: tidak ada yang piket" in kosong
    kini = timezone.localtime()
    isi = {"pengguna": str(orang("tksk").pk), "wilayah": KABUPATEN, "tanggal": kini.date().isoformat(), "jam_mulai": "0.00",
           "jam_selesai": "23:59", "hari": "3"}  # fmt: skip
    assert web.post("/piket/pasang/", isi | {"kunci_kirim": uuid.uuid4()}).status_code == 302
    assert Piket.objects.count() == 3
    halaman = web.get("/piket/").content.decode()
    assert orang("tksk").nama in halaman and "Belum mengaktifkan pesan HP" in halaman
    bentrok = web.post("/piket/pasang/", isi | {"kunci_kirim": uuid.uuid4()})
    assert bentrok.status_code == 422 and "sudah piket" in bentrok.content.decode()
    jam = web.post("/piket/pasang/", isi | {"jam_mulai": "25", "kunci_kirim": uuid.uuid4()})
    assert jam.status_code == 422 and "Jam dari 0.00" in jam.content.decode()
    satu = Piket.objects.order_by("-mulai")[0]
    assert web.post(f"/piket/{satu.pk}/batalkan/", {"kunci_kirim": uuid.uuid4()}).status_code == 302
    satu.refresh_from_db()
    assert satu.dibatalkan_at is not None
    assert "Tambah piket" not in masuk("tksk").get("/piket/").content.decode()


def test_daftar_menyebut_siapa_piket_dan_apa_yang_terutang(masuk):
    pasang("tksk2")
    assert "laporan darurat belum ditanggapi" not in masuk("tksk").get("/dasbor/").content.decode()
    satu = lapor()
    assert "laporan darurat belum ditanggapi" in masuk("tksk").get("/dasbor/").content.decode()
    maju(satu, "tanggapi", "tiba")
    teks = masuk("supervisor").get("/kedaruratan/").content.decode()
    assert orang("tksk2").nama in teks and "3 syarat susulan belum dipenuhi" in teks
    assert (
        masuk("rtrw").get("/kedaruratan/").status_code == 200
        and masuk("inspektorat").get("/kedaruratan/").status_code == 403
    )


def test_bencana_dari_catatan_sampai_berita_acara_bertanda_tangan(masuk):
    op, tksk = masuk("operator"), masuk("tksk")
    waktu = (timezone.localtime() - timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    isi = {"jenis": "LONGSOR", "wilayah": DESA, "lokasi": "Kp. Cimanuk", "waktu": waktu, "sumber": "Tagana", "uraian": "Tebing longsor.", "kunci_kirim": uuid.uuid4()}  # fmt: skip
    assert op.post("/bencana/catat/", isi).status_code == 302
    satu = KejadianBencana.objects.get()
    alamat = f"/bencana/{satu.pk}/"
    isi = {"nama_kepala": "Ujang Sapri", "nik": "", "wilayah": DESA, "alamat": "Kp. Cimanuk", "jiwa": "4", "rentan": "5", "meninggal": "0",
           "luka": "0", "rumah": "BERAT", "mengungsi": "on", "kebutuhan": ["TENDA", "AIR"]}  # fmt: skip
    salah = op.post(f"{alamat}korban/", isi | {"kunci_kirim": uuid.uuid4()})
    assert salah.status_code == 422 and "lebih banyak dari jumlah jiwa" in salah.content.decode()
    lagi = op.post(f"{alamat}korban/", isi | {"rentan": "2", "lagi": "1", "kunci_kirim": uuid.uuid4()})
    assert lagi["Location"] == f"{alamat}korban/"
    isi = {"wilayah": DESA, "penerima": "Asep Hidayat", "jabatan": "Lurah Pakuwon", "keluarga_n": "1", "barang_1": "Beras", "jumlah_1": "50",
           "satuan_1": "kg", "barang_2": "Tenda"}  # fmt: skip
    salah = tksk.post(f"{alamat}serah/", isi | {"kunci_kirim": uuid.uuid4()})
    assert salah.status_code == 422 and "Lengkapi nama, jumlah, dan satuan barang 2" in salah.content.decode()
    assert (
        tksk.post(
            f"{alamat}serah/", isi | {"jumlah_2": "3", "satuan_2": "unit", "kunci_kirim": uuid.uuid4()}
        ).status_code
        == 302
    )
    serah = PenyerahanBarang.objects.get()
    assert serah.barang == [["Beras", 50, "kg"], ["Tenda", 3, "unit"]]
    assert tksk.get(f"/bencana/serah/{serah.pk}/surat/").content.startswith(b"%PDF")
    assert tksk.get(f"/bencana/serah/{serah.pk}/pindaian/").status_code == 404
    berkas = SimpleUploadedFile("bast.pdf", PDF, content_type="application/pdf")
    assert (
        tksk.post(
            f"/bencana/serah/{serah.pk}/bertanda-tangan/", {"kunci_kirim": uuid.uuid4(), "berkas": berkas}
        ).status_code
        == 302
    )
    halaman = op.get(alamat).content.decode()
    for kata in (
        "Ujang Sapri",
        "belum ada NIK",
        "Tenda atau tempat mengungsi: 1 keluarga",
        serah.nomor,
        "Yang bertanda tangan",
    ):
        assert kata in halaman, kata
    assert "Ujang" not in masuk("operator2").get(alamat).content.decode()


def test_petugas_melihat_nomor_pelapor_dengan_alasan_dan_dicatat(masuk):
    satu = lapor(telepon="+6281234567890")
    tksk, alamat = masuk("tksk"), f"/kedaruratan/{satu.pk}/"
    assert "81234567890" not in tksk.get(alamat).content.decode()
    kosong = tksk.post(f"{alamat}pelapor/", {"alasan": ""})
    assert kosong.status_code == 422 and "81234567890" not in kosong.content.decode()
    jawab = tksk.post(f"{alamat}pelapor/", {"alasan": "Menanyakan letak persisnya."})
    assert "+6281234567890" in jawab.content.decode() and "no-store" in jawab["Cache-Control"]
    assert Jejak.objects.filter(aksi="buka_pelapor", objek_id=str(satu.pk)).count() == 1
    assert (
        masuk("verifikator.lain").post(f"{alamat}pelapor/", {"alasan": "Ingin tahu saja."}).status_code == 404
    )
    assert masuk("lurah").post(f"{alamat}pelapor/", {"alasan": "Ingin tahu saja."}).status_code == 403
