"""Proposals of the village: list, new (NIK first), the case page, the receipt."""

import base64
import time
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Peran
from core.privacy import keys
from core.web import Page, act, keyset, refusal_status
from dtks.actions import draf as aksi_draf
from dtks.actions import keluarga as isi_keluarga
from dtks.actions import padan
from dtks.actions import usulan as langkah
from dtks.actions.cari import cari, cari_usulan
from dtks.forms.keluarga import CariNomorForm
from dtks.forms.pilihan import pilihan
from dtks.forms.usulan import NikKepalaForm, UsulanBaruForm, UsulanFilter, UsulkanForm
from dtks.models import AlasanLangkah, Asesmen, Individu, Keluarga, Musyawarah, PutusanMusyawarah, Usulan
from dtks.policies import usulan as policies
from dtks.policies.langkah import terbuka
from dtks.queries import draf, kelengkapan, satu_program
from dtks.queries import periode as jendela
from dtks.queries.gerbang import sisa_susulan
from dtks.queries.hasil_siks import jawaban as jawaban_siks
from dtks.queries.kelengkapan import Kurang
from dtks.queries.meja import LANGKAH_MEJA
from dtks.queries.nik import HasilCari
from dtks.queries.riwayat import nama_kepala_dulu
from dtks.queries.tempat import alamat, desa
from dtks.views.kirim import kabari_mirip, kirim
from dtks.workflow import ANTREAN, USULAN

URUT = ("-updated_at", "-id")
TAHAP = ["Draf", "Musyawarah", "Verifikasi Dinsos", "Pengesahan", "Kirim", "Penetapan"]
TAHAP_STATUS = {
    "draf": 0, "diajukan": 1, "dimusyawarahkan": 1, "disepakati": 1, "diinput": 2, "ditugaskan": 2, "diases": 2,
    "terverifikasi": 3, "disahkan": 4, "dikirim": 5, "ditetapkan": 6, "tidak_ditetapkan": 6, "daftar_tunggu": 6,
}  # fmt: skip
ISIAN = "/usulan/baru/isian/"
UMUR_RESI = 600  # seconds that the PIN can be shown again
# Steps that are taken for many cases at once, on pages of their own.
HALAMAN_LAIN = {
    "sahkan": "/verifikasi/",
    "kirim": "/penetapan/",
    "tetapkan": "/penetapan/",
}


def _pembaca(request: HttpRequest) -> None:
    if not (request.user.punya("usulan.lihat") or request.user.punya("usulan.ases")):
        raise PermissionDenied


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """Proposals I may see, the last changed first."""
    _pembaca(request)
    dikenal = {*UsulanFilter.base_filters, "kursor"}
    if set(request.GET) - dikenal:
        raise SuspiciousOperation("unknown filter")
    semua = Usulan.objects.visible_to(request.user).select_related("keluarga", "wilayah")
    saring = UsulanFilter(request.GET, queryset=semua, request=request)
    if not saring.is_valid():
        raise SuspiciousOperation("bad filter")
    halaman = keyset(request, saring.qs, URUT)
    hias(halaman.rows)
    desa_saya = request.user.punya("usulan.buat")
    if desa_saya:
        kelengkapan.pasang(halaman.rows)
    konteks = {
        "form_nomor": CariNomorForm(),
        "dicari": False,
        "halaman": halaman,
        "lengkap": kelengkapan.rekap_desa(request.user)
        if desa_saya and not saring.form.changed_data
        else None,
        "saring": saring,
        "disaring": any(request.GET.get(k) for k in UsulanFilter.base_filters),
        "boleh_buat": request.user.punya("usulan.buat"),
        "boleh_bnba": request.user.punya("ekspor.nik"),
        "batas": jendela.spanduk(request.user),
    }
    return render(request, "dtks/usulan_daftar.html", konteks)


