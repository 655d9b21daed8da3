"""A quota with a change that waits, one that may be withdrawn, and a place; for the routes of `rute.yaml`."""

from dataclasses import asdict

from django.utils import timezone

from bansos.actions import aturan, impor_pengecualian, kuota, pengecualian, tempat_kuota
from bansos.actions.penetapan import quarter
from bansos.models import (
    ButirPengecualian,
    Kuota,
    PengisianKuota,
    PercobaanAturan,
    PerubahanKuota,
    Program,
)
from bansos.queries.banding import Banding
from dtks.actions.impor import inti
from tests.bantu.alur import PDF, orang
from tests.bantu.pemain import DESA, KABUPATEN

LANSIA = "APBD-LANSIA"


def usul(program: str, jumlah: int) -> PerubahanKuota:
    return kuota.usulkan(
        by=orang("supervisor"), program=Program.objects.get(pk=program), wilayah=KABUPATEN, periode=quarter(timezone.localdate()),
        jumlah=jumlah, pagu=None, alasan="Sesuai APBD perubahan.", dasar_hukum="Perbup 5/2026",
    )  # fmt: skip


def taruh(d) -> None:
    kuota.setujui(usul(LANSIA, 5), by=orang("kadis"))
    ada = Kuota.objects.get(program=LANSIA)
    keluarga = d.perjalanan["ditetapkan"].usulan.keluarga
    tempat_kuota.tempati(ada.program, KABUPATEN, ada.periode, keluarga, by=orang("kadis"), sk="uji")
    d.taruh("kuota", ada, KABUPATEN)
    d.taruh("perubahan_kuota", usul(LANSIA, 6), KABUPATEN)
    _pengecualian(d)
    draf = aturan.susun(Program.objects.get(pk="BPNT"), by=orang("supervisor"), wilayah=KABUPATEN)
    d.taruh("aturan", draf, KABUPATEN)
    coba = PercobaanAturan.objects.create(
        aturan=draf, periode="2026-4", isi_sidik=aturan.sidik(draf.isi), angka=asdict(Banding(0, 0, 0, 0, 0, 0, 0, 0)) | {"selisih": 0},
        by=orang("supervisor"),
    )  # fmt: skip
    d.taruh("percobaan", coba, KABUPATEN)
    d.taruh("tempat_kuota", PengisianKuota.objects.get(), DESA)


def _pengecualian(d) -> None:
    """The head of a family on two lists; one of the hits is contested."""
    kepala = d.perjalanan["ditetapkan"].usulan.keluarga.anggota.get(hubungan="1")
    nik = kepala.nik.open()
    kosong = ",,,"
    isi = f"NIK,SUMBER,TANGGAL DATA,ASAL DATA,BERLAKU HINGGA,KETERANGAN\n{nik},ASN,01/10/2026{kosong}\n{nik},UPAH,01/10/2026{kosong}\n".encode()
    by = orang("supervisor")
    inti.terapkan(inti.unggah(by=by, jenis=impor_pengecualian.JENIS, isi=isi, nama="asn.csv"), by=by)
    d.taruh("butir_pengecualian", ButirPengecualian.objects.get(sumber="UPAH"), DESA)
    butir = ButirPengecualian.objects.get(sumber="ASN")
    sanggah = pengecualian.sanggahkan(
        butir, by=orang("operator"), individu=kepala, alasan="Bukan ASN, buruh tani.", berkas=[PDF]
    )
    d.taruh("sanggah_butir", sanggah, DESA)
