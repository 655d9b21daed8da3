"""The second wall: PostgreSQL shows a signed-in person the rows of his kabupaten, whatever the view asked for."""

import json
import random
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.utils import NotSupportedError
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse

from core import dinding
from core.database.base import DatabaseWrapper
from dtks.actions import calon as aksi_calon
from dtks.models import CalonGanda, Individu, Keluarga, Usulan
from tests.bantu.alur import Perjalanan
from tests.bantu.pemain import DESA, DESA_LAIN, KABUPATEN, KABUPATEN_LAIN
from tests.core.test_klasifikasi import TANPA_ORANG

# Tables with columns about people that have no wall, and why.
TANPA_DINDING = {
    "core.JawabanApi": "the stored answer belongs to one caller and is asked for by his key",
    "accounts.Orang": "read to find out who is signing in, before there is an area",
    "accounts.Pengguna": "the same",
    "accounts.PilihanKabar": "one's own row, by account",
    "accounts.KunciApi": "read to find out who asks; no people, hashes of keys",
    "accounts.Webhook": "no people, a sealed secret of a machine",
    "dtks.DrafIsian": "one's own drafts, sealed, by account",
    "dtks.KebijakanSampel": "no people; the seed of a draw, and one of a wider area rules the narrower",
    "bansos.PercobaanAturan": "belongs to a rule, and rules may hold for a whole province",
    "bansos.CekBansos": "the public table: keyed hashes and masked names, asked without signing in",
    "bansos.CekGaram": "no people",
    "bansos.DaftarKelayakan": "no people, the name of a file; the rows of the list are behind the wall",
    "bansos.SebabDaftar": "reasons by number; who has which is in the rows of the list",
    "bansos.TindakanMassal": "one's own act, by account; its cases are behind the wall",
    "pengaduan.KunciInspektur": "keys, wrapped in the inspector's browser",
    "pengaduan.SalinanKunci": "the same",
}  # fmt: skip
SYARAT = (
    r"\(\(\(+(\w+)\)?(?:::text)? COLLATE \"C\"\) >=~ \( SELECT\s+CASE\s+WHEN \(length\(current_setting\('dtks\.kab'::text, true\)\) = 5\) THEN "
    r"current_setting\('dtks\.kab'::text, true\)\s+ELSE NULL::text\s+END AS \"case\"\)\) AND "
    r"\(\(+\1\)?(?:::text)? COLLATE \"C\"\) <~ \( SELECT \(current_setting\('dtks\.kab'::text, true\) \|\| '/'::text\)(?: AS \S+)?\)\)\)",
    r"\(\"?left\"?\(\(?\w+\)?(::text)?, 2\) = ANY \(\( SELECT string_to_array\(current_setting\('dtks\.prov'::text, true\), ','::text\) AS string_to_array\)::text\[\]\)\)",
    r"\(EXISTS \( SELECT\s+FROM \w+ induk\s+WHERE \(induk\.id = \w+\.\w+\)\)\)",
    r"true",
)
GARUT, TASIK = dinding.menurut([DESA]), dinding.menurut([KABUPATEN_LAIN])


