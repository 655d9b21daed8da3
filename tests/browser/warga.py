"""An old citizen: a phone of 320 px, large text, a keyboard and nothing else, or a browser without JavaScript.

`Papan` drives a page by keys alone. It finds the next thing to press the way a person does, by its words, and looks at
every stop on the way: something must have the focus, and it must be seen.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction
from playwright.sync_api import FileChooser

from core import audit, rules
from core.models import Ketentuan
from tests.browser.layar import Layar

LEBAR = 320
LANGKAH = 120  # tabs on one page, at most
# Where the focus is: words (label, text, name), kind, and whether a person sees it.
DI_MANA = """() => {
  const el = document.activeElement
  if (!el || el === document.body || el === document.documentElement) return null
  const label = [...(el.labels || [])].map(l => l.innerText).join(' ')
  const grup = el.type === 'radio' && el.closest('fieldset') ? '' : ''
  const kata = [label, el.getAttribute('aria-label'), el.innerText, el.value && el.tagName === 'BUTTON' ? el.value : '', el.title].filter(Boolean).join(' ')
  const kotak = (el.type === 'radio' || el.type === 'checkbox' ? el.closest('label') || el : el).getBoundingClientRect()
  const gaya = getComputedStyle(el)
  const terlihat = gaya.outlineStyle !== 'none' && parseFloat(gaya.outlineWidth) > 0 || gaya.boxShadow !== 'none'
  const tertutup = (() => {
    const x = kotak.left + Math.min(kotak.width, innerWidth) / 2, y = kotak.top + kotak.height / 2
    if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return true
    const di = document.elementFromPoint(x, y)
    return !di || !(el === di || el.contains(di) || di.contains(el) || [...(el.labels || [])].some(l => l === di || l.contains(di)))
  })()
  return { kata: (kata + grup).replace(/\\s+/g, ' ').trim(), nama: el.name || '', jenis: el.type || el.tagName.toLowerCase(), terlihat, tertutup, tinggi: kotak.height }
}"""


class Papan:
    """Keys only. Nothing here clicks or sets a value."""

    def __init__(self, layar: Layar):
        self.layar, self.hal = layar, layar.hal

    def ke(self, kata: str = "", *, nama: str = "", mundur: bool = False) -> dict:
        """Press Tab until the focus is on the thing with these words (or this field name)."""
        dilihat = []
        for _ in range(LANGKAH):
            self.hal.keyboard.press("Shift+Tab" if mundur else "Tab")
            di = self.hal.evaluate(DI_MANA)
            if di is None:
                continue
            dilihat.append(di["kata"] or di["nama"])
            if not di["terlihat"]:
                self.layar._catat(f"focus is not seen: {di['kata'][:40]!r} {di['nama']}")
            if di["tertutup"] and di["tinggi"] > 0:
                self.layar._catat(f"focus is hidden behind something: {di['kata'][:40]!r} {di['nama']}")
            if (nama and di["nama"] == nama) or (kata and kata.lower() in di["kata"].lower()):
                return di
        raise AssertionError(f"no way by Tab to {kata or nama!r} at {self.hal.url}: {dilihat}")

    def tulis(self, nama: str, isi: str) -> None:
        """Go to a text field and type."""
        self.ke(nama=nama)
        self.hal.keyboard.press("Control+A")
        self.hal.keyboard.type(isi)

    def tanggal(self, nama: str, iso: str) -> None:
        """A date typed into the browser's own field, in the order in which that browser asks for it."""
        tahun, bulan, hari = iso.split("-")
        self.ke(nama=nama)
        for angka in (f"{hari}{bulan}{tahun}", f"{bulan}{hari}{tahun}"):
            self.hal.keyboard.type(angka)
            if self.hal.locator(f'main [name="{nama}"]').input_value() == iso:
                return
            self.hal.keyboard.press("ArrowLeft")
            self.hal.keyboard.press("ArrowLeft")
        raise AssertionError(f"{nama} takes no {iso}")

    def pilih(self, nama: str, nilai: str) -> None:
        """A list or a group of radio buttons, by the arrow keys."""
        di = self.ke(nama=nama)
        medan = self.hal.locator(f'main [name="{nama}"]')
        if di["jenis"] == "radio":
            urutan = medan.evaluate_all("els => els.map(e => e.value)")
            kini = self.hal.evaluate("() => document.activeElement.value")
            self.hal.keyboard.press("Space")
            for _ in range((urutan.index(nilai) - urutan.index(kini)) % len(urutan)):
                self.hal.keyboard.press("ArrowDown")
            return
        for _ in range(400):
            if medan.input_value() == nilai:
                return
            self.hal.keyboard.press("ArrowDown")
        raise AssertionError(f"{nama} has no {nilai}")

    def centang(self, nama: str) -> None:
        self.ke(nama=nama)
        self.hal.keyboard.press("Space")

    def tekan(self, kata: str) -> None:
        """Go to a button or a link and press Enter; wait for the page that comes."""
        self.ke(kata)
        with self.hal.expect_navigation():
            self.hal.keyboard.press("Enter")

    def unggah(self, nama: str, berkas: str, isi: bytes) -> None:
        """Enter on a file field opens the phone's own list of pictures; a person whose key did nothing presses it again.

        Somebody must be listening before the key is pressed: a list that opens unheard is closed by the browser and never comes back.
        """
        terbuka: list[FileChooser] = []

        def dengar(daftar: FileChooser) -> None:
            terbuka.append(daftar)

        self.hal.on("filechooser", dengar)
        self.hal.wait_for_timeout(200)
        for _ in range(6):
            self.ke(nama=nama)
            self.hal.keyboard.press("Enter")
            batas = time.monotonic() + 8
            while not terbuka and time.monotonic() < batas:
                self.hal.wait_for_timeout(100)
            if terbuka:
                break
        self.hal.remove_listener("filechooser", dengar)
        assert terbuka, f"Enter on {nama} opens no list of files"
        terbuka[-1].set_files({"name": berkas, "mimeType": "image/jpeg", "buffer": isi})

    def buka_lipatan(self, kata: str) -> None:
        self.ke(kata)
        self.hal.keyboard.press("Enter")


