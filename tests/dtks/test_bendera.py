"""What holds a proposal back: kinship with the people of the line, findings, photos; who closes it and who may not."""

import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Orang, Pengguna
from bansos.actions import pengesahan
from core import outbox, signing
from core.models import Jejak
from core.workflow import GateClosed, NotAllowed, StepRefused
from dtks import tasks  # noqa: F401 - the jobs register themselves
from dtks.actions import bendera as aksi
from dtks.actions import usulan as langkah
from dtks.models import (
    KERABAT,
    Bendera,
    CalonGanda,
    FotoKeluarga,
    Individu,
    PernyataanKerabat,
    TemuanGanda,
    Usulan,
)
from tests.bantu.alur import Perjalanan, alasan_pertama, orang
from tests.bantu.halaman import Halaman
from tests.bantu.pemain import DESA_LAIN
from tests.dtks.test_bagi_kunjungan import TETANGGA, jadikan_warga, petugas_baru

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_faktor_kedua(settings):
    settings.DEMO = True


def satu_kk(petugas: Pengguna, usulan: Usulan) -> None:
    """The officer was on the card of a member of this family once."""
    baris = jadikan_warga(petugas)
    lama = usulan.keluarga.anggota.exclude(hubungan="1").first()
    Individu.objects.filter(pk=lama.pk).update(aktif=False, nik_indeks=baris.nik_indeks)


def kode(usulan: Usulan) -> list[str]:
    return sorted(usulan.bendera.terbuka().values_list("kode", flat=True))


@pytest.fixture
def kerabat(db):
    """The operator who keys the case in once shared a card with the family."""
    p = Perjalanan()
    p.disepakati()
    p.lengkapi()
    satu_kk(orang("operator"), p.usulan)
    langkah.input(p.usulan, by=orang("operator"))
    p.segar()
    p.padankan()
    return p


def test_kerabat_petugas_dicatat_saat_dikirim_ke_dinas_dan_tidak_ditolak(kerabat, masuk):
    u = kerabat.usulan
    assert u.status == "diinput" and kode(u) == [KERABAT]
    satu = u.bendera.get()
    assert satu.orang == [orang("operator").orang_id]
    assert "Operator" not in satu.kalimat and u.keluarga.nama_kepala not in satu.kalimat
    assert aksi.selaraskan([u.pk]) == (0, 0) == aksi.selaraskan([u.pk])
    assert Jejak.objects.filter(aksi="pasang_bendera", objek_id=str(u.pk)).count() == 1
    # The visit is made by an officer of another kecamatan.
    with pytest.raises(GateClosed, match="PETUGAS_SEKECAMATAN"):
        langkah.tugaskan(u, by=orang("verifikator"), petugas=orang("tksk"))
    isi = masuk("verifikator").get(f"/usulan/{u.pk}/langkah/tugaskan/").content.decode()
    assert "Petugas Tksk" not in isi
    tetangga = petugas_baru("tksk.lain", TETANGGA, 71)
    assert langkah.tugaskan(u, by=orang("verifikator"), petugas=tetangga).status == "ditugaskan"


def test_yang_berkerabat_tidak_memutus_juga_sesudah_catatannya_ditutup(sampai):
    u = sampai("diases").usulan
    satu_kk(orang("verifikator"), u)
    assert aksi.selaraskan([u.pk]) == (1, 0)
    for lagi in (False, True):
        with pytest.raises(NotAllowed, match="TIDAK_BERWENANG"):
            langkah.verifikasi(u, by=orang("verifikator"))
        if not lagi:
            b = aksi.usul_tutup(u.bendera.get(), by=orang("supervisor"), alasan="Sudah diperiksa silang.")
            aksi.setujui_tutup(b, by=orang("kadis"))
    assert aksi.selaraskan([u.pk]) == (0, 0), "two persons have looked at this tie"
    assert langkah.verifikasi(u, by=orang("verifikator2")).status == "terverifikasi"


