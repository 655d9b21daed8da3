"""From the names in a table to the code of a desa: 'KAB. GARUT', 'Kec. Garut Kota', 'KELURAHAN PAMINGGIR'."""

import re
from collections import defaultdict

from wilayah.models import Wilayah

_AWALAN = re.compile(
    r"^(?:PROVINSI|PROV|KECAMATAN|KEC|KELURAHAN|KEL|DESA|DS|GAMPONG|NAGARI|KAMPUNG)\b[. ]*(?=.)"
)
_KAB = re.compile(r"^(?:KABUPATEN|KAB)\b[. ]*(?:ADMINISTRASI |ADM[. ]+)?")
_KOTA = re.compile(r"^(?:KOTA|KODYA)\b[. ]*(?:ADMINISTRASI |ADM[. ]+)?")
_LAMA = {"DAERAHISTIMEWAYOGYAKARTA": "DIYOGYAKARTA", "DAERAHKHUSUSIBUKOTAJAKARTA": "DKIJAKARTA", "NANGGROEACEHDARUSSALAM": "ACEH"}  # fmt: skip


def _polos(nama: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", nama)


def _kunci(nama: str) -> str:
    polos = _polos(_AWALAN.sub("", nama.upper().strip()))
    return _LAMA.get(polos, polos)


def _kunci_kab(nama: str) -> tuple[str, str]:
    """('kab' | 'kota' | '', name): a name without its kind may be either."""
    besar = nama.upper().strip()
    for jenis, pola in (("kab", _KAB), ("kota", _KOTA)):
        if (polos := _polos(pola.sub("", besar))) and pola.match(besar):
            return jenis, polos
    return "", _polos(besar)


class NamaWilayah:
    """Resolves names level by level; children of an area are read once. Give it for one run only."""

    def __init__(self) -> None:
        self._anak: dict[str, dict[str, list[str]]] = {}
        self._jawab: dict[tuple[str, str, str, str], tuple[str, int]] = {}

    def desa(self, provinsi: str, kabupaten: str, kecamatan: str, kelurahan: str) -> tuple[str, int]:
        """(code of the desa, 0), or ('', level 1..4 of the first name that is not known)."""
        nama = (provinsi, kabupaten, kecamatan, kelurahan)
        if nama not in self._jawab:
            self._jawab[nama] = self._cari(nama)
        return self._jawab[nama]

    def _cari(self, nama: tuple[str, ...]) -> tuple[str, int]:
        calon = [""]
        for tingkat, satu in enumerate(nama, start=1):
            calon = [kode for induk in calon for kode in self._cocok(induk, tingkat, satu)]
            if not calon:
                return "", tingkat
        return (calon[0], 0) if len(calon) == 1 else ("", len(nama))

    def _cocok(self, induk: str, tingkat: int, nama: str) -> list[str]:
        anak = self._anak_dari(induk, tingkat)
        if tingkat != 2:
            return anak.get(_kunci(nama), [])
        jenis, polos = _kunci_kab(nama)
        if jenis:
            return anak.get(f"{jenis}:{polos}", [])
        return anak.get(f"kab:{polos}") or anak.get(f"kota:{polos}", [])

    def _anak_dari(self, induk: str, tingkat: int) -> dict[str, list[str]]:
        if induk not in self._anak:
            peta: dict[str, list[str]] = defaultdict(list)
            rows = Wilayah.objects.berlaku().filter(tingkat=tingkat, induk=induk or None)
            for kode, nama in rows.order_by("kode").values_list("kode", "nama"):
                if tingkat == 2:
                    jenis, polos = _kunci_kab(nama)
                    peta[f"{jenis or 'kab'}:{polos}"].append(kode)
                else:
                    peta[_kunci(nama)].append(kode)
            self._anak[induk] = dict(peta)
        return self._anak[induk]
