"""May this person change the days off of an area? None or a sentence. `by` is the user, whom this floor does not know."""

from typing import Any

KUASA = "kalender.kelola"


def kelola(by: Any, wilayah: str) -> str | None:
    if by.boleh(KUASA, wilayah):
        return None
    return "Libur daerah hanya diubah supervisor Dinas Sosial kabupaten/kota itu."
