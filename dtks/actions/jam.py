"""The clock of a proposal: it starts with a state, stands still while others are waited for, and goes on where it stood.

`pindah` is part of every step, in its transaction and on its locked row. A deadline once set stays, whatever holidays are
entered later; only `hitung_ulang` sets it anew.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from accounts.models import Pengguna
from core import audit, outbox, rules, workflow
from core.workflow import Halangan, NotAllowed
from dtks.models import JedaTenggat, Usulan
from dtks.queries import tenggat as baca
from dtks.workflow import USULAN, USULAN_TERBUKA
from wilayah.kode import dalam
from wilayah.policies import kalender as policies
from wilayah.queries.kerja import Kalender, kalender
from wilayah.waktu import hari_wilayah

JOB_SURAT = "dtks.jeda_surat"
JOB_ULANG = "dtks.hitung_ulang_tenggat"
KOLOM = ("tenggat", "tenggat_mulai", "tenggat_hari")
SEKALI = 2000  # proposals whose deadline is set anew in one transaction
_MENAHAN = {"tunda": JedaTenggat.Jenis.TUNDA, "kembalikan": JedaTenggat.Jenis.KEMBALI}


def pindah(usulan: Usulan, *, dari: str, langkah: str, alasan: str = "") -> None:
    """Set the clock columns after a step (not saved): stop the clock of the state left, start or go on with the new one."""
    hari, kal = hari_wilayah(usulan.wilayah_id), kalender(usulan.wilayah_id)
    buka = {j.status: j for j in usulan.jeda.terbuka().order_by("pk")}
    if (surat := buka.pop(dari, None)) is not None:
        _jalankan(usulan, surat, hari, kal)
    if langkah in _MENAHAN and dari in USULAN_TERBUKA and usulan.tenggat is not None:
        _hentikan(
            usulan,
            status=dari,
            jenis=_MENAHAN[langkah],
            menunggu=_yang_ditunggu(usulan, langkah, alasan),
            alasan=alasan,
            hari=hari,
        )
    if USULAN.state(usulan.status).akhir:
        for jeda in buka.values():
            _tutup(jeda, hari, usulan.versi)
    elif (semula := buka.get(usulan.status)) is not None and semula.tenggat_semula is not None:
        usulan.tenggat, usulan.tenggat_mulai = semula.tenggat_semula, semula.mulai_semula
        usulan.tenggat_hari = semula.hari_semula
        _jalankan(usulan, semula, hari, kal)
        _tunggu_surat(usulan, hari)
        return
    _mulai(usulan, hari, kal)
    _tunggu_surat(usulan, hari)


def _yang_ditunggu(usulan: Usulan, langkah: str, alasan: str) -> str:
    if langkah == "kembalikan":
        return USULAN.state(usulan.status).pemegang
    return alasan.removeprefix("Menunggu ").rstrip(".")[:120]


def _mulai(usulan: Usulan, hari: date, kal: Kalender) -> None:
    lama = baca.lama(usulan.status, usulan.wilayah_id, hari)
    if lama is None:
        usulan.tenggat = usulan.tenggat_mulai = usulan.tenggat_hari = None
        return
    usulan.tenggat = baca.geser(kal, usulan.wilayah_id, hari, lama.hari, kerja=lama.kerja)
    usulan.tenggat_mulai, usulan.tenggat_hari = hari, lama.hari if lama.kerja else None


def _hentikan(usulan: Usulan, *, status: str, jenis: str, menunggu: str, alasan: str, hari: date) -> None:
    JedaTenggat.objects.create(
        usulan=usulan, status=status, jenis=jenis, menunggu=menunggu, alasan=alasan, sejak=hari,
        mulai_semula=usulan.tenggat_mulai, hari_semula=usulan.tenggat_hari, tenggat_semula=usulan.tenggat,
        dibuka_versi=usulan.versi,
    )  # fmt: skip


def _jalankan(usulan: Usulan, jeda: JedaTenggat, hari: date, kal: Kalender) -> None:
    """Let the clock go on: the deadline moves on by the days that it stood still."""
    kerja, w = usulan.tenggat_hari is not None, usulan.wilayah_id
    if usulan.tenggat is not None:
        n = baca.jarak(kal, w, jeda.sejak, hari, kerja=kerja)
        usulan.tenggat = baca.geser(kal, w, usulan.tenggat, n, kerja=kerja)
    _tutup(jeda, hari, usulan.versi)


def _tutup(jeda: JedaTenggat, hari: date, versi: int) -> None:
    jeda.sampai, jeda.ditutup_versi = max(hari, jeda.sejak), versi
    jeda.save(update_fields=["sampai", "ditutup_versi"])


# --- waiting for Disdukcapil ----------------------------------------------------------------------------


def _tunggu_surat(usulan: Usulan, hari: date) -> bool:
    """Stop the clock of a state in which a letter is waited for (Ketentuan `jeda.surat`). False: it runs."""
    surat = baca.surat_ditunggu(usulan) if usulan.tenggat is not None else None
    if surat is None or usulan.status not in rules.value("jeda.surat", usulan.wilayah_id):
        return False
    nomor, dikirim = surat
    mulai = usulan.tenggat_mulai or hari
    # Days on which the clock stood for another reason have moved the deadline already.
    jeda = usulan.jeda.filter(status=usulan.status, sejak__gte=mulai).aggregate(n=Max("sampai"))["n"]
    _hentikan(
        usulan,
        status=usulan.status,
        jenis=JedaTenggat.Jenis.SURAT,
        menunggu=f"jawaban Disdukcapil atas surat {nomor}"[:120],
        alasan="",
        hari=max(dikirim, jeda or mulai),
    )
    return True


def _selaraskan_surat(usulan: Usulan, hari: date, kal: Kalender) -> bool:
    """Stop the clock while a letter is unanswered, and let it go on after. True when something changed."""
    jeda = usulan.jeda.terbuka().filter(status=usulan.status, jenis=JedaTenggat.Jenis.SURAT).first()
    if jeda is None:
        return _tunggu_surat(usulan, hari)
    if baca.surat_ditunggu(usulan) is not None:
        return False
    _jalankan(usulan, jeda, hari, kal)
    return True


def surat_berubah(keluarga: list[UUID]) -> None:
    """A letter about these families was sent, answered or cancelled, or their findings were closed: look again, later.

    The caller holds locks below the proposal, so the clocks are set in a transaction of their own.
    """
    terkait = Usulan.objects.filter(keluarga__in=keluarga, status__in=USULAN_TERBUKA)
    if keluarga and terkait.exists():
        outbox.antre(JOB_SURAT, {"keluarga": sorted(str(k) for k in keluarga)})


def temuan_ditutup(keluarga: UUID) -> None:
    """A finding of this family is closed: a clock that stands for its letter may go on."""
    if (
        JedaTenggat.objects.terbuka()
        .filter(jenis=JedaTenggat.Jenis.SURAT, usulan__keluarga=keluarga)
        .exists()
    ):
        surat_berubah([keluarga])


def selaraskan_surat(keluarga: Iterable[UUID]) -> int:
    """Queue handler's work: stop or start the clocks of these families' open proposals. Returns how many changed."""
    n = 0
    ids = Usulan.objects.filter(keluarga__in=keluarga, status__in=USULAN_TERBUKA).order_by("pk")
    for pk in ids.values_list("pk", flat=True):
        with transaction.atomic():
            usulan: Usulan = workflow.lock(Usulan, pk)
            if usulan.status not in USULAN_TERBUKA:
                continue
            hari = hari_wilayah(usulan.wilayah_id)
            if not _selaraskan_surat(usulan, hari, kalender(usulan.wilayah_id)):
                continue
            usulan.save(update_fields=[*KOLOM, "updated_at"])
            berhenti = usulan.jeda.berjalan().exists()
            aksi = "hentikan_jam" if berhenti else "jalankan_jam"
            tenggat = usulan.tenggat.isoformat() if usulan.tenggat else None
            audit.catat(
                aksi=aksi, objek=usulan, by=None, wilayah=usulan.wilayah_id, rincian={"tenggat": tenggat}
            )
            n += 1
    return n


def keluarga_menunggu_surat() -> Iterable[list[UUID]]:
    """Families whose clock stands for a letter, in lots: looked at again now and then, whatever was missed."""
    ids = list(
        JedaTenggat.objects.terbuka()
        .filter(jenis=JedaTenggat.Jenis.SURAT)
        .order_by("usulan__keluarga")
        .values_list("usulan__keluarga_id", flat=True)
        .distinct()
    )
    return [ids[i : i + 200] for i in range(0, len(ids), 200)]


# --- taking a step back ---------------------------------------------------------------------------------


def sebelum(usulan: Usulan) -> dict[str, Any]:
    """The clock as it stands, for a step that may be taken back."""
    return {k: getattr(usulan, k).isoformat() if isinstance(getattr(usulan, k), date) else getattr(usulan, k) for k in KOLOM}  # fmt: skip


def pulihkan(usulan: Usulan, lama: dict[str, Any], versi: int) -> None:
    """Undo what `pindah` did in the step that made `versi` (columns not saved)."""
    usulan.tenggat, usulan.tenggat_mulai = _tanggal(lama["tenggat"]), _tanggal(lama.get("tenggat_mulai"))
    usulan.tenggat_hari = lama.get("tenggat_hari")
    usulan.jeda.filter(dibuka_versi=versi).delete()
    usulan.jeda.filter(ditutup_versi=versi).update(sampai=None, ditutup_versi=None)
    _selaraskan_surat(usulan, hari_wilayah(usulan.wilayah_id), kalender(usulan.wilayah_id))


def _tanggal(teks: str | None) -> date | None:
    return date.fromisoformat(teks) if teks else None


# --- counting anew --------------------------------------------------------------------------------------


@transaction.atomic
def minta_hitung_ulang(*, by: Pengguna, kabupaten: str) -> None:
    """A holiday came or went and the running deadlines are to follow it: an act of its own, done by a job."""
    if kalimat := policies.kelola(by, kabupaten):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    audit.catat(
        aksi="hitung_ulang_tenggat", jenis="dtks.Usulan", objek_id=kabupaten, by=by, wilayah=kabupaten,
        peran=by.peran_untuk(policies.KUASA, kabupaten),
    )  # fmt: skip
    outbox.antre(
        JOB_ULANG, {"kabupaten": kabupaten}, judul="Hitung ulang tenggat usulan", by=by, wilayah=kabupaten
    )


def hitung_ulang(kabupaten: str) -> int:
    """Set up to SEKALI deadlines of the area to what the present calendar says; the number that changed.

    Looked for without locks, by groups of one start and length; then locked by pk like everywhere and counted once more.
    """
    kal, calon = kalender(kabupaten), list[UUID]()
    rows = Usulan.objects.filter(
        dalam("wilayah_id", [kabupaten]), status__in=USULAN_TERBUKA, tenggat_mulai__isnull=False, tenggat_hari__isnull=False
    )  # fmt: skip
    berjeda = Exists(JedaTenggat.objects.filter(usulan=OuterRef("pk"), status=OuterRef("status")))
    for mulai, hari in (
        rows.filter(~berjeda)
        .order_by("tenggat_mulai", "tenggat_hari")
        .values_list("tenggat_mulai", "tenggat_hari")
        .distinct()
    ):
        assert mulai is not None and hari is not None  # the filter says so
        beda = rows.filter(~berjeda, tenggat_mulai=mulai, tenggat_hari=hari).exclude(
            tenggat=kal.tambah(kabupaten, mulai, hari)
        )
        calon += beda.order_by("pk").values_list("pk", flat=True)[: SEKALI - len(calon)]
        if len(calon) >= SEKALI:
            break
    else:
        lama = list(rows.filter(berjeda).order_by("pk"))
        jeda = _jeda_selesai(u.pk for u in lama)
        beda_jeda = [u.pk for u in lama if _tenggat_baru(u, jeda[u.pk], kal) != u.tenggat]
        calon += beda_jeda[: SEKALI - len(calon)]
    terkunci = list(rows.filter(pk__in=calon).order_by("pk").select_for_update(of=("self",)))
    jeda, per = _jeda_selesai(u.pk for u in terkunci), defaultdict(list)
    for usulan in terkunci:
        if (baru := _tenggat_baru(usulan, jeda[usulan.pk], kal)) != usulan.tenggat:
            per[baru].append(usulan.pk)
    return sum(Usulan.objects.filter(pk__in=ids).update(tenggat=baru) for baru, ids in per.items())


def _jeda_selesai(usulan: Iterable[UUID]) -> defaultdict[UUID, list[JedaTenggat]]:
    """The pauses of these proposals that ended, the first one first."""
    hasil: defaultdict[UUID, list[JedaTenggat]] = defaultdict(list)
    for satu in JedaTenggat.objects.filter(usulan__in=list(usulan), sampai__isnull=False).order_by(
        "sejak", "pk"
    ):
        hasil[satu.usulan_id].append(satu)
    return hasil


def _tenggat_baru(usulan: Usulan, jeda: Iterable[JedaTenggat], kal: Kalender) -> date:
    """Its deadline by this calendar: start and length, and behind every pause of this clock that ended."""
    assert usulan.tenggat_mulai is not None and usulan.tenggat_hari is not None
    w = usulan.wilayah_id
    baru = kal.tambah(w, usulan.tenggat_mulai, usulan.tenggat_hari)
    for satu in jeda:
        if satu.status == usulan.status and satu.sejak >= usulan.tenggat_mulai:
            assert satu.sampai is not None
            baru = kal.tambah(w, baru, kal.selisih(w, satu.sejak, satu.sampai))
    return baru
