"""NIK, KK and telephone numbers through every flow, then a look at every byte: rows, database files, write-ahead log, Valkey, logs, files, backup.

By default each flow once, in this process. `./test --fuzz` does it with real servers behind the proxy, in a hundred families, and
searches their logs as well.
"""

import csv
import io
import logging
import os
import random
import re
import uuid

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.actions import pengguna as akun
from accounts.models import Peran, PilihanKabar
from bansos.models import ReaktivasiPBI
from core import audit, outbox
from core.integrations.dukcapil.population import Population
from core.logs import JsonFormatter
from dtks.actions import keluarga as register
from dtks.actions import penduduk, silang
from dtks.actions import usulan as langkah
from dtks.actions.impor import inti
from dtks.actions.impor import templat_v4 as v4
from dtks.models import Impor, Individu, Keluarga
from pengaduan.actions import bencana, darurat
from pengaduan.actions import usul as aksi_usul
from pengaduan.models import Aduan, Sanggah, SanggahData, Usul
from portal.actions import cadangan
from tests.api.test_usulan import isi as isi_api
from tests.api.test_usulan import kirim as kirim_api
from tests.bantu import alur, berkas_v4, kenari, layanan, pemain, sanggah, usul
from tests.bantu.alur import orang
from tests.bantu.api import klien
from tests.bantu.kenari import Nomor
from tests.bantu.tantangan import di_halaman
from tests.bantu.tepi import Peramban, nginx
from tests.dtks.test_cek_silang import HARI
from tests.dtks.test_usulan_layar import isi as isi_usulan
from tests.pengaduan.test_aduan import aduan
from wilayah.models import Wilayah

DESA = pemain.DESA
SEMUA = int(os.environ.get("DTKS_FUZZ_KENARI", "100"))


@pytest.fixture
def log(tmp_path):
    """Everything that the portal logs, down to DEBUG, as production writes it."""
    berkas = tmp_path / "portal.log"
    tangan = logging.FileHandler(berkas)
    tangan.setFormatter(JsonFormatter())
    akar = logging.getLogger()
    lama = akar.level
    akar.addHandler(tangan)
    akar.setLevel(logging.DEBUG)
    yield berkas
    akar.removeHandler(tangan)
    akar.setLevel(lama)


@pytest.fixture
def nomor(db_nyata, settings):
    settings.DEMO = True
    semua = Population(families=2000).families()
    return Nomor(*(f.kk for f in semua), *(m.told.nik for f in semua for m in f.members))


def masuk(nama: str) -> Client:
    client = Client(raise_request_exception=False)
    pemain.masuk(client, nama)
    return client


def keluarga(nomor: Nomor, asal: int) -> int:
    """Number of a new family of the population, with canaries."""
    alur.keluarga_uji(0)
    alur._population.append(nomor.keluarga(alur.keluarga_uji(asal)))
    return len(alur._population) - 1


def kerjakan() -> None:
    while outbox.work(limit=200):
        pass


# --- the flows; each leaves numbers wherever it leaves something ---------------------------------------------------------


def pintu_yang_salah(nomor: Nomor) -> None:
    """People type a NIK where none is asked: as a user name, in the address, as a ticket, in a search."""
    tamu = Client(raise_request_exception=False)
    nik, hp = nomor.nik(), nomor.hp()
    for isi in (nik, f" {nik[:6]} {nik[6:12]} {nik[12:]} ", hp):
        assert tamu.post("/masuk/", {"login": isi, "password": nomor.nik()}).status_code in (200, 429)
        tamu.post(
            "/masuk/kode/", {"username": isi, "kode": nomor.nik(), "sandi": nomor.nik(), "sandi_lagi": "x"}
        )
        tamu.post(
            f"/masuk/?next=/keluarga/?cari={nik}",
            {"login": "operator", "password": isi, "next": f"/keluarga/?cari={nik}"},
        )
        tamu.post("/lacak/", {"tiket": isi, "pin": nik[:6]})
        for alamat in (f"/keluarga/{nik}/", f"/{isi}/", f"/v/{nik}/", f"/api/v1/individu/{nik}/"):
            assert tamu.get(alamat).status_code < 500
        for alamat in ("/cek/", "/usulan/", "/keluarga/", "/masuk/", "/api/v1/keluarga/"):
            assert (
                tamu.get(
                    alamat,
                    {"nik": isi, "next": f"/keluarga/?cari={isi}"},
                    headers={"referer": f"http://testserver/?nik={isi}"},
                ).status_code
                < 500
            )
    petugas = masuk("operator")
    for alamat in ("/usulan/", "/keluarga/", "/padan/", "/jejak/"):
        assert petugas.get(alamat, {"cari": nik, "nama": nik, "kursor": nik}).status_code < 500


