"""Who may be ready to leave a programme, whom the time limit reaches soon, who is ready for business aid, and what became of those
who left. Lists for people to look at: nothing here decides or removes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from bansos.models import Graduasi
from bansos.queries import daftar as daftar_kelayakan
from bansos.queries.aturan import LANSIA
from bansos.queries.aturan_program import TanpaAturan, berlaku
from bansos.queries.penerima import periode_kini
from core import rules
from dtks.models import Keluarga
from dtks.queries.kelengkapan import umur
from wilayah.kode import kabupaten_dari, rentang, ringkas

# reason of the eligibility list (bansos.queries.sebab) -> cause of a natural graduation
SEBAB = {
    "KOMPONEN": Graduasi.Sebab.TANPA_KOMPONEN,
    "DESIL": Graduasi.Sebab.NAIK_DESIL,
    "MAKS_TAHUN": Graduasi.Sebab.MASA_HABIS,
}
TERBUKA = ("menunggu", "disetujui")


def rentan(keluarga: Keluarga) -> bool:
    """Is there an old or disabled person in the family? Then a second person looks before anything begins."""
    hari = timezone.localdate()
    orang = keluarga.anggota.filter(aktif=True).values_list("tgl_lahir", "disabilitas")
    return any(cacat or (umur(lahir, hari) or 0) >= LANSIA for lahir, cacat in orang)


def _luas(luas: Iterable[str], kolom: str) -> tuple[str, dict[str, Any]]:
    bagian, nilai = [], {}
    for n, kode in enumerate(ringkas(luas)):
        nilai[f"a{n}"], nilai[f"z{n}"] = rentang(kode)
        bagian.append(f"({kolom} >= %(a{n})s and {kolom} < %(z{n})s)")
    return " or ".join(bagian) or "false", nilai


# The newest decree in force of each family of the areas, where it still gives; `sejak`: the first decree of the programme.
_TERIMA = """
with sk as (
  select distinct on (u.keluarga_id, t.program_id) u.keluarga_id, t.program_id, u.jalur, b.id as baris,
    min(t.tanggal) over (partition by u.keluarga_id, t.program_id) as sejak
  from dtks_keluarga k join dtks_usulan u on u.keluarga_id = k.id join bansos_barispenetapan b on b.usulan_id = u.id
  join bansos_penetapan t on t.id = b.penetapan_id
  where ({syarat}) and k.status <> 'nonaktif' and t.program_id = any(%(program)s) and t.status = 'berlaku' and b.hasil = 'ditetapkan'
  order by u.keluarga_id, t.program_id, t.created_at desc, b.id desc)
, terima as (
  select s.*, k.nama_kepala as nama, k.wilayah_id as wilayah, w.jalur as letak, w.tingkat from sk s join dtks_keluarga k on k.id = s.keluarga_id
  join wilayah_wilayah w on w.kode = k.wilayah_id where s.jalur <> 'PENGHAPUSAN')
