"""Much remembered in little memory: a hundred thousand numbers as a dictionary take fifteen megabytes, here four."""

from array import array

_ACAK, _64 = 0x9E3779B97F4A7C15, (1 << 64) - 1


class Padat:
    """Whole number -> whole number, both below 2^64 - 1. Nothing is ever taken out."""

    __slots__ = ("_geser", "_kunci", "_n", "_nilai")

    def __init__(self, bit: int = 10):
        self._geser, self._n = 64 - bit, 0
        self._kunci, self._nilai = array("Q", bytes(8 << bit)), array("Q", bytes(8 << bit))

    def _tempat(self, kunci: int) -> int:
        """Where it stands, or would stand. An empty place holds 0, so keys are kept one higher."""
        isi, topeng = self._kunci, len(self._kunci) - 1
        i = (kunci * _ACAK & _64) >> self._geser
        while (ada := isi[i]) and ada != kunci + 1:
            i = (i + 1) & topeng
        return i

    def get(self, kunci: int) -> int | None:
        i = self._tempat(kunci)
        return self._nilai[i] if self._kunci[i] else None

    def setdefault(self, kunci: int, nilai: int) -> int:
        i = self._tempat(kunci)
        if self._kunci[i]:
            return self._nilai[i]
        self._kunci[i], self._nilai[i] = kunci + 1, nilai
        self._n += 1
        if self._n * 3 > len(self._kunci) * 2:
            self._besarkan()
        return nilai

    def _besarkan(self) -> None:
        baru = Padat(65 - self._geser)
        for kunci, nilai in zip(self._kunci, self._nilai, strict=True):
            if kunci:
                baru.setdefault(kunci - 1, nilai)
        self._geser, self._kunci, self._nilai = baru._geser, baru._kunci, baru._nilai


class Kata:
    """Texts that come again and again, each as one small number."""

    __slots__ = ("_nomor", "_teks")

    def __init__(self) -> None:
        self._nomor: dict[str, int] = {}
        self._teks: list[str] = []

    def nomor(self, teks: str) -> int:
        n = self._nomor.setdefault(teks, len(self._teks))
        if n == len(self._teks):
            self._teks.append(teks)
        return n

    def __getitem__(self, nomor: int) -> str:
        return self._teks[nomor]
