"""Two lists side by side, and families with more than one programme: every change once, with its reason, only in one's area."""

import io
import uuid

import pytest
from python_calamine import CalamineWorkbook

from bansos.actions import impor_pengecualian
from bansos.actions.penetapan import Putusan, tetapkan
from bansos.models import BarisPenetapan, Penetapan, Program
from bansos.queries import banding, tumpang
from core.models import Ketentuan
from dtks.actions.impor import inti
from tests.bantu.alur import orang, sampai
from tests.bantu.daftar import daftar_sah, keluarga_banyak
from tests.bantu.pemain import DESA, KABUPATEN, KABUPATEN_LAIN

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


@pytest.fixture
def dua_daftar():
    """The second quarter has one family more, one less, and the order turned round."""
    rumah = keluarga_banyak(6)
    lama = daftar_sah("BPNT", "2026-3", rumah[:5], layak=3)
    baru = daftar_sah("BPNT", "2026-4", [rumah[5], *rumah[1:5]], layak=4, manfaat=2_000_000)
    return rumah, lama, baru


def test_masuk_keluar_dan_biaya_dua_daftar(dua_daftar):
    rumah, lama, baru = dua_daftar
    hasil = banding.banding(lama, baru)
    assert (hasil.layak_lama, hasil.layak_baru, hasil.masuk, hasil.keluar) == (3, 4, 2, 1)
    assert (hasil.biaya_lama, hasil.biaya_baru, hasil.selisih) == (3_000_000, 8_000_000, 5_000_000)
    arah = {u.keluarga: u.arah for u in hasil.contoh}
    assert arah == {rumah[5].pk: "masuk", rumah[3].pk: "masuk", rumah[0].pk: "keluar"}
    assert [(u.keluarga, u.arah) for u in banding.semua(lama, baru)] == [
        (u.keluarga, u.arah) for u in hasil.contoh
    ]
    sama = banding.banding(baru, baru)
    assert (sama.masuk, sama.keluar, sama.contoh) == (0, 0, [])


def test_di_layar_dan_sebagai_berkas_hanya_untuk_kabupatennya(dua_daftar, masuk):
    rumah, lama, baru = dua_daftar
    alamat = f"/program/BPNT/banding/?lama={lama.pk}&baru={baru.pk}"
    isi = masuk("supervisor").get(alamat).content.decode()
    assert rumah[5].nama_kepala in isi and rumah[0].nama_kepala in isi and rumah[1].nama_kepala not in isi
    berkas = masuk("kadis").post("/program/BPNT/banding/unduh/", {"lama": lama.pk, "baru": baru.pk})
    assert berkas.status_code == 200 and b"".join(berkas.streaming_content)[:2] == b"PK"
    assert masuk("supervisor.lain").get(alamat).status_code == 400
    assert masuk("operator").get(alamat).status_code == 400
    assert (
        masuk("supervisor").get(f"/program/BPNT/banding/?lama={uuid.uuid4()}&baru={baru.pk}").status_code
        == 400
    )


def test_penerima_apbn_dan_apbd_disebut_dan_kabupaten_lain_tidak(masuk):
    satu = sampai("ditetapkan", nomor=1)
    keluarga = satu.usulan.keluarga
    assert tumpang.daftar([KABUPATEN]) == []
    # The same family gets a second, local programme by a decree of its own.
    sk = Penetapan.objects.get()
    dua = sampai("dikirim", nomor=2, program="APBD-LANSIA")
    tetapkan(by=orang("kadis"), program=Program.objects.get(pk="APBD-LANSIA"), wilayah=KABUPATEN, putusan={str(dua.usulan.pk): Putusan("ditetapkan")})  # fmt: skip
    assert tumpang.daftar([KABUPATEN]) == []
    BarisPenetapan.objects.create(
        penetapan=Penetapan.objects.exclude(pk=sk.pk).get(), usulan=satu.usulan, hasil="ditetapkan"
    )
    (kena,) = tumpang.daftar([DESA])
    assert kena.keluarga == keluarga.pk and [k for k, *_ in kena.program] == ["APBD-LANSIA", sk.program_id]
    assert (
        len(tumpang.daftar([KABUPATEN], jenis="sumber")) == 1
        and tumpang.daftar([KABUPATEN], jenis="larangan") == []
    )
    assert tumpang.daftar([KABUPATEN_LAIN]) == [] and tumpang.daftar([]) == []
    isi = masuk("kadis").get("/program/tumpang/").content.decode()
    assert keluarga.nama_kepala in isi and "boleh bersama" in isi
    assert masuk("kadis").get("/program/tumpang/?jenis=apa").status_code == 400
    berkas = masuk("kadis").post("/program/tumpang/unduh/", {"jenis": ""})
    assert berkas.status_code == 200 and "belum lengkap" not in berkas["Content-Disposition"]


def test_unduhan_tumpang_tindih_mengatakan_bahwa_ia_berhenti(masuk, monkeypatch):
    """Three families, a limit of two: the file says so in its name, in its last row and on its second sheet."""
    tiga = [
        tumpang.Tumpang(uuid.uuid4(), f"Kepala {n}", DESA, "Desa Uji", [("PKH", "PKH", "APBN", "1")], [])
        for n in range(3)
    ]
    monkeypatch.setattr(tumpang, "daftar", lambda luas, *, jenis, n: tiga[:n])
    for maks, belum in ((2, True), (3, False)):
        Ketentuan.objects.filter(kunci="ekspor.batas").update(
            nilai={"langsung": 1, "maks": maks, "simpan_jam": 24}
        )
        berkas = masuk("kadis").post("/program/tumpang/unduh/", {"jenis": ""})
        buku = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(berkas.streaming_content)))
        data, catatan = (buku.get_sheet_by_name(nama).to_python() for nama in buku.sheet_names)
        assert ("belum lengkap" in berkas["Content-Disposition"]) is belum
        assert len(data) == 1 + maks + belum
        assert str(data[-1][0]).startswith("Berhenti di 2 baris") is belum
        assert any("Berhenti di 2 baris" in str(r) for r in catatan) is belum


def test_usulan_menunjukkan_bantuan_dan_pengecualian_sebelum_diusulkan(masuk):
    p = sampai("draf", nomor=3, pengusul="operator")
    kepala = p.usulan.keluarga.anggota.get(hubungan="1")
    isi = f"NIK,SUMBER,TANGGAL DATA,ASAL DATA,BERLAKU HINGGA,KETERANGAN\n{kepala.nik.open()},ASN,01/10/2026,BKPSDM,,\n".encode()
    by = orang("supervisor")
    inti.terapkan(inti.unggah(by=by, jenis=impor_pengecualian.JENIS, isi=isi, nama="asn.csv"), by=by)
    halaman = masuk("operator").get(f"/usulan/{p.usulan.pk}/").content.decode()
    assert "Yang perlu dilihat sebelum diusulkan" in halaman and "tercatat sebagai ASN" in halaman
