"""Emergencies: reported without a name, answered by who is on duty, sent on or turned into a proposal; papers follow.

Lock order: the emergency first, then downwards (usulan, keluarga). The clock in hours is that of `pengaduan.actions.jam`.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, documents, files, limits, numbering, outbox, rules, workflow
from core.privacy.fields import plain
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.actions import keluarga as register
from dtks.actions import usulan as langkah_usulan
from dtks.actions.cari import cari
from dtks.models import AlasanLangkah, Keluarga, Usulan
from pengaduan.actions import jam, lacak, tiket
from pengaduan.models import KUASA_PEKA, Kedaruratan, KorbanKeluarga, Rujukan, SusulanDarurat
from pengaduan.policies import darurat as policies
from pengaduan.queries import darurat as baca
from pengaduan.surat.rujukan import surat_rujukan
from pengaduan.workflow import DARURAT
from wilayah.kode import kabupaten_dari
from wilayah.models import Wilayah
from wilayah.waktu import hari_wilayah

NOTICE = "pengaduan.kabar_darurat"
TAGIH = "pengaduan.darurat_tagih"
SELALU_PEKA = (Kedaruratan.Jenis.ANAK, Kedaruratan.Jenis.KEKERASAN)
BATAL = "batalkan_darurat"  # reasons of AlasanLangkah
BELUM_TAHU = "BELUM DIKETAHUI"
PENDEK = 10


def _tutup(kode: str, kalimat: str, jalan_keluar: str = "") -> GateClosed:
    return GateClosed([Halangan(kode, kalimat, jalan_keluar)])


@transaction.atomic
def lapor(*, by: Pengguna | None, data: Mapping[str, Any]) -> tuple[Kedaruratan, str]:
    """Take it in: kind, place and story are enough. `by` is None when a citizen sent it. Returns (report, PIN)."""
    wilayah: str = data["wilayah"]
    if by is not None and (kalimat := policies.lapor(by, wilayah)):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    if not baca.bisa_piket(kabupaten_dari(wilayah)):  # a report that nobody reads is worse than none
        raise _tutup(
            "BELUM_DILAYANI", "Kabupaten atau kota ini belum dilayani lewat portal.", "Telepon 112 atau Dinas Sosial setempat."
        )  # fmt: skip
    nomor, pin, pin_indeks = tiket.baru("ADU")
    baris = Kedaruratan(
        tiket=nomor, pin_indeks=pin_indeks, jenis=data["jenis"], peka=data["jenis"] in SELALU_PEKA or bool(data.get("peka")),
        kanal=data["kanal"] if by is not None else Kedaruratan.Kanal.WEB, wilayah_id=wilayah, lokasi=data["lokasi"],
        lintang=data.get("lintang"), bujur=data.get("bujur"), jumlah_orang=data.get("jumlah_orang"), cerita=data["cerita"],
        kejadian=data.get("kejadian"), created_by=by,
    )  # fmt: skip
    baris.pelapor, baris.telepon = data.get("pelapor") or None, data.get("telepon") or None
    jam.mulai(baris, "darurat.diterima")
    baris.save(force_insert=True)
    audit.catat(
        aksi="lapor_darurat", objek=baris, by=by, wilayah=wilayah, peran=by.peran_untuk("darurat.lapor", wilayah) if by else "",
        rincian={"tiket": nomor, "kanal": baris.kanal, **({} if baris.peka else {"jenis": baris.jenis})},
    )  # fmt: skip
    outbox.antre(NOTICE, {"kedaruratan": str(baris.pk)}, wilayah=wilayah, judul="Kabari petugas piket")
    baris.refresh_from_db()
    return baris, pin


def langkah(
    satu: Kedaruratan,
    nama: str,
    *,
    by: Pengguna,
    versi: int | None = None,
    catatan: str = "",
    alasan: str = "",
) -> Kedaruratan:
    """One step that needs no more than a note: tanggapi, berangkat, tiba, tangani, selesaikan, batalkan."""
    with transaction.atomic():
        baris = _kunci(satu)
        isi = catatan.strip()
        if nama in ("tangani", "selesaikan") and len(isi) < PENDEK:
            raise _tutup("CATATAN_WAJIB", "Tulis apa yang sudah dilakukan (paling sedikit 10 huruf).")
        if nama == "selesaikan" and DARURAT.find(nama, baris.status):
            baris.hasil = isi
            baris.save(update_fields=["hasil", "updated_at"])
        return _langkah(baris, nama, by=by, versi=versi, catatan=isi, alasan=alasan)


def _kunci(satu: Kedaruratan) -> Kedaruratan:
    baris: Kedaruratan = workflow.lock(Kedaruratan, satu.pk)
    return baris


def _rujukan_tuntas(satu: Kedaruratan, by: object) -> Halangan | None:
    if not baca.rujukan_terbuka(satu):
        return None
    return Halangan(
        "RUJUKAN_TERBUKA",
        "Tempat rujukan belum memberi kabar.",
        "Catat dulu kabar dari tempat rujukan: bagaimana keadaan orangnya sekarang.",
    )


def _langkah(
    baris: Kedaruratan, nama: str, *, by: Pengguna, versi: int | None, catatan: str, alasan: str = ""
) -> Kedaruratan:
    """The engine's step, then what goes with it: who holds it, the clock of the new state, the debts of an arrival."""
    kalimat = ""
    if alasan:
        row = AlasanLangkah.objects.filter(pk=alasan, langkah=BATAL, aktif=True).first()
        if row is None:
            raise _tutup(
                "ALASAN_TIDAK_DIKENAL", "Alasan yang dipilih tidak ada di daftar.", "Pilih dari daftar."
            )
        kalimat = row.kalimat
    hasil: Kedaruratan = workflow.step(
        DARURAT, baris, nama, by=by, boleh=policies.langkah, gerbang={"rujukan_tuntas": _rujukan_tuntas}, alasan=alasan,
        alasan_kalimat=kalimat, catatan=catatan, versi=versi, peran=by.peran_untuk("darurat.tanggapi", baris.wilayah_id), notice=NOTICE,
    )  # fmt: skip
    if nama == "tanggapi" or hasil.petugas_id is None:
        hasil.petugas = by
    if DARURAT.state(hasil.status).akhir:
        jam.selesai(hasil)
    else:
        jam.mulai(hasil, f"darurat.{hasil.status}")
    hasil.save(update_fields=["petugas", "updated_at", *jam.KOLOM])
    if nama == "tiba":
        _utang_baru(hasil)
    return hasil


