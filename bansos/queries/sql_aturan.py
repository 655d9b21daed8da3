"""A rule compiled to set-based SQL. Pure text: measures come from the catalogue, values are numbers or checked codes.

Parameters of every statement: `acuan` (first day of the quarter), `dari`/`sampai` (code range of the kabupaten), `batas`
(year * 10 + quarter), `induk` (the kabupaten and the areas above it), `program`, `periode`, and what `Rencana.nilai` adds.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bansos.queries.isi_aturan import Pred, setahun, ukuran_dalam
from bansos.queries.ukuran import ANGKA, DAFTAR, INDIVIDU, KELUARGA, SKOR, UKURAN, YA

PEMISAH = "|"
HADIR = "i.aktif and i.keberadaan not in ('2', '3', '4', '6')"  # not dead, moved away or never found
_UMUR = "extract(year from age(%(acuan)s::date, i.tgl_lahir))::int"
_AREA = "k.status = 'terdaftar' and k.dibekukan_at is null and k.wilayah_id >= %(dari)s and k.wilayah_id < %(sampai)s"
# A grant in force: the newest decree of the family and programme says 'ditetapkan', and not to take it off the list.
TERIMA = """select distinct on (u.keluarga_id, p.program_id) u.keluarga_id, p.program_id, u.jalur, p.tanggal
  from bansos_barispenetapan b join bansos_penetapan p on p.id = b.penetapan_id join dtks_usulan u on u.id = b.usulan_id
  where b.hasil = 'ditetapkan' and p.status = 'berlaku'
  order by u.keluarga_id, p.program_id, p.created_at desc, b.id desc"""

_DARI = {
    "rumah": "left join dtks_rumah r on r.keluarga_id = k.id",
    "desil": """left join (select d.keluarga_id, max((d.tahun * 10 + d.triwulan) * 100 + d.desil) as m from dtks_desil d
      where d.tahun * 10 + d.triwulan <= %(batas)s group by d.keluarga_id) dd on dd.keluarga_id = k.id
      cross join lateral (select (dd.m %% 100)::smallint as desil, dd.m / 100 as pada) d""",
    "anggota": f"""left join (select i.keluarga_id, count(*)::int as n, max({_UMUR}) as tertua, min({_UMUR}) as termuda,
      coalesce(bool_or(i.status_kerja = '5'), false) as pegawai_negara, bool_and(i.padan = 'PADAN') as semua_padan,
      bool_or(i.hubungan = '1' and i.bekerja is false) as kepala_menganggur
      from dtks_individu i where {HADIR} group by i.keluarga_id) a on a.keluarga_id = k.id""",  # noqa: S608
    "asesmen": """left join (select distinct on (u.keluarga_id) u.keluarga_id, s.* from dtks_asesmen s
      join dtks_usulan u on u.id = s.usulan_id where s.selesai_at is not null and s.kunjungan in ('1', '2')
      order by u.keluarga_id, s.selesai_at desc, s.id) s on s.keluarga_id = k.id""",
    "terima": f"""left join (select keluarga_id, array_agg(program_id order by program_id) as program from ({TERIMA}) x
      where jalur <> 'PENGHAPUSAN' group by keluarga_id) t on t.keluarga_id = k.id""",  # noqa: S608
    "aset": """left join (select keluarga_id, sum(jumlah) filter (where jenis = 'mobil') as mobil from dtks_aset
      group by keluarga_id) o on o.keluarga_id = k.id""",
}  # fmt: skip
_SELALU = ("rumah", "desil", "anggota", "asesmen")  # the score reads them


def bahan(ukuran: set[str]) -> str:
    """Families of the area with the values of these measures (columns u_<code>), the score, and when their data changed."""
    pakai = [UKURAN[u] for u in sorted(ukuran) if UKURAN[u].level == KELUARGA]
    dari = [d for d in _DARI if d in _SELALU or any(d in u.dari for u in pakai)]
    kolom = "".join(f", {u.sql} as u_{u.kode}" for u in pakai)
    return f"""create temp table hitung_bahan on commit drop as
      select k.id as keluarga, k.wilayah_id, k.nama_kepala, (k.updated_at at time zone 'Asia/Jakarta')::date as data_per,
        d.desil, d.pada, ({SKOR})::smallint as skor{kolom}
      from dtks_keluarga k {" ".join(_DARI[d] for d in dari)} where {_AREA}"""  # noqa: S608 - catalogue text only


def orang(ukuran: set[str]) -> str:
    """Members who are there, with the values of the measures of a person (columns u_<code>)."""
    kolom = "".join(f", {UKURAN[u].sql} as u_{u}" for u in sorted(ukuran) if UKURAN[u].level == INDIVIDU)
    return f"""create temp table hitung_orang on commit drop as
      select i.id as individu, i.keluarga_id as keluarga{kolom}
      from (select i.*, {_UMUR} as umur from dtks_individu i join dtks_keluarga k on k.id = i.keluarga_id
            where {HADIR} and {_AREA}) i"""  # noqa: S608


KECUALI = f"""create temp table hitung_kecuali on commit drop as
  select i.id as individu, i.keluarga_id as keluarga, b.sumber_id as sumber, s.mengenai, b.tanggal_data as tanggal, b.status
  from bansos_butirpengecualian b join bansos_sumberpengecualian s on s.kode = b.sumber_id and s.aktif
  join dtks_individu i on i.nik_indeks = b.nik_indeks and {HADIR}
  join dtks_keluarga k on k.id = i.keluarga_id
  where {_AREA} and b.wilayah_id = any(%(induk)s) and b.status in ('berlaku', 'disanggah')
    and (b.berlaku_hingga is null or b.berlaku_hingga >= %(acuan)s)"""  # noqa: S608


@dataclass
class Rencana:
    """One rule as SQL: `calon` makes the candidates; `kolom` says what the parts of `kunci` are, in order."""

    calon: str
    kolom: list[
        tuple[str, str]
    ]  # ("ukuran", code) | ("komponen", code) | ("pada"|"kecuali"|"bersama"|"lama", "")
    nilai: dict[str, Any] = field(default_factory=dict)


def urut_komponen(isi: dict[str, Any]) -> list[dict[str, Any]]:
    """Highest amount first, then as the rule lists them: the order in which they are kept, and a person is counted."""
    return sorted(isi.get("komponen") or [], key=lambda k: -setahun(k))


def ukuran_aturan(isi: dict[str, Any]) -> set[str]:
    preds = [*isi["syarat"], *(p for k in isi.get("komponen") or [] for p in k["syarat"])]
    tambah = {"terima"} if isi.get("tidak_bersama") else set()
    return set(ukuran_dalam(preds)) | tambah


def rencana(isi: dict[str, Any]) -> Rencana:
    """`isi` must have passed `isi_aturan.periksa`."""
    perorang = isi["unit"] == INDIVIDU
    komponen = urut_komponen(isi)
    lulus = [sql_pred(p) for p in isi["syarat"]]
    kolom: list[tuple[str, str]] = [("ukuran", u) for u in ukuran_dalam(isi["syarat"])]
    kunci = [_teks(f"u_{u}") for _, u in kolom]
    dari = ["hitung_bahan b"]
    if any(u == "desil" for _, u in kolom):
        kolom.append(("pada", ""))
        kunci.append(_teks("b.pada"))
    if perorang:
        dari.append("join hitung_orang o on o.keluarga = b.keluarga")
    manfaat = str(setahun(isi["manfaat"]))
    if komponen:
        dari.append(f"left join ({_hitung_komponen(isi, komponen)}) c on c.keluarga = b.keluarga")
        jumlah, manfaat = _isi_komponen(isi, komponen, manfaat)
        kolom += [("komponen", k["kode"]) for k in komponen]
        kunci += [f"coalesce(c.n{j}, 0)::text" for j in range(len(komponen))]
        if isi.get("komponen_minimal"):
            lulus.append(f"{jumlah} >= {int(isi['komponen_minimal'])}")
    if isi.get("pengecualian"):
        dari.append(_kecuali(perorang))
        lulus.append("not coalesce(x.kena, false)")
        kolom.append(("kecuali", ""))
        kunci.append("coalesce(x.kata, '')")
    if isi.get("tidak_bersama"):
        lulus.append(f"not coalesce(u_terima && {_larik(isi['tidak_bersama'])}, false)")
        kolom.append(("bersama", ""))
        kunci.append(_teks("u_terima"))
    if isi.get("maks_tahun"):
        dari.append(_LAMA)
        lulus.append(f"(coalesce(l.lama, 0) < {int(isi['maks_tahun'])}{_bebas(isi, komponen)})")
        kolom.append(("lama", ""))
        kunci.append(_teks("l.lama"))
    individu, satuan = ("o.individu", "o.individu") if perorang else ("null::uuid", "b.keluarga")
    calon = f"""create temp table hitung_calon on commit drop as
      select b.keluarga, {individu} as individu, b.wilayah_id, b.nama_kepala, b.desil, b.skor, b.data_per, b.pada,
        ({" and ".join(lulus) or "true"}) as lulus, ({manfaat})::bigint as manfaat,
        concat_ws('{PEMISAH}', '', {", ".join(kunci) or "''"}) as kunci,
        md5(%(program)s || '|' || %(periode)s || '|' || {satuan}::text)::uuid as undian
      from {" ".join(dari)}"""  # noqa: S608
    return Rencana(calon, kolom, {"kecuali": list(isi.get("pengecualian") or [])})


_LAMA = f"""left join (select keluarga_id, extract(year from age(%(acuan)s::date, min(tanggal)))::int as lama from ({TERIMA}) x
  where jalur <> 'PENGHAPUSAN' and program_id = %(program)s group by keluarga_id) l on l.keluarga_id = b.keluarga"""  # noqa: S608


def _bebas(isi: dict[str, Any], komponen: list[dict[str, Any]]) -> str:
    """Families with an exempt component are not bound to the years."""
    kode = set(isi.get("kecuali_lulus") or [])
    return "".join(f" or coalesce(c.n{j}, 0) > 0" for j, k in enumerate(komponen) if k["kode"] in kode)


def _hitung_komponen(isi: dict[str, Any], komponen: list[dict[str, Any]]) -> str:
    """Members of each family by component. A person counts once, under the highest component that fits."""
    pilih = " ".join(
        f"when {' and '.join(sql_pred(p) for p in k['syarat'])} then {j}" for j, k in enumerate(komponen)
    )
    bukan = (
        "where not exists (select 1 from hitung_kecuali x where x.individu = o.individu and x.mengenai = 'individu' "
        "and x.status = 'berlaku' and x.sumber = any(%(kecuali)s))"
        if isi.get("pengecualian")
        else ""
    )
    hitung = ", ".join(f"count(*) filter (where q.komponen = {j})::int as n{j}" for j in range(len(komponen)))
    return f"select q.keluarga, {hitung} from (select o.keluarga, case {pilih} end as komponen from hitung_orang o {bukan} offset 0) q group by q.keluarga"  # noqa: S608


def _isi_komponen(isi: dict[str, Any], komponen: list[dict[str, Any]], dasar: str) -> tuple[str, str]:
    """(how many components are kept, rupiah a year): highest first, each to its own cap, all to the cap of the family.

    The money is summed by steps: everyone kept so far is worth what the next component is worth, and the rest of his own.
    """
    batas, uang = isi.get("komponen_maks"), dasar
    nilai = [*(setahun(k) for k in komponen), 0]
    hitung: list[str] = []
    kini = "0"
    for j, k in enumerate(komponen):
        satu = f"coalesce(c.n{j}, 0)"
        hitung.append(satu if k.get("maks") is None else f"least({satu}, {int(k['maks'])})")
        jumlah = " + ".join(hitung)
        kini = f"({jumlah})" if batas is None else f"least({jumlah}, {int(batas)})"
        if nilai[j] > nilai[j + 1]:
            uang = f"{uang} + {kini}::bigint * {nilai[j] - nilai[j + 1]}"
    return kini, uang


def _kecuali(perorang: bool) -> str:
    """Hits of the lists of this rule: of the whole family, and for a person also those about himself."""
    siapa = "x.keluarga, o2.individu" if perorang else "x.keluarga"
    sambung = (
        "join hitung_orang o2 on o2.keluarga = x.keluarga and (x.mengenai = 'keluarga' or x.individu = o2.individu)"
        if perorang
        else ""
    )
    hanya = "" if perorang else "and x.mengenai = 'keluarga'"
    cocok = "x.keluarga = b.keluarga" + (" and x.individu = o.individu" if perorang else "")
    return f"""left join (select {siapa}, bool_or(x.status = 'berlaku') as kena,
        string_agg(distinct x.sumber || ':' || x.tanggal || ':' || x.status, ',') as kata
      from hitung_kecuali x {sambung} where x.sumber = any(%(kecuali)s) {hanya} group by {siapa}) x on {cocok}"""  # noqa: S608


def sql_pred(p: Pred) -> str:
    """A condition as SQL that is true or false, never NULL: what is not known meets no condition."""
    if "salah_satu" in p:
        return "(" + " or ".join(sql_pred(s) for s in p["salah_satu"]) + ")"
    if "bukan" in p:
        return f"(not {sql_pred(p['bukan'])})"
    u = UKURAN[p["ukuran"]]
    kolom, op = f"u_{u.kode}", p["op"]
    if u.jenis == YA:
        return f"({kolom} is {'true' if op == 'ada' else 'false'})"
    if u.jenis == ANGKA:
        return f"coalesce({kolom} {op} {Decimal(str(p['nilai']))}, false)"
    if u.jenis == DAFTAR:
        kena = {"ada": "cardinality({0}) > 0", "tidak": "cardinality({0}) > 0"}.get(op)
        isi = (kena or "{0} && " + _larik(p.get("nilai") or [])).format(kolom)
        return f"(not coalesce({isi}, false))" if op == "tidak" else f"coalesce({isi}, false)"
    return f"coalesce({kolom} = any({_larik(p['nilai'] if op == 'in' else [p['nilai']])}), false)"


def _larik(kode: list[str]) -> str:
    """Codes were checked by `isi_aturan`: letters, digits and a few signs, never a quote."""
    assert all("'" not in k and "%" not in k and "\\" not in k for k in kode)
    return "array[" + ", ".join(f"'{k}'" for k in kode) + "]::varchar[]"


def _teks(kolom: str) -> str:
    return f"coalesce({kolom}::text, '')"


def urutan(isi: dict[str, Any]) -> str:
    """The order of those who are in, over candidates `c`, as one number: the decile up, the score down, in the order the rule says."""
    bagian = {"desil": "coalesce(c.desil, 11)", "skor": "(99 - c.skor)"}
    nilai = "0"
    for u in isi.get("urut") or ["desil", "skor"]:
        nilai = f"({nilai}) * 100 + {bagian[u]}"
    return f"case when c.lulus then {nilai} else 1000000 end"
