"""One person's browser, with eyes open: every page it settles on is looked at for what may never be there."""

import io
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.bantu.pemain import SANDI

GAMBAR = Path(__file__).resolve().parents[2] / "docs" / "gambar"
TINGGI_GAMBAR = 3600
DAPAT_DIBACA = ("text/html", "application/xhtml+xml")
# What people press: at least 44 px high, by itself or through its label (stack.md).
SENTUH = """() => {
  const kurang = []
  for (const el of document.querySelectorAll('button, input:not([type=hidden]), select, textarea, a.tombol, summary')) {
    let kotak = el.getBoundingClientRect()
    if (el.matches('[type=radio], [type=checkbox]')) kotak = (el.closest('label') || (el.id && document.querySelector(`label[for="${el.id}"]`)) || el).getBoundingClientRect()
    if (!kotak.width || !el.checkVisibility({ visibilityProperty: true })) continue
    if (kotak.height < 43.5) kurang.push(`${el.tagName.toLowerCase()} "${(el.name || el.textContent || '').trim().slice(0, 30)}" ${Math.round(kotak.height)} px`)
  }
  return kurang
}"""
RANGKA = """() => ({
  judul: document.title, h1: document.querySelectorAll('h1').length, bahasa: document.documentElement.lang,
  lebih: document.documentElement.scrollWidth - document.documentElement.clientWidth,
})"""
WCAG = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
_axe = Axe()
LEKAT = "posisi => document.querySelectorAll('.aksi-lekat').forEach(e => { e.style.position = posisi })"


