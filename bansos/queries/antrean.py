"""The queues of the Dinas: which proposals wait for which step, with what an officer needs to choose one."""

from collections import Counter
from collections.abc import Iterable

from accounts.models import Pengguna
from dtks.models import Asesmen, Bendera, Individu, TiketPadan, Usulan
from dtks.models.usulan import UsulanQuerySet
from dtks.workflow import USULAN
from wilayah.kode import dalam

# state -> (words of the tab, power of the step that it waits for; '' = it waits for somebody in the field)
ANTREAN = {
    "diinput": ("Perlu ditugaskan", "usulan.tugaskan"),
    "ditugaskan": ("Sedang dikunjungi", ""),
    "diases": ("Perlu diverifikasi", "usulan.verifikasi"),
    "terverifikasi": ("Perlu disahkan", "usulan.sahkan"),
}
KUASA = tuple(kuasa for _, kuasa in ANTREAN.values() if kuasa)
_NADA = {"PADAN": "baik", "BELUM": "netral", "MENUNGGU": "jalan"}


def luas(user: Pengguna) -> list[str]:
    """Areas in which this person works any of the queues; [] = none, so the page is not for him."""
    return [kode for kuasa in KUASA for kode in user.cakupan(kuasa)]


def antrean_awal(user: Pengguna) -> str:
    """The queue that waits for this person: the first with something in it, farthest along the line first."""
    bisa = [s for s in ("terverifikasi", "diases", "diinput") if user.punya(ANTREAN[s][1])]
    milik = Usulan.objects.visible_to(user).filter(dalam("wilayah_id", luas(user)))
    return next((s for s in bisa if milik.filter(status=s).exists()), bisa[0] if bisa else "diinput")


def antrean(user: Pengguna) -> UsulanQuerySet:
    """Proposals in the hands of the Dinas, in the areas where this person works on them."""
    return (
        Usulan.objects.visible_to(user)
        .filter(dalam("wilayah_id", luas(user)), status__in=list(ANTREAN))
        .select_related("keluarga", "wilayah", "petugas")
    )


def lengkapi(rows: list[Usulan], user: Pengguna) -> list[Usulan]:
    """Attach `ringkas_padan`, `asesmen_akhir`, `bendera_buka` and `lewat_langkah` to every row; four queries for any number."""
    padan = _padan([u.keluarga_id for u in rows])
    asesmen = _asesmen([u.pk for u in rows])
    bendera: dict[object, list[str]] = {}
    for usulan_id, kalimat in (
        Bendera.objects.terbuka()
        .filter(usulan__in=rows)
        .order_by("created_at", "pk")
        .values_list("usulan_id", "kalimat")
    ):
        bendera.setdefault(usulan_id, []).append(kalimat)
    for u in rows:
        u.ringkas_padan = padan.get(u.keluarga_id, [])  # type: ignore[attr-defined]
        u.asesmen_akhir = asesmen.get(u.pk)  # type: ignore[attr-defined]
        u.bendera_buka = bendera.get(u.pk, [])  # type: ignore[attr-defined]
        u.langkah_berikut = _langkah(u, user)  # type: ignore[attr-defined]
    return rows


def _langkah(usulan: Usulan, user: Pengguna) -> str:
    """Label of the step that this person may take on the row, '' when it is somebody else's."""
    kuasa = ANTREAN.get(usulan.status, ("", ""))[1]
    if not kuasa or not user.boleh(kuasa, usulan.wilayah_id):
        return ""
    return next((s.label for s in USULAN.open_from(usulan.status) if s.kuasa == kuasa), "")


def _padan(keluarga: Iterable[object]) -> dict[object, list[tuple[str, int, str]]]:
    """keluarga id -> [(words, how many persons, tone)]; a person waived by two officers is counted as such."""
    orang = list(
        Individu.objects.aktif()
        .filter(keluarga__in=list(keluarga))
        .order_by("pk")
        .values_list("pk", "keluarga_id", "padan", "nik_indeks")
    )
    kategori = {pk: padan if nik else "TANPA_DOKUMEN" for pk, _, padan, nik in orang}
    kecuali = set(
        TiketPadan.objects.filter(individu__in=[pk for pk, k in kategori.items() if k != "PADAN"])
        .filter(status=TiketPadan.Status.DIKECUALIKAN)
        .values_list("individu_id", "kategori")
    )
    jumlah: dict[object, Counter[str]] = {}
    for pk, keluarga_id, _, _ in orang:
        kode = "DIKECUALIKAN" if (pk, kategori[pk]) in kecuali else kategori[pk]
        jumlah.setdefault(keluarga_id, Counter())[kode] += 1
    kata = {**dict(Individu.Padan.choices), "DIKECUALIKAN": "Dikecualikan"}
    return {
        k: [
            (kata[kode], n, "baik" if kode == "DIKECUALIKAN" else _NADA.get(kode, "buruk"))
            for kode, n in sorted(c.items(), key=lambda i: (i[0] != "PADAN", i[0]))
        ]
        for k, c in jumlah.items()
    }


def _asesmen(usulan: Iterable[object]) -> dict[object, Asesmen]:
    """usulan id -> its latest visit."""
    rows = (
        Asesmen.objects.filter(usulan__in=list(usulan))
        .order_by("usulan_id", "-ke")
        .distinct("usulan_id")
        .only("usulan_id", "ke", "kunjungan", "kesimpulan", "tanggal", "selesai_at")
    )
    return {a.usulan_id: a for a in rows}
