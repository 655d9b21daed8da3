"""NIK cross-check: asking, recording the answer, repairing, and waiving by two persons.

The asking goes through the queue; the answer comes back to `catat_hasil` in the transaction that marks the job done.
An outage is no answer: it changes no verdict (domain.md §3.2 GAGAL_LAYANAN).
"""

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Func, QuerySet, TextField, UUIDField
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, outbox, workflow
from core.integrations.dukcapil.repair import REPAIR
from core.models import Pekerjaan
from core.names import name_key
from core.templatetags.ui import tanggal
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.actions import bendera, jam, versi
from dtks.models import HasilPadan, Individu, Keluarga, PadanBatch, TiketPadan, Usulan

JOB = "dtks.padankan"
CHUNK = 50
SEKALI = 1000
CATATAN_MAKS = 2000
_BELUM_DIJAWAB = (Pekerjaan.Status.MENUNGGU, Pekerjaan.Status.JALAN)
_TERBUKA = (TiketPadan.Status.BUKA, TiketPadan.Status.DIPERBAIKI, TiketPadan.Status.MINTA_PENGECUALIAN)


class NikTaken(GateClosed):
    """The NIK belongs to another active person; the caller records the finding after the rollback (ganda.laporkan)."""

    kolom = "nik"


class _Isi(Func):
    """Each text of a JSON list as a row."""

    function = "jsonb_array_elements_text"
    output_field = TextField()
    set_returning = True


def identity_fingerprint(orang: Individu) -> str:
    """Names the identity that was asked about, so that an answer to an older one is not applied to a newer one.

    It is stored, so it is made of the keyed index of the NIK and never of the NIK itself.
    """
    indeks = bytes(orang.nik_indeks).hex() if orang.nik_indeks else ""
    isi = f"{indeks}|{orang.nama}|{orang.tgl_lahir}|{orang.jenis_kelamin}"
    return hashlib.sha256(isi.encode()).hexdigest()[:16]


def putar_sidik(pasangan: Mapping[bytes, bytes]) -> None:
    """INDEX_KEY is changed (core.privacy.rotate): fingerprints that were true of the old index are made true of the new one."""
    rows = TiketPadan.objects.exclude(sidik="").filter(individu__nik_indeks__in=list(pasangan.values()))
    balik = {baru: lama for lama, baru in pasangan.items()}
    for tiket in rows.select_related("individu").order_by("pk"):
        orang = tiket.individu
        baru, orang.nik_indeks = identity_fingerprint(orang), balik[bytes(orang.nik_indeks or b"")]
        if tiket.sidik == identity_fingerprint(orang):
            TiketPadan.objects.filter(pk=tiket.pk).update(sidik=baru)


def minta(orang: Iterable[Individu], *, by: Pengguna | None, batch: PadanBatch | None = None) -> int:
    """Queue a check for each person with a NIK, `CHUNK` to a job. Runs in the caller's transaction. Returns how many.

    Never more than `SEKALI` people in memory: pass `queryset.iterator()` for a whole area.
    """
    n = 0
    for bagian in _potong(orang, SEKALI):
        daftar = [o for o in bagian if o.nik_indeks]
        for o in bagian:
            if not o.nik_indeks:
                _open_ticket(o, Individu.Padan.TANPA_DOKUMEN)
        baru = {o.pk for o in daftar if o.padan == Individu.Padan.BELUM}
        if baru:
            Individu.objects.filter(pk__in=baru, padan=Individu.Padan.BELUM).update(
                padan=Individu.Padan.MENUNGGU
            )
        for o in daftar:
            if o.pk in baru:
                o.padan = Individu.Padan.MENUNGGU
        for kecil in _potong(daftar, CHUNK):
            outbox.antre(
                JOB,
                {"individu": [str(o.pk) for o in kecil], **({"batch": str(batch.pk)} if batch else {})},
                judul="Cek NIK ke Dukcapil",
                by=by,
                wilayah=kecil[0].keluarga.wilayah_id,
                total=len(kecil),
            )
        n += len(daftar)
    return n


def _potong(orang: Iterable[Individu], n: int) -> Iterator[list[Individu]]:
    sisa = iter(orang)
    while bagian := list(islice(sisa, n)):
        yield bagian


