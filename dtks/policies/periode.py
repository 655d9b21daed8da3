"""May this person change a window of the month? None or a sentence."""

from accounts.models import Pengguna
from dtks.models import Periode


def ubah(by: Pengguna, jendela: Periode) -> str | None:
    if by.boleh("periode.kelola", jendela.wilayah_id):
        return None
    return "Jadwal hanya diubah supervisor Dinas Sosial kabupaten/kota ini."
