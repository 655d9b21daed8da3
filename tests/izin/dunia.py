"""One of everything in Garut, made through the real actions: what the routes of `rute.yaml` take as examples."""

import random
import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.actions import kunci as aksi_kunci
from accounts.actions import unduh as aksi_unduh
from accounts.models import IzinUnduh, KunciApi, Pemberitahuan, Pengguna, Penugasan, Webhook
from bansos.actions import batch as aksi_batch
from bansos.actions import graduasi, kelayakan, massal, status_salur
from bansos.actions import keberatan as aksi_keberatan
from bansos.actions import pengumuman as aksi_pengumuman
from bansos.actions import serah as aksi_serah
from bansos.actions import templat as aksi_templat
from bansos.actions import tinjauan as aksi_tinjauan
from bansos.models import Penyaluran, PermintaanData, Program
from core import files, limits
from core.models import Ketentuan, Pekerjaan
from dtks.actions import calon as aksi_calon
from dtks.actions import ganda, padan, pindah, sampel, surat_padan
from dtks.actions import keluarga as register
from dtks.actions import musyawarah as rapat_aksi
from dtks.actions import periode as periode_aksi
from dtks.actions import silang as aksi_silang
from dtks.actions import usulan as langkah
from dtks.actions.impor import inti as impor_inti
from dtks.actions.impor import usulan_v4
from dtks.actions.peristiwa import Catatan
from dtks.models import (
    CalonGanda,
    FotoKeluarga,
    Impor,
    Individu,
    KategoriPPKS,
    Keluarga,
    Periode,
    PermintaanPindah,
    TemuanGanda,
    TiketPadan,
    Usulan,
)
from pengaduan.actions import aduan as aksi_aduan
from pengaduan.actions import bencana as aksi_bencana
from pengaduan.actions import darurat as aksi_darurat
from pengaduan.actions import perkara as aksi_perkara
from pengaduan.actions import piket as aksi_piket
from pengaduan.actions import rahasia as lapor_rahasia
from pengaduan.models import (
    Aduan,
    KategoriAduan,
    Kedaruratan,
    KejadianBencana,
    KorbanKeluarga,
    LaporanRahasia,
)
from portal.demo import rahasia as saluran_rahasia
from portal.queries.paket import JENIS as PAKET
from tests.bantu import berkas_v4
from tests.bantu import hak as bantu_hak
from tests.bantu import layanan as bantu_layanan
from tests.bantu import sanggah as bantu_sanggah
from tests.bantu import usul as usul_uji
from tests.bantu.alur import PDF, Perjalanan, foto, orang, sampai
from tests.bantu.daftar import daftar_sah, keluarga_banyak
from tests.bantu.pemain import DESA, DESA2, DESA_LAIN, KABUPATEN, PEMAIN, masuk
from tests.izin import dunia_daftar, dunia_kuota
from wilayah.actions import kalender as kalender_aksi
from wilayah.models import Wilayah
from wilayah.queries import kerja

SUMBER_RAHASIA = "Kenari rahasia PPKS"
TANPA_NOMOR = re.compile(r"[ .\-\xa0]")


@dataclass
class Dunia:
    """`nilai`: text of each example for the address; `wilayah`: its area; `kenari`: names and numbers of Garut's families."""

    nilai: dict[str, str] = field(default_factory=dict)
    wilayah: dict[str, str] = field(default_factory=dict)
    asing: dict[str, str] = field(default_factory=dict)  # the same kinds of objects in the other desa
    kategori_rahasia: str = ""
    nama: set[str] = field(default_factory=set)
    nomor: set[str] = field(default_factory=set)
    sesi: dict[str, str] = field(default_factory=dict)
    perjalanan: dict[str, Perjalanan] = field(default_factory=dict)

    def taruh(self, nama: str, baris: object, wilayah: str) -> None:
        self.nilai[nama] = str(getattr(baris, "pk", baris))
        self.wilayah[nama] = wilayah

    def klien(self, username: str) -> Client:
        """A fresh browser with this person's session; '' is a visitor."""
        client = Client()
        if username:
            client.cookies["sesi"] = self.sesi[username]
        return client

    def contoh(self, rute) -> dict[str, str]:
        return {a: v[1:] if v.startswith("=") else self.nilai[v] for a, v in rute.contoh.items()}

    def area(self, rute) -> str | None:
        """Area of the object that decides: the first of the address."""
        return next((self.wilayah[v] for v in rute.contoh.values() if not v.startswith("=")), None)


