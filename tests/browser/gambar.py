"""A drawn house for the photo fields, so that the pictures of the guide show something."""

import io

from PIL import Image, ImageDraw


def foto_rumah(sisi: int = 0) -> bytes:
    """A JPEG of 1600x1200 px; `sisi` changes it, because the same photo twice is no second photo."""
    gambar = Image.new("RGB", (1600, 1200), (168, 196, 222))
    kuas = ImageDraw.Draw(gambar)
    kuas.rectangle((0, 820, 1600, 1200), fill=(122, 140, 84))
    kuas.rectangle((380, 520, 1220, 960), fill=(193, 160, 120))
    for x in range(380, 1220, 60):
        kuas.line((x, 520, x, 960), fill=(150, 118, 84), width=5)
    kuas.polygon(((300, 540), (800, 250), (1300, 540)), fill=(140, 74, 58))
    kuas.rectangle((720, 660, 880, 960), fill=(92, 64, 44))
    kuas.rectangle((470 + 40 * sisi, 620, 610 + 40 * sisi, 760), fill=(74, 92, 110))
    kuas.ellipse((1330, 400, 1570, 760), fill=(70, 110, 60))
    kuas.rectangle((1430, 700, 1470, 900), fill=(84, 62, 44))
    keluar = io.BytesIO()
    gambar.save(keluar, "JPEG", quality=85)
    return keluar.getvalue()
