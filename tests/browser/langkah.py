"""What each person of the line does on the screens, with and without JavaScript. `n` is the family of the population."""

import re
from datetime import timedelta

from django.utils import timezone

from tests.bantu.alur import HUBUNGAN, KAWIN, PDF, keluarga_uji
from tests.browser.gambar import foto_rumah
from tests.browser.layar import Layar

UNSUR = {
    "RT_RW": "Dadang Suherman", "KPM": "Euis Kartika", "BABINSA": "Serda Yayan Mulyana", "KADES_LURAH": "Asep Hidayat", "OPERATOR": "Siti Rohmah",
}  # fmt: skip
RUMAH = {
    "status_rumah": "1", "luas_lantai": "36", "lantai": "8", "dinding": "4", "atap": "2", "air_minum": "5", "jarak_limbah": "1", "penerangan": "1", "daya": "450",
    "memasak": "10", "bab": "6",
}  # fmt: skip
KRITERIA_YA = (
    "tidak_bekerja",
    "khawatir_makan",
    "makan_dominan",
    "tanpa_pakaian",
    "lantai_tanah",
    "dinding_buruk",
    "tanpa_jamban",
    "listrik_450",
)


def identitas(orang) -> dict[str, str]:
    return {
        "nama": orang.nama, "tempat_lahir": orang.tempat_lahir, "tgl_lahir": orang.tanggal_lahir.isoformat(),
        "jenis_kelamin": "1" if orang.jenis_kelamin.upper().startswith("L") else "2",
        "status_kawin": KAWIN.get(orang.status_kawin, "1"), "ibu_kandung": orang.nama_ibu,
    }  # fmt: skip


def isi_usulan_baru(rt: Layar, n: int, program: str) -> None:
    """NIK first, then the second page, filled in but not sent."""
    keluarga = keluarga_uji(n)
    kepala = keluarga.told[0]
    rt.ikuti("Usulkan keluarga")
    rt.lihat("02-periksa-nik")
    rt.ketik(nik=f"{kepala.nik[:6]} {kepala.nik[6:12]} {kepala.nik[12:]}")
    rt.tekan("Periksa NIK")
    rt.ketik(
        **identitas(kepala), no_kk=keluarga.kk, alamat=keluarga.alamat, rt=keluarga.rt, program=program,
        alasan_usul="Kepala keluarga sakit, sudah lama tidak bekerja. Rumah bocor.",
    )  # fmt: skip
    rt.lihat("03-data-kepala-keluarga")


def usulkan(rt: Layar, n: int = 0, program: str = "APBD-LANSIA") -> tuple[str, str, str]:
    """RT/RW proposes a family and hands it to the village: address of the case, ticket, PIN."""
    rt.buka("/usulan/")
    rt.lihat("01-usulan-rtrw")
    isi_usulan_baru(rt, n, program)
    rt.tekan("Simpan sebagai draf")
    rt.lihat("04-tanda-terima")
    tiket = re.search(r"USL-\d{6}-\d{5,}", rt.teks).group()
    pin = re.search(r"PIN\s+(\d{3}\s?\d{3})\b", rt.teks).group(1)
    rt.ikuti("Lanjut mengisi usulan")
    kasus = rt.hal.url
    rt.ikuti("Ajukan ke desa")
    rt.lihat("05-ajukan")
    rt.tekan("Ajukan ke desa")
    assert "Diajukan ke desa" in rt.teks
    rt.lihat("06-usulan-diajukan")
    return kasus, tiket, pin


def lengkapi(op: Layar, kasus: str, n: int = 0) -> None:
    """The operator completes the form: head, members, dwelling, assets, photo."""
    op.buka(kasus)
    op.lihat("07-usulan-di-operator")
    kepala, *lain = keluarga_uji(n).told
    op.ikuti(kepala.nama)
    op.ketik(keberadaan="1", partisipasi_sekolah="3", bekerja="tidak", gizi="3", hamil="tidak")
    op.tekan("Simpan")
    for nomor, orang in enumerate(lain):
        op.buka(kasus)
        op.ikuti("Tambah anggota")
        op.ketik(
            nik=orang.nik, **identitas(orang), hubungan=HUBUNGAN.get(orang.hubungan, "8"), keberadaan="1", partisipasi_sekolah="3",
            bekerja="tidak", gizi="3", hamil="tidak",
        )  # fmt: skip
        if nomor == 0:
            op.lihat("08-anggota")
        op.tekan("Simpan")
    op.buka(kasus)
    op.ikuti("Rumah")
    op.ketik(**RUMAH)
    op.lihat("09-rumah")
    op.tekan("Simpan")
    op.buka(kasus)
    op.ikuti("Aset")
    op.lihat("10-aset")
    op.tekan("Simpan")
    op.buka(kasus)
    op.ikuti("Foto")
    op.ketik(jenis="rumah_depan")
    op.unggah("foto", "rumah.jpg", "image/jpeg", foto_rumah())
    if op.skrip:
        op.hal.get_by_text("1 foto siap dikirim").wait_for()
    op.lihat("11-foto")
    op.tekan("Simpan")
    op.buka(kasus)
    assert "100% lengkap" in op.teks, op.teks
    op.lihat("12-isian-lengkap")


