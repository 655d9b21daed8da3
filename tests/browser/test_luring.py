"""The village desk on a bad line: nothing typed is lost, nothing is sent twice, nothing stays on the phone after logout."""

import io

import pytest
from PIL import Image, ImageFilter

from core.models import Berkas
from dtks.models import DrafIsian, FotoKeluarga, Individu, Keluarga, Rumah, Usulan
from dtks.queries import kelengkapan
from tests.bantu.alur import HUBUNGAN, keluarga_uji, sampai
from tests.browser import jaringan, langkah
from tests.browser.gambar import foto_rumah
from tests.browser.panggung import Portal

pytestmark = pytest.mark.timeout(240)
LENGKAP = "/usulan/baru/lengkap/"
MENURUT_ORANG = {"partisipasi_sekolah": "3", "bekerja": "tidak", "hamil": "tidak", "gizi": "3"}
PUTUS = ("net::ERR", "Failed to fetch", "when fetching the script")


@pytest.fixture
def hp(layar, portal):
    """A phone of 360 px. A line that is cut makes Chromium write to its console: that is no fault of the page."""

    def _hp(username: str = "operator", web: Portal = portal):
        satu = layar(web, username, lebar=360)
        asli = satu._catat
        satu._catat = lambda k: None if any(p in k for p in PUTUS) else asli(k)
        return satu

    return _hp


def buka_lengkap(op) -> None:
    op.buka(LENGKAP)
    jaringan.siap_luring(op)


def isi_orang(op, n: int, orang, hubungan: str = "") -> None:
    isi = {"nik": orang.nik, **langkah.identitas(orang), "keberadaan": "1"}
    if hubungan:
        isi["hubungan"] = hubungan
    op.ketik(**{f"anggota-{n}-{k}": v for k, v in isi.items()})
    for nama, jawab in MENURUT_ORANG.items():
        if terlihat(op, n, nama):
            op.ketik(**{f"anggota-{n}-{nama}": jawab})


def terlihat(op, n: int, nama: str) -> bool:
    return op.hal.locator(f"[name=anggota-{n}-{nama}]").first.is_visible()


def lanjut(op) -> None:
    op.hal.get_by_role("button", name="Lanjut").click()


def keluarga_berlima() -> int:
    return next(n for n in range(200) if len(keluarga_uji(n).told) == 5)


def tunggu_tersimpan(op, kata: str = "Tersimpan") -> None:
    op.hal.wait_for_function(
        f"() => document.getElementById('tersimpan').textContent.startsWith('{kata}')", timeout=20_000
    )


def tunggu_pita(op, kata: str) -> None:
    op.hal.wait_for_function(
        "kata => document.getElementById('luring').textContent.includes(kata)", arg=kata, timeout=60_000
    )


