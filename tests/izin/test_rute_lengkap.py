"""The table of routes and the URL resolver say the same, and the readable table is up to date."""

from tests.bantu import rute

TABEL = rute.tabel()


def test_setiap_alamat_ada_di_tabel():
    belum = set(rute.dari_resolver()) - {r.pola for r in TABEL}
    assert not belum, f"tulis di tests/izin/rute.yaml: {sorted(belum)}"


def test_setiap_baris_tabel_punya_alamat():
    lebih = {r.pola for r in TABEL} - set(rute.dari_resolver())
    assert not lebih, f"hapus dari tests/izin/rute.yaml: {sorted(lebih)}"


def test_setiap_baris_mengatakan_siapa_dan_memberi_contoh():
    semua = set.union(*rute.kuasa().values())
    for r in TABEL:
        assert (r.lihat, r.kirim) != (None, None), r.kunci
        assert set(r.argumen) == set(r.contoh), r.kunci
        for siapa in (r.lihat, r.kirim):
            assert siapa in (None, "publik", "masuk") or set(siapa) <= semua, r.kunci


def test_dokumen_mutakhir():
    assert rute.DOKUMEN.read_text() == rute.dokumen(), "jalankan: python -m tests.bantu.rute"
