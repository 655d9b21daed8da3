"""Two of the Dinas at the same moment: one payment, one decision; really committed, and `manage.py periksa` finds nothing."""

from bansos.actions import graduasi
from bansos.models import Graduasi, Penyaluran, RiwayatPenyaluran
from dtks.actions.impor import inti
from portal.queries import periksa
from tests.bansos.test_graduasi import ISIAN
from tests.bansos.test_nomor_serempak import serentak
from tests.bansos.test_status_salur import baris, muat, unggah
from tests.bantu.alur import orang, sampai


def test_dua_berkas_dan_dua_putusan_bersamaan(db_nyata):
    p = sampai("ditetapkan")
    berkas = [unggah(baris()), unggah(baris(anggota=1)), unggah(baris(ket="berkas lain"))]
    serentak(3, lambda i: inti.terapkan(berkas[i], by=orang("supervisor")))
    satu = Penyaluran.objects.select_related("individu").get(berlaku=True)  # of whoever came first
    menang = int(satu.individu.hubungan != "1")
    assert RiwayatPenyaluran.objects.count() in (
        1,
        2,
    )  # the same person's second file is a further report of that payment
    muat(baris(anggota=menang, status="TOP UP", tanggal="05/10/2026"))
    baris_sk = p.penetapan.baris.get()
    hasil = serentak(2, lambda i: graduasi.ajukan(baris_sk.pk, by=orang("operator"), isian=ISIAN))
    assert Graduasi.objects.count() == 1 and sum(isinstance(h, Graduasi) for h in hasil) == 1
    assert [str(x) for x in periksa.jalankan(berkas=False).pelanggaran] == []
