"""INDEX_KEY is changed while people work: every look-up finds, no number stands twice, a killed change goes on, the old key can go."""

import base64
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as setelan
from django.db import IntegrityError, connection, connections, models, transaction

from accounts.models import Orang
from bansos.actions import impor_pengecualian
from bansos.models import ButirPengecualian, ReaktivasiPBI
from bansos.queries import pengecualian
from core import outbox
from core.models import KunciIndeks, Pekerjaan
from core.privacy import keys, rotate
from core.privacy.fields import BlindIndexField
from core.workflow import GateClosed
from dtks.actions.impor import inti
from dtks.actions.usulan import pin_index
from dtks.models import Individu, Keluarga, Penduduk
from portal.actions import putar_indeks
from portal.queries import periksa
from tests.bantu import cek as cek_uji
from tests.bantu import layanan, usul
from tests.bantu.alur import keluarga_uji, orang, sampai
from tests.bantu.daftar import keluarga_banyak
from tests.bantu.proses import url_basis_data

BARU = base64.b64encode(b"kunci indeks yang baru 32 byte!!").decode()
AKAR = Path(__file__).resolve().parents[2]


@pytest.fixture
def register(db_nyata, settings):
    """Two families with a list that hits one of them, a PBI request, a citizen's proposal, a public row; and 300 more families."""
    sampai("ditetapkan", nomor=1)
    sampai("diajukan", nomor=2)
    impor = impor_pengecualian.JENIS
    isi = f"NIK,SUMBER,TANGGAL DATA,ASAL DATA,BERLAKU HINGGA,KETERANGAN\n{nik(2)},ASN,01/10/2026,BKPSDM,,\n"
    inti.terapkan(
        inti.unggah(by=orang("supervisor"), jenis=impor, isi=isi.encode(), nama="asn.csv"),
        by=orang("supervisor"),
    )
    layanan.reaktivasi_sampai("diajukan", 3)
    with transaction.atomic():
        usul.usul()
    Penduduk.objects.create(
        nik_indeks=keys.blind_index(nik(1), "nik"),
        nama="X",
        tgl_lahir="1980-01-01",
        jenis_kelamin="1",
        wilayah="32.05",
        per_tanggal="2026-01-01",
    )
    keluarga_banyak(300)
    semula = list(Orang.objects.exclude(nik_indeks=None).values_list("pk", "nik_indeks"))
    lama = setelan.INDEX_KEY
    yield lama
    settings.INDEX_KEY = lama
    with transaction.atomic():  # the cast stays for the other tests
        for pk, indeks in semula:
            Orang.objects.filter(pk=pk).update(nik_indeks=bytes(indeks))


def nik(n: int, anggota: int = 0) -> str:
    return keluarga_uji(n).told[anggota].nik


def dua_kunci(settings, lama):
    settings.INDEX_KEY = f"{BARU},{lama}"


def semua_terbaca() -> None:
    """Every person and family of the register is found by its number, in whichever form the row is."""
    for satu in Individu.objects.exclude(nik_indeks=None):
        assert satu in Individu.objects.dengan_nik(satu.nik.open())
    kk = {k.pk: k.no_kk.open() for k in Keluarga.objects.exclude(no_kk_indeks=None)[:50]}
    for pk, nomor in kk.items():
        assert Keluarga.objects.dengan_kk(nomor).get().pk == pk
    assert not list(periksa._nilai_tersegel())


