"""Two at once on one usul, and one form that arrives four times: one effect."""

import threading
import uuid

from django.db import connection

from core.workflow import StepRefused
from pengaduan.actions import usul as tindakan
from pengaduan.models import FotoUsul, Usul
from tests.bantu.alur import foto, orang
from tests.bantu.pemain import DESA2
from tests.bantu.usul import isi as isi_usul
from tests.bantu.usul import usul
from wilayah.models import Wilayah


def serentak(*kerja) -> list[str]:
    """Each in its own thread with its own connection, let go together; the outcome of each in a word."""
    gerbang, hasil = threading.Barrier(len(kerja)), [""] * len(kerja)

    def jalan(n: int) -> None:
        try:
            gerbang.wait()
            kerja[n]()
            hasil[n] = "jadi"
        except StepRefused as ditolak:
            hasil[n] = type(ditolak).__name__
        finally:
            connection.close()

    utas = [threading.Thread(target=jalan, args=(n,)) for n in range(len(kerja))]
    for satu in utas:
        satu.start()
    for satu in utas:
        satu.join(60)
    return hasil


def test_pengusul_menarik_saat_desa_menjawab_hanya_satu_yang_jadi(db_nyata):
    for _ in range(3):
        satu, _ = usul(pengusul_nik="")
        hasil = serentak(
            lambda u=satu: tindakan.tarik(u),
            lambda u=satu: tindakan.tolak(u, by=orang("operator"), alasan="USUL_KURANG_JELAS"),
            lambda u=satu: tindakan.alihkan(u, by=orang("operator"), ke=Wilayah.objects.get(pk=DESA2)),
        )
        satu.refresh_from_db()
        urut = list(satu.riwayat.order_by("urut").values_list("langkah", flat=True))
        assert hasil.count("jadi") == len(urut) == satu.versi and satu.status == ("ditarik" if urut[-1] == "tarik" else "ditolak" if urut[-1] == "tolak" else "masuk")  # fmt: skip
        assert urut.count("tolak") + urut.count("tarik") <= 1


def test_satu_formulir_dikirim_bersamaan_tetap_satu_usul(db_nyata):
    kunci, data = uuid.uuid4(), isi_usul(pengusul_nik="")
    tanda: list[tuple[str, str]] = []

    def kirim_satu() -> None:
        satu, pin = tindakan.kirim_sekali(
            pemilik="warga",
            kunci=kunci,
            isi="sama",
            data=data,
            foto={"rumah_depan": foto()},
            alamat="10.0.0.1",
        )
        tanda.append((satu.tiket, pin))

    assert serentak(*[kirim_satu] * 4) == ["jadi"] * 4
    assert len(set(tanda)) == 1 and Usul.objects.count() == 1 == FotoUsul.objects.count()
