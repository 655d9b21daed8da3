"""The list of payments as a file, with the filter of its page."""

from bansos import exports
from bansos.forms_penyaluran import SaringPenyaluran
from bansos.queries import penerima
from dtks.exports.daftar import Daftar, Permintaan, Tersaring, daftarkan, dengan_kepala, uraian

KUASA = "penyaluran.lihat"


def _penyaluran(permintaan: Permintaan) -> Tersaring:
    saring = SaringPenyaluran(
        permintaan,  # type: ignore[arg-type]
        penerima.daftar(permintaan.user),
        luas=permintaan.user.cakupan(KUASA),
    )
    hasil = uraian(saring.form, saring.nilai)
    return Tersaring(dengan_kepala(saring.qs, "keluarga"), hasil.kata, hasil.catat)


PENYALURAN = daftarkan(
    Daftar(
        "penyaluran", "Penyaluran bantuan", "bansos.Penyaluran", "penyaluran", (KUASA,),
        _penyaluran, exports.kolom_penyaluran, ("wilayah_id", "keluarga__nama_kepala", "pk"),
    )
)  # fmt: skip