def test_keluarga_berlima_tiga_foto_dua_kali_putus(hp):
    """400 kbit/s and 400 ms; the line goes twice, the page is loaded anew, an answer is cut: one proposal with everything."""
    n = keluarga_berlima()
    keluarga = keluarga_uji(n)
    kepala, *lain = keluarga.told
    op = hp()
    jaringan.lambat(op)
    buka_lengkap(op)
    isi_orang(op, 0, kepala)
    tunggu_tersimpan(op)
    op.lihat("50-isi-lengkap")
    lanjut(op)
    op.ketik(
        no_kk=keluarga.kk, alamat=keluarga.alamat, rt=keluarga.rt, rw=keluarga.rw, patokan="Belakang masjid"
    )

    jaringan.putus(op)  # the first time
    lanjut(op)
    for urut, orang in enumerate(lain, 1):
        op.hal.get_by_role("button", name="Tambah anggota").click()
        isi_orang(op, urut, orang, HUBUNGAN.get(orang.hubungan, "8"))
    tunggu_tersimpan(op, "Tersimpan di HP")
    tunggu_pita(op, "Tidak ada sinyal")
    op.lihat("51-tanpa-sinyal")
    op.hal.reload()
    op.hal.wait_for_function("() => document.querySelectorAll('.anggota').length === 5")
    assert op.hal.locator("[name=anggota-4-nama]").input_value() == lain[-1].nama
    lanjut(op)
    op.ketik(**{f"rumah-{k}": v for k, v in langkah.RUMAH.items()})
    lanjut(op)
    lanjut(op)
    for sisi, jenis in enumerate(("rumah_depan", "", "")):
        if jenis:
            op.hal.locator("#foto-jenis").select_option(jenis)
        else:
            op.hal.locator("#foto-jenis").select_option(index=sisi)
        op.hal.locator("#foto-berkas").set_input_files(
            {"name": "rumah.jpg", "mimeType": "image/jpeg", "buffer": foto_rumah(sisi)}
        )
        op.hal.wait_for_function(f"() => document.querySelectorAll('#foto-daftar li').length === {sisi + 1}")
    op.lihat("52-foto-di-hp")
    jaringan.sambung(op)
    tunggu_tersimpan(op)
    lanjut(op)
    op.ketik(program="PKH", alasan_usul="Kepala keluarga sakit.")

    jaringan.putus(op)  # the second time
    op.hal.get_by_role("button", name="Kirim usulan").click()
    tunggu_pita(op, "1 usulan menunggu sinyal. 3 foto menunggu sinyal")
    op.lihat("53-menunggu-sinyal")
    assert Usulan.objects.count() == 0
    mentah = jaringan.mentah_hp(op)
    assert kepala.nik not in mentah and kepala.nama not in mentah and "KUNCI TERBUKA" not in mentah

    terpotong = jaringan.potong_jawaban(op.hal, f"**{LENGKAP}")
    jaringan.sambung(op)
    op.hal.wait_for_function(
        "() => document.getElementById('daftar-kirim').textContent.includes('menunggu sinyal')"
    )
    op.hal.evaluate("window.luring.kirim()")
    op.hal.get_by_text("sudah sampai di server").wait_for(timeout=90_000)
    op.hal.wait_for_function(
        "() => !/foto/.test(document.getElementById('luring').textContent)", timeout=120_000
    )
    assert len(terpotong) == 1, "one answer was cut after the server had stored everything"
    op.lihat("54-terkirim")

    usulan = Usulan.objects.get()
    assert Keluarga.objects.count() == 1 and Individu.objects.count() == 5 and Rumah.objects.count() == 1
    assert FotoKeluarga.objects.filter(keluarga=usulan.keluarga).count() == 3
    assert Berkas.objects.filter(jenis__startswith="foto_").count() == 3
    assert kelengkapan.hitung(usulan.keluarga).kurang == []
    assert not DrafIsian.objects.exists()
    op.hal.get_by_role("link", name="Tanda terima dan PIN").click()
    op.hal.wait_for_url("**/tanda-terima/")
    assert usulan.tiket in op.teks


def test_formulir_terbuka_tanpa_sinyal_dan_halaman_kasus_tidak_tersimpan(hp):
    usulan = sampai("diajukan", nomor=3).usulan
    op = hp()
    buka_lengkap(op)
    op.buka(f"/usulan/{usulan.pk}/")
    jaringan.putus(op)
    op.buka(LENGKAP)
    assert "bisa tanpa sinyal" in op.teks
    tunggu_pita(op, "Tidak ada sinyal")
    op.hal.goto(f"/usulan/{usulan.pk}/")
    assert "Tidak ada sinyal" in op.teks and usulan.tiket not in op.hal.content()
    op.lihat("55-tidak-ada-sinyal")
    tersimpan = op.hal.evaluate(
        "async () => (await Promise.all((await caches.keys()).map(async n => (await (await caches.open(n)).keys()).map(r => new URL(r.url).pathname)))).flat()"
    )
    assert LENGKAP in tersimpan and not any(str(usulan.pk) in a for a in tersimpan)
    assert {a for a in tersimpan if not a.startswith("/static/")} == {LENGKAP, "/luring/"}


