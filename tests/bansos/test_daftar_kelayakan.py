"""The Dinas computes who is eligible, signs the list, and anybody may check it: the same data give the same bytes."""

import gzip
import json
import uuid
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from bansos import tasks
from bansos.actions import daftar as tindakan
from bansos.actions import daftar_buang
from bansos.actions import hitung as aksi
from bansos.models import AturanProgram, BarisDaftar, DaftarKelayakan, SebabDaftar
from bansos.queries import aturan as aturan_kasus
from bansos.queries import aturan_program, daftar
from core import files, outbox
from core.models import Jejak, Ketentuan, Pekerjaan
from core.workflow import GateClosed, NotAllowed, NotOpen
from dtks.models import Desil, Keluarga, Usulan
from portal.demo import daftar as demo_daftar
from portal.queries import periksa
from tests.bantu import penilai_kelayakan as penilai
from tests.bantu import warga_acak

pytestmark = pytest.mark.django_db
KAB, PERIODE, ACUAN = "32.05", "2026-4", date(2026, 10, 1)
SEMUA = ["PKH", "BPNT", "PBI", "RST", "ATENSI", "PENA", "BLT-DESA", "APBD-LANSIA", "APBD-RTLH"]


def satu(program="PKH", **kata):
    return aksi.hitung(program=program, periode=PERIODE, wilayah=KAB, by=None, **kata)


def aturan(program: str) -> AturanProgram:
    return aturan_program.berlaku(program, KAB, ACUAN)


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


@pytest.fixture
def warga(db):
    warga_acak.isi(200)


@pytest.mark.parametrize("program", SEMUA)
def test_an_independent_reader_agrees_about_every_family(warga, program):
    setuju(program)


@pytest.mark.load
@pytest.mark.parametrize("program", SEMUA)
def test_an_independent_reader_agrees_about_a_thousand_families(db, program):
    warga_acak.isi(1000, "seribu")
    setuju(program)


def setuju(program: str) -> None:
    """Every row of the list, in or out: outcome, reasons, amount, rank, as the plain reader finds them."""
    hasil = satu(program)
    isi = hasil.aturan.isi
    putusan = [
        p
        for k in Keluarga.objects.terdaftar().prefetch_related("anggota__ppks__kategori", "desil").select_related("rumah")
        for p in penilai.menilai(isi, k, ACUAN, PERIODE)
    ]  # fmt: skip
    urutan = penilai.mengurutkan(program, PERIODE, putusan)
    baris = daftar.alasan(list(BarisDaftar.objects.filter(daftar=hasil.daftar)))
    assert len(baris) == len(putusan) > 0
    menurut = {(b.keluarga_id, b.individu_id): b for b in baris}
    for p in putusan:
        b = menurut[p.keluarga, p.individu]
        assert (b.hasil == "layak", b.desil, b.skor, b.manfaat) == (p.lulus, p.desil, p.skor, p.manfaat), (
            b.alasan
        )
        assert kode(b) == p.gagal
        assert all(s["kalimat"].endswith(".") and s["sumber"] for s in b.alasan)
        assert all(s["saran"] for s in b.alasan if not s["cocok"])
        assert b.peringkat == urutan.get((p.keluarga, p.individu))


def test_the_same_data_give_the_same_list(warga):
    pertama = satu()
    kedua = satu()
    assert (kedua.id, kedua.sidik, kedua.baru) == (pertama.id, pertama.sidik, False)
    assert DaftarKelayakan.objects.count() == 1
    coba = satu(simpan=False)
    assert (coba.id, coba.sidik, coba.jumlah) == (pertama.id, pertama.sidik, pertama.jumlah)
    assert daftar.sidik(pertama.id) == bytes(pertama.daftar.sidik)


# --- the queue of a quota, exclusion lists, what else a family receives ---------------------------------------


