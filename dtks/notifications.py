"""Telling the people who hold a case that it is theirs now. Runs from the queue, in one transaction with its mark."""

from collections import Counter, defaultdict
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from accounts.models import PENGGANTI, Pemberitahuan, Pengguna, Penugasan
from core import rules
from core.models import Pekerjaan
from core.terbilang import periode_kata
from dtks.actions import eskalasi
from dtks.models import (
    GuliranPeriode,
    Periode,
    PermintaanAlih,
    PermintaanPindah,
    PerubahanPeriode,
    RiwayatUsulan,
    TemuanGanda,
)
from dtks.policies import peristiwa as policies
from dtks.queries import ganda, periode
from dtks.workflow import MAJU, USULAN
from wilayah.kode import dalam, kabupaten_dari, leluhur

MAX_RECIPIENTS = 50


def pemegang(status: str, wilayah: str, peran: str = "") -> list[Pengguna]:
    """Users who may take the next forward step on a case in this state and area; of one role only when `peran` names it."""
    kuasa = next((s.kuasa for s in USULAN.open_from(status) if s.nama in MAJU), "")
    if not kuasa:
        return []
    area = Q(wilayah__isnull=True) | Q(wilayah_id__in=[*leluhur(wilayah), wilayah])
    tugas = Penugasan.objects.berlaku().filter(area, peran__kuasa__contains=[kuasa])
    if peran:
        tugas = tugas.filter(peran_id__in=[peran, *PENGGANTI.get(peran, ())])
    ids = tugas.values("pengguna_id")
    return list(Pengguna.objects.filter(pk__in=ids, is_active=True).order_by("pk")[:MAX_RECIPIENTS])


def beri_tahu(job: Pekerjaan) -> None:
    """Queue handler: one notice to each holder (or the assigned officer, or the maker of a returned draft)."""
    riwayat = RiwayatUsulan.objects.select_related(
        "usulan__created_by", "usulan__petugas", "usulan__wilayah"
    ).get(pk=job.argumen["riwayat"])
    usulan = riwayat.usulan
    if usulan.riwayat.filter(urut=riwayat.urut + 1, langkah="urungkan").exists():
        return  # taken back before anybody was told
    if riwayat.ke == "ditugaskan":
        penerima = [usulan.petugas] if usulan.petugas else []
    elif riwayat.langkah == "lewati_kunjungan" and usulan.petugas:
        penerima = [usulan.petugas, *pemegang(riwayat.ke, usulan.wilayah_id)]
    elif riwayat.ke in ("draf", "ditolak", "ditetapkan", "tidak_ditetapkan", "daftar_tunggu", "ditunda"):
        penerima = [usulan.created_by] if usulan.created_by else []
    else:
        penerima = pemegang(riwayat.ke, usulan.wilayah_id, job.argumen.get("peran", ""))
    kalimat = f"Usulan {usulan.tiket} ({usulan.wilayah.nama}): {USULAN.state(riwayat.ke).label}."
    Pemberitahuan.objects.bulk_create(
        [
            Pemberitahuan(pengguna=p, kalimat=kalimat, tautan=f"/usulan/{usulan.pk}/")
            for p in penerima
            if p.pk != riwayat.oleh_id
        ]
    )


def beri_tahu_alih(job: Pekerjaan) -> None:
    """Queue handler: an officer asks to be replaced; told to those who send officers there."""
    permintaan = PermintaanAlih.objects.select_related("usulan").get(pk=job.argumen["permintaan"])
    usulan = permintaan.usulan
    kalimat = f"Petugas minta diganti untuk kunjungan usulan {usulan.tiket}."
    Pemberitahuan.objects.bulk_create(
        _kabar(p.pk, kalimat, "/asesmen/bagi/") for p in pemegang("diinput", usulan.wilayah_id)
    )


def beri_tahu_ganda(job: Pekerjaan) -> None:
    """Queue handler: what was decided about a number of two villages, to the people of both, each in words of his side."""
    temuan = TemuanGanda.objects.get(pk=job.argumen["temuan"])
    kata: dict[Pengguna, str] = {}
    for wilayah, arti in zip(
        (temuan.wilayah_pertama_id, temuan.wilayah_kedua_id), ganda.ARTI[temuan.keputusan], strict=True
    ):
        for p in ganda.petugas_desa(wilayah):
            # Both sides are his (two RW of one desa): the decision itself says it.
            kata[p] = arti if p not in kata else f"{temuan.get_keputusan_display()}."
    Pemberitahuan.objects.bulk_create(
        [
            Pemberitahuan(
                pengguna=p,
                kalimat=f"Data ganda sudah diputus Dinsos. {arti}",
                tautan=f"/padan/ganda/{temuan.pk}/",
            )
            for p, arti in kata.items()
        ]
    )


