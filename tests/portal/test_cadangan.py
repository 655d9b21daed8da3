"""The server burnt down last night: what came back, what must not come back, and when the portal says no."""

import hashlib
import random
import shutil
import subprocess
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from accounts.actions import kabar
from accounts.models import Pengguna
from core import anchors, audit, files, outbox
from core.backup import make, manifest, tables
from core.models import Berkas, Jejak, Pekerjaan, Pemulihan, Segel
from core.privacy import keys
from dtks.models import FotoKeluarga, Individu, Keluarga, Perubahan
from dtks.queries import sinkron
from portal.actions import cadangan as tindakan
from portal.actions import hapus, nisan
from portal.models import Pemusnahan
from portal.queries.hak_tabel import DIHAPUS
from tests.bantu import hak as bantu_hak
from tests.bantu.layanan import nik
from tests.portal.conftest import perintah, salinan

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.timeout(1000)]
# Written by the restore itself, after everything was compared.
SESUDAH = {
    "core_jejak", "core_jejakbaris", "core_jejaktx", "core_segel", "core_kepalarantai", "core_pemulihan", "core_pekerjaan",
    "django_session", "dtks_perubahan", "django_migrations",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(demo, tmp_path_factory) -> Path:
    """A backup of the demo, made while a message was waiting to go out."""
    bantu_hak.keluarga(401, "ditolak")
    with transaction.atomic():
        outbox.antre(kabar.JOB, {"pesan": "00000000-0000-0000-0000-000000000000"})
        outbox.antre("dtks.padan_harian", {"periode": "uji"})
    tempat = tmp_path_factory.mktemp("cadangan") / "malam-ini"
    assert "Kunci tidak ikut" in perintah("cadangkan", str(tempat))
    return tempat


@pytest.fixture
def server_baru(kosong_asal, tmp_path):
    """`with server_baru():` an empty database and an empty folder for files, on the same keys. `asal`: what it is copied from."""

    @contextmanager
    def _baru(asal: str = kosong_asal, rumah: str = "baru"):
        with salinan(asal, "pulih"), override_settings(FILES_DIR=tmp_path / rumah / "berkas"):
            yield

    return _baru


def isi() -> dict[str, tuple[int, str]]:
    with transaction.atomic():
        tables.do(tables.SPELLING)
        return {t.name: tables.copy_out(t) for t in tables.tables() if t.name not in SESUDAH}


def berkas_di(tempat: Path) -> dict[str, str]:
    return {
        p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in tempat.glob("??/*")
    }  # of the sealed bytes


def test_everything_comes_back_in_an_empty_database(folder, server_baru):
    semula, berkas, orang = isi(), berkas_di(settings.FILES_DIR), Individu.objects.order_by("pk").first()
    nama = {b.hex for b in Berkas.objects.values_list("pk", flat=True)}
    with server_baru("template1"):  # not even a table
        teks = perintah("pulihkan", str(folder))
        assert "Baik. Diperiksa: " in teks and teks.rstrip().endswith("Pulih. Portal boleh dijalankan.")
        assert isi() == semula
        assert berkas_di(settings.FILES_DIR) == {n: h for n, h in berkas.items() if n in nama}
        kembali = Individu.objects.get(nik_indeks=keys.blind_index(orang.nik.open(), "nik"))
        assert kembali.pk == orang.pk and kembali.nik.open() == orang.nik.open()
        assert files.read(Berkas.objects.order_by("pk").first())
        Pekerjaan.objects.filter(status=Pekerjaan.Status.PARKIR).delete()  # somebody looked at them
        assert perintah("periksa", berkas=True).startswith("Baik")
        assert Jejak.objects.filter(aksi="pulihkan").count() == Pemulihan.objects.count() == 1


def test_work_goes_on_after_the_last_number(folder, server_baru):
    with server_baru():
        perintah("pulihkan", str(folder))
        terakhir = Jejak.objects.order_by("-pk").first().pk
        with transaction.atomic():
            baru = audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None)
        assert baru.pk == terakhir + 1


