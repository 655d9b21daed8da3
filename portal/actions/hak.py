"""Requests of people about their own data: copy, correction, freezing, erasure (UU 27/2022 Pasal 6-11; docs/adr/0036).

Recorded at the counter after a look at the identity card. A copy and a freezing need no decision; an erasure needs two
persons of two units; each has a clock of 3 x 24 hours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Pengguna
from bansos.actions import cek
from bansos.actions.pilihan import kalimat_alasan
from bansos.policies.kuota import unit
from core import audit, documents, files, numbering, outbox, rules, workflow
from core.models import Berkas, Dokumen
from core.workflow import Gate, GateClosed, Halangan, NotAllowed
from dtks.actions import beku
from dtks.actions.cari import cari
from dtks.models import Individu, Usulan, VersiKeluarga
from portal.actions import hapus
from portal.models import Pemusnahan, PermohonanHak
from portal.policies import hak as policies
from portal.queries import hak_tabel
from portal.queries.hak import disimpan, penghalang, penyerahan, salinan
from portal.surat.hak import bukti_hapus, kabar_perbaikan, salinan_data, tolak_hapus
from portal.workflow import HAK
from wilayah.kode import kabupaten_dari
from wilayah.models import Wilayah
from wilayah.waktu import hari_wilayah

JOB_AKSES, JOB_HAPUS, JOB_KABAR = "portal.hak_akses", "portal.hak_hapus", "portal.hak_kabar"
J, L = PermohonanHak.Jenis, PermohonanHak.Lingkup
JENIS_SALINAN, JENIS_BUKTI, JENIS_BETUL, JENIS_TOLAK = (
    "SALINAN_DATA",
    "BUKTI_HAPUS",
    "KABAR_PERBAIKAN",
    "TOLAK_HAPUS",
)


@dataclass(frozen=True)
class Isi:
    """What is asked. `nik` of the person whose data it is; `lingkup` for an erasure; `surat_kuasa` raw scans."""

    nik: str
    jenis: str
    pemohon: str
    hubungan: str
    bukti: str
    lingkup: str = ""
    uraian: str = ""
    surat_kuasa: Sequence[bytes] = ()


@transaction.atomic
def ajukan(isi: Isi, *, by: Pengguna) -> PermohonanHak:
    """Record a request. A copy is queued, a freezing holds at the commit. Raises NotAllowed, GateClosed, NotOpen, BadFile."""
    orang = _orang(isi.nik, by)
    if isi.hubungan == PermohonanHak.Hubungan.KUASA and not isi.surat_kuasa:
        raise _tutup("SURAT_KUASA", "Orang lain perlu membawa surat kuasa.", "Unggah surat kuasanya.")
    if isi.jenis == J.PERBAIKAN and not isi.uraian:
        raise _tutup("URAIAN", "Tuliskan data mana yang salah dan bagaimana yang benar.")
    if (isi.jenis == J.HAPUS) != bool(isi.lingkup):
        raise _tutup("LINGKUP", "Pilih data mana yang dihapus.")
    satu = _buat(isi, orang, by)
    if satu.jenis == J.AKSES:
        outbox.antre(JOB_AKSES, {"permohonan": str(satu.pk)}, judul=f"Salinan data {satu.nomor}", by=by, wilayah=satu.wilayah_id)  # fmt: skip
    if satu.jenis == J.BEKU:
        beku.bekukan(satu.keluarga, by=by, peran=by.peran_untuk("hak.catat", satu.wilayah_id))
        cek.segarkan_keluarga(satu.keluarga_id)
        satu = _mesin(satu, "bekukan")
    return satu


def _orang(nik: str, by: Pengguna) -> Individu:
    """The person of this number in the asker's areas, frozen or not. Counted like every search of a number."""
    cari(nik, by=by)
    rows = Individu.objects.dengan_nik(nik).select_related("keluarga").order_by("-aktif", "-updated_at", "pk")
    orang = next((o for o in rows if by.boleh("hak.catat", o.keluarga.wilayah_id)), None)
    if orang is not None:
        return orang
    if not by.punya("hak.catat"):
        raise NotAllowed(
            [Halangan("TIDAK_BERWENANG", "Permintaan dicatat petugas loket desa atau Dinas Sosial.")]
        )
    raise _tutup(
        "TIDAK_ADA",
        "NIK ini tidak tercatat di wilayah Anda.",
        "Sampaikan kepada pemohon bahwa di wilayah ini tidak ada data tentang dia. Desa lain menjawab untuk desanya.",
    )


