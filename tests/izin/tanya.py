"""Asking the portal as someone, and comparing two answers byte by byte."""

import re
import uuid
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse

from core import penolakan
from tests.bantu.alur import PDF
from tests.izin.dunia import Dunia

MENULIS = re.compile(r"^\s*(INSERT INTO|UPDATE|DELETE FROM|MERGE INTO|TRUNCATE)\s+\"?(\w+)", re.I)
MESIN = {
    "django_session",
    "core_pembatas",
    "core_tantangan",
    "axes_accessattempt",
    "axes_accesslog",
    "axes_accessfailurelog",
    "core_kuncikirim",
}
# What differs between any two renderings: form tokens and the send-once key.
_BERUBAH = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*"|name="tantangan" value="[^"]*"|name="kunci_kirim" value="[^"]*"|X-CSRFToken[^}]*\}|value="[^"]*"([^>]*)name="kunci_kirim"'
)
_ISIAN = re.compile(r"<(input|select|textarea)\b([^>]*)>(.*?)(?=<input|<select|<textarea|</form)", re.S)
_ATRIBUT = re.compile(r'([\w-]+)="([^"]*)"')


class Penanya:
    jumlah = 0  # requests of this process

    def __init__(self, dunia: Dunia):
        self.dunia = dunia
        self.tulisan: list[str] = []

    def __call__(
        self, username: str, metode: str, alamat: str, data: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.tulisan = []
        Penanya.jumlah += 1
        client = self.dunia.klien(username)
        with transaction.atomic(), catat_tulisan(self.tulisan):
            jawab = (
                client.get(alamat)
                if metode == "GET"
                else client.post(alamat, data if data is not None else badan())
            )
            if getattr(jawab, "streaming", False):
                jawab.isi = b"".join(jawab.streaming_content)
            else:
                jawab.isi = jawab.content
            transaction.set_rollback(True)
        return jawab


@contextmanager
def catat_tulisan(daftar: list[str]):
    """Collect the tables that were written to; machinery, and the record of a refusal itself, left out."""

    def lihat(execute, sql, params, many, context):
        cocok = MENULIS.match(sql)
        if cocok and cocok[2] not in MESIN and not (params and penolakan.AKSI in params):
            daftar.append(cocok[2])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(lihat):
        yield


def badan(halaman: bytes = b"") -> dict[str, Any]:
    """A body that looks valid: the fields of the page's form where there is one, and the usual ones."""
    isi: dict[str, Any] = {
        "kunci_kirim": str(uuid.uuid4()), "alasan": "Perlu diperiksa ulang oleh petugas", "catatan": "Sudah diperiksa", "versi": "",
        "tanda_terima": "TT-1", "nomor": "1", "nama": "TAMU UJI", "unsur": "tokoh", "sumber": "Pendataan", "aksi": "simpan",
        "sandi": "salah", "berkas": SimpleUploadedFile("b.pdf", PDF, "application/pdf"),
    }  # fmt: skip
    for jenis, atribut, dalam in _ISIAN.findall(halaman.decode(errors="replace")):
        a = dict(_ATRIBUT.findall(atribut))
        nama, nilai = a.get("name", ""), a.get("value", "")
        if not nama or nama == "csrfmiddlewaretoken" or a.get("type") in ("file", "submit"):
            continue
        if jenis == "select":
            pilihan = [v for v in re.findall(r'<option value="([^"]*)"', dalam) if v]
            nilai = pilihan[0] if pilihan else ""
        if jenis == "textarea" or not nilai:
            nilai = isi.get(nama, "Isian uji" if jenis == "textarea" else "1")
        isi[nama] = nilai
    isi["kunci_kirim"] = str(uuid.uuid4())
    return isi


def tanpa_nomor_jalan(jawab: HttpResponse) -> tuple[int, bytes, dict[str, str], dict[str, str]]:
    """Status, body, headers and cookies of an answer, without what is new in every answer."""
    kepala = {
        k: v for k, v in jawab.headers.items() if k not in ("X-Request-Id", "Date", "Content-Length", "ETag")
    }
    return (
        jawab.status_code,
        _BERUBAH.sub(b"", jawab.isi),
        kepala,
        {k: v.value for k, v in jawab.cookies.items() if k == "sesi"},
    )


def teks(jawab: HttpResponse) -> str:
    """The body where it is text, '' for pictures and PDF."""
    if not jawab.headers.get("Content-Type", "").startswith(
        ("text/", "application/json", "application/x-ndjson")
    ):
        return ""
    return jawab.isi.decode(errors="replace")


PENYIMPAN = (
    "/wilayah/json/",
    "/wilayah/sumber/wilayah.csv.gz",
    "/bantuan/",
)  # reference data and answers without people


def kepala_salah(alamat: str, jawab: HttpResponse) -> list[str]:
    """What the security headers and cookies of an answer lack; [] when all is as it must be."""
    csp = {d.split()[0]: d.split()[1:] for d in jawab["Content-Security-Policy"].split(";") if d.strip()}
    berkas = jawab.status_code == 200 and jawab["Content-Type"] in ("image/jpeg", "application/pdf")
    simpan = jawab["Cache-Control"]
    baik = {
        "default-src": csp["default-src"] in (["'self'"], ["'none'"]),
        "base-uri": "sandbox" in csp or csp.get("base-uri") == ["'none'"],
        "object-src": "'none'" in csp.get("object-src", csp["default-src"]),
        "unsafe": not any("unsafe" in s for isi in csp.values() for s in isi),
        "frame-ancestors": berkas or csp.get("frame-ancestors") == ["'none'"],
        "X-Frame-Options": jawab["X-Frame-Options"] == "DENY",
        "nosniff": jawab["X-Content-Type-Options"] == "nosniff",
        "Referrer-Policy": jawab["Referrer-Policy"]
        == ("no-referrer" if alamat.startswith("/lapor-rahasia/") else "same-origin"),
        "Cache-Control": "private" in simpan
        if alamat.startswith(PENYIMPAN)
        else "no-store" in simpan and "public" not in simpan,
        "kue": all(
            k["httponly"] and k["samesite"] == "Lax" and k["path"] == "/" for k in jawab.cookies.values()
        ),
    }
    return [nama for nama, betul in baik.items() if not betul]
