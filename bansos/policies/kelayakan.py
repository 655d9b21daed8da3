"""Who may answer for a recipient: the operator of the village where the family lives, and never for the own family."""

from accounts.models import Pengguna
from bansos.queries.kelayakan import penutupan, tertutup
from dtks.models import Keluarga

KUASA = "kelayakan.verifikasi"


def jawab(by: Pengguna, keluarga: Keluarga, program: str) -> str | None:
    if not by.boleh(KUASA, keluarga.wilayah_id):
        return "Verifikasi kelayakan dijawab operator desa tempat keluarga ini tinggal."
    if keluarga.anggota.filter(nik_indeks=by.orang.nik_indeks, aktif=True).exists():
        return "Anda tercatat sebagai anggota keluarga ini. Mintalah petugas lain yang menjawab."
    return tertutup(keluarga.wilayah_id, penutupan(keluarga.wilayah_id, [program])[program])
