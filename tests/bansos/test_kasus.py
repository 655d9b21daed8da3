"""The case on one screen: what is there before somebody decides, and what must never be there."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bansos import tasks  # noqa: F401 - the jobs register themselves
from bansos.actions import bendera as aksi_bendera
from bansos.queries.kasus import kasus
from core import outbox
from core.workflow import GateClosed
from dtks.actions import bendera as aksi_dtks
from dtks.actions import padan
from dtks.actions import usulan as langkah
from dtks.models import (
    AnggotaPPKS,
    Asesmen,
    CalonGanda,
    Desil,
    Individu,
    KategoriPPKS,
    Keluarga,
    Usulan,
)
from tests.bantu.alur import isi_individu, keluarga_uji, orang
from tests.bantu.pemain import DESA_LAIN

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_faktor_kedua(settings):
    settings.DEMO = True


def isi(jawab) -> str:
    assert jawab.status_code == 200
    return re.sub(r"\s+", " ", jawab.content.decode())


def pindahkan(usulan: Usulan, wilayah: str) -> None:
    Keluarga.objects.filter(pk=usulan.keluarga_id).update(wilayah=wilayah)
    Usulan.objects.filter(pk=usulan.pk).update(wilayah=wilayah)


def satu_orang(a: Usulan, b: Usulan) -> Individu:
    """A child of family `b` was on the card of `a`, where the old row stands."""
    anak = b.keluarga.anggota.exclude(hubungan="1").first()
    lama = a.keluarga.anggota.exclude(hubungan="1").first()
    Individu.objects.filter(pk=lama.pk).update(aktif=False, nik_indeks=anak.nik_indeks)
    return anak


def test_semua_yang_perlu_dilihat_ada_di_satu_layar(sampai, masuk):
    p = sampai("diases")
    u = p.usulan
    p.padankan()
    Desil.objects.create(keluarga=u.keluarga, tahun=2026, triwulan=3, desil=2, sumber="BPS triwulan 3")
    Keluarga.objects.filter(pk=u.keluarga_id).update(lintang="-7.216000", bujur="107.900000")
    Asesmen.objects.filter(usulan=u).update(izin_lokasi=True, lintang="-7.219000", bujur="107.900000")
    teks = isi(masuk("verifikator").get(f"/verifikasi/{u.pk}/"))
    for bagian in ("aturan", "anggota", "foto", "bantuan", "ganda", "kunjungan", "musyawarah", "riwayat"):
        assert f'id="{bagian}"' in teks and f'href="#{bagian}"' in teks
    for a in u.keluarga.anggota.filter(aktif=True):
        assert a.nama in teks and a.nik.open() not in teks
    assert u.keluarga.no_kk.open() not in teks
    assert "Desil 2 (" in teks and "desil 1 sampai 4" in teks
    assert "Komponen PKH di keluarga ini" in teks and "belum ada di daftar kelayakan program ini" in teks
    assert "334 meter dari rumah" in teks
    assert p.musyawarah.nomor in teks and f"/musyawarah/{p.musyawarah.pk}/" in teks
    assert teks.count("?kecil=1") == 2, "one of the house, one of the visit"
    assert "Lantai sebagian besar tanah" in teks
    assert f"/keluarga/anggota/{u.keluarga.anggota.first().pk}/nik/" in teks, "a full number is a logged act"
    assert "Foto ditambah" in teks


def test_jawaban_dukcapil_tiap_isian(sampai, masuk):
    u = sampai("diases").usulan
    a = u.keluarga.anggota.get(hubungan="1")
    hasil = {
        "kategori": "TIDAK_PADAN_NAMA",
        "skor": {"NIK": True, "NAMA_LGKP": 72.0, "TGL_LHR": False},
        "ambang": {"terima": 90},
    }
    padan.catat_hasil(a.pk, hasil=hasil, sidik=padan.identity_fingerprint(a), pekerjaan=None, sumber="uji")
    teks = isi(masuk("verifikator").get(f"/verifikasi/{u.pk}/"))
    assert "<strong>Kemiripan 72 dari 100, paling sedikit 90</strong>" in teks
    assert "NIK: Sesuai" in teks and "<strong>Tidak sesuai</strong>" in teks


def test_bantuan_yang_sudah_diterima_di_kartu_lain_dan_di_wilayah_lain_tanpa_rincian(sampai, masuk):
    lama = sampai("ditetapkan", 1, program="BPNT")
    u = sampai("diases", 2).usulan
    assert "tidak mencatat bantuan" in isi(masuk("verifikator").get(f"/verifikasi/{u.pk}/"))
    anak = satu_orang(lama.usulan, u)
    teks = isi(masuk("verifikator").get(f"/verifikasi/{u.pk}/"))
    nama = lama.usulan.keluarga.nama_kepala
    assert "Sembako" in teks and lama.penetapan.nomor in teks and nama in teks and f"({anak.nama}" in teks
    pindahkan(lama.usulan, DESA_LAIN)
    teks = isi(masuk("verifikator").get(f"/verifikasi/{u.pk}/"))
    assert "Ada di wilayah lain." in teks
    for rahasia in ("Sembako", lama.penetapan.nomor, nama, str(lama.penetapan.pk)):
        assert rahasia not in teks
    satu = kasus(Usulan.objects.get(pk=u.pk), orang("verifikator"))["bantuan"]
    assert satu.di_lain and not satu.terima


def test_usulan_lain_dari_nik_yang_sama_dan_program_yang_sama(sampai):
    u, lain = sampai("diases", 2).usulan, sampai("diases", 3, program="BPNT").usulan
    satu_orang(lain, u)
    hasil = kasus(u, orang("verifikator"))
    assert [x.pk for x, _ in hasil["bantuan_usulan"]] == [lain.pk]
    pindahkan(lain, DESA_LAIN)
    hasil = kasus(u, orang("verifikator"))
    assert hasil["bantuan_usulan"] == [] and hasil["bantuan"].di_lain


def test_bantuan_yang_tidak_boleh_bersama_menahan_sampai_berakhir(sampai):
    """The roof was repaired from the state's budget already: once per house, also when a child moved to another card."""
    rumah = sampai("ditetapkan", 1, program="RST").usulan
    u = sampai("diases", 2, program="APBD-RTLH").usulan
    outbox.work()
    assert not u.bendera.exists()
    satu_orang(rumah, u)
    assert aksi_bendera.selaraskan([u.pk]) == (1, 0) and aksi_bendera.selaraskan([u.pk]) == (0, 0)
    with pytest.raises(GateClosed, match="BENDERA_BANTUAN_LAIN"):
        langkah.verifikasi(u, by=orang("verifikator"))
    rumah.penetapan.get().penetapan.__class__.objects.filter(baris__usulan=rumah).update(status="dicabut")
    aksi_dtks.malam("32.05")
    outbox.work()
    assert not list(u.bendera.terbuka().values_list("kode", "kalimat"))


