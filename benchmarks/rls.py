"""Goal 8, row-level security: says that it is not built, until it is."""

from benchmarks.alas import Hasil, sql


def ukur(n: int, putaran: int) -> list[Hasil]:
    (tabel,) = sql("select count(*) from pg_class where relrowsecurity")[0]
    sebab = (
        "not built: areas are kept apart by `visible_to(user)` and by tests/izin, no table has a policy in PostgreSQL"
        if not tabel
        else f"{tabel} tables have policies, but this benchmark has not been written yet"
    )
    return [
        Hasil(
            8, "row-level security: page and counts against the plain WHERE", n, None, "<=", 1.10, rinci=sebab
        )
    ]