def bangun() -> Dunia:
    d = Dunia()
    _garis(d)
    _rapat(d)
    _padan(d)
    _rahasia(d)
    d.taruh("impor", impor(0), DESA)
    _lain(d)
    _saluran_rahasia(d)
    _akun(d)
    _bulan(d)
    _usul(d)
    _darurat(d)
    _sanggah(d)
    _aduan(d)
    _layanan(d)
    dunia_kuota.taruh(d)
    dunia_daftar.taruh(d)
    for satu in Individu.objects.filter(keluarga__wilayah__kode__startswith=KABUPATEN):
        d.nama |= {satu.nama, satu.ibu_kandung}
        d.nomor |= {satu.nik.open()} if satu.nik else set()
    for rumah in Keluarga.objects.filter(wilayah__kode__startswith=KABUPATEN):
        d.nomor |= {rumah.no_kk.open()} if rumah.no_kk else set()
    d.nama = {n for n in d.nama if " " in n and len(n) > 8}  # 'ADE' is also a part of other words
    return d


def _garis(d: Dunia) -> None:
    """The line: a proposal in each state that a page asks for."""
    for n, status in enumerate(("draf", "diajukan", "dimusyawarahkan", "disepakati", "diinput", "ditugaskan", "diases", "ditunda",
                                "terverifikasi", "disahkan", "dikirim", "ditetapkan")):  # fmt: skip
        p = d.perjalanan[status] = sampai(status, nomor=n)
        d.taruh("usulan" if status == "draf" else f"usulan_{status}", p.usulan, p.usulan.wilayah_id)
    draf = d.perjalanan["draf"].usulan
    anggota = draf.keluarga.anggota.exclude(hubungan="1").first()
    register.tambah_foto(draf, by=orang("rtrw"), jenis="rumah_depan", isi=foto())
    d.taruh("keluarga", draf.keluarga, draf.wilayah_id)
    d.taruh("anggota", anggota, draf.wilayah_id)
    d.taruh("berkas_keluarga", FotoKeluarga.objects.get(keluarga=draf.keluarga).berkas, draf.wilayah_id)
    d.taruh("foto_keluarga", FotoKeluarga.objects.get(keluarga=draf.keluarga), draf.wilayah_id)
    d.taruh("pindah", permintaan(24), DESA)
    tugas = d.perjalanan["ditugaskan"]
    tugas.asesmen()
    gambar = tugas.usulan.asesmen.get().foto.get()
    d.taruh("foto_asesmen", gambar, tugas.usulan.wilayah_id)
    d.taruh("asesmen", gambar.asesmen, tugas.usulan.wilayah_id)
    d.taruh("berkas_asesmen", gambar.berkas, tugas.usulan.wilayah_id)
    diases = [d.perjalanan["diases"].usulan]
    antre = massal.siapkan(diases, by=orang("verifikator"), langkah="verifikasi", dari="diases")
    d.taruh("massal", antre, KABUPATEN)
    kebijakan = sampel.tetapkan(
        by=orang("supervisor"), wilayah=DESA, periode="2030-01", persen=30, tutup_at=timezone.now() + timedelta(days=1), dasar_hukum="uji"
    )  # fmt: skip
    d.taruh("sampel", kebijakan, DESA)
    d.taruh("pengesahan", d.perjalanan["disahkan"].pengesahan, KABUPATEN)
    d.taruh("pengesahan_dikirim", d.perjalanan["dikirim"].pengesahan, KABUPATEN)
    d.taruh("kiriman", d.perjalanan["dikirim"].pengesahan.pengiriman.get(), KABUPATEN)
    calon = sampai("terverifikasi", nomor=25).usulan
    d.taruh("batch_diserahkan", aksi_batch.susun([calon.pk], by=orang("verifikator")), KABUPATEN)
    versi = aksi_templat.tulis(
        by=orang("supervisor"), jenis="SK_BUPATI", wilayah=KABUPATEN, isi={"diktum": "Menetapkan penerima {program}."}, dasar_hukum="uji",
        berlaku_sejak=timezone.localdate(),
    )  # fmt: skip
    d.taruh("templat", versi, KABUPATEN)
    d.taruh("usulan_ditolak", sampai("ditolak", nomor=26).usulan, DESA)
    keluhan = aksi_keberatan.ajukan(
        sampai("ditolak", nomor=27).usulan, by=orang("operator"), pemohon="Warga", alasan="Rumah kami bocor.",
        diterima=timezone.localdate(), berkas=[foto()],
    )  # fmt: skip
    d.taruh("keberatan", keluhan, DESA)
    rw_lain = sampai("draf", nomor=23, pengusul="operator").usulan
    d.taruh("usulan_rw_lain", rw_lain, rw_lain.wilayah_id)
    d.taruh("keluarga_rw_lain", rw_lain.keluarga, rw_lain.wilayah_id)
    sk = d.perjalanan["ditetapkan"].penetapan
    Ketentuan.objects.create(  # open on whatever day the tests run
        kunci="kelayakan.tutup_tanggal", nilai=31, wilayah=KABUPATEN, berlaku_sejak=date(2021, 5, 27),
        dasar_hukum="uji", sumber="uji", status_verifikasi="kebijakan",
    )  # fmt: skip
    penerima = sk.baris.get()
    d.taruh("penerima", penerima, d.perjalanan["ditetapkan"].usulan.wilayah_id)
    jawaban = kelayakan.Jawaban("layak", foto=foto())
    d.taruh("verifikasi_kelayakan", kelayakan.jawab(penerima.pk, by=orang("operator"), jawaban=jawaban), DESA)
    salur(penerima.usulan.keluarga)
    lulus = sampai("ditetapkan", nomor=90).penetapan.baris.get()
    Individu.objects.filter(keluarga=lulus.usulan.keluarga, hubungan="1").update(disabilitas="01")
    isian = graduasi.Isian("permintaan", "Warung keluarga ini sudah ramai.", PDF)
    d.taruh("graduasi", graduasi.ajukan(lulus.pk, by=orang("operator"), isian=isian), DESA)
    d.taruh("keluarga_pena", sampai("ditetapkan", nomor=91, program="PENA").usulan.keluarga, DESA)
    d.taruh("keluarga_penyaluran", penerima.usulan.keluarga, DESA)
    d.taruh("penetapan", sk, KABUPATEN)
    d.taruh("dokumen", sk.dokumen.kode, KABUPATEN)
    d.taruh("berkas_sk", sk.dokumen.berkas, KABUPATEN)


