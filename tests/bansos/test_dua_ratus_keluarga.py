"""A month of one kelurahan from the RT/RW to an SK, through the actions, on a database that commits.

40 families in the default run, the 200 of issue 2 with `./test --load`.
"""

import pytest
from django.db import connection

from bansos.actions import penetapan as aksi_penetapan
from bansos.actions import pengesahan as aksi_pengesahan
from bansos.models import BarisPenetapan, Kelayakan, Penetapan, Program
from core import outbox
from core.models import Dokumen, Jejak, Pekerjaan
from dtks.actions import asesmen as aksi_asesmen
from dtks.actions import musyawarah as rapat_aksi
from dtks.actions import usulan as langkah
from dtks.models import EMPAT_MATA, KRITERIA, Keluarga, RiwayatUsulan, Usulan
from tests.bantu.alur import PDF, Perjalanan, foto, orang

BATCH = 4


@pytest.mark.parametrize(
    "jumlah", [40, pytest.param(200, marks=[pytest.mark.load, pytest.mark.timeout(900)])]
)
def test_dua_ratus_keluarga_dari_rtrw_sampai_sk(db_nyata, monkeypatch, jumlah):
    monkeypatch.setattr(outbox, "_ringers", [])
    gambar = foto()
    perjalanan = [Perjalanan(nomor=n, program="APBD-LANSIA") for n in range(jumlah)]
    for p in perjalanan:
        p.diajukan()

    operator, lurah, rapat = orang("operator"), orang("lurah"), perjalanan[0].rapat()
    for p in perjalanan:
        langkah.musyawarahkan(p.usulan, by=operator, musyawarah=rapat)
    rapat_aksi.putuskan(
        rapat, by=operator, putusan={str(b.pk): {"putusan": "disepakati"} for b in rapat.putusan.all()}
    )
    rapat = rapat_aksi.selenggarakan(rapat, by=operator)
    rapat = rapat_aksi.tandatangani(rapat, by=operator, isi=PDF, nama="ba.pdf")
    rapat = rapat_aksi.setujui(rapat, by=lurah)
    assert rapat_aksi.terapkan_putusan(rapat, by=operator) == {
        "sepakati": jumlah,
        "tolak": 0,
        "tunda": 0,
        "kembalikan": 0,
        "dilewati": 0,
    }

    tksk, verifikator, verifikator2 = orang("tksk"), orang("verifikator"), orang("verifikator2")
    for p in perjalanan:
        p.lengkapi()
        langkah.input(p.usulan, by=operator)
        p.padankan()
        langkah.tugaskan(p.usulan, by=verifikator2, petugas=tksk)
        jawaban = dict.fromkeys([k for k, _ in KRITERIA], True)
        aksi_asesmen.simpan(
            p.usulan,
            by=tksk,
            data={
                "tanggal": rapat.created_at.date(),
                "kunjungan": "1",
                "kesimpulan": "layak",
                "tanpa_benturan": True,
                **jawaban,
            },
        )
        aksi_asesmen.tambah_foto(p.usulan, by=tksk, isi=gambar)
        langkah.ases(p.usulan, by=tksk)
        langkah.verifikasi(p.usulan, by=verifikator)

    kadis, supervisor = orang("kadis"), orang("supervisor")
    program = Program.objects.get(pk="APBD-LANSIA")
    ids = [str(p.usulan.pk) for p in perjalanan]
    for i in range(0, jumlah, jumlah // BATCH):
        bagian = ids[i : i + jumlah // BATCH]
        batch = aksi_pengesahan.sahkan(bagian, by=kadis)
        aksi_pengesahan.kirim(batch, by=supervisor, tanda_terima=f"TT-{i}")
        aksi_penetapan.tetapkan(
            by=kadis,
            program=program,
            wilayah="32.05",
            putusan={pk: aksi_penetapan.Putusan("ditetapkan") for pk in bagian},
        )

    assert Usulan.objects.filter(status="ditetapkan").count() == jumlah
    assert Keluarga.objects.terdaftar().count() == jumlah
    assert Kelayakan.objects.filter(program=program, hasil="layak").count() == jumlah
    assert BarisPenetapan.objects.count() == jumlah
    assert sorted(Penetapan.objects.values_list("urut", flat=True)) == list(range(1, BATCH + 1))
    assert Dokumen.objects.filter(jenis="SK_BUPATI").count() == BATCH
    assert RiwayatUsulan.objects.count() == jumlah * 10
    assert Jejak.objects.filter(aksi="tetapkan").count() == jumlah
    for usulan in Usulan.objects.all():
        assert len({getattr(usulan, f"{k}_id") for k in EMPAT_MATA}) == 4
    assert Pekerjaan.objects.filter(jenis="dtks.beri_tahu").count() == jumlah * 10
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from jejak_periksa()")
        assert cursor.fetchone()[0] == 0
