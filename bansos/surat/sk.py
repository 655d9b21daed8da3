"""Decree letters: the regional head's SK for APBD aid, and the note that records a minister's decree for APBN aid.

The portal never writes a letter in the minister's name: for KEPMENSOS it prints a 'catatan penetapan' that points to the
number of the real decree (domain.md §1.6: APBN outcomes are imported, only APBD outcomes are decided here).
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.platypus import Flowable

from accounts.models import Pengguna
from bansos.models import BarisPenetapan, Penetapan, Program
from core import letters, pdf
from core.terbilang import angka, periode_kata, tanggal_panjang
from dtks.models import Usulan
from dtks.surat.kop import alamat, jalur, kop_dinas, nik_kepala, pemerintah
from wilayah.models import Wilayah

Baris = tuple[Usulan, str, str]

MENGINGAT = (
    "Undang-Undang Nomor 11 Tahun 2009 tentang Kesejahteraan Sosial;",
    "Undang-Undang Nomor 13 Tahun 2011 tentang Penanganan Fakir Miskin;",
    "Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah;",
    "Peraturan Menteri Dalam Negeri Nomor 77 Tahun 2020 tentang Pedoman Teknis Pengelolaan Keuangan Daerah;",
    "Peraturan Menteri Sosial Nomor 3 Tahun 2021 tentang Pengelolaan Data Terpadu Kesejahteraan Sosial;",
)
# By rank (UU 12/2011 jo. 13/2022 on the making of laws), the way Program.dasar_hukum shortens them.
_SINGKATAN = {
    "UU": "Undang-Undang",
    "PP": "Peraturan Pemerintah",
    "Perpres": "Peraturan Presiden",
    "Permendagri": "Peraturan Menteri Dalam Negeri",
    "Permensos": "Peraturan Menteri Sosial",
}
# Short names in Program.dasar_hukum of what MENGINGAT already writes in full.
_SUDAH_DISEBUT = {"UU 11/2009", "UU 13/2011", "UU 23/2014", "Permendagri 77/2020", "Permensos 3/2021"}


@dataclass(frozen=True)
class _Bahan:
    nomor: str
    tanggal: date
    program: Program
    wilayah: Wilayah
    periode: str
    baris: list[Baris]
    penandatangan: Pengguna
    menggantikan: str
    sebutan: str
    templat: letters.Templat

    @property
    def isian(self) -> dict[str, str]:
        """Values of the placeholders (core.letters.ISIAN)."""
        hasil = "; ".join(f"{kata.lower()} {jumlah}" for kata, jumlah in _jumlah(self.baris))
        return {
            "program": self.program.nama, "daerah": self.daerah, "pejabat": self.pejabat, "periode": periode_kata(self.periode),
            "hasil": hasil,
        }  # fmt: skip

    @property
    def daerah(self) -> str:
        """'Kabupaten Garut'."""
        return jalur(self.wilayah)[-1]

    @property
    def pejabat(self) -> str:
        """'Bupati Garut', 'Wali Kota Bandung'; for Jakarta's cities the governor: they issue no decree of their own."""
        if pemerintah(self.wilayah).startswith("Pemerintah Provinsi "):
            return "Gubernur " + pemerintah(self.wilayah).removeprefix("Pemerintah Provinsi ")
        if self.daerah.startswith("Kota "):
            return "Wali Kota " + self.daerah.removeprefix("Kota ")
        return "Bupati " + self.daerah.removeprefix("Kabupaten ")


_URUTAN = (
    "KESATU", "KEDUA", "KETIGA", "KEEMPAT", "KELIMA", "KEENAM", "KETUJUH", "KEDELAPAN", "KESEMBILAN", "KESEPULUH",
)  # fmt: skip
_HASIL = dict(BarisPenetapan.Hasil.choices)
_KATA = {"ditetapkan": _HASIL["ditetapkan"], "dihapus": "Dihapus dari daftar penerima", **_HASIL}


def sk(
    *,
    jenis: str,
    nomor: str,
    tanggal: date,
    program: Program,
    wilayah: Wilayah,
    periode: str,
    baris: list[Baris],
    penandatangan: Pengguna,
    kode: str,
    menggantikan: str = "",
    sebutan: str = "",
    templat: letters.Templat = letters.BAWAAN,
) -> bytes:
    """Letter with annex. `baris`: (usulan with keluarga and wilayah fetched, BarisPenetapan.Hasil, sentence of the reason).

    `wilayah` is the regency/city, `menggantikan` the number of the decree this one replaces,
    `sebutan` 'Plt. ' or 'Plh. ' for who acts for the head of the Dinas.
    """
    bahan = _Bahan(
        nomor, tanggal, program, wilayah, periode, baris, penandatangan, menggantikan, sebutan, templat
    )
    catatan = jenis == Penetapan.Jenis.KEPMENSOS
    kepmensos = f"Catatan Penetapan atas Keputusan Menteri Sosial Nomor {nomor}"
    judul = kepmensos if catatan else f"Keputusan {bahan.pejabat} Nomor {nomor}"
    tertanda = _pencatat if catatan else _atas_nama
    isi: list[Flowable] = [
        *(_catatan(bahan) if catatan else _keputusan(bahan)),
        pdf.halaman_baru(),
        *_lampiran(judul, bahan),
        pdf.jarak(3),
        tertanda(bahan),
    ]
    return pdf.susun(isi, judul=judul, penerbit=pemerintah(wilayah), kode=kode)


