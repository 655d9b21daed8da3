"""A citizen at the counter asks for his own data: to see it, to have it right, left alone, or gone."""

import io
from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core import files
from core.models import Berkas, Dokumen, Jejak, Ketentuan, Pekerjaan
from core.workflow import GateClosed, NotAllowed, NotOpen
from dtks.actions import reveal
from dtks.actions import usulan as langkah
from dtks.models import FotoAsesmen, FotoKeluarga, Individu, Keluarga, RiwayatUsulan, Usulan, VersiKeluarga
from portal import tasks
from portal.actions import hak, hapus, retensi
from portal.models import Pemusnahan, PermohonanHak, TahanHukum
from portal.queries import hak as isi_hak
from portal.queries import hak_tabel, masa_simpan, periksa
from tests.bantu import hak as bantu
from tests.bantu.alur import PDF, alasan_pertama, foto, orang
from tests.bantu.layanan import nik
from tests.core.test_pdf import tulisan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True


LENGKAP = {"pemohon": "Ibu Aminah", "hubungan": "DIRI", "bukti": "KTP"}


def teks(satu: PermohonanHak) -> str:
    return tulisan(files.read(satu.dokumen.berkas))


# --- access -------------------------------------------------------------------------------------------


def test_a_citizen_gets_a_copy_and_reads_who_opened_his_number():
    keluarga = bantu.keluarga(0)
    kepala = keluarga.anggota.get(hubungan="1")
    reveal.buka(kepala, kolom="nik", by=orang("verifikator"), alasan="mencocokkan KTP")
    satu = bantu.minta(0, "AKSES", daftar=None)
    job = Pekerjaan.objects.get(jenis=hak.JOB_AKSES)
    assert tasks.hak_akses(job) == {"status": "selesai"}
    satu.refresh_from_db()
    isi = teks(satu)
    for kata in (
        kepala.nama,
        kepala.ibu_kandung,
        keluarga.alamat,
        "Verifikator Dinas Sosial",
        "Buka nomor",
        satu.nomor,
    ):
        assert kata in isi, kata
    assert nik(0) not in isi
    assert orang("verifikator").nama not in isi  # the office answers for its people
    assert satu.hasil["lihat"] >= 1
    assert satu.created_by.pemberitahuan.filter(tautan=f"/hak/{satu.pk}/").exists()


def test_other_members_are_named_and_nothing_more():
    keluarga = bantu.keluarga(0)
    satu = bantu.salinan(0, daftar=None)
    lain = keluarga.anggota.exclude(pk=satu.individu_id).first()
    isi = teks(satu)
    assert lain.nama in isi
    assert f"{lain.tgl_lahir:%d/%m/%Y}" not in isi


def test_a_copy_says_nothing_of_flags_inquiries_and_sensitive_categories():
    from dtks.models import AnggotaPPKS, KategoriPPKS

    keluarga = bantu.keluarga(0)
    peka = KategoriPPKS.objects.filter(sensitif=True).first()
    AnggotaPPKS.objects.create(
        individu=keluarga.anggota.get(hubungan="1"), kategori=peka, sejak="2026-01-01", sumber="uji"
    )
    isi = teks(bantu.salinan(0, daftar=None))
    assert peka.nama not in isi
    assert "dirahasiakan undang-undang" in isi


def test_a_copy_is_made_once_however_often_the_job_runs():
    satu = bantu.salinan(0)
    assert hak.jawab(satu.pk).dokumen_id == satu.dokumen_id
    assert Dokumen.objects.filter(jenis=hak.JENIS_SALINAN).count() == 1


def test_the_counter_of_another_village_knows_nothing(masuk):
    bantu.keluarga(0)
    with pytest.raises(GateClosed, match="TIDAK_ADA"):
        bantu.minta(0, "AKSES", daftar=None, by="operator.lain")
    satu = bantu.salinan(0, daftar=None)
    assert masuk("operator.lain").get(f"/hak/{satu.pk}/").status_code == 404
    assert masuk("operator2").post(f"/hak/{satu.pk}/unduh/").status_code == 404


def test_somebody_else_needs_a_power_of_attorney():
    with pytest.raises(GateClosed, match="SURAT_KUASA"):
        bantu.minta(0, "AKSES", hubungan="KUASA")
    assert bantu.minta(0, "AKSES", daftar=None, hubungan="KUASA", surat_kuasa=[PDF]).surat_kuasa_id


