"""Outside the demo a password alone does not open personal data: the first login leads to the second step."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.bantu.pemain import SANDI


def _kode(kunci: str) -> str:
    """What the app on the phone shows now (RFC 6238, 30 seconds, six digits)."""
    return format_hotp_value(hotp_value(kunci, int(time.time()) // 30))


def test_masuk_pertama_memasang_dua_langkah(portal_resmi, layar):
    rt = layar(portal_resmi)
    rt.buka("/masuk/")
    rt.lihat("46-masuk")
    rt.ketik(login="rtrw", password="bukan-kata-sandinya")
    rt.tekan("Masuk")
    assert "kata sandi" in rt.hal.locator(".galat-ringkas, .galat").first.inner_text().lower()
    assert rt.hal.locator("[name=login]").input_value() == "rtrw"
    rt.lihat()

    rt.masuk("rtrw")
    rt.buka("/usulan/")
    assert rt.hal.url.endswith("/akun/dua-langkah/"), "no page of data before the second step"
    rt.lihat()
    rt.ikuti("Pasang aplikasi kode")
    rt.lihat()
    rt.ketik(password=SANDI)  # changing the locks asks for the password once more
    rt.tekan("Lanjut")
    rt.lihat("47-pasang-dua-langkah")
    rt.hal.get_by_text("Tidak bisa memindai?").click()
    rt.ketik(code=_kode(rt.hal.locator("main code").inner_text()))
    rt.tekan("Pasang")
    rt.lihat()
    rt.buka("/dasbor/")
    assert rt.hal.url.endswith("/dasbor/")
    rt.lihat()

    lain = layar(portal_resmi)
    lain.buka("/masuk/")
    lain.ketik(login="rtrw", password=SANDI)
    lain.tekan("Masuk")
    assert "/dasbor/" not in lain.hal.url, "the next login asks for the code"
    lain.lihat()
