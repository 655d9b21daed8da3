"""Bad and odd input through the forms of the village: never a 500, a sentence at the field, what was typed stays."""

import html
import re
import uuid
from pathlib import Path

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dtks.models import Aset, Individu, KodeAcuan, Rumah, Usulan
from tests.bantu.alur import foto, keluarga_uji, sampai

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).resolve().parents[1] / "masukan"


def baris(nama: str) -> list:
    """Rows of one data file as pytest parameters, named by what is sent."""
    rows = yaml.safe_load((FOLDER / f"{nama}.yaml").read_text(encoding="utf-8"))
    for row in rows:
        row["isi"] = str(row["isi"]) * row.get("ulang", 1)
    return [pytest.param(row, id=f"{nama}-{n}-{ascii(row['isi'])[:30]}") for n, row in enumerate(rows)]


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    """The second factor has tests of its own; a demo portal does not ask for it."""
    settings.DEMO = True


@pytest.fixture
def draf(db):
    return sampai("draf", nomor=5, pengusul="operator").usulan


def teks(jawab) -> str:
    return re.sub(r"\s+", " ", html.unescape(jawab.content.decode()))


def periksa(jawab, row: dict, kolom: str) -> bool:
    """The answer is the one the row asks for. True when it was taken."""
    if row["terima"]:
        assert jawab.status_code == 302, (row["isi"][:60], teks(jawab)[:3000])
        return True
    assert jawab.status_code == 422, (row["isi"][:60], jawab.status_code)
    form = jawab.context["form"]
    assert form.errors.get(kolom), (row["isi"][:60], form.errors)
    kalimat = " ".join(form.errors[kolom])
    assert row.get("kata", "") in kalimat, kalimat
    assert f"id_{kolom}" in jawab.content.decode(), "the summary leads to the field"
    return False


def baru(**ubah) -> dict[str, str]:
    kepala = keluarga_uji(9).told[0]
    return {
        "kunci_kirim": str(uuid.uuid4()), "nik": "3205010201800001", "no_kk": "3205012002100009", "nama": kepala.nama, "tempat_lahir": "Garut",
        "tgl_lahir": "1980-01-02", "jenis_kelamin": "1", "status_kawin": "2", "ibu_kandung": "Ibu", "wilayah": "32.05.01.1001",
        "alamat": "Kp. Sindang", "rt": "1", "rw": "2", "program": "PKH", "jalur": "REGULER", "alasan_usul": "Tidak bekerja.", **ubah,
    }  # fmt: skip


def kirim_baru(masuk, **ubah):
    return masuk("operator").post("/usulan/baru/isian/", baru(**ubah))


@pytest.mark.parametrize("row", [*baris("nik"), *baris("nik_janggal")])
def test_nik_of_the_head(masuk, row):
    jawab = kirim_baru(masuk, nik=row["isi"], tgl_lahir="1980-01-02")
    if periksa(jawab, row, "nik"):
        orang = Individu.objects.get()
        assert orang.nik.open() == row.get("simpan", row["isi"])
        assert row.get("tanda") is None or row["tanda"] in orang.tanda
        return
    assert not Usulan.objects.exists()
    assert "Kp. Sindang" in teks(jawab), "what was typed stays"


@pytest.mark.parametrize("row", baris("nik"))
def test_number_of_the_card(masuk, row):
    jawab = kirim_baru(masuk, no_kk=row["isi"])
    if periksa(jawab, row, "no_kk"):
        assert Usulan.objects.get().keluarga.no_kk.open() == row.get("simpan", row["isi"])


@pytest.mark.parametrize("row", baris("nik"))
def test_nik_in_step_one(masuk, row):
    jawab = masuk("operator").post("/usulan/baru/", {"nik": row["isi"]})
    assert jawab.status_code == (200 if row["terima"] else 422)
    assert Usulan.objects.count() == 0