def kuota(program: str, jumlah: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(
            "insert into bansos_kuota (id, program_id, wilayah_id, periode, jumlah, versi, terisi, terpakai, updated_at) "
            "values (gen_random_uuid(), %s, %s, %s, %s, 1, 0, 0, now())",
            [program, KAB, PERIODE, jumlah],
        )
        cursor.execute("set local session_replication_role = default")


def butir(orang, sumber: str, status: str = "berlaku", hingga=None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(
            "insert into bansos_butirpengecualian (id, sumber_id, wilayah_id, nik_indeks, asal, tanggal_data, keterangan, status, impor_id, "
            "nomor, berlaku_hingga, updated_at) values (gen_random_uuid(), %s, %s, %s, 'UJI', '2026-08-01', '', %s, gen_random_uuid(), 1, %s, now())",
            [sumber, KAB, bytes(orang.nik_indeks), status, hingga],
        )
        cursor.execute("set local session_replication_role = default")


def layak(hasil) -> list[BarisDaftar]:
    return daftar.alasan(list(BarisDaftar.objects.filter(daftar=hasil.daftar, hasil="layak").order_by("id")))


def baris_dari(hasil, keluarga) -> BarisDaftar:
    return daftar.alasan(list(BarisDaftar.objects.filter(daftar=hasil.daftar, keluarga=keluarga)))[0]


def kode(b: BarisDaftar) -> set[str]:
    return {a["kode"] for a in b.alasan if not a["cocok"]}


def test_a_full_quota_makes_a_waiting_list_in_the_order_of_need(warga):
    tanpa = layak(satu("BPNT"))
    kuota("BPNT", 10)
    hasil = satu("BPNT")
    masuk, tunggu = (
        layak(hasil),
        list(BarisDaftar.objects.filter(daftar=hasil.daftar, hasil="daftar_tunggu").order_by("id")),
    )
    assert [b.keluarga_id for b in masuk] == [b.keluarga_id for b in tanpa[:10]]
    assert [b.keluarga_id for b in tunggu] == [b.keluarga_id for b in tanpa[10:]]
    assert [b.peringkat for b in (*masuk, *tunggu)] == list(range(1, len(tanpa) + 1))
    urut = [(b.desil, -b.skor) for b in (*masuk, *tunggu)]
    assert urut == sorted(urut)
    assert all(kode(b) == {"KUOTA_PENUH"} for b in daftar.alasan(tunggu))
    assert hasil.jumlah["manfaat"] == 10 * 2_400_000
    assert hasil.id != satu("PKH").id


def test_no_quota_of_places_lets_nobody_in(warga):
    kuota("BPNT", 0)
    assert satu("BPNT").jumlah["layak"] == 0


def test_somebody_on_an_exclusion_list_keeps_the_family_out_until_the_data_are_found_wrong(warga):
    k = layak(satu("BPNT"))[0].keluarga
    orang = penilai.anggota(k)[0]
    butir(orang, "ASN")
    b = baris_dari(satu("BPNT"), k)
    assert (b.hasil, kode(b)) == ("tidak_layak", {"KECUALI_ASN"})
    assert "1 Agustus 2026" in str(b.alasan)
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute("update bansos_butirpengecualian set status = 'disanggah'")
    b = baris_dari(satu("BPNT"), k)
    assert b.hasil == "layak"
    assert any(a["kode"] == "SANGGAH_ASN" for a in b.alasan)
    with connection.cursor() as cursor:
        cursor.execute("update bansos_butirpengecualian set status = 'gugur'")
    assert not any("ASN" in a["kode"] for a in baris_dari(satu("BPNT"), k).alasan)


def test_an_exclusion_that_has_run_out_counts_no_more(warga):
    k = layak(satu("BPNT"))[0].keluarga
    butir(penilai.anggota(k)[0], "UPAH", hingga=ACUAN - timedelta(days=1))
    assert baris_dari(satu("BPNT"), k).hasil == "layak"


@pytest.mark.parametrize("program", ["PKH", "PBI", "APBD-LANSIA"])
def test_the_independent_reader_agrees_about_exclusions_too(warga, program):
    semua = list(Keluarga.objects.terdaftar().order_by("pk")[:60])
    for n, k in enumerate(semua):
        for orang in penilai.anggota(k)[: 1 + n % 2]:
            butir(orang, ("ASN", "MENINGGAL", "AHU", "GURU")[n % 4], ("berlaku", "disanggah", "gugur")[n % 3])
    hasil = satu(program)
    menurut = {
        (b.keluarga_id, b.individu_id): b
        for b in daftar.alasan(list(BarisDaftar.objects.filter(daftar=hasil.daftar)))
    }
    for k in semua:
        for p in penilai.menilai(hasil.aturan.isi, k, ACUAN, PERIODE):
            b = menurut[p.keluarga, p.individu]
            assert (b.hasil == "layak", b.manfaat, kode(b)) == (p.lulus, p.manfaat, p.gagal)


def test_a_newer_decile_moves_the_family_and_makes_a_new_list(warga):
    pertama = satu("BPNT")
    k = layak(pertama)[0].keluarga
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
    Desil.objects.update_or_create(keluarga=k, tahun=2026, triwulan=4, defaults={"desil": 9, "sumber": "UJI"})
    kedua = satu("BPNT")
    assert kedua.id != pertama.id
    b = baris_dari(kedua, k)
    assert (b.hasil, b.peringkat, kode(b)) == ("tidak_layak", None, {"DESIL"})
    pertama.daftar.refresh_from_db()
    assert pertama.daftar.status == "digantikan"
    assert daftar.terkini("BPNT", PERIODE, "32.05.01.1001") == kedua.daftar
    assert baris_dari(pertama, k).hasil == "layak"  # what the older list said is still there


def test_the_order_of_equals_is_a_draw_that_changes_with_the_quarter(warga):
    def urutan(periode):
        hasil = aksi.hitung(program="BLT-DESA", periode=periode, wilayah=KAB, by=None)
        rows = BarisDaftar.objects.filter(daftar=hasil.daftar, hasil="layak").order_by("id")
        return [b.keluarga_id for b in rows]

    satu_kali, lain = urutan("2026-4"), urutan("2027-1")
    assert set(satu_kali) & set(lain)
    assert satu_kali != lain


# --- what is written stays written ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "update bansos_barisdaftar set hasil = 'layak'",
        "delete from bansos_barisdaftar",
        "truncate bansos_barisdaftar",
        "update bansos_sebabdaftar set isi = '[]'",
        "delete from bansos_sebabdaftar",
        "delete from bansos_daftarkelayakan",
        "update bansos_daftarkelayakan set kuota = 5",
        "update bansos_daftarkelayakan set sidik = '\\x00'",
        "update bansos_daftarkelayakan set snapshot = 'lain'",
        "insert into bansos_barisdaftar (id, daftar_id, keluarga_id, wilayah_id, nama_kepala, skor, hasil, manfaat, sebab) "
        "select gen_random_uuid(), daftar_id, keluarga_id, wilayah_id, 'x', 0, 'layak', 0, 1 from bansos_barisdaftar limit 1",
        "update bansos_aturanprogram set isi = '{}'",
        "update bansos_aturanprogram set status = 'draf'",
        "delete from bansos_aturanprogram",
    ],
)
def test_the_database_refuses_to_change_a_list_or_a_rule_in_force(warga, query):
    satu("BPNT")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query)


