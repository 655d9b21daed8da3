"""An admin looks after accounts."""

import datetime as dt
import threading

import pytest
from django.db import connection

from accounts.actions import pengguna as tindakan
from accounts.models import Orang, Pemberitahuan, Pengguna, Penugasan, Peran
from core.models import Jejak, Segel
from core.workflow import GateClosed, NotAllowed
from tests.accounts.conftest import HARI_INI, KEMARIN
from wilayah.models import Wilayah

ISIAN = {
    "nama": "Siti Aminah",
    "nik": "3205 0141 0190 0042",
    "username": "Siti.Sukamaju ",
    "email": "",
    "peran": "OPERATOR_DESA",
    "wilayah": "32.05.01.1001",
    "berlaku_sejak": HARI_INI.isoformat(),
    "berlaku_hingga": "",
}
MASA = tindakan.Masa(HARI_INI)


def beri(by, pengguna, peran, wilayah, masa=MASA):
    return tindakan.beri_peran(
        by=by,
        pengguna=pengguna,
        peran=Peran.objects.get(pk=peran),
        wilayah=Wilayah.objects.get(pk=wilayah) if wilayah else None,
        masa=masa,
    )


def test_list_shows_own_area_only(masuk, admin, operator, jauh):
    isi = masuk(admin).get("/pengguna/").content.decode()
    assert "budi" in isi
    assert "jauhari" not in isi


def test_peran_yang_berlaku_hari_ini_dibaca_sama_seperti_lewat_model(buat, admin):
    """Read for every request by a statement of its own: begun, ended, for a time, nationwide."""
    besok, lusa = HARI_INI + dt.timedelta(days=1), HARI_INI + dt.timedelta(days=2)
    orang = buat("banyak", ("LURAH", "32.05.01.1001"), ("PUSDATIN", None))
    for peran, sejak, hingga in (
        ("OPERATOR_DESA", KEMARIN, HARI_INI),
        ("TKSK", KEMARIN, KEMARIN),
        ("VERIFIKATOR", besok, None),
        ("SUPERVISOR", HARI_INI, lusa),
    ):
        Penugasan.objects.create(
            pengguna=orang, peran_id=peran, wilayah_id="32.05", berlaku_sejak=sejak, berlaku_hingga=hingga
        )
    aktif = Pengguna.objects.get(pk=orang.pk).penugasan_aktif
    rows = list(orang.penugasan.berlaku().select_related("peran", "wilayah").order_by("berlaku_sejak", "pk"))
    assert {p.peran_id for p in aktif} == {"LURAH", "PUSDATIN", "OPERATOR_DESA", "SUPERVISOR"}
    assert [vars(p) | {"_state": None} for p in aktif] == [vars(p) | {"_state": None} for p in rows]
    assert [(p.peran.kuasa, p.wilayah and p.wilayah.jalur, p.pengguna) for p in aktif] == [
        (p.peran.kuasa, p.wilayah and p.wilayah.jalur, orang) for p in rows
    ]
    Pengguna.objects.filter(pk=orang.pk).update(is_active=False)
    assert Pengguna.objects.get(pk=orang.pk).penugasan_aktif == []


def test_layar_memakai_jam_wilayah_orangnya(masuk, buat, admin):
    """22.30 in Garut is half past midnight of the next day in Sorong: so says the page of whoever works there."""
    Wilayah.objects.get_or_create(
        kode="92", defaults={"nama": "Papua Barat Daya", "tingkat": 1, "jalur": "Papua Barat Daya"}
    )
    Wilayah.objects.get_or_create(
        kode="92.71",
        defaults={
            "nama": "Kota Sorong",
            "tingkat": 2,
            "induk_id": "92",
            "jalur": "Kota Sorong, Papua Barat Daya",
        },
    )
    for nama, wilayah, kata in (
        ("timur", "92.71", "23 Nov 2026 00.30 WIT"),
        ("barat", "32.05", "22 Nov 2026 22.30 WIB"),
    ):
        orang = buat(nama, ("SUPERVISOR", wilayah))
        Pemberitahuan.objects.create(
            pengguna=orang,
            kalimat="Uji jam.",
            tautan="/dasbor/",
            created_at=dt.datetime(2026, 11, 22, 15, 30, tzinfo=dt.UTC),
        )
        assert kata in masuk(orang).get("/pemberitahuan/").content.decode()