def salur(keluarga: Keluarga, status: str = "SP2D") -> Penyaluran:
    """One report about one family's payment of this quarter."""
    kepala = keluarga.anggota.get(hubungan="1", aktif=True)
    isi = f"NIK PENGURUS,NO KK,PROGRAM,PERIODE,TAHAP,NOMINAL,PENYALUR,STATUS,TANGGAL STATUS,KETERANGAN\n{kepala.nik.open()},,PKH,2026-4,1,750000,BNI,{status},01/10/2026,"
    by = orang("supervisor")
    muat = impor_inti.unggah(by=by, jenis=status_salur.JENIS, isi=isi.encode(), nama=f"{keluarga.pk}.csv")
    impor_inti.terapkan(muat, by=by)
    return Penyaluran.objects.get(keluarga=keluarga)


def _rapat(d: Dunia) -> None:
    rapat = d.perjalanan["dimusyawarahkan"].musyawarah
    d.taruh("musyawarah", rapat, DESA)
    d.taruh("putusan", rapat.putusan.first(), DESA)
    d.taruh("peserta", rapat.peserta.first(), DESA)
    sah = d.perjalanan["disepakati"].musyawarah
    d.taruh("musyawarah_sah", sah, DESA)
    d.taruh("berkas_pindaian", sah.pindaian, DESA)
    d.taruh("berkas_berita_acara", sah.berita_acara.berkas, DESA)
    p = sampai("dimusyawarahkan", nomor=12)
    m, by = p.musyawarah, orang("operator")
    rapat_aksi.putuskan(m, by=by, putusan={str(s.pk): {"putusan": "disepakati"} for s in m.putusan.all()})
    m = rapat_aksi.selenggarakan(m, by=by)
    d.taruh("musyawarah_ditandatangani", rapat_aksi.tandatangani(m, by=by, isi=PDF, nama="ba.pdf"), DESA)


def _padan(d: Dunia) -> None:
    d.taruh("tiket", tiket(d.perjalanan["diajukan"].usulan), DESA)
    surat = surat_padan.buat([d.nilai["tiket"]], by=orang("operator"))
    d.taruh("surat_padan", surat_padan.kirim(surat, by=orang("operator"), tanggal=surat.tanggal), DESA)
    d.taruh("ganda", temuan(d.perjalanan["diajukan"].usulan), DESA)
    d.taruh(
        "calon", calon(d.perjalanan["draf"].usulan.keluarga, d.perjalanan["disepakati"].usulan.keluarga), DESA
    )
    semua = Individu.objects.filter(keluarga__wilayah__kode__startswith=DESA).select_related("keluarga")
    d.taruh("batch", padan.minta_batch(by=orang("operator"), wilayah=DESA, orang=semua, asal="uji"), DESA)
    job = Pekerjaan.objects.create(
        jenis="uji", judul="Uji izin", wilayah=KABUPATEN, pemilik_id="", status="parkir"
    )
    d.taruh("pekerjaan", job, KABUPATEN)


def tiket(usulan, kategori: str = "TIDAK_DITEMUKAN") -> TiketPadan:
    satu = usulan.keluarga.anggota.get(hubungan="1")
    padan.catat_hasil(
        satu.pk,
        hasil={"kategori": kategori},
        sidik=padan.identity_fingerprint(satu),
        pekerjaan=None,
        sumber="uji",
    )
    return TiketPadan.objects.get(individu=satu)


