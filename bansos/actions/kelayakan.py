"""The monthly answer of a village about each recipient. It takes nobody off the list.

'Tidak layak', 'tidak ditemukan' and a death without a new pengurus open a removal proposal, which goes through the whole
line (musyawarah, visit, Dinas, decree), so that the family is heard. A death itself is recorded in the register, not here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Pengguna
from bansos.models import AlasanKelayakan, BarisPenetapan, VerifikasiKelayakan
from bansos.policies import kelayakan as policies
from bansos.queries.kelayakan import bulan_kini, penerima
from core import audit, files, rules, workflow
from core.models import Berkas
from core.terbilang import periode_kata
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen, StepRefused
from dtks.actions import usulan as langkah
from dtks.models import Individu, Keluarga, Usulan
from dtks.queries.kelengkapan import DIISI_DESA
from dtks.workflow import USULAN_TERBUKA

Hasil = VerifikasiKelayakan.Hasil
ALASAN_TARIK = "HAPUS_TIDAK_PERLU"
DIUSULKAN_HAPUS = (Hasil.TIDAK_LAYAK, Hasil.TIDAK_DITEMUKAN)


@dataclass(frozen=True)
class Jawaban:
    """One answer. `alasan` are codes of AlasanKelayakan; `meninggal` and `pengurus` are ids of members; `foto` raw bytes."""

    hasil: str
    alasan: Sequence[str] = ()
    catatan: str = ""
    meninggal: UUID | None = None
    pengurus: UUID | None = None
    foto: bytes = b""


def jawab(
    baris_id: UUID | str, *, by: Pengguna, jawaban: Jawaban, sebelum: UUID | None = None
) -> VerifikasiKelayakan:
    """Answer for one recipient this month. `sebelum`: the answer that the person saw and corrects, None for a first one.

    Raises NotAllowed, NotOpen (answered meanwhile, or not a recipient any more), GateClosed, core.files.BadFile.
    """
    with transaction.atomic():
        baris = _penerima(baris_id, by)
        lama = _berlaku(baris)
        if (lama.pk if lama else None) != sebelum:
            raise NotOpen(
                [
                    Halangan(
                        "SUDAH_DIJAWAB", "Keluarga ini baru saja dijawab orang lain.", "Muat ulang halaman."
                    )
                ]
            )
        orang = _check(baris, jawaban)
        if lama and not jawaban.catatan.strip():
            raise GateClosed([Halangan("CATATAN_WAJIB", "Tuliskan di catatan mengapa jawaban diperbaiki.")])
        return _tulis(baris, by, jawaban, lama, **orang)


@transaction.atomic
def tandai_layak(ids: Iterable[object], *, by: Pengguna) -> int:
    """'Masih layak' for every ticked recipient, all or none. Raises GateClosed when one was answered meanwhile."""
    semua = sorted({str(i) for i in ids})
    if not semua:
        raise GateClosed([Halangan("PILIHAN_KOSONG", "Centang paling sedikit satu nama.")])
    rows = [_penerima(satu, by) for satu in semua]
    sudah = [b.usulan.keluarga.nama_kepala for b in rows if _berlaku(b)]
    if sudah:
        raise GateClosed(
            [
                Halangan(
                    "SUDAH_DIJAWAB",
                    f"Sudah dijawab: {', '.join(sudah[:3])}{' dan lainnya' if len(sudah) > 3 else ''}.",
                    "Muat ulang daftar.",
                )
            ]
        )
    for baris in rows:
        _tulis(baris, by, Jawaban(Hasil.LAYAK), None)
    return len(rows)


def _penerima(baris_id: UUID | str, by: Pengguna) -> BarisPenetapan:
    """The recipient's row, its family locked. Asked again inside the lock: a decree may have removed it meanwhile."""
    rows = BarisPenetapan.objects.select_related("usulan__keluarga", "penetapan__program")
    baris = rows.filter(pk=baris_id).first()
    if baris is None:
        raise NotOpen(
            [Halangan("BUKAN_PENERIMA", "Nama ini tidak ada lagi di daftar.", "Muat ulang daftar.")]
        )
    hapus = Usulan.objects.filter(
        keluarga=baris.usulan.keluarga_id, jalur=Usulan.Jalur.PENGHAPUSAN, status__in=USULAN_TERBUKA
    )
    list(hapus.select_for_update(of=("self",)).order_by("pk"))  # proposals before families, as everywhere
    keluarga: Keluarga = workflow.lock(Keluarga, baris.usulan.keluarga_id)
    if kalimat := policies.jawab(by, keluarga, baris.penetapan.program_id):
        raise NotAllowed([Halangan("TIDAK_BISA_DIJAWAB", kalimat)])
    if not penerima([keluarga.wilayah_id]).filter(pk=baris.pk).exists():
        raise NotOpen(
            [
                Halangan(
                    "BUKAN_PENERIMA", "Keluarga ini bukan penerima program ini lagi.", "Muat ulang daftar."
                )
            ]
        )
    baris.usulan.keluarga = keluarga
    return baris


