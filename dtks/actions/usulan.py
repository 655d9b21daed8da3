"""The steps of a proposal, one function per step, named as the step.

Every function is keyword-only after the case, takes `by=`, runs in one transaction and either returns the case in its
new state or raises core.workflow.StepRefused (NotOpen 409, NotAllowed 403, GateClosed 422) having written nothing.
`versi` is the version that the person saw; a page that grew old is refused.
"""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, files, rules, workflow
from core.models import Berkas
from core.privacy.keys import blind_index
from core.terbilang import periode_kata
from core.workflow import Gate, GateClosed, Halangan, NotAllowed
from dtks.actions import bendera as bendera_aksi
from dtks.actions import jam
from dtks.actions import periode as bulan
from dtks.models import (
    AlasanLangkah,
    Bendera,
    Keluarga,
    Musyawarah,
    PermintaanPindah,
    PutusanMusyawarah,
    Usulan,
)
from dtks.policies import usulan as policies
from dtks.queries import periode as jendela
from dtks.queries import satu_program
from dtks.queries.bendera import JALAN, KALIMAT_BEKU
from dtks.queries.gerbang import GERBANG
from dtks.workflow import DIURUNGKAN, MEJA, USULAN
from wilayah.waktu import hari_wilayah

NOTICE = "dtks.beri_tahu"
Rincian = Mapping[str, Any] | None  # what a door of its own (the desk) adds to history and trail
_SUDAH_DIUSULKAN = Halangan(
    "SUDAH_DIUSULKAN",
    "Keluarga ini masih punya usulan yang berjalan untuk program yang sama.",
    "Buka usulan yang berjalan itu.",
)
TENGGANG = 5  # seconds that a notice waits beyond the time for taking the decision back


def pin_index(tiket: str, pin: str) -> bytes:
    return blind_index(f"{tiket}:{pin}", "pin")