def test_ditutup_supervisor_dengan_alasan_dan_orang_kedua_keduanya_menandatangani(sampai, masuk):
    u = sampai("diases").usulan
    satu_kk(orang("operator"), u)
    aksi.selaraskan([u.pk])
    b = u.bendera.get()
    alamat = f"/usulan/{u.pk}/bendera/"
    isi = masuk("verifikator").get(alamat).content.decode()
    assert "Minta ditutup" not in isi and "Petugas Operator" not in isi, (
        "who it is, is for those who close it"
    )
    assert masuk("verifikator").post(alamat + "usul-tutup/").status_code == 403
    c = masuk("supervisor")
    halaman = c.get(alamat).content.decode()
    assert "Petugas Operator" in halaman
    kunci = next(f for f in Halaman(halaman).formulir if "alasan" in f.kolom).kolom["kunci_kirim"].nilai[0]
    salah = c.post(alamat + "usul-tutup/", {"kunci_kirim": kunci, "alasan": "Dikunjungi TKSK lain, sesuai."})
    assert salah.status_code == 422 and "Dikunjungi TKSK lain" in salah.content.decode()
    kirim = {"kunci_kirim": kunci, "alasan": "Dikunjungi TKSK lain, sesuai.", "bebas": "on"}
    assert c.post(alamat + "usul-tutup/", kirim).status_code == 302
    with pytest.raises(NotAllowed):
        aksi.setujui_tutup(b, by=orang("supervisor"))
    with pytest.raises(NotAllowed):
        aksi.setujui_tutup(b, by=orang("verifikator"))
    with pytest.raises(GateClosed, match="BENDERA_KERABAT"):
        langkah.verifikasi(u, by=orang("verifikator"))
    kepala = masuk("kadis")
    kirim = {"kunci_kirim": str(uuid.uuid4()), "putusan": "setuju", "bebas": "on"}
    assert kepala.post(alamat + "tutup/", kirim).status_code == 302
    b.refresh_from_db()
    assert b.ditutup_at and b.ditutup_orang_id != b.usul_tutup_orang_id
    kunci_portal = signing.penyedia(signing.LOKAL)
    surat = list(PernyataanKerabat.objects.filter(bendera=b))
    assert {p.orang_id for p in surat} == {b.ditutup_orang_id, b.usul_tutup_orang_id}
    for p in surat:
        naskah = aksi.naskah(b.pk, p.orang_id, p.jenis, p.isi)
        assert kunci_portal.valid(naskah, bytes(p.tanda_tangan))
        assert not kunci_portal.valid(naskah + b"x", bytes(p.tanda_tangan))
    assert langkah.verifikasi(u, by=orang("verifikator")).status == "terverifikasi"


def test_petugas_menyatakan_hubungannya_lalu_tidak_memutus(sampai, masuk):
    u = sampai("diases").usulan
    satu_kk(orang("operator"), u)
    aksi.selaraskan([u.pk])
    c, alamat = masuk("verifikator"), f"/usulan/{u.pk}/bendera/nyatakan/"
    kirim = {"kunci_kirim": str(uuid.uuid4()), "ada": "ya", "hubungan": ""}
    assert c.post(alamat, kirim).status_code == 422
    assert c.post(alamat, kirim | {"hubungan": "keponakan"}).status_code == 302
    assert orang("verifikator").orang_id in u.bendera.get().orang
    with pytest.raises(NotAllowed):
        langkah.tolak(u, by=orang("verifikator"), alasan=alasan_pertama("tolak"))
    assert masuk("operator.lain").post(alamat, kirim).status_code == 404
    assert masuk("operator.lain").get(f"/usulan/{u.pk}/bendera/").status_code == 404