@login_required
@require_POST
def cari_nomor(request: HttpRequest) -> HttpResponse:
    """The list by NIK or KK; the number travels in the body only, and is counted as every question about a NIK."""
    _pembaca(request)
    form = CariNomorForm(request.POST)
    nomor = form.cleaned_data["nomor"] if form.is_valid() else ""
    hasil = act(request, lambda: cari_usulan(nomor, by=request.user), form=form) if nomor else None
    rows = hasil or []
    hias(rows)
    if request.user.punya("usulan.buat"):
        kelengkapan.pasang(rows)
    konteks = {
        "form_nomor": form,
        "dicari": hasil is not None,
        "halaman": Page(rows, ""),
        "lengkap": None,
        "saring": UsulanFilter({}, queryset=Usulan.objects.none(), request=request),
        "disaring": True,
        "boleh_buat": request.user.punya("usulan.buat"),
        "boleh_bnba": False,
        "batas": jendela.spanduk(request.user),
    }
    status = 200 if hasil is not None else refusal_status(request, 422)
    return render(request, "dtks/usulan_daftar.html", konteks, status=status)


def hias(rows: list[Usulan]) -> None:
    """Put the tone of the tag, the name of the desa and of the programme on rows whose area is loaded."""
    warna, program = nada(), dict(pilihan(["program_usulan"])["program_usulan"])
    for row in rows:
        row.nama_program = program.get(row.program, row.program)  # type: ignore[attr-defined]
        row.nada, row.desa = warna[row.status], desa(row)  # type: ignore[attr-defined]


def nada() -> dict[str, str]:
    """Tone of the tag of each state, in the words of the style sheet."""
    return {k.kode: "jalan" if k.nada == "proses" else k.nada for k in USULAN.keadaan}


def _areas(request: HttpRequest) -> list[str]:
    luas = request.user.cakupan("usulan.buat")
    if not luas:
        raise Http404
    return luas


@login_required
@require_http_methods(["GET", "POST"])
def baru(request: HttpRequest) -> HttpResponse:
    """Step one: the NIK; the answer comes at once and nothing is written. The number is in no address."""
    luas = _areas(request)
    if request.method == "GET":
        konteks = {"form": NikKepalaForm(), "draf": draf.ambil(request.user, ISIAN)}
        return render(request, "dtks/usulan_nik.html", konteks)
    form = NikKepalaForm(request.POST)
    if not form.is_valid():
        return render(request, "dtks/usulan_nik.html", {"form": form, "draf": None}, status=422)
    nik = form.cleaned_data["nik"]
    hasil = act(request, lambda: cari(nik, by=request.user), form=form) if nik else None
    if nik and hasil is None:
        konteks = {"form": form, "draf": None}
        return render(request, "dtks/usulan_nik.html", konteks, status=refusal_status(request, 422))
    if hasil is not None and hasil.keluarga is not None and not _tetap_baru(request, hasil):
        hias(hasil.usulan)
        return render(request, "dtks/usulan_nik_ada.html", {"hasil": hasil, **_known(hasil)})
    awal = {"nik": nik, **_filled(hasil)} if nik else {}
    isian_baru = UsulanBaruForm(initial=awal, luas=luas, operator=request.user.punya("usulan.input"))
    di_lain = hasil is not None and hasil.keadaan == "lain"
    konteks = {"form": isian_baru, "di_lain": di_lain, "kunci_draf": ISIAN}
    return render(request, "dtks/usulan_baru.html", konteks)


def _tetap_baru(request: HttpRequest, hasil: HasilCari) -> bool:
    """Somebody who left a family of this area and founds one now: said by the button of the answer. Not the dead."""
    orang = hasil.orang
    pergi = hasil.keadaan == "nonaktif" and orang is not None and orang.nonaktif_alasan != "meninggal"
    return pergi and "tetap_baru" in request.POST


