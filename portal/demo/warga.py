"""What citizens of the demo bring: usul that wait, a neighbour who objects, a family that is heard, a datum that is wrong."""

from collections.abc import Callable

from django.utils import timezone

from accounts.models import Pengguna
from bansos.models import BarisPenetapan
from dtks.models import Individu
from pengaduan.actions import perkara, sanggah, sanggah_data, usul
from pengaduan.models import PerkaraSanggah
from pengaduan.queries.sanggah import pilihan_petugas
from portal.demo import rekaan
from wilayah.models import Wilayah

# Name, address, story, for whom.
_USUL = (
    ("MAK ITOH", "Kampung Babakan, belakang musala", "Tinggal sendiri, sudah tidak kuat bekerja, makan dari tetangga.", "tetangga"),
    ("UDIN SAEPUDIN", "Gang Mawar", "Suami kena PHK sejak Agustus, anak tiga masih sekolah.", "keluarga"),
)  # fmt: skip
_CERITA = "Sejak tahun lalu punya toko di pasar dan mobil angkutan sendiri."


def isi(akun: dict[str, Pengguna], desa: str, segel: Callable[[], None]) -> None:
    """Every act is sealed as in daily use. Without a recipient in the village there is nobody to object to."""
    _usul(desa, segel)
    terima = (
        BarisPenetapan.objects.filter(
            hasil="ditetapkan", penetapan__status="berlaku", usulan__wilayah__kode__startswith=desa
        )
        .exclude(usulan__jalur="PENGHAPUSAN")
        .select_related("usulan__keluarga")
        .order_by("usulan__keluarga_id", "pk")
        .distinct("usulan__keluarga_id")
    )
    sasaran = list(terima[:2])
    tetangga = list(
        Individu.objects.aktif()
        .filter(keluarga__wilayah__kode__startswith=desa, hubungan="1", padan="PADAN")
        .exclude(keluarga__in=[b.usulan.keluarga_id for b in sasaran])
        .order_by("nama", "pk")[: len(sasaran)]
    )
    for nomor, (baris, siapa) in enumerate(zip(sasaran, tetangga, strict=False)):
        _sanggah(baris, siapa, akun, segel, didengar=nomor == 0)
    if tetangga:
        _data(tetangga[0], desa, segel)


def _usul(desa: str, segel: Callable[[], None]) -> None:
    for nomor, (nama, alamat, cerita, untuk) in enumerate(_USUL):
        usul.kirim(
            data={
                "wilayah_id": desa, "untuk": untuk, "nama_kepala": nama, "nik": "", "alamat": alamat, "rt": "002", "rw": "003", "patokan": "",
                "alasan": cerita, "pengusul_nama": "NENENG KURNIASIH", "pengusul_nik": "", "telepon": f"+6281300000{nomor:03d}", "tanda": [],
            },
            foto={"rumah_depan": rekaan.foto(nomor)}, alamat="192.0.2.10",
        )  # fmt: skip
        segel()


def _sanggah(
    baris: BarisPenetapan,
    siapa: Individu,
    akun: dict[str, Pengguna],
    segel: Callable[[], None],
    *,
    didengar: bool,
) -> None:
    """One that waits at the Dinas, or one whose family was heard and that an officer looked at: it waits for its decision."""
    satu, _ = sanggah.kirim(
        baris,
        isi=sanggah.Isi(
            nik=siapa.nik.open(), nama=siapa.nama, lahir=siapa.tgl_lahir, alasan="A01", cerita=_CERITA,
            nama_dimaksud=baris.usulan.keluarga.nama_kepala, foto=rekaan.foto(7), patokan="Depan lapangan voli",
        ),
    )  # fmt: skip
    segel()
    if not didengar:
        return
    assert satu.perkara_id is not None
    hak = perkara.dengar(
        PerkaraSanggah.objects.get(pk=satu.perkara_id), by=akun["verifikator"], alasan=["A01"]
    )
    segel()
    hak, _ = perkara.cetak_surat(hak, by=akun["operator"])
    segel()
    perkara.sampaikan(hak, by=akun["operator"], tanggal=timezone.localdate(), cara="diterima")
    segel()
    perkara.jawab(hak, isi="Toko itu milik kakak saya, saya hanya menjaganya dan dibayar harian.")
    segel()
    kini = PerkaraSanggah.objects.get(pk=satu.perkara_id)
    if petugas := pilihan_petugas(kini):
        kini = perkara.tugaskan(kini, by=akun["verifikator"], petugas=petugas[0])
        segel()
        perkara.laporkan(
            kini, by=petugas[0],
            laporan=perkara.Laporan(
                temuan="tidak", uraian="Toko atas nama orang lain, keluarga ini buruh harian.", tanggal=timezone.localdate(), foto=[rekaan.foto(8)],
            ),
        )  # fmt: skip
        segel()


def _data(siapa: Individu, desa: str, segel: Callable[[], None]) -> None:
    sanggah_data.kirim(
        isi=sanggah_data.Isi(
            nik=siapa.nik.open(), nama=siapa.nama, lahir=siapa.tgl_lahir, wilayah=Wilayah.objects.get(pk=desa), salah="asn",
            cerita="Saya buruh harian lepas, bukan ASN. Nama saya mungkin sama dengan orang lain.", bukti=[rekaan.foto(9)],
        )
    )  # fmt: skip
    segel()
