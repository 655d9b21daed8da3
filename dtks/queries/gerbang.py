"""The gates of the line: conditions of a step, each with its sentence and the way out.

A gate is f(usulan, by) -> Halangan | None and only reads. On the emergency route (KEDARURATAN) the gates named by
the rule 'darurat' may be met later: `actions.usulan` notes them on the case with their deadline.
"""

from core.workflow import Gate, Halangan
from dtks.models import Asesmen, Individu, Musyawarah, PutusanMusyawarah, TiketPadan, Usulan
from dtks.queries import kelengkapan


def isian_awal(usulan: Usulan, by: object) -> Halangan | None:
    keluarga = usulan.keluarga
    if not keluarga.anggota.filter(aktif=True, hubungan="1").exists():
        return Halangan(
            "KEPALA_BELUM_ADA", "Kepala keluarga belum diisi.", "Tambahkan kepala keluarga di bagian Anggota."
        )
    if not keluarga.alamat:
        return Halangan("ALAMAT_KOSONG", "Alamat tinggal belum diisi.", "Lengkapi bagian Keluarga.")
    return None


def agenda_atau_sptjm(usulan: Usulan, by: object) -> Halangan | None:
    ada = PutusanMusyawarah.objects.filter(usulan=usulan, musyawarah__status="dijadwalkan").exists()
    if ada or usulan.sptjm_id:
        return None
    return Halangan(
        "BELUM_DIAGENDAKAN",
        "Usulan belum masuk agenda musyawarah yang terjadwal.",
        "Pilih musyawarah, atau unggah SPTJM bila musyawarah tidak bisa diadakan.",
    )


def berita_acara_atau_sptjm(usulan: Usulan, by: object) -> Halangan | None:
    if usulan.sptjm_id:
        return None
    terakhir = (
        PutusanMusyawarah.objects.filter(usulan=usulan)
        .exclude(musyawarah__status="dibatalkan")
        .select_related("musyawarah")
        .order_by("-musyawarah__waktu")
        .first()
    )
    if terakhir is None:
        return Halangan(
            "BELUM_DIAGENDAKAN", "Usulan belum dibahas di musyawarah.", "Bawa ke musyawarah dulu."
        )
    musyawarah: Musyawarah = terakhir.musyawarah
    if musyawarah.status != "disetujui":
        return Halangan(
            "BERITA_ACARA_BELUM_SAH",
            f"Berita acara musyawarah belum sah (sekarang: {musyawarah.get_status_display()}).",
            "Unggah berita acara bertanda tangan, lalu minta lurah/kepala desa menyetujuinya.",
        )
    dibawa = usulan.riwayat.filter(langkah="musyawarahkan").order_by("-urut").first()
    disetujui = musyawarah.riwayat.filter(langkah="setujui").order_by("-urut").first()
    if dibawa and disetujui and disetujui.pada < dibawa.pada:
        return Halangan(
            "BERITA_ACARA_LAMA",
            "Berita acara ini dari sebelum usulan dibawa lagi ke musyawarah.",
            "Bahas usulan di musyawarah yang baru.",
        )
    if terakhir.putusan != "disepakati":
        return Halangan(
            "TIDAK_DISEPAKATI",
            "Musyawarah tidak menyepakati usulan ini.",
            "Tolak usulan dengan alasan dari berita acara.",
        )
    return None


def formulir_lengkap(usulan: Usulan, by: object) -> Halangan | None:
    hasil = kelengkapan.hitung(usulan.keluarga)
    if not hasil.kurang:
        return None
    lagi = f" dan {len(hasil.kurang) - 3} lainnya" if len(hasil.kurang) > 3 else ""
    return Halangan("BELUM_LENGKAP", f"Isian baru {hasil.persen}%.", " ".join(hasil.kurang[:3]) + lagi)


def padan_diminta(usulan: Usulan, by: object) -> Halangan | None:
    belum = usulan.keluarga.anggota.filter(
        aktif=True, padan=Individu.Padan.BELUM, nik_indeks__isnull=False
    ).count()
    if not belum:
        return None
    return Halangan(
        "PADAN_BELUM_DIMINTA", f"{belum} NIK belum dicek ke Dukcapil.", "Tekan “Cek NIK ke Dukcapil”."
    )


def petugas_dipilih(usulan: Usulan, by: object) -> Halangan | None:
    petugas = usulan.petugas
    if petugas is None:
        return Halangan("PETUGAS_KOSONG", "Petugas lapangan belum dipilih.", "Pilih petugas dari daftar.")
    if not any(
        p.peran_id in ("TKSK", "PEKSOS", "PENDAMPING") for p in petugas.penugasan_aktif
    ) or not petugas.boleh("usulan.ases", usulan.wilayah_id):
        return Halangan(
            "PETUGAS_BUKAN_WILAYAH", f"{petugas.nama} tidak bertugas di wilayah ini.", "Pilih petugas lain."
        )
    if petugas.orang_id == usulan.pengusul_orang_id:
        return Halangan(
            "PETUGAS_PENGUSUL", f"{petugas.nama} adalah pengusul keluarga ini.", "Pilih petugas lain."
        )
    if usulan.keluarga.anggota.filter(nik_indeks=petugas.orang.nik_indeks, aktif=True).exists():
        return Halangan(
            "PETUGAS_KELUARGA", f"{petugas.nama} adalah anggota keluarga ini.", "Pilih petugas lain."
        )
    return None


