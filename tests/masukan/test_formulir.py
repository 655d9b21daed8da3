"""Every form that each role can reach is sent bad input: no 500, a sentence at the field, nothing typed is lost, nothing bad stored.

A seeded sample by default, shared among the roles that have the form, each field every other day (`giliran`); every form is sent
sensible values and columns that it does not have each time. `./test --fuzz` sends every value through every field.
"""

import os
import uuid
from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.urls import resolve

from tests.bantu import formulir, giliran, korpus, penilai, rute

pytestmark = pytest.mark.timeout(600)  # whole roles at a time, on a machine that may be busy
PERAN = (
    "", "rtrw", "operator", "lurah", "tksk", "pendamping", "peksos", "verifikator", "supervisor", "kadis", "dukcapil",
    "inspektorat", "provinsi", "pusdatin", "admin", "pdp",
)  # fmt: skip
TAMU = (
    "/", "/masuk/", "/masuk/kode/", "/lacak/", "/v/", "/lapor-rahasia/", "/lapor-rahasia/baca/", "/sanggah/data/",
    "/pengumuman/?desa=32.05.01.1001", "/darurat/lapor/",
)  # fmt: skip
SEMUA_ORANG = {
    "account_change_password",
    "account_reauthenticate",
    "cek",
    "darurat_lapor",
    "lacak",
    "dokumen",
    "rahasia_lapor",
    "rahasia_baca",
    "sanggah_data",
    "sanggah_tulis",
}  # tried once, as the visitor or the operator
# Citizens' forms of several steps: the visitor fills them in, an officer's login changes nothing about them.
TAMU_SAJA = {
    "aduan",
    "usul",
    "sanggah_tulis",
    "sanggah_data",
    "rahasia_lapor",
    "rahasia_baca",
    "rahasia_balas",
}
CONTOH = 3  # cases of a form and a role in the default run, at least; each field of it has one from one of its roles
PENANDA = "77777777-7777-4777-8777-777777777777"
# What a browser never sends: columns of the rows behind the form.
LEBIH = {
    "status": "ditetapkan", "id": PENANDA, "pk": PENANDA, "created_by": PENANDA, "pengusul": PENANDA, "pengusul_orang": PENANDA,
    "wilayah_id": "32.06.02.2001", "is_staff": "on", "is_superuser": "on", "disetujui_orang": PENANDA, "keluarga": PENANDA,
    "versi_baru": PENANDA, "__proto__": PENANDA, "tiket_baru": PENANDA,
}  # fmt: skip
hitung: Counter[str] = Counter()


def formulir_milik(peramban, peran: str) -> tuple[formulir.Pengirim, list[formulir.Temuan]]:
    client = peramban(peran)
    _, temuan = formulir.jelajah_petugas(client, peran) if peran else formulir.jelajah(client, TAMU)
    if peran not in ("", "operator"):
        temuan = [t for t in temuan if t.sidik[0].split("/")[0] not in SEMUA_ORANG]
    if peran:
        temuan = [t for t in temuan if t.sidik[0].split("/")[0] not in TAMU_SAJA]
    return formulir.Pengirim(client), temuan


def langkah_kedua(
    pengirim: formulir.Pengirim, temuan: list[formulir.Temuan], *, sampai_habis: bool = False
) -> list[formulir.Temuan]:
    """Forms that only come as the answer to another one; `sampai_habis`: and to that one (a citizen's usul has four steps)."""
    dikenal = {t.sidik for t in temuan}
    hasil, antre = [], list(temuan)
    while antre:
        t = antre.pop(0)
        b = pengirim.kirim(t, formulir.isian_sah(t))
        if b.jawab.status_code != 200:
            continue
        for baru in formulir.formulir_di(b.jawab, t.aksi):
            if baru.sidik not in dikenal:
                dikenal.add(baru.sidik)
                hasil.append(baru)
                antre += [baru] if sampai_habis else []
    return hasil


