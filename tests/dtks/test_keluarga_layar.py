"""The register on the screen: search, the family page, PPKS, full numbers, files."""

import re
import uuid

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import files
from core.models import Jejak
from dtks.actions import keluarga as aksi
from dtks.models import AnggotaPPKS, Desil, KategoriPPKS, Peristiwa
from tests.bantu.alur import foto, keluarga_uji, orang, sampai

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    """The second factor has tests of its own; a demo portal does not ask for it."""
    settings.DEMO = True


def teks(jawab) -> str:
    return re.sub(r"\s+", " ", jawab.content.decode())


def test_search_by_name_finds_only_my_area(masuk):
    p = sampai("draf", pengusul="operator")
    nama = p.usulan.keluarga.nama_kepala
    assert nama in teks(masuk("operator").get("/keluarga/", {"nama": nama[:3].lower()}))
    assert nama not in teks(masuk("operator2").get("/keluarga/", {"nama": nama[:3]}))
    assert masuk("admin").get("/keluarga/").status_code == 403
    for salah in ({"nik": "3205"}, {"nama__regex": "("}, {"kursor": "x", "nama": "a"}):
        assert masuk("operator").get("/keluarga/", salah).status_code == 400
    assert masuk("operator").get("/keluarga/", {"nama": "\x00"}).status_code == 422


def test_search_by_nik_or_kk_goes_by_post_and_shows_masked_numbers(masuk):
    p = sampai("draf", pengusul="operator")
    keluarga = keluarga_uji(0)
    url = reverse("keluarga_cari_nomor")
    for nomor in (keluarga.told[0].nik, keluarga.kk, f" {keluarga.kk[:8]} {keluarga.kk[8:]}"):
        jawab = masuk("operator").post(url, {"nomor": nomor})
        isi = teks(jawab)
        assert p.usulan.keluarga.nama_kepala in isi
        tabel = isi[isi.index("<table") :]
        assert keluarga.kk not in tabel and keluarga.told[0].nik not in tabel
        assert "tidak tercatat di wilayah Anda" in teks(masuk("operator2").post(url, {"nomor": nomor}))
    assert masuk("operator").post(url, {"nomor": "123"}).status_code == 422
    assert masuk("operator").get(url).status_code == 405


def test_family_page_shows_everything_and_no_full_number(masuk):
    p = sampai("draf", pengusul="operator")
    p.lengkapi()
    keluarga = p.usulan.keluarga
    Desil.objects.create(keluarga=keluarga, tahun=2026, triwulan=3, desil=2, sumber="BPS, September 2026")
    jawab = teks(masuk("operator").get(reverse("keluarga_lihat", args=[keluarga.pk])))
    for kata in (
        "Triwulan III tahun 2026",
        "BPS, September 2026",
        "36 m²",
        "Anyaman bambu",
        "Tidak punya aset",
        p.usulan.tiket,
    ):
        assert kata in jawab
    for orang_ in keluarga_uji(0).told:
        assert orang_.nama in jawab and orang_.nik not in jawab
    assert keluarga_uji(0).kk not in jawab


def test_family_page_costs_the_same_for_more_members(masuk):
    p = sampai("draf", pengusul="operator")
    client = masuk("operator")
    url = reverse("keluarga_lihat", args=[p.usulan.keluarga_id])

    def hitung() -> int:
        with CaptureQueriesContext(connection) as q:
            client.get(url)
        return len(q)

    hitung()
    awal = hitung()
    anggota = p.usulan.keluarga.anggota.last()
    for n in range(4):
        data = {
            k: getattr(anggota, k)
            for k in (
                "tempat_lahir",
                "tgl_lahir",
                "jenis_kelamin",
                "status_kawin",
                "ibu_kandung",
                "keberadaan",
            )
        }
        aksi.simpan_anggota(
            p.usulan,
            by=orang("operator"),
            data={**data, "nama": f"Bayi {n}", "hubungan": "3", "tanpa_nik_alasan": "BAYI"},
        )
    assert hitung() == awal


