"""The monthly verification of recipients: the village's list, one answer, 'layak' for ticked names; progress per desa."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansos.actions import kelayakan as aksi
from bansos.forms import JawabForm, LayakForm, PilihPenerimaForm, SaringPantau, SaringPenerima
from bansos.models import AlasanKelayakan, BarisPenetapan, Program, VerifikasiKelayakan
from bansos.policies import kelayakan as policies
from bansos.queries import kelayakan as baca
from core import ekspor, files, rules
from core.web import act, keyset, refusal_status, send_once
from dtks.models import Individu
from dtks.queries.kelengkapan import DIISI_DESA
from dtks.queries.periode import batas_kata
from dtks.workflow import USULAN_TERBUKA

LABEL = dict(VerifikasiKelayakan.Hasil.choices)
NADA = {
    "layak": "baik",
    "tidak_layak": "buruk",
    "meninggal": "netral",
    "pindah": "tunggu",
    "tidak_ditemukan": "tunggu",
}


def _luas(request: HttpRequest) -> list[str]:
    """Areas that this person answers for; a page of answering is not there for others."""
    luas = request.user.cakupan("kelayakan.verifikasi")
    if not luas:
        raise Http404
    return luas


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """This month's recipients with the answers of this and the last month; whoever only watches gets the progress."""
    luas = request.user.cakupan("kelayakan.verifikasi")
    if not luas:
        return pantau(request)
    return _daftar(request, luas)


def _daftar(
    request: HttpRequest, luas: list[str], form: PilihPenerimaForm | LayakForm | None = None
) -> HttpResponse:
    """The list; with a refused `form` it comes back with what was wrong."""
    periode = baca.bulan_kini()
    semua = baca.dengan_jawaban(baca.penerima(luas), periode)
    saring = SaringPenerima(request, semua.select_related("usulan__keluarga__wilayah", "penetapan__program"))
    halaman = keyset(request, saring.qs, ("usulan__keluarga__nama_kepala", "id"))
    kemajuan = baca.per_program(semua)
    batas = baca.penutupan(luas[0], [k["kode"] for k in kemajuan])
    tutup = {kode: baca.tertutup(luas[0], saat) for kode, saat in batas.items()}
    for k in kemajuan:
        k["tutup"], k["batas"] = tutup[k["kode"]], batas_kata(batas[k["kode"]], luas[0])
    for satu in halaman.rows:
        satu.kini_kata, satu.nada = LABEL.get(satu.kini, ""), NADA.get(satu.kini, "netral")
        satu.lalu_kata = LABEL.get(satu.lalu, "")
        satu.bisa = not satu.kini and not tutup[satu.penetapan.program_id]
    isi = {
        "periode": periode,
        "saring": saring.form,
        "halaman": halaman,
        "kemajuan": kemajuan,
        "n": sum(k["n"] for k in kemajuan),
        "m": sum(k["m"] for k in kemajuan),
        "tutup": next(iter(tutup.values()), None) if all(tutup.values()) else None,
        "bisa": any(s.bisa for s in halaman.rows),
        "form": form,
    }
    return render(request, "bansos/kelayakan_daftar.html", isi, status=422 if form else 200)


@login_required
@require_POST
def layak(request: HttpRequest) -> HttpResponse:
    """Ticked names: first the list to read again, then (`aksi=simpan`) 'masih layak' for all of them."""
    luas, yakin = _luas(request), request.POST.get("aksi") == "simpan"
    form = (LayakForm if yakin else PilihPenerimaForm)(request.POST)
    if isinstance(form, LayakForm) and form.is_valid() and (alamat := _catat_layak(request, form)):
        return redirect(alamat)
    if "penerima" in form.errors:
        return _daftar(request, luas, form)
    rows = baca.penerima(luas).filter(pk__in=form.cleaned_data["penerima"] if form.is_valid() else [])
    baris = list(
        rows.select_related("usulan__keluarga", "penetapan__program").order_by(
            "usulan__keluarga__nama_kepala", "pk"
        )
    )
    if form.is_valid() and len(baris) != len(form.cleaned_data["penerima"]):
        form.add_error(None, "Sebagian nama tidak ada lagi di daftar. Kembali, lalu centang lagi.")
    kirim = LayakForm(initial={"penerima": [b.pk for b in baris]}, auto_id=False)
    isi = {"baris": baris, "form": form, "kirim": kirim, "periode": baca.bulan_kini()}
    status = refusal_status(request, 422) if form.errors else 200
    return render(request, "bansos/kelayakan_layak.html", isi, status=status)


