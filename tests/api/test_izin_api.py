"""Every operation of the schema for a key of every scope and of every relation between its area and the object's."""

import itertools
import re
import uuid

import pytest
from django.test import Client
from django.urls import get_resolver

from core.models import Jejak
from dtks.models import AnggotaPPKS, KategoriPPKS, Usulan
from tests.bantu import izin_api, rute
from tests.bantu.api import SEMUA, klien

pytestmark = pytest.mark.django_db
_KOSONG = "00000000-0000-4000-8000-000000000000"


def isi_jalan(alamat):
    """Something for each part of an address, of a thing that does not exist."""
    ganti = {"kode": "99", "program": "PKH", "tiket": "ADU-1", "nama": "ajukan"}
    return re.sub(r"\{(\w+)\}", lambda m: ganti.get(m[1], _KOSONG), alamat)


def tanya(k, o, alamat):
    kepala = {"Idempotency-Key": str(uuid.uuid4())}
    if o.cara == "GET":
        return k.get(alamat)
    return getattr(k, o.cara.lower())(alamat, {}, content_type="application/json", headers=kepala)


def test_the_document_says_what_the_schema_says():
    assert izin_api.DOKUMEN.read_text() == izin_api.dokumen()


def test_no_address_of_the_api_is_missing_in_the_schema():
    def bentuk(alamat):
        return re.sub(r"<[^>]+>|\{[^}]+\}", "*", alamat)

    resolver = {bentuk(f"/{p}") for p in rute.dari_resolver() if p.startswith("api/v1/")} - {"/api/v1/"}
    assert resolver == {bentuk(o.alamat) for o in izin_api.operasi()}
    assert get_resolver().resolve("/api/v1/entah/apa/").url_name == "api_tidak_ada"


@pytest.mark.parametrize(
    "cakupan", [*((c,) for c in izin_api.CAKUPAN), SEMUA, ()], ids=lambda c: "+".join(c)[:20] or "tanpa"
)
def test_scope_by_scope(cakupan):
    k, salah = klien(*cakupan) if cakupan else Client(), []
    for o in izin_api.operasi():
        jawab = tanya(k, o, isi_jalan(o.alamat))
        if not cakupan:
            benar = jawab.status_code == 401
        elif o.boleh(cakupan):
            benar = jawab.status_code in (
                200,
                400,
                404,
            )  # let in: nothing is there, or the empty body is refused
        else:
            benar = jawab.status_code == 403
        if not benar:
            salah.append((o.nama, jawab.status_code))
    assert not salah, salah


def test_refusals_are_the_same_bytes_everywhere():
    tanpa, sempit = Client(), klien("padan")
    for k, status in ((tanpa, 401), (sempit, 403)):
        isi = {
            tanya(k, o, isi_jalan(o.alamat)).content
            for o in izin_api.operasi()
            if "padan" not in o.cakupan and o.cakupan
        }
        assert len(isi) == 1, (status, isi)


@pytest.mark.parametrize("hubungan", izin_api.HUBUNGAN)
def test_area_by_area(sampai, hubungan):
    """Out of sight is byte for byte what is not there, for reading and for writing, and in no list."""
    p, k, salah = sampai("ditetapkan"), klien(wilayah=izin_api.HUBUNGAN[hubungan]), []
    terlihat = hubungan in izin_api.MENCAKUP
    for o in izin_api.operasi():
        alamat = izin_api.contoh(p, o.alamat)
        if alamat is None:
            continue
        ada, tiada = tanya(k, o, alamat), tanya(k, o, re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", _KOSONG, alamat))
        # The decree is of the kabupaten: a key of a smaller area does not see it.
        if "/penetapan/" in alamat and hubungan in ("desa itu", "kecamatannya"):
            continue
        if terlihat and ada.status_code not in (200, 403, 409, 428):
            salah.append((o.nama, ada.status_code))
        if not terlihat and (ada.status_code, ada.content) != (tiada.status_code, tiada.content):
            salah.append((o.nama, ada.content[:200]))
    for daftar in ("keluarga", "usulan", "musyawarah", "asesmen"):
        isi = k.get(f"/api/v1/{daftar}/").json()["results"]
        if bool(isi) is not terlihat:
            salah.append((daftar, len(isi)))
    assert not salah, salah
    assert Usulan.objects.get(pk=p.usulan.pk).status == "ditetapkan"


def test_a_wider_area_never_sees_less(sampai):
    sampai("diases")
    lihat = [
        {r["id"] for r in klien(wilayah=izin_api.HUBUNGAN[h]).get("/api/v1/keluarga/").json()["results"]}
        for h in izin_api.MENCAKUP
    ]
    assert all(a <= b for a, b in itertools.pairwise(lihat)) and lihat[0]


def test_sensitive_categories_never_leave_by_a_key(sampai, cast):
    orang = sampai("draf").usulan.keluarga.anggota.first()
    for n, kategori in enumerate(
        (KategoriPPKS.objects.filter(sensitif=True)[0], KategoriPPKS.objects.filter(sensitif=False)[0])
    ):
        AnggotaPPKS.objects.create(individu=orang, kategori=kategori, sejak=f"2026-01-0{n + 1}", sumber="uji")
    peka = KategoriPPKS.objects.filter(sensitif=True)[0].pk
    k = klien()
    isi = k.get(f"/api/v1/individu/{orang.pk}/").json()
    assert len(isi["ppks"]) == 1 and peka not in str(isi)
    assert k.get(f"/api/v1/keluarga/?ppks={peka}").json()["results"] == []


def test_a_refused_number_leaves_no_trace_and_no_number(sampai):
    p, lain = sampai("draf"), klien(wilayah="32.06")
    sebelum = Jejak.objects.filter(aksi="baca_nomor_api").count()
    assert lain.get(f"/api/v1/keluarga/{p.usulan.keluarga_id}/").status_code == 404
    assert Jejak.objects.filter(aksi="baca_nomor_api").count() == sebelum
