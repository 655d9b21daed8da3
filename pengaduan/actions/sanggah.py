"""An objection comes in, is matched to a person, joins the case of its family, and may be taken back.

Whoever sends one learns nothing: not whether number and name belong together, not whether that person objected before, not how
many objections that person has left this month (docs/adr/0023). So a machine refuses none; it only decides who looks next.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Orang, Pengguna
from bansos.actions import bendera as bendera_atas
from bansos.models import BarisPenetapan
from core import audit, files, limits, outbox, rules, workflow
from core.privacy.keys import blind_index
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.models import Individu, PutusanMusyawarah
from pengaduan.actions import jam, tiket
from pengaduan.actions.lacak import daftarkan
from pengaduan.models import HakJawab, Penyanggah, PerkaraSanggah, Sanggah, SanggahData
from pengaduan.policies import sanggah as policies
from pengaduan.queries import sanggah as baca
from pengaduan.workflow import SANGGAH
from wilayah.kode import kabupaten_dari
from wilayah.waktu import hari_wilayah

JAM = "sanggah"
JOB_CEK = "pengaduan.cek_penyanggah"
JOB_KABAR = "pengaduan.kabar_sanggah"
DARI_KELUARGA, PETUGAS, ULANG = "dari_keluarga", "petugas", "ulang"

bendera_atas.daftarkan(baca.sebab, baca.KODE, baca.KODE_KABUL)


@dataclass(frozen=True)
class Isi:
    """What the form of an objection holds, cleaned."""

    nik: str
    nama: str
    lahir: date
    alasan: str
    cerita: str
    nama_dimaksud: str
    foto: bytes
    telepon: str = ""
    lintang: Decimal | None = None
    bujur: Decimal | None = None
    patokan: str = ""
    ktp: bytes = b""
    luar_jendela: bool = False


def _tutup(kode: str, kalimat: str, jalan_keluar: str = "") -> GateClosed:
    return GateClosed([Halangan(kode, kalimat, jalan_keluar)])


def hitung_jaringan(alamat: str, wilayah: str) -> None:
    """Count one sending of this network; raises when the rule 'sanggah.batas' is spent. Generous: a village has one address."""
    batas = rules.value("sanggah.batas", kabupaten_dari(wilayah))
    kunci = f"sanggah:{blind_index(limits.network(alamat), 'sanggah').hex()}"
    if not limits.hit(kunci, limit=batas["jumlah"], window=timedelta(minutes=batas["menit"])):
        raise _tutup(
            "TERLALU_SERING",
            "Sudah terlalu banyak kiriman dari jaringan ini.",
            f"Coba lagi sesudah {batas['menit']} menit, atau datang ke Dinas Sosial.",
        )


@transaction.atomic
def kirim(baris: BarisPenetapan | PutusanMusyawarah, *, isi: Isi) -> tuple[Sanggah, str]:
    """Take an objection in; returns it and its PIN. `baris` is a line of the public list."""
    usulan = baris.usulan
    keluarga, wilayah = usulan.keluarga, usulan.wilayah_id
    indeks = blind_index(isi.nik, "nik")
    hari = hari_wilayah(wilayah)
    nomor, pin, pin_indeks = tiket.baru("SGH")
    simpan = files.store(
        files.clean_photo(isi.foto),
        jenis="sanggah",
        nama="foto-rumah.jpg",
        mime="image/jpeg",
        wilayah=wilayah,
    )
    satu = Sanggah(
        tiket=nomor, pin_indeks=pin_indeks, keluarga=keluarga, wilayah_id=wilayah, usulan=usulan, alasan_id=isi.alasan,
        baris=baris if isinstance(baris, BarisPenetapan) else None, putusan=baris if isinstance(baris, PutusanMusyawarah) else None,
        cerita=isi.cerita, nama_dimaksud=isi.nama_dimaksud, nama_cocok=baca.nama_cocok(isi.nama_dimaksud, keluarga.nama_kepala),
        foto=simpan, lintang=isi.lintang, bujur=isi.bujur, patokan=isi.patokan, luar_jendela=isi.luar_jendela,
        proses_mulai=_bulan_lowong(indeks, wilayah, hari), tanda=_tanda(indeks, keluarga.pk),
    )  # fmt: skip
    if baca.di_register(isi.nik, isi.nama, isi.lahir, baca.desa_dari(wilayah)):
        satu.identitas = Sanggah.Identitas.REGISTER
    satu.save(force_insert=True)
    siapa = Penyanggah(sanggah=satu)
    siapa.nik, siapa.nama, siapa.lahir = isi.nik, isi.nama, isi.lahir.isoformat()
    if isi.telepon:
        siapa.telepon = isi.telepon
    if isi.ktp:
        siapa.ktp = _simpan_ktp(isi.ktp, wilayah)
    siapa.save(force_insert=True)
    if satu.identitas == Sanggah.Identitas.MENUNGGU:
        outbox.antre(JOB_CEK, {"sanggah": str(satu.pk)}, wilayah=wilayah)
    if satu.proses_mulai <= hari:
        _gabungkan(satu)
    audit.catat(aksi="kirim_sanggah", objek=satu, by=None, wilayah=wilayah)
    return satu, pin


def _simpan_ktp(isi: bytes, wilayah: str) -> Any:
    return files.store(files.clean_photo(isi), jenis="ktp_penyanggah", nama="ktp.jpg", mime="image/jpeg", wilayah=wilayah)  # fmt: skip


def _bulan_lowong(indeks: bytes, wilayah: str, hari: date) -> date:
    """Today, or the first day of the first month in which this person has one left. One person's are counted one after the other.

    What the Dinas found to be sent under his name by somebody else counts no more (`nilai_identitas` lets the held ones go on).
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('sanggah'), hashtext(%s))", [indeks.hex()])
    batas = int(rules.value("sanggah.per_bulan", kabupaten_dari(wilayah), hari))
    awal = hari.replace(day=1)
    rows = Sanggah.objects.filter(penyanggah__nik_indeks=indeks, proses_mulai__gte=awal).order_by("pk")
    rows = rows.exclude(identitas=Sanggah.Identitas.TIDAK_TERBUKTI)
    dipakai: dict[date, int] = {}
    for mulai in rows.values_list("proses_mulai", flat=True):
        bulan = mulai.replace(day=1)
        dipakai[bulan] = dipakai.get(bulan, 0) + 1
    bulan = awal
    while dipakai.get(bulan, 0) >= batas:
        bulan = (bulan + timedelta(days=32)).replace(day=1)
    return max(bulan, hari)


