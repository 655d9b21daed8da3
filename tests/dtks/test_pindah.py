"""A family moves to another desa: asked for, answered once by the right people, and nobody sees more than he needs."""

import re
import uuid

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Pemberitahuan
from core import files, limits
from core.models import Jejak, Ketentuan, Pekerjaan
from core.workflow import GateClosed, NotAllowed, NotOpen
from dtks import notifications
from dtks.actions import ganda, pindah
from dtks.actions import keluarga as register
from dtks.actions import peristiwa as aksi
from dtks.actions import usulan as langkah
from dtks.actions.peristiwa import Catatan
from dtks.models import FotoKeluarga, Individu, Keluarga, Peristiwa, PermintaanPindah, TemuanGanda, TiketPadan
from tests.bantu import cek
from tests.bantu.alur import foto, keluarga_uji, orang, sampai
from tests.bantu.pemain import DESA, DESA2, DESA_LAIN

pytestmark = pytest.mark.django_db
ALAMAT = {"alamat": "Kp. Tujuan", "rt": "003", "rw": "004", "no_kk": ""}
KK_BARU = "3205010101260002"


@pytest.fixture(autouse=True)
def jejak_tetap_utuh(db, settings):
    settings.DEMO = True
    yield
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("select * from jejak_periksa()")
        assert cursor.fetchall() == []
    cek.pastikan_cocok()  # whatever happened here, /cek/ says so


@pytest.fixture
def p(db):
    return sampai("ditarik", nomor=3, pengusul="operator")


@pytest.fixture
def rumah(p):
    return Keluarga.objects.get(pk=p.usulan.keluarga_id)


def cat() -> Catatan:
    return Catatan(timezone.localdate(), "SKPWNI", "SKPWNI/3205/1", "Ikut orang tua")


def minta(rumah, ke=DESA2, **lain) -> PermintaanPindah:
    return pindah.minta(rumah, by=orang("operator"), catatan=cat(), ke=ke, **lain)


def kode(jenis, do) -> str:
    with pytest.raises(jenis) as ditolak:
        do()
    return ditolak.value.halangan[0].kode


def teks(jawab) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", jawab.content.decode()))


def test_the_other_desa_accepts_and_the_family_is_theirs(rumah, masuk):
    siapa = rumah.anggota.get(hubungan="1")
    tiket = TiketPadan.objects.create(individu=siapa, wilayah_id=DESA, kategori="TIDAK_DITEMUKAN")
    permintaan = minta(rumah)
    assert permintaan.tenggat > timezone.localdate()
    halaman = reverse("pindah_lihat", args=[permintaan.pk])
    isi = teks(masuk("operator2").get(halaman))
    assert rumah.nama_kepala in isi and siapa.nik.open() not in isi and rumah.alamat not in isi
    assert masuk("operator2").get(reverse("keluarga_lihat", args=[rumah.pk])).status_code == 404
    assert "1 permintaan pindah" in teks(masuk("operator2").get("/dasbor/"))
    assert masuk("operator.lain").get(halaman).status_code == 404
    data = ALAMAT | {"kunci_kirim": str(uuid.uuid4())}
    url = reverse("pindah_terima", args=[permintaan.pk])
    jawab = masuk("operator2").post(url, data)
    assert jawab.status_code == 302, teks(jawab)
    assert masuk("operator2").post(url, data).url == jawab.url, "sent twice is one effect"
    rumah.refresh_from_db()
    tiket.refresh_from_db()
    assert (rumah.wilayah_id, rumah.alamat, tiket.wilayah_id) == (DESA2, "Kp. Tujuan", DESA2)
    satu = Peristiwa.objects.get()
    assert (satu.jenis, satu.wilayah_id, satu.permintaan) == ("PINDAH", DESA, permintaan)
    assert masuk("operator").get(reverse("keluarga_lihat", args=[rumah.pk])).status_code == 404
    assert "Diterima" in teks(masuk("operator").get(halaman))
    riwayat = teks(masuk("operator2").get(reverse("keluarga_riwayat", args=[rumah.pk])))
    assert "Pindah" in riwayat and "SKPWNI/3205/1" in riwayat and "Kp. Tujuan" in riwayat


