"""The Dinas loads payment statuses: every report kept, the newest shown, nobody paid twice, nobody removed by a file."""

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from accounts.models import Pemberitahuan
from bansos import tasks  # noqa: F401 - the handlers of the queue register themselves
from bansos.actions import status_salur
from bansos.models import Penyaluran, RiwayatPenyaluran
from core import outbox
from core.workflow import GateClosed, NotAllowed
from dtks.actions.impor import inti
from dtks.models import BarisImpor, Usulan
from tests.bantu.alur import keluarga_uji, orang

pytestmark = pytest.mark.django_db
JUDUL = "NIK PENGURUS,NO KK,PROGRAM,PERIODE,TAHAP,NOMINAL,PENYALUR,STATUS,TANGGAL STATUS,KETERANGAN"


def unggah(*baris: str, by: str = "supervisor"):
    isi = "\n".join([JUDUL, *baris]).encode("utf-8-sig")
    return inti.unggah(by=orang(by), jenis=status_salur.JENIS, isi=isi, nama="salur.csv")


def muat(*baris: str):
    return inti.terapkan(unggah(*baris), by=orang("supervisor"))


def baris(
    n=0, anggota=0, status="SPM", tanggal="01/10/2026", nominal="750000", periode="2026-4", tahap="1", ket=""
):
    nik = keluarga_uji(n).told[anggota].nik
    return f"{nik},,PKH,{periode},{tahap},{nominal},BNI,{status},{tanggal},{ket}"


def kode(impor) -> list[list[str]]:
    return [[g["kode"] for g in b.galat] for b in BarisImpor.objects.filter(impor=impor)]


def test_dari_perintah_sampai_diambil_tiap_laporan_tersimpan(sampai):
    sampai("ditetapkan")
    for status, hari in (("SPM", 1), ("SP2D", 3), ("TOP UP", 5), ("TRANSAKSI", 9)):
        impor = muat(baris(status=status, tanggal=f"0{hari}/10/2026"))
        assert impor.status == "diterapkan"
    satu = Penyaluran.objects.get()
    assert satu.status_id == "TRANSAKSI" and satu.baris.usulan.status == "ditetapkan"
    assert (satu.nominal_perintah, satu.nominal_dibayar, satu.nominal_diambil) == (750000, 750000, 750000)
    assert list(satu.riwayat.values_list("status_id", flat=True)) == ["SPM", "SP2D", "TOPUP", "TRANSAKSI"]
    assert unggah(baris(status="SPM")).hitung == {"sama": 1}


def test_desa_diberi_tahu_pembayaran_yang_perlu_ditindaklanjuti_tanpa_nama_dan_sebab(sampai):
    keluarga = sampai("ditetapkan").usulan.keluarga
    muat(baris(status="SPM"))
    outbox.work()
    assert not Pemberitahuan.objects.filter(
        kalimat__contains="ditindaklanjuti"
    ).exists()  # on its way: nothing to do
    muat(baris(status="EXCLUDE PEKERJAAN", tanggal="02/10/2026"))
    outbox.work()
    kabar = Pemberitahuan.objects.get(pengguna=orang("operator"), kalimat__contains="ditindaklanjuti")
    assert (
        kabar.kalimat.startswith("1 pembayaran") and kabar.tautan == "/penyaluran/?program=PKH&periode=2026-4"
    )
    for rahasia in (keluarga.nama_kepala, keluarga_uji(0).told[0].nik, "EXCLUDE", "ASN", "pekerjaan"):
        assert rahasia.lower() not in kabar.kalimat.lower()
    assert not Pemberitahuan.objects.filter(
        pengguna=orang("operator2"), kalimat__contains="ditindak"
    ).exists()


def test_berkas_yang_sama_dua_kali_tidak_mengubah_apa_pun(sampai):
    sampai("ditetapkan")
    muat(baris())
    lagi = unggah(baris(), "")
    assert lagi.hitung == {"sama": 1}
    with pytest.raises(GateClosed, match="TIDAK_ADA_PERUBAHAN"):
        inti.terapkan(lagi, by=orang("supervisor"))
    assert RiwayatPenyaluran.objects.count() == 1


def test_satu_keluarga_tidak_dibayar_dua_kali_atas_dua_nama(sampai):
    sampai("ditetapkan")
    dua = unggah(baris(), baris(anggota=1))
    assert kode(dua) == [[], ["ANGGOTA_LAIN"]]
    inti.terapkan(dua, by=orang("supervisor"))
    assert kode(unggah(baris(anggota=1))) == [["ANGGOTA_LAIN"]]
    assert Penyaluran.objects.count() == 1


def test_dua_berkas_diperiksa_bersama_hanya_satu_yang_masuk(sampai):
    sampai("ditetapkan")
    satu, dua = unggah(baris()), unggah(baris(anggota=1))
    inti.terapkan(satu, by=orang("supervisor"))
    dua = inti.terapkan(dua, by=orang("supervisor"))
    assert dua.hitung == {"konflik": 1} and Penyaluran.objects.count() == 1


