"""Reading for duplicates: persons as the rules compare them, and two persons side by side as one reader may see them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from accounts.models import Pengguna
from core import duplicates, rules
from core.privacy.keys import blind_index
from core.templatetags.ui import tanggal
from dtks.models import CalonGanda, Individu, Keluarga, KodeAcuan, Usulan
from dtks.queries.desa import sebutan_desa

CHUNK = 2000
KOLOM_BANDING = ("nik", "nama", "tgl_lahir", "jenis_kelamin", "ibu_kandung")
# What may be taken over from the row that gives way.
KOLOM_PILIH = ("nama", "nik", "tempat_lahir", "tgl_lahir", "jenis_kelamin", "ibu_kandung")

KALIMAT: dict[str, str] = {
    "nama_sama": "Namanya sama (ejaan dan gelar diabaikan).",
    "nama_mirip_sekali": "Namanya beda satu-dua huruf.",
    "nama_bagian": "Nama yang satu bagian dari nama yang lain.",
    "nama_satu_kata": "Nama yang satu hanya satu kata dari nama yang lain.",
    "nama_mirip": "Namanya agak mirip.",
    "nama_beda": "Namanya berbeda.",
    "lahir_sama": "Tanggal lahirnya sama.",
    "lahir_tertukar": "Hari dan bulan lahirnya tertukar.",
    "lahir_satu_angka": "Tanggal lahirnya beda satu angka.",
    "lahir_tahun_dekat": "Tahun lahirnya selisih satu, hari dan bulannya sama.",
    "lahir_baku": "Tahun lahirnya sama; salah satu memakai tanggal perkiraan.",
    "lahir_tahun_sama": "Tahun lahirnya sama, tanggalnya berbeda.",
    "lahir_beda": "Tanggal lahirnya berbeda.",
    "ibu_sama": "Nama ibunya sama.",
    "ibu_mirip": "Nama ibunya beda satu-dua huruf.",
    "ibu_bagian": "Nama ibu yang satu bagian dari yang lain.",
    "ibu_satu_kata": "Nama ibu yang satu hanya satu kata dari yang lain.",
    "ibu_kosong": "Nama ibunya tidak bisa dibandingkan.",
    "ibu_beda": "Nama ibunya berbeda.",
    "nik_sama": "NIK-nya sama.",
    "nik_satu_angka": "NIK-nya beda satu angka atau dua angka tertukar.",
    "nik_dua_angka": "NIK-nya beda dua angka.",
    "nik_seri": "NIK-nya hanya beda di empat angka terakhir.",
    "nik_daerah": "NIK-nya beda di kode daerah; ini biasa pada orang yang berbeda.",
    "nik_tanggal": "NIK-nya beda di tanggal lahir.",
    "nik_urut": "NIK-nya berurutan; ini biasa pada saudara kembar.",
    "nik_kosong": "Salah satu belum punya NIK.",
    "nik_beda": "NIK-nya berbeda.",
    "kelamin_beda": "Jenis kelaminnya berbeda.",
    "sekeluarga": "Keduanya di satu keluarga, jadi mungkin saudara.",
    "mungkin_kembar": "Mungkin saudara kembar.",
}


def ambang(wilayah: str) -> tuple[int, int]:
    """(points from which somebody has to look, points of a strong pair)."""
    nilai = rules.value("ganda.ambang", wilayah)
    return int(nilai["tinjau"]), int(nilai["kuat"])


def sosok(orang: Individu) -> duplicates.Person:
    """One person as the rules compare him. Holds the NIK in plain text: never store, log or show it."""
    sealed: Any = orang.nik
    return duplicates.person(
        id=orang.pk,
        nik=sealed.open() if sealed else "",
        nama=orang.nama,
        lahir=orang.tgl_lahir,
        kelamin=orang.jenis_kelamin,
        ibu=orang.ibu_kandung,
        keluarga=orang.keluarga_id,
    )


def aliran(rows: QuerySet[Individu]) -> Iterator[duplicates.Person]:
    """The slice, read in chunks; only what is compared leaves the database."""
    for satu in rows.only("pk", "keluarga_id", *KOLOM_BANDING).iterator(chunk_size=CHUNK):
        yield sosok(satu)


def sidik(a: duplicates.Person, b: duplicates.Person) -> bytes:
    """Names what was compared, with a key: the same for the pair in either order."""
    satu = ["|".join(map(str, (p.id, p.nik, p.nama, p.lahir, p.kelamin, p.ibu))) for p in (a, b)]
    return blind_index("\n".join(sorted(satu)), "ganda")


def potret(orang: Individu) -> dict[str, Any]:
    """All columns of a person as JSON values, the NIK open. Only for sealing or for a keyed fingerprint."""
    isi = {}
    for kolom in Individu._meta.concrete_fields:
        if kolom.name == "nik_indeks":
            continue
        nilai = getattr(orang, kolom.attname)
        if hasattr(nilai, "open"):
            nilai = nilai.open()
        # Written out here: the JSON encoder would cut a moment to milliseconds, and back must mean exactly back.
        isi[kolom.attname] = nilai.isoformat() if isinstance(nilai, date) else nilai
    return isi


def sidik_sesudah(orang: Iterable[Individu]) -> bytes:
    """Fingerprint of the persons apart from what the machine changes by itself (the registry's answer, the clock)."""
    isi = [
        {k: v for k, v in potret(o).items() if k not in ("padan", "padan_at", "updated_at")} for o in orang
    ]
    return blind_index(
        json.dumps(sorted(isi, key=lambda i: str(i["id"])), sort_keys=True, cls=DjangoJSONEncoder), "gabung"
    )


# --- side by side ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Baris:
    label: str
    kiri: str
    kanan: str
    kata: str  # 'sama', 'berbeda', 'mirip', 'belum diisi'


@dataclass
class Sisi:
    """One of the two as this reader may see it; `penuh` is False for a person of another village: then nothing is here."""

    judul: str
    penuh: bool
    orang: Individu | None = None
    desa: str = ""
    keluarga: Keluarga | None = None
    anggota: list[str] = field(default_factory=list)
    usulan: list[Usulan] = field(default_factory=list)
    bantuan: list[str] = field(default_factory=list)
    foto: list[Any] = field(default_factory=list)
    buka_nik: bool = False


def banding(by: Pengguna, calon: CalonGanda) -> tuple[list[Sisi], list[Baris], list[str]]:
    """Both sides, the rows field by field, and the reasons in sentences."""
    sisi = [_sisi(by, o, n) for o, n in ((calon.pertama, "Orang pertama"), (calon.kedua, "Orang kedua"))]
    return sisi, _baris(calon, sisi), [KALIMAT[k] for k in calon.alasan if k in KALIMAT]


def tampak(by: Pengguna, orang: Individu) -> bool:
    return by.boleh("padan.lihat", orang.keluarga.wilayah_id)


def _sisi(by: Pengguna, orang: Individu, judul: str) -> Sisi:
    keluarga = orang.keluarga
    if not tampak(by, orang):
        return Sisi(f"{judul}: warga desa lain", False)
    hasil = Sisi(judul, True, orang, sebutan_desa(keluarga.wilayah))
    if by.boleh("keluarga.lihat", keluarga.wilayah_id):
        hasil.keluarga = keluarga
        hasil.buka_nik = orang.nik_indeks is not None and by.boleh("nik.buka", keluarga.wilayah_id)
        hasil.anggota = [o.nama for o in keluarga.anggota.filter(aktif=True)]
        hasil.usulan = list(
            Usulan.objects.visible_to(by).filter(keluarga=keluarga).order_by("-created_at", "pk")
        )
        program = dict(KodeAcuan.objects.filter(daftar="program_usulan").values_list("kode", "label"))
        for satu in hasil.usulan:
            satu.nama_program = program.get(satu.program, satu.program)  # type: ignore[attr-defined]
        daftar = dict(KodeAcuan.objects.filter(daftar="bantuan").values_list("kode", "label"))
        hasil.bantuan = [daftar.get(k, k) for k in keluarga.bantuan or []]
        hasil.foto = list(keluarga.foto.all())
    return hasil


def _baris(calon: CalonGanda, sisi: list[Sisi]) -> list[Baris]:
    a, b = calon.pertama, calon.kedua
    kata = {k.split("_")[0]: k for k in calon.alasan}
    jk = dict(KodeAcuan.objects.filter(daftar="jenis_kelamin").values_list("kode", "label"))
    rows: list[tuple[str, Any, Any, str]] = [
        ("Nama", a.nama, b.nama, _kata(a.nama, b.nama, kata.get("nama", ""))),
        ("NIK", a.nik or "", b.nik or "", _kata(a.nik_indeks, b.nik_indeks, kata.get("nik", ""))),
        ("Tempat lahir", a.tempat_lahir, b.tempat_lahir, _kata(a.tempat_lahir, b.tempat_lahir)),
        (
            "Tanggal lahir",
            tanggal(a.tgl_lahir),
            tanggal(b.tgl_lahir),
            _kata(a.tgl_lahir, b.tgl_lahir),
        ),
        (
            "Jenis kelamin",
            jk.get(a.jenis_kelamin, ""),
            jk.get(b.jenis_kelamin, ""),
            _kata(a.jenis_kelamin, b.jenis_kelamin),
        ),
        (
            "Nama ibu kandung",
            a.ibu_kandung,
            b.ibu_kandung,
            _kata(a.ibu_kandung, b.ibu_kandung, kata.get("ibu", "")),
        ),
    ]
    hasil = [_satu(label, x, y, kata_, sisi) for label, x, y, kata_ in rows]
    if all(s.penuh for s in sisi):
        ka, kb = a.keluarga, b.keluarga
        hasil += [
            _satu("Nomor KK", ka.no_kk or "", kb.no_kk or "", _kata(ka.no_kk_indeks, kb.no_kk_indeks), sisi),
            _satu("Alamat", ka.alamat, kb.alamat, _kata(ka.alamat, kb.alamat), sisi),
            _satu(
                "Desa",
                sebutan_desa(ka.wilayah),
                sebutan_desa(kb.wilayah),
                _kata(ka.wilayah_id, kb.wilayah_id),
                sisi,
            ),
            _satu(
                "Cek Dukcapil", a.get_padan_display(), b.get_padan_display(), _kata(a.padan, b.padan), sisi
            ),
        ]
    return hasil


def _satu(label: str, kiri: Any, kanan: Any, kata: str, sisi: list[Sisi]) -> Baris:
    nilai = [
        (str(n) or "belum diisi") if s.penuh else "disamarkan"
        for n, s in zip((kiri, kanan), sisi, strict=True)
    ]
    return Baris(label, nilai[0], nilai[1], kata)


def _kata(a: Any, b: Any, kode: str = "") -> str:
    a, b = (bytes(x) if isinstance(x, memoryview) else x.upper() if isinstance(x, str) else x for x in (a, b))
    if not a or not b:
        return "belum diisi"
    if a == b:
        return "sama"
    return "mirip" if kode and not kode.endswith(("beda", "daerah", "urut", "kosong")) else "berbeda"
