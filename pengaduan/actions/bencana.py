"""A disaster: the event, the families that were hit, the goods handed over with a numbered record."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, documents, files, numbering, workflow
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.models import Individu, Keluarga
from pengaduan.models import KejadianBencana, KorbanKeluarga, PenyerahanBarang
from pengaduan.policies import darurat as policies
from pengaduan.surat.bast import berita_acara_serah_terima
from wilayah.kode import kabupaten_dari, mencakup
from wilayah.models import Wilayah
from wilayah.waktu import hari_wilayah


@transaction.atomic
def catat(*, by: Pengguna, data: Mapping[str, Any]) -> KejadianBencana:
    """Put the event on record, numbered per kabupaten and year."""
    wilayah: str = data["wilayah"]
    if kalimat := policies.catat_bencana(by, wilayah):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    if data["waktu"] > timezone.now():
        raise GateClosed([Halangan("BELUM_TERJADI", "Waktu kejadian belum terjadi.", "Perbaiki waktunya.")])
    kab, hari = kabupaten_dari(wilayah), hari_wilayah(wilayah)
    urut = numbering.take(f"BENCANA-{kab}", hari.year)
    baris = KejadianBencana.objects.create(
        nomor=f"BNC-{urut:03d}/{hari.year}", jenis=data["jenis"], wilayah_id=wilayah, lokasi=data["lokasi"], lintang=data.get("lintang"),
        bujur=data.get("bujur"), waktu=data["waktu"], sumber=data["sumber"], sk_darurat=data.get("sk_darurat") or "",
        uraian=data["uraian"], created_by=by,
    )  # fmt: skip
    audit.catat(
        aksi="catat_bencana", objek=baris, by=by, wilayah=wilayah, peran=by.peran_untuk("bencana.catat", wilayah),
        rincian={"nomor": baris.nomor, "jenis": baris.jenis},
    )  # fmt: skip
    baris.refresh_from_db()
    return baris


def _terbuka(kejadian: KejadianBencana) -> KejadianBencana:
    baris: KejadianBencana = workflow.lock(KejadianBencana, kejadian.pk)
    if baris.ditutup_at is not None:
        raise NotOpen([Halangan("SUDAH_DITUTUP", "Kejadian ini sudah ditutup.", "Muat ulang halaman.")])
    return baris


def catat_korban(kejadian: KejadianBencana, *, by: Pengguna, data: Mapping[str, Any]) -> KorbanKeluarga:
    """A family that was hit. Without NIK it is taken in too; with one it is linked to the register where that is in sight."""
    wilayah: str = data["wilayah"]
    try:
        with transaction.atomic():
            induk = _terbuka(kejadian)
            if kalimat := policies.catat_bencana(by, wilayah):
                raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
            if not (
                mencakup(induk.wilayah_id, wilayah) or mencakup(kabupaten_dari(induk.wilayah_id), wilayah)
            ):
                raise GateClosed([Halangan("LUAR_KEJADIAN", "Keluarga ini di kabupaten lain.", "Pilih desa di kabupaten kejadian.")])  # fmt: skip
            kolom = (
                "nama_kepala",
                "alamat",
                "jiwa",
                "rentan",
                "meninggal",
                "luka",
                "rumah",
                "mengungsi",
                "kebutuhan",
            )
            baris = KorbanKeluarga(
                kejadian=induk, wilayah_id=wilayah, created_by=by, **{k: data[k] for k in kolom}
            )
            baris.nik = data.get("nik") or None
            if baris.nik:
                orang = Individu.objects.visible_to(by).aktif().dengan_nik(data["nik"]).first()
                baris.keluarga = Keluarga.objects.filter(pk=orang.keluarga_id).first() if orang else None
            baris.save(force_insert=True)
            audit.catat(
                aksi="catat_korban", objek=baris, by=by, wilayah=wilayah, peran=by.peran_untuk("bencana.catat", wilayah),
                rincian={"kejadian": induk.nomor},
            )  # fmt: skip
            return baris
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") != "korban_nik_sekali":
            raise
        raise GateClosed([Halangan("SUDAH_DICATAT", "NIK ini sudah dicatat sebagai korban kejadian ini.", "Cari di daftar korban.")]) from error  # fmt: skip


@transaction.atomic
def serahkan(
    kejadian: KejadianBencana,
    *,
    by: Pengguna,
    data: Mapping[str, Any],
    barang: Sequence[tuple[str, int, str]],
) -> PenyerahanBarang:
    """Hand goods over for the families of one area: numbered record to sign. `barang`: (name, amount, unit), at least one."""
    induk = _terbuka(kejadian)
    wilayah: str = data["wilayah"]
    if kalimat := policies.serahkan(by, induk, wilayah):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    if kabupaten_dari(wilayah) != kabupaten_dari(induk.wilayah_id):
        raise GateClosed(
            [Halangan("LUAR_KEJADIAN", "Penerima di kabupaten lain.", "Pilih desa di kabupaten kejadian.")]
        )
    if not barang:
        raise GateClosed([Halangan("BARANG_KOSONG", "Tulis paling sedikit satu barang.")])
    kab = kabupaten_dari(wilayah)
    hari, area = hari_wilayah(kab), Wilayah.objects.get(pk=kab)
    _, nomor = numbering.issue("bencana.bast.nomor", seri=f"BAST-{kab}", hari=hari, wilayah=kab)
    kode = documents.new_code()
    isi = berita_acara_serah_terima(
        nomor=nomor, tanggal=hari, wilayah=area, tujuan=Wilayah.objects.get(pk=wilayah), kejadian=induk, penyerah=by.nama,
        penerima=data["penerima"], jabatan=data["jabatan"], keluarga=data["keluarga_n"], barang=barang, kode=kode,
    )  # fmt: skip
    dokumen = documents.issue(
        isi, kode=kode, jenis="BAST", nomor=nomor, judul="Berita acara serah terima barang", penerbit=f"Dinas Sosial {area.nama}",
        penandatangan=by.nama, tanggal=hari, wilayah=kab,
        ringkas={"kejadian": induk.nomor, "jenis_barang": len(barang), "untuk_keluarga": data["keluarga_n"]}, by_id=str(by.pk),
        nama="bast.pdf",
    )  # fmt: skip
    baris = PenyerahanBarang.objects.create(
        kejadian=induk, wilayah_id=wilayah, nomor=nomor, tanggal=hari, penerima=data["penerima"], jabatan=data["jabatan"],
        keluarga_n=data["keluarga_n"], barang=[list(b) for b in barang], dokumen=dokumen, created_by=by,
    )  # fmt: skip
    audit.catat(
        aksi="serahkan_barang", objek=baris, by=by, wilayah=wilayah, peran=by.peran_untuk("bencana.serahkan", wilayah),
        rincian={"nomor": nomor, "kejadian": induk.nomor, "barang": len(barang)},
    )  # fmt: skip
    return baris


@transaction.atomic
def unggah_bast(penyerahan: PenyerahanBarang, *, by: Pengguna, berkas: list[bytes]) -> PenyerahanBarang:
    """The record as it was signed by both sides."""
    baris: PenyerahanBarang = workflow.lock(PenyerahanBarang, penyerahan.pk)
    if not by.boleh("bencana.serahkan", baris.wilayah_id):
        raise NotAllowed(
            [Halangan("TIDAK_BERWENANG", "Berita acara diunggah TKSK atau supervisor Dinas Sosial.")]
        )
    if baris.pindaian_id is not None:
        raise NotOpen(
            [
                Halangan(
                    "SUDAH_DIUNGGAH", "Berita acara bertanda tangan sudah diunggah.", "Muat ulang halaman."
                )
            ]
        )
    bersih, mime = files.clean_scans(berkas)
    baris.pindaian = files.store(
        bersih,
        jenis="bast",
        nama="bast-bertanda-tangan",
        mime=mime,
        wilayah=baris.wilayah_id,
        by_id=str(by.pk),
    )
    baris.save(update_fields=["pindaian"])
    audit.catat(
        aksi="unggah_bast", objek=baris, by=by, wilayah=baris.wilayah_id, rincian={"nomor": baris.nomor}
    )
    return baris


@transaction.atomic
def tutup(kejadian: KejadianBencana, *, by: Pengguna) -> KejadianBencana:
    """The emergency phase is over: no more families, no more goods."""
    baris = _terbuka(kejadian)
    if not by.boleh("bencana.serahkan", baris.wilayah_id):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", "Kejadian ditutup TKSK atau supervisor Dinas Sosial.")])
    baris.ditutup_at = timezone.now()
    baris.save(update_fields=["ditutup_at"])
    audit.catat(
        aksi="tutup_bencana", objek=baris, by=by, wilayah=baris.wilayah_id, rincian={"nomor": baris.nomor}
    )
    return baris