def test_full_number_needs_a_reason_and_is_recorded(masuk):
    p = sampai("draf", pengusul="operator")
    individu = p.usulan.keluarga.anggota.get(hubungan="1")
    nik = keluarga_uji(0).told[0].nik
    url = reverse("anggota_nik", args=[individu.pk])
    client = masuk("operator")
    assert nik not in teks(client.get(url))
    assert client.post(url, {"alasan": ""}).status_code == 422
    assert client.post(url, {"alasan": "a"}).status_code == 422
    assert not Jejak.objects.filter(aksi="buka_nomor").exists()
    buka = client.post(url, {"alasan": "mencocokkan dengan KTP asli"})
    assert nik in teks(buka) and "no-store" in buka["Cache-Control"]
    jejak = Jejak.objects.get(aksi="buka_nomor")
    assert jejak.aktor_nama == "operator" and nik not in str(jejak.rincian)
    assert nik not in teks(client.get(url)), "shown once"
    kk = client.post(
        reverse("keluarga_nomor", args=[p.usulan.keluarga_id, "no_kk"]), {"alasan": "mencocokkan KK"}
    )
    assert keluarga_uji(0).kk in teks(kk)
    assert client.get(reverse("keluarga_nomor", args=[p.usulan.keluarga_id, "alamat"])).status_code == 404
    assert masuk("rtrw").post(url, {"alasan": "ingin tahu saja"}).status_code == 404
    assert masuk("kadis").post(url, {"alasan": "ingin tahu saja"}).status_code == 404


def test_sensitive_category_is_invisible_to_others(masuk):
    p = sampai("draf", pengusul="operator")
    individu = p.usulan.keluarga.anggota.get(hubungan="1")
    umum = KategoriPPKS.objects.filter(sensitif=False).first()
    rahasia = KategoriPPKS.objects.filter(sensitif=True).first()
    url, lihat = (
        reverse("anggota_ppks", args=[individu.pk]),
        reverse("keluarga_lihat", args=[individu.keluarga_id]),
    )
    operator, peksos = masuk("operator"), masuk("peksos")
    assert rahasia.nama not in teks(operator.get(url)) and rahasia.nama in teks(peksos.get(url))

    def kirim(client, kategori):
        return client.post(
            url, {"kunci_kirim": str(uuid.uuid4()), "kategori": kategori.pk, "sumber": "Laporan RT"}
        )

    assert kirim(operator, rahasia).status_code == 422
    assert kirim(operator, umum).status_code == 302
    assert kirim(peksos, rahasia).status_code == 302
    assert umum.nama in teks(operator.get(lihat)) and rahasia.nama not in teks(operator.get(lihat))
    assert rahasia.nama in teks(peksos.get(lihat))
    baris = AnggotaPPKS.objects.get(kategori=rahasia)
    a = operator.post(reverse("ppks_akhiri", args=[baris.pk]))
    b = operator.post(reverse("ppks_akhiri", args=[uuid.uuid4()]))
    assert (a.status_code, a.content) == (404, b.content)
    assert peksos.post(reverse("ppks_akhiri", args=[baris.pk])).status_code == 302
    baris.refresh_from_db()
    assert baris.hingga is not None


def test_photo_is_served_to_those_of_the_case_only(masuk):
    p = sampai("draf", pengusul="operator")
    p.lengkapi()
    berkas = p.usulan.keluarga.foto.get().berkas
    url = reverse("berkas_lihat", args=[berkas.pk])
    jawab = masuk("operator").get(url)
    assert jawab.status_code == 200 and jawab.content == files.read(berkas)
    assert jawab["Content-Type"] == "image/jpeg" and jawab["Content-Disposition"].startswith("inline")
    assert jawab["X-Content-Type-Options"] == "nosniff" and "sandbox" in jawab["Content-Security-Policy"]
    assert "no-store" in jawab["Cache-Control"]
    kecil = masuk("operator").get(url + "?kecil=1")
    assert kecil.status_code == 200 and len(kecil.content) < len(jawab.content)
    lain = masuk("operator2")
    assert lain.get(url).content == lain.get(reverse("berkas_lihat", args=[uuid.uuid4()])).content
    assert lain.get(url).status_code == 404
    assert masuk("verifikator.lain").get(url).status_code == 404
    with transaction.atomic():
        yatim = files.store(foto(), jenis="foto_kk", nama="x.jpg", mime="image/jpeg", wilayah="32.05.01.1001")
    assert masuk("operator").get(reverse("berkas_lihat", args=[yatim.pk])).status_code == 404, (
        "a file of no case is nobody's"
    )


