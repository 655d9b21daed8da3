"""Public forms cost a machine something and a person nothing: proof of work, a trap field, and a slow path without JavaScript.

    class UsulForm(FormTantangan, forms.Form): ...
    form = UsulForm(request.POST or None, alamat=client_ip(request))
    {{ form.tantangan }}                                    # inside <form>

The page carries a signed challenge. The browser looks for a number whose SHA-256 with it begins with some zero bits
(static/js/tantangan.js). Without JavaScript there is no number: then the form must have been open for some seconds, and such
sendings are counted per network and in total. A challenge is good once, kept in PostgreSQL; the same content sent twice
(double press, lost signal) is the same sending and passes, so that SendOnceForm can answer it. All numbers: rule 'tantangan'.
"""

import base64
import binascii
import hashlib
import hmac
import json
import math
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString

from core import limits, rules
from core.forms import TANTANGAN
from core.models import Tantangan
from core.privacy.keys import blind_index

KUNCI, JAWAB, JEBAKAN = TANTANGAN
Lanjutan = tuple[str, dict[str, Any]]  # an SQL expression of ours and its named values
BASI = "Halaman ini sudah terlalu lama terbuka. Isian Anda masih ada. Tekan tombolnya sekali lagi."
TERPAKAI = "Halaman ini sudah pernah dipakai. Isian Anda masih ada. Tekan tombolnya sekali lagi."


@dataclass(frozen=True)
class Soal:
    """A challenge of ours: `sejak` is the second (epoch) when its page was made."""

    teks: str
    bit: int
    sejak: int
    acak: uuid.UUID

    def terjawab(self, jawab: str) -> bool:
        if not jawab.isascii() or not 0 < len(jawab) <= 20:
            return False
        sidik = hashlib.sha256(f"{self.teks}:{jawab}".encode()).digest()
        return int.from_bytes(sidik[:4]) >> (32 - self.bit) == 0


def buat(untuk: str, bit: int) -> str:
    """A new challenge for forms of the kind `untuk`. Nothing is stored until it is used."""
    isi = bytes([bit]) + int(time.time()).to_bytes(5) + uuid.uuid4().bytes
    return base64.urlsafe_b64encode(isi + _segel(isi, untuk)).decode()


def buka(teks: str, untuk: str) -> Soal | None:
    """The challenge that we made for this kind of form, or None."""
    try:
        isi = base64.b64decode(teks, altchars=b"-_", validate=True) if len(teks) == 52 else b""
    except (binascii.Error, ValueError):
        return None
    if len(isi) != 38 or not hmac.compare_digest(isi[22:], _segel(isi[:22], untuk)):
        return None
    return Soal(teks, isi[0], int.from_bytes(isi[1:6]), uuid.UUID(bytes=isi[6:22]))


def _segel(isi: bytes, untuk: str) -> bytes:
    return hmac.digest(_kunci(settings.SECRET_KEY, untuk), isi, hashlib.sha256)[:16]


@lru_cache(maxsize=64)
def _kunci(rahasia: str, untuk: str) -> bytes:
    return hashlib.sha256(f"tantangan|{untuk}|{rahasia}".encode()).digest()


# `lanjutan` runs only when the sending passes: one statement for both, for /cek/ has to be quick.
_PAKAI = """select nilai::text, lolos, {commit}, {lanjutan}
from tantangan_pakai(%(tantangan_acak)s, %(tantangan_isi)s, %(tantangan_sejak)s, %(tantangan_kini)s, %(tantangan_hari)s)"""
# A power cut may give back the challenges of its last half second. Only where nothing else is in the transaction.
_CEPAT = "set_config('synchronous_commit', 'off', true)"


def pakai(
    soal: Soal, isi: bytes, pada: datetime, lanjutan: Lanjutan | None = None
) -> tuple[dict[str, Any], bool, Any]:
    """(the rule, may this sending pass, value of `lanjutan` or None). False: too old, or used before for another content.

    A repeat of the same content passes without `lanjutan`: whoever gave it asks for it himself then.
    """
    sql, nilai = lanjutan or ("null", {})
    nilai = nilai | {
        "tantangan_acak": soal.acak,
        "tantangan_isi": isi,
        "tantangan_sejak": datetime.fromtimestamp(soal.sejak, UTC),
        "tantangan_kini": pada,
        "tantangan_hari": timezone.localdate(pada),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            _PAKAI.format(
                commit="null" if connection.in_atomic_block else _CEPAT,
                lanjutan=f"case when lolos then {sql} end",
            ),
            nilai,
        )
        teks, lolos, _, hasil = cursor.fetchone()
        if teks is None:
            raise rules.RuleMissing("tantangan")
        aturan = json.loads(teks)
        if lolos or basi(soal, pada, aturan):
            return aturan, lolos, hasil
        cursor.execute("select isi from core_tantangan where acak = %s", [soal.acak])
        dulu = cursor.fetchone()
    return aturan, dulu is not None and bytes(dulu[0]) == isi, None