def _known(hasil: HasilCari) -> dict[str, Any]:
    orang, keluarga = hasil.orang, hasil.keluarga
    assert orang is not None and keluarga is not None
    return {
        "alamat": alamat(keluarga),
        "hubungan": dict(pilihan(["hubungan"])["hubungan"]).get(orang.hubungan, "").lower(),
        "usulan": [(u, USULAN.state(u.status).pemegang) for u in hasil.usulan],
        "nik": orang.nik.open() if hasil.keadaan == "nonaktif" and orang.nik else "",
    }


def _filled(hasil: HasilCari | None) -> dict[str, Any]:
    """What the register knows of the person, so that nobody types it again."""
    if hasil is None or hasil.orang is None or hasil.keadaan != "nonaktif":
        return {}
    kolom = ("nama", "tempat_lahir", "tgl_lahir", "jenis_kelamin", "status_kawin", "ibu_kandung")
    return {k: getattr(hasil.orang, k) for k in kolom}


@login_required
@require_http_methods(["GET", "POST"])
def isian(request: HttpRequest) -> HttpResponse:
    """Step two: family, head and proposal in one transaction; sent twice is one record."""
    luas = _areas(request)
    if request.method == "GET":
        return _isian_dari_draf(request, luas)
    form = UsulanBaruForm(request.POST, luas=luas, operator=request.user.punya("usulan.input"))
    if form.is_valid():
        data = form.cleaned_data
        wilayah = data["wilayah"].kode

        @transaction.atomic
        def do() -> str:
            keluarga = isi_keluarga.buat(
                by=request.user, wilayah=wilayah, data=form.keluarga, kepala=form.kepala
            )
            kabari_mirip(request, keluarga.anggota.select_related("keluarga").get(hubungan="1"))
            return _propose(request, keluarga, data)

        tujuan = kirim(
            request, form, do, wilayah=wilayah, nik=data.get("nik") or "", no_kk=data.get("no_kk") or ""
        )
        if tujuan:
            aksi_draf.buang(by=request.user, kunci=ISIAN)
            _flags(request, form.tanda)
            return redirect(tujuan)
        form.renew(None)
    konteks = {"form": form, "di_lain": False, "kunci_draf": ISIAN}
    return render(request, "dtks/usulan_baru.html", konteks, status=refusal_status(request, 422))


def _isian_dari_draf(request: HttpRequest, luas: list[str]) -> HttpResponse:
    """The second page with what was kept of it; without a draft the way is through the NIK."""
    satu = draf.ambil(request.user, ISIAN)
    if satu is None or "draf" not in request.GET:
        return redirect("usulan_baru")
    form = UsulanBaruForm(initial=satu.awal(), luas=luas, operator=request.user.punya("usulan.input"))
    return render(request, "dtks/usulan_baru.html", {"form": form, "di_lain": False, "kunci_draf": ISIAN})


@login_required
@require_http_methods(["GET", "POST"])
def usulkan(request: HttpRequest, pk: Any) -> HttpResponse:
    """A proposal for a family that the register has."""
    keluarga = get_object_or_404(Keluarga.objects.visible_to(request.user).select_related("wilayah"), pk=pk)
    if policies.buat(request.user, keluarga.wilayah_id):
        raise Http404
    form = UsulkanForm(request.POST or None, operator=request.user.boleh("usulan.input", keluarga.wilayah_id))
    if request.method == "POST" and form.is_valid():
        tujuan = kirim(request, form, lambda: _propose(request, keluarga, form.cleaned_data))
        if tujuan:
            return redirect(tujuan)
        form.renew(None)
    konteks = {"form": form, "keluarga": keluarga, "alamat": alamat(keluarga)}
    status = refusal_status(request, 422) if request.method == "POST" else 200
    return render(request, "dtks/usulan_usulkan.html", konteks, status=status)


def _propose(request: HttpRequest, keluarga: Keluarga, data: dict[str, Any]) -> str:
    usulan, pin = langkah.buat(
        by=request.user,
        keluarga=keluarga,
        program=data["program"],
        jalur=data["jalur"],
        alasan_usul=data["alasan_usul"],
        bulan_berikutnya=data.get("bulan_berikutnya", False),
    )
    keep_pin(request, usulan, pin)
    if kalimat := jendela.kalimat_draf_baru(usulan):
        messages.info(request, kalimat)
    return reverse("usulan_resi", args=[usulan.pk])


