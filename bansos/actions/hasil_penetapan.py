"""The ministry's outcome as a file: one row per NIK and programme; confirmed, it becomes the note of its decree.

`dtks.actions.impor.hasil_siks` keeps what SIKS-NG answered beside a proposal and decides nothing. This kind decides: rows of
sent proposals go through `penetapan.tetapkan`, one decree for each number, programme and kabupaten. A row is applied once:
a proposal that was determined meanwhile is the same or a conflict, never a second decree.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Pengguna
from bansos.actions.penetapan import Putusan, tetapkan
from bansos.models import BarisPenetapan, Penetapan, Program
from bansos.policies import penetapan as policies
from core import bulk, sheets
from core.forms import DayField
from core.identity import mask_nik
from core.progress import Laju
from core.sheets import Kolom, Lembar, Sel
from core.workflow import GateClosed, Halangan, StepRefused
from dtks.actions.impor.hasil_siks import NIK, PROGRAM, Sasaran, baca_nik, baca_program, cari
from dtks.actions.impor.inti import Baris, JenisImpor, Pesan, daftarkan, jadikan_konflik
from dtks.models import AlasanLangkah, BarisImpor, Impor, Usulan
from wilayah.kode import kabupaten_dari

HASIL, ALASAN, NOMOR, TANGGAL = "HASIL PENETAPAN", "ALASAN", "NOMOR SK", "TANGGAL SK"
KOLOM = (
    Kolom(NIK, ("NIK",), lebar=20, penjelasan="16 angka, sel Teks.", contoh="3205010101800001"),
    Kolom(PROGRAM, ("PROGRAM",), penjelasan="Seperti saat diusulkan.", contoh="PKH"),
    Kolom(HASIL, ("HASIL",), lebar=20, penjelasan="DITETAPKAN, TIDAK DITETAPKAN, atau DAFTAR TUNGGU.", contoh="DITETAPKAN"),
    Kolom(ALASAN, wajib=False, lebar=40, penjelasan="Wajib bila bukan DITETAPKAN: kode atau kalimatnya.", contoh=""),
    Kolom(NOMOR, ("NOMOR KEPMENSOS",), lebar=20, penjelasan="Nomor Keputusan Menteri Sosial.", contoh="21/HUK/2026"),
    Kolom(TANGGAL, penjelasan="Hari/bulan/tahun.", contoh="05/10/2026"),
)  # fmt: skip
CHUNK = 1000
_HASIL = {kata.upper(): kode for kode, kata in BarisPenetapan.Hasil.choices}
_BEBAS = {"tidak_ditetapkan": "PUTUSAN_PUSAT", "daftar_tunggu": "KUOTA_PENUH"}


def periksa(impor: Impor, lembar: Lembar, laju: Laju) -> Iterator[Baris]:
    by = impor.created_by
    luas = by.cakupan(impor.kuasa)
    program = {p.pk: p for p in Program.objects.all()}
    alasan = _alasan()
    satu_usulan: dict[Any, tuple[int, tuple[str, ...]]] = {}
    n = 0
    berisi = (b for b in lembar.baris() if any(s is not None and s != "" for s in b[1]))
    for bagian in bulk.chunks(berisi, CHUNK):
        rows = [(nomor, _baca(nomor, sel, program, alasan)) for nomor, sel in bagian]
        sasaran = cari([b.isi["d"] for _, b in rows if not b.galat], luas)
        keadaan = _keadaan(sasaran)
        for _, baris in rows:
            if not baris.galat:
                _golongkan(baris, sasaran, keadaan, by, program)
            if baris.hasil == "baru":
                _sekali(baris, satu_usulan)
            yield baris
        n += len(bagian)
        laju(n, "Memeriksa")


def _alasan() -> dict[str, dict[str, str]]:
    """outcome -> code or sentence in capitals -> code."""
    hasil: dict[str, dict[str, str]] = {kode: {} for kode in _BEBAS}
    rows = AlasanLangkah.objects.filter(langkah__in=list(_BEBAS), aktif=True)
    for kode, langkah, kalimat in rows.values_list("kode", "langkah", "kalimat"):
        hasil[langkah][kode.upper()] = hasil[langkah][kalimat.upper().rstrip(".")] = kode
    return hasil


def _baca(
    nomor: int, sel: Sequence[Sel], program: dict[str, Program], alasan: dict[str, dict[str, str]]
) -> Baris:
    """The rules of one row that need no register."""
    teks = [_teks(satu) for satu in sel]
    baris = Baris(nomor, "galat", {"m": teks})
    _, kata, kabar, sebab, sk, hari = teks
    for satu, isi in zip(KOLOM, teks, strict=True):
        if sheets.tak_terlihat(isi):
            baris.galat.append(Pesan(satu.judul, "TANDA_TAK_TERLIHAT", "Sel berisi tanda yang tidak terlihat. Ketik ulang."))  # fmt: skip
    nik, kode = baca_nik(sel[0], baris), baca_program(kata, frozenset(program), baris)
    if kode and program[kode].sumber == Program.Sumber.APBD:
        baris.galat.append(Pesan(PROGRAM, "APBD", "Program APBD ditetapkan di portal, bukan dari berkas."))
    hasil = _HASIL.get(kabar.upper(), "")
    if not hasil:
        baris.galat.append(Pesan(HASIL, "HASIL_TIDAK_DIKENAL", "Tulis DITETAPKAN, TIDAK DITETAPKAN, atau DAFTAR TUNGGU."))  # fmt: skip
    if hasil in _BEBAS and not sebab:
        baris.galat.append(Pesan(ALASAN, "ALASAN_WAJIB", "Hasil ini perlu alasan."))
    if hasil == "ditetapkan" and sebab:
        baris.galat.append(Pesan(ALASAN, "ALASAN_BERLEBIH", "Hasil DITETAPKAN tidak memakai alasan. Kosongkan."))  # fmt: skip
    if not sk or len(sk) > 80:
        baris.galat.append(Pesan(NOMOR, "NOMOR_SK", "Isi nomor Keputusan Menteri Sosial, paling banyak 80 huruf."))  # fmt: skip
    tanggal = _tanggal(sel[5], hari, baris)
    if not baris.galat:
        dikenal = alasan.get(hasil, {}).get(sebab.upper().rstrip("."))
        baris.program = kode
        baris.isi["d"] = {
            "nik": nik, "program": kode, "hasil": hasil, "alasan": dikenal or _BEBAS.get(hasil, ""),
            "keterangan": "" if dikenal else sebab[:300], "nomor": sk, "tanggal": tanggal,
        }  # fmt: skip
    return baris


def _teks(sel: Sel) -> str:
    bersih = sheets.bersih(sel)
    return "" if bersih is None else " ".join(sheets.sebagai_teks(bersih).split())


def _tanggal(sel: Sel, teks: str, baris: Baris) -> str:
    hari = sel if isinstance(sel, date) else None
    if hari is None:
        try:
            hari = DayField(required=False).clean(teks)
        except ValidationError:
            hari = None
    if hari is None:
        baris.galat.append(Pesan(TANGGAL, "TANGGAL_SK", "Tulis tanggal SK, misalnya 05/10/2026."))
        return ""
    return f"{hari:%Y-%m-%d}"


def _keadaan(sasaran: dict[tuple[str, str], Sasaran]) -> dict[Any, tuple[str, str]]:
    """usulan -> (status, kabupaten) of those that the rows speak about."""
    rows = Usulan.objects.filter(pk__in={s.usulan for s in sasaran.values()})
    return {pk: (status, kabupaten_dari(w)) for pk, status, w in rows.values_list("pk", "status", "wilayah_id")}  # fmt: skip


def _golongkan(
    baris: Baris,
    sasaran: dict[tuple[str, str], Sasaran],
    keadaan: dict[Any, tuple[str, str]],
    by: Pengguna,
    program: dict[str, Program],
) -> None:
    d = baris.isi["d"]
    satu = sasaran.get((d["nik"], d["program"]))
    if satu is None:
        baris.galat = [Pesan(NIK, "USULAN_TIDAK_ADA", "Tidak ada usulan program ini untuk NIK ini di wilayah Anda.")]  # fmt: skip
        return
    baris.usulan, baris.individu, baris.keluarga = satu.usulan, satu.individu, satu.keluarga
    status, kabupaten = keadaan[satu.usulan]
    if kalimat := policies.tetapkan(by, program[d["program"]], kabupaten):
        baris.galat = [Pesan(PROGRAM, "TIDAK_BERWENANG", kalimat)]
    elif status == d["hasil"]:
        baris.hasil = "sama"
    elif status != "dikirim":
        kata = dict(Usulan._meta.get_field("status").choices)[status]  # type: ignore[arg-type]
        baris.galat = [
            Pesan(HASIL, "TIDAK_MENUNGGU", f"Usulan ini tidak menunggu penetapan: sekarang “{kata}”.")
        ]
    else:
        baris.hasil = "baru"


def _sekali(baris: Baris, sudah: dict[Any, tuple[int, tuple[str, ...]]]) -> None:
    """Two members of one proposal say the same once; two outcomes for one proposal are an error."""
    d = baris.isi["d"]
    isi = (d["hasil"], d["alasan"], d["nomor"], d["tanggal"])
    nomor, lama = sudah.setdefault(baris.usulan, (baris.nomor, isi))
    if nomor == baris.nomor:
        return
    if lama == isi:
        baris.hasil = "sama"
        return
    baris.hasil = "galat"
    baris.galat = [Pesan(HASIL, "BERTENTANGAN", f"Baris {nomor} menyebut hasil lain untuk usulan yang sama.")]


def terapkan(impor: Impor, by: Pengguna, laju: Laju) -> dict[str, int]:
    """One decree for each number, day, programme and kabupaten of the file; a group that cannot go in is a conflict."""
    rows = list(BarisImpor.objects.filter(impor=impor, hasil="baru").order_by("nomor"))
    wilayah: dict[Any, str] = dict(
        Usulan.objects.filter(pk__in=[b.usulan for b in rows]).values_list("pk", "wilayah_id")
    )
    kelompok: dict[tuple[str, str, str, str], list[tuple[BarisImpor, dict[str, Any]]]] = defaultdict(list)
    for b in rows:
        d = b.buka()["d"]
        kunci = (d["nomor"], d["tanggal"], d["program"], kabupaten_dari(wilayah[b.usulan]))
        kelompok[kunci].append((b, d))
    terbit = konflik = n = 0
    for (nomor, tanggal, program, kabupaten), isi in sorted(kelompok.items(), key=lambda k: k[0]):
        putusan = {str(b.usulan): Putusan(d["hasil"], d["alasan"], d["keterangan"]) for b, d in isi}
        try:
            with transaction.atomic():
                tetapkan(
                    by=by, program=Program.objects.get(pk=program), wilayah=kabupaten, putusan=putusan,
                    tanggal=date.fromisoformat(tanggal), nomor=nomor,
                )  # fmt: skip
        except StepRefused as refused:
            sebab = " ".join(f"{h.kalimat} {h.jalan_keluar}".strip() for h in refused.halangan)
            jadikan_konflik(impor, [b.nomor for b, _ in isi], Pesan(NOMOR, refused.halangan[0].kode, sebab[:500]))  # fmt: skip
            konflik += len(isi)
        else:
            terbit += 1
        n += len(isi)
        laju(n, "Menyimpan")
    return {"sk": terbit, "hasil": n - konflik, "konflik": konflik}


def batalkan(impor: Impor, by: Pengguna, laju: Laju) -> dict[str, int]:
    """A decree is not taken back by taking back a file."""
    nomor = Penetapan.objects.filter(
        baris__usulan__in=BarisImpor.objects.filter(impor=impor, hasil="baru").values("usulan")
    )
    raise GateClosed(
        [
            Halangan(
                "SK_TERBIT",
                f"Hasilnya sudah menjadi {nomor.distinct().count()} SK.",
                "Ganti atau cabut SK itu di menu Penetapan.",
            )
        ]
    )


def ringkas(b: BarisImpor) -> str:
    m = b.buka()["m"]
    return " · ".join(s[:60] for s in (mask_nik("".join(m[0].split())), m[1], m[2], m[3], m[4]) if s)


JENIS = daftarkan(
    JenisImpor(
        kode="hasil_penetapan",
        judul="Hasil penetapan Kementerian Sosial",
        keterangan="Ditetapkan, tidak ditetapkan, atau daftar tunggu untuk usulan APBN yang sudah dikirim.",
        kolom=KOLOM,
        kuasa="impor.hasil_penetapan",
        periksa=periksa,
        terapkan=terapkan,
        batalkan=batalkan,
        mentah=lambda b: b.buka()["m"],
        ringkas=ringkas,
        petunjuk=(
            "Satu baris satu NIK dan program. Usulan harus sudah dikirim.",
            "Sesudah disetujui, hasilnya menjadi catatan SK dan tidak bisa dibatalkan dari berkas.",
        ),
        lembar="HASIL",
        nama_templat="TEMPLATE_HASIL_PENETAPAN.xlsx",
    )
)
