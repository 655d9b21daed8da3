"""PBI reactivation: recorded in the village or at the counter, checked, recommended with a signed letter, sent, answered (domain.md §6.7).

What comes after an approval is in `bansos.actions.pbi_wajib`.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import Pengguna
from bansos.actions import jam_layanan
from bansos.actions.pilihan import kalimat_alasan
from bansos.models import PbiAktif, PbiNonaktif, ReaktivasiPBI
from bansos.policies import pbi as policies
from bansos.queries import pbi as baca
from bansos.queries.batch import sebutan_pejabat
from bansos.surat.pbi import Rekomendasi, surat_rekomendasi
from bansos.workflow_layanan import REAKTIVASI
from core import audit, documents, files, letters, numbering, rules, workflow
from core.models import Berkas
from core.privacy.keys import blind_index
from core.workflow import Gate, GateClosed, Halangan, NotAllowed, NotOpen
from dtks.actions.cari import cari
from wilayah.kode import kabupaten_dari
from wilayah.models import Wilayah
from wilayah.waktu import hari_wilayah

NOTICE = "bansos.kabar_pbi"
ISIAN = ("kondisi", "keadaan_mendesak", "pemohon", "faskes", "faskes_tanggal")


# --- recording ------------------------------------------------------------------------------------------


def mulai(
    *, by: Pengguna, nik: str, nama: str = "", tanggal: date | None = None, sebab: str = ""
) -> ReaktivasiPBI:
    """A draft for the person with this NIK. One who is not on the list is put on it with what BPJS says (`nama`, `tanggal`, `sebab`).

    Raises GateClosed BELUM_DI_DAFTAR when he is not on it and those are empty, LUAR_WILAYAH when another village has him.
    """
    hasil = cari(nik, by=by)  # counted: the answer tells whether somebody is known here
    with transaction.atomic():
        nonaktif = baca.menurut_nik(nik, by)
        if nonaktif is None or (tanggal and nama and tanggal > nonaktif.tanggal):
            if hasil.keadaan == "lain":
                raise _tutup(
                    "LUAR_WILAYAH",
                    "NIK ini tercatat di desa lain.",
                    "Ajukan di desa itu atau di loket Dinas Sosialnya.",
                )
            nonaktif = catat(by=by, nik=nik, nama=nama, tanggal=tanggal, sebab=sebab, orang=hasil.orang)
        return buat(nonaktif, by=by)


@transaction.atomic
def catat(
    *, by: Pengguna, nik: str, nama: str, tanggal: date | None, sebab: str, orang: Any = None
) -> PbiNonaktif:
    """Put one deactivated person on the list from the counter."""
    if not nama or tanggal is None or not sebab:
        raise _tutup(
            "BELUM_DI_DAFTAR",
            "NIK ini tidak ada di daftar PBI nonaktif wilayah Anda.",
            "Isi nama, tanggal nonaktif, dan sebabnya menurut Mobile JKN atau petugas BPJS, lalu kirim lagi.",
        )
    aktif = orang if orang is not None and orang.aktif else None
    wilayah = aktif.keluarga.wilayah_id if aktif else kabupaten_dari(by.cakupan("pbi.ajukan")[0])
    if not by.boleh("pbi.ajukan", wilayah):
        raise _tutup(
            "BELUM_DI_REGISTER", "Orang ini belum ada di register desa Anda.",
            "Catat dulu keluarganya di menu Usulan, atau antar ke loket Dinas Sosial bila mendesak.",
        )  # fmt: skip
    if tanggal > hari_wilayah(wilayah):
        raise _tutup("TANGGAL", "Tanggal nonaktif belum terjadi.", "Perbaiki tanggalnya.")
    satu = PbiNonaktif(
        nama=nama, individu=aktif, wilayah_id=kabupaten_dari(wilayah), tanggal=tanggal, sebab=sebab[:120],
        asal=PbiNonaktif.Asal.LOKET, created_by=by,
    )  # fmt: skip
    satu.nik = nik
    try:
        with transaction.atomic():
            satu.save(force_insert=True)
    except IntegrityError:  # the same person and day came in meanwhile, or another kabupaten has it
        lama = (
            PbiNonaktif.objects.visible_to(by)
            .filter(nik_indeks=blind_index(nik, "nik"), tanggal=tanggal)
            .first()
        )
        if lama is None:
            raise _tutup(
                "LUAR_WILAYAH",
                "NIK ini tercatat nonaktif di wilayah lain.",
                "Ajukan di Dinas Sosial wilayah itu.",
            ) from None
        return lama
    audit.catat(
        aksi="catat_pbi_nonaktif", objek=satu, by=by, wilayah=wilayah, peran=by.peran_untuk("pbi.ajukan", wilayah),
        rincian={"tanggal": tanggal.isoformat()},
    )  # fmt: skip
    return satu


@transaction.atomic
def buat(nonaktif: PbiNonaktif, *, by: Pengguna) -> ReaktivasiPBI:
    """A draft; an open one of the same person is refused with its number."""
    nonaktif = workflow.lock(PbiNonaktif, nonaktif.pk)
    if kalimat := policies.buat(by, nonaktif):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    if otomatis := PbiAktif.objects.filter(nonaktif=nonaktif).first():
        raise NotOpen(
            [
                Halangan(
                    "SUDAH_AKTIF",
                    f"Menurut berkas pusat, PBI orang ini sudah aktif kembali sejak {otomatis.tanggal:%d/%m/%Y}.",
                    "Bila kartunya tetap ditolak, catat tanggal nonaktif yang baru menurut Mobile JKN atau petugas BPJS.",
                )
            ]
        )
    if lama := ReaktivasiPBI.objects.terbuka().filter(nik_indeks=nonaktif.nik_indeks).first():
        raise NotOpen(
            [
                Halangan(
                    "SUDAH_ADA",
                    f"Orang ini sudah punya permohonan yang berjalan: {lama.nomor}.",
                    "Buka permohonan itu.",
                )
            ]
        )
    wilayah = policies.wilayah_dari(nonaktif)
    kabupaten, hari = kabupaten_dari(wilayah), hari_wilayah(wilayah)
    urut = numbering.take(f"PBI-MASUK-{kabupaten}", hari.year)
    desil = baca.desil_kini(nonaktif.individu)
    try:
        with transaction.atomic():
            satu = ReaktivasiPBI.objects.create(
                nomor=f"PBI-{urut:04d}/{hari.year}", nonaktif=nonaktif, nik_indeks=nonaktif.nik_indeks, individu=nonaktif.individu,
                wilayah_id=wilayah, nama=nonaktif.individu.nama if nonaktif.individu else nonaktif.nama,
                nonaktif_sejak=nonaktif.tanggal, desil=desil[0] if desil else None, pemohon=nonaktif.nama, created_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise NotOpen(
            [
                Halangan(
                    "SUDAH_ADA",
                    "Orang ini sudah punya permohonan yang berjalan.",
                    "Cari di daftar permohonan.",
                )
            ]
        ) from error
    audit.catat(
        aksi="buat_reaktivasi", objek=satu, by=by, wilayah=wilayah, peran=by.peran_untuk("pbi.ajukan", wilayah),
        rincian={"nomor": satu.nomor},
    )  # fmt: skip
    satu.refresh_from_db()
    return satu


@transaction.atomic
def lengkapi(
    satu: ReaktivasiPBI,
    *,
    by: Pengguna,
    data: dict[str, Any],
    surat_faskes: Sequence[bytes] = (),
    sktm: Sequence[bytes] = (),
) -> ReaktivasiPBI:
    """Fill the draft in: `data` by ISIAN, and the papers (the letter of the faskes is compulsory before it is handed in).

    The 24 hours of a medical emergency begin here, not when it is handed in: the patient does not wait for the form.
    """
    baris: ReaktivasiPBI = workflow.lock(ReaktivasiPBI, satu.pk)
    if kalimat := policies.ubah(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], baris.status)
    if data["kondisi"] == "darurat" and not data["keadaan_mendesak"].strip():
        raise _tutup(
            "MENDESAK", "Tuliskan keadaan daruratnya, misalnya dirawat di IGD.", "Isi kolom keadaan mendesak."
        )
    hari = hari_wilayah(baris.wilayah_id)
    if data.get("faskes_tanggal") and data["faskes_tanggal"] > hari:
        raise _tutup("TANGGAL", "Tanggal surat faskes belum terjadi.", "Perbaiki tanggalnya.")
    for nama in ISIAN:
        setattr(baris, nama, data.get(nama) or (None if nama == "faskes_tanggal" else ""))
    baris.surat_faskes = _simpan(surat_faskes, baris, by, "surat-faskes") or baris.surat_faskes
    baris.sktm = _simpan(sktm, baris, by, "sktm") or baris.sktm
    darurat = baris.kondisi == "darurat"
    if darurat and baris.jam_kunci != "pbi.darurat":
        jam_layanan.mulai(baris, "pbi.darurat")
    baris.save(update_fields=[*ISIAN, "surat_faskes", "sktm", "updated_at", *jam_layanan.KOLOM])
    audit.catat(
        aksi="lengkapi_reaktivasi", objek=baris, by=by, wilayah=baris.wilayah_id, peran=by.peran_untuk("pbi.ajukan", baris.wilayah_id),
        rincian={"kondisi": baris.kondisi, "surat_faskes": bool(baris.surat_faskes_id), "sktm": bool(baris.sktm_id)},
    )  # fmt: skip
    return baris


def _simpan(isi: Sequence[bytes], baris: ReaktivasiPBI, by: Pengguna, nama: str) -> Berkas | None:
    if not isi:
        return None
    bersih, mime = files.clean_scans(isi)
    return files.store(bersih, jenis="pbi", nama=nama, mime=mime, wilayah=baris.wilayah_id, by_id=str(by.pk))


# --- the steps ------------------------------------------------------------------------------------------


def _ada_surat(satu: ReaktivasiPBI, by: object) -> Halangan | None:
    if satu.surat_faskes_id and satu.faskes and satu.faskes_tanggal:
        return None
    return Halangan(
        "SURAT_FASKES",
        "Surat keterangan berobat dari faskes belum lengkap.",
        "Isi nama faskes, tanggal, dan unggah suratnya.",
    )


def _batas_nonaktif(satu: ReaktivasiPBI, by: object) -> Halangan | None:
    """Judged by the day on which it was recorded: a desk that is slow costs nobody his right."""
    batas = baca.batas_aktivasi(satu.nonaktif_sejak, satu.wilayah_id)
    if hari_wilayah(satu.wilayah_id, satu.created_at) <= batas:
        return None
    return Halangan(
        "LEWAT_BATAS",
        f"Sudah lewat batas reaktivasi {batas:%d/%m/%Y}.",
        "Usulkan orang ini sebagai penerima PBI baru di menu Usulan.",
    )


def _nomor_siks(satu: ReaktivasiPBI, by: object) -> Halangan | None:
    if satu.siks_nomor and satu.siks_tanggal:
        return None
    return Halangan("NOMOR_SIKS", "Nomor dan tanggal pengajuan di SIKS-NG belum diisi.", "Isi keduanya.")


GERBANG: dict[str, Gate] = {
    "surat_faskes": _ada_surat,
    "batas_nonaktif": _batas_nonaktif,
    "nomor_siks": _nomor_siks,
}
ALASAN = ("batalkan", "kembalikan", "tolak", "tolak_pusat")


def langkahkan(
    satu: ReaktivasiPBI,
    nama: str,
    *,
    by: Pengguna,
    alasan: str = "",
    catatan: str = "",
    versi: int | None = None,
    siks_nomor: str = "",
    tanggal: date | None = None,
) -> ReaktivasiPBI:
    """One step. `tanggal`: the day of the send-off (`kirim`) or of the ministry's answer (`setujui`, `tolak_pusat`)."""
    with transaction.atomic():
        baris: ReaktivasiPBI = workflow.lock(ReaktivasiPBI, satu.pk)
        if REAKTIVASI.find(nama, baris.status) and policies.BY_STEP[nama](by, baris) is None:
            _siapkan(baris, nama, by, siks_nomor, tanggal)
        arrow = REAKTIVASI.find(nama, baris.status)
        hasil: ReaktivasiPBI = workflow.step(
            REAKTIVASI, baris, nama, by=by, boleh=policies.BY_STEP[nama], gerbang=GERBANG, alasan=alasan,
            alasan_kalimat=kalimat_alasan(alasan, f"{nama}_pbi") if nama in ALASAN else "", catatan=catatan.strip(), versi=versi,
            peran=by.peran_untuk(arrow.kuasa, baris.wilayah_id) if arrow else "", notice=NOTICE,
        )  # fmt: skip
        return hasil


