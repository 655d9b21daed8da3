"""Why a family is in or out, as sentences: from the values a rule read to codes, Indonesian sentences, source and way out.

Evaluates the rule once more in Python, so that a list whose SQL says something else is refused (`bansos.actions.hitung`).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_date

from bansos.models import Program, SumberPengecualian
from bansos.queries.isi_aturan import Pred, angka, batas_kata, setahun, syarat_kata, ukuran_dalam
from bansos.queries.sql_aturan import PEMISAH, urut_komponen
from bansos.queries.ukuran import ANGKA, DAFTAR, PILIHAN, SEMUA, UKURAN, YA, Ukuran
from core.terbilang import periode_kata, tanggal_panjang
from dtks.models import KodeAcuan
from dtks.models.keluarga import VERSI_KODE

Label = dict[tuple[str, str], str]
Sebab = dict[str, Any]  # {"kode", "kalimat", "cocok", "sumber", "saran"}


@dataclass
class Kamus:
    """Words for codes, read once for a whole list."""

    label: Label
    sumber: dict[str, SumberPengecualian]
    program: dict[str, str]


def kamus() -> Kamus:
    """Three queries."""
    daftar = {u.pilihan: u.kode for u in SEMUA if isinstance(u.pilihan, str) and u.pilihan}
    label = {(u.kode, v): kata for u in SEMUA if isinstance(u.pilihan, tuple) for v, kata in u.pilihan}
    for k in KodeAcuan.objects.filter(daftar__in=list(daftar), versi=VERSI_KODE).order_by("daftar", "urut"):
        label[daftar[k.daftar], k.kode] = k.label
    program = dict(Program.objects.values_list("kode", "nama").order_by("kode"))
    label |= {("terima", kode): nama for kode, nama in program.items()}
    return Kamus(label, {s.pk: s for s in SumberPengecualian.objects.order_by("pk")}, program)


@dataclass
class Terbaca:
    """The values of one combination. `kecuali`: (source, day, status); `lama`: years received."""

    nilai: dict[str, Any] = field(default_factory=dict)
    pada: str = ""
    komponen: dict[str, int] = field(default_factory=dict)
    kecuali: list[tuple[str, str, str]] = field(default_factory=list)
    bersama: list[str] = field(default_factory=list)
    lama: int = 0


def baca(kunci: str, kolom: list[tuple[str, str]]) -> Terbaca:
    """`kunci` as the SQL of the rule wrote it."""
    hasil = Terbaca()
    for (jenis, kode), teks in zip(kolom, kunci.split(PEMISAH)[1:], strict=False):
        if jenis == "ukuran":
            hasil.nilai[kode] = _nilai(UKURAN[kode], teks)
        elif jenis == "komponen":
            hasil.komponen[kode] = int(teks)
        elif jenis == "kecuali" and teks:
            hasil.kecuali = [tuple(t.split(":")) for t in teks.split(",")]  # type: ignore[misc]
        elif jenis == "bersama":
            hasil.bersama = _larik(teks)
        elif jenis == "lama":
            hasil.lama = int(teks or 0)
        elif jenis == "pada" and teks:
            hasil.pada = f"{teks[:4]}-{teks[4]}"
    return hasil


def _nilai(u: Ukuran, teks: str) -> Any:
    if teks == "":
        return None
    if u.jenis == ANGKA:
        return Decimal(teks)
    if u.jenis == YA:
        return teks == "true"
    return _larik(teks) if u.jenis == DAFTAR else teks


def _larik(teks: str) -> list[str]:
    return [t.strip('"') for t in teks.strip("{}").split(",") if t]


def cocok(p: Pred, nilai: dict[str, Any]) -> bool:
    """The condition over the values read; what is not known (None) meets no condition."""
    if "salah_satu" in p:
        return any(cocok(s, nilai) for s in p["salah_satu"])
    if "bukan" in p:
        return not cocok(p["bukan"], nilai)
    u, v, op = UKURAN[p["ukuran"]], nilai[p["ukuran"]], p["op"]
    if u.jenis == DAFTAR:
        kena = bool(set(v or []) & set(p["nilai"])) if op == "in" else bool(v)
        return kena != (op == "tidak")
    return v is not None and _cocok_satu(u, v, op, p.get("nilai"))


def _cocok_satu(u: Ukuran, v: Any, op: str, nilai: Any) -> bool:
    if u.jenis == YA:
        return v == (op == "ada")
    if u.jenis == ANGKA:
        batas = Decimal(str(nilai))
        return {"<=": v <= batas, ">=": v >= batas, "=": v == batas}[op]
    return v in (nilai if op == "in" else [nilai])


def dibayar(isi: dict[str, Any], jumlah: dict[str, int]) -> list[dict[str, Any]]:
    """Components that are paid: [{"kode", "nama", "jumlah", "nilai" rupiah a year}], the highest kept."""
    sisa, hasil = isi.get("komponen_maks"), []
    for k in urut_komponen(isi):
        n = min(jumlah.get(k["kode"], 0), k["maks"] or 1000)
        n = n if sisa is None else min(n, sisa)
        if n:
            hasil.append({"kode": k["kode"], "nama": k["nama"], "jumlah": n, "nilai": n * setahun(k)})
        sisa = None if sisa is None else sisa - n
    return hasil


class Penulis:
    """Writes the reasons of many combinations of one rule; what repeats is written once."""

    def __init__(self, isi: dict[str, Any], k: Kamus):
        self.isi, self.kamus = isi, k
        self._syarat = [(p, ukuran_dalam([p])) for p in isi["syarat"]]
        self._ingat: dict[tuple[Any, ...], Sebab] = {}
        self._json: dict[int, str] = {}

    def sebab(self, t: Terbaca) -> list[Sebab]:
        """Every condition of the rule with its value; those not met first."""
        isi = self.isi
        hasil = [
            self._sekali((n, t.pada, *(_kunci(t.nilai[u]) for u in ukuran)), _syarat, p, t, self.kamus)
            for n, (p, ukuran) in enumerate(self._syarat)
        ]
        if isi.get("komponen"):
            hasil.append(self._sekali(("k", *t.komponen.values()), _komponen, isi, t))
        hasil += [self._sekali(("x", *s), _kecuali, s, self.kamus) for s in t.kecuali]
        hasil += [_bersama(kode, self.kamus) for kode in isi.get("tidak_bersama") or [] if kode in t.bersama]
        if isi.get("maks_tahun"):
            hasil.append(_lama(isi, t))
        return sorted(hasil, key=lambda s: s["cocok"])

    def _sekali(self, kunci: tuple[Any, ...], tulis: Callable[..., Sebab], *isi: Any) -> Sebab:
        if kunci not in self._ingat:
            self._ingat[kunci] = tulis(*isi)
        return self._ingat[kunci]

    def teks(self, *bagian: list[Sebab]) -> str:
        """The reasons as a JSON array."""
        return "[" + ", ".join(self._satu_json(s) for b in bagian for s in b) + "]"

    def _satu_json(self, s: Sebab) -> str:
        if id(s) not in self._json:
            self._json[id(s)] = json.dumps(s)
            self._ingat["json", id(s)] = s  # keeps it alive, so that the id stays its own
        return self._json[id(s)]


def _kunci(nilai: Any) -> Any:
    return tuple(nilai) if isinstance(nilai, list) else nilai


def _satu(kode: str, kalimat: str, cocok: bool, sumber: str = "", saran: str = "") -> Sebab:
    return {
        "kode": kode, "kalimat": f"{kalimat}.", "cocok": cocok, "sumber": sumber, "saran": "" if cocok else saran,
    }  # fmt: skip


def _syarat(p: Pred, t: Terbaca, k: Kamus) -> Sebab:
    ya = cocok(p, t.nilai)
    if "salah_satu" in p:
        bagian = [_syarat(s, t, k) for s in p["salah_satu"]]
        tampil = [b for b in bagian if b["cocok"]] if ya else bagian
        kata = "Salah satu syarat ini harus terpenuhi. " if not ya else ""
        kalimat = kata + " ".join(b["kalimat"] for b in tampil)
        saran = " ".join(dict.fromkeys(b["saran"] for b in bagian if b["saran"]))
        return _satu(
            "SALAH_SATU",
            kalimat.rstrip("."),
            ya,
            "; ".join(dict.fromkeys(b["sumber"] for b in tampil)),
            saran,
        )
    if "bukan" in p:
        dalam = _syarat(p["bukan"], t, k)
        tambah = "" if ya else f". Syaratnya: {syarat_kata(p, k.label).replace('Tidak berlaku: ', 'bukan ')}"
        kalimat = _kata_nilai(p["bukan"], t, k) if "ukuran" in p["bukan"] else dalam["kalimat"].rstrip(".")
        kode = p["bukan"]["ukuran"].upper() if "ukuran" in p["bukan"] else dalam["kode"]
        saran = UKURAN[p["bukan"]["ukuran"]].saran if "ukuran" in p["bukan"] else dalam["saran"]
        return _satu(f"BUKAN_{kode}", kalimat + tambah, ya, dalam["sumber"], saran)
    u = UKURAN[p["ukuran"]]
    kalimat = _kata_nilai(p, t, k)
    if u.jenis == YA:
        kalimat += "" if ya else f". Syaratnya: {_kecil(syarat_kata(p, k.label))}"
    elif p["op"] in ("ada", "tidak"):
        kalimat += "" if ya else f"; syaratnya {'ada' if p['op'] == 'ada' else 'tidak ada'}"
    else:
        kalimat += f"; syaratnya {batas_kata(u, p, k.label)}"
    return _satu(u.kode.upper(), kalimat, ya, _sumber(u, t), u.saran)


def _sumber(u: Ukuran, t: Terbaca) -> str:
    return f"{u.sumber}, {periode_kata(t.pada)}" if u.kode == "desil" and t.pada else u.sumber


def _kata_nilai(p: Pred, t: Terbaca, k: Kamus) -> str:
    """What is known of the measure, without a full stop."""
    u, v = UKURAN[p["ukuran"]], t.nilai[p["ukuran"]]
    if u.jenis == DAFTAR:
        return f"{u.label}: {', '.join(k.label.get((u.kode, s), s) for s in v) if v else 'tidak ada'}"
    if v is None:
        return f"{u.label} belum diketahui"
    if u.jenis == YA:
        return u.ya if v else u.tidak
    if u.jenis == PILIHAN:
        return f"{u.label}: {k.label.get((u.kode, v), v)}"
    return f"{u.label} {angka(v)}{u.satuan}"


def _komponen(isi: dict[str, Any], t: Terbaca) -> Sebab:
    nama = {x["kode"]: x["nama"] for x in isi["komponen"]}
    ada = [f"{_kecil(nama[kode])} {n} orang" for kode, n in t.komponen.items() if n]
    bayar = sum(x["jumlah"] for x in dibayar(isi, t.komponen))
    minimal = isi.get("komponen_minimal") or 0
    if not ada:
        kalimat = "Tidak ada anggota yang termasuk sasaran program ini: " + ", ".join(
            map(_kecil, nama.values())
        )
    else:
        kalimat = f"Sasaran program di keluarga ini: {', '.join(ada)}; dihitung {bayar}"
        if isi.get("komponen_maks") and sum(t.komponen.values()) > bayar:
            kalimat += f" dengan nilai tertinggi, paling banyak {isi['komponen_maks']} tiap keluarga"
    return _satu(
        "KOMPONEN", kalimat, bayar >= minimal, "data anggota keluarga di portal",
        "Bila ada anggota yang termasuk sasaran tetapi belum tercatat, minta operator desa memperbarui data anggota.",
    )  # fmt: skip


def _kecuali(satu: tuple[str, str, str], k: Kamus) -> Sebab:
    kode, hari, status = satu
    s = k.sumber[kode]
    siapa = "Ada anggota keluarga yang" if s.mengenai == "keluarga" else "Orang ini"
    tanggal = tanggal_panjang(parse_date(hari))  # type: ignore[arg-type]
    if status == "disanggah":
        return _satu(
            f"SANGGAH_{kode}",
            f"{siapa} {s.kalimat}, tetapi data itu sedang disanggah dan diputus Dinas Sosial, jadi belum dihitung",
            True,
            f"{s.nama}, data {tanggal}",
        )
    return _satu(f"KECUALI_{kode}", f"{siapa} {s.kalimat}", False, f"{s.nama}, data {tanggal}", s.saran)


def _bersama(kode: str, k: Kamus) -> Sebab:
    return _satu(
        f"BERSAMA_{kode}", f"Sudah menerima {k.program.get(kode, kode)}, yang tidak boleh bersama program ini", False,
        UKURAN["terima"].sumber, UKURAN["terima"].saran,
    )  # fmt: skip


def _lama(isi: dict[str, Any], t: Terbaca) -> Sebab:
    bebas = [kode for kode in isi.get("kecuali_lulus") or [] if t.komponen.get(kode)]
    lewat = t.lama >= isi["maks_tahun"] and not bebas
    kata = f"Sudah menerima program ini {t.lama} tahun; paling lama {isi['maks_tahun']} tahun"
    if bebas:
        kata += ", tetapi batas itu tidak berlaku karena ada anggota yang dikecualikan"
    return _satu("MAKS_TAHUN", kata, not lewat, "SK penetapan yang berlaku", "Lihat program pemberdayaan yang bisa diikuti.")  # fmt: skip


def tempat(hasil: str, kuota: int | None, *, terbagi: bool = False) -> list[Sebab]:
    """The place in the quota, for those who meet every condition; `terbagi`: the quota of the area where each lives."""
    if hasil == "tidak_layak" or kuota is None:
        return []
    jumlah = "wilayah tempat tinggalnya" if terbagi else f"{kuota:,}".replace(",", ".")
    if hasil == "layak":
        return [_satu("KUOTA", f"Masuk dalam kuota {jumlah}", True, "kuota program")]
    return [
        _satu(
            "KUOTA_PENUH",
            f"Semua syarat terpenuhi, tetapi kuota {jumlah} sudah terisi oleh yang urutannya lebih dulu, jadi masuk daftar tunggu",
            False,
            "kuota program",
            "Naik sendiri menurut urutan bila ada yang keluar atau kuota ditambah.",
        )
    ]


def _kecil(kata: str) -> str:
    return kata[:1].lower() + kata[1:] if not kata[:2].isupper() else kata
