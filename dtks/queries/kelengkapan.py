"""How complete is the form of a family, and what is missing, in the words of the form."""

from dataclasses import dataclass

from core import rules
from dtks.models import Individu, Keluarga, Rumah

_WAJIB_INDIVIDU = (
    "nama",
    "tgl_lahir",
    "jenis_kelamin",
    "hubungan",
    "status_kawin",
    "ibu_kandung",
    "tempat_lahir",
    "keberadaan",
    "partisipasi_sekolah",
)
_WAJIB_KERJA = ("bekerja",)
_WAJIB_RUMAH = ("status_rumah", "luas_lantai", "lantai", "dinding", "atap", "air_minum", "penerangan", "memasak", "bab")  # fmt: skip
UMUR_KERJA = 15


@dataclass(frozen=True)
class Kelengkapan:
    """`persen` 0..100; `kurang` sentences; empty = complete."""

    persen: int
    kurang: list[str]


def _label(model: type, kolom: str) -> str:
    return str(model._meta.get_field(kolom).verbose_name)  # type: ignore[attr-defined]


def hitung(keluarga: Keluarga) -> Kelengkapan:
    """Completeness of one family: members, dwelling, assets, photos."""
    checks: list[tuple[bool, str]] = [
        (bool(keluarga.no_kk), "Nomor KK belum diisi."),
        (bool(keluarga.alamat), "Alamat tinggal belum diisi."),
    ]
    anggota = list(keluarga.anggota.filter(aktif=True))
    kepala = [a for a in anggota if a.hubungan == "1"]
    checks.append((len(kepala) == 1, "Belum ada anggota dengan hubungan “Kepala keluarga”."))
    for orang in anggota:
        wajib: tuple[str, ...] = _WAJIB_INDIVIDU
        lahir = orang.tgl_lahir
        if lahir and (keluarga.created_at.date() - lahir).days >= UMUR_KERJA * 365:
            wajib += _WAJIB_KERJA
        checks += [
            (getattr(orang, kolom) not in ("", None), f"{orang.nama}: {_label(Individu, kolom)} belum diisi.")
            for kolom in wajib
        ]
        checks.append((bool(orang.nik) or bool(orang.tanpa_nik_alasan), f"{orang.nama}: NIK belum diisi."))
    rumah = Rumah.objects.filter(keluarga=keluarga).first()
    checks += [
        (
            rumah is not None and getattr(rumah, kolom) not in ("", None),
            f"Rumah: {_label(Rumah, kolom)} belum diisi.",
        )
        for kolom in _WAJIB_RUMAH
    ]
    checks.append((keluarga.aset.exists(), "Aset belum diisi (isi 0 bila tidak punya)."))
    ada = set(keluarga.foto.values_list("jenis", flat=True))
    for jenis in rules.value("foto.wajib", keluarga.wilayah_id):
        checks.append((jenis in ada, f"Foto {jenis.replace('_', ' ')} belum ada."))
    ok = sum(1 for passed, _ in checks if passed)
    return Kelengkapan(ok * 100 // len(checks), [kalimat for passed, kalimat in checks if not passed])
