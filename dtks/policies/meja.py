"""Who may have a case open at the desk: who may take a step on it there. Reading it is the register's business."""

from accounts.models import Pengguna
from dtks.models import Usulan
from dtks.policies import usulan as policies
from dtks.queries.meja import LANGKAH_MEJA
from dtks.workflow import ANTREAN, USULAN


def buka(by: Pengguna, usulan: Usulan) -> str | None:
    """None when some step of the desk is open to this person on this case."""
    if usulan.status not in ANTREAN:
        return f"Usulan ini tidak menunggu Dinas Sosial: sekarang “{usulan.get_status_display()}”."
    kalimat = [
        policies.BY_STEP[arrow.nama](by, usulan)
        for arrow in USULAN.open_from(usulan.status)
        if arrow.nama in (*LANGKAH_MEJA, "sahkan")
    ]
    return None if not kalimat or None in kalimat else kalimat[0]
