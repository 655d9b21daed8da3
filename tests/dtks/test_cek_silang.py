"""Very many NIK at once: sent in or of the register, against the population table, the rest at the service."""

import io
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from core import outbox
from core.integrations.dukcapil.population import KATEGORI, Population
from core.models import Jejak, Pekerjaan
from core.workflow import GateClosed, NotAllowed
from dtks import tasks  # noqa: F401 - the handlers register themselves
from dtks.actions import penduduk, silang
from dtks.models import BarisSilang, Individu, Penduduk, Silang
from tests.bantu.alur import orang as pemain
from tests.bantu.pemain import DESA, KABUPATEN, KABUPATEN_LAIN

pytestmark = pytest.mark.django_db
HARI = date(2026, 11, 1)


def orang_uji(n=200):
    semua = [m for f in Population(families=300).families() for m in f.members]
    return [m for m in semua if m.record][:n]


def muat(anggota, kabupaten=KABUPATEN):
    """The civil registry's own rows as the file of Disdukcapil."""
    baris = [",".join(penduduk.KOLOM)]
    for m in anggota:
        p = m.record.person
        nama = f'"{p.nama}"'
        baris.append(f"{p.nik},{nama},{p.tanggal_lahir:%Y-%m-%d},{p.jenis_kelamin},{m.record.status}")
    return penduduk.muat(
        penduduk.baca(io.StringIO("\n".join(baris)), kabupaten, HARI),
        kabupaten=kabupaten, per_tanggal=HARI, sidik="00",
    )  # fmt: skip


def kiriman(anggota):
    return [
        silang.BarisMasuk(m.told.nik, m.told.nama, f"{m.told.tanggal_lahir:%Y-%m-%d}", m.told.jenis_kelamin)
        for m in anggota
    ]


def kerjakan():
    while outbox.work(limit=500):
        pass


def test_kiriman_dijawab_dari_tabel_penduduk_dengan_kategori_yang_sama_seperti_layanan():
    anggota = orang_uji()
    muat(anggota)
    s = silang.kirim(by=pemain("verifikator"), wilayah=KABUPATEN, tujuan="uji", baris=kiriman(anggota))
    Pekerjaan.objects.exclude(jenis=silang.JOB_RENTANG).delete()
    kerjakan()
    s.refresh_from_db()
    assert (s.status, s.selesai, s.jumlah) == ("selesai", len(anggota), len(anggota))
    hasil = dict(silang.hasil(s))
    for nomor, m in enumerate(anggota, 1):
        mau = KATEGORI[m.kasus]
        if m.kasus == "pindah":  # the file says only which kabupaten it is of
            mau = "PADAN"
        assert hasil[nomor] == mau, m.kasus
    assert s.per_kategori == dict(Counter(hasil.values()))


def test_nik_kiriman_tidak_pernah_polos_dan_dilupakan_sesudah_dijawab():
    anggota = orang_uji(20)
    muat(anggota)
    s = silang.kirim(by=pemain("verifikator"), wilayah=KABUPATEN, tujuan="uji", baris=kiriman(anggota))
    argumen = str(list(Pekerjaan.objects.values_list("argumen", "judul"))) + str(
        list(Jejak.objects.values_list("rincian", flat=True))
    )
    assert not any(m.told.nik in argumen for m in anggota)
    assert BarisSilang.objects.filter(nik__isnull=False).count() == 20
    assert BarisSilang.objects.first().nik.open() in {m.told.nik for m in anggota}
    kerjakan()
    assert not BarisSilang.objects.filter(nik__isnull=False).exists()
    s.refresh_from_db()
    assert s.status == "selesai"


def test_baris_rusak_dihitung_dan_tidak_menggagalkan_yang_lain():
    anggota = orang_uji(3)
    muat(anggota)
    baris = [
        *kiriman(anggota),
        silang.BarisMasuk("123"),
        silang.BarisMasuk(anggota[0].told.nik, "X", "31-02-2020"),
    ]
    s = silang.kirim(by=pemain("verifikator"), wilayah=KABUPATEN, tujuan="uji", baris=baris)
    kerjakan()
    s.refresh_from_db()
    assert s.per_kategori["FORMAT_SALAH"] == 2 and s.selesai == 5 and s.status == "selesai"