def calon(satu, dua) -> CalonGanda:
    """The heads of two families of one desa, as a search would keep them."""
    a, b = sorted((k.anggota.get(hubungan="1").pk for k in (satu, dua)), key=str)
    with transaction.atomic():
        aksi_calon.simpan(
            {(a, b): (75, ("nama_sama", "lahir_sama", "ibu_sama", "nik_beda"), b"uji")}, wilayah=DESA
        )
    return CalonGanda.objects.get(pertama_id=a, kedua_id=b)


def permintaan(nomor: int) -> PermintaanPindah:
    """A family that the next desa is asked to take over."""
    p = sampai("ditarik", nomor=nomor, pengusul="operator")
    catatan = Catatan(timezone.localdate(), "SKPWNI", "SKPWNI/1", "Ikut orang tua")
    return pindah.minta(p.usulan.keluarga, by=orang("operator"), catatan=catatan, ke=DESA2)


def temuan(usulan) -> TemuanGanda | None:
    """The next desa typed the NIK of this family's head."""
    nik = usulan.keluarga.anggota.get(hubungan="1").nik.open()
    return ganda.laporkan(by=orang("operator2"), wilayah=DESA2, nik=nik)


def _rahasia(d: Dunia) -> None:
    """A sensitive PPKS category on a person of the register; its name and its source may be read by PEKSOS only."""
    satu = Individu.objects.get(pk=d.nilai["anggota"])
    umum = KategoriPPKS.objects.filter(sensitif=False).first()
    khusus = KategoriPPKS.objects.filter(sensitif=True).first()
    d.kategori_rahasia = khusus.nama
    d.taruh(
        "ppks",
        register.catat_ppks(satu, by=orang("operator"), kategori=umum, sumber="Pendataan"),
        d.wilayah["anggota"],
    )
    d.taruh(
        "ppks_sensitif",
        register.catat_ppks(satu, by=orang("peksos"), kategori=khusus, sumber=SUMBER_RAHASIA),
        d.wilayah["anggota"],
    )


def _darurat(d: Dunia) -> None:
    """Emergencies in four states, one of the case team, a shift, and a disaster with a family and goods."""
    d.taruh("darurat", darurat(), DESA)
    d.taruh("darurat_peka", darurat(jenis="KEKERASAN"), DESA)
    tksk, satu = orang("tksk"), darurat()
    for nama in ("tanggapi", "tiba"):
        satu = aksi_darurat.langkah(satu, nama, by=tksk)
    bahan = {"jenis": "RS", "tempat": "RSUD dr. Slamet", "alasan": "Pemeriksaan kesehatan"}
    dirujuk = aksi_darurat.langkah(aksi_darurat.langkah(darurat(), "tanggapi", by=tksk), "tiba", by=tksk)
    d.taruh("darurat_dirujuk", aksi_darurat.rujuk(dirujuk, by=tksk, data=bahan), DESA)
    satu = aksi_darurat.rujuk(satu, by=tksk, data=bahan)
    satu = aksi_darurat.jawab_rujukan(satu, by=tksk, diterima=True, penjawab="Perawat jaga", jawaban="")
    d.taruh("darurat_ditangani", satu, DESA)
    d.taruh("rujukan", satu.rujukan.get(), DESA)
    d.taruh("susulan", satu.susulan.get(jenis="IDENTITAS"), DESA)
    laporan = satu.susulan.get(jenis="LAPORAN")
    d.taruh("susulan_berkas", aksi_darurat.susulkan(laporan, by=tksk, catatan="", berkas=[PDF]), DESA)
    d.asing["darurat_ditangani"] = str(darurat(wilayah=DESA2).pk)
    mulai = timezone.now() + timedelta(days=2)
    jaga = aksi_piket.pasang(
        by=orang("supervisor"),
        pengguna=tksk,
        wilayah=KABUPATEN,
        mulai=mulai,
        selesai=mulai + timedelta(hours=12),
    )
    d.taruh("piket", jaga[0], KABUPATEN)
    kejadian = bencana()
    d.taruh("bencana", kejadian, DESA)
    d.taruh("korban", korban(kejadian, 0), DESA)
    serah = aksi_bencana.serahkan(
        kejadian, by=orang("tksk"), barang=[("Beras", 50, "karung")],
        data={"wilayah": DESA, "penerima": "Asep Hidayat", "jabatan": "Lurah", "keluarga_n": 10},
    )  # fmt: skip
    d.taruh("penyerahan", serah, DESA)


def darurat(**lain) -> Kedaruratan:
    data = {
        "jenis": "LANSIA",
        "kanal": "112",
        "wilayah": DESA,
        "lokasi": "Depan pasar",
        "cerita": "Kakek duduk sendiri, lemas.",
    }
    return aksi_darurat.lapor(by=orang("operator"), data=data | lain)[0]