def sedang_ditanyakan() -> QuerySet[Any, Any]:
    """Ids of people about whom a question is waiting or under way; for `pk__in` (one query, nothing in memory)."""
    return (
        Pekerjaan.objects.filter(jenis=JOB, status__in=_BELUM_DIJAWAB)
        .annotate(satu=_Isi(KeyTransform("individu", "argumen")))
        .annotate(orang=Cast("satu", UUIDField()))
        .values("orang")
    )


def antre(orang: Individu) -> QuerySet[Pekerjaan]:
    """Jobs that still have to ask about this person."""
    return Pekerjaan.objects.filter(
        jenis=JOB,
        status__in=_BELUM_DIJAWAB,
        argumen__individu__contains=[str(orang.pk)],
    )


@transaction.atomic
def minta_usulan(usulan: Usulan, *, by: Pengguna) -> int:
    """Ask again for every member of a proposal that is not padan."""
    if not by.boleh("padan.minta", usulan.wilayah_id):
        raise NotAllowed(
            [Halangan("TIDAK_BERWENANG", "Cek NIK diminta oleh operator desa atau verifikator.")]
        )
    orang = list(
        usulan.keluarga.anggota.filter(aktif=True)
        .exclude(padan=Individu.Padan.PADAN)
        .select_related("keluarga")
    )
    n = minta(orang, by=by)
    audit.catat(aksi="minta_padan", objek=usulan, by=by, wilayah=usulan.wilayah_id, rincian={"jumlah": n})
    return n


@transaction.atomic
def minta_batch(*, by: Pengguna | None, wilayah: str, orang: Iterable[Individu], asal: str) -> PadanBatch:
    """Check many persons of one area; progress is on the batch row."""
    if by is not None and not by.boleh("padan.minta", wilayah):
        raise NotAllowed(
            [
                Halangan(
                    "TIDAK_BERWENANG", "Cek NIK satu wilayah diminta operator atau verifikator wilayah itu."
                )
            ]
        )
    batch = PadanBatch.objects.create(wilayah_id=wilayah, asal=asal, diminta_by=by)
    batch.jumlah = minta(orang, by=by, batch=batch)  # those without a NIK are never answered: not counted
    batch.selesai_at = None if batch.jumlah else timezone.now()
    batch.save(update_fields=["jumlah", "selesai_at"])
    audit.catat(
        aksi="minta_padan_batch", objek=batch, by=by, wilayah=wilayah, rincian={"jumlah": batch.jumlah}
    )
    return batch


def minta_massal(individu: Sequence[uuid.UUID], *, by: Pengguna, wilayah: str, asal: str) -> PadanBatch:
    """The same for many persons who already wait ('MENUNGGU'), by key: no person is loaded, the jobs go in as one statement."""
    batch = PadanBatch.objects.create(wilayah_id=wilayah, asal=asal[:40], diminta_by=by, jumlah=len(individu))
    outbox.antre_banyak(
        JOB,
        (
            {"individu": [str(pk) for pk in individu[i : i + CHUNK]], "batch": str(batch.pk)}
            for i in range(0, len(individu), CHUNK)
        ),
        judul="Cek NIK ke Dukcapil",
        by=by,
        wilayah=wilayah,
        total=CHUNK,
    )
    audit.catat(
        aksi="minta_padan_batch", objek=batch, by=by, wilayah=wilayah, rincian={"jumlah": len(individu)}
    )
    return batch


