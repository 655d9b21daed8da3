"""The bad input of reliability.md §4 through every field, parameter and header that the schema names.

By default a sample; `./test --fuzz tests/api/test_masukan.py` sends all of it.
"""

import copy
import random
import re
import uuid

import pytest

from core.models import Ketentuan
from portal.queries import api
from tests.api.test_izin_api import isi_jalan
from tests.api.test_usulan import isi
from tests.bantu import korpus
from tests.bantu.api import klien

pytestmark = pytest.mark.django_db
BUKAN_TEKS = [None, True, 0, -1, 2**31, 2**63, 10**17, 1.5, 1e14, [], {}, [[]], ["x"], {"x": 1}, [None]]
DASAR = {"/api/v1/usulan/": isi}
NILAI = sorted({n.isi for jenis in korpus.semua() for n in korpus.untuk(jenis)})
_LANJUT = re.compile(r"\[\]\.|\.")


def kolom_isi(operasi):
    return [nama for nama, *_ in operasi.isian if operasi.cara in ("POST", "PATCH", "PUT")]


def pasang(badan, jalan, nilai):
    """`anggota[].nik`: put the value into the first member of the list, making the way where there is none."""
    bagian = re.split(r"(\[\]\.|\.)", jalan)
    tempat, nama = badan, bagian[0]
    for sambung, lanjut in zip(bagian[1::2], bagian[2::2], strict=True):
        if sambung == ".":
            tempat = tempat.setdefault(nama, {})
        else:
            tempat = (tempat.setdefault(nama, []) or tempat[nama].append({}) or tempat[nama])[0]
        if not isinstance(tempat, dict):
            return
        nama = lanjut
    tempat[nama] = nilai


def semua():
    for _, daftar in api.bagian():
        for o in daftar:
            for p in o.parameter:
                if p["di"] in ("query", "header"):
                    yield from ((o, p["di"], p["nama"], n) for n in NILAI)
            for kolom in kolom_isi(o):
                yield from ((o, "isi", kolom, n) for n in (*NILAI, *BUKAN_TEKS))


def kirim(k, o, di, nama, nilai):
    alamat, kepala = isi_jalan(o.alamat), {"Idempotency-Key": str(uuid.uuid4())}
    if di == "header":
        aman = re.sub(r"[^\x20-\x7e]", "?", nilai)[:4000]  # a server lets nothing else through
        kepala[nama] = aman
    if o.cara == "GET":
        tanya = {nama: nilai.encode("utf-8", "surrogatepass")} if di == "query" else {}
        return k.get(alamat, tanya, headers=kepala)
    badan = copy.deepcopy(DASAR.get(o.alamat, dict)())
    if di == "isi":
        pasang(badan, nama, nilai)
    return getattr(k, o.cara.lower())(alamat, badan, content_type="application/json", headers=kepala)


def coba(kasus):
    Ketentuan.objects.filter(kunci="api.permintaan_per_menit").update(nilai=10**9)
    k, salah = klien(anggaran=20_000_000), []
    for o, di, nama, nilai in kasus:
        jawab = kirim(k, o, di, nama, nilai)
        jenis = jawab.headers.get("Content-Type", "")
        if jawab.status_code >= 500 or (jawab.status_code >= 400 and jenis != "application/problem+json"):
            salah.append((o.cara, o.alamat, di, nama, repr(nilai)[:80], jawab.status_code))
        elif (
            jawab.status_code >= 400
            and isinstance(nilai, str)
            and len(nilai) > 12
            and nilai in jawab.content.decode()
        ):
            salah.append((o.cara, o.alamat, di, nama, repr(nilai)[:80], "diulang dalam jawaban"))
    assert not salah, (len(salah), salah[:20])


def test_a_sample_of_bad_values_through_every_field(sampai):
    sampai("draf")
    per_kolom = {}
    for satu in semua():
        per_kolom.setdefault((satu[0].id, satu[1], satu[2]), []).append(satu)
    acak = random.Random(3205)
    coba([s for daftar in per_kolom.values() for s in acak.sample(daftar, 3)])


@pytest.mark.fuzz
@pytest.mark.timeout(7200)
def test_every_bad_value_through_every_field(sampai):
    sampai("draf")
    coba(semua())