def test_a_new_portal_with_reference_data_only_is_empty_enough(folder, server_baru):
    with server_baru():
        perintah("muat_acuan")
        assert "Pulih." in perintah("pulihkan", str(folder))


def test_a_database_with_people_in_it_is_refused_and_stays(folder):
    semula = isi()
    with pytest.raises(CommandError, match="Basis data tujuan sudah berisi"):
        perintah("pulihkan", str(folder))
    assert isi() == semula


def test_a_folder_with_other_files_is_refused(folder, server_baru):
    with server_baru():
        lain = settings.FILES_DIR / "ab" / "abcdef"
        lain.parent.mkdir(parents=True)
        lain.write_bytes(b"berkas orang lain")
        with pytest.raises(CommandError, match="sudah berisi berkas lain"):
            perintah("pulihkan", str(folder))
        assert lain.exists() and not Pengguna.objects.exists()


def test_a_portal_that_still_runs_is_refused(folder, server_baru):
    with server_baru():
        lain = connection.copy()
        lain.ensure_connection()
        try:
            with pytest.raises(CommandError, match="Hentikan dulu portal"):
                perintah("pulihkan", str(folder))
        finally:
            lain.close()


def test_cadangkan_never_writes_over_another_backup(folder):
    with pytest.raises(CommandError, match="sudah berisi"):
        perintah("cadangkan", str(folder))


def test_a_restore_that_broke_off_changed_nothing_and_can_be_done_again(folder, monkeypatch, server_baru):
    asli = tables.copy_in

    def putus(table, text):
        if table.name == "dtks_usulan":
            raise RuntimeError("listrik padam")
        asli(table, text)

    with server_baru():
        monkeypatch.setattr(tables, "copy_in", putus)
        with pytest.raises(RuntimeError):
            perintah("pulihkan", str(folder))
        assert not Pengguna.objects.exists() and not Individu.objects.exists()
        monkeypatch.setattr(tables, "copy_in", asli)
        assert "Pulih." in perintah("pulihkan", str(folder))


@pytest.mark.parametrize("benih", range(25))
def test_one_flipped_byte_is_found(folder, tmp_path, benih):
    acak = random.Random(benih)
    salin = tmp_path / "salin"
    shutil.copytree(folder, salin)
    jenis = [["manifes.json"], ["SHA256SUMS"], [f"tabel/{p.name}" for p in (salin / "tabel").iterdir()]]
    jenis += [[p.relative_to(salin).as_posix() for p in (salin / "berkas").glob("??/*")]]
    korban = salin / acak.choice(sorted(jenis[benih % len(jenis)]))
    isi_nya = bytearray(korban.read_bytes())
    isi_nya[acak.randrange(len(isi_nya))] ^= 1 << acak.randrange(8)
    korban.write_bytes(isi_nya)
    with pytest.raises(CommandError):
        perintah("pulihkan", str(salin), periksa=True)


def test_a_file_that_is_gone_or_was_put_there_is_named(folder, tmp_path):
    salin = tmp_path / "salin"
    shutil.copytree(folder, salin)
    (salin / "tabel" / "dtks_individu").rename(salin / "tabel" / "tamu")
    with pytest.raises(CommandError) as galat:
        perintah("pulihkan", str(salin), periksa=True)
    assert "tabel/dtks_individu hilang" in str(galat.value) and "tabel/tamu bukan bagian" in str(galat.value)


def test_a_backup_that_was_not_finished_is_none(folder, tmp_path):
    salin = tmp_path / "salin"
    shutil.copytree(folder, salin)
    (salin / manifest.NAME).unlink()
    with pytest.raises(CommandError, match="bukan cadangan yang selesai"):
        perintah("pulihkan", str(salin), periksa=True)