def _tanda(indeks: bytes, keluarga: Any) -> list[str]:
    """What the Dinas should know of the sender. Never shown to him, and never a reason to refuse."""
    dari = (
        (DARI_KELUARGA, Individu.objects.aktif().filter(keluarga=keluarga, nik_indeks=indeks)),
        (PETUGAS, Orang.objects.filter(nik_indeks=indeks, akun__is_active=True)),
        (ULANG, Sanggah.objects.filter(keluarga=keluarga, penyanggah__nik_indeks=indeks)),
    )
    return [kode for kode, rows in dari if rows.exists()]


def _gabungkan(satu: Sanggah) -> PerkaraSanggah:
    """Put it into the open case of its family, or open one: its clock runs from now."""
    perkara = _perkara_terbuka(satu)
    if perkara is None:
        perkara = PerkaraSanggah(
            keluarga_id=satu.keluarga_id, wilayah_id=satu.wilayah_id, usulan_id=satu.usulan_id
        )
        jam.mulai(perkara, JAM)
        try:
            with transaction.atomic():
                perkara.save(force_insert=True)
        except IntegrityError:  # somebody else's came in at the same moment
            perkara = _perkara_terbuka(satu)
            assert perkara is not None
        else:
            audit.catat(aksi="buka_perkara_sanggah", objek=perkara, by=None, wilayah=perkara.wilayah_id)
            outbox.antre(JOB_KABAR, {"perkara": str(perkara.pk), "apa": "masuk"}, wilayah=perkara.wilayah_id)
    satu.perkara = perkara
    satu.save(update_fields=["perkara", "updated_at"])
    return perkara


def _perkara_terbuka(satu: Sanggah) -> PerkaraSanggah | None:
    rows = PerkaraSanggah.objects.terbuka().filter(keluarga=satu.keluarga_id)
    return rows.select_for_update(of=("self",)).order_by("pk").first()