def cek_publik(nomor: Nomor) -> None:
    tamu = Client()
    for isi in ({"nik": nomor.nik(), "tgl_lahir": f"{nomor.lahir:%d/%m/%Y}"}, {"nik": nomor.nik()[:15]}):
        halaman = tamu.get("/cek/")
        assert tamu.post("/cek/", di_halaman(halaman) | {"pintu": "nik"} | isi).status_code in (200, 422)


def garis_penuh(nomor: Nomor) -> None:
    """One family from its draft to the decree, looked up, opened, corrected, refused, and out in files."""
    n = keluarga(nomor, 5)
    p = alur.sampai("ditetapkan", nomor=n)
    rumah = p.usulan.keluarga
    kepala = rumah.anggota.get(hubungan="1")
    operator, verifikator = masuk("operator"), masuk("verifikator")
    for client in (operator, verifikator):
        for alamat in ("keluarga_cari_nomor", "usulan_cari_nomor"):
            for isi in (kepala.nik.open(), rumah.no_kk.open(), nomor.nik()):
                assert client.post(reverse(alamat), {"nomor": isi, "nik": isi}).status_code < 500
        for kolom in ("no_kk", "telepon"):
            client.post(
                reverse("keluarga_nomor", args=[rumah.pk, kolom]), {"alasan": "Mencocokkan dengan kartu"}
            )
    for nama in ("usulan_unduh", "keluarga_unduh", "padan_unduh", "sk_unduh"):
        for bentuk in ("xlsx", "csv"):
            data = {
                "kunci_kirim": str(uuid.uuid4()),
                "format": bentuk,
                "nomor": "lengkap",
                "alasan": "Diunggah ke SIKS-NG",
            }
            jawab = masuk("supervisor").post(reverse(nama), data)
            assert jawab.status_code in (200, 302, 403), (nama, jawab.status_code)
            if jawab.streaming:
                b"".join(jawab.streaming_content)
    # Refused: a NIK that is taken, one that cannot be, one in a draft.
    for ubah in (
        {"nik": kepala.nik.open()},
        {"nik": nomor.nik()[:15]},
        {"nik": nomor.nik(), "tgl_lahir": "2043-01-01"},
    ):
        data = isi_usulan(n, **ubah)
        assert operator.post("/usulan/baru/isian/", data).status_code < 500
        assert (
            operator.post(
                "/draf/", {"draf_kunci": "/usulan/baru/isian/", "draf_json": "1", **data}
            ).status_code
            == 200
        )
    baru = isi_usulan(keluarga(nomor, 6), telepon=nomor.hp())
    assert operator.post("/usulan/baru/isian/", baru).status_code in (302, 422)


def data_diperbaiki(nomor: Nomor) -> None:
    """A NIK is changed twice, a member comes and goes, the family is withdrawn."""
    p = alur.sampai("draf", nomor=keluarga(nomor, 7))
    by = orang("rtrw")
    contoh = alur.isi_individu(alur.keluarga_uji(7).told[-1])
    for _ in range(2):
        satu = register.simpan_anggota(
            p.usulan, by=by, data=contoh | {"nik": nomor.nik(), "nama": "Euis Kenari", "hubungan": "3"}
        )
        register.simpan_anggota(
            p.usulan,
            by=by,
            data=contoh | {"nik": nomor.nik(), "nama": "Euis Kenari", "hubungan": "3"},
            individu=satu,
        )
    langkah.tarik(p.segar(), by=by, alasan=alur.alasan_pertama("tarik"))