def _siapkan(baris: ReaktivasiPBI, nama: str, by: Pengguna, siks_nomor: str, tanggal: date | None) -> None:
    """What a step writes beside its state, saved in the same transaction: a refused step takes it back too."""
    kolom = ["updated_at", *jam_layanan.KOLOM]
    hari = hari_wilayah(baris.wilayah_id)
    if nama == "ajukan" and not baris.jam_kunci:
        jam_layanan.mulai(baris, f"pbi.{baris.kondisi}")
    elif nama == "rekomendasikan":
        baris.dokumen = _surat(baris, by)
        kolom.append("dokumen")
    elif nama == "kirim":
        baris.siks_nomor, baris.siks_tanggal = siks_nomor.strip(), _hari(tanggal, None, hari, "pengajuan")
        kolom += ["siks_nomor", "siks_tanggal"]
        if (
            baris.kondisi != "darurat"
        ):  # the 24 hours end when the card works again, the other clock with the Dinas's part
            jam_layanan.selesai(baris)
    elif nama in ("setujui", "tolak_pusat"):
        baris.hasil_tanggal = _hari(tanggal, baris.siks_tanggal, hari, "jawaban pusat")
        jam_layanan.selesai(baris)
        kolom.append("hasil_tanggal")
        if nama == "setujui":
            bulan = int(rules.value("pbi.perbarui_bulan", kabupaten_dari(baris.wilayah_id)))
            baris.perbarui_batas = baca.tambah_bulan(baris.hasil_tanggal, bulan)
            kolom.append("perbarui_batas")
    elif nama in ("tolak", "batalkan"):
        jam_layanan.selesai(baris)
    baris.save(update_fields=kolom)


