"""Trying a rule out in the background: a kabupaten of a million people is not computed while somebody's browser waits."""

from dataclasses import asdict
from typing import Any

from django.db import transaction

from accounts.models import Pengguna
from bansos.actions import aturan as aksi
from bansos.actions.latar import berjalan, kabari, kalimat
from bansos.models import AturanProgram, PercobaanAturan
from bansos.queries.banding import Banding
from core import outbox
from core.models import Pekerjaan
from core.workflow import StepRefused

JOB = "bansos.coba_aturan"


@transaction.atomic
def minta(aturan: AturanProgram, *, by: Pengguna, periode: str) -> Pekerjaan:
    """Have this content tried. Asked again while it is being computed, the same job is given back. Raises NotAllowed."""
    aksi.boleh_coba(aturan, by)
    argumen = {
        "aturan": str(aturan.pk),
        "periode": periode,
        "oleh": str(by.pk),
        "isi": aksi.sidik(aturan.isi),
    }
    if sudah := berjalan(JOB, argumen).first():
        return sudah
    job = outbox.antre(
        JOB,
        argumen,
        judul=f"Percobaan aturan {aturan}, triwulan {periode}",
        by=by,
        wilayah=str(aturan.wilayah_id),
    )
    assert job is not None  # no key, so it is always new
    return job


def sedang(aturan: AturanProgram) -> bool:
    """Is a trial of this version being computed?"""
    return berjalan(JOB, {"aturan": str(aturan.pk)}).exists()


def kerjakan(job: Pekerjaan) -> dict[str, Any]:
    """Queue handler: one transaction, one trial. What is refused meanwhile is the answer, not a failure."""
    a = job.argumen
    by, aturan = Pengguna.objects.get(pk=a["oleh"]), AturanProgram.objects.get(pk=a["aturan"])
    alamat = f"/program/{aturan.program_id}/aturan/{aturan.pk}/"
    try:
        hasil = aksi.coba(aturan, by=by, periode=a["periode"])
    except StepRefused as tolak:
        kabari(by, f"Percobaan aturan {aturan} tidak jadi: {kalimat(tolak)}", alamat)
        return {"gagal": kalimat(tolak), "tautan": alamat}
    satu = _simpan(aturan, hasil, by, a["periode"])
    kabari(by, f"Percobaan aturan {aturan} selesai.", f"/program/percobaan/{satu.pk}/")
    return {"masuk": hasil.masuk, "keluar": hasil.keluar, "tautan": f"/program/percobaan/{satu.pk}/"}


def _simpan(aturan: AturanProgram, hasil: Banding, by: Pengguna, periode: str) -> PercobaanAturan:
    angka = asdict(hasil)
    contoh = [
        {"keluarga": str(u.keluarga), "arah": u.arah, "lama": u.peringkat_lama, "baru": u.peringkat_baru, "alasan": u.alasan}
        for u in hasil.contoh
    ]  # fmt: skip
    del angka["contoh"]
    return PercobaanAturan.objects.create(
        aturan=aturan, periode=periode, isi_sidik=aksi.sidik(aturan.isi), angka=angka | {"selisih": hasil.selisih}, contoh=contoh, by=by
    )  # fmt: skip