MASUK = """insert into bansos_barisdaftar (id, daftar_id, keluarga_id, individu_id, wilayah_id, nama_kepala, skor, hasil, manfaat, sebab)
  select (left(replace(%(d)s::text, '-', ''), 16) || lpad(to_hex(n + %(geser)s), 16, '0'))::uuid, %(d)s::uuid, {keluarga}, {individu}, {wilayah}, 'x', 0, 'layak', 0, 1
  from (select *, row_number() over (order by id) as n from dtks_keluarga limit 5) k"""
SALAH = {
    "keluarga": "case n when 5 then (select id from dtks_keluarga order by id limit 1) else k.id end",  # twice
    "keluarga ": "case n when 5 then gen_random_uuid() else k.id end",  # not in the register
    "individu": "case n when 5 then gen_random_uuid() end",
    "wilayah": "case n when 5 then '99.99.99.9999' else k.wilayah_id end",
}


def _masuk(d, *, geser=0, **ganti):
    isi = {"keluarga": "k.id", "individu": "null::uuid", "wilayah": "k.wilayah_id"} | ganti
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MASUK.format(**isi), {"d": d.pk, "geser": geser})


def _kepala():
    return DaftarKelayakan.objects.create(
        program_id="BPNT", wilayah_id=KAB, periode=PERIODE, aturan=aturan("BPNT"), snapshot="uji", sidik=b""
    )


