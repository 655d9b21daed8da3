"""A neighbour objects to a published recipient; the family is heard; somebody without a part decides."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core.integrations.dukcapil.verdict import Kategori, MatchResult, failure
from core.models import Jejak, Ketentuan, KunciKirim, Pekerjaan
from core.outbox import Later
from core.workflow import GateClosed, NotAllowed, NotOpen
from dtks.actions import usulan as langkah
from dtks.models import Bendera, Usulan
from pengaduan import tasks
from pengaduan.actions import perkara as aksi
from pengaduan.actions import sanggah as masuk_aksi
from pengaduan.models import HakJawab, Penyanggah, PerkaraSanggah, Sanggah
from pengaduan.queries import sanggah as baca
from tests.bantu import sanggah as bantu
from tests.bantu.alur import foto, orang
from tests.bantu.tantangan import jawab_tantangan

pytestmark = pytest.mark.django_db
PUTUS = "Dua mobil terbukti milik keluarga ini."


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True


@pytest.fixture
def penerima(sampai):
    return bantu.penerima(30)


@pytest.fixture
def calon(sampai):
    return bantu.calon(30)


@pytest.fixture
def tetangga(sampai):
    return bantu.warga(sampai("draf", nomor=31, pengusul="operator"))


def kirim_layar(client, p, siapa, **lain):
    url = f"/sanggah/tulis/penerima/{bantu.baris(p).pk}/"
    return client.post(url, bantu.badan(siapa, p, **lain) | jawab_tantangan(client, url))


def resi(jawab) -> tuple[str, str]:
    teks = jawab.content.decode()
    return re.search(r"SGH-\d{6}-\d{5}", teks)[0], re.search(r'nomor[^"]*">(\d{6})<', teks)[1]


def lacak(client, tiket, pin):
    return client.post("/lacak/", {"tiket": tiket, "pin": pin})


def test_dari_formulir_sampai_putusan_dan_usulan_penghapusan(client, masuk, penerima, tetangga):
    jawab = kirim_layar(client, penerima, tetangga)
    assert jawab.status_code == 200, jawab.content.decode()
    tiket, pin = resi(jawab)
    satu = Sanggah.objects.get(tiket=tiket)
    assert satu.identitas == "register" and satu.perkara.status == "diterima" and satu.nama_cocok
    assert "Nama Anda tidak diberitahukan" in lacak(client, tiket, pin).content.decode()

    perkara, dinas = satu.perkara, masuk("verifikator")
    url = f"/sanggah/perkara/{perkara.pk}/"
    assert bantu.CERITA in dinas.get(url).content.decode()
    kunci = {"kunci_kirim": str(uuid.uuid4()), "versi": 0}
    assert dinas.post(f"{url}dengar/", kunci | {"alasan": [bantu.ALASAN], "ringkasan": ""}).status_code == 302
    hak = HakJawab.objects.get(perkara=perkara)

    desa = masuk("operator")
    assert hak.tiket in desa.get("/sanggah/surat/").content.decode()
    surat = desa.post(f"/sanggah/surat/{hak.pk}/cetak/", {"kunci_kirim": str(uuid.uuid4())})
    assert surat["Content-Type"] == "application/pdf" and surat.content[:5] == b"%PDF-"
    data = {"kunci_kirim": str(uuid.uuid4()), "tanggal": timezone.localdate().isoformat(), "cara": "diterima"}
    assert desa.post(f"/sanggah/surat/{hak.pk}/sampaikan/", data).status_code == 302

    hak, pin_surat = aksi.cetak_surat(hak, by=orang("operator"))
    halaman = lacak(client, hak.tiket, pin_surat).content.decode()
    assert "Punya mobil" in halaman and bantu.CERITA not in halaman
    izin = re.search(r'name="pegangan" value="([^"]+)"', halaman)[1]
    isi = {"kunci_kirim": str(uuid.uuid4()), "pegangan": izin, "jawaban": "Mobil itu milik majikan saya."}
    assert "sudah diterima" in client.post("/lacak/sanggah/jawab/", isi).content.decode()

    perkara.refresh_from_db()
    assert perkara.status == "menunggu_petugas"
    data = {"kunci_kirim": str(uuid.uuid4()), "versi": perkara.versi, "petugas": str(orang("tksk2").pk)}
    assert dinas.post(f"{url}tugaskan/", data).status_code == 302
    petugas = masuk("tksk2")
    tugas = f"/sanggah/tugas/{perkara.pk}/"
    layar = petugas.get(tugas).content.decode()
    assert "Punya mobil" in layar and "majikan" in layar and bantu.CERITA not in layar
    perkara.refresh_from_db()
    bantu.dilaporkan(perkara)

    perkara.refresh_from_db()
    data = {
        "kunci_kirim": str(uuid.uuid4()), "versi": perkara.versi, "putusan": "kabulkan", "alasan": PUTUS, "baris": [str(bantu.baris(penerima).pk)],
    }  # fmt: skip
    assert masuk("kadis").post(f"{url}putus/", data).status_code == 302
    perkara.refresh_from_db()
    hapus = perkara.hasil.get().usulan
    assert (perkara.status, hapus.jalur, hapus.status) == ("dikabulkan", "PENGHAPUSAN", "draf")
    assert "terbukti" in lacak(client, tiket, pin).content.decode()
    assert PUTUS in lacak(client, hak.tiket, pin_surat).content.decode()


def test_kirim_dua_kali_satu_catatan_dan_resi_yang_sama(client, penerima, tetangga):
    url = f"/sanggah/tulis/penerima/{bantu.baris(penerima).pk}/"
    data = bantu.badan(tetangga, penerima) | jawab_tantangan(client, url)
    satu = client.post(url, data)
    data["foto"].seek(0)
    dua = client.post(url, data)
    assert resi(satu) == resi(dua) and Sanggah.objects.count() == 1
    assert resi(satu)[1] not in KunciKirim.objects.get(pemilik="publik").hasil


def test_banyak_penyanggah_satu_perkara_satu_putusan(sampai, calon, tetangga):
    lain = bantu.warga(sampai("draf", nomor=32, pengusul="operator"))
    a, _ = bantu.kirim(calon, tetangga)
    b, _ = bantu.kirim(calon, lain, alasan="H01")
    assert a.perkara_id == b.perkara_id and PerkaraSanggah.objects.count() == 1
    masuk_aksi.tarik(a)
    assert PerkaraSanggah.objects.get().status == "diterima"
    masuk_aksi.tarik(b)
    assert PerkaraSanggah.objects.get().status == "ditarik"
    c, _ = bantu.kirim(calon, lain)
    assert c.perkara_id != b.perkara_id and "ulang" in c.tanda


def test_usulan_keluarga_ditahan_selama_disanggah_dan_lepas_sesudahnya(sampai, tetangga):
    kedua = Usulan.objects.get(pk=sampai("terverifikasi", nomor=33, program="APBD-LANSIA").usulan.pk)
    # a second programme for the family that is objected to
    perkara = bantu.kirim(sampai("disepakati", nomor=34), tetangga)[0].perkara
    assert not Bendera.objects.terbuka().exists()
    Usulan.objects.filter(pk=kedua.pk).update(keluarga=perkara.keluarga)
    kedua.refresh_from_db()
    bantu.hak_jawab(perkara)
    bendera = Bendera.objects.terbuka().get(usulan=kedua)
    assert bendera.kode == "SANGGAH" and tetangga.nama not in bendera.kalimat
    with pytest.raises(GateClosed, match="BENDERA"):
        langkah.langkahkan(kedua, "sahkan", by=orang("kadis"))
    perkara.refresh_from_db()
    hak, _ = bantu.disampaikan(HakJawab.objects.get(perkara=perkara))
    perkara = bantu.dilaporkan(bantu.diperiksa(bantu.dijawab(hak)), temuan="tidak")
    aksi.tolak(perkara, by=orang("kadis"), alasan="Mobil itu milik majikannya.")
    assert not Bendera.objects.terbuka().filter(usulan=kedua).exists()


def test_usulan_yang_terbuka_ketika_dikabulkan_tetap_tertahan(sampai, penerima, tetangga):
    perkara = bantu.sampai_putusan(penerima, tetangga)
    terbuka = sampai("terverifikasi", nomor=33, program="APBD-LANSIA").usulan
    Usulan.objects.filter(pk=terbuka.pk).update(keluarga=perkara.keluarga)
    perkara = aksi.kabulkan(perkara, by=orang("kadis"), alasan=PUTUS, baris=[bantu.baris(penerima).pk])
    assert {b.kode for b in Bendera.objects.terbuka().filter(usulan=terbuka)} == {"SANGGAH_KABUL"}
    assert not Bendera.objects.terbuka().filter(usulan=perkara.hasil.get().usulan).exists()


def test_disanggah_lagi_selagi_penghapusannya_berjalan_tetap_bisa_diputus(penerima, tetangga):
    baris = bantu.baris(penerima).pk
    lama = aksi.kabulkan(
        bantu.sampai_putusan(penerima, tetangga), by=orang("kadis"), alasan=PUTUS, baris=[baris]
    )
    lagi = bantu.sampai_putusan(penerima, tetangga)
    assert aksi.kabulkan(lagi, by=orang("kadis"), alasan=PUTUS, baris=[baris]).status == "dikabulkan"
    assert lama.hasil.count() == 1 and not lagi.hasil.exists()


def test_keluarga_didengar_sebelum_diputus_juga_lewat_sql(calon, tetangga):
    perkara = bantu.kirim(calon, tetangga)[0].perkara
    with pytest.raises(NotOpen):
        aksi.tolak(perkara, by=orang("kadis"), alasan=PUTUS)
    perkara = bantu.sampai_putusan(bantu.calon(35), tetangga)
    with (
        pytest.raises(DatabaseError, match="tidak boleh diubah"),
        transaction.atomic(),
        connection.cursor() as c,
    ):
        c.execute("update pengaduan_hakjawab set jawaban = 'lain' where perkara_id = %s", [perkara.pk])


def test_diam_dicatat_dan_tidak_memberatkan(calon, tetangga):
    hak, _ = bantu.disampaikan(bantu.hak_jawab(bantu.kirim(calon, tetangga)[0].perkara))
    assert aksi.lewatkan_jawaban(hak.batas) == 0
    assert aksi.lewatkan_jawaban(hak.batas + timedelta(days=1)) == 1
    assert aksi.lewatkan_jawaban(hak.batas + timedelta(days=1)) == 0
    hak.refresh_from_db()
    assert hak.kanal == "diam" and PerkaraSanggah.objects.get().status == "menunggu_petugas"
    assert "tidak berarti mengaku" in baca.PerkaraSanggah.objects.get().riwayat.get(langkah="lewatkan_jawaban").catatan.lower().replace("diam ", "")  # fmt: skip


def test_surat_yang_tidak_diantar_tidak_menghabiskan_waktu_keluarga(calon, tetangga):
    hak = bantu.hak_jawab(bantu.kirim(calon, tetangga)[0].perkara)
    assert aksi.lewatkan_jawaban(timezone.localdate() + timedelta(days=400)) == 0
    with pytest.raises(GateClosed, match="SURAT_BELUM"):
        aksi.sampaikan(hak, by=orang("operator"), tanggal=timezone.localdate(), cara="diterima")


def test_jawaban_di_loket_dengan_tanda_tangan(masuk, calon, tetangga):
    hak, _ = bantu.disampaikan(bantu.hak_jawab(bantu.kirim(calon, tetangga)[0].perkara))
    with pytest.raises(GateClosed, match="BERKAS_WAJIB"):
        aksi.catat_jawaban(hak, by=orang("operator"), isi="Kami keberatan.", berkas=[])
    aksi.catat_jawaban(hak, by=orang("operator"), isi="Mobil itu bukan milik kami.", berkas=[foto()])
    hak.refresh_from_db()
    assert hak.kanal == "loket" and hak.berkas_id and hak.dicatat_by == orang("operator")
    halaman = masuk("kadis").get(f"/sanggah/perkara/{hak.perkara_id}/").content.decode()
    bukti = f"/sanggah/perkara/{hak.perkara_id}/foto/{hak.berkas_id}/"
    assert bukti in halaman and masuk("kadis").get(bukti).content  # who decides sees what the family showed
    asing = hak.perkara.sanggah.get().foto_id
    for siapa, alamat in (("operator", bukti), ("kadis", bukti.replace(str(hak.berkas_id), str(asing)))):
        assert masuk(siapa).get(alamat).status_code == 404


def test_pemutus_tidak_ikut_menyaring_memeriksa_atau_menyanggah(calon, tetangga):
    perkara = bantu.kirim(calon, tetangga)[0].perkara
    hak, _ = bantu.disampaikan(bantu.hak_jawab(perkara, by="supervisor"))
    perkara = bantu.dilaporkan(bantu.diperiksa(bantu.dijawab(hak)))
    with pytest.raises(NotAllowed, match="TIDAK_BERWENANG"):
        aksi.kabulkan(perkara, by=orang("supervisor"), alasan=PUTUS, baris=[])
    siapa = Penyanggah.objects.get()
    kadis = orang("kadis")
    kadis.orang.nik = siapa.nik.open()
    # The desk head turns out to be the objector himself.
    with connection.cursor() as c:
        c.execute(
            "update accounts_orang set nik_indeks = %s where id = %s",
            [bytes(siapa.nik_indeks), kadis.orang_id],
        )
    with pytest.raises(NotAllowed):
        aksi.tolak(perkara, by=orang("kadis"), alasan=PUTUS)


def test_petugas_yang_terkait_tidak_ditawarkan_dan_ditolak(tetangga):
    diases = bantu.calon(37, "diases")
    hak, _ = bantu.disampaikan(bantu.hak_jawab(bantu.kirim(diases, tetangga)[0].perkara))
    perkara = bantu.dijawab(hak)
    nama = [p.username for p in baca.pilihan_petugas(perkara)]
    assert "tksk2" in nama and "tksk" not in nama  # he assessed this family
    with pytest.raises(GateClosed, match="PETUGAS_TERKAIT"):
        aksi.tugaskan(perkara, by=orang("verifikator"), petugas=orang("tksk"))


def test_petugas_kecamatan_lain_yang_ditugaskan_melapor_dari_layarnya(masuk, calon, tetangga):
    """Where everybody of the kecamatan has ties, a neighbour is offered; who is sent there can end what he was sent for."""
    satu, _ = bantu.kirim(calon, tetangga)
    hak, _ = bantu.disampaikan(bantu.hak_jawab(satu.perkara))
    perkara = bantu.dijawab(hak)
    orang("tksk2").penugasan.update(wilayah_id="32.05.02")
    petugas = next(p for p in baca.pilihan_petugas(perkara) if p.username == "tksk2")
    perkara = bantu.diperiksa(perkara, petugas=petugas.username)
    layar, tugas = masuk("tksk2"), f"/sanggah/tugas/{perkara.pk}/"
    assert perkara.keluarga.nama_kepala in layar.get("/sanggah/tugas/").content.decode()
    isi = {
        "kunci_kirim": str(uuid.uuid4()), "versi": perkara.versi, "temuan": "tidak", "uraian": "Toko itu milik orang lain.",
        "tanggal": timezone.localdate().isoformat(), "foto": SimpleUploadedFile("rumah.jpg", foto(), "image/jpeg"),
    }  # fmt: skip
    assert layar.post(tugas, isi).status_code == 302
    perkara.refresh_from_db()
    assert (perkara.status, perkara.temuan) == ("menunggu_putusan", "tidak")


def test_yang_bukan_petugas_lapangan_lagi_tidak_melapor(calon, tetangga):
    satu, _ = bantu.kirim(calon, tetangga)
    hak, _ = bantu.disampaikan(bantu.hak_jawab(satu.perkara))
    perkara = bantu.diperiksa(bantu.dijawab(hak))
    with pytest.raises(NotAllowed, match="TIDAK_BERWENANG"):
        bantu.dilaporkan(perkara, petugas="tksk")
    orang("tksk2").penugasan.update(peran_id="LURAH")
    with pytest.raises(NotAllowed, match="TIDAK_BERWENANG"):
        bantu.dilaporkan(perkara)


def test_tanpa_identitas_yang_terbukti_keluarga_tidak_diganggu(calon, tetangga):
    satu, _ = bantu.kirim(calon, tetangga, nama="Orang Yang Lain Sekali")
    assert satu.identitas == "menunggu"
    with pytest.raises(GateClosed, match="IDENTITAS_BELUM"):
        bantu.hak_jawab(satu.perkara)
    masuk_aksi.nilai_identitas(satu, by=orang("verifikator"), hasil="sah", alasan="Foto KTP cocok.")
    bantu.hak_jawab(satu.perkara)


@pytest.mark.parametrize(
    ("jawaban", "menjadi"),
    [
        (MatchResult(Kategori.PADAN), "dukcapil"),
        (MatchResult(Kategori.PINDAH), "petugas"),
        (MatchResult(Kategori.TIDAK_DITEMUKAN), "petugas"),
        (failure("nik_lain"), "petugas"),
    ],
)
def test_yang_tidak_ada_di_register_ditanyakan_ke_dukcapil_dan_tidak_ditolak_mesin(calon, tetangga, monkeypatch, jawaban, menjadi):  # fmt: skip
    satu, _ = bantu.kirim(calon, tetangga, nik="3205011501900007", nama="Orang Baru", lahir=date(1990, 1, 15))
    tanya = []
    monkeypatch.setattr(tasks.DukcapilClient, "verify", lambda self, q, **a: tanya.append(q) or jawaban)
    job = Pekerjaan.objects.get(jenis=masuk_aksi.JOB_CEK)
    tasks._catat_penyanggah(job, tasks._tanya_penyanggah(job.argumen))
    satu.refresh_from_db()
    assert satu.identitas == menjadi and tanya[0].desa and tanya[0].kabupaten == "GARUT"


def test_dukcapil_padam_tidak_mengubah_apa_pun(calon, tetangga, monkeypatch):
    satu, _ = bantu.kirim(calon, tetangga, nik="3205011501900007")
    monkeypatch.setattr(tasks.DukcapilClient, "verify", lambda self, q, **a: failure("waktu_habis"))
    with pytest.raises(Later):
        tasks._tanya_penyanggah({"sanggah": str(satu.pk)})
    satu.refresh_from_db()
    assert satu.identitas == "menunggu"


def test_diminta_ktp_lalu_dikirim_lewat_lacak(client, calon, tetangga):
    satu, pin = bantu.kirim(calon, tetangga, nama="Nama Yang Berbeda")
    masuk_aksi.nilai_identitas(
        satu, by=orang("verifikator"), hasil="diminta_ktp", alasan="Nama di KTP perlu dilihat."
    )
    halaman = lacak(client, satu.tiket, pin).content.decode()
    izin = re.search(r'name="pegangan" value="([^"]+)"', halaman)[1]
    data = {
        "kunci_kirim": str(uuid.uuid4()),
        "pegangan": izin,
        "ktp": bantu.badan(tetangga, calon)["foto"],
    }
    assert "sudah diterima" in client.post("/lacak/sanggah/ktp/", data).content.decode()
    satu.refresh_from_db()
    assert satu.identitas == "petugas" and satu.penyanggah.ktp_id


def test_ktp_yang_buram_boleh_dikirim_lagi_bila_diminta(calon, tetangga):
    satu, _ = bantu.kirim(calon, tetangga, nama="Nama Yang Berbeda", ktp=foto((1, 2, 3)))
    buram = satu.penyanggah.ktp_id
    with pytest.raises(NotOpen):
        masuk_aksi.tambah_ktp(satu, isi=foto((9, 9, 9)))
    masuk_aksi.nilai_identitas(satu, by=orang("verifikator"), hasil="diminta_ktp", alasan="Fotonya buram.")
    masuk_aksi.tambah_ktp(satu, isi=foto((4, 5, 6)))
    satu = Sanggah.objects.get(pk=satu.pk)
    assert satu.identitas == "petugas" and satu.penyanggah.ktp_id not in (None, buram)
    with pytest.raises(DatabaseError), transaction.atomic():
        Penyanggah.objects.filter(sanggah=satu).update(ktp=buram)


def test_batas_bulanan_tidak_terlihat_dari_luar_dan_sisanya_menunggu_bulan_depan(
    client, sampai, calon, tetangga
):
    """Whoever knows a neighbour's number must not learn from the portal whether that neighbour objected."""
    kiriman = [bantu.kirim(calon, tetangga) for _ in range(4)]
    satu, pin = kiriman[3]
    depan = (timezone.localdate().replace(day=1) + timedelta(days=32)).replace(day=1)
    assert [k[0].perkara_id is None for k in kiriman] == [False, False, False, True]
    assert satu.proses_mulai == depan
    biasa = lacak(client, kiriman[0][0].tiket, kiriman[0][1]).content.decode()
    lebih = lacak(client, satu.tiket, pin).content.decode()

    def tanpa(t, tiket):
        t = re.sub(
            r'name="(csrfmiddlewaretoken|pegangan|kunci_kirim)" value="[^"]*"|value="[^"]*"([^>]*)name="(pegangan|kunci_kirim)"',
            "",
            t,
        )
        return re.sub(r'value="[^"]+"', "", t.replace(tiket, "T"))

    assert tanpa(biasa, kiriman[0][0].tiket) == tanpa(lebih, satu.tiket)
    assert masuk_aksi.gabungkan_tertahan(depan - timedelta(days=1)) == 0
    assert masuk_aksi.gabungkan_tertahan(depan) == 1
    satu.refresh_from_db()
    assert satu.perkara_id == kiriman[0][0].perkara_id


