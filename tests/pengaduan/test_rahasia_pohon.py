"""Random organisation trees: whatever roles the accused's line holds, it learns nothing of the report. `./test --load`: 1,000 trees."""

import os
import random
import re
from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Orang, Pengguna, Penugasan, Peran
from core.privacy import envelope
from pengaduan.models import KunciInspektur, KunciKantor, LaporanRahasia, PesanRahasia, SalinanKunci
from pengaduan.models.rahasia import KUASA
from pengaduan.policies import rahasia as policies
from tests.bantu import pemain, rahasia
from wilayah.kode import mencakup
from wilayah.models import Wilayah

pytestmark = pytest.mark.django_db
KANTOR = ("32.05", "32.06", "32")
HALAMAN = (
    "/dasbor/",
    "/laporan/",
    "/jejak/",
    "/pekerjaan/",
    "/pemberitahuan/",
    "/pengaduan/rahasia/",
    "/pengaduan/rahasia/daftar/",
)
_GANTI = re.compile(
    r'csrfmiddlewaretoken" value="\w+"|X-CSRFToken[^}]+|kunci_kirim" value="[^"]+"|"tantangan": "[^"]+"|"tiket": "[^"]+"'
)
KUNCI = rahasia.KunciContoh(rahasia.SANDI)
AMPLOP = envelope.seal_to(KUNCI.kantor_publik, b"{}", "uji")


class Pohon:
    """People with one to three roles each, in areas of every level; some of them inspectors, some of these with a key."""

    def __init__(self, acak: random.Random, tempat: dict[int, list[str]]):
        self.acak, self.tempat, self.nomor = acak, tempat, uuid4().hex[:8]
        self.peran = list(Peran.objects.order_by("kode"))
        self.kantor = {
            w: KunciKantor.objects.create(pk=uuid4(), wilayah_id=w, publik=KUNCI.kantor_publik, sejak=date(2026, 1, 1), dibuat_oleh=self._orang())
            for w in KANTOR
        }  # fmt: skip
        self.orang = [self._petugas() for _ in range(acak.randint(6, 12))]

    def _orang(self) -> Pengguna:
        satu = Orang.objects.create(nama="Rekaan")
        return Pengguna.objects.create(
            username=f"p-{uuid4().hex[:12]}", nama="Rekaan", orang=satu, password="!"
        )

    def _petugas(self) -> Pengguna:
        akun = self._orang()
        for peran in self.acak.sample(self.peran, self.acak.choice((1, 1, 1, 2, 3))):
            self.beri(akun, peran)
        if self.acak.random() < 0.3:  # an admin made him an inspector too
            self.beri(akun, next(p for p in self.peran if p.kode == "INSPEKTORAT"))
        if self.acak.random() < 0.5:  # he holds a key, wherever he got it
            kunci = KunciInspektur.objects.create(
                pk=uuid4(), pengguna=akun, publik=KUNCI.publik, bungkus={}, sejak=date(2026, 1, 1)
            )
            for k in self.acak.sample(list(self.kantor.values()), self.acak.randint(0, 2)):
                SalinanKunci.objects.create(kantor=k, inspektur=kunci, isi=AMPLOP)
        return akun

    def beri(self, akun: Pengguna, peran: Peran) -> None:
        tingkat = self.acak.choice(peran.tingkat_wilayah)
        wilayah = self.acak.choice(self.tempat[tingkat]) if tingkat else None
        Penugasan.objects.get_or_create(
            pengguna=akun, peran=peran, wilayah_id=wilayah, defaults={"berlaku_sejak": date(2020, 1, 1)}
        )

    def lapor(self) -> LaporanRahasia:
        wilayah = self.acak.choice(KANTOR)
        laporan = LaporanRahasia.objects.create(
            wilayah_id=wilayah,
            tanda=os.urandom(32),
            publik=KUNCI.publik,
            hari=date(2026, 1, 1),
            terakhir=date(2026, 1, 1),
        )
        PesanRahasia.objects.create(
            laporan=laporan, urut=1, dari="pelapor", kantor=self.kantor[wilayah], hari=date(2026, 1, 1), isi_kantor=AMPLOP, sidik=os.urandom(32)
        )  # fmt: skip
        return laporan


