"""The first admin of an empty portal. Everybody after him is made by an admin, on the page /pengguna/."""

from django.db import connection, transaction
from django.utils import timezone

from accounts.actions import kode
from accounts.actions.pengguna import orang_ber_nik
from accounts.models import Pengguna, Penugasan, Peran
from core import audit
from core.workflow import Halangan, NotOpen
from wilayah.models import Wilayah


@transaction.atomic
def buat_admin_pertama(*, username: str, nama: str, nik: str, wilayah: Wilayah | None) -> str:
    """Make the account and return its one-time code. NotOpen when an admin is in office: ask him instead."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtext('buat_admin_pertama'))"
        )  # two terminals take turns
    if Penugasan.objects.berlaku().filter(peran_id="ADMIN", pengguna__is_active=True).exists():
        raise NotOpen(
            [Halangan("ADMIN_SUDAH_ADA", "Sudah ada admin.", "Minta dia membuat akun di halaman Pengguna.")]
        )
    orang = orang_ber_nik(nik, nama)
    tertulis, tersimpan = kode.buat()
    pengguna = Pengguna.objects.create(username=username, nama=nama, orang=orang, password=tersimpan)
    Penugasan.objects.create(
        pengguna=pengguna,
        peran=Peran.objects.get(pk="ADMIN"),
        wilayah=wilayah,
        berlaku_sejak=timezone.localdate(),
    )
    audit.catat(aksi="buat_admin_pertama", objek=pengguna, by=None, wilayah=wilayah.kode if wilayah else "")
    return tertulis
