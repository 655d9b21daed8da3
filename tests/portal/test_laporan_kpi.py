"""Every number of the reports, counted a second time one row after the other, by people who do not trust the first."""

import math
from collections import Counter, defaultdict
from datetime import date

import pytest
from django.db import transaction
from django.utils import timezone

from bansos.models import AturanProgram, BarisPenetapan, Program, VerifikasiKelayakan
from bansos.queries import aturan_program
from core import audit, rules
from core.models import Jejak
from dtks.models import Desil, Individu, Keluarga, Musyawarah, RiwayatUsulan, Usulan
from portal.actions import ringkasan
from portal.queries.laporan import kpi
from portal.queries.laporan.dasar import Lingkup, hitung
from tests.bantu import acak
from tests.bantu.alur import orang
from tests.bantu.pemain import DESA, DESA2, DESA_LAIN
from wilayah.models import Wilayah

pytestmark = pytest.mark.django_db
DESA3 = "32.05.02.1001"
TUTUP = ("ditetapkan", "tidak_ditetapkan", "daftar_tunggu", "ditolak", "ditarik")
KINI = f"{timezone.localdate():%Y-%m}"
LALU = kpi.periode_lalu(KINI, 4)


def ranking(nilai: list[int], p: int) -> int | None:
    nilai = sorted(nilai)
    return nilai[max(math.ceil(p / 100 * len(nilai)), 1) - 1] if nilai else None


def persen(a: float, b: float) -> float | None:
    return 100 * a / b if b else None


def penerima() -> list[tuple]:
    """(family, programme, its row) of everybody whose newest row in a decree in force says so and is no removal."""
    baru: dict[tuple, BarisPenetapan] = {}
    for b in BarisPenetapan.objects.select_related("usulan__keluarga", "penetapan").order_by("pk"):
        if b.hasil == "ditetapkan" and b.penetapan.status == "berlaku":
            kunci = (b.usulan.keluarga, b.penetapan.program_id)
            lama = baru.get(kunci)
            if lama is None or (b.penetapan.created_at, b.pk) > (lama.penetapan.created_at, lama.pk):
                baru[kunci] = b
    return [(*kunci, b) for kunci, b in baru.items() if b.usulan.jalur != "PENGHAPUSAN"]


def batas(program: str, wilayah: str = "32.05") -> int:
    """The highest decile that the programme's rule in force there allows; without limit the tenth."""
    ada = aturan_program.batas_desil(program, wilayah, timezone.localdate())
    return ada[0] if ada else 10


def desil_kini() -> dict:
    hasil: dict = {}
    for d in Desil.objects.order_by("tahun", "triwulan"):
        hasil[d.keluarga_id] = d.desil
    return hasil


