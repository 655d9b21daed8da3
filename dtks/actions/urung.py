"""Taking back one's own decision within seconds. History keeps both rows; the case is as it was before."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import Pengguna
from core import workflow
from core.workflow import GateClosed, Halangan
from dtks.actions import jam
from dtks.models import Musyawarah, PutusanMusyawarah, Usulan
from dtks.policies import usulan as policies
from dtks.queries.gerbang import GERBANG
from dtks.workflow import USULAN


def urungkan(usulan: Usulan, *, by: Pengguna, versi: int | None = None) -> Usulan:
    """Back to the state before the last decision. `versi` is the one that the decision made."""
    try:
        with transaction.atomic():
            baris: Usulan = workflow.lock(Usulan, usulan.pk)
            terakhir = baris.riwayat.order_by("-urut").first()
            hasil: Usulan = workflow.step(
                USULAN,
                baris,
                "urungkan",
                by=by,
                boleh=policies.BY_STEP["urungkan"],
                gerbang=GERBANG,
                tujuan=terakhir.dari if terakhir else None,
                versi=versi,
                peran=terakhir.peran if terakhir else "",
                rincian={"langkah": terakhir.langkah, "urut": terakhir.urut} if terakhir else None,
            )
            assert terakhir is not None and terakhir.rincian  # policy and gate saw them
            _pulihkan(hasil, terakhir.rincian["sebelum"], terakhir.langkah)
            return hasil
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


def _pulihkan(usulan: Usulan, lama: dict[str, Any], langkah: str) -> None:
    """The columns that the decision changed: clock, deadline, person of the step, papers that went with a return."""
    usulan.status_sejak = datetime.fromisoformat(lama["status_sejak"])
    jam.pulihkan(usulan, lama, usulan.versi - 1)
    usulan.gerbang_susulan = lama["gerbang_susulan"]
    usulan.susulan_tenggat = _hari(lama["susulan_tenggat"])
    usulan.sptjm_id = lama["sptjm"]
    kolom = ["status_sejak", *jam.KOLOM, "gerbang_susulan", "susulan_tenggat", "sptjm", "updated_at"]
    arrow = USULAN.find(langkah, usulan.status)
    if arrow and arrow.peran_orang:
        setattr(usulan, arrow.peran_orang, lama[arrow.peran_orang])
        kolom.append(arrow.peran_orang)
    usulan.save(update_fields=kolom)
    for rapat in Musyawarah.objects.filter(pk__in=lama["agenda"], status="dijadwalkan").order_by("pk"):
        PutusanMusyawarah.objects.get_or_create(musyawarah=rapat, usulan=usulan)


def _hari(teks: str | None) -> date | None:
    return date.fromisoformat(teks) if teks else None
