"""The gates of the line: conditions of a step, each with its sentence and the way out.

A gate is f(usulan, by) -> Halangan | None and only reads. On the emergency route (KEDARURATAN) the gates named by
the rule 'darurat' may be met later: `actions.usulan` notes them on the case with their deadline.
"""

from django.db.models import F, Max, Q

from accounts.models import Pengguna
from core import rules
from core.workflow import Gate, Halangan
from dtks.models import (
    KERABAT,
    MUSYAWARAH_BERJALAN,
    Asesmen,
    Individu,
    Keluarga,
    Musyawarah,
    PutusanMusyawarah,
    TiketPadan,
    Usulan,
)
from dtks.queries import kelengkapan, sampel
from dtks.queries.bendera import JALAN
from dtks.queries.benturan import benturan
from dtks.queries.kunjungan import kunjungan_sia_sia
from dtks.queries.petugas import bertugas


def _tanpa_isian(usulan: Usulan) -> bool:
    """The removal of a family in which nobody is left: there is no form to fill in."""
    keluarga = usulan.keluarga
    return usulan.jalur == Usulan.Jalur.PENGHAPUSAN and keluarga.status == Keluarga.Status.NONAKTIF


def isian_awal(usulan: Usulan, by: object) -> Halangan | None:
    keluarga = usulan.keluarga
    if _tanpa_isian(usulan):
        return None
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
        # The last one that was closed, not the last on the calendar: a meeting may be recorded days after it was held.
        .annotate(
            ditutup=Max("musyawarah__riwayat__pada", filter=Q(musyawarah__riwayat__langkah="selenggarakan"))
        )
        .order_by(F("ditutup").desc(nulls_first=True), "-musyawarah__waktu", "-musyawarah__created_at")
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


def tanpa_perbaikan(usulan: Usulan, by: object) -> Halangan | None:
    """Minutes under correction hold the case in the village until the correction is approved and carried out."""
    koreksi = PutusanMusyawarah.objects.filter(usulan=usulan, musyawarah__perbaikan_dari__isnull=False)
    berjalan = koreksi.filter(musyawarah__status__in=MUSYAWARAH_BERJALAN)
    if not berjalan.exists() and not koreksi.belum_diterapkan().exists():
        return None
    return Halangan(
        "SEDANG_DIPERBAIKI",
        "Berita acara usulan ini sedang diperbaiki.",
        "Selesaikan berita acara perbaikannya, terapkan putusannya, lalu kirim.",
    )


def formulir_lengkap(usulan: Usulan, by: object) -> Halangan | None:
    if _tanpa_isian(usulan):
        return None
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
    if not bertugas(petugas, usulan.wilayah_id):
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
    return _berkerabat(petugas, usulan)


def _berkerabat(petugas: Pengguna, usulan: Usulan) -> Halangan | None:
    dekat = bertugas(petugas, usulan.wilayah_id) == "kecamatan"
    if dekat and usulan.bendera.terbuka().filter(kode=KERABAT).exists():
        return Halangan(
            "PETUGAS_SEKECAMATAN",
            "Ada petugas di jalur usulan ini yang mungkin berkerabat dengan keluarga.",
            "Pilih petugas dari kecamatan lain.",
        )
    if kalimat := benturan(petugas, usulan):
        return Halangan("PETUGAS_BENTURAN", kalimat, "Pilih petugas lain, bila perlu dari kecamatan lain.")
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
    if asesmen.tanpa_benturan_at is None:
        kurang.append("pernyataan bebas benturan kepentingan")
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


def kunjungan_habis(usulan: Usulan, by: object) -> Halangan | None:
    """Enough visits were made in vain: the officer may hand the case back."""
    sia_sia = kunjungan_sia_sia(usulan)
    maks = rules.value("asesmen.kunjungan_maks", usulan.wilayah_id)
    if len(sia_sia) >= maks:
        return None
    return Halangan(
        "KUNJUNGAN_BELUM_CUKUP",
        f"Baru {len(sia_sia)} dari {maks} kunjungan tanpa hasil yang tercatat.",
        "Rencanakan kunjungan berikutnya.",
    )


def boleh_dilewati(usulan: Usulan, by: object) -> Halangan | None:
    return sampel.halangan(usulan)


def sampel_sah(usulan: Usulan, by: object) -> Halangan | None:
    """A case that was not visited stands on its line of the draw, and nothing came up since that asks for a visit."""
    return sampel.halangan(usulan) if sampel.dilewati(usulan) else None


def asesmen_layak(usulan: Usulan, by: object) -> Halangan | None:
    if sampel.dilewati(usulan):
        return None  # the gate `sampel_sah` looks at it
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
    bendera = usulan.bendera.terbuka().order_by("created_at", "pk").first()
    if bendera is None:
        return None
    jalan = JALAN.get(bendera.kode, "Selesaikan catatan ini dulu.")
    return Halangan(f"BENDERA_{bendera.kode}", bendera.kalimat, jalan)


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


def belum_berubah(usulan: Usulan, by: object) -> Halangan | None:
    """A decision is taken back only while nothing was built on it: no edit, no visit, no new proposal, no new period."""
    terakhir = usulan.riwayat.order_by("-urut").first()
    lama = ((terakhir and terakhir.rincian) or {}).get("sebelum")
    if terakhir is None or lama is None:
        return Halangan(
            "TIDAK_BISA_DIURUNGKAN",
            "Langkah terakhir usulan ini tidak bisa diurungkan.",
            "Ambil langkah biasa.",
        )
    keluarga = usulan.keluarga
    berubah = (
        usulan.periode != lama["periode"]
        or keluarga.versi != lama["keluarga_versi"]
        or usulan.asesmen.filter(updated_at__gt=terakhir.pada).exists()
        or Usulan.objects.filter(keluarga=keluarga, created_at__gt=terakhir.pada).exists()
    )
    if not berubah:
        return None
    return Halangan(
        "SUDAH_BERLANJUT", "Sesudah keputusan itu usulannya sudah dikerjakan lagi.", "Ambil langkah biasa."
    )


GERBANG: dict[str, Gate] = {
    "isian_awal": isian_awal,
    "agenda_atau_sptjm": agenda_atau_sptjm,
    "berita_acara_atau_sptjm": berita_acara_atau_sptjm,
    "tanpa_perbaikan": tanpa_perbaikan,
    "formulir_lengkap": formulir_lengkap,
    "padan_diminta": padan_diminta,
    "petugas_dipilih": petugas_dipilih,
    "asesmen_lengkap": asesmen_lengkap,
    "kunjungan_habis": kunjungan_habis,
    "boleh_dilewati": boleh_dilewati,
    "sampel_sah": sampel_sah,
    "asesmen_layak": asesmen_layak,
    "padan_semua": padan_semua,
    "tanpa_bendera": tanpa_bendera,
    "susulan_tuntas": susulan_tuntas,
    "belum_berubah": belum_berubah,
}