def _flags(request: HttpRequest, tanda: list[Any]) -> None:
    for satu in tanda:
        messages.warning(request, f"{satu.kalimat} Tetap disimpan; nanti dicocokkan ke Dukcapil.")


def keep_pin(request: HttpRequest, usulan: Usulan, pin: str) -> None:
    """The PIN is stored nowhere readable: sealed in this one session, for ten minutes, for this one page."""
    isi = keys.seal(pin.encode(), f"resi:{usulan.pk}:{request.user.pk}")
    request.session["resi"] = {
        "usulan": str(usulan.pk),
        "isi": base64.b64encode(isi).decode(),
        "pada": int(time.time()),
    }


def _kept_pin(request: HttpRequest, usulan: Usulan) -> str:
    resi = request.session.get("resi") or {}
    if resi.get("usulan") != str(usulan.pk) or time.time() - resi.get("pada", 0) > UMUR_RESI:
        return ""
    return keys.unseal(base64.b64decode(resi["isi"]), f"resi:{usulan.pk}:{request.user.pk}").decode()


@login_required
@require_safe
def resi(request: HttpRequest, pk: Any) -> HttpResponse:
    """Receipt with ticket and PIN for the citizen, to print or to read aloud."""
    usulan = _case(request, pk)
    konteks = {
        "usulan": usulan,
        "pin": _kept_pin(request, usulan),
        "program": _program(usulan),
        "desa": desa(usulan),
        "boleh_pin": request.user.boleh("usulan.buat", usulan.wilayah_id),
    }
    return render(request, "dtks/usulan_resi.html", konteks)


@login_required
@require_POST
def ganti_pin(request: HttpRequest, pk: Any) -> HttpResponse:
    usulan = _case(request, pk)
    pin = act(request, lambda: langkah.ganti_pin(usulan, by=request.user))
    if pin is None:
        return redirect("usulan_lihat", pk=usulan.pk)
    keep_pin(request, usulan, pin)
    messages.success(request, "PIN baru sudah dibuat. PIN lama tidak berlaku lagi.")
    return redirect("usulan_resi", pk=usulan.pk)


@login_required
@require_POST
def cek_nik(request: HttpRequest, pk: Any) -> HttpResponse:
    """Ask the civil registry again for every member that is not padan."""
    usulan = _case(request, pk)
    if not policies.lihat_keluarga(request.user, usulan):
        raise Http404
    n = act(request, lambda: padan.minta_usulan(usulan, by=request.user))
    if n:
        messages.success(request, f"{n} NIK dikirim ke Dukcapil. Hasilnya muncul di bagian Anggota.")
    elif n == 0:
        messages.info(request, "Tidak ada NIK yang perlu dicek.")
    return redirect("usulan_lihat", pk=usulan.pk)


def _case(request: HttpRequest, pk: Any) -> Usulan:
    rows = Usulan.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("keluarga__wilayah", "wilayah", "petugas", "created_by", "sptjm"), pk=pk
    )


def _program(usulan: Usulan) -> str:
    return dict(pilihan(["program_usulan"])["program_usulan"]).get(usulan.program, usulan.program)


@login_required
@require_safe
def lihat(request: HttpRequest, pk: Any) -> HttpResponse:
    return render(request, "dtks/usulan_lihat.html", konteks_kasus(request, _case(request, pk)))


