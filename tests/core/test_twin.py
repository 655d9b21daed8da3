"""Two connections answer in turns: in order, of one moment, behind one wall, and with one when there is no second."""

import time

import pytest
from django.db import DatabaseError, connection, transaction

from core import dinding, twin
from tests.bantu.alur import sampai
from tests.bantu.pemain import KABUPATEN, KABUPATEN_LAIN

BANYAK = "select count(*)::int, %(n)s::int, pg_backend_pid() from dtks_keluarga"


def tanya(n: int = 5, query: str = BANYAK):
    return twin.blobs((query, {"n": i}) for i in range(n))


def tulis_dari_luar(sql: str) -> None:
    """By another connection, committed."""
    lain = connection.copy()
    try:
        with lain.cursor() as cursor:
            cursor.execute("set session_replication_role = replica")
            cursor.execute(sql)
    finally:
        lain.close()


def test_answers_come_in_order_from_two_connections_of_one_moment(db_nyata):
    sampai("draf")
    jawab = tanya()
    isi = [next(jawab)]
    tulis_dari_luar("delete from dtks_keluarga")
    isi += jawab
    assert [n for _, n, _ in isi] == [0, 1, 2, 3, 4]
    assert len({pid for *_, pid in isi}) == 2
    assert len({banyak for banyak, *_ in isi}) == 1 and isi[0][0] > 0
    assert [banyak for banyak, *_ in tanya()] == [0] * 5


def test_both_stand_behind_the_wall_of_the_reader(db_nyata):
    sampai("draf")
    for kabupaten, terlihat in ((KABUPATEN, True), (KABUPATEN_LAIN, False)):
        with dinding.di_balik(dinding.menurut([kabupaten])):
            isi = list(tanya())
        assert len({pid for *_, pid in isi}) == 2 and {banyak > 0 for banyak, *_ in isi} == {terlihat}


def test_without_a_second_connection_one_answers_the_same(db_nyata, monkeypatch):
    sampai("draf")
    berdua = [(banyak, n) for banyak, n, _ in tanya()]
    with twin._second:  # somebody else's list has it
        isi = list(tanya())
    assert len({pid for *_, pid in isi}) == 1 and [(a, n) for a, n, _ in isi] == berdua
    monkeypatch.setattr(twin, "_join", lambda asked, other: False)  # the server gives no more
    isi = list(tanya())
    assert len({pid for *_, pid in isi}) == 1 and [(a, n) for a, n, _ in isi] == berdua


@pytest.mark.django_db
def test_inside_a_transaction_its_own_rows_are_seen():
    sampai("draf")
    isi = list(tanya())
    assert len({pid for *_, pid in isi}) == 1 and isi[0][0] > 0


def _terbuka() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'"
        )
        return cursor.fetchone()[0]


def test_a_reader_who_leaves_leaves_nothing_open(db_nyata):
    sampai("draf")
    jawab = tanya(50)
    next(jawab)
    jawab.close()
    akhir = time.monotonic() + 10
    while _terbuka():  # a connection that was closed is gone a moment later
        assert time.monotonic() < akhir
        time.sleep(0.02)
    assert not connection.in_atomic_block
    assert len({pid for *_, pid in tanya()}) == 2  # and the second is free again


def test_an_error_comes_as_djangos_and_ends_the_transaction(db_nyata):
    with pytest.raises(DatabaseError):
        list(tanya(query="select 1 / (%(n)s - 3)"))
    with transaction.atomic():
        assert len(list(tanya(2))) == 2
