"""The auditor asks: can a row be changed without anybody noticing? Every change below must be refused or named."""

import random
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Pemberitahuan
from core import anchors, audit, files, outbox
from core.models import Berkas, Jejak, Pekerjaan, Segel
from dtks.models import Individu, Usulan
from portal import tasks
from portal.queries import periksa
from tests.portal.conftest import perintah

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.timeout(1000)]


class Batal(Exception):
    pass


@contextmanager
def dicoba(pemicu: bool = False):
    """A transaction that is undone at the end; `pemicu`: the guards of the database stay on."""
    try:
        with transaction.atomic():
            if not pemicu:
                sql("set local session_replication_role = replica")
            yield
            raise Batal
    except Batal:
        pass


def sql(query: str, *nilai):
    with connection.cursor() as cursor:
        cursor.execute(query, nilai or None)
        return cursor.fetchall() if cursor.description else []


def temuan(berkas: bool = False) -> list[periksa.Pelanggaran]:
    return periksa.jalankan(berkas=berkas).pelanggaran


def satu(query: str):
    return sql(query)[0][0]


def menyebut(daftar: list[periksa.Pelanggaran], kunci) -> bool:
    return any(str(kunci) in p.kunci or str(kunci) in p.kalimat for p in daftar)


def test_the_demo_is_sound():
    assert perintah("periksa").startswith("Baik. Diperiksa: ")
    assert '"baik": true' in perintah("periksa", json=True)


def test_periksa_writes_nothing():
    sebelum = (Segel.objects.count(), Jejak.objects.count())
    perintah("periksa")
    assert (Segel.objects.count(), Jejak.objects.count()) == sebelum


def test_a_breach_gives_exit_one_and_a_sentence(capsys):
    pk = Usulan.objects.filter(status="diases").values_list("pk", flat=True).first()
    with transaction.atomic():
        sql("set local session_replication_role = replica")
        sql("update dtks_usulan set status = 'dikirim' where id = %s", pk)
    try:
        with pytest.raises(SystemExit) as keluar:
            perintah("periksa")
        assert keluar.value.code == 1
    finally:
        with transaction.atomic():
            sql("set local session_replication_role = replica")
            sql("update dtks_usulan set status = 'diases' where id = %s", pk)
    assert perintah("periksa").startswith("Baik")


# table, one changed column of one row
UBAH = [
    ("dtks_usulan", "status = 'dikirim'", "status = 'diases'"),
    ("dtks_usulan", "program = 'PBI'", "program = 'PKH'"),
    ("dtks_usulan", "versi = versi + 1", "versi > 2"),
    ("dtks_usulan", "tenggat = tenggat + 30", "tenggat is not null"),
    ("dtks_jedatenggat", "sejak = sejak - 30", "true"),
    (
        "dtks_usulan",
        "pengusul_orang_id = (select orang_id from accounts_pengguna where username = 'provinsi')",
        "pengusul_orang_id is not null",
    ),
    ("dtks_individu", "nama = nama || 'A'", "true"),
    (
        "dtks_individu",
        "nik = set_byte(nik, length(nik) - 1, get_byte(nik, length(nik) - 1) # 1)",
        "nik is not null",
    ),
    ("dtks_individu", "padan = 'PADAN'", "padan <> 'PADAN'"),
    ("dtks_riwayatusulan", "catatan = catatan || '.'", "langkah = 'ases'"),
    ("dtks_riwayatusulan", "langkah = 'tolak'", "langkah = 'ases'"),
    ("dtks_asesmen", "kesimpulan = 'tidak_layak'", "kesimpulan = 'layak'"),
    ("dtks_desil", "desil = 11 - desil", "true"),
    ("dtks_hasilpadan", "kategori = 'PADAN'", "kategori <> 'PADAN'"),
    ("dtks_pesertamusyawarah", "hadir = not hadir", "unsur = 'BABINSA' and hadir"),
    ("bansos_penetapan", "nomor = nomor || '1'", "true"),
    ("bansos_penetapan", "urut = urut + 5", "urut is not null"),
    ("bansos_barispenetapan", "hasil = 'ditetapkan', alasan_kalimat = ''", "hasil = 'daftar_tunggu'"),
    ("bansos_kelayakan", "desil = 1", "desil > 1"),
    ("bansos_daftarkelayakan", "kuota = 7", "true"),
    ("bansos_aturanprogram", "isi = '{}'", "true"),
    ("accounts_penugasan", "peran_id = 'KEPALA_DINAS'", "peran_id = 'OPERATOR_DESA'"),
    ("core_dokumen", "status = 'berlaku'", "status = 'dicabut'"),
    ("core_dokumen", "penandatangan = 'Orang Lain'", "true"),
    ("core_dokumen", "ringkas = '{}'", "true"),
    ("core_jejak", "rincian = rincian || '{\"x\": 1}'", "aksi = 'ases'"),
    ("core_jejak", "aktor_nama = 'orang'", "aksi = 'sahkan'"),
    ("core_jejakbaris", "sidik = set_byte(sidik, 0, get_byte(sidik, 0) # 1)", "sidik is not null"),
    ("core_segel", "hash = set_byte(hash, 5, get_byte(hash, 5) # 128)", "urut = 3"),
    ("core_segel", "pada = pada - interval '1 hour'", "urut = 3"),
]