def _catat_layak(request: HttpRequest, form: LayakForm) -> str | None:
    def simpan() -> str:
        n = aksi.tandai_layak(form.cleaned_data["penerima"], by=request.user)
        messages.success(request, f"{n} penerima dicatat masih layak.")
        return reverse("verifikasi_kelayakan")

    return act(request, lambda: send_once(request, form, simpan), form=form)


def _ambil(request: HttpRequest, pk: UUID) -> BarisPenetapan:
    rows = baca.penerima(_luas(request)).select_related("usulan__keluarga__wilayah", "penetapan__program")
    baris: BarisPenetapan = get_object_or_404(rows, pk=pk)
    return baris


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def jawab(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One recipient: what the register says, last month's answer, and the answer of this month."""
    baris = _ambil(request, pk)
    keluarga = baris.usulan.keluarga
    anggota = list(keluarga.anggota.filter(aktif=True).order_by("hubungan", "tgl_lahir", "pk"))
    riwayat = _riwayat(baris)
    kini = next((r for r in riwayat if r.periode == baca.bulan_kini() and not r.diganti), None)
    pilihan = {"anggota": anggota, "dewasa": _dewasa(anggota, keluarga.wilayah_id)}
    if request.method == "POST":
        form = JawabForm(request.POST, request.FILES, **pilihan)
        if form.is_valid() and (alamat := _simpan(request, baris, form)):
            return redirect(alamat)
    else:
        form = JawabForm(initial={"sebelum": kini.pk if kini else None}, **pilihan)
    isi = {
        "baris": baris,
        "keluarga": keluarga,
        "anggota": anggota,
        "form": form,
        "kini": kini,
        "riwayat": riwayat,
        "periode": baca.bulan_kini(),
        "halangan": policies.jawab(request.user, keluarga, baris.penetapan.program_id),
        "perorangan": baris.penetapan.program.unit == "individu",
        "hapus": _usulan_hapus(baris),
    }
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "bansos/kelayakan_jawab.html", isi, status=status)


def _simpan(request: HttpRequest, baris: BarisPenetapan, form: JawabForm) -> str | None:
    data = form.cleaned_data

    def do() -> str:
        satu = aksi.jawab(
            baris.pk,
            by=request.user,
            sebelum=data["sebelum"],
            jawaban=aksi.Jawaban(
                hasil=data["hasil"],
                alasan=data["alasan"] if data["hasil"] == "tidak_layak" else (),
                catatan=data["catatan"],
                meninggal=UUID(data["meninggal"]) if data["meninggal"] else None,
                pengurus=UUID(data["pengurus"]) if data["pengurus"] else None,
                foto=data["foto"].read() if data["foto"] else b"",
            ),
        )
        messages.success(request, _kabar(satu))
        return reverse("kelayakan_jawab", args=[baris.pk])

    return act(request, lambda: send_once(request, form, do), form=form)


def _kabar(satu: VerifikasiKelayakan) -> str:
    if satu.usulan:
        return "Jawaban disimpan. Usulan penghapusan dibuat; musyawarah dan Dinsos yang memutuskan."
    lama = satu.menggantikan.usulan if satu.menggantikan else None
    if lama is None:
        return "Jawaban disimpan."
    lama.refresh_from_db()
    if lama.status == "ditarik":
        return f"Jawaban disimpan. Usulan penghapusan {lama.tiket} ditarik."
    if lama.status in DIISI_DESA:
        return f"Jawaban disimpan. Usulan penghapusan {lama.tiket} masih berjalan di desa; tarik usulan itu bila keliru."
    if lama.status in USULAN_TERBUKA:
        return f"Jawaban disimpan. Usulan penghapusan {lama.tiket} sudah di Dinas Sosial; sampaikan ke Dinas bahwa keluarga ini masih layak."
    return "Jawaban disimpan."