class Layar:
    """A browser context and its page. `lebar` in CSS pixels."""

    def __init__(self, browser: Browser, alamat: str, *, lebar: int = 360, skrip: bool = True):
        self.alamat, self.lebar, self.skrip = alamat, lebar, skrip
        self.temuan: dict[str, list[str]] = {}  # finding -> paths
        self.dilihat: list[str] = []
        self.konteks = browser.new_context(
            base_url=alamat, locale="id-ID", timezone_id="Asia/Jakarta", java_script_enabled=skrip,
            viewport={"width": lebar, "height": 760 if lebar < 700 else 860}, has_touch=lebar < 700, reduced_motion="reduce",
        )  # fmt: skip
        self.konteks.set_default_timeout(45_000)  # on a busy machine; a quiet one never waits that long
        self.hal: Page = self.konteks.new_page()
        self._awasi()

    def _awasi(self) -> None:
        host = urlsplit(self.alamat).hostname
        self.konteks.on(
            "request",
            lambda r: urlsplit(r.url).hostname in (host, None) or self._catat(f"asks another host: {r.url}"),
        )
        self.hal.on("pageerror", lambda e: self._catat(f"script error: {e}"))
        self.hal.on("console", lambda m: self._konsol(m.type, m.text))
        self.konteks.on("response", lambda r: self._catat(f"{r.status} {r.url}") if r.status >= 500 else None)

    def _konsol(self, jenis: str, teks: str) -> None:
        """Console errors, among them every CSP violation. A refused form (4xx) is an answer, not an error."""
        if jenis == "error" and not re.search(r"Failed to load resource.*status of 4(09|22|00|03|04)", teks):
            self._catat(f"console: {teks}")

    def _catat(self, kalimat: str) -> None:
        self.temuan.setdefault(kalimat, []).append(urlsplit(self.hal.url).path)

    def tutup_jendela(self) -> None:
        self.konteks.close()

    def tutup(self) -> list[str]:
        """Close the browser; what was found, each thing once with the pages that have it."""
        self.tutup_jendela()
        return [f"{k}\n    at {self.lebar} px: {', '.join(dict.fromkeys(p))}" for k, p in self.temuan.items()]

    # --- what a person does ---------------------------------------------------------------------------------
    def buka(self, alamat: str) -> None:
        self.hal.goto(alamat)

    def masuk(self, username: str, sandi: str = SANDI) -> None:
        self.buka("/masuk/")
        self.ketik(login=username, password=sandi)
        self.tekan("Masuk")

    def isi(self, label: str, nilai: str) -> None:
        """Fill a field found by the words beside it, as a person finds it."""
        self.hal.get_by_label(label).fill(nilai)

    def ketik(self, **isi: str | int) -> None:
        """Fill fields by their name, whatever they look like: text, date, list, radio or tick."""
        for nama, nilai in isi.items():
            medan = self.hal.locator(f'main [name="{nama}"]:not([type=hidden])')
            jenis = medan.first.evaluate("el => el.tagName === 'SELECT' ? 'select' : el.type")
            if jenis == "select":
                medan.select_option(str(nilai))
            elif jenis == "radio":
                self.hal.locator(f'main [name="{nama}"][value="{nilai}"]').check()
            elif jenis == "checkbox":
                medan.first.check()
            else:
                medan.fill(str(nilai))

    def unggah(self, nama: str, berkas: str, mime: str, isi: bytes) -> None:
        self.hal.locator(f'main [name="{nama}"]').set_input_files(
            {"name": berkas, "mimeType": mime, "buffer": isi}
        )

    def tekan(self, tombol: str) -> None:
        """Press a button and wait for the page that comes of it."""
        with self.hal.expect_navigation():
            self.hal.get_by_role("button", name=tombol).first.click()

    def ikuti(self, tautan: str) -> None:
        """Follow a link; one that stands in a closed group of the menu is found by opening the group."""
        if not self.hal.get_by_role("link", name=tautan).count():
            tersembunyi = self.hal.locator(".menu .kelompok:not([open])").filter(has_text=tautan)
            if tersembunyi.count():
                tersembunyi.first.locator("summary").click()
        with self.hal.expect_navigation():
            self.hal.get_by_role("link", name=tautan).first.click()

    def unduh(self, tautan: str) -> bytes:
        with self.hal.expect_download() as janji:
            tombol = self.hal.get_by_role("button", name=tautan)
            self.hal.get_by_role("link", name=tautan).or_(tombol).first.click()
        return Path(janji.value.path()).read_bytes()

    @property
    def teks(self) -> str:
        return self.hal.locator("main").inner_text()

    def keadaan(self) -> str:
        """What this person sees, for the report of a failed journey."""
        return f"{self.hal.url}\n{self.teks[:1500]}"

    # --- looking ------------------------------------------------------------------------------------------------
    def lihat(self, gambar: str = "") -> None:
        """Look at the page as it stands; with SIMPAN_GAMBAR=1 keep its picture as docs/gambar/<gambar>.png."""
        rangka = self.hal.evaluate(RANGKA)
        self.dilihat.append(urlsplit(self.hal.url).path)
        if not rangka["judul"].split("|")[0].strip():
            self._catat("no title")
        if rangka["h1"] != 1:
            self._catat(f"{rangka['h1']} h1")
        if rangka["bahasa"] != "id":
            self._catat(f"lang={rangka['bahasa']}")
        if rangka["lebih"] > 0:
            self._catat(f"scrolls sideways by {rangka['lebih']} px at {self.lebar} px")
        for kecil in self.hal.evaluate(SENTUH):
            self._catat(f"hard to press: {kecil}")
        if self.skrip:
            self._axe()
        if gambar and self.skrip and os.environ.get("SIMPAN_GAMBAR") == "1":
            self._potret(gambar)

    def _axe(self) -> None:
        self.hal.evaluate(LEKAT, "static")  # what a sticky bar covers just now, one scroll uncovers
        hasil = _axe.run(self.hal, options=WCAG)
        self.hal.evaluate(LEKAT, "")
        for v in hasil.response["violations"]:
            for simpul in v["nodes"][:3]:
                self._catat(
                    f"axe {v['id']} ({v['impact']}): {simpul['html'][:140]} {simpul.get('failureSummary', '')[:160]}"
                )

    def _potret(self, nama: str) -> None:
        """Few colours and never endless: small enough for the repository."""
        GAMBAR.mkdir(parents=True, exist_ok=True)
        # A bar that sticks to the screen would lie across a long picture. Through CSSOM: our CSP takes no style element.
        self.hal.evaluate(LEKAT, "static")
        mentah = self.hal.screenshot(full_page=True, animations="disabled")
        self.hal.evaluate(LEKAT, "")
        gambar = Image.open(io.BytesIO(mentah)).convert("RGB")
        gambar = gambar.crop((0, 0, gambar.width, min(gambar.height, TINGGI_GAMBAR)))
        gambar.quantize(colors=32, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            GAMBAR / f"{nama}.png", optimize=True
        )