def _hari(tanggal: date | None, awal: date | None, hari: date, sebutan: str) -> date:
    if tanggal is None or tanggal > hari or (awal and tanggal < awal):
        mulai_kata = f" antara {awal:%d/%m/%Y} dan hari ini" if awal else ", paling lambat hari ini"
        raise _tutup("TANGGAL", f"Isi tanggal {sebutan}{mulai_kata}.", "Perbaiki tanggalnya.")
    return tanggal


def _surat(satu: ReaktivasiPBI, by: Pengguna) -> documents.Dokumen:
    kabupaten = kabupaten_dari(satu.wilayah_id)
    hari = hari_wilayah(kabupaten)
    _, nomor = numbering.issue("pbi.surat_nomor", seri=f"PBI-{kabupaten}", hari=hari, wilayah=kabupaten)
    area, kode = Wilayah.objects.get(pk=kabupaten), documents.new_code()
    templat = letters.berlaku("REKOMENDASI_PBI", kabupaten, hari)
    orang = satu.individu
    isi = surat_rekomendasi(
        Rekomendasi(
            nomor=nomor, tanggal=hari, wilayah=area, nama=satu.nama, nik=str(satu.nonaktif.nik),
            alamat=orang.keluarga.alamat if orang else "", desa=Wilayah.objects.get(pk=satu.wilayah_id), nomor_permohonan=satu.nomor,
            nonaktif_sejak=satu.nonaktif_sejak, faskes=satu.faskes, faskes_tanggal=satu.faskes_tanggal, darurat=satu.kondisi == "darurat",
            jabatan=f"{sebutan_pejabat(by, kabupaten)}Kepala Dinas Sosial", penandatangan=by.nama, lahir=orang.tgl_lahir if orang else None,
        ),
        kode=kode, templat=templat,
    )  # fmt: skip
    return documents.issue(
        isi, kode=kode, jenis="REKOMENDASI_PBI", nomor=nomor, judul="Surat rekomendasi reaktivasi PBI JK",
        penerbit=f"Dinas Sosial {area.nama}", penandatangan=by.nama, tanggal=hari, wilayah=kabupaten,
        ringkas={"permohonan": satu.nomor}, by_id=str(by.pk),
        nama="rekomendasi-pbi.pdf", templat=templat.pk,
    )  # fmt: skip


def _tutup(kode: str, kalimat: str, jalan_keluar: str = "") -> GateClosed:
    return GateClosed([Halangan(kode, kalimat, jalan_keluar)])