def _asesmen_terakhir(usulan: Usulan) -> Asesmen | None:
    return usulan.asesmen.order_by("-ke").first()


def asesmen_lengkap(usulan: Usulan, by: object) -> Halangan | None:
    asesmen = _asesmen_terakhir(usulan)
    if asesmen is None or asesmen.selesai_at:
        return Halangan(
            "ASESMEN_KOSONG", "Hasil kunjungan belum diisi.", "Isi formulir asesmen kunjungan ini."
        )
    kurang = []
    if not asesmen.kesimpulan:
        kurang.append("kesimpulan")
    if asesmen.kunjungan == Asesmen.Kunjungan.LENGKAP and not asesmen.tanpa_tempat_tinggal:
        kurang += [label.lower() for _, label, jawaban in asesmen.kriteria if jawaban is None]
    if asesmen.kesimpulan == Asesmen.Kesimpulan.LAYAK and not asesmen.foto.exists():
        kurang.append("foto rumah")
    if asesmen.kesimpulan == Asesmen.Kesimpulan.LAYAK and asesmen.kunjungan != Asesmen.Kunjungan.LENGKAP:
        return Halangan(
            "KUNJUNGAN_TIDAK_LENGKAP",
            "Kesimpulan “Layak” perlu wawancara lengkap.",
            "Kunjungi ulang atau ubah kesimpulan.",
        )
    if kurang:
        return Halangan(
            "ASESMEN_BELUM_LENGKAP", "Asesmen belum lengkap.", "Isi dulu: " + "; ".join(kurang) + "."
        )
    return None


def asesmen_layak(usulan: Usulan, by: object) -> Halangan | None:
    asesmen = _asesmen_terakhir(usulan)
    if asesmen is None or not asesmen.selesai_at:
        return Halangan(
            "ASESMEN_BELUM_ADA", "Belum ada asesmen lapangan yang selesai.", "Tugaskan petugas lapangan."
        )
    layak = asesmen.kesimpulan == Asesmen.Kesimpulan.LAYAK
    if usulan.jalur == Usulan.Jalur.PENGHAPUSAN:
        if not layak:
            return None
        return Halangan(
            "ASESMEN_MASIH_LAYAK",
            "Petugas menilai keluarga ini masih layak.",
            "Tolak usulan penghapusan ini, atau kembalikan untuk kunjungan kedua.",
        )
    if not layak:
        return Halangan(
            "ASESMEN_TIDAK_LAYAK",
            f"Kesimpulan asesmen: {asesmen.get_kesimpulan_display()}.",
            "Tolak dengan alasan, atau kembalikan untuk kunjungan kedua.",
        )
    return None


def belum_padan(usulan: Usulan) -> list[Individu]:
    """Active members that are neither padan nor waived by two persons for what is wrong now."""
    hasil = []
    for orang in usulan.keluarga.anggota.filter(aktif=True):
        kategori = orang.padan if orang.nik_indeks else Individu.Padan.TANPA_DOKUMEN
        if kategori == Individu.Padan.PADAN:
            continue
        tiket = TiketPadan.objects.filter(individu=orang)
        waived = (
            tiket.filter(status="dikecualikan", kategori=kategori).exists() and not tiket.terbuka().exists()
        )
        if not waived:
            hasil.append(orang)
    return hasil


def padan_semua(usulan: Usulan, by: object) -> Halangan | None:
    belum = belum_padan(usulan)
    if not belum:
        return None
    nama = ", ".join(o.nama for o in belum[:3]) + (f" dan {len(belum) - 3} lainnya" if len(belum) > 3 else "")
    return Halangan(
        "BELUM_PADAN",
        f"NIK belum padan: {nama}.",
        "Perbaiki di antrean Padan, atau minta pengecualian beralasan.",
    )


def tanpa_bendera(usulan: Usulan, by: object) -> Halangan | None:
    bendera = usulan.bendera.terbuka().first()
    if bendera is None:
        return None
    return Halangan(f"BENDERA_{bendera.kode}", bendera.kalimat, "Selesaikan catatan ini dulu.")


def sisa_susulan(usulan: Usulan) -> list[Halangan]:
    """What the emergency route put off and is still open. A signed berita acara says more than a place on an agenda."""
    nama_gerbang = set(usulan.gerbang_susulan)
    if "berita_acara_atau_sptjm" in nama_gerbang or usulan.sptjm_id:
        nama_gerbang.discard("agenda_atau_sptjm")
    return [h for nama in sorted(nama_gerbang) if (h := GERBANG[nama](usulan, None))]


def susulan_tuntas(usulan: Usulan, by: object) -> Halangan | None:
    sisa = sisa_susulan(usulan)
    if not sisa:
        return None
    return Halangan(
        "SUSULAN_BELUM_TUNTAS",
        "Syarat yang ditunda karena darurat belum dipenuhi.",
        " ".join(h.kalimat for h in sisa),
    )


GERBANG: dict[str, Gate] = {
    "isian_awal": isian_awal,
    "agenda_atau_sptjm": agenda_atau_sptjm,
    "berita_acara_atau_sptjm": berita_acara_atau_sptjm,
    "formulir_lengkap": formulir_lengkap,
    "padan_diminta": padan_diminta,
    "petugas_dipilih": petugas_dipilih,
    "asesmen_lengkap": asesmen_lengkap,
    "asesmen_layak": asesmen_layak,
    "padan_semua": padan_semua,
    "tanpa_bendera": tanpa_bendera,
    "susulan_tuntas": susulan_tuntas,
}
