"""Tickets are numbered, so they are known; PINs are guessed. From one address almost nothing is answered, from a thousand no more than
the limit of a ticket allows (reliability.md §2 T12).

`./test --fuzz` guesses 100,000 times (`DTKS_FUZZ_TEBAKAN`), each guess committed as in life: in one transaction every count would leave
dead rows that nobody may sweep.
"""

import os
import random
from collections.abc import Callable

import pytest

from core.models import Pembatas
from pengaduan.actions.lacak import TooMany, lacak
from tests.bantu import alur

BANYAK = int(os.environ.get("DTKS_FUZZ_TEBAKAN", "100000"))


@pytest.mark.django_db
def test_tiket_dan_pin_ditebak_dari_satu_dan_seribu_alamat(lapor):
    menebak(2_000, lapor)


@pytest.mark.fuzz
@pytest.mark.timeout(7200)
def test_seratus_ribu_tebakan_pin(db_nyata, lapor):
    menebak(BANYAK, lapor)


def menebak(banyak: int, lapor: Callable[[str], None]) -> None:
    p = alur.sampai("draf")
    urut, acak = int(p.usulan.tiket[-5:]), random.Random(3205)
    for nama, alamat in (
        ("one address", lambda i: "198.51.100.7"),
        ("1,000 addresses", lambda i: f"203.0.{i % 1000 // 250}.{i % 250}"),
    ):
        dijawab = ketemu = 0
        for i in range(banyak):
            tiket = f"{p.usulan.tiket[:-5]}{urut + i % 50:05}"
            try:
                ketemu += lacak(tiket=tiket, pin=f"{acak.randrange(10**6):06}", alamat=alamat(i)) is not None
                dijawab += 1
            except TooMany:
                pass
        lapor(f"{banyak:,} PINs guessed from {nama}: {dijawab} answered, {ketemu} found")
        assert ketemu == 0 and dijawab <= 50 * 20, dijawab
        assert Pembatas.objects.filter(kunci__startswith="lacak:").exists()
        Pembatas.objects.filter(kunci__startswith="lacak:").delete()