@pytest.mark.parametrize("row", baris("nama"))
@pytest.mark.parametrize("kolom", ["nama", "ibu_kandung"])
def test_names(masuk, row, kolom):
    jawab = kirim_baru(masuk, **{kolom: row["isi"]})
    if periksa(jawab, row, kolom):
        orang = Individu.objects.get()
        assert getattr(orang, kolom) == row.get("simpan", row["isi"])
        lihat = (
            masuk("operator").get(reverse("usulan_lihat", args=[Usulan.objects.get().pk])).content.decode()
        )
        assert "<script>alert" not in lihat and "<img onerror" not in lihat


@pytest.mark.parametrize("row", baris("tanggal"))
def test_birth_dates(masuk, row):
    jawab = kirim_baru(masuk, tgl_lahir=row["isi"])
    if periksa(jawab, row, "tgl_lahir"):
        assert Individu.objects.get().tgl_lahir.isoformat() == row.get("simpan", row["isi"])


@pytest.mark.parametrize("row", baris("wilayah"))
def test_areas(masuk, row):
    jawab = kirim_baru(masuk, wilayah=row["isi"])
    if row["terima"]:
        assert jawab.status_code == 302
        assert Usulan.objects.get().wilayah_id == "32.05.01.1001"
        return
    assert jawab.status_code == 422 and jawab.context["form"].errors["wilayah"]
    assert not Usulan.objects.exists()


@pytest.mark.parametrize("row", baris("teks"))
def test_reason_of_the_proposal(masuk, row):
    jawab = kirim_baru(masuk, alasan_usul=row["isi"])
    if periksa(jawab, row, "alasan_usul"):
        assert Usulan.objects.get().alasan_usul == row.get("simpan", row["isi"])


@pytest.mark.parametrize("row", baris("pilihan"))
@pytest.mark.parametrize("kolom", ["jenis_kelamin", "status_kawin"])
def test_choices(masuk, row, kolom):
    periksa(kirim_baru(masuk, **{kolom: row["isi"]}), row, kolom)


@pytest.mark.parametrize("row", baris("angka"))
def test_counts_of_assets(masuk, draf, row):
    jenis = list(KodeAcuan.objects.filter(daftar="aset").values_list("kode", flat=True))
    data = {
        "kunci_kirim": str(uuid.uuid4()),
        "versi": draf.keluarga.versi,
        **dict.fromkeys(jenis, "1"),
        "sawah_m2": row["isi"],
    }
    jawab = masuk("operator").post(reverse("usulan_aset", args=[draf.pk]), data)
    if periksa(jawab, row, "sawah_m2"):
        assert Aset.objects.get(jenis="sawah_m2").jumlah == row.get(
            "simpan", int(row["isi"].strip().replace(".", ""))
        )
    else:
        assert not Aset.objects.exists()


@pytest.mark.parametrize("row", baris("pilihan"))
def test_choices_of_the_dwelling(masuk, draf, row):
    data = {
        "kunci_kirim": str(uuid.uuid4()), "versi": draf.keluarga.versi, "status_rumah": "1", "luas_lantai": "36", "lantai": row["isi"],
        "dinding": "1", "atap": "1", "air_minum": "1", "penerangan": "1", "memasak": "1", "bab": "1",
    }  # fmt: skip
    periksa(masuk("operator").post(reverse("usulan_rumah", args=[draf.pk]), data), row, "lantai")
    assert Rumah.objects.exists() is row["terima"]


@pytest.mark.parametrize("row", baris("koordinat"))
def test_coordinates(masuk, draf, row):
    data = {
        "kunci_kirim": str(uuid.uuid4()), "versi": draf.keluarga.versi, "alamat": "Kp. Sindang", "rt": "1", "rw": "2", "lintang": row["isi"],
        "bujur": "107.9",
    }  # fmt: skip
    periksa(masuk("operator").post(reverse("usulan_keluarga", args=[draf.pk]), data), row, "lintang")


