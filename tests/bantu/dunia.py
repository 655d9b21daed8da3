"""A portal with one case in every state, meetings in every state and open tickets, so that every form has a page.

Made inside one transaction that is never committed: each test module rolls its world back.
"""

from bansos.models import Program
from dtks.actions import keluarga as register
from dtks.actions import musyawarah as rapat
from dtks.actions import padan
from dtks.models import KategoriPPKS, TiketPadan
from tests.bantu.alur import PDF, Perjalanan, orang

STATUS = (
    "draf", "diajukan", "disepakati", "diinput", "ditugaskan", "diases", "terverifikasi", "disahkan", "dikirim",
    "ditetapkan", "daftar_tunggu", "tidak_ditetapkan", "ditunda", "ditolak", "ditarik",
)  # fmt: skip


def bangun() -> dict[str, Perjalanan]:
    """Journeys by state, and meetings that wait for each next hand."""
    dunia = {}
    for nomor, status in enumerate(STATUS):
        dunia[status] = Perjalanan(nomor=nomor)
        getattr(dunia[status], status)()
    _apbd(dunia, 30)
    _rapat(dunia, 40)
    _tiket(dunia["diinput"])
    anggota = dunia["draf"].usulan.keluarga.anggota.filter(aktif=True).first()
    register.catat_ppks(
        anggota, by=orang("operator"), kategori=KategoriPPKS.objects.filter(sensitif=False)[0], sumber="RT"
    )
    return dunia


def _apbd(dunia: dict[str, Perjalanan], nomor: int) -> None:
    """A decree of the Bupati too: its forms differ from those of the Menteri."""
    program = Program.objects.filter(sumber="APBD").values_list("pk", flat=True).first()
    if program:
        dunia["apbd"] = Perjalanan(nomor=nomor, program=program)
        dunia["apbd"].dikirim()


def _rapat(dunia: dict[str, Perjalanan], nomor: int) -> None:
    """Meetings that are open, held, signed and approved."""
    for i, tahap in enumerate(("terjadwal", "selesai", "bertanda", "setuju")):
        p = dunia[f"rapat_{tahap}"] = Perjalanan(nomor=nomor + i)
        p.dimusyawarahkan()
        m, by = p.musyawarah, orang("operator")
        if tahap == "terjadwal":
            continue
        rapat.putuskan(m, by=by, putusan={str(x.pk): {"putusan": "disepakati"} for x in m.putusan.all()})
        m = rapat.selenggarakan(m, by=by)
        if tahap in ("bertanda", "setuju"):
            m = rapat.tandatangani(m, by=by, isi=PDF, nama="ba.pdf")
        if tahap == "setuju":
            m = rapat.setujui(m, by=orang("lurah"))
        p.musyawarah = m


def _tiket(p: Perjalanan) -> None:
    """NIK that do not match, one of them with a waiver asked for."""
    p.padankan("TIDAK_PADAN_NAMA")
    tiket = list(TiketPadan.objects.filter(individu__keluarga=p.usulan.keluarga).order_by("pk"))
    if len(tiket) > 1:
        padan.minta_kecuali(tiket[1], by=orang("operator"), alasan="Orangnya ada, KTP asli sudah dilihat.")