def _utang_baru(satu: Kedaruratan) -> None:
    """Somebody really was there: from now on identity and papers are owed, each until its day."""
    hari = hari_wilayah(satu.wilayah_id)
    SusulanDarurat.objects.bulk_create(
        (
            SusulanDarurat(kedaruratan=satu, jenis=jenis, tenggat=hari + timedelta(days=n))
            for jenis, n in sorted(rules.value("darurat.susulan", satu.wilayah_id).items())
        ),
        ignore_conflicts=True,
    )


@transaction.atomic
def alihkan(satu: Kedaruratan, *, by: Pengguna, petugas: Pengguna, catatan: str = "") -> Kedaruratan:
    """Somebody else takes it over. The clock of the state goes on: the person in need waits no longer for it."""
    baris = _kunci(satu)
    if DARURAT.state(baris.status).akhir:
        raise NotOpen(
            [Halangan("SUDAH_SELESAI", "Laporan ini sudah ditutup.", "Muat ulang halaman.")], baris.status
        )
    if kalimat := policies.alihkan(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], baris.status)
    if petugas.pk not in {p.pk for p in baca.bisa_piket(kabupaten_dari(baris.wilayah_id))} or (
        baris.peka and not petugas.boleh(KUASA_PEKA, baris.wilayah_id)
    ):
        raise _tutup(
            "PETUGAS_TIDAK_BISA", "Petugas ini tidak bisa memegang laporan ini.", "Pilih petugas lain."
        )
    if petugas.pk == baris.petugas_id:
        raise _tutup("PETUGAS_SAMA", "Laporan ini sudah dipegang petugas itu.", "Pilih petugas lain.")
    lama, baris.petugas = baris.petugas_id, petugas
    baris.save(update_fields=["petugas", "updated_at"])
    audit.catat(
        aksi="alihkan_darurat", objek=baris, by=by, wilayah=baris.wilayah_id, peran=by.peran_untuk("darurat.pimpin", baris.wilayah_id),
        rincian={"dari": str(lama or ""), "petugas": str(petugas.pk)},
    )  # fmt: skip
    outbox.antre(NOTICE, {"kedaruratan": str(baris.pk), "petugas": str(petugas.pk)}, wilayah=baris.wilayah_id)
    return baris


# --- sent on ----------------------------------------------------------------------------------------------


def rujuk(
    satu: Kedaruratan, *, by: Pengguna, data: Mapping[str, Any], versi: int | None = None
) -> Kedaruratan:
    """Ask another place to take the person, with a numbered letter in hand. `data`: jenis, tempat, alasan."""
    with transaction.atomic():
        baris = _kunci(satu)
        hasil = _langkah(baris, "rujuk", by=by, versi=versi, catatan="")
        dokumen = _surat(hasil, by, data)
        Rujukan.objects.create(
            kedaruratan=hasil, jenis=data["jenis"], tempat=data["tempat"], alasan=data["alasan"], dokumen=dokumen, created_by=by,
        )  # fmt: skip
        return hasil


