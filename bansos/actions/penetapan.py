"""Determination: the SK, its annex, and what follows from it in the register and the eligibility list.

A local decree (APBD) takes its number from a locked series: no gap, no double. The minister's decree (APBN) is recorded
with the number it came with. A corrected decree replaces its predecessor and names it; a revoked one stays visible.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts.models import Pengguna
from bansos.actions import tempat_kuota
from bansos.models import BarisPenetapan, Kelayakan, Penetapan, Program
from bansos.policies import penetapan as policies
from bansos.queries.batch import sebutan_pejabat
from bansos.surat.sk import hitung_hasil, sk
from core import audit, documents, letters, numbering, workflow
from core.models import Dokumen
from core.workflow import GateClosed, Halangan, NotAllowed
from dtks.actions import keluarga as register
from dtks.actions import usulan as langkah
from dtks.models import AlasanLangkah, Desil, Usulan
from wilayah.kode import kabupaten_dari, mencakup
from wilayah.models import Wilayah
from wilayah.waktu import hari_wilayah

_HASIL_DAFTAR = {
    "ditetapkan": Kelayakan.Hasil.LAYAK,
    "daftar_tunggu": Kelayakan.Hasil.DAFTAR_TUNGGU,
    "tidak_ditetapkan": Kelayakan.Hasil.TIDAK_LAYAK,
}


@dataclass(frozen=True)
class Putusan:
    """Outcome for one proposal: `hasil` of BarisPenetapan.Hasil, `alasan` a code of AlasanLangkah unless 'ditetapkan'."""

    hasil: str
    alasan: str = ""
    keterangan: str = ""  # what the deciding office wrote beside its reason; kept in the history


def quarter(hari: date) -> str:
    """Period of an eligibility list: '2026-4' is the fourth quarter of 2026."""
    return f"{hari.year}-{(hari.month - 1) // 3 + 1}"


@transaction.atomic
def tetapkan(
    *,
    by: Pengguna,
    program: Program,
    wilayah: str,
    putusan: Mapping[str, Putusan],
    tanggal: date | None = None,
    nomor: str = "",
) -> Penetapan:
    """Issue the decree over sent proposals. `putusan` by usulan id. `nomor` only for APBN (Kepmensos)."""
    if kalimat := policies.tetapkan(by, program, wilayah):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    hari = tanggal or hari_wilayah(wilayah)
    _check_date(hari, hari_wilayah(wilayah))
    rows = list(
        Usulan.objects.select_for_update(of=("self",))
        .select_related("keluarga", "wilayah")
        .filter(pk__in=list(putusan), program=program.kode)
        .order_by("pk")
    )
    if not rows or len(rows) != len(putusan):
        raise GateClosed(
            [Halangan("PILIHAN_KOSONG", "Pilih usulan program ini yang sudah dikirim.", "Muat ulang daftar.")]
        )
    if any(not mencakup(wilayah, u.wilayah_id) for u in rows):
        raise GateClosed(
            [Halangan("WILAYAH_CAMPUR", "Ada usulan di luar wilayah SK ini.", "Pisahkan per kabupaten/kota.")]
        )
    baris = [(u, putusan[str(u.pk)]) for u in rows]
    kalimat_alasan = _sentences(baris)
    penetapan = _decree(
        by=by,
        program=program,
        wilayah=wilayah,
        hari=hari,
        nomor=nomor,
        isi=[(u, p.hasil, kalimat_alasan.get(p.alasan, "")) for u, p in baris],
    )
    for usulan, satu in baris:
        langkah.langkahkan(
            usulan, "tetapkan", by=by, tujuan=satu.hasil,
            catatan=f"SK {penetapan.nomor}. {kalimat_alasan.get(satu.alasan, '')} {satu.keterangan}".strip(),
            rincian={"penetapan": str(penetapan.pk), **({"alasan_hasil": satu.alasan} if satu.alasan else {})},
        )  # fmt: skip
        BarisPenetapan.objects.create(
            penetapan=penetapan,
            usulan=usulan,
            hasil=satu.hasil,
            alasan=satu.alasan,
            alasan_kalimat=kalimat_alasan.get(satu.alasan, ""),
        )
        if satu.hasil == "ditetapkan":
            _kuota(penetapan, usulan, by)
        if satu.hasil == "ditetapkan" and usulan.jalur != Usulan.Jalur.PENGHAPUSAN:
            register.daftarkan(usulan.keluarga, by=by)
        _list_row(penetapan, usulan, satu, kalimat_alasan.get(satu.alasan, ""))
    return penetapan


def _kuota(penetapan: Penetapan, usulan: Usulan, by: Pengguna) -> None:
    """A removal frees the family's places of the quarter; local aid needs one. Of the minister's aid the quota is his."""
    program, kabupaten = penetapan.program, kabupaten_dari(penetapan.wilayah_id)
    if usulan.jalur == Usulan.Jalur.PENGHAPUSAN:
        tempat_kuota.keluarkan(
            program, kabupaten, penetapan.periode, usulan.keluarga, by=by, sebab=f"Dikeluarkan dengan SK {penetapan.nomor}."
        )  # fmt: skip
    elif program.sumber == Program.Sumber.APBD and usulan.jalur != Usulan.Jalur.PERBAIKAN:
        tempat_kuota.tempati(
            program, kabupaten, penetapan.periode, usulan.keluarga, by=by, sk=penetapan.nomor
        )


def _check_date(hari: date, kini: date) -> None:
    if hari > kini:
        raise GateClosed(
            [Halangan("TANGGAL_SK", "Tanggal SK tidak boleh di masa depan.", "Perbaiki tanggalnya.")]
        )
    if hari.year < kini.year - 1:
        raise GateClosed([Halangan("TANGGAL_SK", "Tanggal SK terlalu lama berlalu.", "Periksa tahun SK.")])


def _sentences(baris: list[tuple[Usulan, Putusan]]) -> dict[str, str]:
    """Sentence of every reason code used; refuses an outcome without a reason from the list."""
    kode = {p.alasan for _, p in baris if p.alasan}
    kalimat = dict(AlasanLangkah.objects.filter(pk__in=kode, aktif=True).values_list("pk", "kalimat"))
    for usulan, satu in baris:
        if satu.hasil not in BarisPenetapan.Hasil.values:
            raise GateClosed(
                [
                    Halangan(
                        "HASIL_TIDAK_DIKENAL", "Hasil penetapan tidak dikenal.", "Pilih hasil dari daftar."
                    )
                ]
            )
        if satu.hasil != "ditetapkan" and satu.alasan not in kalimat:
            raise GateClosed(
                [
                    Halangan(
                        "ALASAN_WAJIB",
                        f"{usulan.keluarga.nama_kepala}: hasil ini perlu alasan.",
                        "Pilih alasan dari daftar.",
                    )
                ]
            )
    return kalimat


def _decree(
    *,
    by: Pengguna,
    program: Program,
    wilayah: str,
    hari: date,
    nomor: str,
    isi: list[tuple[Usulan, str, str]],
    menggantikan: Penetapan | None = None,
) -> Penetapan:
    # A correction keeps the period of what it corrects, or the old list would go on naming the old decree.
    periode = menggantikan.periode if menggantikan else quarter(hari)
    daerah = program.sumber == Program.Sumber.APBD
    kabupaten = kabupaten_dari(wilayah)
    area = Wilayah.objects.get(pk=kabupaten)
    urut = None
    if daerah:
        urut, nomor = numbering.issue("sk.nomor", seri=f"SK-{kabupaten}", hari=hari, wilayah=kabupaten)
    elif not nomor.strip():
        raise GateClosed(
            [
                Halangan(
                    "NOMOR_SK_KOSONG", "Isi nomor Keputusan Menteri Sosial.", "Salin dari SK yang diterima."
                )
            ]
        )
    jenis = Penetapan.Jenis.SK_BUPATI if daerah else Penetapan.Jenis.KEPMENSOS
    templat = letters.berlaku(jenis, kabupaten, hari) if daerah else letters.BAWAAN
    kode, sebutan = documents.new_code(), sebutan_pejabat(by, kabupaten)
    isi = sorted(isi, key=lambda r: (r[0].wilayah_id, r[0].keluarga.nama_kepala, str(r[0].pk)))
    hitung = hitung_hasil(isi)
    pdf = sk(
        jenis=jenis, nomor=nomor.strip(), tanggal=hari, program=program, wilayah=area, periode=periode, baris=isi, penandatangan=by,
        kode=kode, menggantikan=menggantikan.nomor if menggantikan else "", sebutan=sebutan, templat=templat,
    )  # fmt: skip
    dokumen = documents.issue(
        pdf, kode=kode, jenis=jenis, nomor=nomor.strip(), judul=f"Penetapan penerima {program.nama}", penerbit=f"Pemerintah {area.nama}",
        penandatangan=by.nama, tanggal=hari, wilayah=kabupaten,
        ringkas={
            "program": program.nama,
            "periode": periode,
            "ditetapkan": hitung["ditetapkan"],
            **({"dihapus": hitung["dihapus"]} if hitung["dihapus"] else {}),
            "daftar_tunggu": hitung["daftar_tunggu"],
            "tidak_ditetapkan": hitung["tidak_ditetapkan"],
            **({"jabatan_penanda_tangan": f"{sebutan}Kepala Dinas Sosial"} if daerah else {}),
        },
        by_id=str(by.pk), nama="sk.pdf", templat=templat.pk,
    )  # fmt: skip
    penetapan = Penetapan.objects.create(
        wilayah=area, jenis=jenis, program=program, periode=periode, nomor=nomor.strip(), urut=urut, tahun=hari.year, tanggal=hari,
        dokumen=dokumen, menggantikan=menggantikan, ditetapkan_by=by,
    )  # fmt: skip
    audit.catat(
        aksi="terbitkan_sk", objek=penetapan, by=by, wilayah=kabupaten, peran=by.peran_untuk("usulan.tetapkan", kabupaten),
        rincian={"nomor": penetapan.nomor, "jumlah": len(isi), "sha256": bytes(dokumen.sha256).hex()},
    )  # fmt: skip
    return penetapan


def _list_row(penetapan: Penetapan, usulan: Usulan, satu: Putusan, kalimat: str) -> None:
    """The family's place on the list as this decree says. A refused removal or correction takes nothing away."""
    ubahan = usulan.jalur in (Usulan.Jalur.PENGHAPUSAN, Usulan.Jalur.PERBAIKAN)
    if ubahan and satu.hasil != "ditetapkan":
        return
    desil = Desil.objects.filter(keluarga=usulan.keluarga).order_by("-tahun", "-triwulan").first()
    if satu.hasil == "ditetapkan" and usulan.jalur == Usulan.Jalur.PENGHAPUSAN:
        hasil, alasan = (
            Kelayakan.Hasil.TIDAK_LAYAK,
            {"kode": "DIHAPUS", "kalimat": f"Dikeluarkan dengan SK {penetapan.nomor}."},
        )
    elif satu.hasil == "ditetapkan":
        hasil, alasan = (
            Kelayakan.Hasil.LAYAK,
            {"kode": "DITETAPKAN", "kalimat": f"Ditetapkan dengan SK {penetapan.nomor}."},
        )
    else:
        hasil, alasan = _HASIL_DAFTAR[satu.hasil], {"kode": satu.alasan, "kalimat": kalimat}
    Kelayakan.objects.update_or_create(
        program=penetapan.program,
        periode=penetapan.periode,
        keluarga=usulan.keluarga,
        defaults={
            "nama_kepala": usulan.keluarga.nama_kepala,
            "wilayah": usulan.wilayah,
            "desil": desil.desil if desil else None,
            "hasil": hasil,
            "alasan": [alasan],
            "versi_aturan": "penetapan",
            "snapshot": penetapan.nomor,
            "penetapan": penetapan,
        },
    )


