"""The meeting, from the schedule to approved minutes. Once closed, its content is frozen (trigger)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, documents, files, numbering, workflow
from core.models import Dokumen
from core.terbilang import tanggal_panjang
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen, StepRefused
from dtks.actions import usulan as langkah
from dtks.models import AlasanLangkah, Musyawarah, PesertaMusyawarah, PutusanMusyawarah, Usulan
from dtks.policies import musyawarah as policies
from dtks.queries import agenda, perbaikan, undangan
from dtks.queries.bendera import JALAN, KALIMAT_BEKU
from dtks.queries.kuorum import GERBANG
from dtks.surat import musyawarah as surat
from dtks.surat import perbaikan as surat_perbaikan
from dtks.surat import undangan as surat_undangan
from dtks.workflow import MUSYAWARAH
from wilayah.waktu import hari_wilayah, waktu_wilayah

# Reason on the line when the meeting named none.
_ALASAN = {
    "ditolak": "TIDAK_LAYAK_MUSYAWARAH", "meninggal": "MENINGGAL", "pindah": "PINDAH", "ditunda": "TUNGGU_MUSYAWARAH",
    "keluar": "BA_DIPERBAIKI",
}  # fmt: skip
_LANGKAH = {
    "ditolak": "tolak",
    "meninggal": "tolak",
    "pindah": "tolak",
    "ditunda": "tunda",
    "keluar": "kembalikan",
}
_TANPA_KETERANGAN = ("meninggal", "pindah", "keluar")  # the verdict says why


@transaction.atomic
def jadwalkan(
    *, by: Pengguna, wilayah: str, data: Mapping[str, Any], peserta: Iterable[Mapping[str, Any]] = ()
) -> Musyawarah:
    """A new meeting with its invited; `bawa` fills the agenda."""
    if kalimat := policies.jadwalkan(by, wilayah):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    rapat = Musyawarah(wilayah_id=wilayah, created_by=by, periode=_periode(wilayah, data["waktu"]), **data)
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


def _periode(wilayah: str, waktu: datetime) -> str:
    """The month of the meeting on the clock of its own area."""
    return f"{waktu_wilayah(wilayah, waktu):%Y-%m}"


@transaction.atomic
def perbaiki(asal: Musyawarah, *, by: Pengguna, data: Mapping[str, Any]) -> Musyawarah:
    """Begin second minutes that correct the approved ones of `asal`, with the people of then. The first stay as they are.

    data: {'waktu', 'tempat', 'pimpinan', 'notulis', 'alasan_perbaikan'}
    """
    pertama: Musyawarah = workflow.lock(Musyawarah, asal.pk)
    if kalimat := policies.perbaiki(by, pertama):
        raise NotAllowed([Halangan("TIDAK_BISA_DIPERBAIKI", kalimat)], pertama.status)
    _tidak_mundur(pertama, data["waktu"])
    rapat = Musyawarah(
        wilayah_id=pertama.wilayah_id, jenis=pertama.jenis, periode=pertama.periode, perbaikan_dari=pertama, created_by=by,
        agenda=f"Perbaikan berita acara nomor {pertama.nomor}", **data,
    )  # fmt: skip
    rapat.save(force_insert=True)
    rapat.refresh_from_db()
    for satu in pertama.peserta.filter(hadir=True).values("nama", "unsur", "jabatan"):
        PesertaMusyawarah.objects.create(musyawarah=rapat, **satu)
    audit.catat(
        aksi="perbaiki_ba",
        objek=rapat,
        by=by,
        wilayah=rapat.wilayah_id,
        peran=by.peran_untuk("musyawarah.kelola", rapat.wilayah_id),
        rincian={"memperbaiki": str(pertama.pk)},
    )
    return rapat


def _tidak_mundur(pertama: Musyawarah, waktu: datetime) -> None:
    """A correction is never dated before what it corrects (the trigger says so too)."""
    if waktu >= pertama.waktu:
        return
    raise GateClosed(
        [
            Halangan(
                "TANGGAL_MUNDUR",
                "Perbaikan tidak bisa lebih awal dari musyawarah yang diperbaiki.",
                f"Isi tanggal sesudah {tanggal_panjang(timezone.localtime(pertama.waktu).date())}.",
            )
        ]
    )


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
    if baris.perbaikan_dari is None:
        # A meeting that is moved takes its period along.
        baris.periode = _periode(baris.wilayah_id, baris.waktu)
    else:
        _tidak_mundur(baris.perbaikan_dari, baris.waktu)
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
def catat_satu(rapat: Musyawarah, *, by: Pengguna, peserta: PesertaMusyawarah, hadir: bool) -> Musyawarah:
    """One tick: two phones at the door do not undo each other's list."""
    baris = _open(rapat, by)
    if baris.peserta.filter(pk=peserta.pk).exclude(hadir=hadir).update(hadir=hadir):
        audit.catat(
            aksi="catat_hadir",
            objek=baris,
            by=by,
            wilayah=baris.wilayah_id,
            rincian={"peserta": str(peserta.pk), "hadir": hadir},
        )
    return baris


