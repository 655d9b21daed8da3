"""A supervisor changes a programme's rule: without typing a code, tried before it is submitted, approved by another person."""

import copy
import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Penugasan
from bansos import tasks  # noqa: F401 - the handlers of the queue register themselves
from bansos.actions import aturan as aksi
from bansos.actions import hitung, percobaan
from bansos.actions.penetapan import quarter
from bansos.models import AturanProgram, DaftarKelayakan, PercobaanAturan, Program
from bansos.queries import aturan_program, kata_aturan
from core import outbox
from core.models import Pekerjaan
from core.workflow import GateClosed, NotAllowed
from tests.bantu import warga_acak
from tests.bantu.alur import orang
from tests.bantu.halaman import Halaman
from tests.bantu.pemain import KABUPATEN

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


def kini() -> str:
    return quarter(timezone.localdate())


def besok(n: int = 1):
    return timezone.localdate() + timedelta(days=n)


def draf(program: str = "BPNT", desil: int | None = None, **lain) -> AturanProgram:
    satu = aksi.susun(Program.objects.get(pk=program), by=orang("supervisor"), wilayah=KABUPATEN)
    isi = copy.deepcopy(satu.isi)
    if desil is not None:
        next(p for p in isi["syarat"] if p.get("ukuran") == "desil")["nilai"] = desil
    return aksi.ubah(satu, by=orang("supervisor"), isi=isi, **lain)


def diajukan(**kata) -> AturanProgram:
    satu = draf(**kata)
    aksi.coba(satu, by=orang("supervisor"), periode=kini())
    return aksi.ajukan(satu, by=orang("supervisor"))


def kode(gagal) -> str:
    return gagal.value.halangan[0].kode


def test_dari_draf_sampai_berlaku_tanpa_bertumpuk():
    satu = aksi.setujui(diajukan(desil=3, berlaku_sejak=besok()), by=orang("kadis"))
    assert aturan_program.berlaku("BPNT", KABUPATEN, besok()) == satu
    assert aturan_program.berlaku("BPNT", "32.06", besok()).wilayah_id is None
    dua = aksi.setujui(diajukan(desil=2, berlaku_sejak=besok(10)), by=orang("kadis"))
    satu.refresh_from_db()
    assert satu.berlaku_hingga == besok(9)
    assert aturan_program.berlaku("BPNT", KABUPATEN, besok(9)) == satu
    assert aturan_program.berlaku("BPNT", KABUPATEN, besok(10)) == dua
    with pytest.raises(GateClosed) as gagal:
        diajukan(desil=4, berlaku_sejak=besok(5))
    assert kode(gagal) == "MASA"


def test_percobaan_menyebut_siapa_masuk_siapa_keluar_dan_biayanya():
    warga_acak.isi(120)
    satu = draf(desil=2)
    hasil = aksi.coba(satu, by=orang("supervisor"), periode=kini())
    dulu = hitung.hitung(program="BPNT", periode=kini(), wilayah=KABUPATEN, by=None, simpan=False).jumlah
    baru = hitung.hitung(
        program="BPNT", periode=kini(), wilayah=KABUPATEN, by=None, aturan=satu, simpan=False
    ).jumlah
    assert (hasil.layak_lama, hasil.layak_baru) == (dulu["layak"], baru["layak"])
    assert (hasil.biaya_lama, hasil.biaya_baru) == (dulu["manfaat"], baru["manfaat"])
    assert hasil.keluar == dulu["layak"] - baru["layak"] > 0 and hasil.masuk == 0
    assert all(any("esil" in k for k in u.alasan) for u in hasil.contoh)
    assert not DaftarKelayakan.objects.exists()
    terbalik = draf(desil=10)
    hasil = aksi.coba(terbalik, by=orang("supervisor"), periode=kini())
    assert hasil.masuk > 0 and hasil.keluar == 0 and hasil.selisih > 0


def test_percobaan_di_latar_menyimpan_angka_tanpa_nama_dan_tanpa_kesehatan():
    warga_acak.isi(120)
    satu = draf("PKH", desil=2)
    with pytest.raises(NotAllowed):
        percobaan.minta(satu, by=orang("operator"), periode=kini())
    job = percobaan.minta(satu, by=orang("supervisor"), periode=kini())
    assert percobaan.minta(satu, by=orang("supervisor"), periode=kini()) == job and percobaan.sedang(satu)
    outbox.work()
    job.refresh_from_db()
    hasil = satu.percobaan.get()
    assert (job.status, job.hasil["keluar"]) == ("selesai", hasil.angka["keluar"]) and not percobaan.sedang(
        satu
    )
    assert hasil.angka["keluar"] == aksi.coba(satu, by=orang("supervisor"), periode=kini()).keluar > 0
    assert hasil.contoh and "nama" not in str(hasil.contoh)
    assert "hamil" not in str(hasil.contoh).lower() and "disabilitas" not in str(hasil.contoh).lower()
    assert "nama" not in str(Pekerjaan.objects.get(pk=job.pk).hasil)


