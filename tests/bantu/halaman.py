"""Reading a page of the portal as a person sees it: its forms, links, error sentences and messages. No Django."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

KOSONG = frozenset({"input", "br", "img", "hr", "meta", "link", "use", "path", "source", "wbr", "col"})
DIAM = frozenset({"script", "style", "svg", "template"})


@dataclass
class Kolom:
    """One name that a form sends. `nilai`: what the page would send now; `pilihan`: what it offers."""

    nama: str
    tipe: str  # text, hidden, date, file, password, checkbox, radio, select, textarea, ...
    nilai: list[str] = field(default_factory=list)
    pilihan: list[str] = field(default_factory=list)
    accept: str = ""
    salah: bool = False  # aria-invalid
    mati: bool = False


@dataclass
class Formulir:
    aksi: str
    metode: str
    kolom: dict[str, Kolom] = field(default_factory=dict)
    tombol: list[tuple[str, str]] = field(default_factory=list)


def _menyimpang(a: dict[str, str]) -> bool:
    """A button that sends nothing: a step back, or a search inside the form."""
    return "formnovalidate" in a or a.get("name") == "kembali"


class Halaman(HTMLParser):
    """`formulir`, `tautan`, `galat` (sentences of fields, summary and red notices), `pesan` (other notices)."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.formulir: list[Formulir] = []
        self.tautan: list[str] = []
        self.galat: list[str] = []
        self.pesan: list[str] = []
        self._form: Formulir | None = None
        self._textarea: Kolom | None = None
        self._select: Kolom | None = None
        self._tumpuk: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        a = {k: v or "" for k, v in attrs}
        if tag == "a" and a.get("href"):
            self.tautan.append(a["href"])
        elif tag == "form":
            self._form = Formulir(a.get("action", ""), a.get("method", "get").lower())
            self.formulir.append(self._form)
        elif tag == "input":
            self._input(a)
        elif tag == "button" and self._form is not None and a.get("name") and not _menyimpang(a):
            self._form.tombol.append((a["name"], a.get("value", "")))
        elif tag == "textarea":
            self._textarea = self._kolom(a, "textarea")
        elif tag == "select":
            self._select = self._kolom(a, "select")
        elif tag == "option" and self._select is not None:
            self._select.pilihan.append(a.get("value", ""))
            if "selected" in a:
                self._select.nilai.append(a.get("value", ""))
        if tag not in KOSONG:
            self._tumpuk.append((tag, self._jenis(a)))
            if self._tumpuk[-1][1]:
                getattr(self, self._tumpuk[-1][1]).append("")

    @staticmethod
    def _jenis(a: dict[str, str]) -> str:
        kelas = a.get("class", "").split()
        if {"galat", "galat-ringkas", "notis-buruk"}.intersection(kelas):
            return "galat"
        return "pesan" if "notis" in kelas else ""

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._textarea is not None:
            if not self._textarea.nilai:
                self._textarea.nilai = [""]
            self._textarea = None
        elif tag == "select":
            self._select = None
        for i in range(len(self._tumpuk) - 1, -1, -1):
            if self._tumpuk[i][0] == tag:
                del self._tumpuk[i:]
                break

    def handle_data(self, data):
        if self._textarea is not None:
            awal = "".join(self._textarea.nilai)
            self._textarea.nilai = [awal + (data[1:] if not awal and data.startswith("\n") else data)]
        if any(t in DIAM for t, _ in self._tumpuk):
            return
        for _, jenis in reversed(self._tumpuk):
            if jenis:
                daftar = getattr(self, jenis)
                daftar[-1] = f"{daftar[-1]} {data.strip()}".strip()
                break

    def _input(self, a: dict[str, str]) -> None:
        tipe = a.get("type", "text").lower()
        if tipe in ("submit", "button", "image", "reset"):
            if self._form is not None and a.get("name"):
                self._form.tombol.append((a["name"], a.get("value", "")))
            return
        kolom = self._kolom(a, tipe)
        if kolom is None:
            return
        nilai = a.get("value", "on" if tipe in ("checkbox", "radio") else "")
        if tipe in ("checkbox", "radio"):
            kolom.pilihan.append(nilai)
            if "checked" in a:
                kolom.nilai.append(nilai)
        elif tipe != "file":
            kolom.nilai.append(nilai)

    def _kolom(self, a: dict[str, str], tipe: str) -> Kolom | None:
        if self._form is None or not a.get("name"):
            return None
        kolom = self._form.kolom.setdefault(a["name"], Kolom(a["name"], tipe, accept=a.get("accept", "")))
        kolom.salah = kolom.salah or a.get("aria-invalid") == "true"
        kolom.mati = kolom.mati or "disabled" in a
        return kolom
