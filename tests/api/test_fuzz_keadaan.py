"""Schemathesis in sequences: drafts are made, read, corrected, stepped and repeated in any order, and every answer fits the schema
and a model of what must be there.

By default a few short sequences; `./test --fuzz tests/api/test_fuzz_keadaan.py` thousands of requests, for keys of several scopes.
"""

import uuid

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from core.models import Ketentuan
from tests.api.test_fuzz import lepas_sinyal
from tests.bantu import pemain
from tests.bantu.api import SEMUA, kunci

pytestmark = pytest.mark.django_db
UJI = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance, checks.response_schema_conformance,
    checks.response_headers_conformance,
]  # fmt: skip
USULAN, SATU, LANGKAH = "/api/v1/usulan/", "/api/v1/usulan/{id}/", "/api/v1/usulan/{id}/langkah/{nama}/"
TEKS = st.text(max_size=30) | st.sampled_from(
    ["", " ", "\u0000", "\u202eUjang", "=1+1", "x" * 2500, "Ujang", "001", "3"]
)
NILAI = (
    st.none()
    | st.booleans()
    | st.integers()
    | TEKS
    | st.lists(TEKS, max_size=2)
    | st.dictionaries(TEKS, TEKS, max_size=2)
)
NAMA = st.sampled_from(["Ujang", "Siti Aminah", "Nur-Aini", "D'Jamal"])
BAIK = {
    "alasan_usul": st.sampled_from(["Kepala keluarga sakit.", "Rumah terbakar."]),
    "program": st.sampled_from(["PKH", "BPNT", "PBI"]),
    "keluarga": st.fixed_dictionaries({"alamat": NAMA}, optional={"rt": st.sampled_from(["1", "02"]), "telepon": st.just("081234567890")}),
}  # fmt: skip
KOLOM = st.sampled_from(
    ["program", "jalur", "alasan_usul", "keluarga", "anggota", "bulan_berikutnya", "status", "versi", "id", "tujuan", "alasan", "catatan"]
)  # fmt: skip
RUSAK = st.dictionaries(KOLOM, NILAI, max_size=3)


