"""What the report pages show: numbers with links to their rows, charts, and the way up and down the areas."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString

from accounts.models import Pengguna
from core.templatetags.ui import waktu
from portal import grafik
from portal.queries.laporan import kpi
from portal.queries.laporan.dasar import Baris, Hasil, Laporan, Lingkup, Sel, hitung, melihat_baris, tulis
from wilayah.kode import leluhur, mencakup, ringkas
from wilayah.models import Wilayah

PETAK_TERBANYAK = 60
TERBESAR = 15  # lines of a bar chart; the table has them all


@dataclass(frozen=True)
class SelHalaman:
    judul: str
    teks: str
    url: str
    samar: bool


def alamat(laporan: str, tempat: Lingkup, wilayah: str = "", **lain: str) -> str:
    """Address of a report ('' = the first page) on an area in the period of `tempat`."""
    isi = {"wilayah": wilayah or tempat.satu, "periode": tempat.periode, **lain}
    awal = f"/laporan/{laporan}/" if laporan else "/laporan/"
    return f"{awal}?{urlencode({k: v for k, v in isi.items() if v})}"


def alamat_baris(laporan: Laporan, tempat: Lingkup, wilayah: str, kolom: str) -> str:
    return f"/laporan/{laporan.kode}/baris/?" + urlencode(
        {"wilayah": wilayah, "periode": tempat.periode, "kolom": kolom}
    )


def sel_baris(hasil: Hasil, baris: Baris, user: Pengguna) -> list[SelHalaman]:
    """Cells of one line; a number leads to its rows where this person may see all of them."""
    satu = []
    for kolom in hasil.laporan.kolom:
        sel = baris.sel[kolom.kode]
        boleh = (
            kolom.baris
            and baris.kode
            and sel.nilai
            and not sel.samar
            and boleh_baris(user, hasil.laporan, baris.kode)
        )
        url = alamat_baris(hasil.laporan, hasil.lingkup, baris.kode, kolom.baris) if boleh else ""
        satu.append(SelHalaman(kolom.judul, str(sel), url, sel.samar))
    return satu


def boleh_baris(user: Pengguna, laporan: Laporan, wilayah: str) -> bool:
    return melihat_baris(user, [wilayah]) and any(
        mencakup(a, wilayah) for a in user.cakupan(laporan.kuasa_baris)
    )


def di_atas(user: Pengguna, tempat: Lingkup) -> list[Lingkup]:
    """The wider areas whose pages this person may open, the widest first."""
    luas = ringkas(user.cakupan("laporan.lihat"))
    if not tempat.satu:
        return []
    atas = [Lingkup((k,), tempat.periode) for k in leluhur(tempat.satu) if any(mencakup(a, k) for a in luas)]
    return [Lingkup(tuple(luas), tempat.periode), *atas] if len(luas) > 1 else atas


def baca(user: Pengguna, laporan: Laporan, tempat: Lingkup, atas: Iterable[Lingkup] | None = None) -> Hasil:
    """The report as this person may read it. What is hidden on a wider page (`atas`) stays hidden on this one, or the
    difference would tell it."""
    if melihat_baris(user, tempat.luas):
        return hitung(laporan, tempat)
    return baca_samar(laporan, [*(di_atas(user, tempat) if atas is None else atas), tempat])


def baca_samar(laporan: Laporan, jalur: Iterable[Lingkup]) -> Hasil:
    """The report on the last of these areas, each inside the one before it, with small numbers hidden on the whole way."""
    hasil: list[Hasil] = []
    for satu in jalur:
        baris = [b for h in hasil for b in h.baris if b.kode == satu.satu]
        tutup = {k for b in baris for k, sel in b.sel.items() if sel.samar}
        hasil.append(hitung(laporan, satu, samar=True, tutup=tutup))
    return hasil[-1]


def titik(hasil: Hasil, kolom: str) -> list[grafik.Titik]:
    """The parts as points of a chart; a hidden number is not drawn."""
    return [
        grafik.Titik(
            b.nama, None if b.sel[kolom].samar else _angka(b.sel[kolom]), str(b.sel[kolom]), _turun(hasil, b)
        )
        for b in hasil.baris
    ]


def titik_per_kode(hasil: Hasil) -> dict[str, grafik.Titik]:
    return {b.kode: t for b, t in zip(hasil.baris, titik(hasil, hasil.laporan.utama), strict=True)}


def _angka(sel: Sel) -> float | None:
    return None if sel.nilai is None else float(sel.nilai)


def _turun(hasil: Hasil, baris: Baris) -> str:
    return alamat(hasil.laporan.kode, hasil.lingkup, baris.kode)


def gambar(hasil: Hasil, *, petak: bool = True) -> list[tuple[str, SafeString]]:
    """(heading, chart) of a report: the largest parts, all as tiles (`petak`: where no map shows them), parts of a whole."""
    laporan, kolom = hasil.laporan, hasil.laporan.satu_kolom(hasil.laporan.utama)
    data, isi = titik(hasil, kolom.kode), []
    judul = f"{laporan.judul}: {kolom.judul}"
    besar = sorted((t for t in data if t.nilai), key=lambda t: -(t.nilai or 0))[:TERBESAR]
    if len(data) > 1 and besar:
        kata = f"{judul}, {len(besar)} terbesar" if len(besar) < len(data) else judul
        isi.append((kata, grafik.batang(kata, besar)))
    if petak and 1 < len(data) <= PETAK_TERBANYAK:
        isi.append((f"Petak wilayah: {kolom.judul}", grafik.petak(f"{judul} per wilayah", data)))
    if (
        laporan.tumpuk
        and hasil.total.sel
        and not any(b.sel[k].samar for b in hasil.baris for k in laporan.tumpuk)
    ):
        seri = [laporan.satu_kolom(k).judul for k in laporan.tumpuk]
        isian = [(b.nama, [float(b.sel[k].nilai or 0) for k in laporan.tumpuk]) for b in hasil.baris]
        isian = sorted((i for i in isian if sum(i[1])), key=lambda i: -sum(i[1]))[:TERBESAR]
        kata = f"{laporan.judul} menurut bagian"
        if isian:
            isi.append((kata, grafik.tumpuk(kata, seri, isian)))
    return isi


def tren(tempat: Lingkup, samar: bool, minimal: int = 5) -> list[grafik.Titik]:
    return [
        grafik.Titik(
            p[5:] + "/" + p[2:4],
            None if samar and 0 < n < minimal else n,
            "1–4" if samar and 0 < n < minimal else tulis(n, "n"),
        )
        for p, n in kpi.tren_usulan(tempat)
    ]


def jalan(user: Pengguna, tempat: Lingkup) -> list[tuple[str, str]]:
    """(name, code) from the widest area of this person down to the one shown."""
    if not tempat.satu:
        return []
    kode = [
        k
        for k in (*leluhur(tempat.satu), tempat.satu)
        if any(mencakup(a, k) for a in user.cakupan("laporan.lihat"))
    ]
    return [(w.sebutan, w.kode) for w in Wilayah.objects.filter(pk__in=kode).order_by("kode")]


def sebutan(tempat: Lingkup) -> str:
    nama = Wilayah.objects.filter(pk__in=tempat.luas[:5]).order_by("kode").values_list("jalur", flat=True)
    return "; ".join(nama) + ("; …" if len(tempat.luas) > 5 else "")


def lembar(hasil: Hasil) -> tuple[list[str], list[list[str]]]:
    """Headings and lines of a file: the parts, then the sum; hidden numbers stay hidden."""
    judul = ["Kode", "Wilayah", *(k.judul for k in hasil.laporan.kolom)]
    isi = [
        [b.kode, b.nama, *(str(b.sel[k.kode]) for k in hasil.laporan.kolom)]
        for b in [*hasil.baris, hasil.total]
    ]
    return judul, isi


def rincian(hasil: Hasil, samar: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """Further tables of a report. With `samar` only those without a small number, and none where a total is hidden: they add up to it."""
    if hasil.laporan.rincian is None or (samar and any(sel.samar for sel in hasil.total.sel.values())):
        return []
    minimal = int(hasil.lingkup.aturan("laporan.sel_minimal"))
    daftar = hasil.laporan.rincian(hasil.lingkup)
    return [
        (judul, [(kata, tulis(n, "n")) for kata, n in rows])
        for judul, rows in daftar
        if rows and not (samar and any(0 < n < minimal for _, n in rows))
    ]


def keterangan(hasil: Hasil, kini: str) -> list[tuple[str, str]]:
    """The definition of the number, as printed under it and on every file."""
    laporan = hasil.laporan
    return [
        ("Dihitung", laporan.pembilang),
        ("Dibagi dengan", laporan.penyebut),
        ("Sumber", laporan.sumber),
        ("Keadaan per", kini),
    ]


def semua(user: Pengguna, tempat: Lingkup, kode: Iterable[str] = ()) -> list[Hasil]:
    mau, atas = set(kode), di_atas(user, tempat)
    return [
        baca(user, satu, tempat, atas)
        for satu in kpi.LAPORAN
        if (not mau or satu.kode in mau) and boleh(user, satu, tempat)
    ]


def boleh(user: Pengguna, laporan: Laporan, tempat: Lingkup) -> bool:
    """May this person read the report everywhere in these areas?"""
    luas = user.cakupan(laporan.kuasa)
    return bool(tempat.luas) and all(any(mencakup(a, w) for a in luas) for w in tempat.luas)


def tulis_baris(row: Any, user: Pengguna) -> tuple[str, str, str]:  # noqa: PLR0911 - one return for each kind of row
    """(what, details, address) of one row behind a number. Names only where `visible_to` of the model needs that power."""
    jenis = type(row).__name__
    if jenis == "Usulan":
        return (
            row.tiket,
            f"{row.wilayah.sebutan}, {row.get_status_display()}, periode {row.periode}",
            f"/usulan/{row.pk}/",
        )
    if jenis == "Keluarga":
        return row.nama_kepala, row.wilayah.sebutan, f"/keluarga/{row.pk}/"
    if jenis == "Individu":
        return (
            row.nama,
            f"{row.keluarga.wilayah.sebutan}, {row.get_padan_display()}",
            f"/keluarga/{row.keluarga_id}/",
        )
    if jenis == "Musyawarah":
        return (
            f"{row.wilayah.sebutan}",
            f"{row.get_jenis_display()}, {row.get_status_display()}",
            f"/musyawarah/{row.pk}/",
        )
    if jenis == "BarisPenetapan":
        hasil = {"layak": "masih layak"}.get(row.kini, (row.kini or "belum dinilai").replace("_", " "))
        return (
            row.usulan.tiket,
            f"{row.penetapan.program.nama}, {hasil}, {row.desa.split(', ')[0]}",
            f"/usulan/{row.usulan_id}/",
        )
    if jenis == "Jejak":
        kata = f"{waktu(row.pada)}, {row.aktor_nama}"
        return (
            kata,
            row.aksi.replace("_", " "),
            f"/jejak/?{urlencode({'jenis': row.objek_jenis, 'objek': row.objek_id})}",
        )
    return row.sebutan, row.jalur, alamat("", Lingkup((row.kode,), ""), row.kode)