def test_orang_asing_yang_memakai_namanya_tidak_menghabiskan_jatah_warga(calon, tetangga):
    palsu = [bantu.kirim(calon, tetangga, nama="Nama Yang Berbeda")[0] for _ in range(3)]
    asli, _ = bantu.kirim(calon, tetangga)
    assert asli.perkara_id is None and asli.proses_mulai > timezone.localdate()
    masuk_aksi.nilai_identitas(
        palsu[0],
        by=orang("verifikator"),
        hasil="tidak_terbukti",
        alasan="Yang bersangkutan datang, bukan ia pengirimnya.",
    )
    asli.refresh_from_db()
    assert asli.proses_mulai <= timezone.localdate()
    assert masuk_aksi.gabungkan_tertahan(timezone.localdate()) == 1


def test_nik_dengan_tanggal_mustahil_diterima_dan_diperiksa_petugas(client, penerima, tetangga):
    tanya = kirim_layar(client, penerima, tetangga, nik="3205014599990003")
    assert tanya.status_code == 422 and "memang tertulis begitu" in tanya.content.decode()
    nomor, _ = resi(kirim_layar(client, penerima, tetangga, nik="3205014599990003", nik_begitu="on"))
    satu = Sanggah.objects.get(tiket=nomor)
    assert satu.identitas == "menunggu" and satu.penyanggah.nik.open() == "3205014599990003"
    pendek = kirim_layar(client, penerima, tetangga, nik="320501459999")
    assert pendek.status_code == 422 and "16 angka" in pendek.content.decode()