def baris_v4(nomor: Nomor, awal: int, banyak: int) -> list[dict]:
    acak, desa, rows = random.Random(awal), berkas_v4.nama_desa(DESA), []
    for n in range(banyak):
        kk = nomor.kk()
        for satu in berkas_v4.keluarga(awal + n, acak, desa):
            rows.append(
                satu
                | {v4.NIK: nomor.nik(), v4.NOKK: kk, v4.LAHIR: f"{nomor.lahir:%d/%m/%Y}", v4.KELAMIN: "P"}
            )
    return rows


def impor_berkas(nomor: Nomor) -> None:
    """The ministry's template with canaries: staged, shown, its faults downloaded, saved, taken back."""
    rows = [*baris_v4(nomor, 900, 4), *baris_v4(nomor, 904, 1)[:2]]
    rows[-1] |= {v4.NIK: nomor.nik()[:15]}
    rows[-2] |= {v4.NAMA: ""}
    client = masuk("operator")
    for isi, nama in (
        (berkas_v4.xlsx(rows), "usulan.xlsx"),
        (berkas_v4.csv_v4(baris_v4(nomor, 910, 2)), f"{nomor.nik()}.csv"),
    ):
        data = {
            "kunci_kirim": str(uuid.uuid4()),
            "jenis": "usulan_v4",
            "berkas": SimpleUploadedFile(nama, isi),
        }
        jawab = client.post("/impor/", data)
        assert jawab.status_code == 302, jawab.content.decode()[-3000:]
        kerjakan()
        impor = Impor.objects.order_by("-created_at").first()
        for alamat in (jawab.url, f"{jawab.url}?hasil=galat"):
            client.get(alamat)
        unduh = client.post(reverse("impor_galat", args=[impor.pk]))
        if unduh.status_code == 200:
            CalamineWorkbook.from_filelike(
                io.BytesIO(b"".join(unduh.streaming_content) if unduh.streaming else unduh.content)
            )
        client.post(reverse("impor_terapkan", args=[impor.pk]), {"kunci_kirim": str(uuid.uuid4())})
        kerjakan()
    impor.refresh_from_db()
    assert impor.status == "diterapkan", (impor.status, impor.hitung)
    inti.batalkan(impor, by=orang("operator"))


def lewat_api(nomor: Nomor) -> None:
    k = klien(anggaran=100_000)
    isi = isi_api()
    isi["keluarga"]["no_kk"] = nomor.kk()
    isi["keluarga"]["telepon"] = nomor.hp()
    for anggota in isi["anggota"]:
        anggota["nik"] = nomor.nik()
    salah = [isi, isi | {"anggota": [isi["anggota"][0] | {"nik": nomor.nik(), "tgl_lahir": "x"}]}]
    for badan in (salah[1], isi_tanpa_telepon(isi), isi):
        jawab = kirim_api(k, "/api/v1/usulan/", badan)
        assert jawab.status_code < 500
    for alamat in (
        "/api/v1/usulan/",
        "/api/v1/keluarga/",
        "/api/v1/individu/",
        f"/api/v1/keluarga/?nik={nomor.nik()}",
    ):
        jawab = k.get(alamat)
        assert jawab.status_code < 500
        if jawab.streaming:
            b"".join(jawab.streaming_content)
    baris = [
        {"nik": nomor.nik(), "nama": "Kenari", "tgl_lahir": f"{nomor.lahir}", "jenis_kelamin": "P"}
        for _ in range(5)
    ]
    kirim = {"Idempotency-Key": str(uuid.uuid4())}
    jawab = k.post(
        "/api/v1/padan/", {"tujuan": "uji", "baris": baris}, content_type="application/json", headers=kirim
    )
    assert jawab.status_code == 202, jawab.content
    kerjakan()
    assert k.get(jawab["Location"]).status_code == 200