def _new_ticket(hari: date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('dtks_tiket_urut')")
        return f"USL-{hari:%Y%m}-{cursor.fetchone()[0]:05d}"


@transaction.atomic
def buat(
    *,
    by: Pengguna,
    keluarga: Keluarga,
    program: str,
    jalur: str = Usulan.Jalur.REGULER,
    alasan_usul: str = "",
    periode: str = "",
    bulan_berikutnya: bool = False,
    atas_keberatan: bool = False,
    atas_tinjauan: bool = False,
) -> tuple[Usulan, str]:
    """Open a draft for a family; returns (draft, PIN). The PIN is shown once and stored only as a keyed hash.

    `bulan_berikutnya` puts it into the period after the one that is open for it now; `atas_keberatan`: made by the Dinas
    because an objection was granted; `atas_tinjauan`: a removal that the Dinas proposes after a review, for the village to hand in.
    """
    if not (atas_keberatan or (atas_tinjauan and jalur == Usulan.Jalur.PENGHAPUSAN)) and (
        kalimat := policies.buat(by, keluarga.wilayah_id, jalur)
    ):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    _boleh_diusulkan(keluarga, jalur)  # locks the family: of two drafts at once the second sees the first
    hari = hari_wilayah(keluarga.wilayah_id)
    periode = periode or jendela.periode_baru(
        keluarga.wilayah_id, program, jalur, jendela.saat_ini(), sesudahnya=bulan_berikutnya
    )
    tiket, pin = _new_ticket(hari), f"{secrets.randbelow(10**6):06d}"
    usulan = Usulan(
        tiket=tiket,
        pin_indeks=pin_index(tiket, pin),
        keluarga=keluarga,
        wilayah_id=keluarga.wilayah_id,
        program=program,
        jalur=jalur,
        periode=periode,
        alasan_usul=alasan_usul,
        created_by=by,
    )
    _one_programme(usulan, sesudahnya=bulan_berikutnya)
    try:
        with transaction.atomic():
            usulan.save(force_insert=True)
    except IntegrityError as error:
        raise GateClosed([_SUDAH_DIUSULKAN]) from error
    audit.catat(
        aksi="buat_usulan",
        objek=usulan,
        by=by,
        wilayah=usulan.wilayah_id,
        peran=by.peran_untuk("usulan.buat", usulan.wilayah_id),
        rincian={"program": program, "jalur": jalur, "keluarga": str(keluarga.pk), "periode": periode},
    )
    usulan.refresh_from_db()
    return usulan, pin


@transaction.atomic
def ubah(usulan: Usulan, *, by: Pengguna, isi: Mapping[str, str], dilihat: datetime | None = None) -> Usulan:
    """Correct what a draft asks for. `isi`: any of program, jalur, alasan_usul. Another programme is held to its own month.
    `dilihat`: when it was last changed, as the person saw it; None where the caller has checked that.

    Raises NotAllowed, GateClosed.
    """
    baris: Usulan = workflow.lock(Usulan, usulan.pk)
    if kalimat := policies.ubah(by, baris):
        raise NotAllowed([Halangan("TIDAK_BISA_DIUBAH", kalimat)], baris.status)
    beda = [kolom for kolom, nilai in isi.items() if getattr(baris, kolom) != nilai]
    if beda and dilihat is not None and dilihat != baris.updated_at:
        raise GateClosed(
            [
                Halangan(
                    "SUDAH_BERUBAH",
                    "Usulan ini baru saja diubah orang lain.",
                    "Muat ulang halaman, lalu isi lagi.",
                )
            ]
        )
    if not beda:
        return baris
    for kolom in beda:
        setattr(baris, kolom, isi[kolom])
    if {"program", "jalur"} & set(beda):
        _boleh_diusulkan(baris.keluarga, baris.jalur)
        bulan_ini = jendela.periode_baru(baris.wilayah_id, baris.program, baris.jalur, jendela.saat_ini())
        baris.periode = max(baris.periode, bulan_ini)  # one that was put into the next month stays there
        _one_programme(baris, sesudahnya=True)
    try:
        with transaction.atomic():
            baris.save(update_fields=[*beda, "periode", "updated_at"])
    except IntegrityError as error:
        raise GateClosed([_SUDAH_DIUSULKAN]) from error
    audit.catat(
        aksi="ubah_usulan",
        objek=baris,
        by=by,
        wilayah=baris.wilayah_id,
        peran=by.peran_untuk("usulan.buat", baris.wilayah_id),
        rincian={
            "kolom": sorted(beda),
            "program": baris.program,
            "jalur": baris.jalur,
            "periode": baris.periode,
        },
    )
    return baris


def _boleh_diusulkan(keluarga: Keluarga, jalur: str) -> None:
    """The family, locked, is still there and nobody is about to take it over. One that is gone can only be removed."""
    baris: Keluarga = workflow.lock(Keluarga, keluarga.pk)
    if baris.dibekukan_at:
        raise GateClosed([Halangan("DIBEKUKAN", KALIMAT_BEKU, JALAN["DIBEKUKAN"])])
    if baris.status == Keluarga.Status.NONAKTIF and jalur != Usulan.Jalur.PENGHAPUSAN:
        raise GateClosed(
            [Halangan("NONAKTIF", "Keluarga ini sudah tidak aktif.", "Lihat sebabnya di halaman keluarga.")]
        )
    if PermintaanPindah.objects.terbuka().filter(keluarga=baris, individu__isnull=True).exists():
        raise GateClosed(
            [
                Halangan(
                    "SEDANG_PINDAH",
                    "Keluarga ini sedang diminta pindah ke desa lain.",
                    "Batalkan permintaannya dulu di Keluarga, Pindah antardesa.",
                )
            ]
        )


def _one_programme(usulan: Usulan, *, sesudahnya: bool) -> None:
    """One family, one programme a month, where the rule is in force (dtks.queries.satu_program)."""
    lain = next(iter(satu_program.yang_lain(usulan)), None)
    if lain is None:
        return
    nama, bulan_ini = jendela.nama_program().get(lain.program, lain.program), periode_kata(usulan.periode)
    nanti = (
        f"Bila keduanya perlu, usulkan program ini sesudah bulan {bulan_ini}."
        if sesudahnya
        else "Bila keduanya perlu, centang “Masukkan ke bulan berikutnya”, lalu simpan lagi."
    )
    raise GateClosed(
        [
            Halangan(
                "SATU_PROGRAM_PER_BULAN",
                f"Keluarga ini sudah diusulkan untuk {nama} di periode {bulan_ini} ({lain.tiket}). "
                "Satu keluarga hanya boleh satu program tiap bulan.",
                f"Bila {nama} keliru, tarik dulu usulan itu. {nanti}",
            )
        ]
    )


@transaction.atomic
def ganti_pin(usulan: Usulan, *, by: Pengguna) -> str:
    """A new PIN for the citizen who lost it; the old one stops working at once."""
    baris = workflow.lock(Usulan, usulan.pk)
    if not by.boleh("usulan.buat", baris.wilayah_id):
        raise NotAllowed(
            [Halangan("TIDAK_BERWENANG", "PIN hanya bisa diganti petugas desa tempat usulan dibuat.")]
        )
    pin = f"{secrets.randbelow(10**6):06d}"
    baris.pin_indeks = pin_index(baris.tiket, pin)
    baris.save(update_fields=["pin_indeks", "updated_at"])
    audit.catat(aksi="ganti_pin", objek=baris, by=by, wilayah=baris.wilayah_id)
    return pin


def langkahkan(
    usulan: Usulan,
    nama: str,
    *,
    by: Pengguna,
    tujuan: str | None = None,
    alasan: str = "",
    catatan: str = "",
    versi: int | None = None,
    boleh: policies.Policy | None = None,
    rincian: Mapping[str, Any] | None = None,
    kabari: str = "",
) -> Usulan:
    """Take one step of the line. The named functions below call it; so does the bansos floor for its own steps.

    `kabari`: code of the one role to tell, where a higher floor knows that only that one may go on.
    """
    with transaction.atomic():
        baris: Usulan = workflow.lock(Usulan, usulan.pk)
        if baris.keluarga.dibekukan_at:
            raise GateClosed([Halangan("DIBEKUKAN", KALIMAT_BEKU, JALAN["DIBEKUKAN"])], baris.status)
        gerbang, ditunda = _gates(baris)
        kalimat = _reason(nama, alasan)
        arrow = USULAN.find(nama, baris.status)
        balik = nama in DIURUNGKAN and baris.status in MEJA
        simpan = {**(rincian or {}), **({"sebelum": sebelum(baris, arrow)} if balik and arrow else {})}
        hasil: Usulan = workflow.step(
            USULAN,
            baris,
            nama,
            by=by,
            boleh=boleh or policies.BY_STEP[nama],
            gerbang=gerbang,
            tujuan=tujuan,
            alasan=alasan,
            alasan_kalimat=kalimat,
            catatan=catatan,
            versi=versi,
            peran=by.peran_untuk(arrow.kuasa, baris.wilayah_id) if arrow else "",
            rincian=dict(rincian or {}),
            notice=NOTICE,
            kabar={"peran": kabari} if kabari else None,
            simpan=simpan or None,
            tunda=rules.value("urung.detik", baris.wilayah_id) + TENGGANG if balik else 0,
        )
        bulan.gulirkan_bila_lewat(hasil, dari_status=baris.status, by=by)
        if (
            hasil.status != baris.status
        ):  # another officer for the same visit: the family does not wait longer for it
            jam.pindah(hasil, dari=baris.status, langkah=nama, alasan=kalimat)
        _set_deadlines(hasil, ditunda)
        return hasil


def sebelum(usulan: Usulan, arrow: workflow.Langkah) -> dict[str, Any]:
    """What a decision of the desk is about to change, so that `urungkan` can put it back (ids and dates only)."""
    agenda = PutusanMusyawarah.objects.filter(usulan=usulan, musyawarah__status="dijadwalkan")
    return {
        "status_sejak": usulan.status_sejak.isoformat(),
        **jam.sebelum(usulan),
        "periode": usulan.periode,
        "keluarga_versi": usulan.keluarga.versi,
        "sptjm": str(usulan.sptjm_id) if usulan.sptjm_id else None,
        "agenda": [
            str(pk) for pk in agenda.order_by("musyawarah_id").values_list("musyawarah_id", flat=True)
        ],
        "gerbang_susulan": usulan.gerbang_susulan,
        "susulan_tenggat": usulan.susulan_tenggat.isoformat() if usulan.susulan_tenggat else None,
        **({arrow.peran_orang: _id(getattr(usulan, arrow.peran_orang))} if arrow.peran_orang else {}),
    }


def _id(nilai: Any) -> str | None:
    return str(nilai) if nilai else None


def _reason(nama: str, alasan: str) -> str:
    if not alasan:
        return ""
    row = AlasanLangkah.objects.filter(pk=alasan, langkah=nama, aktif=True).first()
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
    return row.kalimat


def _gates(usulan: Usulan) -> tuple[Mapping[str, Gate], list[str]]:
    """The gates, with those of the emergency route that may be met later turned into notes; and the list of notes."""
    noted: list[str] = []
    if usulan.jalur != Usulan.Jalur.KEDARURATAN:
        return GERBANG, noted
    later = set(rules.value("darurat", usulan.wilayah_id)["gerbang_ditunda"])

    def wrap(name: str, gate: Gate) -> Gate:
        def noting(row: Any, by: Any) -> Halangan | None:
            if gate(row, by) is not None:
                noted.append(name)
            return None

        return noting

    return {name: wrap(name, gate) if name in later else gate for name, gate in GERBANG.items()}, noted


def _set_deadlines(usulan: Usulan, ditunda: list[str]) -> None:
    changed = [*jam.KOLOM, "updated_at"]
    if ditunda:
        hari = hari_wilayah(usulan.wilayah_id)
        usulan.gerbang_susulan = sorted({*usulan.gerbang_susulan, *ditunda})
        usulan.susulan_tenggat = usulan.susulan_tenggat or hari + timedelta(
            days=rules.value("darurat", usulan.wilayah_id)["tenggat_hari"]
        )
        changed += ["gerbang_susulan", "susulan_tenggat"]
    usulan.save(update_fields=changed)


def ajukan(usulan: Usulan, *, by: Pengguna, versi: int | None = None, catatan: str = "") -> Usulan:
    return langkahkan(usulan, "ajukan", by=by, versi=versi, catatan=catatan)


def musyawarahkan(
    usulan: Usulan,
    *,
    by: Pengguna,
    musyawarah: Musyawarah | None = None,
    versi: int | None = None,
    catatan: str = "",
) -> Usulan:
    """Put the proposal on the agenda of a scheduled meeting of its own desa (or go by SPTJM)."""
    with transaction.atomic():
        if musyawarah is not None:
            rapat = workflow.lock(Musyawarah, musyawarah.pk)
            if (
                rapat.status != "dijadwalkan"
                or rapat.wilayah_id != usulan.wilayah_id[: len(rapat.wilayah_id)]
            ):
                raise GateClosed(
                    [
                        Halangan(
                            "MUSYAWARAH_TERTUTUP",
                            "Musyawarah ini sudah ditutup atau bukan untuk desa ini.",
                            "Pilih musyawarah lain.",
                        )
                    ]
                )
            PutusanMusyawarah.objects.get_or_create(musyawarah=rapat, usulan=usulan)
        return langkahkan(usulan, "musyawarahkan", by=by, versi=versi, catatan=catatan)


def sepakati(usulan: Usulan, *, by: Pengguna, versi: int | None = None, catatan: str = "") -> Usulan:
    return langkahkan(usulan, "sepakati", by=by, versi=versi, catatan=catatan)


def input(usulan: Usulan, *, by: Pengguna, versi: int | None = None, catatan: str = "") -> Usulan:
    with transaction.atomic():
        baris = workflow.lock(Usulan, usulan.pk)
        workflow.lock(
            Keluarga, baris.keluarga_id
        )  # nobody edits the family while its form is judged complete
        hasil = langkahkan(baris, "input", by=by, versi=versi, catatan=catatan)
        bendera_aksi.selaraskan([hasil.pk])
        bendera_aksi.dari_atas([hasil.pk])
        return hasil


def tugaskan(
    usulan: Usulan,
    *,
    by: Pengguna,
    petugas: Pengguna,
    versi: int | None = None,
    catatan: str = "",
    rincian: Rincian = None,
) -> Usulan:
    """Send a field officer. The gate checks that he serves there and is neither the proposer nor of the family."""
    with transaction.atomic():
        baris = workflow.lock(Usulan, usulan.pk)
        if baris.status == "diinput":
            baris.petugas = petugas
            baris.save(update_fields=["petugas", "updated_at"])
        return langkahkan(
            baris,
            "tugaskan",
            by=by,
            versi=versi,
            catatan=catatan,
            rincian={**(rincian or {}), "petugas": str(petugas.pk)},
        )


def ases(usulan: Usulan, *, by: Pengguna, versi: int | None = None, catatan: str = "") -> Usulan:
    """Finish the assessment of the current visit."""
    with transaction.atomic():
        hasil = langkahkan(usulan, "ases", by=by, versi=versi, catatan=catatan)
        terakhir = hasil.asesmen.order_by("-ke").first()
        assert terakhir is not None  # the gate saw it
        terakhir.selesai_at = timezone.now()
        terakhir.save(update_fields=["selesai_at", "updated_at"])
        return hasil


def verifikasi(
    usulan: Usulan, *, by: Pengguna, versi: int | None = None, catatan: str = "", rincian: Rincian = None
) -> Usulan:
    return langkahkan(usulan, "verifikasi", by=by, versi=versi, catatan=catatan, rincian=rincian)


def kembalikan(
    usulan: Usulan,
    *,
    by: Pengguna,
    tujuan: str,
    alasan: str,
    versi: int | None = None,
    catatan: str = "",
    rincian: Rincian = None,
) -> Usulan:
    """Send back. What the meeting was asked goes with it: its open agenda row, and an SPTJM when it is a draft again."""
    with transaction.atomic():
        hasil = langkahkan(
            usulan,
            "kembalikan",
            by=by,
            tujuan=tujuan,
            alasan=alasan,
            versi=versi,
            catatan=catatan,
            rincian=rincian,
        )
        if tujuan in ("draf", "diajukan"):
            PutusanMusyawarah.objects.filter(usulan=hasil, musyawarah__status="dijadwalkan").delete()
        if tujuan == "draf" and hasil.sptjm_id:
            hasil.sptjm = None
            hasil.save(update_fields=["sptjm", "updated_at"])
        return hasil


def tolak(
    usulan: Usulan,
    *,
    by: Pengguna,
    alasan: str,
    versi: int | None = None,
    catatan: str = "",
    rincian: Rincian = None,
) -> Usulan:
    return langkahkan(usulan, "tolak", by=by, alasan=alasan, versi=versi, catatan=catatan, rincian=rincian)


def tunda(
    usulan: Usulan,
    *,
    by: Pengguna,
    alasan: str,
    versi: int | None = None,
    catatan: str = "",
    rincian: Rincian = None,
) -> Usulan:
    return langkahkan(usulan, "tunda", by=by, alasan=alasan, versi=versi, catatan=catatan, rincian=rincian)


def lanjutkan(usulan: Usulan, *, by: Pengguna, versi: int | None = None, catatan: str = "") -> Usulan:
    """Back to the state in which it was postponed."""
    tunda_terakhir = usulan.riwayat.filter(langkah="tunda").order_by("-urut").first()
    tujuan = tunda_terakhir.dari if tunda_terakhir else None
    return langkahkan(usulan, "lanjutkan", by=by, tujuan=tujuan, versi=versi, catatan=catatan)


def pulihkan(usulan: Usulan, *, by: Pengguna, versi: int | None = None, catatan: str = "") -> Usulan:
    """Undo a rejection by the meeting that its corrected minutes no longer hold."""
    return _hidupkan(usulan, "pulihkan", by=by, versi=versi, catatan=catatan)


def buka_kembali(usulan: Usulan, *, by: Pengguna, catatan: str = "") -> Usulan:
    """A rejection that an objection overturned: back to who rejected it, the village or the Dinas."""
    tolak = usulan.riwayat.filter(langkah="tolak").order_by("-urut").first()
    di_dinas = tolak is not None and tolak.dari in policies.DI_DINAS
    return _hidupkan(
        usulan, "buka_kembali", by=by, tujuan="diinput" if di_dinas else "diajukan", catatan=catatan
    )


def _hidupkan(
    usulan: Usulan,
    nama: str,
    *,
    by: Pengguna,
    tujuan: str | None = None,
    versi: int | None = None,
    catatan: str = "",
) -> Usulan:
    try:
        with transaction.atomic():
            baris = workflow.lock(Usulan, usulan.pk)
            workflow.lock(Keluarga, baris.keluarga_id)  # no desa takes the family over meanwhile
            return langkahkan(baris, nama, by=by, tujuan=tujuan, versi=versi, catatan=catatan)
    except IntegrityError as error:
        raise GateClosed(
            [
                Halangan(
                    "SUDAH_DIUSULKAN",
                    "Keluarga ini sudah punya usulan lain yang berjalan untuk program yang sama.",
                    "Lanjutkan usulan yang berjalan itu.",
                )
            ]
        ) from error


def tarik(
    usulan: Usulan, *, by: Pengguna, alasan: str, versi: int | None = None, catatan: str = ""
) -> Usulan:
    return langkahkan(usulan, "tarik", by=by, alasan=alasan, versi=versi, catatan=catatan)


@transaction.atomic
def unggah_sptjm(usulan: Usulan, *, by: Pengguna, isi: bytes, nama: str) -> Berkas:
    """The other door to `sepakati`: a signed statement of absolute responsibility, frozen by its hash."""
    baris = workflow.lock(Usulan, usulan.pk)
    terbuka = baris.status in ("diajukan", "dimusyawarahkan") or (
        baris.gerbang_susulan and baris.status in policies.DI_DINAS
    )
    if not terbuka or not by.boleh("usulan.sepakati", baris.wilayah_id):
        raise NotAllowed(
            [Halangan("TIDAK_BERWENANG", "SPTJM diunggah operator desa saat usulan diajukan atau dibahas.")]
        )
    bersih, mime = files.clean_scan(isi)
    baris.sptjm = files.store(
        bersih, jenis="sptjm", nama=nama, mime=mime, wilayah=baris.wilayah_id, by_id=str(by.pk)
    )
    baris.save(update_fields=["sptjm", "updated_at"])
    audit.catat(
        aksi="unggah_sptjm",
        objek=baris,
        by=by,
        wilayah=baris.wilayah_id,
        rincian={"sha256": bytes(baris.sptjm.sha256).hex()},
    )
    return baris.sptjm


@transaction.atomic
def pasang_bendera(usulan: Usulan, *, kode: str, kalimat: str, sumber: str, by: Pengguna | None) -> Bendera:
    """Raise a flag that blocks the final acts. Higher floors call this; the line knows only the sentence."""
    baris = workflow.lock(Usulan, usulan.pk)
    bendera, baru = Bendera.objects.get_or_create(
        usulan=baris,
        kode=kode,
        sumber=sumber,
        ditutup_at=None,
        defaults={"kalimat": kalimat, "created_by": by, "created_at": timezone.now()},
    )
    if baru:
        audit.catat(
            aksi="pasang_bendera",
            objek=baris,
            by=by,
            wilayah=baris.wilayah_id,
            rincian={"kode": kode, "sumber": sumber},
        )
    return bendera


@transaction.atomic
def cabut_bendera(bendera: Bendera, *, by: Pengguna | None, alasan: str) -> Bendera:
    baris: Bendera = workflow.lock(Bendera, bendera.pk)
    if baris.ditutup_at:
        return baris
    baris.ditutup_at, baris.ditutup_by, baris.alasan_tutup = timezone.now(), by, alasan
    baris.save(update_fields=["ditutup_at", "ditutup_by", "alasan_tutup"])
    audit.catat(
        aksi="cabut_bendera",
        objek=baris.usulan,
        by=by,
        wilayah=baris.usulan.wilayah_id,
        rincian={"kode": baris.kode, "sumber": baris.sumber},
    )
    return baris