def konteks_kasus(request: HttpRequest, usulan: Usulan) -> dict[str, Any]:
    """Everything the case page shows; also used when a step is refused and the fresh page comes back."""
    user = request.user
    riwayat = list(usulan.riwayat.select_related("oleh").order_by("-urut"))
    keadaan = USULAN.state(usulan.status)
    terlihat = policies.lihat_keluarga(user, usulan)
    anggota = list(usulan.keluarga.anggota.filter(aktif=True)) if terlihat else []
    lengkap = kelengkapan.hitung(usulan.keluarga)
    acuan = pilihan(["hubungan", "program_usulan"])
    return {
        "usulan": usulan,
        "keluarga": usulan.keluarga,
        "terlihat": terlihat,
        "nama_kepala": usulan.keluarga.nama_kepala
        if terlihat
        else nama_kepala_dulu(usulan.keluarga, usulan.status_sejak),
        "keadaan": keadaan,
        "nada": nada()[usulan.status],
        "program": dict(acuan["program_usulan"]).get(usulan.program, usulan.program),
        "program_lain": satu_program.kalimat_bertemu(usulan, user),
        "tahap": TAHAP,
        "tahap_kini": _stage(usulan, riwayat),
        "anggota": [(a, dict(acuan["hubungan"]).get(a.hubungan, "")) for a in anggota],
        "lengkap": lengkap,
        "tugas": _tasks(usulan, anggota, lengkap.rincian) if terlihat else [],
        "boleh_isi": policies.isi(user, usulan) is None,
        "boleh_ubah": policies.ubah(user, usulan) is None,
        "susulan": sisa_susulan(usulan) if usulan.gerbang_susulan else [],
        "boleh_sptjm": bool(usulan.gerbang_susulan)
        and not usulan.sptjm_id
        and user.boleh("usulan.sepakati", usulan.wilayah_id),
        "boleh_buka_nomor": usulan.keluarga.dibekukan_at is None
        and user.boleh("nik.buka", usulan.wilayah_id),
        "boleh_cek": user.boleh("padan.minta", usulan.wilayah_id)
        and any(a.nik_indeks and a.padan != "PADAN" for a in anggota),
        "langkah": [(satu, _step_url(usulan, satu.arrow.nama)) for satu in terbuka(usulan, user)],
        "alamat": alamat(usulan.keluarga) if terlihat else "",
        "riwayat": _timeline(usulan, riwayat),
        "bendera": list(usulan.bendera.terbuka()),
        "putusan": _meetings(usulan),
        "hasil_siks": jawaban_siks(usulan) if terlihat else [],
        "asesmen": list(
            Asesmen.objects.visible_to(user).filter(usulan=usulan).select_related("asesor").order_by("-ke")
        ),
        "boleh_keberatan": usulan.status in ("ditolak", "tidak_ditetapkan")
        and user.boleh("keberatan.ajukan", usulan.wilayah_id),
        "boleh_buat": user.boleh("usulan.buat", usulan.wilayah_id),
        "boleh_surat": user.boleh("musyawarah.lihat", usulan.wilayah_id),
        "boleh_register": user.boleh("keluarga.lihat", usulan.keluarga.wilayah_id),
    }


def _step_url(usulan: Usulan, nama: str) -> str:
    if nama == "ases":
        return reverse("asesmen_isi", args=[usulan.pk])
    if usulan.status in ANTREAN and nama in LANGKAH_MEJA:
        return reverse("meja", args=[usulan.pk])
    return HALAMAN_LAIN.get(nama) or reverse("usulan_langkah", args=[usulan.pk, nama])


def _stage(usulan: Usulan, riwayat: list[Any]) -> int:
    """Index in TAHAP; a case that left the line stands where it left."""
    if usulan.status in TAHAP_STATUS:
        return TAHAP_STATUS[usulan.status]
    return TAHAP_STATUS.get(riwayat[0].dari, 0) if riwayat else 0