def bencana(n: int = 0) -> KejadianBencana:
    return aksi_bencana.catat(
        by=orang("operator"),
        data={"jenis": "LONGSOR", "wilayah": DESA, "lokasi": f"Kampung {n}", "waktu": timezone.now() - timedelta(hours=n + 1),
              "sumber": "Tagana", "uraian": "Tebing longsor menimpa rumah."},
    )  # fmt: skip


def korban(kejadian: KejadianBencana, n: int) -> KorbanKeluarga:
    return aksi_bencana.catat_korban(
        kejadian, by=orang("operator"),
        data={"wilayah": DESA, "nama_kepala": f"Keluarga {n}", "alamat": "Kampung", "jiwa": 4, "rentan": 1, "meninggal": 0, "luka": 1,
              "rumah": "BERAT", "mengungsi": True, "kebutuhan": ["TENDA"]},
    )  # fmt: skip


def impor(n: int) -> Impor:
    """A small file of the operator, checked and waiting."""
    isi = berkas_v4.xlsx(berkas_v4.keluarga(9000 + n, random.Random(n), berkas_v4.nama_desa(DESA)))
    return impor_inti.unggah(by=orang("operator"), jenis=usulan_v4.JENIS, isi=isi, nama=f"usulan{n}.xlsx")


def _impor(d: Dunia, nomor: range) -> None:
    for n in nomor:
        impor(n)


def _layanan(d: Dunia) -> None:
    """PBI requests in three states, two reviews, two letters."""
    d.taruh("reaktivasi", bantu_layanan.reaktivasi(44), DESA)
    d.taruh("reaktivasi_diajukan", bantu_layanan.reaktivasi_sampai("diajukan", 45), DESA)
    d.taruh("reaktivasi_aktif", bantu_layanan.reaktivasi_sampai("disetujui", 46), DESA)
    d.taruh("tinjauan", bantu_layanan.tinjauan(47), DESA)
    tanya = aksi_tinjauan.langkahkan(
        bantu_layanan.tinjauan(48),
        "tanya_desa",
        by=orang("verifikator"),
        catatan="Apakah masih tinggal di sana?",
    )
    d.taruh("tinjauan_ditanya", tanya, DESA)
    d.taruh("surat", bantu_layanan.surat(49, hubungan="KUASA", surat_kuasa=[PDF]), DESA)
    d.taruh("surat_terbit", bantu_layanan.surat_terbit(43), DESA)

    d.taruh("hak", bantu_hak.minta(90, "PERBAIKAN", daftar=None, uraian="Tanggal lahir keliru."), DESA)
    d.taruh("hak_beku", bantu_hak.minta(95, "BEKU"), DESA)
    d.taruh("hak_jadi", bantu_hak.salinan(91, daftar=None), DESA)
    d.taruh("tahan", bantu_hak.tahan(90, baru=False), DESA)


def _hak(d: Dunia, nomor: range) -> None:
    for n in nomor:
        limits.clear(f"cari_nik:{orang('operator').pk}")
        bantu_hak.minta(n + 700, "PERBAIKAN", uraian="Tanggal lahir keliru.")


def _surat(d: Dunia, nomor: range) -> None:
    for n in nomor:
        limits.clear(f"cari_nik:{orang('operator').pk}")
        bantu_layanan.surat(n + 600)


def _reaktivasi(d: Dunia, nomor: range) -> None:
    for n in nomor:
        limits.clear(f"cari_nik:{orang('operator').pk}")
        bantu_layanan.reaktivasi(n + 600)


def _usul(d: Dunia) -> None:
    """What a citizen proposed: waiting, and one whose proposer wants out."""
    satu, _ = usul_uji.usul()
    d.taruh("usul", satu, DESA)
    d.taruh("foto_usul", satu.foto.get(), DESA)
    d.taruh("usul_mundur", usul_uji.minta_mundur(30)[0], DESA)


