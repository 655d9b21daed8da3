"""How long the portal needs to tell a much looked-at person who saw him (goal D2: minutes)."""

import time

import pytest
from django.db import connection

from portal.actions import hak
from portal.queries import hak as isi_hak
from tests.bantu import hak as bantu

pytestmark = pytest.mark.django_db
LAIN, DIA = 1_000_000, 2_000
_ISI = """
insert into core_jejak (tx, rantai, aksi, objek_jenis, objek_id, aktor_id, aktor_nama, peran, wilayah, rincian, pada)
select gen_random_uuid(), 'uji', case when n %% 500 = 0 then 'unduh_daftar' else 'buka_nomor' end, %(jenis)s, coalesce(%(pk)s, gen_random_uuid()::text),
       'a' || n %% 400, 'Petugas', 'VERIFIKATOR', %(wilayah)s, '{}', now() - interval '1 minute' * (n %% 500000)
  from generate_series(1, %(n)s) n"""


@pytest.mark.load
@pytest.mark.timeout(900)
def test_a_person_with_two_thousand_sightings_among_a_million_acts_is_answered_in_seconds(settings, capsys):
    settings.DEMO = True
    keluarga = bantu.keluarga(0, "ditetapkan")
    kepala = keluarga.anggota.get(hubungan="1")
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute("update dtks_keluarga set created_at = now() - interval '1 year' where id = %s", [keluarga.pk])  # fmt: skip
        for jenis, pk, n in (("dtks.Individu", None, LAIN), ("dtks.Individu", str(kepala.pk), DIA)):
            isi = {"jenis": jenis, "pk": pk, "n": n, "wilayah": keluarga.wilayah_id[:5]}
            cursor.execute(_ISI, isi)
        cursor.execute("set local session_replication_role = origin")
        cursor.execute("analyze core_jejak")
    keluarga.refresh_from_db()
    detik = {}
    for nama, kerja in (
        ("siapa melihat", lambda: isi_hak.dilihat(keluarga, kepala)),
        ("daftar yang keluar", lambda: isi_hak.daftar_keluar(keluarga)),
        ("seluruh isi", lambda: isi_hak.salinan(keluarga, kepala)),
    ):
        mulai = time.perf_counter()
        kerja()
        detik[nama] = time.perf_counter() - mulai
    satu = bantu.minta(0, "AKSES", daftar=None)
    mulai = time.perf_counter()
    satu = hak.jawab(satu.pk)
    detik["surat bertanda tangan"] = time.perf_counter() - mulai
    with capsys.disabled():
        print(f"\n{LAIN:,} tindakan lain, {DIA:,} tentang dia: " + ", ".join(f"{k} {v:.2f} s" for k, v in detik.items()))  # fmt: skip
    assert satu.hasil["lihat"] == 2000 and detik["surat bertanda tangan"] < 60
