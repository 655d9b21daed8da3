"""Surat pengesahan and SK: what stands on the paper that the Kepala Dinas signs."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bansos.models import Program
from bansos.surat.pengesahan import surat_pengesahan
from bansos.surat.sk import sk
from dtks.models import Usulan
from tests.bantu.alur import orang
from tests.core.test_pdf import halaman, tulisan
from tests.dtks.test_surat import usulan_uji
from wilayah.models import Wilayah

pytestmark = pytest.mark.django_db
HARI = dt.date(2026, 10, 5)


def umum(program: str, nomor: str) -> dict:
    return {
        "nomor": nomor, "tanggal": HARI, "program": Program.objects.get(pk=program), "wilayah": Wilayah.objects.get(pk="32.05"),
        "penandatangan": orang("kadis"), "kode": "ABCDEFGHJKMN",
    }  # fmt: skip


def pengesahan(usulan, **lain):
    return surat_pengesahan(
        **(umum("PKH", "460/001/PENGESAHAN/DINSOS/X/2026") | {"periode": "2026-10", "usulan": usulan} | lain)
    )


def keputusan(baris, **lain):
    bahan = umum("APBD-RTLH", "460/012/KPTS/DINSOS/X/2026") | {
        "jenis": "SK_BUPATI",
        "periode": "2026-4",
        "baris": baris,
    }
    return sk(**(bahan | lain))


def test_the_surat_pengesahan_names_the_batch_and_each_family():
    isi = tulisan(pengesahan([usulan_uji(1, "Ujang <b> & Iis"), usulan_uji(2, kepala=False)]))
    for kata in (
        "PEMERINTAH KABUPATEN GARUT DINAS SOSIAL", "Nomor: 460/001/PENGESAHAN/DINSOS/X/2026", "Oktober 2026", "5 Oktober 2026",
        "2 (dua) keluarga, tersebar di 1 (satu) desa/kelurahan", "Kepala Dinas Sosial Kabupaten Garut", orang("kadis").nama,
        "Ujang <b> & Iis", "3205••••••••0001", "belum ada NIK", "RT 001/RW 005", "/v/ABCDEFGHJKMN/",
    ):  # fmt: skip
        assert kata in isi, kata
    assert "3205010101800001" not in isi


def test_an_emergency_in_the_batch_is_named_in_the_letter():
    darurat = usulan_uji(1, jalur="KEDARURATAN")
    darurat.gerbang_susulan = ["padan_semua"]
    assert "Untuk 1 (satu) usulan kedaruratan" in tulisan(pengesahan([darurat, usulan_uji(2)]))
    assert "kedaruratan, syarat" not in tulisan(pengesahan([usulan_uji(3)]))


def test_the_sk_follows_the_order_of_a_decree():
    baris = [
        (usulan_uji(1, "Ujang"), "ditetapkan", ""),
        (usulan_uji(2, "Iis"), "daftar_tunggu", "Kuota habis & menunggu <tahap> berikut."),
        (usulan_uji(3, "Cucu"), "tidak_ditetapkan", "Tidak layak menurut asesmen."),
    ]
    isi = tulisan(keputusan(baris))
    urut = [
        "KEPUTUSAN BUPATI GARUT", "Nomor: 460/012/KPTS/DINSOS/X/2026", "TENTANG", "Menimbang :", "a.", "Mengingat :", "1.", "MEMUTUSKAN:",
        "Menetapkan :", "KESATU :", "KEDUA :", "KETIGA :", "Ditetapkan di Kabupaten Garut", "pada tanggal 5 Oktober 2026",
        "a.n. BUPATI GARUT", "KEPALA DINAS SOSIAL,", orang("kadis").nama, "Tembusan:", "Lampiran :", "DAFTAR NAMA", "Ujang", "Iis", "Cucu",
    ]  # fmt: skip
    tempat = -1
    for kata in urut:
        tempat = isi.find(kata, tempat + 1)
        assert tempat >= 0, kata
    for kata in (
        "triwulan IV tahun 2026",
        "Daftar tunggu: Kuota habis & menunggu <tahap> berikut.",
        "3205••••••••0003",
    ):
        assert kata in isi, kata
    assert (
        "3. Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah; 4. Undang-Undang Nomor 1 Tahun 2011;"
        in isi
    )  # the programme's own legal basis joins the general list
    assert isi.count("Nomor 77 Tahun 2020") == 1  # not twice
    assert "KEEMPAT" not in isi
    assert "3205010101800001" not in isi


def test_a_corrected_sk_revokes_its_predecessor_by_number():
    isi = tulisan(keputusan([(usulan_uji(1), "ditetapkan", "")], menggantikan="460/011/KPTS/DINSOS/X/2026"))
    assert (
        "Keputusan Bupati Garut Nomor 460/011/KPTS/DINSOS/X/2026 dicabut dan dinyatakan tidak berlaku." in isi
    )
    assert "KEEMPAT :" in isi
    assert "huruf a, huruf b dan huruf c" in isi


def test_a_ministers_decree_is_noted_and_not_imitated():
    isi = tulisan(
        sk(
            **umum("PKH", "21/HUK/2026"),
            jenis="KEPMENSOS",
            periode="2026-4",
            baris=[(usulan_uji(1), "ditetapkan", "")],
        )
    )
    for kata in (
        "CATATAN PENETAPAN",
        "Keputusan Menteri Sosial Nomor 21/HUK/2026",
        "bukan Keputusan Menteri Sosial",
        "Dicatat oleh,",
    ):
        assert kata in isi, kata
    for kata in ("MEMUTUSKAN", "Menimbang", "a.n.", "KESATU"):
        assert kata not in isi, kata


def test_a_removal_that_is_decided_reads_as_a_removal():
    isi = tulisan(keputusan([(usulan_uji(1, jalur=Usulan.Jalur.PENGHAPUSAN), "ditetapkan", "")]))
    assert "Ditetapkan keluar dari daftar penerima" in isi


def test_the_minister_and_the_mayor_are_called_by_their_office():
    kota = Wilayah(kode="32.73", nama="Kota Bandung", jalur="Kota Bandung, Jawa Barat", tingkat=2)
    isi = tulisan(keputusan([(usulan_uji(1), "ditetapkan", "")], wilayah=kota))
    assert "KEPUTUSAN WALI KOTA BANDUNG" in isi
    assert "a.n. WALI KOTA BANDUNG" in isi


def test_a_long_annex_is_complete_in_order_the_same_bytes_and_one_query():
    ids = [usulan_uji(i).pk for i in range(1, 121)]
    rows = list(
        Usulan.objects.select_related("keluarga", "wilayah")
        .filter(pk__in=ids)
        .order_by("keluarga__nama_kepala")
    )
    bahan = umum("APBD-RTLH", "1/X") | {
        "jenis": "SK_BUPATI",
        "periode": "2026-4",
        "baris": [(u, "ditetapkan", "") for u in rows],
    }
    with CaptureQueriesContext(connection) as tanya:
        pertama = sk(**bahan)
    assert len(tanya) == 1
    assert sk(**bahan) == pertama
    lembar = halaman(pertama)
    kata = " ".join(lembar)
    assert [kata.index(f"Keluarga Uji {i:03d}") for i in range(1, 121)] == sorted(
        kata.index(f"Keluarga Uji {i:03d}") for i in range(1, 121)
    )
    bahan = umum("PKH", "2/X") | {"periode": "2026-10", "usulan": rows}
    with CaptureQueriesContext(connection) as tanya:
        surat = surat_pengesahan(**bahan)
    assert len(tanya) == 1
    assert all(f"Keluarga Uji {i:03d}" in tulisan(surat) for i in (1, 60, 120))
