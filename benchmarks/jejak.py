"""Goal 9: a bulk change with the audit trail against the same UPDATE without it, and whether one altered row is found.

A = the act recorded by `audit.catat`, one UPDATE of up to 100,000 families in a register of n, commit with fingerprints and seal; of the
    table's triggers only those of the trail are on.
B = the same UPDATE without any trigger, committed.
S = A with every trigger of the table (the feed of changes, the public lookup): what a change really costs.
After the rounds one row is changed behind the portal's back: `jejak_periksa()` must name this one and nothing else.
"""

from benchmarks.alas import Hasil, jam, laju, rasio, selang, sql, tanpa_pemicu

PALING = 100_000


def ukur(n: int, putaran: int) -> list[Hasil]:
    from tests.bantu.pemain import DESA

    banyak = min(n, PALING)
    isi(n, DESA)
    lain = [
        t
        for (t,) in sql(
            "select tgname from pg_trigger where tgrelid = 'dtks_keluarga'::regclass and not tgisinternal "
            "and tgname not like 'jejak\\_%' and tgname not like 'beku%' order by 1"
        )
    ]

    def ubah(putaran_ke: int, *, tercatat: bool, semua: bool = False) -> float:
        for nama in lain:
            sql(f'alter table dtks_keluarga {"enable" if semua else "disable"} trigger "{nama}"')
        alamat = f"KP {putaran_ke} {tercatat} {semua}"
        detik = jam(lambda: _ubah(banyak, alamat, tercatat=tercatat))
        sql("vacuum analyze dtks_keluarga")
        return detik

    cara = {
        "A": lambda p: ubah(p, tercatat=True),
        "B": lambda p: ubah(p, tercatat=False),
        "S": lambda p: ubah(p, tercatat=True, semua=True),
    }
    hasil = selang(putaran, cara)
    for nama in lain:
        sql(f'alter table dtks_keluarga enable trigger "{nama}"')
    return [
        rasio(
            9, "bulk change with the audit trail / the same UPDATE without triggers", n, atas=hasil["A"], bawah=hasil["B"], arah="<=",
            sasaran=1.5, kami=laju(banyak, hasil["A"]), batas=laju(banyak, hasil["B"]),
        ),
        rasio(
            9, "the same with every trigger of the table", n, atas=hasil["S"], bawah=hasil["B"], kami=laju(banyak, hasil["S"]),
            batas=laju(banyak, hasil["B"]), rinci=", ".join(lain),
        ),
        temukan(n),
    ]  # fmt: skip


def isi(n: int, desa: str) -> None:
    with tanpa_pemicu():
        sql(
            """insert into dtks_keluarga (id, nama_kepala, wilayah_id, alamat, rt, rw, alamat_kk, patokan, nama_suku, status, tanda, versi, updated_at)
               select md5('k' || g)::uuid, 'Kepala ' || g, %s, 'Kp. Uji', '001', '001', '', '', '', 'terdaftar', '{}', 0, now()
               from generate_series(1, %s) g""",
            desa,
            n,
        )
        sql("create table uji_pilih as select md5('k' || g)::uuid as id from generate_series(1, %s) g", min(n, PALING))  # fmt: skip
    sql("vacuum analyze dtks_keluarga")
    sql("analyze uji_pilih")
    sql("select jejak_sidik_ulang('dtks_keluarga', 'uji')")


def _ubah(banyak: int, alamat: str, *, tercatat: bool) -> None:
    from django.db import transaction

    from core import audit

    with transaction.atomic():
        if tercatat:
            audit.catat(
                aksi="ubah_massal", jenis="dtks.Keluarga", objek_id="*", by=None, rincian={"jumlah": banyak}
            )
        else:
            sql("set local session_replication_role = replica")
        sql(
            "update dtks_keluarga k set alamat = %s, versi = versi + 1 from uji_pilih p where p.id = k.id",
            alamat,
        )


def temukan(n: int) -> Hasil:
    """How many of one altered row the trail finds: 1 when exactly that one, 0 when none or others too."""
    sql("select jejak_sidik_ulang('dtks_keluarga', 'uji')")  # B was not recorded: that is what it measured
    bersih = sql("select bagian, kunci from jejak_periksa()")
    with tanpa_pemicu():
        (kunci,) = sql("update dtks_keluarga set alamat = 'diganti diam-diam' where id = md5('k1')::uuid returning id::text")[0]  # fmt: skip
    ketemu: list[tuple] = []
    detik = jam(lambda: ketemu.extend(sql("select bagian, kunci from jejak_periksa()")))
    tepat = not bersih and ketemu == [("dtks_keluarga", kunci)]
    return Hasil(
        9, "one altered row is found, and only that one", n, float(tepat), ">=", 1, kami=f"{detik:.3g} s for the whole check",
        rinci="" if tepat else f"{len(bersih)} breaches before, {len(ketemu)} after",
    )  # fmt: skip