def test_search_by_name_and_role(masuk, admin, operator, buat):
    bu_lurah = buat("bulurah", ("LURAH", "32.05.01.1001"))
    client = masuk(admin)
    assert str(operator.pk) in client.get("/pengguna/?cari=BUD").content.decode()
    isi = client.get("/pengguna/?peran=LURAH").content.decode()
    assert str(bu_lurah.pk) in isi
    assert str(operator.pk) not in isi
    assert client.get("/pengguna/?cari=%00&peran=APA&kursor=%00").status_code == 200


def test_long_list_goes_by_pages_with_a_fixed_number_of_queries(
    masuk, admin, buat, django_assert_max_num_queries
):
    for i in range(55):
        buat(f"zaenal{i:02d}", ("LURAH", "32.05.01.1001"), sandi=None)
    client = masuk(admin)
    with django_assert_max_num_queries(10):
        satu = client.get("/pengguna/?cari=zaenal")
    assert satu.context["halaman"].berikutnya == "zaenal49"
    dua = client.get("/pengguna/?cari=zaenal&kursor=zaenal49")
    assert [p.username for p in dua.context["halaman"].baris] == [f"zaenal{i}" for i in range(50, 55)]


def test_others_have_no_business_here(masuk, client, operator, admin):
    assert client.get("/pengguna/").headers["Location"].startswith("/masuk/")
    client = masuk(operator)
    for alamat in ("/pengguna/", "/pengguna/baru/", f"/pengguna/{admin.pk}/", f"/pengguna/{operator.pk}/"):
        assert client.get(alamat).status_code == 403, alamat


def test_account_of_another_area_does_not_exist(masuk, admin, jauh):
    client = masuk(admin)
    tugas = jauh.penugasan.get()
    ekor = ("", "beri-peran/", "setel-ulang/", f"akhiri-peran/{tugas.pk}/", "nonaktifkan/", "aktifkan/")
    for satu in ekor:
        assert client.post(f"/pengguna/{jauh.pk}/{satu}").status_code in (404, 405), satu
        assert client.get(f"/pengguna/{jauh.pk}/{satu}").status_code in (404, 405), satu


def test_admin_makes_an_account_with_its_first_role(masuk, admin):
    jawab = masuk(admin).post("/pengguna/baru/", ISIAN)
    siti = Pengguna.objects.get(username="siti.sukamaju")
    assert jawab.context["kode"] in jawab.content.decode()
    assert siti.penugasan.get().peran_id == "OPERATOR_DESA"
    assert siti.orang.nik.open() == "3205014101900042"
    halaman = masuk(admin).get(f"/pengguna/{siti.pk}/").content.decode()
    assert "3205014101900042" not in halaman
    assert jawab.context["kode"] not in halaman
    aksi = Jejak.objects.filter(aktor_nama="rina").order_by("id").values_list("aksi", flat=True)
    assert list(aksi) == ["beri_peran", "buat_pengguna"]
    assert "3205014101900042" not in str(list(Jejak.objects.values()))


def test_same_nik_is_the_same_person(masuk, admin, operator):
    sebelum = Orang.objects.count()
    masuk(admin).post("/pengguna/baru/", ISIAN | {"nik": operator.orang.nik.open(), "username": "kedua"})
    assert Pengguna.objects.get(username="kedua").orang_id == operator.orang_id
    assert Orang.objects.count() == sebelum


@pytest.mark.parametrize(
    ("kolom", "nilai"),
    [
        ("nik", "123"),
        ("nik", "320501ABCDEF0001"),
        ("nik", ""),
        ("username", "rina"),
        ("username", "ada spasi"),
        ("username", "a\x00b"),
        ("nama", ""),
        ("peran", "RAJA"),
        ("wilayah", "32.06"),
        ("wilayah", "99"),
        ("wilayah", ""),
        ("berlaku_sejak", "kemarin"),
    ],
)
def test_wrong_entries_come_back_with_a_sentence(masuk, admin, kolom, nilai):
    jawab = masuk(admin).post("/pengguna/baru/", ISIAN | {kolom: nilai})
    assert jawab.status_code == 200
    assert jawab.context["form"].errors[kolom]
    assert not Pengguna.objects.filter(username="siti.sukamaju").exists()


