"""Attempt limits kept in PostgreSQL: a broker flush must not reset them."""

import ipaddress
from datetime import timedelta

from django.db import connection

_SQL = """
insert into core_pembatas(kunci, mulai, jumlah) values (%s, clock_timestamp(), 1)
on conflict (kunci) do update set
  jumlah = case when core_pembatas.mulai < clock_timestamp() - make_interval(secs => %s) then 1 else core_pembatas.jumlah + 1 end,
  mulai = case when core_pembatas.mulai < clock_timestamp() - make_interval(secs => %s) then clock_timestamp() else core_pembatas.mulai end
returning jumlah
"""


def hit(kunci: str, *, limit: int, window: timedelta) -> bool:
    """Count one attempt; True while at most `limit` were made in `window`. Exact under concurrency."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [kunci[:120], window.total_seconds(), window.total_seconds()])
        return cursor.fetchone()[0] <= limit


def clear(kunci: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from core_pembatas where kunci = %s", [kunci[:120]])


def network(alamat: str) -> str:
    """What one subscriber owns: an IPv4 address, or a whole IPv6 /64; counting its single addresses would count nothing."""
    try:
        ip = ipaddress.ip_address(alamat)
    except ValueError:
        return "-"
    if ip.version == 6 and ip.ipv4_mapped is None:
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(getattr(ip, "ipv4_mapped", None) or ip)
