"""The public table of /cek/ built anew in Python, without any of its SQL: what must stand there, from decrees and proposals."""

import hashlib
from collections import defaultdict
from typing import Any

from django.db import connection

from bansos.models import BarisPenetapan, CekBansos, CekGaram, Program
from core import rules
from core.identity import mask_name
from core.names import name_key
from core.privacy.keys import blind_index
from dtks.models import Individu, Penggabungan, Usulan

_PROSES = {
    "diajukan": "proses_desa", "dimusyawarahkan": "proses_desa", "disepakati": "proses_desa", "diinput": "proses_dinas",
    "ditugaskan": "proses_dinas", "diases": "proses_dinas", "terverifikasi": "proses_dinas", "disahkan": "proses_dinas",
    "dikirim": "menunggu_sk", "ditunda": "ditunda", "ditolak": "ditolak",
}  # fmt: skip


def sidik(*bagian: bytes) -> bytes:
    return hashlib.sha256(b"".join(bagian)).digest()


def kartu_program(keluarga: Any) -> dict[str, tuple[Any, ...]]:
    """{programme: (when, state, period, day)} of one family card."""
    tutup = set(rules.value("cek.program_tertutup"))
    kabar: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    pemberian: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for b in BarisPenetapan.objects.filter(usulan__keluarga=keluarga).select_related("penetapan", "usulan"):
        sk, jalur = b.penetapan, b.usulan.jalur
        if sk.status == "diganti" or (jalur in ("PENGHAPUSAN", "PERBAIKAN") and b.hasil != "ditetapkan"):
            continue
        if sk.status == "berlaku" and b.hasil == "ditetapkan":
            pemberian[sk.program_id].append((sk.created_at, jalur, sk.periode, sk.tanggal))
        if sk.status == "dicabut":
            if b.hasil == "ditetapkan" and jalur != "PENGHAPUSAN":
                kabar[sk.program_id].append((sk.created_at, "dicabut", sk.periode, sk.tanggal))
        elif b.hasil != "ditetapkan" or jalur == "PENGHAPUSAN":
            keadaan = "dikeluarkan" if b.hasil == "ditetapkan" else b.hasil
            kabar[sk.program_id].append((sk.created_at, keadaan, sk.periode, sk.tanggal))
    for u in Usulan.objects.filter(keluarga=keluarga).exclude(jalur__in=("PENGHAPUSAN", "PERBAIKAN")):
        if u.status in _PROSES:
            kabar[u.program].append((u.status_sejak, _PROSES[u.status], u.periode, None))
    hasil = {}
    for program in (set(kabar) | set(pemberian)) & set(Program.objects.values_list("pk", flat=True)) - tutup:
        akhir = max(pemberian[program], default=None, key=lambda r: r[0])
        if akhir and akhir[1] != "PENGHAPUSAN":
            hasil[program] = (akhir[0], "penerima", akhir[2], akhir[3])
        elif kabar[program]:
            hasil[program] = max(kabar[program], key=lambda r: r[0])
    return hasil


def kartu_milik(orang: Individu) -> set[Any]:
    kartu, antre, dilihat = {orang.keluarga_id}, [orang.pk], {orang.pk}
    while antre:
        for g in Penggabungan.objects.filter(utama_id=antre.pop(), dibatalkan_at=None).select_related(
            "kalah__keluarga"
        ):
            if g.kalah_id not in dilihat:
                dilihat.add(g.kalah_id)
                antre.append(g.kalah_id)
                if g.kalah.keluarga.status == "nonaktif":
                    kartu.add(g.kalah.keluarga_id)
    return kartu


def seharusnya() -> set[tuple[Any, ...]]:
    garam = bytes(CekGaram.objects.get().garam)
    orang = list(
        Individu.objects.filter(aktif=True).exclude(keluarga__status="nonaktif").select_related("keluarga")
    )
    nama: dict[bytes, int] = defaultdict(int)
    kunci = {}
    for i in orang:
        kata = name_key(i.nama)[:120]
        kunci[i.pk] = sidik(garam, f"{i.keluarga.wilayah_id[:13]}|{kata}".encode()) if kata else None
        nama[kunci[i.pk]] += 1
    hasil = set()
    for i in orang:
        isi: dict[str, tuple[Any, ...]] = {}
        for kartu in kartu_milik(i):
            for program, satu in kartu_program(kartu).items():
                lama = isi.get(program)
                if lama is None or (satu[1] == "penerima", satu[0]) > (lama[1] == "penerima", lama[0]):
                    isi[program] = satu
        lahir = i.tgl_lahir.isoformat().encode()
        nik = sidik(blind_index(i.nik.open(), "nik"), lahir) if i.nik else None
        k = kunci[i.pk]
        for program, (_, keadaan, periode, tanggal) in isi.items():
            hasil.add(
                (i.pk, program, nik, k, sidik(k, lahir) if k else None, bool(k) and nama[k] > 1, mask_name(i.nama)[:100],
                 i.keluarga.wilayah_id[:13], keadaan, periode, tanggal)
            )  # fmt: skip
    return hasil


def tabel() -> set[tuple[Any, ...]]:
    return {
        tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
        for row in CekBansos.objects.values_list(
            "individu_id", "program", "kunci_nik", "kunci_nama", "kunci_lahir", "kembar", "nama_samar", "wilayah",
            "keadaan", "periode", "tanggal",
        )
    }  # fmt: skip


def pastikan_cocok() -> int:
    """The table, its own check in SQL and the rebuild agree; how many rows there are."""
    with connection.cursor() as cursor:
        cursor.execute("select * from cek_beda()")
        beda = cursor.fetchall()
    kini, benar = tabel(), seharusnya()
    assert kini == benar, (
        f"wrong: {sorted(map(repr, kini - benar))}\nmissing: {sorted(map(repr, benar - kini))}"
    )
    assert not beda
    return len(kini)


def keadaan(keluarga: Any) -> set[tuple[str, str]]:
    orang = Individu.objects.filter(keluarga=keluarga).values_list("pk", flat=True)
    return set(CekBansos.objects.filter(individu_id__in=orang).values_list("program", "keadaan"))
