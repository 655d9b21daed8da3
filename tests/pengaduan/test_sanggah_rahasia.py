"""Nobody in the village, and nobody of the family, ever learns who objected: every page, list, letter, download, notice and table."""

import re
from datetime import date

import pytest
from django.db import connection

from accounts.models import Pemberitahuan
from core.models import Jejak
from dtks.models import Bendera
from pengaduan import tasks
from pengaduan.actions import perkara as aksi
from pengaduan.actions import sanggah as masuk_aksi
from pengaduan.models import HakJawab, PerkaraSanggah
from tests.bantu import sanggah as bantu
from tests.bantu.alur import foto, orang
from tests.core.test_pdf import tulisan

pytestmark = pytest.mark.django_db
NIK, NAMA, HP = "3205011501900007", "Kenari Penyanggah", "081234567890"
KENARI = (
    NIK,
    "3205••••••••0007",
    NAMA,
    NAMA.upper(),
    "Kenari cerita",
    "Kenari patokan",
    HP,
    "+6281234567890",
)
DESA = ("rtrw", "operator", "lurah", "tksk", "tksk2", "pendamping")
AWAL = (
    "/dasbor/", "/usulan/", "/keluarga/?nama=A", "/musyawarah/", "/pemberitahuan/", "/pekerjaan/", "/sanggah/surat/", "/sanggah/tugas/",
    "/pengumuman/kelola/", "/kelayakan/", "/laporan/", "/tenggat/",
)  # fmt: skip
HALAMAN = 25  # of each person


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True


@pytest.fixture
def perkara(sampai):
    """A case that waits for its decision, by somebody who is not in the register and whom the Dinas checked by his KTP."""
    p = bantu.calon(50)
    satu, _ = bantu.kirim(p, None, nik=NIK, nama=NAMA, lahir=date(1990, 1, 15), telepon=HP, ktp=foto())
    masuk_aksi.nilai_identitas(satu, by=orang("verifikator2"), hasil="sah", alasan="KTP cocok.")
    hak, pin = bantu.disampaikan(bantu.hak_jawab(satu.perkara, by="verifikator2"))
    perkara = bantu.diperiksa(bantu.dijawab(hak))
    perkara.tiket_penyanggah, perkara.pin_keluarga = satu.tiket, pin
    for job in tasks.outbox.Pekerjaan.objects.filter(jenis=masuk_aksi.JOB_KABAR).order_by("created_at", "pk"):
        tasks.kabar_sanggah(job)
    return perkara


def jelajah(klien):
    """What this person can reach by links, from the pages of the menu."""
    antre, sudah = list(AWAL), set()
    while antre and len(sudah) < HALAMAN:
        alamat = antre.pop(0)
        if alamat in sudah:
            continue
        sudah.add(alamat)
        jawab = klien.get(alamat)
        isi = b"".join(jawab.streaming_content) if getattr(jawab, "streaming", False) else jawab.content
        teks = tulisan(isi) if isi[:5] == b"%PDF-" else isi.decode(errors="replace")
        yield alamat, teks
        for tautan in re.findall(r'href="(/[^"#]*)"', teks):
            if not tautan.startswith(("/static", "/keluar", "/akun", "/wilayah")):
                antre.append(tautan.replace("&amp;", "&"))


def bersih(teks: str, *lain: str) -> list[str]:
    return [k for k in (*KENARI, *lain) if k in teks]


def test_orang_desa_dan_petugas_lapangan_tidak_menemukan_jejak_penyanggah(masuk, perkara):
    dibaca = {}
    for siapa in DESA:
        for alamat, teks in jelajah(masuk(siapa)):
            assert not (bocor := bersih(teks, perkara.tiket_penyanggah)), (siapa, alamat, bocor)
            dibaca.setdefault(siapa, []).append(alamat)
    hak = HakJawab.objects.get()
    assert (
        f"/sanggah/surat/{hak.pk}/" in dibaca["operator"] or hak.kanal
    )  # the family has answered: no letter waits
    assert f"/sanggah/tugas/{perkara.pk}/" in dibaca["tksk2"]
    assert min(len(d) for d in dibaca.values()) > 8
    for siapa in (*DESA, "admin", "dukcapil", "provinsi", "pusdatin"):
        klien = masuk(siapa)
        for alamat in (
            f"/sanggah/perkara/{perkara.pk}/",
            f"/sanggah/penyanggah/{perkara.sanggah.get().pk}/",
            f"/sanggah/penyanggah/{perkara.sanggah.get().pk}/berkas/rumah/",
        ):
            assert klien.get(alamat).status_code in (403, 404), (siapa, alamat)