def basi(soal: Soal, pada: datetime, aturan: Mapping[str, Any]) -> bool:
    umur = (pada - datetime.fromtimestamp(soal.sejak, UTC)).total_seconds()
    return not -60 <= umur <= aturan["umur_menit"] * 60


def buang(pada: datetime) -> int:
    """Forget used challenges that are too old to be accepted anyway."""
    return Tantangan.objects.filter(hingga__lt=pada).delete()[0]


class FormTantangan(forms.Form):
    """A public form that has to be sent by a person or paid for. The challenge is judged last, so a slip of the pen costs no new one."""

    def __init__(self, *args: Any, alamat: str | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.is_bound and alamat is None:
            raise TypeError("a bound FormTantangan needs alamat=client_ip(request)")
        self.alamat = alamat or ""
        self.http_status = 422  # of the page that shows this form again
        self.hasil_lanjutan: Any = None
        self._habis = False

    def lanjutan(self) -> Lanjutan | None:
        """What the database is to do in the same statement once this valid form may pass; then it is in `hasil_lanjutan`."""
        return None

    @property
    def untuk(self) -> str:
        return f"{type(self).__module__}.{type(self).__qualname__}"

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and not self.errors and (kalimat := self._periksa()):
            self.add_error(None, kalimat)

    def _periksa(self) -> str:
        """Empty when this sending may pass, else the sentence for the person."""
        if self._dikirim(JEBAKAN):
            return "Ada kotak tersembunyi yang terisi. Kotak itu sudah kami kosongkan. Tekan tombolnya sekali lagi."
        soal, kini = buka(self._dikirim(KUNCI), self.untuk), timezone.now()
        if soal is None:
            self._habis = True
            return BASI
        if not soal.terjawab(self._dikirim(JAWAB)):
            aturan = rules.value("tantangan")
            if not basi(soal, kini, aturan) and (kalimat := self._pelan(soal, kini, aturan)):
                return kalimat
        self._habis = True
        aturan, lolos, self.hasil_lanjutan = pakai(soal, self._sidik(), kini, self.lanjutan())
        if lolos:
            return ""
        return BASI if basi(soal, kini, aturan) else TERPAKAI

    def _pelan(self, soal: Soal, kini: datetime, aturan: Mapping[str, Any]) -> str:
        sisa = soal.sejak + aturan["tunggu_detik"] - kini.timestamp()
        if sisa > 0:
            return f"Tunggu {math.ceil(sisa)} detik, lalu tekan tombolnya sekali lagi. Isian Anda masih ada."
        batas = aturan["tanpa_bukti"]
        jendela = timedelta(minutes=batas["menit"])
        jaringan = blind_index(limits.network(self.alamat), "tantangan").hex()
        lolos = limits.hit(f"tantangan:jaringan:{jaringan}", limit=batas["jaringan"], window=jendela)
        if not (lolos and limits.hit("tantangan:semua", limit=batas["semua"], window=jendela)):
            self.http_status = 429
            return (
                f"Sedang terlalu banyak yang mengirim. Tunggu {batas['menit']} menit, lalu tekan tombolnya sekali lagi. "
                "Bila mendesak, datang ke kantor desa atau kelurahan."
            )
        return ""

    def _dikirim(self, nama: str) -> str:
        return str(self.data.get(nama) or "")

    def _sidik(self) -> bytes:
        data = self.data
        nama = sorted(set(data) - {"csrfmiddlewaretoken", *TANTANGAN})
        nilai = [(n, data.getlist(n) if isinstance(data, QueryDict) else [data[n]]) for n in nama]
        semua = self.files if isinstance(self.files, MultiValueDict) else MultiValueDict()
        berkas = [(n, [(b.name, b.size) for b in semua.getlist(n)]) for n in sorted(semua)]
        return hashlib.sha256(repr((nilai, berkas)).encode("utf-8", "surrogatepass")).digest()

    @property
    def tantangan(self) -> SafeString:
        """The challenge as HTML. One that is still good is shown again, with its answer."""
        soal = buka(self._dikirim(KUNCI), self.untuk) if self.is_bound and not self._habis else None
        jawab = self._dikirim(JAWAB) if soal and soal.terjawab(self._dikirim(JAWAB)) else ""
        aturan = rules.value("tantangan")
        if soal is None:
            soal = buka(buat(self.untuk, aturan["bit"]), self.untuk)
        isi = {"soal": soal, "jawab": jawab, "detik": aturan["tunggu_detik"]}
        return render_to_string("komponen/tantangan.html", isi)