def test_status_lama_tidak_menimpa_yang_baru_dan_uang_yang_kembali_tidak_dihitung(sampai):
    sampai("ditetapkan")
    muat(baris(status="TOPUP", tanggal="05/10/2026"))
    assert kode(unggah(baris(status="SI", tanggal="02/10/2026"))) == [["LEBIH_LAMA"]]
    assert kode(unggah(baris(status="TRANSAKSI", tanggal="06/10/2026", nominal="900000"))) == [
        ["DIAMBIL_LEBIH"]
    ]
    muat(baris(status="GAGAL OMSPAN", tanggal="07/10/2026"))
    satu = Penyaluran.objects.get()
    assert (satu.nominal_perintah, satu.nominal_dibayar, satu.nominal_diambil) == (750000, None, None)


def test_batal_mengembalikan_keadaan_sebelumnya_dan_menjaga_laporan(sampai):
    sampai("ditetapkan")
    satu = muat(baris())
    dua = muat(baris(status="TOPUP", tanggal="05/10/2026"))
    ditolak = inti.batalkan(satu, by=orang("supervisor"))
    assert ditolak.status == "diterapkan" and "1 pembayaran" in ditolak.sebab
    inti.batalkan(dua, by=orang("supervisor"))
    p = Penyaluran.objects.get()
    assert (p.status_id, p.nominal_dibayar, p.berlaku) == ("SPM", None, True)
    inti.batalkan(satu, by=orang("supervisor"))
    p.refresh_from_db()
    assert not p.berlaku and RiwayatPenyaluran.objects.count() == 2
    assert inti.bersihkan() == 0
    assert muat(baris(anggota=1)).hitung == {"baru": 1}  # the one who was wrong stands in nobody's way
    assert kode(unggah(baris())) == [["ANGGOTA_LAIN"]]


def test_yang_sudah_dibatalkan_bisa_dimuat_lagi(sampai):
    sampai("ditetapkan")
    inti.batalkan(muat(baris()), by=orang("supervisor"))
    assert muat(baris(), "").hitung == {"baru": 1}
    p = Penyaluran.objects.get()
    assert p.berlaku and p.urut_riwayat == 2


def test_tiap_sel_yang_salah_disebut(sampai):
    sampai("ditetapkan")
    b = baris().split(",")

    def ganti(i, isi):
        return ",".join([*b[:i], isi, *b[i + 1 :]])

    besok = f"{timezone.localdate().replace(year=2027):%d/%m/%Y}"
    impor = unggah(
        ganti(0, "123"), ganti(1, "99"), ganti(2, "XYZ"), ganti(3, "2026-5x"), ganti(4, "0"), ganti(5, "-1"), ganti(5, "1e9"),
        ganti(7, "SUDAH CAIR"), ganti(8, besok), ganti(5, "0"), ganti(0, keluarga_uji(9).told[0].nik),
    )  # fmt: skip
    assert kode(impor) == [
        ["NIK_TIDAK_SAH"], ["KK_TIDAK_SAH"], ["PROGRAM_TIDAK_DIKENAL"], ["PERIODE"], ["TAHAP"], ["NOMINAL"], ["NOMINAL"],
        ["STATUS_TIDAK_DIKENAL"], ["TANGGAL"], ["NOMINAL_NOL"], ["NIK_TIDAK_DIKENAL"],
    ]  # fmt: skip


def test_orang_di_kabupaten_lain_sama_dengan_tidak_ada(sampai):
    sampai("ditetapkan")
    ada = unggah(baris(), by="supervisor.lain")
    tidak = unggah(baris(n=9), by="supervisor.lain")
    assert BarisImpor.objects.get(impor=ada).galat == BarisImpor.objects.get(impor=tidak).galat
    with pytest.raises(NotAllowed):
        unggah(baris(), by="operator")


def test_tanpa_sk_diterima_dengan_tanda_dan_tidak_ada_yang_dikeluarkan(sampai):
    p = sampai("dikirim")
    impor = muat(baris(status="EXCLUDE MENINGGAL"))
    assert impor.hitung == {"baru": 1, "tanda": 1}
    assert Penyaluran.objects.get().baris is None
    assert p.segar().status == "dikirim" and Usulan.objects.count() == 1


@pytest.mark.parametrize(
    "perintah",
    [
        "update bansos_riwayatpenyaluran set nominal = 1",
        "delete from bansos_riwayatpenyaluran",
        "update bansos_penyaluran set nominal = 1",
        "update bansos_penyaluran set status_id = 'TRANSAKSI'",
        "update bansos_penyaluran set periode = '2026-3'",
        "delete from bansos_penyaluran",
    ],
)
def test_sql_langsung_tidak_bisa_mengubah_pembayaran(sampai, perintah):
    sampai("ditetapkan")
    muat(baris())
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(perintah)