def bentuk(kolom: rotate.Column) -> set[str]:
    """'lama' and 'baru': which forms the column holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {kolom.key}, {kolom.sealed}, {kolom.name} from {kolom.table} where {kolom.name} is not null"
        )
        hasil = set()
        for pk, segel, indeks in cursor.fetchall():
            polos = keys.unseal(bytes(segel), f"{kolom.table}.{kolom.sealed}:{pk}").decode()
            ada = keys.blind_index(polos, kolom.purpose).bentuk
            hasil.add({ada[0]: "baru", ada[1]: "lama"}[bytes(indeks)])
    return hasil


def pelanggaran() -> set[tuple[str, str]]:
    return {(p.periksa, p.kunci) for p in periksa.jalankan().pelanggaran}


def test_setiap_kolom_indeks_dikenal():
    """A column of blind indexes that the change would forget fails here."""
    dikenal = {(c.table, c.name) for c in rotate.columns()}
    for model in apps.get_models():
        for kolom in model._meta.concrete_fields:
            if isinstance(kolom, BlindIndexField):
                tujuan = model._meta.get_field(kolom.source).purpose
                assert tujuan in keys.DIPUTAR
            elif not isinstance(kolom, models.BinaryField) or not kolom.name.endswith("_indeks"):
                continue
            if kolom.name == "pin_indeks" or model._meta.label == "dtks.BarisSilang":
                continue  # kept by its derived key; gone before a change begins
            assert (model._meta.db_table, kolom.column) in dikenal, f"{model._meta.label}.{kolom.name}"


def test_selama_dua_kunci_dan_sesudahnya_semua_ketemu(register, settings):
    lama, pin = register, pin_index("USL-1", "123456")
    semula = pelanggaran()  # the families that this test put in by hand
    dua_kunci(settings, lama)
    assert putar_indeks.halangan() == ""
    semua_terbaca()
    hasil = putar_indeks.putar(sampai=1, potong=100)
    assert not hasil.selesai and hasil.baris == ""
    semua_terbaca()
    kena = Individu.objects.dengan_nik(nik(2)).get().keluarga
    assert len(pengecualian.keluarga_kena(kena)) == 1, "the list hits in the middle of it too"
    hasil = putar_indeks.putar()
    assert hasil.selesai and hasil.diganti >= 300 and hasil.sisa == {}
    semua_terbaca()
    for kolom in (c for c in rotate.columns() if c.sealed):
        assert bentuk(kolom) <= {"baru"}, str(kolom)
    settings.INDEX_KEY = hasil.baris  # the old key is gone
    assert lama not in hasil.baris
    assert Individu.objects.dengan_nik(nik(1)).count() == 1
    assert bytes(ButirPengecualian.objects.get().nik_indeks) == keys.blind_index(nik(2), "nik")
    assert bytes(ReaktivasiPBI.objects.get().nik_indeks) == keys.blind_index(nik(3), "nik")
    assert Penduduk.objects.filter(nik_indeks=keys.blind_index(nik(1), "nik")).exists()
    assert pin_index("USL-1", "123456") == pin, "tickets of citizens keep working"
    assert cek_uji.pastikan_cocok() > 0, "the public table follows"
    assert pelanggaran() == semula
    assert not Pekerjaan.objects.filter(galat__gt="").exists()


def test_nomor_yang_sama_tidak_masuk_dua_kali_selagi_kunci_diganti(register, settings):
    dua_kunci(settings, register)
    putar_indeks.putar(sampai=1, potong=100)
    for nomor in (nik(1), nik(2)):
        kembar = Individu.objects.dengan_nik(nomor).get()
        salinan = Individu(
            **{
                f.attname: getattr(kembar, f.attname)
                for f in Individu._meta.concrete_fields
                if f.name not in ("id", "nik", "nik_indeks")
            }
        )
        salinan.id, salinan.nik = uuid.uuid4(), nomor
        with pytest.raises(IntegrityError), transaction.atomic():
            salinan.save(force_insert=True)
    kk = Keluarga.objects.exclude(no_kk_indeks=None).order_by("pk").last()
    baru = Keluarga(
        nama_kepala="B", wilayah_id=kk.wilayah_id, alamat="x", rt="001", rw="001", status="terdaftar"
    )
    baru.no_kk = kk.no_kk.open()
    with pytest.raises(IntegrityError), transaction.atomic():
        baru.save()


def test_pekerjaan_yang_membandingkan_banyak_nomor_menunggu(register, settings):
    dua_kunci(settings, register)
    with pytest.raises(GateClosed, match="GANTI_KUNCI"):
        inti.unggah(by=orang("supervisor"), jenis=impor_pengecualian.JENIS, isi=b"x", nama="x.csv")
    job = outbox.antre(inti.JOB_PERIKSA, {"impor": str(uuid.uuid4())})
    outbox.work(limit=1)
    job.refresh_from_db()
    assert (job.status, job.percobaan) == (Pekerjaan.Status.MENUNGGU, 0)


def test_tidak_dimulai_selagi_ada_impor_yang_menunggu(register, settings):
    isi = f"NIK,SUMBER,TANGGAL DATA,ASAL DATA,BERLAKU HINGGA,KETERANGAN\n{nik(1)},ASN,01/10/2026,BKPSDM,,\n"
    inti.unggah(by=orang("supervisor"), jenis=impor_pengecualian.JENIS, isi=isi.encode(), nama="b.csv")
    assert "dua kunci" in putar_indeks.halangan()
    dua_kunci(settings, register)
    assert "impor belum selesai" in putar_indeks.halangan()


def test_dibunuh_di_tengah_dan_orang_tetap_bekerja(register, settings, tmp_path):
    """A real process is killed, another goes on, while a clerk edits families and everyone looks numbers up."""
    dua_kunci(settings, register)
    berhenti, gagal, tulis, baca = threading.Event(), [], [0], [0]
    daftar = [(k.pk, k.no_kk.open()) for k in Keluarga.objects.exclude(no_kk_indeks=None).order_by("pk")[:40]]

    def kerja(apa):
        try:
            while not berhenti.is_set():
                apa()
        except Exception as error:
            gagal.append(repr(error))
        finally:
            connections.close_all()

    def mencari():
        pk, nomor = daftar[baca[0] % len(daftar)]
        assert [k.pk for k in Keluarga.objects.dengan_kk(nomor)] == [pk]
        baca[0] += 1
        time.sleep(0.01)

    def menyimpan():
        with transaction.atomic():
            pk, _ = daftar[-1 - tulis[0] % len(daftar)]
            satu = Keluarga.objects.select_for_update().get(pk=pk)
            satu.alamat = f"Kampung {tulis[0]}"
            satu.save()
        tulis[0] += 1
        time.sleep(0.02)

    utas = [threading.Thread(target=kerja, args=[apa]) for apa in (mencari, menyimpan)]
    for satu in utas:
        satu.start()
    lingkungan = {
        **os.environ, "DATABASE_URL": url_basis_data(), "INDEX_KEY": setelan.INDEX_KEY, "DATA_KEYS": setelan.DATA_KEYS,
        "SECRET_KEY": setelan.SECRET_KEY, "SIGNING_KEY": setelan.SIGNING_KEY, "DJANGO_SETTINGS_MODULE": "config.settings", "REDIS_URL": setelan.REDIS_URL,
        "FILES_DIR": str(setelan.FILES_DIR),
    }  # fmt: skip
    perintah = [sys.executable, "manage.py", "putar_indeks", "-v", "2", "--potong", "7"]
    try:
        with (tmp_path / "putar.log").open("w+") as log:
            proses = subprocess.Popen(perintah, cwd=AKAR, env=lingkungan, stdout=log, stderr=log)
            while not (ada := KunciIndeks.objects.first()) or ada.jumlah < 30:
                assert proses.poll() is None, (tmp_path / "putar.log").read_text()
                time.sleep(0.02)
            os.kill(proses.pid, signal.SIGKILL)
            proses.wait()
        terbunuh = KunciIndeks.objects.get()
        assert terbunuh.selesai_at is None
        lagi = subprocess.run(
            perintah, cwd=AKAR, env=lingkungan, capture_output=True, text=True, timeout=120, check=False
        )
        assert lagi.returncode == 0, lagi.stderr
    finally:
        berhenti.set()
        for satu in utas:
            satu.join()
    assert not gagal and baca[0] > 10 and tulis[0] > 5
    satu = KunciIndeks.objects.get()
    assert satu.selesai_at and satu.jumlah > terbunuh.jumlah
    settings.INDEX_KEY = lagi.stdout.strip().splitlines()[-1]
    for pk, nomor in daftar:
        assert Keluarga.objects.dengan_kk(nomor).get().pk == pk
    assert {k.alamat for k in Keluarga.objects.filter(pk__in=[pk for pk, _ in daftar])} != {"Kampung Uji"}


@pytest.mark.load
def test_sangat_banyak_nomor_diganti_selagi_dicari(register, settings, capsys):
    """DTKS_NOMOR=1000000 for the figure of docs/kinerja.md: fifty look-ups a second beside it, none fails."""
    banyak = int(os.environ.get("DTKS_NOMOR", "20000"))
    for awal in range(1000, 1000 + banyak, 5000):
        keluarga_banyak(min(5000, 1000 + banyak - awal), awal=awal)
    dua_kunci(settings, register)
    daftar = [
        (k.pk, k.no_kk.open()) for k in Keluarga.objects.exclude(no_kk_indeks=None).order_by("pk")[:500]
    ]
    berhenti, lama = threading.Event(), []

    def mencari():
        n = 0
        while not berhenti.wait(0.02):
            pk, nomor = daftar[n % len(daftar)]
            mulai = time.monotonic()
            ketemu = [k.pk for k in Keluarga.objects.dengan_kk(nomor)] == [pk]
            lama.append((time.monotonic() - mulai, ketemu))
            n += 1
        connections.close_all()

    utas = threading.Thread(target=mencari)
    utas.start()
    mulai = time.monotonic()
    try:
        hasil = putar_indeks.putar()
    finally:
        berhenti.set()
        utas.join()
    detik = time.monotonic() - mulai
    waktu = sorted(t for t, _ in lama)
    with capsys.disabled():
        print(
            f"\n{hasil.diganti} nomor dalam {detik:.1f} s ({hasil.diganti / detik:.0f}/s); {len(lama)} pencarian, "
            f"{sum(not k for _, k in lama)} gagal, p50 {waktu[len(waktu) // 2] * 1000:.1f} ms, p95 {waktu[len(waktu) * 95 // 100] * 1000:.1f} ms"
        )
    assert hasil.selesai and hasil.diganti >= banyak and all(ketemu for _, ketemu in lama)
