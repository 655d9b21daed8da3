"""`diubah_sejak=` for lists: what changed after a position, with a tombstone for what the list does not show any more."""

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from core.api import saring
from core.api.galat import Masalah
from core.api.saring import Salah, Saring
from dtks.queries import sinkron
from wilayah.kode import persempit


def _posisi(teks: str) -> sinkron.Posisi:
    try:
        return sinkron.posisi(teks)
    except sinkron.PosisiSalah:
        raise Salah("Tulis `kini`, posisi dari jawaban sebelumnya, atau waktu dengan zona (2026-11-22T08:00:00+07:00).") from None  # fmt: skip
    except sinkron.PosisiLewat:
        raise Masalah("posisi-lewat") from None


def saring_sinkron() -> Saring:
    return Saring(
        "diubah_sejak",
        "Hanya yang berubah sesudah posisi ini, dengan `{id, dihapus: true}` untuk yang tidak tampak lagi di daftar ini. "
        "Mulai dengan `kini`, simpan `posisi` dari jawaban, tarik daftar, lalu tanya lagi dengan posisi itu.",
        _posisi,
        None,
        {"type": "string", "maxLength": 200},
    )


class Sinkron:
    """Mixin before DaftarView. `jenis`: kind of dtks.Perubahan; `kuasa`: the powers whose areas the caller sees."""

    sinkron: ClassVar[bool] = True
    jenis: ClassVar[str]
    kuasa: ClassVar[tuple[str, ...]]
    kunci_objek: ClassVar[str] = "pk"

    def get(self, request: Request, **kwargs: Any) -> Any:
        if "diubah_sejak" not in request.GET:
            return super().get(request, **kwargs)  # type: ignore[misc]
        terbaca = saring.baca(request, self.saring, list(self.urutan), self.ukuran_maks)  # type: ignore[attr-defined]
        if dua := sorted({"kursor", "urut"} & set(request.GET)):
            raise Masalah("parameter-salah", errors={k: ["Tidak bersama `diubah_sejak`."] for k in dua})
        self.nilai = terbaca.nilai
        luas = persempit(
            {kode for k in self.kuasa for kode in request.user.cakupan(k)}, terbaca.nilai.get("wilayah")
        )
        halaman = sinkron.halaman(self.jenis, luas, terbaca.nilai["diubah_sejak"], terbaca.ukuran)
        rows = self._tampak(halaman.objek)
        hasil = self._isi(request, rows, halaman.objek)
        lanjut = request.GET.copy()
        lanjut["diubah_sejak"] = str(halaman.posisi)
        alamat = request.build_absolute_uri(f"{request.path}?{lanjut.urlencode()}")
        return Response(
            {
                "next": alamat if halaman.lagi else None,
                "previous": None,
                "results": hasil,
                "posisi": str(halaman.posisi),
            }
        )

    def _tampak(self, objek: list[Any]) -> list[Any]:
        """Those of the changed ones that this list shows with these filters."""
        syarat = {f"{self.kunci_objek}__in": objek}
        return [row for rows in self.tersaring() for row in rows.filter(**syarat)]  # type: ignore[attr-defined]

    def _isi(self, request: Request, rows: list[Any], objek: list[Any]) -> list[Any]:
        self.hitung_baris(len(objek))  # type: ignore[attr-defined]
        self.siapkan(rows)  # type: ignore[attr-defined]
        konteks = {"request": request, "view": self}
        isi = self.serializer_class(rows, many=True, context=konteks).data  # type: ignore[attr-defined]
        ada = {row.pk: satu for row, satu in zip(rows, isi, strict=True)}
        return [ada.get(pk) or {"id": str(pk), "dihapus": True} for pk in objek]