def test_the_counter_records_hands_over_and_each_download_is_written_down(masuk):
    bantu.keluarga(0)
    operator = masuk("operator")
    halaman = operator.get("/hak/catat/")
    kunci = halaman.context["form"]["kunci_kirim"].value()
    jawab = operator.post("/hak/catat/", LENGKAP | {"nik": nik(0), "jenis": "AKSES", "kunci_kirim": kunci})
    satu = PermohonanHak.objects.get()
    assert (jawab.status_code, jawab["Location"]) == (302, f"/hak/{satu.pk}/")
    assert "sedang menyusun" in operator.get(f"/hak/{satu.pk}/").content.decode()
    hak.jawab(satu.pk)
    berkas = operator.post(f"/hak/{satu.pk}/unduh/")
    assert berkas.content[:5] == b"%PDF-" and "no-store" in berkas["Cache-Control"]
    assert Jejak.objects.filter(aksi="unduh_hak", objek_id=str(satu.pk)).count() == 1
    assert (
        masuk("pdp").post(f"/hak/{satu.pk}/unduh/").status_code == 403
    )  # who judges has no need of the copy


# --- freezing -----------------------------------------------------------------------------------------


def test_frozen_data_is_there_for_nobody_until_its_people_lift_it(masuk):
    keluarga = bantu.keluarga(0)
    satu = bantu.minta(0, "BEKU", daftar=None)
    assert satu.status == "dibekukan"
    operator = masuk("operator")
    assert operator.get(f"/keluarga/{keluarga.pk}/").status_code == 404
    assert not Keluarga.objects.visible_to(orang("operator")).filter(pk=keluarga.pk).exists()
    assert not Individu.objects.visible_to(orang("verifikator")).filter(keluarga=keluarga).exists()
    hak.langkahkan(satu, "cairkan", by=orang("operator"))
    assert operator.get(f"/keluarga/{keluarga.pk}/").status_code == 200


def test_a_frozen_proposal_stops_and_goes_on_later():
    keluarga = bantu.keluarga(0, "diases")
    usulan = Usulan.objects.get(keluarga=keluarga)
    satu = bantu.minta(0, "BEKU", daftar=None)
    assert usulan.bendera.terbuka().filter(kode="DIBEKUKAN").exists()
    with pytest.raises(GateClosed, match="DIBEKUKAN"):
        langkah.verifikasi(usulan, by=orang("verifikator"))
    hak.langkahkan(satu, "cairkan", by=orang("operator"))
    assert not usulan.bendera.terbuka().filter(kode="DIBEKUKAN").exists()


def test_freezing_twice_is_told():
    bantu.minta(0, "BEKU")
    with pytest.raises(NotOpen, match="BEKU"):
        bantu.minta(0, "BEKU", daftar=None)


def test_what_freezing_does_must_be_read_out_first(masuk):
    bantu.keluarga(0)
    operator = masuk("operator")
    kunci = operator.get("/hak/catat/").context["form"]["kunci_kirim"].value()
    isi = LENGKAP | {"nik": nik(0), "jenis": "BEKU", "kunci_kirim": kunci}
    tolak = operator.post("/hak/catat/", isi)
    assert tolak.status_code == 422 and not PermohonanHak.objects.exists()
    assert "Bantuan yang sudah ditetapkan tetap dibayar" in tolak.content.decode()
    assert operator.post("/hak/catat/", isi | {"paham": "on"}).status_code == 302


def test_a_grant_in_force_is_not_touched_by_freezing():
    from bansos.models import BarisPenetapan

    keluarga = bantu.keluarga(0, "ditetapkan")
    sebelum = list(BarisPenetapan.objects.filter(usulan__keluarga=keluarga).values())
    bantu.minta(0, "BEKU", daftar=None)
    assert list(BarisPenetapan.objects.filter(usulan__keluarga=keluarga).values()) == sebelum
    assert isi_hak.bantuan_berjalan(keluarga)
    assert any("tetap dibayar" in a for a in isi_hak.akibat_beku(keluarga))
    assert Keluarga.objects.get(pk=keluarga.pk).status == "terdaftar"


