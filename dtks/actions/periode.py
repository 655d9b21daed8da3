"""The month: make its windows from the pattern, change one, and move what is late to the next period.

Nothing is refused and nothing is lost because of a date. What missed its closing moment goes on in the first period that
is still open for it, each move one row (GuliranPeriode), whoever notices first: the hourly job or the step that comes late.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, outbox, rules, workflow
from core.models import Ketentuan
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.models import BATAS, GuliranPeriode, KodeAcuan, Periode, PerubahanPeriode, Usulan
from dtks.policies import periode as policies
from dtks.queries import periode as baca
from dtks.workflow import USULAN
from wilayah.kode import dalam
from wilayah.waktu import zona

POLA = "periode.pola"
JOB_GULIR = "dtks.gulirkan"
JOB_KABAR_GULIR = "dtks.kabar_guliran"
JOB_KABAR_UBAH = "dtks.kabar_periode"
SEKALI = 500  # proposals moved in one transaction; more wait for the next job
MOMEN = ("buka", *BATAS)


# --- windows from the pattern ---------------------------------------------------------------------------


@transaction.atomic
def siapkan(kabupaten: str, saat: datetime | None = None) -> int:
    """Make the windows of this month and the next ones that are not there yet. Those that are there stay as they are."""
    periode, baru = baca.bulan(kabupaten, saat or baca.saat_ini()), []
    for _ in range(rules.value("periode.bulan_disiapkan", kabupaten)):
        baru += _dari_pola(kabupaten, periode)
        periode = baca.berikut(periode)
    ada = set(
        Periode.objects.filter(wilayah=kabupaten, periode__in={b.periode for b in baru}).values_list(
            "periode", "program", "jalur"
        )
    )
    kurang = [b for b in baru if (b.periode, b.program, b.jalur) not in ada]
    if kurang:
        Periode.objects.bulk_create(kurang, ignore_conflicts=True)
        audit.catat(
            aksi="siapkan_periode", jenis=Periode._meta.label, objek_id=kabupaten, by=None, wilayah=kabupaten,
            rincian={"jendela": [f"{b.periode} {b.program or '*'}" for b in kurang]},
        )  # fmt: skip
    return len(kurang)


def _dari_pola(kabupaten: str, periode: str) -> list[Periode]:
    program = KodeAcuan.objects.filter(daftar="program_usulan").values_list("kode", flat=True)
    hari = datetime.strptime(periode, "%Y-%m").date()
    hasil = []
    for kode in ("", *sorted(set(program))):
        kunci = f"{POLA}.{kode}" if kode else POLA
        try:
            aturan = rules.in_force(kunci, kabupaten, hari)
        except rules.RuleMissing:
            continue  # no pattern of its own: that of all programmes holds
        hasil.append(_jendela(aturan, kabupaten, periode, kode))
    return hasil


def _jendela(aturan: Ketentuan, kabupaten: str, periode: str, program: str) -> Periode:
    momen = {
        kolom: _momen(aturan.nilai[kolom], kabupaten, periode, tutup=kolom.startswith("tutup"))
        for kolom in MOMEN
    }
    return Periode(
        wilayah_id=kabupaten, program=program, jalur=aturan.nilai.get("jalur", ""), periode=periode, dasar_hukum=aturan.dasar_hukum,
        sumber=aturan.sumber, status_verifikasi=aturan.status_verifikasi, **momen,
    )  # fmt: skip


def _momen(pola: Mapping[str, Any], kabupaten: str, periode: str, *, tutup: bool) -> datetime:
    """{"tgl": 17, "jam": "23:59", "bulan": 0} of a month, on the clock of the area; a closing minute counts to its last second."""
    for _ in range(pola.get("bulan", 0)):
        periode = baca.berikut(periode)
    jam = time.fromisoformat(pola["jam"]).replace(second=59 if tutup else 0)
    return datetime(
        int(periode[:4]),
        int(periode[5:]),
        pola["tgl"],
        jam.hour,
        jam.minute,
        jam.second,
        tzinfo=zona(kabupaten),
    )


# --- changing a window ----------------------------------------------------------------------------------


@transaction.atomic
def ubah(
    jendela: Periode, *, by: Pengguna, momen: Mapping[str, datetime], alasan: str, dasar_hukum: str = "", versi: int | None = None
) -> Periode:  # fmt: skip
    """Set closing moments that are still to come. A moment that has passed stands: what it moved has moved."""
    baris: Periode = workflow.lock(Periode, jendela.pk)
    if kalimat := policies.ubah(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    if versi is not None and versi != baris.versi:
        raise NotOpen(
            [Halangan("SUDAH_BERUBAH", "Jadwal ini baru saja diubah orang lain.", "Muat ulang halaman.")]
        )
    beda = {k: v for k, v in momen.items() if k in MOMEN and v != getattr(baris, k)}
    _periksa_perubahan(baris, beda, alasan)
    sebelum = {k: _utc(getattr(baris, k)) for k in beda}
    for kolom, nilai in beda.items():
        setattr(baris, kolom, nilai)
    baris.dasar_hukum, baris.versi = dasar_hukum or baris.dasar_hukum, baris.versi + 1
    baris.save()
    perubahan = PerubahanPeriode.objects.create(
        jendela=baris,
        sebelum=sebelum,
        sesudah={k: _utc(v) for k, v in beda.items()},
        alasan=alasan,
        oleh=by,
    )
    audit.catat(
        aksi="ubah_periode", objek=baris, by=by, wilayah=baris.wilayah_id, peran=by.peran_untuk("periode.kelola", baris.wilayah_id),
        rincian={"kolom": sorted(beda), "perubahan": str(perubahan.pk)},
    )  # fmt: skip
    outbox.antre(JOB_KABAR_UBAH, {"perubahan": str(perubahan.pk)}, wilayah=baris.wilayah_id)
    return baris


def _utc(saat: datetime) -> str:
    """One spelling, so that two moments compare as text."""
    return f"{saat.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _periksa_perubahan(baris: Periode, beda: Mapping[str, datetime], alasan: str) -> None:
    saat = baca.saat_ini()
    halangan = []
    if not alasan.strip():
        halangan.append(Halangan("ALASAN_WAJIB", "Tulis alasan perubahan jadwal."))
    if not beda:
        halangan.append(Halangan("TIDAK_BERUBAH", "Belum ada waktu yang diubah."))
    for kolom, nilai in beda.items():
        if baca.lewat(getattr(baris, kolom), saat):
            halangan.append(
                Halangan(
                    "SUDAH_LEWAT",
                    f"{baca.nama_momen(kolom)} sudah lewat, tidak bisa dibuka lagi.",
                    "Usulan yang terlambat sudah pindah ke periode berikutnya dan tidak kembali. Bila waktunya kurang, "
                    "perpanjang batas periode berikutnya sebelum lewat.",
                )
            )
        elif nilai < saat:
            halangan.append(
                Halangan("WAKTU_LAMPAU", f"{baca.nama_momen(kolom)} tidak boleh di waktu yang sudah lewat.")
            )
    urut = [beda.get(k, getattr(baris, k)) for k in MOMEN]
    if urut != sorted(urut) or urut[0] == urut[1]:
        halangan.append(
            Halangan("URUTAN", "Urutan waktunya terbalik.", "Buka paling awal, tarik pusat paling akhir.")
        )
    if halangan:
        raise GateClosed(halangan)


# --- moving on ------------------------------------------------------------------------------------------


@transaction.atomic
def gulirkan(kabupaten: str, *, putaran: UUID, saat: datetime | None = None) -> int:
    """Move proposals of a kabupaten that are too late to the next period open for them; at most SEKALI, returns how many.

    Rows are locked and judged again under the lock, so that a second worker, or a step taken meanwhile, finds nothing to move.
    """
    saat = saat or baca.saat_ini()
    rows = baca.terlambat(Usulan.objects.filter(dalam("wilayah_id", [kabupaten])), saat)
    kena = list(rows.order_by("pk").select_for_update(of=("self",))[:SEKALI])
    ke: dict[tuple[str, str, str, str], str] = {}
    pindah: dict[str, list[UUID]] = defaultdict(list)
    for u in kena:
        kunci = (u.program, u.jalur, u.status, u.periode)
        if kunci not in ke:
            ke[kunci] = baca.tujuan(
                kabupaten, u.program, u.jalur, u.status, sejak=baca.berikut(u.periode), saat=saat
            )
        pindah[ke[kunci]].append(u.pk)
    if not kena:
        return 0
    GuliranPeriode.objects.bulk_create(
        GuliranPeriode(
            usulan=u, dari=u.periode, ke=ke[u.program, u.jalur, u.status, u.periode], batas=u.batas,  # type: ignore[attr-defined]
            status=u.status, putaran=putaran, pada=saat,
        )
        for u in kena
    )  # fmt: skip
    for periode, ids in pindah.items():
        Usulan.objects.filter(pk__in=ids).update(periode=periode)
    audit.catat(
        aksi="gulirkan_periode", jenis=Usulan._meta.label, objek_id=str(putaran), by=None, wilayah=kabupaten,
        rincian={"jumlah": len(kena), "tujuan": {p: len(ids) for p, ids in pindah.items()}, "usulan": [str(u.pk) for u in kena]},
    )  # fmt: skip
    outbox.antre(
        JOB_KABAR_GULIR, {"putaran": str(putaran)}, kunci=f"{JOB_KABAR_GULIR}:{putaran}", wilayah=kabupaten
    )
    return len(kena)


def gulirkan_bila_lewat(usulan: Usulan, *, dari_status: str, by: Pengguna | None) -> None:
    """For a step on a locked proposal: taken too late, or back to where it is too late, it belongs to the next period.

    Call inside the step's transaction, after the state was set. A case that left the line keeps its period.
    """
    if usulan.jalur == Usulan.Jalur.KEDARURATAN or USULAN.state(usulan.status).akhir:
        return
    saat = baca.saat_ini()
    jendela = baca.jendela(usulan.wilayah_id, usulan.program, usulan.jalur, usulan.periode)
    if jendela is None:
        return
    lewat = [b for s in (dari_status, usulan.status) if (b := jendela.batas(s)) and baca.lewat(b, saat)]
    if not lewat:
        return
    lama = usulan.periode
    usulan.periode = baca.tujuan(
        usulan.wilayah_id, usulan.program, usulan.jalur, usulan.status, sejak=baca.berikut(lama), saat=saat
    )
    usulan.save(update_fields=["periode", "updated_at"])
    GuliranPeriode.objects.create(
        usulan=usulan, dari=lama, ke=usulan.periode, batas=lewat[0], status=dari_status, pada=timezone.now()
    )
    audit.catat(
        aksi="gulirkan_periode",
        objek=usulan,
        by=by,
        wilayah=usulan.wilayah_id,
        rincian={"periode": [lama, usulan.periode]},
    )
