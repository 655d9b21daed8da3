"""What an admin does with accounts: make, give and end roles, close, open, hand out a code. All audited."""

from dataclasses import dataclass
from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import kode
from accounts.models import PENGGANTI, Orang, Pengguna, Penugasan, Peran
from accounts.policies import pengguna as policy
from core import audit
from core.privacy.keys import blind_index
from core.workflow import GateClosed, Halangan, NotAllowed
from wilayah.models import Wilayah


@dataclass(frozen=True)
class Masa:
    """First and last day of an assignment; no last day: until somebody ends it."""

    sejak: date
    hingga: date | None = None


def buat_pengguna(
    *,
    by: Pengguna,
    nama: str,
    nik: str,
    username: str,
    email: str,
    peran: Peran,
    wilayah: Wilayah | None,
    masa: Masa,
) -> tuple[Pengguna, str]:
    """An account for the person with this NIK (16 digits, checked), with its first role. Returns it and its code.

    One person may hold several accounts; the NIK says that it is the same person. Raises NotAllowed, GateClosed.
    """
    with transaction.atomic():
        _boleh(policy.buat_pengguna(by))
        orang = orang_ber_nik(nik, nama)
        tertulis, tersimpan = kode.buat()
        pengguna = Pengguna(username=username, nama=nama, email=email, orang=orang, password=tersimpan)
        try:
            with transaction.atomic():
                pengguna.save(force_insert=True)
        except IntegrityError as error:
            raise GateClosed([Halangan("NAMA_TERPAKAI", "Nama pengguna itu sudah dipakai.")]) from error
        penugasan = beri_peran(by=by, pengguna=pengguna, peran=peran, wilayah=wilayah, masa=masa)
        _catat("buat_pengguna", pengguna, by, penugasan.wilayah_id)
    return pengguna, tertulis


def beri_peran(
    *, by: Pengguna, pengguna: Pengguna, peran: Peran, wilayah: Wilayah | None, masa: Masa
) -> Penugasan:
    with transaction.atomic():
        baris = _kunci(pengguna)
        _boleh(policy.beri_peran(by, baris, peran, wilayah))
        _masa_sah(baris, peran, wilayah, masa)
        penugasan = Penugasan.objects.create(
            pengguna=baris,
            peran=peran,
            wilayah=wilayah,
            berlaku_sejak=masa.sejak,
            berlaku_hingga=masa.hingga,
            created_by=by,
        )
        _catat("beri_peran", penugasan, by, penugasan.wilayah_id, peran=peran.pk, pengguna=str(baris.pk))
    return penugasan


def akhiri_peran(*, by: Pengguna, penugasan: Penugasan, hari_terakhir: date | None = None) -> Penugasan:
    """End an assignment after `hari_terakhir`; None: now, gone with the holder's next click."""
    with transaction.atomic():
        _kunci(penugasan.pengguna)
        baris = Penugasan.objects.select_for_update(of=("self",)).get(pk=penugasan.pk)
        _boleh(policy.akhiri_peran(by, baris))
        hari_ini = timezone.localdate()
        if hari_terakhir is not None and hari_terakhir < hari_ini:
            raise GateClosed([Halangan("TANGGAL_LEWAT", "Hari terakhir tidak boleh sebelum hari ini.")])
        sehari = timedelta(days=1)
        baris.berlaku_hingga = max(hari_terakhir or hari_ini - sehari, baris.berlaku_sejak - sehari)
        baris.save(update_fields=["berlaku_hingga"])
        rinci = {"peran": baris.peran_id, "hingga": baris.berlaku_hingga.isoformat()}
        _catat("akhiri_peran", baris, by, baris.wilayah_id, pengguna=str(baris.pengguna_id), **rinci)
    return baris


def nonaktifkan(*, by: Pengguna, pengguna: Pengguna) -> Pengguna:
    """Close an account: its open sessions end with their next click. The roles stay on record."""
    return _ubah_aktif(by, pengguna, aktif=False)


def aktifkan(*, by: Pengguna, pengguna: Pengguna) -> Pengguna:
    return _ubah_aktif(by, pengguna, aktif=True)