# --- erasure ------------------------------------------------------------------------------------------


def canary(keluarga: Keluarga) -> list[bytes]:
    anggota = list(Individu.objects.filter(keluarga=keluarga))
    kata = {keluarga.nama_kepala, keluarga.alamat, *(a.nama for a in anggota)}
    nomor = [keluarga.no_kk_indeks, *(a.nik_indeks for a in anggota)]
    return [k.encode() for k in kata if len(k) > 4] + [bytes(n).hex().encode() for n in nomor if n]


def isi_seluruh_basis() -> bytes:
    """Every row of every table as text, hashes in hex."""
    keluar = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public' order by 1")
        for (tabel,) in cursor.fetchall():
            cursor.execute(f"select coalesce(string_agg(t::text, chr(10)), '') from \"{tabel}\" t")
            keluar.write(cursor.fetchone()[0].encode())
    return keluar.getvalue()


def ditolak_dinas(n: int) -> Keluarga:
    """Refused late: with a meeting, a visit with photos, notes and a picture of the identity card."""
    keluarga = bantu.keluarga(n, "diases")
    langkah.tolak(
        Usulan.objects.get(keluarga=keluarga), by=orang("verifikator"), alasan=alasan_pertama("tolak"), catatan=f"Bukan {keluarga.nama_kepala}."
    )  # fmt: skip
    ktp = files.store(foto(), jenis="foto_ktp", nama="ktp", mime="image/jpeg")
    FotoKeluarga.objects.create(keluarga=keluarga, jenis="ktp", berkas=ktp)
    return keluarga


def test_after_an_erasure_nothing_of_the_family_is_found_in_any_table():
    keluarga = ditolak_dinas(0)
    cari = canary(keluarga)
    gambar = list(FotoKeluarga.objects.filter(keluarga=keluarga).values_list("berkas_id", flat=True))
    gambar += FotoAsesmen.objects.filter(asesmen__usulan__keluarga=keluarga).values_list(
        "berkas_id", flat=True
    )
    penuh = isi_seluruh_basis()
    assert [c for c in cari if c not in penuh] == [] and len(cari) > 4 and len(gambar) > 1
    satu = bantu.hapus(0, daftar=None)
    pk = satu.pk
    hasil = hak.laksanakan(pk)
    assert hasil.status == "selesai"
    sesudah = isi_seluruh_basis()
    assert [c for c in cari if c in sesudah] == []
    assert not Berkas.objects.filter(pk__in=gambar).exists()
    run = Pemusnahan.objects.get(permohonan=hasil)
    assert run.selesai_at and run.sisa == 0 and run.jumlah["dtks.Individu"] >= 1
    assert "penghapusan data pribadi" in teks(hasil).lower()
    assert hak.laksanakan(pk).dokumen_id == hasil.dokumen_id  # again: nothing


def test_an_erasure_needs_two_people_of_two_units():
    satu = bantu.minta(0, "HAPUS", daftar="ditolak", lingkup="semua")
    with pytest.raises(NotAllowed):
        hak.langkahkan(satu, "setujui", by=orang("kadis"))
    satu = hak.langkahkan(satu, "setujui", by=orang("pdp"))
    with pytest.raises(NotAllowed):
        hak.langkahkan(satu, "putuskan", by=orang("pdp"))
    assert hak.langkahkan(satu, "putuskan", by=orang("kadis")).status == "dijalankan"


def test_wrong_area_forged_ids_and_a_second_step_by_the_same_person_get_nowhere(masuk):
    satu = bantu.minta(0, "HAPUS", daftar="ditolak", lingkup="semua")
    satu = hak.langkahkan(satu, "setujui", by=orang("pdp"))
    palsu = "/hak/00000000-0000-4000-8000-000000000000/"
    for siapa in ("operator.lain", "kadis.lain"):
        lain = masuk(siapa)
        assert {lain.get(u).status_code for u in (f"/hak/{satu.pk}/", f"/hak/{satu.pk}/putuskan/", palsu)} == {404}  # fmt: skip
        assert lain.post(f"/hak/{satu.pk}/putuskan/", {"versi": satu.versi}).status_code == 404
    for siapa, nama in (("pdp", "putuskan"), ("operator", "putuskan"), ("kadis", "cairkan"), ("pdp", "laksanakan")):  # fmt: skip
        masuk(siapa).post(f"/hak/{satu.pk}/{nama}/", {"versi": satu.versi})
    satu.refresh_from_db()
    assert (satu.status, satu.pemutus_orang_id) == ("disetujui", None)
    assert Keluarga.objects.get(pk=satu.keluarga_id).nama_kepala != hak_tabel.DIHAPUS