def test_accepting_is_for_the_receiving_desa_and_only_once(rumah):
    permintaan = minta(rumah)
    for siapa in ("operator", "operator.lain", "lurah2", "verifikator"):
        assert (
            kode(NotAllowed, lambda s=siapa: pindah.terima(permintaan, by=orang(s), data=ALAMAT))
            == "TIDAK_BERWENANG"
        )
    pindah.terima(permintaan, by=orang("operator2"), data=ALAMAT)
    for lagi in (
        lambda: pindah.terima(permintaan, by=orang("operator2"), data=ALAMAT),
        lambda: pindah.batalkan(permintaan, by=orang("operator"), alasan="Keliru"),
        lambda: pindah.tolak(permintaan, by=orang("operator2"), alasan="Keliru"),
    ):
        assert kode(NotOpen, lagi) == "SUDAH_DIPUTUS"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "update dtks_permintaanpindah set status = 'diminta', diputus_at = null, diputus_by_id = null"
        )


def test_refused_and_cancelled_leave_the_family_where_it_is(rumah):
    satu = minta(rumah)
    assert (
        kode(NotAllowed, lambda: pindah.batalkan(satu, by=orang("operator2"), alasan="x"))
        == "TIDAK_BERWENANG"
    )
    assert kode(GateClosed, lambda: pindah.tolak(satu, by=orang("operator2"), alasan=" ")) == "ALASAN_WAJIB"
    pindah.tolak(satu, by=orang("operator2"), alasan="Tidak tinggal di sini")
    dua = minta(rumah)
    assert kode(NotAllowed, lambda: pindah.tolak(dua, by=orang("operator"), alasan="x")) == "TIDAK_BERWENANG"
    pindah.batalkan(dua, by=orang("operator"), alasan="Tidak jadi")
    rumah.refresh_from_db()
    assert rumah.wilayah_id == DESA and not Peristiwa.objects.exists()
    assert list(PermintaanPindah.objects.order_by("created_at").values_list("status", flat=True).distinct())


def test_what_cannot_be_asked(rumah):
    assert kode(GateClosed, lambda: minta(rumah, ke=DESA)) == "DESA_SENDIRI"
    assert kode(GateClosed, lambda: minta(rumah, ke=DESA_LAIN)) == "LUAR_KABUPATEN"
    kepala = rumah.anggota.get(hubungan="1")
    assert kode(GateClosed, lambda: minta(rumah, individu=kepala)) == "KEPALA"
    with pytest.raises(NotAllowed):
        pindah.minta(rumah, by=orang("operator2"), catatan=cat(), ke=DESA2)
    minta(rumah)
    assert kode(NotAllowed, lambda: minta(rumah)) == "TIDAK_BERWENANG"
    assert (
        kode(GateClosed, lambda: langkah.buat(by=orang("operator"), keluarga=rumah, program="PKH"))
        == "SEDANG_PINDAH"
    )


def test_a_family_does_not_leave_its_proposals_behind():
    p = sampai("draf", nomor=5, pengusul="operator")
    assert kode(GateClosed, lambda: minta(p.usulan.keluarga)) == "USULAN_TERBUKA"
    dinas = sampai("diinput", nomor=6)
    assert kode(NotAllowed, lambda: minta(dinas.usulan.keluarga)) == "TIDAK_BERWENANG"


