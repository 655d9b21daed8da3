/* Behaviour on top of pages that work without it. No inline handlers, no eval (strict CSP). */
(() => {
  'use strict'
  const $$ = (sel, root) => [...(root || document).querySelectorAll(sel)]
  const FOLDED = 'details.akun[open],.menu details[open]'
  const say = (el, text) => { if (el && el.textContent !== text) el.textContent = text }

  /* One send per press. Disabling waits a tick so that the pressed button's own name still travels. */
  const busy = new WeakSet()
  function release (form) {
    busy.delete(form)
    $$('[data-sibuk]', form).forEach(b => { b.disabled = false; say(b, b.dataset.sibuk); delete b.dataset.sibuk })
  }
  function guard (e) {
    const form = e.target
    if (form.method !== 'post' || e.defaultPrevented) return
    if (busy.has(form)) { e.preventDefault(); return }
    busy.add(form)
    const b = e.submitter
    if (!b || b.tagName !== 'BUTTON') return
    setTimeout(() => {
      b.dataset.sibuk = b.textContent
      b.disabled = true
      b.textContent = form.enctype === 'multipart/form-data' ? 'Mengirim…' : 'Sebentar…'
    }, 0)
    setTimeout(() => release(form), 15000) /* a dead signal must not lock the form for good */
  }

  /* data-konfirmasi on a form or on a button: ask before sending. */
  function confirmFirst (e) {
    const ask = (e.submitter && e.submitter.dataset.konfirmasi) || e.target.dataset.konfirmasi
    if (ask && !window.confirm(ask)) e.preventDefault()
  }

  /* Live counters. The note is spoken politely and joined to the field. */
  function counter (input, message) {
    const note = document.createElement('p')
    note.className = 'hitung'
    note.id = (input.id || input.name) + '_hitung'
    note.setAttribute('aria-live', 'polite')
    input.after(note)
    input.setAttribute('aria-describedby', ((input.getAttribute('aria-describedby') || '') + ' ' + note.id).trim())
    const draw = () => { const [text, over] = message(input.value); say(note, text); note.classList.toggle('hitung-lebih', over) }
    input.addEventListener('input', draw)
    draw()
  }
  const nik = value => {
    const n = value.replace(/\D/g, '').length
    if (/[^\d\s.-]/.test(value)) return ['Hanya angka.', true]
    if (n > 16) return [`Kelebihan ${n - 16} angka.`, true]
    return [n === 16 ? '16 angka, lengkap.' : `${n} dari 16 angka.`, false]
  }
  const longNumber = /(?<!\d)(\d{15,17}|\d{4}([ .-]\d{4}){3}|\d{6}[ .-]\d{6}[ .-]\d{4}|\d{2}([ .-]\d{2}){7})(?!\d)/ /* core.identity.mask_numbers */
  const chars = max => value => {
    const left = max - value.length
    if (left < 0) return [`Kelebihan ${-left} huruf.`, true]
    if (longNumber.test(value)) return ['Ada nomor seperti NIK atau KK. Sebaiknya hapus: nomor di tulisan ini akan disamarkan.', true]
    return [`Sisa ${left} huruf.`, false]
  }

  /* How sharp (variance of the Laplacian) and how light a picture is, on a small grey copy of it. */
  function worth (source) {
    const w = 240; const h = Math.max(3, Math.round(w * source.height / source.width))
    const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h })
    const pen = canvas.getContext('2d', { willReadFrequently: true })
    pen.drawImage(source, 0, 0, w, h)
    const px = pen.getImageData(0, 0, w, h).data
    const grey = i => 0.299 * px[4 * i] + 0.587 * px[4 * i + 1] + 0.114 * px[4 * i + 2]
    let n = 0, sum = 0, squares = 0, light = 0
    for (let y = 1; y < h - 1; y++) {
      for (let x = 1; x < w - 1; x++) {
        const i = y * w + x
        const edge = 4 * grey(i) - grey(i - 1) - grey(i + 1) - grey(i - w) - grey(i + w)
        n++; sum += edge; squares += edge * edge; light += grey(i)
      }
    }
    if (light / n < 45) return 'Foto tampak gelap. Ambil ulang di tempat terang?'
    return squares / n - (sum / n) ** 2 < 25 ? 'Foto tampak buram. Ambil ulang?' : ''
  }

  /* data-foto="1600": shrink a photo before it is sent; the canvas turns it upright and drops EXIF and GPS. */
  async function shrink (input) {
    const max = Number(input.dataset.foto) || 1600
    const note = input.nextElementSibling && input.nextElementSibling.matches('.hitung')
      ? input.nextElementSibling
      : input.insertAdjacentElement('afterend', Object.assign(document.createElement('p'), { className: 'hitung', role: 'status' }))
    const box = new DataTransfer()
    let advice = ''
    for (const file of input.files) {
      try {
        if (!/^image\/(jpeg|png|webp)$/.test(file.type)) { box.items.add(file); continue }
        const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
        const scale = Math.min(1, max / Math.max(bitmap.width, bitmap.height))
        const canvas = Object.assign(document.createElement('canvas'), { width: Math.round(bitmap.width * scale), height: Math.round(bitmap.height * scale) })
        canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height)
        advice = advice || worth(canvas)
        const blob = await new Promise(resolve => canvas.toBlob(resolve, 'image/jpeg', 0.8))
        box.items.add(blob ? new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' }) : file)
      } catch (err) { box.items.add(file) } /* the server checks and shrinks again */
    }
    input.files = box.files
    const kb = [...box.files].reduce((sum, f) => sum + f.size, 0) / 1024
    say(note, box.files.length ? `${box.files.length} foto siap dikirim, ${Math.ceil(kb)} KB. ${advice}`.trim() : '')
    note.classList.toggle('hitung-lebih', !!advice)
    input.dispatchEvent(new CustomEvent('foto:siap', { bubbles: true, detail: advice }))
  }

  /* Logged out: whatever the phone kept goes, also where the browser does not know Clear-Site-Data. */
  async function wipe () {
    if (document.body.dataset.siapa || !sessionStorage.getItem('keluar')) return
    sessionStorage.clear()
    if (window.indexedDB) indexedDB.deleteDatabase('portal')
    if (window.caches) for (const name of await caches.keys()) await caches.delete(name)
    if (navigator.serviceWorker) for (const r of await navigator.serviceWorker.getRegistrations()) await r.unregister()
  }

  /* data-bila="hasil:meninggal" or "kunjungan:3|4|5": there while that answer is chosen. Without this file everything is there. */
  const unfold = form => $$('[data-bila]', form).forEach(part => {
    const [name, value] = part.dataset.bila.split(':')
    const field = form.elements[name]
    part.hidden = !field || !value.split('|').includes(field.value)
  })

  async function copy (button) {
    const source = document.querySelector(button.dataset.salin)
    const text = source.value || source.textContent
    try { await navigator.clipboard.writeText(text.trim()); say(button, 'Sudah disalin') } catch (err) { say(button, 'Tekan lama nomor untuk menyalin') }
  }

  function setUp (root) {
    $$('input[data-nik]', root).forEach(i => counter(i, nik))
    $$('[data-hitung]', root).forEach(i => counter(i, chars(Number(i.dataset.hitung))))
    $$('[data-salin],[data-cetak],[data-dialog]', root).forEach(b => { b.hidden = false })
    $$('form', root).forEach(unfold)
    const summary = $$('[data-fokus]', root)[0]
    if (summary && !summary.closest('.contoh')) summary.focus()
  }

  document.addEventListener('submit', confirmFirst)
  document.addEventListener('submit', guard)
  document.addEventListener('submit', e => { if (/\/keluar(-semua)?\/$/.test(e.target.action)) sessionStorage.setItem('keluar', '1') })
  document.addEventListener('change', e => {
    if (e.target.matches('input[type=file][data-foto]')) shrink(e.target)
    if (e.target.form) unfold(e.target.form)
  })
  document.addEventListener('click', e => {
    const b = e.target.closest('[data-salin],[data-cetak],[data-dialog]')
    if (b && b.dataset.salin) copy(b)
    else if (b && b.dataset.dialog) document.querySelector(b.dataset.dialog).showModal()
    else if (b) window.print()
    $$(FOLDED).forEach(d => { if (!d.contains(e.target)) d.open = false })
  })
  document.addEventListener('keydown', e => {
    if (e.key !== 'Escape') return
    $$(FOLDED).forEach(d => { d.open = false; d.querySelector('summary').focus() })
  })
  window.addEventListener('pageshow', e => $$('form').forEach(f => { if (e.persisted) release(f); unfold(f) }))
  document.addEventListener('htmx:afterRequest', e => { const f = e.target.closest('form'); if (f) release(f) })
  document.addEventListener('htmx:afterSwap', e => setUp(e.target))
  document.addEventListener('allauth.error', () => {
    const place = document.querySelector('[data-galat-kunci]')
    if (place) place.hidden = false
  })
  setUp(document)
  wipe()
})()
