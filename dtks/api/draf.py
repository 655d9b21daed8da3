"""A new draft by API: the strict shape first, then the forms of the screens, so that both doors know the same rules."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from rest_framework import serializers

from accounts.models import Pengguna
from core.api.galat import Masalah
from core.api.masukan import Id, Masukan, Pilih, Tanggal, Teks, YaTidak
from core.api.saring import Salah
from dtks.actions import ganda
from dtks.actions import keluarga as register
from dtks.actions import usulan as langkah
from dtks.forms.anggota import AnggotaForm
from dtks.forms.keluarga import KeluargaForm
from dtks.forms.usulan import UbahUsulanForm, UsulanBaruForm, UsulkanForm
from dtks.models import Individu, Keluarga, Usulan
from dtks.policies import usulan as policies
from wilayah.queries import bakukan

ANGGOTA_MAKS = 30


class KeluargaMasukan(Masukan):
    """`id` saja untuk keluarga yang sudah di register; selain itu alamat lengkap dan `anggota`."""

    id = Id(required=False)
    wilayah = Teks(required=False, max_length=24, help_text="Kode desa/kelurahan.")
    no_kk = Teks(required=False, max_length=40)
    alamat = Teks(required=False)
    rt = Teks(required=False, max_length=6)
    rw = Teks(required=False, max_length=6)
    alamat_kk = Teks(required=False)
    telepon = Teks(required=False, max_length=40)


class AnggotaMasukan(Masukan):
    """Kode jawaban seperti di kuesioner DTSEN. Anggota pertama adalah kepala keluarga."""

    nik = Teks(required=False, max_length=40)
    tanpa_nik_alasan = Teks(required=False, max_length=40)
    nama = Teks(max_length=120)
    jenis_kelamin = Teks(max_length=1)
    tempat_lahir = Teks(required=False, max_length=60)
    tgl_lahir = Tanggal()
    status_kawin = Teks(max_length=2)
    ibu_kandung = Teks(max_length=120)
    hubungan = Teks(required=False, max_length=2)
    keberadaan = Teks(required=False, max_length=2)


class UsulanBaru(Masukan):
    program = Teks(max_length=20)
    jalur = Pilih(Usulan.Jalur.choices, required=False)
    alasan_usul = Teks(max_length=2000)
    bulan_berikutnya = YaTidak(required=False, help_text="Hanya untuk keluarga yang sudah di register.")
    keluarga = KeluargaMasukan()
    anggota = serializers.ListField(
        child=AnggotaMasukan(), required=False, min_length=1, max_length=ANGGOTA_MAKS
    )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        ada = "id" in data["keluarga"]
        if ada and (len(data["keluarga"]) > 1 or "anggota" in data):
            raise serializers.ValidationError({"keluarga": ["Untuk keluarga yang ada, kirim `id` saja."]})
        if not ada and not data.get("anggota"):
            raise serializers.ValidationError({"anggota": ["Keluarga baru perlu paling sedikit kepalanya."]})
        if not ada and data.get("bulan_berikutnya"):
            raise serializers.ValidationError({"bulan_berikutnya": ["Hanya untuk keluarga yang sudah ada."]})
        if not ada and data["anggota"][0].get("hubungan", "1") != "1":
            raise serializers.ValidationError(
                {"anggota.0.hubungan": ["Anggota pertama adalah kepala (kode 1)."]}
            )
        return data


class KeluargaUbah(Masukan):
    no_kk = Teks(required=False, max_length=40)
    alamat = Teks(required=False)
    rt = Teks(required=False, max_length=6)
    rw = Teks(required=False, max_length=6)
    alamat_kk = Teks(required=False, allow_blank=True)
    telepon = Teks(required=False, max_length=40)


class AnggotaUbah(Masukan):
    """Dengan `id`: anggota yang ada, hanya yang disebut yang berubah. Tanpa `id`: anggota baru, isiannya seperti saat membuat."""

    id = Id(required=False)
    nik = Teks(required=False, max_length=40)
    tanpa_nik_alasan = Teks(required=False, max_length=40)
    nama = Teks(required=False, max_length=120)
    jenis_kelamin = Teks(required=False, max_length=1)
    tempat_lahir = Teks(required=False, max_length=60)
    tgl_lahir = Tanggal(required=False)
    status_kawin = Teks(required=False, max_length=2)
    ibu_kandung = Teks(required=False, max_length=120)
    hubungan = Teks(required=False, max_length=2)
    keberadaan = Teks(required=False, max_length=2)


class UsulanUbah(Masukan):
    program = Teks(required=False, max_length=20)
    jalur = Pilih(Usulan.Jalur.choices, required=False)
    alasan_usul = Teks(required=False, max_length=2000)
    keluarga = KeluargaUbah(required=False)
    anggota = serializers.ListField(
        child=AnggotaUbah(), required=False, min_length=1, max_length=ANGGOTA_MAKS
    )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if not data:
            raise serializers.ValidationError({"isi": ["Sebut paling sedikit satu yang diubah."]})
        ids = [satu["id"] for satu in data.get("anggota", ()) if "id" in satu]
        if len(ids) != len(set(ids)):
            raise serializers.ValidationError({"anggota": ["Sebut tiap anggota satu kali saja."]})
        return data


def tiket_sah(teks: str) -> str:
    if not re.fullmatch(r"[A-Z0-9-]{1,20}", teks, re.ASCII):
        raise Salah("Tulis nomor tiket, misalnya USL-202610-00001.")
    return teks


def buat(by: Pengguna, isi: Mapping[str, Any]) -> tuple[Usulan, str]:
    """The draft and its PIN; all of it or nothing. Raises Masalah, StepRefused."""
    return _untuk_yang_ada(by, isi) if "id" in isi["keluarga"] else _dengan_keluarga(by, isi)


def _untuk_yang_ada(by: Pengguna, isi: Mapping[str, Any]) -> tuple[Usulan, str]:
    keluarga = Keluarga.objects.visible_to(by).filter(pk=isi["keluarga"]["id"]).first()
    if keluarga is None or policies.buat(by, keluarga.wilayah_id):
        raise Masalah("isian-salah", errors={"keluarga.id": ["Keluarga ini tidak ada di wilayah Anda."]})
    form = UsulkanForm(_mesin() | _data(isi), operator=by.boleh("usulan.input", keluarga.wilayah_id))
    _sah(form, "")
    data = form.cleaned_data
    return langkah.buat(
        by=by, keluarga=keluarga, program=data["program"], jalur=data["jalur"], alasan_usul=data["alasan_usul"],
        bulan_berikutnya=data.get("bulan_berikutnya", False),
    )  # fmt: skip


def _dengan_keluarga(by: Pengguna, isi: Mapping[str, Any]) -> tuple[Usulan, str]:
    luas = by.cakupan("usulan.buat")
    if not luas:
        raise Masalah("tidak-berwenang")
    kepala = {k: v for k, v in isi["anggota"][0].items() if k not in ("hubungan", "keberadaan")}
    form = UsulanBaruForm(
        _mesin() | _data(isi) | _data(isi["keluarga"]) | _data(kepala),
        luas=luas,
        operator=by.punya("usulan.input"),
    )
    _sah(form, "anggota.0.", UsulanBaruForm.KEPALA)
    data = form.cleaned_data
    keluarga = register.buat(by=by, wilayah=data["wilayah"].kode, data=form.keluarga, kepala=form.kepala)
    usulan, pin = langkah.buat(
        by=by,
        keluarga=keluarga,
        program=data["program"],
        jalur=data["jalur"],
        alasan_usul=data["alasan_usul"],
    )
    for urut, satu in enumerate(isi["anggota"][1:], start=1):
        anggota = AnggotaForm(_mesin() | _data({"keberadaan": "1"} | satu), no_kk=data.get("no_kk") or "")
        _sah(anggota, f"anggota.{urut}.", tuple(anggota.fields))
        register.simpan_anggota(usulan, by=by, data={**anggota.isi, "tanda": anggota.kode_tanda})
    usulan.refresh_from_db()
    return usulan, pin


def ubah(by: Pengguna, usulan: Usulan, isi: Mapping[str, Any]) -> None:
    """Correct a draft: the case, its family, its members. In the caller's transaction. Raises Masalah, StepRefused."""
    if pokok := {k: isi[k] for k in ("program", "jalur", "alasan_usul") if k in isi}:
        operator = by.boleh("usulan.input", usulan.wilayah_id)
        form = UbahUsulanForm(_mesin() | _data(pokok), operator=operator, hanya=set(pokok))
        _sah(form, "")
        langkah.ubah(usulan, by=by, isi={k: form.cleaned_data[k] for k in pokok})
    if rumah := isi.get("keluarga"):
        _ubah_keluarga(by, usulan, rumah)
    for urut, satu in enumerate(isi.get("anggota", ())):
        _ubah_anggota(by, usulan, urut, satu)


