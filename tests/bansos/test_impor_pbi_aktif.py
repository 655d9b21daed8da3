"""The ministry made members active again by itself: the list says so, open requests hear of it, nobody else is stored."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Pemberitahuan
from bansos import tasks  # noqa: F401 - the handlers of the queue register themselves
from bansos.actions import impor_pbi, impor_pbi_aktif, pbi
from bansos.models import PbiAktif, PbiNonaktif, ReaktivasiPBI
from core import outbox
from core.workflow import NotAllowed, NotOpen
from dtks.actions.impor import inti
from dtks.models import BarisImpor
from tests.bantu.alur import orang, sampai
from tests.bantu.layanan import nik, reaktivasi_sampai

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True


def unggah(jenis, judul: str, *baris: str, by: str = "supervisor"):
    isi = "\n".join([judul, *baris]).encode("utf-8-sig")
    return inti.unggah(by=orang(by), jenis=jenis, isi=isi, nama="pbi.csv", langsung=True)


def nonaktif(*baris: str) -> None:
    inti.terapkan(unggah(impor_pbi.JENIS, "NIK,NAMA,TANGGAL NONAKTIF,SEBAB", *baris), by=orang("supervisor"))


def aktif(*baris: str, by: str = "supervisor"):
    return unggah(impor_pbi_aktif.JENIS, "NIK,TANGGAL AKTIF", *baris, by=by)


def terapkan(impor):
    return inti.terapkan(impor, by=orang("supervisor"))


def keadaan() -> dict[str, bool]:
    return dict(PbiNonaktif.objects.dengan_keadaan().values_list("nama", "aktif_lagi"))


def test_yang_aktif_otomatis_ditandai_dan_yang_lain_tidak_disimpan(masuk):
    sampai("draf", nomor=0, pengusul="operator")
    nonaktif(f"{nik(0)},SITI AMINAH,01/09/2026,Desil 6", f"{nik(1)},UJANG,01/10/2026,")
    impor = aktif(f"{nik(0)},01/10/2026", f"{nik(1)},15/09/2026", f"{nik(2)},01/10/2026", "123,01/10/2026")
    assert impor.hitung == {"baru": 1, "galat": 3}
    kode = [
        g["kode"]
        for b in BarisImpor.objects.filter(impor=impor, hasil="galat").order_by("nomor")
        for g in b.galat
    ]
    assert kode == ["TIDAK_DI_DAFTAR", "TIDAK_DI_DAFTAR", "NIK_TIDAK_SAH"]
    assert not PbiAktif.objects.exists()
    terapkan(impor)
    assert keadaan() == {"SITI AMINAH": True, "UJANG": False}
    assert "aktif" in masuk("operator").get("/pbi/nonaktif/").content.decode().lower()
    assert aktif(f"{nik(0)},01/10/2026", "").hitung == {"sama": 1}


def test_permohonan_yang_berjalan_diberi_tahu_dan_tidak_diputus_sendiri(masuk):
    p = reaktivasi_sampai("diajukan")
    terapkan(aktif(f"{nik(0)},{p.created_at:%d/%m/%Y}"))
    outbox.work()
    p.refresh_from_db()
    assert p.status == "diajukan"
    kabar = Pemberitahuan.objects.filter(kalimat__contains="sudah aktif kembali", tautan=f"/pbi/{p.pk}/")
    assert {"operator", "verifikator"} <= set(kabar.values_list("pengguna__username", flat=True))
    for rahasia in (p.nama, nik(0), p.faskes):
        assert rahasia not in " ".join(kabar.values_list("kalimat", flat=True))
    assert "sudah aktif kembali sejak" in masuk("verifikator").get(f"/pbi/{p.pk}/").content.decode()


def test_yang_sudah_aktif_tidak_diminta_lagi():
    sampai("draf", nomor=0, pengusul="operator")
    nonaktif(f"{nik(0)},SITI AMINAH,01/09/2026,Desil 6")
    terapkan(aktif(f"{nik(0)},01/10/2026"))
    with pytest.raises(NotOpen, match="SUDAH_AKTIF"):
        pbi.buat(PbiNonaktif.objects.get(), by=orang("operator"))
    assert not ReaktivasiPBI.objects.exists()


def test_dibatalkan_sebagai_satu_berkas_dan_sql_langsung_ditolak():
    nonaktif(f"{nik(0)},SITI AMINAH,01/09/2026,Desil 6")
    awal = PbiNonaktif.objects.get().impor
    impor = terapkan(aktif(f"{nik(0)},01/10/2026"))
    awal = inti.batalkan(awal, by=orang("supervisor"))
    assert awal.status == "diterapkan" and "ditandai aktif kembali" in awal.sebab
    for sql in ("delete from bansos_pbiaktif", "update bansos_pbiaktif set tanggal = '2026-10-02'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as c:
            c.execute(sql)
    inti.batalkan(impor, by=orang("supervisor"))
    assert not PbiAktif.objects.exists() and keadaan() == {"SITI AMINAH": False}


@pytest.mark.parametrize("siapa", ["operator", "kadis", "provinsi", "admin"])
def test_hanya_yang_berwenang_memasukkan_dan_kabupaten_lain_tidak_mengenal_orangnya(siapa):
    with pytest.raises(NotAllowed):
        aktif(f"{nik(0)},01/10/2026", by=siapa)
    nonaktif(f"{nik(0)},SITI AMINAH,01/09/2026,Desil 6")
    assert aktif(f"{nik(0)},01/10/2026", by="supervisor.lain").hitung == {"galat": 1}