def _riwayat(baris: BarisPenetapan) -> list[VerifikasiKelayakan]:
    """All answers about this family and programme, newest first, each with its reasons in words."""
    rows = list(
        VerifikasiKelayakan.objects.filter(
            keluarga=baris.usulan.keluarga_id, program=baris.penetapan.program_id
        )
        .select_related("by", "usulan", "yang_meninggal", "pengurus_baru")
        .order_by("-created_at", "-id")[:24]
    )
    ganti = {r.menggantikan_id for r in rows}
    kata = dict(AlasanKelayakan.objects.values_list("kode", "kalimat"))
    for r in rows:
        r.diganti, r.nada = r.pk in ganti, NADA[r.hasil]
        r.sebab = [kata.get(k, k) for k in r.alasan]
    return rows


def _usulan_hapus(baris: BarisPenetapan) -> Any:
    return (
        baris.usulan.keluarga.usulan.filter(program=baris.penetapan.program_id, jalur="PENGHAPUSAN")
        .order_by("-created_at")
        .first()
    )


def _dewasa(anggota: list[Individu], wilayah: str) -> list[Individu]:
    batas = rules.value("kelayakan.umur_pengurus", wilayah)
    return [a for a in anggota if aksi.umur(a.tgl_lahir) >= batas]


@login_required
@require_safe
def foto(request: HttpRequest, pk: UUID) -> HttpResponse:
    rows = (
        VerifikasiKelayakan.objects.visible_to(request.user).filter(foto__isnull=False).select_related("foto")
    )
    satu = get_object_or_404(rows, pk=pk)
    try:
        isi = files.read(satu.foto)
    except files.BadFile as rusak:
        raise Http404 from rusak
    return HttpResponse(
        isi,
        content_type="image/jpeg",
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, no-store",
        },
    )


def _saring_pantau(request: HttpRequest) -> tuple[SaringPantau, list[str]]:
    luas = request.user.cakupan("kelayakan.pantau")
    if not luas:
        raise PermissionDenied
    return SaringPantau(request, awal={"periode": baca.bulan_kini()}), luas


@login_required
@require_safe
def pantau(request: HttpRequest) -> HttpResponse:
    """How far each village is in one month; the ones without any answer first. One page, so there is no cursor."""
    if "kursor" in request.GET:
        raise BadRequest("no pages here")
    saring, luas = _saring_pantau(request)
    nilai = saring.nilai
    desa = baca.per_desa(luas, nilai["periode"], nilai["program"])
    isi = {
        "saring": saring.form,
        "periode": nilai["periode"],
        "program": nilai["program"],
        "desa": desa,
        "n": sum(d.terjawab for d in desa),
        "m": sum(d.jumlah for d in desa),
        "diam": sum(1 for d in desa if d.diam),
    }
    return render(request, "bansos/kelayakan_pantau.html", isi)


JUDUL = ("Kode", "Desa/kelurahan", "Penerima", "Dijawab", *LABEL.values(), "Jawaban terakhir")


@login_required
@require_POST
def unduh(request: HttpRequest) -> HttpResponse:
    """The progress table as xlsx: counts only, no name; still an export, so it leaves an audit row."""
    luas = request.user.cakupan("kelayakan.pantau")
    periode = request.POST.get("periode") or baca.bulan_kini()
    program = request.POST.get("program", "")
    if not luas:
        raise PermissionDenied
    if periode not in baca.bulan_terakhir() or (
        program and program not in set(Program.objects.values_list("pk", flat=True))
    ):
        raise BadRequest("bad month or programme")
    desa = baca.per_desa(luas, periode, program)
    aksi.catat_unduh(by=request.user, wilayah=luas[0], periode=periode, program=program, jumlah=len(desa))
    berkas = ekspor.berkas_baru()
    lembar = ekspor.Lembar(judul=JUDUL, lebar=(16, 40, *([12] * (len(JUDUL) - 2))), nama="Kelayakan")
    ekspor.tulis(berkas, "xlsx", lembar, (_sel_desa(d) for d in desa))
    return ekspor.jawaban(berkas, ekspor.nama_berkas(f"Verifikasi kelayakan {periode}", "xlsx"))


def _sel_desa(d: baca.Desa) -> list[str]:
    akhir = f"{localtime(d.terakhir):%d/%m/%Y %H.%M}" if d.terakhir else ""
    return [d.kode, d.nama, str(d.jumlah), str(d.terjawab), *(str(d.hasil.get(k, 0)) for k in LABEL), akhir]
