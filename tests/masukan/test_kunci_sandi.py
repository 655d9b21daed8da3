"""The passkey door takes JSON from anybody: nothing that is sent there breaks it."""

import json

import pytest
from django.core.cache import cache

PINTU = "/akun/dua-langkah/webauthn/login/"
ISI = {
    "5000 digits": "9" * 5000, "deep": "[" * 10000, "deep and closed": "[" * 5000 + "]" * 5000, "null": "null", "list": "[]", "number": "1",
    "text": '"x"', "broken": "{", "empty object": "{}", "empty": "", "NUL": "\0", "constant": "NaN",
    "wrong types": json.dumps({"id": 1, "rawId": [], "response": "x", "type": None}),
    "wrong inside": json.dumps({"id": "a", "rawId": "a", "type": "public-key", "response": {"clientDataJSON": "e30", "authenticatorData": "", "signature": "", "userHandle": "x"}}),
    "long": json.dumps({"id": "a" * 30000}), "surrogate": '{"id": "\\ud800"}', "class": '{"__class__": {"__init__": 1}}',
}  # fmt: skip


@pytest.mark.parametrize("nama", ISI)
def test_kunci_sandi_rusak_dijawab_dengan_kalimat(peramban, nama):
    cache.clear()  # ten attempts a minute from one address; that limit has a test of its own library
    client = peramban("")
    client.get(PINTU, headers={"x-requested-with": "XMLHttpRequest"})
    jawab = client.post(PINTU, {"credential": ISI[nama]})
    assert jawab.status_code == 302, getattr(jawab, "exc_info", None)
    assert "kunci sandi" in client.get(jawab.url).content.decode().lower()