@transaction.atomic
def ganti(penetapan: Penetapan, *, by: Pengguna, alasan: str, nomor: str = "") -> Penetapan:
    """Issue a corrected decree over the same rows (names as they stand now); the old one is 'diganti' and points to it."""
    lama = _in_force(penetapan, by, alasan)
    baris = list(lama.baris.select_related("usulan__keluarga", "usulan__wilayah"))
    milik_lama = set(
        lama.kelayakan.values_list("keluarga_id", flat=True)
    )  # a later decree's rows stay its own
    baru = _decree(
        by=by, program=lama.program, wilayah=lama.wilayah_id, hari=hari_wilayah(lama.wilayah_id), nomor=nomor,
        isi=[(b.usulan, b.hasil, b.alasan_kalimat) for b in baris], menggantikan=lama,
    )  # fmt: skip
    for b in baris:
        BarisPenetapan.objects.create(
            penetapan=baru, usulan=b.usulan, hasil=b.hasil, alasan=b.alasan, alasan_kalimat=b.alasan_kalimat
        )
        if b.usulan.keluarga_id in milik_lama:
            _list_row(baru, b.usulan, Putusan(b.hasil, b.alasan), b.alasan_kalimat)
    _end(lama, Penetapan.Status.DIGANTI, alasan, by, baru)
    return baru