def test_letters_of_a_meeting_follow_the_meeting(masuk):
    p = sampai("disepakati")
    m = p.musyawarah
    m.refresh_from_db()
    for pk in (m.pindaian_id, m.berita_acara.berkas_id, m.daftar_hadir.berkas_id):
        url = reverse("berkas_lihat", args=[pk])
        jawab = masuk("lurah").get(url)
        assert jawab.status_code == 200 and jawab["Content-Disposition"].startswith("attachment")
        assert masuk("rtrw").get(url).status_code == 404
        assert masuk("lurah.lain").get(url).status_code == 404


def test_out_of_area_answers_as_if_it_did_not_exist(masuk):
    p = sampai("draf", pengusul="operator")
    individu = p.usulan.keluarga.anggota.first()
    lain, tidak_ada = masuk("operator.lain"), uuid.uuid4()
    for nama, pk, ekor in (
        ("keluarga_lihat", p.usulan.keluarga_id, []),
        ("keluarga_usulkan", p.usulan.keluarga_id, []),
        ("keluarga_nomor", p.usulan.keluarga_id, ["no_kk"]),
        ("anggota_nik", individu.pk, []),
        ("anggota_ppks", individu.pk, []),
    ):
        for kirim in (lain.get, lain.post):
            a, b = kirim(reverse(nama, args=[pk, *ekor])), kirim(reverse(nama, args=[tidak_ada, *ekor]))
            assert (a.status_code, a.content) == (b.status_code, b.content), nama
            assert a.status_code in (404, 405), nama


def test_looking_never_writes(masuk):
    p = sampai("draf", pengusul="operator")
    p.lengkapi()
    client = masuk("operator")
    client.get("/keluarga/")
    individu = p.usulan.keluarga.anggota.first()
    alamat = ["/keluarga/", "/keluarga/?nama=a", reverse("keluarga_lihat", args=[p.usulan.keluarga_id])]
    alamat += [reverse("anggota_nik", args=[individu.pk]), reverse("anggota_ppks", args=[individu.pk])]
    alamat += [reverse("berkas_lihat", args=[p.usulan.keluarga.foto.get().berkas_id])]
    for satu in alamat:
        with CaptureQueriesContext(connection) as q:
            assert client.get(satu).status_code == 200, satu
        assert not [k["sql"] for k in q if re.match(r"\s*(INSERT|UPDATE|DELETE)", k["sql"], re.I)], satu


def test_from_the_form_of_a_member_one_way_leads_to_the_record_that_he_left(masuk):
    p = sampai("draf", pengusul="operator")
    client = masuk("operator")
    lain = p.usulan.keluarga.anggota.exclude(hubungan="1").first()
    menu = f"{reverse('peristiwa_menu', args=[p.usulan.keluarga_id])}?orang={lain.pk}"
    assert menu in client.get(reverse("anggota_ubah", args=[p.usulan.pk, lain.pk])).content.decode()
    isian = f"{reverse('peristiwa_catat', args=[p.usulan.keluarga_id, 'keluar'])}"
    assert f"{isian}?orang={lain.pk}" in client.get(menu).content.decode()
    assert "?orang=" not in client.get(menu.replace(str(lain.pk), "iseng")).content.decode()
    assert re.search(
        rf'value="{lain.pk}"[^>]*checked', client.get(isian, {"orang": lain.pk}).content.decode()
    )
    p.usulan.keluarga.refresh_from_db()
    data = {"kunci_kirim": str(uuid.uuid4()), "versi": p.usulan.keluarga.versi, "tanggal": timezone.localdate().isoformat(),
            "dasar_jenis": "KK_BARU", "dasar_nomor": "1", "keterangan": "Salah catat", "individu": str(lain.pk)}  # fmt: skip
    assert client.post(isian, data).status_code == 302
    lain.refresh_from_db()
    satu = Peristiwa.objects.get()
    assert not lain.aktif and (satu.jenis, satu.individu_id, satu.keterangan) == (
        "KELUAR",
        lain.pk,
        "Salah catat",
    )
