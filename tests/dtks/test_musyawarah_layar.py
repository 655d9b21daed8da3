"""The meeting of a kelurahan at its screens: operator, lurah, and those who have no business there."""

import re
import uuid
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dtks.actions import musyawarah as aksi
from dtks.models import Musyawarah, Usulan
from tests.bantu.alur import PDF
from tests.bantu.pemain import DESA, DESA2

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_faktor_kedua(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


WAJIB = ["RT_RW", "KPM", "BABINSA", "KADES_LURAH", "OPERATOR"]


def formset(baris, awalan="peserta"):
    data = {f"{awalan}-TOTAL_FORMS": len(baris), f"{awalan}-INITIAL_FORMS": len(baris)}
    for i, satu in enumerate(baris):
        data |= {f"{awalan}-{i}-{k}": v for k, v in satu.items()}
    return data


def isian_jadwal(**ubah):
    data = {
        "kunci_kirim": str(uuid.uuid4()), "wilayah": DESA, "jenis": "", "waktu": f"{timezone.localtime():%Y-%m-%dT%H:%M}",
        "tempat": "Aula kelurahan", "pimpinan": "Asep Hidayat", "notulis": "Siti Rohmah", "agenda": "Usulan baru",
        **formset([{"nama": f"Wakil {u}", "unsur": u, "jabatan": ""} for u in WAJIB] + [{"nama": "", "unsur": "", "jabatan": ""}]),
    }  # fmt: skip
    return data | ubah


def alamat(nama, rapat, *lagi):
    return reverse(f"musyawarah_{nama}", args=[rapat.pk, *lagi])


@pytest.fixture
def jadwal(masuk):
    """The operator has scheduled a meeting on the screen."""
    klien = masuk("operator")
    jawab = klien.post(reverse("musyawarah_baru"), isian_jadwal())
    assert jawab.status_code == 302, jawab.content.decode()
    return klien, Musyawarah.objects.get()


@pytest.fixture
def berisi(jadwal, sampai):
    """Two proposals are on its agenda and the required unsur are present."""
    klien, rapat = jadwal
    usulan = [sampai("diajukan", nomor=n).usulan for n in (0, 1)]
    klien.post(alamat("agenda", rapat), {"usulan": [str(u.pk) for u in usulan]})
    klien.post(alamat("hadir", rapat), {"hadir": [str(p.pk) for p in rapat.peserta.all()]})
    assert rapat.putusan.count() == 2
    return klien, rapat


def putuskan(klien, rapat, *putusan, aksi="simpan", alasan="sudah mampu"):
    data = {"aksi": aksi}
    rows = rapat.putusan.order_by("usulan__keluarga__nama_kepala", "id")
    for row, nilai in zip(rows, putusan, strict=False):
        data |= {
            f"{row.pk}-putusan": nilai,
            f"{row.pk}-alasan": "" if nilai in ("", "disepakati") else alasan,
            f"{row.pk}-keberatan": "",
        }
    return klien.post(alamat("putusan", rapat), data)


def tutup(klien, rapat):
    rapat.refresh_from_db()
    return klien.post(alamat("tutup", rapat), {"versi": rapat.versi})


def unggah(klien, rapat, isi=PDF):
    rapat.refresh_from_db()
    berkas = SimpleUploadedFile("ba.pdf", isi, content_type="application/pdf")
    return klien.post(alamat("unggah", rapat), {"pindaian": berkas, "versi": rapat.versi})


def setujui(klien, rapat):
    rapat.refresh_from_db()
    return klien.post(alamat("persetujuan", rapat), {"versi": rapat.versi})


def test_jenis_mengikuti_kode_wilayah_dan_peserta_kosong_tidak_disimpan(jadwal):
    _, rapat = jadwal
    assert rapat.jenis == "MUSKEL"
    assert sorted(rapat.peserta.values_list("unsur", flat=True)) == sorted(WAJIB)


def test_musyawarah_desa_untuk_kelurahan_ditolak_dan_ketikan_tetap_ada(masuk):
    jawab = masuk("operator").post(
        reverse("musyawarah_baru"), isian_jadwal(jenis="MUSDES", tempat="Balai Ujung Aspal", waktu="besok")
    )
    isi = jawab.content.decode()
    assert jawab.status_code == 422
    assert "adalah kelurahan" in isi
    assert "Balai Ujung Aspal" in isi and "Wakil BABINSA" in isi and 'value="besok"' in isi
    assert not Musyawarah.objects.exists()


def test_kirim_dua_kali_satu_musyawarah(masuk):
    klien, data = masuk("operator"), isian_jadwal()
    pertama = klien.post(reverse("musyawarah_baru"), data)
    kedua = klien.post(reverse("musyawarah_baru"), data)
    assert pertama.url == kedua.url
    assert Musyawarah.objects.count() == 1


def test_peserta_terakhir_ditawarkan_lagi(jadwal):
    klien, _ = jadwal
    isi = klien.get(reverse("musyawarah_baru")).content.decode()
    assert isi.count('value="Wakil ') == len(WAJIB)


def test_operator_tidak_bisa_menjadwalkan_untuk_desa_lain(masuk):
    jawab = masuk("operator").post(reverse("musyawarah_baru"), isian_jadwal(wilayah=DESA2))
    assert jawab.status_code == 422
    assert not Musyawarah.objects.exists()


@pytest.mark.parametrize("username", ["operator2", "operator.lain", "verifikator.lain", "tksk", "rtrw"])
def test_desa_lain_sama_dengan_tidak_ada(jadwal, masuk, username):
    _, rapat = jadwal
    klien = masuk(username)
    for nama in ("lihat", "acara", "agenda", "hadir", "putusan", "tutup", "persetujuan"):
        ada = klien.get(alamat(nama, rapat))
        tidak_ada = klien.get(reverse(f"musyawarah_{nama}", args=[uuid.uuid4()]))
        assert ada.status_code == tidak_ada.status_code == 404
        bersih = [
            re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", j.content) for j in (ada, tidak_ada)
        ]
        assert bersih[0] == bersih[1]
    assert klien.post(alamat("hadir", rapat), {}).status_code == 404


def test_tanpa_kuorum_tidak_bisa_ditutup(berisi):
    klien, rapat = berisi
    babinsa = rapat.peserta.get(unsur="BABINSA")
    hadir = [str(p.pk) for p in rapat.peserta.exclude(pk=babinsa.pk)]
    klien.post(alamat("hadir", rapat), {"hadir": hadir})
    assert "belum ada wakil Babinsa" in klien.get(alamat("hadir", rapat)).content.decode()
    putuskan(klien, rapat, "disepakati", "disepakati")
    jawab = tutup(klien, rapat)
    assert jawab.status_code == 422
    assert "Kuorum belum tercapai" in jawab.content.decode()
    rapat.refresh_from_db()
    assert rapat.status == "dijadwalkan"


def test_kuorum_langsung_berubah_saat_dicentang(berisi):
    klien, rapat = berisi
    jawab = klien.post(alamat("hadir", rapat), {"hadir": []}, headers={"HX-Request": "true"})
    assert "<html" not in jawab.content.decode()
    assert "hadir 0 orang, paling sedikit 5" in jawab.content.decode()


def test_putusan_selain_sepakat_perlu_alasan_dan_ketikan_tetap_ada(berisi):
    klien, rapat = berisi
    row = rapat.putusan.first()
    data = {
        f"{row.pk}-putusan": "ditolak",
        f"{row.pk}-alasan": "",
        f"{row.pk}-keberatan": "Pak RT tidak setuju",
    }
    jawab = klien.post(alamat("putusan", rapat), data)
    isi = jawab.content.decode()
    assert jawab.status_code == 422
    assert "perlu alasan" in isi and "Pak RT tidak setuju" in isi
    assert re.search(r'value="ditolak"[^>]*checked', isi)
    row.refresh_from_db()
    assert row.putusan == ""


def test_sisanya_disepakati_semua(berisi):
    klien, rapat = berisi
    assert putuskan(klien, rapat, "ditunda", "", aksi="semua", alasan="menunggu KK baru").status_code == 302
    assert sorted(rapat.putusan.values_list("putusan", flat=True)) == ["disepakati", "ditunda"]


def test_belum_semua_diputus_tidak_bisa_ditutup(berisi):
    klien, rapat = berisi
    putuskan(klien, rapat, "disepakati", "")
    assert "1 usulan belum diputus" in tutup(klien, rapat).content.decode()


def test_sampai_putusan_diterapkan(berisi, masuk):
    klien, rapat = berisi
    putuskan(klien, rapat, "disepakati", "ditolak")
    assert tutup(klien, rapat).status_code == 302
    rapat.refresh_from_db()
    assert rapat.status == "terlaksana" and DESA in rapat.nomor
    for jenis, awal in (
        ("berita-acara", "BA_PENGUSULAN"),
        ("daftar-hadir", "DAFTAR_HADIR"),
        ("bnba", "BNBA_USULAN"),
    ):
        jawab = klien.get(alamat("unduh", rapat, jenis))
        assert jawab.content.startswith(b"%PDF-")
        assert re.search(
            rf'filename="{awal} - GARUT KOTA - [A-Z ]+ - \d{{4}} - [A-Z]+\.pdf"', jawab["Content-Disposition"]
        )
    assert unggah(klien, rapat).status_code == 302
    lurah = masuk("lurah")
    assert klien.post(alamat("persetujuan", rapat), {"versi": 2}).status_code == 403
    assert "Setujui berita acara" in lurah.get(alamat("persetujuan", rapat)).content.decode()
    assert setujui(lurah, rapat).status_code == 302
    assert klien.post(alamat("terapkan", rapat)).status_code == 302
    assert "1 disepakati, 1 ditolak, 0 ditunda" in klien.get(alamat("lihat", rapat)).content.decode()
    assert sorted(Usulan.objects.values_list("status", flat=True)) == ["disepakati", "ditolak"]
    klien.post(alamat("terapkan", rapat))
    assert sorted(Usulan.objects.values_list("status", flat=True)) == ["disepakati", "ditolak"]


def test_tanpa_pindaian_tidak_ditandatangani(berisi):
    klien, rapat = berisi
    putuskan(klien, rapat, "disepakati", "disepakati")
    tutup(klien, rapat)
    rapat.refresh_from_db()
    jawab = klien.post(alamat("unggah", rapat), {"versi": rapat.versi})
    assert jawab.status_code == 422 and "Pilih berkas hasil pindai" in jawab.content.decode()
    bukan = unggah(klien, rapat, b"MZ bukan pdf")
    assert bukan.status_code == 422
    rapat.refresh_from_db()
    assert rapat.status == "terlaksana" and rapat.pindaian_id is None


def test_pengunggah_tidak_menyetujui_sendiri_juga_dengan_akun_lain(berisi, masuk, cast):
    klien, rapat = berisi
    putuskan(klien, rapat, "disepakati", "disepakati")
    tutup(klien, rapat)
    unggah(klien, rapat)
    lurah = cast("lurah")
    lurah.orang = cast("operator").orang
    lurah.save()
    jawab = setujui(masuk("lurah"), rapat)
    assert jawab.status_code == 403
    assert "Persetujuan harus dari orang lain" in jawab.content.decode()


def test_lurah_mengembalikan_dengan_alasan(berisi, masuk):
    klien, rapat = berisi
    putuskan(klien, rapat, "disepakati", "disepakati")
    tutup(klien, rapat)
    unggah(klien, rapat)
    rapat.refresh_from_db()
    lurah = masuk("lurah")
    tanpa = lurah.post(alamat("kembalikan", rapat), {"versi": rapat.versi, "catatan": "Halaman 2 buram"})
    assert tanpa.status_code == 422 and "Halaman 2 buram" in tanpa.content.decode()
    data = {"versi": rapat.versi, "alasan": "BA_KURANG", "catatan": "Halaman 2 buram"}
    assert lurah.post(alamat("kembalikan", rapat), data).status_code == 302
    assert "Halaman 2 buram" in klien.get(alamat("lihat", rapat)).content.decode()
    assert unggah(klien, rapat).status_code == 302


def test_halaman_lama_ditolak(berisi):
    klien, rapat = berisi
    putuskan(klien, rapat, "disepakati", "disepakati")
    jawab = klien.post(alamat("tutup", rapat), {"versi": rapat.versi + 5})
    assert jawab.status_code == 409


def test_sesudah_ditutup_isi_beku_juga_lewat_sql(berisi):
    klien, rapat = berisi
    putuskan(klien, rapat, "disepakati", "disepakati")
    tutup(klien, rapat)
    assert klien.post(alamat("hadir", rapat), {"hadir": []}).status_code == 403
    assert putuskan(klien, rapat, "ditolak", "ditolak").status_code == 403
    assert rapat.peserta.filter(hadir=True).count() == len(WAJIB)
    for sql in (
        "update dtks_putusanmusyawarah set putusan = 'disepakati'",
        "delete from dtks_putusanmusyawarah",
        "update dtks_pesertamusyawarah set hadir = false",
        "insert into dtks_pesertamusyawarah select gen_random_uuid(), 'X', 'TOKOH', '', true, id from dtks_musyawarah",
    ):
        with (
            pytest.raises(DatabaseError, match="sudah ditutup"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


def test_keluarkan_dari_agenda_lalu_batalkan(berisi):
    klien, rapat = berisi
    ditolak = klien.post(alamat("batalkan", rapat), {"versi": rapat.versi, "alasan": "TANGGAL_SALAH"})
    assert ditolak.status_code == 422 and "Masih ada 2 usulan" in ditolak.content.decode()
    for row in rapat.putusan.all():
        jawab = klien.post(alamat("keluarkan", rapat, row.pk), {"alasan": "DATA_KURANG", "catatan": ""})
        assert jawab.status_code == 302
    assert set(Usulan.objects.values_list("status", flat=True)) == {"diajukan"}
    klien.post(alamat("batalkan", rapat), {"versi": rapat.versi, "alasan": "TANGGAL_SALAH"})
    rapat.refresh_from_db()
    assert rapat.status == "dibatalkan"


def test_keluarga_operator_sendiri_ditandai_dan_tidak_bisa_dibawa(jadwal, sampai, cast):
    klien, rapat = jadwal
    usulan = sampai("diajukan").usulan
    anggota = usulan.keluarga.anggota.first()
    orang = cast("operator").orang
    orang.nik = anggota.nik.open()
    orang.save()
    assert "Ini keluarga Anda sendiri" in klien.get(alamat("agenda", rapat)).content.decode()
    klien.post(alamat("agenda", rapat), {"usulan": [str(usulan.pk)]})
    assert not rapat.putusan.exists()


def test_verifikator_membaca_tetapi_tidak_mengubah(berisi, masuk):
    _, rapat = berisi
    dinas = masuk("verifikator")
    isi = dinas.get(alamat("hadir", rapat)).content.decode()
    assert "Wakil BABINSA" in isi and "Simpan kehadiran" not in isi
    assert dinas.post(alamat("hadir", rapat), {"hadir": []}).status_code == 403


def test_keluarga_operator_sendiri_dilewati_yang_lain_tetap_diterapkan(berisi, masuk, cast):
    klien, rapat = berisi
    putuskan(klien, rapat, "disepakati", "disepakati")
    tutup(klien, rapat)
    unggah(klien, rapat)
    setujui(masuk("lurah"), rapat)
    orang = cast("operator").orang
    orang.nik = rapat.putusan.first().usulan.keluarga.anggota.first().nik.open()
    orang.save()
    jawab = klien.post(alamat("terapkan", rapat), follow=True)
    assert "1 usulan dilewati" in jawab.content.decode()
    assert f"Keluarga {rapat.putusan.first().usulan.keluarga.nama_kepala}: " in jawab.content.decode()
    assert sorted(Usulan.objects.values_list("status", flat=True)) == ["dimusyawarahkan", "disepakati"]


def test_lurah_tidak_menerapkan_putusan(berisi, masuk):
    klien, rapat = berisi
    putuskan(klien, rapat, "disepakati", "disepakati")
    tutup(klien, rapat)
    unggah(klien, rapat)
    setujui(masuk("lurah"), rapat)
    assert masuk("lurah").post(alamat("terapkan", rapat)).status_code == 403
    assert set(Usulan.objects.values_list("status", flat=True)) == {"dimusyawarahkan"}


def hitung_query(klien, url):
    klien.get(url)  # warm
    with CaptureQueriesContext(connection) as tangkapan:
        assert klien.get(url).status_code == 200
    return len(tangkapan)


def test_jumlah_query_tidak_ikut_bertambah(berisi, sampai):
    klien, rapat = berisi
    sampai("diajukan", nomor=2)
    layar = [alamat(n, rapat) for n in ("lihat", "agenda", "hadir", "putusan")]
    awal = [hitung_query(klien, url) for url in layar]
    lagi = [sampai("diajukan", nomor=n).usulan for n in (3, 4, 5)]
    klien.post(alamat("agenda", rapat), {"usulan": [str(u.pk) for u in lagi]})
    for n in (6, 7):
        sampai("diajukan", nomor=n)
    assert rapat.putusan.count() == 5
    assert [hitung_query(klien, url) for url in layar] == awal


def test_jumlah_query_daftar_tetap(jadwal, sampai):
    klien, _ = jadwal
    awal = hitung_query(klien, reverse("musyawarah_daftar"))
    for _ in range(3):
        klien.post(reverse("musyawarah_baru"), isian_jadwal())
    assert hitung_query(klien, reverse("musyawarah_daftar")) == awal


def test_tempat_di_agenda_hanya_untuk_usulan_desa_sendiri(jadwal, sampai):
    klien, rapat = jadwal
    lain = sampai("diajukan", desa=DESA2, pengusul="operator2", operator="operator2").usulan
    jawab = klien.post(alamat("agenda", rapat), {"usulan": [str(lain.pk)]})
    assert jawab.status_code == 422
    assert not rapat.putusan.exists()


def test_periode_ikut_pindah_bersama_tanggalnya(cast, sampai):
    """A meeting moved to next month belongs to next month, on the clock of its own area."""
    rapat = sampai("dimusyawarahkan").musyawarah
    baru = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)  # 1 January 00.30 WIB
    rapat = aksi.ubah(rapat, by=cast("operator"), data={"waktu": baru})
    assert rapat.periode == "2027-01"