def catat_hasil(
    individu_id: uuid.UUID | str,
    *,
    hasil: Mapping[str, Any],
    sidik: str,
    pekerjaan: uuid.UUID | None,
    batch_id: str | None = None,
    by: Pengguna | None = None,
    sumber: str = "dukcapil",
) -> bool:
    """Apply one verdict. `hasil`: kategori, kode_respon, skor, ambang, versi_layanan, pesan. True when applied now.

    False when this job already answered for the person, or the identity changed since it was asked (a new check is
    queued then). GAGAL_LAYANAN must not come here.
    """
    if hasil["kategori"] == "GAGAL_LAYANAN":
        raise ValueError("an outage is no verdict")
    with transaction.atomic():
        orang = (
            Individu.objects.select_for_update(of=("self",)).select_related("keluarga").get(pk=individu_id)
        )
        if identity_fingerprint(orang) != sidik:
            # The new question stays in the batch, else its count would never be full.
            minta([orang], by=by, batch=PadanBatch.objects.filter(pk=batch_id).first() if batch_id else None)
            return False
        try:
            with transaction.atomic():
                HasilPadan.objects.create(
                    individu=orang,
                    pekerjaan=pekerjaan,
                    kategori=hasil["kategori"],
                    kode_respon=hasil.get("kode_respon") or "",
                    skor=hasil.get("skor") or {},
                    ambang=hasil.get("ambang") or {},
                    versi_layanan=(hasil.get("versi_layanan") or "")[:40],
                    pesan=(hasil.get("pesan") or "")[:200],
                    sumber=sumber,
                    diminta_by=by,
                )
        except IntegrityError:
            return False
        lama = orang.padan
        orang.padan, orang.padan_at = hasil["kategori"], timezone.now()
        orang.save(update_fields=["padan", "padan_at", "updated_at"])
        if orang.padan == Individu.Padan.PADAN:
            _close_tickets(orang)
        else:
            _open_ticket(orang, orang.padan)
        if batch_id:
            hitung_batch(batch_id, orang.padan)
        audit.catat(
            aksi="hasil_padan",
            objek=orang,
            by=by,
            wilayah=orang.keluarga.wilayah_id,
            rincian={"kategori": orang.padan, "sebelum": lama, "sumber": sumber},
        )
        if orang.padan != lama:
            bendera.segarkan([orang.keluarga_id])
        return True


def hitung_batch(batch_id: str, kategori: str, n: int = 1) -> None:
    """Count `n` people of a batch as answered with `kategori` ('TIDAK_DICEK': gone since they were asked for)."""
    batch: PadanBatch = workflow.lock(PadanBatch, batch_id)
    batch.selesai += n
    batch.per_kategori = {**batch.per_kategori, kategori: batch.per_kategori.get(kategori, 0) + n}
    if batch.selesai >= batch.jumlah and batch.selesai_at is None:
        batch.selesai_at = timezone.now()
    batch.save(update_fields=["selesai", "per_kategori", "selesai_at"])


def _open_ticket(orang: Individu, kategori: str) -> None:
    """The finding as it lives on: kept while nothing changed, opened again with its reason when something did."""
    sidik = identity_fingerprint(orang)
    terbuka = TiketPadan.objects.select_for_update().filter(individu=orang, status__in=_TERBUKA).first()
    if terbuka is not None:
        if kalimat := _changed(terbuka, kategori, sidik):
            terbuka.kategori, terbuka.status, terbuka.keterangan = kategori, TiketPadan.Status.BUKA, kalimat
            terbuka.sidik = sidik
            terbuka.save()
        elif not terbuka.sidik:
            terbuka.sidik = sidik
            terbuka.save(update_fields=["sidik", "updated_at"])
        return
    lama = TiketPadan.objects.filter(individu=orang).order_by("-created_at", "-id").first()
    kecuali = TiketPadan.objects.filter(
        individu=orang, status=TiketPadan.Status.DIKECUALIKAN, kategori=kategori
    )
    if kecuali.filter(sidik__in=("", sidik)).exists():
        return
    TiketPadan.objects.create(
        individu=orang,
        wilayah_id=orang.keluarga.wilayah_id,
        kategori=kategori,
        sidik=sidik,
        keterangan=_berubah(_dulu(lama), kategori) if lama else "",
    )


def laporkan(orang: Individu, kategori: str) -> uuid.UUID | None:
    """Another office says that this person does not match: open a finding, or keep the open one. Its key when it is new.

    The verdict of Dukcapil stays as it is; the next answer closes the finding or confirms it. Runs in the transaction of
    an audited act.
    """
    ada = set(TiketPadan.objects.filter(individu=orang).values_list("pk", flat=True))
    if not TiketPadan.objects.filter(individu=orang, status__in=_TERBUKA).exists():
        _open_ticket(orang, kategori)
    baru = TiketPadan.objects.filter(individu=orang, status__in=_TERBUKA).exclude(pk__in=ada).first()
    return baru.pk if baru else None