def _jumlah(baris: Sequence[Baris]) -> list[tuple[str, str]]:
    hitung = hitung_hasil(baris)
    return [(str(kata), f"{angka(hitung[hasil])} usulan") for hasil, kata in _KATA.items() if hitung[hasil]]


def hitung_hasil(baris: Sequence[Baris]) -> Counter[str]:
    """How many of each outcome; a removal that was decided is 'dihapus', not 'ditetapkan'."""
    return Counter("dihapus" if _dihapus(usulan, hasil) else hasil for usulan, hasil, _ in baris)


def _dihapus(usulan: Usulan, hasil: str) -> bool:
    return hasil == BarisPenetapan.Hasil.DITETAPKAN and usulan.jalur == Usulan.Jalur.PENGHAPUSAN


def _keputusan(b: _Bahan) -> list[Flowable]:
    tentang = f"Penetapan Penerima {b.program.nama} di {b.daerah} {periode_kata(b.periode)}"
    menetapkan = f"KEPUTUSAN {b.pejabat} TENTANG {tentang}.".upper()
    return [
        *pdf.kop(kop_dinas(b.wilayah)),
        *pdf.judul(f"Keputusan {b.pejabat}", nomor=b.nomor),
        pdf.teks("TENTANG", "tengah"),
        pdf.jarak(1),
        *pdf.judul(tentang),
        pdf.teks(f"{b.pejabat.upper()},", "tengah"),
        pdf.jarak(3),
        *pdf.diktum([("Menimbang", _menimbang(b))], huruf_kecil=True),
        *pdf.diktum([("Mengingat", b.templat.baris("mengingat", **b.isian) or _mengingat(b.program))]),
        *pdf.judul("Memutuskan:"),
        *pdf.diktum([("Menetapkan", [menetapkan]), *_diktum(b)], bernomor=False),
        pdf.jarak(3),
        _atas_nama(b),
        pdf.jarak(3),
        *_tembusan(b),
    ]


def _menimbang(b: _Bahan) -> list[str]:
    ganti = f"bahwa Keputusan {b.pejabat} Nomor {b.menggantikan} perlu diperbaiki sehingga harus diganti;"
    if sendiri := b.templat.baris("menimbang", **b.isian):
        return [*sendiri[:-1], ganti, sendiri[-1]] if b.menggantikan else sendiri
    isi = [
        f"bahwa untuk menyalurkan {b.program.nama} kepada keluarga yang berhak di {b.daerah}, "
        "perlu ditetapkan penerimanya;",
        "bahwa usulan penerima telah diverifikasi dan disahkan oleh Dinas Sosial;",
    ]
    if b.menggantikan:
        isi.append(ganti)
    awal = ", ".join(f"huruf {chr(97 + i)}" for i in range(len(isi) - 1))
    dalam = f"{awal} dan huruf {chr(96 + len(isi))}"
    return [
        *isi,
        f"bahwa berdasarkan pertimbangan sebagaimana dimaksud dalam {dalam}, perlu menetapkan Keputusan {b.pejabat}.",
    ]


def _mengingat(program: Program) -> list[str]:
    """The general instruments and those of the programme, in order of rank. One without a number cannot be cited."""
    khusus = [satu.strip() for satu in re.split(r"[;\n]", program.dasar_hukum)]
    khusus = [
        f"{_panjang(satu)};" for satu in khusus if satu not in _SUDAH_DISEBUT and re.search(r"[0-9]", satu)
    ]
    semua = [*MENGINGAT, *khusus]
    urut = list(_SINGKATAN.values())
    return sorted(
        semua, key=lambda s: next((i for i, awal in enumerate(urut) if s.startswith(awal)), len(urut))
    )


def _panjang(dasar: str) -> str:
    """'UU 1/2011' -> 'Undang-Undang Nomor 1 Tahun 2011'; what is written otherwise stays."""
    pola = rf"\b({'|'.join(_SINGKATAN)}) ([0-9]+)/([0-9]{{4}})\b"
    return re.sub(pola, lambda m: f"{_SINGKATAN[m[1]]} Nomor {m[2]} Tahun {m[3]}", dasar)


