"""The meeting, from the schedule to approved minutes. Once closed, its content is frozen (trigger)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, documents, files, numbering, workflow
from core.workflow import GateClosed, Halangan, NotAllowed, StepRefused
from dtks.actions import usulan as langkah
from dtks.models import AlasanLangkah, Musyawarah, PesertaMusyawarah, PutusanMusyawarah, Usulan
from dtks.policies import musyawarah as policies
from dtks.queries.kuorum import GERBANG
from dtks.surat import musyawarah as surat
from dtks.workflow import MUSYAWARAH

# What a verdict at the meeting means for the line: step and reason code.
_TOLAK = {"ditolak": "MAMPU", "meninggal": "MENINGGAL", "pindah": "PINDAH"}


@transaction.atomic
def jadwalkan(
    *, by: Pengguna, wilayah: str, data: Mapping[str, Any], peserta: Iterable[Mapping[str, Any]] = ()
) -> Musyawarah:
    if kalimat := policies.jadwalkan(by, wilayah):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    waktu = timezone.localtime(data["waktu"])
    rapat = Musyawarah(wilayah_id=wilayah, created_by=by, periode=f"{waktu:%Y-%m}", **data)
    rapat.save(force_insert=True)
    rapat.refresh_from_db()
    for satu in peserta:
        PesertaMusyawarah.objects.create(musyawarah=rapat, **satu)
    audit.catat(
        aksi="jadwalkan",
        objek=rapat,
        by=by,
        wilayah=wilayah,
        peran=by.peran_untuk("musyawarah.kelola", wilayah),
    )
    return rapat


def _open(rapat: Musyawarah, by: Pengguna) -> Musyawarah:
    baris: Musyawarah = workflow.lock(Musyawarah, rapat.pk)
    if kalimat := policies.kelola(by, baris):
        raise NotAllowed([Halangan("TIDAK_BISA_DIUBAH", kalimat)], baris.status)
    return baris


@transaction.atomic
def ubah(rapat: Musyawarah, *, by: Pengguna, data: Mapping[str, Any]) -> Musyawarah:
    """Change schedule, place, chair or notes while the meeting is not closed."""
    baris = _open(rapat, by)
    for kolom, nilai in data.items():
        setattr(baris, kolom, nilai)
    baris.save()
    audit.catat(
        aksi="ubah_musyawarah", objek=baris, by=by, wilayah=baris.wilayah_id, rincian={"kolom": sorted(data)}
    )
    return baris


@transaction.atomic
def simpan_peserta(
    rapat: Musyawarah, *, by: Pengguna, data: Mapping[str, Any], peserta: PesertaMusyawarah | None = None
) -> PesertaMusyawarah:
    baris = _open(rapat, by)
    row = peserta or PesertaMusyawarah(musyawarah=baris)
    for kolom, nilai in data.items():
        setattr(row, kolom, nilai)
    row.musyawarah = baris
    row.save()
    audit.catat(
        aksi="simpan_peserta", objek=baris, by=by, wilayah=baris.wilayah_id, rincian={"peserta": str(row.pk)}
    )
    return row


@transaction.atomic
def hapus_peserta(rapat: Musyawarah, *, by: Pengguna, peserta: PesertaMusyawarah) -> None:
    baris = _open(rapat, by)
    pk = str(peserta.pk)
    baris.peserta.filter(pk=peserta.pk).delete()
    audit.catat(aksi="hapus_peserta", objek=baris, by=by, wilayah=baris.wilayah_id, rincian={"peserta": pk})


@transaction.atomic
def catat_hadir(rapat: Musyawarah, *, by: Pengguna, hadir: Iterable[str]) -> Musyawarah:
    """`hadir`: ids of the invited who came; the others are noted absent."""
    baris = _open(rapat, by)
    ids = set(map(str, hadir))
    for peserta in baris.peserta.all():
        if peserta.hadir != (str(peserta.pk) in ids):
            peserta.hadir = str(peserta.pk) in ids
            peserta.save(update_fields=["hadir"])
    audit.catat(aksi="catat_hadir", objek=baris, by=by, wilayah=baris.wilayah_id, rincian={"hadir": len(ids)})
    return baris


@transaction.atomic
def putuskan(rapat: Musyawarah, *, by: Pengguna, putusan: Mapping[str, Mapping[str, str]]) -> Musyawarah:
    """Verdicts by id of the agenda row: {'putusan', 'alasan', 'keberatan'}. Anything but 'disepakati' needs a reason."""
    baris = _open(rapat, by)
    for row in baris.putusan.select_for_update(of=("self",)).filter(pk__in=list(putusan)):
        isi = putusan[str(row.pk)]
        row.putusan, row.alasan, row.keberatan = (
            isi.get("putusan", ""),
            isi.get("alasan", ""),
            isi.get("keberatan", ""),
        )
        if row.putusan not in PutusanMusyawarah.Putusan.values:
            raise GateClosed(
                [Halangan("PUTUSAN_TIDAK_DIKENAL", "Putusan tidak dikenal.", "Pilih putusan dari daftar.")]
            )
        if row.putusan not in ("", "disepakati") and not row.alasan:
            raise GateClosed(
                [
                    Halangan(
                        "ALASAN_WAJIB",
                        f"{row.usulan.keluarga.nama_kepala}: putusan ini perlu alasan.",
                        "Isi alasannya.",
                    )
                ]
            )
        row.save()
    audit.catat(
        aksi="putuskan", objek=baris, by=by, wilayah=baris.wilayah_id, rincian={"jumlah": len(putusan)}
    )
    return baris


@transaction.atomic
def bawa(
    rapat: Musyawarah, *, by: Pengguna, usulan: Iterable[Usulan]
) -> tuple[int, list[tuple[Usulan, Halangan]]]:
    """Put many proposals on the agenda. Each stands for itself: returns (how many went in, the refused with the reason)."""
    baris = _open(rapat, by)
    masuk, ditolak = 0, []
    for satu in usulan:
        try:
            langkah.musyawarahkan(satu, by=by, musyawarah=baris)
            masuk += 1
        except StepRefused as refused:
            ditolak.append((satu, refused.halangan[0]))
    return masuk, ditolak


@transaction.atomic
def keluarkan(
    rapat: Musyawarah, *, by: Pengguna, putusan: PutusanMusyawarah, alasan: str, catatan: str = ""
) -> None:
    """Take a proposal off the agenda of an open meeting; one that is being deliberated goes back to 'diajukan'."""
    baris = _open(rapat, by)
    row = baris.putusan.select_related("usulan").filter(pk=putusan.pk).first()
    if row is None:
        return
    if row.usulan.status == "dimusyawarahkan":
        langkah.kembalikan(row.usulan, by=by, tujuan="diajukan", alasan=alasan, catatan=catatan)
    row.delete()
    audit.catat(
        aksi="keluarkan_agenda",
        objek=baris,
        by=by,
        wilayah=baris.wilayah_id,
        rincian={"usulan": str(row.usulan_id)},
    )


def _step(
    rapat: Musyawarah,
    nama: str,
    *,
    by: Pengguna,
    alasan: str = "",
    catatan: str = "",
    versi: int | None = None,
) -> Musyawarah:
    arrow = MUSYAWARAH.find(nama, rapat.status)
    kalimat = ""
    if alasan:
        row = AlasanLangkah.objects.filter(pk=alasan, aktif=True).first()
        if row is None:
            raise GateClosed(
                [
                    Halangan(
                        "ALASAN_TIDAK_DIKENAL",
                        "Alasan yang dipilih tidak ada di daftar.",
                        "Pilih alasan dari daftar.",
                    )
                ]
            )
        kalimat = row.kalimat
    hasil: Musyawarah = workflow.step(
        MUSYAWARAH, rapat, nama, by=by, boleh=policies.BY_STEP[nama], gerbang=GERBANG, alasan=alasan, alasan_kalimat=kalimat,
        catatan=catatan, versi=versi, peran=by.peran_untuk(arrow.kuasa, rapat.wilayah_id) if arrow else "",
    )  # fmt: skip
    return hasil


@transaction.atomic
def selenggarakan(rapat: Musyawarah, *, by: Pengguna, versi: int | None = None) -> Musyawarah:
    """Close the meeting: quorum and verdicts are checked, the minutes get their number and are made as PDF."""
    baris = _step(rapat, "selenggarakan", by=by, versi=versi)
    hari = timezone.localtime(baris.waktu).date()
    _, baris.nomor = numbering.issue(
        "ba.nomor", seri=f"BA-{baris.wilayah_id}", hari=hari, wilayah=baris.wilayah_id
    )
    baris.save(update_fields=["nomor", "updated_at"])
    for kolom, jenis, judul, buat in (
        ("berita_acara", "BERITA_ACARA", "Berita acara", surat.berita_acara),
        ("daftar_hadir", "DAFTAR_HADIR", "Daftar hadir", surat.daftar_hadir),
    ):
        kode = documents.new_code()
        dokumen = documents.issue(
            buat(baris, kode=kode),
            kode=kode,
            jenis=jenis,
            nomor=baris.nomor,
            judul=f"{judul} {baris.get_jenis_display()} {baris.wilayah.nama}",
            penerbit=baris.wilayah.jalur,
            penandatangan=baris.pimpinan,
            tanggal=hari,
            wilayah=baris.wilayah_id,
            ringkas={
                "jumlah_usulan": baris.putusan.count(),
                "jumlah_hadir": baris.peserta.filter(hadir=True).count(),
            },
            by_id=str(by.pk),
            nama=f"{jenis}-{hari:%Y%m%d}.pdf",
        )
        setattr(baris, kolom, dokumen)
    baris.save(update_fields=["berita_acara", "daftar_hadir", "updated_at"])
    return baris


@transaction.atomic
def tandatangani(
    rapat: Musyawarah, *, by: Pengguna, isi: bytes, nama: str, versi: int | None = None
) -> Musyawarah:
    """Upload the signed scan; its hash freezes it. Raises core.files.BadFile for an unusable upload."""
    baris: Musyawarah = workflow.lock(Musyawarah, rapat.pk)
    if kalimat := policies.tandatangani(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], baris.status)
    bersih, mime = files.clean_scan(isi)
    baris.pindaian = files.store(
        bersih, jenis="pindaian_ba", nama=nama, mime=mime, wilayah=baris.wilayah_id, by_id=str(by.pk)
    )
    baris.save(update_fields=["pindaian", "updated_at"])
    return _step(baris, "tandatangani", by=by, versi=versi)


def setujui(rapat: Musyawarah, *, by: Pengguna, versi: int | None = None) -> Musyawarah:
    return _step(rapat, "setujui", by=by, versi=versi)


def kembalikan(
    rapat: Musyawarah, *, by: Pengguna, alasan: str, catatan: str = "", versi: int | None = None
) -> Musyawarah:
    return _step(rapat, "kembalikan", by=by, alasan=alasan, catatan=catatan, versi=versi)


def batalkan(rapat: Musyawarah, *, by: Pengguna, alasan: str, versi: int | None = None) -> Musyawarah:
    return _step(rapat, "batalkan", by=by, alasan=alasan, versi=versi)


@transaction.atomic
def terapkan_putusan(rapat: Musyawarah, *, by: Pengguna) -> dict[str, int]:
    """Carry the approved verdicts into the line: sepakati, tolak or tunda each proposal. Returns counts per step.

    'dilewati' counts proposals that `by` may not decide himself (his own family): one name must not hold up the list.
    """
    baris: Musyawarah = workflow.lock(Musyawarah, rapat.pk)
    if not by.boleh("usulan.sepakati", baris.wilayah_id):
        raise NotAllowed(
            [Halangan("TIDAK_BERWENANG", "Putusan musyawarah diterapkan oleh operator desa.")], baris.status
        )
    if baris.status != "disetujui":
        raise GateClosed(
            [
                Halangan(
                    "BELUM_DISETUJUI",
                    "Berita acara belum disetujui lurah/kepala desa.",
                    "Tunggu persetujuannya.",
                )
            ],
            baris.status,
        )
    hitung = {"sepakati": 0, "tolak": 0, "tunda": 0, "dilewati": 0}
    ids = baris.putusan.values_list("usulan_id", flat=True)
    dikunci = {u.pk: u for u in Usulan.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk")}
    for row in baris.putusan.all():
        usulan = dikunci[row.usulan_id]
        if usulan.status != "dimusyawarahkan":
            continue
        try:
            hitung[_terapkan(usulan, row, baris.nomor, by)] += 1
        except (NotAllowed, GateClosed):
            hitung["dilewati"] += 1
    return hitung


def _terapkan(usulan: Usulan, row: PutusanMusyawarah, nomor: str, by: Pengguna) -> str:
    """One verdict into the line; returns the name of the step taken."""
    catatan = f"Berita acara {nomor}. {row.alasan}".strip()
    if row.putusan == "disepakati":
        langkah.sepakati(usulan, by=by, catatan=catatan)
        return "sepakati"
    if row.putusan == "ditunda":
        langkah.tunda(usulan, by=by, alasan="TUNGGU_MUSYAWARAH", catatan=catatan)
        return "tunda"
    langkah.tolak(usulan, by=by, alasan=_TOLAK[row.putusan], catatan=catatan)
    return "tolak"