def tarik_laporan(tiket: Iterable[uuid.UUID]) -> int:
    """Findings that `laporkan` opened and nobody has worked on, closed because the report was taken back."""
    rows = TiketPadan.objects.filter(pk__in=list(tiket), status=TiketPadan.Status.BUKA)
    return rows.update(
        status=TiketPadan.Status.DITUTUP,
        keterangan=f"Ditutup {_hari()}: laporan dari berkas SIKS-NG ditarik lagi.",
        ditutup_at=timezone.now(),
        updated_at=timezone.now(),
    )


def _changed(tiket: TiketPadan, kategori: str, sidik: str) -> str:
    """Why an open finding starts anew, '' when it is the same one: same category, same identity, nobody said 'mended'."""
    if tiket.status == TiketPadan.Status.DIPERBAIKI:
        if tiket.kategori == kategori:
            return f"Dicek ulang {_hari()} sesudah diperbaiki: hasilnya masih sama."
        return _berubah(_arti(tiket.kategori), kategori)
    if tiket.kategori != kategori:
        return _berubah(_arti(tiket.kategori), kategori)
    if tiket.sidik and tiket.sidik != sidik:
        return f"Berubah sejak {_hari()}: identitas orang ini di portal sudah diubah."
    return ""


def _dulu(tiket: TiketPadan) -> str:
    if tiket.status == TiketPadan.Status.SELESAI:
        return "Sudah padan."
    return _arti(tiket.kategori)


def _arti(kategori: str) -> str:
    return REPAIR[kategori].arti


def _berubah(dulu: str, kategori: str) -> str:
    return f"Berubah sejak {_hari()}. Dulu: {dulu} Sekarang: {_arti(kategori)}"[:300]


def _hari() -> str:
    return tanggal(timezone.localdate())


def _close_tickets(orang: Individu) -> None:
    n = TiketPadan.objects.filter(individu=orang, status__in=_TERBUKA).update(
        status=TiketPadan.Status.SELESAI,
        keterangan=f"Padan dengan Dukcapil pada {_hari()}.",
        ditutup_at=timezone.now(),
        updated_at=timezone.now(),
    )
    if n:
        jam.temuan_ditutup(orang.keluarga_id)


def tutup_yang_keluar(orang: Iterable[uuid.UUID] | None = None) -> int:
    """Close the open findings of people who are no longer active members (all, or these ids). Returns how many.

    For every act that takes people out of a family, in its transaction and with its audit row; the nightly check does
    the rest.
    """
    rows = TiketPadan.objects.filter(status__in=_TERBUKA, individu__aktif=False)
    if orang is not None:
        rows = rows.filter(individu__in=list(orang))
    return rows.update(
        status=TiketPadan.Status.DITUTUP,
        keterangan=f"Ditutup {_hari()}: orang ini bukan anggota keluarga yang aktif lagi.",
        ditutup_at=timezone.now(),
        updated_at=timezone.now(),
    )


def gugurkan_pengecualian(orang: Individu) -> None:
    """A waiver was given for one identity; with another identity two persons have to look again."""
    TiketPadan.objects.filter(individu=orang, status=TiketPadan.Status.DIKECUALIKAN).update(
        status=TiketPadan.Status.GUGUR, updated_at=timezone.now()
    )


def _ticket(tiket: TiketPadan, by: Pengguna, kuasa: str, kalimat: str) -> TiketPadan:
    """The ticket, locked after its family and person: the order in which everybody takes them."""
    orang = Individu.objects.get(pk=tiket.individu_id)
    workflow.lock(Keluarga, orang.keluarga_id)
    workflow.lock(Individu, orang.pk)
    baris: TiketPadan = workflow.lock(TiketPadan, tiket.pk)
    if Individu.objects.filter(
        keluarga=orang.keluarga_id, aktif=True, nik_indeks=by.orang.nik_indeks
    ).exists():
        raise NotAllowed([Halangan("KELUARGA_SENDIRI", "Ini keluarga Anda sendiri. Mintalah petugas lain.")])
    if not by.boleh(kuasa, baris.wilayah_id):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    if baris.status not in _TERBUKA:
        raise NotOpen(
            [
                Halangan(
                    "SUDAH_SELESAI",
                    f"Tiket ini sudah selesai: {baris.get_status_display()}.",
                    "Muat ulang halaman.",
                )
            ]
        )
    return baris