def _berlaku(baris: BarisPenetapan) -> VerifikasiKelayakan | None:
    return (
        VerifikasiKelayakan.objects.terakhir()
        .filter(periode=bulan_kini(), program=baris.penetapan.program_id, keluarga=baris.usulan.keluarga_id)
        .first()
    )


def _check(baris: BarisPenetapan, jawaban: Jawaban) -> dict[str, Individu | None]:
    """The members that a death names; refuses what does not fit the result."""
    if jawaban.hasil not in Hasil.values:
        raise GateClosed([Halangan("HASIL_KOSONG", "Pilih jawabannya.")])
    if jawaban.hasil == Hasil.TIDAK_LAYAK and not jawaban.alasan:
        raise GateClosed([Halangan("ALASAN_WAJIB", "Pilih paling sedikit satu sebab tidak layak.")])
    dikenal = AlasanKelayakan.objects.filter(aktif=True, pk__in=list(jawaban.alasan)).count()
    if dikenal != len(set(jawaban.alasan)):
        raise GateClosed(
            [Halangan("ALASAN_TIDAK_DIKENAL", "Pilih sebab dari daftar.", "Muat ulang halaman.")]
        )
    if jawaban.hasil != Hasil.MENINGGAL:
        return {}
    anggota = {a.pk: a for a in baris.usulan.keluarga.anggota.filter(aktif=True)}
    almarhum = anggota.get(jawaban.meninggal) if jawaban.meninggal else None
    if almarhum is None:
        raise GateClosed([Halangan("SIAPA_MENINGGAL", "Pilih siapa yang meninggal.")])
    if jawaban.pengurus is None:
        return {"yang_meninggal": almarhum}
    if baris.penetapan.program.unit == "individu":
        raise GateClosed(
            [
                Halangan(
                    "BANTUAN_PERORANGAN",
                    "Bantuan ini untuk perorangan, tidak bisa dialihkan ke pengurus lain.",
                )
            ]
        )
    pengurus = anggota.get(jawaban.pengurus)
    if pengurus is None or pengurus == almarhum:
        raise GateClosed([Halangan("PENGURUS", "Pilih pengurus baru dari anggota lain yang masih aktif.")])
    batas = rules.value("kelayakan.umur_pengurus", baris.usulan.keluarga.wilayah_id)
    if umur(pengurus.tgl_lahir) < batas:
        raise GateClosed([Halangan("PENGURUS_ANAK", f"Pengurus baru paling muda {batas} tahun.")])
    return {"yang_meninggal": almarhum, "pengurus_baru": pengurus}


def umur(lahir: date) -> int:
    hari = timezone.localdate()
    return hari.year - lahir.year - ((hari.month, hari.day) < (lahir.month, lahir.day))