def _tasks(usulan: Usulan, anggota: list[Individu], kurang: list[Kurang]) -> list[dict[str, Any]]:
    """The parts of the form, each member one of them; what is missing there leads straight to its field."""
    halaman = {
        "keluarga": reverse("usulan_keluarga", args=[usulan.pk]),
        "anggota": reverse("anggota_baru", args=[usulan.pk]),
        "rumah": reverse("usulan_rumah", args=[usulan.pk]),
        "aset": reverse("usulan_aset", args=[usulan.pk]),
        "foto": reverse("usulan_foto", args=[usulan.pk]),
    }
    orang = {a.pk: reverse("anggota_ubah", args=[usulan.pk, a.pk]) for a in anggota}
    baris = [("keluarga", None, "Keluarga", halaman["keluarga"])]
    baris += [("anggota", a.pk, f"Anggota: {a.nama}", orang[a.pk]) for a in anggota]
    baris += [(k, None, k.capitalize(), halaman[k]) for k in ("rumah", "aset", "foto")]
    tugas = []
    if any(
        k.bagian == "anggota" and k.individu is None for k in kurang
    ):  # no head: said at the members' own list
        baris.insert(1, ("anggota", None, "Kepala keluarga", "#anggota"))
    for bagian, pk, label, url in baris:
        butir = [
            {
                "kalimat": k.kalimat.removeprefix(f"{label.removeprefix('Anggota: ')}: "),
                "url": _field_url(url, k),
            }
            for k in kurang
            if (k.bagian, k.individu) == (bagian, pk)
        ]
        tugas.append({"label": label, "url": url, "kurang": butir})
    return tugas


def _field_url(halaman: str, kurang: Kurang) -> str:
    return f"{halaman}#id_{kurang.kolom}" if not halaman.startswith("#") else halaman


def _meetings(usulan: Usulan) -> list[PutusanMusyawarah]:
    rows = PutusanMusyawarah.objects.filter(usulan=usulan).select_related(
        "musyawarah", "musyawarah__berita_acara", "musyawarah__daftar_hadir", "musyawarah__pindaian"
    )
    return list(rows.order_by("-musyawarah__waktu", "pk"))


def _timeline(usulan: Usulan, riwayat: list[Any]) -> list[dict[str, Any]]:
    """Newest first: what, when, who in which role, why, and what to do next."""
    peran = dict(Peran.objects.filter(pk__in={r.peran for r in riwayat}).values_list("pk", "nama"))
    keluar = dict(
        AlasanLangkah.objects.filter(pk__in={r.alasan for r in riwayat if r.alasan}).values_list(
            "pk", "jalan_keluar"
        )
    )
    baris = []
    for r in riwayat:
        oleh = ", ".join(p for p in (r.oleh.nama if r.oleh else "sistem", peran.get(r.peran, "")) if p)
        lanjut = keluar.get(r.alasan, "")
        alasan = " ".join(
            p for p in (r.alasan_kalimat, f"Langkah berikutnya: {lanjut}" if lanjut else "") if p
        )
        catatan = r.catatan
        baris.append(
            {
                "label": f"{'Diurungkan, kembali ke: ' if r.langkah == 'urungkan' else ''}{USULAN.state(r.ke).label}",
                "waktu": r.pada,
                "oleh": oleh,
                "alasan": alasan,
                "catatan": catatan,
            }
        )
    baris += [
        {
            "label": jendela.kalimat_guliran(g, usulan.wilayah_id).rstrip("."),
            "waktu": g.pada,
            "oleh": "",
            "alasan": "",
            "catatan": "",
        }
        for g in usulan.guliran.order_by("-dari")
    ]
    pembuat = usulan.created_by.nama if usulan.created_by else ""
    return [
        *sorted(baris, key=lambda b: b["waktu"], reverse=True),
        {"label": "Draf dibuat", "waktu": usulan.created_at, "oleh": pembuat, "alasan": "", "catatan": ""},
    ]


def rapat_terjadwal(usulan: Usulan) -> Any:
    """Meetings of the proposal's own desa that are still to be held."""
    desa = ".".join(usulan.wilayah_id.split(".")[:4])
    return Musyawarah.objects.filter(wilayah_id=desa, status="dijadwalkan").order_by("waktu", "pk")