def kirim_pelan(layar: Layar, tombol: str, sampai: Callable[[], bool], *, papan: Papan | None = None) -> None:
    """Press a button of a page without JavaScript until it is taken: it says how many seconds to wait, and keeps what was typed."""
    batas = time.monotonic() + 30 + float(rules.value("tantangan")["tunggu_detik"])
    while True:
        (papan or layar).tekan(tombol)
        if sampai():
            return
        assert time.monotonic() < batas and ("Tunggu" in layar.teks or "sekali lagi" in layar.teks), (
            layar.teks
        )
        layar.hal.wait_for_timeout(500)  # what the page asked for: a person waits too


@contextmanager
def tunggu_sebentar() -> Iterator[None]:
    """Without JavaScript the portal asks for some seconds of patience; one is enough to show that it does."""
    lama = rules.value("tantangan")

    def setel(nilai: dict) -> None:
        with transaction.atomic():
            audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None)
            Ketentuan.objects.filter(kunci="tantangan", wilayah="").update(nilai=nilai)

    setel(lama | {"tunggu_detik": 1})
    yield
    setel(lama)


def pegangan(layar: Layar, awalan: str) -> tuple[str, str]:
    """(ticket, PIN) as the receipt prints them."""
    tiket = re.search(rf"{awalan}-\d{{6}}-\d{{5,}}", layar.teks)
    pin = re.search(r"PIN\s+(\d{3}\s?\d{3})\b", layar.teks)
    assert tiket and pin, layar.teks
    return tiket[0], pin[1].replace(" ", "")


def lacak(layar: Layar, tiket: str, pin: str) -> None:
    layar.buka("/lacak/")
    layar.ketik(tiket=tiket, pin=pin)
    layar.tekan("Lihat status")


def terbaca(layar: Layar) -> None:
    """Large text stays whole: nothing is cut off at the side or inside its box."""
    potong = layar.hal.evaluate(
        """() => [...document.querySelectorAll('main *, .ingat *, .kepala *, .kaki *')].filter(el => {
          const g = getComputedStyle(el)
          const medan = ['INPUT', 'SELECT', 'TEXTAREA'].includes(el.tagName)
          if (!el.checkVisibility() || el.closest('.sr, .gulir, pre, .jebakan') || el.tagName === 'OPTION') return false
          if (medan) return el.getBoundingClientRect().right > innerWidth + 1
          return el.innerText && ((el.scrollWidth > el.clientWidth + 1 && ['hidden', 'clip'].includes(g.overflowX)) || el.getBoundingClientRect().right > innerWidth + 1)
        }).map(el => `${el.tagName.toLowerCase()} ${(el.innerText || el.name || '').slice(0, 40)}`)"""
    )
    for satu in potong[:5]:
        layar._catat(f"cut off at {layar.lebar} px: {satu}")