def _sanggah(d: Dunia) -> None:
    """One case of an objection in each state that a page asks for; the neighbour is a member of another family."""
    tetangga = bantu_sanggah.warga(d.perjalanan["draf"])
    rapat = d.perjalanan["diinput"].musyawarah
    d.taruh("pengumuman", aksi_pengumuman.umumkan(rapat, by=orang("operator")), DESA)

    def perkara(n: int):
        return bantu_sanggah.kirim_calon(sampai("disepakati", nomor=n), tetangga, tanpa_batas=True)

    baru = perkara(80)
    d.taruh("sanggah", baru, DESA)
    d.taruh("perkara", baru.perkara, DESA)
    hak, _ = aksi_perkara.cetak_surat(
        bantu_sanggah.hak_jawab(perkara(81).perkara, by="verifikator2"), by=orang("operator")
    )
    d.taruh("hak_jawab", hak, DESA)
    for n, nama in ((82, "petugas"), (83, "diperiksa"), (84, "putus")):
        hak, _ = bantu_sanggah.disampaikan(
            bantu_sanggah.hak_jawab(perkara(n).perkara, by="verifikator2"), by="tksk2"
        )
        satu = bantu_sanggah.dijawab(hak)
        if nama != "petugas":
            aksi_perkara.tugaskan(satu, by=orang("verifikator2"), petugas=orang("peksos"))
        if nama == "putus":
            satu = bantu_sanggah.dilaporkan(satu, petugas="peksos")
            d.taruh("foto_perkara", satu.foto.get(), DESA)
        d.taruh(f"perkara_{nama}", satu, DESA)
    lain = Usulan.objects.get(pk=d.asing["usulan_ditugaskan"])
    d.asing["perkara_putus"] = str(bantu_sanggah.kirim_atas(lain, tetangga).perkara_id)
    d.taruh("sanggah_data", bantu_sanggah.data_salah(tetangga), DESA)


def _perkara(d: Dunia, nomor: range) -> None:
    """Each makes one row on the lists of cases, letters, wrong data and publications."""
    tetangga = bantu_sanggah.warga(d.perjalanan["draf"])
    for n in nomor:
        p = sampai("disepakati", nomor=n)
        aksi_pengumuman.umumkan(p.musyawarah, by=orang("operator"))
        satu = bantu_sanggah.kirim_calon(p, tetangga, tanpa_batas=True)
        bantu_sanggah.hak_jawab(satu.perkara, by="verifikator2")
        bantu_sanggah.data_salah(tetangga)


def _lain(d: Dunia) -> None:
    """The other kabupaten has a life of its own; the other desa gives the outer half of a crossed address."""
    sampai(
        "draf",
        nomor=20,
        pengusul="operator.lain",
        operator="operator.lain",
        lurah="lurah.lain",
        desa=DESA_LAIN,
    )
    p = sampai(
        "dimusyawarahkan", nomor=21, pengusul="operator2", operator="operator2", lurah="lurah2", desa=DESA2
    )
    draf = sampai("draf", nomor=22, pengusul="operator2", operator="operator2", lurah="lurah2", desa=DESA2)
    d.asing = {"usulan": str(draf.usulan.pk), "musyawarah": str(p.musyawarah.pk), "usulan_ditugaskan": str(p.usulan.pk),
               "pengguna": str(orang("operator2").pk)}  # fmt: skip


def _bulan(d: Dunia) -> None:
    """Windows of this month and the next ones."""
    periode_aksi.siapkan(KABUPATEN)
    libur = kalender_aksi.tambah_libur(
        by=orang("supervisor"),
        wilayah=KABUPATEN,
        tanggal=kerja.tambah_hari_kerja(KABUPATEN, timezone.localdate(), 3),
        nama="Hari Jadi",
        dasar_hukum="Keputusan Bupati",
    )
    d.taruh("libur", libur, KABUPATEN)
    with transaction.atomic():
        d.taruh(
            "paket",
            files.store(b"PK", jenis=PAKET, nama="paket.zip", mime="application/zip", wilayah=KABUPATEN),
            KABUPATEN,
        )
    d.taruh("periode", Periode.objects.filter(wilayah=KABUPATEN, program="").latest("periode"), KABUPATEN)


def _saluran_rahasia(d: Dunia) -> None:
    """A report on the sealed line of Garut's inspectorate."""
    saluran_rahasia.pasang(orang("inspektorat"), KABUPATEN, "empat-kuda-makan-rumput")
    lapor_rahasia.kirim(
        benih="uji", wilayah=KABUPATEN, isi={"jenis": "pungli", "cerita": "Ada yang meminta uang."}
    )
    d.taruh("laporan_rahasia", LaporanRahasia.objects.get(), KABUPATEN)


def permintaan_data(n: int) -> PermintaanData:
    isi = aksi_serah.IsiPermintaan(f"Instansi {n}", "Siti", "Mencocokkan", f"PKS/{n}", PDF, date(2030, 1, 1))
    program, kab = Program.objects.get(pk="APBD-RTLH"), Wilayah.objects.get(pk=KABUPATEN)
    return aksi_serah.minta(by=orang("supervisor"), program=program, wilayah=kab, isi=isi)


def _serah(d) -> None:
    """A request that waits, and a file that was made for an approved one."""
    d.taruh("serah", permintaan_data(0), KABUPATEN)
    sah = aksi_serah.putus(permintaan_data(1), by=orang("kadis"), setuju=True)
    daftar = daftar_sah("APBD-RTLH", "2026-3", keluarga_banyak(1, awal=9000), layak=1)
    d.taruh("serah_data", aksi_serah.serahkan(sah, by=orang("supervisor"), daftar=daftar), KABUPATEN)


