"""Approved minutes that turn out wrong: second minutes correct them, the first stay as they are."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dtks.actions import musyawarah as aksi
from dtks.actions import usulan as langkah
from dtks.models import Musyawarah, Usulan
from tests.bantu.alur import orang
from tests.dtks.test_musyawarah_layar import alamat, isian_jadwal, setujui, tutup, unggah
from tests.dtks.test_musyawarah_rapat import hadirkan, pilih, sampai_diterapkan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_faktor_kedua(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


@pytest.fixture
def sah(masuk, sampai):
    """Approved minutes: the first name agreed, the second rejected, the third postponed; all carried out."""
    usulan = [sampai("diajukan", nomor=n).usulan for n in (0, 1, 2)]
    klien, lurah = masuk("operator"), masuk("lurah")
    klien.post(reverse("musyawarah_baru"), isian_jadwal() | {"usulan": [str(u.pk) for u in usulan]})
    rapat = Musyawarah.objects.get()
    sampai_diterapkan(klien, lurah, rapat, "disepakati", "ditolak", "ditunda")
    rapat.refresh_from_db()
    return klien, lurah, rapat


def usulan_dengan(rapat, putusan) -> Usulan:
    return rapat.putusan.get(putusan=putusan).usulan


def isian(**ubah):
    kini = timezone.localtime()
    waktu = min(
        kini + timedelta(minutes=5), kini.replace(hour=23, minute=59)
    )  # still today: it is closed today
    return {
        "alasan_perbaikan": "Salah catat notulis", "waktu": f"{waktu:%Y-%m-%dT%H:%M}",
        "tempat": "Kantor kelurahan", "pimpinan": "Asep Hidayat", "notulis": "Siti Rohmah",
    } | ubah  # fmt: skip


def mulai(klien, rapat) -> Musyawarah:
    jawab = klien.post(alamat("perbaiki", rapat), isian())
    assert jawab.status_code == 302, jawab.content.decode()
    return Musyawarah.objects.get(perbaikan_dari=rapat, status="dijadwalkan")


def perbaiki(klien, rapat, isi: dict[Usulan, str]) -> Musyawarah:
    """The correction with these verdicts, everybody present, not closed yet."""
    koreksi = mulai(klien, rapat)
    klien.post(alamat("agenda", koreksi), {"usulan": [str(u.pk) for u in isi]})
    for usulan, putusan in isi.items():
        kode = {"ditolak": "MAMPU", "ditunda": "TUNGGU_DOKUMEN"}.get(putusan, "")
        pilih(klien, koreksi.putusan.get(usulan=usulan), putusan, alasan_kode=kode)
    hadirkan(klien, koreksi)
    return koreksi


def sahkan(klien, lurah, koreksi):
    assert tutup(klien, koreksi).status_code == 302
    assert unggah(klien, koreksi).status_code == 302
    assert setujui(lurah, koreksi).status_code == 302
    return klien.post(alamat("terapkan", koreksi), follow=True).content.decode()


def test_putusan_yang_keliru_dibetulkan_dan_yang_pertama_tetap(sah):
    klien, lurah, rapat = sah
    keliru, tolak, tunda = (usulan_dengan(rapat, p) for p in ("disepakati", "ditolak", "ditunda"))
    koreksi = perbaiki(klien, rapat, {keliru: "ditolak", tolak: "disepakati", tunda: "disepakati"})
    assert "Sebagian isinya" not in Client().get(f"/v/{rapat.berita_acara.kode}/").content.decode(), (
        "not approved"
    )
    isi = sahkan(klien, lurah, koreksi)
    assert "2 disepakati, 1 ditolak" in isi
    status = {u.pk: u.status for u in Usulan.objects.all()}
    assert (status[keliru.pk], status[tolak.pk], status[tunda.pk]) == ("ditolak", "disepakati", "disepakati")
    # The history tells each way back as its own step.
    assert [r.langkah for r in tolak.riwayat.order_by("urut")][-2:] == ["pulihkan", "sepakati"]
    assert [r.langkah for r in keliru.riwayat.order_by("urut")][-2:] == ["kembalikan", "tolak"]
    koreksi.refresh_from_db()
    assert koreksi.nomor != rapat.nomor and koreksi.berita_acara.jenis == "BA_PERBAIKAN"
    assert koreksi.berita_acara.ringkas["memperbaiki_nomor"] == rapat.nomor
    assert koreksi.bnba.ringkas == {"jumlah_disepakati": 2}
    umum = Client().get(f"/v/{rapat.berita_acara.kode}/").content.decode()
    assert "Sebagian isinya sudah diperbaiki" in umum and f"/v/{koreksi.berita_acara.kode}/" in umum
    assert "diperbaiki" not in Client().get(f"/v/{koreksi.berita_acara.kode}/").content.decode()
    for u in (keliru, tolak, tunda):
        assert u.keluarga.nama_kepala not in umum
    lama = klien.get(alamat("lihat", rapat)).content.decode()
    for m in (rapat, koreksi):
        isi = klien.get(f"/usulan/bnba/?musyawarah={m.pk}").content.decode()
        assert "Yang disepakati" in isi and re.search(r'data-label="Keluarga" class="angka">2<', isi)
    assert f"/usulan/bnba/?musyawarah={rapat.pk}" in lama
    assert lurah.get(alamat("lihat", rapat)).content.decode().count("?musyawarah=") == 0
    assert "Diperbaiki" in lama and koreksi.nomor in lama
    assert rapat.putusan.get(usulan=keliru).putusan == "disepakati"
    assert klien.get(alamat("unduh", koreksi, "berita-acara")).content.startswith(b"%PDF-")
    assert not klien.post(alamat("terapkan", koreksi), follow=True).content.decode().count("1 disepakati")


def test_nama_yang_tertinggal_menjadi_disepakati(sah, sampai):
    klien, lurah, rapat = sah
    tertinggal = sampai("diajukan", nomor=5).usulan
    koreksi = perbaiki(klien, rapat, {tertinggal: "disepakati"})
    sahkan(klien, lurah, koreksi)
    tertinggal.refresh_from_db()
    assert tertinggal.status == "disepakati"
    koreksi.refresh_from_db()
    assert koreksi.bnba.ringkas == {"jumlah_disepakati": 2}


def test_nama_yang_salah_masuk_daftar_kembali_menunggu(sah):
    klien, lurah, rapat = sah
    salah = usulan_dengan(rapat, "disepakati")
    koreksi = perbaiki(klien, rapat, {salah: "keluar"})
    assert "1 dikeluarkan dari daftar" in sahkan(klien, lurah, koreksi)
    salah.refresh_from_db()
    assert salah.status == "diajukan"
    assert str(salah.pk) in klien.get(reverse("musyawarah_baru")).content.decode()


def test_yang_sudah_di_dinas_harus_dikembalikan_dulu(sah, masuk, sampai):
    p = sampai("diinput", nomor=7)
    klien = masuk("operator")
    koreksi = mulai(klien, p.musyawarah)
    jawab = klien.post(alamat("agenda", koreksi), {"usulan": [str(p.usulan.pk)]}, follow=True)
    assert "Minta Dinas Sosial mengembalikannya ke desa dulu" in jawab.content.decode()
    assert not koreksi.putusan.exists()
    langkah.kembalikan(p.usulan, by=orang("verifikator2"), tujuan="disepakati", alasan="BA_KURANG")
    klien.post(alamat("agenda", koreksi), {"usulan": [str(p.usulan.pk)]})
    assert koreksi.putusan.count() == 1


def test_yang_sedang_diperbaiki_tidak_bisa_dikirim(sampai, masuk):
    p = sampai("disepakati")
    p.lengkapi()
    klien = masuk("operator")
    koreksi = perbaiki(klien, p.musyawarah, {p.usulan: "ditolak"})
    with pytest.raises(langkah.GateClosed, match="SEDANG_DIPERBAIKI"):
        langkah.input(p.usulan, by=orang("operator"))
    tutup(klien, koreksi)
    unggah(klien, koreksi)
    setujui(masuk("lurah"), koreksi)
    with pytest.raises(langkah.GateClosed, match="SEDANG_DIPERBAIKI"):  # approved, not carried out yet
        langkah.input(p.usulan, by=orang("operator"))
    klien.post(alamat("terapkan", koreksi))
    assert p.segar().status == "ditolak"


def test_perbaikan_yang_dibatalkan_melepas_usulan(sampai, masuk):
    p = sampai("disepakati")
    p.lengkapi()
    klien = masuk("operator")
    koreksi = perbaiki(klien, p.musyawarah, {p.usulan: "ditolak"})
    row = koreksi.putusan.get()
    klien.post(alamat("keluarkan", koreksi, row.pk), {"alasan": "DATA_KURANG", "catatan": ""})
    assert p.segar().status == "disepakati"  # leaves the correction without moving
    klien.post(alamat("batalkan", koreksi), {"versi": 0, "alasan": "TANGGAL_SALAH"})
    koreksi.refresh_from_db()
    assert koreksi.status == "dibatalkan"
    langkah.input(p.usulan, by=orang("operator"))
    assert p.segar().status == "diinput"


def test_diperbaiki_sebelum_putusan_pertama_diterapkan(masuk, sampai):
    """A verdict known to be wrong never reaches the line: its name waits for the correction, the others go on."""
    a, b, c = (sampai("diajukan", nomor=n).usulan for n in (0, 1, 2))
    klien, lurah = masuk("operator"), masuk("lurah")
    klien.post(reverse("musyawarah_baru"), isian_jadwal() | {"usulan": [str(u.pk) for u in (a, b, c)]})
    rapat = Musyawarah.objects.get()
    hadirkan(klien, rapat)
    for usulan, putusan in ((a, "disepakati"), (b, "ditolak"), (c, "disepakati")):
        kode = "MAMPU" if putusan == "ditolak" else ""
        pilih(klien, rapat.putusan.get(usulan=usulan), putusan, alasan_kode=kode)
    tutup(klien, rapat)
    unggah(klien, rapat)
    setujui(lurah, rapat)
    rapat.refresh_from_db()
    assert (
        "3 putusan berita acara ini belum diterapkan" in klien.get(alamat("perbaiki", rapat)).content.decode()
    )
    koreksi = perbaiki(klien, rapat, {a: "ditolak", b: "keluar"})
    isi = klien.post(alamat("terapkan", rapat), follow=True).content.decode()
    assert "1 disepakati, 0 ditolak" in isi
    for usulan, status in ((a, "dimusyawarahkan"), (b, "dimusyawarahkan"), (c, "disepakati")):
        usulan.refresh_from_db()
        assert usulan.status == status
    sahkan(klien, lurah, koreksi)
    klien.post(alamat("terapkan", rapat))
    for usulan, status, langkah_ in ((a, "ditolak", {"tolak"}), (b, "diajukan", {"kembalikan"})):
        usulan.refresh_from_db()
        sesudah = usulan.riwayat.filter(langkah__in=("sepakati", "tolak", "kembalikan"))
        assert usulan.status == status and {r.langkah for r in sesudah} == langkah_


def test_penolakan_tidak_dipulihkan_tanpa_berita_acara_perbaikan(sah):
    _, _, rapat = sah
    with pytest.raises(langkah.NotAllowed):
        langkah.pulihkan(usulan_dengan(rapat, "ditolak"), by=orang("operator"))


def test_penolakan_dinas_bukan_urusan_berita_acara(sampai, masuk):
    p = sampai("diinput")
    langkah.tolak(p.usulan, by=orang("verifikator2"), alasan="MAMPU")
    koreksi = mulai(masuk("operator"), p.musyawarah)
    _, ditolak = aksi.bawa(koreksi, by=orang("operator"), usulan=[p.segar()])
    assert ditolak[0][1].kode == "DIPUTUS_DINAS"


def test_yang_sudah_dibahas_lagi_tidak_diperbaiki_lewat_yang_lama(sah):
    klien, _, rapat = sah
    tertunda = usulan_dengan(rapat, "ditunda")
    klien.post(reverse("musyawarah_baru"), isian_jadwal() | {"usulan": [str(tertunda.pk)]})
    koreksi = mulai(klien, rapat)
    _, ditolak = aksi.bawa(koreksi, by=orang("operator"), usulan=[tertunda])
    assert ditolak[0][1].kode == "DIBAHAS_LAGI"


def test_perbaikan_yang_tidak_mengubah_apa_apa_tidak_ditutup(sah):
    klien, _, rapat = sah
    koreksi = perbaiki(klien, rapat, {usulan_dengan(rapat, "disepakati"): "disepakati"})
    jawab = tutup(klien, koreksi)
    assert jawab.status_code == 422 and "putusannya sama dengan yang lama" in jawab.content.decode()


def test_satu_perbaikan_pada_satu_waktu_lalu_yang_kedua(sah):
    klien, lurah, rapat = sah
    pertama = perbaiki(klien, rapat, {usulan_dengan(rapat, "disepakati"): "ditolak"})
    assert klien.post(alamat("perbaiki", rapat), isian()).status_code == 403
    sahkan(klien, lurah, pertama)
    assert klien.get(alamat("perbaiki", pertama)).content.decode().count("dari berita acara pertama") == 1
    kedua = perbaiki(
        klien, rapat, {usulan_dengan(rapat, "disepakati"): "disepakati"}
    )  # back again: now a change
    sahkan(klien, lurah, kedua)
    assert usulan_dengan(rapat, "disepakati").status == "disepakati"


def test_tanpa_kades_atau_operator_perbaikan_tidak_ditutup(sah):
    klien, _, rapat = sah
    koreksi = perbaiki(klien, rapat, {usulan_dengan(rapat, "disepakati"): "ditolak"})
    rt = koreksi.peserta.get(unsur="RT_RW")
    klien.post(alamat("hadir", koreksi), {"hadir": [str(rt.pk)]})
    assert "Kuorum belum tercapai" in tutup(klien, koreksi).content.decode()
    berdua = koreksi.peserta.filter(unsur__in=("KADES_LURAH", "OPERATOR"))
    klien.post(alamat("hadir", koreksi), {"hadir": [str(p.pk) for p in berdua]})
    assert tutup(klien, koreksi).status_code == 302


def test_orang_lain_tidak_memulai_perbaikan(sah, masuk):
    _, _, rapat = sah
    for username, kode in (("operator2", 404), ("rtrw", 404), ("lurah", 403), ("verifikator", 403)):
        assert masuk(username).post(alamat("perbaiki", rapat), isian()).status_code == kode
    assert not rapat.perbaikan.exists()


def test_perbaikan_perlu_alasan_dan_tidak_mundur(sah):
    klien, _, rapat = sah
    for ubah in ({"alasan_perbaikan": ""}, {"waktu": "2000-01-01T09:00"}):
        assert klien.post(alamat("perbaiki", rapat), isian(**ubah)).status_code == 422
    assert not rapat.perbaikan.exists()


def test_tanggal_perbaikan_tidak_bisa_diubah_menjadi_lebih_awal(sah):
    klien, _, rapat = sah
    koreksi = mulai(klien, rapat)
    mundur = f"{rapat.waktu - timedelta(days=2):%Y-%m-%dT09:00}"
    acara = {"waktu": mundur, "tempat": "A", "pimpinan": "Asep", "notulis": "Siti", "agenda": "Perbaikan"}
    jawab = klien.post(alamat("acara", koreksi), acara)
    assert jawab.status_code == 422 and "tidak bisa lebih awal" in jawab.content.decode()


def test_berita_acara_yang_belum_disetujui_tidak_diperbaiki(sampai, masuk):
    p = sampai("dimusyawarahkan")
    jawab = masuk("operator").post(alamat("perbaiki", p.musyawarah), isian())
    assert jawab.status_code == 403


SQL = [
    "update dtks_musyawarah set perbaikan_dari_id = null, alasan_perbaikan = '' where id = %(koreksi)s",
    "update dtks_musyawarah set alasan_perbaikan = 'lain' where id = %(koreksi)s",
    "update dtks_musyawarah set perbaikan_dari_id = %(koreksi)s, alasan_perbaikan = 'x' where id = %(asal)s",
    "update dtks_musyawarah set bnba_id = null where id = %(asal)s",
    "update dtks_musyawarah set undangan_id = berita_acara_id where id = %(asal)s",
    "update dtks_putusanmusyawarah set putusan = 'ditolak', alasan = 'x' where musyawarah_id = %(asal)s",
    "update dtks_putusanmusyawarah set versi = 9 where musyawarah_id = %(asal)s",
    "update dtks_musyawarah set waktu = waktu - interval '90 days' where id = %(koreksi)s",
    "insert into dtks_musyawarah(id, wilayah_id, jenis, nomor, waktu, tempat, pimpinan, notulis, agenda, periode, catatan, status, versi,"
    " perbaikan_dari_id, alasan_perbaikan, updated_at) select gen_random_uuid(), wilayah_id, jenis, '', waktu, '', '', '', '', periode, '',"
    " 'dijadwalkan', 0, %(koreksi)s, 'x', now() from dtks_musyawarah where id = %(asal)s",
    "insert into dtks_musyawarah(id, wilayah_id, jenis, nomor, waktu, tempat, pimpinan, notulis, agenda, periode, catatan, status, versi,"
    " perbaikan_dari_id, alasan_perbaikan, updated_at) select gen_random_uuid(), wilayah_id, jenis, '', waktu, '', '', '', '', periode, '',"
    " 'dijadwalkan', 0, id, 'x', now() from dtks_musyawarah where id = %(asal)s",
]


def test_bukti_tidak_bisa_diubah_lewat_sql(sah):
    klien, _, rapat = sah
    koreksi = mulai(klien, rapat)
    for sql in SQL:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, {"asal": rapat.pk, "koreksi": koreksi.pk})
            pytest.fail(f"allowed: {sql}")


def test_keluar_di_musyawarah_biasa_ditolak_sql(sampai):
    p = sampai("dimusyawarahkan")
    with pytest.raises(DatabaseError, match="perbaikan"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "update dtks_putusanmusyawarah set putusan = 'keluar', alasan = 'x' where musyawarah_id = %s",
            [p.musyawarah.pk],
        )


def test_lurah_mengembalikan_perbaikan_dengan_alasan(sah):
    klien, lurah, rapat = sah
    koreksi = perbaiki(klien, rapat, {usulan_dengan(rapat, "disepakati"): "ditolak"})
    tutup(klien, koreksi)
    unggah(klien, koreksi)
    koreksi.refresh_from_db()
    isi = lurah.get(alamat("persetujuan", koreksi)).content.decode()
    assert "Salah catat notulis" in isi and 'data-label="Semula">Disepakati' in isi
    data = {"versi": koreksi.versi, "alasan": "BA_KURANG", "catatan": "Tanda tangan kurang"}
    assert lurah.post(alamat("kembalikan", koreksi), data).status_code == 302
    assert usulan_dengan(rapat, "disepakati").status == "disepakati"
