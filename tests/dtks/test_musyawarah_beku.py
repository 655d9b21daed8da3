"""A closed meeting is evidence: not even raw SQL changes what it decided."""

import pytest
from django.db import DatabaseError, connection, transaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def tertutup(sampai):
    p = sampai("disepakati")
    return p.musyawarah, p.rapat()


@pytest.mark.parametrize(
    "sql",
    [
        "update dtks_putusanmusyawarah set putusan = 'ditolak', alasan = 'x' where musyawarah_id = %(tutup)s",
        "update dtks_putusanmusyawarah set musyawarah_id = %(buka)s where musyawarah_id = %(tutup)s",
        "update dtks_pesertamusyawarah set hadir = false where musyawarah_id = %(tutup)s",
        "update dtks_pesertamusyawarah set musyawarah_id = %(tutup)s where musyawarah_id = %(buka)s",
        "delete from dtks_putusanmusyawarah where musyawarah_id = %(tutup)s",
        "delete from dtks_pesertamusyawarah where musyawarah_id = %(tutup)s",
        "truncate dtks_putusanmusyawarah",
        "truncate dtks_pesertamusyawarah",
        "update dtks_musyawarah set waktu = now() where id = %(tutup)s",
        "update dtks_musyawarah set pimpinan = 'Orang lain' where id = %(tutup)s",
        "update dtks_musyawarah set catatan = 'lain' where id = %(tutup)s",
        "update dtks_musyawarah set nomor = '999' where id = %(tutup)s",
        "update dtks_musyawarah set berita_acara_id = null where id = %(tutup)s",
        "update dtks_musyawarah set pindaian_id = null where id = %(tutup)s",
    ],
)
def test_isi_musyawarah_yang_ditutup_tidak_bisa_diubah(tertutup, sql):
    tutup, buka = tertutup
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, {"tutup": tutup.pk, "buka": buka.pk})
        assert cursor.rowcount
