"""Who settles a number that two villages propose: the Dinas of both, and never the one who reported it."""

from accounts.models import Pengguna
from dtks.models import TemuanGanda
from wilayah.kode import kabupaten_dari
from wilayah.models import Wilayah

KUASA = "padan.setujui_kecuali"


def dua_kabupaten(temuan: TemuanGanda) -> bool:
    return kabupaten_dari(temuan.wilayah_pertama_id) != kabupaten_dari(temuan.wilayah_kedua_id)


def sebutan_kabupaten(wilayah: Wilayah) -> str:
    """'Kabupaten Garut' for a desa, RW or RT inside it."""
    return wilayah.jalur.split(", ")[-2]


def sisi_dinsos(by: Pengguna, temuan: TemuanGanda) -> Wilayah:
    """The area by which this person of the Dinas has to do with the finding."""
    pertama = by.boleh(KUASA, temuan.wilayah_pertama_id)
    return temuan.wilayah_pertama if pertama else temuan.wilayah_kedua


def catat(by: Pengguna, temuan: TemuanGanda) -> str | None:
    """May this person write a note? None, or a sentence why not."""
    if by.boleh(KUASA, temuan.wilayah_pertama_id) or by.boleh(KUASA, temuan.wilayah_kedua_id):
        return None
    return "Data ganda ditengahi verifikator atau supervisor Dinsos."


def tengahi(by: Pengguna, temuan: TemuanGanda) -> str | None:
    """May this person decide? None, or a sentence why not."""
    if kalimat := catat(by, temuan):
        return kalimat
    if dua_kabupaten(temuan):
        return "Menunggu koordinasi dua kabupaten."
    if not (by.boleh(KUASA, temuan.wilayah_pertama_id) and by.boleh(KUASA, temuan.wilayah_kedua_id)):
        return "Keputusan harus dari Dinsos yang membawahi kedua wilayah."
    if temuan.dilaporkan_by.orang_id == by.orang_id:
        return "Anda yang melaporkan temuan ini. Keputusan harus dari orang lain."
    return _keluarga_sendiri(by, temuan)


def _keluarga_sendiri(by: Pengguna, temuan: TemuanGanda) -> str | None:
    sendiri = by.orang.nik_indeks
    if (
        temuan.keluarga
        and sendiri
        and temuan.keluarga.anggota.filter(nik_indeks=sendiri, aktif=True).exists()
    ):
        return "Anda tercatat sebagai anggota keluarga ini. Keputusan harus dari orang lain."
    return None