def kunci(n: int) -> KunciApi:
    isi = aksi_kunci.Isi(
        nama=f"Aplikasi {n}", wilayah=[Wilayah.objects.get(pk=KABUPATEN)], cakupan=["register"], tujuan="uji"
    )
    return aksi_kunci.minta(by=orang("admin"), isi=isi)


def izin_unduh(n: int) -> IzinUnduh:
    pokok = aksi_unduh.Pokok("usulan", f"Usulan {n}", str(n), "/usulan/unduh/", False, ("usulan.lihat",))
    return aksi_unduh.minta(by=orang("operator"), pokok=pokok, baris=501, tujuan="rapat koordinasi")


def _akun(d: Dunia) -> None:
    d.taruh("izin_unduh", izin_unduh(0), DESA)
    d.taruh("kunci", kunci(0), KABUPATEN)
    disetujui = aksi_kunci.setujui(kunci(1), by=orang("kadis"))
    d.taruh("kunci_disetujui", disetujui, KABUPATEN)
    langganan = Webhook.objects.create(
        kunci=disetujui, alamat="https://x.test/", peristiwa=["padan.selesai"], status="jeda"
    )
    d.taruh("webhook", langganan, KABUPATEN)
    _serah(d)
    d.taruh("silang", aksi_silang.mulai_register(by=orang("verifikator"), wilayah=DESA, tujuan="uji"), DESA)
    petugas = orang("lurah")
    d.taruh("pengguna", petugas, DESA)
    d.taruh("penugasan", Penugasan.objects.get(pengguna=petugas), DESA)
    for username in PEMAIN:
        client = Client()
        masuk(client, username)
        d.sesi[username] = client.cookies["sesi"].value


def aduan(n: int, desa: str = DESA) -> Aduan:
    """A complaint with a picture."""
    isi = aksi_aduan.Isi(
        kategori=KategoriAduan.objects.get(pk="KKS"), wilayah=desa, cerita=f"Kartu nomor {n} terblokir sejak bulan lalu.", nama="Warga Kota",
        telepon="081234567890", foto=aksi_aduan.simpan_foto([foto((n % 250, 5, 5))]),
    )  # fmt: skip
    return aksi_aduan.kirim(isi)[0]


def _aduan(d: Dunia) -> None:
    """One that is new, and one that lies with the TKSK."""
    baru, serah = aduan(0), aduan(1)
    d.taruh("aduan", baru, DESA)
    d.taruh("aduan_tiket", baru.tiket, DESA)
    d.taruh("aduan_foto", baru.foto.get(), DESA)
    d.asing["aduan"] = str(aduan(2, DESA2).pk)
    v = orang("verifikator")
    serah = aksi_aduan.verifikasi(serah, by=v, kategori=serah.kategori, kelas="pengaduan")
    d.taruh("aduan_tksk", aksi_aduan.disposisi(serah, by=v, petugas=orang("tksk")), DESA)


def perbanyak(d: Dunia, jenis: str, n: int, mulai: int) -> None:
    """Add `n` rows of a kind, from the `mulai`-th family of the invented population on."""
    PEMBUAT[jenis](d, range(mulai, mulai + n))


def _anggota(d: Dunia, nomor: range) -> None:
    usulan = d.perjalanan["draf"].segar()
    lama = Individu.objects.get(pk=d.nilai["anggota"])
    for n in nomor:
        data = {
            k: getattr(lama, k)
            for k in ("tempat_lahir", "tgl_lahir", "jenis_kelamin", "status_kawin", "ibu_kandung")
        }
        data |= {
            "nik": "",
            "tanpa_nik_alasan": "Bayi baru lahir",
            "nama": f"ANGGOTA {n}",
            "hubungan": "3",
            "keberadaan": "1",
        }
        satu = register.simpan_anggota(usulan, by=orang("operator"), data=data)
        kategori = KategoriPPKS.objects.filter(sensitif=False).first()
        register.catat_ppks(satu, by=orang("operator"), kategori=kategori, sumber="Pendataan")


def _pengguna(d: Dunia, nomor: range) -> None:
    for n in nomor:
        satu = Pengguna.objects.create(
            username=f"petugas{n}", nama=f"Petugas {n}", orang=orang("lurah").orang, password="!"
        )
        Penugasan.objects.create(pengguna=satu, peran_id="LURAH", wilayah_id=DESA, berlaku_sejak="2020-01-01")


def _musyawarah(d: Dunia, nomor: range) -> None:
    for n in nomor:
        Perjalanan(nomor=n).rapat()


def _peserta(d: Dunia, nomor: range) -> None:
    rapat = d.perjalanan["dimusyawarahkan"].musyawarah
    for n in nomor:
        rapat_aksi.simpan_peserta(
            rapat,
            by=orang("operator"),
            data={"nama": f"Tamu {n}", "unsur": "tokoh", "jabatan": "", "hadir": True},
        )


