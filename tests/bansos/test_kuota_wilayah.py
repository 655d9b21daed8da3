"""The quota of a kabupaten divided among kecamatan and desa: never more than there is, and each area fills its own part."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Pemberitahuan
from bansos import tasks  # noqa: F401 - the handlers of the queue register themselves
from bansos.actions import kuota as aksi
from bansos.actions import tempat_kuota
from bansos.actions.hitung import hitung
from bansos.actions.penetapan import Putusan, cabut, quarter, tetapkan
from bansos.models import Kuota, PengisianKuota, PerubahanKuota, Program
from bansos.queries.kuota import berlaku, di_tempat, pembagian
from core import outbox
from core.workflow import GateClosed, NotAllowed
from portal.queries import periksa_sql
from tests.bantu import warga_acak
from tests.bantu.alur import orang, sampai
from tests.bantu.daftar import daftar_sah, keluarga_banyak
from tests.bantu.pemain import DESA, DESA2, KABUPATEN

pytestmark = pytest.mark.django_db
LANSIA = "APBD-LANSIA"
KECAMATAN = DESA[:8]
DESA_KEC_LAIN = "32.05.02.1001"


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


@pytest.fixture(autouse=True)
def angka_tetap_cocok(db):
    """Whatever was divided here, the self-check finds no breach."""
    yield
    with connection.cursor() as c:
        c.execute(next(sql for nama, _, sql in periksa_sql.PEMERIKSAAN if nama == "kuota"))
        assert c.fetchall() == []


def kini() -> str:
    return quarter(timezone.localdate())


def usul(wilayah: str, jumlah: int, pagu: int | None = None) -> PerubahanKuota:
    return aksi.usulkan(
        by=orang("supervisor"), program=Program.objects.get(pk=LANSIA), wilayah=wilayah, periode=kini(), jumlah=jumlah, pagu=pagu,
        alasan="Pembagian menurut keputusan bupati.", dasar_hukum="Perbup 5/2026",
    )  # fmt: skip


def kuota(wilayah: str, jumlah: int, pagu: int | None = None) -> Kuota:
    aksi.setujui(usul(wilayah, jumlah, pagu), by=orang("kadis"))
    return Kuota.objects.get(program=LANSIA, wilayah=wilayah, periode=kini())


def kode(gagal) -> str:
    return gagal.value.halangan[0].kode


def test_kuota_kabupaten_dibagi_ke_kecamatan_lalu_ke_desa_dan_sisanya_tercatat():
    kab = kuota(KABUPATEN, 10)
    kec = kuota(KECAMATAN, 6)
    desa = kuota(DESA, 4)
    kab.refresh_from_db()
    kec.refresh_from_db()
    assert (kab.dibagi, kab.sisa, kec.dibagi, kec.sisa, desa.induk_id, kec.induk_id) == (
        6,
        4,
        4,
        2,
        kec.pk,
        kab.pk,
    )
    assert pembagian(kab) == {KABUPATEN: 4, KECAMATAN: 2, DESA: 4}
    assert di_tempat(LANSIA, f"{DESA}.001", kini()) == desa and di_tempat(LANSIA, DESA2, kini()) == kec
    assert di_tempat(LANSIA, DESA_KEC_LAIN, kini()) == kab


def test_bagian_tidak_melebihi_kuota_di_atasnya_juga_bila_dua_usulan_menunggu():
    with pytest.raises(GateClosed) as gagal:
        usul(KECAMATAN, 1)
    assert kode(gagal) == "BELUM_ADA_INDUK"
    kuota(KABUPATEN, 5)
    with pytest.raises(GateClosed) as gagal:
        usul(KECAMATAN, 6)
    assert kode(gagal) == "MELEBIHI_INDUK"
    satu, dua = usul(KECAMATAN, 3), usul("32.05.02", 3)  # each alone would fit
    aksi.setujui(satu, by=orang("kadis"))
    with pytest.raises(GateClosed) as gagal, transaction.atomic():
        aksi.setujui(dua, by=orang("kadis"))
    assert kode(gagal) == "MELEBIHI_INDUK"
    with pytest.raises(GateClosed) as gagal:
        usul(KABUPATEN, 2)
    assert kode(gagal) == "DI_BAWAH_ISI"


def test_bagian_diputus_unit_lain_dan_diumumkan(client):
    kuota(KABUPATEN, 5)
    satu = usul(DESA, 2)
    for siapa in ("supervisor", "operator", "lurah", "kadis.lain"):
        with pytest.raises(NotAllowed):
            aksi.setujui(satu, by=orang(siapa))
    with pytest.raises(NotAllowed):
        aksi.usulkan(
            by=orang("operator"), program=Program.objects.get(pk=LANSIA), wilayah=DESA, periode=kini(), jumlah=1, pagu=None,
            alasan="Desa kami perlu.", dasar_hukum="Perdes",
        )  # fmt: skip
    aksi.setujui(satu, by=orang("kadis"))
    teks = client.get("/pengumuman/kuota/").content.decode()
    assert satu.kuota.wilayah.sebutan in teks and "0 menjadi 2" in " ".join(teks.split())


def test_pagu_ikut_dibagi():
    kuota(KABUPATEN, 10, 10_000_000)
    with pytest.raises(GateClosed) as gagal:
        usul(KECAMATAN, 2)
    assert kode(gagal) == "PAGU_WAJIB"
    with pytest.raises(GateClosed) as gagal:
        usul(KECAMATAN, 2, 10_000_001)
    assert kode(gagal) == "PAGU_INDUK"
    kuota(KECAMATAN, 2, 4_000_000)
    assert berlaku(LANSIA, KABUPATEN, kini()).sisa_pagu == 6_000_000
    with pytest.raises(GateClosed) as gagal:
        usul(KABUPATEN, 10, 3_000_000)
    assert kode(gagal) == "PAGU_TERPAKAI"


def test_pagu_baru_menunggu_bagian_yang_belum_punya_pagu():
    kuota(KABUPATEN, 10)
    kuota(KECAMATAN, 2)
    with pytest.raises(GateClosed) as gagal:
        usul(KABUPATEN, 10, 9_000_000)
    assert kode(gagal) == "PAGU_BAGIAN"


def test_kecamatan_tidak_mendapat_bagian_bila_desanya_sudah_langsung_dari_kabupaten():
    kuota(KABUPATEN, 10)
    tunggu = usul(DESA2, 1)
    with pytest.raises(GateClosed) as gagal:
        usul(KECAMATAN, 5)
    assert kode(gagal) == "BAGIAN_ADA"
    aksi.tarik(tunggu, by=orang("supervisor"))
    kec = kuota(KECAMATAN, 5)
    assert kuota(DESA2, 1).induk == kec  # proposed again, it comes out of the kecamatan's


@pytest.mark.parametrize(
    "sql",
    [
        "update bansos_kuota set dibagi = 9 where induk_id is null",
        "update bansos_kuota set induk_id = null where induk_id is not null",
        "update bansos_kuota set jumlah = 9, versi = 1 where induk_id is not null",
    ],
)
def test_sql_langsung_tidak_membagi_lebih_banyak(sql):
    kuota(KABUPATEN, 5)
    kuota(DESA, 3)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as c:
        c.execute(sql)


def test_tiap_wilayah_mengisi_bagiannya_menurut_peringkat_di_dalamnya():
    satu, dua, tiga = (
        keluarga_banyak(3, DESA),
        keluarga_banyak(3, DESA2, 10),
        keluarga_banyak(3, DESA_KEC_LAIN, 20),
    )
    urut = [k for bertiga in zip(satu, dua, tiga, strict=True) for k in bertiga]
    kab, desa = kuota(KABUPATEN, 4), kuota(DESA, 2)
    daftar_sah(LANSIA, kini(), urut, layak=4)
    by = orang("supervisor")
    assert (tempat_kuota.isi(desa, by=by), tempat_kuota.isi(kab, by=by)) == (2, 2)
    assert set(desa.pengisian.values_list("keluarga", flat=True)) == {satu[0].pk, satu[1].pk}
    assert set(kab.pengisian.values_list("keluarga", flat=True)) == {dua[0].pk, tiga[0].pk}
    # The place of the desa goes to its own next family, not to the one that is next in the kabupaten.
    baru = tempat_kuota.lepas(desa.pengisian.get(keluarga=satu[0]), by=by, sebab="Pindah ke luar kabupaten.")
    assert baru.keluarga_id == satu[2].pk
    assert tempat_kuota.lepas(baru, by=by, sebab="Mundur dengan surat sendiri.") is None
    kab.refresh_from_db()
    assert (kab.terisi, kab.dibagi) == (2, 2)


def test_naik_dari_daftar_tunggu_dikabarkan_ke_desanya_dan_tempat_kosong_ke_dinas():
    rumah = keluarga_banyak(2, DESA)
    kuota(KABUPATEN, 4)
    desa = kuota(DESA, 1)
    daftar_sah(LANSIA, kini(), rumah, layak=1)
    by = orang("supervisor")
    tempat_kuota.isi(desa, by=by)
    baru = tempat_kuota.lepas(desa.pengisian.get(), by=by, sebab="Meninggal dunia minggu lalu.")
    tempat_kuota.lepas(baru, by=by, sebab="Mundur dengan surat sendiri.")
    outbox.work()
    operator = list(
        Pemberitahuan.objects.filter(pengguna=orang("operator")).values_list("kalimat", flat=True)
    )
    dinas = list(Pemberitahuan.objects.filter(pengguna=by).values_list("kalimat", flat=True))
    assert any("naik dari daftar tunggu" in k for k in operator)
    assert any("tempat kosong" in k for k in dinas)
    semua = " ".join(Pemberitahuan.objects.values_list("kalimat", flat=True))
    assert "Kepala 0" not in semua and "eninggal" not in semua
    assert not Pemberitahuan.objects.filter(pengguna=orang("operator2"), kalimat__contains="naik").exists()


def test_sk_mengambil_tempat_di_desanya_dan_melepasnya_lagi():
    kuota(KABUPATEN, 5)
    desa = kuota(DESA, 1)
    satu, dua = (sampai("dikirim", nomor=n, program=LANSIA) for n in (1, 2))
    program, kadis = Program.objects.get(pk=LANSIA), orang("kadis")
    sk = tetapkan(
        by=kadis, program=program, wilayah=KABUPATEN, putusan={str(satu.usulan.pk): Putusan("ditetapkan")}
    )
    assert PengisianKuota.objects.get().kuota == desa
    with pytest.raises(GateClosed) as gagal, transaction.atomic():
        tetapkan(
            by=kadis, program=program, wilayah=KABUPATEN, putusan={str(dua.usulan.pk): Putusan("ditetapkan")}
        )
    assert kode(gagal) == "KUOTA_PENUH"
    cabut(sk, by=kadis, alasan="Anggaran dialihkan untuk banjir.")
    desa.refresh_from_db()
    assert desa.terisi == 0


def test_daftar_kelayakan_menghitung_yang_masuk_di_tiap_bagian():
    warga_acak.isi(120)
    utuh = hitung(program="BPNT", periode=kini(), wilayah=KABUPATEN, by=None).daftar
    lulus = list(utuh.baris.filter(hasil="layak").order_by("peringkat").values_list("keluarga", "wilayah_id"))
    desa = next(w[:13] for _, w in lulus)
    di_desa = [k for k, w in lulus if w[:13] == desa]
    lain = [k for k, w in lulus if w[:13] != desa]
    assert len(di_desa) > 2 and len(lain) > 3
    for wilayah, n in ((KABUPATEN, 5), (desa, 2)):
        satu = aksi.usulkan(
            by=orang("supervisor"), program=Program.objects.get(pk="BPNT"), wilayah=wilayah, periode=kini(), jumlah=n, pagu=None,
            alasan="Pembagian menurut alokasi.", dasar_hukum="Surat alokasi",
        )  # fmt: skip
        aksi.setujui(satu, by=orang("kadis"))
    terbagi = hitung(program="BPNT", periode=kini(), wilayah=KABUPATEN, by=None).daftar
    masuk = set(terbagi.baris.filter(hasil="layak").values_list("keluarga", flat=True))
    assert masuk == {*di_desa[:2], *lain[:3]}
    assert terbagi.jumlah["daftar_tunggu"] == len(lulus) - 5 and terbagi.pk != utuh.pk
    peringkat = terbagi.baris.exclude(peringkat=None).order_by("peringkat").values_list("keluarga", flat=True)
    assert list(peringkat) == [k for k, _ in lulus]  # the rank stays the kabupaten's
    assert hitung(program="BPNT", periode=kini(), wilayah=KABUPATEN, by=None).daftar == terbagi


def test_di_layar_dibagi_lalu_terlihat_di_halaman_kuota(masuk):
    supervisor, kadis = masuk("supervisor"), masuk("kadis")
    kab = kuota(KABUPATEN, 5)
    halaman = supervisor.get(
        f"/kuota/usulkan/?program={LANSIA}&periode={kini()}&wilayah={DESA}"
    ).content.decode()
    assert f'<option value="{DESA}" selected>' in halaman
    isi = {
        "kunci_kirim": "0b6e2a0e-0000-4000-8000-0000000000b1", "wilayah": DESA, "program": LANSIA, "periode": kini(), "jumlah": "2", "pagu": "",
        "alasan": "Pembagian ke desa.", "dasar_hukum": "Perbup 5/2026", "sumber": "",
    }  # fmt: skip
    jawab = supervisor.post("/kuota/usulkan/", isi)
    assert jawab.status_code == 302
    bagian = PerubahanKuota.objects.get(kuota__wilayah=DESA)
    kadis.post(
        f"/kuota/perubahan/{bagian.pk}/putus/",
        {"kunci_kirim": "0b6e2a0e-0000-4000-8000-0000000000b2", "putusan": "setujui", "alasan": ""},
    )
    induk = supervisor.get(f"/kuota/{kab.pk}/").content.decode()
    assert "Pembagian ke wilayah" in induk and f"/kuota/{bagian.kuota_id}/" in induk
    assert f"/kuota/{bagian.kuota_id}/" not in supervisor.get("/kuota/").content.decode()
    desa = masuk("operator").get(f"/kuota/{bagian.kuota_id}/").content.decode()
    assert "Bagian dari" not in desa  # the village sees its own part, not the kabupaten's page
    assert masuk("operator2").get(f"/kuota/{bagian.kuota_id}/").status_code == 404