def setel_ulang(*, by: Pengguna, pengguna: Pengguna, lepas_dua_langkah: bool = False) -> str:
    """Replace the password by a one-time code; every open session of the account ends. Returns the code.

    `lepas_dua_langkah` also removes the second factor, for a lost phone; both are in the trail.
    """
    with transaction.atomic():
        baris = _kunci(pengguna)
        _boleh(policy.setel_ulang(by, baris))
        tertulis, baris.password = kode.buat()
        baris.save(update_fields=["password"])
        if lepas_dua_langkah:
            Authenticator.objects.filter(user=baris).delete()
        _catat("setel_ulang", baris, by, _wilayah(baris), lepas_dua_langkah=lepas_dua_langkah)
    return tertulis


def _ubah_aktif(by: Pengguna, pengguna: Pengguna, *, aktif: bool) -> Pengguna:
    aksi, boleh = ("aktifkan", policy.aktifkan) if aktif else ("nonaktifkan", policy.nonaktifkan)
    with transaction.atomic():
        baris = _kunci(pengguna)
        _boleh(boleh(by, baris))
        baris.is_active = aktif
        baris.save(update_fields=["is_active"])
        _catat(aksi, baris, by, _wilayah(baris))
    return baris


def _masa_sah(pengguna: Pengguna, peran: Peran, wilayah: Wilayah | None, masa: Masa) -> None:
    if masa.sejak < timezone.localdate():
        raise GateClosed(
            [Halangan("TANGGAL_LEWAT", "Peran tidak bisa berlaku surut. Mulai paling cepat hari ini.")]
        )
    if masa.hingga is None and any(peran.pk in wakil for wakil in PENGGANTI.values()):
        raise GateClosed(
            [Halangan("MASA_WAJIB", f"{peran.nama} hanya untuk sementara. Isi tanggal selesainya.")]
        )
    if masa.hingga is not None and masa.hingga < masa.sejak:
        raise GateClosed([Halangan("MASA_TERBALIK", "Tanggal selesai harus sesudah tanggal mulai.")])
    sama = pengguna.penugasan.filter(peran=peran, wilayah=wilayah)
    if any(_bertumpuk(p, masa) for p in sama):
        raise GateClosed([Halangan("PERAN_SUDAH_ADA", "Akun ini sudah punya peran itu di wilayah itu.")])
    if any(p.berlaku_sejak == masa.sejak for p in sama):
        raise GateClosed(
            [Halangan("PERAN_BARU_DIAKHIRI", "Peran itu diakhiri hari ini. Mulai lagi paling cepat besok.")]
        )


def _bertumpuk(lama: Penugasan, baru: Masa) -> bool:
    """Do they share a day? One that was ended before it began (last day before first) shares none."""
    if lama.berlaku_hingga is not None and lama.berlaku_hingga < max(baru.sejak, lama.berlaku_sejak):
        return False
    return baru.hingga is None or lama.berlaku_sejak <= baru.hingga


def orang_ber_nik(nik: str, nama: str) -> Orang:
    """The person with this NIK, made when new. Two admins at once meet at the unique index."""
    indeks = blind_index(nik, "nik")
    if lama := Orang.objects.filter(nik_indeks=indeks).first():
        return lama
    orang = Orang(nama=nama)
    orang.nik = nik
    try:
        with transaction.atomic():
            orang.save(force_insert=True)
    except IntegrityError:
        return Orang.objects.get(nik_indeks=indeks)
    return orang


def _kunci(pengguna: Pengguna) -> Pengguna:
    return Pengguna.objects.select_for_update(of=("self",)).get(pk=pengguna.pk)


def _wilayah(pengguna: Pengguna) -> str:
    """Area whose chain records an act on an account as a whole: that of its oldest role."""
    return pengguna.penugasan.order_by("created_at", "pk").values_list("wilayah_id", flat=True).first() or ""


def _boleh(kalimat: str | None) -> None:
    if kalimat:
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])


def _catat(
    aksi: str, objek: Pengguna | Penugasan, by: Pengguna, wilayah: str | None, **rincian: object
) -> None:
    audit.catat(aksi=aksi, objek=objek, by=by, wilayah=wilayah or "", peran="ADMIN", rincian=rincian)