def _tulis(
    baris: BarisPenetapan,
    by: Pengguna,
    jawaban: Jawaban,
    lama: VerifikasiKelayakan | None,
    **orang: Individu | None,
) -> VerifikasiKelayakan:
    keluarga = baris.usulan.keluarga
    hapus = jawaban.hasil in DIUSULKAN_HAPUS or (
        jawaban.hasil == Hasil.MENINGGAL and not orang.get("pengurus_baru")
    )
    if not hapus and lama and lama.usulan:
        _tarik_hapus(lama.usulan, by)
    satu = VerifikasiKelayakan.objects.create(
        periode=bulan_kini(),
        program=baris.penetapan.program,
        keluarga=keluarga,
        wilayah_id=keluarga.wilayah_id,
        penetapan=baris.penetapan,
        hasil=jawaban.hasil,
        alasan=list(dict.fromkeys(jawaban.alasan)) if jawaban.hasil == Hasil.TIDAK_LAYAK else [],
        catatan=jawaban.catatan.strip()[:500],
        foto=_foto(jawaban.foto, keluarga, by),
        usulan=_usulkan_hapus(baris, by, jawaban) if hapus else None,
        menggantikan=lama,
        by=by,
        **orang,
    )
    audit.catat(
        aksi="verifikasi_kelayakan", objek=satu, by=by, wilayah=keluarga.wilayah_id,
        peran=by.peran_untuk(policies.KUASA, keluarga.wilayah_id), rincian=_rincian(satu),
    )  # fmt: skip
    return satu


def _rincian(satu: VerifikasiKelayakan) -> dict[str, Any]:
    ganti = {"menggantikan": str(satu.menggantikan_id)} if satu.menggantikan_id else {}
    return {"periode": satu.periode, "program": satu.program_id, "hasil": satu.hasil, **ganti}


def _foto(isi: bytes, keluarga: Keluarga, by: Pengguna) -> Berkas | None:
    if not isi:
        return None
    return files.store(
        files.clean_photo(isi), jenis="foto_kelayakan", nama="kelayakan.jpg", mime="image/jpeg",
        wilayah=keluarga.wilayah_id, by_id=str(by.pk),
    )  # fmt: skip


def _pembuka() -> str:
    """How the reason of a removal begins that an answer of this month opened."""
    return f"Verifikasi kelayakan {periode_kata(bulan_kini())}:"


def _tarik_hapus(usulan: Usulan, by: Pengguna) -> None:
    """The answer that opened this removal was wrong: withdrawn while the village has it. Else it is the Dinas's to end."""
    baris = Usulan.objects.get(pk=usulan.pk)
    if baris.status not in DIISI_DESA or not baris.alasan_usul.startswith(_pembuka()):
        return
    try:
        with transaction.atomic():
            langkah.tarik(
                baris, by=by, alasan=ALASAN_TARIK, catatan="Jawaban verifikasi kelayakan diperbaiki."
            )
    except StepRefused:  # goes on; the page says so
        return


def _usulkan_hapus(baris: BarisPenetapan, by: Pengguna, jawaban: Jawaban) -> Usulan | None:
    """The open removal proposal of this family and programme, or a new one handed in to the village. None when another
    proposal of the same programme is under way: one at a time, the page says so.
    """
    keluarga, program = baris.usulan.keluarga, baris.penetapan.program_id
    ada = keluarga.usulan.filter(
        program=program, jalur=Usulan.Jalur.PENGHAPUSAN, status__in=USULAN_TERBUKA
    ).first()
    if ada:
        return ada
    kata = [f"{_pembuka()} {Hasil(jawaban.hasil).label}."]
    kata += AlasanKelayakan.objects.filter(pk__in=list(jawaban.alasan)).values_list("kalimat", flat=True)
    try:
        with transaction.atomic():
            usulan, _ = langkah.buat(
                by=by, keluarga=keluarga, program=program, jalur=Usulan.Jalur.PENGHAPUSAN,
                alasan_usul="\n".join(kata)[:500],
            )  # fmt: skip
    except StepRefused:
        return None
    try:
        with transaction.atomic():
            return langkah.ajukan(usulan, by=by)
    except StepRefused:  # something is still missing on the form: it waits as a draft with its own sentence
        return usulan


@transaction.atomic
def catat_unduh(*, by: Pengguna, wilayah: str, periode: str, program: str, jumlah: int) -> None:
    """A download of the progress table: who, which month, how many villages."""
    audit.catat(
        aksi="unduh_kelayakan", jenis="bansos.VerifikasiKelayakan", by=by, wilayah=wilayah,
        peran=by.peran_untuk("kelayakan.pantau", wilayah),
        rincian={"periode": periode, "program": program, "jumlah": jumlah},
    )  # fmt: skip
