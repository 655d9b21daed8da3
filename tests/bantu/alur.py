"""Taking a family along the line through the real actions, to any state: `sampai('diases')`."""

import io
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone
from PIL import Image

from accounts.models import Pengguna
from bansos.actions import penetapan as aksi_penetapan
from bansos.actions import pengesahan as aksi_pengesahan
from bansos.models import Penetapan, Pengesahan, Program
from core.integrations.dukcapil.population import Family, Population
from dtks.actions import asesmen as aksi_asesmen
from dtks.actions import keluarga as register
from dtks.actions import musyawarah as rapat_aksi
from dtks.actions import padan
from dtks.actions import usulan as langkah
from dtks.models import AlasanLangkah, Individu, KodeAcuan, Musyawarah, Usulan
from tests.bantu import rekaman
from tests.bantu.pemain import DESA, PEMAIN

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
HUBUNGAN = {
    "KEPALA KELUARGA": "1",
    "ISTRI": "2",
    "SUAMI": "2",
    "ANAK": "3",
    "MENANTU": "4",
    "CUCU": "5",
    "ORANG TUA": "6",
    "MERTUA": "6",
}
KAWIN = {"BELUM KAWIN": "1", "KAWIN": "2", "CERAI HIDUP": "3", "CERAI MATI": "4"}
_population: list[Family] = []


def keluarga_uji(n: int) -> Family:
    """The n-th family of the invented population whose members all match."""
    if not _population:
        _population.extend(
            f for f in Population(families=2000).families() if all(m.kasus == "padan" for m in f.members)
        )
    return _population[n]


def foto(warna: tuple[int, int, int] = (90, 120, 80)) -> bytes:
    keluar = io.BytesIO()
    Image.new("RGB", (640, 480), warna).save(keluar, "JPEG")
    return keluar.getvalue()


def orang(username: str) -> Pengguna:
    """Fresh from the database, as a request would load it."""
    return Pengguna.objects.get(username=username)


def isi_individu(person, kepala: bool = False) -> dict:
    return {
        "nik": person.nik, "nama": person.nama, "tempat_lahir": person.tempat_lahir, "tgl_lahir": person.tanggal_lahir,
        "jenis_kelamin": "1" if person.jenis_kelamin.upper().startswith("L") else "2",
        "hubungan": "1" if kepala else HUBUNGAN.get(person.hubungan, "8"), "status_kawin": KAWIN.get(person.status_kawin, "1"),
        "ibu_kandung": person.nama_ibu, "partisipasi_sekolah": "3", "bekerja": True, "keberadaan": "1", "lapangan_usaha": "1",
        "status_kerja": "6", "pendapatan": "2", "hamil": False, "gizi": "3",
    }  # fmt: skip


