"""The sealed audit trail: honest work raises no alarm, every tampering is named."""

import json
import random
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction

from core import audit
from core.models import Jejak, KepalaRantai, Segel
from dtks.models import Keluarga
from tests.bantu.alur import sampai


def periksa():
    with connection.cursor() as cursor:
        cursor.execute("select bagian, kunci, kalimat from jejak_periksa()")
        return cursor.fetchall()


def curang(sql, params=()):
    """Change the database by hand as its owner would, with every trigger off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(sql, params)
        assert cursor.rowcount > 0


def test_pekerjaan_jujur_tidak_menimbulkan_alarm(db_nyata):
    sampai("ditetapkan")
    assert periksa() == []
    assert KepalaRantai.objects.filter(rantai="32.05").exists()


def test_delapan_penulis_serentak_tanpa_alarm_palsu(db_nyata):
    def tulis(n):
        try:
            for i in range(100):
                with transaction.atomic():
                    audit.catat(aksi="uji", jenis="uji", objek_id=f"{n}-{i}", by=None, wilayah=f"32.0{n % 3}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as kolam:
        list(kolam.map(tulis, range(8)))
    assert Jejak.objects.filter(aksi="uji").count() == 800
    assert periksa() == []


def test_baris_yang_diubah_tanpa_pemicu_disebut_namanya(db_nyata):
    keluarga = sampai("diajukan").usulan.keluarga
    curang("update dtks_keluarga set alamat = alamat || '.' where id = %s", [keluarga.pk])
    assert ("dtks_keluarga", str(keluarga.pk), "Isi baris tidak sama dengan sidik terakhirnya.") in periksa()


def test_baris_yang_diubah_lewat_psql_biasa_disebut_namanya(db_nyata):
    keluarga = sampai("diajukan").usulan.keluarga
    with connection.cursor() as cursor:
        cursor.execute("update dtks_keluarga set alamat = alamat || '.' where id = %s", [keluarga.pk])
    [(bagian, kunci, kalimat)] = periksa()
    assert (bagian, kunci) == ("dtks_keluarga", str(keluarga.pk))
    assert "di luar portal" in kalimat


@pytest.mark.parametrize(
    "sql",
    [
        "update core_jejak set aktor_nama = 'orang lain' where aksi = 'ajukan'",
        "update core_jejak set rincian = jsonb_set(rincian, '{ke}', '\"ditetapkan\"') where aksi = 'ajukan'",
        "delete from core_jejak where aksi = 'ajukan'",
        "delete from core_jejakbaris where tabel = 'dtks_usulan'",
        "update core_jejakbaris set sidik = sha256('x') where id = (select max(id) from core_jejakbaris)",
        "update core_segel set hash = sha256('x') where urut = 1 and rantai = '32.05'",
        "update core_segel set pada = pada + interval '1 second' where urut = 1 and rantai = '32.05'",
        "update core_segel set sebelum = hash where urut = 2 and rantai = '32.05'",
        "delete from core_segel where urut = 1 and rantai = '32.05'",
        "update core_kepalarantai set urut = urut - 1 where rantai = '32.05'",
        "delete from core_kepalarantai where rantai = '32.05'",
        "delete from dtks_riwayatusulan",
        "update dtks_riwayatusulan set catatan = 'x'",
        "update dtks_usulan set program = 'BPNT'",
        "update dtks_individu set nama = nama || ' '",
    ],
)
def test_setiap_kecurangan_ketahuan(db_nyata, sql):
    sampai("diajukan")
    assert periksa() == []
    curang(sql)
    temuan = periksa()
    assert temuan and all(kunci and kalimat for _, kunci, kalimat in temuan)


def test_pemicu_yang_dimatikan_ketahuan(db_nyata):
    sampai("draf")
    with connection.cursor() as cursor:
        cursor.execute("alter table dtks_usulan disable trigger jejak_u")
        try:
            assert ("pg_trigger", "dtks_usulan", "Pemicu jejak pada tabel ini dimatikan.") in periksa()
        finally:
            cursor.execute("alter table dtks_usulan enable trigger jejak_u")


@pytest.mark.django_db
@pytest.mark.parametrize("tabel", ["core_jejak", "core_jejakbaris", "core_segel", "core_jejaktx"])
def test_jejak_tidak_bisa_diubah_atau_dihapus(tabel):
    with transaction.atomic():
        audit.catat(aksi="uji", jenis="uji", objek_id="1", by=None)
    for sql in (f"update {tabel} set tx = tx", f"delete from {tabel}", f"truncate {tabel}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_jejak_dan_tindakan_batal_bersama(db_nyata):
    sebelum = Segel.objects.count()

    class Rusak(Exception):
        pass

    with pytest.raises(Rusak), transaction.atomic():
        audit.catat(aksi="uji", jenis="uji", objek_id="1", by=None)
        raise Rusak
    assert Segel.objects.count() == sebelum
    assert not Jejak.objects.filter(aksi="uji").exists()


def test_titik_simpan_yang_batal_tidak_merusak_rantai(db_nyata):
    class Rusak(Exception):
        pass

    with transaction.atomic():
        with pytest.raises(Rusak), transaction.atomic():
            audit.catat(aksi="batal", jenis="uji", objek_id="1", by=None, wilayah="32.05")
            raise Rusak
        audit.catat(aksi="jadi", jenis="uji", objek_id="2", by=None, wilayah="32.05")
    assert (
        list(Jejak.objects.values_list("aksi", flat=True)[:2])
        and not Jejak.objects.filter(aksi="batal").exists()
    )
    assert periksa() == []


def test_tanpa_transaksi_tidak_boleh_mencatat(db_nyata):
    with pytest.raises(transaction.TransactionManagementError):
        audit.catat(aksi="uji", jenis="uji", objek_id="1", by=None)


def test_banyak_baris_sekali_ubah_tetap_terbukti(db_nyata):
    """A bulk update leaves one fingerprint per row."""
    with transaction.atomic():
        Keluarga.objects.bulk_create(
            [
                Keluarga(
                    id=uuid.uuid4(),
                    nama_kepala="Uji",
                    wilayah_id="32.05.01.1001",
                    alamat="x",
                    rt="001",
                    rw="001",
                )
                for _ in range(500)
            ]
        )
        audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None)
    with transaction.atomic():
        Keluarga.objects.update(alamat="y")
        audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None)
    assert periksa() == []
    korban = Keluarga.objects.order_by("pk")[137]
    curang("update dtks_keluarga set rt = '002' where id = %s", [korban.pk])
    assert [kunci for _, kunci, _ in periksa()] == [str(korban.pk)]


def test_penulis_lain_tidak_menunggu_lama(db_nyata):
    """The head row is locked at commit only: a long transaction does not hold up the others of its kabupaten."""
    mulai, selesai = threading.Event(), threading.Event()

    def lama():
        try:
            with transaction.atomic():
                audit.catat(aksi="lama", jenis="uji", objek_id="1", by=None, wilayah="32.05")
                mulai.set()
                assert selesai.wait(20)
        finally:
            connection.close()

    benang = threading.Thread(target=lama)
    benang.start()
    assert mulai.wait(20)
    with transaction.atomic():
        audit.catat(aksi="cepat", jenis="uji", objek_id="2", by=None, wilayah="32.05")
    assert Segel.objects.filter(rantai="32.05").count() == 1
    selesai.set()
    benang.join()
    assert periksa() == []


@pytest.mark.django_db
def test_sidik_menghitung_null_di_dalam_kolom_dan_melewati_kolom_kosong():
    """The fast way gives the bytes of the plain one: the columns that are not null, and everything inside them."""
    polos = """sha256(convert_to((select coalesce(jsonb_object_agg(k.key, k.value) filter (where k.value <> 'null'), '{}')
        from jsonb_each(p) k)::text, 'UTF8'))"""
    acak = random.Random(3205)

    def nilai(dalam: int):
        if dalam and acak.random() < 0.5:
            if acak.random() < 0.5:
                return [nilai(dalam - 1) for _ in range(acak.randrange(4))]
            return {f"k{n}": nilai(dalam - 1) for n in range(acak.randrange(4))}
        return acak.choice([None, 0, 1.5, "", "teks", "null", True])

    baris = [{f"kolom{n}": nilai(3) for n in range(acak.randrange(1, 6))} for _ in range(3000)]
    baris += [{}, {"a": None}, {"a": [None]}, {"a": [[None]]}, {"a": {"b": None}}, {"a": [{"b": None}]}]
    with connection.cursor() as c:
        c.execute(
            f"select p from jsonb_array_elements(%s::jsonb) p where jejak_sidik(p) <> {polos} or jejak_sidik_cepat(p) <> {polos}",
            [json.dumps(baris)],
        )
        assert c.fetchall() == []
        c.execute('select jejak_sidik(\'{"a": {"b": null}}\') <> jejak_sidik(\'{"a": {}}\')')
        assert c.fetchone() == (True,)
