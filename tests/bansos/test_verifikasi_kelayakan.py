"""The monthly answer about each recipient: who answers, what follows, and that nobody falls off the list by it."""

import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from bansos.actions import kelayakan as aksi
from bansos.actions import penetapan as aksi_penetapan
from bansos.actions.kelayakan import Jawaban
from bansos.models import AlasanKelayakan, BarisPenetapan, Kelayakan, VerifikasiKelayakan
from bansos.queries import kelayakan as baca
from core.models import Jejak, Ketentuan
from core.workflow import GateClosed, NotAllowed, NotOpen
from dtks.actions import usulan as langkah
from dtks.models import Individu, Periode, Usulan
from tests.bantu.alur import Perjalanan, foto, orang
from tests.bantu.pemain import DESA, KABUPATEN

pytestmark = pytest.mark.django_db
DAFTAR = "/kelayakan/"


@pytest.fixture(autouse=True)
def bulan_terbuka(db, settings):
    """Open on whatever day the tests run; the second factor has tests of its own."""
    settings.DEMO = True
    batasi(31)


def batasi(hari):
    Ketentuan.objects.update_or_create(
        kunci="kelayakan.tutup_tanggal", wilayah=KABUPATEN, berlaku_sejak=date(2021, 5, 27),
        defaults={"nilai": hari, "dasar_hukum": "uji", "sumber": "uji", "status_verifikasi": "kebijakan"},
    )  # fmt: skip


@pytest.fixture
def penerima(sampai):
    return sampai("ditetapkan").penetapan.baris.select_related("usulan__keluarga").get()


def jawab(baris, hasil, *, by="operator", sebelum=None, **isi):
    return aksi.jawab(baris.pk, by=orang(by), jawaban=Jawaban(hasil, **isi), sebelum=sebelum)


def kirim(klien, baris, **isi):
    return klien.post(f"{DAFTAR}{baris.pk}/", {"kunci_kirim": str(uuid.uuid4()), **isi})


def test_daftar_bulan_ini_kosong_sampai_orang_menjawab(penerima, masuk):
    isi = masuk("operator").get(DAFTAR).content.decode()
    assert penerima.usulan.keluarga.nama_kepala in isi
    assert "Dijawab 0 dari 1 penerima" in isi and "Belum dijawab" in isi
    assert "checked" not in isi and not VerifikasiKelayakan.objects.exists()


def test_yang_dicentang_dibaca_lagi_lalu_dicatat_sekali(penerima, masuk):
    klien, kunci = masuk("operator"), str(uuid.uuid4())
    periksa = klien.post(f"{DAFTAR}layak/", {"penerima": str(penerima.pk)})
    assert periksa.status_code == 200 and "Ya, semuanya masih layak" in periksa.content.decode()
    assert not VerifikasiKelayakan.objects.exists()
    data = {"penerima": str(penerima.pk), "aksi": "simpan", "kunci_kirim": kunci}
    for _ in range(2):
        assert klien.post(f"{DAFTAR}layak/", data).status_code == 302
    satu = VerifikasiKelayakan.objects.get()
    assert (satu.hasil, satu.periode, satu.by.username) == (
        "layak",
        f"{timezone.localdate():%Y-%m}",
        "operator",
    )
    assert Jejak.objects.filter(aksi="verifikasi_kelayakan").count() == 1
    isi = klien.get(DAFTAR).content.decode()
    assert "Dijawab 1 dari 1 penerima" in isi and "Masih layak" in isi
    lagi = klien.post(f"{DAFTAR}layak/", {**data, "kunci_kirim": str(uuid.uuid4())})
    assert lagi.status_code == 422 and VerifikasiKelayakan.objects.count() == 1


def test_tanpa_centang_tidak_ada_yang_tercatat(penerima, masuk):
    klien = masuk("operator")
    for isi in ({}, {"aksi": "simpan", "kunci_kirim": str(uuid.uuid4())}):
        jawaban = klien.post(f"{DAFTAR}layak/", isi)
        assert jawaban.status_code == 422 and "Belum ada nama yang dicentang" in jawaban.content.decode()
    assert not VerifikasiKelayakan.objects.exists()


