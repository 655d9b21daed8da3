"""May this person record a change of this family, or decide about its move? None, or a sentence why not."""

from collections.abc import Iterable

from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Pengguna
from dtks.models import Keluarga, PermintaanPindah, Usulan
from dtks.policies.usulan import DI_DINAS
from dtks.queries.tempat import kode_desa

KUASA = "keluarga.ubah"
KUASA_DINAS = "pindah.putuskan"


def di_dinas(keluarga: Keluarga) -> bool:
    """Is a proposal of this family being examined, or postponed while it was?"""
    ditunda = Q(status="ditunda", riwayat__urut=F("versi"), riwayat__dari__in=DI_DINAS)
    return Usulan.objects.filter(Q(status__in=DI_DINAS) | ditunda, keluarga=keluarga).exists()


def catat(by: Pengguna, keluarga: Keluarga, terbuka: Iterable[Usulan] = ()) -> str | None:
    """A recorded change; `terbuka` are the open proposals of the family."""
    if not by.boleh(KUASA, keluarga.wilayah_id):
        return "Perubahan keluarga dicatat operator desa atau RT/RW setempat."
    if kalimat := keadaan(keluarga):
        return kalimat
    if any(u.status != "draf" for u in terbuka) and not by.boleh("usulan.input", keluarga.wilayah_id):
        return "Usulan keluarga ini sudah di desa. Perubahannya dicatat operator desa."
    return None


def keadaan(keluarga: Keluarga) -> str | None:
    """What stands in the way of a change, whoever records it."""
    if di_dinas(keluarga):
        return "Data keluarga ini sedang diperiksa Dinas Sosial. Minta usulannya dikembalikan dulu, atau tarik usulannya."
    if PermintaanPindah.objects.terbuka().filter(keluarga=keluarga, individu__isnull=True).exists():
        return "Keluarga ini sedang diminta pindah ke desa lain. Batalkan permintaannya dulu."
    return None


def minta_pindah(by: Pengguna, keluarga: Keluarga, terbuka: Iterable[Usulan] = ()) -> str | None:
    """A move is asked for by the desa, not by one of its RW."""
    if not by.boleh(KUASA, kode_desa(keluarga.wilayah_id)):
        return "Pindah ke desa lain diminta operator desa."
    return catat(by, keluarga, terbuka)


def putuskan_pindah(by: Pengguna, permintaan: PermintaanPindah) -> str | None:
    """Accepting and refusing belong to the receiving desa; to the Dinas of both when that one let its time pass."""
    if by.boleh(KUASA, permintaan.ke_id):
        return None
    if not membawahi(by, permintaan):
        return "Permintaan pindah dijawab operator desa tujuan."
    if not lewat(permintaan):
        return "Desa tujuan masih punya waktu untuk menjawab."
    if permintaan.diminta_by.orang_id == by.orang_id:
        return "Anda yang meminta pindah ini. Keputusan harus dari orang lain."
    sendiri = by.orang.nik_indeks
    if sendiri and permintaan.keluarga.anggota.filter(nik_indeks=sendiri, aktif=True).exists():
        return "Anda tercatat sebagai anggota keluarga ini. Keputusan harus dari orang lain."
    return None


def membawahi(by: Pengguna, permintaan: PermintaanPindah) -> bool:
    """Does this person of the Dinas stand above both desa?"""
    return by.boleh(KUASA_DINAS, permintaan.dari_id) and by.boleh(KUASA_DINAS, permintaan.ke_id)


def lewat(permintaan: PermintaanPindah) -> bool:
    return permintaan.tenggat < timezone.localdate()


def batalkan_pindah(by: Pengguna, permintaan: PermintaanPindah) -> str | None:
    if by.boleh(KUASA, permintaan.dari_id):
        return None
    return "Permintaan pindah dibatalkan operator desa asal."
