"""A citizen's 'sanggah data' reaches the exclusion list that left the family out; what is decided there holds for the list."""

import pytest

from bansos.actions import impor_pengecualian
from bansos.actions import pengecualian as loket
from bansos.models import ButirPengecualian, SanggahButir
from core.workflow import NotAllowed
from dtks.actions.impor import inti
from pengaduan.actions import sanggah_data as aksi
from tests.bantu import sanggah as bantu
from tests.bantu.alur import orang, sampai

pytestmark = pytest.mark.django_db
ALASAN = "Surat dari BKN menyatakan bukan ASN."


@pytest.fixture
def tercatat():
    """The head of a family, on the lists of ASN and of the company registry."""
    kepala = bantu.warga(sampai("diajukan", nomor=60))
    nik = kepala.nik.open()
    isi = f"NIK,SUMBER,TANGGAL DATA,ASAL DATA,BERLAKU HINGGA,KETERANGAN\n{nik},ASN,01/10/2026,BKPSDM,,\n{nik},AHU,01/10/2026,Kemenkum,,\n"
    by = orang("supervisor")
    inti.terapkan(inti.unggah(by=by, jenis=impor_pengecualian.JENIS, isi=isi.encode(), nama="asn.csv"), by=by)
    return kepala


def keadaan() -> dict[str, str]:
    return dict(ButirPengecualian.objects.values_list("sumber", "status"))


def test_sanggahan_warga_menandai_daftar_yang_disebutnya_saja(tercatat):
    satu = bantu.data_salah(tercatat)
    assert keadaan() == {"ASN": "disanggah", "AHU": "berlaku"}
    sanggah = SanggahButir.objects.get()
    assert (sanggah.rujukan, sanggah.created_by) == (satu.tiket, None)
    with pytest.raises(NotAllowed) as gagal:
        loket.gugurkan(sanggah, by=orang("supervisor"), alasan=ALASAN)
    assert "menu Sanggah" in gagal.value.halangan[0].kalimat


def test_dikabulkan_berarti_gugur(tercatat):
    satu = bantu.data_salah(tercatat)
    aksi.kabulkan(satu, by=orang("kadis"), alasan=ALASAN, tindak="tanpa")
    assert keadaan() == {"ASN": "gugur", "AHU": "berlaku"}
    assert SanggahButir.objects.get().diputus_by == orang("kadis")


def test_ditolak_atau_ditarik_berarti_tetap_berlaku(tercatat):
    aksi.tolak(bantu.data_salah(tercatat), by=orang("kadis"), alasan=ALASAN)
    assert keadaan() == {"ASN": "berlaku", "AHU": "berlaku"}
    dua = bantu.data_salah(tercatat, salah="usaha")
    assert keadaan()["AHU"] == "disanggah"
    aksi.tarik(dua)
    assert keadaan()["AHU"] == "berlaku"
    assert set(SanggahButir.objects.values_list("status", flat=True)) == {"ditolak", "ditarik"}


def test_yang_tidak_tercatat_di_daftar_tidak_apa_apa():
    kepala = bantu.warga(sampai("diajukan", nomor=61))
    bantu.data_salah(kepala)
    assert not SanggahButir.objects.exists()