@pytest.mark.parametrize("nilai", ["", "x", "-1", "99999999999999999999", "1e9", "\0"])
def test_a_broken_version_is_no_error_page(masuk, draf, nilai):
    url = reverse("usulan_langkah", args=[draf.pk, "ajukan"])
    jawab = masuk("operator").post(url, {"kunci_kirim": str(uuid.uuid4()), "versi": nilai})
    assert jawab.status_code == 422
    assert Usulan.objects.get(pk=draf.pk).status == "draf"


@pytest.mark.parametrize("nilai", ["", "x", "-1", "99999999999999999999"])
def test_a_form_without_the_version_seen_is_refused(masuk, draf, nilai):
    """Without it, an old page would silently write over what a colleague saved."""
    for nama in ("usulan_keluarga", "usulan_rumah", "usulan_aset", "usulan_foto", "anggota_baru"):
        jawab = masuk("operator").post(
            reverse(nama, args=[draf.pk]), {"kunci_kirim": str(uuid.uuid4()), "versi": nilai}
        )
        assert jawab.status_code == 422 and jawab.context["form"].errors["versi"]


def anggota(draf, **ubah) -> dict[str, str]:
    return {
        "kunci_kirim": str(uuid.uuid4()), "versi": draf.keluarga.versi, "tanpa_nik_alasan": "BAYI", "nama": "Anak Uji", "hubungan": "3",
        "keberadaan": "1", "jenis_kelamin": "2", "tgl_lahir": "1990-05-05", "status_kawin": "1", "ibu_kandung": "Ibu", **ubah,
    }  # fmt: skip


@pytest.mark.parametrize("row", baris("pilihan"))
@pytest.mark.parametrize("kolom", ["hubungan", "partisipasi_sekolah", "hambatan_1"])
def test_choices_of_a_member(masuk, draf, row, kolom):
    data = anggota(draf, **{f"hambatan_{n}": "4" for n in range(1, 11)})
    jawab = masuk("operator").post(reverse("anggota_baru", args=[draf.pk]), {**data, kolom: row["isi"]})
    if kolom == "hubungan" and row["terima"]:
        assert jawab.status_code == 422 and "sudah punya kepala keluarga" in teks(jawab)
        return
    periksa(jawab, row, kolom)


@pytest.mark.parametrize(
    ("ubah", "kolom", "kata"),
    [
        ({"hamil": "ya", "hamil_sejak": "2001-01-01"}, "hamil_sejak", "11 bulan"),
        ({"hamil": "ya", "hamil_sejak": "2099-01-01"}, "hamil_sejak", "masa depan"),
        ({"hamil": "tidak", "hamil_sejak": "2026-09-01"}, "hamil", "Pilih “Ya”"),
        ({"hamil": "ya", "jenis_kelamin": "1"}, "hamil", "laki-laki"),
        ({"hambatan_1": "4"}, "hambatan_2", "Isi juga"),
        ({"bekerja": "mungkin"}, "bekerja", "ya atau tidak"),
        ({"tanpa_nik_alasan": ""}, "nik", "alasan"),
    ],
)
def test_answers_of_a_member_that_contradict_each_other(masuk, draf, ubah, kolom, kata):
    jawab = masuk("operator").post(reverse("anggota_baru", args=[draf.pk]), anggota(draf, **ubah))
    assert jawab.status_code == 422
    assert kata in " ".join(jawab.context["form"].errors[kolom])
    assert "Anak Uji" in teks(jawab)


@pytest.mark.parametrize(
    "nomor", ["123", "0812", "abc", "+1 555 123 4567", "08111111111", "٠٨١٢٣٤٥٦٧٨٩", "\0", "8" * 5000]
)
def test_telephone_numbers_that_are_none(masuk, nomor):
    jawab = kirim_baru(masuk, telepon=nomor)
    assert jawab.status_code == 422 and jawab.context["form"].errors["telepon"]


