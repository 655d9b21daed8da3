"""Writing the register: family, members, dwelling, assets, photos.

While a proposal is open its form is edited through these actions. Each locks the family row, checks the version that the
person saw, and leaves an audit row in the same transaction. The unit is the KK.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Orang, Pengguna
from core import audit, files, rules, workflow
from core.models import Berkas, Jejak
from core.names import name_key
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.actions import padan
from dtks.actions import versi as versi_isi
from dtks.models import (
    AnggotaPPKS,
    Aset,
    FotoKeluarga,
    Individu,
    KategoriPPKS,
    Keluarga,
    Rumah,
    Usulan,
)
from dtks.policies import usulan as policies

IDENTITAS = ("nama", "tgl_lahir", "jenis_kelamin", "nik")


class NumberTaken(GateClosed):
    """This NIK or KK belongs to an active person or family already. Says where only if the asker may see it.

    `kolom` is 'nik' or 'no_kk': which of the two numbers, for the form and for `ganda.laporkan`; `urut`: whose NIK of a whole family, 0 = head.
    """

    urut = 0

    def __init__(self, kolom: str, kalimat: str, jalan_keluar: str):
        self.kolom = kolom
        super().__init__([Halangan("SUDAH_TERCATAT", kalimat, jalan_keluar)])


def buat(
    *,
    by: Pengguna,
    wilayah: str,
    data: Mapping[str, Any],
    kepala: Mapping[str, Any],
    anggota: Sequence[Mapping[str, Any]] = (),
    rumah: Mapping[str, Any] | None = None,
    aset: Mapping[str, int] | None = None,
    jalur: str = "",
) -> Keluarga:
    """A candidate family with its head, and all else of it that is known: one version, one audit row.

    `data`: columns of Keluarga incl. no_kk; `kepala`, `anggota`: columns of Individu incl. nik; `rumah`: columns of Rumah; `aset`: how many of
    each kind. `jalur`: the route of the proposal that it is made for, where that opens the door to others than the village.

    Raises NumberTaken when KK or NIK is active elsewhere. The finding for both villages is the caller's to record, with
    `ganda.laporkan`, after its own transaction was taken back.
    """
    if kalimat := policies.buat(by, wilayah, jalur):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    semua, ke = [{**kepala, "hubungan": "1"}, *anggota], 0
    try:
        with transaction.atomic():
            keluarga = Keluarga(wilayah_id=wilayah, created_by=by, nama_kepala=kepala["nama"])
            isikan(keluarga, data)
            keluarga.save(force_insert=True)
            keluarga.refresh_from_db()
            orang = []
            for ke, satu in enumerate(semua):  # noqa: B007 - read when a number is taken
                orang.append(_sisipkan(keluarga, satu))
            _tandai_dan_tanyakan(orang, by)
            if rumah is not None:
                baris = Rumah(keluarga=keluarga)
                isikan(baris, rumah)
                baris.save(force_insert=True)
            Aset.objects.bulk_create(
                Aset(keluarga=keluarga, jenis=j, jumlah=n) for j, n in sorted((aset or {}).items())
            )
            versi_isi.catat(keluarga, aksi="buat_keluarga", by=by)
            audit.catat(
                aksi="buat_keluarga",
                objek=keluarga,
                by=by,
                wilayah=wilayah,
                peran=by.peran_untuk("usulan.buat", wilayah),
            )
    except IntegrityError as error:
        galat = sudah_ada(error, by, str(data.get("no_kk") or ""), str(semua[ke].get("nik") or ""))
        if isinstance(galat, NumberTaken):
            galat.urut = ke
        raise galat from error
    return keluarga


def simpan_keluarga(
    usulan: Usulan, *, by: Pengguna, data: Mapping[str, Any], versi: int | None = None
) -> Keluarga:
    try:
        with transaction.atomic():
            keluarga = _editable(usulan, by, versi)
            changed = isikan(keluarga, data)
            _saved(keluarga, by, "ubah_keluarga", changed)
            return keluarga
    except IntegrityError as error:
        raise sudah_ada(error, by, str(data.get("no_kk") or ""), "") from error


def simpan_anggota(
    usulan: Usulan,
    *,
    by: Pengguna,
    data: Mapping[str, Any],
    individu: Individu | None = None,
    versi: int | None = None,
) -> Individu:
    """Add a member or change one. A changed identity goes back to 'belum dicek' and is checked anew."""
    nik = str(data.get("nik") or "")
    try:
        with transaction.atomic():
            keluarga = _editable(usulan, by, versi)
            if individu is None:
                orang = anggota_baru(keluarga, data, by)
                changed = ["baru"]
            else:
                orang = workflow.lock(Individu, individu.pk)
                if orang.keluarga_id != keluarga.pk or not orang.aktif:
                    raise NotOpen(
                        [
                            Halangan(
                                "BUKAN_ANGGOTA",
                                "Orang ini bukan anggota keluarga ini lagi.",
                                "Muat ulang halaman.",
                            )
                        ]
                    )
                changed = isikan(orang, data)
                if set(changed) & set(IDENTITAS):
                    padan.gugurkan_pengecualian(orang)
                    orang.kunci_nama, orang.padan, orang.padan_at = (
                        name_key(orang.nama),
                        Individu.Padan.BELUM,
                        None,
                    )
                orang.save()
                if set(changed) & set(IDENTITAS):
                    padan.minta([orang], by=by)
            if orang.hubungan == "1" and keluarga.nama_kepala != orang.nama:
                keluarga.nama_kepala = orang.nama
            _saved(keluarga, by, "simpan_anggota", changed, individu=str(orang.pk))
            return orang
    except IntegrityError as error:
        raise sudah_ada(error, by, "", nik) from error


@transaction.atomic
def simpan_rumah(usulan: Usulan, *, by: Pengguna, data: Mapping[str, Any], versi: int | None = None) -> Rumah:
    keluarga = _editable(usulan, by, versi)
    rumah = Rumah.objects.filter(keluarga=keluarga).first() or Rumah(keluarga=keluarga)
    changed = isikan(rumah, data)
    rumah.save()
    _saved(keluarga, by, "simpan_rumah", changed)
    return rumah


@transaction.atomic
def simpan_aset(usulan: Usulan, *, by: Pengguna, jumlah: Mapping[str, int], versi: int | None = None) -> None:
    """`jumlah` maps every asset kind to a count; a missing kind is not touched."""
    keluarga = _editable(usulan, by, versi)
    ada = {
        a.jenis: a for a in Aset.objects.filter(keluarga=keluarga)
    }  # the family is locked: nobody adds one
    baru = [Aset(keluarga=keluarga, jenis=j, jumlah=n) for j, n in sorted(jumlah.items()) if j not in ada]
    berubah = [a for j, a in sorted(ada.items()) if a.jumlah != jumlah.get(j, a.jumlah)]
    for satu in berubah:
        satu.jumlah = jumlah[satu.jenis]
    Aset.objects.bulk_create(baru)
    Aset.objects.bulk_update(berubah, ["jumlah"])
    _saved(keluarga, by, "simpan_aset", sorted(jumlah))


@transaction.atomic
def tambah_foto(
    usulan: Usulan, *, by: Pengguna, jenis: str, isi: bytes, versi: int | None = None
) -> FotoKeluarga:
    """Raises core.files.BadFile with a sentence when the upload is no usable photo."""
    keluarga = _editable(usulan, by, versi)
    berkas = files.store(
        files.clean_photo(isi),
        jenis=f"foto_{jenis}",
        nama=f"{jenis}.jpg",
        mime="image/jpeg",
        wilayah=keluarga.wilayah_id,
        by_id=str(by.pk),
    )
    foto = FotoKeluarga.objects.create(keluarga=keluarga, jenis=jenis, berkas=berkas)
    _saved(keluarga, by, "tambah_foto", [jenis], sha256=bytes(berkas.sha256).hex())
    return foto


@transaction.atomic
def ganti_foto(
    usulan: Usulan, *, by: Pengguna, foto: FotoKeluarga, isi: bytes, versi: int | None = None
) -> FotoKeluarga:
    """A better picture in the place of this one; the old file is kept as long as `foto.simpan_hari` says."""
    keluarga = _editable(usulan, by, versi)
    lama = _foto(keluarga, foto)
    baru = files.store(
        files.clean_photo(isi),
        jenis=f"foto_{lama.jenis}",
        nama=f"{lama.jenis}.jpg",
        mime="image/jpeg",
        wilayah=keluarga.wilayah_id,
        by_id=str(by.pk),
    )
    row = FotoKeluarga.objects.create(keluarga=keluarga, jenis=lama.jenis, berkas=baru)
    lama.delete()
    _saved(
        keluarga, by, "ganti_foto", [row.jenis], berkas=str(lama.berkas_id), sha256=bytes(baru.sha256).hex()
    )
    return row


@transaction.atomic
def hapus_foto(
    usulan: Usulan, *, by: Pengguna, foto: FotoKeluarga, alasan: str, versi: int | None = None
) -> None:
    """Take a wrong photo away. `alasan`: a code; the file is kept as long as `foto.simpan_hari` says."""
    keluarga = _editable(usulan, by, versi)
    lama = _foto(keluarga, foto)
    lama.delete()
    _saved(keluarga, by, "hapus_foto", [lama.jenis], berkas=str(lama.berkas_id), alasan=alasan)


def _foto(keluarga: Keluarga, foto: FotoKeluarga) -> FotoKeluarga:
    row = FotoKeluarga.objects.select_for_update(of=("self",)).filter(pk=foto.pk, keluarga=keluarga).first()
    if row is None:
        raise NotOpen([Halangan("FOTO_TIDAK_ADA", "Foto ini sudah dihapus.", "Muat ulang halaman.")])
    return row


@transaction.atomic
def musnahkan_foto() -> int:
    """Drop files of photos that were taken away longer ago than the rule of their area keeps them. Returns how many.

    Only the row goes here; `core.files.purge_orphans` removes the file once no row names it.
    """
    jumlah = 0
    hapus = Jejak.objects.filter(aksi__in=("hapus_foto", "ganti_foto")).order_by("id")
    for satu in hapus.iterator():
        batas = timezone.now() - timedelta(days=rules.value("foto.simpan_hari", satu.wilayah))
        if satu.pada > batas:
            continue
        berkas = Berkas.objects.filter(pk=satu.rincian.get("berkas"), jenis__startswith="foto_").first()
        if berkas is None or FotoKeluarga.objects.filter(berkas=berkas).exists():
            continue
        berkas.delete()
        audit.catat(
            aksi="musnahkan_foto",
            jenis="core.Berkas",
            objek_id=str(satu.rincian["berkas"]),
            by=None,
            wilayah=satu.wilayah,
        )
        jumlah += 1
    return jumlah


@transaction.atomic
def daftarkan(keluarga: Keluarga, *, by: Pengguna | None) -> Keluarga:
    """A determined family is part of the register from now on."""
    baris: Keluarga = workflow.lock(Keluarga, keluarga.pk)
    if baris.status != Keluarga.Status.TERDAFTAR:
        versi_isi.pastikan(baris)
        baris.status = Keluarga.Status.TERDAFTAR
        baris.versi += 1
        baris.save(update_fields=["status", "versi", "updated_at"])
        versi_isi.catat(baris, aksi="daftarkan_keluarga", by=by)
        audit.catat(aksi="daftarkan_keluarga", objek=baris, by=by, wilayah=baris.wilayah_id)
    return baris


@transaction.atomic
def catat_ppks(individu: Individu, *, by: Pengguna, kategori: KategoriPPKS, sumber: str) -> AnggotaPPKS:
    """Put a person in a PPKS category. Sensitive ones need the case team's power; the audit row does not name them."""
    wilayah = individu.keluarga.wilayah_id
    kuasa = "ppks.sensitif" if kategori.sensitif else "keluarga.ubah"
    if not by.boleh(kuasa, wilayah):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", "Kategori ini dicatat oleh pekerja sosial Dinas.")])
    baris, baru = AnggotaPPKS.objects.get_or_create(
        individu=individu,
        kategori=kategori,
        hingga=None,
        defaults={"sejak": timezone.localdate(), "sumber": sumber, "created_by": by},
    )
    if baru:
        kode = "terbatas" if kategori.sensitif else kategori.kode
        audit.catat(aksi="catat_ppks", objek=individu, by=by, wilayah=wilayah, rincian={"kategori": kode})
    return baris