def garis(tertuduh: Pengguna, orang: list[Pengguna]) -> list[Pengguna]:
    """The accused, and everybody whose area lies over his or under it, and every admin."""

    def kena(a: Penugasan, b: Penugasan) -> bool:
        x, y = a.wilayah_id, b.wilayah_id
        return x is None or y is None or mencakup(x, y) or mencakup(y, x) or a.peran_id == "ADMIN"

    tugas = list(Penugasan.objects.filter(pengguna=tertuduh))
    return [
        o
        for o in orang
        if o == tertuduh or any(kena(p, t) for p in Penugasan.objects.filter(pengguna=o) for t in tugas)
    ]


def boleh(o: Pengguna, laporan: LaporanRahasia) -> bool:
    """The rule once more, from the rows alone: inspectors only, of this very office, with its key, and nothing else in hand."""
    tugas = list(Penugasan.objects.filter(pengguna__orang=o.orang).select_related("peran"))
    hanya = bool(tugas) and all(KUASA in t.peran.kuasa for t in tugas)
    di_sini = any(t.wilayah_id == laporan.wilayah_id and t.pengguna_id == o.pk for t in tugas)
    return (
        hanya
        and di_sini
        and SalinanKunci.objects.filter(inspektur__pengguna=o, kantor__wilayah=laporan.wilayah_id).exists()
    )


def _tempat() -> dict[int, list[str]]:
    hasil: dict[int, list[str]] = {}
    for tingkat in range(1, 7):
        semua = (
            Wilayah.objects.filter(tingkat=tingkat, kode__startswith="32")
            .order_by("kode")
            .values_list("kode", flat=True)
        )
        hasil[tingkat] = [k for k in semua if k[:5] in ("32", "32.05", "32.06")][:40] or [pemain.RW]
    return hasil


def _tumbuh(jumlah: int, halaman_tiap: int) -> dict[str, int]:
    hitung, tempat = {"pohon": 0, "orang": 0, "di_garis": 0, "membaca": 0, "halaman": 0}, _tempat()
    for n in range(jumlah):
        acak = random.Random(f"{os.environ.get('DTKS_SEED', '3205')}-{n}")
        KunciKantor.objects.update(sampai=date(2026, 1, 1))
        pohon = Pohon(acak, tempat)
        tertuduh = next(
            (
                o
                for o in pohon.orang
                if Penugasan.objects.filter(pengguna=o).exclude(peran__kuasa__contains=[KUASA]).exists()
            ),
            pohon.orang[0],
        )
        di_garis = garis(tertuduh, pohon.orang)
        saksi = acak.choice(di_garis) if n % halaman_tiap == 0 else None
        sebelum = _halaman(saksi) if saksi else {}
        laporan = pohon.lapor()
        for o in pohon.orang:
            o = Pengguna.objects.get(pk=o.pk)  # noqa: PLW2901 - read anew, as for each request
            lihat = LaporanRahasia.objects.visible_to(o).filter(pk=laporan.pk).exists()
            assert lihat == boleh(o, laporan), (n, o.username)
            lain = Penugasan.objects.filter(pengguna=o).exclude(peran__kuasa__contains=[KUASA]).exists()
            assert not (lihat and lain), "somebody of a line that may be accused reads"
            assert lihat or policies.pegang(o, laporan.wilayah_id) is not None
            hitung["membaca"] += lihat
            hitung["di_garis"] += o in di_garis
        if saksi:
            assert _halaman(saksi) == sebelum, (n, saksi.username)
            hitung["halaman"] += len(sebelum)
        hitung["pohon"] += 1
        hitung["orang"] += len(pohon.orang)
    return hitung


def _halaman(saksi: Pengguna) -> dict[str, tuple[int, str]]:
    klien = Client()
    klien.force_login(saksi, backend="django.contrib.auth.backends.ModelBackend")
    with time_machine.travel(timezone.now().replace(hour=5, minute=0), tick=False):
        klien.get("/dasbor/")
        jawab = {a: klien.get(a) for a in HALAMAN}
    return {a: (j.status_code, _GANTI.sub("", j.content.decode())) for a, j in jawab.items()}


def test_garis_tertuduh_tidak_tahu_apa_pun(settings):
    settings.DEMO = True
    hitung = _tumbuh(6, halaman_tiap=3)
    assert hitung["pohon"] == 6 and hitung["di_garis"] > 6


@pytest.mark.load
@pytest.mark.timeout(3600)
def test_seribu_pohon_organisasi(settings, capsys):
    settings.DEMO = True
    hitung = _tumbuh(1000, halaman_tiap=20)
    with capsys.disabled():
        print(f"\n{hitung}")
    assert hitung["pohon"] == 1000 and hitung["membaca"] > 0