@pytest.mark.parametrize(
    ("tabel", "ubah", "syarat"), UBAH, ids=[f"{t}.{u.split()[0]}-{i}" for i, (t, u, _) in enumerate(UBAH)]
)
def test_a_change_past_the_guards_is_named(tabel, ubah, syarat):
    pk = satu(f"select id from {tabel} where {syarat} order by id limit 1")
    with dicoba():
        sql(f"update {tabel} set {ubah} where id = %s", pk)
        daftar = temuan()
        assert daftar
        assert menyebut(daftar, pk) or tabel.startswith("core_"), daftar


@pytest.mark.parametrize(
    ("tabel", "ubah", "syarat"), UBAH, ids=[f"{t}.{u.split()[0]}-{i}" for i, (t, u, _) in enumerate(UBAH)]
)
def test_a_change_by_raw_sql_is_refused_or_named(tabel, ubah, syarat):
    """The guards are on; whoever has the password of the database and no idea of the portal."""
    pk = satu(f"select id from {tabel} where {syarat} order by id limit 1")
    with dicoba(pemicu=True):
        try:
            with transaction.atomic():
                sql(f"update {tabel} set {ubah} where id = %s", pk)
                sql("set constraints all immediate")
        except DatabaseError:
            return
        assert menyebut(temuan(), pk) or tabel.startswith("core_")


def test_head_of_a_chain():
    with dicoba():
        sql("update core_kepalarantai set hash = sha256('x') where rantai = '32.05'")
        assert menyebut(temuan(), "32.05")


def test_a_deleted_act():
    pk = Jejak.objects.filter(aksi="verifikasi").values_list("pk", flat=True).first()
    urut = satu(f"select urut from core_segel s join core_jejak j using (tx) where j.id = {pk}")
    with dicoba():
        sql("delete from core_jejak where id = %s", pk)
        daftar = temuan()
        assert menyebut(daftar, f"#{urut}")
        assert any(p.periksa == "langkah_usulan" for p in daftar)


def test_a_deleted_act_is_refused_while_the_guards_stand():
    with dicoba(pemicu=True), pytest.raises(DatabaseError, match="tidak boleh"), transaction.atomic():
        sql("delete from core_jejak")


def test_a_deleted_row():
    pk = satu("select id from dtks_aset order by id limit 1")
    with dicoba():
        sql("delete from dtks_aset where id = %s", pk)
        assert menyebut(temuan(), pk)


def test_two_sealed_numbers_swapped():
    a, b = Individu.objects.filter(nik_indeks__isnull=False).order_by("pk").values_list("pk", flat=True)[:2]
    with dicoba():
        sql(
            "create temp table tukar on commit drop as select id, nik, nik_indeks from dtks_individu where id in (%s, %s)",
            a,
            b,
        )
        sql("update dtks_individu set nik_indeks = null, tanpa_nik_alasan = 'x' where id in (%s, %s)", a, b)
        sql("update dtks_individu i set nik = t.nik, nik_indeks = t.nik_indeks, tanpa_nik_alasan = '' from tukar t "
            "where (i.id = %s and t.id = %s) or (i.id = %s and t.id = %s)", a, b, b, a)  # fmt: skip
        sql("select jejak_sidik_ulang('dtks_individu', 'penyerang')")  # even with fresh fingerprints
        tersegel = [p for p in temuan() if p.periksa == "segel_nilai"]
        assert menyebut(tersegel, a)
        assert menyebut(tersegel, b)