def sql(teks: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(teks)
        return cursor.fetchall()


def test_setiap_tabel_dengan_orang_ada_di_balik_dinding(db):
    """A new table with people has no wall until its migration gives it one (`core.migrations._sql.wall`)."""
    paksa = {t for (t,) in sql("select relname from pg_class where relrowsecurity and relforcerowsecurity")}
    punya = {
        t
        for (t,) in sql(
            "select tablename from pg_policies where 'dtks_layar' = any(roles) intersect "
            "select tablename from pg_policies where 'dtks_layar_luas' = any(roles)"
        )
    }
    tanpa = {
        m._meta.label
        for m in apps.get_models()
        if hasattr(m, "KLASIFIKASI")
        and m._meta.label not in TANPA_ORANG
        and set(m.KLASIFIKASI.values()) & {"pribadi", "spesifik", "rahasia"}
        and m._meta.db_table not in paksa & punya
    }
    assert tanpa == set(TANPA_DINDING)


def test_syarat_hanya_persamaan_dengan_setelan(db):
    """A function, a LIKE or a range that the planner would weigh costs every page dear (docs/adr/0034)."""
    for tabel, nama, syarat, cek in sql("select tablename, policyname, qual, with_check from pg_policies"):
        assert any(re.fullmatch(s, syarat) for s in SYARAT), (tabel, nama, syarat)
        assert cek in (None, "true")
    assert {r for (r,) in sql("select distinct unnest(roles) from pg_policies")} == {
        "dtks_layar", "dtks_layar_luas", "dtks_kerja",
    }  # fmt: skip


def test_peran_tidak_bisa_melewati_dinding_dan_tidak_bisa_masuk(db):
    assert sql(
        "select bool_or(rolsuper or rolbypassrls or rolcanlogin or rolcreaterole) from pg_roles where rolname like 'dtks\\_layar%'"
    ) == [(False,)]
    assert sql(
        "select count(*) from pg_class c join pg_roles r on r.oid = c.relowner where rolname like 'dtks\\_layar%'"
    ) == [(0,)]
    assert sql(
        "select relname from pg_class where relkind = 'v' and relnamespace = 'public'::regnamespace "
        "and not coalesce('security_invoker=true' = any(reloptions), false)"
    ) == []  # fmt: skip


@pytest.mark.parametrize("peran", [dinding.SATU, dinding.LUAS])
def test_tanpa_setelan_tidak_ada_baris(sampai, peran):
    """Missing is nothing, never everything."""
    sampai("diajukan")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"set local role {peran}")
        for tabel in ("dtks_keluarga", "dtks_individu", "dtks_usulan", "dtks_riwayatusulan"):
            cursor.execute(f"select count(*) from {tabel}")
            assert cursor.fetchone() == (0,), tabel
        cursor.execute("set local role none")
    assert Keluarga.objects.count() == 1


@pytest.mark.parametrize("kode", ["", "3", "32", "32.0", "32.05.", "32.051", "x"])
def test_setelan_yang_bukan_kabupaten_tidak_membuka_apa_apa(sampai, kode):
    """The beginning of a code is not a wider wall."""
    sampai("diajukan")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"set local role {dinding.SATU}; set local dtks.kab = '{kode}'")
        cursor.execute("select count(*) from dtks_keluarga")
        assert cursor.fetchone() == (0,)
        cursor.execute("set local dtks.kab = '32.05'; select count(*) from dtks_keluarga")
        cursor.nextset()
        assert cursor.fetchone() == (1,)
        cursor.execute("set local role none")


def test_perencana_tidak_mengira_dinding_menyisakan_sedikit(sampai):
    """What the application's WHERE found is what the wall lets through; an estimate far below that spoils the plan."""
    sampai("diajukan")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(
            "insert into dtks_keluarga select r.* from generate_series(1, 2000) g, dtks_keluarga t "
            "cross join lateral jsonb_populate_record(t, jsonb_build_object('id', md5(g::text), 'no_kk_indeks', null, 'no_kk', null)) r"
        )
        cursor.execute("set local session_replication_role = default; analyze dtks_keluarga")
        with dinding.di_balik(GARUT):
            rencana = Keluarga.objects.filter(wilayah_id__gte="32.05", wilayah_id__lt="32.05/").explain(
                format="json"
            )
        transaction.set_rollback(True)
    (satu,) = json.loads(rencana)
    assert satu["Plan"]["Plan Rows"] > 1500


def test_satu_kabupaten_melihat_miliknya(sampai):
    p = sampai("diajukan")
    for wilayah, n in (([DESA], 1), ([KABUPATEN], 1), (["32"], 1), ([DESA, DESA_LAIN], 1), ([KABUPATEN_LAIN], 0), (["33"], 0), ([], 0)):  # fmt: skip
        with dinding.di_balik(dinding.menurut(wilayah)):
            assert Keluarga.objects.filter(pk=p.usulan.keluarga_id).count() == n, wilayah
            assert Usulan.objects.filter(pk=p.usulan.pk).count() == n, wilayah
            assert bool(Individu.objects.filter(keluarga=p.usulan.keluarga_id).count()) == n, wilayah
    assert dinding.menurut([None, DESA]) is None