def _surat(satu: Kedaruratan, by: Pengguna, data: Mapping[str, Any]) -> documents.Dokumen:
    kab = kabupaten_dari(satu.wilayah_id)
    hari, area = hari_wilayah(kab), Wilayah.objects.get(pk=kab)
    _, nomor = numbering.issue("rujukan.nomor", seri=f"RUJUKAN-{kab}", hari=hari, wilayah=kab)
    kode = documents.new_code()
    isi = surat_rujukan(
        nomor=nomor, tanggal=hari, wilayah=area, tempat=data["tempat"], alasan=data["alasan"], tiket=satu.tiket,
        jumlah=satu.jumlah_orang or 1, petugas=by.nama, kode=kode,
    )  # fmt: skip
    return documents.issue(
        isi, kode=kode, jenis="RUJUKAN", nomor=nomor, judul="Surat rujukan", penerbit=f"Dinas Sosial {area.nama}", penandatangan=by.nama,
        tanggal=hari, wilayah=kab, ringkas={"jenis": "rujukan kedaruratan"}, by_id=str(by.pk), nama="surat-rujukan.pdf",
    )  # fmt: skip


def jawab_rujukan(
    satu: Kedaruratan, *, by: Pengguna, diterima: bool, penjawab: str, jawaban: str, versi: int | None = None
) -> Kedaruratan:
    """What the place said. Returned needs its reason: the person is in our hands again and needs another place."""
    with transaction.atomic():
        baris = _kunci(satu)
        rujukan = baris.rujukan.select_for_update().filter(status="menunggu").first()
        if rujukan is None:
            raise NotOpen([Halangan("TANPA_RUJUKAN", "Tidak ada rujukan yang menunggu jawaban.", "Muat ulang halaman.")], baris.status)  # fmt: skip
        if not diterima and len(jawaban.strip()) < PENDEK:
            raise _tutup("ALASAN_KOSONG", "Tulis alasan dikembalikan (paling sedikit 10 huruf).")
        hasil = _langkah(
            baris,
            "terima_rujukan" if diterima else "kembalikan_rujukan",
            by=by,
            versi=versi,
            catatan=jawaban.strip(),
        )
        rujukan.status = Rujukan.Status.DITERIMA if diterima else Rujukan.Status.DIKEMBALIKAN
        rujukan.penjawab, rujukan.jawaban, rujukan.dijawab_at = penjawab, jawaban.strip(), timezone.now()
        if diterima:
            lama = rules.value("darurat.umpan_balik_hari", baris.wilayah_id)
            rujukan.umpan_tenggat = hari_wilayah(baris.wilayah_id) + timedelta(days=lama)
        rujukan.save()
        return hasil


@transaction.atomic
def umpan_balik(rujukan: Rujukan, *, by: Pengguna, isi: str) -> Rujukan:
    """How it went there. Until then the case cannot be finished."""
    baris = _kunci(rujukan.kedaruratan)
    if kalimat := policies.langkah(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], baris.status)
    row: Rujukan = workflow.lock(Rujukan, rujukan.pk)
    if row.status != Rujukan.Status.DITERIMA or row.umpan_at is not None:
        raise NotOpen(
            [Halangan("SUDAH_ADA_KABAR", "Kabar rujukan ini sudah dicatat.", "Muat ulang halaman.")]
        )
    if len(isi.strip()) < PENDEK:
        raise _tutup("KABAR_KOSONG", "Tulis kabarnya (paling sedikit 10 huruf).")
    row.umpan_balik, row.umpan_at = isi.strip(), timezone.now()
    row.save(update_fields=["umpan_balik", "umpan_at"])
    audit.catat(aksi="umpan_balik_rujukan", objek=row, by=by, wilayah=baris.wilayah_id)
    return row


# --- papers that are owed ---------------------------------------------------------------------------------