@dataclass
class Perjalanan:
    """One family on the line. Each method takes the next step as the person whose job it is."""

    nomor: int = 0
    desa: str = DESA
    program: str = "PKH"
    jalur: str = "REGULER"
    pengusul: str = "rtrw"
    operator: str = "operator"
    lurah: str = "lurah"
    usulan: Usulan = field(init=False)
    pin: str = ""

    def segar(self) -> Usulan:
        self.usulan = Usulan.objects.get(pk=self.usulan.pk)
        return self.usulan

    def draf(self) -> Usulan:
        keluarga = keluarga_uji(self.nomor)
        kepala, *lain = keluarga.told
        by = orang(self.pengusul)
        wilayah = PEMAIN[self.pengusul][1] or self.desa
        baris = register.buat(
            by=by, wilayah=wilayah if wilayah.startswith(self.desa) else self.desa,
            data={"no_kk": keluarga.kk, "alamat": keluarga.alamat, "rt": keluarga.rt, "rw": keluarga.rw},
            kepala=isi_individu(kepala, kepala=True),
        )  # fmt: skip
        self.usulan, self.pin = langkah.buat(by=by, keluarga=baris, program=self.program, jalur=self.jalur)
        for anggota in lain:
            register.simpan_anggota(self.usulan, by=by, data=isi_individu(anggota))
        return self.segar()

    def diajukan(self) -> Usulan:
        self.draf()
        langkah.ajukan(self.usulan, by=orang(self.pengusul))
        return self.segar()

    def rapat(self) -> Musyawarah:
        """A scheduled meeting of the desa with everybody present."""
        unsur = list(KodeAcuan.objects.filter(daftar="unsur").values_list("kode", flat=True))
        return rapat_aksi.jadwalkan(
            by=orang(self.operator), wilayah=self.desa,
            data={"jenis": "MUSKEL", "waktu": timezone.now() - timedelta(hours=3), "tempat": "Aula kelurahan", "pimpinan": "Asep Hidayat",
                  "notulis": "Siti Rohmah", "agenda": "Usulan baru"},
            peserta=[{"nama": f"Wakil {u}", "unsur": u, "hadir": True} for u in unsur],
        )  # fmt: skip

    def dimusyawarahkan(self) -> Usulan:
        self.diajukan()
        self.musyawarah = self.rapat()
        langkah.musyawarahkan(self.usulan, by=orang(self.operator), musyawarah=self.musyawarah)
        return self.segar()

    def berita_acara_sah(self) -> Musyawarah:
        m, by = self.musyawarah, orang(self.operator)
        rapat_aksi.putuskan(m, by=by, putusan={str(p.pk): {"putusan": "disepakati"} for p in m.putusan.all()})
        m = rapat_aksi.selenggarakan(m, by=by)
        m = rapat_aksi.tandatangani(m, by=by, isi=PDF, nama="ba.pdf")
        self.musyawarah = rapat_aksi.setujui(m, by=orang(self.lurah))
        return self.musyawarah

    def disepakati(self) -> Usulan:
        self.dimusyawarahkan()
        self.berita_acara_sah()
        langkah.sepakati(self.usulan, by=orang(self.operator))
        return self.segar()

    def lengkapi(self) -> None:
        by = orang(self.operator)
        register.simpan_rumah(
            self.usulan, by=by,
            data={"status_rumah": "1", "luas_lantai": 36, "lantai": "8", "dinding": "4", "atap": "2", "air_minum": "5", "jarak_limbah": "1",
                  "penerangan": "1", "daya": "450", "memasak": "10", "bab": "6"},
        )  # fmt: skip
        jenis = KodeAcuan.objects.filter(daftar="aset").values_list("kode", flat=True)
        register.simpan_aset(self.usulan, by=by, jumlah=dict.fromkeys(jenis, 0))
        register.tambah_foto(self.usulan, by=by, jenis="rumah_depan", isi=foto())

    def padankan(self, kategori: str = "PADAN") -> None:
        """The registry's answer for every member, as the queue would record it."""
        for satu in Individu.objects.filter(keluarga=self.usulan.keluarga, aktif=True).exclude(nik=None):
            padan.catat_hasil(
                satu.pk,
                hasil={"kategori": kategori},
                sidik=padan.identity_fingerprint(satu),
                pekerjaan=None,
                sumber="uji",
            )

    def diinput(self) -> Usulan:
        self.disepakati()
        self.lengkapi()
        langkah.input(self.usulan, by=orang(self.operator))
        return self.segar()

    def ditugaskan(self) -> Usulan:
        self.diinput()
        self.padankan()
        langkah.tugaskan(self.usulan, by=orang("verifikator2"), petugas=orang("tksk"))
        return self.segar()

    def diases(self) -> Usulan:
        self.ditugaskan()
        self.asesmen()
        langkah.ases(self.usulan, by=orang("tksk"))
        return self.segar()

    def asesmen(self, kesimpulan: str = "layak") -> None:
        by = orang("tksk")
        jawaban = dict.fromkeys(
            (
                "tidak_bekerja",
                "khawatir_makan",
                "makan_dominan",
                "tanpa_pakaian",
                "lantai_tanah",
                "dinding_buruk",
                "tanpa_jamban",
                "listrik_450",
            ),
            True,
        )
        aksi_asesmen.simpan(
            self.usulan,
            by=by,
            data={
                "tanggal": timezone.localdate(),
                "kunjungan": "1",
                "kesimpulan": kesimpulan,
                "tanpa_benturan": True,
                **jawaban,
            },
        )
        aksi_asesmen.tambah_foto(self.usulan, by=by, isi=foto())

    def terverifikasi(self) -> Usulan:
        self.diases()
        langkah.verifikasi(self.usulan, by=orang("verifikator"))
        return self.segar()

    def disahkan(self) -> Usulan:
        self.terverifikasi()
        self.pengesahan: Pengesahan = aksi_pengesahan.sahkan([self.usulan.pk], by=orang("kadis"))
        return self.segar()

    def dikirim(self) -> Usulan:
        self.disahkan()
        aksi_pengesahan.kirim(self.pengesahan, by=orang("supervisor"), tanda_terima=f"TT-{self.usulan.tiket}")
        return self.segar()

    def _tetapkan(self, hasil: str, alasan: str = "") -> Usulan:
        self.dikirim()
        program = Program.objects.get(pk=self.program)
        apbd = program.sumber == "APBD"
        self.penetapan: Penetapan = aksi_penetapan.tetapkan(
            by=orang("kadis" if apbd else "pusdatin"), program=program, wilayah="32.05",
            putusan={str(self.usulan.pk): aksi_penetapan.Putusan(hasil, alasan)}, nomor="" if apbd else f"{self.usulan.tiket}/HUK/2026",
        )  # fmt: skip
        return self.segar()

    def ditetapkan(self) -> Usulan:
        return self._tetapkan("ditetapkan")

    def tidak_ditetapkan(self) -> Usulan:
        return self._tetapkan("tidak_ditetapkan", alasan_pertama("tidak_ditetapkan"))

    def daftar_tunggu(self) -> Usulan:
        return self._tetapkan("daftar_tunggu", alasan_pertama("daftar_tunggu"))

    def ditolak(self) -> Usulan:
        self.diajukan()
        langkah.tolak(self.usulan, by=orang(self.operator), alasan=alasan_pertama("tolak"))
        return self.segar()

    def ditunda(self) -> Usulan:
        self.diajukan()
        langkah.tunda(self.usulan, by=orang(self.operator), alasan=alasan_pertama("tunda"))
        return self.segar()

    def ditarik(self) -> Usulan:
        self.draf()
        langkah.tarik(self.usulan, by=orang(self.pengusul), alasan=alasan_pertama("tarik"))
        return self.segar()


def alasan_pertama(nama: str) -> str:

    return (
        AlasanLangkah.objects.filter(langkah=nama, aktif=True)
        .order_by("urut")
        .values_list("pk", flat=True)[0]
    )


def sampai(status: str, nomor: int = 0, **opsi) -> Perjalanan:
    """A journey whose proposal stands in `status`: walked, or put back as another test of the run walked it (`rekaman`)."""
    return rekaman.pakai(
        "sampai", {"status": status, "nomor": nomor, **opsi}, lambda: jalani(status, nomor, **opsi)
    )


def jalani(status: str, nomor: int = 0, **opsi) -> Perjalanan:
    """The same, always walked."""
    p = Perjalanan(nomor=nomor, **opsi)
    getattr(p, status)()
    assert p.usulan.status == status
    return p
