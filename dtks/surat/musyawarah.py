"""Papers of the meeting: berita acara, daftar hadir, and the by-name-by-address list (BNBA) for SIKS-NG.

Pure rendering: the rows are read, nothing is written. The signatures are wet (domain.md §1.5: kades/lurah, operator,
and the elements that came); the scan comes back by `dtks.actions.musyawarah.tandatangani`.
"""

from collections import Counter
from collections.abc import Sequence

from reportlab.platypus import Flowable

from core import letters, pdf
from core.models import Dokumen
from core.terbilang import angka, periode_kata, tanggal_kata, tanggal_panjang
from dtks.models import Musyawarah, PesertaMusyawarah, PutusanMusyawarah, Usulan
from dtks.queries import perbaikan
from dtks.queries.kuorum import hitung
from dtks.surat.kop import alamat_pendek, jalur, kop_desa, label, nik_kepala, sebutan_kepala
from wilayah.waktu import hari_wilayah, jam_wilayah

DASAR = (
    "Undang-Undang Nomor 13 Tahun 2011 tentang Penanganan Fakir Miskin;",
    "Peraturan Menteri Sosial Nomor 3 Tahun 2021 tentang Pengelolaan Data Terpadu Kesejahteraan Sosial.",
)
_HASIL = [pilihan for pilihan in PutusanMusyawarah.Putusan if pilihan and pilihan != "keluar"]


_PENUTUP = "Demikian berita acara ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya."


def templat_ba(musyawarah: Musyawarah) -> letters.Templat:
    """The version of the minutes' words in force on the day of the meeting."""
    return letters.berlaku(
        "BERITA_ACARA", musyawarah.wilayah_id, hari_wilayah(musyawarah.wilayah_id, musyawarah.waktu)
    )


def _isian(musyawarah: Musyawarah) -> dict[str, str]:
    return {"desa": jalur(musyawarah.wilayah)[0], "periode": periode_kata(musyawarah.periode)}


def berita_acara(
    musyawarah: Musyawarah,
    *,
    kode: str,
    lampiran: Dokumen | None = None,
    templat: letters.Templat | None = None,
    dilewati: int = 0,
) -> bytes:
    """Berita acara with verdict per name, counts, objections and signatures. Raises core.rules.RuleMissing without a quorum rule.

    `lampiran`: the list by name that goes with it, named by its code and fingerprint. `templat`: a version to try.
    `dilewati`: how many frozen families left the agenda; they are not named.
    """
    templat = templat or templat_ba(musyawarah)
    peserta = list(musyawarah.peserta.all())
    putusan = list(musyawarah.putusan.select_related("usulan__keluarga"))
    program, unsur = label("program_usulan"), label("unsur")
    judul = f"Berita Acara {musyawarah.get_jenis_display()} Nomor {musyawarah.nomor}"
    isi: list[Flowable] = [
        *pdf.kop(kop_desa(musyawarah.wilayah)),
        *pdf.judul(
            "Berita Acara",
            musyawarah.get_jenis_display(),
            "Pengusulan Penerima Bantuan Sosial",
            nomor=musyawarah.nomor,
        ),
        *pembukaan(musyawarah, templat),
        *kehadiran(musyawarah, peserta, unsur),
        *_daftar_putusan(putusan, program),
        *_rekap(putusan, program),
        *_keberatan(putusan),
        *pdf.bagian("F. Catatan jalannya musyawarah"),
        *catatan(musyawarah, dilewati),
        *penutup(musyawarah, peserta, unsur, lampiran, templat),
    ]
    return pdf.susun(isi, judul=judul, penerbit=musyawarah.wilayah.jalur, kode=kode)


def catatan(musyawarah: Musyawarah, dilewati: int) -> list[Flowable]:
    """The notes of the notulis, and why fewer names were heard than were on the agenda."""
    isi = [pdf.teks(musyawarah.catatan.strip() or "Tidak ada catatan.")]
    if dilewati:
        kata = f"{angka(dilewati)} usulan di agenda tidak dibahas karena keluarganya meminta datanya dibekukan (UU 27/2022)."
        isi.append(pdf.teks(f"{kata} Usulan itu dibahas di musyawarah berikutnya sesudah pembekuan dicabut."))
    return isi


