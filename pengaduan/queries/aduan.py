"""Reading complaints: what the reporter is shown, what may be the same matter, and the numbers of a period."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Avg, Count, F, Q
from django.utils import timezone

from accounts.models import Pengguna
from core import rules
from pengaduan.models import Aduan, PesanAduan, RiwayatAduan
from pengaduan.models.aduan import DIJAWAB, TERBUKA
from pengaduan.queries import jam
from wilayah.kode import dalam, kabupaten_dari
from wilayah.waktu import hari_wilayah, waktu_wilayah

TAHAP = ("Diterima", "Diperiksa", "Ditangani", "Dijawab")
_TAHAP = {
    "diterima": 0, "klarifikasi": 1, "diverifikasi": 1, "didisposisi": 2, "ditangani": 2, "selesai": 4, "ditolak": None, "diteruskan": None,
    "ditutup": None,
}  # fmt: skip
_KINI = {
    "diterima": "Aduan Anda sudah kami terima",
    "klarifikasi": "Kami perlu jawaban Anda",
    "diverifikasi": "Aduan Anda sudah diperiksa",
    "didisposisi": "Aduan Anda diserahkan ke petugas",
    "ditangani": "Petugas sedang menangani aduan Anda",
    "selesai": "Aduan Anda sudah dijawab",
    "ditolak": "Aduan Anda tidak bisa kami proses",
    "diteruskan": "Aduan Anda kami teruskan",
    "ditutup": "Aduan ini sudah ditutup",
}
_BERIKUT = {
    "diterima": "Petugas Dinas Sosial memeriksa aduan ini paling lambat {tenggat}.",
    "klarifikasi": "Jawab pertanyaan di bawah. Waktu kami berhenti sampai Anda menjawab. Bila {hari} hari tidak dijawab, aduan ditutup.",
    "diverifikasi": "Aduan diserahkan ke petugas. Jawaban paling lambat {tenggat}.",
    "didisposisi": "Petugas mulai menangani. Jawaban paling lambat {tenggat}.",
    "ditangani": "Jawaban paling lambat {tenggat}.",
    "selesai": "Baca jawabannya, lalu beri nilai. Bila belum selesai, Anda boleh minta dibuka lagi satu kali dalam {hari} hari.",
    "ditolak": "Baca alasannya. Bila ada yang keliru, Anda boleh minta dibuka lagi satu kali dalam {hari} hari.",
    "diteruskan": "Bila instansi itu tidak menjawab, Anda boleh minta dibuka lagi satu kali dalam {hari} hari.",
    "ditutup": "Bila masih ada masalah, kirim aduan baru. Gratis.",
}
_LANGKAH = {
    "verifikasi": "Aduan diperiksa dan diterima", "tanya": "Petugas bertanya kepada Anda", "jawab": "Anda menjawab",
    "catat_jawab": "Jawaban Anda dicatat petugas", "diam": "Ditutup karena pertanyaan tidak dijawab", "disposisi": "Diserahkan ke petugas",
    "tangani": "Petugas mulai menangani", "selesaikan": "Aduan dijawab", "tolak": "Tidak bisa diproses", "teruskan": "Diteruskan ke instansi lain",
    "buka_lagi": "Anda minta dibuka lagi", "nilai": "Anda memberi nilai", "tutup": "Ditutup", "gabung": "Digabung dengan aduan yang sama",
    "pisahkan": "Diproses sendiri lagi",
}  # fmt: skip


@dataclass(frozen=True)
class Status:
    """What the reporter reads. `boleh_*`: which forms the page has."""

    tiket: str
    judul: str
    tahap: int | None
    dikirim: datetime
    berikutnya: str
    garis: list[dict[str, Any]]
    percakapan: list[PesanAduan]
    jawaban: str
    nilai: int | None
    boleh_jawab: bool
    boleh_nilai: bool
    boleh_buka: bool
    gabungan: bool


def status_publik(aduan: Aduan) -> Status:
    """Of a merged one, the state and the answer of the main one are told, and nothing of what its reporter wrote."""
    inti = aduan.utama if aduan.status == "digabung" and aduan.utama else aduan
    kab = kabupaten_dari(aduan.wilayah_id)
    hari = rules.value("aduan.tutup", kab)["hari"]
    gabungan = inti is not aduan
    status = "didisposisi" if gabungan and inti.status == "klarifikasi" else inti.status
    return Status(
        tiket=aduan.tiket,
        judul=_KINI[status],
        tahap=_TAHAP[status] if status != "ditutup" or not inti.dijawab_at else len(TAHAP),
        dikirim=waktu_wilayah(aduan.wilayah_id, aduan.created_at),
        berikutnya=_BERIKUT[status].format(tenggat=jam.tenggat_kata(inti), hari=hari),
        garis=_garis(aduan),
        percakapan=[]
        if gabungan
        else list(aduan.pesan.exclude(dari=PesanAduan.Dari.INTERNAL).order_by("created_at", "id")),
        jawaban=inti.jawaban if inti.status in (*DIJAWAB, "ditutup") else "",
        nilai=aduan.nilai,
        boleh_jawab=aduan.status == "klarifikasi",
        boleh_nilai=aduan.nilai is None and bool(aduan.dijawab_at) and aduan.status in (*DIJAWAB, "ditutup"),
        boleh_buka=aduan.status in DIJAWAB and aduan.dibuka_lagi_at is None,
        gabungan=gabungan,
    )


def _garis(aduan: Aduan) -> list[dict[str, Any]]:
    """Newest first; steps among officers that say nothing to the reporter are left out."""
    rows = RiwayatAduan.objects.filter(aduan=aduan).order_by("-urut")
    garis = [
        {"label": _LANGKAH[r.langkah], "waktu": waktu_wilayah(aduan.wilayah_id, r.pada)}
        for r in rows
        if r.langkah in _LANGKAH
    ]
    return [*garis, {"label": "Aduan dikirim", "waktu": waktu_wilayah(aduan.wilayah_id, aduan.created_at)}]


# --- the same thing twice ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mirip:
    aduan: Aduan
    alasan: list[str]


def mirip(aduan: Aduan, user: Pengguna, paling_banyak: int = 5) -> list[Mirip]:
    """Open complaints of the same kabupaten that may be the same matter, as far as this person sees them. Two queries."""
    kab = kabupaten_dari(aduan.wilayah_id)
    aturan = rules.value("aduan.mirip", kab)
    sejak = aduan.created_at - timedelta(days=aturan["hari"])
    rows = (
        Aduan.objects.visible_to(user)
        .filter(dalam("wilayah_id", [kab]), status__in=TERBUKA, created_at__gte=sejak)
        .exclude(pk=aduan.pk)
        .select_related("wilayah", "kategori")
    )
    orang = Q(pk__in=[])
    for kolom in ("pelapor_telepon_indeks", "pelapor_nik_indeks"):
        if nilai := getattr(aduan, kolom):
            orang |= Q(**{kolom: nilai})
    teks = rows.filter(cerita__trigram_similar=aduan.cerita[:1000]).annotate(
        kemiripan=TrigramSimilarity("cerita", aduan.cerita[:1000])
    )
    hasil: dict[Any, Mirip] = {}
    for satu in rows.filter(orang).order_by("-created_at", "pk")[:paling_banyak]:
        sama = bytes(satu.pelapor_telepon_indeks or b"") == bytes(aduan.pelapor_telepon_indeks or b"-")
        hasil[satu.pk] = Mirip(satu, ["nomor HP pelapor sama" if sama else "NIK pelapor sama"])
    dekat = teks.filter(kemiripan__gte=aturan["kemiripan"]).order_by("-kemiripan", "pk")
    for satu in dekat[:paling_banyak]:
        kata = f"cerita mirip {round(satu.kemiripan * 100)}%"
        hasil.setdefault(satu.pk, Mirip(satu, [])).alasan.append(kata)
    return list(hasil.values())[:paling_banyak]


# --- numbers ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Angka:
    masuk: int
    terbuka: int
    lewat: int
    diperiksa: int
    diperiksa_tepat: int
    dijawab: int
    dijawab_tepat: int
    dibuka_lagi: int
    dinilai: int
    rata: float | None
    per_kategori: list[dict[str, Any]]
    per_kanal: list[dict[str, Any]]


def angka(user: Pengguna, sejak: date, hingga: date) -> Angka:
    """What came in on these days, and how it went, of the areas whose complaints this person sees as a whole."""
    luas = [kode for kuasa in ("aduan.proses", "aduan.lihat") for kode in user.cakupan(kuasa)]
    rows = Aduan.objects.filter(
        dalam("wilayah_id", luas), created_at__date__gte=sejak, created_at__date__lte=hingga
    )
    tepat = Q(jam_selesai__lte=F("tenggat_at"))
    dijawab = Q(dijawab_at__isnull=False) & ~Q(status="digabung")
    n = Count("pk")
    r = rows.aggregate(
        masuk=n,
        terbuka=Count("pk", filter=Q(status__in=TERBUKA)),
        lewat=Count(
            "pk", filter=Q(status__in=TERBUKA, jeda_sejak__isnull=True, tenggat_at__lt=timezone.now())
        ),
        diperiksa=Count("pk", filter=Q(verifikasi_tepat__isnull=False)),
        diperiksa_tepat=Count("pk", filter=Q(verifikasi_tepat=True)),
        dijawab=Count("pk", filter=dijawab),
        dijawab_tepat=Count("pk", filter=dijawab & tepat),
        dibuka_lagi=Count("pk", filter=Q(dibuka_lagi_at__isnull=False)),
        dinilai=Count("nilai"),
        rata=Avg("nilai"),
    )
    per: Any = rows.values(nama=F("kategori__nama")).annotate(
        n=n, dinilai=Count("nilai"), rata=Avg("nilai"), dijawab=Count("pk", filter=dijawab)
    )
    kanal = dict(Aduan.Kanal.choices)
    per_kanal = [
        {"nama": kanal[x["kanal"]], "n": x["n"]}
        for x in rows.values("kanal").annotate(n=n).order_by("-n", "kanal")
    ]
    return Angka(**r, per_kategori=[dict(x) for x in per.order_by("-n", "nama")], per_kanal=per_kanal)


def waktu_kata(wilayah: str) -> str:
    """`permintaan informasi dan aspirasi 5 hari kerja, ...` from the rules of the area."""
    isi = (
        ("permintaan informasi dan aspirasi", "aduan.informasi"), ("pengaduan", "aduan.pengaduan"),
        ("pengaduan berkadar pengawasan", "aduan.pengawasan"),
    )  # fmt: skip
    return ", ".join(f"{nama} {jam.lama(kunci, wilayah)}" for nama, kunci in isi)


def bulan_ini(wilayah: str) -> tuple[date, date]:
    hari = hari_wilayah(wilayah)
    return hari.replace(day=1), hari
