"""Where a proposal stands, in words for the family that it is about. No desil, no address, no PPKS, masked names.

Sentences are read by people who never saw the portal: what it is now, since when, what happens next, what to do.
"""

from dataclasses import dataclass
from datetime import datetime

from bansos.models import BarisPenetapan, Penyaluran
from bansos.queries import penerima
from core.identity import mask_name
from dtks.models import AlasanLangkah, RiwayatUsulan, Usulan

TAHAP = ("Dicatat", "Musyawarah desa", "Diperiksa Dinas Sosial", "Disahkan", "Ditetapkan")

# state -> (stage in TAHAP, what it is now, what happens next)
_KALIMAT = {
    "draf": (0, "Usulan sedang dicatat petugas desa.", "Petugas melengkapi data, lalu mengajukannya ke desa."),
    "diajukan": (0, "Usulan sudah diterima desa.", "Usulan dibawa ke musyawarah desa atau kelurahan."),
    "dimusyawarahkan": (1, "Usulan dibahas di musyawarah desa.", "Hasil musyawarah ditulis di berita acara."),
    "disepakati": (1, "Musyawarah desa menyepakati usulan ini.", "Desa melengkapi data, lalu mengirim ke Dinas Sosial."),
    "diinput": (2, "Usulan sudah sampai di Dinas Sosial.", "Dinas Sosial menugaskan petugas untuk datang ke rumah."),
    "ditugaskan": (2, "Petugas akan datang ke rumah.", "Siapkan KTP dan KK. Kunjungan gratis; petugas tidak boleh meminta uang."),
    "diases": (2, "Petugas sudah datang ke rumah.", "Dinas Sosial memeriksa hasil kunjungan dan data."),
    "terverifikasi": (3, "Usulan lolos pemeriksaan Dinas Sosial.", "Kepala Dinas Sosial mengesahkan usulan."),
    "disahkan": (3, "Usulan sudah disahkan Kepala Dinas Sosial.", "Usulan dikirim untuk ditetapkan."),
    "dikirim": (4, "Usulan sudah dikirim dan menunggu penetapan.", "Hasilnya tampil di halaman ini."),
    "ditetapkan": (5, "Keluarga ini ditetapkan sebagai penerima.", "Tunggu jadwal penyaluran dari desa. Semua proses gratis."),
    "daftar_tunggu": (4, "Keluarga ini masuk daftar tunggu.", "Bila ada tempat kosong, urutannya diproses tanpa usul baru."),
    "tidak_ditetapkan": (4, "Keluarga ini tidak ditetapkan sebagai penerima.", "Baca alasannya di bawah."),
    "ditolak": (None, "Usulan ini ditolak.", "Baca alasannya di bawah."),
    "ditunda": (None, "Usulan ini ditunda.", "Usulan dilanjutkan sesudah sebab penundaan selesai."),
    "ditarik": (None, "Usulan ini ditarik.", "Keluarga dapat diusulkan lagi lewat desa."),
}  # fmt: skip
# A removal that was decided: the same states say the opposite.
_PENGHAPUSAN = {
    "ditetapkan": ("Keluarga ini dikeluarkan dari daftar penerima.", "Baca alasannya di surat keputusan, atau tanyakan ke desa."),
    "tidak_ditetapkan": ("Keluarga ini tetap penerima: penghapusannya tidak ditetapkan.", "Tidak ada yang perlu dilakukan."),
}  # fmt: skip
_BEKU = (
    "Data keluarga ini sedang dibekukan.",
    "Usulan berhenti di tempatnya. Untuk mencairkan, datang ke kantor desa atau Dinas Sosial dengan membawa KTP.",
)
_BERALASAN = ("kembalikan", "tolak", "tunda", "tarik")
_DIKEMBALIKAN = "Usulan dikembalikan untuk diperbaiki petugas."


@dataclass(frozen=True)
class Status:
    """What the citizen reads. `tahap` is an index into TAHAP (len = all done), None when the line has left the stages."""

    tiket: str
    nama: str
    tahap: int | None
    judul: str
    sejak: datetime
    berikutnya: str
    alasan: str = ""
    jalan_keluar: str = ""
    sk_nomor: str = ""
    sk_kode: str = ""
    sk_status: str = ""
    salur: Penyaluran | None = None  # the newest payment of this aid


def status_publik(usulan: Usulan) -> Status:
    """Words for one proposal that its holder proved to be his by the PIN. Frozen: that, and no more (docs/adr/0042)."""
    if usulan.keluarga.dibekukan_at:
        return Status(
            tiket=usulan.tiket, nama="", tahap=None, judul=_BEKU[0], sejak=usulan.keluarga.dibekukan_at, berikutnya=_BEKU[1]
        )  # fmt: skip
    tahap, judul, berikutnya = _KALIMAT[usulan.status]
    if usulan.jalur == Usulan.Jalur.PENGHAPUSAN:
        judul, berikutnya = _PENGHAPUSAN.get(usulan.status, (judul, berikutnya))
    alasan, jalan_keluar, kembali = _alasan(usulan)
    sk = _sk(usulan)
    if sk is not None and sk.alasan_kalimat:
        alasan, jalan_keluar = sk.alasan_kalimat, jalan_keluar_warga(sk.alasan)
    return Status(
        tiket=usulan.tiket,
        nama=mask_name(usulan.keluarga.nama_kepala),
        tahap=tahap,
        judul=_DIKEMBALIKAN if kembali else judul,
        sejak=usulan.status_sejak,
        berikutnya="Petugas memperbaikinya, lalu usulan dilanjutkan." if kembali else berikutnya,
        alasan=alasan,
        jalan_keluar=jalan_keluar,
        sk_nomor=sk.penetapan.nomor if sk else "",
        sk_kode=sk.penetapan.dokumen.kode if sk else "",
        sk_status=sk.penetapan.status if sk else "",
        salur=_salur(usulan),
    )


def _salur(usulan: Usulan) -> Penyaluran | None:
    if usulan.status != "ditetapkan" or usulan.jalur == Usulan.Jalur.PENGHAPUSAN:
        return None
    return penerima.terakhir(usulan.keluarga_id, usulan.program)


def _alasan(usulan: Usulan) -> tuple[str, str, bool]:
    """(sentence, way out, was it returned) of the last step, when that step carried a reason."""
    akhir = RiwayatUsulan.objects.filter(usulan=usulan).order_by("-urut").first()
    if akhir is None or akhir.langkah not in _BERALASAN:
        return "", "", False
    return akhir.alasan_kalimat, jalan_keluar_warga(akhir.alasan), akhir.langkah == "kembalikan"


def jalan_keluar_warga(kode: str) -> str:
    """What to do about a reason. An officer's note is for the desk: advice that points to it sends the citizen to the counter."""
    saran: str = AlasanLangkah.objects.filter(pk=kode).values_list("jalan_keluar", flat=True).first() or ""
    return "Tanyakan di tempat Anda mendaftar, dengan membawa KTP." if "catatan" in saran.lower() else saran


def _sk(usulan: Usulan) -> BarisPenetapan | None:
    """The newest decree that decided this proposal."""
    return (
        BarisPenetapan.objects.filter(usulan=usulan)
        .select_related("penetapan__dokumen")
        .order_by("-penetapan__created_at", "pk")
        .first()
    )
