"""The inspectorate reads the month: from the first number down to a village, the rows behind it, the control reports."""

import io
import json

from django.utils import timezone

from bansos.models import Program
from core.models import Berkas
from dtks.queries.hitungan import per_status
from portal.actions import peta, ringkasan
from portal.queries.laporan import kpi
from tests.bantu import acak
from tests.bantu.alur import orang
from tests.bantu.pemain import DESA, DESA2, KABUPATEN
from wilayah.models import Wilayah


def _peta() -> bytes:
    """Kecamatan of Garut as squares beside each other."""
    bentuk = []
    for n, w in enumerate(Wilayah.objects.filter(induk=KABUPATEN).order_by("kode")):
        x, y = 107.5 + n % 7 * 0.1, -7.0 - n // 7 * 0.1
        sudut = [[x, y], [x + 0.1, y], [x + 0.1, y - 0.1], [x, y - 0.1], [x, y]]
        bentuk.append(
            {
                "type": "Feature",
                "properties": {"kode": w.pk},
                "geometry": {"type": "Polygon", "coordinates": [sudut]},
            }
        )
    return io.BytesIO(json.dumps({"type": "FeatureCollection", "features": bentuk}).encode()).read()


def test_laporan_dari_kabupaten_sampai_barisnya(portal, layar):
    assert Program.objects.exists()
    acak.isi(
        11,
        [DESA, DESA, DESA2, "32.05.02.1001"],
        kpi.periode_lalu(f"{timezone.localdate():%Y-%m}", 6),
        keluarga=150,
    )
    ringkasan.segarkan()
    peta.muat(by=orang("supervisor"), kabupaten=KABUPATEN, isi=_peta(), nama="garut.geojson")
    assert Berkas.objects.filter(jenis="peta").exists() and sum(per_status([KABUPATEN]).values()) > 50
    for lebar in (360, 1280):
        satu = layar(portal, "inspektorat", lebar=lebar)
        satu.buka("/laporan/")
        satu.lihat(f"laporan_{lebar}")
        satu.buka("/laporan/usulan/")
        satu.lihat(f"laporan_usulan_{lebar}")
        satu.ikuti("Garut Kota")
        assert "Jumlah" in satu.teks
        satu.buka("/laporan/umur/")
        satu.lihat("laporan_umur" if lebar > 700 else "")
        satu.buka(f"/laporan/usulan/baris/?wilayah={KABUPATEN}&kolom=semua")
        satu.lihat("laporan_baris" if lebar > 700 else "")
        satu.buka("/laporan/kendali/")
        satu.lihat("kendali" if lebar > 700 else "")
        satu.buka("/laporan/kendali/cepat/")
        satu.lihat("kendali_cepat" if lebar > 700 else "")
        satu.buka("/laporan/kendali/trio/")
        satu.lihat()
    pdf = satu.hal
    pdf.goto(f"{portal.alamat}/laporan/padan/")
    assert satu.unduh("Unduh PDF").startswith(b"%PDF")
    supervisor = layar(portal, "supervisor")
    supervisor.buka("/laporan/peta/")
    supervisor.lihat("laporan_peta")