@transaction.atomic
def cabut(penetapan: Penetapan, *, by: Pengguna, alasan: str) -> Penetapan:
    """Revoke a decree: the list says again what the decree before it said; the paper stays verifiable as revoked."""
    lama = _in_force(penetapan, by, alasan)
    jalur = dict(lama.baris.values_list("usulan__keluarga_id", "usulan__jalur"))
    for row in Kelayakan.objects.select_for_update(of=("self",)).filter(penetapan=lama).order_by("pk"):
        if sebelum := _decree_before(lama, row):
            _list_row(
                sebelum.penetapan,
                sebelum.usulan,
                Putusan(sebelum.hasil, sebelum.alasan),
                sebelum.alasan_kalimat,
            )
            continue
        penghapusan = jalur.get(row.keluarga_id) == Usulan.Jalur.PENGHAPUSAN
        row.hasil = Kelayakan.Hasil.LAYAK if penghapusan else Kelayakan.Hasil.TIDAK_LAYAK
        row.alasan = [{"kode": "SK_DICABUT", "kalimat": f"SK {lama.nomor} dicabut: {alasan.strip()}"[:300]}]
        row.save(update_fields=["hasil", "alasan", "updated_at"])
    _end(lama, Penetapan.Status.DICABUT, alasan, by, None)
    _lepas_kuota(lama, by)
    return lama