@pytest.mark.parametrize(
    "ganti",
    [
        {"wilayah": "32.05"},
        {"peran": "PUSDATIN"},
        {"berlaku_sejak": KEMARIN.isoformat()},
        {"berlaku_hingga": KEMARIN.isoformat()},
    ],
)
def test_a_refused_role_makes_no_account(masuk, admin, ganti):
    jawab = masuk(admin).post("/pengguna/baru/", ISIAN | ganti)
    assert jawab.context["form"].non_field_errors()
    assert not Pengguna.objects.filter(username="siti.sukamaju").exists()
    assert not Jejak.objects.filter(aktor_nama="rina").exists()


def test_role_is_given_on_the_screen(masuk, admin, operator):
    isi = {"peran": "TKSK", "wilayah": "32.05.01", "berlaku_sejak": HARI_INI.isoformat()}
    client = masuk(admin)
    assert client.get(f"/pengguna/{operator.pk}/beri-peran/").status_code == 200
    assert client.post(f"/pengguna/{operator.pk}/beri-peran/", isi).status_code == 302
    assert set(operator.penugasan.values_list("peran_id", flat=True)) == {"OPERATOR_DESA", "TKSK"}
    assert "sudah punya" in client.post(f"/pengguna/{operator.pk}/beri-peran/", isi).content.decode()


def test_nobody_gives_a_role_to_himself_nor_to_his_other_account(admin, buat):
    kedua = buat("rina2", ("LURAH", "32.05.01.1001"), orang=admin.orang)
    for diri in (admin, kedua):
        with pytest.raises(NotAllowed):
            beri(admin, diri, "VERIFIKATOR", "32.05")
        with pytest.raises(NotAllowed):
            tindakan.setel_ulang(by=admin, pengguna=diri)
        with pytest.raises(NotAllowed):
            tindakan.akhiri_peran(by=admin, penugasan=diri.penugasan.get())
        with pytest.raises(NotAllowed):
            tindakan.nonaktifkan(by=admin, pengguna=diri)


@pytest.mark.parametrize(
    ("peran", "wilayah"),
    [("VERIFIKATOR", "32.06"), ("PROVINSI", "32"), ("ADMIN", "32"), ("PUSDATIN", None), ("ADMIN", None)],
)
def test_admin_gives_roles_inside_his_area_only(admin, operator, peran, wilayah):
    with pytest.raises(NotAllowed, match="TIDAK_BERWENANG"):
        beri(admin, operator, peran, wilayah)


def test_admin_of_indonesia_gives_roles_everywhere(buat, operator):
    pusat = buat("pusat", ("ADMIN", None))
    beri(pusat, operator, "PUSDATIN", None)
    beri(pusat, operator, "VERIFIKATOR", "32.06")
    assert operator.penugasan.count() == 3


def test_role_fits_its_level(admin, operator):
    with pytest.raises(NotAllowed) as galat:
        beri(admin, operator, "TKSK", "32.05")
    assert "kecamatan" in galat.value.halangan[0].kalimat


def test_only_holders_of_the_power_act(operator, buat):
    lain = buat("laila", ("LURAH", "32.05.01.1001"))
    with pytest.raises(NotAllowed):
        beri(operator, lain, "OPERATOR_DESA", "32.05.01.1001")
    with pytest.raises(NotAllowed):
        tindakan.setel_ulang(by=operator, pengguna=lain)


def test_no_code_for_someone_who_also_works_elsewhere(admin, operator):
    """Whoever holds the code becomes that person, with the roles of the other area too."""
    Penugasan.objects.create(
        pengguna=operator, peran_id="VERIFIKATOR", wilayah_id="32.06", berlaku_sejak=HARI_INI
    )
    for aksi in (tindakan.setel_ulang, tindakan.nonaktifkan):
        with pytest.raises(NotAllowed):
            aksi(by=admin, pengguna=operator)


def test_ended_role_is_gone_with_the_next_click(client, masuk, admin, operator):
    pk = operator.penugasan.get().pk
    masuk(operator)
    assert client.get("/profil/").context["penugasan"]
    tindakan.akhiri_peran(by=admin, penugasan=Penugasan.objects.get(pk=pk))
    assert client.get("/profil/").context["penugasan"] == []
    assert Penugasan.objects.get(pk=pk).berlaku_hingga == KEMARIN


