"""PBI, reviews and letters of the tests: a deactivated person of the register, and requests taken to a state."""

import hashlib
from datetime import timedelta

from django.utils import timezone

from bansos.actions import pbi, permohonan
from bansos.models import PermohonanSurat, ReaktivasiPBI, TinjauanPenerima
from dtks.models import Desil
from tests.bantu.alur import PDF, keluarga_uji, orang, sampai

DATA = {
    "kondisi": "biasa",
    "keadaan_mendesak": "",
    "pemohon": "Ibu Aminah",
    "faskes": "Puskesmas Guntur",
    "faskes_tanggal": None,
}


def nik(n: int, anggota: int = 0) -> str:
    return keluarga_uji(n).told[anggota].nik


def reaktivasi(
    n: int = 0, *, by: str = "operator", daftar: bool = True, hari: int = 30, **data
) -> ReaktivasiPBI:
    """A draft for the head of the n-th family, with its papers. `daftar`: bring the family into the register first."""
    if daftar:
        sampai("draf", nomor=n, pengusul="operator")
    hari_ini = timezone.localdate()
    satu = pbi.mulai(
        by=orang(by),
        nik=nik(n),
        nama=keluarga_uji(n).told[0].nama,
        tanggal=hari_ini - timedelta(days=hari),
        sebab="Desil 6",
    )
    return pbi.lengkapi(
        satu, by=orang(by), data=DATA | {"faskes_tanggal": hari_ini} | data, surat_faskes=[PDF]
    )


_JALAN = (
    ("diajukan", "ajukan", "operator"),
    ("diverifikasi", "verifikasi", "verifikator"),
    ("direkomendasikan", "rekomendasikan", "kadis"),
    ("dikirim_siks", "kirim", "supervisor"),
    ("disetujui", "setujui", "supervisor"),
)


def reaktivasi_sampai(status: str, n: int = 0, **data) -> ReaktivasiPBI:
    satu = reaktivasi(n, **data)
    for ke, langkah, siapa in _JALAN:
        if satu.status == status:
            break
        lain = (
            {"siks_nomor": "SIKS-1", "tanggal": timezone.localdate()}
            if langkah in ("kirim", "setujui")
            else {}
        )
        satu = pbi.langkahkan(satu, langkah, by=orang(siapa), **lain)
        assert satu.status == ke
    assert satu.status == status
    return satu


def tinjauan(n: int) -> TinjauanPenerima:
    """A doubt about the n-th family as the nightly check would write it; the family is a draft only, which is cheap."""
    keluarga = sampai("draf", nomor=n, pengusul="operator").usulan.keluarga
    satu = TinjauanPenerima.objects.create(
        program_id="PKH", keluarga=keluarga, individu=keluarga.anggota.get(hubungan="1"), wilayah_id=keluarga.wilayah_id,
        sebab="MENINGGAL", bukti={"keberadaan": "2"}, sidik=hashlib.sha256(str(keluarga.pk).encode()).digest(),
    )  # fmt: skip
    satu.refresh_from_db()
    return satu


def surat(
    n: int, *, by: str = "operator", daftar: bool = True, desil: int | None = 2, **isi
) -> PermohonanSurat:
    """A request for the head of the n-th family, which has a decile unless `desil` is None."""
    if daftar:
        keluarga = sampai("draf", nomor=n, pengusul="operator").usulan.keluarga
        if desil is not None:
            Desil.objects.create(keluarga=keluarga, tahun=2026, triwulan=3, desil=desil, sumber="uji")
    isi = {"jenis": "KETERANGAN", "keperluan": "PIP", "pemohon": "Ibu Aminah", "hubungan": "DIRI"} | isi
    return permohonan.ajukan(permohonan.Isi(nik=nik(n), **isi), by=orang(by))


def surat_terbit(n: int, **isi) -> PermohonanSurat:
    satu = permohonan.langkahkan(surat(n, **isi), "periksa", by=orang("verifikator"))
    return permohonan.langkahkan(satu, "terbitkan", by=orang("kadis"))