def test_a_null_taken_out_of_a_json_column():
    pk = satu("select id from dtks_hasilpadan order by id limit 1")
    with dicoba():
        sql("update dtks_hasilpadan set skor = skor || '{\"rahasia\": null}' where id = %s", pk)
        assert menyebut(temuan(), pk)


def test_a_byte_of_a_stored_file():
    berkas = Berkas.objects.filter(jenis="pindaian_ba").first()
    path = files.path_of(berkas.pk)
    semula = path.read_bytes()
    path.write_bytes(semula[:-1] + bytes([semula[-1] ^ 1]))
    try:
        assert menyebut(temuan(berkas=True), berkas.pk)
        assert not temuan(berkas=False)
    finally:
        path.write_bytes(semula)
    path.rename(path.with_suffix(".pindah"))
    try:
        assert any("hilang" in p.kalimat for p in temuan(berkas=True))
    finally:
        path.with_suffix(".pindah").rename(path)


def test_a_cut_tail_is_found_by_its_anchor(tmp_path):
    """The last link and its acts go and the head is set back: nothing inside the database can tell."""
    with transaction.atomic():
        audit.catat(aksi="uji", jenis="uji", by=None, wilayah="32.05")
    path, jumlah = anchors.export(tmp_path)
    assert jumlah >= 3
    assert anchors.verify([tmp_path]) == (jumlah, [])
    akhir = Segel.objects.filter(rantai="32.05").order_by("-urut").first()
    with dicoba():
        for tabel in ("core_segel", "core_jejak", "core_jejaktx"):
            sql(f"delete from {tabel} where tx = %s", akhir.tx)
        sql(
            "update core_kepalarantai set urut = %s, hash = %s where rantai = '32.05'",
            akhir.urut - 1,
            bytes(akhir.sebelum),
        )
        assert not temuan()
        (rusak,) = [
            p
            for p in periksa.jalankan(berkas=False, jangkar=[tmp_path]).pelanggaran
            if p.periksa == "jangkar"
        ]
        assert f"32.05 #{akhir.urut}" in rusak.kalimat
    path.write_text(path.read_text().replace('"32.05"', '"32.06"'))
    assert any(
        "tanda tangan" in p.kalimat for p in periksa.jalankan(berkas=False, jangkar=[tmp_path]).pelanggaran
    )


@pytest.mark.parametrize(
    ("perbuatan", "disebut"),
    [
        ("alter table dtks_usulan disable trigger jejak_u", "dtks_usulan"),
        ("drop trigger jejak_u on dtks_keluarga", "dtks_keluarga"),
        ("drop trigger beku on core_jejak", "core_jejak"),
        ("create or replace function jejak_baris() returns trigger language plpgsql as $$ begin return null; end $$", "jejak_baris"),
        ("drop policy dinding_kab_wilayah_id on dtks_usulan", "dinding_kab_wilayah_id"),
        ("alter table dtks_keluarga no force row level security", "dtks_keluarga"),
        ("alter policy dinding_kab_wilayah_id on dtks_keluarga using (true)", "dinding_kab_wilayah_id"),
        ("create policy tamu on dtks_individu to dtks_layar using (true)", "tamu"),
        ("alter role dtks_layar bypassrls", "dtks_layar"),
        ("insert into core_panah(alur, langkah, dari, ke) values ('usulan', 'tetapkan', 'draf', 'ditetapkan')", "tetapkan"),
        ("update core_nomorseri set terakhir = terakhir + 1 where seri = 'SK-32.05'", "SK-32.05"),
        ("update core_pekerjaan set status = 'parkir' where jenis = 'dtks.padankan'", "parkir|dtks.padankan"),
    ],
)  # fmt: skip
def test_the_guards_themselves(perbuatan, disebut):
    with dicoba(pemicu=True):
        sql(perbuatan)
        daftar = temuan()
        assert any(kata in f"{p}" for p in daftar for kata in disebut.split("|"))


def test_a_late_queue_is_a_warning_and_no_breach():
    with dicoba(pemicu=True):
        Pekerjaan.objects.create(jenis="uji")
        sql(
            "update core_pekerjaan set created_at = now() - interval '1 hour', jalankan_setelah = now() - interval '1 hour' where jenis = 'uji'"
        )
        laporan = periksa.jalankan(berkas=False)
        assert not laporan.pelanggaran
        assert "menunggu lebih dari 10 menit" in laporan.ingat[0].kalimat


