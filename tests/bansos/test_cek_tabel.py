"""The public table of /cek/ says what the decrees and the register say, whichever way they were written."""

import pytest
from django.db import connection, transaction

from bansos.actions import penetapan as sk
from bansos.actions.cek import segarkan_semua
from bansos.models import CekBansos, Penetapan
from benchmarks.alas import sql, tanpa_pemicu
from core.identity import mask_name
from core.names import name_key
from dtks.actions import keluarga as register
from dtks.actions import usulan as langkah
from dtks.models import Individu, Keluarga
from portal.queries import periksa_sql
from tests.bantu import cek
from tests.bantu.alur import Perjalanan, alasan_pertama, isi_individu, keluarga_uji, orang, sampai
from tests.bantu.pemain import DESA2

pytestmark = pytest.mark.django_db
LANSIA = "APBD-LANSIA"


def _keluarga_dibaca() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select seq_tup_read + coalesce(idx_tup_fetch, 0) from pg_stat_xact_all_tables where relname = 'dtks_keluarga'"
        )
        return cursor.fetchone()[0]


def test_mencari_nama_kembar_tidak_membaca_keluarga_lain():
    """A name is asked beside the code of an area, whose collation is another: its index must still be used."""
    p = sampai("diajukan")
    with tanpa_pemicu():
        sql("insert into dtks_keluarga select r.* from generate_series(1, 40) g, dtks_keluarga k cross join lateral jsonb_populate_record(k, "
            "jsonb_build_object('id', md5(g::text)::uuid, 'no_kk', null, 'no_kk_indeks', null)) r where k.id = %s", p.usulan.keluarga_id)  # fmt: skip
        sql("insert into dtks_individu select r.* from dtks_keluarga k, dtks_individu i cross join lateral jsonb_populate_record(i, "
            "jsonb_build_object('id', md5(k.id::text)::uuid, 'nik', null, 'nik_indeks', null, 'keluarga_id', k.id, 'kunci_nama', 'LAIN', 'tanpa_nik_alasan', 'uji')) r "
            "where k.id <> i.keluarga_id and i.keluarga_id = %s and i.hubungan = '1'", p.usulan.keluarga_id)  # fmt: skip
    orang_ = Individu.objects.filter(keluarga=p.usulan.keluarga).first()
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        awal = _keluarga_dibaca()
        cursor.execute(
            "select cek_kembar(i.id, i.kunci_nama, c.wilayah) from bansos_cekbansos c join dtks_individu i on i.id = c.individu_id where i.id = %s",
            [orang_.pk],
        )
        assert cursor.fetchone() == (False,)
    assert _keluarga_dibaca() - awal <= 2, "only families in which somebody of that name lives"


def jumlah(keluarga) -> int:
    return Individu.objects.filter(keluarga=keluarga, aktif=True).count()


@pytest.mark.parametrize(
    ("status", "keadaan"),
    [
        ("draf", None), ("ditarik", None), ("diajukan", "proses_desa"), ("ditolak", "ditolak"), ("ditunda", "ditunda"),
        ("diinput", "proses_dinas"), ("dikirim", "menunggu_sk"), ("ditetapkan", "penerima"),
        ("tidak_ditetapkan", "tidak_ditetapkan"), ("daftar_tunggu", "daftar_tunggu"),
    ],
)  # fmt: skip
def test_setiap_keadaan_usulan(status, keadaan):
    p = sampai(status)
    n = cek.pastikan_cocok()
    assert cek.keadaan(p.usulan.keluarga) == ({("PKH", keadaan)} if keadaan else set())
    assert n == (jumlah(p.usulan.keluarga) if keadaan else 0)


def test_sk_diganti_lalu_dicabut():
    p = sampai("ditetapkan", program=LANSIA)
    baru = sk.ganti(p.penetapan, by=orang("kadis"), alasan="Salah tulis nama di lampiran")
    cek.pastikan_cocok()
    assert cek.keadaan(p.usulan.keluarga) == {(LANSIA, "penerima")}
    sk.cabut(baru, by=orang("kadis"), alasan="Keputusan keliru seluruhnya")
    cek.pastikan_cocok()
    assert cek.keadaan(p.usulan.keluarga) == {(LANSIA, "dicabut")}


def test_penghapusan_menunggu_putusan_tidak_tampak_dan_sesudahnya_tampak():
    p = sampai("ditetapkan", program=LANSIA)
    hapus, _ = langkah.buat(
        by=orang("operator"), keluarga=p.usulan.keluarga, program=LANSIA, jalur="PENGHAPUSAN",
        alasan_usul="Sudah mampu",
    )  # fmt: skip
    langkah.ajukan(hapus, by=orang("operator"))
    cek.pastikan_cocok()
    assert cek.keadaan(p.usulan.keluarga) == {
        (LANSIA, "penerima")
    }  # a wish of the village is no news for the public
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
    ):  # as the decree at the end of its line would write it
        cursor.execute("set local session_replication_role = replica")
        cursor.execute("update dtks_usulan set status = 'ditetapkan' where id = %s", [hapus.pk])
        cursor.execute("set local session_replication_role = origin")
        cursor.execute(
            """insert into core_dokumen select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(), 'kode', 'HAPUSCEK0001'))).*
               from core_dokumen d where id = %s returning id""",
            [p.penetapan.dokumen_id],
        )
        dokumen = cursor.fetchone()[0]
    sk_hapus = Penetapan.objects.create(
        wilayah=p.penetapan.wilayah, jenis="SK_BUPATI", program=p.penetapan.program, periode=p.penetapan.periode, nomor="900/x",
        urut=900, tahun=2026, tanggal=p.penetapan.tanggal, dokumen_id=dokumen, ditetapkan_by=orang("kadis"),
    )  # fmt: skip
    sk_hapus.baris.create(usulan=hapus, hasil="ditetapkan")
    cek.pastikan_cocok()
    assert cek.keadaan(p.usulan.keluarga) == {(LANSIA, "dikeluarkan")}
    sk_hapus.status = "dicabut"
    sk_hapus.save()
    cek.pastikan_cocok()
    assert cek.keadaan(p.usulan.keluarga) == {(LANSIA, "penerima")}