def test_keluar_menghapus_semua_dari_hp(hp):
    op = hp()
    buka_lengkap(op)
    isi_orang(op, 0, keluarga_uji(1).told[0])
    tunggu_tersimpan(op)
    assert any(n.startswith("draf:") for n in jaringan.isi_hp(op)["nama"])
    op.hal.locator("details.akun summary").click()
    op.tekan("Keluar")
    op.hal.wait_for_timeout(500)
    sisa = jaringan.isi_hp(op)
    assert sisa["nama"] == [] and sisa["tembolok"] == [] and sisa["pekerja"] == 0
    jaringan.putus(op)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        op.hal.goto(LENGKAP)
    jaringan.sambung(op)
    op.masuk("operator")  # but the server's draft is there
    op.buka(LENGKAP)
    op.hal.get_by_text("Ada isian yang belum dikirim").wait_for()
    op.hal.get_by_role("button", name="Pakai").click()
    assert op.hal.locator("[name=anggota-0-nik]").input_value() == keluarga_uji(1).told[0].nik


def test_orang_lain_di_hp_yang_sama_tidak_membaca_apa_pun(hp):
    """The session ended without a logout; a colleague logs in on the same phone."""
    op = hp()
    buka_lengkap(op)
    nik = keluarga_uji(1).told[0].nik
    isi_orang(op, 0, keluarga_uji(1).told[0])
    tunggu_tersimpan(op)
    op.konteks.clear_cookies()
    op.masuk("rtrw")
    buka_lengkap(op)
    op.hal.wait_for_timeout(800)
    assert op.hal.locator("[name=anggota-0-nik]").input_value() == ""
    assert nik not in op.hal.content() and nik not in jaringan.mentah_hp(op)
    op.konteks.clear_cookies()
    op.masuk("operator")
    op.buka(LENGKAP)
    op.hal.wait_for_function(f"() => document.querySelector('[name=anggota-0-nik]').value === '{nik}'")


def test_sesi_habis_minta_masuk_lagi_dan_tidak_ada_yang_hilang(hp):
    op = hp()
    buka_lengkap(op)
    isi_keluarga_pendek(op, 4)
    op.konteks.clear_cookies()
    op.hal.get_by_role("button", name="Kirim usulan").click()
    tunggu_pita(op, "Masuk lagi untuk mengirim")
    op.lihat("56-masuk-lagi")
    assert Usulan.objects.count() == 0
    op.masuk("operator")
    op.buka(LENGKAP)
    op.hal.get_by_text("sudah sampai di server").wait_for(timeout=60_000)
    assert Usulan.objects.count() == 1


def isi_keluarga_pendek(op, n: int) -> None:
    """One person and no dwelling yet: enough for a draft."""
    keluarga = keluarga_uji(n)
    isi_orang(op, 0, keluarga.told[0])
    lanjut(op)
    op.ketik(no_kk=keluarga.kk, alamat=keluarga.alamat, rt=keluarga.rt)
    if op.hal.locator("[name=rw]").is_enabled():  # an RW's own number is given
        op.ketik(rw=keluarga.rw)
    for _ in range(5):
        lanjut(op)
    op.ketik(program="PKH", alasan_usul="Sakit.")


def test_ditolak_saat_antrean_dikirim_tampil_dengan_isian_dan_jalan_keluar(hp):
    """While it waited, somebody else proposed the same head: said at the field, with the way to that family."""
    op = hp()
    buka_lengkap(op)
    jaringan.putus(op)
    isi_keluarga_pendek(op, 5)
    op.hal.get_by_role("button", name="Kirim usulan").click()
    tunggu_pita(op, "1 usulan menunggu sinyal")
    sampai("draf", nomor=5)
    jaringan.sambung(op)
    tunggu_pita(op, "1 usulan perlu diperbaiki")
    op.hal.get_by_role("link", name="Buka keluarga").wait_for()
    op.hal.get_by_role("button", name="Perbaiki").click()
    op.hal.get_by_text("Belum tersimpan di server").wait_for()
    assert op.hal.locator("[name=anggota-0-nik]").input_value() == keluarga_uji(5).told[0].nik
    op.lihat("57-perlu-diperbaiki")
    assert Usulan.objects.count() == 1 and Keluarga.objects.count() == 1