def serang(pengirim: formulir.Pengirim, t: formulir.Temuan, peran: str, sedikitnya: int | None) -> list[str]:
    """What is wrong with the answers of this form."""
    dasar = pengirim.kirim(t, formulir.isian_sah(t))
    if dasar.jawab.status_code >= 500:
        return [f"{t.sidik[0]}: sensible values: {dasar.jawab.status_code} {dasar.jawab.exc_info}"]
    lolos = bool(dasar.ditulis)
    hitung["lolos" if lolos else "tidak"] += 1
    kolom = [k.nama for k in t.kolom() if k.tipe != "file"]
    if sedikitnya is not None:
        kolom = bagian(kolom, t, peran)
    kasus = [(nama, n) for nama in kolom for n in korpus.untuk(t.jenis[nama])]
    salah = []
    for nama, n in korpus.contoh(kasus, sedikitnya, f"{os.environ.get('DTKS_SEED')}{peran}{t.sidik}"):
        if sedikitnya is not None and not giliran.kena(t.sidik[0], korpus.NOMOR.sub("0", nama), dari=2):
            continue
        data = formulir.isian_sah(t) | {nama: [n.isi]}
        if "kunci_kirim" in data and nama != "kunci_kirim":
            data["kunci_kirim"] = [str(uuid.uuid4())]
        b = pengirim.kirim(t, data)
        hitung["kasus"] += 1
        nasional = peran in ("pusdatin", "")
        harap = {
            "luar": "bebas"
            if nasional or t.jenis[nama] != "wilayah" or t.sidik[0] in SEMUA_TINGKAT
            else "tolak"
        }
        if nama.endswith("_FORMS"):  # Django's count of rows: fewer than none is none
            harap["tolak"] = "bebas"
        n = korpus.Nilai(n.butir, n.isi, harap.get(n.harap, n.harap), n.sebab)  # noqa: PLW2901
        salah += [
            f"{t.sidik[0]} [{nama}:{t.jenis[nama]}] {n}: {s}"
            for s in penilai.nilai(t, nama, n, data, b, dasar_lolos=lolos)
        ]
    return salah + kelebihan(pengirim, t, lolos, dasar)


def bagian(kolom: list[str], t: formulir.Temuan, peran: str) -> list[str]:
    """The fields that this role attacks in the default run: those who may send the same form share them, in at most three parts."""
    pola = resolve(urlsplit(t.aksi).path).route
    baris = [r for r in rute.tabel() if r.pola == pola]
    sesama = [u for u in PERAN if u and any(r.boleh(u, "POST", None) for r in baris)]
    if peran not in sesama:
        return kolom
    n, urutan = min(len(sesama), 3), {korpus.NOMOR.sub("0", k): None for k in kolom}
    giliran = {k for i, k in enumerate(urutan) if i % n == sesama.index(peran) % n}
    return [k for k in kolom if korpus.NOMOR.sub("0", k) in giliran]


SEMUA_TINGKAT = {"buat_pengguna", "beri_peran", "cek", "darurat_lapor"}


def kelebihan(pengirim, t: formulir.Temuan, lolos: bool, dasar: formulir.Balasan) -> list[str]:
    """Columns of the row that the form does not have change nothing (§4.57)."""
    tambahan = {k: [v] for k, v in LEBIH.items() if k not in t.form.kolom}
    b = pengirim.kirim(t, formulir.isian_sah(t) | tambahan)
    if b.jawab.status_code >= 500:
        return [f"{t.sidik[0]} extra fields: {b.jawab.status_code} {b.jawab.exc_info}"]
    if not lolos:
        return []
    salah = []
    if any(PENANDA in s for s in b.isi) or b.ditulis - dasar.ditulis:
        salah.append(f"{t.sidik[0]}: extra fields reached the database: {b.ditulis - dasar.ditulis}")
    for kata in ("ditetapkan", "32.06.02.2001"):
        if kata in b.isi and kata not in dasar.isi:
            salah.append(f"{t.sidik[0]}: extra field {kata} reached the database")
    return salah


def ringkas(salah: list[str]) -> str:
    return f"{len(salah)} wrong answers of {dict(hitung)}:\n" + "\n".join(sorted(set(salah))[:150])


@pytest.mark.parametrize("peran", PERAN)
def test_masukan_buruk_lewat_setiap_formulir(peramban, peran):
    pengirim, temuan = formulir_milik(peramban, peran)
    temuan += langkah_kedua(pengirim, temuan, sampai_habis=not peran)
    assert temuan, "this role reaches no form at all"
    salah = [s for t in temuan for s in serang(pengirim, t, peran, CONTOH)]
    assert not salah, ringkas(salah)


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("peran", PERAN)
def test_semua_masukan_lewat_semua_formulir(peramban, peran, lapor):
    pengirim, temuan = formulir_milik(peramban, peran)
    temuan += langkah_kedua(pengirim, temuan, sampai_habis=not peran)
    hitung.clear()
    salah = [s for t in temuan for s in serang(pengirim, t, peran, None)]
    lapor(f"{len(temuan)} forms, {hitung['kasus']:,} bad values, {len(salah)} wrong answers")
    assert not salah, ringkas(salah)
