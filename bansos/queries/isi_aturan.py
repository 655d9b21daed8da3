"""The content of a rule (`AturanProgram.isi`): its shape checked, its conditions as sentences. Pure, without a database.

{"unit": "keluarga"|"individu", "syarat": [pred…],            all of them must hold
 "pengecualian": [code of SumberPengecualian…],                a hit leaves out
 "komponen": [{"kode", "nama", "syarat": [pred…] of one person, "nilai": rupiah, "per": "tahun"|"bulan"|"sekali", "maks": n|null}…],
 "komponen_maks": n|null, "komponen_minimal": n, "manfaat": {"nilai": rupiah, "per": …}, "maks_tahun": n|null,
 "kecuali_lulus": [code of a component…], "tidak_bersama": [code of a programme…], "urut": ["desil", "skor"]}
pred = {"ukuran": code, "op": …, "nilai": …} | {"salah_satu": [pred…]} | {"bukan": pred}
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from bansos.queries.ukuran import ANGKA, DAFTAR, INDIVIDU, KELUARGA, PILIHAN, UKURAN, YA, Ukuran

Pred = dict[str, Any]
PER = {"tahun": 1, "bulan": 12, "sekali": 1}
URUT = ("desil", "skor")
KUNCI = {
    "unit", "syarat", "pengecualian", "komponen", "komponen_maks", "komponen_minimal", "manfaat", "maks_tahun", "kecuali_lulus",
    "tidak_bersama", "urut",
}  # fmt: skip
_KODE = re.compile(r"[A-Za-z0-9_>.-]{1,30}", re.ASCII)
_DALAM = 4  # how deep conditions may be nested
RUPIAH_MAKS = 1_000_000_000


def periksa(isi: Any) -> list[str]:
    """What is wrong with it, as sentences that name the part; [] when it may be used."""
    if not isinstance(isi, dict):
        return ["Isi aturan tidak terbaca."]
    salah = [f"Bagian {k} tidak dikenal." for k in sorted(set(isi) - KUNCI)]
    unit = isi.get("unit")
    if unit not in (KELUARGA, INDIVIDU):
        return [*salah, "Pilih satuan penerima: keluarga atau perorangan."]
    boleh = (KELUARGA, INDIVIDU) if unit == INDIVIDU else (KELUARGA,)
    salah += _preds(isi.get("syarat"), boleh, "Syarat")
    salah += _komponen(isi)
    for kunci in ("pengecualian", "tidak_bersama", "kecuali_lulus"):
        if not _daftar_kode(isi.get(kunci, [])):
            salah.append(f"Bagian {kunci} berisi daftar kode.")
    if not isinstance(isi.get("manfaat"), dict) or not _uang(isi["manfaat"]):
        salah.append("Manfaat diisi rupiah (0 bila tidak berupa uang) dan masanya.")
    for kunci, besar in (("komponen_maks", 50), ("maks_tahun", 50)):
        if isi.get(kunci) is not None and not _bulat(isi[kunci], 1, besar):
            salah.append(f"Bagian {kunci} diisi angka 1 sampai {besar}, atau dikosongkan.")
    if not _bulat(isi.get("komponen_minimal", 0), 0, 50):
        salah.append("Bagian komponen_minimal diisi angka 0 sampai 50.")
    urut = isi.get("urut", list(URUT))
    if (
        not isinstance(urut, list)
        or not urut
        or any(u not in URUT for u in urut)
        or len(set(urut)) != len(urut)
    ):
        salah.append("Urutan peringkat memakai desil dan skor, masing-masing sekali.")
    return salah


def _komponen(isi: dict[str, Any]) -> list[str]:
    daftar = isi.get("komponen", [])
    if not isinstance(daftar, list) or any(not isinstance(k, dict) for k in daftar):
        return ["Komponen berupa daftar."]
    salah, kode = [], [k.get("kode") for k in daftar]
    if daftar and isi.get("unit") == INDIVIDU:
        salah.append("Komponen hanya untuk program yang dihitung per keluarga.")
    if len(set(map(str, kode))) != len(kode):
        salah.append("Tiap komponen punya kode sendiri.")
    for k in daftar:
        nama = f"Komponen {k.get('nama') or k.get('kode')}"
        if (
            not _satu_kode(k.get("kode"))
            or not isinstance(k.get("nama"), str)
            or not 1 <= len(k["nama"]) <= 80
        ):
            salah.append(f"{nama}: isi kode dan namanya.")
        if not _uang(k):
            salah.append(f"{nama}: isi besar bantuannya dalam rupiah dan masanya.")
        if k.get("maks") is not None and not _bulat(k["maks"], 1, 50):
            salah.append(f"{nama}: paling banyak berapa orang, 1 sampai 50, atau kosongkan.")
        if not k.get("syarat"):
            salah.append(f"{nama}: belum punya syarat.")
        salah += _preds(k.get("syarat"), (INDIVIDU,), nama)
    if isi.get("komponen_minimal", 0) and not daftar:
        salah.append("Paling sedikit satu komponen diminta, tetapi komponennya belum ada.")
    if set(isi.get("kecuali_lulus") or []) - set(map(str, kode)):
        salah.append("Pengecualian masa terima menyebut komponen yang tidak ada.")
    return salah


def _preds(preds: Any, level: tuple[str, ...], di: str) -> list[str]:
    if not isinstance(preds, list) or len(preds) > 40:
        return [f"{di}: daftar syarat tidak terbaca."]
    return [kata for p in preds for kata in _pred(p, level, di, 0)]


def _pred(p: Any, level: tuple[str, ...], di: str, dalam: int) -> Iterator[str]:
    if not isinstance(p, dict) or dalam > _DALAM:
        yield f"{di}: ada syarat yang tidak terbaca."
    elif set(p) == {"salah_satu"} and isinstance(p["salah_satu"], list) and 1 <= len(p["salah_satu"]) <= 10:
        for satu in p["salah_satu"]:
            yield from _pred(satu, level, di, dalam + 1)
    elif set(p) == {"bukan"}:
        yield from _pred(p["bukan"], level, di, dalam + 1)
    elif set(p) - {"nilai"} != {"ukuran", "op"} or not isinstance(p["ukuran"], str):
        yield f"{di}: ada syarat yang tidak terbaca."
    elif (u := UKURAN.get(p["ukuran"])) is None or u.level not in level:
        yield f"{di}: ukuran {p['ukuran']} tidak bisa dipakai di sini."
    elif p["op"] not in u.operator:
        yield f"{di}: {u.label} tidak bisa dibandingkan dengan cara itu."
    elif not _nilai_cocok(u, p["op"], p.get("nilai")):
        yield f"{di}: nilai untuk {u.label} salah; {_bentuk(u)}."


def _nilai_cocok(u: Ukuran, op: str, nilai: Any) -> bool:
    if op in ("ada", "tidak"):
        return nilai is None
    if u.jenis == ANGKA:
        return (
            isinstance(nilai, int | float)
            and not isinstance(nilai, bool)
            and u.rentang[0] <= nilai <= u.rentang[1]
        )
    sah = {v for v, _ in u.pilihan} if isinstance(u.pilihan, tuple) else None
    isi = nilai if op == "in" else [nilai]
    return (
        isinstance(isi, list)
        and 1 <= len(isi) <= 40
        and all(_satu_kode(v) and (sah is None or v in sah) for v in isi)
    )


def _bentuk(u: Ukuran) -> str:
    if u.jenis == ANGKA:
        return f"isi angka {u.rentang[0]} sampai {u.rentang[1]}"
    return "pilih dari daftarnya" if u.jenis in (PILIHAN, DAFTAR) else "tidak perlu nilai"


def _satu_kode(nilai: Any) -> bool:
    return isinstance(nilai, str) and bool(_KODE.fullmatch(nilai))


def _daftar_kode(nilai: Any) -> bool:
    return isinstance(nilai, list) and len(nilai) <= 50 and all(_satu_kode(v) for v in nilai)


def _bulat(nilai: Any, dari: int, sampai: int) -> bool:
    return isinstance(nilai, int) and not isinstance(nilai, bool) and dari <= nilai <= sampai


def _uang(k: dict[str, Any]) -> bool:
    return _bulat(k.get("nilai"), 0, RUPIAH_MAKS) and k.get("per") in PER


def setahun(k: dict[str, Any]) -> int:
    """Rupiah a year of a component or of `manfaat` (what is paid once counts once)."""
    return int(k["nilai"]) * PER[k["per"]]


def ukuran_dalam(preds: Iterable[Pred]) -> list[str]:
    """Codes of the measures that these conditions read, in order of appearance, each once."""
    return list(dict.fromkeys(p["ukuran"] for p in daun(preds)))


def daun(preds: Iterable[Pred]) -> Iterator[Pred]:
    """The comparisons themselves, without 'one of' and 'not'."""
    for p in preds:
        if "salah_satu" in p:
            yield from daun(p["salah_satu"])
        elif "bukan" in p:
            yield from daun([p["bukan"]])
        else:
            yield p


# --- sentences ------------------------------------------------------------------------------------------------


def angka(nilai: Any) -> str:
    """3 -> '3', Decimal('7.20') -> '7,2'."""
    teks = f"{Decimal(str(nilai)).normalize():f}"
    return teks.replace(".", ",")


def atau(kata: list[str]) -> str:
    """['a', 'b', 'c'] -> 'a, b, atau c'."""
    if len(kata) < 3:
        return " atau ".join(kata)
    return f"{', '.join(kata[:-1])}, atau {kata[-1]}"


def syarat_kata(p: Pred, label: dict[tuple[str, str], str]) -> str:
    """A condition as words without a full stop: 'Desil keluarga paling tinggi 4'. `label`: (measure, value) -> words."""
    if "salah_satu" in p:
        return "Salah satu: " + "; atau ".join(_kecil(syarat_kata(s, label)) for s in p["salah_satu"])
    if "bukan" in p:
        return f"Tidak berlaku: {_kecil(syarat_kata(p['bukan'], label))}"
    u = UKURAN[p["ukuran"]]
    if u.jenis == YA:
        return u.ya if p["op"] == "ada" else u.tidak
    if p["op"] in ("ada", "tidak"):
        return f"{u.label}: {'ada' if p['op'] == 'ada' else 'tidak ada'}"
    return f"{u.label} {batas_kata(u, p, label)}"


def batas_kata(u: Ukuran, p: Pred, label: dict[tuple[str, str], str]) -> str:
    """What is asked of the measure: 'paling tinggi 4', 'Layak', 'salah satu dari A atau B'."""
    if u.jenis == ANGKA:
        kata = {"<=": f"{u.batas[0]} ", ">=": f"{u.batas[1]} ", "=": "tepat "}[p["op"]]
        return f"{kata}{angka(p['nilai'])}{u.satuan}"
    isi = p["nilai"] if p["op"] == "in" else [p["nilai"]]
    return atau([label.get((u.kode, v), v) for v in isi])


def _kecil(kata: str) -> str:
    return kata[:1].lower() + kata[1:] if not kata[:3].isupper() else kata
