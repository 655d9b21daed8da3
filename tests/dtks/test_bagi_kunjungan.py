"""Who visits whom: work divided by load and area, nobody judges his own kin, an officer may ask to be replaced."""

import re
import uuid
from datetime import date

import pytest

from accounts.models import Orang, Pemberitahuan, Pengguna, Penugasan
from core import outbox
from core.models import Jejak
from core.workflow import GateClosed, NotAllowed
from dtks.actions import asesmen as aksi_asesmen
from dtks.actions import meja, penugasan
from dtks.actions import usulan as langkah
from dtks.models import Individu, PermintaanAlih, Usulan
from dtks.queries.benturan import benturan
from dtks.queries.petugas import bagi
from tests.bantu.alur import orang, sampai
from tests.bantu.pemain import nik_petugas

pytestmark = pytest.mark.django_db
TETANGGA = "32.05.02"


@pytest.fixture(autouse=True)
def tanpa_faktor_kedua(settings):
    settings.DEMO = True


def petugas_baru(username: str, wilayah: str, urut: int, peran: str = "TKSK") -> Pengguna:
    dia = Orang(nama=f"Petugas {username.title()}")
    dia.nik = nik_petugas(urut)
    dia.save()
    akun = Pengguna.objects.create(username=username, nama=dia.nama, orang=dia, password="!")
    Penugasan.objects.create(
        pengguna=akun, peran_id=peran, wilayah_id=wilayah, berlaku_sejak=date(2020, 1, 1)
    )
    return akun


def jadikan_warga(petugas: Pengguna, **isi) -> Individu:
    """The officer is in the register too: a row of his own family."""
    lain = sampai("draf", nomor=60).usulan.keluarga
    baris = lain.anggota.get(hubungan="1")
    baris.nik, baris.nama = petugas.orang.nik.open(), petugas.nama
    for kolom, nilai in isi.items():
        setattr(baris, kolom, nilai)
    baris.save()
    return baris


def test_dibagi_ke_yang_paling_sedikit_kunjungannya(sampai, masuk, client):
    sampai("ditugaskan")  # tksk has one already
    rows = [sampai("diinput", nomor=n).usulan for n in (1, 2, 3, 4, 5)]
    klien = masuk("verifikator")
    isi = klien.get("/asesmen/bagi/").content.decode()
    pilihan = re.findall(r'name="bagi" value="([^"]+)" checked', isi)
    jumlah: dict[str, int] = {}
    for satu in pilihan:
        dia = str(Pengguna.objects.get(pk=satu.split(":")[1]).username)
        jumlah[dia] = jumlah.get(dia, 0) + 1
    assert sum(jumlah.values()) == 5 and max(jumlah.values()) - min(jumlah.values()) <= 1
    assert set(jumlah) <= {"tksk", "tksk2", "pendamping", "peksos"}
    kirim = {"kunci_kirim": str(uuid.uuid4()), "bagi": pilihan[:4]}
    assert klien.post("/asesmen/bagi/", kirim).status_code == 302
    klien.post("/asesmen/bagi/", kirim)  # the same form once more
    assert Usulan.objects.filter(pk__in=[u.pk for u in rows], status="ditugaskan").count() == 4
    assert Jejak.objects.filter(aksi="tugaskan").count() == 5  # the one of the journey too
    basi = {"kunci_kirim": str(uuid.uuid4()), "bagi": pilihan[:1]}
    isi = klien.post("/asesmen/bagi/", basi, follow=True).content.decode()
    assert "tidak ditugaskan" in isi
    assert (
        klien.post("/asesmen/bagi/", {"kunci_kirim": str(uuid.uuid4()), "bagi": ["x:y:z"]}).status_code == 422
    )
    assert masuk("tksk").get("/asesmen/bagi/").status_code == 404


def test_kerabat_tidak_pernah_diusulkan_dan_petugas_kecamatan_lain_yang_pergi(sampai):
    usulan = sampai("diinput").usulan
    tetangga = petugas_baru("tksk.lain", TETANGGA, 71)
    assert bagi([usulan])[0].letak == "kecamatan"
    anak = usulan.keluarga.anggota.get(hubungan="1")
    jadikan_warga(orang("tksk"), ibu_kandung=anak.ibu_kandung, tempat_lahir=anak.tempat_lahir)
    assert "Ibu kandung" in benturan(orang("tksk"), usulan)
    satu = bagi([usulan])[0]
    assert (satu.petugas, satu.letak) == (tetangga, "tetangga")
    assert "Ibu kandung" in satu.catatan
    with pytest.raises(GateClosed, match="PETUGAS_BENTURAN"):
        langkah.tugaskan(usulan, by=orang("verifikator"), petugas=orang("tksk"))
    hasil = langkah.tugaskan(usulan, by=orang("verifikator"), petugas=tetangga)
    aksi_asesmen.simpan(
        hasil, by=tetangga, data={"tanggal": date.today(), "kunjungan": "1"}
    )  # he sees it and may