@transaction.atomic
def putuskan(
    rapat: Musyawarah, *, by: Pengguna, putusan: Mapping[str, Mapping[str, Any]]
) -> list[PutusanMusyawarah]:
    """Verdicts by id of the agenda row: {'putusan', 'alasan', 'alasan_kode', 'keberatan', 'suara_setuju', 'suara_tidak', 'versi'}.

    `versi` is what the phone saw: a row that another phone changed meanwhile is left as it is and returned.
    """
    baris = _open(rapat, by)
    bentrok, tersimpan = [], []
    rows = baris.putusan.select_related("usulan__keluarga").select_for_update(of=("self",))
    for row in rows.filter(pk__in=list(putusan)):
        if row.usulan.keluarga.dibekukan_at:
            raise GateClosed([Halangan("DIBEKUKAN", KALIMAT_BEKU, JALAN["DIBEKUKAN"])])
        isi = putusan[str(row.pk)]
        if isi.get("versi") is not None and isi["versi"] != row.versi:
            bentrok.append(row)
        elif _isi_putusan(row, isi, baris):
            row.versi += 1
            row.save()
            tersimpan.append(row)
    if tersimpan:
        audit.catat(
            aksi="putuskan",
            objek=baris,
            by=by,
            wilayah=baris.wilayah_id,
            rincian={"jumlah": len(tersimpan)}
            if len(tersimpan) > 1
            else {"usulan": str(tersimpan[0].usulan_id), "putusan": tersimpan[0].putusan},
        )
    return bentrok


_KOLOM_PUTUSAN = ("putusan", "alasan", "alasan_kode", "keberatan", "suara_setuju", "suara_tidak")


def _isi_putusan(row: PutusanMusyawarah, isi: Mapping[str, Any], rapat: Musyawarah) -> bool:
    """Put the answer on the row; False when nothing changed. Raises GateClosed for an answer that cannot be."""
    semula = [getattr(row, k) for k in _KOLOM_PUTUSAN]
    kalimat_lama = _kalimat_daftar(row)
    row.putusan, row.alasan = isi.get("putusan") or "", (isi.get("alasan") or "").strip()
    if kalimat_lama and row.alasan == kalimat_lama:
        row.alasan = ""  # the words of the list follow the code; only a person's own words stay
    row.alasan_kode, row.keberatan = isi.get("alasan_kode") or "", isi.get("keberatan") or ""
    row.suara_setuju, row.suara_tidak = isi.get("suara_setuju"), isi.get("suara_tidak")
    if halangan := _salah_putusan(row, rapat):
        raise GateClosed([halangan])
    if row.putusan in ("", "disepakati"):
        row.alasan = row.alasan_kode = ""
    else:
        _isi_alasan(row, rapat)
    return semula != [getattr(row, k) for k in _KOLOM_PUTUSAN]


def _kalimat_daftar(row: PutusanMusyawarah) -> str:
    if not row.alasan_kode:
        return ""
    return AlasanLangkah.objects.filter(pk=row.alasan_kode).values_list("kalimat", flat=True).first() or ""


def _salah_putusan(row: PutusanMusyawarah, rapat: Musyawarah) -> Halangan | None:
    nama, perbaikan_ = row.usulan.keluarga.nama_kepala, bool(rapat.perbaikan_dari_id)
    if row.putusan not in PutusanMusyawarah.Putusan.values or (row.putusan == "keluar" and not perbaikan_):
        return Halangan("PUTUSAN_TIDAK_DIKENAL", "Putusan tidak dikenal.", "Pilih putusan dari daftar.")
    if row.putusan in ("meninggal", "pindah") and row.usulan.jalur == Usulan.Jalur.PENGHAPUSAN:
        return Halangan(
            "PUTUSAN_PENGHAPUSAN",
            f"{nama}: ini usulan penghapusan.",
            "Kalau keluarganya memang sudah meninggal atau pindah, pilih “Disepakati”.",
        )
    perlu = row.putusan not in ("", "disepakati", *_TANPA_KETERANGAN)
    if perlu and not row.alasan and not row.alasan_kode:
        return Halangan("ALASAN_WAJIB", f"{nama}: putusan ini perlu alasan.", "Isi alasannya.")
    return None