def unduhan_siap(by: Pengguna, judul: str) -> None:
    """Part of the job that made the file: notice and file are there together."""
    Pemberitahuan.objects.create(pengguna=by, kalimat=f"Unduhan siap: {judul}.", tautan="/unduhan/")


def unduhan_batal(by: Pengguna, kalimat: str) -> None:
    Pemberitahuan.objects.create(
        pengguna=by, kalimat=f"Unduhan tidak jadi. {kalimat}"[:200], tautan="/unduhan/"
    )


def beri_tahu_pindah(job: Pekerjaan) -> None:
    """Queue handler: a request to the desa that must answer it, a decision to both. No name: the page knows who may read."""
    permintaan = PermintaanPindah.objects.get(pk=job.argumen["permintaan"])
    diminta = permintaan.status == PermintaanPindah.Status.DIMINTA
    desa = [permintaan.ke_id, *([permintaan.dari_id] if not diminta or permintaan.temuan_id else [])]
    penerima = {p.pk: p for satu in desa for p in ganda.petugas_desa(satu)}
    pelaku = permintaan.diminta_by_id if diminta else permintaan.diputus_by_id
    kalimat = f"Permintaan pindah antardesa: {permintaan.get_status_display().lower()}."
    Pemberitahuan.objects.bulk_create(
        [
            Pemberitahuan(pengguna=p, kalimat=kalimat, tautan=f"/pindah/{permintaan.pk}/")
            for pk, p in penerima.items()
            if pk != pelaku
        ]
    )


def beri_tahu_pindah_lewat(job: Pekerjaan) -> None:
    """Queue handler: nobody answered in time; both desa and the Dinas above them hear it. Nothing when it was answered meanwhile."""
    permintaan = PermintaanPindah.objects.get(pk=job.argumen["permintaan"])
    if permintaan.status != PermintaanPindah.Status.DIMINTA:
        return
    desa = {p.pk: p for satu in (permintaan.dari_id, permintaan.ke_id) for p in ganda.petugas_desa(satu)}
    dinas = {p.pk: p for p in _dinas(permintaan.ke_id) if p.pk not in desa}
    kalimat = "Permintaan pindah antardesa lewat batas waktu jawaban. "
    Pemberitahuan.objects.bulk_create(
        [
            _kabar(p.pk, kalimat + kata, f"/pindah/{permintaan.pk}/")
            for kelompok, kata in (
                (desa, "Dinas Sosial sekarang boleh memutuskannya."),
                (dinas, "Desa tujuan belum menjawab. Putuskan atau hubungi desanya."),
            )
            for p in kelompok.values()
        ]
    )


def _dinas(wilayah: str) -> list[Pengguna]:
    """Who decides in the place of a silent village."""
    luas = [*leluhur(wilayah), wilayah]
    tugas = Penugasan.objects.berlaku().filter(
        wilayah_id__in=luas, peran__kuasa__contains=[policies.KUASA_DINAS]
    )
    ids = tugas.values("pengguna_id")
    return list(Pengguna.objects.filter(pk__in=ids, is_active=True).order_by("pk")[:MAX_RECIPIENTS])


def kabar_guliran(job: Pekerjaan) -> dict[str, int]:
    """Queue handler: how many of a person's proposals one run moved, and why; one notice for each deadline, not for each case."""
    rows = GuliranPeriode.objects.filter(putaran=job.argumen["putaran"]).order_by("dari", "ke", "batas", "pk")
    kelompok: dict[tuple[str, datetime], list[tuple[str, str, UUID | None]]] = defaultdict(list)
    for ke, batas, *isi in rows.values_list(
        "ke", "batas", "status", "usulan__wilayah_id", "usulan__petugas_id"
    ):
        kelompok[ke, batas].append((isi[0], isi[1], isi[2]))
    kabar = []
    for (ke, batas), isi in kelompok.items():
        sebab = f"karena melewati batas {periode.batas_kata(batas, isi[0][1])}"
        for pengguna, n in periode.hitung_pemegang(isi).items():
            kalimat = f"{n} usulan dipindah ke periode {periode_kata(ke)} {sebab}."
            kabar.append(_kabar(pengguna, kalimat, periode.alamat_giliran(ke)))
    Pemberitahuan.objects.bulk_create(kabar)
    return {"kabar": len(kabar)}