def test_a_registered_family_is_told_what_the_law_keeps(masuk):
    satu = bantu.minta(0, "HAPUS", daftar="ditetapkan", lingkup="semua")
    with pytest.raises(GateClosed, match="WAJIB_DISIMPAN"):
        hak.langkahkan(satu, "setujui", by=orang("pdp"))
    assert "UU 13/2011" in masuk("pdp").get(f"/hak/{satu.pk}/").content.decode()


def test_photos_place_and_telephone_go_at_any_time_and_the_rest_stays():
    keluarga = bantu.keluarga(0, "ditetapkan")
    Keluarga.objects.filter(pk=keluarga.pk).update(lintang="-7.2", bujur="107.9", patokan="dekat masjid")
    gambar = list(FotoKeluarga.objects.filter(keluarga=keluarga).values_list("berkas_id", flat=True))
    hasil = hak.laksanakan(bantu.hapus(0, "persetujuan", daftar=None).pk)
    keluarga.refresh_from_db()
    assert hasil.status == "selesai" and gambar
    assert (keluarga.lintang, keluarga.patokan, keluarga.telepon) == (None, "", None)
    assert keluarga.nama_kepala != hak_tabel.DIHAPUS
    assert not Berkas.objects.filter(pk__in=gambar).exists()
    assert VersiKeluarga.objects.filter(keluarga=keluarga).count() == 1
    assert "UU 1/2004" in teks(hasil)


def test_a_legal_hold_stops_an_erasure_that_was_decided_before_it():
    satu = bantu.hapus(0, daftar="ditolak")
    retensi.tahan(by=orang("pdp"), nik=nik(0), dasar="Perkara 12/2026", alasan="Diminta kejaksaan.")
    with pytest.raises(GateClosed, match="DITAHAN"):
        hak.laksanakan(satu.pk)
    assert Keluarga.objects.get(pk=satu.keluarga_id).nama_kepala != hak_tabel.DIHAPUS


