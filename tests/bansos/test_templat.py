"""The words of papers: versions, who approves, what may stand in them, and that each paper names the one that made it."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from bansos.actions import penetapan, pengesahan, templat
from bansos.models import Program
from bansos.surat.contoh import contoh
from core import documents, files, letters, pdf, signing
from core.models import Dokumen, TemplatSurat
from core.workflow import GateClosed, NotAllowed
from tests.bantu.alur import orang
from tests.core.test_pdf import tulisan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True


def versi(**lain) -> TemplatSurat:
    isi = {
        "diktum": "Menetapkan penerima {program} di {daerah}: {hasil}.\nKeputusan ini berlaku sejak hari ini."
    }
    bahan = {
        "by": orang("supervisor"), "jenis": "SK_BUPATI", "wilayah": "32.05", "isi": isi, "dasar_hukum": "Perbup 1/2026",
        "berlaku_sejak": timezone.localdate(),
    }  # fmt: skip
    return templat.tulis(**(bahan | lain))


@pytest.mark.parametrize(
    ("teks", "sebut"),
    [
        ("Penerima {nama_bupati}.", "{nama_bupati}"),
        ("{program.nama}", "{program.nama}"),
        ("{program!r:>9}", "{program!r:>9}"),
        ("{0} {}", "{0}"),
        ("{program", "Kurung kurawal"),
        ("{{program}}", "Kurung kurawal"),
        ("a\n" * 10, "Paling banyak 9"),
    ],
)
def test_isian_yang_tidak_dikenal_disebut_namanya(teks, sebut):
    with pytest.raises(GateClosed) as tutup:
        versi(isi={"menimbang": teks})
    assert any(sebut in h.kalimat for h in tutup.value.halangan)
    assert not TemplatSurat.objects.exists()


def test_versi_berlaku_sesudah_disetujui_orang_lain_dan_tercatat_di_surat(sampai):
    p = sampai("dikirim", program="APBD-LANSIA", pengusul="operator")
    t = versi()
    assert "Bantuan Lansia" not in str(t.isi)
    assert "KEDUA :" in tulisan(contoh(t, by=orang("supervisor"))) and "CONTOH" in tulisan(
        contoh(t, by=orang("supervisor"))
    )
    with pytest.raises(NotAllowed):
        templat.setujui(t, by=orang("supervisor"))
    assert letters.berlaku("SK_BUPATI", "32.05", timezone.localdate()).pk is None
    templat.setujui(t, by=orang("kadis"))
    putusan = {str(p.usulan.pk): penetapan.Putusan("ditetapkan")}
    sk = penetapan.tetapkan(
        by=orang("kadis"), program=Program.objects.get(pk="APBD-LANSIA"), wilayah="32.05", putusan=putusan
    )
    isi = tulisan(files.read(sk.dokumen.berkas))
    assert "di Kabupaten Garut: ditetapkan 1 (satu) usulan." in isi and "Anggaran Pendapatan" not in isi
    assert sk.dokumen.templat_id == t.pk and sk.dokumen.penyedia_tte == "lokal"
    baru = penetapan.ganti(sk, by=orang("kadis"), alasan="Nama penerima keliru.")
    isi = tulisan(files.read(baru.dokumen.berkas))
    assert f"Nomor {sk.nomor} dicabut dan dinyatakan tidak berlaku." in isi  # whatever the version says
    assert documents.signature_valid(Dokumen.objects.get(pk=baru.dokumen_id))


def test_versi_nanti_belum_dipakai_dan_kabupaten_lain_tidak_ikut():
    besok = timezone.localdate() + timedelta(days=1)
    t = templat.setujui(versi(berlaku_sejak=besok), by=orang("kadis"))
    assert letters.berlaku("SK_BUPATI", "32.05", timezone.localdate()).pk is None
    assert letters.berlaku("SK_BUPATI", "32.05", besok).pk == t.pk
    assert letters.berlaku("SK_BUPATI", "32.06", besok).pk is None
    with pytest.raises(NotAllowed):
        templat.setujui(versi(), by=orang("kadis.lain"))
    with pytest.raises(GateClosed, match="TANGGAL_LEWAT"):
        versi(berlaku_sejak=timezone.localdate() - timedelta(days=1))


def test_basis_data_membekukan_versi_dan_menolak_satu_orang():
    t = versi()
    for sql in (
        "update core_templatsurat set isi = '{}' where id = %s",
        "delete from core_templatsurat where id = %s",
        "update core_templatsurat set status = 'disetujui', diputus_orang = dibuat_orang where id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [t.pk])


@pytest.mark.parametrize("jenis", list(letters.BAGIAN))
def test_tiap_jenis_punya_contoh(jenis):
    isi = {b: f"Kata uji {b} {{{next(iter(letters.ISIAN[jenis]))}}}." for b in letters.BAGIAN[jenis]}
    teks = tulisan(contoh(versi(jenis=jenis, isi=isi), by=orang("supervisor")))
    assert all(f"Kata uji {b}" in teks for b in isi), teks
    assert "{" not in teks


def test_kata_sangat_panjang_tercetak_dan_yang_tak_tercetak_tidak_disetujui(monkeypatch, masuk):
    kata = {b: "W" * 4000 for b in letters.BAGIAN["SK_BUPATI"]}
    t = versi(isi=kata)
    assert tulisan(contoh(t, by=orang("supervisor"))).count("W") >= 12_000
    with monkeypatch.context() as sempit:
        sempit.setattr(pdf, "TEPI_ATAS", 262 * pdf.mm)  # a page on which no line fits
        with pytest.raises(GateClosed, match="TIDAK_TERCETAK"):
            templat.setujui(t, by=orang("kadis"))
        lihat = masuk("supervisor").get(reverse("templat_contoh", args=[t.pk]))
        assert lihat.status_code == 422 and "tidak bisa dicetak" in lihat.text
    t.refresh_from_db()
    assert t.status == "draf"
    assert templat.setujui(t, by=orang("kadis")).status == "disetujui"


def test_di_layar_ditulis_disetujui_dan_dilihat(masuk):
    s, k = masuk("supervisor"), masuk("kadis")
    assert "Tulis versi baru" in s.get("/templat-surat/").content.decode()
    data = {
        "diktum": "Menetapkan {hadiah}.",
        "dasar_hukum": "Perbup 1/2026",
        "berlaku_sejak": f"{timezone.localdate()}",
        "kunci_kirim": uuid.uuid4(),
    }
    jawab = s.post("/templat-surat/tulis/SK_BUPATI/", data)
    assert (
        jawab.status_code == 422
        and "{hadiah}" in jawab.content.decode()
        and "Menetapkan {hadiah}." in jawab.content.decode()
    )
    alamat = s.post("/templat-surat/tulis/SK_BUPATI/", data | {"diktum": "Menetapkan {program}."}).headers[
        "Location"
    ]
    assert "Setujui versi ini" not in s.get(alamat).content.decode()
    assert s.post(alamat + "putus/", {"kunci_kirim": uuid.uuid4()}).status_code == 403
    assert k.get(alamat + "contoh/").content.startswith(b"%PDF")
    assert k.post(alamat + "putus/", {"aksi": "setujui", "kunci_kirim": uuid.uuid4()}).status_code == 302
    assert "Dipakai sekarang" in k.get(alamat).content.decode()


def test_penyedia_tanda_tangan_yang_tidak_ada_tidak_menerbitkan_apa_pun(settings, sampai):
    p = sampai("terverifikasi")
    settings.TTE_PENYEDIA = "bsre"
    with pytest.raises(ImproperlyConfigured, match="TTE_PENYEDIA"), transaction.atomic():
        pengesahan.sahkan([p.usulan.pk], by=orang("kadis"))
    assert p.segar().status == "terverifikasi"
    assert signing.LOKAL in signing.PENYEDIA