@pytest.mark.parametrize("ada", [True, False], ids=["ke KK yang ada", "ke KK baru"])
def test_one_person_moves(rumah, ada):
    siapa = rumah.anggota.exclude(hubungan="1").first()
    permintaan = minta(rumah, individu=siapa)
    data = {**ALAMAT, "no_kk": KK_BARU, "hubungan": ""}
    if ada:
        tujuan = sampai(
            "draf", nomor=7, pengusul="operator2", operator="operator2", desa=DESA2
        ).usulan.keluarga
        data = {"no_kk": tujuan.no_kk.open(), "hubungan": "4", "alamat": "", "rt": "", "rw": ""}
    hasil = pindah.terima(permintaan, by=orang("operator2"), data=data)
    siapa.refresh_from_db()
    rumah.refresh_from_db()
    assert siapa.keluarga_id == hasil.pk and hasil.wilayah_id == DESA2 and rumah.wilayah_id == DESA
    assert siapa.hubungan == ("4" if ada else "1")
    assert Peristiwa.objects.get(keluarga=rumah).tujuan_id == hasil.pk


def test_the_dinas_decides_for_the_second_village_and_that_opens_a_request(rumah):
    temuan = ganda.laporkan(
        by=orang("operator2"), wilayah=DESA2, nik=rumah.anggota.get(hubungan="1").nik.open()
    )
    ganda.tengahi(temuan, by=orang("verifikator"), keputusan="pindah_kedua", catatan="KK asli dilihat.")
    permintaan = PermintaanPindah.objects.get()
    assert (permintaan.dari_id, permintaan.ke_id, permintaan.temuan) == (
        DESA,
        DESA2,
        TemuanGanda.objects.get(),
    )
    pindah.terima(permintaan, by=orang("operator2"), data=ALAMAT)
    rumah.refresh_from_db()
    assert rumah.wilayah_id == DESA2


# --- nobody answers -------------------------------------------------------------------------------------------------


def besok(monkeypatch, permintaan) -> None:
    """The first day on which the answer is late."""
    hari = permintaan.tenggat + timezone.timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *a, **k: hari)


def kerjakan(jenis: str) -> None:
    for job in Pekerjaan.objects.filter(jenis=jenis, status="menunggu"):
        notifications.beri_tahu_pindah_lewat(job)


def test_a_silent_village_is_told_once_and_the_dinas_decides_in_its_place(rumah, masuk, monkeypatch):
    permintaan = minta(rumah)
    halaman, terima = (reverse(n, args=[permintaan.pk]) for n in ("pindah_lihat", "pindah_terima"))
    data = ALAMAT | {"kunci_kirim": str(uuid.uuid4())}
    assert pindah.eskalasi() == 0
    assert masuk("supervisor").post(terima, data).status_code == 404, "not before its time is over"
    assert "lewat batas waktu" not in teks(masuk("supervisor").get("/dasbor/"))
    besok(monkeypatch, permintaan)
    assert (pindah.eskalasi(), pindah.eskalasi()) == (1, 0)
    kerjakan(pindah.JOB_LEWAT)
    kabar = Pemberitahuan.objects.filter(tautan=halaman, kalimat__contains="lewat batas")
    siapa = list(kabar.values_list("pengguna__username", flat=True))
    assert len(siapa) == len(set(siapa)) and {"operator", "operator2", "supervisor"} <= set(siapa)
    assert "supervisor.lain" not in siapa and not kabar.filter(kalimat__contains=rumah.nama_kepala).exists()
    assert "1 permintaan pindah lewat batas waktu" in teks(masuk("supervisor").get("/dasbor/"))
    assert "memutuskan sebagai Dinas Sosial" in teks(masuk("supervisor").get(halaman))
    for lain in ("supervisor.lain", "verifikator", "kadis"):
        assert masuk(lain).post(terima, data).status_code == 404, lain
    assert masuk("supervisor").post(terima, data).status_code == 302
    rumah.refresh_from_db()
    permintaan.refresh_from_db()
    assert rumah.wilayah_id == DESA2 and permintaan.status == "diterima"
    assert permintaan.alasan_putus.startswith("Diputus Dinas Sosial karena desa tujuan tidak menjawab")
    assert Jejak.objects.get(aksi="terima_pindah").peran == "SUPERVISOR"