def _isi_alasan(row: PutusanMusyawarah, rapat: Musyawarah) -> None:
    """Code and words of the reason; a code of another step is refused."""
    langkah_ = _LANGKAH[row.putusan]
    kode = row.alasan_kode if row.putusan in ("ditolak", "ditunda") else ""
    if not kode and row.putusan == "ditolak" and row.usulan.jalur == Usulan.Jalur.PENGHAPUSAN:
        kode = "TETAP_LAYAK"
    row.alasan_kode = kode or _ALASAN[row.putusan]
    alasan = AlasanLangkah.objects.filter(pk=row.alasan_kode, langkah=langkah_, aktif=True).first()
    if alasan is None:
        raise GateClosed(
            [
                Halangan(
                    "ALASAN_TIDAK_DIKENAL",
                    f"{row.usulan.keluarga.nama_kepala}: alasan itu tidak untuk putusan ini.",
                    "Pilih alasan dari daftar.",
                )
            ]
        )
    if not row.alasan:
        row.alasan = rapat.alasan_perbaikan if row.putusan == "keluar" else alasan.kalimat


@transaction.atomic
def bawa(
    rapat: Musyawarah, *, by: Pengguna, usulan: Iterable[Usulan]
) -> tuple[int, list[tuple[Usulan, Halangan]]]:
    """Put many proposals on the agenda. Each stands for itself: returns (how many went in, the refused with the reason)."""
    baris = _open(rapat, by)
    masuk, ditolak = 0, []
    semula = perbaikan.lama(baris)
    for satu in usulan:
        try:
            with transaction.atomic():
                _bawa_satu(baris, satu, by, koreksi=satu.pk in semula)
            masuk += 1
        except StepRefused as refused:
            ditolak.append((satu, refused.halangan[0]))
    return masuk, ditolak


def _bawa_satu(rapat: Musyawarah, usulan: Usulan, by: Pengguna, *, koreksi: bool) -> None:
    """Handed in: the step. Postponed at a meeting: taken up again. Already in deliberation, or to be corrected: only listed."""
    kini: Usulan = workflow.lock(Usulan, usulan.pk)
    if kini.status == "diajukan":
        langkah.musyawarahkan(kini, by=by, musyawarah=rapat)
        return
    if koreksi and (halangan := perbaikan.tertutup(kini, rapat)):
        raise GateClosed([halangan], kini.status)
    if not koreksi and not agenda.menunggu(by, rapat.wilayah_id).filter(pk=kini.pk).exists():
        raise GateClosed(
            [
                Halangan(
                    "TIDAK_MENUNGGU",
                    "Usulan ini tidak sedang menunggu musyawarah.",
                    "Muat ulang halaman untuk melihat keadaan terakhir.",
                )
            ],
            kini.status,
        )
    if kalimat := policies.bahas(by, kini):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], kini.status)
    _, baru = PutusanMusyawarah.objects.get_or_create(musyawarah=rapat, usulan=kini)
    if baru:
        audit.catat(
            aksi="bawa_agenda",
            objek=rapat,
            by=by,
            wilayah=rapat.wilayah_id,
            rincian={"usulan": str(kini.pk), "dari": kini.status},
        )
    if kini.status == "ditunda" and not koreksi:
        langkah.lanjutkan(kini, by=by, catatan="Dibahas lagi di musyawarah berikutnya.")