@transaction.atomic
def akhiri_ppks(anggota: AnggotaPPKS, *, by: Pengguna) -> AnggotaPPKS:
    wilayah = anggota.individu.keluarga.wilayah_id
    if not by.boleh("ppks.sensitif" if anggota.kategori.sensitif else "keluarga.ubah", wilayah):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", "Kategori ini diakhiri oleh pekerja sosial Dinas.")])
    baris: AnggotaPPKS = workflow.lock(AnggotaPPKS, anggota.pk)
    if baris.hingga is None:
        baris.hingga = max(timezone.localdate(), baris.sejak)
        baris.save(update_fields=["hingga"])
        audit.catat(aksi="akhiri_ppks", objek=baris.individu, by=by, wilayah=wilayah)
    return baris


def _editable(usulan: Usulan, by: Pengguna, versi: int | None) -> Keluarga:
    """The family of the proposal, locked, after the policy and the version were checked on the locked rows."""
    baris = workflow.lock(Usulan, usulan.pk)
    keluarga: Keluarga = workflow.lock(Keluarga, baris.keluarga_id)
    baris.keluarga = keluarga
    if kalimat := policies.isi(by, baris):
        raise NotAllowed([Halangan("TIDAK_BISA_DIUBAH", kalimat)], baris.status)
    ditunda_dinas = Q(status="ditunda", riwayat__urut=F("versi"), riwayat__dari__in=policies.DI_DINAS)
    lain = Usulan.objects.filter(Q(status__in=policies.DI_DINAS) | ditunda_dinas, keluarga=keluarga).exclude(
        pk=baris.pk
    )
    if lain.exists():
        raise NotAllowed(
            [
                Halangan(
                    "DIPROSES_DINAS",
                    "Data keluarga ini sedang diperiksa Dinas Sosial untuk usulan lain.",
                    "Tunggu usulan itu selesai, atau minta dikembalikan dulu.",
                )
            ],
            baris.status,
        )
    if versi is not None and versi != keluarga.versi:
        raise NotOpen(
            [
                Halangan(
                    "SUDAH_DIUBAH",
                    "Data keluarga ini baru saja diubah dari tempat lain.",
                    "Periksa isian di bawah, lalu simpan lagi.",
                )
            ],
            baris.status,
        )
    versi_isi.pastikan(keluarga)
    return keluarga