class Ulang:
    """The same numbers from the rows of one area."""

    def __init__(self, kode: str):
        self.kode, self.hari = kode, timezone.localdate()
        self.usulan = [u for u in Usulan.objects.order_by("pk") if self.di(u.wilayah_id)]
        self.keluarga = [
            k for k in Keluarga.objects.order_by("pk") if self.di(k.wilayah_id) and k.status != "nonaktif"
        ]

    def di(self, kode: str) -> bool:
        return kode == self.kode or kode.startswith(self.kode + ".")

    def hitung_usulan(self):
        u = Counter(x.status for x in self.usulan if x.periode == KINI)
        return {"semua": sum(u.values()), "jalan": sum(n for s, n in u.items() if s not in TUTUP), "terima": u["ditetapkan"],
                "tunggu": u["daftar_tunggu"], "tolak": u["ditolak"] + u["tidak_ditetapkan"], "tarik": u["ditarik"]}  # fmt: skip

    def _desa(self):
        return [w.pk for w in Wilayah.objects.filter(tingkat=4, berlaku_hingga__isnull=True) if self.di(w.pk)]

    def hitung_musyawarah(self):
        m = [x for x in Musyawarah.objects.order_by("pk") if self.di(x.wilayah_id) and x.periode == KINI]
        rapat = {x.wilayah_id for x in m if x.status in ("terlaksana", "ditandatangani", "disetujui")}
        ba, desa = {x.wilayah_id for x in m if x.status == "disetujui"}, self._desa()
        return {"desa": len(desa), "rapat": len(rapat), "ba": len(ba), "persen": persen(len(ba), len(desa))}

    def _orang(self):
        ada = {k.pk for k in self.keluarga}
        return [o for o in Individu.objects.order_by("pk") if o.aktif and o.keluarga_id in ada]

    def hitung_padan(self):
        semua = self._orang()
        dicek = [o for o in semua if o.padan not in ("BELUM", "MENUNGGU", "TANPA_DOKUMEN")]
        padan = [o for o in dicek if o.padan == "PADAN"]
        return {"orang": len(semua), "dicek": len(dicek), "padan": len(padan), "tidak": len(dicek) - len(padan),
                "persen": persen(len(padan), len(dicek))}  # fmt: skip

    def hitung_umur(self):
        buka = [u for u in self.usulan if u.status not in TUTUP]
        umur = [(self.hari - timezone.localtime(u.status_sejak).date()).days for u in buka]
        lewat = sum(1 for u in buka if u.tenggat and u.tenggat < self.hari)
        return {"terbuka": len(buka), "median": ranking(umur, 50), "p90": ranking(umur, 90), "maks": max(umur, default=None),
                "lewat": lewat, "persen": persen(lewat, len(buka))}  # fmt: skip

    def hitung_kembali(self):
        masuk = [u for u in self.usulan if u.periode == KINI and u.pengusul_orang_id]
        kali = {u.pk: RiwayatUsulan.objects.filter(usulan=u, langkah="kembalikan").count() for u in masuk}
        pernah = [n for n in kali.values() if n]
        return {"masuk": len(masuk), "kembali": len(pernah), "persen": persen(len(pernah), len(masuk)),
                "putaran": sum(pernah) / len(pernah) if pernah else None}  # fmt: skip

    def hitung_lengkap(self):
        wajib = {
            b: [s["kolom"] for s in d if len(s) == 1]
            for b, d in rules.value("formulir.wajib", "32.05").items()
        }
        butuh = ada = segar = 0
        batas = kpi_bulan(self.hari, rules.value("laporan.segar_bulan"))
        for k in self.keluarga:
            rumah = getattr(k, "rumah", None)
            butuh += len(wajib["keluarga"]) + len(wajib["rumah"])
            ada += sum(getattr(k, c) not in ("", None) for c in wajib["keluarga"])
            ada += sum(getattr(rumah, c) not in ("", None) for c in wajib["rumah"]) if rumah else 0
            for o in k.anggota.filter(aktif=True):
                butuh += len(wajib["anggota"])
                ada += sum(getattr(o, c) not in ("", None) for c in wajib["anggota"])
            segar += timezone.localtime(k.updated_at).date() >= batas
        n = len(self.keluarga)
        return {
            "keluarga": n,
            "persen": persen(ada, butuh),
            "segar": segar,
            "basi": n - segar,
            "persen_segar": persen(segar, n),
        }

    def hitung_cakupan(self):
        desil, terima = desil_kini(), {k.pk for k, _, _ in penerima()}
        sasaran = [k for k in self.keluarga if desil.get(k.pk, 99) <= 4]
        kena = [k for k in sasaran if k.pk in terima]
        return {"keluarga": len(self.keluarga), "sasaran": len(sasaran), "terima": len(kena), "tertinggal": len(sasaran) - len(kena),
                "persen": persen(len(kena), len(sasaran))}  # fmt: skip

    def hitung_salah(self):
        desil, milik = desil_kini(), defaultdict(list)
        for k, p, _ in penerima():
            if self.di(k.wilayah_id) and k.status != "nonaktif":
                milik[k.pk].append(p)
        salah = 0
        for pk, program in milik.items():
            jawab = {
                p: VerifikasiKelayakan.objects.filter(keluarga=pk, program=p).order_by("periode").last()
                for p in program
            }
            salah += any(
                desil.get(pk, 0) > batas(p) or (jawab[p] and jawab[p].hasil == "tidak_layak") for p in program
            )
        return {"penerima": len(milik), "salah": salah, "persen": persen(salah, len(milik))}

    def hitung_layak(self):
        hasil = Counter()
        for k, p, _ in penerima():
            if self.di(k.wilayah_id):
                jawab = VerifikasiKelayakan.objects.filter(keluarga=k, program=p, periode=KINI).first()
                hasil[jawab.hasil if jawab else "belum"] += 1
        n = sum(hasil.values())
        return {"penerima": n, "dijawab": n - hasil["belum"], "belum": hasil["belum"], "tidak_layak": hasil["tidak_layak"],
                "persen": persen(n - hasil["belum"], n)}  # fmt: skip

    def hitung_diam(self):
        giat = {u.wilayah_id for u in self.usulan if u.periode in (KINI, LALU[1])}
        desa = self._desa()
        diam = [d for d in desa if d not in giat]
        return {
            "desa": len(desa),
            "giat": len(desa) - len(diam),
            "diam": len(diam),
            "persen": persen(len(diam), len(desa)),
        }

    def hitung_audit(self):
        n = Counter(
            j.aksi
            for j in Jejak.objects.order_by("pk")
            if self.di(j.wilayah) and f"{timezone.localtime(j.pada):%Y-%m}" == KINI
        )
        return {"buka": n["buka_nomor"], "ekspor": n["ekspor"], "tolak": n["penolakan"]}