def perbaiki(tiket: TiketPadan, *, by: Pengguna, data: Mapping[str, Any], catatan: str = "") -> TiketPadan:
    """Correct the identity from KK/KTP (`data`: nama, nik, tgl_lahir, jenis_kelamin, tempat_lahir, ibu_kandung) and ask again."""
    with transaction.atomic():
        baris = _ticket(
            tiket, by, "padan.perbaiki", "Identitas diperbaiki oleh operator desa atau petugas Dukcapil."
        )
        orang: Individu = workflow.lock(Individu, baris.individu_id)
        versi.pastikan(orang.keluarga)
        changed = []
        for kolom, nilai in data.items():
            lama = getattr(orang, kolom)
            if (lama.open() if kolom == "nik" and lama else lama) != nilai:
                setattr(orang, kolom, nilai)
                changed.append(kolom)
        if not changed:
            raise GateClosed(
                [
                    Halangan(
                        "TIDAK_BERUBAH",
                        "Belum ada data yang diubah.",
                        "Ubah data sesuai KK/KTP, atau minta pengecualian.",
                    )
                ]
            )
        gugurkan_pengecualian(orang)
        orang.kunci_nama, orang.padan, orang.padan_at = name_key(orang.nama), Individu.Padan.BELUM, None
        try:
            with transaction.atomic():
                orang.save()
        except IntegrityError as error:
            raise NikTaken(
                [
                    Halangan(
                        "NIK_SUDAH_ADA",
                        "NIK ini sudah dipakai orang lain yang aktif.",
                        "Periksa lagi angkanya dengan KTP.",
                    )
                ]
            ) from error
        if orang.hubungan == "1":
            orang.keluarga.nama_kepala = orang.nama
            orang.keluarga.save(update_fields=["nama_kepala", "updated_at"])
        rumah: Keluarga = workflow.lock(Keluarga, orang.keluarga_id)
        rumah.versi += 1
        rumah.save(update_fields=["versi", "updated_at"])
        versi.catat(rumah, aksi="perbaiki_identitas", by=by)
        baris.status, baris.catatan = TiketPadan.Status.DIPERBAIKI, catatan
        baris.sidik, baris.keterangan = identity_fingerprint(orang), ""
        baris.save()
        minta([orang], by=by)
        audit.catat(
            aksi="perbaiki_identitas", objek=orang, by=by, wilayah=baris.wilayah_id,
            peran=by.peran_untuk("padan.perbaiki", baris.wilayah_id), rincian={"kolom": changed},
        )  # fmt: skip
        return baris


@transaction.atomic
def cek_ulang(tiket: TiketPadan, *, by: Pengguna) -> TiketPadan:
    """Ask again about one person, e.g. after Disdukcapil repaired its own register. One open question per person."""
    kuasa = "padan.perbaiki" if by.punya("padan.perbaiki") else "padan.minta"
    baris = _ticket(tiket, by, kuasa, "Cek ulang diminta operator desa, verifikator, atau petugas Dukcapil.")
    orang: Individu = (
        Individu.objects.select_for_update(of=("self",)).select_related("keluarga").get(pk=baris.individu_id)
    )
    if not orang.nik:
        raise GateClosed(
            [
                Halangan(
                    "NIK_KOSONG",
                    "Orang ini belum punya NIK.",
                    "Isi NIK-nya dulu di bagian Perbaiki identitas.",
                )
            ]
        )
    if antre(orang).exists():
        raise NotOpen([Halangan("SUDAH_DIMINTA", "Cek ulang sudah diminta.", "Tunggu jawaban Dukcapil.")])
    minta([orang], by=by)
    audit.catat(aksi="cek_ulang_padan", objek=baris, by=by, wilayah=baris.wilayah_id)
    return baris