def _ubah_keluarga(by: Pengguna, usulan: Usulan, isi: Mapping[str, Any]) -> None:
    form = KeluargaForm(_mesin() | _data(isi), keluarga=usulan.keluarga)
    tetap = sorted(k for k in isi if form.fields[k].disabled)
    if tetap:
        raise Masalah(
            "isian-salah", errors={f"keluarga.{k}": ["Sudah tetap menurut wilayahnya."] for k in tetap}
        )
    for nama in set(form.fields) - set(isi) - set(_mesin()):
        del form.fields[nama]
    _sah(form, "keluarga.", tuple(isi))
    register.simpan_keluarga(usulan, by=by, data=form.simpanan)


def _ubah_anggota(by: Pengguna, usulan: Usulan, urut: int, isi: Mapping[str, Any]) -> None:
    awalan, kk = f"anggota.{urut}.", usulan.keluarga.no_kk
    orang = None
    if "id" in isi:
        orang = Individu.objects.filter(pk=isi["id"], keluarga=usulan.keluarga_id, aktif=True).first()
        if orang is None:
            raise Masalah("isian-salah", errors={f"{awalan}id": ["Bukan anggota keluarga ini."]})
        if orang.nik and "tanpa_nik_alasan" in isi:
            raise Masalah("isian-salah", errors={f"{awalan}tanpa_nik_alasan": ["Orang ini sudah punya NIK."]})
    sebut = {k: v for k, v in isi.items() if k != "id"}
    lama = _tersimpan(orang) if orang else {"keberadaan": "1"}
    form = AnggotaForm(_mesin() | _data(lama | sebut), individu=orang, no_kk=kk.open() if kk else "")
    _sah(form, awalan, tuple(form.fields))
    ganti = form.isi
    if orang is not None:  # only what was named; a new NIK ends the reason for having none
        if "nik" in sebut:
            sebut.setdefault("tanpa_nik_alasan", "")
        ganti = {k: v for k, v in form.isi.items() if k in sebut}
    register.simpan_anggota(usulan, by=by, data=ganti | {"tanda": form.kode_tanda}, individu=orang)


