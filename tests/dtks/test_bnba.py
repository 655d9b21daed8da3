"""BNBA of a desa in the template of SIKS-NG: full numbers with a reason, one file per programme, and back in as a no-op."""

import io
import uuid
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from core.models import Jejak
from dtks.actions.impor import inti
from dtks.actions.impor import templat_v4 as v4
from dtks.actions.impor.usulan_v4 import JENIS
from dtks.models import BarisImpor, Individu, Usulan
from tests.bantu.alur import Perjalanan, keluarga_uji, orang
from tests.bantu.pemain import DESA, DESA2

pytestmark = pytest.mark.django_db
ALAMAT = "/usulan/bnba/"


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True


@pytest.fixture
def usulan():
    """PKH and PBI agreed in the desa, BPNT in its neighbour."""
    pkh, pbi = Perjalanan(nomor=0), Perjalanan(nomor=1, program="PBI")
    lain = Perjalanan(
        nomor=2, desa=DESA2, program="BPNT", pengusul="operator2", operator="operator2", lurah="lurah2"
    )
    for p in (pkh, pbi, lain):
        p.disepakati()
    return pkh, pbi, lain


def unduh(client, cari: str = "", **isi):
    return client.post(
        ALAMAT + cari,
        {"kunci_kirim": str(uuid.uuid4()), "program": "semua", "alasan": "diunggah ke SIKS-NG", **isi},
    )


def isi_berkas(jawab) -> bytes:
    assert jawab.status_code == 200, jawab.content.decode()[:3000]
    return b"".join(jawab.streaming_content)


def baca(isi: bytes) -> list[list[str]]:
    buku = CalamineWorkbook.from_filelike(io.BytesIO(isi))
    assert len(buku.sheet_names) == 1, "SIKS-NG takes the template as it is"
    return buku.get_sheet_by_index(0).to_python()