def test_the_nightly_job_tells_admin_and_inspektorat():
    with dicoba(pemicu=True):
        job = outbox.antre(tasks.PERIKSA)
        assert tasks.periksa_harian(job)["pelanggaran"] == 0
        assert not Pemberitahuan.objects.filter(kalimat__startswith="Pemeriksaan data").exists()
        sql("set local session_replication_role = replica")
        sql("update dtks_aset set jumlah = jumlah + 1")
        hasil = tasks.periksa_harian(job)
        assert hasil["pelanggaran"] > 0
        assert len(hasil["kalimat"]) <= 50
        terima = Pemberitahuan.objects.filter(kalimat__startswith="Pemeriksaan data")
        assert set(terima.values_list("pengguna__username", flat=True)) == {
            "admin",
            "inspektorat",
            "inspektorat2",
        }


# --- any byte of any column of any watched table ------------------------------------------------------

_NILAI = {
    "text": "case when {k} = '' then 'x' else overlay({k} placing (case when substr({k}, {n}, 1) = 'q' then 'w' else 'q' end) from {n} for 1) end",
    "bytea": "set_byte({k}, {n} - 1, get_byte({k}, {n} - 1) # 4)",
    "uuid": "overlay({k}::text placing (case when substr({k}::text, 36, 1) = 'a' then 'b' else 'a' end) from 36 for 1)::uuid",
    "boolean": "not {k}",
    "date": "{k} + 1",
    "timestamp with time zone": "{k} + interval '1 microsecond'",
    "jsonb": "case when jsonb_typeof({k}) = 'object' then {k} || '{{\"q\": 1}}' else jsonb_build_array({k}) end",
    "ARRAY": "array_append({k}, null)",
}  # fmt: skip
_NILAI |= {"character varying": _NILAI["text"]} | dict.fromkeys(("integer", "smallint", "bigint"), "{k} + 1")
_NILAI["numeric"] = "{k} + 0.000001"
RANTAI = ("core_jejak", "core_jejakbaris", "core_segel", "core_jejaktx", "core_kepalarantai")


def _kolom() -> list[tuple[str, str, str, str]]:
    """(table, key column, column, type) of everything under watch and of the trail itself, where rows are."""
    tabel = sorted({t for t, nama in periksa.pemicu_wajib() if nama == "jejak_u"} | set(RANTAI))
    hasil = []
    for nama in tabel:
        kunci = {"core_jejaktx": "tx", "core_kepalarantai": "rantai"}.get(nama) or (
            "kode" if nama in ("accounts_peran", "pengaduan_templatjawaban") else "id"
        )
        if not satu(f"select count(*) from {nama}"):
            continue
        for kolom, jenis in sql(
            "select column_name, data_type from information_schema.columns where table_name = %s order by 1",
            nama,
        ):
            # The number of a link's row says nothing: its place in the chain is `urut`.
            if (nama, kolom) != ("core_segel", "id"):
                hasil.append((nama, kunci, kolom, jenis))
    return hasil


def test_every_random_change_is_found():
    acak = random.Random(3205)
    kolom = _kolom()
    per_tabel: dict[str, list] = {}
    for satu_kolom in kolom:
        per_tabel.setdefault(satu_kolom[0], []).append(satu_kolom)
    pilihan = [acak.choice(per_tabel[t]) for t in per_tabel for _ in range(3)] + acak.choices(kolom, k=30)
    dicari = ditolak = 0
    lolos = []
    for tabel, kunci, nama, jenis in pilihan:
        rows = sql(
            f'select "{kunci}", length("{nama}"::text) from {tabel} where "{nama}" is not null order by 1'
        )
        if not rows:
            continue
        pk, panjang = acak.choice(rows)
        if jenis == "bytea":
            panjang = satu(f'select length("{nama}") from {tabel} where "{kunci}" = \'{pk}\'')
        ungkap = _NILAI[jenis].format(k=f'"{nama}"', n=acak.randint(1, max(panjang or 1, 1)))
        try:
            with dicoba():
                sql(f'update {tabel} set "{nama}" = {ungkap} where "{kunci}" = %s', pk)
                dicari += 1
                if not temuan():
                    lolos.append((tabel, nama, pk))
        except DatabaseError:
            ditolak += 1  # a CHECK or unique constraint would not have it
    assert not lolos
    assert dicari >= 60, (dicari, ditolak)