def _diktum(b: _Bahan) -> list[tuple[str, list[str]]]:
    isi = b.templat.baris("diktum", **b.isian) or [
        f"Menetapkan penerima {b.program.nama} sebagaimana tercantum dalam lampiran yang merupakan bagian tidak "
        f"terpisahkan dari keputusan ini, dengan hasil: {b.isian['hasil']}.",
        f"Biaya yang timbul akibat keputusan ini dibebankan pada Anggaran Pendapatan dan Belanja Daerah {b.daerah}.",
        "Keputusan ini mulai berlaku pada tanggal ditetapkan.",
    ]
    if b.menggantikan:  # whatever the version says: a decree that replaces another one ends it
        cabut = (
            f"Dengan berlakunya keputusan ini, Keputusan {b.pejabat} Nomor {b.menggantikan} dicabut dan dinyatakan "
            "tidak berlaku."
        )
        isi = [*isi[:-1], cabut, isi[-1]]
    return [(kata, [satu]) for kata, satu in zip(_URUTAN, isi, strict=False)]


def _catatan(b: _Bahan) -> list[Flowable]:
    rujukan = [
        ("Keputusan", f"Keputusan Menteri Sosial Nomor {b.nomor}"),
        ("Tanggal keputusan", tanggal_panjang(b.tanggal)),
        ("Program", b.program.nama),
        ("Periode", periode_kata(b.periode)),
        ("Wilayah", b.daerah),
        *_jumlah(b.baris),
    ]
    if b.menggantikan:
        rujukan.append(("Menggantikan", f"Keputusan Menteri Sosial Nomor {b.menggantikan}"))
    return [
        *pdf.kop(kop_dinas(b.wilayah)),
        *pdf.judul("Catatan Penetapan", f"Penerima {b.program.nama}"),
        pdf.paragraf(
            "Catatan ini mencatat hasil yang telah ditetapkan Menteri Sosial untuk usulan dari {daerah}. Catatan ini "
            "<b>bukan</b> Keputusan Menteri Sosial dan tidak menggantikannya; yang berlaku adalah naskah keputusan berikut.",
            daerah=b.daerah,
        ),
        pdf.rincian(rujukan),
        pdf.teks("Hasil untuk setiap nama tercantum dalam lampiran catatan ini."),
        pdf.jarak(5),
        _pencatat(b),
    ]


def _pencatat(b: _Bahan) -> Flowable:
    """A note of the minister's decree is signed by who recorded it, in nobody's name."""
    return pdf.kanan(pdf.Tertanda(("Dicatat oleh,",), b.penandatangan.nama))


def _atas_nama(b: _Bahan) -> Flowable:
    """The Kepala Dinas decides 'atas nama' the regional head (role KADIS in accounts/data/peran.json)."""
    atas = (
        f"Ditetapkan di {b.daerah}",
        f"pada tanggal {tanggal_panjang(b.tanggal)}",
        f"a.n. {b.pejabat.upper()}",
        f"{b.sebutan}KEPALA DINAS SOSIAL,",
    )
    return pdf.kanan(pdf.Tertanda(atas, b.penandatangan.nama))


def _tembusan(b: _Bahan) -> list[Flowable]:
    camat = sorted({jalur(u.wilayah)[1] for u, _, _ in b.baris if len(jalur(u.wilayah)) > 2})
    isi = [f"{b.pejabat} (sebagai laporan);", f"Inspektur {b.daerah};"]
    isi += [f"Camat {satu.split(' ', 1)[-1]};" for satu in camat]
    isi.append("Kepala desa/lurah yang warganya tercantum dalam lampiran.")
    return [*pdf.bagian("Tembusan:"), *pdf.butir(isi)]


def _hasil(usulan: Usulan, hasil: str, alasan: str) -> str:
    if _dihapus(usulan, hasil):
        return "Ditetapkan keluar dari daftar penerima"
    kata = str(_HASIL.get(hasil, hasil))
    return f"{kata}: {alasan}" if alasan else kata


def _lampiran(judul: str, b: _Bahan) -> list[Flowable]:
    nik = nik_kepala([u for u, _, _ in b.baris])
    isi = [
        (i, u.keluarga.nama_kepala, nik[u.keluarga_id], alamat(u), b.program.nama, _hasil(u, hasil, alasan))
        for i, (u, hasil, alasan) in enumerate(b.baris, 1)
    ]
    kepala = ("No.", "Nama kepala keluarga", "NIK", "Alamat", "Program", "Hasil")
    return [
        pdf.rincian(
            [
                ("Lampiran", judul),
                ("Tanggal", tanggal_panjang(b.tanggal)),
                ("Periode", periode_kata(b.periode)),
            ],
            label=24,
        ),
        *pdf.judul("Daftar Nama", b.program.nama),
        pdf.tabel(kepala, isi, (8, 33, 32, 42, 24, 32), rata="tkt"),
    ]