def penutup(
    musyawarah: Musyawarah,
    peserta: Sequence[PesertaMusyawarah],
    unsur: dict[str, str],
    lampiran: Dokumen | None,
    templat: letters.Templat,
) -> list[Flowable]:
    """The annexes, the closing sentence, the signatures and the witnesses: alike in first and corrected minutes."""
    isi: list[Flowable] = []
    if lampiran is not None:
        isi = [
            *pdf.bagian("Lampiran"),
            *pdf.butir(
                (
                    f"{lampiran.judul}, kode {lampiran.kode}, sidik SHA-256 {bytes(lampiran.sha256).hex()};",
                    "Daftar hadir.",
                )
            ),
        ]
    return [
        *isi,
        pdf.teks(templat.teks("penutup", _PENUTUP, **_isian(musyawarah))),
        *_tertanda(musyawarah, peserta),
        *_saksi(musyawarah, peserta, unsur),
    ]


def daftar_hadir(musyawarah: Musyawarah, *, kode: str) -> bytes:
    """List to sign: those who came; the invited who did not come are named below it."""
    peserta = list(musyawarah.peserta.all())
    unsur = label("unsur")
    hadir = [p for p in peserta if p.hadir]
    absen = [p for p in peserta if not p.hadir]
    baris = [
        (i, p.nama, unsur.get(p.unsur, p.unsur), p.jabatan or "-", f"{i}.") for i, p in enumerate(hadir, 1)
    ]
    isi: list[Flowable] = [
        *pdf.kop(kop_desa(musyawarah.wilayah)),
        *pdf.judul("Daftar Hadir", musyawarah.get_jenis_display(), nomor=musyawarah.nomor),
        _identitas(musyawarah),
        pdf.tabel(
            ("No.", "Nama", "Unsur", "Jabatan", "Tanda tangan"),
            baris,
            (5, 28, 26, 21, 28),
            rata="t",
            tinggi=10,
        ),
        pdf.teks(f"Jumlah hadir {angka(len(hadir))} orang dari {angka(len(peserta))} orang yang diundang."),
    ]
    if absen:
        isi += [
            *pdf.bagian("Diundang tetapi tidak hadir"),
            *pdf.butir(f"{p.nama} ({unsur.get(p.unsur, p.unsur)})" for p in absen),
        ]
    isi += [pdf.jarak(5), pdf.kanan(_pimpinan(musyawarah, peserta))]
    judul = f"Daftar Hadir {musyawarah.get_jenis_display()} Nomor {musyawarah.nomor}"
    return pdf.susun(isi, judul=judul, penerbit=musyawarah.wilayah.jalur, kode=kode)


BARIS_TAMBAHAN = 5  # empty lines for those who come without an invitation


def daftar_hadir_kosong(musyawarah: Musyawarah) -> bytes:
    """To print before the meeting and to sign at the door: everybody invited, and some empty lines. No code: nothing was held yet."""
    unsur = label("unsur")
    peserta = list(musyawarah.peserta.all())
    baris: list[tuple[object, ...]] = [
        (i, p.nama, unsur.get(p.unsur, p.unsur), p.jabatan or "-", f"{i}.") for i, p in enumerate(peserta, 1)
    ]
    lanjut = range(len(peserta) + 1, len(peserta) + BARIS_TAMBAHAN + 1)
    baris += [(i, "", "", "", f"{i}.") for i in lanjut]
    isi: list[Flowable] = [
        *pdf.kop(kop_desa(musyawarah.wilayah)),
        *pdf.judul("Daftar Hadir", musyawarah.get_jenis_display()),
        _identitas(musyawarah),
        pdf.tabel(
            ("No.", "Nama", "Unsur", "Jabatan", "Tanda tangan"),
            baris,
            (5, 28, 26, 21, 28),
            rata="t",
            tinggi=10,
        ),
        pdf.jarak(5),
        pdf.kanan(_pimpinan(musyawarah, [])),
    ]
    return pdf.susun(
        isi, judul=f"Daftar Hadir {musyawarah.get_jenis_display()}", penerbit=musyawarah.wilayah.jalur
    )


def disepakati(musyawarah: Musyawarah) -> list[Usulan]:
    """The agreed proposals in force with these minutes: of a correction, those of the first minutes as corrected."""
    if musyawarah.perbaikan_dari is None:
        setuju = musyawarah.putusan.tanpa_beku().filter(putusan=PutusanMusyawarah.Putusan.DISEPAKATI)
        return [p.usulan for p in setuju.select_related("usulan__keluarga")]
    semua = perbaikan.berlaku(musyawarah.perbaikan_dari, sebelum=musyawarah, dengan=musyawarah)
    setuju_ = [p.usulan for p in semua.values() if p.putusan == PutusanMusyawarah.Putusan.DISEPAKATI]
    setuju_ = [u for u in setuju_ if u.keluarga.dibekukan_at is None]
    return sorted(setuju_, key=lambda u: (u.keluarga.nama_kepala, str(u.pk)))


