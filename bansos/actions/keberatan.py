"""Objections: filed at the counter, decided within their time by somebody without a part in the case, or deemed granted.

Granted, the line opens again: a rejected proposal goes back to who rejected it; one that was not determined cannot change
its decree, so the family gets a new proposal that names the objection.
"""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Pengguna
from bansos.models import Keberatan
from bansos.policies import keberatan as policies
from bansos.queries.batch import sebutan_pejabat
from bansos.surat.keberatan import Jawaban, jawaban_keberatan
from bansos.workflow import KEBERATAN
from core import audit, documents, files, letters, numbering, outbox, rules, workflow
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.actions import usulan as langkah
from dtks.models import Usulan
from dtks.queries.periode import nama_program
from wilayah.kode import kabupaten_dari
from wilayah.models import Wilayah
from wilayah.queries.kerja import tambah_hari_kerja
from wilayah.waktu import hari_wilayah, waktu_wilayah

NOTICE = "bansos.kabar_keberatan"
ALASAN_PENDEK = 10


@transaction.atomic
def ajukan(
    usulan: Usulan,
    *,
    by: Pengguna,
    pemohon: str,
    alasan: str,
    diterima: date,
    alasan_terlambat: str = "",
    berkas: list[bytes] | None = None,
) -> Keberatan:
    """File an objection for the family. A late one is taken in too, with the reason why it is late."""
    baris: Usulan = workflow.lock(Usulan, usulan.pk)
    if kalimat := policies.ajukan(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], baris.status)
    putusan = baris.riwayat.order_by("-urut")[0]
    tanggal = waktu_wilayah(baris.wilayah_id, putusan.pada).date()
    hari = hari_wilayah(baris.wilayah_id)
    if not tanggal <= diterima <= hari:
        raise _tutup(
            "TANGGAL_DITERIMA", "Tanggal diterima harus antara tanggal putusan dan hari ini.", "Perbaiki tanggalnya."
        )  # fmt: skip
    if len(alasan.strip()) < ALASAN_PENDEK:
        raise _tutup("ALASAN_KOSONG", "Tuliskan alasan keberatannya dengan jelas (paling sedikit 10 huruf).")
    batas = batas_ajukan(baris.wilayah_id, tanggal)
    if diterima > batas and len(alasan_terlambat.strip()) < ALASAN_PENDEK:
        raise _tutup(
            "TERLAMBAT",
            f"Batas mengajukan keberatan {batas:%d/%m/%Y} sudah lewat.",
            "Keberatan tetap diterima bila sebab terlambatnya ditulis.",
        )
    simpan = None
    if berkas:
        bersih, mime = files.clean_scans(berkas)
        simpan = files.store(
            bersih, jenis="keberatan", nama="keberatan", mime=mime, wilayah=baris.wilayah_id, by_id=str(by.pk)
        )
    kabupaten = kabupaten_dari(baris.wilayah_id)
    urut = numbering.take(f"KEB-MASUK-{kabupaten}", hari.year)
    # From the day on which an official can see it: a date that was written back answers nothing by itself.
    jawab = int(rules.value("keberatan.jawab_hari_kerja", kabupaten, hari))
    try:
        with transaction.atomic():
            hasil = Keberatan.objects.create(
                nomor=f"K-{urut:03d}/{hari.year}", usulan=baris, wilayah_id=baris.wilayah_id, urut_putusan=putusan.urut,
                putusan=baris.status, putusan_tanggal=tanggal, diterima_tanggal=diterima, batas_ajukan=batas,
                alasan_terlambat=alasan_terlambat.strip() if diterima > batas else "",
                batas_jawab=tambah_hari_kerja(kabupaten, hari, jawab), pemohon=pemohon.strip(), alasan=alasan.strip(),
                berkas=simpan, created_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise NotOpen(
            [Halangan("SUDAH_ADA", "Keberatan atas putusan ini sudah dicatat.", "Buka daftar keberatan.")]
        ) from error
    audit.catat(
        aksi="ajukan_keberatan", objek=hasil, by=by, wilayah=hasil.wilayah_id, peran=by.peran_untuk("keberatan.ajukan", hasil.wilayah_id),
        rincian={"nomor": hasil.nomor, "usulan": str(baris.pk), "terlambat": hasil.terlambat, "batas_jawab": hasil.batas_jawab.isoformat()},
    )  # fmt: skip
    outbox.antre(NOTICE, {"keberatan": str(hasil.pk)}, wilayah=hasil.wilayah_id)
    hasil.refresh_from_db()
    return hasil


def batas_ajukan(wilayah: str, putusan: date) -> date:
    """Last day on which an objection against a decision of that day is in time."""
    kabupaten = kabupaten_dari(wilayah)
    return tambah_hari_kerja(
        kabupaten, putusan, int(rules.value("keberatan.ajukan_hari_kerja", kabupaten, putusan))
    )


def kabulkan(keberatan: Keberatan, *, by: Pengguna, alasan: str, versi: int | None = None) -> Keberatan:
    """Grant it (also one that is deemed granted): letter, and the line opens again in the same transaction."""
    return _putus(keberatan, "kabulkan", by=by, alasan=alasan, versi=versi)


def tolak(keberatan: Keberatan, *, by: Pengguna, alasan: str, versi: int | None = None) -> Keberatan:
    return _putus(keberatan, "tolak", by=by, alasan=alasan, versi=versi)


@transaction.atomic
def _putus(keberatan: Keberatan, nama: str, *, by: Pengguna, alasan: str, versi: int | None) -> Keberatan:
    usulan: Usulan = workflow.lock(Usulan, keberatan.usulan_id)
    baris: Keberatan = workflow.lock(Keberatan, keberatan.pk)
    if KEBERATAN.find(nama, baris.status) is None:
        raise NotOpen(
            [
                Halangan(
                    "SUDAH_BERPINDAH",
                    f"Keberatan ini sekarang “{baris.get_status_display()}”.",
                    "Muat ulang halaman.",
                )
            ],
            baris.status,
        )
    if kalimat := policies.putus(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], baris.status)
    if len(alasan.strip()) < ALASAN_PENDEK:
        raise _tutup("ALASAN_KOSONG", "Tuliskan alasan putusan dengan jelas (paling sedikit 10 huruf).")
    baris.alasan_putusan = alasan.strip()
    baris.dokumen = _surat(baris, usulan, dikabulkan=nama == "kabulkan", by=by)
    if nama == "kabulkan":
        baris.usulan_baru = _buka(baris, usulan, by)
    baris.save(update_fields=["alasan_putusan", "dokumen", "usulan_baru", "updated_at"])
    hasil: Keberatan = workflow.step(
        KEBERATAN, baris, nama, by=by, boleh=policies.putus, gerbang={}, catatan=alasan.strip(), versi=versi,
        peran=by.peran_untuk("keberatan.putus", baris.wilayah_id), rincian={"surat": baris.dokumen.nomor}, notice=NOTICE,
    )  # fmt: skip
    return hasil