def test_satu_berkas_tiap_program_dalam_bentuk_templat(masuk, usulan):
    jawab = unduh(masuk("operator"))
    isi = isi_berkas(jawab)
    assert jawab["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(isi)) as paket:
        nama = sorted(paket.namelist())
        assert nama == [
            "TEMPLATE_PENGUSULAN_GARUT KOTA – KOTA KULON - PBI.xlsx",
            "TEMPLATE_PENGUSULAN_GARUT KOTA – KOTA KULON - PKH.xlsx",
        ]
        pbi, pkh = (baca(paket.read(n)) for n in nama)
    assert tuple(pkh[0]) == v4.JUDUL and tuple(pbi[0]) == v4.JUDUL
    keluarga = keluarga_uji(0)
    assert len(pkh) == 2, "PKH: the pengurus only"
    baris = dict(zip(pkh[0], pkh[1], strict=True))
    assert baris[v4.NIK] in {m.nik for m in keluarga.told} and baris[v4.NOKK] == keluarga.kk
    assert (
        baris[v4.PROGRAM] == "PKH"
        and baris[v4.KELURAHAN] == "KOTA KULON"
        and baris[v4.PROVINSI] == "JAWA BARAT"
    )
    assert {b[0] for b in pbi[1:]} == {m.nik for m in keluarga_uji(1).told}, "PBI: every member"
    assert keluarga_uji(2).kk not in repr(pkh + pbi)


def test_berkas_masuk_lagi_tanpa_mengubah_apa_pun(masuk, usulan):
    with zipfile.ZipFile(io.BytesIO(isi_berkas(unduh(masuk("operator"))))) as paket:
        berkas = [paket.read(n) for n in paket.namelist()]
    for isi in berkas:
        impor = inti.unggah(by=orang("operator"), jenis=JENIS, isi=isi, nama="bnba.xlsx")
        rinci = list(BarisImpor.objects.filter(impor=impor).values_list("hasil", "galat"))
        assert impor.status == "siap" and set(impor.hitung) <= {"sama", "tanda"}, rinci
        assert impor.hitung["sama"] == impor.jumlah


def test_anggota_lain_dari_keluarga_baru_ikut_bila_diminta(masuk, usulan):
    with zipfile.ZipFile(io.BytesIO(isi_berkas(unduh(masuk("operator"), lengkap="on")))) as paket:
        nama = next(n for n in paket.namelist() if "NONBANSOS" in n)
        nonbansos = baca(paket.read(nama))
        pkh = baca(paket.read(next(n for n in paket.namelist() if "PKH" in n)))
    semua = {b[0] for b in nonbansos[1:]} | {b[0] for b in pkh[1:]}
    assert semua == {m.nik for m in keluarga_uji(0).told}
    assert len(nonbansos) + len(pkh) - 2 == len(semua), "nobody twice"


def test_istri_menjadi_pengurus(masuk):
    nomor = next(n for n in range(40) if any(m.hubungan == "ISTRI" for m in keluarga_uji(n).told))
    p = Perjalanan(nomor=nomor)
    p.disepakati()
    (baris,) = baca(isi_berkas(unduh(masuk("operator"), program="PKH")))[1:]
    assert baris[0] == next(m.nik for m in keluarga_uji(nomor).told if m.hubungan == "ISTRI")


def test_tercatat_dengan_alasan_dan_dibatasi(masuk, usulan):
    isi_berkas(unduh(masuk("operator"), program="PKH"))
    jejak = Jejak.objects.get(aksi="ekspor")
    assert jejak.peran == "OPERATOR_DESA" and jejak.rincian["alasan"] == "diunggah ke SIKS-NG"
    assert (
        jejak.rincian["desa"] == DESA and jejak.rincian["program"] == ["PKH"] and jejak.rincian["jumlah"] == 1
    )
    assert unduh(masuk("operator"), alasan="").status_code == 422
    assert unduh(masuk("operator"), program="XYZ").status_code == 422
    assert Jejak.objects.filter(aksi="ekspor").count() == 1


def test_hanya_wilayah_sendiri_dan_hanya_yang_berkuasa(masuk, usulan):
    for username in ("lurah", "rtrw", "verifikator", "kadis", "admin", "provinsi"):
        assert masuk(username).get(ALAMAT).status_code == 404, username
        assert unduh(masuk(username)).status_code == 404, username
    assert masuk("operator").get(ALAMAT + f"?desa={DESA2}").status_code == 400
    assert unduh(masuk("operator"), f"?desa={DESA2}").status_code == 400
    kabupaten = masuk("supervisor")
    assert "Pilih desanya" in kabupaten.get(ALAMAT).content.decode()
    (baris,) = baca(isi_berkas(unduh(kabupaten, f"?desa={DESA2}", program="BPNT")))[1:]
    assert baris[v4.JUDUL.index(v4.NOKK)] == keluarga_uji(2).kk
    assert "Belum ada usulan" in masuk("operator.lain").get(ALAMAT).content.decode()


def test_halaman_menyebut_yang_tidak_ikut_dan_yang_kurang(masuk, usulan, get_tidak_menulis):
    anggota = Individu.objects.filter(keluarga=usulan[1].usulan.keluarga_id).exclude(hubungan="1")
    jumlah = anggota.count()
    satu = anggota.first()
    Individu.objects.filter(pk=satu.pk).update(nik=None, nik_indeks=None, tanpa_nik_alasan="Belum rekam")
    Individu.objects.filter(keluarga=usulan[1].usulan.keluarga_id, hubungan="1").update(tempat_lahir="")
    teks = masuk("operator").get(ALAMAT).content.decode()
    assert jumlah and "1 orang tidak ikut" in teks and "1 baris belum lengkap" in teks


def test_tahap_dan_periode_menyaring(masuk, usulan):
    usulan[0].usulan.refresh_from_db()
    draf = Perjalanan(nomor=5)
    draf.diajukan()
    operator = masuk("operator")
    assert "Tidak ada usulan" in operator.get(ALAMAT + "?tahap=agenda").content.decode()
    (baris,) = baca(isi_berkas(unduh(operator, "?tahap=desa", program="PKH")))[1:]
    assert baris[0] in {m.nik for m in keluarga_uji(5).told}
    assert unduh(operator, "?tahap=agenda").status_code == 422
    assert Usulan.objects.filter(status="disepakati").count() == 3


def test_bnba_satu_musyawarah_hanya_bagi_yang_melihatnya(masuk):
    rapat_satu, rapat_dua = Perjalanan(nomor=0), Perjalanan(nomor=1)
    for p in (rapat_satu, rapat_dua):
        p.disepakati()
    cari = f"?musyawarah={rapat_satu.musyawarah.pk}"
    klien = masuk("operator")
    _, baris = baca(isi_berkas(unduh(klien, cari, program="PKH")))
    nik = {o.nik.open() for o in rapat_satu.usulan.keluarga.anggota.all()}
    assert baris[0] in nik
    saring = Jejak.objects.filter(rincian__daftar="bnba").latest("pk").rincian["saring"]
    assert saring == {"musyawarah": str(rapat_satu.musyawarah.pk)}
    for buruk in ("?musyawarah=", "?musyawarah=x", cari + "&tahap=desa", cari + "&desa=" + DESA):
        assert klien.get(ALAMAT + buruk).status_code == 400, buruk
    assert klien.get(ALAMAT + f"?musyawarah={uuid.uuid4()}").status_code == 404
    assert masuk("operator2").get(ALAMAT + cari).status_code == 404
    assert masuk("operator.lain").get(ALAMAT + cari).status_code == 404