def gabungkan_tertahan(kini: date | None = None) -> int:
    """What waited for its month joins the cases now. Returns how many."""
    n = 0
    for pk in (
        baca.tertahan(kini or hari_wilayah("")).order_by("proses_mulai", "pk").values_list("pk", flat=True)
    ):
        with transaction.atomic():
            satu = Sanggah.objects.select_for_update(of=("self",)).get(pk=pk)
            if (
                satu.perkara_id is None
                and satu.ditarik_at is None
                and satu.proses_mulai <= (kini or hari_wilayah(satu.wilayah_id))
            ):
                _gabungkan(satu)
                audit.catat(aksi="gabung_sanggah", objek=satu, by=None, wilayah=satu.wilayah_id)
                n += 1
    return n


# --- who it is ------------------------------------------------------------------------------------------


@transaction.atomic
def catat_cek(sanggah_id: str, *, padan: bool) -> None:
    """What Dukcapil said. Anything but a clear match is a person's work, no refusal."""
    satu: Sanggah = workflow.lock(Sanggah, sanggah_id)
    if satu.identitas != Sanggah.Identitas.MENUNGGU:
        return
    satu.identitas = Sanggah.Identitas.DUKCAPIL if padan else Sanggah.Identitas.PETUGAS
    satu.save(update_fields=["identitas", "updated_at"])
    audit.catat(aksi="cek_penyanggah", objek=satu, by=None, wilayah=satu.wilayah_id)


@transaction.atomic
def buka_penyanggah(sanggah: Sanggah, *, by: Pengguna, alasan: str) -> Penyanggah:
    """Who objected, for one look: with a reason, counted and logged."""
    if kalimat := policies.identitas(by, sanggah):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    if len(alasan.strip()) < 5:
        raise _tutup("ALASAN_KOSONG", "Tuliskan alasan membuka identitas.", "Contoh: mencocokkan foto KTP.")
    batas = rules.value("reveal.batas_harian", sanggah.wilayah_id)
    if not limits.hit(f"buka:{by.pk}", limit=batas, window=timedelta(days=1)):
        raise _tutup("BATAS_HARIAN", f"Batas membuka data pribadi hari ini ({batas}) sudah habis.", "Hubungi supervisor.")  # fmt: skip
    audit.catat(
        aksi="buka_penyanggah", objek=sanggah, by=by, wilayah=sanggah.wilayah_id,
        peran=by.peran_untuk("sanggah.identitas", sanggah.wilayah_id), rincian={"alasan": alasan.strip()[:200]},
    )  # fmt: skip
    return Penyanggah.objects.get(sanggah=sanggah)


@transaction.atomic
def nilai_identitas(sanggah: Sanggah, *, by: Pengguna, hasil: str, alasan: str) -> Sanggah:
    """A person says: true (`sah`), not shown to be true (`tidak_terbukti`), or asks for a photo of the KTP (`diminta_ktp`)."""
    satu: Sanggah = workflow.lock(Sanggah, sanggah.pk)
    if kalimat := policies.identitas(by, satu):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    boleh = (Sanggah.Identitas.SAH, Sanggah.Identitas.TIDAK_TERBUKTI, Sanggah.Identitas.DIMINTA_KTP)
    if hasil not in boleh:
        raise _tutup("PILIHAN", "Pilih hasil pemeriksaan identitas.")
    if satu.ditarik_at or satu.perkara is None or satu.perkara.status not in ("diterima", "hak_jawab"):
        raise NotOpen([Halangan("SUDAH_BERPINDAH", "Identitas tidak bisa dinilai lagi di tahap ini.")])
    if len(alasan.strip()) < 5:
        raise _tutup("ALASAN_KOSONG", "Tuliskan dasar penilaiannya.", "Contoh: foto KTP cocok dengan nama dan alamat desa.")  # fmt: skip
    satu.identitas, satu.identitas_orang_id, satu.identitas_alasan = hasil, by.orang_id, alasan.strip()[:300]
    satu.save(update_fields=["identitas", "identitas_orang", "identitas_alasan", "updated_at"])
    audit.catat(
        aksi="nilai_identitas", objek=satu, by=by, wilayah=satu.wilayah_id, peran=by.peran_untuk("sanggah.identitas", satu.wilayah_id),
    )  # fmt: skip
    if hasil == Sanggah.Identitas.TIDAK_TERBUKTI:
        _majukan_tertahan(satu)
    return satu