def test_kategori_rahasia_hanya_untuk_yang_berwenang(sampai, masuk):
    u = sampai("diases").usulan
    rahasia = KategoriPPKS.objects.filter(sensitif=True).first()
    umum = KategoriPPKS.objects.filter(sensitif=False).first()
    for k in (rahasia, umum):
        AnggotaPPKS.objects.create(
            individu=u.keluarga.anggota.first(), kategori=k, sejak=date(2026, 1, 1), sumber="uji"
        )
    teks = isi(masuk("verifikator").get(f"/verifikasi/{u.pk}/"))
    assert umum.nama in teks and rahasia.nama not in teks
    nama = {p for a in kasus(u, orang("peksos"))["anggota"] for p in a.ppks}
    assert rahasia.nama in nama


def test_di_luar_wilayah_tidak_ada(sampai, masuk):
    u = sampai("diases").usulan
    assert masuk("verifikator.lain").get(f"/verifikasi/{u.pk}/").status_code == 404
    assert masuk("operator").get(f"/verifikasi/{u.pk}/").status_code == 403
    # The family moved away meanwhile: the desk that keeps the old case reads nothing new of it.
    Keluarga.objects.filter(pk=u.keluarga_id).update(wilayah=DESA_LAIN)
    hasil = kasus(Usulan.objects.select_related("keluarga__wilayah").get(pk=u.pk), orang("verifikator"))
    assert not hasil["terlihat"] and "anggota" not in hasil and "bantuan" not in hasil


def test_calon_ganda_dari_desa_lain_tanpa_namanya(sampai, masuk):
    u, lain = sampai("diases", 2).usulan, sampai("draf", 3).usulan
    a, b = sorted([u.keluarga.anggota.first(), lain.keluarga.anggota.first()], key=lambda o: o.pk)
    CalonGanda.objects.create(pertama=a, kedua=b, skor=88, alasan=["lahir_sama"], sidik=b"x")
    dia = lain.keluarga.anggota.first()
    assert dia.nama in isi(masuk("verifikator").get(f"/verifikasi/{u.pk}/"))
    pindahkan(lain, DESA_LAIN)
    teks = isi(masuk("verifikator").get(f"/verifikasi/{u.pk}/"))
    assert "warga desa lain" in teks and dia.nama not in teks and "88 dari 100" in teks


def test_jumlah_kueri_tetap_berapa_pun_besar_keluarganya(sampai):
    u = sampai("diases").usulan

    def hitung() -> int:
        segar = Usulan.objects.select_related("keluarga__wilayah", "wilayah").get(pk=u.pk)
        user = orang("verifikator")
        user.boleh("usulan.lihat", u.wilayah_id)
        with CaptureQueriesContext(
            connection,
        ) as q:
            kasus(segar, user)
        return len(q)

    dulu = hitung()
    for f in range(30, 34):
        for satu in keluarga_uji(f).told:
            baris = Individu(keluarga=u.keluarga, **{**isi_individu(satu), "hubungan": "8"})
            baris.save()
    assert u.keluarga.anggota.count() > 12
    assert hitung() == dulu <= 40
