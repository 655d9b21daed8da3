"""Long lists: another person of another unit says yes first, then they leave once and in time."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actions import unduh as izin
from accounts.models import IzinUnduh, Pemberitahuan, Pengguna
from accounts.policies import unduh as policies
from core import outbox
from core.models import Berkas, Jejak, Ketentuan, Pekerjaan
from core.workflow import GateClosed, NotAllowed, NotOpen
from dtks.queries.unduhan import JOB
from dtks.views import unduh as unduh_view
from tests.bantu.alur import Perjalanan, orang
from tests.bantu.pemain import DESA2

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lebih_dari_satu(settings):
    """Two rows are many here."""
    settings.DEMO = True
    atur(baris=1, berlaku_jam=24, tumbuh_persen=5)


def atur(**nilai):
    Ketentuan.objects.filter(kunci="ekspor.persetujuan").update(nilai=nilai)


@pytest.fixture
def dua_usulan():
    Perjalanan(nomor=0).diajukan()
    lain = {"pengusul": "operator2", "operator": "operator2", "lurah": "lurah2"}
    Perjalanan(nomor=1, desa=DESA2, program="BPNT", **lain).diajukan()


def unduh(client, saring="", nama="usulan_unduh", **isi):
    data = {"kunci_kirim": str(uuid.uuid4()), "format": "csv", "nomor": "samar", **isi}
    return client.post(reverse(nama) + saring, data)


def minta(client, jawab, tujuan="bahan rapat koordinasi"):
    assert jawab.status_code == 302 and jawab.url.startswith("/unduhan/izin/minta/"), jawab
    halaman = client.get(jawab.url)
    assert halaman.status_code == 200
    kunci = re.search(r'name="kunci_kirim" value="([^"]+)"', halaman.content.decode())[1]
    return client.post(jawab.url, {"kunci_kirim": kunci, "tujuan": tujuan})


def diminta(client, saring="", **isi) -> IzinUnduh:
    assert minta(client, unduh(client, saring, **isi)).url == "/unduhan/"
    return IzinUnduh.objects.order_by("-created_at")[0]


def disetujui(client, saring="", **isi) -> IzinUnduh:
    return izin.putus(diminta(client, saring, **isi), by=orang("kadis"), setuju=True)


def isi_csv(jawab) -> str:
    assert jawab.status_code == 200, jawab.content.decode()[:500]
    return b"".join(jawab.streaming_content).decode("utf-8-sig")


def test_daftar_pendek_keluar_tanpa_bertanya(masuk, dua_usulan):
    assert isi_csv(unduh(masuk("operator")))
    assert not IzinUnduh.objects.exists()


def test_daftar_panjang_diminta_disetujui_unit_lain_lalu_keluar_satu_kali(masuk, dua_usulan):
    supervisor, kadis = masuk("supervisor"), masuk("kadis")
    satu = diminta(supervisor)
    assert (satu.status, satu.jumlah, satu.wilayah, satu.tujuan) == (
        "diminta",
        2,
        "32.05",
        "bahan rapat koordinasi",
    )
    assert not Jejak.objects.filter(aksi="ekspor").exists(), "nothing left yet"
    kabar = Pemberitahuan.objects.get(tautan=f"/unduhan/izin/{satu.pk}/")
    assert kabar.pengguna == orang("kadis")
    teks = kadis.get(kabar.tautan).content.decode()
    assert "bahan rapat koordinasi" in teks and "Setujui" in teks
    assert kadis.post(f"{kabar.tautan}setujui/").status_code == 302
    unduhan = supervisor.get("/unduhan/").content.decode()
    assert 'href="/usulan/unduh/"' in unduhan and "Disetujui" in unduhan
    assert isi_csv(unduh(supervisor)).count("\n") > 2
    satu.refresh_from_db()
    assert (satu.status, satu.jumlah_keluar) == ("dipakai", 2)
    again = unduh(supervisor)
    assert again.status_code == 302 and again.url.startswith("/unduhan/izin/minta/")
    aksi = ["minta_unduh", "setujui_unduh", "pakai_izin_unduh", "ekspor"]
    assert [j.aksi for j in Jejak.objects.filter(aksi__in=aksi).order_by("pk")] == aksi


def test_yang_satu_unit_dan_diri_sendiri_tidak_bisa_memutus(masuk, dua_usulan):
    satu = diminta(masuk("supervisor"))
    with pytest.raises(NotAllowed) as tolak:
        izin.putus(satu, by=orang("supervisor"), setuju=True)
    assert "Anda yang meminta" in tolak.value.halangan[0].kalimat
    with pytest.raises(NotAllowed) as tolak:
        izin.putus(satu, by=orang("kadis.lain"), setuju=True)
    assert "wilayahnya" in tolak.value.halangan[0].kalimat
    aturan = Ketentuan.objects.get(kunci="kuota.unit")
    Ketentuan.objects.filter(pk=aturan.pk).update(
        nilai={**aturan.nilai, "KEPALA_DINAS": aturan.nilai["SUPERVISOR"]}
    )
    with pytest.raises(NotAllowed) as tolak:
        izin.putus(satu, by=orang("kadis"), setuju=True)
    assert "satu unit" in tolak.value.halangan[0].kalimat
    assert "satu unit" in masuk("kadis").get(f"/unduhan/izin/{satu.pk}/").content.decode()
    satu.refresh_from_db()
    assert satu.status == "diminta"


def test_ditolak_dengan_alasan_dan_tidak_bisa_diputus_lagi(masuk, dua_usulan):
    supervisor, kadis = masuk("supervisor"), masuk("kadis")
    satu = diminta(supervisor)
    kosong = kadis.post(f"/unduhan/izin/{satu.pk}/tolak/", {"kunci_kirim": str(uuid.uuid4()), "alasan": ""})
    assert kosong.status_code == 422
    data = {"kunci_kirim": str(uuid.uuid4()), "alasan": "tujuannya belum jelas"}
    assert kadis.post(f"/unduhan/izin/{satu.pk}/tolak/", data).status_code == 302
    assert "tujuannya belum jelas" in supervisor.get("/unduhan/").content.decode()
    with pytest.raises(NotOpen):
        izin.putus(satu, by=orang("kadis"), setuju=True)
    assert unduh(supervisor).status_code == 302 and not Jejak.objects.filter(aksi="ekspor").exists()


def test_persetujuan_hanya_untuk_daftar_saringan_dan_nomor_yang_diminta(masuk, dua_usulan):
    supervisor = masuk("supervisor")
    disetujui(supervisor)
    for saring, isi in (
        ("", {"nomor": "lengkap", "alasan": "diunggah ke SIKS-NG"}),
        ("?status=diajukan", {}),
    ):
        lain = unduh(supervisor, saring, **isi)
        assert lain.status_code == 302 and lain.url.startswith("/unduhan/izin/minta/"), saring
    assert unduh(supervisor, nama="keluarga_unduh").status_code == 302
    assert isi_csv(unduh(supervisor))


def test_persetujuan_di_kabupaten_lama_tidak_membuka_daftar_di_kabupaten_baru(masuk, dua_usulan):
    disetujui(masuk("supervisor"))
    pokok = izin.Pokok("usulan", "", "[]", "", False, ("usulan.lihat",))
    assert izin.siap(orang("supervisor"), pokok, 2)
    orang("supervisor").penugasan.update(wilayah="32.06")
    assert izin.siap(orang("supervisor"), pokok, 2) is None
    with pytest.raises(GateClosed, match="PERLU_PERSETUJUAN"):
        izin.pakai(by=orang("supervisor"), pokok=pokok, baris=2)


def test_persetujuan_habis_sesudah_waktunya(masuk, dua_usulan):
    supervisor = masuk("supervisor")
    satu = disetujui(supervisor)
    pokok = izin.Pokok("usulan", "", "[]", "", False, ("usulan.lihat",))
    assert timedelta(hours=23) < satu.hingga - timezone.now() <= timedelta(hours=24)
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table accounts_izinunduh disable trigger izinunduh_beku")
        cursor.execute("update accounts_izinunduh set hingga = now() - interval '1 second'")
        cursor.execute("alter table accounts_izinunduh enable trigger izinunduh_beku")
    assert unduh(supervisor).url.startswith("/unduhan/izin/minta/")
    with pytest.raises(GateClosed, match="PERLU_PERSETUJUAN"):
        izin.pakai(by=orang("supervisor"), pokok=pokok, baris=2)
    assert "satu kali sampai" not in supervisor.get("/unduhan/").content.decode()


def test_daftar_yang_bertambah_jauh_diminta_lagi(masuk, dua_usulan):
    supervisor = masuk("supervisor")
    satu = disetujui(supervisor)
    assert izin.siap(orang("supervisor"), _pokok(satu), 2) and not izin.siap(
        orang("supervisor"), _pokok(satu), 3
    )
    Perjalanan(nomor=3).diajukan()
    lagi = unduh(supervisor)
    assert lagi.url.startswith("/unduhan/izin/minta/")
    assert "Yang disetujui 2 baris" in supervisor.get(lagi.url).content.decode()
    with pytest.raises(GateClosed) as tolak:
        izin.pakai(by=orang("supervisor"), pokok=_pokok(satu), baris=3)
    assert "sekarang daftarnya 3 baris" in tolak.value.halangan[0].kalimat
    assert "paling banyak 2 bila" in masuk("kadis").get(f"/unduhan/izin/{satu.pk}/").content.decode()


def test_batas_pertambahan_menurut_aturan_hari_diputus(masuk, dua_usulan):
    """A rule that is loosened afterwards lets no more out than the second person was shown."""
    satu = disetujui(masuk("supervisor"))
    kini = Ketentuan.objects.get(kunci="ekspor.persetujuan")
    besok = timezone.localdate() + timedelta(days=1)
    Ketentuan.objects.create(
        kunci=kini.kunci, nilai={**kini.nilai, "tumbuh_persen": 900}, berlaku_sejak=besok, dasar_hukum="uji"
    )
    assert policies.paling_banyak(satu) == 2
    satu.diputus_at += timedelta(days=1)
    assert policies.paling_banyak(satu) == 20


def bertambah_selagi_ditulis(monkeypatch, tempat) -> None:
    """A third proposal is handed in after the rows were counted and before they are written."""
    asli = tempat.buat

    def buat(*apa):
        Perjalanan(nomor=3).diajukan()
        return asli(*apa)

    monkeypatch.setattr(tempat, "buat", buat)


def test_yang_bertambah_selagi_berkas_ditulis_tidak_keluar(masuk, dua_usulan, monkeypatch):
    supervisor = masuk("supervisor")
    satu = disetujui(supervisor)
    bertambah_selagi_ditulis(monkeypatch, unduh_view.daftar_unduh)
    jawab = unduh(supervisor)
    assert jawab.status_code == 422 and "sekarang daftarnya 3 baris" in jawab.content.decode()
    satu.refresh_from_db()
    assert satu.status == "disetujui" and not Jejak.objects.filter(aksi="ekspor").exists()


def test_daftar_pendek_yang_menjadi_panjang_selagi_ditulis_tidak_keluar(masuk, dua_usulan, monkeypatch):
    atur(baris=2, berlaku_jam=24, tumbuh_persen=5)
    bertambah_selagi_ditulis(monkeypatch, unduh_view.daftar_unduh)
    jawab = unduh(masuk("supervisor"))
    assert jawab.status_code == 422 and "Lebih dari 2 baris perlu persetujuan" in jawab.content.decode()
    assert not Jejak.objects.filter(aksi="ekspor").exists()


def peran_dicabut() -> None:
    orang("kadis").penugasan.update(wilayah="32.06")


def akun_ditutup() -> None:
    Pengguna.objects.filter(username="kadis").update(is_active=False)


def jadi_satu_unit() -> None:
    aturan = Ketentuan.objects.get(kunci="kuota.unit")
    aturan.nilai |= {"KEPALA_DINAS": aturan.nilai.get("SUPERVISOR", "SUPERVISOR")}
    aturan.save()


@pytest.mark.parametrize("sesudahnya", [peran_dicabut, akun_ditutup, jadi_satu_unit])
def test_persetujuan_orang_yang_tidak_lagi_berwenang_batal(masuk, dua_usulan, sesudahnya):
    supervisor = masuk("supervisor")
    satu = disetujui(supervisor)
    sesudahnya()
    lagi = unduh(supervisor)
    assert lagi.url.startswith("/unduhan/izin/minta/")
    assert "Persetujuan unduhan ini batal" in supervisor.get(lagi.url).content.decode()
    with pytest.raises(GateClosed) as tolak:
        izin.pakai(by=orang("supervisor"), pokok=_pokok(satu), baris=2)
    assert "batal" in tolak.value.halangan[0].kalimat
    satu.refresh_from_db()
    assert satu.status == "disetujui" and not Jejak.objects.filter(aksi="ekspor").exists()


def _pokok(satu: IzinUnduh) -> izin.Pokok:
    return izin.Pokok("usulan", satu.judul, "[]", "/usulan/unduh/", False, ("usulan.lihat",))


def test_klik_dua_kali_satu_permintaan_dan_segel_orang_lain_tidak_terbaca(masuk, dua_usulan):
    supervisor = masuk("supervisor")
    jawab = unduh(supervisor)
    assert "kuasa" not in jawab.url and "usulan.lihat" not in jawab.url
    for _ in range(2):
        minta(supervisor, jawab)
    assert IzinUnduh.objects.count() == 1
    assert masuk("kadis").get(jawab.url).status_code == 404
    assert supervisor.get("/unduhan/izin/minta/?isi=00").status_code == 404


def test_bnba_dengan_nik_lengkap_juga_menunggu_orang_kedua(masuk, dua_usulan):
    atur(baris=0, berlaku_jam=24, tumbuh_persen=5)
    operator = masuk("operator")
    alamat = reverse("bnba_unduh") + "?tahap=semua"
    data = {"kunci_kirim": str(uuid.uuid4()), "program": "PKH", "alasan": "diunggah ke SIKS-NG"}
    jawab = operator.post(alamat, data)
    assert minta(operator, jawab).url == "/unduhan/"
    satu = IzinUnduh.objects.get()
    assert satu.nomor and satu.unit_peminta == "OPERATOR_DESA"
    izin.putus(satu, by=orang("supervisor"), setuju=True)
    assert operator.post(alamat, {**data, "kunci_kirim": str(uuid.uuid4())}).status_code == 200
    satu.refresh_from_db()
    assert satu.status == "dipakai"
    assert operator.post(alamat, {**data, "kunci_kirim": str(uuid.uuid4())}).status_code == 302


@pytest.fixture
def di_latar():
    batas = {"langsung": 0, "maks": 100, "simpan_jam": 24}
    Ketentuan.objects.filter(kunci="ekspor.batas").update(nilai=batas)


def kerjakan() -> None:
    for job in Pekerjaan.objects.filter(jenis=JOB, status=Pekerjaan.Status.MENUNGGU):
        with transaction.atomic():
            outbox._finish(job, lambda job=job: outbox._handlers[JOB].effect(job))


@pytest.mark.parametrize(
    ("sesudahnya", "kata"),
    [(peran_dicabut, "batal"), (lambda: Perjalanan(nomor=3).diajukan(), "sekarang daftarnya 3 baris")],
    ids=["peran dicabut", "bertambah"],
)
def test_berkas_latar_tidak_dibuat_bila_persetujuannya_tidak_cukup(
    masuk, dua_usulan, di_latar, sesudahnya, kata
):
    supervisor = masuk("supervisor")
    disetujui(supervisor)
    assert unduh(supervisor).url == "/unduhan/"
    sesudahnya()
    kerjakan()
    assert kata in Pekerjaan.objects.get(jenis=JOB).hasil["ditolak"]
    assert Pemberitahuan.objects.filter(
        pengguna=orang("supervisor"), kalimat__startswith="Unduhan tidak jadi."
    ).exists()
    assert not Berkas.objects.filter(jenis__startswith="unduhan:").exists()
    assert not Jejak.objects.filter(aksi="ekspor").exists()


def test_berkas_latar_tidak_diambil_bila_yang_menyetujui_tidak_lagi_berwenang(masuk, dua_usulan, di_latar):
    supervisor = masuk("supervisor")
    satu = disetujui(supervisor)
    unduh(supervisor)
    kerjakan()
    alamat = reverse("unduhan_ambil", args=[Berkas.objects.get(jenis="unduhan:usulan:samar").pk])
    peran_dicabut()
    assert supervisor.post(alamat).url == "/unduhan/"
    assert "Persetujuan unduhan ini batal" in supervisor.get("/unduhan/").content.decode()
    satu.refresh_from_db()
    assert satu.diambil_at is None and not Jejak.objects.filter(aksi="ambil_unduhan").exists()


def test_berkas_latar_dari_persetujuan_diambil_satu_kali(masuk, dua_usulan, di_latar):
    supervisor = masuk("supervisor")
    satu = disetujui(supervisor)
    assert unduh(supervisor).url == "/unduhan/"
    kerjakan()
    berkas = Berkas.objects.get(jenis="unduhan:usulan:samar")
    alamat = reverse("unduhan_ambil", args=[berkas.pk])
    assert "Ambil, satu kali" in supervisor.get("/unduhan/").content.decode()
    assert supervisor.get(alamat).status_code == 404
    assert masuk("kadis").post(alamat).status_code == 404
    assert isi_csv(supervisor.post(alamat))
    assert supervisor.post(alamat).status_code == 404
    assert berkas.nama_tampil not in supervisor.get("/unduhan/").content.decode()
    satu.refresh_from_db()
    assert satu.diambil_at and Jejak.objects.filter(aksi="ambil_unduhan").count() == 1


@pytest.mark.parametrize(
    "perintah",
    [
        "update accounts_izinunduh set jumlah = 1000000",
        "update accounts_izinunduh set status = 'dipakai'",
        "update accounts_izinunduh set tanda = sha256('x')",
        "delete from accounts_izinunduh",
        "update accounts_izinunduh set status = 'disetujui', diputus_orang_id = diminta_orang_id",
        "update accounts_izinunduh set status = 'disetujui'",
    ],
)
def test_sql_mentah_tidak_bisa_menyetujui_atau_mengubah(masuk, dua_usulan, perintah):
    diminta(masuk("supervisor"))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(perintah)