def _agenda(d: Dunia, nomor: range) -> None:
    rapat = d.perjalanan["dimusyawarahkan"].musyawarah
    for n in nomor:
        sampai("diajukan", nomor=n)
        langkah.musyawarahkan(
            sampai("diajukan", nomor=n + 400).usulan, by=orang("operator"), musyawarah=rapat
        )


def _ditugaskan(d: Dunia, nomor: range) -> None:
    for n in nomor:
        sampai("ditugaskan", nomor=n)
        sampai("diases", nomor=n + 400)


def _batch(d: Dunia, nomor: range) -> None:
    semua = (
        Individu.objects.filter(keluarga__wilayah__kode__startswith=DESA)
        .select_related("keluarga")
        .order_by("pk")[:1]
    )
    for _ in nomor:
        padan.minta_batch(by=orang("operator"), wilayah=DESA, orang=semua, asal="uji")


def _surat_padan(d: Dunia, nomor: range) -> None:
    for n in nomor:
        limits.clear(f"buka:{orang('operator').pk}")  # each letter reveals its numbers; a day has fewer
        surat_padan.buat([tiket(sampai("diajukan", nomor=n).usulan).pk], by=orang("operator"))


def _pemberitahuan(d: Dunia, nomor: range) -> None:
    for pengguna in Pengguna.objects.filter(username__in=PEMAIN):
        Pemberitahuan.objects.bulk_create(
            Pemberitahuan(pengguna=pengguna, kalimat=f"Kabar {n}", tautan="/usulan/") for n in nomor
        )


def _pekerjaan(d: Dunia, nomor: range) -> None:
    for pengguna in Pengguna.objects.filter(username__in=PEMAIN):
        Pekerjaan.objects.bulk_create(
            Pekerjaan(jenis="uji", judul=f"Uji {n}", wilayah=KABUPATEN, pemilik_id=str(pengguna.pk))
            for n in nomor
        )


def _foto(d: Dunia, nomor: range) -> None:
    for n in nomor:
        register.tambah_foto(
            d.perjalanan["draf"].segar(), by=orang("operator"), jenis="rumah_depan", isi=foto((n % 250, 9, 9))
        )


def _garis_sampai(*status: str):
    def buat(d: Dunia, nomor: range) -> None:
        for n in nomor:
            for k, satu in enumerate(status):
                sampai(satu, nomor=n + 100 * k)

    return buat


PEMBUAT = {
    "kedaruratan": lambda d, nomor: [darurat() for _ in nomor],
    "bencana": lambda d, nomor: [bencana(n) for n in nomor],
    "korban": lambda d, nomor: [korban(KejadianBencana.objects.get(pk=d.nilai["bencana"]), n) for n in nomor],
    "aduan": lambda d, nomor: [aduan(n) for n in nomor],
    "impor": _impor,
    "usulan": _garis_sampai("draf"),
    "anggota": _anggota,
    "pengguna": _pengguna,
    "musyawarah": _musyawarah,
    "peserta": _peserta,
    "diajukan": _agenda,
    "tiket": lambda d, nomor: [tiket(sampai("diajukan", nomor=n).usulan) for n in nomor],
    "surat_padan": _surat_padan,
    "calon": lambda d, nomor: [
        calon(d.perjalanan["draf"].usulan.keluarga, sampai("draf", nomor=n).usulan.keluarga) for n in nomor
    ],
    "ganda": lambda d, nomor: [temuan(sampai("draf", nomor=n).usulan) for n in nomor],
    "batch": _batch,
    "pindah": lambda d, nomor: [permintaan(n) for n in nomor],
    "ditugaskan": _ditugaskan,
    "diinput": _garis_sampai("diinput"),
    "pengesahan": _garis_sampai("disahkan"),
    "kelayakan": _garis_sampai("ditetapkan"),
    "pemberitahuan": _pemberitahuan,
    "pekerjaan": _pekerjaan,
    "foto": _foto,
    "kunci": lambda d, nomor: [kunci(n) for n in nomor],
    "serah": lambda d, nomor: [permintaan_data(n) for n in nomor],
    "izin_unduh": lambda d, nomor: [izin_unduh(n) for n in nomor],
    "usul": lambda d, nomor: [usul_uji.usul(pengusul_nik="") for _ in nomor],
    "perkara": _perkara,
    "reaktivasi": _reaktivasi,
    "surat": _surat,
    "hak": _hak,
    "tinjauan": lambda d, nomor: [bantu_layanan.tinjauan(n + 600) for n in nomor],
    "penyaluran": lambda d, nomor: [salur(sampai("ditetapkan", nomor=n).usulan.keluarga) for n in nomor],
}