def test_role_is_ended_on_the_screen_with_a_last_day(masuk, admin, operator):
    tugas = operator.penugasan.get()
    alamat = f"/pengguna/{operator.pk}/akhiri-peran/{tugas.pk}/"
    client = masuk(admin)
    assert client.get(alamat).status_code == 200
    assert "tidak boleh" in client.post(alamat, {"hari_terakhir": "2020-01-01"}).content.decode()
    besok = HARI_INI + dt.timedelta(days=1)
    assert client.post(alamat, {"hari_terakhir": besok.isoformat()}).status_code == 302
    tugas.refresh_from_db()
    assert tugas.berlaku_hingga == besok


def test_role_ended_today_starts_again_tomorrow(admin, operator, buat):
    baru = beri(admin, operator, "LURAH", "32.05.01.1001")
    tindakan.akhiri_peran(by=admin, penugasan=baru)
    with pytest.raises(GateClosed, match="PERAN_BARU_DIAKHIRI"):
        beri(admin, operator, "LURAH", "32.05.01.1001")
    beri(admin, operator, "LURAH", "32.05.01.1001", tindakan.Masa(HARI_INI + dt.timedelta(days=1)))


def test_closed_account_is_out_with_the_next_click_and_cannot_come_back(client, masuk, admin, operator):
    masuk(operator)
    tindakan.nonaktifkan(by=admin, pengguna=operator)
    assert client.get("/profil/").headers["Location"].startswith("/masuk/")
    tindakan.aktifkan(by=admin, pengguna=operator)
    with pytest.raises(NotAllowed):
        tindakan.aktifkan(by=admin, pengguna=operator)


def test_close_and_open_on_the_screen(masuk, admin, operator):
    client = masuk(admin)
    client.post(f"/pengguna/{operator.pk}/nonaktifkan/")
    operator.refresh_from_db()
    assert operator.is_active is False
    assert "Aktifkan lagi" in client.get(f"/pengguna/{operator.pk}/").content.decode()
    client.post(f"/pengguna/{operator.pk}/aktifkan/")
    operator.refresh_from_db()
    assert operator.is_active is True
    assert client.get(f"/pengguna/{operator.pk}/nonaktifkan/").status_code == 405


def test_code_on_the_screen_ends_the_sessions(client, masuk, admin, operator):
    sesi_operator = type(client)()
    sesi_operator.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    assert sesi_operator.get("/profil/").status_code == 200
    jawab = masuk(admin).post(f"/pengguna/{operator.pk}/setel-ulang/", {"x": "1"})
    assert jawab.context["kode"] in jawab.content.decode()
    assert sesi_operator.get("/profil/").status_code == 302
    assert jawab.context["kode"].replace("-", "") not in str(list(Jejak.objects.values()))


def test_every_act_is_in_one_sealed_transaction(db_nyata):
    admin, operator = (Pengguna.objects.get(username=nama) for nama in ("admin", "operator"))
    sebelum = Segel.objects.count()
    baru = beri(admin, operator, "LURAH", operator.penugasan.get().wilayah_id)
    tindakan.akhiri_peran(by=admin, penugasan=baru)
    dua = list(Segel.objects.order_by("-id")[:2])
    baru.delete()
    assert Segel.objects.count() == sebelum + 3
    assert [(s.rantai, s.jumlah_aksi, s.jumlah_baris) for s in dua] == [("32.05", 1, 1)] * 2


def test_two_admins_at_once_make_one_person_and_one_role(db_nyata):
    admin, operator = (Pengguna.objects.get(username=nama) for nama in ("admin", "operator"))
    peran, tempat = Peran.objects.get(pk="LURAH"), operator.penugasan.get().wilayah
    hasil, serentak = [], threading.Barrier(4)

    def kerja(nama):
        serentak.wait()
        try:
            satu, _ = tindakan.buat_pengguna(
                by=admin,
                nama="X",
                nik="3205990101904321",
                username=nama,
                email="",
                peran=peran,
                wilayah=tempat,
                masa=MASA,
            )
            hasil.append(satu.orang_id)
        except GateClosed as galat:
            hasil.append(galat.halangan[0].kode)
        finally:
            connection.close()

    utas = [threading.Thread(target=kerja, args=(nama,)) for nama in ("satu", "satu", "dua", "tiga")]
    [u.start() for u in utas]
    [u.join() for u in utas]
    assert sorted(map(str, hasil)).count("NAMA_TERPAKAI") == 1
    assert len({h for h in hasil if h != "NAMA_TERPAKAI"}) == 1
    assert Penugasan.objects.filter(pengguna__username__in=["satu", "dua", "tiga"]).count() == 3
