"""Which proposal of the demo goes how far, and by which way. Data only."""

from dataclasses import dataclass

GARIS = (
    "draf", "diajukan", "dimusyawarahkan", "disepakati", "diinput", "ditugaskan", "diases", "terverifikasi", "disahkan", "dikirim",
)  # fmt: skip
PALING_SEDIKIT = 30
PALING_BANYAK = 1000


@dataclass(frozen=True)
class Rencana:
    """`akhir`: state at the end. `puncak`: furthest state of the line on the way. `lewat`: a turn of its own."""

    akhir: str
    puncak: str
    program: str = "PKH"
    jalur: str = "REGULER"
    lewat: str = ""

    def sampai(self, keadaan: str) -> bool:
        return GARIS.index(self.puncak) >= GARIS.index(keadaan)

    @property
    def perlu_padan(self) -> bool:
        return self.sampai("terverifikasi") and self.lewat not in ("kecuali", "perbaikan")


def _diam(keadaan: str, program: str = "PKH", **lain: str) -> Rencana:
    return Rencana(keadaan, keadaan, program, **lain)


def _sk(hasil: str, program: str, lewat: str = "sk1", **lain: str) -> Rencana:
    return Rencana(hasil, "dikirim", program, lewat=lewat, **lain)


# The first PALING_SEDIKIT are made in every demo and reach every state; then the row begins anew from the top.
RENCANA = (
    _sk("ditetapkan", "APBD-LANSIA"),
    _diam("draf"),
    _diam("diajukan", "BPNT"),
    _diam("dimusyawarahkan", lewat="jadwal"),
    _sk("ditetapkan", "APBD-RTLH", "ganti"),
    _diam("disepakati", "BPNT"),
    _diam("diinput"),
    _diam("ditugaskan", "APBD-RTLH"),
    _sk("ditetapkan", "PKH", "kepmensos"),
    _diam("diases", "BPNT"),
    _diam("terverifikasi"),
    _diam("disahkan", "BPNT"),
    _diam("dikirim"),
    _sk("tidak_ditetapkan", "APBD-LANSIA"),
    _sk("daftar_tunggu", "APBD-LANSIA"),
    _sk("ditetapkan", "APBD-RTLH", "cabut"),
    Rencana("ditolak", "dimusyawarahkan", "BPNT", lewat="musyawarah"),
    Rencana("ditolak", "diases", "PKH", lewat="asesmen"),
    Rencana("ditunda", "dimusyawarahkan", "PKH", lewat="musyawarah"),
    Rencana("ditunda", "diases", "BPNT", lewat="asesmen"),
    Rencana("ditarik", "diajukan", "PKH", lewat="tarik"),
    Rencana("draf", "diinput", "BPNT", lewat="kembali"),
    _diam("ditugaskan", "APBD-LANSIA", jalur="KEDARURATAN"),
    _diam("terverifikasi", "PKH", lewat="kecuali"),
    _diam("terverifikasi", "BPNT", lewat="perbaikan"),
    _diam("diases", "PKH", lewat="tanpa_nik"),
    _diam("dimusyawarahkan", "BPNT", lewat="tunggu_lurah"),
    _sk("ditetapkan", "PKH", "kepmensos", jalur="MANDIRI"),
    _diam("diinput", "BPNT", jalur="PERBAIKAN", lewat="lanjut"),
    _diam("diases", "PKH", jalur="PENGHAPUSAN"),
    _diam("draf", "BPNT", lewat="kosong"),
    _diam("diajukan"),
    _sk("ditetapkan", "APBD-LANSIA"),
    _diam("dikirim", "APBD-LANSIA"),
    _diam("diinput", "APBD-LANSIA"),
    _sk("ditetapkan", "PKH", "kepmensos"),
    _diam("ditugaskan"),
    _diam("disepakati"),
    _sk("ditetapkan", "APBD-RTLH", "ganti"),
    _diam("dikirim", "BPNT"),
)


def susun(jumlah: int) -> list[Rencana]:
    return [RENCANA[i % len(RENCANA)] for i in range(jumlah)]