def test_catatan_kerabat_tidak_hilang_sendiri_dan_tidak_ditutup_satu_orang_lewat_sql(kerabat):
    u, b = kerabat.usulan, kerabat.usulan.bendera.get()
    Individu.objects.filter(keluarga=u.keluarga, aktif=False).update(nik_indeks=None, tanpa_nik_alasan="x")
    aksi.selaraskan([u.pk])
    assert kode(u) == [KERABAT], "a corrected form does not wipe out the tie"
    o = Orang.objects.order_by("pk").first().pk
    for ganti in (
        "ditutup_at = now()",
        f"ditutup_at = now(), alasan_tutup = 'x', usul_tutup_orang_id = '{o}', ditutup_orang_id = '{o}'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as c:
            c.execute(f"update dtks_bendera set {ganti} where id = %s", [b.pk])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as c:
        c.execute("delete from dtks_bendera where id = %s", [b.pk])


@pytest.mark.parametrize(
    ("status", "nama"),
    [("diases", "verifikasi"), ("terverifikasi", "sahkan"), ("disahkan", "kirim"), ("dikirim", "tetapkan")],
)
def test_bendera_menahan_tiap_langkah_akhir_lewat_aksi_dan_lewat_sql(sampai, status, nama):
    p = sampai(status)
    u = p.usulan
    langkah.pasang_bendera(u, kode="KEBERATAN", kalimat="Ada keberatan.", sumber="keberatan:1", by=None)
    with pytest.raises(StepRefused) as ditolak:
        if nama == "verifikasi":
            langkah.verifikasi(u, by=orang("verifikator"))
        elif nama == "sahkan":
            pengesahan.sahkan([u.pk], by=orang("kadis"))
        elif nama == "kirim":
            pengesahan.kirim(p.pengesahan, by=orang("supervisor"), tanda_terima="TT-1")
        else:
            langkah.langkahkan(u, "tetapkan", by=orang("kadis"), tujuan="ditetapkan")
    assert "keberatan" in " ".join(h.kalimat for h in ditolak.value.halangan).lower()
    assert Usulan.objects.get(pk=u.pk).status == status
    ke = {"verifikasi": "terverifikasi", "sahkan": "disahkan", "kirim": "dikirim", "tetapkan": "ditetapkan"}[
        nama
    ]
    with pytest.raises(DatabaseError, match="bendera"), transaction.atomic(), connection.cursor() as c:
        c.execute(
            "insert into dtks_riwayatusulan (id, usulan_id, urut, langkah, dari, ke, oleh_id, orang_id, peran, alasan,"
            " alasan_kalimat, catatan) select gen_random_uuid(), %s, versi + 1, %s, status, %s, %s, %s, '', '', '', ''"
            " from dtks_usulan where id = %s",
            [u.pk, nama, ke, orang("pusdatin").pk, orang("pusdatin").orang_id, u.pk],
        )


def test_sebab_lain_dipasang_dan_hilang_bersama_sebabnya(sampai):
    u = sampai("terverifikasi").usulan
    keluarga = u.keluarga
    kepala = keluarga.anggota.get(hubungan="1")
    assert aksi.selaraskan([u.pk]) == (0, 0)
    lain = sampai("draf", 40).usulan.keluarga.anggota.get(hubungan="1")
    a, b = sorted([kepala, lain], key=lambda o: o.pk)
    calon = CalonGanda.objects.create(pertama=a, kedua=b, skor=95, alasan=[], sidik=b"x")
    temuan = TemuanGanda.objects.create(
        individu=kepala, keluarga=keluarga, wilayah_pertama=keluarga.wilayah, wilayah_kedua_id=DESA_LAIN,
        dilaporkan_by=orang("operator.lain"), nomor_samar="3205••",
    )  # fmt: skip
    foto = FotoKeluarga.objects.get(keluarga=keluarga)
    FotoKeluarga.objects.filter(pk=foto.pk).delete()
    Individu.objects.filter(pk=kepala.pk).update(padan="MENINGGAL")
    aksi.segarkan([keluarga.pk])
    outbox.work()
    assert kode(u) == ["CALON_GANDA", "DATA_GANDA", "FOTO_KURANG", "KEPALA_MENINGGAL"]
    assert aksi.selaraskan([u.pk]) == (0, 0)
    CalonGanda.objects.filter(pk=calon.pk).update(status="bukan_ganda")
    TemuanGanda.objects.filter(pk=temuan.pk).update(
        ditutup_at="2026-01-01T00:00:00Z", keputusan="orang_berbeda", ditutup_by=orang("supervisor")
    )
    FotoKeluarga.objects.create(keluarga=keluarga, jenis=foto.jenis, berkas=foto.berkas)
    Individu.objects.filter(pk=kepala.pk).update(padan="PADAN")
    assert aksi.malam("32.05") == "" and kode(u) == []
    tutup = Bendera.objects.filter(usulan=u)
    assert {b.alasan_tutup for b in tutup} == {"Sebabnya sudah tidak ada."} and tutup.count() == 4
    with pytest.raises(DatabaseError), transaction.atomic():
        Bendera.objects.filter(usulan=u).update(ditutup_at=None)


def test_padan_yang_batal_sesudah_lolos_menahan(sampai):
    p = sampai("terverifikasi")
    p.padankan("TIDAK_DITEMUKAN")
    aksi.selaraskan([p.usulan.pk])
    assert set(kode(p.usulan)) == {"TIDAK_PADAN"}
    p.padankan()
    aksi.selaraskan([p.usulan.pk])
    assert kode(p.usulan) == []