def isi_tanpa_telepon(isi: dict) -> dict:
    return isi | {"keluarga": {k: v for k, v in isi["keluarga"].items() if k != "telepon"}}


def padan_massal(nomor: Nomor) -> None:
    """The population table of Disdukcapil, and a list that is checked against it."""
    teks = io.StringIO()
    tulis = csv.writer(teks)
    tulis.writerow(penduduk.KOLOM)
    niks = [nomor.nik() for _ in range(20)]
    for nik in niks:
        tulis.writerow([nik, "KENARI UJI", f"{nomor.lahir}", "P", ""])
    teks.seek(0)
    penduduk.muat(
        penduduk.baca(teks, pemain.KABUPATEN, HARI), kabupaten=pemain.KABUPATEN, per_tanggal=HARI, sidik="00"
    )
    baris = [silang.BarisMasuk(nik, "KENARI UJI", f"{nomor.lahir}", "P") for nik in [*niks, nomor.nik()]]
    silang.kirim(by=orang("verifikator"), wilayah=pemain.KABUPATEN, tujuan="uji", baris=baris)
    kerjakan()


def warga_bertanya_dan_melapor(nomor: Nomor) -> None:
    """Usul, aduan, sanggah, wrong data, emergency, disaster: with the numbers of whoever tells."""
    usul.diusulkan(
        keluarga(nomor, 8), pengusul_nik=nomor.nik(), telepon=f"+62{nomor.hp()[1:]}", nik=nomor.nik()
    )
    aksi_usul.kirim(
        data=usul.isi(nik=nomor.nik(), pengusul_nik=nomor.nik(), telepon=f"+62{nomor.hp()[1:]}"),
        foto={},
        alamat="10.0.0.1",
        by=None,
    )
    tamu = Client()
    halaman = tamu.get("/usul/")
    for isi in ({"untuk": "tetangga", "wilayah": DESA}, {"nama_kepala": "Ibu Kenari", "nik": nomor.nik(), "alamat": "Kampung", "rt": "1", "rw": "5", "patokan": "Masjid", "alasan": "Suami sakit, anak tiga."},
                {"pengusul_nama": "Merpati", "pengusul_nik": nomor.nik(), "telepon": nomor.hp()}):  # fmt: skip
        bawa = dict(
            re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', halaman.content.decode())
        )
        halaman = tamu.post("/usul/", {k: v for k, v in bawa.items() if k != "tantangan"} | isi)
        assert halaman.status_code in (200, 422)
    for _ in range(2):
        aduan(telepon=nomor.hp(), nik=nomor.nik())
    p = sanggah.calon(keluarga(nomor, 9))
    siapa = sanggah.warga(sanggah.calon(keluarga(nomor, 10)))
    sanggah.kirim(p, siapa, telepon=nomor.hp())
    sanggah.data_salah(siapa, telepon=nomor.hp(), nik=nomor.nik())
    darurat.lapor(
        by=orang("operator"),
        data={"jenis": "LANSIA", "kanal": "112", "wilayah": DESA, "lokasi": "Pasar", "cerita": "Kakek duduk sendiri, lemas.", "pelapor": "Ujang", "telepon": nomor.hp()},
    )  # fmt: skip
    kejadian = bencana.catat(
        by=orang("operator"),
        data={
            "jenis": "LONGSOR",
            "wilayah": DESA,
            "lokasi": "Kampung",
            "waktu": timezone.now(),
            "sumber": "Tagana",
            "uraian": "Longsor.",
        },
    )
    bencana.catat_korban(
        kejadian, by=orang("operator"),
        data={"wilayah": DESA, "nama_kepala": "Ujang", "nik": nomor.nik(), "alamat": "Kampung", "jiwa": 4, "rentan": 1, "meninggal": 0, "luka": 1, "rumah": "BERAT", "mengungsi": True, "kebutuhan": ["TENDA"]},
    )  # fmt: skip
    kerjakan()


