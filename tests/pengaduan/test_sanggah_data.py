"""A family shows that its data is wrong; what the Dinas admits flows back into the line. And the clocks of both kinds."""

import re
import uuid
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.models import Pekerjaan
from core.workflow import GateClosed, NotAllowed
from dtks.actions import padan
from dtks.models import Usulan
from pengaduan.actions import jam
from pengaduan.actions import sanggah_data as aksi
from pengaduan.models import PerkaraSanggah, SanggahData
from pengaduan.notifications import sanggah as kabar
from tests.bantu import sanggah as bantu
from tests.bantu.alur import foto, orang
from tests.bantu.tantangan import jawab_tantangan

pytestmark = pytest.mark.django_db
PUTUS = "Surat dari BKN menyatakan bukan ASN."


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True


def wib(teks):
    return datetime.fromisoformat(f"{teks}+07:00")


def test_dari_formulir_sampai_usulan_yang_ditolak_dibuka_lagi(client, masuk, sampai):
    p = sampai("ditolak", nomor=60)
    kepala = bantu.warga(p)
    data = {
        "kunci_kirim": str(uuid.uuid4()), "salah": "asn", "cerita": "Saya buruh harian, bukan ASN.", "nik": kepala.nik.open(),
        "nama": kepala.nama, "lahir": kepala.tgl_lahir.isoformat(), "telepon": "", "wilayah": p.usulan.wilayah_id[:13],
        "bukti": SimpleUploadedFile("surat.jpg", foto(), "image/jpeg"),
    }  # fmt: skip
    jawab = client.post("/sanggah/data/", data | jawab_tantangan(client, "/sanggah/data/"))
    teks = jawab.content.decode()
    assert jawab.status_code == 200, teks
    tiket, pin = re.search(r"SGH-\d{6}-\d{5}", teks)[0], re.search(r'nomor[^"]*">(\d{6})<', teks)[1]
    satu = SanggahData.objects.get(tiket=tiket)
    assert satu.keluarga_id == p.usulan.keluarga_id
    dinas = masuk("supervisor")
    url = f"/sanggah/data/{satu.pk}/"
    assert kepala.nik.open() not in dinas.get(url).content.decode()
    kirim = {
        "kunci_kirim": str(uuid.uuid4()),
        "versi": 0,
        "putusan": "kabulkan",
        "tindak": "buka_kembali",
        "alasan": PUTUS,
    }
    assert dinas.post(f"{url}putus/", kirim).status_code == 302
    assert p.segar().status == "diajukan"
    lacak = client.post("/lacak/", {"tiket": tiket, "pin": pin}).content.decode()
    assert "diakui salah" in lacak and PUTUS in lacak


def test_tanpa_usulan_lama_menjadi_usulan_perbaikan_dan_nik_ditanyakan_lagi(sampai):
    p = sampai("ditarik", nomor=61, pengusul="operator")
    satu = bantu.data_salah(bantu.warga(p), salah="meninggal")
    assert [k for k, _ in aksi.pilihan(satu)] == ["perbaikan", "tanpa"]
    sebelum = Pekerjaan.objects.filter(jenis=padan.JOB).count()
    hasil = aksi.kabulkan(satu, by=orang("kadis"), alasan=PUTUS, tindak="perbaikan")
    assert (hasil.usulan.jalur, hasil.usulan.status) == (Usulan.Jalur.PERBAIKAN, "draf")
    assert Pekerjaan.objects.filter(jenis=padan.JOB).count() == sebelum + 1
    assert hasil.jam_selesai is not None


def test_menanyakan_ke_pemilik_data_menghentikan_jam(sampai):
    satu = bantu.data_salah(bantu.warga(sampai("draf", nomor=62, pengusul="operator")))
    with pytest.raises(GateClosed):
        aksi.teruskan(satu, by=orang("verifikator"), ke=" ")
    satu = aksi.teruskan(satu, by=orang("verifikator"), ke="Disdukcapil")
    assert satu.jeda_sejak and "Disdukcapil" in satu.jeda_sebab
    with pytest.raises(NotAllowed):
        aksi.tolak(satu, by=orang("verifikator"), alasan=PUTUS)
    satu = aksi.tolak(satu, by=orang("kadis"), alasan=PUTUS)
    assert satu.status == "ditolak" and satu.jeda_sejak is None


def test_yang_tidak_tercatat_tetap_diterima_dan_tidak_diberi_tahu(sampai):
    orang_lain = bantu.warga(sampai("draf", nomor=63, pengusul="operator"))
    satu = bantu.data_salah(orang_lain, nik="3205011501900007")
    assert satu.keluarga is None and [k for k, _ in aksi.pilihan(satu)] == ["tanpa"]


@pytest.mark.parametrize(
    ("masuk_saat", "akhir"),
    [
        ("2026-11-23T09:00", "2026-12-11T23:59:59"),  # fourteen working days
        ("2026-12-23T09:00", "2027-01-18T23:59:59"),  # Natal, cuti bersama, year end, and 5 January
        (
            "2026-03-16T09:00",
            "2026-04-13T23:59:59",
        ),  # Nyepi, Idul Fitri with its cuti bersama, and Good Friday
    ],
)
def test_jam_empat_belas_hari_melompati_libur_dan_naik_bukan_gugur(sampai, masuk_saat, akhir):
    p = sampai("disepakati", nomor=64)
    perkara = bantu.kirim_calon(p, bantu.warga(sampai("draf", nomor=65, pengusul="operator"))).perkara
    jam.mulai(perkara, "sanggah", saat=wib(masuk_saat))
    assert perkara.tenggat_at == wib(akhir)
    perkara.save()
    naik = [n for n in jam.naikkan(wib("2027-06-01T09:00")) if n.antrean.model is PerkaraSanggah]
    assert [n.ambang for n in naik] == [100]
    assert not [n for n in jam.naikkan(wib("2027-06-02T09:00")) if n.antrean.model is PerkaraSanggah]
    perkara.refresh_from_db()
    assert perkara.status == "diterima"  # late is late; nothing lapses
    assert orang("verifikator").pk in kabar._pemegang(perkara)
