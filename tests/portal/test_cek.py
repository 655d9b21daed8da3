"""A citizen asks whether the family receives aid; somebody else guesses. Both look at /cek/."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bansos.models import CekBansos, Program
from core.identity import mask_name
from core.models import Ketentuan
from dtks.models import Individu
from portal.queries import cek as kata
from portal.views.cek import UKURAN
from tests.bantu.alur import sampai
from tests.bantu.tantangan import jawab, jawab_tantangan

pytestmark = pytest.mark.django_db
IP = "10.4.4.4"


@pytest.fixture
def penerima(settings):
    p = sampai("ditetapkan", program="APBD-LANSIA")
    p.kepala = Individu.objects.get(keluarga=p.usulan.keluarga, hubungan="1", aktif=True)
    return p


def tanya(client, ip=IP, **isi):
    pintu = "nama" if "wilayah" in isi else "nik"
    bukti = jawab_tantangan(client, "/cek/") if pintu == "nik" else _untuk_nama(client)
    return client.post("/cek/", {"pintu": pintu} | bukti | isi, REMOTE_ADDR=ip)


def _untuk_nama(client):
    soal = re.findall(r'name="tantangan" value="([\w=-]+)"', client.get("/cek/").content.decode())
    return jawab(soal[1])


def dengan_nik(client, orang, **lain):
    isi = {"nik": orang.nik.open(), "tgl_lahir": f"{orang.tgl_lahir:%d/%m/%Y}"}
    return tanya(client, **isi | lain)


def dengan_nama(client, orang, **lain):
    return tanya(client, **{"wilayah": orang.keluarga.wilayah_id[:13], "nama": orang.nama} | lain)


def teks(jawab) -> str:
    return re.sub(r"\s+", " ", jawab.content.decode())


def test_lewat_nik_jawabannya_program_periode_keadaan_dan_langkah(client, penerima):
    jawab = dengan_nik(client, penerima.kepala)
    isi = teks(jawab)
    program = Program.objects.get(pk="APBD-LANSIA").nama
    assert jawab.status_code == 200 and f"{program}: Menerima" in isi
    assert "Yang perlu dilakukan:" in isi and "tanpa potongan" in isi and "triwulan" in isi
    assert (
        mask_name(penerima.kepala.nama) in isi
        and "Kelurahan Kota Kulon, Kecamatan Garut Kota" in isi
        and "RW 0" not in isi
    )
    keluarga = penerima.usulan.keluarga
    for rahasia in (
        penerima.kepala.nama, penerima.kepala.nik.open(), keluarga.no_kk.open(), keluarga.alamat, "desil",
        f"RT {keluarga.rt}", penerima.usulan.tiket, str(keluarga.pk),
    ):  # fmt: skip
        assert rahasia.lower() not in isi.lower().replace("ppks", "")
    assert "no-store" in jawab["Cache-Control"]


def test_setiap_anggota_boleh_bertanya_dengan_niknya_sendiri(client, penerima):
    for satu in Individu.objects.filter(keluarga=penerima.usulan.keluarga, aktif=True).exclude(nik=None):
        assert "Menerima" in teks(dengan_nik(client, satu))


def test_lewat_nama_dan_desa(client, penerima):
    isi = teks(dengan_nama(client, penerima.kepala))
    assert "Menerima" in isi and "cek lagi dengan NIK" in isi and mask_name(penerima.kepala.nama) in isi
    assert "Menerima" in teks(dengan_nama(client, penerima.kepala, nama=f"H. {penerima.kepala.nama.lower()}"))
    assert "Tidak ada catatan" in teks(dengan_nama(client, penerima.kepala, wilayah="32.05.01.1002"))


def test_dua_orang_senama_tidak_ditebak(client, penerima):
    lain = sampai("draf", nomor=5)
    Individu.objects.filter(keluarga=lain.usulan.keluarga, hubungan="1").update(
        nama=penerima.kepala.nama, kunci_nama=penerima.kepala.kunci_nama
    )
    isi = teks(dengan_nama(client, penerima.kepala))
    assert "Belum bisa dibedakan" in isi and "memakai NIK" in isi and "Menerima" not in isi
    assert "Menerima" in teks(dengan_nik(client, penerima.kepala))


def test_tanggal_lahir_boleh_ditulis_bebas(client, penerima):
    for tulis in ("%d/%m/%Y", "%d-%m-%Y", "%d %m %Y", "%d%m%Y", "%Y-%m-%d", " %d . %m . %Y "):
        lahir = penerima.kepala.tgl_lahir.strftime(tulis)
        assert "Menerima" in teks(dengan_nik(client, penerima.kepala, tgl_lahir=lahir)), lahir


def samakan(jawab) -> bytes:
    """Without what the asker typed himself and the words of the answer: the frame."""
    isi = jawab.content.decode()
    return re.sub(r"<dd>.*?</dd>|<section.*?</section>|\s+", "", isi, flags=re.S).encode()


def test_ditemukan_tidak_ditemukan_dan_salah_tanggal_berbentuk_sama(client, penerima):
    k = penerima.kepala
    ada = dengan_nik(client, k)
    salah = dengan_nik(client, k, tgl_lahir=f"{k.tgl_lahir + timedelta(days=1):%d/%m/%Y}")
    bukan = dengan_nik(client, k, nik="3205010101550099")
    assert "Menerima" in teks(ada)
    assert "Tidak ada catatan" in teks(salah) and "Tidak ada catatan" in teks(bukan)
    assert {j.status_code for j in (ada, salah, bukan)} == {200}
    assert {len(j.content) for j in (ada, salah, bukan)} == {UKURAN}
    assert samakan(ada) == samakan(salah) == samakan(bukan)
    kepala = [{n: v for n, v in j.headers.items() if n != "X-Request-Id"} for j in (ada, salah, bukan)]
    assert kepala[0] == kepala[1] == kepala[2] and "Content-Encoding" not in kepala[0]


def test_ditemukan_dan_tidak_ditemukan_bertanya_sama_banyak_kepada_basis_data(client, penerima):
    """What can be proved without a clock; the clock itself is asked by ./test --load (test_waktu_jawab_sama_seribu_kali)."""
    k = penerima.kepala
    dengan_nik(client, k)  # what the first request reads once
    perintah = []
    for beda in (
        {},
        {"nik": "3205010101550099"},
        {"tgl_lahir": f"{k.tgl_lahir + timedelta(days=1):%d/%m/%Y}"},
    ):
        with CaptureQueriesContext(connection) as lihat:
            dengan_nik(client, k, **beda)
        perintah.append([re.sub(r"'[^']*'|\d+", "?", q["sql"]) for q in lihat.captured_queries])
    assert perintah[0] == perintah[1] == perintah[2] and perintah[0]


def test_jawaban_tidak_dimampatkan_sehingga_panjangnya_tidak_bercerita(client, penerima):
    bukti = jawab_tantangan(client, "/cek/")
    isi = {
        "pintu": "nik",
        "nik": penerima.kepala.nik.open(),
        "tgl_lahir": f"{penerima.kepala.tgl_lahir:%d/%m/%Y}",
    }
    jawab = client.post("/cek/", bukti | isi, HTTP_ACCEPT_ENCODING="gzip", REMOTE_ADDR=IP)
    assert len(jawab.content) == UKURAN and "Content-Encoding" not in jawab.headers


def test_ditekan_dua_kali_dijawab_dua_kali(client, penerima):
    isi = {
        "pintu": "nik",
        "nik": penerima.kepala.nik.open(),
        "tgl_lahir": f"{penerima.kepala.tgl_lahir:%d/%m/%Y}",
    }
    isi |= jawab_tantangan(client, "/cek/")
    for _ in range(2):
        assert "Menerima" in teks(client.post("/cek/", isi, REMOTE_ADDR=IP))


def test_satu_orang_hanya_beberapa_kali_sehari(client, penerima):
    batas = Ketentuan.objects.get(kunci="cek.batas").nilai["orang"]["kali"]
    jawab = [dengan_nik(client, penerima.kepala, ip=f"10.5.{i}.1") for i in range(batas + 1)]
    assert all("Menerima" in teks(j) for j in jawab[:-1])
    assert "Belum bisa dijawab hari ini" in teks(jawab[-1]) and len(jawab[-1].content) == UKURAN
    asing = [
        tanya(client, nik="3205010101550077", tgl_lahir="01/01/1955", ip=f"10.6.{i}.1")
        for i in range(batas + 1)
    ]
    assert "Tidak ada catatan" in teks(asing[0]) and "Belum bisa dijawab hari ini" in teks(asing[-1])


def test_batas_jaringan_berkata_ramah_dan_isian_tetap_ada(client, penerima):
    atur("cek.batas", jaringan={"menit": 60, "kali": 1})
    dengan_nik(client, penerima.kepala)
    jawab = dengan_nik(client, penerima.kepala)
    assert jawab.status_code == 429 and jawab["Retry-After"] == "3600"
    assert "Tunggu 60 menit" in teks(jawab) and penerima.kepala.nik.open() in teks(jawab)
    assert dengan_nik(client, penerima.kepala, ip="10.9.9.9").status_code == 200


def atur(kunci, **ubah):
    satu = Ketentuan.objects.get(kunci=kunci)
    satu.nilai |= ubah
    satu.save()


def test_saat_ada_yang_menebak_nama_ikut_ditanya_dan_warga_tetap_dilayani(client, penerima):
    atur("cek.hati_hati", jaringan=3)
    for i in range(3):
        tanya(client, nik=f"32050101015500{i:02}", tgl_lahir="01/01/1955")
    k = penerima.kepala
    jawab = dengan_nik(client, k)
    assert jawab.status_code == 422 and 'id="nik_nama"' in teks(jawab) and "Menerima" not in teks(jawab)
    asing = tanya(client, nik="3205010101550088", tgl_lahir="01/01/1955")
    assert (
        asing.status_code == 422 and samakan(asing)[:300] == samakan(jawab)[:300]
    )  # nobody learns who is known
    assert "Menerima" in teks(dengan_nik(client, k, nama=k.nama))
    assert "Tidak ada catatan" in teks(dengan_nik(client, k, nama="Orang Lain"))
    assert "Menerima" in teks(dengan_nik(client, k, ip="10.9.9.8"))  # other networks do not feel it


def test_bila_seluruh_jaringan_menebak_semua_ditanya_nama(client, penerima):
    atur("cek.hati_hati", semua=3)
    for i in range(3):
        tanya(client, nik=f"32050101015500{i:02}", tgl_lahir="01/01/1955", ip=f"10.7.{i}.1")
    k = penerima.kepala
    assert dengan_nik(client, k, ip="10.9.9.7").status_code == 422
    assert "Menerima" in teks(dengan_nik(client, k, ip="10.9.9.7", nama=k.nama))


def test_setelah_banyak_lewat_nama_tanggal_lahir_ikut_ditanya(client, penerima):
    atur("cek.hati_hati", nama_jaringan=1)
    k = penerima.kepala
    assert "Menerima" in teks(dengan_nama(client, k))
    jawab = dengan_nama(client, k)
    assert jawab.status_code == 422 and 'id="nama_tgl_lahir"' in teks(jawab)
    assert "Menerima" in teks(dengan_nama(client, k, tgl_lahir=f"{k.tgl_lahir:%d/%m/%Y}"))
    assert "Tidak ada catatan" in teks(dengan_nama(client, k, tgl_lahir="01/01/1955"))


def test_tanpa_bukti_tidak_ada_pertanyaan_yang_sampai(client, penerima):
    k = penerima.kepala
    isi = {"pintu": "nik", "nik": k.nik.open(), "tgl_lahir": f"{k.tgl_lahir:%d/%m/%Y}"}
    jawab = client.post("/cek/", isi, REMOTE_ADDR=IP)
    assert jawab.status_code == 422 and "Menerima" not in teks(jawab)
    bukti = jawab_tantangan(client, "/cek/")
    assert client.post("/cek/", isi | bukti, REMOTE_ADDR=IP).status_code == 200
    lain = client.post("/cek/", isi | bukti | {"nik": "3205010101550066"}, REMOTE_ADDR=IP)
    assert lain.status_code == 422 and "sudah pernah dipakai" in teks(lain)


def test_setiap_keadaan_punya_kalimat():
    assert set(kata.KALIMAT) == set(CekBansos.Keadaan.values)