def test_isian_biasa_tersimpan_sendiri_dan_selamat_dari_muat_ulang(hp):
    usulan = sampai("diajukan", nomor=6).usulan
    op = hp()
    op.buka(f"/usulan/{usulan.pk}/rumah/")
    op.ketik(luas_lantai="48")
    op.hal.get_by_text("Tersimpan", exact=False).first.wait_for()
    op.hal.wait_for_function(
        "() => /^Tersimpan \\d/.test(document.querySelector('form[data-draf] .tersimpan').textContent)"
    )
    op.hal.reload()
    op.hal.get_by_text("Ada isian yang belum dikirim").wait_for()
    op.lihat("58-tawaran-draf")
    with op.hal.expect_navigation():
        op.hal.get_by_role("link", name="Pakai").click()
    assert op.hal.locator("[name=luas_lantai]").input_value() == "48"
    jaringan.putus(op)
    op.ketik(luas_lantai="50")
    op.hal.locator("form .tersimpan", has_text="Tersimpan di HP").wait_for()
    op.buka("about:blank")  # closed before the signal came back
    jaringan.sambung(op)
    op.buka(f"/usulan/{usulan.pk}/rumah/")
    op.hal.get_by_text("Ada isian di HP ini").wait_for()
    op.hal.get_by_role("button", name="Pakai").click()
    assert op.hal.locator("[name=luas_lantai]").input_value() == "50"


def test_anggota_hanya_ditanya_yang_perlu_dan_jawabannya_tetap(hp):
    """A grown man, then a small girl, then a mother: what is asked follows, and what was typed comes back."""
    op = hp()
    buka_lengkap(op)
    asal = {"partisipasi_sekolah", "bekerja", "hamil", "gizi", "lapangan_usaha", "hamil_sejak", "jenjang"}

    def ditanya() -> set[str]:
        return {n for n in asal if terlihat(op, 0, n)}

    def isi(**kolom: str) -> None:
        op.ketik(**{f"anggota-0-{k}": v for k, v in kolom.items()})

    assert ditanya() == set()
    assert not terlihat(op, 0, "jamkes")
    isi(nama="Uji Coba", jenis_kelamin="1", tgl_lahir="1980-02-03", status_kawin="2")
    assert ditanya() == {"bekerja"}
    isi(bekerja="ya")
    assert ditanya() == {"bekerja", "lapangan_usaha"}
    op.hal.locator("[name=anggota-0-lapangan_usaha]").select_option(index=1)
    dipilih = op.hal.locator("[name=anggota-0-lapangan_usaha]").input_value()
    isi(tgl_lahir="2023-02-03")
    assert ditanya() == {"gizi"}, "a child of three"
    isi(tgl_lahir="1990-02-03", jenis_kelamin="2")
    assert ditanya() == {"bekerja", "lapangan_usaha", "hamil"}
    assert op.hal.locator("[name=anggota-0-lapangan_usaha]").input_value() == dipilih
    isi(hamil="ya")
    assert "hamil_sejak" in ditanya()
    isi(jenis_kelamin="1")
    assert ditanya() == {"bekerja", "lapangan_usaha"}
    kurang = op.hal.locator(".anggota [data-kurang]").inner_text()
    assert kurang.startswith("Belum diisi: NIK") and "ibu kandung" in kurang and "hamil" not in kurang
    assert "boleh menyusul" in op.hal.locator(".kolom", has_text="Tempat lahir").first.inner_text()
    assert "kurang" in op.hal.locator(".anggota summary").first.inner_text()
    op.lihat("59-anggota-menurut-umur")
    op.hal.get_by_text("Ijazah, usaha, disabilitas").click()
    assert terlihat(op, 0, "jamkes") and not terlihat(op, 0, "usaha_omzet")
    isi(usaha_jumlah="1")
    assert terlihat(op, 0, "usaha_omzet")


