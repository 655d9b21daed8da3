"""A quarter's payment file of a kabupaten: 60,000 rows checked, stored, stored again with news, taken back."""

import time
import uuid

import pytest
from django.db import connection

from bansos.actions import status_salur
from bansos.models import Penyaluran, RiwayatPenyaluran
from bansos.queries import rekonsiliasi as cocok
from core import bulk
from core.privacy.keys import blind_index
from dtks.actions.impor import inti
from tests.bansos.test_status_salur import JUDUL
from tests.bantu.alur import orang
from tests.bantu.pemain import DESA, KABUPATEN

N = 60_000


def nik(n: int) -> str:
    return f"3205{n % 42 + 1:02d}{n % 28 + 1:02d}{n % 12 + 1:02d}{60 + n // 9000:02d}{n % 9000 + 1:04d}"


def isi() -> None:
    """Families of one head, past the guards."""
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute("create temp table nik_uji (g int, i bytea) on commit drop")
        bulk.copy("nik_uji", ("g", "i"), (bulk.line((n, blind_index(nik(n), "nik"))) for n in range(N)))
        cursor.execute(
            """insert into dtks_keluarga (id, nama_kepala, wilayah_id, alamat, rt, rw, alamat_kk, patokan, nama_suku, status, tanda, versi, updated_at)
               select md5('k' || g)::uuid, 'Kepala ' || g, %s, 'Kp. Uji', '001', '001', '', '', '', 'terdaftar', '{}', 0, now() from nik_uji""",
            [DESA],
        )
        cursor.execute(
            """insert into dtks_individu (id, keluarga_id, nik_indeks, tanpa_nik_alasan, nama, kunci_nama, tempat_lahir, tgl_lahir, jenis_kelamin,
                 hubungan, status_kawin, ibu_kandung, keberadaan, alamat_capil, partisipasi_sekolah, jenjang, kelas, ijazah, lapangan_usaha,
                 status_kerja, pendapatan, usaha_lapangan, usaha_omzet, disabilitas, jamkes, penyakit_menahun, gizi, versi_kode, aktif,
                 nonaktif_alasan, padan, tanda, updated_at)
               select md5('i' || g)::uuid, md5('k' || g)::uuid, i, '', 'Warga Uji ' || g, '', '', date '1960-01-01', '1', '1', '1', 'Siti', '1',
                 '', '', '', '', '', '', '', '', '', '', '', '', '', '', 'DTSEN-2025', true, '', 'PADAN', '{}', now() from nik_uji"""
        )
        cursor.execute("set local session_replication_role = origin")
        cursor.execute("analyze dtks_keluarga; analyze dtks_individu")


def berkas(status: str, hari: str) -> bytes:
    baris = (f"{nik(n)},,PKH,2026-4,1,600000,BNI,{status},{hari}," for n in range(N))
    return "\n".join([JUDUL, *baris]).encode()


@pytest.mark.load
@pytest.mark.timeout(1800)
@pytest.mark.django_db
def test_60_000_baris_dalam_hitungan_menit():
    isi()
    by, jam = orang("supervisor"), {}

    def ukur(nama, kerja):
        mulai = time.perf_counter()
        hasil = kerja()
        jam[nama] = round(time.perf_counter() - mulai, 1)
        return hasil

    def muat(status, hari):
        return inti.unggah(
            by=by,
            jenis=status_salur.JENIS,
            isi=berkas(status, hari),
            nama=f"{uuid.uuid4()}.csv",
            langsung=True,
        )

    satu = ukur("periksa", lambda: muat("SP2D", "01/10/2026"))
    assert satu.hitung == {"baru": N, "tanda": N}
    ukur("simpan", lambda: inti.terapkan(satu, by=by, langsung=True))
    dua = ukur("periksa lagi", lambda: muat("TOP UP", "05/10/2026"))
    ukur("simpan lagi", lambda: inti.terapkan(dua, by=by, langsung=True))
    assert (
        Penyaluran.objects.filter(status="TOPUP").count() == N and RiwayatPenyaluran.objects.count() == 2 * N
    )
    hasil = ukur("rekonsiliasi", lambda: cocok.rekonsiliasi(cocok.Lingkup("PKH", "2026-4", 1, (KABUPATEN,))))
    assert hasil.cocok and hasil.tingkat[3].rupiah == N * 600_000
    ukur("batal", lambda: inti.batalkan(dua, by=by, langsung=True))
    assert Penyaluran.objects.filter(status="SP2D").count() == N
    print(jam)
    assert jam["periksa"] + jam["simpan"] < 300
