"""The play: the cast takes every proposal as far as `rencana` says, by the same actions that the screens call.

Everything happens now and in one database transaction: a demo is there as a whole or not at all. After each act the
deferred triggers run (`_segel`), so the audit chain has one link per act, as in daily use.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Pengguna
from bansos.actions import batch, pengesahan
from bansos.actions import penetapan as sk
from bansos.models import Pengesahan, Program
from core import audit
from core.integrations.dukcapil.population import Family
from core.models import Pekerjaan
from dtks.actions import asesmen, ganda, musyawarah, padan, periode, usulan
from dtks.actions import keluarga as register
from dtks.models import Individu, KategoriPPKS, Musyawarah, TiketPadan, Usulan
from portal.actions import desil
from portal.demo import (
    aduan,
    daftar,
    dukcapil,
    kedaruratan,
    kunci,
    kuota,
    layanan,
    pemeran,
    rahasia,
    rekaan,
    rencana,
    salur,
    serah,
    tempat,
    warga,
)
from wilayah.kode import kabupaten_dari

MARKA = "isi_demo"
_UNSUR = ("RT_RW", "KPM", "BABINSA", "KADES_LURAH", "OPERATOR")
_BATCH = 40  # below the rule 'batch.maks'


@dataclass
class Kasus:
    rencana: rencana.Rencana
    family: Family
    desa: int
    pembuat: Pengguna
    wilayah: str
    usulan: Usulan | None = None
    petugas: Pengguna | None = None

    @property
    def u(self) -> Usulan:
        assert self.usulan is not None
        return self.usulan


def isi(*, jumlah: int, kabupaten: str, seed: int, kata: Callable[[str], None]) -> dict[str, int]:
    """Make the cast and `jumlah` families. Returns proposals per state. Raises tempat.TempatKurang."""
    di = tempat.buat(kabupaten, seed)
    with transaction.atomic():
        akun, rw = pemeran.buat(di)
        _segel()
        kata(f"{len(akun)} akun dibuat.")
        Lakon(di, akun, rw.kode, kata).mainkan(rencana.susun(jumlah))
        kata(f"{aduan.mainkan(akun, di.desa[0].kode, _segel)} aduan dibuat.")
        warga.isi(akun, di.desa[0].kode, _segel)
        kata(f"{layanan.mainkan(akun, di.desa[0].kode, _segel)} urusan PBI, surat, dan tinjauan dibuat.")
        kata(f"{salur.mainkan(akun, kabupaten, _segel)} pembayaran dimuat.")
        kata(f"{kunci.mainkan(akun, kabupaten, _segel)} kunci API diminta.")
        kata(f"{serah.mainkan(akun, kabupaten, _segel)} permintaan data dicatat.")
        kata(
            f"{kuota.mainkan(akun, kabupaten, di.desa[0].kode, _segel)} orang tercatat di daftar pengecualian; kuota dibuat."
        )
        kata(f"{daftar.mainkan(akun, di.desa[0].kode, _segel)} daftar kelayakan dihitung.")
        _jadwal((kabupaten, kabupaten_dari(di.desa_lain.kode)))
        rahasia.contoh(akun, kabupaten, pemeran.SANDI)
        _segel()
        _lama_disampaikan()
        audit.catat(
            aksi=MARKA,
            jenis="portal.Demo",
            by=None,
            wilayah=kabupaten,
            rincian={"keluarga": jumlah, "seed": seed},
        )
    hitung: dict[str, int] = defaultdict(int)
    for status in Usulan.objects.values_list("status", flat=True):
        hitung[status] += 1
    return dict(hitung)


def _lama_disampaikan() -> None:
    """A year of acts in one moment would greet each visitor with eighty notices: most count as told long ago."""
    for jenis, tiap in ((usulan.NOTICE, 12), (batch.NOTICE, 4)):
        rows = Pekerjaan.objects.filter(jenis=jenis, status=Pekerjaan.Status.MENUNGGU)
        semua = list(rows.order_by("created_at", "pk").values_list("pk", flat=True))
        lewat = [pk for n, pk in enumerate(semua, 1) if n % tiap]
        Pekerjaan.objects.filter(pk__in=lewat).update(
            status=Pekerjaan.Status.SELESAI, hasil={"demo": "dianggap sudah disampaikan"}
        )


def _jadwal(kabupaten: Iterable[str]) -> None:
    """The windows of these months come last: what is then past its closing moment moves on, with its sentence, as each month."""
    for kode in kabupaten:
        periode.siapkan(kode)
        _segel()
        while periode.gulirkan(kode, putaran=uuid4()):
            _segel()


def _segel() -> None:
    """End of an act: the deferred triggers of this transaction run now and seal what it did."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate; set constraints all deferred")


