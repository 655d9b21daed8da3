"""The cast of the demo (contract.md, "Demo cast"): who they are, what they may do, where. All people are invented."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Orang, Pengguna, Penugasan
from core import audit
from portal.demo.tempat import Tempat
from wilayah.actions import rtrw
from wilayah.models import Wilayah

SANDI = "demo-portal-2026"  # printed on purpose: demo data only, on a portal that says that it is a demo
# No kecamatan of Garut has this code, so no NIK of the cast can meet one of the invented population.
_AWAL_NIK = "320590"


@dataclass(frozen=True)
class Pemeran:
    username: str
    nama: str
    peran: str
    wilayah: str | None


def daftar(tempat: Tempat, rw: str) -> list[Pemeran]:
    """Everybody of the contract first, then the colleagues that the other villages of the demo need."""
    desa, kab, lain = tempat.desa, tempat.kabupaten, tempat.kabupaten_lain
    kecamatan, kecamatan_lain = desa[0].kode[:8], desa[3].kode[:8]
    return [
        Pemeran("rtrw", "Ujang Ketua Saputra", "RT_RW", rw),
        Pemeran("operator", "Neng Operator Lestari", "OPERATOR_DESA", desa[0].kode),
        Pemeran("operator2", "Asep Operator Hidayat", "OPERATOR_DESA", desa[1].kode),
        Pemeran("lurah", "Dadang Lurah Mulyana", "LURAH", desa[0].kode),
        Pemeran("tksk", "Wawan Lapangan Gunawan", "TKSK", kecamatan),
        Pemeran("pendamping", "Lilis Pendamping Marlina", "PENDAMPING", kecamatan),
        Pemeran("peksos", "Ratna Peksos Wulandari", "PEKSOS", kab),
        Pemeran("verifikator", "Hendra Verifikator Kosasih", "VERIFIKATOR", kab),
        Pemeran("verifikator2", "Dewi Verifikator Rahmawati", "VERIFIKATOR", kab),
        Pemeran("supervisor", "Rudi Supervisor Permana", "SUPERVISOR", kab),
        Pemeran("kadis", "Siti Kadis Nurjanah", "KEPALA_DINAS", kab),
        Pemeran("dukcapil", "Agus Dukcapil Setiawan", "DUKCAPIL", kab),
        Pemeran("inspektorat", "Yayan Inspektur Sutisna", "INSPEKTORAT", kab),
        Pemeran("provinsi", "Intan Provinsi Komalasari", "PROVINSI", kab[:2]),
        Pemeran("pusdatin", "Fajar Pusdatin Nugraha", "PUSDATIN", None),
        Pemeran("admin", "Gilang Admin Ramdani", "ADMIN", None),
        Pemeran("operator.lain", "Enung Operator Solihat", "OPERATOR_DESA", tempat.desa_lain.kode),
        Pemeran("verifikator.lain", "Oman Verifikator Somantri", "VERIFIKATOR", lain),
        Pemeran("lurah2", "Endang Lurah Suherman", "LURAH", desa[1].kode),
        Pemeran("operator3", "Iis Operator Halimah", "OPERATOR_DESA", desa[2].kode),
        Pemeran("lurah3", "Cecep Lurah Sopian", "LURAH", desa[2].kode),
        Pemeran("operator4", "Titin Operator Herawati", "OPERATOR_DESA", desa[3].kode),
        Pemeran("lurah4", "Tatang Lurah Iskandar", "LURAH", desa[3].kode),
        Pemeran("tksk2", "Maman Lapangan Junaedi", "TKSK", kecamatan_lain),
        Pemeran("inspektorat2", "Nia Inspektur Hartini", "INSPEKTORAT", kab),
        Pemeran("pdp", "Yeni Pelindung Anggraini", "PETUGAS_PDP", kab),
        Pemeran("inspektorat.prov", "Bambang Inspektur Wirawan", "INSPEKTUR_PROV", kab[:2]),
    ]


def buat(tempat: Tempat) -> tuple[dict[str, Pengguna], Wilayah]:
    """Make the accounts, each its own person; returns them by username, and the RW of `rtrw`."""
    rw = rtrw.tambah_rw(Wilayah.objects.get(pk=tempat.desa[0].kode), tempat.rw)
    for rt in range(1, 4):
        rtrw.tambah_rt(rw, rt)
    hari = timezone.localdate()
    akun = {}
    for nomor, satu in enumerate(daftar(tempat, rw.kode), 1):
        orang = Orang(nama=satu.nama)
        orang.nik = _nik(nomor)
        orang.save(force_insert=True)
        pengguna = Pengguna.objects.create_user(satu.username, SANDI, nama=satu.nama, orang=orang)
        tugas = Penugasan.objects.create(
            pengguna=pengguna, peran_id=satu.peran, wilayah_id=satu.wilayah, berlaku_sejak=hari
        )
        audit.catat(
            aksi="buat_pengguna",
            objek=pengguna,
            by=None,
            wilayah=satu.wilayah or "",
            rincian={"peran": satu.peran, "penugasan": str(tugas.pk), "asal": "demo"},
        )
        akun[satu.username] = pengguna
    return akun, rw


def _nik(nomor: int) -> str:
    """A well-formed invented NIK: a birthday in 1980 and a serial nobody else of the demo has."""
    hari, bulan = nomor % 28 + 1, nomor % 12 + 1
    return f"{_AWAL_NIK}{hari:02d}{bulan:02d}80{9000 + nomor:04d}"