def test_belum_dicoba_atau_diubah_sesudahnya_tidak_bisa_diajukan():
    satu = draf(desil=3)
    with pytest.raises(GateClosed) as gagal:
        aksi.ajukan(satu, by=orang("supervisor"))
    assert kode(gagal) == "BELUM_DICOBA"
    aksi.coba(satu, by=orang("supervisor"), periode=kini())
    satu = draf(desil=2)
    with pytest.raises(GateClosed) as gagal:
        aksi.ajukan(satu, by=orang("supervisor"))
    assert kode(gagal) == "BELUM_DICOBA"


@pytest.mark.parametrize("siapa", ["supervisor", "verifikator", "operator", "kadis.lain", "admin"])
def test_hanya_kepala_dinas_wilayahnya_yang_menyetujui(siapa):
    satu = diajukan(desil=3)
    with pytest.raises(NotAllowed):
        aksi.setujui(satu, by=orang(siapa))
    assert aturan_program.berlaku("BPNT", KABUPATEN, besok(30)).wilayah_id is None


def test_penyusun_yang_menjadi_plh_tidak_menyetujui_susunannya_sendiri():
    satu = diajukan(desil=3)
    Penugasan.objects.create(
        pengguna=orang("supervisor"), peran_id="PLH_KADIS", wilayah_id=KABUPATEN, berlaku_sejak=timezone.localdate(), berlaku_hingga=besok(30),
    )  # fmt: skip
    with pytest.raises(NotAllowed) as gagal:
        aksi.setujui(satu, by=orang("supervisor"))
    assert "orang lain" in gagal.value.halangan[0].kalimat


def test_yang_diajukan_tidak_bisa_diubah_lagi_juga_lewat_sql():
    satu = diajukan(desil=3)
    with pytest.raises(NotAllowed):
        aksi.ubah(satu, by=orang("supervisor"), isi=satu.isi)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as c:
        c.execute("update bansos_aturanprogram set isi = '{}' where id = %s", [satu.pk])
    aksi.tolak(satu, by=orang("kadis"), alasan="Anggaran tidak cukup.")
    satu.refresh_from_db()
    assert satu.status == "ditolak"


@pytest.mark.parametrize(
    "rusak",
    [{"syarat": [{"ukuran": "desil", "op": "<=", "nilai": "4; drop table"}]}, {"syarat": [{"ukuran": "kata_sandi", "op": "ada"}]}, {"manfaat": {"nilai": -1, "per": "bulan"}}, {"unit": "desa"}],
)  # fmt: skip
def test_isi_di_luar_katalog_ditolak(rusak):
    satu = draf()
    with pytest.raises(GateClosed) as gagal:
        aksi.ubah(satu, by=orang("supervisor"), isi=satu.isi | rusak)
    assert kode(gagal) == "ISI_SALAH"


def test_tidak_ke_masa_lalu_dan_tidak_untuk_kabupaten_lain():
    with pytest.raises(GateClosed) as gagal:
        diajukan(desil=3, berlaku_sejak=besok(-5))
    assert kode(gagal) == "MASA"
    for siapa, wilayah in (("supervisor", "32.06"), ("supervisor.lain", KABUPATEN), ("operator", KABUPATEN)):
        with pytest.raises(NotAllowed):
            aksi.susun(Program.objects.get(pk="PKH"), by=orang(siapa), wilayah=wilayah)


def test_beda_dua_versi_dalam_kalimat():
    dasar = aturan_program.berlaku("BPNT", KABUPATEN, timezone.localdate())
    satu = draf(desil=3)
    assert kata_aturan.beda(dasar, satu) == [
        ("Syarat", "hilang", "Desil keluarga paling tinggi 4."), ("Syarat", "baru", "Desil keluarga paling tinggi 3."),
    ]  # fmt: skip


# --- at the screen ------------------------------------------------------------------------------------


def isian(klien, alamat: str) -> dict:
    """What the page's form would send as it stands, from the form itself."""
    jawab = klien.get(alamat)
    assert jawab.status_code == 200, (alamat, jawab.status_code)
    form = jawab.context["form"]
    hasil = {"kunci_kirim": str(uuid.uuid4())}
    for nama, bidang in form.fields.items():
        awal = form.get_initial_for_field(bidang, nama)
        if nama != "kunci_kirim" and not (awal is None or awal is False or awal in ("", [])):
            hasil[nama] = awal.isoformat() if hasattr(awal, "isoformat") else awal
    return hasil


