"""The engine of every line of work. States and arrows are rows of data; this file moves along them.

One step = one transaction: lock the row, check the source on the locked row, ask the policy and the
gates, write history and audit, set the state, queue the notice. Database triggers hold the same arrows,
so raw SQL cannot skip a stage either.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction

from core import audit, outbox


@dataclass(frozen=True)
class Keadaan:
    """A state: its code, the words on screen, and who holds the case while it is there."""

    kode: str
    label: str
    pemegang: str = ""
    nada: str = "netral"  # tone of the tag: netral, proses, tunggu, baik, buruk
    akhir: bool = False


@dataclass(frozen=True)
class Langkah:
    """An arrow (or a bundle with the same name and rules)."""

    nama: str
    sumber: tuple[str, ...]
    tujuan: tuple[str, ...]
    kuasa: str
    label: str
    gerbang: tuple[str, ...] = ()
    perlu_alasan: bool = False
    peran_orang: str = ""  # column that remembers the person, for the four-eyes constraint


@dataclass(frozen=True)
class Alur:
    nama: str
    awal: str
    keadaan: tuple[Keadaan, ...]
    langkah: tuple[Langkah, ...]
    _by_code: dict[str, Keadaan] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        self._by_code.update({k.kode: k for k in self.keadaan})

    def state(self, kode: str) -> Keadaan:
        return self._by_code[kode]

    def choices(self) -> list[tuple[str, str]]:
        return [(k.kode, k.label) for k in self.keadaan]

    def find(self, nama: str, dari: str) -> Langkah | None:
        return next((s for s in self.langkah if s.nama == nama and dari in s.sumber), None)

    def names(self) -> list[str]:
        return list(dict.fromkeys(s.nama for s in self.langkah))

    def open_from(self, dari: str) -> list[Langkah]:
        return [s for s in self.langkah if dari in s.sumber]

    def arrows(self) -> set[tuple[str, str, str]]:
        return {(s.nama, a, b) for s in self.langkah for a in s.sumber for b in s.tujuan}


@dataclass(frozen=True)
class Halangan:
    """Why a step cannot be taken now: a code, a sentence, and what to do next."""

    kode: str
    kalimat: str
    jalan_keluar: str = ""


class StepRefused(Exception):
    """A step was refused. `halangan` is never empty; `status` is the state on the locked row."""

    http_status = 409

    def __init__(
        self, halangan: Iterable[Halangan], status: str = "", *, langkah: str = "", objek: Any = None
    ):
        self.halangan, self.status = list(halangan), status
        self.langkah, self.objek = langkah, objek  # what was tried on which row, where the engine knows
        super().__init__("; ".join(h.kode for h in self.halangan))


class NotOpen(StepRefused):
    """The row is in another state, or was changed since the page was opened."""


class NotAllowed(StepRefused):
    """This person may not take this step."""

    http_status = 403


class GateClosed(StepRefused):
    """A condition of the step is not met."""

    http_status = 422


Gate = Callable[[Any, Any], Halangan | None]


def lock(model: type[models.Model], pk: Any) -> Any:
    """The row, locked until commit."""
    return model._default_manager.select_for_update(of=("self",)).get(pk=pk)


def step(
    alur: Alur,
    objek: Any,
    nama: str,
    *,
    by: Any,
    boleh: Callable[[Any, Any], str | None],
    gerbang: Mapping[str, Gate],
    tujuan: str | None = None,
    alasan: str = "",
    alasan_kalimat: str = "",
    catatan: str = "",
    versi: int | None = None,
    peran: str = "",
    rincian: dict[str, Any] | None = None,
    notice: str = "",
    kabar: dict[str, Any] | None = None,
    simpan: dict[str, Any] | None = None,
    tunda: int = 0,
) -> Any:
    """Take step `nama` on `objek` as `by`. Returns the fresh locked row in its new state.

    boleh(by, objek) -> sentence when refused; gerbang maps gate names to checks; `versi` is the version the
    person saw. `simpan` stays with the history row; the notice waits `tunda` seconds. Raises NotOpen, NotAllowed or
    GateClosed; then nothing was written.
    """
    with transaction.atomic():
        baris = lock(type(objek), objek.pk)
        arrow = alur.find(nama, baris.status)
        if arrow is None or (versi is not None and versi != baris.versi):
            raise NotOpen(
                [
                    Halangan(
                        "SUDAH_BERPINDAH",
                        f"Langkah ini tidak terbuka lagi: sekarang “{alur.state(baris.status).label}”.",
                        "Muat ulang halaman untuk melihat keadaan terakhir.",
                    )
                ],
                baris.status,
            )
        kalimat = boleh(by, baris)
        if kalimat:
            raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], baris.status, langkah=nama, objek=baris)
        ke = tujuan or (arrow.tujuan[0] if len(arrow.tujuan) == 1 else "")
        if ke not in arrow.tujuan:
            pilihan = ", ".join(alur.state(t).label for t in arrow.tujuan)
            raise GateClosed(
                [Halangan("TUJUAN_WAJIB", f"Pilih tujuan langkah ini: {pilihan}.")], baris.status
            )
        if arrow.perlu_alasan and not alasan:
            raise GateClosed([Halangan("ALASAN_WAJIB", "Pilih alasannya dari daftar.")], baris.status)
        tertutup = [h for g in arrow.gerbang if (h := gerbang[g](baris, by))]
        if tertutup:
            raise GateClosed(tertutup, baris.status)

        dari, baris.status, baris.versi = baris.status, ke, baris.versi + 1
        changed = ["status", "versi", "status_sejak", "updated_at"]
        if arrow.peran_orang:
            setattr(baris, arrow.peran_orang, by.orang_id)
            changed.append(arrow.peran_orang)
        riwayat = baris.riwayat.create(
            urut=baris.versi,
            langkah=nama,
            dari=dari,
            ke=ke,
            oleh=by,
            orang_id=by.orang_id if by is not None else None,
            peran=peran,
            alasan=alasan,
            alasan_kalimat=alasan_kalimat,
            catatan=catatan,
            **({"rincian": simpan} if simpan else {}),
        )
        baris.status_sejak = riwayat.pada  # the database's clock: those of the web machines may disagree
        baris.save(update_fields=changed)
        audit.catat(
            aksi=nama,
            objek=baris,
            by=by,
            wilayah=baris.wilayah_id,
            peran=peran,
            rincian={
                "dari": dari,
                "ke": ke,
                "versi": baris.versi,
                **({"alasan": alasan} if alasan else {}),
                **(rincian or {}),
            },
        )
        if notice:
            outbox.antre(
                notice, {"riwayat": str(riwayat.pk), **(kabar or {})}, wilayah=baris.wilayah_id, tunda=tunda
            )
        return baris


def diagram(alur: Alur) -> str:
    """Mermaid source of the state diagram; docs/alur-*.md is generated from it and CI compares."""
    lines = ["stateDiagram-v2", f"    [*] --> {alur.awal}"]
    for arrow in alur.langkah:
        for a in arrow.sumber:
            for b in arrow.tujuan:
                lines.append(f"    {a} --> {b}: {arrow.nama}")
    lines += [f"    {k.kode} --> [*]" for k in alur.keadaan if k.akhir]
    return "\n".join(lines) + "\n"
