"""Flags: raised and closed with their cause for many proposals at once; kinship only by two persons (ADR 0017).

Whoever changes a cause calls `segarkan`: the flags follow in a job of their own, since the cause's rows are locked after
the proposals in the order of locks. Every night all open proposals are looked at once more.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, outbox, signing, workflow
from core.templatetags.ui import waktu
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.models import Bendera, PernyataanKerabat, Usulan
from dtks.policies import bendera as policies
from dtks.queries.bendera import DI_DINAS, OTOMATIS, Hasil, sebab
from wilayah.kode import dalam

JOB = "dtks.bendera"
JOB_MALAM = "dtks.bendera_malam"
JOB_ATAS = "bansos.bendera"  # the floor above looks for its own causes
SEKALI = 500
USULAN_TUTUP = ("usul_tutup_by", "usul_tutup_orang", "usul_tutup_at", "alasan_tutup")
HILANG = "Sebabnya sudah tidak ada."


@transaction.atomic
def selaraskan(
    usulan: Iterable[UUID],
    *,
    cari: Callable[[list[Usulan]], Hasil] = sebab,
    kode: Iterable[str] = OTOMATIS,
    by: Pengguna | None = None,
) -> tuple[int, int]:
    """Raise what has a cause now and close what has none any more; (raised, closed). Again: (0, 0).

    `cari` finds the causes; of the codes in `kode` a flag without its cause is closed.
    """
    rows = list(
        Usulan.objects.select_for_update(of=("self",))
        .filter(pk__in=list(usulan))
        .select_related("keluarga")
        .order_by("pk")
    )
    if not rows:
        return 0, 0
    mau, tempat = cari(rows), {u.pk: u for u in rows}
    semua = list(Bendera.objects.filter(usulan__in=tempat).order_by("created_at", "pk"))
    ada = {(b.usulan_id, b.kode, b.sumber): b for b in semua if not b.ditutup_at}
    baru = []
    for pk, daftar in mau.items():
        for s in daftar:
            lama = ada.get((pk, s.kode, s.sumber))
            orang = set(s.orang)
            if lama is not None:
                _tambah_orang(lama, orang)
                continue
            # Two persons have looked at exactly these people: not again every night.
            diputus = {
                o
                for b in semua
                if b.usulan_id == pk and b.kode == s.kode and b.ditutup_at
                for o in b.orang or ()
            }
            if orang and orang <= diputus:
                continue
            baru.append(
                Bendera(
                    usulan_id=pk, kode=s.kode, sumber=s.sumber, kalimat=s.kalimat[:200], created_by=by,
                    orang=list(s.orang) or None, created_at=timezone.now(),
                )
            )  # fmt: skip
    Bendera.objects.bulk_create(baru)
    hidup = {(pk, s.kode, s.sumber) for pk, daftar in mau.items() for s in daftar}
    tutup = [b for k, b in ada.items() if b.kode in set(kode) and k not in hidup]
    Bendera.objects.filter(pk__in=[b.pk for b in tutup]).update(
        ditutup_at=timezone.now(), ditutup_by=None, alasan_tutup=HILANG
    )
    for aksi, daftar_bendera in (("pasang_bendera", baru), ("cabut_bendera", tutup)):
        for b in daftar_bendera:
            _catat(aksi, b, tempat[b.usulan_id], by)
    return len(baru), len(tutup)


def _tambah_orang(bendera: Bendera, orang: set[UUID]) -> None:
    """Another person of the line turned out to be tied as well."""
    if orang - set(bendera.orang or ()):
        bendera.orang = sorted(orang | set(bendera.orang or ()), key=str)
        _tanpa_usul(bendera)  # who asked to close it did not know of this person, or is this person
        bendera.save(update_fields=["orang", *USULAN_TUTUP])
        _catat("tambah_bendera", bendera, bendera.usulan, None)


def _tanpa_usul(bendera: Bendera) -> None:
    bendera.usul_tutup_by = bendera.usul_tutup_orang = bendera.usul_tutup_at = None
    bendera.alasan_tutup = ""


def _catat(aksi: str, bendera: Bendera, usulan: Usulan, by: Pengguna | None, peran: str = "") -> None:
    audit.catat(
        aksi=aksi,
        objek=usulan,
        by=by,
        wilayah=usulan.wilayah_id,
        peran=peran,
        rincian={"kode": bendera.kode, "sumber": bendera.sumber},
    )


def segarkan(keluarga: Iterable[UUID]) -> None:
    """The cause of a flag of these families may have changed: look at them after this transaction."""
    ids = list(set(keluarga))
    kena = (
        Usulan.objects.filter(keluarga__in=ids, status__in=DI_DINAS)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if pks := [str(pk) for pk in kena]:
        outbox.antre(JOB, {"usulan": pks})


def dari_atas(usulan: Iterable[UUID]) -> None:
    """Let the floor above look at these proposals, after this transaction."""
    if pks := [str(pk) for pk in usulan]:
        outbox.antre(JOB_ATAS, {"usulan": pks})


def malam(kabupaten: str, setelah: str = "") -> str:
    """Look at one lot of the open proposals of a kabupaten; returns where the next lot begins, '' when none is left."""
    rows = Usulan.objects.filter(dalam("wilayah_id", [kabupaten]), status__in=DI_DINAS)
    if setelah:
        rows = rows.filter(pk__gt=setelah)
    pks = list(rows.order_by("pk").values_list("pk", flat=True)[:SEKALI])
    selaraskan(pks)
    dari_atas(pks)
    return str(pks[-1]) if len(pks) == SEKALI else ""


# --- closing a flag of kinship: two persons, each with a signed statement --------------------------------


def _terbuka(bendera: Bendera, by: Pengguna, boleh: policies.Policy) -> Bendera:
    """The flag, locked after its proposal, when it is open and this person may."""
    usulan: Usulan = workflow.lock(Usulan, bendera.usulan_id)
    baris: Bendera = workflow.lock(Bendera, bendera.pk)
    if kalimat := boleh(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], usulan.status)
    if baris.ditutup_at:
        raise NotOpen(
            [Halangan("SUDAH_DITUTUP", "Catatan ini sudah ditutup.", "Muat ulang halaman.")], usulan.status
        )
    return baris


def _tanda_tangan(bendera: Bendera, by: Pengguna, jenis: str, isi: str) -> PernyataanKerabat:
    return PernyataanKerabat.objects.create(
        bendera=bendera,
        oleh=by,
        orang_id=by.orang_id,
        jenis=jenis,
        isi=isi,
        tanda_tangan=signing.penyedia(signing.LOKAL).sign(naskah(bendera.pk, by.orang_id, jenis, isi), b""),
    )


def naskah(bendera: UUID, orang: UUID, jenis: str, isi: str) -> bytes:
    """What is signed: which flag, who, and the words."""
    return "\n".join((str(bendera), str(orang), jenis, isi)).encode()


@transaction.atomic
def nyatakan(bendera: Bendera, *, by: Pengguna, ada: bool, hubungan: str = "") -> PernyataanKerabat:
    """A person of the line says whether he is tied to the family. Who says yes decides nothing on it any more."""
    baris = _terbuka(bendera, by, policies.nyatakan)
    if ada and len(hubungan.strip()) < 3:
        raise GateClosed(
            [Halangan("HUBUNGAN_WAJIB", "Tulis hubungan Anda dengan keluarga ini.", "Contoh: keponakan.")]
        )
    jenis = PernyataanKerabat.Jenis.ADA if ada else PernyataanKerabat.Jenis.TIDAK_ADA
    kata = f"berhubungan keluarga: {hubungan.strip()[:200]}" if ada else "tidak berhubungan keluarga"
    hasil = _tanda_tangan(
        baris,
        by,
        jenis,
        f"Saya, {by.nama}, menyatakan {kata} dengan keluarga di usulan {baris.usulan.tiket}.",
    )
    if ada:
        _tambah_orang(baris, {by.orang_id})
    _catat("nyatakan_kerabat", baris, baris.usulan, by)
    return hasil


def _penutup(baris: Bendera, by: Pengguna, alasan: str) -> None:
    _tanda_tangan(
        baris, by, PernyataanKerabat.Jenis.PENUTUP,
        f"Saya, {by.nama}, tidak berhubungan keluarga dengan keluarga di usulan {baris.usulan.tiket}, sudah membaca "
        f"catatan kerabatnya pada {waktu(timezone.now())}, dan menyatakan: {alasan}"[:600],
    )  # fmt: skip


@transaction.atomic
def usul_tutup(bendera: Bendera, *, by: Pengguna, alasan: str) -> Bendera:
    """The supervisor asks a second person to close a flag of kinship, and signs why."""
    baris = _terbuka(bendera, by, policies.usul_tutup)
    if len(alasan.strip()) < 10:
        raise GateClosed([Halangan("ALASAN_WAJIB", "Tulis alasannya, paling sedikit 10 huruf.")])
    _penutup(baris, by, alasan.strip())
    baris.usul_tutup_by, baris.usul_tutup_orang_id, baris.usul_tutup_at = by, by.orang_id, timezone.now()
    baris.alasan_tutup = alasan.strip()[:200]
    baris.save(update_fields=USULAN_TUTUP)
    _catat(
        "usul_tutup_bendera", baris, baris.usulan, by, by.peran_untuk(policies.USUL, baris.usulan.wilayah_id)
    )
    return baris


@transaction.atomic
def setujui_tutup(bendera: Bendera, *, by: Pengguna) -> Bendera:
    """The second person closes it."""
    baris = _terbuka(bendera, by, policies.setujui_tutup)
    _penutup(baris, by, baris.alasan_tutup)
    baris.ditutup_at, baris.ditutup_by, baris.ditutup_orang_id = timezone.now(), by, by.orang_id
    baris.save(update_fields=["ditutup_at", "ditutup_by", "ditutup_orang"])
    _catat("cabut_bendera", baris, baris.usulan, by, by.peran_untuk(policies.SETUJU, baris.usulan.wilayah_id))
    return baris


@transaction.atomic
def tolak_tutup(bendera: Bendera, *, by: Pengguna) -> Bendera:
    """The second person does not agree: the flag stays, the request is gone (the statement is kept)."""
    baris = _terbuka(bendera, by, policies.setujui_tutup)
    _tanpa_usul(baris)
    baris.save(update_fields=USULAN_TUTUP)
    _catat(
        "tolak_tutup_bendera",
        baris,
        baris.usulan,
        by,
        by.peran_untuk(policies.SETUJU, baris.usulan.wilayah_id),
    )
    return baris