@transaction.atomic
def susulkan(
    susulan: SusulanDarurat,
    *,
    by: Pengguna,
    catatan: str,
    berkas: list[bytes] | None = None,
    bebas: bool = False,
) -> SusulanDarurat:
    """Bring a paper that is owed, or let it off (`bebas`): then a superior says why, who did not handle the case himself."""
    baris = _kunci(susulan.kedaruratan)
    boleh = policies.bebaskan if bebas else policies.susulkan
    if kalimat := boleh(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], baris.status)
    if bebas and baris.petugas is not None and baris.petugas.orang_id == by.orang_id:
        raise NotAllowed(
            [Halangan("ORANG_SAMA", "Anda yang menangani laporan ini. Pembebasan diputus orang lain.")]
        )
    row: SusulanDarurat = workflow.lock(SusulanDarurat, susulan.pk)
    if row.selesai_at is not None:
        raise NotOpen([Halangan("SUDAH_DIPENUHI", "Syarat ini sudah dipenuhi.", "Muat ulang halaman.")])
    if len(catatan.strip()) < PENDEK and (bebas or not berkas):
        raise _tutup(
            "BUKTI_KOSONG",
            "Tulis alasannya." if bebas else "Unggah berkasnya, atau tulis apa yang sudah dicatat.",
        )
    if berkas:
        bersih, mime = files.clean_scans(berkas)
        row.berkas = files.store(
            bersih, jenis="susulan_darurat", nama=f"susulan-{row.jenis.lower()}", mime=mime, wilayah=baris.wilayah_id, by_id=str(by.pk)
        )  # fmt: skip
    row.catatan, row.dibebaskan, row.selesai_at = catatan.strip(), bebas, timezone.now()
    row.selesai_by, row.selesai_orang = by, by.orang
    row.save()
    audit.catat(
        aksi="bebaskan_susulan" if bebas else "susulkan", objek=row, by=by, wilayah=baris.wilayah_id, rincian={"jenis": row.jenis}
    )  # fmt: skip
    return row


@transaction.atomic
def tagih(hari: date | None = None) -> list[tuple[Kedaruratan, int]]:
    """Debts and feedback past their day that nobody was told of yet: (emergency, how many). Each is raised once."""
    n: dict[Any, int] = {}
    kasus: dict[Any, Kedaruratan] = {}
    for model, saring in (
        (SusulanDarurat, {"selesai_at__isnull": True}),
        (Rujukan, {"umpan_at__isnull": True, "status": "diterima"}),
    ):
        kolom = "tenggat" if model is SusulanDarurat else "umpan_tenggat"
        rows = (
            model._default_manager.exclude(kedaruratan__status="dibatalkan").filter(ditagih_at__isnull=True, **{f"{kolom}__lt": (hari or timezone.localdate()) + timedelta(days=1)}, **saring)
            .select_related("kedaruratan")
            .select_for_update(of=("self",), skip_locked=True)
            .order_by("pk")
        )  # fmt: skip
        for row in rows:
            induk = row.kedaruratan
            if getattr(row, kolom) >= (hari or hari_wilayah(induk.wilayah_id)):
                continue
            row.ditagih_at = timezone.now()
            row.save(update_fields=["ditagih_at"])
            kasus[induk.pk] = induk
            n[induk.pk] = n.get(induk.pk, 0) + 1
    for pk, induk in kasus.items():
        audit.catat(
            aksi="tagih_susulan", objek=induk, by=None, wilayah=induk.wilayah_id, rincian={"jumlah": n[pk]}
        )
    return [(kasus[pk], n[pk]) for pk in kasus]


# --- a proposal on the emergency route --------------------------------------------------------------------


@transaction.atomic
def usulkan(
    satu: Kedaruratan | KorbanKeluarga, *, by: Pengguna, data: Mapping[str, Any]
) -> tuple[Usulan, str]:
    """Open a draft with jalur KEDARURATAN for the person found, known or not. Returns (draft, PIN of the proposal).

    `data`: program, alasan, wilayah (desa), nik or tanpa_nik_alasan, nama, umur or tgl_lahir, jenis_kelamin, alamat, rt, rw.
    A NIK that the register knows leads to its own family; nothing of it is overwritten.
    """
    baris: Kedaruratan | KorbanKeluarga = workflow.lock(type(satu), satu.pk)
    if baris.usulan_id is not None:
        raise NotOpen([Halangan("SUDAH_DIUSULKAN", "Usulannya sudah dibuat.", "Buka usulan itu.")])
    wilayah: str = data["wilayah"]
    if isinstance(baris, Kedaruratan):
        kalimat = policies.usulkan(by, baris)
        sebab = f"Laporan darurat {baris.tiket}."
    else:
        kalimat = policies.catat_bencana(by, baris.wilayah_id)
        sebab = f"Korban {baris.kejadian.get_jenis_display().lower()} {baris.kejadian.nomor}."
    if kalimat is None and kabupaten_dari(wilayah) != kabupaten_dari(baris.wilayah_id):
        kalimat = "Usulan dibuat di kabupaten tempat orangnya ditemukan."
    if kalimat:
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    keluarga = _keluarga(by, data)
    usulan, pin = langkah_usulan.buat(
        by=by, keluarga=keluarga, program=data["program"], jalur=Usulan.Jalur.KEDARURATAN, alasan_usul=f"{sebab} {data['alasan']}",
    )  # fmt: skip
    baris.usulan = usulan
    if isinstance(baris, KorbanKeluarga):
        baris.keluarga = keluarga
        baris.save(update_fields=["usulan", "keluarga"])
    else:
        baris.save(update_fields=["usulan", "updated_at"])
    audit.catat(
        aksi="usulkan_darurat", objek=baris, by=by, wilayah=baris.wilayah_id, peran=by.peran_untuk("darurat.usulkan", baris.wilayah_id),
        rincian={"usulan": str(usulan.pk), "tiket_usulan": usulan.tiket},
    )  # fmt: skip
    return usulan, pin