@transaction.atomic
def tandai_dukcapil(tiket: TiketPadan, *, by: Pengguna, catatan: str) -> TiketPadan:
    """Disdukcapil says that its own register is right now; the portal asks again and believes the answer only.

    A waiver that somebody asked for stays asked. Raises GateClosed without a note or a NIK to ask about.
    """
    baris = _ticket(
        tiket, by, "padan.dukcapil", "Hanya petugas Disdukcapil yang menandai datanya sudah diperbaiki."
    )
    if not catatan.strip():
        raise GateClosed([Halangan("CATATAN_WAJIB", "Tuliskan apa yang diperbaiki di Dukcapil.")])
    orang: Individu = (
        Individu.objects.select_for_update(of=("self",)).select_related("keluarga").get(pk=baris.individu_id)
    )
    baris.catatan = f"{_hari()}, Disdukcapil: {catatan.strip()}\n\n{baris.catatan}".strip()[:CATATAN_MAKS]
    if orang.nik_indeks and baris.status == TiketPadan.Status.BUKA:
        baris.status, baris.keterangan = TiketPadan.Status.DIPERBAIKI, ""
    baris.save()
    if orang.nik_indeks and not antre(orang).exists():
        minta([orang], by=by)
    audit.catat(
        aksi="tandai_dukcapil", objek=baris, by=by, wilayah=baris.wilayah_id,
        peran=by.peran_untuk("padan.dukcapil", baris.wilayah_id), rincian={"kategori": baris.kategori},
    )  # fmt: skip
    return baris


@transaction.atomic
def minta_kecuali(tiket: TiketPadan, *, by: Pengguna, alasan: str) -> TiketPadan:
    """Ask to let a person pass without padan: a real person must not starve for a wrong register. Needs a second person."""
    baris = _ticket(
        tiket, by, "padan.kecualikan", "Pengecualian diminta oleh operator desa atau verifikator."
    )
    if len(alasan.strip()) < 10:
        raise GateClosed(
            [
                Halangan(
                    "ALASAN_PENDEK", "Tuliskan alasan pengecualian dengan jelas (paling sedikit 10 huruf)."
                )
            ]
        )
    baris.status, baris.pengecualian_alasan = TiketPadan.Status.MINTA_PENGECUALIAN, alasan.strip()[:300]
    baris.pengecualian_by, baris.pengecualian_orang = by, by.orang
    baris.save()
    audit.catat(
        aksi="minta_kecuali",
        objek=baris,
        by=by,
        wilayah=baris.wilayah_id,
        rincian={"kategori": baris.kategori},
    )
    return baris


@transaction.atomic
def setujui_kecuali(tiket: TiketPadan, *, by: Pengguna) -> TiketPadan:
    baris = _ticket(
        tiket, by, "padan.setujui_kecuali", "Pengecualian disetujui verifikator atau supervisor Dinsos."
    )
    if baris.status != TiketPadan.Status.MINTA_PENGECUALIAN:
        raise NotOpen(
            [Halangan("BELUM_DIMINTA", "Belum ada permintaan pengecualian.", "Minta pengecualian dulu.")]
        )
    if baris.pengecualian_orang_id == by.orang_id:
        raise NotAllowed(
            [Halangan("ORANG_SAMA", "Anda yang meminta pengecualian ini. Persetujuan harus dari orang lain.")]
        )
    baris.status, baris.disetujui_by, baris.disetujui_orang = TiketPadan.Status.DIKECUALIKAN, by, by.orang
    baris.save()
    audit.catat(
        aksi="setujui_kecuali",
        objek=baris,
        by=by,
        wilayah=baris.wilayah_id,
        rincian={"kategori": baris.kategori},
    )
    jam.temuan_ditutup(baris.individu.keluarga_id)
    return baris


@transaction.atomic
def tolak_kecuali(tiket: TiketPadan, *, by: Pengguna, catatan: str) -> TiketPadan:
    baris = _ticket(
        tiket, by, "padan.setujui_kecuali", "Pengecualian diputus verifikator atau supervisor Dinsos."
    )
    if baris.status != TiketPadan.Status.MINTA_PENGECUALIAN:
        raise NotOpen(
            [Halangan("BELUM_DIMINTA", "Belum ada permintaan pengecualian.", "Muat ulang halaman.")]
        )
    if not catatan.strip():
        raise GateClosed([Halangan("ALASAN_WAJIB", "Tuliskan alasan menolak pengecualian.")])
    baris.status, baris.catatan = TiketPadan.Status.BUKA, catatan[:2000]
    baris.save()
    audit.catat(
        aksi="tolak_kecuali",
        objek=baris,
        by=by,
        wilayah=baris.wilayah_id,
        rincian={"kategori": baris.kategori},
    )
    return baris