def layanan_loket(nomor: Nomor) -> None:
    """PBI with its letter, a letter at the counter with QR."""
    layanan.reaktivasi_sampai("direkomendasikan", keluarga(nomor, 11))
    layanan.surat_terbit(keluarga(nomor, 12))
    client = masuk("operator")
    for alamat, data in (
        ("/pbi/catat/", {"nik": nomor.nik(), "nama": "Kenari"}),
        ("/surat/catat/", {"nik": nomor.nik(), "pemohon": "Kenari"}),
    ):
        assert client.post(alamat, data | {"kunci_kirim": str(uuid.uuid4())}).status_code < 500
    kerjakan()


def petugas(nomor: Nomor) -> None:
    """An officer's own NIK and telephone; a NIK wanted as a user name."""
    nik = nomor.nik()
    masa = akun.Masa(timezone.localdate())
    peran, wilayah = Peran.objects.get(pk="OPERATOR_DESA"), Wilayah.objects.get(pk=DESA)
    akun.buat_pengguna(
        by=orang("admin"),
        nama="Siti Kenari",
        nik=nik,
        username="siti.kenari",
        email="",
        peran=peran,
        wilayah=wilayah,
        masa=masa,
    )
    data = {
        "nama": "Siti",
        "nik": nomor.nik(),
        "username": nomor.nik(),
        "peran": "OPERATOR_DESA",
        "wilayah": DESA,
        "berlaku_sejak": "2026-01-01",
    }
    assert masuk("admin").post("/pengguna/baru/", data).status_code == 200
    milik, _ = PilihanKabar.objects.get_or_create(pengguna=orang("operator"))
    milik.telepon = nomor.hp()
    milik.save()
    assert (
        masuk("operator").post("/profil/nomor/", {"nomor": nomor.hp(), "telepon": nomor.hp()}).status_code
        < 500
    )


ALUR = (
    pintu_yang_salah, cek_publik, garis_penuh, data_diperbaiki, impor_berkas, lewat_api, padan_massal, warga_bertanya_dan_melapor,
    layanan_loket, petugas,
)  # fmt: skip


def cadangkan(folder) -> list:
    cadangan.cadangkan(folder, lambda _: None)
    return [folder]


def test_pencari_menemukan_nomor_yang_ditinggalkan(nomor, log):
    """The search itself: a number in an audit row, in a log line and in a file."""
    jejak = kenari.Jejak()
    nomor = Nomor()
    log.write_text(f"WARNING {nomor.hp()}\n")
    logging.getLogger("uji").warning(
        "KK %s, NIK %s, HP %s", nomor.kk(), nomor.nik(), nomor.hp()
    )  # these are masked
    for _ in range(4):
        audit_satu({"nik": nomor.nik(), "kk": nomor.kk(), "hp": nomor.hp()})
    (settings.FILES_DIR / "uji.txt").parent.mkdir(parents=True, exist_ok=True)
    (settings.FILES_DIR / "uji.txt").write_bytes(nomor.nik().encode("utf-16-le"))
    ada = jejak.semua(lain=[log])
    (settings.FILES_DIR / "uji.txt").unlink()
    assert ada["core_jejak"] >= {"nik polos", "kk polos", "hp polos"}
    assert ada[str(log)] == {"hp polos"} and ada[str(settings.FILES_DIR / "uji.txt")] == {"nik utf-16"}
    assert not jejak.terbaca or any("/pg_wal/" in p for p in ada)


def audit_satu(rincian: dict) -> None:
    with transaction.atomic():
        audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None, rincian=rincian)