"""
_BELUM = """not exists (select 1 from bansos_graduasi g where g.baris_id = r.baris and g.status in ('menunggu', 'disetujui'))
  and not exists (select 1 from dtks_usulan u where u.keluarga_id = r.keluarga_id and u.program = r.program_id and u.jalur = 'PENGHAPUSAN'
                  and u.status not in ('draf', 'ditarik', 'ditolak', 'ditetapkan', 'tidak_ditetapkan', 'daftar_tunggu'))"""


@dataclass(frozen=True)
class Calon:
    """One recipient. `alasan`: sentences; `sebab`: code of Graduasi.Sebab, '' where none fits; `kunci` for the pages is `keluarga`."""

    baris: UUID
    keluarga: UUID
    nama: str
    wilayah: str
    letak: str
    tingkat: int
    sejak: date
    desil: int | None
    alasan: list[str]
    sebab: str = ""


def _calon(r: tuple[Any, ...], alasan: list[str], sebab: str = "") -> Calon:
    return Calon(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], alasan, sebab)


def _baca(query: str, nilai: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, nilai)
        return cursor.fetchall()


def _sesudah(nilai: dict[str, Any], sesudah: list[Any]) -> str:
    if not sesudah:
        return ""
    nilai |= {"w": sesudah[0], "k": sesudah[1]}
    return "and (r.wilayah, r.keluarga_id) > (%(w)s, %(k)s::uuid)"


def alamiah(program: str, luas: list[str], sesudah: list[Any], maks: int) -> list[Calon]:
    """Recipients that the newest eligibility list of this quarter finds without component, above the decile or past their time."""
    daftar = daftar_kelayakan.terkini(program, periode_kini(), kabupaten_dari(luas[0]))
    if daftar is None:
        return []
    syarat, nilai = _luas(luas, "k.wilayah_id")
    nilai |= {"program": [program], "daftar": daftar.pk, "kode": list(SEBAB), "maks": maks}
    query = f"""{_TERIMA.format(syarat=syarat)}
    select r.baris, r.keluarga_id, r.nama, r.wilayah, r.letak, r.tingkat, r.sejak, d.desil, x.kalimat, x.kode
    from terima r join bansos_barisdaftar d on d.daftar_id = %(daftar)s and d.keluarga_id = r.keluarga_id and d.hasil = 'tidak_layak'
    join bansos_sebabdaftar s on s.daftar_id = d.daftar_id and s.nomor = d.sebab
    cross join lateral (
      select array_agg(e ->> 'kalimat' order by n) as kalimat, array_agg(e ->> 'kode' order by n) as kode
      from jsonb_array_elements(s.isi) with ordinality as x(e, n) where not (e ->> 'cocok')::boolean and e ->> 'kode' = any(%(kode)s)) x
    where x.kode is not null and {_BELUM} {_sesudah(nilai, sesudah)}
    order by r.wilayah, r.keluarga_id limit %(maks)s"""  # noqa: S608 - words of code
    return [_calon(r, r[8], SEBAB[r[9][0]]) for r in _baca(query, nilai)]


@dataclass(frozen=True)
class Masa:
    """The time limit of a programme there: years, whom it spares, and from which first decree on it is told of."""

    tahun: int
    kecuali: list[str]
    ingat_bulan: int


def masa(program: str, wilayah: str) -> Masa | None:
    """None where the rule of the programme sets no limit."""
    try:
        isi = berlaku(program, wilayah, timezone.localdate()).isi
    except TanpaAturan:
        return None
    if not isi.get("maks_tahun"):
        return None
    ingat = int(rules.value("graduasi.ingat_bulan", wilayah))
    return Masa(int(isi["maks_tahun"]), list(isi.get("kecuali_lulus") or []), ingat)


def mendekati(program: str, luas: list[str], sesudah: list[Any], maks: int) -> list[Calon]:
    """Recipients whose time ends within the warning time; families with people whom the rule spares are left out."""
    batas = masa(program, luas[0])
    if batas is None:
        return []
    syarat, nilai = _luas(luas, "k.wilayah_id")
    nilai |= {
        "program": [program], "maks": maks, "tahun": batas.tahun, "ingat": batas.ingat_bulan, "lansia": LANSIA,
        "kec_lansia": "lansia" in batas.kecuali, "kec_dis": "disabilitas" in batas.kecuali, "hari": timezone.localdate(),
    }  # fmt: skip
    query = f"""{_TERIMA.format(syarat=syarat)}
    select r.baris, r.keluarga_id, r.nama, r.wilayah, r.letak, r.tingkat, r.sejak, null,
      (r.sejak + make_interval(years => %(tahun)s))::date
    from terima r
    where r.sejak + make_interval(years => %(tahun)s) - make_interval(months => %(ingat)s) <= %(hari)s
      and not exists (
        select 1 from dtks_individu i where i.keluarga_id = r.keluarga_id and i.aktif and (
          (%(kec_lansia)s and i.tgl_lahir <= %(hari)s - make_interval(years => %(lansia)s)) or (%(kec_dis)s and i.disabilitas <> '')))
      and {_BELUM} {_sesudah(nilai, sesudah)}
    order by r.wilayah, r.keluarga_id limit %(maks)s"""  # noqa: S608 - words of code
    hari = timezone.localdate()
    return [
        _calon(r, [f"Batas {batas.tahun} tahun {'lewat' if r[8] <= hari else 'habis'} pada {r[8]:%d/%m/%Y}."], Graduasi.Sebab.MASA_HABIS)
        for r in _baca(query, nilai)
    ]  # fmt: skip


def pena(luas: list[str], sesudah: list[Any], maks: int) -> list[Calon]:
    """Recipients of PKH or Sembako with somebody of working age who has a business or a certified skill, and whose decile is near
    the limit (rule 'pena.calon'); those who receive PENA or are proposed for it are left out.
    """
    batas = rules.value("pena.calon", luas[0])
    syarat, nilai = _luas(luas, "k.wilayah_id")
    nilai |= {"program": ["PKH", "BPNT"], "maks": maks, "hari": timezone.localdate(), **batas}
    query = f"""{_TERIMA.format(syarat=syarat)}
    , satu as (select distinct on (keluarga_id) * from terima order by keluarga_id, program_id)
    select r.baris, r.keluarga_id, r.nama, r.wilayah, r.letak, r.tingkat, r.sejak, d.desil, x.usaha, x.terampil
    from satu r
    join lateral (select desil from dtks_desil e where e.keluarga_id = r.keluarga_id order by tahun desc, triwulan desc limit 1) d on true
    cross join lateral (
      select count(*) filter (where usaha_jumlah > 0) as usaha, count(*) filter (where keterampilan) as terampil from dtks_individu i
      where i.keluarga_id = r.keluarga_id and i.aktif
        and i.tgl_lahir <= %(hari)s - make_interval(years => %(umur_min)s) and i.tgl_lahir > %(hari)s - make_interval(years => %(umur_maks)s + 1)) x
    where d.desil >= %(desil_min)s and x.usaha + x.terampil > 0
      and not exists (select 1 from dtks_usulan u where u.keluarga_id = r.keluarga_id and u.program = 'PENA' and u.status not in ('ditarik', 'ditolak'))
      {_sesudah(nilai, sesudah)}
    order by r.wilayah, r.keluarga_id limit %(maks)s"""  # noqa: S608 - words of code
    return [_calon(r, _siap(r[7], r[8], r[9])) for r in _baca(query, nilai)]


def _siap(desil: int, usaha: int, terampil: int) -> list[str]:
    kata = [f"Desil {desil}."]
    if usaha:
        kata.append(f"{usaha} anggota usia kerja punya usaha.")
    if terampil:
        kata.append(f"{terampil} anggota usia kerja punya keterampilan bersertifikat.")
    return kata


# --- afterwards ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sesudah:
    """A family that graduated, or received PENA. `masuk_lagi`: it receives the programme that it left, or is proposed for it."""

    keluarga: UUID
    nama: str
    wilayah: str
    letak: str
    tingkat: int
    program: str
    jenis: str  # 'graduasi' or 'pena'
    tanggal: date
    masuk_lagi: bool
    keadaan: str
    dilihat: date | None

    @property
    def kunci(self) -> str:
        return f"{self.keluarga}{self.program}"


_SESUDAH = """
with keluar as (
  select u.keluarga_id, t.program_id, 'graduasi' as jenis, t.tanggal, t.created_at
  from bansos_graduasi g join dtks_usulan u on u.id = g.usulan_id join bansos_barispenetapan b on b.usulan_id = u.id
  join bansos_penetapan t on t.id = b.penetapan_id
  where b.hasil = 'ditetapkan' and t.status = 'berlaku'
  union all
  select u.keluarga_id, t.program_id, 'pena', t.tanggal, t.created_at
  from bansos_penetapan t join bansos_barispenetapan b on b.penetapan_id = t.id join dtks_usulan u on u.id = b.usulan_id
  where t.program_id = 'PENA' and b.hasil = 'ditetapkan' and t.status = 'berlaku' and u.jalur <> 'PENGHAPUSAN')