@pytest.mark.parametrize("nomor", ["0", "1000", "-1", "1.5", "٥", "RW 5", "\0", "5" * 5000])
def test_rt_and_rw(masuk, nomor):
    jawab = kirim_baru(masuk, rt=nomor)
    if nomor == "0":
        assert jawab.status_code == 302, "RT 000 stands on real cards"
        return
    assert jawab.status_code == 422 and jawab.context["form"].errors["rt"]


@pytest.mark.parametrize("nilai", ["", "x", "0" * 40, "\0", "../../etc", "1; drop"])
def test_a_broken_form_key_is_no_error_page(masuk, nilai):
    assert kirim_baru(masuk, kunci_kirim=nilai).status_code == 422
    assert not Usulan.objects.exists()


def test_a_form_key_cannot_be_used_for_other_content(masuk):
    kunci = str(uuid.uuid4())
    assert kirim_baru(masuk, kunci_kirim=kunci).status_code == 302
    lagi = kirim_baru(masuk, kunci_kirim=kunci, nama="Orang Lain", nik="3205010201800002", no_kk="")
    assert lagi.status_code == 409 and "Orang Lain" in teks(lagi)
    assert f'value="{kunci}"' not in lagi.content.decode(), "a fresh key, so that sending again works"
    assert Usulan.objects.count() == 1


def test_columns_that_are_not_in_the_form_are_not_set(masuk):
    kirim_baru(
        masuk, status="ditetapkan", tiket="X", versi="7", created_by="x", pin_indeks="x", id=str(uuid.uuid4())
    )
    usulan = Usulan.objects.get()
    assert (usulan.status, usulan.versi) == ("draf", 0) and usulan.tiket.startswith("USL-")


@pytest.mark.parametrize(
    "urut", ["99999999-9999-4999-8999-999999999999", "abc", "%00", "../x", "-1", "1e9", "٣"]
)
def test_odd_addresses_are_not_found(masuk, urut):
    client = masuk("operator")
    for pola in (
        "/usulan/{}/",
        "/usulan/{}/langkah/ajukan/",
        "/keluarga/{}/",
        "/berkas/{}/",
        "/keluarga/anggota/{}/nik/",
    ):
        assert client.get(pola.format(urut)).status_code == 404


@pytest.mark.parametrize(
    ("isi", "kata"),
    [
        (b"", "kosong"),
        (b"<html><script>alert(1)</script></html>", "bukan foto"),
        (b"GIF89a" + b"\0" * 100, "bukan foto"),
        (b"\xff\xd8\xff" + b"x" * 100, "bukan foto"),
        (b"%PDF-1.4 bukan foto", "bukan foto"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, "HEIC"),
        (b"x" * 10_000_001, "10 MB"),
        (foto()[:200], "bukan foto"),
    ],
)
def test_photos_that_are_none(masuk, draf, isi, kata):
    berkas = SimpleUploadedFile("../../etc/x.php\0.jpg", isi, "image/jpeg")
    data = {
        "kunci_kirim": str(uuid.uuid4()),
        "versi": draf.keluarga.versi,
        "jenis": "rumah_depan",
        "foto": berkas,
    }
    jawab = masuk("operator").post(reverse("usulan_foto", args=[draf.pk]), data)
    assert jawab.status_code == 422 and kata in teks(jawab)
    assert not draf.keluarga.foto.exists()


@pytest.mark.parametrize("alasan", ["", "TIDAK_ADA", "DATA_KURANG' OR 1=1", "\0", "x" * 5000, "KUOTA_PENUH"])
def test_reasons_that_are_not_on_the_list_of_this_step(masuk, alasan):
    p = sampai("diajukan", nomor=5)
    jawab = masuk("operator").post(
        reverse("usulan_langkah", args=[p.usulan.pk, "tolak"]),
        {"kunci_kirim": str(uuid.uuid4()), "versi": p.usulan.versi, "alasan": alasan, "catatan": "tetap ada"},
    )
    assert jawab.status_code == 422 and "tetap ada" in teks(jawab)
    assert p.segar().status == "diajukan"
