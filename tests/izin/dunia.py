"""One of everything in Garut, made through the real actions: what the routes of `rute.yaml` take as examples."""

import re
from dataclasses import dataclass, field

from django.test import Client

from accounts.models import Pemberitahuan, Pengguna, Penugasan
from core.models import Pekerjaan
from dtks.actions import ganda, padan
from dtks.actions import keluarga as register
from dtks.actions import musyawarah as rapat_aksi
from dtks.actions import usulan as langkah
from dtks.models import FotoKeluarga, Individu, KategoriPPKS, Keluarga, TemuanGanda, TiketPadan
from tests.bantu.alur import PDF, Perjalanan, foto, orang, sampai
from tests.bantu.pemain import DESA, DESA2, DESA_LAIN, KABUPATEN, PEMAIN

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
    _lain(d)
    _akun(d)
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
    tugas = d.perjalanan["ditugaskan"]
    tugas.asesmen()
    gambar = tugas.usulan.asesmen.get().foto.get()
    d.taruh("foto_asesmen", gambar, tugas.usulan.wilayah_id)
    d.taruh("berkas_asesmen", gambar.berkas, tugas.usulan.wilayah_id)
    d.taruh("pengesahan", d.perjalanan["disahkan"].pengesahan, KABUPATEN)
    d.taruh("pengesahan_dikirim", d.perjalanan["dikirim"].pengesahan, KABUPATEN)
    rw_lain = sampai("draf", nomor=23, pengusul="operator").usulan
    d.taruh("usulan_rw_lain", rw_lain, rw_lain.wilayah_id)
    d.taruh("keluarga_rw_lain", rw_lain.keluarga, rw_lain.wilayah_id)
    sk = d.perjalanan["ditetapkan"].penetapan
    d.taruh("penetapan", sk, KABUPATEN)
    d.taruh("dokumen", sk.dokumen.kode, KABUPATEN)
    d.taruh("berkas_sk", sk.dokumen.berkas, KABUPATEN)


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
    d.taruh("ganda", temuan(d.perjalanan["diajukan"].usulan), DESA)
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


def _akun(d: Dunia) -> None:
    petugas = orang("lurah")
    d.taruh("pengguna", petugas, DESA)
    d.taruh("penugasan", Penugasan.objects.get(pengguna=petugas), DESA)
    for username in PEMAIN:
        client = Client()
        client.force_login(
            Pengguna.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend"
        )
        d.sesi[username] = client.cookies["sesi"].value


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
    "usulan": _garis_sampai("draf"),
    "anggota": _anggota,
    "pengguna": _pengguna,
    "musyawarah": _musyawarah,
    "peserta": _peserta,
    "diajukan": _agenda,
    "tiket": lambda d, nomor: [tiket(sampai("diajukan", nomor=n).usulan) for n in nomor],
    "ganda": lambda d, nomor: [temuan(sampai("draf", nomor=n).usulan) for n in nomor],
    "batch": _batch,
    "ditugaskan": _ditugaskan,
    "diinput": _garis_sampai("diinput"),
    "pengesahan": _garis_sampai("disahkan"),
    "kelayakan": _garis_sampai("ditetapkan"),
    "pemberitahuan": _pemberitahuan,
    "pekerjaan": _pekerjaan,
    "foto": _foto,
}
