"""A village's line: slow, cut, or cut in the middle of an answer; and what a phone still holds."""

from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import CDPSession, Page, Route

from tests.browser.layar import Layar

TUNDA = 400  # milliseconds
LAMBAT_DI: WeakKeyDictionary[Layar, CDPSession] = WeakKeyDictionary()
ISI_HP = """async () => {
  const basis = (await indexedDB.databases()).map(b => b.name)
  let nama = []
  if (basis.includes('portal')) {
    const db = await new Promise((ok, no) => { const r = indexedDB.open('portal'); r.onsuccess = () => ok(r.result); r.onerror = no })
    if (db.objectStoreNames.contains('simpan')) nama = await new Promise(ok => { const r = db.transaction('simpan').objectStore('simpan').getAllKeys(); r.onsuccess = () => ok(r.result) })
    db.close()
  }
  return { nama, tembolok: await caches.keys(), pekerja: (await navigator.serviceWorker.getRegistrations()).length }
}"""
MENTAH = """async () => {
  const db = await new Promise((ok, no) => { const r = indexedDB.open('portal'); r.onsuccess = () => ok(r.result); r.onerror = no })
  const isi = await new Promise(ok => { const r = db.transaction('simpan').objectStore('simpan').getAll(); r.onsuccess = () => ok(r.result) })
  db.close()
  const teks = x => x instanceof ArrayBuffer || ArrayBuffer.isView(x) ? new TextDecoder('latin1').decode(x)
    : x instanceof CryptoKey ? (x.extractable ? 'KUNCI TERBUKA' : '') : x && typeof x === 'object' ? Object.values(x).map(teks).join(' ') : String(x)
  return isi.map(teks).join(' ')
}"""


def lambat(layar: Layar, kbit: int = 400) -> None:
    """400 kbit/s (or `kbit`) and 400 ms, as on a hill with one bar."""
    LAMBAT_DI[layar] = layar.konteks.new_cdp_session(layar.hal)
    LAMBAT_DI[layar].send("Network.enable")
    _tiru(layar, putus=False, kbit=kbit)


def _tiru(layar: Layar, *, putus: bool, kbit: int = 400) -> None:
    """A slow line has its own session with the browser, which must hear of the cut as well."""
    if cdp := LAMBAT_DI.get(layar):
        cdp.send(
            "Network.emulateNetworkConditions",
            {
                "offline": putus,
                "latency": TUNDA,
                "downloadThroughput": kbit * 125,
                "uploadThroughput": kbit * 125,
            },
        )


def siap_luring(layar: Layar) -> None:
    """Wait until the worker rules and the empty form is kept."""
    layar.hal.evaluate(
        """async () => {
          for (let i = 0; i < 300; i++) {
            for (const n of await caches.keys()) if (n.startsWith('halaman') && (await (await caches.open(n)).keys()).length) return
            await new Promise(ok => setTimeout(ok, 200))
          }
          throw new Error('the empty form was not kept')
        }"""
    )


def siap_simpan(layar: Layar) -> None:
    """Wait until the phone has its key: before that it can keep nothing. (`wait_for_function` takes a promise for a yes.)"""
    layar.hal.evaluate(
        """async () => {
          for (let i = 0; i < 300; i++) {
            if (window.luring && await luring.baca('kunci')) return
            await new Promise(ok => setTimeout(ok, 100))
          }
          throw new Error('the phone has no key')
        }"""
    )


def putus(layar: Layar) -> None:
    layar.konteks.set_offline(True)
    _tiru(layar, putus=True)


def sambung(layar: Layar) -> None:
    layar.konteks.set_offline(False)
    _tiru(layar, putus=False)


def potong_jawaban(hal: Page, pola: str, kali: int = 1) -> list[str]:
    """The server does the work, the phone never hears of it: `kali` answers to POSTs of `pola` are cut."""
    terpotong: list[str] = []

    def tangani(route: Route) -> None:
        if (
            route.request.method == "POST"
            and len(terpotong) < kali
            and b"cek_nik" not in (route.request.post_data_buffer or b"")
        ):
            route.fetch()
            terpotong.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    hal.route(pola, tangani)
    return terpotong


def isi_hp(layar: Layar) -> dict[str, Any]:
    return layar.hal.evaluate(ISI_HP)


def mentah_hp(layar: Layar) -> str:
    return layar.hal.evaluate(MENTAH)