@pytest.mark.parametrize("kolom", SALAH)
def test_no_family_comes_into_a_list_twice_and_none_that_does_not_exist(warga, kolom):
    d = _kepala()
    with pytest.raises(DatabaseError, match="hanya ditulis bersama daftarnya"):
        _masuk(d, **{kolom.strip(): SALAH[kolom]})
    _masuk(d)


def test_nothing_is_added_to_a_list_that_was_written(warga):
    d = _kepala()
    _masuk(d)
    for geser in (0, 5):  # the same rows again, and rows after them
        with pytest.raises(DatabaseError):
            _masuk(d, geser=geser)
    with pytest.raises(DatabaseError, match="hanya ditulis bersama daftarnya"):
        _masuk(_kepala(), geser=1)  # a list without its first row could be added to
    assert BarisDaftar.objects.filter(daftar=d).count() == 5


def test_two_rules_of_a_programme_cannot_be_in_force_on_one_day(db):
    lama = aturan("BPNT")
    with pytest.raises(DatabaseError), transaction.atomic():
        AturanProgram.objects.create(
            program=lama.program, versi=99, isi=lama.isi, status="berlaku", berlaku_sejak=ACUAN, dasar_hukum="x", sumber="x"
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")


def test_the_reasons_are_stored_once_for_many_families(warga):
    hasil = satu("BPNT")
    assert (
        SebabDaftar.objects.filter(daftar=hasil.daftar).count()
        < BarisDaftar.objects.filter(daftar=hasil.daftar).count() / 2
    )


# --- who may, and the published file --------------------------------------------------------------------------


def test_another_person_signs_and_the_file_says_what_the_list_says(warga, cast):
    hasil = aksi.hitung(program="PKH", periode=PERIODE, wilayah=KAB, by=cast("supervisor"))
    with pytest.raises(NotAllowed):
        tindakan.tandatangani(hasil.daftar, by=cast("supervisor"))
    sah = tindakan.tandatangani(hasil.daftar, by=cast("kadis"))
    baris = [json.loads(b) for b in gzip.decompress(files.read(sah.berkas)).decode().splitlines()]
    assert len(baris) == 200
    assert {
        "id",
        "keluarga",
        "nama_kepala",
        "wilayah",
        "desil",
        "peringkat",
        "hasil",
        "alasan",
        "versi_aturan",
        "snapshot",
    } <= set(baris[0])
    assert baris[0]["peringkat"] == 1
    assert baris[0]["versi_aturan"] == "PKH/1"
    assert {"kode", "kalimat"} <= set(baris[0]["alasan"][0])
    with pytest.raises(NotOpen):
        tindakan.tandatangani(sah, by=cast("kadis"))
    assert (
        aksi.hitung(program="PKH", periode=PERIODE, wilayah=KAB, by=None).daftar == sah
    )  # computing again takes nothing away


def test_who_computed_cannot_sign_under_another_role(warga, cast):
    hasil = aksi.hitung(program="PKH", periode=PERIODE, wilayah=KAB, by=cast("kadis"))
    with pytest.raises(NotAllowed):
        tindakan.tandatangani(hasil.daftar, by=cast("kadis"))


def test_a_list_that_was_tampered_with_is_not_signed(warga, cast):
    hasil = satu("PKH")
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute("update bansos_barisdaftar set nama_kepala = 'LAIN' where peringkat = 1")
        cursor.execute("set local session_replication_role = default")
    with pytest.raises(GateClosed):
        tindakan.tandatangani(hasil.daftar, by=cast("kadis"))


def test_a_signature_that_is_refused_in_the_background_says_why(warga, cast):
    hasil = aksi.hitung(program="PKH", periode=PERIODE, wilayah=KAB, by=cast("supervisor"))
    with pytest.raises(NotAllowed):
        tindakan.minta_tandatangan(hasil.daftar, by=cast("supervisor"))
    job = tindakan.minta_tandatangan(hasil.daftar, by=cast("kadis"))
    tindakan.cabut(hasil.daftar, by=cast("kadis"), alasan="Salah unggah desil.")
    outbox.work()
    job.refresh_from_db()
    assert job.status == "selesai" and "dicabut" in job.hasil["gagal"]
    hasil.daftar.refresh_from_db()
    assert hasil.daftar.status == "dicabut"
    with pytest.raises(NotOpen):
        tindakan.minta_tandatangan(hasil.daftar, by=cast("kadis"))


def ganti_nama(nama: str) -> str:
    """Another name of one head: the same families, another list. Returns the name before."""
    keluarga = Keluarga.objects.terdaftar().order_by("pk").first()
    Keluarga.objects.filter(pk=keluarga.pk).update(nama_kepala=nama)
    return keluarga.nama_kepala


def test_a_replaced_list_that_nobody_signed_is_thrown_away_after_its_days(warga, cast):
    lama = satu("PKH")
    ganti_nama("SATU")
    sah = tindakan.tandatangani(satu("PKH").daftar, by=cast("kadis"))
    ganti_nama("DUA")
    kini = satu("PKH").daftar
    assert len({lama.id, sah.pk, kini.pk}) == 3
    assert daftar_buang.buang()["daftar"] == 0  # not before its days are over
    Ketentuan.objects.filter(kunci="daftar.simpan_hari").update(nilai=0)
    harap = {d.pk for d in DaftarKelayakan.objects.exclude(status="digantikan", ditandatangani_at=None)}
    assert daftar_buang.buang()["daftar"] == 1 and daftar_buang.buang()["daftar"] == 0
    assert {d.pk for d in DaftarKelayakan.objects.all()} == harap >= {sah.pk, kini.pk}
    assert not BarisDaftar.objects.filter(daftar=lama.id).exists()
    assert BarisDaftar.objects.filter(daftar=sah.pk).count() == 200
    jejak = Jejak.objects.get(aksi="buang_daftar", objek_id=str(lama.id))
    assert jejak.rincian["sidik"] == lama.sidik.hex() and jejak.rincian["baris"] == 200
    for tabel, kolom, pk in (("daftarkelayakan", "id", kini.pk), ("barisdaftar", "daftar_id", kini.pk), ("barisdaftar", "daftar_id", sah.pk), ("sebabdaftar", "daftar_id", sah.pk)):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"delete from bansos_{tabel} where {kolom} = %s", [pk])