def _keluarga(by: Pengguna, data: Mapping[str, Any]) -> Keluarga:
    """The family of this NIK where it is in sight, else a new one with what is known of its head."""
    wilayah: str = data["wilayah"]
    if data.get("nik"):
        tahu = cari(data["nik"], by=by)
        if tahu.keadaan == "sendiri" and tahu.keluarga is not None:
            return tahu.keluarga
    lahir = data.get("tgl_lahir") or date(hari_wilayah(wilayah).year - int(data["umur"]), 1, 1)
    return register.buat(
        by=by, wilayah=wilayah, jalur=Usulan.Jalur.KEDARURATAN,
        data={"alamat": data["alamat"], "rt": data.get("rt") or "000", "rw": data.get("rw") or "000"},
        kepala={
            "nik": data.get("nik") or "", "tanpa_nik_alasan": "" if data.get("nik") else data["tanpa_nik_alasan"], "nama": data["nama"],
            "tgl_lahir": lahir, "jenis_kelamin": data["jenis_kelamin"], "status_kawin": "1", "ibu_kandung": BELUM_TAHU,
        },
    )  # fmt: skip


# --- found again, raised ------------------------------------------------------------------------------------


def _cari(nomor: str, pin_indeks: bytes) -> Kedaruratan | None:
    return Kedaruratan.objects.filter(tiket=nomor, pin_indeks=pin_indeks).first()


def _pemegang(satu: Kedaruratan) -> list[Any]:
    """Who hears of a clock: the one who holds it; while nobody does, those on duty, else all who may
    answer it; for a restricted case the case team."""
    if satu.petugas_id is not None:
        return [satu.petugas_id]
    if piket := baca.piket_kini(satu.wilayah_id, peka=satu.peka):
        return [p.pengguna_id for p in piket]
    if satu.peka:
        return list(baca.tim_kasus(satu.wilayah_id))
    bisa = baca.bisa_piket(kabupaten_dari(satu.wilayah_id))
    return [p.pk for p in bisa if p.boleh(baca.BISA_PIKET, satu.wilayah_id)]


lacak.daftarkan("ADU", _cari)
jam.daftarkan(
    Kedaruratan, sebutan="laporan darurat", daftar="/kedaruratan/", pemegang=_pemegang,
    # A restricted case is not even named to leaders: the list tells them how many wait and whom to call.
    satu=lambda satu: "/kedaruratan/" if satu.peka else f"/kedaruratan/{satu.pk}/",
)  # fmt: skip


def buka_pelapor(satu: Kedaruratan, *, by: Pengguna, alasan: str) -> dict[str, str]:
    """Name and phone of the reporter for one look: whoever may act on the emergency may call; counted, with a reason, in the trail."""
    if kalimat := policies.langkah(by, satu):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], satu.status)
    sebab = alasan.strip()
    if len(sebab) < 5:
        raise _tutup("ALASAN_KOSONG", "Tuliskan alasannya.", "Contoh: menanyakan letak persisnya.")
    batas = rules.value("reveal.batas_harian", satu.wilayah_id)
    if not limits.hit(f"buka:{by.pk}", limit=batas, window=timedelta(days=1)):
        raise _tutup("BATAS_HARIAN", f"Batas membuka data pribadi hari ini ({batas}) sudah habis.", "Hubungi supervisor.")  # fmt: skip
    with transaction.atomic():
        audit.catat(
            aksi="buka_pelapor", objek=satu, by=by, wilayah=satu.wilayah_id, peran=by.peran_untuk("darurat.tanggapi", satu.wilayah_id),
            rincian={"alasan": sebab[:200]},
        )  # fmt: skip
        return {"Nama": plain(satu.pelapor), "Nomor HP": plain(satu.telepon)}