@pytest.mark.parametrize("jawab", ["terima orang", "tolak"])
def test_the_dinas_settles_one_person_or_refuses_and_the_village_may_still_be_first(
    rumah, monkeypatch, jawab
):
    siapa = rumah.anggota.exclude(hubungan="1").first()
    permintaan = minta(rumah, individu=siapa)
    besok(monkeypatch, permintaan)
    by = orang("supervisor")
    if jawab == "tolak":
        pindah.tolak(permintaan, by=by, alasan="Surat pindahnya tidak ada")
        permintaan.refresh_from_db()
        assert (
            permintaan.alasan_putus.startswith("Diputus Dinas Sosial")
            and "Surat pindah" in permintaan.alasan_putus
        )
    else:
        ada = sampai("draf", nomor=7, pengusul="operator2", operator="operator2", desa=DESA2).usulan.keluarga
        data = {"no_kk": ada.no_kk.open(), "hubungan": "4", "alamat": "", "rt": "", "rw": ""}
        assert pindah.terima(permintaan, by=by, data=data) == ada
    with pytest.raises(NotOpen):
        pindah.terima(permintaan, by=orang("operator2"), data=ALAMAT)


def test_who_asked_for_the_dinas_does_not_decide_for_the_village(rumah, monkeypatch):
    temuan = ganda.laporkan(
        by=orang("operator2"), wilayah=DESA2, nik=rumah.anggota.get(hubungan="1").nik.open()
    )
    ganda.tengahi(temuan, by=orang("supervisor"), keputusan="pindah_kedua", catatan="KK asli dilihat.")
    permintaan = PermintaanPindah.objects.get()
    besok(monkeypatch, permintaan)
    assert (
        kode(NotAllowed, lambda: pindah.terima(permintaan, by=orang("supervisor"), data=ALAMAT))
        == "TIDAK_BERWENANG"
    )
    pindah.terima(permintaan, by=orang("operator2"), data=ALAMAT)


# --- on the screen -------------------------------------------------------------------------------------------------


def kirim(client, rumah, jenis, **isi):
    rumah.refresh_from_db()
    dasar = {"kunci_kirim": str(uuid.uuid4()), "versi": rumah.versi, "tanggal": timezone.localdate().isoformat(),
             "dasar_jenis": "KK_BARU", "dasar_nomor": "KK/1", "keterangan": "Sesuai KK baru"}  # fmt: skip
    return client.post(reverse("peristiwa_catat", args=[rumah.pk, jenis]), dasar | isi)


def test_the_pages_of_every_record(rumah, masuk):
    client = masuk("operator")
    isi = teks(client.get(reverse("peristiwa_menu", args=[rumah.pk])))
    assert "Pecah KK" in isi and "Dasbor" in isi, "the menu of the portal is still there"
    for jenis in ("masuk", "keluar", "meninggal", "gabung", "ganti-kepala", "pecah-kk", "koreksi", "pindah"):
        assert client.get(reverse("peristiwa_catat", args=[rumah.pk, jenis])).status_code == 200, jenis
        assert kirim(client, rumah, jenis, tanggal="").status_code == 422, jenis
    assert client.get(reverse("peristiwa_catat", args=[rumah.pk, "iseng"])).status_code == 404