def test_program_yang_menyebut_keadaan_orang_tidak_pernah_masuk():
    sampai("diajukan", program="ATENSI")
    assert cek.pastikan_cocok() == 0


def test_anggota_datang_pergi_dan_ganti_nama():
    p = sampai("diajukan", nomor=next(n for n in range(50) if len(keluarga_uji(n).told) >= 3))
    n = cek.pastikan_cocok()
    baru = isi_individu(keluarga_uji(77).told[0])
    register.simpan_anggota(p.usulan, by=orang("operator"), data=baru | {"hubungan": "8"})
    assert cek.pastikan_cocok() == n + 1
    Individu.objects.filter(keluarga=p.usulan.keluarga, nama=baru["nama"]).update(
        nama="Lain Sekali", kunci_nama=name_key("Lain Sekali")
    )
    cek.pastikan_cocok()
    Individu.objects.filter(keluarga=p.usulan.keluarga, nama="Lain Sekali").update(
        aktif=False, nonaktif_alasan="MENINGGAL"
    )
    assert cek.pastikan_cocok() == n
    assert CekBansos.objects.filter(nama_samar=mask_name("Lain Sekali")).count() == 0


def test_pindah_desa_dan_rumah_yang_ditutup():
    p = sampai("ditetapkan", program=LANSIA)
    Keluarga.objects.filter(pk=p.usulan.keluarga_id).update(wilayah=DESA2)
    n = cek.pastikan_cocok()
    assert n and set(CekBansos.objects.values_list("wilayah", flat=True)) == {DESA2}
    Keluarga.objects.filter(pk=p.usulan.keluarga_id).update(status="nonaktif")
    assert cek.pastikan_cocok() == 0


def test_senama_di_satu_desa_ditandai_saat_datang_dan_saat_pergi():
    a, b = sampai("diajukan", nomor=1), sampai("draf", nomor=2)
    kepala = Individu.objects.get(keluarga=a.usulan.keluarga, hubungan="1")
    lain = Individu.objects.get(keluarga=b.usulan.keluarga, hubungan="1")
    Individu.objects.filter(pk=lain.pk).update(nama=kepala.nama, kunci_nama=kepala.kunci_nama)
    cek.pastikan_cocok()
    assert CekBansos.objects.get(individu_id=kepala.pk).kembar
    Keluarga.objects.filter(pk=b.usulan.keluarga_id).update(wilayah=DESA2)
    cek.pastikan_cocok()
    assert not CekBansos.objects.get(individu_id=kepala.pk).kembar
    Keluarga.objects.filter(pk=b.usulan.keluarga_id).update(wilayah=a.usulan.wilayah_id)
    assert CekBansos.objects.get(individu_id=kepala.pk).kembar
    Individu.objects.filter(pk=lain.pk).update(aktif=False)
    cek.pastikan_cocok()
    assert not CekBansos.objects.get(individu_id=kepala.pk).kembar


def test_dua_program_satu_keluarga_dan_usulan_baru_sesudah_ditolak():
    p = sampai("ditolak")
    assert cek.keadaan(p.usulan.keluarga) == {("PKH", "ditolak")}
    lagi, _ = langkah.buat(by=orang("operator"), keluarga=p.usulan.keluarga, program="PKH")
    langkah.ajukan(lagi, by=orang("operator"))
    cek.pastikan_cocok()
    assert cek.keadaan(p.usulan.keluarga) == {("PKH", "proses_desa")}
    langkah.tarik(lagi, by=orang("operator"), alasan=alasan_pertama("tarik"))
    cek.pastikan_cocok()
    assert cek.keadaan(p.usulan.keluarga) == {("PKH", "ditolak")}


def test_yang_ditulis_tanpa_pemicu_ditemukan_periksa_dan_dibetulkan_malam_hari():
    p = Perjalanan()
    p.ditetapkan()
    n = cek.pastikan_cocok()
    query = next(q for nama, _, q in periksa_sql.PEMERIKSAAN if nama == "cek")
    with connection.cursor() as cursor:
        cursor.execute("update bansos_cekbansos set keadaan = 'ditolak'")
        cursor.execute(query)
        assert len(cursor.fetchall()) == n
        cursor.execute("delete from bansos_cekbansos")
        cursor.execute(query)
        assert len(cursor.fetchall()) == n
    assert segarkan_semua() == n and segarkan_semua() == 0
    assert cek.pastikan_cocok() == n


@pytest.mark.parametrize(
    "nama",
    ["Siti Aminah", "a", "  ", "Ab C", "H. M. Yusuf, S.Ag", "Ny.  Ening\tbinti Encu", "Ündé Élan", "X Y Z"],
)
def test_samaran_nama_di_basis_data_sama_dengan_di_layar(nama):
    with connection.cursor() as cursor:
        cursor.execute("select cek_samar(%s)", [nama])
        assert cursor.fetchone()[0] == mask_name(nama)