class Lakon:
    def __init__(
        self, di: tempat.Tempat, akun: dict[str, Pengguna], rw: str, kata: Callable[[str], None]
    ) -> None:
        self.di, self.akun, self.rw, self.kata = di, akun, rw, kata
        self.penduduk = dukcapil.Penduduk([f for families in di.keluarga.values() for f in families])
        self.hari = timezone.localdate()
        self.operator = [akun[n] for n in ("operator", "operator2", "operator3", "operator4")]
        self.lurah = [akun[n] for n in ("lurah", "lurah2", "lurah3", "lurah4")]
        self.kasus: list[Kasus] = []

    def mainkan(self, rencana_: list[rencana.Rencana]) -> None:
        self.kasus = self._bagikan(rencana_)
        for kasus in self.kasus:
            self._daftar(kasus)
        self._jawab_dukcapil()
        self.kata(f"{len(self.kasus)} keluarga dicatat dan NIK-nya dicek.")
        self._desil()
        self._ajukan()
        self._musyawarah()
        self._input()
        self._lapangan()
        self._perbaiki_padan()
        self._verifikasi()
        self._pengesahan()
        self._penetapan()
        self._lain_lain()
        self._jawab_dukcapil()

    # --- who, where -------------------------------------------------------------------------------

    def _bagikan(self, daftar: list[rencana.Rencana]) -> list[Kasus]:
        """Give every plan a family: half of them in the first village, matching ones where the end needs it."""
        kolam = [self._kolam(i) for i in range(len(self.di.desa))]
        hasil = []
        for nomor, satu in enumerate(daftar):
            desa = (0, 1, 0, 2, 0, 3)[nomor % 6]
            desa = next(i for i in (desa, 1, 2, 3, 0) if len(kolam[i]) > 12)
            family = self._pilih(kolam[desa], satu, nomor)
            kolam[desa].remove(family)
            milik_rw = desa == 0 and family.rw == self.di.rw and satu.jalur == "REGULER"
            pembuat = self.akun["rtrw"] if milik_rw else self.operator[desa]
            wilayah = self.rw if milik_rw else family.desa.kode
            hasil.append(Kasus(satu, family, desa, pembuat, wilayah))
        return hasil

    def _kolam(self, desa: int) -> list[Family]:
        """Families of a village; in the first one every fourth is of the RW of `rtrw`."""
        families = self.di.keluarga[self.di.desa[desa].kode][:-6]  # the last ones stay for visitors to try
        if desa:
            return list(families)
        sendiri = [f for f in families if f.rw == self.di.rw]
        tetangga = [f for f in families if f.rw != self.di.rw]
        campur: list[Family] = []
        for nomor, family in enumerate(tetangga):
            campur += [sendiri.pop(0)] if nomor % 3 == 0 and sendiri else []
            campur.append(family)
        return campur

    def _pilih(self, kolam: list[Family], satu: rencana.Rencana, nomor: int) -> Family:
        kasus = {
            "kecuali": {"hilang", "nonaktif", "pindah", "ganda", "nama_beda_sedikit"},
            "perbaikan": {"nama_beda_jauh", "nama_beda_sedikit", "tanggal_beda"},
        }.get(satu.lewat)
        if kasus is not None:
            ya = (f for f in kolam if _masalah(f) and _masalah(f) <= kasus)
        elif satu.perlu_padan or nomor // 2 % 2 == 0:
            ya = (f for f in kolam if not _masalah(f) and (satu.lewat != "tanpa_nik" or len(f.members) > 2))
        else:
            ya = (f for f in kolam if _masalah(f))
        return next(ya, kolam[0])

    # --- the line ---------------------------------------------------------------------------------

    def _daftar(self, kasus: Kasus) -> None:
        """The form: family, members, dwelling, assets, photo. A draft may be left half empty."""
        family, by = kasus.family, kasus.pembuat
        kepala, *lain = family.told
        keluarga = register.buat(
            by=by,
            wilayah=kasus.wilayah,
            data=rekaan.keluarga(family),
            kepala=rekaan.individu(kepala, self.hari),
        )
        kasus.usulan, _ = usulan.buat(
            by=by,
            keluarga=keluarga,
            program=kasus.rencana.program,
            jalur=kasus.rencana.jalur,
            alasan_usul="Penghasilan tidak tetap dan rumah perlu perbaikan.",
        )
        if kasus.rencana.lewat == "kosong":
            _segel()
            return
        for nomor, person in enumerate(lain):
            data = rekaan.individu(person, self.hari)
            if kasus.rencana.lewat == "tanpa_nik" and nomor == len(lain) - 1:
                data |= {"nik": "", "tanpa_nik_alasan": "BAYI", "tgl_lahir": self.hari - timedelta(days=60)}
                data |= {
                    "hubungan": "3",
                    "status_kawin": "1",
                    "partisipasi_sekolah": "1",
                    "ijazah": "",
                    "gizi": "3",
                }
                data = {
                    k: v
                    for k, v in data.items()
                    if k not in ("bekerja", "lapangan_usaha", "status_kerja", "pendapatan")
                }
            register.simpan_anggota(kasus.u, by=by, data=data)
        register.simpan_rumah(kasus.u, by=by, data=rekaan.rumah(family))
        register.simpan_aset(kasus.u, by=by, jumlah=rekaan.aset(family))
        register.tambah_foto(kasus.u, by=by, jenis="rumah_depan", isi=rekaan.foto(int(family.kk[-4:])))
        _segel()

    def _ajukan(self) -> None:
        for kasus in self._yang("diajukan"):
            kasus.usulan = usulan.ajukan(kasus.u, by=kasus.pembuat)
            _segel()
            if kasus.rencana.lewat == "tarik":
                usulan.tarik(kasus.u, by=kasus.pembuat, alasan="PERMINTAAN_KELUARGA")
                _segel()

    def _musyawarah(self) -> None:
        """Per village: one meeting with approved minutes, one waiting for the lurah, one still to come."""
        for desa in range(len(self.di.desa)):
            sini = [
                k
                for k in self._yang("dimusyawarahkan")
                if k.desa == desa and k.rencana.jalur != "KEDARURATAN"
            ]
            menunggu = [k for k in sini if k.rencana.lewat == "tunggu_lurah"]
            nanti = [k for k in sini if k.rencana.akhir == "dimusyawarahkan" and k not in menunggu]
            selesai = [k for k in sini if k not in menunggu and k not in nanti]
            if selesai:
                rapat = self._tutup(self._rapat(desa, selesai, 0), selesai, desa)
                rapat = musyawarah.setujui(rapat, by=self.lurah[desa])
                _segel()
                musyawarah.terapkan_putusan(rapat, by=self.operator[desa])
                _segel()
            if menunggu:
                self._tutup(self._rapat(desa, menunggu, 0), menunggu, desa)
            if nanti:
                self._rapat(desa, nanti, 3)
        batal = self._rapat(0, [], 6)
        musyawarah.batalkan(batal, by=self.operator[0], alasan="DIGABUNG")
        _segel()
        for kasus in self._yang("dimusyawarahkan", jalur="KEDARURATAN"):
            by = self.operator[kasus.desa]
            kasus.usulan = usulan.musyawarahkan(kasus.u, by=by, catatan="Rumah rusak karena banjir.")
            kasus.usulan = usulan.sepakati(kasus.u, by=by, catatan="Disepakati lewat rapat darurat desa.")
            _segel()

    def _rapat(self, desa: int, bahasan: list[Kasus], hari_lagi: int) -> Musyawarah:
        tempat_, operator = self.di.desa[desa], self.operator[desa]
        kelurahan = tempat_.kode[9] == "1"
        rapat = musyawarah.jadwalkan(
            by=operator,
            wilayah=tempat_.kode,
            data={
                "jenis": "MUSKEL" if kelurahan else "MUSDES",
                "waktu": timezone.now() + timedelta(days=hari_lagi),
                "tempat": f"Aula Kantor {'Kelurahan' if kelurahan else 'Desa'} {tempat_.nama.title()}",
                "pimpinan": self.lurah[desa].nama,
                "notulis": operator.nama,
                "agenda": "Membahas usulan keluarga untuk DTKS",
            },
            peserta=self._undangan(desa),
        )
        for kasus in bahasan:
            kasus.usulan = usulan.musyawarahkan(kasus.u, by=operator, musyawarah=rapat)
        _segel()
        return rapat

    def _undangan(self, desa: int) -> Iterable[dict[str, Any]]:
        warga = [f.members[0].told.nama.title() for f in self.di.keluarga[self.di.desa[desa].kode][-6:]]
        orang = [warga[0], warga[1], warga[2], self.lurah[desa].nama, self.operator[desa].nama]
        yield from ({"nama": nama, "unsur": unsur} for nama, unsur in zip(orang, _UNSUR, strict=True))
        yield {"nama": warga[3], "unsur": "TOKOH", "jabatan": "Tokoh masyarakat"}

    def _tutup(self, rapat: Musyawarah, bahasan: list[Kasus], desa: int) -> Musyawarah:
        """Attendance, a verdict for each name, the minutes, and their signed scan."""
        operator = self.operator[desa]
        musyawarah.catat_hadir(
            rapat, by=operator, hadir=[str(p.pk) for p in rapat.peserta.exclude(unsur="TOKOH")]
        )
        akhir = {k.u.pk: k.rencana for k in bahasan}
        putusan = {str(p.pk): _putusan(akhir[p.usulan_id]) for p in rapat.putusan.all()}
        musyawarah.putuskan(rapat, by=operator, putusan=putusan)
        rapat = musyawarah.selenggarakan(rapat, by=operator)
        scan = rekaan.pindaian(
            f"Berita acara {rapat.nomor}", [f"{k.family.members[0].told.nama}" for k in bahasan]
        )
        rapat = musyawarah.tandatangani(rapat, by=operator, isi=scan, nama="berita-acara.pdf")
        _segel()
        return rapat

    def _input(self) -> None:
        for kasus in self._yang("diinput"):
            by = self.operator[kasus.desa]
            kasus.usulan = usulan.input(kasus.u, by=by)
            _segel()
            if kasus.rencana.lewat == "kembali":
                verifikator = self.akun["verifikator"]
                usulan.kembalikan(kasus.u, by=verifikator, tujuan="draf", alasan="FOTO_TIDAK_JELAS")
                _segel()
            if kasus.rencana.lewat == "lanjut":
                verifikator, supervisor = self.akun["verifikator"], self.akun["supervisor"]
                usulan.tunda(kasus.u, by=verifikator, alasan="TUNGGU_DOKUMEN")
                usulan.lanjutkan(kasus.u, by=supervisor)
                _segel()

    def _lapangan(self) -> None:
        """An officer of the kecamatan is sent, visits, and concludes."""
        for nomor, kasus in enumerate(self._yang("ditugaskan")):
            kasus.petugas = self._petugas(kasus, nomor)
            kasus.usulan = usulan.tugaskan(kasus.u, by=self.akun["verifikator"], petugas=kasus.petugas)
            _segel()
        for kasus in self._yang("diases"):
            petugas = kasus.petugas
            assert petugas is not None
            ditolak = kasus.rencana.akhir == "ditolak"
            jawaban = rekaan.asesmen(kasus.family, "tidak_layak" if ditolak else "layak", self.hari)
            asesmen.simpan(kasus.u, by=petugas, data=jawaban)
            asesmen.tambah_foto(kasus.u, by=petugas, isi=rekaan.foto(int(kasus.family.kk[-4:]) + 40))
            kasus.usulan = usulan.ases(kasus.u, by=petugas)
            _segel()
            if kasus.rencana.lewat != "asesmen":
                continue
            if ditolak:
                usulan.tolak(kasus.u, by=self.akun["verifikator"], alasan="MAMPU")
            else:
                usulan.tunda(kasus.u, by=self.akun["verifikator2"], alasan="TUNGGU_DUKCAPIL")
            _segel()

    def _petugas(self, kasus: Kasus, nomor: int) -> Pengguna:
        if kasus.desa == 3:
            return self.akun["tksk2"]
        return self.akun[("tksk", "tksk", "pendamping", "peksos")[nomor % 4]]

    def _perbaiki_padan(self) -> None:
        """Some do not match: the village corrects from the card, or two persons waive; the rest stays in the queue."""
        for kasus in self.kasus:
            tiket = (
                TiketPadan.objects.terbuka()
                .filter(individu__keluarga=kasus.u.keluarga)
                .select_related("individu")
            )
            for satu in tiket:
                if kasus.rencana.lewat == "perbaikan":
                    self._betulkan(satu, kasus.family)
                elif kasus.rencana.lewat == "kecuali":
                    alasan = "Warga dikenal RT dan tinggal di sini; berkas sedang diurus di Disdukcapil."
                    padan.minta_kecuali(satu, by=self.operator[kasus.desa], alasan=alasan)
                    padan.setujui_kecuali(satu, by=self.akun["supervisor"])
                _segel()
        self._jawab_dukcapil()
        tersisa = (
            TiketPadan.objects.terbuka()
            .filter(wilayah_id=self.di.desa[0].kode)
            .order_by("created_at")
            .first()
        )
        if tersisa is not None:
            padan.minta_kecuali(
                tersisa, by=self.operator[0], alasan="Nama di KTP lama berbeda dengan KK baru."
            )
            _segel()

    def _betulkan(self, tiket: TiketPadan, family: Family) -> None:
        nik = tiket.individu.nik.open()
        record = next(m.record for m in family.members if m.told.nik == nik)
        assert record is not None
        data = {"nama": record.person.nama, "tgl_lahir": record.person.tanggal_lahir}
        padan.perbaiki(tiket, by=self.akun["dukcapil"], data=data, catatan="Sesuai KTP-el.")

    def _verifikasi(self) -> None:
        for nomor, kasus in enumerate(self._yang("terverifikasi")):
            by = self.akun["verifikator" if nomor % 3 else "verifikator2"]
            kasus.usulan = usulan.verifikasi(kasus.u, by=by)
            _segel()

    def _pengesahan(self) -> None:
        """Per programme one letter for what is decided, one for what waits for its decision, and one for what waits to be sent."""
        kadis, supervisor = self.akun["kadis"], self.akun["supervisor"]
        berangkat, tinggal = defaultdict(list), defaultdict(list)
        for kasus in self._yang("disahkan"):
            program, menunggu = kasus.rencana.program, kasus.rencana.akhir == "dikirim"
            if kasus.rencana.sampai("dikirim"):
                berangkat[program, menunggu].append(kasus.u.pk)
            else:
                tinggal[program].append(kasus.u.pk)
        nomor = Counter[str]()
        for (program, _), semua in sorted(berangkat.items()):
            for ids in _potong(semua):
                nomor[program] += 1
                tanda = f"SIKS-{self.hari:%Y%m}-{program}-{nomor[program]:02d}"
                pengesahan.kirim(self._sahkan(ids, kadis, supervisor), by=supervisor, tanda_terima=tanda)
                _segel()
        for program in sorted(tinggal):
            for ids in _potong(tinggal[program]):
                self._sahkan(ids, kadis, supervisor)
        self._di_meja(supervisor)
        self.kata("Usulan disahkan dan dikirim.")

    def _sahkan(self, ids: list[Any], kadis: Pengguna, supervisor: Pengguna) -> Pengesahan:
        """Over the three desks, as the rule says."""
        kiriman = batch.susun(ids, by=self.akun["verifikator"])
        _segel()
        kiriman = batch.teruskan(kiriman, by=supervisor)
        _segel()
        surat = pengesahan.sahkan_batch(kiriman, by=kadis)
        _segel()
        return surat

    def _di_meja(self, supervisor: Pengguna) -> None:
        """One batch that waits for the supervisor and one that waits for the head, where there are cases left."""
        sisa = defaultdict(list)
        for kasus in self._yang("terverifikasi"):
            if kasus.rencana.akhir == "terverifikasi":
                sisa[kasus.rencana.program].append(kasus.u.pk)
        for nomor, program in enumerate(sorted(sisa)[:2]):
            kiriman = batch.susun(sisa[program][:5], by=self.akun["verifikator"])
            _segel()
            if nomor:
                batch.teruskan(kiriman, by=supervisor)
                _segel()

    def _penetapan(self) -> None:
        """Decrees of the regional head, one replaced and one revoked, and a Kepmensos recorded by Pusdatin."""
        kadis, pusdatin = self.akun["kadis"], self.akun["pusdatin"]
        alasan = {"tidak_ditetapkan": "SYARAT_PROGRAM", "daftar_tunggu": "KUOTA_PENUH", "ditetapkan": ""}
        kelompok = defaultdict(list)
        for kasus in self.kasus:
            if kasus.rencana.akhir in alasan:
                kelompok[kasus.rencana.lewat].append(kasus)
        for nama, isi_ in kelompok.items():
            program = Program.objects.get(pk=isi_[0].rencana.program)
            for nomor, bagian in enumerate(_potong(isi_), 1):
                putusan = {str(k.u.pk): sk.Putusan(k.rencana.akhir, alasan[k.rencana.akhir]) for k in bagian}
                pusat = program.sumber == Program.Sumber.APBN
                terbit = sk.tetapkan(
                    by=pusdatin if pusat else kadis,
                    program=program,
                    wilayah=self.di.kabupaten,
                    putusan=putusan,
                    nomor=f"{100 + nomor}/HUK/{self.hari.year}" if pusat else "",
                )
                _segel()
                if nama == "ganti":
                    sk.ganti(terbit, by=kadis, alasan="Perbaikan ejaan nama penerima di lampiran.")
                if nama == "cabut":
                    sk.cabut(terbit, by=kadis, alasan="Anggaran dialihkan untuk tanggap darurat banjir.")
                _segel()
        self.kata("SK penetapan terbit.")

    # --- beside the line --------------------------------------------------------------------------

    def _desil(self) -> None:
        """The last four quarters, as BPS would have sent them."""
        keluarga = {k.family.kk: k for k in self.kasus}
        for tahun, triwulan in _empat_triwulan(self.hari.year, (self.hari.month - 1) // 3 + 1):
            baris = [
                desil.Baris(nomor, kk, rekaan.desil(k.family), f"{tahun}-{triwulan}")
                for nomor, (kk, k) in enumerate(keluarga.items(), 2)
            ]
            desil.simpan(baris, triwulan=f"{tahun}-{triwulan}", sumber="BPS, contoh", by=None)
            _segel()

    def _lain_lain(self) -> None:
        """PPKS marks, a family that two villages claim, and two drafts of the other kabupaten."""
        desa0 = [k for k in self.kasus if k.desa == 0 and k.pembuat is self.operator[0]]
        kategori = KategoriPPKS.objects.in_bulk(["LANSIA_TELANTAR", "DISABILITAS", "KORBAN_KEKERASAN"])
        for nomor, kasus in enumerate(desa0[:6]):
            orang = Individu.objects.filter(keluarga=kasus.u.keluarga).order_by("tgl_lahir").first()
            if orang is not None and len(kategori) >= 2:
                tua = orang.tgl_lahir <= self.hari.replace(year=self.hari.year - 60, day=1)
                kode = "LANSIA_TELANTAR" if tua and nomor % 2 == 0 else "DISABILITAS"
                register.catat_ppks(
                    orang, by=self.operator[0], kategori=kategori[kode], sumber="Musyawarah kelurahan"
                )
                _segel()
        peka = KategoriPPKS.objects.filter(sensitif=True).order_by("urut").first()
        orang = Individu.objects.filter(keluarga=desa0[-1].u.keluarga).first()
        if peka is not None and orang is not None:
            register.catat_ppks(orang, by=self.akun["peksos"], kategori=peka, sumber="Pekerja sosial Dinas")
            _segel()
        self._temuan_ganda(desa0[0])
        lain = self.akun["operator.lain"]
        for family in self.di.keluarga[self.di.desa_lain.kode][:3]:
            kasus = Kasus(rencana.RENCANA[1], family, -1, lain, family.desa.kode)
            self._daftar(kasus)
        self._jawab_dukcapil()
        kedaruratan.isi(self.di, self.akun, _segel)

    def _temuan_ganda(self, kasus: Kasus) -> None:
        """The next village types the same family card: refused, and a finding for both, as the screen records it."""
        kepala = rekaan.individu(kasus.family.told[0], self.hari)
        by, wilayah = self.operator[1], self.di.desa[1].kode
        try:
            register.buat(
                by=by,
                wilayah=wilayah,
                data=rekaan.keluarga(kasus.family),
                kepala=kepala,
            )
        except register.NumberTaken as taken:
            nomor = {"nik": kepala["nik"]} if taken.kolom == "nik" else {"no_kk": kasus.family.kk}
            ganda.laporkan(by=by, wilayah=wilayah, **nomor)
            _segel()

    def _jawab_dukcapil(self) -> None:
        """Answer the waiting NIK checks; an answer to a repaired identity may ask again."""
        _segel()
        while dukcapil.kerjakan(self.penduduk, _segel):
            continue

    def _yang(self, keadaan: str, jalur: str = "") -> list[Kasus]:
        return [k for k in self.kasus if k.rencana.sampai(keadaan) and jalur in ("", k.rencana.jalur)]


def _masalah(family: Family) -> set[str]:
    return {m.kasus for m in family.members} - {"padan"}


def _putusan(satu: rencana.Rencana) -> dict[str, str]:
    if satu.lewat != "musyawarah":
        return {"putusan": "disepakati"}
    if satu.akhir == "ditolak":
        return {"putusan": "ditolak", "alasan": "Warga menilai keluarga ini sudah mampu."}
    return {"putusan": "ditunda", "alasan": "Keluarga sedang tidak di tempat."}


def _potong(isi_: list[Any]) -> list[list[Any]]:
    return [isi_[i : i + _BATCH] for i in range(0, len(isi_), _BATCH)]


def _empat_triwulan(tahun: int, triwulan: int) -> list[tuple[int, int]]:
    urut = [tahun * 4 + triwulan - 1 - i for i in range(3, -1, -1)]
    return [(n // 4, n % 4 + 1) for n in urut]