def test_sha256sum_checks_a_backup_without_any_key(folder):
    hasil = subprocess.run(
        ["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert hasil.returncode == 0, hasil.stdout


@pytest.mark.parametrize(
    ("kunci", "kalimat"),
    [
        ({"DATA_KEYS": "k1:" + "A" * 43 + "="}, "DATA_KEYS"),
        ({"INDEX_KEY": "A" * 43 + "="}, "INDEX_KEY"),
        ({"SIGNING_KEY": "A" * 43 + "="}, "SIGNING_KEY"),
    ],
)
def test_other_keys_do_not_open_it(folder, kunci, kalimat, server_baru):
    with server_baru(), override_settings(**kunci):
        with pytest.raises(CommandError, match=kalimat):
            perintah("pulihkan", str(folder))
        assert not Pengguna.objects.exists()


def test_a_key_that_was_added_since_is_no_obstacle(folder, server_baru):
    with server_baru(), override_settings(DATA_KEYS="k9:" + "A" * 43 + "=," + settings.DATA_KEYS):
        assert "Pulih." in perintah("pulihkan", str(folder))


def test_no_name_no_number_and_no_key_stands_in_a_backup(folder):
    rahasia = {k.strip().partition(":")[2] for k in settings.DATA_KEYS.split(",")}
    rahasia |= {settings.INDEX_KEY, settings.SIGNING_KEY, settings.SECRET_KEY}
    for orang in Individu.objects.order_by("pk")[:60]:
        rahasia |= {orang.nik.open(), orang.nama} if orang.nik else {orang.nama}
    cari = [teks.encode() for teks in rahasia if len(teks) > 7]
    for path in folder.rglob("*"):
        if path.is_file():
            assert path.stat().st_mode & 0o077 == 0, path
            isi_nya = path.read_bytes()
            assert not any(teks in isi_nya for teks in cari), path


def test_a_message_that_may_have_gone_out_is_held_and_other_work_goes_on(folder, server_baru):
    with server_baru():
        assert "1 pesan atau webhook ditahan" in perintah("pulihkan", str(folder))
        pesan = Pekerjaan.objects.get(jenis=kabar.JOB, argumen__pesan="00000000-0000-0000-0000-000000000000")
        assert (pesan.status, pesan.galat) == (Pekerjaan.Status.PARKIR, tindakan.PARKIR)
        lain = Pekerjaan.objects.get(jenis="dtks.padan_harian", argumen__periode="uji")
        assert lain.status == Pekerjaan.Status.MENUNGGU


def test_a_client_that_kept_a_position_pulls_the_whole_list_again(folder, server_baru):
    posisi, saat = str(sinkron.posisi(sinkron.KINI)), timezone.now() - timedelta(minutes=5)
    with server_baru():
        perintah("pulihkan", str(folder))
        assert not Perubahan.objects.exists()
        for lama in (posisi, saat.isoformat()):
            with pytest.raises(sinkron.PosisiLewat):
                sinkron.posisi(lama)


def test_what_was_thrown_away_after_the_backup_stays_away(folder, tmp_path, server_baru):
    foto = FotoKeluarga.objects.order_by("pk").first()
    with transaction.atomic():
        audit.catat(aksi="hapus_foto", objek=foto, by=None, wilayah="32.05")
        FotoKeluarga.objects.filter(pk=foto.pk).delete()
    tempat = tmp_path / "mesin-lain"
    assert nisan.tulis(tempat) >= 1
    assert nisan.tulis(tempat) == 0
    with server_baru(rumah="a"):
        perintah("pulihkan", str(folder))
        assert FotoKeluarga.objects.filter(pk=foto.pk).exists()  # nobody told it
    with server_baru(rumah="b"):
        assert "dihapus lagi" in perintah("pulihkan", str(folder), nisan=[tempat])
        assert not FotoKeluarga.objects.filter(pk=foto.pk).exists()
        assert Jejak.objects.filter(aksi="musnahkan_ulang", objek_id=str(foto.pk)).exists()


def test_a_forged_line_throws_nothing_away(folder, tmp_path):
    palsu = tmp_path / "palsu"
    palsu.mkdir()
    foto = FotoKeluarga.objects.order_by("-pk").first()
    (palsu / f"nisan-20260101T000000000000{nisan.AKHIRAN}").write_text(
        f'{{"tabel": "dtks_fotokeluarga", "kunci": "{foto.pk}", "aksi": "hapus_foto", "wilayah": "", "tanda_tangan": "AAAA"}}\nx\n'
    )
    assert nisan.baca([palsu]) == {}


def test_anchors_of_work_that_is_lost_are_set_aside_and_named(folder, tmp_path, server_baru):
    with transaction.atomic():
        audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None)
    path, _ = anchors.export(tmp_path / "baru" / "jangkar")
    ujung = Segel.objects.count()
    with server_baru():
        teks = perintah("pulihkan", str(folder))
        assert "1 jangkar dibuat sesudah" in teks and Segel.objects.count() <= ujung + 1
        assert not path.exists() and list(path.parent.glob(f"sebelum-pulih-*/{path.name}"))


def test_a_file_that_the_storage_lost_does_not_stop_the_backup_and_is_named(tmp_path):
    berkas = Berkas.objects.order_by("pk").last()
    path = files.path_of(berkas.pk)
    path.rename(tmp_path / "simpan")
    try:
        assert f"berkas {berkas.pk} sudah tidak ada" in perintah("cadangkan", str(tmp_path / "c"))
    finally:
        (tmp_path / "simpan").rename(path)


def test_a_file_that_is_thrown_away_meanwhile_is_simply_not_in_it(tmp_path, monkeypatch):
    with transaction.atomic():
        sesaat = files.store(b"sebentar saja", jenis="uji", nama="f", mime="image/jpeg")
    asli, tempat = make.copy_file, files.path_of(sesaat.pk)

    def selagi_disalin(sumber, tujuan):
        if sumber == tempat:
            with transaction.atomic():
                files.remove(sesaat)
        return asli(sumber, tujuan)

    monkeypatch.setattr(make, "copy_file", selagi_disalin)
    teks = perintah("cadangkan", str(tmp_path / "c"))
    assert "sudah tidak ada" not in teks and not Berkas.objects.filter(jenis="uji").exists()
    assert manifest.read(tmp_path / "c").berkas == Berkas.objects.count()
    assert "Cadangan utuh" in perintah("pulihkan", str(tmp_path / "c"), periksa=True)


@pytest.mark.parametrize("lingkup", ["semua", "persetujuan"])
def test_an_erased_family_stays_erased_after_a_restore(folder, tmp_path, server_baru, lingkup):
    if lingkup == "semua":
        korban = Individu.objects.get(nik_indeks=keys.blind_index(nik(401), "nik")).keluarga
    else:
        korban = FotoKeluarga.objects.order_by("pk").first().keluarga
    tempat = tmp_path / "mesin-lain"
    with transaction.atomic():  # the other tests want the family back
        hapus.jalankan(korban.pk, lingkup=lingkup, sebab="retensi", by=None, kelas="uji")
        assert nisan.tulis(tempat) >= 1
        transaction.set_rollback(True)
    with server_baru(rumah=lingkup):
        assert "Pulih." in perintah("pulihkan", str(folder), nisan=[tempat])
        lagi = Keluarga.objects.get(pk=korban.pk)
        assert not FotoKeluarga.objects.filter(keluarga=lagi).exists() and lagi.telepon is None
        if lingkup == "semua":
            assert (lagi.nama_kepala, lagi.no_kk) == (DIHAPUS, None)
            assert not Individu.objects.filter(nik_indeks=keys.blind_index(nik(401), "nik")).exists()
        assert Pemusnahan.objects.get(sebab="pulih").sisa == 0
        Pekerjaan.objects.filter(status=Pekerjaan.Status.PARKIR).delete()  # somebody looked at them
        assert "Baik. Diperiksa: " in perintah("periksa", berkas=True)