def bnba(musyawarah: Musyawarah, *, kode: str = "") -> bytes:
    """By-name-by-address list of the agreed proposals, NIK and KK masked; landscape. The annex of the minutes."""
    usulan = disepakati(musyawarah)
    nik, program = nik_kepala(usulan), label("program_usulan")
    baris = [
        (
            i,
            u.keluarga.nama_kepala,
            nik[u.keluarga_id],
            u.keluarga.no_kk or "belum ada KK",
            u.keluarga.alamat,
            f"{u.keluarga.rt}/{u.keluarga.rw}",
            nama_program(u, program),
        )
        for i, u in enumerate(usulan, 1)
    ]
    per_program = Counter(nama_program(u, program) for u in usulan)
    jumlah: list[tuple[object, ...]] = [(nama, n) for nama, n in sorted(per_program.items())]
    judul_ = "Daftar Usulan yang Disepakati" + (" sesudah Perbaikan" if musyawarah.perbaikan_dari_id else "")
    isi: list[Flowable] = [
        *pdf.kop(kop_desa(musyawarah.wilayah)),
        *pdf.judul(judul_, "menurut nama dan alamat (BNBA)"),
        _identitas(musyawarah, lebar=pdf.LEBAR_MENDATAR),
        pdf.tabel(
            ("No.", "Nama kepala keluarga", "NIK", "Nomor KK", "Alamat", "RT/RW", "Program"),
            baris,
            (9, 50, 36, 36, 60, 18, 43),
            rata="tkttkt",
            penuh=pdf.LEBAR_MENDATAR,
        ),
        pdf.tabel(
            ("Program", "Jumlah keluarga"), [*jumlah, ("Jumlah", len(baris))], (60, 30), rata="kt", total=True,
            penuh=pdf.LEBAR_MENDATAR / 2,
        ),
        pdf.teks(f"Jumlah usulan yang disepakati: {angka(len(baris))} keluarga."),
    ]  # fmt: skip
    judul = f"BNBA {musyawarah.wilayah.sebutan} {periode_kata(musyawarah.periode)}"
    return pdf.susun(isi, judul=judul, penerbit=musyawarah.wilayah.jalur, mendatar=True, kode=kode)


def _identitas(musyawarah: Musyawarah, *, lebar: float = pdf.LEBAR) -> Flowable:
    hari = hari_wilayah(musyawarah.wilayah_id, musyawarah.waktu)
    wilayah = ", ".join(jalur(musyawarah.wilayah))
    return pdf.rincian(
        [
            ("Berita acara", f"{musyawarah.get_jenis_display()} Nomor {musyawarah.nomor or '-'}"),
            (
                "Tanggal dan jam",
                f"{tanggal_panjang(hari)}, pukul {jam_wilayah(musyawarah.wilayah_id, musyawarah.waktu)}",
            ),
            ("Tempat", f"{musyawarah.tempat}, {wilayah}"),
            ("Agenda", musyawarah.agenda),
            ("Periode", periode_kata(musyawarah.periode)),
        ],
        lebar=lebar,
    )


def pembukaan(musyawarah: Musyawarah, templat: letters.Templat) -> list[Flowable]:
    """The opening sentence and part A."""
    hari = hari_wilayah(musyawarah.wilayah_id, musyawarah.waktu)
    return [
        pdf.paragraf(
            "Pada hari ini {kata} ({angka}), pukul {jam}, bertempat di {tempat}, {wilayah}, telah diselenggarakan {jenis} "
            "yang dipimpin oleh <b>{pimpinan}</b> dengan notulis <b>{notulis}</b>.",
            kata=tanggal_kata(hari),
            angka=f"{hari:%d-%m-%Y}",
            jam=jam_wilayah(musyawarah.wilayah_id, musyawarah.waktu),
            tempat=musyawarah.tempat,
            wilayah=", ".join(jalur(musyawarah.wilayah)),
            jenis=musyawarah.get_jenis_display(),
            pimpinan=musyawarah.pimpinan,
            notulis=musyawarah.notulis,
        ),
        *pdf.bagian("A. Dasar dan agenda"),
        *pdf.butir(templat.baris("dasar", **_isian(musyawarah)) or DASAR),
        pdf.rincian([("Agenda", musyawarah.agenda), ("Periode usulan", periode_kata(musyawarah.periode))]),
    ]


