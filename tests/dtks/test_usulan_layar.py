"""The village proposes a family on the screen: from the NIK to the step that sends it to the Dinas."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Pengguna
from core import rules
from core.models import Jejak
from dtks.actions.usulan import pin_index
from dtks.models import Individu, KodeAcuan, RiwayatUsulan, TemuanGanda, Usulan
from tests.bantu import giliran
from tests.bantu.alur import PDF, Perjalanan, alasan_pertama, foto, keluarga_uji, orang, sampai
from tests.bantu.pemain import PEMAIN

ISIAN = "/usulan/baru/isian/"


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    """The second factor has tests of its own; a demo portal does not ask for it."""
    settings.DEMO = True


def isi(n: int = 0, **ubah) -> dict[str, str]:
    """What an officer types for the n-th invented family."""
    keluarga = keluarga_uji(n)
    kepala = keluarga.told[0]
    return {
        "kunci_kirim": str(uuid.uuid4()),
        "nik": kepala.nik,
        "no_kk": keluarga.kk,
        "nama": kepala.nama,
        "tempat_lahir": kepala.tempat_lahir,
        "tgl_lahir": kepala.tanggal_lahir.isoformat(),
        "jenis_kelamin": "1" if kepala.jenis_kelamin.upper().startswith("L") else "2",
        "status_kawin": "2",
        "ibu_kandung": kepala.nama_ibu,
        "wilayah": "32.05.01.1001",
        "alamat": keluarga.alamat,
        "rt": "1",
        "rw": "5",
        "program": "PKH",
        "jalur": "REGULER",
        "alasan_usul": "Kepala keluarga tidak bekerja sejak sakit.",
        **ubah,
    }


def langkah(client, usulan, nama, **data):
    usulan.refresh_from_db()
    isian = {"kunci_kirim": str(uuid.uuid4()), "versi": usulan.versi, "catatan": "", **data}
    return client.post(reverse("usulan_langkah", args=[usulan.pk, nama]), isian)


def buat(client, n: int = 0, **ubah) -> Usulan:
    jawab = client.post(ISIAN, isi(n, **ubah))
    assert jawab.status_code == 302, teks(jawab)
    return Usulan.objects.get(pk=jawab.url.split("/")[2])


def teks(jawab) -> str:
    return re.sub(r"\s+", " ", jawab.content.decode())


def test_operator_takes_a_family_from_the_nik_to_the_dinas(masuk):
    operator, lurah = masuk("operator"), masuk("lurah")
    kepala = keluarga_uji(0).told[0]

    jawab = operator.post("/usulan/baru/", {"nik": f"{kepala.nik[:4]} {kepala.nik[4:]}"})
    assert "Langkah 2 dari 2" in teks(jawab) and kepala.nik in teks(jawab)

    usulan = buat(operator)
    resi = operator.get(reverse("usulan_resi", args=[usulan.pk]))
    pin = re.search(r'<dd class="nomor besar"> (\d{6}) </dd>', teks(resi))[1]
    assert usulan.tiket in teks(resi)
    assert pin in teks(operator.get(reverse("usulan_resi", args=[usulan.pk]))), (
        "a refresh within ten minutes still shows it"
    )
    assert usulan.keluarga.wilayah_id == "32.05.01.1001"

    for person in keluarga_uji(0).told[1:]:
        keluarga = usulan.keluarga
        keluarga.refresh_from_db()
        jawab = operator.post(
            reverse("anggota_baru", args=[usulan.pk]),
            {
                "kunci_kirim": str(uuid.uuid4()), "versi": keluarga.versi, "nik": person.nik, "nama": person.nama, "hubungan": "3",
                "keberadaan": "1", "jenis_kelamin": "1" if person.jenis_kelamin.upper().startswith("L") else "2",
                "tempat_lahir": person.tempat_lahir, "tgl_lahir": person.tanggal_lahir.strftime("%d/%m/%Y"), "status_kawin": "1",
                "ibu_kandung": person.nama_ibu, "partisipasi_sekolah": "3", "bekerja": "tidak", "gizi": "3", "hamil": "tidak",
            },
        )  # fmt: skip
        assert jawab.status_code == 302, teks(jawab)

    assert langkah(operator, usulan, "ajukan").status_code == 302
    m = Perjalanan().rapat()
    assert str(m.pk) in teks(operator.get(reverse("usulan_langkah", args=[usulan.pk, "musyawarahkan"])))
    assert langkah(operator, usulan, "musyawarahkan", musyawarah=str(m.pk)).status_code == 302
    halaman = teks(operator.get(reverse("usulan_lihat", args=[usulan.pk])))
    assert "Belum bisa: Catat kesepakatan" in halaman and "Berita acara musyawarah belum sah" in halaman
    p = Perjalanan()
    p.musyawarah = m
    p.berita_acara_sah()
    assert langkah(operator, usulan, "sepakati").status_code == 302

    isi_rumah(operator, usulan)
    isi_aset(operator, usulan)
    isi_foto(operator, usulan)
    kepala_baris = usulan.keluarga.anggota.get(hubungan="1")
    ubah_anggota(operator, usulan, kepala_baris, partisipasi_sekolah="3", bekerja="tidak", hamil="tidak")
    halaman = teks(operator.get(reverse("usulan_lihat", args=[usulan.pk])))
    assert "100% lengkap" in halaman, re.findall(r"<li>([^<]*(?:belum|kurang)[^<]*)</li>", halaman)
    assert langkah(operator, usulan, "input").status_code == 302
    usulan.refresh_from_db()
    assert usulan.status == "diinput"
    assert "Verifikator Dinsos" in teks(lurah.get(reverse("usulan_lihat", args=[usulan.pk])))
    assert kepala.nik not in teks(lurah.get(reverse("usulan_lihat", args=[usulan.pk])))


def versi(usulan) -> int:
    usulan.keluarga.refresh_from_db()
    return usulan.keluarga.versi


def isi_rumah(client, usulan, **ubah):
    data = {
        "kunci_kirim": str(uuid.uuid4()), "versi": versi(usulan), "status_rumah": "1", "luas_lantai": "36", "lantai": "8", "dinding": "4",
        "atap": "2", "air_minum": "5", "jarak_limbah": "1", "penerangan": "1", "daya": "450", "memasak": "10", "bab": "6", **ubah,
    }  # fmt: skip
    return client.post(reverse("usulan_rumah", args=[usulan.pk]), data)


def isi_aset(client, usulan, **ubah):
    jenis = KodeAcuan.objects.filter(daftar="aset").values_list("kode", flat=True)
    data = {"kunci_kirim": str(uuid.uuid4()), "versi": versi(usulan), **dict.fromkeys(jenis, "0"), **ubah}
    return client.post(reverse("usulan_aset", args=[usulan.pk]), data)


def isi_foto(client, usulan, isi_berkas=None, **ubah):
    berkas = SimpleUploadedFile("rumah.jpg", foto() if isi_berkas is None else isi_berkas, "image/jpeg")
    data = {
        "kunci_kirim": str(uuid.uuid4()),
        "versi": versi(usulan),
        "jenis": "rumah_depan",
        "foto": berkas,
        **ubah,
    }
    return client.post(reverse("usulan_foto", args=[usulan.pk]), data)


def isian_anggota(usulan, orang, **ubah) -> dict[str, str]:
    return {
        "kunci_kirim": str(uuid.uuid4()), "versi": str(versi(usulan)), "nik": "", "nama": orang.nama, "hubungan": orang.hubungan,
        "keberadaan": "1", "jenis_kelamin": orang.jenis_kelamin, "tempat_lahir": orang.tempat_lahir,
        "tgl_lahir": orang.tgl_lahir.isoformat(), "status_kawin": orang.status_kawin, "ibu_kandung": orang.ibu_kandung, **ubah,
    }  # fmt: skip


def ubah_anggota(client, usulan, orang, **ubah):
    return client.post(
        reverse("anggota_ubah", args=[usulan.pk, orang.pk]), isian_anggota(usulan, orang, **ubah)
    )


def test_the_area_of_an_rt_rw_is_fixed(masuk):
    client = masuk("rtrw")
    jawab = client.post("/usulan/baru/", {"tanpa_nik": "on"})
    assert "RW 005" in teks(jawab)
    usulan = buat(client, rw="99", wilayah="32.05.01.1001.005")
    assert (usulan.wilayah_id, usulan.keluarga.rw) == ("32.05.01.1001.005", "005")
    assert client.post(ISIAN, isi(1, wilayah="32.05.01.1003")).status_code == 422
    assert client.post(ISIAN, isi(1, jalur="KEDARURATAN", wilayah="32.05.01.1001.005")).status_code == 422
    assert "usulan.musyawarahkan" not in teks(client.get(reverse("usulan_lihat", args=[usulan.pk])))


def test_someone_without_a_nik_can_be_proposed_with_a_reason(masuk):
    client = masuk("operator")
    jawab = client.post(ISIAN, isi(nik="", no_kk="", tanpa_nik_alasan=""))
    assert jawab.status_code == 422 and "Isi NIK, atau pilih alasan" in teks(jawab)
    usulan = buat(client, nik="", no_kk="", tanpa_nik_alasan="TELANTAR")
    assert usulan.keluarga.anggota.get().tanpa_nik_alasan == "TELANTAR"


def test_sending_the_new_proposal_twice_makes_one(masuk):
    client = masuk("operator")
    data = isi()
    satu, dua = client.post(ISIAN, data), client.post(ISIAN, data)
    assert satu.url == dua.url
    assert Usulan.objects.count() == Individu.objects.count() == 1


def test_taking_a_step_twice_is_one_step(masuk):
    client = masuk("operator")
    usulan = buat(client)
    data = {"kunci_kirim": str(uuid.uuid4()), "versi": usulan.versi, "catatan": ""}
    url = reverse("usulan_langkah", args=[usulan.pk, "ajukan"])
    satu, dua = client.post(url, data), client.post(url, data)
    assert (satu.status_code, dua.status_code, satu.url) == (302, 302, dua.url)
    assert RiwayatUsulan.objects.filter(usulan=usulan).count() == 1


def test_saving_the_same_member_form_twice_is_one_member(masuk):
    p = sampai("draf", pengusul="operator")
    orang = p.usulan.keluarga.anggota.first()
    data = isian_anggota(p.usulan, orang, nama="Anak Baru", hubungan="3", nik="", tanpa_nik_alasan="BAYI")
    url = reverse("anggota_baru", args=[p.usulan.pk])
    client = masuk("operator")
    assert [client.post(url, data).status_code for _ in range(2)] == [302, 302]
    assert p.usulan.keluarga.anggota.filter(nama="Anak Baru").count() == 1


def test_nik_known_in_my_area_leads_to_that_family(masuk):
    p = sampai("draf", pengusul="operator")
    nik = keluarga_uji(0).told[0].nik
    client = masuk("operator")
    jawab = client.post("/usulan/baru/", {"nik": nik})
    assert p.usulan.tiket in teks(jawab) and reverse("keluarga_usulkan", args=[p.usulan.keluarga_id]) in teks(
        jawab
    )
    url = reverse("keluarga_usulkan", args=[p.usulan.keluarga_id])
    data = {
        "kunci_kirim": str(uuid.uuid4()),
        "program": "PKH",
        "jalur": "REGULER",
        "alasan_usul": "Perlu bantuan.",
    }
    ditolak = client.post(url, data)
    assert ditolak.status_code == 422 and "masih punya usulan yang berjalan" in teks(ditolak)
    diterima = client.post(url, {**data, "program": "PBI", "kunci_kirim": str(uuid.uuid4())})
    assert diterima.status_code == 302, teks(diterima)
    assert Usulan.objects.count() == 2


def test_nik_known_elsewhere_says_one_word_and_is_a_finding_only_when_sent(masuk):
    p = sampai("draf", pengusul="operator")
    kepala = keluarga_uji(0).told[0]
    lain = masuk("operator2")
    jawab = teks(lain.post("/usulan/baru/", {"nik": kepala.nik}))
    assert "sudah tercatat di wilayah lain" in jawab
    for rahasia in (kepala.nama, p.usulan.tiket, str(p.usulan.keluarga_id), "Pakuwon", "32.05.01.1001"):
        assert rahasia not in jawab
    assert not TemuanGanda.objects.exists()
    data = isi(wilayah="32.05.01.1003", nama="Nama Diketik Sendiri", no_kk="")
    for _ in range(3):
        ditolak = lain.post(ISIAN, {**data, "kunci_kirim": str(uuid.uuid4())})
        assert ditolak.status_code == 422
        assert "NIK ini sudah tercatat di wilayah lain" in teks(ditolak) and "Nama Diketik Sendiri" in teks(
            ditolak
        )
        assert kepala.nama not in teks(ditolak)
    assert TemuanGanda.objects.count() == 1
    assert Jejak.objects.filter(aksi="temuan_ganda").count() == 1
    assert Usulan.objects.count() == 1


def test_an_old_page_is_told_so_and_shows_the_case_as_it_is(masuk):
    p = sampai("diajukan")
    client = masuk("operator")
    jawab = client.post(
        reverse("usulan_langkah", args=[p.usulan.pk, "tolak"]),
        {
            "kunci_kirim": str(uuid.uuid4()),
            "versi": p.usulan.versi - 1,
            "alasan": alasan_pertama("tolak"),
            "catatan": "",
        },
    )
    assert jawab.status_code == 409
    assert "Langkah ini tidak terbuka lagi" in teks(jawab) and p.usulan.tiket in teks(jawab)
    assert p.segar().status == "diajukan"


def test_two_people_edit_the_dwelling_and_both_versions_are_shown(masuk):
    p = sampai("draf", pengusul="operator")
    satu, dua = masuk("operator"), masuk("operator")
    lama = versi(p.usulan)
    assert isi_rumah(satu, p.usulan, luas_lantai="36").status_code == 302
    jawab = isi_rumah(dua, p.usulan, luas_lantai="72", versi=lama)
    assert jawab.status_code == 409
    isi_halaman = teks(jawab)
    assert (
        "Tersimpan sekarang" in isi_halaman and "<td>36</td>" in isi_halaman and "<td>72</td>" in isi_halaman
    )
    assert 'value="72"' in isi_halaman
    kunci = re.search(r'name="kunci_kirim" value="([^"]+)"', isi_halaman)[1]
    lagi = re.search(r'name="versi" value="(\d+)"', isi_halaman)[1]
    assert isi_rumah(dua, p.usulan, luas_lantai="72", versi=lagi, kunci_kirim=kunci).status_code == 302


def test_return_needs_a_reason_and_the_timeline_says_what_to_do(masuk):
    p = sampai("diajukan")
    client = masuk("operator")
    tanpa = langkah(client, p.usulan, "kembalikan")
    assert tanpa.status_code == 422 and "Pilih alasannya" in teks(tanpa)
    assert (
        langkah(client, p.usulan, "kembalikan", alasan="DATA_KURANG", catatan="KK belum difoto").status_code
        == 302
    )
    halaman = teks(masuk("rtrw").get(reverse("usulan_lihat", args=[p.usulan.pk])))
    assert "Data keluarga atau anggota belum lengkap." in halaman
    assert "Langkah berikutnya: Lengkapi isian yang ditandai" in halaman
    assert "KK belum difoto" in halaman and "Petugas Operator, Operator" in halaman


def test_verifikator_picks_an_officer_by_open_visits(masuk):
    p = sampai("diinput")
    client = masuk("verifikator2")
    halaman = client.get(reverse("usulan_langkah", args=[p.usulan.pk, "tugaskan"]), follow=True)
    assert "kunjungan belum selesai" in teks(halaman)
    rtrw, tksk = Pengguna.objects.get(username="rtrw"), Pengguna.objects.get(username="tksk")
    assert str(rtrw.pk) not in teks(halaman)
    assert langkah(client, p.usulan, "tugaskan", petugas=str(rtrw.pk)).status_code == 422
    assert langkah(client, p.usulan, "tugaskan", petugas=str(tksk.pk)).status_code == 302
    assert p.segar().petugas_id == tksk.pk


def test_sptjm_stands_in_for_the_meeting(masuk):
    p = sampai("diajukan")
    client = masuk("operator")
    surat = client.get(reverse("usulan_sptjm_surat", args=[p.usulan.pk]))
    assert surat.content.startswith(b"%PDF") and surat["Content-Disposition"].startswith("attachment")
    ditolak = langkah(client, p.usulan, "musyawarahkan", musyawarah="")
    assert ditolak.status_code == 422 and "belum masuk agenda" in teks(ditolak)
    berkas = SimpleUploadedFile("s.pdf", PDF, "application/pdf")
    unggah = client.post(
        reverse("usulan_sptjm", args=[p.usulan.pk]), {"kunci_kirim": str(uuid.uuid4()), "berkas": berkas}
    )
    assert unggah.status_code == 302
    assert langkah(client, p.usulan, "musyawarahkan", musyawarah="").status_code == 302
    assert langkah(client, p.usulan, "sepakati").status_code == 302
    pdf = client.get(reverse("berkas_lihat", args=[p.segar().sptjm_id]))
    assert pdf["Content-Disposition"].startswith("attachment") and pdf["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in pdf["Content-Security-Policy"]


def test_the_form_closes_when_the_case_is_at_the_dinas(masuk):
    p = sampai("diinput")
    client = masuk("operator")
    for nama in ("usulan_keluarga", "usulan_rumah", "usulan_aset", "usulan_foto", "anggota_baru"):
        jawab = client.get(reverse(nama, args=[p.usulan.pk]))
        assert jawab.status_code == 403 and "Minta dikembalikan dulu" in teks(jawab)
    lama = versi(p.usulan)
    assert isi_rumah(client, p.usulan).status_code == 403
    assert versi(p.usulan) == lama


def test_list_filters_and_refuses_what_it_does_not_know(masuk):
    p = sampai("diajukan")
    client = masuk("operator")
    desa = p.usulan.wilayah.jalur.split(", ")[1].split(" ", 1)[1].lower()
    assert p.usulan.tiket in teks(client.get(f"/usulan/?status=diajukan&desa={desa}"))
    assert p.usulan.tiket not in teks(client.get("/usulan/?status=draf"))
    for salah in (
        "?nik=3205",
        "?status=apa",
        "?status__in=draf",
        "?halaman=2",
        "?kursor=xyz",
        "?desa=%00",
        "?program=PKH&pk=1",
    ):
        assert client.get("/usulan/" + salah).status_code == 400, salah
    assert masuk("admin").get("/usulan/").status_code == 403
    assert masuk("verifikator").get("/usulan/baru/").status_code == 404


def test_list_is_searched_by_name_and_by_number_inside_the_own_area(masuk, monkeypatch):
    p = sampai("diajukan")
    tiket, keluarga = p.usulan.tiket, keluarga_uji(0)
    nama = p.usulan.keluarga.nama_kepala
    for username, ada in (
        ("operator", True),
        ("verifikator", True),
        ("operator2", False),
        ("operator.lain", False),
    ):
        client = masuk(username)
        assert (tiket in teks(client.get("/usulan/", {"nama": nama[:4].lower()}))) is ada, username
        for nomor in (keluarga.told[0].nik, keluarga.kk):
            jawab = client.post("/usulan/cari-nomor/", {"nomor": nomor})
            isi = teks(jawab)
            assert jawab.status_code == 200 and (tiket in isi) is ada, username
            assert ("Tidak ada usulan dengan nomor ini" in isi) is not ada
    client = masuk("operator")
    assert tiket not in teks(client.get("/usulan/?nama=zz"))
    assert client.post("/usulan/cari-nomor/", {"nomor": "123"}).status_code == 422
    assert client.get("/usulan/cari-nomor/").status_code == 405
    nilai = rules.value
    monkeypatch.setattr(
        rules, "value", lambda k, *a, **kw: 2 if k == "cari_nik.batas_harian" else nilai(k, *a, **kw)
    )
    habis = client.post("/usulan/cari-nomor/", {"nomor": keluarga.told[0].nik})
    assert habis.status_code == 422 and "mencari 2 NIK" in teks(habis) and tiket not in teks(habis)


def test_list_costs_the_same_for_one_and_for_many(masuk):
    client = masuk("operator")

    def hitung() -> int:
        with CaptureQueriesContext(connection) as q:
            assert client.get("/usulan/").status_code == 200
        return len(q)

    sampai("draf", pengusul="operator")
    hitung()  # the session marks itself once a minute
    sampai("draf", nomor=1, pengusul="operator")
    satu = hitung()
    for n in (2, 3, 4):
        sampai("draf", nomor=n, pengusul="operator")
    assert hitung() == satu, "three forms that were not counted yet cost as much as one"
    assert hitung() < satu, "forms that nobody changed are not read again"


def test_list_goes_page_by_page(masuk, monkeypatch):
    monkeypatch.setattr("core.web.PAGE_SIZE", 50)
    client = masuk("operator")
    buat(client)
    asal = Usulan.objects.get()
    Usulan.objects.bulk_create(
        [
            Usulan(
                tiket=f"UJI-{n:04d}",
                pin_indeks=b"x",
                keluarga=asal.keluarga,
                wilayah_id=asal.wilayah_id,
                program=f"P{n}",
                periode="2026-11",
            )
            for n in range(60)
        ]
    )
    pertama = teks(client.get("/usulan/"))
    kursor = re.search(r"\?kursor=([^\"]+)\"", pertama)[1]
    kedua = teks(client.get(f"/usulan/?kursor={kursor}"))
    tiket = re.findall(r"UJI-\d{4}", pertama) + re.findall(r"UJI-\d{4}", kedua)
    assert len(tiket) == len(set(tiket)) == 60
    assert masuk("operator2").get(f"/usulan/?kursor={kursor}").status_code == 400


def test_odd_nik_is_kept_and_said(masuk):
    client = masuk("operator")
    data = isi(tgl_lahir="1950-02-03")
    jawab = client.post(ISIAN, data, follow=True)
    assert "Tanggal lahir berbeda dengan angka di dalam NIK" in teks(
        jawab
    ) and "nanti dicocokkan ke Dukcapil" in teks(jawab)
    assert "TANGGAL_BEDA" in Individu.objects.get().tanda


def test_pin_can_be_replaced_and_is_in_no_readable_place(masuk):
    client = masuk("operator")
    usulan = buat(client)
    url = reverse("usulan_resi", args=[usulan.pk])
    pin = re.search(r"besar\"> (\d{6}) <", teks(client.get(url)))[1]
    sesi = client.session["resi"]
    assert pin not in str(sesi)
    lain = masuk("operator")
    assert "PIN tidak ditampilkan lagi" in teks(lain.get(url))
    assert lain.post(reverse("usulan_ganti_pin", args=[usulan.pk])).status_code == 302
    baru = re.search(r"besar\"> (\d{6}) <", teks(lain.get(url)))[1]
    usulan.refresh_from_db()
    assert bytes(usulan.pin_indeks) == pin_index(usulan.tiket, baru)
    sesi["pada"] -= 601
    s = client.session
    s["resi"] = sesi
    s.save()
    assert "PIN tidak ditampilkan lagi" in teks(client.get(url))


def test_an_officer_without_the_register_is_not_led_to_it(masuk):
    p = sampai("diajukan")
    jawab = teks(masuk("provinsi").get(reverse("usulan_lihat", args=[p.usulan.pk])))
    assert p.usulan.tiket in jawab and reverse("keluarga_lihat", args=[p.usulan.keluarga_id]) not in jawab


def test_dukcapil_button_asks_for_the_members(masuk):
    p = sampai("draf", pengusul="operator")
    client = masuk("operator")
    jawab = client.post(reverse("usulan_cek_nik", args=[p.usulan.pk]), follow=True)
    assert "dikirim ke Dukcapil" in teks(jawab)
    assert masuk("rtrw").post(reverse("usulan_cek_nik", args=[p.usulan.pk])).status_code == 404


def test_two_clicks_at_the_same_moment_are_one_proposal(db_nyata, settings):
    """Real transactions in two threads: the second waits for the first and gets the same address."""
    settings.DEMO = True
    data, gerbang = isi(4), Barrier(2)

    def klik() -> str:
        try:
            client = Client()
            client.force_login(orang("operator"), backend="django.contrib.auth.backends.ModelBackend")
            gerbang.wait(10)
            return client.post(ISIAN, data).url
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        alamat = [f.result(30) for f in [pool.submit(klik), pool.submit(klik)]]
    assert alamat[0] == alamat[1]
    assert Usulan.objects.count() == 1


@pytest.mark.bergilir
@pytest.mark.parametrize("status", ["draf", "disepakati", "ditugaskan", "disahkan"])
def test_no_role_is_led_to_a_page_it_does_not_have(masuk, status):
    """Every link of the case page and of the register page opens for the one who sees it; each day for a third of the cast too."""
    p = sampai(status)
    for username in giliran.sebagian(list(PEMAIN), status, selalu=("operator", "verifikator"), dari=3):
        client = masuk(username)
        for awal in (
            reverse("usulan_lihat", args=[p.usulan.pk]),
            reverse("keluarga_lihat", args=[p.usulan.keluarga_id]),
        ):
            halaman = client.get(awal)
            if halaman.status_code == 404:
                continue
            isi_halaman = halaman.content.decode()
            isi_utama = isi_halaman[isi_halaman.index("<main") : isi_halaman.index("</main>")]
            for tautan in sorted(set(re.findall(r'(?:href|src)="(/[^"]+)"', isi_utama))):
                assert client.get(tautan).status_code == 200, (username, status, tautan)


HALAMAN = ["usulan_lihat", "usulan_resi", "usulan_keluarga", "anggota_baru", "usulan_rumah", "usulan_aset", "usulan_foto", "usulan_sptjm", "usulan_sptjm_surat"]  # fmt: skip
KIRIMAN = [*HALAMAN[2:-1], "usulan_ganti_pin", "usulan_cek_nik"]


def test_out_of_area_answers_as_if_it_did_not_exist(masuk):
    p = sampai("diajukan")
    lain, tidak_ada = masuk("operator.lain"), uuid.uuid4()
    orang = p.usulan.keluarga.anggota.first()
    anggota = [("anggota_ubah", orang.pk)]
    for nama in HALAMAN:
        a, b = (lain.get(reverse(nama, args=[pk])) for pk in (p.usulan.pk, tidak_ada))
        assert (a.status_code, a.content) == (404, b.content), nama
    for nama in KIRIMAN:
        a, b = (lain.post(reverse(nama, args=[pk]), {"x": "1"}) for pk in (p.usulan.pk, tidak_ada))
        assert (a.status_code, a.content) == (404, b.content), nama
    for nama, pk in anggota:
        for kirim in (lain.get, lain.post):
            a, b = kirim(reverse(nama, args=[p.usulan.pk, pk])), kirim(reverse(nama, args=[tidak_ada, pk]))
            assert (a.status_code, a.content) == (404, b.content), nama
    for satu in ("ajukan", "tolak", "sahkan", "apa-saja"):
        for kirim in (lain.get, lain.post):
            a = kirim(reverse("usulan_langkah", args=[p.usulan.pk, satu]))
            b = kirim(reverse("usulan_langkah", args=[tidak_ada, satu]))
            assert (a.status_code, a.content) == (404, b.content), satu
    assert p.segar().status == "diajukan"


def test_visitors_are_sent_to_the_login_page(db, client):
    for nama in HALAMAN:
        assert client.get(reverse(nama, args=[uuid.uuid4()])).status_code == 302


def test_looking_never_writes(masuk):
    p = sampai("dimusyawarahkan")
    client = masuk("operator")
    client.get("/usulan/")  # the session marks itself once a minute
    alamat = ["/usulan/", "/usulan/baru/", *(reverse(n, args=[p.usulan.pk]) for n in HALAMAN)]
    alamat += [
        reverse("usulan_langkah", args=[p.usulan.pk, n])
        for n in ("sepakati", "kembalikan", "tolak", "tunda", "tarik")
    ]
    for satu in alamat:
        with CaptureQueriesContext(connection) as q:
            assert client.get(satu).status_code in (200, 403), satu
        tulis = [k["sql"] for k in q if re.match(r"\s*(INSERT|UPDATE|DELETE)", k["sql"], re.I)]
        assert not tulis, (satu, tulis)


def test_program_jalur_dan_alasan_draf_dibetulkan_di_layar(masuk):
    usulan = sampai("draf").usulan
    operator, alamat = masuk("operator"), reverse("usulan_ubah", args=[usulan.pk])
    assert alamat in operator.get(reverse("usulan_lihat", args=[usulan.pk])).content.decode()
    teks = operator.get(alamat).content.decode()
    dilihat = re.search(r'name="dilihat" value="([^"]+)"', teks)[1]
    data = {
        "program": "BPNT",
        "jalur": usulan.jalur,
        "alasan_usul": "Ayah di-PHK bulan lalu.",
        "dilihat": dilihat,
    }
    assert (
        operator.post(alamat, {**data, "kunci_kirim": str(uuid.uuid4()), "alasan_usul": ""}).status_code
        == 422
    )
    assert operator.post(alamat, {**data, "kunci_kirim": str(uuid.uuid4())}).status_code == 302
    usulan.refresh_from_db()
    assert (usulan.program, usulan.alasan_usul) == ("BPNT", "Ayah di-PHK bulan lalu.")
    assert Jejak.objects.filter(aksi="ubah_usulan", objek_id=str(usulan.pk)).count() == 1
    # Somebody else saw it before that change.
    basi = operator.post(alamat, {**data, "kunci_kirim": str(uuid.uuid4()), "program": "PKH"})
    assert basi.status_code == 422 and "diubah orang lain" in basi.content.decode()
    usulan.refresh_from_db()
    assert usulan.program == "BPNT"


def test_usulan_yang_sudah_diajukan_tidak_dibetulkan_di_layar(masuk):
    usulan = sampai("diajukan").usulan
    operator, alamat = masuk("operator"), reverse("usulan_ubah", args=[usulan.pk])
    assert alamat not in operator.get(reverse("usulan_lihat", args=[usulan.pk])).content.decode()
    assert operator.get(alamat).status_code == 404
    assert masuk("verifikator").get(reverse("usulan_ubah", args=[usulan.pk])).status_code == 404
