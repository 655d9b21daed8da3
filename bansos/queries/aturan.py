"""The conditions of a programme against what is known of a family, each as a sentence with its value, source and date.

The decile against its limit, one programme a month, who belongs to the group, what is received already, and what the
newest eligibility list of the programme says (quota, exclusion lists). Nothing here decides.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.models import Pengguna
from bansos.models import Program
from bansos.queries import aturan_program, daftar
from bansos.queries.bantuan import Bantuan
from core import rules
from core.models import Ketentuan
from core.terbilang import periode_kata
from dtks.models import Desil, Individu, Usulan
from dtks.queries import satu_program
from dtks.queries.kelengkapan import umur

BAIK, BURUK, BELUM = "baik", "buruk", "belum"
LANSIA, USIA_DINI, SEKOLAH = 60, 6, (7, 21)  # Permensos 1/2018 Pasal 3-5; UU 13/1998 Pasal 1


@dataclass(frozen=True)
class Aturan:
    """`hasil`: baik (met), buruk (not met), belum (not known)."""

    kalimat: str
    hasil: str
    sumber: str = ""
    sejak: date | None = None


def aturan(usulan: Usulan, user: Pengguna, anggota: list[Individu], bantuan: Bantuan) -> list[Aturan]:
    program = Program.objects.filter(pk=usulan.program).first()
    return [
        *([_berlaku(program)] if program else []),
        _desil(usulan),
        *_kelompok(usulan, user, anggota, program),
        _satu_program(usulan, user),
        *_sudah_terima(usulan, bantuan),
        *daftar_terakhir(usulan, user),
    ]


def _aturan(kunci: str, wilayah: str) -> Ketentuan | None:
    try:
        return rules.in_force(kunci, wilayah)
    except rules.RuleMissing:
        return None


def _berlaku(program: Program) -> Aturan:
    hari = timezone.localdate()
    jalan = program.berlaku_sejak <= hari and (
        program.berlaku_hingga is None or hari <= program.berlaku_hingga
    )
    kata = "berjalan" if jalan else "tidak berjalan lagi"
    return Aturan(
        f"Program {program.nama.removeprefix('Program ')} {kata}.",
        BAIK if jalan else BURUK,
        program.dasar_hukum,
        program.berlaku_sejak,
    )


def _desil(usulan: Usulan) -> Aturan:
    batas = aturan_program.batas_desil(usulan.program, usulan.wilayah_id, timezone.localdate())
    desil = Desil.objects.filter(keluarga=usulan.keluarga_id).order_by("-tahun", "-triwulan").first()
    if batas is None:
        return Aturan("Program ini tidak punya batas desil di portal.", BELUM)
    maks, sumber, sejak = batas[0], batas[1].dasar_hukum, batas[1].berlaku_sejak
    if desil is None:
        kalimat = f"Desil keluarga ini belum ada; program ini untuk desil 1 sampai {maks}."
        return Aturan(kalimat, BELUM, sumber, sejak)
    pada = periode_kata(f"{desil.tahun}-{desil.triwulan}")
    cocok = desil.desil <= maks
    kata = "masuk" if cocok else "di atas"
    return Aturan(
        f"Desil {desil.desil} ({pada}, {desil.sumber}) {kata} batas program, yaitu desil 1 sampai {maks}.",
        BAIK if cocok else BURUK, sumber, sejak,
    )  # fmt: skip


def daftar_terakhir(usulan: Usulan, user: Pengguna) -> list[Aturan]:
    """What the newest eligibility list of the programme says of this family, as far as this person may read it."""
    if not user.boleh("kelayakan.lihat", usulan.wilayah_id):
        return []
    rows = daftar.milik_keluarga(usulan.keluarga, usulan.program)
    if not rows:
        return [
            Aturan(
                "Keluarga ini belum ada di daftar kelayakan program ini, jadi kuotanya belum dihitung.", BELUM
            )
        ]
    satu = min(daftar.untuk(rows, user), key=lambda b: b.peringkat or 1_000_000_000)
    pada, tempat = (
        periode_kata(satu.daftar.periode),
        f", peringkat {satu.peringkat}" if satu.peringkat else "",
    )
    kalimat = f"Di daftar kelayakan {pada}: {satu.get_hasil_display().lower()}{tempat}."
    sebab = " ".join(str(a["kalimat"]) for a in satu.alasan if not a["cocok"])  # type: ignore[attr-defined]
    hasil = {"layak": BAIK, "tidak_layak": BURUK}.get(satu.hasil, BELUM)
    return [
        Aturan(
            f"{kalimat} {sebab}".strip(), hasil, f"Daftar {satu.daftar}, {satu.daftar.get_status_display().lower()}",
            timezone.localdate(satu.daftar.created_at),
        )
    ]  # fmt: skip


def _kelompok(
    usulan: Usulan, user: Pengguna, anggota: list[Individu], program: Program | None
) -> list[Aturan]:
    """Who in the family belongs to the group of the programme. Health is told only to those who may read it."""
    hari = timezone.localdate()
    usia = [u for a in anggota if (u := umur(a.tgl_lahir, hari)) is not None]
    lansia = sum(u >= LANSIA for u in usia)
    sumber = program.dasar_hukum if program else ""
    if usulan.program == "APBD-LANSIA":
        kata = (
            f"Ada {lansia} anggota berumur {LANSIA} tahun ke atas."
            if lansia
            else f"Tidak ada anggota berumur {LANSIA} tahun ke atas."
        )
        return [Aturan(kata, BAIK if lansia else BURUK, sumber)]
    if usulan.program != "PKH":
        return []
    dini = sum(u <= USIA_DINI for u in usia)
    sekolah = sum(SEKOLAH[0] <= u <= SEKOLAH[1] for u in usia)
    ada = dini or sekolah or lansia
    isi = f"anak usia dini {dini}, umur sekolah {sekolah}, lanjut usia {lansia}"
    if user.boleh("keluarga.ubah", usulan.keluarga.wilayah_id) or user.boleh(
        "ppks.sensitif", usulan.keluarga.wilayah_id
    ):
        hamil, cacat = sum(bool(a.hamil) for a in anggota), sum(bool(a.disabilitas) for a in anggota)
        ada = ada or hamil or cacat
        isi += f", hamil {hamil}, disabilitas {cacat}"
        hasil = BAIK if ada else BURUK
    else:
        isi += "; kehamilan dan disabilitas dinilai petugas lapangan"
        hasil = BAIK if ada else BELUM
    return [Aturan(f"Komponen PKH di keluarga ini: {isi}.", hasil, sumber)]


def _satu_program(usulan: Usulan, user: Pengguna) -> Aturan:
    batas = _aturan("usulan.satu_program_per_bulan", usulan.wilayah_id)
    sumber, sejak = (batas.dasar_hukum, batas.berlaku_sejak) if batas else ("", None)
    lain = satu_program.yang_lain(usulan)
    bulan = periode_kata(usulan.periode)
    if not lain:
        return Aturan(f"Tidak ada usulan program lain untuk keluarga ini di {bulan}.", BAIK, sumber, sejak)
    lihat = [u.tiket for u in lain if user.boleh("usulan.lihat", u.wilayah_id)]
    kata = f" (tiket {', '.join(lihat)})" if lihat else ", di wilayah lain"
    return Aturan(
        f"Di {bulan} keluarga ini juga diusulkan untuk program lain{kata}. Aturannya satu program sebulan.",
        BURUK, sumber, sejak,
    )  # fmt: skip


def _sudah_terima(usulan: Usulan, bantuan: Bantuan) -> list[Aturan]:
    return [
        Aturan(
            f"Sudah menerima program yang sama{' di keluarga ' + t.keluarga if t.keluarga else ''}.",
            BURUK, f"SK {t.nomor}", t.tanggal,
        )
        for t in bantuan.terima
        if t.kode == usulan.program and usulan.jalur in satu_program.JALUR
    ]  # fmt: skip