def test_membuka_identitas_dicatat_dan_hanya_pemeriksa_dinas(masuk, calon, tetangga):
    satu, _ = bantu.kirim(calon, tetangga)
    for siapa in (
        "operator",
        "lurah",
        "tksk",
        "kadis",
        "inspektorat",
        "admin",
        "provinsi",
        "verifikator.lain",
    ):
        assert masuk(siapa).get(f"/sanggah/penyanggah/{satu.pk}/").status_code in (403, 404), siapa
    dinas = masuk("verifikator")
    url = f"/sanggah/penyanggah/{satu.pk}/"
    nik = tetangga.nik.open()
    assert nik not in dinas.get(url).content.decode()
    buka = dinas.post(
        url, {"buka": "1", "kunci_kirim": str(uuid.uuid4()), "alasan": "Mencocokkan KTP"}
    ).content.decode()
    assert nik in buka and tetangga.nama in buka
    jejak = Jejak.objects.filter(aksi="buka_penyanggah")
    assert jejak.count() == 1 and nik not in str(jejak.get().rincian)


def test_sesudah_masa_sanggah_ditandai_atau_ditutup_menurut_ketentuan(client, penerima, tetangga):
    mulai = timezone.localdate()
    Ketentuan.objects.filter(kunci="pengumuman.jendela").update(nilai={"hari": -1, "setelah_tutup": True})
    assert kirim_layar(client, penerima, tetangga).status_code == 200
    assert Sanggah.objects.get().luar_jendela
    Ketentuan.objects.filter(kunci="pengumuman.jendela").update(nilai={"hari": -1, "setelah_tutup": False})
    url = f"/sanggah/tulis/penerima/{bantu.baris(penerima).pk}/"
    tutup = client.get(url)
    assert tutup.status_code == 410 and "sudah lewat" in tutup.content.decode()
    desa = client.get(f"/pengumuman/?desa={penerima.usulan.wilayah_id[:13]}").content.decode()
    assert url not in desa and str(mulai.year) in desa


def test_laporan_di_luar_daftar_tidak_ada(client, sampai, penerima):
    assert client.get(f"/sanggah/tulis/penerima/{uuid.uuid4()}/").status_code == 404
    assert client.get(f"/sanggah/tulis/lain/{bantu.baris(penerima).pk}/").status_code == 404
    tunggu = sampai("daftar_tunggu", nomor=36).usulan.penetapan.get()
    assert client.get(f"/sanggah/tulis/penerima/{tunggu.pk}/").status_code == 404


def test_isi_sanggah_beku(calon, tetangga):
    bantu.kirim(calon, tetangga)
    for sql in (
        "update pengaduan_sanggah set cerita = 'lain'",
        "delete from pengaduan_penyanggah",
        "update pengaduan_penyanggah set nama = null",
    ):
        with (
            pytest.raises(DatabaseError, match="tidak boleh diubah"),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute(sql)