def _tersimpan(orang: Individu) -> dict[str, Any]:
    """The answers that the form needs to judge those that are changed."""
    return {k: getattr(orang, k) for k in AnggotaUbah().fields if k not in ("id", "nik")}


def laporkan(by: Pengguna, isi: Mapping[str, Any], kode: str) -> None:
    """Tell both villages that a number is there twice, as the screen does. After the refused draft was taken back."""
    wilayah = bakukan(kode)
    if wilayah is None:
        return
    for satu in isi.get("anggota", ()):
        if nik := re.sub(r"[^0-9]", "", satu.get("nik", "")):
            ganda.laporkan(by=by, wilayah=wilayah, nik=nik)
    if no_kk := re.sub(r"[^0-9]", "", isi.get("keluarga", {}).get("no_kk", "")):
        ganda.laporkan(by=by, wilayah=wilayah, no_kk=no_kk)


def _data(isi: Mapping[str, Any]) -> dict[str, Any]:
    """As a browser would send it."""
    polos = {k: str(v) for k, v in isi.items() if isinstance(v, str | int) and v is not False}
    tanggal = {k: v.isoformat() for k, v in isi.items() if hasattr(v, "isoformat")}
    return polos | tanggal


def _mesin() -> dict[str, str]:
    """What every form of a screen carries besides the answers."""
    return {"jalur": str(Usulan.Jalur.REGULER), "versi": "0", "kunci_kirim": str(uuid.uuid4())}


def _sah(form: forms.Form, awalan: str, kolom: tuple[str, ...] = ()) -> None:
    """Raises Masalah that names the members of the body as the client wrote them."""
    if form.is_valid():
        return
    galat = {}
    for nama, kalimat in form.errors.items():
        if nama in kolom:
            galat[f"{awalan}{nama}"] = list(kalimat)
        else:
            galat[f"keluarga.{nama}" if nama in KeluargaMasukan().fields else nama] = list(kalimat)
    raise Masalah("isian-salah", errors=galat)
