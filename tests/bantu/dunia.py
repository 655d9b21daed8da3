"""A portal with one case in every state, meetings in every state and open tickets, so that every form has a page.

Made inside one transaction that is never committed: each test module rolls its world back.
"""

from datetime import timedelta

from django.utils import timezone

from bansos.models import Program
from core.models import Ketentuan
from dtks.actions import keluarga as register
from dtks.actions import musyawarah as rapat
from dtks.actions import padan
from dtks.models import KategoriPPKS, TiketPadan
from pengaduan.actions import bencana, darurat, piket
from portal.demo import rahasia as saluran_rahasia
from tests.bantu import layanan
from tests.bantu.alur import PDF, Perjalanan, orang
from tests.bantu.pemain import DESA, KABUPATEN

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
    _darurat()
    _layanan()
    _saluran_rahasia()
    anggota = dunia["draf"].usulan.keluarga.anggota.filter(aktif=True).first()
    register.catat_ppks(
        anggota, by=orang("operator"), kategori=KategoriPPKS.objects.filter(sensitif=False)[0], sumber="RT"
    )
    return dunia


def _layanan() -> None:
    """PBI, reviews and letters in the states that have forms."""
    layanan.reaktivasi(60)
    layanan.reaktivasi_sampai("diajukan", 61)
    layanan.reaktivasi_sampai("direkomendasikan", 62)
    layanan.tinjauan(63)
    layanan.surat(64)


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


def _darurat() -> None:
    """Emergencies that wait for each next hand, a shift, and a disaster with a family and goods."""
    isi = {
        "jenis": "LANSIA",
        "kanal": "112",
        "wilayah": DESA,
        "lokasi": "Depan pasar",
        "cerita": "Kakek duduk sendiri, lemas.",
    }
    rujukan = {"jenis": "RS", "tempat": "RSUD dr. Slamet", "alasan": "Pemeriksaan kesehatan"}
    by = orang("tksk")
    for lain in ({}, {}, {}, {"jenis": "KEKERASAN"}):
        satu, _ = darurat.lapor(by=orang("operator"), data=isi | lain)
    satu, lagi = (darurat.lapor(by=orang("operator"), data=isi)[0] for _ in range(2))
    for baris in (satu, lagi):
        for nama in ("tanggapi", "tiba"):
            darurat.langkah(baris, nama, by=by)
        darurat.rujuk(baris, by=by, data=rujukan)
    darurat.jawab_rujukan(lagi, by=by, diterima=True, penjawab="Perawat jaga", jawaban="")
    mulai = timezone.now() + timedelta(days=2)
    piket.pasang(
        by=orang("supervisor"),
        pengguna=by,
        wilayah=KABUPATEN,
        mulai=mulai,
        selesai=mulai + timedelta(hours=12),
    )
    kejadian = bencana.catat(
        by=orang("operator"),
        data={"jenis": "LONGSOR", "wilayah": DESA, "lokasi": "Kp. Cimanuk", "waktu": timezone.now(), "sumber": "Tagana", "uraian": "Longsor."},
    )  # fmt: skip
    bencana.catat_korban(
        kejadian, by=orang("operator"),
        data={"wilayah": DESA, "nama_kepala": "Ujang Sapri", "alamat": "Kampung", "jiwa": 4, "rentan": 1, "meninggal": 0, "luka": 1,
              "rumah": "BERAT", "mengungsi": True, "kebutuhan": ["TENDA"]},
    )  # fmt: skip
    bencana.serahkan(
        kejadian, by=by, barang=[("Beras", 50, "karung")],
        data={"wilayah": DESA, "penerima": "Asep Hidayat", "jabatan": "Lurah", "keluarga_n": 10},
    )  # fmt: skip


def _saluran_rahasia() -> None:
    """The sealed line is open, and its form may be sent at once."""
    saluran_rahasia.pasang(orang("inspektorat"), "32.05", "empat-kuda-makan-rumput")
    aturan = Ketentuan.objects.get(kunci="rahasia.batas")
    aturan.nilai |= {"tunggu_detik": 0}
    aturan.save()