@pytest.mark.timeout(900)
def test_tidak_ada_nomor_polos_yang_tertinggal(nomor, log, tmp_path):
    """No row, no byte of the database or its log, no key of Valkey, no line, no file, no backup holds a full number."""
    jejak = kenari.Jejak()
    nomor = Nomor(*terpakai())
    for satu in ALUR:
        satu(nomor)
    assert (
        Individu.objects.exclude(nik=None).count() > 20 and Keluarga.objects.exclude(no_kk=None).count() > 5
    )
    assert all(m.objects.exists() for m in (Usul, Aduan, Sanggah, SanggahData, ReaktivasiPBI))
    assert any(i.nik.open().startswith(kenari._angka["nik"]) for i in Individu.objects.exclude(nik=None)), (
        "they went in"
    )
    lain = [log, *cadangkan(tmp_path / "cadangan")]
    ada = jejak.semua(lain=lain)
    assert ada == {}, "\n".join(f"{d}: {sorted(apa)}" for d, apa in sorted(ada.items()))


def terpakai() -> list[str]:
    semua = Population(families=2000).families()
    return [*(f.kk for f in semua), *(m.told.nik for f in semua for m in f.members)]


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not nginx(), reason="no nginx: apt-get install nginx-light")
def test_tidak_ada_nomor_polos_di_server_sungguhan(nomor, log, tepi, panggung, tmp_path, lapor):
    """The same with worker, beat, simulator and gunicorn behind nginx; their logs, temporary folders and Valkey are searched too."""
    jejak = kenari.Jejak()
    nomor = Nomor(*terpakai())
    for satu in ALUR:
        satu(nomor)
    for n in range(SEMUA):
        p = alur.sampai("diajukan", nomor=keluarga(nomor, 20 + n))
        lewat_proksi(nomor, tepi, p, f"127.200.{n // 250}.{1 + n % 250}")
    kerjakan()
    lain = [log, tepi.folder, panggung.rumah, panggung._tmp, *cadangkan(tmp_path / "cadangan")]
    ada = jejak.semua(lain=lain, valkey=panggung.env["REDIS_URL"])
    lapor(f"{next(nomor._urut) - 1:,} numbers planted, {len(ada)} places that hold one in plain")
    assert ada == {}, "\n".join(f"{d}: {sorted(apa)}" for d, apa in sorted(ada.items()))


def lewat_proksi(nomor: Nomor, tepi, p: alur.Perjalanan, asal: str) -> None:
    """What a visitor and an officer send over the wire, right and wrong."""
    tamu, nik = Peramban(tepi, asal), nomor.nik()
    halaman = tamu.minta("GET", "/cek/")
    soal = re.search(r'name="tantangan" value="([^"]+)"', halaman.teks)
    assert soal, halaman.status
    tamu.kirim("/masuk/", {"login": nik, "password": nomor.nik()})
    for alamat in (
        f"/cek/?nik={nik}",
        f"/lacak/?tiket={nik}",
        "/keluarga/?cari=" + nik,
        f"/keluarga/{nik}/",
        f"/v/{nomor.hp()}",
        f"/{nik[:6]}%20{nik[6:]}/",
        f"/x{nik}x.pdf",
    ):
        assert (
            tamu.minta(
                "GET",
                alamat,
                kepala={"Referer": f"https://x.test/?nik={nik}", "User-Agent": f"hp {nomor.hp()}"},
            ).status
            < 500
        )
    tamu.minta("POST", "/lacak/", {"tiket": nik, "pin": nik[:6]})
    tamu.tutup()
    petugas = Peramban(tepi, asal)
    assert petugas.masuk("operator", pemain.SANDI).status == 302
    rumah = p.usulan.keluarga
    for isi in (rumah.no_kk.open(), nomor.nik()):
        petugas.kirim("/keluarga/cari-nomor/", {"nomor": isi}, dari="/keluarga/")
    petugas.minta("GET", f"/keluarga/{rumah.pk}/")
    petugas.tutup()