def test_split_then_death_then_correction_read_as_one_history(rumah, masuk):
    client = masuk("operator")
    kepala, lain = rumah.anggota.get(hubungan="1"), rumah.anggota.exclude(hubungan="1").first()
    tolak = kirim(client, rumah, "pecah-kk", no_kk=KK_BARU, alamat="Kp. A", rt="1", rw="2")
    assert tolak.status_code == 422 and "sedikitnya satu" in teks(tolak)
    jawab = kirim(
        client, rumah, "pecah-kk", no_kk=KK_BARU, alamat="Kp. A", rt="1", rw="2", **{f"ikut_{lain.pk}": "1"}
    )
    assert jawab.status_code == 302, teks(jawab)
    baru = Keluarga.objects.exclude(pk=rumah.pk).get()
    for satu, lawan in ((rumah, baru), (baru, rumah)):
        isi = client.get(reverse("keluarga_riwayat", args=[satu.pk])).content.decode()
        assert "Pecah KK" in isi and reverse("keluarga_lihat", args=[lawan.pk]) in isi
    mati = kirim(client, baru, "meninggal", individu=str(lain.pk), dasar_jenis="AKTA_KEMATIAN")
    assert mati.status_code == 302, teks(mati)
    baru.refresh_from_db()
    assert baru.status == "nonaktif"
    assert "sudah tidak aktif" in teks(client.get(reverse("keluarga_lihat", args=[baru.pk])))
    kembali = kirim(client, baru, "koreksi", individu=str(lain.pk), hubungan="1", dasar_jenis="SURAT_DESA")
    assert kembali.status_code == 302, teks(kembali)
    isi = teks(client.get(reverse("keluarga_riwayat", args=[baru.pk])))
    assert "Koreksi" in isi and "Anggota meninggal" in isi and lain.nik.open() not in isi
    assert kepala.keluarga_id == rumah.pk


def test_out_of_the_kabupaten_is_closed_here(rumah, masuk):
    jawab = kirim(masuk("operator"), rumah, "pindah", individu="keluarga", ke=DESA_LAIN, dasar_jenis="SKPWNI")
    assert jawab.status_code == 302, teks(jawab)
    rumah.refresh_from_db()
    assert rumah.status == "nonaktif" and Peristiwa.objects.get().rincian["ke"] == DESA_LAIN
    assert not PermintaanPindah.objects.exists()


def test_history_shows_what_was_before_and_hides_health_from_readers(masuk):
    p = sampai("draf", nomor=8, pengusul="operator")
    by, siapa = orang("operator"), p.usulan.keluarga.anggota.get(hubungan="1")
    register.simpan_keluarga(p.usulan, by=by, data={"alamat": "Kp. Sesudah"})
    register.simpan_anggota(p.usulan, by=by, individu=siapa, data={"penyakit_menahun": "7"})
    url = reverse("keluarga_riwayat", args=[p.usulan.keluarga_id])
    mine, theirs = teks(masuk("operator").get(url)), teks(masuk("tksk").get(url))
    assert keluarga_uji(8).alamat in mine and "Kp. Sesudah" in mine and "TBC" in mine.upper()
    assert "TBC" not in theirs.upper() and "tidak ditampilkan" in theirs
    assert masuk("operator2").get(url).status_code == 404
    assert masuk("operator").get(url, {"sebelum": "x"}).status_code == 400


def test_a_photo_is_replaced_and_removed_and_its_file_lives_by_the_rule(masuk):
    p = sampai("draf", nomor=9, pengusul="operator")
    by, client = orang("operator"), masuk("operator")
    satu = register.tambah_foto(p.usulan, by=by, jenis="rumah_depan", isi=foto())
    lama = satu.berkas
    register.ganti_foto(p.usulan, by=by, foto=satu, isi=foto((9, 9, 200)))
    dua = FotoKeluarga.objects.get()
    assert dua.berkas_id != lama.pk and client.get(reverse("berkas_lihat", args=[lama.pk])).status_code == 404
    p.usulan.keluarga.refresh_from_db()
    data = {"kunci_kirim": str(uuid.uuid4()), "versi": p.usulan.keluarga.versi, "alasan": "buram"}
    jawab = client.post(reverse("usulan_hapus_foto", args=[p.usulan.pk, dua.pk]), data)
    assert jawab.status_code == 302, teks(jawab)
    assert not FotoKeluarga.objects.exists() and files.path_of(lama.pk).exists()
    assert register.musnahkan_foto() == 0, "kept as long as the rule says"
    Ketentuan.objects.create(
        kunci="foto.simpan_hari", wilayah="32.05", nilai=-1, berlaku_sejak="2026-01-01", dasar_hukum="uji"
    )
    with connection.cursor() as cursor:
        cursor.execute("select jejak_sidik_ulang('core_ketentuan', 'uji')")
    assert register.musnahkan_foto() == 2 and register.musnahkan_foto() == 0


