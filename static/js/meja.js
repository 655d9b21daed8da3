/* The desk of the Dinas from the keyboard. The pages work without this file: links, buttons and full page loads.
   The next case is fetched ahead into the memory of this page only; nothing is stored (pages say no-store). */
(() => {
  'use strict'
  const $ = (sel, root) => (root || document).querySelector(sel)
  const siap = new Map() /* address -> promise of its HTML, gone with the page */
  let denyut = 0
  let hitung = 0

  const token = () => ($('main input[name=csrfmiddlewaretoken]') || {}).value || ''
  const versi = () => ($('[data-meja] input[name=versi]') || {}).value || '0'
  function isi () {
    const f = new FormData()
    f.set('csrfmiddlewaretoken', token())
    f.set('versi', versi())
    return f
  }

  /* --- claim: on arrival, every minute while it is on the screen, and given back on leaving --- */
  async function pegang (meja) {
    if (!meja.isConnected || document.visibilityState !== 'visible') return
    let jawab
    try { jawab = await fetch(meja.dataset.pegang, { method: 'POST', body: isi(), headers: { 'X-Meja': '1' } }) } catch (err) { return }
    if (!meja.isConnected) return
    const kotak = $('[data-dipegang]', meja), putusan = $('[data-putusan]', meja), mulai = $('[data-mulai]', meja)
    if (jawab.ok) {
      kotak.hidden = true
      putusan.hidden = false
      if (mulai) mulai.remove()
      meja.dataset.dipegang = '1'
      return
    }
    const kata = await jawab.json().catch(() => ({}))
    if (kata.kode === 'SUDAH_BERPINDAH') return location.reload()
    if (kata.kode === 'SEDANG_DIBUKA') {
      $('[data-kalimat]', kotak).textContent = kata.kalimat.join(' ')
      kotak.hidden = false
      putusan.hidden = true
      if (mulai) mulai.remove()
    }
  }
  function lepas () {
    const meja = $('[data-meja]')
    if (meja && meja.dataset.dipegang) navigator.sendBeacon(meja.dataset.lepas, isi())
  }

  /* --- the next case, ahead of time --- */
  function ambil (alamat) {
    if (!siap.has(alamat)) {
      siap.set(alamat, fetch(alamat, { cache: 'no-store' })
        .then(r => r.ok && !r.redirected ? r.text() : Promise.reject(new Error(r.status))))
      siap.get(alamat).catch(() => siap.delete(alamat))
    }
    return siap.get(alamat)
  }
  async function pindah (alamat) {
    let html
    try { html = await ambil(alamat) } catch (err) { location.assign(alamat); return }
    const baru = new DOMParser().parseFromString(html, 'text/html')
    if (!$('[data-meja]', baru)) { location.assign(alamat); return }
    lepas()
    document.title = baru.title
    for (const sel of ['nav.remah', 'main']) {
      const lama = $(sel), ganti = $(sel, baru)
      if (lama && ganti) lama.replaceWith(document.adoptNode(ganti))
    }
    history.pushState({}, '', alamat)
    window.scrollTo(0, 0)
    const main = $('main')
    main.dispatchEvent(new CustomEvent('htmx:afterSwap', { bubbles: true })) /* portal.js sets up fields and buttons */
    main.focus({ preventScroll: true })
    siap.clear()
    mulai()
  }

  function urung () {
    clearInterval(hitung)
    const kotak = $('[data-urung]')
    if (!kotak) return
    let sisa = Number(kotak.dataset.urung)
    hitung = setInterval(() => {
      sisa -= 1
      const angka = $('[data-sisa]', kotak)
      if (sisa > 0) { if (angka) angka.textContent = sisa; return }
      clearInterval(hitung)
      const form = $('form', kotak)
      if (form) form.remove()
    }, 1000)
  }

  function mulai () {
    clearInterval(denyut)
    urung()
    const meja = $('[data-meja]')
    if (!meja) return
    if ('hidup' in meja.dataset) {
      pegang(meja)
      denyut = setInterval(() => pegang(meja), Number(meja.dataset.detak) * 1000)
    }
    const lanjut = $('a[data-siapkan]', meja)
    if (lanjut) setTimeout(() => ambil(lanjut.href).catch(() => {}), 400)
  }

  /* --- keys --- */
  const MATI = 'pintasan-mati'
  const tampak = el => el && el.checkVisibility && el.checkVisibility()
  function baris (arah) {
    const semua = [...document.querySelectorAll('[data-antrean] a[data-baris]')]
    const kini = semua.indexOf(document.activeElement.closest('tr') ? $('a[data-baris]', document.activeElement.closest('tr')) : null)
    const tuju = semua[Math.min(Math.max(kini + arah, 0), semua.length - 1)]
    if (tuju) tuju.focus()
  }
  function keSaringan () {
    const tautan = $('[data-saring]')
    if (tautan) location.assign(tautan.href + '#ke-saringan')
    else if ($('.saring')) $('.saring select').focus()
    else location.assign($('nav.remah a').href + '&saring=buka#ke-saringan')
  }
  function jalankan (el) {
    if (el.tagName === 'FORM') el.requestSubmit($('button[type=submit]', el))
    else if (el.tagName === 'DETAILS') {
      el.open = true
      const medan = $('input:not([type=hidden]), select, textarea', el)
      if (medan) medan.focus()
    } else if (el.tagName === 'A' && $('[data-meja]') && /^[jk]$/.test(el.dataset.kunci)) pindah(el.href)
    else el.click()
  }
  document.addEventListener('keydown', e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.repeat || e.defaultPrevented) return
    if (localStorage.getItem(MATI) && e.key !== '?') return
    if (e.target.closest('textarea, select, [contenteditable], input:not([type=radio]):not([type=checkbox])')) return
    if ($('dialog[open]')) return
    const antrean = $('[data-antrean]')
    if (antrean && (e.key === 'j' || e.key === 'k')) { e.preventDefault(); baris(e.key === 'j' ? 1 : -1); return }
    if (antrean && e.key === 'x') {
      const kotak = document.activeElement.closest('tr') && $('input[type=checkbox]', document.activeElement.closest('tr'))
      if (kotak) { e.preventDefault(); kotak.click() }
      return
    }
    if (e.key === '/') {
      e.preventDefault()
      keSaringan()
      return
    }
    const el = [...document.querySelectorAll(`main [data-kunci="${CSS.escape(e.key)}"]`)].find(tampak)
    if (el) { e.preventDefault(); jalankan(el) }
  })
  document.addEventListener('click', e => {
    const a = e.target.closest('[data-meja] a[data-kunci=j], [data-meja] a[data-kunci=k]')
    if (a && !e.ctrlKey && !e.metaKey && !e.shiftKey && e.button === 0) { e.preventDefault(); pindah(a.href) }
    if (e.target.matches('[data-semua]')) {
      document.querySelectorAll('[data-antrean] input[name=usulan]').forEach(k => { k.checked = e.target.checked })
    }
  })
  document.addEventListener('change', e => {
    if (!e.target.matches('[data-pintasan-mati]')) return
    if (e.target.checked) localStorage.setItem(MATI, '1')
    else localStorage.removeItem(MATI)
  })
  document.addEventListener('visibilitychange', () => { const m = $('[data-meja][data-hidup]'); if (m) pegang(m) })
  window.addEventListener('popstate', () => location.reload())
  window.addEventListener('pagehide', lepas)
  document.querySelectorAll('[data-pintasan-mati]').forEach(k => { k.checked = !!localStorage.getItem(MATI) })
  if (location.hash === '#ke-saringan' && $('.saring')) keSaringan()
  document.querySelectorAll('[data-semua-label]').forEach(l => { l.hidden = false })
  mulai()
})()
