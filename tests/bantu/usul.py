"""A citizen's usul through the real action: `usul(untuk="tetangga")`, and taken to a state of its line."""

from typing import Any

from dtks.models import Usulan
from pengaduan.actions import usul as tindakan
from pengaduan.models import Usul
from tests.bantu.alur import foto, keluarga_uji, orang
from tests.bantu.pemain import DESA

ALASAN = "Suami sakit dan tidak bekerja sejak lebaran, anak tiga."


def isi(**lain: Any) -> dict[str, Any]:
    """Columns of an usul for a neighbour in DESA."""
    dasar = {
        "wilayah_id": DESA, "untuk": "tetangga", "nama_kepala": "Kenari Warga", "nik": "", "alamat": "Kampung Baru", "rt": "001", "rw": "005",
        "patokan": "Sebelah musala", "alasan": ALASAN, "pengusul_nama": "Merpati Pengusul", "pengusul_nik": "3205015507800009",
        "telepon": "+6281234567890", "tanda": [],
    }  # fmt: skip
    return dasar | lain


def usul(**lain: Any) -> tuple[Usul, str]:
    by = lain.pop("by", None)
    return tindakan.kirim(data=isi(**lain), foto={"rumah_depan": foto()}, alamat="10.0.0.1", by=by)


def diusulkan(nomor: int = 300, **lain: Any) -> tuple[Usul, str, Usulan]:
    """Taken over by the operator, for a family that the register did not have."""
    satu, pin = usul(**lain)
    keluarga = keluarga_uji(nomor)
    kepala = keluarga.told[0]
    usulan = tindakan.ambil(
        satu, by=orang("operator"), program="PKH", alasan_usul=satu.alasan,
        data={"no_kk": keluarga.kk, "alamat": satu.alamat, "rt": "001", "rw": "005"},
        kepala={"nik": kepala.nik, "nama": kepala.nama, "tempat_lahir": kepala.tempat_lahir, "tgl_lahir": kepala.tanggal_lahir,
                "jenis_kelamin": "1", "status_kawin": "2", "ibu_kandung": kepala.nama_ibu},
    )  # fmt: skip
    satu.refresh_from_db()
    return satu, pin, usulan


def minta_mundur(nomor: int = 301) -> tuple[Usul, str, Usulan]:
    satu, pin, usulan = diusulkan(nomor, untuk="keluarga")
    return tindakan.mundur(satu), pin, usulan
