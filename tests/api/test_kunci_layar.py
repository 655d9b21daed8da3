"""An admin asks for a key, the Kepala Dinas approves it, the admin takes it once; nobody does two of these alone."""

import re
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.actions import kunci as tindakan
from accounts.actions import pengguna as akun
from accounts.models import KunciApi, Penugasan
from core.models import Jejak
from core.workflow import NotAllowed, NotOpen
from tests.bantu import pemain
from wilayah.models import Wilayah

pytestmark = pytest.mark.django_db
DAFTAR = "/api/v1/keluarga/"


def isian(**lain):
    return {
        "kunci_kirim": str(uuid.uuid4()), "nama": "Aplikasi Puskesos", "tujuan": "Rujukan; PKS 12/2026", "wilayah": "32.05",
        "cakupan": ["register"],
    } | lain  # fmt: skip


def minta(cast, oleh="admin", **lain):
    isi = {"nama": "A", "wilayah": [Wilayah.objects.get(pk="32.05")], "cakupan": ["register"]} | lain
    return tindakan.minta(by=cast(oleh), isi=tindakan.Isi(**isi))


def tanya(rahasia):
    return Client().get(DAFTAR, headers={"Authorization": f"Bearer {rahasia}"}).status_code


def test_from_the_request_to_the_first_answer_and_the_end(masuk, settings):
    settings.DEMO = True
    admin, kadis = masuk("admin"), masuk("kadis")
    alamat = admin.post("/kunci-api/baru/", isian())["Location"]
    assert "Menunggu persetujuan" in admin.get(alamat).content.decode()
    assert admin.post(f"{alamat}setujui/").status_code == 403
    assert admin.get(f"{alamat}ambil/").status_code == 404  # nobody approved it yet
    assert kadis.post(f"{alamat}setujui/").status_code == 302
    assert kadis.get(f"{alamat}ambil/").status_code == 403
    halaman = admin.post(f"{alamat}ambil/", {"kunci_kirim": str(uuid.uuid4())}).content.decode()
    rahasia = re.search(r"dtks_[0-9a-f]{8}_[\w-]{43}", halaman)[0]
    assert tanya(rahasia) == 200
    assert rahasia not in admin.get(alamat).content.decode()
    assert (
        kadis.post(
            f"{alamat}cabut/", {"kunci_kirim": str(uuid.uuid4()), "alasan": "Perjanjian berakhir"}
        ).status_code
        == 302
    )
    assert tanya(rahasia) == 401
    aksi = list(
        Jejak.objects.filter(objek_jenis="accounts.KunciApi").order_by("id").values_list("aksi", flat=True)
    )
    assert aksi == ["minta_kunci_api", "setujui_kunci_api", "ambil_kunci_api", "cabut_kunci_api"]


def test_sent_twice_it_is_one_request(masuk, settings):
    settings.DEMO = True
    admin, isi = masuk("admin"), isian()
    assert admin.post("/kunci-api/baru/", isi)["Location"] == admin.post("/kunci-api/baru/", isi)["Location"]
    assert KunciApi.objects.count() == 1


def test_wrong_entries_are_named_and_nothing_is_lost(masuk, settings):
    settings.DEMO = True
    jawab = masuk("admin").post(
        "/kunci-api/baru/", isian(ip="bukan alamat", hingga="2099-01-01", anggaran="3.5")
    )
    isi = jawab.content.decode()
    assert jawab.status_code == 422 and "Aplikasi Puskesos" in isi and "Isi angka bulat" in isi
    jawab = masuk("admin").post("/kunci-api/baru/", isian(ip="999.1.1.1"))
    assert jawab.status_code == 422 and "bukan alamat IP" in jawab.content.decode()
    assert KunciApi.objects.count() == 0


def test_who_asked_does_not_approve_not_even_with_another_account(cast):
    kunci, kadis = minta(cast), cast("kadis")
    Penugasan.objects.create(
        pengguna=cast("admin"), peran_id="KEPALA_DINAS", wilayah_id="32.05", berlaku_sejak="2020-01-01"
    )
    with pytest.raises(NotAllowed):
        tindakan.setujui(kunci, by=cast("admin"))
    with pytest.raises(IntegrityError), transaction.atomic():
        KunciApi.objects.filter(pk=kunci.pk).update(status="disetujui", diputus_orang=kunci.diminta_orang)
    assert tindakan.setujui(kunci, by=kadis).status == "disetujui"
    with pytest.raises(NotOpen):
        tindakan.setujui(kunci, by=kadis)


def test_a_key_for_another_kabupaten_is_neither_asked_for_nor_seen(cast, masuk, settings):
    settings.DEMO = True
    with pytest.raises(NotAllowed):
        minta(cast, wilayah=[Wilayah.objects.get(pk=pemain.KABUPATEN_LAIN)])
    kunci = minta(cast)
    lain = masuk("kadis.lain")
    assert lain.get(f"/kunci-api/{kunci.pk}/").status_code == 404
    assert str(kunci.pk) not in lain.get("/kunci-api/").content.decode()


def test_after_a_rotation_the_old_one_is_dead_or_lives_a_day(cast):
    kunci = minta(cast)
    tindakan.setujui(kunci, by=cast("kadis"))
    satu = tindakan.ambil(kunci, by=cast("admin"))
    dua = tindakan.ambil(kunci, by=cast("admin"))
    assert (tanya(satu), tanya(dua)) == (401, 200)
    tiga = tindakan.ambil(kunci, by=cast("admin"), tenggang=True)
    assert (tanya(dua), tanya(tiga)) == (200, 200)
    KunciApi.objects.update(lama_hingga="2026-01-01T00:00Z")
    assert (tanya(dua), tanya(tiga)) == (401, 200)


def test_a_key_ends_on_its_last_day(cast):
    kunci = minta(cast)
    tindakan.setujui(kunci, by=cast("kadis"))
    rahasia = tindakan.ambil(kunci, by=cast("admin"))
    KunciApi.objects.update(berlaku_hingga="2020-01-01")
    assert tanya(rahasia) == 401


def test_the_account_of_a_key_is_nobody_who_signs_in(cast, masuk, settings):
    settings.DEMO = True
    kunci = minta(cast)
    tindakan.setujui(kunci, by=cast("kadis"))
    assert not kunci.akun.has_usable_password()
    assert kunci.akun.username not in masuk("admin").get("/pengguna/").content.decode()
    assert masuk("admin").get(f"/pengguna/{kunci.akun_id}/").status_code == 404
    with pytest.raises(NotAllowed):
        akun.setel_ulang(by=cast("admin"), pengguna=kunci.akun)
    with pytest.raises(NotAllowed):
        akun.akhiri_peran(by=cast("admin"), penugasan=kunci.akun.penugasan.get())
