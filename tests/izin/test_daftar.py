"""A list shows exactly what its reader may open; filters, searches and cursors obey the same."""

import json
import re
from urllib.parse import quote

import pytest
from django.core import signing
from django.urls import resolve

from accounts.models import Pengguna
from bansos.models import Kelayakan, Penetapan, Pengesahan
from core.identity import mask_name
from dtks.models import Individu, Keluarga, Musyawarah, TiketPadan, Usulan
from tests.bantu import giliran, rute
from tests.bantu.pemain import KABUPATEN, PEMAIN
from tests.izin.dunia import TANPA_NOMOR
from tests.izin.tanya import tanpa_nomor_jalan, teks

UUID = "[0-9a-f]{8}-[0-9a-f-]{27}"
# detail address, the addresses of the list (all filters open), the model
DAFTAR = {
    "usulan": ("/usulan/{}/", ["/usulan/"], Usulan),
    "keluarga": ("/keluarga/{}/", [f"/keluarga/?nama={h}" for h in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"], Keluarga),
    "musyawarah": ("/musyawarah/{}/", ["/musyawarah/"], Musyawarah),
    "padan": ("/padan/{}/", ["/padan/"], TiketPadan),
    "pengesahan": ("/penetapan/pengesahan/{}/", ["/penetapan/"], Pengesahan),
    "penetapan": ("/penetapan/{}/", ["/penetapan/?daftar=sk"], Penetapan),
    "pengguna": ("/pengguna/{}/", ["/pengguna/"], Pengguna),
}


def tertaut(isi: str, pola: str) -> set[str]:
    return set(re.findall(f'href="{pola.format(f"({UUID})")}', isi))


SELALU = ("operator", "verifikator", "operator.lain")  # each day these three and a quarter of the others


@pytest.mark.bergilir
@pytest.mark.parametrize("nama", DAFTAR)
def test_daftar_sama_dengan_yang_bisa_dibuka(nama, dunia, tanya):
    pola, alamat, model = DAFTAR[nama]
    semua = {str(pk) for pk in model.objects.values_list("pk", flat=True)}
    salah = []
    for username in giliran.sebagian(list(PEMAIN), nama, selalu=SELALU, dari=4):
        terdaftar = {pk for a in alamat for pk in tertaut(teks(tanya(username, "GET", a)), pola)}
        terbuka = {pk for pk in semua if tanya(username, "GET", pola.format(pk)).status_code == 200}
        if terdaftar != terbuka:
            salah.append(
                (
                    username,
                    "terdaftar saja",
                    len(terdaftar - terbuka),
                    "terbuka saja",
                    len(terbuka - terdaftar),
                )
            )
    assert not salah, salah


def test_kelayakan_menurut_wilayah(dunia, tanya):
    """Each row once for whoever may read it; a name in full only where the family may be opened."""
    baris = Kelayakan.objects.filter(wilayah__kode__startswith=KABUPATEN, program="PKH").order_by("pk")[0]
    for username, (_, wilayah) in PEMAIN.items():
        jawab = tanya(username, "GET", f"/program/PKH/kelayakan/?periode={baris.periode}")
        boleh = "kelayakan.lihat" in rute.kuasa()[PEMAIN[username][0]] and (
            wilayah is None or baris.wilayah_id.startswith(wilayah)
        )
        isi = teks(jawab)
        bisa = tanya(username, "GET", f"/keluarga/{baris.keluarga_id}/").status_code == 200
        assert (baris.nama_kepala in isi) == (boleh and bisa), username
        assert (mask_name(baris.nama_kepala) in isi) == (boleh and not bisa), username
        assert bisa or str(baris.keluarga_id) not in tertaut(isi, "/keluarga/{}/"), username


def test_cari_nama_di_luar_wilayah_tidak_menemukan_apa_pun(dunia, tanya):
    for rumah in Keluarga.objects.filter(wilayah__kode__startswith=KABUPATEN):
        ada = teks(tanya("operator.lain", "GET", f"/keluarga/?nama={quote(rumah.nama_kepala)}"))
        assert not tertaut(ada, "/keluarga/{}/")
        assert rumah.alamat not in ada


def test_cari_nomor_di_luar_wilayah_sama_dengan_nomor_yang_tidak_ada(dunia, tanya):
    satu = Individu.objects.exclude(nik=None).filter(keluarga__wilayah__kode__startswith=KABUPATEN).first()
    ada = tanya("operator.lain", "POST", "/keluarga/cari-nomor/", {"nomor": satu.nik.open()})
    tidak_ada = tanya("operator.lain", "POST", "/keluarga/cari-nomor/", {"nomor": "3206014101800001"})
    assert _tanpa_ketikan(ada) == _tanpa_ketikan(tidak_ada)


def _tanpa_ketikan(jawab):
    """The number that was typed may come back in its own field and nowhere else."""
    status, isi, kepala, _ = tanpa_nomor_jalan(jawab)
    return status, re.sub(rb'value="[0-9 ]{16,19}"', b"", isi), kepala


def test_nik_di_luar_wilayah_hanya_satu_kata(dunia, tanya):
    """The new-proposal page says that the number is known elsewhere, and not one word more."""
    satu = Individu.objects.exclude(nik=None).filter(keluarga__wilayah__kode__startswith=KABUPATEN).first()
    isi = teks(tanya("operator.lain", "POST", "/usulan/baru/", {"nik": satu.nik.open()}))
    assert not [n for n in dunia.nama if n in isi]
    assert "Garut" not in isi and satu.keluarga.alamat not in isi


# Lists with a fixed end instead of pages.
TANPA_HALAMAN = ("pengguna/", "dasbor/", "padan/batch/", "asesmen/", "asesmen/bagi/")


@pytest.mark.bergilir
@pytest.mark.parametrize(
    "r",
    [r for r in rute.tabel() if r.daftar and not r.contoh and r.pola not in TANPA_HALAMAN],
    ids=lambda r: r.kunci,
)
def test_kursor_orang_lain_ditolak(r, dunia, tanya):
    milik = signing.dumps(
        json.dumps(["x", "y"]), salt=f"kursor:{Pengguna.objects.get(username='rtrw').pk}:/{r.pola}"
    )
    sambung = "&" if r.cari else "?"
    boleh = [u for u in PEMAIN if r.boleh(u, "GET", None) and u != "rtrw"]
    for username in giliran.sebagian(boleh, r.kunci, selalu=giliran.satu(boleh), dari=4):
        for kursor in (milik, "ngawur", milik[:-2]):
            jawab = tanya(username, "GET", f"{r.alamat({})}{sambung}kursor={kursor}")
            assert jawab.status_code == 400, username


# Twins of another role holder walk the same pages: they, and a third page of each address, go with --fuzz.
KEMBAR = [
    u
    for u in PEMAIN
    if u.endswith("2") or (u.endswith(".lain") and u not in ("operator.lain", "verifikator.lain"))
]


PEJALAN = giliran.sebagian(
    [u for u in PEMAIN if u not in KEMBAR],
    "pintu buntu",
    selalu=SELALU,
    dari=4,
)


@pytest.mark.parametrize("username", PEJALAN)
def test_tidak_ada_pintu_buntu(username, dunia, tanya):
    jelajahi(username, dunia, tanya, 2)


@pytest.mark.fuzz
@pytest.mark.parametrize("username", PEMAIN)
def test_tidak_ada_pintu_buntu_di_mana_pun(username, dunia, tanya):
    jelajahi(username, dunia, tanya, 3)


def jelajahi(username, dunia, tanya, tiap: int) -> None:
    """Every link that a page shows to someone opens for him: walked from the dashboard, `tiap` pages of each address."""
    antre, sudah, kunjungan, buntu = [("/dasbor/", "")], set(), {}, []
    while antre:
        alamat, asal = antre.pop(0)
        if alamat in sudah:
            continue
        sudah.add(alamat)
        nama = resolve(alamat.partition("?")[0]).route
        kunjungan[nama] = kunjungan.get(nama, 0) + 1
        if kunjungan[nama] > tiap or nama.startswith("akun/"):
            continue
        jawab = tanya(username, "GET", alamat)
        isi = teks(jawab)
        if jawab.status_code not in (200, 302):
            buntu.append((jawab.status_code, alamat, "dari", asal))
        assert not [n for n in dunia.nomor if n in TANPA_NOMOR.sub("", isi)], alamat
        if username in (*rute.LAIN, "admin"):
            assert not [n for n in dunia.nama if n in isi], alamat
        antre += [(t.replace("&amp;", "&"), alamat) for t in re.findall(r'href="(/(?!/|static/)[^"#]*)', isi)]
    assert not buntu, buntu