def kirim(klien, alamat: str, **lain):
    return klien.post(alamat, {"kunci_kirim": str(uuid.uuid4()), **lain})


def test_di_layar_dari_susun_sampai_disetujui(masuk):
    warga_acak.isi(40)
    supervisor, kadis = masuk("supervisor"), masuk("kadis")
    ubah = kirim(supervisor, "/program/PKH/aturan/susun/")["Location"]
    satu = AturanProgram.objects.get(status="draf")
    alamat = f"/program/PKH/aturan/{satu.pk}/"
    assert ubah == f"{alamat}ubah/"
    data = isian(supervisor, ubah)
    jawab = supervisor.post(ubah, data)
    assert jawab.status_code == 302, jawab.context["form"].errors
    sebelum = AturanProgram.objects.get(pk=satu.pk)
    assert sebelum.isi == satu.isi  # saved as it stands, nothing changes
    data = isian(supervisor, ubah) | {"s0_nilai": "3", "k0_uang": "3500000", "k1_buang": "on"}
    jawab = supervisor.post(ubah, data)
    assert jawab.status_code == 302, jawab.context["form"].errors
    satu.refresh_from_db()
    assert satu.isi["syarat"][0]["nilai"] == 3 and satu.isi["komponen"][0]["nilai"] == 3500000
    assert len(satu.isi["komponen"]) == len(sebelum.isi["komponen"]) - 1
    salah = supervisor.post(ubah, isian(supervisor, ubah) | {"s0_nilai": "77", "dasar_hukum": ""})
    assert salah.status_code == 422 and "Isi dasar hukumnya." in salah.content.decode()
    tambah = f"{alamat}syarat/?ke=&ukuran=mobil"
    assert (
        supervisor.post(tambah, isian(supervisor, tambah) | {"n_op": "=", "n_nilai": "0"}).status_code == 302
    )
    keliru = supervisor.get(f"{alamat}syarat/?ke=&ukuran=umur")
    assert keliru.status_code == 422 and "tentang satu orang" in keliru.content.decode()
    baru = f"{alamat}komponen/?ukuran=disabilitas"
    assert kirim(supervisor, baru, kode="disabilitas_lain", nama="Disabilitas", uang="1000000", per="tahun", maks="", n_nilai="ada").status_code == 302  # fmt: skip
    satu.refresh_from_db()
    assert satu.isi["syarat"][-1] == {"ukuran": "mobil", "op": "=", "nilai": 0}
    assert satu.isi["komponen"][-1]["syarat"] == [{"ukuran": "disabilitas", "op": "ada"}]
    coba = kirim(supervisor, f"{alamat}coba/", periode=kini())
    assert coba.status_code == 302 and coba["Location"] == alamat
    assert "Sedang dihitung" in supervisor.get(alamat).content.decode()
    outbox.work()
    hasil = PercobaanAturan.objects.get(aturan=satu)
    url = f"/program/percobaan/{hasil.pk}/"
    assert url in supervisor.get(alamat).content.decode() and kadis.get(alamat).status_code == 200
    teks = supervisor.get(url).content.decode()
    assert "Biaya setahun" in teks and "sudah diubah sesudah percobaan" not in teks
    assert "selesai" in supervisor.get("/pemberitahuan/").content.decode()
    for siapa in ("operator", "supervisor.lain"):
        assert masuk(siapa).get(url).status_code == 404
    kirim(supervisor, f"{alamat}ajukan/")
    assert supervisor.get(f"{alamat}putus/").status_code == 403
    assert "Jumlah mobil tepat 0." in kadis.get(alamat).content.decode()
    assert kirim(kadis, f"{alamat}putus/", putusan="setujui", alasan="").status_code == 302
    satu.refresh_from_db()
    assert satu.status == "berlaku"
    assert Halaman(masuk("operator").get(alamat).content.decode())


def test_draf_kabupaten_ini_tidak_terlihat_orang_lain(masuk):
    satu = draf()
    alamat = f"/program/BPNT/aturan/{satu.pk}/"
    asing = masuk("operator").get(f"/program/BPNT/aturan/{uuid.uuid4()}/").content
    for siapa in ("operator", "supervisor.lain", "verifikator"):
        jawab = masuk(siapa).get(alamat)
        assert jawab.status_code == 404
        if siapa == "operator":
            assert jawab.content == asing