def test_a_list_thrown_away_can_be_computed_again(warga):
    lama = satu("PKH")
    asli = ganti_nama("SATU")
    satu("PKH")
    Ketentuan.objects.filter(kunci="daftar.simpan_hari").update(nilai=0)
    daftar_buang.buang()
    ganti_nama(asli)
    lagi = satu("PKH")
    assert (lagi.id, lagi.sidik, lagi.baru) == (lama.id, lama.sidik, True)


def test_a_revoked_list_counts_no_more(warga, cast):
    sah = tindakan.tandatangani(satu("PKH").daftar, by=cast("kadis"))
    with pytest.raises(GateClosed):
        tindakan.cabut(sah, by=cast("kadis"), alasan=" ")
    tindakan.cabut(sah, by=cast("kadis"), alasan="Salah unggah desil.")
    assert daftar.terkini("PKH", PERIODE, KAB) is None


def test_supervisor_computes_kadis_signs_on_the_screen(warga, masuk):
    client = masuk("supervisor")
    jawab = client.post("/program/PKH/daftar/", {"kunci_kirim": str(uuid.uuid4()), "periode": PERIODE})
    assert jawab.status_code == 302
    assert tasks.daftar is tindakan  # the worker's module, which names the handler
    outbox.work()
    assert list(Pekerjaan.objects.filter(jenis=tindakan.JOB).values_list("status", "galat")) == [
        ("selesai", "")
    ]
    d = DaftarKelayakan.objects.get()
    halaman = client.get(f"/program/PKH/daftar/{d.pk}/").content.decode()
    assert "Desil keluarga" in halaman
    assert "Tanda tangani" not in halaman
    assert (
        client.post(
            f"/program/PKH/daftar/{d.pk}/tandatangani/", {"kunci_kirim": str(uuid.uuid4())}
        ).status_code
        == 403
    )
    client = masuk("kadis")
    assert "Tanda tangani daftar" in client.get(f"/program/PKH/daftar/{d.pk}/").content.decode()
    client.post(f"/program/PKH/daftar/{d.pk}/tandatangani/", {"kunci_kirim": str(uuid.uuid4())})
    halaman = client.get(f"/program/PKH/daftar/{d.pk}/").content.decode()
    assert "Sedang ditandatangani" in halaman and "Tanda tangani daftar" not in halaman
    client.post(f"/program/PKH/daftar/{d.pk}/tandatangani/", {"kunci_kirim": str(uuid.uuid4())})
    assert Pekerjaan.objects.filter(jenis=tindakan.JOB_TANDATANGAN).count() == 1  # asked twice, done once
    outbox.work()
    d.refresh_from_db()
    assert d.status == "ditandatangani"
    job = Pekerjaan.objects.get(jenis=tindakan.JOB_TANDATANGAN)
    assert f'href="/program/PKH/daftar/{d.pk}/"' in client.get(f"/pekerjaan/{job.pk}/").content.decode()
    assert "sudah ditandatangani" in client.get("/pemberitahuan/").content.decode()
    berkas = client.post(f"/program/PKH/daftar/{d.pk}/berkas/")
    assert berkas["ETag"] == f'"{bytes(d.berkas.sha256).hex()}"'
    assert (
        client.post(
            f"/program/PKH/daftar/{d.pk}/berkas/", headers={"if-none-match": berkas["ETag"]}
        ).status_code
        == 304
    )
    ekor = client.post(
        f"/program/PKH/daftar/{d.pk}/berkas/", headers={"range": "bytes=100-", "if-range": berkas["ETag"]}
    )
    assert (ekor.status_code, ekor.content) == (206, berkas.content[100:])
    assert (
        client.post(f"/program/PKH/daftar/{d.pk}/berkas/", headers={"range": "bytes=999999-"}).status_code
        == 416
    )


