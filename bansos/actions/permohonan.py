"""Letters at the counter: asked, checked against the register, signed with a QR; refused with a way to go (domain.md §4).

A person who is not in the register is refused at once and sent to the musyawarah of his village.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from accounts.models import Pengguna
from bansos.actions import jam_layanan
from bansos.actions.pilihan import kalimat_alasan
from bansos.models import PermohonanSurat
from bansos.policies import permohonan as policies
from bansos.queries.batch import sebutan_pejabat
from bansos.queries.pbi import desil_kini
from bansos.surat.keterangan import Keterangan, surat_keterangan
from bansos.workflow_layanan import PERMOHONAN
from core import audit, documents, files, letters, numbering, rules, workflow
from core.models import Berkas
from core.workflow import Gate, GateClosed, Halangan, NotAllowed
from dtks.actions.cari import cari
from dtks.models import Individu, Keluarga
from wilayah.kode import kabupaten_dari
from wilayah.models import Wilayah
from wilayah.waktu import hari_wilayah

NOTICE = "bansos.kabar_surat"
Jenis = PermohonanSurat.Jenis
JENIS_DOKUMEN = {Jenis.KETERANGAN: "KETERANGAN_DTSEN", Jenis.REKOMENDASI: "REKOMENDASI"}


@dataclass(frozen=True)
class Isi:
    """What is asked for. `nama` counts only for a person who is not in the register; `surat_kuasa` raw scans."""

    nik: str
    jenis: str
    keperluan: str
    pemohon: str
    hubungan: str
    keterangan: str = ""
    nama: str = ""
    surat_kuasa: Sequence[bytes] = ()


def ajukan(isi: Isi, *, by: Pengguna) -> PermohonanSurat:
    """Record a request; not in the register = refused at once with the referral. Raises GateClosed, NotAllowed, core.files.BadFile."""
    _periksa_isian(isi)
    hasil = cari(isi.nik, by=by)
    if hasil.keadaan == "lain":
        raise _tutup(
            "LUAR_WILAYAH",
            "NIK ini tercatat di desa lain.",
            "Minta surat di desa itu atau di loket Dinas Sosialnya.",
        )
    orang = hasil.orang if hasil.keadaan == "sendiri" else None
    if orang is None and not isi.nama:
        raise _tutup(
            "NAMA_KOSONG", "NIK ini tidak ada di register. Isi juga namanya, supaya penolakannya tercatat."
        )
    with transaction.atomic():
        satu = _buat(isi, orang, by)
        if orang is None:
            satu = _gugurkan(satu)
    return satu


def _periksa_isian(isi: Isi) -> None:
    if isi.hubungan == PermohonanSurat.Hubungan.KUASA and not isi.surat_kuasa:
        raise _tutup("SURAT_KUASA", "Orang lain perlu membawa surat kuasa.", "Unggah surat kuasanya.")
    if isi.keperluan == PermohonanSurat.Keperluan.LAIN and not isi.keterangan:
        raise _tutup("KETERANGAN", "Tuliskan untuk apa suratnya.", "Isi kolom untuk apa.")


def _buat(isi: Isi, orang: Individu | None, by: Pengguna) -> PermohonanSurat:
    luas = by.cakupan("surat.ajukan")
    wilayah = orang.keluarga.wilayah_id if orang else (luas[0] if luas else "")
    if not by.boleh("surat.ajukan", wilayah or "00"):
        raise NotAllowed(
            [
                Halangan(
                    "TIDAK_BERWENANG",
                    "Surat diminta di desa tempat keluarga tinggal atau di loket Dinas Sosial.",
                )
            ]
        )
    kabupaten, hari = kabupaten_dari(wilayah), hari_wilayah(wilayah)
    urut = numbering.take(f"SURAT-MASUK-{kabupaten}", hari.year)
    satu = PermohonanSurat(
        nomor=f"S-{urut:04d}/{hari.year}", jenis=isi.jenis, keperluan=isi.keperluan, keterangan=isi.keterangan,
        nama=orang.nama if orang else isi.nama, individu=orang, wilayah_id=wilayah, pemohon=isi.pemohon, hubungan=isi.hubungan,
        surat_kuasa=_simpan(isi.surat_kuasa, wilayah, by), created_by=by,
    )  # fmt: skip
    satu.nik = isi.nik
    jam_layanan.mulai(satu, "surat")
    satu.save(force_insert=True)
    audit.catat(
        aksi="ajukan_surat", objek=satu, by=by, wilayah=wilayah, peran=by.peran_untuk("surat.ajukan", wilayah),
        rincian={"nomor": satu.nomor, "jenis": satu.jenis},
    )  # fmt: skip
    satu.refresh_from_db()
    return satu


def _simpan(isi: Sequence[bytes], wilayah: str, by: Pengguna) -> Berkas | None:
    if not isi:
        return None
    bersih, mime = files.clean_scans(isi)
    return files.store(
        bersih, jenis="surat_kuasa", nama="surat-kuasa", mime=mime, wilayah=wilayah, by_id=str(by.pk)
    )


def _gugurkan(satu: PermohonanSurat) -> PermohonanSurat:
    """Refused by the portal itself: there is nothing that anybody could certify."""
    jam_layanan.selesai(satu)
    satu.save(update_fields=[*jam_layanan.KOLOM, "updated_at"])
    hasil: PermohonanSurat = workflow.step(
        PERMOHONAN, satu, "gugurkan", by=None, boleh=lambda by, o: None, gerbang={}, alasan="SURAT_TIDAK_TERDAFTAR",
        alasan_kalimat=kalimat_alasan("SURAT_TIDAK_TERDAFTAR", "tolak_surat"),
    )  # fmt: skip
    return hasil


# --- the steps ------------------------------------------------------------------------------------------


def _terdaftar(satu: PermohonanSurat, by: object) -> Halangan | None:
    orang = satu.individu
    if orang is not None and orang.aktif and orang.keluarga.status == Keluarga.Status.TERDAFTAR:
        return None
    if (
        orang is not None
        and orang.aktif
        and orang.keluarga.status == Keluarga.Status.CALON
        and desil_kini(orang)
    ):
        return None  # ranked by BPS, so it is in DTSEN, whatever its state here
    return Halangan(
        "TIDAK_TERDAFTAR",
        "Orang ini tidak tercatat di data nasional.",
        "Tolak dan arahkan ke musyawarah desa.",
    )


def _desil_ada(satu: PermohonanSurat, by: object) -> Halangan | None:
    if satu.jenis != Jenis.KETERANGAN or desil_kini(satu.individu):
        return None
    return Halangan(
        "TANPA_DESIL",
        "Keluarga ini belum punya desil dari BPS.",
        "Tolak dengan alasannya, atau tunggu desil triwulan berikutnya.",
    )


def _desil_cukup(satu: PermohonanSurat, by: object) -> Halangan | None:
    """The limit of the purpose, for letters that tell the desil. The sentence does not say the desil."""
    batas = rules.value("surat.desil_maks", kabupaten_dari(satu.wilayah_id)).get(satu.keperluan)
    kini = desil_kini(satu.individu)
    if satu.jenis != Jenis.KETERANGAN or batas is None or kini is None or kini[0] <= int(batas):
        return None
    return Halangan(
        "DESIL_BATAS",
        f"Keperluan ini hanya untuk desil 1 sampai {batas}.",
        "Tolak dengan alasan desil di atas batas.",
    )


GERBANG: dict[str, Gate] = {"terdaftar": _terdaftar, "desil_ada": _desil_ada, "desil_cukup": _desil_cukup}
ALASAN = ("tolak", "kembalikan")


def langkahkan(
    satu: PermohonanSurat,
    nama: str,
    *,
    by: Pengguna,
    alasan: str = "",
    catatan: str = "",
    versi: int | None = None,
) -> PermohonanSurat:
    """One step: periksa, tolak, batalkan, terbitkan, kembalikan."""
    with transaction.atomic():
        baris: PermohonanSurat = workflow.lock(PermohonanSurat, satu.pk)
        arrow = PERMOHONAN.find(nama, baris.status)
        boleh = arrow is not None and policies.BY_STEP[nama](by, baris) is None
        if boleh and arrow and not any(GERBANG[g](baris, by) for g in arrow.gerbang):
            _siapkan(baris, nama, by)
        hasil: PermohonanSurat = workflow.step(
            PERMOHONAN, baris, nama, by=by, boleh=policies.BY_STEP[nama], gerbang=GERBANG, alasan=alasan,
            alasan_kalimat=kalimat_alasan(alasan, f"{nama}_surat") if nama in ALASAN else "", catatan=catatan.strip(), versi=versi,
            peran=by.peran_untuk(arrow.kuasa, baris.wilayah_id) if arrow else "", notice=NOTICE,
        )  # fmt: skip
        return hasil


def _siapkan(baris: PermohonanSurat, nama: str, by: Pengguna) -> None:
    kolom = ["updated_at"]
    if nama == "terbitkan":
        baris.dokumen = _surat(baris, by)
        kolom.append("dokumen")
    if nama in ("terbitkan", "tolak", "batalkan"):
        jam_layanan.selesai(baris)
        kolom += jam_layanan.KOLOM
    baris.save(update_fields=kolom)


def _surat(satu: PermohonanSurat, by: Pengguna) -> documents.Dokumen:
    kabupaten = kabupaten_dari(satu.wilayah_id)
    hari, orang, jenis = hari_wilayah(kabupaten), satu.individu, JENIS_DOKUMEN[Jenis(satu.jenis)]
    assert orang is not None
    _, nomor = numbering.issue("surat.nomor", seri=f"SURAT-{kabupaten}", hari=hari, wilayah=kabupaten)
    area, kode, templat = (
        Wilayah.objects.get(pk=kabupaten),
        documents.new_code(),
        letters.berlaku(jenis, kabupaten, hari),
    )
    judul = "Surat Keterangan DTSEN" if satu.jenis == Jenis.KETERANGAN else "Surat Rekomendasi"
    untuk = satu.keterangan or satu.get_keperluan_display()
    isi = surat_keterangan(
        Keterangan(
            nomor=nomor, tanggal=hari, wilayah=area, judul=judul, nama=orang.nama, nik=str(orang.nik) if orang.nik else "belum ada NIK",
            lahir=orang.tgl_lahir, nama_kepala=orang.keluarga.nama_kepala, alamat=orang.keluarga.alamat,
            desa=Wilayah.objects.get(pk=orang.keluarga.wilayah_id), keperluan=untuk,
            desil=desil_kini(orang) if satu.jenis == Jenis.KETERANGAN else None,
            berlaku=hari + timedelta(days=int(rules.value("surat.berlaku_hari", kabupaten))),
            jabatan=f"{sebutan_pejabat(by, kabupaten)}Kepala Dinas Sosial", penandatangan=by.nama,
        ),
        kode=kode, templat=templat,
    )  # fmt: skip
    return documents.issue(
        isi, kode=kode, jenis=jenis, nomor=nomor, judul=judul, penerbit=f"Dinas Sosial {area.nama}", penandatangan=by.nama,
        tanggal=hari, wilayah=kabupaten, ringkas={"permohonan": satu.nomor}, by_id=str(by.pk), nama="surat-keterangan.pdf",
        templat=templat.pk,
    )  # fmt: skip


@transaction.atomic
def unduh(satu: PermohonanSurat, *, by: Pengguna) -> Berkas:
    """The paper for the counter that hands it over; it tells the desil, so every time leaves its row."""
    if kalimat := policies.unduh(by, satu):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], satu.status)
    assert satu.dokumen is not None
    peran = next((p for k in policies.KUASA_UNDUH if (p := by.peran_untuk(k, satu.wilayah_id))), "")
    audit.catat(
        aksi="unduh_surat",
        objek=satu,
        by=by,
        wilayah=satu.wilayah_id,
        peran=peran,
        rincian={"surat": satu.dokumen.nomor},
    )
    return satu.dokumen.berkas


def _tutup(kode: str, kalimat: str, jalan_keluar: str = "") -> GateClosed:
    return GateClosed([Halangan(kode, kalimat, jalan_keluar)])
