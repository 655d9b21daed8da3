"""Who may take which step of an objection. Nobody who is of the family, or who objected himself. None or a sentence."""

from accounts.models import Pengguna
from pengaduan.models import HakJawab, PerkaraSanggah, Sanggah, SanggahData
from pengaduan.queries import sanggah as baca
from pengaduan.workflow import SANGGAH, SANGGAH_DATA

IKUT = "Anda sendiri menyanggah keluarga ini. Petugas lain yang memprosesnya."
SENDIRI = "Anda tercatat sebagai anggota keluarga ini. Petugas lain yang memprosesnya."
MEMUTUS = ("dengar", "laporkan", "catat_jawaban")  # who did one of these has a part


def _kuasa(nama: str, by: Pengguna, perkara: PerkaraSanggah) -> str | None:
    arrow = SANGGAH.find(nama, perkara.status)
    if arrow is None:
        return f"Langkah ini tidak terbuka: perkara sekarang “{perkara.get_status_display()}”."
    if not by.boleh(arrow.kuasa, perkara.wilayah_id):
        pemegang = SANGGAH.state(perkara.status).pemegang or "petugas lain"
        return f"Langkah “{arrow.label}” bukan wewenang Anda. Yang berwenang: {pemegang}."
    return _benturan(by, perkara)


def _benturan(by: Pengguna, perkara: PerkaraSanggah) -> str | None:
    if perkara.keluarga.anggota.filter(nik_indeks=by.orang.nik_indeks, aktif=True).exists():
        return SENDIRI
    return IKUT if baca.ikut_menyanggah(by, perkara) else None


def dengar(by: Pengguna, perkara: PerkaraSanggah) -> str | None:
    return _kuasa("dengar", by, perkara)


def tutup(by: Pengguna, perkara: PerkaraSanggah) -> str | None:
    return _kuasa("tutup", by, perkara)


def tugaskan(by: Pengguna, perkara: PerkaraSanggah) -> str | None:
    return _kuasa("tugaskan", by, perkara)


def alihkan(by: Pengguna, perkara: PerkaraSanggah) -> str | None:
    return _kuasa("alihkan", by, perkara)


def sampaikan(by: Pengguna, hak: HakJawab) -> str | None:
    """The letter is brought once; by the village or TKSK, or by the Dinas itself where the village is a party."""
    perkara = hak.perkara
    if perkara.status != "hak_jawab":
        return f"Perkara ini sekarang “{perkara.get_status_display()}”."
    if not (
        by.boleh("sanggah.sampaikan", perkara.wilayah_id) or by.boleh("sanggah.kelola", perkara.wilayah_id)
    ):
        return "Surat ini diantar operator desa, TKSK, atau Dinas Sosial."
    return _benturan(by, perkara)


def catat_jawaban(by: Pengguna, perkara: PerkaraSanggah) -> str | None:
    return _kuasa("catat_jawaban", by, perkara)


def laporkan(by: Pengguna, perkara: PerkaraSanggah) -> str | None:
    """The officer who was sent, also one of another kecamatan: his area was looked at when he was chosen, as with an assessment."""
    if perkara.status != "diperiksa":
        return _kuasa("laporkan", by, perkara)
    if perkara.petugas_id != by.pk:
        return "Hasil dilaporkan petugas yang ditugaskan."
    if not by.punya("usulan.ases"):
        return "Peran Anda tidak lagi bertugas memeriksa di lapangan."
    return _benturan(by, perkara)


def putus(by: Pengguna, perkara: PerkaraSanggah) -> str | None:
    """Not who let it in, nor who looked into it, nor who wrote the family's answer down."""
    if kalimat := _kuasa("kabulkan", by, perkara):
        return kalimat
    if perkara.riwayat.filter(langkah__in=MEMUTUS, orang=by.orang_id).exists():
        return "Anda ikut memeriksa perkara ini. Putusannya harus dari orang lain."
    return None


def periksa_ulang(by: Pengguna, perkara: PerkaraSanggah) -> str | None:
    return _kuasa("periksa_ulang", by, perkara)


def identitas(by: Pengguna, sanggah: Sanggah) -> str | None:
    """Opening who objected, and saying whether it is true."""
    if not by.boleh("sanggah.identitas", sanggah.wilayah_id):
        return "Identitas penyanggah hanya dibuka pemeriksa di Dinas Sosial."
    if sanggah.perkara is not None:
        return _benturan(by, sanggah.perkara)
    return None


def _data(nama: str, by: Pengguna, satu: SanggahData) -> str | None:
    arrow = SANGGAH_DATA.find(nama, satu.status)
    if arrow is None:
        return f"Langkah ini tidak terbuka: sekarang “{satu.get_status_display()}”."
    if not by.boleh(arrow.kuasa, satu.wilayah_id):
        return "Langkah ini dilakukan Dinas Sosial kabupaten."
    if by.orang.nik_indeks == satu.nik_indeks:
        return SENDIRI
    if satu.keluarga and satu.keluarga.anggota.filter(nik_indeks=by.orang.nik_indeks, aktif=True).exists():
        return SENDIRI
    return None


def teruskan_data(by: Pengguna, satu: SanggahData) -> str | None:
    return _data("teruskan", by, satu)


def putus_data(by: Pengguna, satu: SanggahData) -> str | None:
    return _data("kabulkan", by, satu)