def mesin(skema, kepala, boleh_tulis, hitung):
    """The machine for one key. `hitung`: list that grows by one for each request."""

    class Usulan(RuleBasedStateMachine):
        draf = Bundle("draf")

        def __init__(self):
            super().__init__()
            self.kini = {}  # id -> (state, ETag) as last answered
            self.lama = {}  # id -> an ETag that is over

        def tanya(self, cara, alamat, isi=None, tanda=None, kunci_kirim=None, **jalan):
            kirim = dict(kepala)
            if cara != "GET":
                kirim |= {"Idempotency-Key": kunci_kirim or str(uuid.uuid4())}
            if tanda:
                kirim["If-Match"] = tanda
            lebih = {} if isi is None else {"body": isi, "media_type": "application/json"}
            case = skema[alamat][cara].Case(path_parameters=jalan or None, headers=kirim, **lebih)
            hitung.append(cara)
            jawab = case.call()
            case.validate_response(jawab, checks=UJI)
            if jawab.status_code >= 400:
                assert jawab.headers["content-type"][0].startswith("application/problem+json")
            return jawab

        def baca(self, pk):
            jawab = self.tanya("GET", SATU, id=pk)
            assert jawab.status_code == 200
            isi = jawab.json()
            tanda = jawab.headers["etag"][0]
            if pk in self.kini:
                assert (isi["status"], tanda) == self.kini[pk], "changed without an answer that said so"
            self.kini[pk] = (isi["status"], tanda)
            return isi, tanda

        def lupakan(self, pk):
            """Something was changed: the tag that was known is over."""
            self.lama[pk] = self.kini.pop(pk)[1]

        @initialize(target=draf)
        def satu_draf(self):
            return self._buat({"program": "PKH", "alasan_usul": "Sakit."}) or multiple()

        @rule(target=draf, pokok=st.fixed_dictionaries({k: BAIK[k] for k in ("program", "alasan_usul")}))
        def buat(self, pokok):
            return self._buat(pokok) or multiple()

        def _buat(self, pokok):
            angka = uuid.uuid4().int
            isi = pokok | {
                "keluarga": {"wilayah": pemain.DESA, "alamat": "Kp. Cikole", "rt": "1", "rw": "5"},
                "anggota": [{"nik": f"320501{1 + angka % 28:02d}0180{1 + angka % 9999:04d}", "nama": "Ujang", "jenis_kelamin": "1",
                             "tgl_lahir": f"1980-01-{1 + angka % 28:02d}", "status_kawin": "2", "ibu_kandung": "Iis"}],
            }  # fmt: skip
            kirim = str(uuid.uuid4())
            jawab = self.tanya("POST", USULAN, isi, kunci_kirim=kirim)
            if not boleh_tulis:
                assert jawab.status_code == 403
                return None
            if jawab.status_code == 409:  # the number was drawn before
                return None
            assert jawab.status_code == 201, jawab.text
            lagi = self.tanya("POST", USULAN, isi, kunci_kirim=kirim)
            assert lagi.status_code == 201 and lagi.json() == jawab.json()
            return jawab.json()["id"]

        @rule(isi=RUSAK, dasar=st.fixed_dictionaries(BAIK))
        def buat_rusak(self, isi, dasar):
            jawab = self.tanya("POST", USULAN, dasar | isi)
            assert jawab.status_code in (400, 403)

        @rule(pk=draf)
        def lihat(self, pk):
            self.baca(pk)

        @rule(pk=draf, isi=st.fixed_dictionaries({}, optional=BAIK).filter(bool))
        def ubah(self, pk, isi):
            awal, tanda = self.baca(pk)
            jawab = self.tanya("PATCH", SATU, isi, tanda, id=pk)
            if awal["status"] != "draf":
                assert jawab.status_code == 409 and jawab.json()["keadaan"] == awal["status"]
                return
            assert jawab.status_code in (200, 422), jawab.text
            if jawab.status_code == 200:
                self.lupakan(pk)
                baru, _ = self.baca(pk)
                assert all(baru[k] == v for k, v in isi.items() if k in ("program", "alasan_usul"))
            assert self.baca(pk)[0]["status"] == "draf"

        @rule(pk=draf, isi=RUSAK)
        def ubah_rusak(self, pk, isi):
            _, tanda = self.baca(pk)
            jawab = self.tanya("PATCH", SATU, isi, tanda, id=pk)
            if jawab.status_code == 200:  # what was drawn happened to be right
                self.lupakan(pk)
            else:
                assert jawab.status_code in (400, 409, 422), jawab.text
            self.baca(pk)

        @rule(pk=draf, isi=st.fixed_dictionaries({}, optional=BAIK).filter(bool))
        def ubah_tanpa_membaca(self, pk, isi):
            assert self.tanya("PATCH", SATU, isi, id=pk).status_code == 428
            if pk in self.lama:
                basi = self.tanya("PATCH", SATU, isi, self.lama[pk], id=pk)
                assert basi.status_code == 412 and basi.headers["etag"][0] == self.baca(pk)[1]
            self.baca(pk)

        @rule(
            pk=draf,
            nama=st.sampled_from(["ajukan", "tarik", "verifikasi", "tetapkan", "entah"]),
            lain=RUSAK | st.just({}),
        )
        def langkah(self, pk, nama, lain):
            awal, tanda = self.baca(pk)
            buka = {s["nama"]: s for s in awal["langkah"]}
            isi = dict(lain)
            for satu in buka.get(nama, {"isian": []})["isian"]:
                if satu["wajib"] and satu["pilihan"]:
                    isi.setdefault(satu["nama"], satu["pilihan"][0]["nilai"])
            jawab = self.tanya("POST", LANGKAH, isi, tanda, id=pk, nama=nama)
            if jawab.status_code == 200:
                assert nama in buka and buka[nama]["siap"]
                self.lupakan(pk)
                baru, _ = self.baca(pk)
                assert baru["versi"] == awal["versi"] + 1 and baru["riwayat"][-1]["langkah"] == nama
                assert self.tanya("POST", LANGKAH, {}, tanda, id=pk, nama=nama).status_code in (409, 412)
            else:
                assert jawab.status_code in (400, 403, 404, 409, 422), jawab.text
                if nama in buka and buka[nama]["siap"] and not lain:
                    raise AssertionError(f"{nama} was open and ready: {jawab.text}")
                self.baca(pk)

    return Usulan


@pytest.fixture
def jalankan(db):
    """jalankan(scopes, sequences, steps): returns the number of requests."""
    Ketentuan.objects.filter(kunci="api.permintaan_per_menit").update(nilai=10**9)

    def _jalankan(cakupan, contoh, langkah):
        skema = schemathesis.openapi.from_wsgi("/api/schema/", WSGIHandler())
        kepala = {
            "Authorization": f"Bearer {kunci(*cakupan, anggaran=20_000_000)}",
            "Accept-Encoding": "identity",
        }
        hitung = []
        run_state_machine_as_test(
            mesin(skema, kepala, "tulis" in cakupan, hitung),
            settings=settings(
                max_examples=contoh, stateful_step_count=langkah, deadline=None, database=None,
                suppress_health_check=list(HealthCheck), print_blob=True,
            ),
        )  # fmt: skip
        return len(hitung)

    with lepas_sinyal():
        yield _jalankan


def test_a_few_sequences(jalankan):
    assert jalankan(SEMUA, 4, 8) > 20


@pytest.mark.fuzz
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("cakupan", [SEMUA, ("usulan", "tulis"), ("usulan",)], ids="+".join)
def test_thousands_in_sequences(jalankan, cakupan, lapor):
    n = jalankan(cakupan, 60 if "tulis" in cakupan else 10, 20)
    lapor(f"{n:,} requests in sequences")
    assert n >= (1_500 if "tulis" in cakupan else 50)