def isikan(row: Any, data: Mapping[str, Any]) -> list[str]:
    """Set the columns that differ; returns their names (never their values: the audit holds no personal data)."""
    changed = []
    for kolom, nilai in data.items():
        lama = getattr(row, kolom)
        sama = (lama.open() if hasattr(lama, "open") and hasattr(lama, "raw") else lama) == (
            nilai if nilai != "" else lama and ""
        )
        if not sama and (lama or nilai not in (None, "")):
            setattr(row, kolom, nilai)
            changed.append(kolom)
    return changed


def anggota_baru(keluarga: Keluarga, data: Mapping[str, Any], by: Pengguna) -> Individu:
    orang = _sisipkan(keluarga, data)
    _tandai_dan_tanyakan([orang], by)
    return orang


def _sisipkan(keluarga: Keluarga, data: Mapping[str, Any]) -> Individu:
    orang = Individu(keluarga=keluarga)
    isikan(orang, data)
    orang.kunci_nama = name_key(orang.nama)
    if not orang.nik:
        orang.padan = Individu.Padan.TANPA_DOKUMEN
    orang.save(force_insert=True)
    return orang


def _tandai_dan_tanyakan(baru: Sequence[Individu], by: Pengguna) -> None:
    """Flag officers among new members, and ask the civil registry about them."""
    petugas = set(
        Orang.objects.filter(nik_indeks__in=[o.nik_indeks for o in baru if o.nik_indeks]).values_list(
            "nik_indeks", flat=True
        )
    )
    for orang in baru:
        if orang.nik_indeks in petugas:
            orang.tanda = sorted({*orang.tanda, "PETUGAS"})
            orang.save(update_fields=["tanda"])
    padan.minta(baru, by=by)


