"""The history of a family as people read it: each change with its day, its person and what was different before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from accounts.models import Pengguna
from core.identity import mask_nik
from dtks.models import VERSI_KODE, Individu, Keluarga, KodeAcuan, Peristiwa, Rumah, VersiKeluarga

AKSI = {
    "awal": "Keadaan awal",
    "buat_keluarga": "Keluarga dicatat",
    "ubah_keluarga": "Isian keluarga diubah",
    "simpan_anggota": "Isian anggota diubah",
    "keluarkan_anggota": "Anggota dikeluarkan dari isian",
    "simpan_rumah": "Isian rumah diubah",
    "simpan_aset": "Isian aset diubah",
    "tambah_foto": "Foto ditambah",
    "ganti_foto": "Foto diganti",
    "hapus_foto": "Foto dihapus",
    "daftarkan_keluarga": "Keluarga terdaftar",
    "gabungkan": "Digabung dengan data lain dari orang yang sama",
    "pisahkan": "Penggabungan dibatalkan",
    "impor": "Diubah lewat impor berkas",
    "batal_impor": "Impor berkas dibatalkan",
    "perbaiki_identitas": "Identitas diperbaiki dari antrean padan NIK",
}
KODE = {
    "usaha_lapangan": "lapangan_usaha",
    "daya_2": "daya",
    "daya_3": "daya",
    "tanpa_nik_alasan": "alasan_tanpa_nik",
}
NOMOR = {"nik", "no_kk", "telepon"}
SEBUTAN = {
    "aktif": "masih tercatat",
    "nonaktif_alasan": "sebab tidak tercatat lagi",
}  # columns without a field in a form
HALAMAN = 30
TERTUTUP = "(tidak ditampilkan)"


@dataclass(frozen=True)
class Beda:
    """One answer that changed: the words of the form before and after."""

    label: str
    sebelum: str
    sesudah: str


@dataclass(frozen=True)
class Kejadian:
    """One change of the family, newest first on the page."""

    judul: str
    waktu: datetime
    oleh: str
    tanggal: date | None = None
    dasar: str = ""
    keterangan: str = ""
    berkas: UUID | None = None
    terkait: list[tuple[str, UUID]] = field(
        default_factory=list
    )  # other families, as the reader may open them
    beda: list[Beda] = field(default_factory=list)


def riwayat(
    keluarga: Keluarga, *, by: Pengguna, sebelum: int | None = None, maks: int = HALAMAN
) -> tuple[list[Kejadian], int | None]:
    """Changes of a family that `by` sees, at most `maks` of them below version `sebelum`; and where the next page starts.

    Numbers are masked. Answers of the class `spesifik` (health, income) show their values only to who may change them.
    """
    rows = VersiKeluarga.objects.filter(keluarga=keluarga).select_related("oleh").order_by("-versi")
    if sebelum is not None:
        rows = rows.filter(versi__lt=sebelum)
    versi = list(rows[: maks + 1])
    peristiwa = _peristiwa(keluarga, by)
    baca = _Baca(by.boleh("keluarga.ubah", keluarga.wilayah_id))
    hasil = []
    for i, satu in enumerate(versi[:maks]):
        lama = versi[i + 1].open() if i + 1 < len(versi) else {}
        beda = baca.beda(lama, satu.open()) if lama else []
        hasil.append(_kejadian(satu, beda, peristiwa.get(satu.versi)))
    return hasil, versi[maks - 1].versi if len(versi) > maks else None


def _peristiwa(keluarga: Keluarga, by: Pengguna) -> dict[int, tuple[Peristiwa, list[tuple[str, UUID]]]]:
    """Records by the version of this family that they made; with the other family where the reader may open it."""
    rows = Peristiwa.objects.filter(Q(keluarga=keluarga) | Q(tujuan=keluarga)).select_related(
        "keluarga", "tujuan", "individu"
    )
    lihat = set(
        Keluarga.objects.visible_to(by)
        .filter(pk__in=[pk for r in rows for pk in (r.keluarga_id, r.tujuan_id) if pk])
        .values_list("pk", flat=True)
    )
    hasil = {}
    for r in rows:
        lain = r.tujuan if r.keluarga_id == keluarga.pk else r.keluarga
        terkait = (
            [(lain.nama_kepala, lain.pk)] if lain and lain.pk != keluarga.pk and lain.pk in lihat else []
        )
        nomor = r.versi_sesudah if r.keluarga_id == keluarga.pk else r.rincian.get("versi_tujuan")
        if nomor is not None:
            hasil[nomor] = (r, terkait)
    return hasil


def _kejadian(
    versi: VersiKeluarga, beda: list[Beda], catatan: tuple[Peristiwa, list[tuple[str, UUID]]] | None
) -> Kejadian:
    oleh = versi.oleh.nama if versi.oleh else "sistem"
    if catatan is None:
        return Kejadian(AKSI.get(versi.aksi, "Data diubah"), versi.created_at, oleh, beda=beda)
    satu, terkait = catatan
    siapa = f": {satu.individu.nama}" if satu.individu else ""
    return Kejadian(
        judul=f"{satu.get_jenis_display()}{siapa}",
        waktu=versi.created_at,
        oleh=oleh,
        tanggal=satu.tanggal,
        dasar=" ".join(b for b in (satu.get_dasar_jenis_display(), satu.dasar_nomor) if b),
        keterangan=satu.keterangan,
        berkas=satu.berkas_id,
        terkait=terkait,
        beda=beda,
    )


class _Baca:
    """Turns two versions into differences in words. Code lists are read once."""

    def __init__(self, semua: bool):
        self._semua = semua
        self._kata: dict[str, dict[str, str]] = {}
        for daftar, kode, label in KodeAcuan.objects.filter(versi=VERSI_KODE).values_list(
            "daftar", "kode", "label"
        ):
            self._kata.setdefault(daftar, {})[kode] = label

    def beda(self, lama: Mapping[str, Any], baru: Mapping[str, Any]) -> list[Beda]:
        hasil = self._kolom(Keluarga, lama["keluarga"], baru["keluarga"])
        for pk in dict.fromkeys([*lama["anggota"], *baru["anggota"]]):
            a, b = lama["anggota"].get(pk), baru["anggota"].get(pk)
            nama = str((b or a or {}).get("nama", ""))
            if a is None or b is None:
                hasil.append(
                    Beda(nama, "tercatat" if a else "–", "tercatat" if b else "tidak lagi di keluarga ini")
                )
            else:
                hasil += self._kolom(Individu, a, b, awalan=f"{nama}: ")
        hasil += self._kolom(Rumah, lama["rumah"], baru["rumah"], awalan="Rumah: ")
        hasil += [
            Beda(
                f"Aset: {self._kata.get('aset', {}).get(k, k)}",
                str(lama["aset"].get(k, "–")),
                str(baru["aset"].get(k, "–")),
            )
            for k in dict.fromkeys([*lama["aset"], *baru["aset"]])
            if lama["aset"].get(k) != baru["aset"].get(k)
        ]
        return hasil + self._foto(lama["foto"], baru["foto"])

    def _foto(self, lama: Mapping[str, str], baru: Mapping[str, str]) -> list[Beda]:
        kata = self._kata.get("foto_keluarga", {})
        hilang = [
            Beda(f"Foto: {kata.get(j, j)}", "ada", "dihapus") for pk, j in lama.items() if pk not in baru
        ]
        return hilang + [
            Beda(f"Foto: {kata.get(j, j)}", "–", "baru") for pk, j in baru.items() if pk not in lama
        ]

    def _kolom(
        self, model: type[models.Model], lama: Mapping[str, Any], baru: Mapping[str, Any], awalan: str = ""
    ) -> list[Beda]:
        hasil = []
        for kolom in dict.fromkeys([*lama, *baru]):
            a, b = lama.get(kolom), baru.get(kolom)
            if a == b:
                continue
            nama = SEBUTAN.get(kolom) or model._meta.get_field(kolom).verbose_name  # type: ignore[union-attr]
            label = f"{awalan}{nama}"
            if model.KLASIFIKASI[kolom] == "spesifik" and not self._semua:  # type: ignore[attr-defined]
                hasil.append(Beda(_besar(label), TERTUTUP, TERTUTUP))
            else:
                hasil.append(Beda(_besar(label), self._nilai(kolom, a), self._nilai(kolom, b)))
        return hasil

    def _nilai(self, kolom: str, nilai: Any) -> str:
        if nilai in (None, "", []):
            return "–"
        if kolom in NOMOR:
            return mask_nik(nilai) if kolom != "telepon" else f"{nilai[:5]}…{nilai[-3:]}"
        if isinstance(nilai, bool):
            return "ya" if nilai else "tidak"
        kata = self._kata.get(KODE.get(kolom, kolom), {})
        if isinstance(nilai, list):
            return ", ".join(kata.get(str(n), str(n)) for n in nilai)
        return kata.get(
            str(nilai), str(nilai).replace("_", " ") if kolom == "nonaktif_alasan" else str(nilai)
        )


def _besar(teks: str) -> str:
    return teks[:1].upper() + teks[1:]


def nama_kepala_dulu(keluarga: Keluarga, pada: datetime) -> str:
    """The head's name as the register had it then; the oldest name that is kept where nothing is that old."""
    rows = VersiKeluarga.objects.filter(keluarga=keluarga)
    versi = rows.filter(created_at__lte=pada).order_by("-versi").first() or rows.order_by("versi").first()
    return str(versi.open()["keluarga"].get("nama_kepala", "")) if versi else keluarga.nama_kepala
