"""Reading objections: whose desa, which flag, and the words for the objector and for the family.

What a citizen reads is built here from the state of the case alone. The objector's page says nothing about the family that the
public list does not say; the family's page says nothing about the objector, not even how many there are or when they came.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Pengguna
from bansos.models import AlasanKelayakan, BarisPenetapan
from bansos.queries.bantuan import terbaru
from core.identity import mask_name
from core.names import similarity
from core.privacy.keys import blind_index
from dtks.models import Individu, Usulan
from dtks.queries.bendera import DI_DINAS, Sebab
from dtks.queries.benturan import Pemeriksa
from dtks.queries.petugas import bertugas, di_kabupaten
from pengaduan.models import HakJawab, Penyanggah, PerkaraSanggah, Sanggah, SanggahData
from pengaduan.workflow import SANGGAH_MENAHAN, SANGGAH_TERBUKA
from wilayah.kode import dalam
from wilayah.models import Wilayah

KODE, KODE_KABUL = "SANGGAH", "SANGGAH_KABUL"
KALIMAT = "Ada sanggahan warga atas keluarga ini, dan belum diputus Dinas Sosial."
KALIMAT_KABUL = "Sanggahan warga atas keluarga ini terbukti menurut Dinas Sosial."
COCOK = 90  # score from which two spellings are one name


def sebab(usulan: list[Usulan]) -> dict[UUID, list[Sebab]]:
    """Open proposals of a family that is objected to are held, and those that were open when an objection was granted."""
    rows = [u for u in usulan if u.status in DI_DINAS and u.jalur != Usulan.Jalur.PENGHAPUSAN]
    hasil: dict[UUID, list[Sebab]] = {}
    if not rows:
        return hasil
    perkara = (
        PerkaraSanggah.objects.filter(
            keluarga__in={u.keluarga_id for u in rows}, status__in=[*SANGGAH_MENAHAN, "dikabulkan"]
        )
        .order_by("created_at", "pk")
        .values_list("pk", "keluarga_id", "status", "diputus_at")
    )
    milik: dict[UUID, list[Usulan]] = {}
    for u in rows:
        milik.setdefault(u.keluarga_id, []).append(u)
    for pk, keluarga, status, diputus in perkara:
        for u in milik[keluarga]:
            if status != "dikabulkan":
                hasil.setdefault(u.pk, []).append(Sebab(KODE, f"sanggah:{pk}", KALIMAT))
            elif diputus is not None and u.created_at is not None and u.created_at < diputus:
                hasil.setdefault(u.pk, []).append(Sebab(KODE_KABUL, f"sanggah:{pk}", KALIMAT_KABUL))
    return hasil


def di_register(nik: str, nama: str, lahir: date, desa: str) -> bool:
    """Is this person, by number, name and birth date, in the register of this desa? Never told to whoever asked."""
    rows = Individu.objects.aktif().filter(
        dalam("keluarga__wilayah_id", [desa]), nik_indeks=blind_index(nik, "nik"), tgl_lahir=lahir
    )  # fmt: skip
    satu = rows.order_by("pk").first()
    return satu is not None and similarity(nama, satu.nama) >= COCOK


def nama_cocok(disebut: str, tercatat: str) -> bool:
    return similarity(disebut, tercatat) >= COCOK


def pilihan_alasan() -> list[tuple[str, list[tuple[str, str]]]]:
    """Reasons by dimension, for a select with groups."""
    kelompok: dict[str, list[tuple[str, str]]] = {}
    for satu in AlasanKelayakan.objects.filter(aktif=True).order_by("urut", "pk"):
        kelompok.setdefault(satu.get_dimensi_display(), []).append((satu.pk, satu.kalimat))
    return list(kelompok.items())


def kalimat_alasan(kode: list[str]) -> list[str]:
    kata = dict(AlasanKelayakan.objects.filter(pk__in=kode).values_list("kode", "kalimat"))
    return [kata[k] for k in kode if k in kata]


def program_diterima(perkara: PerkaraSanggah) -> list[BarisPenetapan]:
    """What the family receives now: what a granted objection can take away."""
    return [b for b in terbaru([perkara.keluarga_id]) if not _sudah_dihapus(b)]


def _sudah_dihapus(baris: BarisPenetapan) -> bool:
    return baris.usulan.jalur == Usulan.Jalur.PENGHAPUSAN


def penyanggah_dari(perkara: PerkaraSanggah) -> set[bytes]:
    rows = (
        Penyanggah.objects.filter(sanggah__perkara=perkara)
        .order_by("pk")
        .values_list("nik_indeks", flat=True)
    )
    return {bytes(n) for n in rows if n}


def ikut_menyanggah(user: Pengguna, perkara: PerkaraSanggah) -> bool:
    nik = user.orang.nik_indeks
    return nik is not None and bytes(nik) in penyanggah_dari(perkara)


def petugas_sah(petugas: Pengguna, perkara: PerkaraSanggah) -> str | None:
    """Why this officer may not look into this case, or None."""
    if not bertugas(petugas, perkara.wilayah_id):
        return "Petugas ini tidak bertugas di kabupaten keluarga ini."
    if petugas.orang_id in (perkara.usulan.asesor_orang_id, perkara.usulan.pengusul_orang_id):
        return "Petugas ini dulu ikut memproses usulan keluarga ini."
    if petugas.orang_id == perkara.penyaring_orang_id or ikut_menyanggah(petugas, perkara):
        return "Petugas ini tidak bisa ditugaskan untuk perkara ini. Pilih petugas lain."
    return Pemeriksa().periksa(petugas, perkara.usulan)


def pilihan_petugas(perkara: PerkaraSanggah) -> list[Pengguna]:
    return [p for p in di_kabupaten(perkara.wilayah_id) if petugas_sah(p, perkara) is None]


# --- what citizens read -----------------------------------------------------------------------------------

TAHAP = ("Diterima", "Keluarga didengar", "Diperiksa di lapangan", "Diputus")
_PENYANGGAH = {
    "diterima": (0, "Sanggahan Anda sudah diterima.", "Dinas Sosial memeriksa identitas Anda dan isinya. Nama Anda tidak diberitahukan ke desa dan ke keluarga itu."),
    "hak_jawab": (1, "Keluarga itu diberi waktu untuk menjawab.", "Sesudah itu petugas memeriksa ke lapangan."),
    "menunggu_petugas": (1, "Dinas Sosial menyiapkan pemeriksaan.", "Petugas yang tidak punya hubungan dengan keluarga itu akan datang."),
    "diperiksa": (2, "Petugas sedang memeriksa.", "Hasilnya diputus pejabat Dinas Sosial yang tidak ikut memeriksa."),
    "menunggu_putusan": (2, "Pemeriksaan selesai.", "Pejabat Dinas Sosial yang tidak ikut memeriksa akan memutus."),
    "dikabulkan": (4, "Sanggahan Anda terbukti.", "Dinas Sosial memproses keluarga itu agar dikeluarkan dari daftar penerima."),
    "ditolak": (4, "Sanggahan Anda tidak terbukti. Keluarga itu tetap menerima.", "Tidak ada yang perlu Anda lakukan."),
    "ditutup": (None, "Sanggahan Anda tidak dilanjutkan.", "Baca alasannya di bawah."),
    "ditarik": (None, "Sanggahan ini ditarik.", "Tidak ada yang perlu Anda lakukan."),
}  # fmt: skip
_KELUARGA = {
    "hak_jawab": (1, "Kami menunggu jawaban Anda.", "Jawab di bawah, atau datang ke kantor desa."),
    "menunggu_petugas": (1, "Terima kasih. Petugas akan datang memeriksa.", "Siapkan KTP dan KK. Pemeriksaan gratis."),
    "diperiksa": (2, "Petugas sedang memeriksa.", "Pejabat Dinas Sosial yang tidak ikut memeriksa akan memutus."),
    "menunggu_putusan": (2, "Pemeriksaan selesai.", "Pejabat Dinas Sosial yang tidak ikut memeriksa akan memutus."),
    "dikabulkan": (4, "Dinas Sosial memutus bahwa keadaannya sudah tidak sesuai.", "Penghapusan masih melalui musyawarah desa dan SK. Bila tidak setuju, ajukan keberatan di kantor desa."),
    "ditolak": (4, "Keluarga Anda tetap menerima bantuan.", "Tidak ada yang perlu Anda lakukan."),
    "ditutup": (None, "Pertanyaan ini tidak dilanjutkan.", "Tidak ada yang perlu Anda lakukan."),
    "ditarik": (None, "Pertanyaan ini tidak dilanjutkan.", "Keluarga Anda tetap menerima bantuan."),
}  # fmt: skip


@dataclass(frozen=True)
class Status:
    """What the holder of a ticket reads. `tahap` is an index into TAHAP (len = all done), None when it left the stages."""

    tiket: str
    tahap: int | None
    judul: str
    berikutnya: str
    alasan: str = ""


def status_penyanggah(sanggah: Sanggah) -> Status:
    """An objection that waits for its month, or whose identity is not checked yet, reads like any that just came in."""
    if sanggah.ditarik_at:
        return Status(sanggah.tiket, None, *_PENYANGGAH["ditarik"][1:])
    if sanggah.identitas == Sanggah.Identitas.TIDAK_TERBUKTI:
        return Status(sanggah.tiket, None, *_PENYANGGAH["ditutup"][1:], sanggah.identitas_alasan)
    perkara = sanggah.perkara
    # Before a person at the Dinas looked at it, the state must not tell whether number and name belong together.
    terbukti = sanggah.identitas in Sanggah.TERBUKTI
    if perkara is None or (not terbukti and perkara.status in SANGGAH_TERBUKA):
        return Status(sanggah.tiket, *_PENYANGGAH["diterima"])
    alasan = ""
    if perkara.status == "ditutup":
        alasan = perkara.riwayat.filter(langkah="tutup").order_by("-urut").values_list("alasan_kalimat", flat=True).first() or ""  # fmt: skip
    return Status(sanggah.tiket, *_PENYANGGAH[perkara.status], alasan)


def status_keluarga(hak: HakJawab) -> Status:
    return Status(hak.tiket, *_KELUARGA[hak.perkara.status], hak.perkara.alasan_putusan if hak.perkara.status in ("dikabulkan", "ditolak") else "")  # fmt: skip


_DATA = {
    "diterima": "Bukti Anda sedang diperiksa Dinas Sosial.",
    "diteruskan": "Dinas Sosial menanyakannya ke pemilik data.",
    "dikabulkan": "Data itu diakui salah.",
    "ditolak": "Menurut pemeriksaan, data itu sudah benar.",
    "ditarik": "Laporan ini ditarik.",
}
_DATA_LANJUT = {
    "diterima": "Hasilnya tampil di halaman ini.",
    "diteruskan": "Hasilnya tampil di halaman ini sesudah ada jawaban.",
    "dikabulkan": "Usulan untuk keluarga Anda dibuka atau diperbaiki. Tanyakan kelanjutannya di kantor desa.",
    "ditolak": "Bila tidak setuju, datang ke Dinas Sosial dengan bukti lain, atau laporkan ke Ombudsman.",
    "ditarik": "Anda boleh melapor lagi.",
}


def status_data(satu: SanggahData) -> Status:
    tahap = {"diterima": 0, "diteruskan": 1, "dikabulkan": 3, "ditolak": 3}.get(satu.status)
    return Status(satu.tiket, tahap, _DATA[satu.status], _DATA_LANJUT[satu.status], satu.alasan_putusan)


TAHAP_DATA = ("Diterima", "Ditanyakan ke pemilik data", "Diputus")


def nama_samar(perkara: PerkaraSanggah) -> str:
    return mask_name(perkara.keluarga.nama_kepala)


def desa_dari(kode: str) -> str:
    return kode[:13]


def usulan_terakhir(satu: SanggahData) -> Usulan | None:
    """The newest proposal of the family that was rejected: what an admitted error may open again."""
    if satu.keluarga_id is None:
        return None
    return (
        Usulan.objects.filter(keluarga=satu.keluarga_id, status="ditolak")
        .order_by("-status_sejak", "pk")
        .first()
    )


def terhubung(nik: str, lahir: date, wilayah: Wilayah) -> Individu | None:
    """The person of this number and birth date in the register of the same kabupaten."""
    return (
        Individu.objects.filter(
            dalam("keluarga__wilayah_id", [wilayah.pk[:5]]), nik_indeks=blind_index(nik, "nik"), tgl_lahir=lahir
        )
        .select_related("keluarga")
        .order_by("-aktif", "pk")
        .first()
    )  # fmt: skip


def tertahan(hari: date) -> QuerySet[Sanggah]:
    """Objections over the limit of their month, whose month has come."""
    return Sanggah.objects.filter(perkara__isnull=True, proses_mulai__lte=hari, ditarik_at__isnull=True)


def dijawab_sebelum(saat: datetime) -> QuerySet[HakJawab]:
    return HakJawab.objects.filter(
        kanal="", batas__isnull=False, perkara__status="hak_jawab", batas__lt=saat.date()
    )