def _lepas_kuota(lama: Penetapan, by: Pengguna) -> None:
    """Whom a revoked decree had given aid leaves the place, unless another decree in force still gives it."""
    if lama.program.sumber != Program.Sumber.APBD:
        return
    beri = lama.baris.filter(hasil="ditetapkan").exclude(usulan__jalur__in=("PENGHAPUSAN", "PERBAIKAN"))
    for b in beri.select_related("usulan__keluarga").order_by("usulan__keluarga_id", "pk"):
        lain = BarisPenetapan.objects.filter(
            usulan__keluarga=b.usulan.keluarga_id, hasil="ditetapkan", penetapan__program=lama.program_id,
            penetapan__periode=lama.periode, penetapan__status=Penetapan.Status.BERLAKU,
        )  # fmt: skip
        if not lain.exclude(usulan__jalur="PENGHAPUSAN").exists():
            tempat_kuota.keluarkan(
                lama.program, kabupaten_dari(lama.wilayah_id), lama.periode, b.usulan.keluarga, by=by, sebab=f"SK {lama.nomor} dicabut."
            )  # fmt: skip


def _decree_before(lama: Penetapan, row: Kelayakan) -> BarisPenetapan | None:
    """What another decree that is still in force says of this family, programme and period; the newest."""
    return (
        BarisPenetapan.objects.filter(
            usulan__keluarga_id=row.keluarga_id,
            penetapan__program_id=row.program_id,
            penetapan__periode=row.periode,
            penetapan__status=Penetapan.Status.BERLAKU,
        )
        .exclude(penetapan=lama)
        .select_related("penetapan__program", "usulan__keluarga", "usulan__wilayah")
        .order_by("-penetapan__created_at", "-pk")
        .first()
    )


def _in_force(penetapan: Penetapan, by: Pengguna, alasan: str) -> Penetapan:
    lama: Penetapan = workflow.lock(Penetapan, penetapan.pk)
    if kalimat := policies.cabut(by, lama):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], lama.status)
    if len(alasan.strip()) < 10:
        raise GateClosed(
            [Halangan("ALASAN_WAJIB", "Tuliskan alasannya dengan jelas (paling sedikit 10 huruf).")]
        )
    return lama


def _end(lama: Penetapan, status: str, alasan: str, by: Pengguna, baru: Penetapan | None) -> None:
    lama.status, lama.alasan_status = status, alasan.strip()[:300]
    lama.save(update_fields=["status", "alasan_status"])
    Dokumen.objects.filter(pk=lama.dokumen_id).update(
        status=status, alasan_status=alasan.strip()[:300], pengganti=baru.dokumen if baru else None
    )
    audit.catat(
        aksi="ganti_sk" if baru else "cabut_sk", objek=lama, by=by, wilayah=lama.wilayah_id,
        rincian={"nomor": lama.nomor, **({"pengganti": baru.nomor} if baru else {})},
    )  # fmt: skip