def test_tulisan_ke_kabupaten_lain_ditolak(sampai):
    p = sampai("diajukan")
    with dinding.di_balik(TASIK):
        assert Keluarga.objects.filter(pk=p.usulan.keluarga_id).update(rt="009") == 0
    with (
        dinding.di_balik(GARUT),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        Keluarga.objects.filter(pk=p.usulan.keluarga_id).update(wilayah=DESA_LAIN)


def test_kode_yang_bukan_kode_ditolak():
    with pytest.raises(ValueError, match="bukan kode"):
        _ = dinding.Pandangan(dinding.SATU, "32.05'; reset role; --").sql


def test_jawaban_yang_mengalir_tetap_di_balik_dinding(sampai):
    """A list that is streamed is read after the view has returned."""
    sampai("diajukan")

    def lihat(wilayah):
        def view():
            dinding.pasang(wilayah)
            return StreamingHttpResponse(str(Keluarga.objects.count()) for _ in range(2))

        return b"".join(dinding.layani(view).streaming_content)

    assert lihat([KABUPATEN]) == b"11"
    assert lihat([KABUPATEN_LAIN]) == b"00"
    assert dinding.kini() is None


def test_permintaan_berikutnya_mulai_tanpa_dinding():
    def view():
        dinding.pasang([KABUPATEN])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        dinding.layani(view)
    assert dinding.layani(lambda: HttpResponse(str(dinding.kini()))).content == b"None"


def test_salin_dan_kursor_server_hanya_dalam_transaksi(db_nyata):
    """No prefix can be written in front of COPY: outside a transaction it is refused rather than left open."""
    with dinding.di_balik(GARUT), connection.cursor() as cursor:
        with pytest.raises(NotSupportedError):
            cursor.copy("copy dtks_keluarga to stdout")
        with (
            transaction.atomic(),
            cursor.copy("copy (select count(*) from dtks_keluarga) to stdout") as salin,
        ):
            assert b"".join(bytes(s) for s in salin) == b"0\n"
        assert list(Keluarga.objects.iterator(chunk_size=10)) == []


# --- one connection, two persons ------------------------------------------------------------------------


def _kolam() -> DatabaseWrapper:
    """A pool of one connection, as in production."""
    isi = connection.settings_dict
    return DatabaseWrapper(
        isi | {"OPTIONS": isi["OPTIONS"] | {"pool": {"min_size": 1, "max_size": 1}}}, alias="default"
    )


def _kode(db: DatabaseWrapper) -> set[str]:
    with db.cursor() as cursor:
        cursor.execute("select left(wilayah_id, 5) from dtks_keluarga where nama_kepala <> %s", ["x%"])
        return {k for (k,) in cursor.fetchall()}


def _gagal(db: DatabaseWrapper) -> None:
    with db.cursor() as cursor, pytest.raises(DatabaseError):
        cursor.execute("select 1 / 0")


def _simpan(db: DatabaseWrapper, acak: random.Random) -> set[str]:
    """In a transaction, with savepoints that are undone and statements that fail."""
    db.set_autocommit(False)
    try:
        lihat = _kode(db) if acak.random() < 0.5 else None
        titik = db.savepoint()
        _kode(db)
        if acak.random() < 0.5:
            _gagal(db)
        db.savepoint_rollback(titik)
        hasil = _kode(db)
        assert lihat in (None, hasil)
        if acak.random() < 0.3:
            with dinding.terbuka("uji"):
                assert _kode(db) == {KABUPATEN, KABUPATEN_LAIN}
            assert _kode(db) == hasil
        return hasil
    finally:
        db.rollback() if acak.random() < 0.5 else db.commit()
        db.set_autocommit(True)


def bergiliran(giliran: int, benih: int) -> None:
    acak, db = random.Random(benih), _kolam()
    harus = {GARUT: {KABUPATEN}, TASIK: {KABUPATEN_LAIN}, None: {KABUPATEN, KABUPATEN_LAIN}}
    pid, salah = set(), []
    try:
        for n in range(giliran):
            siapa = (GARUT, TASIK)[n % 2] if acak.random() < 0.9 else None
            with dinding.di_balik(siapa):
                cara = acak.randrange(4)
                if cara == 0:
                    _gagal(db)
                lihat = _simpan(db, acak) if cara == 1 else _kode(db)
            if lihat != harus[siapa]:
                salah.append((n, siapa, lihat))
            with db.cursor() as cursor:
                cursor.execute(
                    "select pg_backend_pid(), current_user = session_user, coalesce(current_setting('dtks.kab', true), '')"
                )
                satu, sendiri, sisa = cursor.fetchone()
            pid.add(satu)
            if not sendiri or sisa:
                salah.append((n, siapa, "tertinggal", sisa))
            if acak.random() < 0.5:
                db.close()  # back into the pool, for the next person
    finally:
        db.close()
        db.close_pool()
    assert not salah, salah[:5]
    assert len(pid) == 1  # it was one connection all along


@pytest.fixture
def dua_kabupaten(db_nyata):
    Perjalanan(nomor=1).draf()
    Perjalanan(nomor=2, desa=DESA_LAIN, pengusul="operator.lain").draf()


def test_dua_orang_bergantian_pada_satu_sambungan(dua_kabupaten):
    bergiliran(400, 1)


@pytest.mark.fuzz
@pytest.mark.parametrize("benih", range(4))
def test_dua_orang_bergantian_lima_ribu_kali(dua_kabupaten, benih):
    bergiliran(5000, benih)


def test_mati_bila_dimatikan(monkeypatch):
    monkeypatch.setattr(settings, "DINDING", False)
    assert dinding.menurut([DESA]) is None


# --- logins that are not an administrator ----------------------------------------------------------------


@pytest.mark.parametrize(("anggota", "n"), [(True, 1), (False, 0)])
def test_login_lain_melihat_orang_hanya_sebagai_pekerja(sampai, anggota, n):
    """FORCE: a login with every grant on the table still reads nobody until it belongs to dtks_kerja."""
    sampai("draf")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("create role uji_dinding nologin; grant select on dtks_keluarga to uji_dinding")
        if anggota:
            cursor.execute("grant dtks_kerja to uji_dinding")
        cursor.execute("set local role uji_dinding; select count(*) from dtks_keluarga")
        cursor.cursor.nextset()
        assert cursor.fetchone() == (n,)
        transaction.set_rollback(True)


def test_login_tanpa_hak_diberi_tahu_apa_yang_harus_dijalankan(db):
    """Roles belong to the server: whoever may not grant them reads the statement for the administrator."""
    perintah = (Path(settings.BASE_DIR) / "core" / "sql" / "dinding.sql").read_text()
    with pytest.raises(DatabaseError) as galat, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("create role uji_dinding nologin; set local role uji_dinding")
        cursor.execute(perintah)
    assert "grant dtks_layar, dtks_layar_luas, dtks_kerja to uji_dinding" in str(
        galat.value.__cause__.diag.message_hint
    )


# --- rows with two sides -----------------------------------------------------------------------------------


def test_pasangan_antarkabupaten_terlihat_di_kedua_sisi(sampai, masuk, settings):
    """Each side sees that there is a pair, and the name of its own person only."""
    settings.DEMO = True
    sini = sampai("diajukan").usulan.keluarga.anggota.get(hubungan="1")
    sana = (
        Perjalanan(nomor=2, desa=DESA_LAIN, pengusul="operator.lain")
        .draf()
        .keluarga.anggota.get(hubungan="1")
    )
    a, b = sorted((sini.pk, sana.pk), key=str)
    aksi_calon.simpan({(a, b): (75, ("nama_sama", "lahir_sama"), b"uji")}, wilayah=KABUPATEN)
    calon = CalonGanda.objects.get(pertama=a, kedua=b)
    for siapa, milik, asing in (("verifikator", sini, sana), ("verifikator.lain", sana, sini)):
        for url in (reverse("calon_daftar"), reverse("calon_lihat", args=[calon.pk])):
            isi = masuk(siapa).get(url).content.decode()
            assert milik.nama in isi and asing.nama not in isi, (siapa, url)