def kehadiran(
    musyawarah: Musyawarah, peserta: Sequence[PesertaMusyawarah], unsur: dict[str, str]
) -> list[Flowable]:
    """Part B: who came, by unsur, and the quorum in words."""
    diundang = Counter(p.unsur for p in peserta)
    hadir = Counter(p.unsur for p in peserta if p.hadir)
    urut = {kode: i for i, kode in enumerate(unsur)}
    baris: list[tuple[object, ...]] = [
        (unsur.get(u, u), diundang[u], hadir[u]) for u in sorted(diundang, key=lambda u: (urut.get(u, 99), u))
    ]
    baris.append(("Jumlah", diundang.total(), hadir.total()))
    return [
        *pdf.bagian("B. Kehadiran menurut unsur"),
        pdf.tabel(("Unsur", "Diundang", "Hadir"), baris, (110, 28, 28), rata="ktt", total=True),
        pdf.teks(_kalimat_kuorum(musyawarah)),
    ]


def _kalimat_kuorum(musyawarah: Musyawarah) -> str:
    hasil = hitung(musyawarah)
    syarat = (
        f"paling sedikit {angka(hasil.minimal)} orang dan semua unsur wajib terwakili ({hasil.dasar_hukum})"
    )
    if hasil.tercapai:
        return f"Yang hadir {angka(hasil.hadir)} orang. Syarat kuorum, yaitu {syarat}, telah terpenuhi sehingga musyawarah sah."
    kurang = f" Unsur yang belum hadir: {', '.join(hasil.unsur_kurang)}." if hasil.unsur_kurang else ""
    return f"Yang hadir {angka(hasil.hadir)} orang. Syarat kuorum, yaitu {syarat}, belum terpenuhi.{kurang}"


def _daftar_putusan(putusan: Sequence[PutusanMusyawarah], program: dict[str, str]) -> list[Flowable]:
    baris = [
        (
            i,
            p.usulan.keluarga.nama_kepala,
            alamat_pendek(p.usulan),
            nama_program(p.usulan, program),
            p.get_putusan_display(),
            kata_alasan(p),
        )
        for i, p in enumerate(putusan, 1)
    ]
    return [
        *pdf.bagian("C. Putusan untuk setiap nama"),
        pdf.tabel(
            ("No.", "Nama kepala keluarga", "Alamat", "Program", "Putusan", "Alasan"),
            baris,
            (8, 34, 36, 30, 22, 36),
            rata="t",
        ),
    ]


def kata_alasan(putusan: PutusanMusyawarah) -> str:
    """The reason, and the votes when there was a vote."""
    if putusan.suara_setuju is None and putusan.suara_tidak is None:
        return putusan.alasan or "-"
    suara = f"Suara setuju {putusan.suara_setuju or 0}, tidak setuju {putusan.suara_tidak or 0}."
    return f"{putusan.alasan} {suara}".strip()


def nama_program(usulan: Usulan, program: dict[str, str]) -> str:
    """Programme in words; agreeing to a removal is the opposite of agreeing to aid, so it is told apart."""
    nama = program.get(usulan.program, usulan.program)
    return f"{nama} – penghapusan" if usulan.jalur == Usulan.Jalur.PENGHAPUSAN else nama


def _rekap(putusan: Sequence[PutusanMusyawarah], program: dict[str, str]) -> list[Flowable]:
    nama = [(nama_program(p.usulan, program), p.putusan) for p in putusan]
    hitung_, per_putusan = Counter(nama), Counter(p.putusan for p in putusan)
    pilihan = [*_HASIL, *([PutusanMusyawarah.Putusan.BELUM] if per_putusan[""] else [])]
    baris: list[tuple[object, ...]] = []
    for satu in sorted({n for n, _ in nama}):
        jumlah = [hitung_[satu, pilih.value] for pilih in pilihan]
        baris.append((satu, *jumlah, sum(jumlah)))
    baris.append(("Jumlah", *(per_putusan[pilih.value] for pilih in pilihan), len(putusan)))
    kepala = ("Program", *(str(pilih.label) for pilih in pilihan), "Jumlah")
    lebar = (46, *([22] * len(pilihan)), 18)
    return [
        *pdf.bagian("D. Rekapitulasi menurut program dan putusan"),
        pdf.tabel(kepala, baris, lebar, rata="k" + "t" * (len(pilihan) + 1), total=True),
    ]