def ingatkan(job: Pekerjaan) -> dict[str, int]:
    """Queue handler: what a person has not sent yet, some days before the closing moment. Nothing to send, no notice."""
    kab, bulan = job.argumen["kabupaten"], job.argumen["periode"]
    batas, saat = datetime.fromisoformat(job.argumen["batas"]), periode.saat_ini()
    if periode.lewat(batas, saat):
        return {"kabar": 0}
    sisa = periode.sisa_kata(batas, kab, saat)
    kalimat = f"Batas usulan bulan {periode_kata(bulan)}: {periode.batas_kata(batas, kab)}, {sisa}."
    url = periode.alamat_giliran(bulan, batas)
    hitung = periode.hitung_pemegang(periode.belum_dikirim_pada(kab, bulan, batas))
    Pemberitahuan.objects.bulk_create(
        _kabar(pengguna, f"{kalimat} {n} usulan Anda belum dikirim.", url) for pengguna, n in hitung.items()
    )
    return {"kabar": len(hitung)}


def kabar_periode(job: Pekerjaan) -> dict[str, int]:
    """Queue handler: a window was changed; told to all in the kabupaten whose step it closes."""
    ubah = PerubahanPeriode.objects.select_related("jendela").get(pk=job.argumen["perubahan"])
    jendela: Periode = ubah.jendela
    apa = periode.nama_program().get(jendela.program, jendela.program)
    kab, n = kabupaten_dari(jendela.wilayah_id), 0
    for kolom, baru in ubah.sesudah.items():
        kuasa = periode.kuasa_kolom(kolom) | ({"usulan.ajukan"} if kolom == "buka" else set())
        tugas = Penugasan.objects.berlaku().filter(
            dalam("wilayah_id", [kab]), peran__kuasa__overlap=list(kuasa)
        )
        arti = "diperpanjang sampai" if baru > ubah.sebelum[kolom] else "dimajukan ke"
        nama = periode.nama_momen(kolom)
        kalimat = f"{nama}{f' {apa}' if apa else ''} {periode_kata(jendela.periode)} {arti} {periode.batas_kata(datetime.fromisoformat(baru), kab)}."
        orang = Pengguna.objects.filter(pk__in=tugas.values("pengguna_id"), is_active=True).order_by("pk")
        n += len(
            Pemberitahuan.objects.bulk_create(
                _kabar(p.pk, kalimat, "/periode/") for p in orang if p.pk != ubah.oleh_id
            )
        )
    return {"kabar": n}


def kabar_eskalasi(job: Pekerjaan) -> dict[str, int]:
    """Queue handler: raise what ran through its time, and tell each desk once, however many cases there are."""
    kab = job.argumen["kabupaten"]
    naik = eskalasi.naikkan(kab)
    hitung: dict[UUID, Counter[int]] = defaultdict(Counter)
    for ambang in rules.value("eskalasi", kab)["ambang"]:
        isi = [n for n in naik if n.ambang == ambang["persen"]]
        for pengguna, n in _meja(isi, ambang["kepada"]).items():
            hitung[pengguna][ambang["persen"]] += n
    Pemberitahuan.objects.bulk_create(
        _kabar(pengguna, _kalimat_eskalasi(n), "/tenggat/") for pengguna, n in hitung.items()
    )
    return {"naik": len(naik), "kabar": len(hitung)}


def _meja(naik: list[eskalasi.Naik], kepada: list[str]) -> dict[UUID, int]:
    """How many of these cases go to whom: 'pemegang' is who may take the next step, anything else a role."""
    hasil: Counter[UUID] = Counter()
    if not naik:
        return {}
    if "pemegang" in kepada:
        hasil.update(periode.hitung_pemegang((n.status, n.wilayah, n.petugas) for n in naik))
    luas: Counter[str] = Counter()
    for n in naik:
        luas.update([*leluhur(n.wilayah), n.wilayah])
    peran = [*kepada, *(wakil for satu in kepada for wakil in PENGGANTI.get(satu, ()))]
    tugas = Penugasan.objects.berlaku().filter(
        peran__in=peran, wilayah__in=list(luas), pengguna__is_active=True
    )
    for pengguna, area in set(tugas.values_list("pengguna_id", "wilayah_id")):
        hasil[pengguna] = max(hasil[pengguna], luas[area])
    return dict(hasil)


def _kalimat_eskalasi(n: Counter[int]) -> str:
    bagian = [
        f"{jumlah} lewat tenggat" if persen >= 100 else f"{jumlah} sudah memakai {persen}% waktunya"
        for persen, jumlah in sorted(n.items(), reverse=True)
    ]
    return f"Tenggat usulan hari ini: {', '.join(bagian)}."


def _kabar(pengguna: UUID, kalimat: str, tautan: str) -> Pemberitahuan:
    return Pemberitahuan(pengguna_id=pengguna, kalimat=kalimat, tautan=tautan)