def _majukan_tertahan(palsu: Sanggah) -> None:
    """Somebody else had used this name: what its true holder sent and had to wait is counted anew, the oldest first."""
    indeks = Penyanggah.objects.values_list("nik_indeks", flat=True).get(sanggah=palsu)
    tahan = Sanggah.objects.filter(
        penyanggah__nik_indeks=indeks, perkara__isnull=True, ditarik_at__isnull=True
    )
    for satu in tahan.select_for_update(of=("self",)).order_by("created_at", "pk"):
        hari = hari_wilayah(satu.wilayah_id)
        if satu.proses_mulai <= hari:
            continue
        lowong = _bulan_lowong(bytes(indeks), satu.wilayah_id, hari)
        if lowong < satu.proses_mulai:
            satu.proses_mulai = lowong
            satu.save(update_fields=["proses_mulai", "updated_at"])
            audit.catat(aksi="majukan_sanggah", objek=satu, by=None, wilayah=satu.wilayah_id)


# --- what its holder may do at /lacak/ ------------------------------------------------------------------


@transaction.atomic
def tambah_ktp(sanggah: Sanggah, *, isi: bytes) -> None:
    """The photo that the Dinas asked for, also when the one sent with the objection could not be read."""
    satu: Sanggah = workflow.lock(Sanggah, sanggah.pk)
    siapa = Penyanggah.objects.select_for_update(of=("self",)).get(sanggah=satu)
    if satu.identitas != Sanggah.Identitas.DIMINTA_KTP or satu.ditarik_at is not None:
        raise NotOpen([Halangan("TIDAK_DIMINTA", "Foto KTP sudah diterima atau tidak diminta.")])
    siapa.ktp = _simpan_ktp(isi, satu.wilayah_id)
    siapa.save(update_fields=["ktp"])
    satu.identitas = Sanggah.Identitas.PETUGAS
    satu.save(update_fields=["identitas", "updated_at"])
    audit.catat(aksi="tambah_ktp", objek=satu, by=None, wilayah=satu.wilayah_id)


BISA_DITARIK = ("diterima", "hak_jawab", "menunggu_petugas")


@transaction.atomic
def tarik(sanggah: Sanggah) -> Sanggah:
    """Its sender takes it back. The last one out closes the case, as long as nobody went to look."""
    perkara: PerkaraSanggah | None = (
        workflow.lock(PerkaraSanggah, sanggah.perkara_id) if sanggah.perkara_id else None
    )
    satu: Sanggah = workflow.lock(Sanggah, sanggah.pk)
    if satu.ditarik_at:
        raise NotOpen([Halangan("SUDAH_DITARIK", "Sanggahan ini sudah ditarik.")])
    if satu.perkara_id != (perkara.pk if perkara else None):
        raise NotOpen([Halangan("SUDAH_BERPINDAH", "Sanggahan ini baru saja diproses. Lacak sekali lagi.")])
    if perkara is not None and perkara.status not in BISA_DITARIK:
        raise NotOpen(
            [Halangan("SUDAH_DIPERIKSA", "Sanggahan ini sudah diperiksa, jadi tidak bisa ditarik lagi.")]
        )
    satu.ditarik_at = timezone.now()
    satu.save(update_fields=["ditarik_at", "updated_at"])
    audit.catat(aksi="tarik_sanggah", objek=satu, by=None, wilayah=satu.wilayah_id)
    if perkara is not None and not Sanggah.objects.hidup().filter(perkara=perkara).exists():
        perkara = workflow.step(
            SANGGAH, perkara, "tarik", by=None, boleh=lambda by, o: None, gerbang={}, catatan="Semua penyanggah menarik sanggahannya.",
        )  # fmt: skip
        tutup_jam(perkara)
    return satu


def tutup_jam(perkara: PerkaraSanggah) -> None:
    """The clock ends with the case, and the flags of the family follow it."""
    jam.selesai(perkara)
    perkara.save(update_fields=[*jam.KOLOM, "updated_at"])
    selaraskan(perkara)


def selaraskan(perkara: PerkaraSanggah) -> None:
    """Raise and close flags on the family's open proposals now, in this transaction (pengaduan row first, then Usulan)."""
    usulan = perkara.keluarga.usulan.terbuka().order_by("pk").values_list("pk", flat=True)
    bendera_atas.selaraskan(list(usulan))


def _cari(model: Any) -> Any:
    def cari(nomor: str, pin_indeks: bytes) -> Any:
        return model.objects.filter(tiket=nomor, pin_indeks=pin_indeks).first()

    return cari


for _model in (Sanggah, HakJawab, SanggahData):
    daftarkan("SGH", _cari(_model))