def test_surat_dan_halaman_keluarga_hanya_memuat_alasan(client, masuk, perkara):
    hak = HakJawab.objects.get()
    halaman = client.post("/lacak/", {"tiket": hak.tiket, "pin": perkara.pin_keluarga}).content.decode()
    assert "Punya mobil" in halaman and not bersih(halaman, perkara.tiket_penyanggah)
    lain = bantu.kirim(bantu.calon(52), None, nik=NIK, nama=NAMA, lahir=date(1990, 1, 15))[0]
    masuk_aksi.nilai_identitas(lain, by=orang("verifikator2"), hasil="sah", alasan="KTP cocok.")
    hak = bantu.hak_jawab(lain.perkara)
    surat = masuk("operator").post(
        f"/sanggah/surat/{hak.pk}/cetak/", {"kunci_kirim": "6f8f4e0c-1111-4222-8333-444455556666"}
    )
    teks = tulisan(surat.content)
    assert hak.tiket in teks and "Punya mobil" in teks and not bersih(teks, lain.tiket)


def test_kabar_bendera_dan_jejak_tidak_menyebut_siapa(masuk, perkara):
    assert not [
        k
        for k in Pemberitahuan.objects.values_list("kalimat", flat=True)
        if bersih(k, perkara.tiket_penyanggah)
    ]
    assert not [b for b in Bendera.objects.values_list("kalimat", flat=True) if bersih(b)]
    assert not [j for j in Jejak.objects.values_list("rincian", flat=True) if bersih(str(j))]
    jejak = masuk("inspektorat").get("/jejak/").content.decode()
    assert "sanggah" in jejak and not bersih(jejak)
    lihat = masuk("inspektorat").get(f"/sanggah/perkara/{perkara.pk}/").content.decode()
    assert not bersih(lihat, perkara.tiket_penyanggah)


def test_nama_dan_nomor_penyanggah_tidak_tertulis_terang_di_tabel_mana_pun(perkara):
    with connection.cursor() as c:
        c.execute("select tablename from pg_tables where schemaname = 'public'")
        ada = {}
        for (tabel,) in c.fetchall():
            c.execute(
                f'select count(*) from "{tabel}" t where t::text ilike any(%s)', [[f"%{k}%" for k in (NIK, NAMA, HP, HP[1:])]]
            )  # fmt: skip
            if n := c.fetchone()[0]:
                ada[tabel] = n
    assert ada == {}


def test_nomor_surat_keluarga_tidak_bersebelahan_dengan_nomor_penyanggah_dan_dibuat_dinas(perkara):
    """A ticket number tells an order of time: the family's is drawn when the Dinas hears it, not when somebody objects."""
    hak = HakJawab.objects.get()
    assert hak.created_at > perkara.sanggah.get().created_at
    kolom = {f.name for f in HakJawab._meta.concrete_fields}
    assert not kolom & {"sanggah", "penyanggah", "jumlah"}


def test_anggota_keluarga_yang_disanggah_dan_penyanggah_tidak_bekerja_di_perkaranya(masuk, perkara):
    kepala = perkara.keluarga.anggota.get(hubungan="1")
    with connection.cursor() as c:
        c.execute(
            "update accounts_orang set nik_indeks = %s where id = %s",
            [bytes(kepala.nik_indeks), orang("verifikator").orang_id],
        )
        c.execute(
            "update accounts_orang set nik_indeks = %s where id = %s",
            [bytes(perkara.sanggah.get().penyanggah.nik_indeks), orang("supervisor").orang_id],
        )
    assert masuk("verifikator").get(f"/sanggah/perkara/{perkara.pk}/").status_code == 404
    assert not PerkaraSanggah.objects.visible_to(orang("verifikator")).exists()
    perkara = bantu.dilaporkan(PerkaraSanggah.objects.get(pk=perkara.pk))
    with pytest.raises(aksi.NotAllowed):
        aksi.tolak(perkara, by=orang("supervisor"), alasan="Alasan yang cukup panjang.")