def test_titik_lokasi_menyebut_ketelitiannya(hp):
    """A rough point is taken, said to be rough, and stored with its metres; a point typed by hand has none."""
    op = hp()
    op.konteks.grant_permissions(["geolocation"])
    op.konteks.set_geolocation({"latitude": -7.227906, "longitude": 107.908699, "accuracy": 250})
    usulan = sampai("diajukan", nomor=7).usulan
    op.buka(f"/usulan/{usulan.pk}/keluarga/")
    op.hal.get_by_role("button", name="Ambil titik lokasi").click()
    op.hal.get_by_text("kurang teliti: ketelitian ± 250 m").wait_for()
    op.konteks.set_geolocation({"latitude": -7.227906, "longitude": 107.908699, "accuracy": 12})
    op.hal.wait_for_timeout(200)
    op.hal.get_by_role("button", name="Ambil titik lokasi").click()
    op.hal.locator("#kabar-lokasi", has_text="ketelitian ±").wait_for()
    op.lihat()
    meter = op.hal.locator("[name=akurasi_m]").input_value()
    op.tekan("Simpan")
    keluarga = Keluarga.objects.get(pk=usulan.keluarga_id)
    assert str(keluarga.lintang) == "-7.227906" and keluarga.akurasi_m == int(meter)
    op.buka(f"/keluarga/{keluarga.pk}/")
    assert f"ketelitian ± {meter} m" in op.teks
    op.buka(f"/usulan/{usulan.pk}/keluarga/")
    op.hal.locator("[name=lintang]").press_sequentially("1")
    assert op.hal.locator("[name=akurasi_m]").input_value() == ""