def musyawarah(op: Layar, nama: str) -> str:
    """The meeting from its schedule to the uploaded scan: its address."""
    op.buka("/musyawarah/")
    op.ikuti("Jadwalkan musyawarah")
    kemarin = timezone.localtime() - timedelta(days=1)
    op.ketik(
        waktu=kemarin.strftime("%Y-%m-%dT09:00"), tempat="Aula kelurahan", pimpinan="Asep Hidayat", notulis="Siti Rohmah",
        agenda="Usulan penerima bantuan baru",
    )  # fmt: skip
    for i in range(len(UNSUR)):
        unsur = op.hal.locator(f'[name="peserta-{i}-unsur"]').input_value()
        op.ketik(**{f"peserta-{i}-nama": UNSUR[unsur]})
    op.lihat("13-jadwalkan-musyawarah")
    op.tekan("Jadwalkan")
    rapat = op.hal.url
    op.lihat("14-musyawarah")
    op.buka(rapat + "agenda/")
    op.lihat("15-agenda")
    op.buka(rapat + "hadir/")
    for orang in UNSUR.values():
        kotak = op.hal.get_by_label(orang.upper()).first
        if op.skrip:
            with op.hal.expect_response(lambda r: "/hadir/" in r.url):
                kotak.check()
        else:
            kotak.check()
    op.lihat("16-kehadiran")
    op.tekan("Simpan kehadiran")
    op.buka(rapat + "putusan/")
    sepakat = op.hal.get_by_label("Disepakati", exact=True).first
    if op.skrip:
        with op.hal.expect_response(lambda r: "/putusan/" in r.url):
            sepakat.check()
    else:
        sepakat.check()
    op.lihat("17-putusan")
    op.tekan("Simpan putusan")
    op.buka(rapat + "tutup/")
    op.lihat("18-tutup-musyawarah")
    op.tekan("Tutup musyawarah dan buat berita acara")
    op.lihat("19-cetak-berita-acara")
    assert op.unduh("Berita acara nomor").startswith(b"%PDF")
    assert op.unduh("Daftar hadir").startswith(b"%PDF")
    op.unggah("pindaian", "berita-acara.pdf", "application/pdf", PDF)
    op.tekan("Unggah berita acara")
    assert "Menunggu persetujuan" in op.teks
    return rapat


def setujui(lurah: Layar, rapat: str) -> None:
    lurah.buka("/dasbor/")
    lurah.lihat("20-dasbor-lurah")
    lurah.buka(rapat)
    lurah.ikuti("Periksa dan setujui berita acara")
    lurah.lihat("21-setujui-berita-acara")
    lurah.tekan("Setujui berita acara")


def terapkan_dan_input(op: Layar, rapat: str, kasus: str) -> None:
    """Verdicts into the line, then the case goes to the Dinas; that asks the civil registry for every NIK."""
    op.buka(rapat)
    op.lihat("22-terapkan-putusan")
    op.tekan("Terapkan putusan")
    op.buka(kasus)
    op.lihat("23-disepakati")
    op.ikuti("Kirim ke Dinsos")
    op.tekan("Kirim ke Dinsos")


def ambil_foto_asesmen(petugas: Layar, kasus: str) -> None:
    pk = kasus.rstrip("/").rsplit("/", 1)[1]
    petugas.buka(f"/asesmen/{pk}/")
    petugas.ketik(
        tanpa_benturan="on",
        kunjungan="1",
        tanpa_tempat_tinggal="False",
        **dict.fromkeys(KRITERIA_YA, "True"),
        jenis_foto="rumah_depan",
    )
    petugas.unggah("foto", "kunjungan.jpg", "image/jpeg", foto_rumah(1))
    petugas.ketik(kesimpulan="layak", catatan="Rumah sesuai foto. Kepala keluarga sakit menahun.")


def di_meja(petugas: Layar, nama: str) -> None:
    """The case is open at the desk: wait until it is claimed, and unfold the form of one step."""
    petugas.hal.locator("[data-putusan]").wait_for()
    lipat = petugas.hal.locator(f"details:has(button[value={nama}])")
    if lipat.count():
        lipat.locator("summary").click()
