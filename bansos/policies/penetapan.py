"""May this person determine, replace or revoke? None or the sentence that the screen shows."""

from accounts.models import PENGGANTI, Pengguna
from bansos.models import Penetapan, Program
from wilayah.kode import mencakup


def penetap(program: Program) -> str:
    """Code of the role that decides over this programme."""
    return "KEPALA_DINAS" if program.sumber == Program.Sumber.APBD else "PUSDATIN"


def tetapkan(by: Pengguna, program: Program, wilayah: str) -> str | None:
    """APBD: the head of the Dinas for the bupati/wali kota. APBN: the ministry (Pusdatin) or its imported outcome."""
    peran = {
        p.peran_id
        for p in by.penugasan_aktif
        if "usulan.tetapkan" in p.peran.kuasa and (p.wilayah_id is None or mencakup(p.wilayah_id, wilayah))
    }
    if not by.boleh("usulan.tetapkan", wilayah):
        return "Penetapan bukan wewenang Anda di wilayah ini."
    berhak = peran & {penetap(program), *PENGGANTI.get(penetap(program), ())}
    if program.sumber == Program.Sumber.APBD and not berhak:
        return f"{program.nama} dibiayai APBD: ditetapkan oleh Kepala Dinas atas nama bupati/wali kota."
    if program.sumber == Program.Sumber.APBN and not berhak:
        return f"{program.nama} dibiayai APBN: ditetapkan oleh Kementerian Sosial (Pusdatin)."
    return None


def cabut(by: Pengguna, penetapan: Penetapan) -> str | None:
    if penetapan.status != Penetapan.Status.BERLAKU:
        return f"SK ini sudah {penetapan.get_status_display().lower()}."
    return tetapkan(by, penetapan.program, penetapan.wilayah_id)


ganti = cabut