def _keberatan(putusan: Sequence[PutusanMusyawarah]) -> list[Flowable]:
    isi = [f"{p.usulan.keluarga.nama_kepala}: {p.keberatan}" for p in putusan if p.keberatan.strip()]
    judul = pdf.bagian("E. Keberatan peserta")
    return [*judul, *pdf.butir(isi)] if isi else [*judul, pdf.teks("Tidak ada keberatan dari peserta.")]


def _hadir(peserta: Sequence[PesertaMusyawarah], unsur: str, nama: str) -> PesertaMusyawarah | None:
    """Who came for `unsur`: the one named `nama` first, else the first of the list."""
    wakil = [p for p in peserta if p.hadir and p.unsur == unsur]
    return next((p for p in wakil if _sama(p.nama, nama)), wakil[0] if wakil else None)


def _sama(a: str, b: str) -> bool:
    return " ".join(a.split()).casefold() == " ".join(b.split()).casefold()


def _pimpinan(musyawarah: Musyawarah, peserta: Sequence[PesertaMusyawarah]) -> pdf.Tertanda:
    kades = _hadir(peserta, "KADES_LURAH", musyawarah.pimpinan)
    if kades and _sama(kades.nama, musyawarah.pimpinan):
        jabatan = kades.jabatan or sebutan_kepala(musyawarah.wilayah)
        return pdf.Tertanda((f"{jabatan},", "selaku pimpinan musyawarah"), musyawarah.pimpinan)
    return pdf.Tertanda(("Pimpinan musyawarah,",), musyawarah.pimpinan)


def _tertanda(musyawarah: Musyawarah, peserta: Sequence[PesertaMusyawarah]) -> list[Flowable]:
    """Chair and notulis; the village head and the SIKS-NG operator sign beside them when they are other people (SOP Garut)."""
    tempat = (
        f"{musyawarah.wilayah.nama}, {tanggal_panjang(hari_wilayah(musyawarah.wilayah_id, musyawarah.waktu))}"
    )
    operator = _hadir(peserta, "OPERATOR", musyawarah.notulis)
    notulis_operator = operator is not None and _sama(operator.nama, musyawarah.notulis)
    kiri = pdf.Tertanda(
        ("Notulis / Operator SIKS-NG," if notulis_operator else "Notulis,",), musyawarah.notulis
    )
    pimpinan = _pimpinan(musyawarah, peserta)
    isi: list[Flowable] = [
        pdf.jarak(3),
        pdf.tanda_tangan(kiri, pdf.Tertanda((tempat, *pimpinan.atas), pimpinan.nama)),
    ]
    lain: list[pdf.Tertanda] = []
    if operator is not None and not notulis_operator:
        lain.append(pdf.Tertanda(("Operator SIKS-NG,",), operator.nama))
    if len(pimpinan.atas) == 1:
        kades = _hadir(peserta, "KADES_LURAH", "")
        jabatan = (kades and kades.jabatan) or sebutan_kepala(musyawarah.wilayah)
        lain.append(pdf.Tertanda(("Mengetahui,", f"{jabatan},"), kades.nama if kades else ""))
    return [*isi, pdf.jarak(4), pdf.tanda_tangan(*lain)] if lain else isi


def _saksi(
    musyawarah: Musyawarah, peserta: Sequence[PesertaMusyawarah], unsur: dict[str, str]
) -> list[Flowable]:
    """One witness of every other element that came, in the order of the code list."""
    saksi: dict[str, PesertaMusyawarah] = {}
    for satu in peserta:
        if (
            satu.hadir
            and satu.unsur not in ("KADES_LURAH", "OPERATOR")
            and not _sama(satu.nama, musyawarah.pimpinan)
        ):
            saksi.setdefault(satu.unsur, satu)
    urut = {kode: i for i, kode in enumerate(unsur)}
    baris = [
        (i, p.nama, unsur.get(p.unsur, p.unsur), f"{i}.")
        for i, p in enumerate(sorted(saksi.values(), key=lambda p: (urut.get(p.unsur, 99), p.unsur)), 1)
    ]
    if not baris:
        return []
    return [
        pdf.jarak(4),
        *pdf.bagian("Saksi-saksi"),
        pdf.tabel(("No.", "Nama", "Unsur", "Tanda tangan"), baris, (8, 54, 54, 50), rata="t", tinggi=10),
    ]
