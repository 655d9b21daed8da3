"""The lists of the Dinas that can be downloaded, each with the filter of its page."""

from typing import Any

from django.db.models import QuerySet

from bansos import exports
from bansos.forms import SaringAntrean, SaringKetat, SaringPengesahan, SaringSK
from bansos.models import BarisPenetapan, PengesahanUsulan
from bansos.queries import penetapan as baca
from bansos.queries.antrean import KUASA, antrean, antrean_awal, luas
from dtks.exports.daftar import Daftar, Permintaan, Tersaring, daftarkan, dengan_kepala, uraian


def _hasil(saring: SaringKetat, rows: QuerySet[Any], jalan: str) -> Tersaring:
    hasil = uraian(saring.form, saring.nilai, kecuali=("daftar",))
    return Tersaring(dengan_kepala(rows, jalan), hasil.kata, hasil.catat)


def _antrean(permintaan: Permintaan) -> Tersaring:
    user = permintaan.user
    saring = SaringAntrean(
        permintaan,
        antrean(user),
        luas=luas(user),
        awal={"antrean": antrean_awal(user)},  # type: ignore[arg-type]
    )
    return _hasil(saring, saring.qs, "keluarga")


def _pengesahan(permintaan: Permintaan) -> Tersaring:
    saring = SaringPengesahan(permintaan, baca.daftar_pengesahan(permintaan.user))  # type: ignore[arg-type]
    rows = PengesahanUsulan.objects.filter(pengesahan__in=saring.qs.order_by().values("pk"))
    return _hasil(saring, rows, "usulan__keluarga")


def _sk(permintaan: Permintaan) -> Tersaring:
    saring = SaringSK(permintaan, baca.daftar_sk(permintaan.user))  # type: ignore[arg-type]
    rows = BarisPenetapan.objects.filter(penetapan__in=saring.qs.order_by().values("pk"))
    return _hasil(saring, rows, "usulan__keluarga")


ANTREAN = daftarkan(
    Daftar(
        "verifikasi", "Antrean verifikasi", "dtks.Usulan", "verifikasi", KUASA,
        _antrean, exports.kolom_antrean, ("urut_tenggat", "status_sejak", "pk"),
    )
)  # fmt: skip
PENGESAHAN = daftarkan(
    Daftar(
        "pengesahan", "Daftar pengesahan", "bansos.PengesahanUsulan", "penetapan", ("penetapan.lihat",),
        _pengesahan, exports.kolom_pengesahan, ("-pengesahan__created_at", "usulan__wilayah_id", "usulan__keluarga__nama_kepala", "pk"),
    )
)  # fmt: skip
SK = daftarkan(
    Daftar(
        "sk", "Daftar penetapan (SK)", "bansos.BarisPenetapan", "penetapan", ("penetapan.lihat",),
        _sk, exports.kolom_sk, ("-penetapan__created_at", "usulan__wilayah_id", "usulan__keluarga__nama_kepala", "pk"),
    )
)  # fmt: skip
