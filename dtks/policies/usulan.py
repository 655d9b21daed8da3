"""May this person take this step? One function per step, named as the step; the answer is None or a sentence.

Powers come from `dtks.workflow`; here stand the rules that need the case: four different persons, own family,
the assigned officer.
"""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from accounts.models import Pengguna
from core import rules
from dtks import workflow
from dtks.models import BENTURAN, EMPAT_MATA, PermintaanAlih, PutusanMusyawarah, Usulan
from dtks.policies.bendera import terkait
from dtks.queries.tempat import masih_di_desa, tidak_di_sini

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
    dulu = usulan.__dict__.setdefault(
        "sendiri", {}
    )  # one page asks for each step; a step reads the locked row anew
    if by.orang_id not in dulu:
        nik = by.orang.nik_indeks  # none: the account of an API key, nobody's relative
        dulu[by.orang_id] = bool(nik) and usulan.keluarga.anggota.filter(nik_indeks=nik, aktif=True).exists()
    if dulu[by.orang_id]:
        return "Anda tercatat sebagai anggota keluarga ini. Mintalah petugas lain yang memprosesnya."
    return None


def _step(nama: str, kolom: str = "") -> Policy:
    def policy(by: Pengguna, usulan: Usulan) -> str | None:
        return (
            _kuasa(nama, by, usulan)
            or (_orang_berbeda(by, usulan, kolom) if kolom else None)
            or (_bukan_keluarga_sendiri(by, usulan) if nama not in ("ajukan", "tarik") else None)
            or (terkait(by, usulan) if usulan.status in DI_DINAS and nama != "tarik" else None)
        )

    policy.__name__ = nama
    return policy


ajukan = _step("ajukan", "pengusul_orang")
musyawarahkan = _step("musyawarahkan")
sepakati = _step("sepakati")
input = _step("input")  # the step of the contract is called so
tugaskan = _step("tugaskan")
alihkan = _step("alihkan")
lewati_kunjungan = _step("lewati_kunjungan")
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


def pulihkan(by: Pengguna, usulan: Usulan) -> str | None:
    """Only after approved minutes that correct the ones which rejected it, and only when nothing happened since."""
    if kalimat := _kuasa("pulihkan", by, usulan):
        return kalimat
    dikoreksi = PutusanMusyawarah.objects.belum_diterapkan().filter(
        usulan=usulan, musyawarah__perbaikan_dari__isnull=False
    )
    tolak = usulan.riwayat.filter(langkah="tolak").order_by("-urut").first()
    if tolak is None or tolak.dari != "dimusyawarahkan" or not dikoreksi.exists():
        return (
            "Penolakan hanya dipulihkan oleh berita acara perbaikan yang sudah disetujui lurah/kepala desa."
        )
    if pindah := tidak_di_sini(usulan):
        return pindah.kalimat
    return _bukan_keluarga_sendiri(by, usulan)


def urungkan(by: Pengguna, usulan: Usulan) -> str | None:
    """Only the person who decided, within the seconds of the rule; the gate sees to it that nothing happened since."""
    if kalimat := _kuasa("urungkan", by, usulan):
        return kalimat
    terakhir = usulan.riwayat.order_by("-urut").first()
    if terakhir is None or terakhir.langkah not in workflow.DIURUNGKAN:
        return "Langkah terakhir usulan ini tidak bisa diurungkan."
    if terakhir.orang_id != by.orang_id:
        return "Keputusan diurungkan oleh orang yang mengambilnya."
    arrow = workflow.USULAN.find(terakhir.langkah, terakhir.dari)
    if arrow is None or not by.boleh(arrow.kuasa, usulan.wilayah_id):
        return f"Langkah “{arrow.label if arrow else terakhir.langkah}” bukan wewenang Anda di wilayah ini."
    if timezone.now() - terakhir.pada > timedelta(seconds=rules.value("urung.detik", usulan.wilayah_id)):
        return "Waktu mengurungkan sudah lewat. Ambil langkah biasa."
    return None


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
    if PermintaanAlih.objects.filter(usulan=usulan, petugas__orang=by.orang_id, alasan=BENTURAN).exists():
        return "Anda sudah menyatakan benturan kepentingan. Dinsos akan menugaskan petugas lain."
    return _orang_berbeda(by, usulan, "asesor_orang") or _bukan_keluarga_sendiri(by, usulan)


def tetapkan(by: Pengguna, usulan: Usulan) -> str | None:
    """The power alone; which programme may be determined by whom is decided on the bansos floor."""
    return _kuasa("tetapkan", by, usulan) or _bukan_keluarga_sendiri(by, usulan) or terkait(by, usulan)


def lihat_keluarga(by: Pengguna, usulan: Usulan) -> bool:
    """May one who sees the proposal see the family as it is today? Not the desa that it left."""
    return masih_di_desa(usulan) or by.boleh("usulan.lihat", usulan.keluarga.wilayah_id)


def isi(by: Pengguna, usulan: Usulan) -> str | None:
    """May the form of this proposal be edited now?"""
    if not masih_di_desa(usulan):
        return "Keluarga ini sudah pindah ke desa lain. Isiannya diubah desa barunya."
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


def ubah(by: Pengguna, usulan: Usulan) -> str | None:
    """May what a proposal asks for be corrected? Only as long as it is a draft, also one that was sent back."""
    if usulan.status != workflow.USULAN.awal:
        return f"Hanya draf yang bisa diubah: usulan sekarang “{usulan.get_status_display()}”."
    return isi(by, usulan)


def buat(by: Pengguna, wilayah: str, jalur: str = "") -> str | None:
    """The village proposes; in an emergency also whoever found the person (`darurat.usulkan`)."""
    if by.boleh("usulan.buat", wilayah):
        return None
    if jalur == Usulan.Jalur.KEDARURATAN and by.boleh("darurat.usulkan", wilayah):
        return None
    return "Anda hanya bisa mengusulkan keluarga di wilayah tugas Anda."


def buka_kembali(by: Pengguna, usulan: Usulan) -> str | None:
    """The power alone; that an objection was granted by somebody without a part in the case is decided on the bansos floor."""
    return _kuasa("buka_kembali", by, usulan) or _bukan_keluarga_sendiri(by, usulan)


BY_STEP: dict[str, Policy] = {
    "buka_kembali": buka_kembali,
    "ajukan": ajukan,
    "musyawarahkan": musyawarahkan,
    "sepakati": sepakati,
    "input": input,
    "tugaskan": tugaskan,
    "alihkan": alihkan,
    "tidak_ditemui": ases,
    "lewati_kunjungan": lewati_kunjungan,
    "ases": ases,
    "verifikasi": verifikasi,
    "sahkan": sahkan,
    "kirim": kirim,
    "tetapkan": tetapkan,
    "kembalikan": kembalikan,
    "tolak": tolak,
    "tunda": tunda,
    "lanjutkan": lanjutkan,
    "pulihkan": pulihkan,
    "tarik": tarik,
    "urungkan": urungkan,
}