def test_the_village_sees_its_own_rows_and_why(warga, masuk):
    d = satu("PKH").daftar
    client = masuk("operator")
    halaman = client.get(f"/program/PKH/daftar/{d.pk}/").content.decode()
    rows = list(BarisDaftar.objects.filter(daftar=d).order_by("id"))
    punya = [f">{b.nama_kepala}<" in halaman for b in rows if b.wilayah_id == "32.05.01.1001"]
    assert sum(punya) == 50
    assert not any(f">{b.nama_kepala}<" in halaman for b in rows if b.wilayah_id != "32.05.01.1001")
    k = Keluarga.objects.filter(wilayah="32.05.01.1001").first()
    isi = client.get(f"/program/keluarga/{k.pk}/").content.decode()
    assert "Program Keluarga Harapan" in isi
    assert "Sumber: peringkat DTSEN dari BPS" in isi
    lain = Keluarga.objects.filter(wilayah="32.05.01.1003").first()
    assert client.get(f"/program/keluarga/{lain.pk}/").status_code == 404
    assert client.post(f"/program/PKH/daftar/{d.pk}/berkas/").status_code == 404
    client = masuk("supervisor")
    assert "data kesehatan" in client.get(f"/program/keluarga/{k.pk}/").content.decode()
    client = masuk("verifikator.lain")
    assert client.get(f"/program/PKH/daftar/{d.pk}/").status_code == 404