def _buka(keberatan: Keberatan, usulan: Usulan, by: Pengguna) -> Usulan | None:
    """The rejected proposal lives again; beside a decree there is a new one. Returns the new one."""
    catatan = f"Keberatan {keberatan.nomor} dikabulkan."
    if usulan.versi != keberatan.urut_putusan:
        return None  # it moved on by itself: this decision stands no more
    lain = Usulan.objects.terbuka().filter(keluarga=usulan.keluarga_id, program=usulan.program).first()
    if lain is not None:
        return lain  # proposed again meanwhile: that one is under way
    if usulan.status == "ditolak":
        langkah.buka_kembali(usulan, by=by, catatan=catatan)
        return None
    baru, _ = langkah.buat(
        by=by, keluarga=usulan.keluarga, program=usulan.program, jalur=usulan.jalur, alasan_usul=f"{catatan} Usulan lama {usulan.tiket}.",
        atas_keberatan=True,
    )  # fmt: skip
    return baru


def _surat(keberatan: Keberatan, usulan: Usulan, *, dikabulkan: bool, by: Pengguna) -> documents.Dokumen:
    kabupaten = kabupaten_dari(keberatan.wilayah_id)
    hari = hari_wilayah(kabupaten)
    _, nomor = numbering.issue("keberatan.nomor", seri=f"KEBERATAN-{kabupaten}", hari=hari, wilayah=kabupaten)
    area = Wilayah.objects.get(pk=kabupaten)
    templat = letters.berlaku("KEBERATAN", kabupaten, hari)
    kepala = by.boleh("usulan.sahkan", kabupaten)
    jabatan = f"{sebutan_pejabat(by, kabupaten)}Kepala Dinas Sosial" if kepala else "a.n. Kepala Dinas Sosial"
    kode, program = documents.new_code(), nama_program().get(usulan.program, usulan.program)
    isi = jawaban_keberatan(
        Jawaban(
            nomor=nomor, tanggal=hari, wilayah=area, nomor_keberatan=keberatan.nomor, diterima=keberatan.diterima_tanggal,
            pemohon=keberatan.pemohon, nomor_usulan=usulan.tiket, program=program, dikabulkan=dikabulkan,
            alasan=keberatan.alasan_putusan, jabatan=jabatan, penandatangan=by.nama,
        ),
        kode=kode, templat=templat,
    )  # fmt: skip
    return documents.issue(
        isi, kode=kode, jenis="KEBERATAN", nomor=nomor, judul="Jawaban atas keberatan", penerbit=f"Dinas Sosial {area.nama}",
        penandatangan=by.nama, tanggal=hari, wilayah=kabupaten,
        ringkas={"keberatan": keberatan.nomor, "putusan": "dikabulkan" if dikabulkan else "ditolak", "jabatan_penanda_tangan": jabatan},
        by_id=str(by.pk), nama="jawaban-keberatan.pdf", templat=templat.pk,
    )  # fmt: skip


def lewatkan(hari_ini: date | None = None) -> int:
    """What was not answered in time: deemed granted, or only raised, as the rule of the area says. Returns how many are new."""
    n = 0
    menunggu = Keberatan.objects.filter(status="diajukan", dieskalasi_at__isnull=True).order_by(
        "batas_jawab", "pk"
    )
    for satu in menunggu:
        if (hari_ini or hari_wilayah(satu.wilayah_id)) <= satu.batas_jawab:
            continue
        with transaction.atomic():
            baris: Keberatan = workflow.lock(Keberatan, satu.pk)
            if baris.status != "diajukan" or baris.dieskalasi_at is not None:
                continue
            baris.dieskalasi_at = timezone.now()
            baris.save(update_fields=["dieskalasi_at", "updated_at"])
            if rules.value("keberatan.lewat", baris.wilayah_id) == "dianggap_kabul":
                workflow.step(
                    KEBERATAN, baris, "lewatkan", by=None, boleh=lambda by, o: None, gerbang={}, notice=NOTICE,
                    catatan="Tidak dijawab dalam tenggat: dianggap dikabulkan.",
                )  # fmt: skip
            else:
                audit.catat(aksi="eskalasi_keberatan", objek=baris, by=None, wilayah=baris.wilayah_id)
                outbox.antre(NOTICE, {"keberatan": str(baris.pk), "lewat": True}, wilayah=baris.wilayah_id)
            n += 1
    return n


def _tutup(kode: str, kalimat: str, jalan_keluar: str = "") -> GateClosed:
    return GateClosed([Halangan(kode, kalimat, jalan_keluar)])