def test_history_stays_frozen_for_everybody_without_an_open_run():
    usulan = Usulan.objects.get(keluarga=bantu.keluarga(0, "ditolak"))
    satu = bantu.minta(1, "HAPUS", daftar="ditolak", lingkup="semua")  # nobody decided it
    run = Pemusnahan.objects.create(
        sebab="hak", kelas="permintaan", permohonan=satu, hari=timezone.localdate()
    )
    for nama in ("", str(run.pk), str(usulan.pk)):
        with pytest.raises(DatabaseError, match="Riwayat tidak boleh diubah"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("select set_config('dtks.pemusnahan', %s, true)", [nama])
            RiwayatUsulan.objects.filter(usulan=usulan).update(catatan="lain")


def test_an_erasure_that_leaves_something_behind_is_undone(monkeypatch):
    satu = bantu.hapus(0, daftar="ditolak")
    lama = hak_tabel.PER_LABEL["dtks.Individu"].isi.pop("ibu_kandung")
    try:
        with pytest.raises(hapus.MasihAda, match=r"dtks\.Individu\.ibu_kandung"):
            hak.laksanakan(satu.pk)
    finally:
        hak_tabel.PER_LABEL["dtks.Individu"].isi["ibu_kandung"] = lama
    assert Keluarga.objects.get(pk=satu.keluarga_id).nama_kepala != hak_tabel.DIHAPUS
    assert not Pemusnahan.objects.exists()


def test_every_table_about_a_family_has_its_line():
    """A new table cannot be forgotten by the copy and the erasure."""
    capai, antre = {Keluarga}, [Keluarga]
    while antre:
        satu = antre.pop()
        for model in apps.get_models():
            if model not in capai and any(k.related_model is satu and k.concrete for k in model._meta.get_fields() if k.is_relation and (k.many_to_one or k.one_to_one)):  # fmt: skip
                capai.add(model)
                antre.append(model)
    pribadi = {
        m._meta.label
        for m in capai
        if {"pribadi", "spesifik", "rahasia"} & set(getattr(m, "KLASIFIKASI", {}).values())
    }
    assert pribadi - set(hak_tabel.PER_LABEL) == set()
    for tabel in hak_tabel.TABEL:
        assert tabel.hapus != "tahan" or tabel.sebab
        assert tabel.milik(Keluarga().pk).count() == 0  # every path is one


# --- correction ---------------------------------------------------------------------------------------


def test_a_correction_is_done_when_the_data_changed():
    keluarga = bantu.keluarga(0)
    satu = bantu.minta(0, "PERBAIKAN", daftar=None, uraian="Tanggal lahir keliru.")
    with pytest.raises(GateClosed, match="BELUM_BERUBAH"):
        hak.langkahkan(satu, "betulkan", by=orang("pdp"))
    from dtks.actions import versi

    versi.pastikan(keluarga)
    versi.naikkan([keluarga.pk], aksi="ubah_keluarga", by=orang("operator"))
    assert hak.langkahkan(satu, "betulkan", by=orang("pdp")).status == "selesai"


def test_a_correction_that_was_decided_reaches_who_asked_and_every_office_that_got_the_old_data(cast):
    from bansos.actions import serah
    from dtks.actions import versi
    from tests.bansos.test_serah import PROGRAM
    from tests.bansos.test_serah import minta as minta_data
    from tests.bantu.daftar import daftar_sah

    keluarga = bantu.keluarga(0, "ditetapkan")
    permintaan = serah.putus(minta_data(cast), by=cast("kadis"), setuju=True)
    bast = serah.serahkan(
        permintaan, by=cast("supervisor"), daftar=daftar_sah(PROGRAM, "2026-4", [keluarga], layak=1)
    )
    satu = bantu.minta(0, "PERBAIKAN", daftar=None, uraian="Tanggal lahir keliru.")
    versi.pastikan(keluarga)
    versi.naikkan([keluarga.pk], aksi="ubah_keluarga", by=orang("operator"))
    satu = hak.langkahkan(satu, "betulkan", by=orang("pdp"))
    job = Pekerjaan.objects.get(jenis=hak.JOB_KABAR)
    assert tasks.hak_kabar(job)["penyerahan"] == [bast.nomor]
    satu.refresh_from_db()
    isi = teks(satu).replace(" ", "")  # a cell breaks where it likes
    assert bast.nomor in isi and "BPJSKesehatan" in isi
    assert keluarga.nama_kepala not in teks(satu)
    for siapa, kata in (("operator", "sudah dibetulkan"), ("supervisor", "BPJS Kesehatan")):
        assert orang(siapa).pemberitahuan.filter(tautan=f"/hak/{satu.pk}/", kalimat__contains=kata).exists()


def test_a_refused_erasure_is_answered_with_what_stays_why_and_until_when(masuk):
    satu = bantu.minta(0, "HAPUS", daftar="ditetapkan", lingkup="semua")
    satu = hak.langkahkan(satu, "tolak", by=orang("pdp"), alasan=alasan_pertama("tolak_hak"))
    tasks.hak_kabar(Pekerjaan.objects.get(jenis=hak.JOB_KABAR))
    satu.refresh_from_db()
    for kata in ("UU 1/2004", "UU 13/2011", "jadwal retensi arsip daerah", satu.nomor):
        assert kata in teks(satu), kata
    assert masuk("operator").post(f"/hak/{satu.pk}/unduh/").content[:5] == b"%PDF-"


def test_who_has_the_next_step_is_reminded_once_before_the_deadline():
    satu = bantu.minta(0, "PERBAIKAN", uraian="Tanggal lahir keliru.")
    assert satu.tenggat_at - satu.created_at == pytest.approx(timedelta(hours=72), abs=timedelta(seconds=5))
    assert hak.ingatkan() == []
    Ketentuan.objects.filter(kunci="hak.ingatkan_jam").update(nilai=73)  # as if two days had passed
    assert tasks.hak_ingatkan(None) == {"diingatkan": 1}
    assert orang("pdp").pemberitahuan.filter(tautan=f"/hak/{satu.pk}/").count() == 1
    assert tasks.hak_ingatkan(None) == {"diingatkan": 0}


# --- time of keeping ----------------------------------------------------------------------------------


def nanti(hari: int):
    return timezone.localdate() + timedelta(days=hari)


def test_a_refused_family_is_forgotten_two_years_later_and_not_a_day_before():
    keluarga, hidup = bantu.keluarga(0, "ditolak"), bantu.keluarga(1, "diajukan")
    assert retensi.usulan_ditolak(nanti(729)) == 0
    assert retensi.usulan_ditolak(nanti(732)) == 1
    keluarga.refresh_from_db()
    hidup.refresh_from_db()
    assert keluarga.nama_kepala == hak_tabel.DIHAPUS and hidup.nama_kepala != hak_tabel.DIHAPUS
    assert retensi.usulan_ditolak(nanti(732)) == 0
    assert Pemusnahan.objects.get().kelas == "usulan_ditolak"


def test_a_legal_hold_outlives_the_time_of_keeping():
    bantu.keluarga(0, "ditolak")
    tahan = retensi.tahan(by=orang("pdp"), nik=nik(0), dasar="Perkara 12/2026", alasan="Diminta kejaksaan.")
    assert retensi.jalankan(nanti(5000))["usulan_ditolak"] == 0
    retensi.lepas(tahan, by=orang("pdp"), alasan="Perkara selesai.")
    assert retensi.jalankan(nanti(5000))["usulan_ditolak"] == 1
    assert TahanHukum.objects.get().dipasang_by == orang("pdp")


def aturan_retensi(nilai, kunci="retensi.usulan_ditolak_hari") -> None:
    """A row of today that takes over, as somebody with the database at hand would write it."""
    Ketentuan.objects.create(
        kunci=kunci, nilai=nilai, berlaku_sejak=timezone.localdate(), dasar_hukum="Nota dinas tanpa nomor"
    )


def test_every_class_has_a_rule_that_ships():
    assert set(masa_simpan.KELAS) == set(retensi.KELAS)
    assert all(m.rilis == m.aturan.nilai and not m.singkat for m in masa_simpan.semua())


@pytest.mark.parametrize("nilai", [729, 7, 0, -1, "730", True, 730.5, {"hari": 730}])
def test_a_rule_that_is_shorter_than_the_release_throws_nothing_away_and_is_told(masuk, nilai):
    keluarga = bantu.keluarga(0, "ditolak")
    aturan_retensi(nilai)
    hasil = retensi.jalankan(nanti(5000))
    assert hasil["berhenti"] == ["usulan_ditolak"] and "usulan_ditolak" not in hasil
    assert hasil["sesi"] == 0  # the others go on
    keluarga.refresh_from_db()
    assert keluarga.nama_kepala != hak_tabel.DIHAPUS and not Pemusnahan.objects.exists()
    salah = [str(p) for p in periksa.jalankan(berkas=False).pelanggaran if p.periksa == "masa_simpan"]
    assert len(salah) == 1 and "retensi.usulan_ditolak_hari" in salah[0]
    teks = masuk("pdp").get("/hak/tahan/").content.decode()
    assert "Berhenti: bawaannya 730 hari" in teks and "Nota dinas tanpa nomor" in teks


def test_a_longer_time_of_keeping_holds():
    bantu.keluarga(0, "ditolak")
    aturan_retensi(1000)
    assert retensi.usulan_ditolak(nanti(999)) == 0
    assert retensi.usulan_ditolak(nanti(1002)) == 1
    assert not [p for p in periksa.jalankan(berkas=False).pelanggaran if p.periksa == "masa_simpan"]


def test_pictures_of_identity_cards_go_ninety_days_after_the_decision():
    keluarga = bantu.keluarga(0, "ditetapkan")
    ktp = files.store(foto(), jenis="foto_ktp", nama="ktp", mime="image/jpeg")
    FotoKeluarga.objects.create(keluarga=keluarga, jenis="ktp", berkas=ktp)
    ada = FotoKeluarga.objects.filter(keluarga=keluarga, jenis__in=("ktp", "kk")).count()
    assert ada
    assert retensi.foto_identitas(nanti(89)) == 0
    assert retensi.foto_identitas(nanti(92)) == ada
    assert not FotoKeluarga.objects.filter(keluarga=keluarga, jenis__in=("ktp", "kk")).exists()
    assert FotoKeluarga.objects.filter(keluarga=keluarga).exists()


def test_where_an_officer_stood_is_forgotten_a_year_after_the_decision_and_a_hold_comes_first():
    from dtks.models import Asesmen

    keluarga = bantu.keluarga(0, "ditetapkan")
    titik = Asesmen.objects.filter(usulan__keluarga=keluarga)
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        titik.update(izin_lokasi=True, lintang="-7.2", bujur="107.9")
        cursor.execute("set local session_replication_role = origin")
    assert retensi.titik_kunjungan(nanti(364)) == 0
    tahan = bantu.tahan(0, baru=False)
    assert retensi.titik_kunjungan(nanti(367)) == 0
    retensi.lepas(tahan, by=orang("pdp"), alasan="Perkara selesai.")
    assert retensi.titik_kunjungan(nanti(367)) == titik.count() == 1
    assert titik.get().lintang is None and titik.get().kesimpulan


def test_sessions_that_ran_out_are_thrown_away_and_living_ones_stay():
    from django.contrib.sessions.models import Session

    kini = timezone.now()
    Session.objects.create(session_key="a" * 32, session_data="x", expire_date=kini - timedelta(days=3))
    Session.objects.create(session_key="b" * 32, session_data="x", expire_date=kini + timedelta(hours=1))
    assert retensi.sesi(nanti(0)) == 1
    assert Session.objects.filter(session_key="b" * 32).exists()


def test_login_attempts_go_after_half_a_year_and_the_act_stays(client):
    client.post("/masuk/", {"login": "tidak.ada", "password": "salah"}, REMOTE_ADDR="203.0.113.7")
    AccessLog.objects.create(username="operator", ip_address="203.0.113.7")
    assert AccessAttempt.objects.exists()
    jejak = Jejak.objects.count()
    assert retensi.masuk(nanti(179)) == 0
    assert retensi.masuk(nanti(182)) == 2
    assert not AccessAttempt.objects.exists() and not AccessLog.objects.exists()
    assert Jejak.objects.count() == jejak


def test_a_complainant_is_forgotten_a_year_after_the_answer():
    from pengaduan.models import Aduan
    from tests.izin.dunia import aduan

    satu = aduan(1)
    assert retensi.pelapor_aduan(nanti(5000)) == 0  # still open
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")  # closed long ago, by whatever way
        Aduan.objects.filter(pk=satu.pk).update(status="ditutup")
        cursor.execute("set local session_replication_role = origin")
    assert retensi.pelapor_aduan(nanti(364)) == 0
    assert retensi.pelapor_aduan(nanti(367)) == 1
    satu.refresh_from_db()
    assert not satu.bernama and satu.cerita


def test_a_copy_that_nobody_fetched_is_gone_after_thirty_days():
    satu = bantu.salinan(0)
    berkas = satu.dokumen.berkas_id
    assert retensi.salinan_hak(nanti(29)) == 0
    assert retensi.salinan_hak(nanti(32)) == 1
    satu.refresh_from_db()
    assert satu.dokumen_id is None and not Berkas.objects.filter(pk=berkas).exists()


def test_only_the_protection_officer_holds_and_lets_go(masuk):
    bantu.keluarga(0)
    pdp = masuk("pdp")
    kunci = pdp.get("/hak/tahan/pasang/").context["form"]["kunci_kirim"].value()
    isi = {"nik": nik(0), "dasar": "Perkara 12/2026", "alasan": "Diminta kejaksaan.", "kunci_kirim": kunci}
    assert pdp.post("/hak/tahan/pasang/", isi).status_code == 302
    satu = TahanHukum.objects.get()
    assert "Perkara 12/2026" in pdp.get("/hak/tahan/").content.decode()
    assert masuk("kadis").get("/hak/tahan/").status_code == 403
    kunci = pdp.get(f"/hak/tahan/{satu.pk}/lepas/").context["form"]["kunci_kirim"].value()
    assert (
        pdp.post(f"/hak/tahan/{satu.pk}/lepas/", {"alasan": "Selesai.", "kunci_kirim": kunci}).status_code
        == 302
    )
    satu.refresh_from_db()
    assert satu.dilepas_by == orang("pdp")