@transaction.atomic
def keluarkan(
    rapat: Musyawarah, *, by: Pengguna, putusan: PutusanMusyawarah, alasan: str, catatan: str = ""
) -> None:
    """Take a proposal off the agenda of an open meeting; one that is being deliberated goes back to 'diajukan'.

    A name of the first minutes leaves a correction without moving: it keeps what the first minutes say.
    """
    baris = _open(rapat, by)
    row = baris.putusan.select_related("usulan").filter(pk=putusan.pk).first()
    if row is None:
        return
    if row.usulan.status == "dimusyawarahkan" and row.usulan_id not in perbaikan.lama(baris):
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
def undang(rapat: Musyawarah, *, by: Pengguna, per_orang: bool = False) -> Musyawarah:
    """The invitation as a numbered letter; made anew (after a change) it replaces the one before."""
    baris = _open(rapat, by)
    if halangan := undangan.terhalang(baris):
        raise GateClosed([halangan], baris.status)
    hari = hari_wilayah(baris.wilayah_id)
    _, nomor = numbering.issue(
        "undangan.nomor", seri=f"UND-{baris.wilayah_id}", hari=hari, wilayah=baris.wilayah_id
    )
    lama = baris.undangan
    baris.undangan = _terbitkan(
        baris,
        by,
        "UNDANGAN",
        lambda kode: surat_undangan.undangan(
            baris, kode=kode, nomor=nomor, tanggal=hari, per_orang=per_orang
        ),
        nomor=nomor,
        hari=hari,
        ringkas=undangan.ringkas(baris),
    )
    baris.save(update_fields=["undangan", "updated_at"])
    if lama is not None:
        Dokumen.objects.filter(pk=lama.pk).update(
            status=Dokumen.Status.DIGANTI,
            pengganti=baris.undangan,
            alasan_status="Acara atau daftar undangan berubah.",
        )
    audit.catat(aksi="undang", objek=baris, by=by, wilayah=baris.wilayah_id, rincian={"nomor": nomor})
    return baris


def _terbitkan(
    rapat: Musyawarah,
    by: Pengguna,
    jenis: str,
    buat: Callable[[str], bytes],
    *,
    ringkas: dict[str, Any],
    nomor: str = "",
    hari: date | None = None,
) -> Dokumen:
    """`nomor` and `hari` are those of the minutes unless the paper has its own."""
    hari, nomor = hari or timezone.localtime(rapat.waktu).date(), nomor or rapat.nomor
    kode = documents.new_code()
    return documents.issue(
        buat(kode),
        kode=kode,
        jenis=jenis,
        nomor=nomor,
        judul=f"{_JUDUL[jenis]} {rapat.get_jenis_display()} {rapat.wilayah.nama}",
        penerbit=rapat.wilayah.jalur,
        penandatangan=rapat.pimpinan,
        tanggal=hari,
        wilayah=rapat.wilayah_id,
        ringkas=ringkas,
        by_id=str(by.pk),
        nama=f"{jenis}-{hari:%Y%m%d}.pdf",
        templat=surat.templat_ba(rapat).pk if jenis in ("BERITA_ACARA", "BA_PERBAIKAN") else None,
    )


_JUDUL = {
    "UNDANGAN": "Undangan",
    "BERITA_ACARA": "Berita acara",
    "BA_PERBAIKAN": "Berita acara perbaikan",
    "DAFTAR_HADIR": "Daftar hadir",
    "BNBA": "Daftar usulan (BNBA)",
}


@transaction.atomic
def selenggarakan(rapat: Musyawarah, *, by: Pengguna, versi: int | None = None) -> Musyawarah:
    """Close the meeting: quorum and verdicts are checked, the minutes get their number and all papers are made as PDF.

    The list by name comes first: the minutes name its fingerprint, so the annex cannot be exchanged.
    """
    dilewati = _lewati_beku(rapat, by)
    baris = _step(rapat, "selenggarakan", by=by, versi=versi)
    hari = timezone.localtime(baris.waktu).date()
    _, baris.nomor = numbering.issue(
        "ba.nomor", seri=f"BA-{baris.wilayah_id}", hari=hari, wilayah=baris.wilayah_id
    )
    baris.save(update_fields=["nomor", "updated_at"])
    ringkas: dict[str, Any] = {
        "jumlah_usulan": baris.putusan.count(),
        "jumlah_hadir": baris.peserta.filter(hadir=True).count(),
    }
    baris.bnba = _terbitkan(
        baris,
        by,
        "BNBA",
        lambda kode: surat.bnba(baris, kode=kode),
        ringkas={"jumlah_disepakati": len(surat.disepakati(baris))},
    )
    buat: Callable[..., bytes] = surat.berita_acara
    jenis = "BERITA_ACARA"
    if baris.perbaikan_dari is not None:
        jenis, buat = "BA_PERBAIKAN", surat_perbaikan.berita_acara
        ringkas["memperbaiki_nomor"] = baris.perbaikan_dari.nomor
    baris.berita_acara = _terbitkan(
        baris,
        by,
        jenis,
        lambda kode: buat(baris, kode=kode, lampiran=baris.bnba, dilewati=dilewati),
        ringkas=ringkas,
    )
    baris.daftar_hadir = _terbitkan(
        baris,
        by,
        "DAFTAR_HADIR",
        lambda kode: surat.daftar_hadir(baris, kode=kode),
        ringkas={"jumlah_hadir": ringkas["jumlah_hadir"]},
    )
    baris.save(update_fields=["bnba", "berita_acara", "daftar_hadir", "updated_at"])
    return baris