@pytest.mark.parametrize("kaitan", ["kk", "alamat", "telepon", "ibu"])
def test_kaitan_yang_dikenal(sampai, kaitan):
    usulan = sampai("diinput").usulan
    keluarga, dia = usulan.keluarga, orang("tksk")
    assert benturan(dia, usulan) is None
    baris = jadikan_warga(dia)
    assert benturan(dia, usulan) is None, "being in the register is no tie"
    if kaitan == "kk":
        lama = Individu.objects.get(pk=keluarga.anggota.exclude(hubungan="1").first().pk)
        Individu.objects.filter(pk=lama.pk).update(aktif=False, nik_indeks=baris.nik_indeks)
        kata = "satu KK"
    elif kaitan == "alamat":
        keluarga.alamat = "Jl. Melati No. 12"
        keluarga.save()
        rumah = baris.keluarga
        rumah.alamat, rumah.rt, rumah.rw, rumah.wilayah = (
            "JALAN MELATI 12",
            keluarga.rt,
            keluarga.rw,
            keluarga.wilayah,
        )
        rumah.save()
        kata = "alamat yang sama"
    elif kaitan == "telepon":
        for rumah in (keluarga, baris.keluarga):
            rumah.telepon = "+6281234567890"
            rumah.save()
        kata = "Nomor HP"
    else:
        ibu = keluarga.anggota.get(hubungan="1")
        Individu.objects.filter(pk=ibu.pk).update(jenis_kelamin="2", tgl_lahir=date(1960, 1, 1))
        Individu.objects.filter(pk=baris.pk).update(ibu_kandung=ibu.nama, tgl_lahir=date(1985, 1, 1))
        kata = "Ibu kandung"
    assert kata in benturan(dia, usulan)


def test_petugas_minta_diganti_karena_benturan(sampai, masuk):
    usulan = sampai("ditugaskan").usulan
    klien, alamat = masuk("tksk"), f"/asesmen/{usulan.pk}/minta-diganti/"
    data = {"kunci_kirim": str(uuid.uuid4()), "alasan": "ALIH_BENTURAN", "catatan": ""}
    jawab = klien.post(alamat, data)
    assert jawab.status_code == 422 and "Tulis hubungan Anda" in jawab.content.decode()
    data |= {"catatan": "Kepala keluarga paman saya", "kunci_kirim": str(uuid.uuid4())}
    assert klien.post(alamat, data).status_code == 302
    assert klien.post(alamat, data).status_code == 302 and PermintaanAlih.objects.count() == 1
    with pytest.raises(NotAllowed):
        langkah.ases(usulan, by=orang("tksk"))
    outbox.work()
    assert Pemberitahuan.objects.filter(
        pengguna__username="verifikator", kalimat__contains="minta diganti"
    ).exists()
    isi = masuk("verifikator").get("/asesmen/bagi/").content.decode()
    assert "paman saya" in isi and usulan.tiket in isi
    ganti = masuk("verifikator").get(f"/usulan/{usulan.pk}/langkah/alihkan/").content.decode()
    assert str(orang("tksk").pk) not in ganti and str(orang("tksk2").pk) in ganti
    pengganti = {
        "kunci_kirim": str(uuid.uuid4()), "versi": usulan.versi, "petugas": str(orang("tksk2").pk), "alasan": "ALIH_BENTURAN",
        "catatan": "Paman",
    }  # fmt: skip
    assert masuk("supervisor").post(f"/usulan/{usulan.pk}/langkah/alihkan/", pengganti).status_code == 302
    hasil = Usulan.objects.get(pk=usulan.pk)
    riwayat = hasil.riwayat.order_by("-urut").first()
    assert (hasil.status, riwayat.langkah, riwayat.alasan) == ("ditugaskan", "alihkan", "ALIH_BENTURAN")
    assert hasil.tenggat == usulan.tenggat, "the family does not wait longer for it"
    with pytest.raises(GateClosed, match="PETUGAS_BENTURAN"):
        penugasan.alihkan(hasil, by=orang("verifikator"), petugas=orang("tksk"), alasan="ALIH_BEBAN")
    assert not PermintaanAlih.objects.terbuka().exists()
    assert usulan.keluarga.nama_kepala in masuk("tksk2").get("/asesmen/").content.decode()
    with pytest.raises(NotAllowed):
        aksi_asesmen.simpan(hasil, by=orang("tksk"), data={"tanggal": date.today(), "kunjungan": "1"})


def test_yang_bukan_petugasnya_tidak_bisa_minta_atau_mengalihkan(sampai, masuk):
    usulan = sampai("ditugaskan").usulan
    data = {"kunci_kirim": str(uuid.uuid4()), "alasan": "ALIH_BEBAN", "catatan": ""}
    for username in ("tksk2", "operator", "verifikator"):
        assert masuk(username).post(f"/asesmen/{usulan.pk}/minta-diganti/", data).status_code == 404
    for username in ("tksk", "operator", "kadis", "verifikator.lain"):
        with pytest.raises(NotAllowed):
            penugasan.alihkan(usulan, by=orang(username), petugas=orang("tksk2"), alasan="ALIH_BEBAN")


def test_tanpa_pernyataan_kunjungan_tidak_selesai(sampai):
    p = sampai("ditugaskan")
    p.asesmen()
    aksi_asesmen.simpan(
        p.usulan, by=orang("tksk"), data={"tanggal": date.today(), "kunjungan": "1", "tanpa_benturan": False}
    )
    with pytest.raises(GateClosed) as tolak:
        langkah.ases(p.usulan, by=orang("tksk"))
    assert "bebas benturan" in tolak.value.halangan[0].jalan_keluar


def test_kasus_yang_sedang_dibuka_orang_lain_tidak_dibagikan(sampai):
    """A colleague is reading it at the desk: dividing the visits is no side door."""
    usulan, lain = sampai("diinput").usulan, sampai("diinput", nomor=1).usulan
    meja.buka(usulan, by=orang("verifikator2"), versi=usulan.versi)
    hasil = penugasan.bagikan(
        [penugasan.Pasangan(u.pk, orang("tksk").pk, u.versi) for u in (usulan, lain)], by=orang("verifikator")
    )
    assert hasil.ditugaskan == 1
    assert [tiket for tiket, _ in hasil.gagal] == [usulan.tiket] and "Sedang dibuka" in hasil.gagal[0][1]