def _saved(keluarga: Keluarga, by: Pengguna, aksi: str, changed: list[str], **rincian: str) -> None:
    keluarga.versi += 1
    keluarga.save()
    versi_isi.catat(keluarga, aksi=aksi, by=by)
    audit.catat(
        aksi=aksi,
        objek=keluarga,
        by=by,
        wilayah=keluarga.wilayah_id,
        peran=by.peran_untuk("usulan.input", keluarga.wilayah_id)
        or by.peran_untuk("usulan.buat", keluarga.wilayah_id),
        rincian={"kolom": changed, **rincian},
    )


def sudah_ada(error: IntegrityError, by: Pengguna, no_kk: str, nik: str) -> Exception:
    """Turn the uniqueness error into a sentence; other errors pass through."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
    if name == "individu_nik_aktif_unik" and nik:
        ada = Individu.objects.aktif().dengan_nik(nik).select_related("keluarga").first()
        return _conflict("nik", "NIK", ada.keluarga if ada else None, by)
    if name == "keluarga_kk_unik" and no_kk:
        keluarga = Keluarga.objects.dengan_kk(no_kk).exclude(status="nonaktif").first()
        return _conflict("no_kk", "Nomor KK", keluarga, by)
    if name == "individu_satu_kepala":
        return GateClosed(
            [
                Halangan(
                    "KEPALA_GANDA",
                    "Keluarga ini sudah punya kepala keluarga.",
                    "Ubah dulu hubungan kepala yang lama.",
                )
            ]
        )
    return error


def _conflict(kolom: str, label: str, keluarga: Keluarga | None, by: Pengguna) -> NumberTaken:
    if keluarga is not None and Keluarga.objects.visible_to(by).filter(pk=keluarga.pk).exists():
        return NumberTaken(
            kolom,
            f"{label} ini sudah tercatat di keluarga {keluarga.nama_kepala}.",
            "Buka keluarga itu dari menu Keluarga.",
        )
    return NumberTaken(
        kolom,
        f"{label} ini sudah tercatat di wilayah lain.",
        "Periksa lagi angkanya dengan KK/KTP. Bila sudah benar, Dinsos akan menengahi; temuan ini sudah dicatat.",
    )
