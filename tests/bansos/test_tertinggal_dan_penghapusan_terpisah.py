"""What a sent batch left behind, who is told to decide, and removals counted apart from those who will receive."""

import uuid

import pytest

from accounts.models import Pemberitahuan
from bansos.actions import penetapan as aksi_penetapan
from bansos.actions import pengesahan as aksi_pengesahan
from bansos.models import Program
from bansos.surat.sk import hitung_hasil
from core import outbox
from core.models import Jejak, Pekerjaan
from core.workflow import NotOpen
from dtks.actions import usulan as langkah
from dtks.models import Usulan
from tests.bansos.test_darurat_dan_penghapusan import hapus
from tests.bantu.alur import Perjalanan, alasan_pertama, orang
from tests.core.test_pdf import tulisan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_faktor_kedua(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


@pytest.fixture
def tertinggal(sampai):
    """A batch of two that went with one: the other was postponed then, and is taken up again now."""
    satu, dua = sampai("terverifikasi"), sampai("terverifikasi", nomor=1)
    batch = aksi_pengesahan.sahkan([satu.usulan.pk, dua.usulan.pk], by=orang("kadis"))
    langkah.tunda(dua.usulan, by=orang("supervisor"), alasan=alasan_pertama("tunda"))
    aksi_pengesahan.kirim(batch, by=orang("supervisor"), tanda_terima="TT-1")
    langkah.lanjutkan(dua.segar(), by=orang("supervisor"))
    return batch, dua


def test_halaman_batch_mengatakan_dan_menawarkan_yang_tertinggal(tertinggal, masuk):
    batch, dua = tertinggal
    klien, alamat = masuk("supervisor"), f"/penetapan/pengesahan/{batch.pk}/"
    assert dua.segar().status == "disahkan"
    assert "1 usulan dalam surat ini belum ikut terkirim" in klien.get(alamat).content.decode()
    assert "Ada yang belum terkirim" in klien.get("/penetapan/?keadaan=belum").content.decode()
    data = {"kunci_kirim": str(uuid.uuid4()), "tanda_terima": "TT-2"}
    for _ in range(2):
        assert klien.post(f"{alamat}kirim/", data).status_code == 302
    assert dua.segar().status == "dikirim"
    batch.refresh_from_db()
    assert batch.tanda_terima == "TT-1", "the first receipt stays"
    assert "TT-2" in dua.usulan.riwayat.get(langkah="kirim").catatan
    assert Jejak.objects.filter(aksi="kirim_susulan").count() == 1
    isi = klien.get(alamat).content.decode()
    assert "belum ikut terkirim" not in isi and "Kirim yang tertinggal" not in isi
    with pytest.raises(NotOpen, match="SUDAH_DIKIRIM"):
        aksi_pengesahan.kirim(batch, by=orang("supervisor"), tanda_terima="TT-3")


@pytest.mark.parametrize(
    ("program", "diberi_tahu", "tidak"), [("PKH", "pusdatin", "kadis"), ("APBD-LANSIA", "kadis", "pusdatin")]
)
def test_kabar_kiriman_hanya_ke_yang_menetapkan(program, diberi_tahu, tidak):
    p = Perjalanan(program=program)
    p.disahkan()
    Pekerjaan.objects.all().delete()
    aksi_pengesahan.kirim(p.pengesahan, by=orang("supervisor"), tanda_terima="TT-1")
    outbox.work()
    kabar = Pemberitahuan.objects.filter(kalimat__contains=p.usulan.tiket, kalimat__endswith="penetapan.")
    assert set(kabar.values_list("pengguna__username", flat=True)) >= {diberi_tahu}
    assert not kabar.filter(pengguna=orang(tidak)).exists()


def test_penghapusan_dihitung_terpisah_di_sk_dan_halaman_periksa(masuk):
    _, p = hapus(12)
    lain = Perjalanan(nomor=13, program=p.program)
    lain.dikirim()
    sk = aksi_penetapan.tetapkan(
        by=orang("kadis"), program=Program.objects.get(pk=p.program), wilayah="32.05",
        putusan={str(u.pk): aksi_penetapan.Putusan("ditetapkan") for u in (p.usulan, lain.usulan)},
    )  # fmt: skip
    assert sk.dokumen.ringkas | {"ditetapkan": 1, "dihapus": 1} == sk.dokumen.ringkas
    klien = masuk("kadis")
    cetak = " ".join(tulisan(klien.get(f"/penetapan/{sk.pk}/surat/").content).split())
    assert "ditetapkan 1 (satu) usulan; dihapus dari daftar penerima 1 (satu) usulan" in cetak
    assert "1 ditetapkan, 1 dihapus" in klien.get("/penetapan/?daftar=sk").content.decode()
    assert "Dihapus dari daftar" in klien.get(f"/penetapan/{sk.pk}/").content.decode()
    assert "Dihapus" in klien.get(f"/v/{sk.dokumen.kode}/").content.decode()
    assert hitung_hasil([(Usulan(jalur="PENGHAPUSAN"), "tidak_ditetapkan", "")]) == {"tidak_ditetapkan": 1}
