"""Ready eligibility lists straight in the tables: `daftar(n)` has n rows over two desa, in three outcomes."""

from datetime import date

from django.db import connection

from bansos.models import AturanProgram, DaftarKelayakan
from tests.bantu.alur import orang
from tests.bantu.pemain import DESA, DESA2, KABUPATEN


def aturan(program: str = "PKH") -> AturanProgram:
    ada = AturanProgram.objects.filter(program=program).order_by("-versi").first()
    return ada or AturanProgram.objects.create(
        program_id=program, versi=1, isi={}, status="berlaku", berlaku_sejak=date(2020, 1, 1), dasar_hukum="uji", sumber="uji",
    )  # fmt: skip


def daftar(
    n: int, *, program: str = "PKH", periode: str = "2026-4", kabupaten: str = KABUPATEN, desa=(DESA, DESA2)
):
    """The list, computed by nobody; row i is family `Kepala i`, the odd ones in the second desa."""
    d = DaftarKelayakan.objects.create(
        program_id=program, wilayah_id=kabupaten, periode=periode, aturan=aturan(program), snapshot="2026-3/abc", sidik=b"",
        created_by=orang("supervisor"),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(
            """insert into bansos_sebabdaftar (id, daftar_id, nomor, isi, komponen) values
               (gen_random_uuid(), %(d)s, 1, '[{"kode": "DESIL", "kalimat": "Desil 2, \\"paling tinggi\\" 4.", "cocok": true, "saran": ""}]', '[]'),
               (gen_random_uuid(), %(d)s, 2, '[{"kode": "KUOTA", "kalimat": "Kuota penuh.", "cocok": false, "saran": "Tunggu."}]', '[]')""",
            {"d": d.pk},
        )
        cursor.execute(
            """insert into dtks_keluarga (id, nama_kepala, wilayah_id, alamat, rt, rw, alamat_kk, patokan, nama_suku, status, tanda, versi, updated_at)
               select md5(%(d)s::text || g)::uuid, 'x', case when g %% 2 = 0 then %(a)s else %(b)s end, '-', '001', '001', '', '', '', 'terdaftar', '{}', 0, now()
               from generate_series(1, %(n)s) g""",
            {"d": d.pk, "n": n, "a": desa[0], "b": desa[1]},
        )
        cursor.execute(
            """insert into bansos_barisdaftar (id, daftar_id, keluarga_id, wilayah_id, nama_kepala, desil, skor, peringkat, hasil, manfaat, sebab)
               select (left(%(d)s::text, 18) || '-' || lpad(to_hex(g / 4294967296), 4, '0') || '-' || lpad(to_hex(g), 12, '0'))::uuid, %(d)s,
                 md5(%(d)s::text || g)::uuid, case when g %% 2 = 0 then %(a)s else %(b)s end,
                 case g when 1 then '=HYPERLINK("x")' when 2 then 'Ñá"b\\c' else 'Kepala ' || g end, 1 + g %% 4, g %% 100, g,
                 case when g %% 3 = 0 then 'daftar_tunggu' else 'layak' end, 3000000, 1 + (g %% 3 = 0)::int
               from generate_series(1, %(n)s) g""",
            {"d": d.pk, "n": n, "a": desa[0], "b": desa[1]},
        )
        cursor.execute("set local session_replication_role = default")
    return d