def test_the_command_says_what_it_did_and_twice_the_same(warga, capsys):
    call_command("hitung_kelayakan", program=["PKH", "PBI"], periode=PERIODE)
    sekali = capsys.readouterr().out
    assert "PKH/1 2026-4" in sekali
    assert "daftar baru" in sekali
    call_command("hitung_kelayakan", program=["PKH"], periode=PERIODE)
    kedua = capsys.readouterr().out
    assert "sama dengan daftar yang sudah ada" in kedua
    assert kedua.split("sidik ")[1].strip() in sekali
    for salah in ({"program": ["TIDAKADA"], "periode": PERIODE}, {"program": ["PKH"], "periode": "2026-7"}):
        with pytest.raises(CommandError):
            call_command("hitung_kelayakan", **salah)


def test_the_case_desk_reads_what_the_list_says(warga, cast):
    """Asked of a proposal: the newest list with rank and reasons, to those who may read lists there, and to nobody else."""
    hasil = satu("BPNT")
    b = layak(hasil)[0]
    usulan = Usulan(keluarga=b.keluarga, program="BPNT", wilayah=b.wilayah)
    [kata] = aturan_kasus.daftar_terakhir(usulan, cast("verifikator"))
    assert (kata.hasil, "peringkat 1" in kata.kalimat) == ("baik", True)
    keluar = BarisDaftar.objects.filter(daftar=hasil.daftar, hasil="tidak_layak").first()
    usulan = Usulan(keluarga=keluar.keluarga, program="BPNT", wilayah=keluar.wilayah)
    [kata] = aturan_kasus.daftar_terakhir(usulan, cast("verifikator"))
    assert (kata.hasil, "Desil keluarga" in kata.kalimat) == ("buruk", True)
    assert aturan_kasus.daftar_terakhir(usulan, cast("verifikator.lain")) == []


@pytest.mark.parametrize(
    "query",
    [
        "update bansos_barisdaftar set hasil = 'layak' where id = (select id from bansos_barisdaftar where hasil <> 'layak' limit 1)",
        "delete from bansos_barisdaftar where id = (select id from bansos_barisdaftar limit 1)",
        "update bansos_sebabdaftar set isi = '[]' where id = (select id from bansos_sebabdaftar limit 1)",
        "update bansos_barisdaftar set keluarga_id = gen_random_uuid() where id = (select id from bansos_barisdaftar limit 1)",
    ],
)
def test_periksa_names_a_list_that_was_changed_past_its_guards(warga, cast, query):
    akun = {nama: cast(nama) for nama in ("supervisor", "kadis")}
    assert demo_daftar.mainkan(akun, "32.05.01.1001", lambda: None) == 4
    assert DaftarKelayakan.objects.filter(status="ditandatangani").count() == 1
    assert list(periksa._daftar()) == []
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(query)
    assert {tabel for tabel, _, _ in periksa._daftar()} >= {"bansos_daftarkelayakan"}