def test_tidak_layak_perlu_sebab_dan_hanya_mengusulkan(penerima, masuk):
    klien = masuk("operator")
    tanpa = kirim(klien, penerima, hasil="tidak_layak")
    isi = tanpa.content.decode()
    assert tanpa.status_code == 422 and "paling sedikit satu sebab" in isi
    assert 'data-bila="hasil:tidak_layak"' in isi and "Sebab tidak layak</legend>" in isi, (
        "not “boleh kosong”"
    )
    assert not VerifikasiKelayakan.objects.exists()
    assert (
        kirim(klien, penerima, hasil="tidak_layak", alasan=["A01", "H02"], catatan="Mobil baru").status_code
        == 302
    )
    satu = VerifikasiKelayakan.objects.get()
    usulan = satu.usulan
    assert satu.alasan == ["A01", "H02"] and (usulan.jalur, usulan.status) == ("PENGHAPUSAN", "diajukan")
    assert "Punya mobil" in usulan.alasan_usul
    assert Kelayakan.objects.get(keluarga=satu.keluarga).hasil == "layak", (
        "still a recipient until a decree says no"
    )
    assert baca.penerima([DESA]).filter(pk=penerima.pk).exists()
    assert usulan.tiket in klien.get(f"{DAFTAR}{penerima.pk}/").content.decode()


def test_lima_belas_sebab_pusat_dan_sebab_desa_per_dimensi(penerima, masuk):
    assert AlasanKelayakan.objects.filter(kelompok="pusat").count() == 15
    isi = masuk("operator").get(f"{DAFTAR}{penerima.pk}/").content.decode()
    for kata in (
        "Guru bersertifikasi",
        "Aset",
        "Rumah",
        "Keluarga",
        "Pekerjaan",
        "Ekonomi",
        "Kesehatan",
        "sanggah data",
    ):
        assert kata in isi
    with pytest.raises(GateClosed, match="ALASAN_TIDAK_DIKENAL"):
        jawab(penerima, "tidak_layak", alasan=["X99"])


def test_meninggal_dengan_pengganti_tidak_mengusulkan_penghapusan(penerima, masuk):
    anggota = list(penerima.usulan.keluarga.anggota.filter(aktif=True).order_by("hubungan"))
    kepala, dewasa = anggota[0], next(a for a in anggota[1:] if aksi.umur(a.tgl_lahir) >= 17)
    assert (
        kirim(
            masuk("operator"), penerima, hasil="meninggal", meninggal=str(kepala.pk), pengurus=str(dewasa.pk)
        ).status_code
        == 302
    )
    satu = VerifikasiKelayakan.objects.get()
    assert (satu.yang_meninggal, satu.pengurus_baru, satu.usulan) == (kepala, dewasa, None)
    assert Individu.objects.get(pk=kepala.pk).aktif, "the death itself belongs to the register"
    assert not Usulan.objects.filter(jalur="PENGHAPUSAN").exists()


def test_meninggal_tanpa_pengganti_mengusulkan_penghapusan(penerima):
    kepala = penerima.usulan.keluarga.anggota.get(hubungan="1")
    assert jawab(penerima, "meninggal", meninggal=kepala.pk).usulan.jalur == "PENGHAPUSAN"


def test_pengurus_yang_tidak_mungkin(penerima, sampai):
    keluarga = penerima.usulan.keluarga
    kepala = keluarga.anggota.get(hubungan="1")
    lain = sampai("draf", nomor=1).usulan.keluarga.anggota.get(hubungan="1")
    anak = keluarga.anggota.exclude(pk=kepala.pk).first()
    Individu.objects.filter(pk=anak.pk).update(tgl_lahir=date(timezone.localdate().year - 5, 1, 1))
    for meninggal, pengurus, kode in (
        (None, None, "SIAPA_MENINGGAL"), (lain.pk, None, "SIAPA_MENINGGAL"), (kepala.pk, kepala.pk, "PENGURUS"),
        (kepala.pk, lain.pk, "PENGURUS"), (kepala.pk, anak.pk, "PENGURUS_ANAK"),
    ):  # fmt: skip
        with pytest.raises(GateClosed, match=kode):
            jawab(penerima, "meninggal", meninggal=meninggal, pengurus=pengurus)
    assert not VerifikasiKelayakan.objects.exists()


