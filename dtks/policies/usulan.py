"""May this person take this step? One function per step, named as the step; the answer is None or a sentence.

Powers come from `dtks.workflow`; here stand the rules that need the case: four different persons, own family,
the assigned officer.
"""

from collections.abc import Callable

from accounts.models import Pengguna
from dtks import workflow
from dtks.models import EMPAT_MATA, Usulan

DI_DINAS = ("diinput", "ditugaskan", "diases", "terverifikasi", "disahkan", "dikirim")
Policy = Callable[[Pengguna, Usulan], str | None]

_PERAN_KOLOM = {
    "pengusul_orang": "mengusulkan",
    "asesor_orang": "menilai di lapangan",
    "verifikator_orang": "memverifikasi",
    "pengesah_orang": "mengesahkan",
}


def _kuasa(nama: str, by: Pengguna, usulan: Usulan) -> str | None:
    arrow = workflow.USULAN.find(nama, usulan.status)
    if arrow is None:
        return f"Langkah ini tidak terbuka: usulan sekarang “{usulan.get_status_display()}”."
    if not by.boleh(arrow.kuasa, usulan.wilayah_id):
        pemegang = workflow.USULAN.state(usulan.status).pemegang or "petugas lain"
        return f"Langkah “{arrow.label}” bukan wewenang Anda di wilayah ini. Yang berwenang: {pemegang}."
    return None


def _orang_berbeda(by: Pengguna, usulan: Usulan, kolom_sendiri: str) -> str | None:
    """Proposer, assessor, verifier and signer are four different persons, by person and not by account."""
    for kolom in EMPAT_MATA:
        if kolom != kolom_sendiri and getattr(usulan, f"{kolom}_id") == by.orang_id:
            return f"Anda sudah {_PERAN_KOLOM[kolom]} usulan ini. Langkah ini harus dilakukan orang lain."
    return None


def _bukan_keluarga_sendiri(by: Pengguna, usulan: Usulan) -> str | None:
    if usulan.keluarga.anggota.filter(nik_indeks=by.orang.nik_indeks, aktif=True).exists():
        return "Anda tercatat sebagai anggota keluarga ini. Mintalah petugas lain yang memprosesnya."
    return None


def _step(nama: str, kolom: str = "") -> Policy:
    def policy(by: Pengguna, usulan: Usulan) -> str | None:
        return (
            _kuasa(nama, by, usulan)
            or (_orang_berbeda(by, usulan, kolom) if kolom else None)
            or (_bukan_keluarga_sendiri(by, usulan) if nama not in ("ajukan", "tarik") else None)
        )

    policy.__name__ = nama
    return policy


ajukan = _step("ajukan", "pengusul_orang")
musyawarahkan = _step("musyawarahkan")
sepakati = _step("sepakati")
input = _step("input")  # the step of the contract is called so
tugaskan = _step("tugaskan")
verifikasi = _step("verifikasi", "verifikator_orang")
sahkan = _step("sahkan", "pengesah_orang")
kirim = _step("kirim")
kembalikan = _step("kembalikan")
tolak = _step("tolak")
tunda = _step("tunda")


def lanjutkan(by: Pengguna, usulan: Usulan) -> str | None:
    """Only who could have postponed it there: a village does not lift a hold of the Dinas."""
    if kalimat := _kuasa("lanjutkan", by, usulan):
        return kalimat
    tunda = usulan.riwayat.filter(langkah="tunda").order_by("-urut").first()
    arrow = workflow.USULAN.find("tunda", tunda.dari) if tunda else None
    if arrow is None or not by.boleh(arrow.kuasa, usulan.wilayah_id):
        return "Usulan ini ditunda pihak lain. Yang menunda yang bisa melanjutkannya."
    return _bukan_keluarga_sendiri(by, usulan)


def tarik(by: Pengguna, usulan: Usulan) -> str | None:
    """The RT/RW while the village has it; once at the Dinas, only the village operator."""
    if kalimat := _kuasa("tarik", by, usulan):
        return kalimat
    if usulan.status in DI_DINAS and not by.boleh("usulan.input", usulan.wilayah_id):
        return "Usulan sudah di Dinas Sosial. Penarikan diminta lewat operator desa."
    return None


def ases(by: Pengguna, usulan: Usulan) -> str | None:
    """Only the officer who was sent, and not someone who proposed, verified or signed."""
    if usulan.status != "ditugaskan":
        return f"Langkah ini tidak terbuka: usulan sekarang “{usulan.get_status_display()}”."
    if usulan.petugas_id != by.pk:
        return "Asesmen ini ditugaskan kepada petugas lain."
    if not by.punya("usulan.ases"):
        return "Peran Anda tidak lagi bertugas menilai di lapangan."
    return _orang_berbeda(by, usulan, "asesor_orang") or _bukan_keluarga_sendiri(by, usulan)


def tetapkan(by: Pengguna, usulan: Usulan) -> str | None:
    """The power alone; which programme may be determined by whom is decided on the bansos floor."""
    return _kuasa("tetapkan", by, usulan) or _bukan_keluarga_sendiri(by, usulan)


def isi(by: Pengguna, usulan: Usulan) -> str | None:
    """May the form of this proposal be edited now?"""
    if usulan.status == "draf" and by.boleh("usulan.buat", usulan.wilayah_id):
        return None
    if usulan.status in ("draf", "diajukan", "dimusyawarahkan", "disepakati") and by.boleh(
        "usulan.input", usulan.wilayah_id
    ):
        return None
    if usulan.gerbang_susulan and usulan.status in DI_DINAS and by.boleh("usulan.input", usulan.wilayah_id):
        return None  # the emergency route: the form may be completed on the way
    if usulan.status in ("draf", "diajukan", "dimusyawarahkan", "disepakati"):
        return "Isian usulan ini sekarang dilengkapi oleh operator desa."
    return f"Isian tidak bisa diubah lagi: usulan sekarang “{usulan.get_status_display()}”. Minta dikembalikan dulu."


def buat(by: Pengguna, wilayah: str) -> str | None:
    if by.boleh("usulan.buat", wilayah):
        return None
    return "Anda hanya bisa mengusulkan keluarga di wilayah tugas Anda."


BY_STEP: dict[str, Policy] = {
    "ajukan": ajukan,
    "musyawarahkan": musyawarahkan,
    "sepakati": sepakati,
    "input": input,
    "tugaskan": tugaskan,
    "ases": ases,
    "verifikasi": verifikasi,
    "sahkan": sahkan,
    "kirim": kirim,
    "tetapkan": tetapkan,
    "kembalikan": kembalikan,
    "tolak": tolak,
    "tunda": tunda,
    "lanjutkan": lanjutkan,
    "tarik": tarik,
}
