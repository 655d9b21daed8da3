"""A signed eligibility list of invented families, for tests that need one and not the engine behind it."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Pengguna
from bansos.models import AturanProgram, BarisDaftar, DaftarKelayakan, SebabDaftar
from core import audit, files
from dtks.models import Keluarga
from tests.bantu.pemain import DESA, KABUPATEN


@transaction.atomic
def keluarga_banyak(n: int, desa: str = DESA, awal: int = 0) -> list[Keluarga]:
    baris = []
    for i in range(n):
        satu = Keluarga(
            nama_kepala=f"Kepala {awal + i:04d}", wilayah_id=desa, alamat="Kampung Uji", rt="001", rw="001", status="terdaftar"
        )  # fmt: skip
        satu.no_kk = f"320501{awal + i:010d}"
        baris.append(satu)
    audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None)
    return Keluarga.objects.bulk_create(baris)


@transaction.atomic
def daftar_sah(
    program: str, periode: str, keluarga: list[Keluarga], *, layak: int, manfaat: int = 1_000_000, wilayah: str = KABUPATEN
) -> DaftarKelayakan:  # fmt: skip
    """Rank is the order of `keluarga`; the first `layak` are in, the others wait."""
    kadis = Pengguna.objects.get(username="kadis")
    aturan = AturanProgram.objects.filter(program=program).order_by("-versi").first() or AturanProgram.objects.create(
        program_id=program, versi=1, isi={}, berlaku_sejak=date(2025, 1, 1), dasar_hukum="Uji", sumber="Uji"
    )  # fmt: skip
    daftar = DaftarKelayakan.objects.create(
        program_id=program, wilayah_id=wilayah, periode=periode, aturan=aturan, kuota=layak, snapshot="uji", sidik=b"",
        jumlah={"layak": layak, "daftar_tunggu": len(keluarga) - layak, "tidak_layak": 0, "manfaat": layak * manfaat},
    )  # fmt: skip
    SebabDaftar.objects.create(
        daftar=daftar,
        nomor=1,
        isi=[{"kode": "UJI", "kalimat": "Uji.", "cocok": True, "sumber": "Uji", "saran": ""}],
    )
    BarisDaftar.objects.bulk_create(
        BarisDaftar(
            id=UUID(f"{daftar.pk.hex[:16]}{i:016x}"), daftar=daftar, keluarga=k, wilayah_id=k.wilayah_id, nama_kepala=k.nama_kepala, desil=1, peringkat=i,
            hasil="layak" if i <= layak else "daftar_tunggu", manfaat=manfaat, sebab=1,
        )
        for i, k in enumerate(keluarga, start=1)
    )  # fmt: skip
    berkas = files.store(b"{}\n", jenis="daftar", nama="daftar.ndjson", mime="application/x-ndjson", wilayah=wilayah, by_id=str(kadis.pk))  # fmt: skip
    daftar.sidik, daftar.status, daftar.berkas = b"0" * 32, "ditandatangani", berkas
    daftar.ditandatangani_by, daftar.ditandatangani_at = kadis, timezone.now()
    daftar.save()
    audit.catat(aksi="uji_daftar", objek=daftar, by=None, wilayah=wilayah)
    return daftar