def test_yang_tidak_ada_di_tabel_ditanyakan_ke_layanan_dan_gangguan_tidak_menjawab_apa_apa(settings):
    settings.DUKCAPIL_URL = "http://127.0.0.1:9"
    s = silang.kirim(by=pemain("verifikator"), wilayah=KABUPATEN, tujuan="uji", baris=kiriman(orang_uji(5)))
    kerjakan()
    s.refresh_from_db()
    assert s.status == "jalan" and s.selesai == 0
    job = Pekerjaan.objects.get(jenis=silang.JOB_TANYA)
    assert job.status == "menunggu" and "Dukcapil belum menjawab" in job.galat
    # The answer comes: every row gets it once, and the second answer of a late worker changes nothing.
    jawaban = {str(b.pk): "PADAN" for b in BarisSilang.objects.all()}
    silang.catat_jawaban(s.pk, jawaban, bagian=1)
    silang.catat_jawaban(s.pk, dict.fromkeys(jawaban, "MENINGGAL"), bagian=0)
    s.refresh_from_db()
    assert (s.status, s.per_kategori) == ("selesai", {"PADAN": 5})


def test_hanya_yang_berwenang_di_wilayahnya_dan_paling_banyak_seratus_ribu():
    with pytest.raises(NotAllowed):
        silang.kirim(
            by=pemain("verifikator"), wilayah=KABUPATEN_LAIN, tujuan="x", baris=kiriman(orang_uji(1))
        )
    with pytest.raises(NotAllowed):
        silang.mulai_register(by=pemain("tksk"), wilayah=KABUPATEN, tujuan="x")
    for baris in ([], [silang.BarisMasuk("1")] * (silang.MAKS_KIRIMAN + 1)):
        with pytest.raises(GateClosed):
            silang.kirim(by=pemain("verifikator"), wilayah=KABUPATEN, tujuan="x", baris=baris)
    s = silang.kirim(by=pemain("verifikator"), wilayah=KABUPATEN, tujuan="x", baris=kiriman(orang_uji(1)))
    assert not Silang.objects.visible_to(pemain("verifikator2")).filter(pk=s.pk).exists()
    assert not Silang.objects.visible_to(pemain("verifikator.lain")).exists()


def test_seluruh_daerah_dicek_silang_tanpa_mengubah_hasil_padan(sampai):
    keluarga = sampai("diajukan").usulan.keluarga
    semua = {i.pk: i for i in keluarga.anggota.all()}
    lain = next(iter(semua.values()))
    Pekerjaan.objects.all().delete()
    Penduduk.objects.bulk_create(
        Penduduk(
            nik_indeks=bytes(i.nik_indeks), nama=("SAMA SEKALI LAIN" if i == lain else i.nama.upper()), tgl_lahir=i.tgl_lahir,
            jenis_kelamin=i.jenis_kelamin, wilayah=KABUPATEN, per_tanggal=HARI,
        )
        for i in semua.values()
    )  # fmt: skip
    s = silang.mulai_register(by=pemain("verifikator"), wilayah=DESA, tujuan="uji")
    kerjakan()
    s.refresh_from_db()
    assert s.status == "selesai" and s.jumlah == s.selesai == len(semua)
    assert s.per_kategori == {"PADAN": len(semua) - 1, "TIDAK_PADAN_NAMA": 1}
    assert set(Individu.objects.filter(pk__in=semua).values_list("padan", flat=True)) == {"MENUNGGU"}
    assert sum(n for _, n in silang.beda(s)) == len(semua)
    Individu.objects.filter(pk__in=semua).update(padan="PADAN")
    assert silang.beda(s) == [("TIDAK_PADAN_NAMA", 1)]
    assert silang.tanyakan_beda(s, by=pemain("verifikator")) == 1
    assert Pekerjaan.objects.get(jenis="dtks.padankan").argumen["individu"] == [str(lain.pk)]


def test_rentang_menutup_semua_indeks_tanpa_tumpang():
    for n in (0, 1, 99_999, 100_000, 1_000_000, 3_333_333):
        bagian = silang.langkah(n)
        assert bagian[0][0] == b"\0\0\0\0" and bagian[-1][1] > b"\xff" * 32
        assert all(a[1] == b[0] for a, b in pairwise(bagian))
        assert n / len(bagian) >= silang.RENTANG * 0.66 or len(bagian) == 1


def test_berkas_penduduk_yang_salah_tidak_mengubah_apa_apa():
    muat(orang_uji(5))
    for isi, kata in (
        ("a,b\n", "Baris pertama"),
        (",".join(penduduk.KOLOM) + "\n123,A,2000-01-01,L,\n", "Baris 2"),
    ):
        with pytest.raises(penduduk.BerkasSalah, match=kata):
            list(penduduk.baca(io.StringIO(isi), KABUPATEN, HARI))
    assert Penduduk.objects.count() == 5
    assert muat(orang_uji(3)) == 3 and Penduduk.objects.count() == 3
