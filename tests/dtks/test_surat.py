"""Papers of the village: berita acara, daftar hadir, BNBA, SPTJM, read as the people who get them read them."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.privacy.keys import blind_index
from dtks.models import Individu, Keluarga, Musyawarah, PesertaMusyawarah, PutusanMusyawarah, Usulan
from dtks.surat import musyawarah as surat
from dtks.surat.kop import kop_desa, kop_dinas, sebutan_kepala
from dtks.surat.sptjm import sptjm
from tests.bantu.pemain import DESA
from tests.core.test_pdf import halaman, tulisan
from wilayah.models import Wilayah

pytestmark = pytest.mark.django_db
KODE = "ABCDEFGHJKMN"
UNSUR = ("KADES_LURAH", "OPERATOR", "RT_RW", "KPM", "BABINSA", "TOKOH")


def usulan_uji(
    i: int, nama: str = "", *, program: str = "PKH", jalur: str = "REGULER", kepala: bool = True
) -> Usulan:
    keluarga = Keluarga(
        nama_kepala=nama or f"Keluarga Uji {i:03d}",
        wilayah_id=DESA,
        alamat=f"Kp. Contoh {i}",
        rt="001",
        rw="005",
    )
    keluarga.no_kk = f"320501010100{i:04d}"
    keluarga.save()
    if kepala:
        orang = Individu(keluarga=keluarga, nama=keluarga.nama_kepala, tgl_lahir=dt.date(1980, 1, 1), jenis_kelamin="1",
                         hubungan="1", status_kawin="2", ibu_kandung="Ibu Uji")  # fmt: skip
        orang.nik = f"320501010180{i:04d}"
        orang.save()
    usulan = Usulan(keluarga=keluarga, wilayah_id=DESA, program=program, periode="2026-10", jalur=jalur,
                    tiket=f"UJI-{i:06d}", pin_indeks=blind_index("1234", "pin"))  # fmt: skip
    usulan.save()
    return usulan


@pytest.fixture
def rapat(db):
    rapat = Musyawarah.objects.create(
        wilayah_id=DESA, jenis="MUSKEL", nomor="007/BA/X/2026", waktu=dt.datetime(2026, 10, 5, 2, 30, tzinfo=dt.UTC),
        tempat="Aula <Kelurahan>", pimpinan="Asep Hidayat", notulis="Siti Ma’ruf", agenda="Usulan baru & perbaikan", periode="2026-10",
        catatan="Baris satu.\nBaris dua & <i>selesai</i>.",
    )  # fmt: skip
    nama = {"KADES_LURAH": "ASEP  HIDAYAT", "OPERATOR": "Siti Ma’ruf"}
    PesertaMusyawarah.objects.bulk_create(
        [
            PesertaMusyawarah(musyawarah=rapat, nama=nama.get(u, f"Wakil {u}"), unsur=u, hadir=True)
            for u in UNSUR
        ]
        + [PesertaMusyawarah(musyawarah=rapat, nama="Pak Absen", unsur="TOKOH", hadir=False)]
    )
    return rapat


def putuskan(rapat, i, putusan="disepakati", alasan="", keberatan="", **usulan):
    return PutusanMusyawarah.objects.create(
        musyawarah=rapat, usulan=usulan_uji(i, **usulan), putusan=putusan, alasan=alasan, keberatan=keberatan
    )


def test_the_berita_acara_tells_when_where_who_and_what_was_decided(rapat):
    putuskan(rapat, 1, nama="<b>Ujang & Iis</b>")
    putuskan(rapat, 2, "ditolak", "Sudah mampu: punya <mobil>", "Ketua RT tidak setuju.", program="BPNT")
    isi = tulisan(surat.berita_acara(rapat, kode=KODE))
    for kalimat in (
        "BERITA ACARA MUSYAWARAH KELURAHAN", "Nomor: 007/BA/X/2026", "pukul 09.30 WIB", "Aula <Kelurahan>",
        "Pada hari ini Senin tanggal lima bulan Oktober tahun dua ribu dua puluh enam (05-10-2026)",
        "Usulan baru & perbaikan", "<b>Ujang & Iis</b>", "Sudah mampu: punya <mobil>", "Ketua RT tidak setuju.",
        "Program Keluarga Harapan (PKH)", "Sembako (BPNT)", "Ditolak (tidak layak)", "Baris dua & <i>selesai</i>.",
        "Yang hadir 6 (enam) orang.", "telah terpenuhi", f"/v/{KODE}/", "Halaman 1 dari",
    ):  # fmt: skip
        assert kalimat in isi, kalimat


def test_the_berita_acara_counts_per_programme_and_verdict(rapat):
    for i in range(1, 4):
        putuskan(rapat, i)
    putuskan(rapat, 4, "meninggal", "Meninggal bulan lalu", program="BPNT")
    isi = tulisan(surat.berita_acara(rapat, kode=KODE))
    assert "Sembako (BPNT) 0 0 0 1 0 1" in isi
    assert "Program Keluarga Harapan (PKH) 3 0 0 0 0 3" in isi
    assert "Jumlah 3 0 0 1 0 4" in isi


def test_agreeing_to_a_removal_is_counted_apart_from_agreeing_to_aid(rapat):
    putuskan(rapat, 1)
    putuskan(rapat, 2, jalur="PENGHAPUSAN")
    for isi in (tulisan(surat.berita_acara(rapat, kode=KODE)), tulisan(surat.bnba(rapat))):
        assert "Program Keluarga Harapan (PKH) – penghapusan" in isi


def test_who_signs_a_berita_acara(rapat):
    """The lurah chairs and the operator writes: two signatures and one witness of each other element that came."""
    putuskan(rapat, 1)
    isi = tulisan(surat.berita_acara(rapat, kode=KODE))
    assert f"{sebutan_kepala(rapat.wilayah)}," in isi
    assert "selaku pimpinan musyawarah" in isi
    assert "Notulis / Operator SIKS-NG," in isi
    saksi = isi.split("Saksi-saksi")[1]
    assert all(f"Wakil {u}" in saksi for u in ("RT_RW", "KPM", "BABINSA", "TOKOH"))
    assert "Pak Absen" not in isi


def test_a_deputy_in_the_chair_leaves_the_signature_of_the_lurah_beside_it(rapat):
    putuskan(rapat, 1)
    Musyawarah.objects.filter(pk=rapat.pk).update(pimpinan="Ketua BPD", notulis="Orang Lain")
    rapat.refresh_from_db()
    isi = tulisan(surat.berita_acara(rapat, kode=KODE))
    for kata in (
        "Pimpinan musyawarah,",
        "Mengetahui,",
        sebutan_kepala(rapat.wilayah),
        "ASEP HIDAYAT",
        "Operator SIKS-NG,",
        "Siti Ma’ruf",
    ):
        assert kata in isi, kata


def test_a_meeting_below_quorum_says_so_and_names_who_is_missing(rapat):
    PesertaMusyawarah.objects.filter(musyawarah=rapat, unsur="BABINSA").update(hadir=False)
    isi = tulisan(surat.berita_acara(rapat, kode=KODE))
    assert "belum terpenuhi. Unsur yang belum hadir: Babinsa." in isi


def test_no_nik_or_kk_is_readable_on_any_paper_of_the_meeting(rapat):
    satu = putuskan(rapat, 1)
    for isi in (
        surat.berita_acara(rapat, kode=KODE),
        surat.daftar_hadir(rapat, kode=KODE),
        surat.bnba(rapat),
        sptjm(satu.usulan),
    ):
        kata = tulisan(isi)
        assert "3205010101800001" not in kata
        assert "3205010101000001" not in kata
    for isi in (surat.bnba(rapat), sptjm(satu.usulan)):
        assert "3205••••••••0001" in tulisan(isi)


def test_the_daftar_hadir_has_a_line_to_sign_for_who_came_and_names_who_did_not(rapat):
    isi = tulisan(surat.daftar_hadir(rapat, kode=KODE))
    tabel, absen = isi.split("Diundang tetapi tidak hadir")
    assert all(f"Wakil {u}" in tabel for u in UNSUR[2:])
    assert "Pak Absen" not in tabel
    assert "Pak Absen (Tokoh masyarakat)" in absen
    assert "Jumlah hadir 6 (enam) orang dari 7 (tujuh) orang yang diundang." in tabel


def test_the_bnba_holds_the_agreed_names_only(rapat):
    putuskan(rapat, 1, nama="Disepakati Satu")
    putuskan(rapat, 2, "ditunda", "Data kurang", nama="Ditunda Dua")
    putuskan(rapat, 3, nama="Tanpa Nik", kepala=False)
    isi = tulisan(surat.bnba(rapat))
    assert "Disepakati Satu" in isi
    assert "Kp. Contoh 1 001/005" in isi
    assert "Ditunda Dua" not in isi
    assert "belum ada NIK" in isi
    assert "2 (dua) keluarga" in isi


def test_a_long_agenda_is_complete_and_needs_no_more_queries(rapat):
    putuskan(rapat, 1)
    with CaptureQueriesContext(
        connection,
    ) as pendek:
        surat.berita_acara(rapat, kode=KODE), surat.bnba(rapat)
    for i in range(2, 121):
        putuskan(rapat, i)
    with CaptureQueriesContext(connection) as panjang:
        acara, daftar = surat.berita_acara(rapat, kode=KODE), surat.bnba(rapat)
    assert len(panjang) <= len(pendek)
    for isi in (acara, daftar):
        lembar = halaman(isi)
        assert len(lembar) > 3
        kata = " ".join(lembar)
        assert all(f"Keluarga Uji {i:03d}" in kata for i in range(1, 121))
        assert f"Halaman {len(lembar)} dari {len(lembar)}" in lembar[-1]


def test_the_same_meeting_prints_the_same_bytes_and_writes_nothing(rapat):
    putuskan(rapat, 1)
    with CaptureQueriesContext(connection) as tanya:
        pertama = [
            surat.berita_acara(rapat, kode=KODE),
            surat.daftar_hadir(rapat, kode=KODE),
            surat.bnba(rapat),
        ]
    assert all(q["sql"].lstrip().upper().startswith("SELECT") for q in tanya)
    lagi = Musyawarah.objects.get(pk=rapat.pk)
    assert [
        surat.berita_acara(lagi, kode=KODE),
        surat.daftar_hadir(lagi, kode=KODE),
        surat.bnba(lagi),
    ] == pertama


def test_the_sptjm_is_one_sheet_for_that_family_and_has_no_code(db):
    isi = halaman(sptjm(usulan_uji(9, "Cucu <Suryani>")))
    assert len(isi) == 1
    for kata in (
        "Cucu <Suryani>",
        "UJI-000009",
        "RT 001/RW 005",
        "Program Keluarga Harapan",
        "Oktober 2026",
        "( ....",
        "meterai",
    ):
        assert kata in isi[0], kata
    assert "/v/" not in isi[0]


def area(jalur: str, kode: str) -> Wilayah:
    return Wilayah(kode=kode, nama=jalur.split(", ", maxsplit=1)[0].split(" ", 1)[1], jalur=jalur, tingkat=4)


@pytest.mark.parametrize(
    ("jalur", "desa", "dinas", "kepala"),
    [
        ("Desa Sukamaju, Kecamatan Cilawu, Kabupaten Garut, Jawa Barat",
         ["Pemerintah Kabupaten Garut", "Kecamatan Cilawu", "Desa Sukamaju"], ["Pemerintah Kabupaten Garut", "Dinas Sosial"],
         "Kepala Desa Sukamaju"),
        ("Kelurahan Gambir, Kecamatan Gambir, Kota Administrasi Jakarta Pusat, Daerah Khusus Ibukota Jakarta",
         ["Pemerintah Provinsi Daerah Khusus Ibukota Jakarta", "Kecamatan Gambir", "Kelurahan Gambir"],
         ["Pemerintah Provinsi Daerah Khusus Ibukota Jakarta", "Kota Administrasi Jakarta Pusat", "Dinas Sosial"], "Lurah Gambir"),
    ],
)  # fmt: skip
def test_the_letterhead_follows_the_area(jalur, desa, dinas, kepala):
    wilayah = area(jalur, "32.05.01.2001")
    assert (kop_desa(wilayah), kop_dinas(wilayah), sebutan_kepala(wilayah)) == (desa, dinas, kepala)
