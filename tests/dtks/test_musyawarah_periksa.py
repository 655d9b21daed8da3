"""A meeting, its correction and a name that was left out, really committed: the self-check finds nothing."""

from django.utils import timezone

from dtks.actions import musyawarah as aksi
from portal.queries import periksa
from tests.bantu.alur import PDF, orang
from tests.bantu.alur import sampai as perjalanan


def test_periksa_bersih_sesudah_perjalanan_penuh(db_nyata):
    p, q = perjalanan("disepakati"), perjalanan("diajukan", nomor=1)
    by, lurah = orang("operator"), orang("lurah")
    koreksi = aksi.perbaiki(p.musyawarah, by=by, data={
        "alasan_perbaikan": "Nama tertukar", "waktu": timezone.now(), "tempat": "Kantor", "pimpinan": "Asep Hidayat", "notulis": "Siti Rohmah",
    })  # fmt: skip
    masuk, ditolak = aksi.bawa(koreksi, by=by, usulan=[p.usulan, q.usulan])
    assert (masuk, ditolak) == (2, [])
    putusan = {
        str(koreksi.putusan.get(usulan=p.usulan).pk): {
            "putusan": "ditolak",
            "alasan": "Tertukar",
            "versi": 0,
        },
        str(koreksi.putusan.get(usulan=q.usulan).pk): {"putusan": "disepakati", "versi": 0},
    }
    assert aksi.putuskan(koreksi, by=by, putusan=putusan) == []
    aksi.catat_hadir(koreksi, by=by, hadir=[str(x.pk) for x in koreksi.peserta.all()])
    koreksi = aksi.selenggarakan(koreksi, by=by)
    koreksi = aksi.tandatangani(koreksi, by=by, isi=PDF, nama="ba.pdf")
    koreksi = aksi.setujui(koreksi, by=lurah)
    assert aksi.terapkan_putusan(koreksi, by=by) | {"dilewati": 0} == {
        "sepakati": 1, "tolak": 1, "tunda": 0, "kembalikan": 0, "dilewati": 0,
    }  # fmt: skip
    assert (p.segar().status, q.segar().status) == ("ditolak", "disepakati")
    assert [str(x) for x in periksa.jalankan(berkas=True).pelanggaran] == []