def kpi_bulan(hari: date, n: int) -> date:
    return hari.replace(year=hari.year - n // 12)


def sama(a, b) -> bool:
    return a == b or (a is not None and b is not None and math.isclose(a, b))


@pytest.mark.parametrize("benih", [1, 2])
def test_setiap_angka_sama_dengan_hitungan_kedua(benih):
    for n, wilayah in enumerate((DESA, DESA2, "32.05", DESA_LAIN, DESA)):
        audit.catat(
            aksi=("buka_nomor", "ekspor", "penolakan", "ekspor", "masuk")[n],
            jenis="uji",
            by=None,
            wilayah=wilayah,
        )
    acak.isi(benih, [DESA, DESA, DESA2, DESA3, DESA_LAIN], LALU)
    ringkasan.segarkan()
    assert ringkasan.segarkan() == ringkasan.segarkan()
    salah = []
    for tempat in ("32", "32.05", "32.05.01", DESA):
        ulang = {}
        for laporan in kpi.LAPORAN:
            hasil = hitung(laporan, Lingkup((tempat,), KINI))
            for b in [hasil.total, *hasil.baris]:
                kode = b.kode
                if not kode:
                    continue  # acts of the office itself: part of the total only
                if b is not hasil.total and not any(s.nilai for s in b.sel.values()):
                    continue
                u = ulang.setdefault(kode, Ulang(kode))
                mau = getattr(u, f"hitung_{laporan.kode}")()
                kini = {k: s.nilai for k, s in b.sel.items()}
                if set(kini) != set(mau) or not all(sama(kini[k], mau[k]) for k in mau):
                    salah.append((laporan.kode, tempat, kode, kini, mau))
    assert not salah


def test_setiap_angka_sama_banyaknya_dengan_barisnya():
    acak.isi(3, [DESA, DESA2], LALU)
    ringkasan.segarkan()
    kadis = orang("kadis")
    salah, ada = [], 0
    for tempat in ("32.05", DESA):
        for laporan in kpi.LAPORAN:
            hasil = hitung(laporan, Lingkup((tempat,), KINI))
            for kolom in laporan.kolom:
                if kolom.baris:
                    n = laporan.daftar(
                        orang("inspektorat") if laporan.kode == "audit" else kadis, hasil.lingkup, kolom.baris
                    ).count()
                    ada += n > 0
                    if n != hasil.total.sel[kolom.kode].nilai:
                        salah.append((laporan.kode, kolom.kode, n, hasil.total.sel[kolom.kode].nilai))
    assert not salah and ada > 30


@transaction.atomic
def aturan_daerah(wilayah: str, program: str, desil: int | None) -> None:
    """A rule of one area as if it had been approved."""
    isi = aturan_program.berlaku(program, "", timezone.localdate()).isi
    syarat = [p for p in isi["syarat"] if p.get("ukuran") != "desil"]
    if desil is not None:
        syarat.append({"ukuran": "desil", "op": "<=", "nilai": desil})
    satu = AturanProgram.objects.create(
        program_id=program, wilayah_id=wilayah, versi=77, isi=isi | {"syarat": syarat}, status="berlaku",
        berlaku_sejak=timezone.localdate(), dasar_hukum="Uji", sumber="Uji",
    )  # fmt: skip
    audit.catat(aksi="uji", objek=satu, by=None, wilayah=wilayah)


def test_batas_desil_semua_wilayah_sama_dengan_yang_ditanya_satu_per_satu():
    aturan_daerah("32.05", "PKH", 2)
    aturan_daerah("32", "BPNT", 3)
    aturan_daerah("32.06", "PBI", None)
    hari = timezone.localdate()
    semua = {(w, p): n for w, p, n in aturan_program.semua_batas_desil(hari)}
    assert semua["32.05", "PKH"] == 2 and semua["32.73", "BPNT"] == 3 and semua["32.06", "PBI"] == 10
    for w in ("32.05", "32.06", "32.73", "33.01", "11.01"):
        for p in Program.objects.values_list("pk", flat=True):
            assert semua.get((w, p), semua.get(("", p), 10)) == batas(p, w), (w, p)


def test_laporan_salah_sasaran_mengikuti_aturan_kabupaten(sampai):
    p = sampai("ditetapkan")
    Desil.objects.create(keluarga=p.usulan.keluarga, tahun=2026, triwulan=3, desil=4, sumber="uji")

    def salah() -> int:
        ringkasan.segarkan()
        laporan = next(satu for satu in kpi.LAPORAN if satu.kode == "salah")
        hasil = hitung(laporan, Lingkup(("32.05",), KINI))
        n = laporan.daftar(orang("kadis"), hasil.lingkup, "salah").count()
        assert n == hasil.total.sel["salah"].nilai
        return n

    assert salah() == 0
    aturan_daerah("32.05", "PKH", 3)
    assert salah() == 1
