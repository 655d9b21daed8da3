"""Names that every page needs from the context processor are no page's own: `menu` lost the menu, `siapa` the phone's key."""

import re
from pathlib import Path

from django.contrib.auth.models import AnonymousUser

from portal import context_processors as umum

AKAR = Path(__file__).resolve().parents[2]
JSON = {
    "dtks/views/draf.py",
    "pengaduan/views/rahasia.py",
}  # answers a script; draws its pages without the request


def test_no_view_takes_a_name_that_every_page_needs(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    nama = "|".join(sorted(umum.portal(request)))
    for berkas in sorted(AKAR.glob("*/views*/**/*.py")) + sorted(AKAR.glob("*/views.py")):
        dipakai = set(re.findall(rf'"({nama})":', berkas.read_text()))
        assert not dipakai or str(berkas.relative_to(AKAR)) in JSON, (berkas, dipakai)
