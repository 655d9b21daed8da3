"""Which steps are open to a person on a case, and what still stands in the way of each."""

from dataclasses import dataclass, field

from accounts.models import Pengguna
from core import rules
from core.workflow import Halangan, Langkah
from dtks.models import Usulan
from dtks.policies import usulan as policies
from dtks.queries.gerbang import GERBANG
from dtks.workflow import USULAN

# Gates that are met by what is chosen on the page of the step itself.
DIPILIH_SAAT_LANGKAH = {
    "musyawarahkan": {"agenda_atau_sptjm"},
    "tugaskan": {"petugas_dipilih"},
    "alihkan": {"petugas_dipilih"},
}

# Taken on pages of their own, not offered on the page of the case.
BUKAN_HALAMAN = ("urungkan", "tidak_ditemui", "lewati_kunjungan", "buka_kembali")


@dataclass(frozen=True)
class LangkahTerbuka:
    """A step this person may take from here; `halangan` are the closed gates (empty: go)."""

    arrow: Langkah
    halangan: list[Halangan] = field(default_factory=list)


def terbuka(usulan: Usulan, by: Pengguna) -> list[LangkahTerbuka]:
    """Steps whose arrow leaves this state and whose policy lets this person, in the order of the line."""
    return [
        LangkahTerbuka(arrow, halangan(usulan, arrow, by))
        for arrow in USULAN.open_from(usulan.status)
        if arrow.nama not in BUKAN_HALAMAN and policies.BY_STEP[arrow.nama](by, usulan) is None
    ]


def halangan(usulan: Usulan, arrow: Langkah, by: Pengguna) -> list[Halangan]:
    """Closed gates, less those that the emergency route may meet later and those chosen with the step."""
    lewati = set(DIPILIH_SAAT_LANGKAH.get(arrow.nama, ()))
    if usulan.jalur == Usulan.Jalur.KEDARURATAN:
        lewati |= set(rules.value("darurat", usulan.wilayah_id)["gerbang_ditunda"])
    return [h for g in arrow.gerbang if g not in lewati and (h := GERBANG[g](usulan, by))]