def test_foto_kasus_satu_per_satu_walau_sinyal_putus(hp):
    """Three photos at once on the page of a case: kept on the phone, sent one by one, an answer cut, none twice."""
    usulan = sampai("diajukan", nomor=8).usulan
    ada = FotoKeluarga.objects.count()
    op = hp()
    op.buka(f"/usulan/{usulan.pk}/foto/")
    op.tekan("Simpan")
    assert "Pilih atau ambil fotonya" in op.teks, "what is missing is told as before"
    op.buka(f"/usulan/{usulan.pk}/foto/")
    jaringan.siap_simpan(op)
    op.ketik(jenis="rumah_depan")
    op.hal.locator("[name=foto]").set_input_files(
        [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": foto_rumah(n)} for n in range(3)]
    )
    op.hal.get_by_text("3 foto siap dikirim").wait_for()
    jaringan.putus(op)
    op.hal.get_by_role("button", name="Simpan", exact=True).click()
    tunggu_pita(op, "3 foto menunggu sinyal")
    op.hal.locator("main ul.tugas li", has_text="menunggu sinyal").nth(2).wait_for()
    assert op.hal.locator("main ul.tugas li").count() == 3
    op.hal.wait_for_function("() => !document.querySelector('main').innerText.includes('siap dikirim')")
    op.lihat("59-foto-menunggu-sinyal")
    assert FotoKeluarga.objects.count() == ada
    terpotong = jaringan.potong_jawaban(op.hal, f"**/usulan/{usulan.pk}/foto/kirim/")
    jaringan.sambung(op)
    op.hal.wait_for_timeout(1500)
    op.hal.evaluate("window.luring.kirim()")
    op.hal.wait_for_function(
        "n => document.querySelectorAll('ul.petak li').length === n", arg=ada + 3, timeout=60_000
    )
    assert len(terpotong) == 1 and FotoKeluarga.objects.count() == ada + 3
    assert not [n for n in jaringan.isi_hp(op)["nama"] if n.startswith("foto:")]


def test_rt_rw_mengirim_dari_formulir_tanpa_sinyal(hp):
    rt = hp("rtrw")
    buka_lengkap(rt)
    assert rt.hal.locator("[name=jalur]:not([type=hidden])").count() == 0, (
        "the special ways are the operator's"
    )
    jaringan.putus(rt)
    isi_keluarga_pendek(rt, 9)
    rt.lihat()
    rt.hal.get_by_role("button", name="Kirim usulan").click()
    tunggu_pita(rt, "1 usulan menunggu sinyal")
    jaringan.sambung(rt)
    rt.hal.get_by_text("sudah sampai di server").wait_for(timeout=60_000)
    usulan = Usulan.objects.get()
    assert usulan.jalur == "REGULER" and usulan.created_by.username == "rtrw"


def test_foto_buram_dan_gelap_diperingatkan_tetapi_tidak_dihalangi(hp):
    def foto(gambar):
        keluar = io.BytesIO()
        exif = Image.Exif()
        exif[0x010F] = "KAMERA RAHASIA"
        gambar.save(keluar, "JPEG", exif=exif)
        return keluar.getvalue()

    tajam = Image.open(io.BytesIO(foto_rumah()))
    op = hp()
    buka_lengkap(op)
    for _ in range(5):
        lanjut(op)
    for gambar, kata in (
        (tajam.filter(ImageFilter.GaussianBlur(25)), "Foto tampak buram"),
        (tajam.point(lambda p: p // 12), "Foto tampak gelap"),
        (tajam, "siap dikirim"),
    ):
        op.hal.locator("#foto-berkas").set_input_files(
            {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": foto(gambar)}
        )
        op.hal.locator(".hitung", has_text=kata).wait_for()
    op.hal.wait_for_function("() => document.querySelectorAll('#foto-daftar li').length === 3")
    bersih = op.hal.evaluate(
        "async () => { for (const f of await luring.daftar('foto:')) if (new TextDecoder('latin1').decode(await luring.buka(f.nama, true)).includes('RAHASIA')) return false; return true }"
    )
    assert bersih, "what the camera wrote about itself never leaves the phone"


def test_server_dimulai_ulang_draf_tetap_ada(panggung, tmp_path_factory, hp):
    web = Portal(panggung, tmp_path_factory.mktemp("ulang"), demo=True)
    try:
        web.tunggu()
        op = hp("operator", web)
        op.buka(LENGKAP)
        isi_orang(op, 0, keluarga_uji(1).told[0])
        op.hal.wait_for_function(
            "() => /^Tersimpan \\d/.test(document.getElementById('tersimpan').textContent)"
        )
        web.hentikan()
        web._proses.mulai()
        web.tunggu()
        op.hal.evaluate("indexedDB.deleteDatabase('portal')")
        op.buka(LENGKAP)
        op.hal.get_by_role("button", name="Pakai").click()
        assert op.hal.locator("[name=anggota-0-nik]").input_value() == keluarga_uji(1).told[0].nik
    finally:
        web.hentikan()


def test_kunjungan_pertama_paling_banyak_60_kb(layar, portal):
    """Login page and the village form on an empty phone, counted as they came over the line, the worker's files too."""
    op = layar(portal)
    cdp = op.konteks.new_cdp_session(op.hal)
    cdp.send("Network.enable")
    bita: dict[str, float] = {}
    alamat: dict[str, str] = {}
    cdp.on("Network.requestWillBeSent", lambda e: alamat.__setitem__(e["requestId"], e["request"]["url"]))
    cdp.on("Network.loadingFinished", lambda e: bita.__setitem__(e["requestId"], e["encodedDataLength"]))
    op.masuk("operator")
    buka_lengkap(op)
    dari_halaman = {alamat[i].removeprefix(portal.alamat): round(b) for i, b in bita.items() if i in alamat}
    # Files that only the worker asked for: the page's own are in the browser's cache and are not asked for again.
    dari_pekerja = op.hal.evaluate(
        """async sudah => {
          const hasil = {}
          for (const n of await caches.keys()) for (const r of await (await caches.open(n)).keys()) {
            const jalan = new URL(r.url).pathname
            if (jalan in sudah && jalan !== '/usulan/baru/lengkap/') continue
            const s = (await fetch(r.url, { cache: 'no-store' })).body.pipeThrough(new CompressionStream('gzip'))
            hasil[jalan] = (await new Response(s).arrayBuffer()).byteLength
          }
          return hasil
        }""",
        dari_halaman,
    )
    jumlah = sum(dari_halaman.values()) + sum(dari_pekerja.values())
    assert dari_halaman and jumlah <= 60 * 1024, (jumlah, dari_halaman, dari_pekerja)