def test_a_file_that_is_gone_gives_a_clear_page(masuk):
    p = sampai("draf", nomor=10, pengusul="operator")
    satu = register.tambah_foto(p.usulan, by=orang("operator"), jenis="rumah_depan", isi=foto())
    files.path_of(satu.berkas_id).unlink()
    for ekor in ("", "?kecil=1"):
        jawab = masuk("operator").get(reverse("berkas_lihat", args=[satu.berkas_id]) + ekor)
        assert jawab.status_code == 410 and "tidak bisa dibuka" in teks(jawab)


def test_nik_first_tells_who_proposed_and_who_holds_it(rumah, masuk):
    p = sampai("diajukan", nomor=11)
    kepala, *lain = keluarga_uji(11).told
    client = masuk("operator")
    isi = teks(client.post("/usulan/baru/", {"nik": kepala.nik}))
    assert "Petugas Rtrw" in isi and "Operator desa" in isi and p.usulan.tiket in isi
    assert f"{lain[0].nama} , " in teks(client.post("/usulan/baru/", {"nik": lain[0].nik}))
    asing = teks(masuk("operator2").post("/usulan/baru/", {"nik": kepala.nik}))
    assert "wilayah lain" in asing and kepala.nama not in asing and "Rtrw" not in asing


def test_nik_of_one_who_left_is_known_and_filled_in(rumah, masuk):
    siapa = rumah.anggota.exclude(hubungan="1").first()
    nik, client = siapa.nik.open(), masuk("operator")
    aksi.keluar(siapa, by=orang("operator"), catatan=cat())
    isi = teks(client.post("/usulan/baru/", {"nik": nik}))
    assert "pernah tercatat" in isi and siapa.nama in isi
    lanjut = client.post("/usulan/baru/", {"nik": nik, "tetap_baru": "1"}).content.decode()
    assert f'value="{siapa.nama}"' in lanjut and "Langkah 2 dari 2" in lanjut
    assert "Langkah 2 dari 2" in teks(masuk("operator2").post("/usulan/baru/", {"nik": nik}))
    Individu.objects.get(pk=siapa.pk)
    aksi.kembali(Individu.objects.get(pk=siapa.pk), by=orang("operator"), catatan=cat(), hubungan="3")
    aksi.meninggal(Individu.objects.get(pk=siapa.pk), by=orang("operator"), catatan=cat())
    mati = teks(client.post("/usulan/baru/", {"nik": nik, "tetap_baru": "1"}))
    assert "tidak bisa diusulkan" in mati and "Langkah 2 dari 2" not in mati


def test_looking_up_numbers_has_a_daily_limit(masuk):
    client = masuk("operator")
    kunci = f"cari_nik:{orang('operator').pk}"
    batas = Ketentuan.objects.get(kunci="cari_nik.batas_harian").nilai
    for _ in range(batas - 1):
        limits.hit(kunci, limit=batas, window=timezone.timedelta(days=1))
    nik = keluarga_uji(30).told[0].nik
    assert client.post("/usulan/baru/", {"nik": nik}).status_code == 200
    habis = client.post("/usulan/baru/", {"nik": nik})
    assert habis.status_code == 422 and f"mencari {batas} NIK" in teks(habis)
    assert masuk("operator2").post("/usulan/baru/", {"nik": nik}).status_code == 200
    assert not Jejak.objects.filter(aksi="temuan_ganda").exists()