def _lewati_beku(rapat: Musyawarah, by: Pengguna) -> int:
    """Frozen families leave the agenda before the papers are made; once lifted they wait for the next meeting. Returns how many."""
    baris: Musyawarah = workflow.lock(Musyawarah, rapat.pk)
    if baris.status != "dijadwalkan":
        return 0
    rows = list(baris.putusan.beku().order_by("pk"))
    for row in rows:
        audit.catat(
            aksi="keluarkan_agenda",
            objek=baris,
            by=by,
            wilayah=baris.wilayah_id,
            rincian={"usulan": str(row.usulan_id), "sebab": "DIBEKUKAN"},
        )
        row.delete()
    return len(rows)


@transaction.atomic
def tandatangani(
    rapat: Musyawarah, *, by: Pengguna, isi: bytes | Sequence[bytes], nama: str, versi: int | None = None
) -> Musyawarah:
    """Upload the signed scan, a PDF or the photos of its pages; its hash freezes it. Raises core.files.BadFile."""
    baris: Musyawarah = workflow.lock(Musyawarah, rapat.pk)
    if kalimat := policies.tandatangani(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], baris.status)
    bersih, mime = files.clean_scans([isi] if isinstance(isi, bytes) else list(isi))
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
def terapkan_putusan(rapat: Musyawarah, *, by: Pengguna, sebab: list[str] | None = None) -> dict[str, int]:
    """Carry the approved verdicts into the line: sepakati, tolak or tunda each proposal. Returns counts per step.

    'dilewati' counts proposals that `by` may not decide himself (his own family) or that moved on meanwhile: one name
    must not hold up the list. `sebab` takes a sentence for each of them: whose it is and why.
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
    hitung = {"sepakati": 0, "tolak": 0, "tunda": 0, "kembalikan": 0, "dilewati": 0}
    rows = list(baris.putusan.belum_diterapkan())
    ids = [row.usulan_id for row in rows]
    dikunci = {u.pk: u for u in Usulan.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    for row in rows:
        try:
            with transaction.atomic():
                hitung[_terapkan(dikunci[row.usulan_id], row, baris.nomor, by)] += 1
        except (NotAllowed, GateClosed, NotOpen) as ditolak:
            hitung["dilewati"] += 1
            if sebab is not None:
                keluarga = dikunci[row.usulan_id].keluarga
                kalimat = " ".join(h.kalimat for h in ditolak.halangan)
                sebab.append(
                    kalimat if keluarga.dibekukan_at else f"Keluarga {keluarga.nama_kepala}: {kalimat}"
                )
    return hitung


def _terapkan(usulan: Usulan, row: PutusanMusyawarah, nomor: str, by: Pengguna) -> str:
    """One verdict into the line; returns the name of the step taken."""
    catatan = f"Berita acara {nomor}. {row.alasan}".strip()
    usulan = _dibahas_lagi(usulan, by, catatan)
    if row.putusan == "disepakati":
        langkah.sepakati(usulan, by=by, catatan=catatan)
        return "sepakati"
    alasan = row.alasan_kode or _ALASAN[row.putusan]
    if row.putusan == "ditunda":
        langkah.tunda(usulan, by=by, alasan=alasan, catatan=catatan)
    elif row.putusan == "keluar":
        langkah.kembalikan(usulan, by=by, tujuan="diajukan", alasan=alasan, catatan=catatan)
    else:
        langkah.tolak(usulan, by=by, alasan=alasan, catatan=catatan)
    return _LANGKAH[row.putusan]


def _dibahas_lagi(usulan: Usulan, by: Pengguna, catatan: str) -> Usulan:
    """A correction takes back what the first minutes did: each way has its own step, so the history tells it."""
    if usulan.status == "ditunda":
        usulan = langkah.lanjutkan(usulan, by=by, catatan=catatan)
    if usulan.status == "ditolak":
        usulan = langkah.pulihkan(usulan, by=by, catatan=catatan)
    if usulan.status == "disepakati":
        usulan = langkah.kembalikan(
            usulan, by=by, tujuan="dimusyawarahkan", alasan="BA_DIPERBAIKI", catatan=catatan
        )
    return usulan