, r as (
  select distinct on (e.keluarga_id, e.program_id) e.*, k.nama_kepala as nama, k.wilayah_id as wilayah, w.jalur as letak, w.tingkat
  from keluar e join dtks_keluarga k on k.id = e.keluarga_id join wilayah_wilayah w on w.kode = k.wilayah_id
  where ({syarat}) and e.tanggal > %(hari)s - make_interval(months => %(bulan)s)
  order by e.keluarga_id, e.program_id, e.created_at desc)
select r.keluarga_id, r.nama, r.wilayah, r.letak, r.tingkat, r.program_id, r.jenis, r.tanggal,
  r.jenis = 'graduasi' and (
    exists (select 1 from dtks_usulan u join bansos_barispenetapan b on b.usulan_id = u.id join bansos_penetapan t on t.id = b.penetapan_id
      where u.keluarga_id = r.keluarga_id and t.program_id = r.program_id and t.created_at > r.created_at and t.status = 'berlaku'
        and b.hasil = 'ditetapkan' and u.jalur <> 'PENGHAPUSAN')
    or exists (select 1 from dtks_usulan u where u.keluarga_id = r.keluarga_id and u.program = r.program_id and u.created_at > r.created_at
      and u.jalur <> 'PENGHAPUSAN' and u.status not in ('draf', 'ditarik', 'ditolak', 'tidak_ditetapkan'))),
  coalesce(p.keadaan, ''), p.tanggal
from r left join lateral (
  select keadaan, tanggal from bansos_pantaumandiri p where p.keluarga_id = r.keluarga_id and p.program_id = r.program_id
  order by p.tanggal desc, p.created_at desc limit 1) p on true
where {lanjut}
order by r.wilayah, r.keluarga_id::text || r.program_id limit %(maks)s
"""


def sesudah(
    luas: list[str], lanjut: list[Any], maks: int, keluarga: UUID | None = None, program: str = ""
) -> list[Sesudah]:
    """Families of the last months (rule 'graduasi.pantau_bulan') that left or received PENA; one of them with `keluarga` and `program`."""
    syarat, nilai = _luas(luas, "k.wilayah_id")
    nilai |= {
        "hari": timezone.localdate(),
        "bulan": int(rules.value("graduasi.pantau_bulan", luas[0])),
        "maks": maks,
    }
    bila = "true"
    if lanjut:
        bila = "(r.wilayah, r.keluarga_id::text || r.program_id) > (%(w)s, %(k)s)"
        nilai |= {"w": lanjut[0], "k": lanjut[1]}
    if keluarga:
        bila += " and r.keluarga_id = %(keluarga)s and r.program_id = %(program)s"
        nilai |= {"keluarga": keluarga, "program": program}
    return [Sesudah(*r) for r in _baca(_SESUDAH.format(syarat=syarat, lanjut=bila), nilai)]
