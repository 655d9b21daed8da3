"""What must not run while INDEX_KEY is being changed: work that compares very many indexes at once (docs/adr/0039)."""

from core.privacy import keys
from core.workflow import GateClosed, Halangan

WHY = "Kunci pencarian NIK sedang diganti."


def not_while_changing_keys() -> None:
    """Raises GateClosed while the configuration holds two keys."""
    if keys.changing():
        raise GateClosed([Halangan("GANTI_KUNCI", WHY, "Coba lagi beberapa menit lagi.")])
