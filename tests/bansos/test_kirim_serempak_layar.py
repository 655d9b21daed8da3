"""Two browsers send the same form at the same moment: one decree, one number."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Pengguna
from bansos.models import Penetapan, Pengesahan
from core.models import NomorSeri
from tests.bantu.alur import sampai


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


def kirim_serempak(alamat: str, data: list[dict]) -> list:
    """Each entry of `data` is posted by the head of the Dinas from a browser of its own, all at once."""
    klien = []
    for _ in data:
        c = Client()
        c.force_login(
            Pengguna.objects.get(username="kadis"), backend="django.contrib.auth.backends.ModelBackend"
        )
        c.get("/program/")  # the session's clock is written before the race
        klien.append(c)

    def satu(pasang):
        try:
            return pasang[0].post(alamat, pasang[1])
        finally:
            connection.close()

    with ThreadPoolExecutor(len(data)) as kolam:
        return list(kolam.map(satu, zip(klien, data, strict=True)))


def putusan(p, kunci):
    u = p.usulan.pk.hex
    hari = timezone.localdate().isoformat()
    return {
        f"hasil_{u}": "ditetapkan",
        f"alasan_{u}": "",
        "tanggal": hari,
        "kunci_kirim": kunci,
        "aksi": "terbitkan",
    }


def test_klik_ganda_satu_sk(db_nyata):
    p = sampai("dikirim", program="APBD-LANSIA")
    data = putusan(p, uuid.uuid4())
    jawab = kirim_serempak(f"/penetapan/pengesahan/{p.pengesahan.pk}/tetapkan/", [data] * 3)
    sk = Penetapan.objects.get()
    assert {(j.status_code, j.headers.get("Location")) for j in jawab} == {(302, f"/penetapan/{sk.pk}/")}
    assert NomorSeri.objects.get(seri="SK-32.05").terakhir == 1


def test_dua_form_berbeda_satu_sk_dan_satu_penolakan(db_nyata):
    p = sampai("dikirim", program="APBD-LANSIA")
    alamat = f"/penetapan/pengesahan/{p.pengesahan.pk}/tetapkan/"
    jawab = kirim_serempak(alamat, [putusan(p, uuid.uuid4()) for _ in range(3)])
    assert sorted(j.status_code for j in jawab)[0] == 302
    assert all(j.status_code in (409, 422) for j in sorted(jawab, key=lambda j: j.status_code)[1:])
    assert Penetapan.objects.count() == 1 and NomorSeri.objects.get(seri="SK-32.05").terakhir == 1


def test_dua_batch_yang_bertumpuk(db_nyata):
    satu, dua = sampai("terverifikasi", 0).usulan, sampai("terverifikasi", 1).usulan
    data = [
        {"usulan": [satu.pk, dua.pk], "kunci_kirim": uuid.uuid4()},
        {"usulan": [dua.pk, satu.pk], "kunci_kirim": uuid.uuid4()},
    ]
    jawab = kirim_serempak("/verifikasi/sahkan/", data)
    assert sorted(j.status_code for j in jawab) in ([302, 409], [302, 422])
    assert Pengesahan.objects.count() == 1 and Pengesahan.objects.get().baris.count() == 2
