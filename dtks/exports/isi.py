"""Columns of the lists of the register and of the line. Nothing of PPKS, health or income is in any of them."""

from core.integrations.dukcapil.repair import REPAIR
from dtks.exports.daftar import Kolom, Nomor, hari, kata, keluarga, tempat
from dtks.models import KodeAcuan, Musyawarah, TiketPadan, Usulan
from dtks.models.keluarga import VERSI_KODE
from dtks.workflow import MUSYAWARAH, USULAN

SIAPA = {
    "desa": "Operator desa",
    "disdukcapil": "Disdukcapil, dengan bantuan operator desa",
    "warga": "Warga yang bersangkutan, dibantu operator desa",
}


def nama_program() -> dict[str, str]:
    rows = KodeAcuan.objects.filter(daftar="program_usulan", versi=VERSI_KODE)
    return dict(rows.values_list("kode", "label"))


def kolom_usulan(nomor: Nomor) -> list[Kolom]:
    return [
        Kolom("Tiket", 16, ("tiket",)),
        *keluarga(nomor, "keluarga", "wilayah_id"),
        *tempat(),
        Kolom("Program", 30, ("program",), kata(nama_program())),
        Kolom("Jalur", 14, ("jalur",), kata(dict(Usulan.Jalur.choices))),
        Kolom("Periode", 10, ("periode",)),
        Kolom("Status", 24, ("status",), kata(dict(USULAN.choices()))),
        Kolom("Sejak", 12, ("status_sejak",), hari),
        Kolom("Tenggat", 12, ("tenggat",), hari),
    ]


def kolom_keluarga(nomor: Nomor) -> list[Kolom]:
    return [
        *keluarga(nomor, "", "wilayah_id"),
        *tempat(),
        Kolom("Jumlah anggota", 10, ("n_anggota",), lambda n: str(n or 0)),
        Kolom(
            "Status",
            20,
            ("status",),
            kata({"calon": "Calon", "terdaftar": "Terdaftar", "nonaktif": "Nonaktif"}),
        ),
        Kolom("Terakhir diubah", 14, ("updated_at",), hari),
    ]


def kolom_padan(nomor: Nomor) -> list[Kolom]:
    return [
        Kolom("Nama", 28, ("individu__nama",)),
        Kolom("NIK", 19, ("individu__nik", "individu__pk", "wilayah_id"), nomor.nik),
        Kolom("Masalah", 50, ("kategori",), lambda k: REPAIR[k].arti),
        Kolom("Langkah berikutnya", 60, ("kategori",), lambda k: REPAIR[k].langkah),
        Kolom("Yang memperbaiki", 30, ("kategori",), lambda k: SIAPA[REPAIR[k].siapa]),
        Kolom("Status", 30, ("status",), kata(dict(TiketPadan.Status.choices))),
        Kolom("Sejak", 12, ("created_at",), hari),
        *tempat(),
    ]


def kolom_musyawarah(nomor: Nomor) -> list[Kolom]:
    return [
        Kolom("Tanggal", 12, ("waktu",), hari),
        Kolom("Jenis", 24, ("jenis",), kata(dict(Musyawarah.Jenis.choices))),
        *tempat(),
        Kolom("Tempat", 28, ("tempat",)),
        Kolom("Pimpinan", 26, ("pimpinan",)),
        Kolom("Agenda", 40, ("agenda",)),
        Kolom("Status", 26, ("status",), kata(dict(MUSYAWARAH.choices()))),
        *(
            Kolom(judul, 10, (sumber,), lambda n: str(n or 0))
            for judul, sumber in (
                ("Usulan dibahas", "n_usulan"),
                ("Disepakati", "n_sepakat"),
                ("Tidak disepakati", "n_tolak"),
            )
        ),
    ]