def test_perbaikan_adalah_baris_baru_dan_yang_lama_tetap(penerima, masuk):
    lama = jawab(penerima, "tidak_ditemukan")
    with pytest.raises(NotOpen, match="SUDAH_DIJAWAB"):
        jawab(penerima, "layak")
    with pytest.raises(GateClosed, match="CATATAN_WAJIB"):
        jawab(penerima, "layak", sebelum=lama.pk)
    klien = masuk("operator")
    assert (
        kirim(
            klien, penerima, hasil="layak", catatan="Ternyata ada di rumah anaknya.", sebelum=str(lama.pk)
        ).status_code
        == 302
    )
    kini = VerifikasiKelayakan.objects.terakhir().get()
    assert kini.hasil == "layak" and kini.menggantikan == lama
    isi = klien.get(f"{DAFTAR}{penerima.pk}/").content.decode()
    assert "sudah diperbaiki" in isi and "tarik usulan itu" in isi
    with pytest.raises(NotOpen):
        jawab(penerima, "layak", catatan="lagi sekali", sebelum=lama.pk)
    for sql in (
        "update bansos_verifikasikelayakan set hasil = 'layak'",
        "delete from bansos_verifikasikelayakan",
    ):
        with (
            pytest.raises(DatabaseError, match="tidak boleh diubah"),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute(sql)


def test_usulan_lain_yang_berjalan_tidak_menahan_jawaban(penerima):
    langkah.buat(by=orang("operator"), keluarga=penerima.usulan.keluarga, program="PKH", jalur="PERBAIKAN")
    satu = jawab(penerima, "tidak_layak", alasan=["A01"])
    assert satu.usulan is None and not Usulan.objects.filter(jalur="PENGHAPUSAN").exists()


def test_penghapusan_yang_sudah_ada_dipakai_lagi(penerima):
    satu = jawab(penerima, "tidak_layak", alasan=["A01"])
    dua = jawab(penerima, "tidak_ditemukan", catatan="Rumah kosong.", sebelum=satu.pk)
    assert dua.usulan == satu.usulan and Usulan.objects.filter(jalur="PENGHAPUSAN").count() == 1


def test_bukan_desanya_bukan_tugasnya_dan_bukan_keluarganya(penerima, masuk, cast):
    for username in ("operator2", "operator.lain", "verifikator", "lurah", "kadis", "rtrw"):
        assert masuk(username).get(f"{DAFTAR}{penerima.pk}/").status_code == 404
        assert kirim(masuk(username), penerima, hasil="layak").status_code == 404
        with pytest.raises(NotAllowed):
            jawab(penerima, "layak", by=username)
    jawaban = masuk("operator2").post(
        f"{DAFTAR}layak/", {"penerima": str(penerima.pk), "aksi": "simpan", "kunci_kirim": str(uuid.uuid4())}
    )
    assert jawaban.status_code == 403 and penerima.usulan.keluarga.nama_kepala not in jawaban.content.decode()
    operator, kepala = cast("operator"), penerima.usulan.keluarga.anggota.get(hubungan="1")
    operator.orang.nik = kepala.nik
    operator.orang.save()
    with pytest.raises(NotAllowed, match="TIDAK_BISA_DIJAWAB"):
        jawab(penerima, "layak")
    assert not VerifikasiKelayakan.objects.exists()


def test_sesudah_ditutup_tidak_ada_jawaban(penerima, masuk):
    batasi(0)
    klien = masuk("operator")
    isi = klien.get(DAFTAR).content.decode()
    assert "sudah ditutup" in isi and 'type="checkbox"' not in isi
    assert kirim(klien, penerima, hasil="layak").status_code == 403
    assert "Simpan jawaban" not in klien.get(f"{DAFTAR}{penerima.pk}/").content.decode()
    assert not VerifikasiKelayakan.objects.exists()


def jendela(tutup, **isi):
    """The window of this month of the kabupaten, in which 'batas verifikasi' is `tutup`."""
    momen = dict.fromkeys(
        ("tutup_input", "tutup_musdes", "tutup_verifikasi", "tutup_pengesahan", "tarik_pusat"), tutup
    )
    return Periode.objects.create(
        wilayah_id=KABUPATEN, periode=baca.bulan_kini(), buka=tutup - timedelta(days=20), dasar_hukum="uji", **momen | isi
    )  # fmt: skip


def test_jadwal_bulan_ini_menentukan_batasnya(penerima, masuk):
    klien, kini = masuk("operator"), timezone.now().replace(microsecond=0)
    batasi(0)
    jendela(kini + timedelta(hours=2))
    assert 'type="checkbox"' in klien.get(DAFTAR).content.decode()
    jendela(kini - timedelta(hours=2), program="PKH")  # the programme's own window comes first
    isi = klien.get(DAFTAR).content.decode()
    assert "sudah ditutup" in isi and 'type="checkbox"' not in isi
    assert kirim(klien, penerima, hasil="layak").status_code == 403
    assert not VerifikasiKelayakan.objects.exists()


def test_sampai_detik_terakhir_masih_bisa(penerima):
    kini = timezone.now().replace(microsecond=0)
    with time_machine.travel(kini, tick=False) as jam:
        jendela(kini)
        jawab(penerima, "pindah")
        jam.shift(1)
        with pytest.raises(NotAllowed, match="TIDAK_BISA_DIJAWAB"):
            jawab(penerima, "layak", catatan="Kembali lagi.", sebelum=VerifikasiKelayakan.objects.get().pk)


def test_dasbor_menyebut_yang_belum_dinilai(penerima, masuk):
    klien, kata = masuk("operator"), "penerima bantuan belum dinilai bulan ini"
    isi = klien.get("/dasbor/").content.decode()
    assert kata in isi and "/kelayakan/?jawaban=belum" in isi
    assert penerima.usulan.keluarga.nama_kepala in klien.get("/kelayakan/?jawaban=belum").content.decode()
    assert kata not in masuk("operator2").get("/dasbor/").content.decode()
    batasi(0)
    assert kata not in klien.get("/dasbor/").content.decode()  # nothing can be done any more this month
    batasi(31)
    jawab(penerima, "layak")
    assert kata not in klien.get("/dasbor/").content.decode()


def test_yang_dihapus_dengan_sk_tidak_lagi_di_daftar(penerima):
    aksi_penetapan.cabut(penerima.penetapan, by=orang("pusdatin"), alasan="Salah kabupaten sama sekali")
    assert not baca.penerima([DESA]).exists()
    with pytest.raises(NotOpen, match="BUKAN_PENERIMA"):
        jawab(penerima, "layak")


def test_sk_pengganti_satu_penerima_satu_baris(penerima):
    baru = aksi_penetapan.ganti(
        penerima.penetapan, by=orang("pusdatin"), alasan="Nama salah ketik", nomor="9/HUK/2026"
    )
    assert [b.penetapan for b in baca.penerima([DESA])] == [baru]


def test_jawaban_bulan_lalu_tampil(penerima, masuk):
    kini, keluarga = baca.bulan_kini(), penerima.usulan.keluarga
    VerifikasiKelayakan.objects.create(
        periode=baca.bulan_lalu(kini), program_id="PKH", keluarga=keluarga, wilayah_id=keluarga.wilayah_id,
        penetapan=penerima.penetapan, hasil="pindah", by=orang("operator"),
    )  # fmt: skip
    baris = baca.dengan_jawaban(baca.penerima([DESA]), kini).get()
    assert (baris.kini, baris.lalu) == (None, "pindah")
    assert "Pindah" in masuk("operator").get(DAFTAR).content.decode()


def test_foto_hanya_untuk_yang_berwenang(penerima, masuk):
    satu = jawab(penerima, "layak", foto=foto())
    alamat = f"{DAFTAR}foto/{satu.pk}/"
    assert masuk("operator").get(alamat)["Content-Type"] == "image/jpeg"
    for username in ("operator2", "rtrw", "operator.lain"):
        assert masuk(username).get(alamat).status_code == 404
    assert masuk("lurah").get(f"/berkas/{satu.foto_id}/").status_code == 404


def test_supervisor_melihat_desa_yang_diam_dan_mengunduh(penerima, masuk):
    klien = masuk("supervisor")
    isi = klien.get(f"{DAFTAR}pantau/").content.decode()
    assert "0 dari 1 penerima" in isi and "1 desa belum menjawab" in isi
    assert penerima.usulan.keluarga.nama_kepala not in isi
    jawab(penerima, "layak")
    assert "1 dari 1 (100%)" in klien.get(f"{DAFTAR}pantau/").content.decode()
    berkas = klien.post(f"{DAFTAR}pantau/unduh/", {"periode": baca.bulan_kini(), "program": ""})
    assert berkas.status_code == 200 and "xlsx" in berkas["Content-Disposition"]
    assert Jejak.objects.filter(aksi="unduh_kelayakan").count() == 1
    assert klien.get(f"{DAFTAR}pantau/?periode=1999-01").status_code == 400
    assert klien.post(f"{DAFTAR}pantau/unduh/", {"periode": "x"}).status_code == 400


def test_bantuan_perorangan_tidak_dialihkan():
    p = Perjalanan(nomor=3, program="PBI")
    p.ditetapkan()
    baris = BarisPenetapan.objects.get(penetapan=p.penetapan)
    assert baris.penetapan.program.unit == "individu"
    kepala, lain = list(p.usulan.keluarga.anggota.order_by("hubungan"))[:2]
    with pytest.raises(GateClosed, match="BANTUAN_PERORANGAN"):
        jawab(baris, "meninggal", meninggal=kepala.pk, pengurus=lain.pk)