def _buat(isi: Isi, orang: Individu, by: Pengguna) -> PermohonanHak:
    wilayah = orang.keluarga.wilayah_id
    kabupaten, hari = kabupaten_dari(wilayah), hari_wilayah(wilayah)
    urut = numbering.take(f"HAK-{kabupaten}", hari.year)
    satu = PermohonanHak.objects.create(
        nomor=f"H-{urut:04d}/{hari.year}", jenis=isi.jenis, lingkup=isi.lingkup, keluarga=orang.keluarga, individu=orang,
        wilayah_id=wilayah, pemohon=isi.pemohon, hubungan=isi.hubungan, bukti=isi.bukti, uraian=isi.uraian,
        surat_kuasa=_simpan(isi.surat_kuasa, wilayah, by), created_by=by,
        tenggat_at=timezone.now() + timedelta(hours=int(rules.value("hak.tenggat_jam", kabupaten))),
    )  # fmt: skip
    audit.catat(
        aksi="ajukan_hak", objek=satu, by=by, wilayah=wilayah, peran=by.peran_untuk("hak.catat", wilayah),
        rincian={"nomor": satu.nomor, "jenis": satu.jenis, "lingkup": satu.lingkup},
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


def _mesin(satu: PermohonanHak, nama: str) -> PermohonanHak:
    hasil: PermohonanHak = workflow.step(HAK, satu, nama, by=None, boleh=lambda by, o: None, gerbang={})
    return hasil


# --- what the portal answers by itself ------------------------------------------------------------------


@transaction.atomic
def jawab(pk: UUID) -> PermohonanHak:
    """The copy, signed. Again: nothing. The answer is what the portal holds at this moment."""
    satu: PermohonanHak = workflow.lock(PermohonanHak, pk)
    if satu.status != "diajukan" or satu.jenis != J.AKSES:
        return satu
    isi, kode = salinan(satu.keluarga, satu.individu), documents.new_code()
    area = Wilayah.objects.get(pk=kabupaten_dari(satu.wilayah_id))
    pdf = salinan_data(
        isi, nomor=satu.nomor, nama=satu.individu.nama, wilayah=area, pada=timezone.now(), kode=kode
    )
    satu.dokumen = _terbitkan(
        satu, pdf, kode=kode, jenis=JENIS_SALINAN, judul="Salinan data pribadi", area=area
    )
    satu.hasil = {
        "bagian": len(isi.bagian),
        "lihat": len(isi.lihat),
        "serah": len(isi.serah),
        "daftar": len(isi.daftar),
    }
    satu.save(update_fields=["dokumen", "hasil", "updated_at"])
    return _mesin(satu, "jawab")


def _terbitkan(
    satu: PermohonanHak, pdf: bytes, *, kode: str, jenis: str, judul: str, area: Wilayah
) -> Dokumen:
    return documents.issue(
        pdf, kode=kode, jenis=jenis, nomor=satu.nomor, judul=judul, penerbit=f"Dinas Sosial {area.nama}",
        penandatangan="Portal, atas permintaan pemilik data", tanggal=hari_wilayah(area.pk), wilayah=area.pk,
        ringkas={"permintaan": satu.nomor}, by_id=str(satu.created_by_id), nama=f"{jenis.lower().replace('_', '-')}.pdf",
    )  # fmt: skip


@transaction.atomic
def laksanakan(pk: UUID) -> PermohonanHak:
    """The erasure that two persons decided, with its proof. Again: nothing."""
    satu: PermohonanHak = workflow.lock(PermohonanHak, pk)
    if satu.status != "dijalankan":
        return satu
    if satu.lingkup == L.SEMUA and (sebab := penghalang(satu.keluarga)):
        raise _tutup("TIDAK_BISA", sebab[0])
    run = hapus.jalankan(
        satu.keluarga_id,
        lingkup=satu.lingkup,
        sebab=Pemusnahan.Sebab.HAK,
        by=None,
        kelas="permintaan",
        permohonan=satu,
    )
    satu.refresh_from_db()
    kode, area = documents.new_code(), Wilayah.objects.get(pk=kabupaten_dari(satu.wilayah_id))
    pdf = bukti_hapus(
        nomor=satu.nomor, wilayah=area, tanggal=hari_wilayah(area.pk), lingkup=satu.get_lingkup_display(),
        jumlah=nama_tabel(run.jumlah), disimpan=disimpan(satu.keluarga), arsip=tetap_disimpan(satu), kode=kode,
    )  # fmt: skip
    satu.dokumen = _terbitkan(
        satu, pdf, kode=kode, jenis=JENIS_BUKTI, judul="Berita acara penghapusan data", area=area
    )
    satu.hasil = {"dihapus": run.jumlah, "sisa": 0}
    satu.save(update_fields=["dokumen", "hasil", "updated_at"])
    return _mesin(satu, "laksanakan")


def nama_tabel(jumlah: dict[str, int]) -> list[tuple[str, int]]:
    lain = {"core.Berkas": "Berkas", "core.Dokumen": "Salinan data", "dtks.DrafIsian": "Draf isian"}
    return [
        (lain.get(k) or str(hak_tabel.PER_LABEL[k].model._meta.verbose_name).capitalize(), n)
        for k, n in sorted(jumlah.items())
        if n
    ]


def tetap_disimpan(satu: PermohonanHak) -> list[str]:
    """Papers that stay after a whole erasure, told to the person with the law."""
    if satu.lingkup == L.PERSETUJUAN:
        return []
    return [
        "Berita acara dan daftar hadir musyawarah desa yang sudah ditandatangani (UU 6/2014 tentang Desa; UU 43/2009 tentang Kearsipan).",
        "Jejak tindakan petugas, tanpa nama dan nomor keluarga (UU 27/2022 Pasal 31).",
    ]


# --- the steps of people --------------------------------------------------------------------------------


def _boleh_dihapus(satu: PermohonanHak, by: object) -> Halangan | None:
    sebab = penghalang(satu.keluarga) if satu.lingkup == L.SEMUA else []
    if sebab:
        lain = "Tolak dengan alasan, atau sarankan menghapus foto, lokasi, dan telepon saja."
        return Halangan("WAJIB_DISIMPAN", " ".join(sebab), lain)
    if hapus.ditahan(satu.keluarga_id):
        return Halangan("DITAHAN", "Data keluarga ini sedang ditahan untuk perkara.", "Tunggu sampai tahanannya dilepas.")  # fmt: skip
    return None


def _sudah_dibetulkan(satu: PermohonanHak, by: object) -> Halangan | None:
    if VersiKeluarga.objects.filter(keluarga=satu.keluarga_id, created_at__gt=satu.created_at).exclude(aksi="awal").exists():  # fmt: skip
        return None
    return Halangan(
        "BELUM_BERUBAH",
        "Data keluarga belum berubah sejak permintaan ini.",
        "Minta operator desa membetulkannya lewat usulan perbaikan, atau tolak dengan alasan.",
    )


GERBANG: dict[str, Gate] = {"boleh_dihapus": _boleh_dihapus, "sudah_dibetulkan": _sudah_dibetulkan}


def langkahkan(
    satu: PermohonanHak,
    nama: str,
    *,
    by: Pengguna,
    alasan: str = "",
    catatan: str = "",
    versi: int | None = None,
) -> PermohonanHak:
    """One step: cairkan, betulkan, setujui, putuskan, tolak, batalkan."""
    with transaction.atomic():
        baris: PermohonanHak = workflow.lock(PermohonanHak, satu.pk)
        arrow = HAK.find(nama, baris.status)
        if arrow and nama == "setujui" and policies.BY_STEP[nama](by, baris) is None:
            baris.unit_penilai = unit(by, "hak.nilai", baris.wilayah_id)
            baris.save(update_fields=["unit_penilai", "updated_at"])
        if arrow and nama == "betulkan" and policies.BY_STEP[nama](by, baris) is None:
            baris.usulan = _usulan_perbaikan(baris)
            baris.save(update_fields=["usulan", "updated_at"])
        peran = by.peran_untuk(arrow.kuasa, baris.wilayah_id) if arrow else ""
        hasil: PermohonanHak = workflow.step(
            HAK, baris, nama, by=by, boleh=policies.BY_STEP[nama], gerbang=GERBANG, alasan=alasan,
            alasan_kalimat=kalimat_alasan(alasan, "tolak_hak") if alasan else "", catatan=catatan.strip(), versi=versi, peran=peran,
        )  # fmt: skip
        if nama == "cairkan":
            beku.cairkan(hasil.keluarga, by=by, peran=peran)
            cek.segarkan_keluarga(hasil.keluarga_id)
        if nama == "putuskan":
            outbox.antre(JOB_HAPUS, {"permohonan": str(hasil.pk)}, judul=f"Penghapusan data {hasil.nomor}", by=by, wilayah=hasil.wilayah_id)  # fmt: skip
        if nama in ("betulkan", "tolak"):
            outbox.antre(JOB_KABAR, {"permohonan": str(hasil.pk)}, judul=f"Kabar permintaan {hasil.nomor}", by=by, wilayah=hasil.wilayah_id)  # fmt: skip
        return hasil


@transaction.atomic
def kabari(pk: UUID) -> tuple[PermohonanHak, list[tuple[Pengguna, str]]]:
    """A correction or a refusal was decided (Pasal 30 to 33): the paper for who asked and for every office that got the old data.

    Returns who is to be told which sentence: the counter, and for each hand-over the officers who signed for it.
    """
    satu: PermohonanHak = workflow.lock(PermohonanHak, pk)
    if satu.status == "ditolak":
        if satu.jenis == J.HAPUS:
            _surat_tolak(satu)
        return satu, [
            (satu.created_by, f"Permintaan {satu.nomor} ditolak. Sampaikan alasannya kepada pemohon.")
        ]
    serah = list(penyerahan(satu.keluarga).select_related("permintaan__diminta_by", "by"))
    kode, area = documents.new_code(), Wilayah.objects.get(pk=kabupaten_dari(satu.wilayah_id))
    pdf = kabar_perbaikan(
        nomor=satu.nomor, wilayah=area, tanggal=hari_wilayah(area.pk), serah=serah, kode=kode
    )
    satu.dokumen = _terbitkan(satu, pdf, kode=kode, jenis=JENIS_BETUL, judul="Pemberitahuan perbaikan data", area=area)  # fmt: skip
    satu.hasil = {"diberitahu": [s.nomor for s in serah]}
    satu.save(update_fields=["dokumen", "hasil", "updated_at"])
    kabar = [(satu.created_by, f"Permintaan {satu.nomor} selesai: data sudah dibetulkan. Serahkan suratnya kepada pemohon.")]  # fmt: skip
    for s in serah:
        kata = f"Data dalam BAST {s.nomor} dibetulkan (permintaan {satu.nomor}). Kirim suratnya ke {s.permintaan.instansi}."
        kabar += [(p, kata[:200]) for p in {s.permintaan.diminta_by, s.by}]
    return satu, kabar


def _surat_tolak(satu: PermohonanHak) -> None:
    kode, area = documents.new_code(), Wilayah.objects.get(pk=kabupaten_dari(satu.wilayah_id))
    alasan = satu.riwayat.filter(ke="ditolak").order_by("-urut").values_list("alasan_kalimat", flat=True).first()  # fmt: skip
    pdf = tolak_hapus(
        nomor=satu.nomor, wilayah=area, tanggal=hari_wilayah(area.pk), alasan=alasan or "", disimpan=disimpan(satu.keluarga), kode=kode
    )  # fmt: skip
    satu.dokumen = _terbitkan(satu, pdf, kode=kode, jenis=JENIS_TOLAK, judul="Jawaban permintaan penghapusan", area=area)  # fmt: skip
    satu.save(update_fields=["dokumen", "updated_at"])


def _usulan_perbaikan(satu: PermohonanHak) -> Usulan | None:
    """The proposal that corrected the data, where it was not corrected in the register itself."""
    rows = Usulan.objects.filter(
        keluarga=satu.keluarga_id, jalur=Usulan.Jalur.PERBAIKAN, created_at__gte=satu.created_at
    )
    return rows.order_by("-created_at", "pk").first()


@transaction.atomic
def unduh(satu: PermohonanHak, *, by: Pengguna) -> Berkas:
    """The paper for the counter that hands it over; every time leaves its row."""
    if kalimat := policies.unduh(by, satu):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], satu.status)
    assert satu.dokumen is not None
    audit.catat(
        aksi="unduh_hak",
        objek=satu,
        by=by,
        wilayah=satu.wilayah_id,
        peran=by.peran_untuk("hak.catat", satu.wilayah_id),
    )
    return satu.dokumen.berkas


@transaction.atomic
def ingatkan() -> list[PermohonanHak]:
    """Requests whose deadline is near and that nobody was reminded of yet; each once."""
    rows: QuerySet[PermohonanHak] = PermohonanHak.objects.filter(
        status__in=("diajukan", "disetujui"), diingatkan_at__isnull=True
    )
    kini, hasil = timezone.now(), []
    for satu in rows.select_for_update(skip_locked=True, of=("self",)).order_by("tenggat_at", "pk")[:500]:
        jam = int(rules.value("hak.ingatkan_jam", kabupaten_dari(satu.wilayah_id)))
        if satu.tenggat_at - timedelta(hours=jam) <= kini:
            satu.diingatkan_at = kini
            satu.save(update_fields=["diingatkan_at", "updated_at"])
            audit.catat(aksi="ingatkan_hak", objek=satu, by=None, wilayah=satu.wilayah_id)
            hasil.append(satu)
    return hasil


def _tutup(kode: str, kalimat: str, jalan_keluar: str = "") -> GateClosed:
    return GateClosed([Halangan(kode, kalimat, jalan_keluar)])
