"""Public forms: a person sends them once and easily, a machine pays or is refused."""

import shutil
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django import forms
from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from core import tantangan
from core.models import Ketentuan, Tantangan
from core.tantangan import FormTantangan
from tests.bantu.tantangan import jawab, untuk_form

IP = "10.1.2.3"


class Surat(FormTantangan, forms.Form):
    isi = forms.CharField(error_messages={"required": "Isi suratnya."})


class Lain(FormTantangan, forms.Form):
    isi = forms.CharField()


def kirim(data, kelas=Surat, alamat=IP):
    q = QueryDict(mutable=True)
    q.update({"isi": "halo"} | data)
    return kelas(q, alamat=alamat)


def kalimat(form) -> str:
    return " ".join(form.non_field_errors())


def soal_baru(form=None) -> str:
    teks = str((form or Surat()).tantangan)
    return teks.split('name="tantangan" value="')[1].split('"', maxsplit=1)[0]


@pytest.mark.django_db
def test_dengan_jawaban_langsung_lolos():
    form = kirim(untuk_form(Surat))
    assert form.is_valid() and form.cleaned_data == {"isi": "halo"}


@pytest.mark.django_db
def test_kiriman_yang_sama_dua_kali_satu_kiriman_tetapi_isi_lain_ditolak():
    bukti = untuk_form(Surat)
    assert kirim(bukti).is_valid() and kirim(bukti).is_valid()  # pressed twice, signal lost
    lain = kirim(bukti | {"isi": "lain"})
    assert not lain.is_valid() and "sudah pernah dipakai" in kalimat(lain)
    assert soal_baru(lain) != bukti["tantangan"]  # the page shown again carries a new one
    assert kirim(jawab(soal_baru(lain)) | {"isi": "lain"}).is_valid()


@pytest.mark.django_db
def test_salah_isi_tidak_menghabiskan_tantangan():
    bukti = untuk_form(Surat)
    form = kirim(bukti | {"isi": ""})
    assert not form.is_valid() and not Tantangan.objects.exists()
    assert bukti["tantangan"] in form.tantangan and f'value="{bukti["tantangan_jawab"]}"' in form.tantangan
    assert kirim(bukti).is_valid()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "rusak",
    [
        lambda s: "",
        lambda s: s[:-4] + "AAAA",
        lambda s: "A" + s[1:],
        lambda s: s + "A",
        lambda s: "é" * 52,
        lambda s: "\x00" * 52,
        lambda s: tantangan.buat("form.lain", 14),
        lambda s: soal_baru(Lain()),
    ],
)
def test_tantangan_palsu_atau_milik_formulir_lain_ditolak(rusak):
    soal = rusak(tantangan.buat("x", 14))
    form = kirim({"tantangan": soal, "tantangan_jawab": "1"})
    assert not form.is_valid() and not Tantangan.objects.exists()


@pytest.mark.django_db
def test_halaman_semalam_diminta_sekali_lagi():
    with time_machine.travel(timezone.now() - timedelta(hours=9), tick=False):
        bukti = untuk_form(Surat)
    form = kirim(bukti)
    assert not form.is_valid() and "terlalu lama terbuka" in kalimat(form)
    assert kirim(jawab(soal_baru(form))).is_valid()


@pytest.mark.django_db
def test_tanpa_javascript_lolos_sesudah_beberapa_detik():
    with time_machine.travel("2026-03-02 09:00:00+07:00", tick=False) as jam:
        soal = soal_baru()
        form = kirim({"tantangan": soal, "tantangan_jawab": ""})
        assert not form.is_valid() and "Tunggu 5 detik" in kalimat(form) and soal in form.tantangan
        jam.shift(6)
        assert kirim({"tantangan": soal, "tantangan_jawab": ""}).is_valid()


@pytest.mark.django_db
def test_tanpa_javascript_dibatasi_per_jaringan_dan_seluruhnya():
    Ketentuan.objects.filter(kunci="tantangan").update(
        nilai={
            "bit": 14, "umur_menit": 60, "tunggu_detik": 0,
            "tanpa_bukti": {"menit": 10, "jaringan": 3, "semua": 5},
        }
    )  # fmt: skip

    def coba(alamat):
        form = kirim({"tantangan": soal_baru()}, alamat=alamat)
        return form.is_valid(), form

    assert [coba(f"2001:db8:1:2::{i:x}")[0] for i in range(4)] == [True, True, True, False]
    lolos = [coba(f"10.9.{i}.1")[0] for i in range(4)]
    assert lolos == [True, True, False, False]  # 3 of the 5 were counted before
    _, form = coba(IP)
    assert form.http_status == 429 and "Tunggu 10 menit" in kalimat(form)
    assert kirim(untuk_form(Surat)).is_valid()  # whoever did the work is not touched by it


@pytest.mark.django_db
def test_kotak_jebakan():
    form = kirim(untuk_form(Surat) | {"tantangan_situs": "http://spam"})
    assert not form.is_valid() and "kosongkan" in kalimat(form)
    assert "spam" not in form.tantangan


@pytest.mark.django_db
def test_alamat_tidak_boleh_dilupakan():
    with pytest.raises(TypeError):
        Surat(QueryDict("isi=a"))
    assert "tantangan" in Surat().tantangan


@pytest.mark.django_db
def test_tantangan_lama_dibuang():
    kirim(untuk_form(Surat)).is_valid()
    assert tantangan.buang(timezone.now()) == 0
    assert tantangan.buang(timezone.now() + timedelta(hours=5)) == 1


def test_sepuluh_isi_berbeda_serentak_satu_yang_lolos(db_nyata):
    bukti, gerbang = untuk_form(Surat), threading.Barrier(10)

    def satu(i):
        try:
            gerbang.wait(20)
            return kirim(bukti | {"isi": f"isi {i}"}).is_valid()
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as kolam:
        assert sum(kolam.map(satu, range(10))) == 1


@pytest.mark.django_db
@pytest.mark.skipif(
    not shutil.which("node"), reason="needs node; the browser suite runs the same file in Chromium"
)
def test_peramban_dan_server_menghitung_sama():
    js = (settings.BASE_DIR / "static/js/tantangan.js").read_text()
    soal = soal_baru()
    panggung = """
    const on = {}; globalThis.document = { addEventListener: (n, f) => { on[n] = f } }
    const form = { elements: { tantangan_jawab: { value: '' } } }
    const field = { form, dataset: { bit: '14' }, value: process.argv[1] }
    form.querySelectorAll = () => [field]
    """
    akhir = """
    on.focusin({ target: { form } })
    const t = setInterval(() => { if (form.elements.tantangan_jawab.value) { clearInterval(t); console.log(form.elements.tantangan_jawab.value) } }, 5)
    """
    hasil = subprocess.run(
        ["node", "-e", panggung + ";" + js + ";" + akhir, soal],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert kirim({"tantangan": soal, "tantangan_jawab": hasil.stdout.strip()}).is_valid()
