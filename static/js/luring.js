/* Work without a signal: a locked store on the phone, autosave of forms, and a queue that sends by itself.
   What is kept is AES-GCM under a key that cannot be read out. The key goes at logout, after the longest session, and when
   somebody else logs in; then the rest is noise. Everything here is an addition: pages work without it. */
(() => {
  'use strict'
  const { luring: alamatKunci, siapa, lengkap, kunjungan } = document.body.dataset
  if (!siapa || !window.indexedDB || !(window.crypto && crypto.subtle)) return
  const $$ = (sel, root) => [...(root || document).querySelectorAll(sel)]
  const pita = document.getElementById('luring')
  const jam = t => { const d = new Date(t || Date.now()); return [d.getHours(), d.getMinutes()].map(n => String(n).padStart(2, '0')).join('.') }
  const el = (tag, isi, ...anak) => { const e = Object.assign(document.createElement(tag), isi); e.append(...anak); return e }

  /* --- the store: one table, names to sealed values ------------------------------------------------------------- */
  let buka_
  const basis = () => (buka_ = buka_ || new Promise((resolve, reject) => {
    const r = indexedDB.open('portal', 1)
    r.onupgradeneeded = () => r.result.createObjectStore('simpan')
    r.onsuccess = () => { r.result.onclose = r.result.onversionchange = () => { r.result.close(); buka_ = null }; resolve(r.result) }
    r.onerror = () => reject(r.error)
  }))
  async function tx (cara, kerja) {
    const t = (await basis()).transaction('simpan', cara)
    const r = kerja(t.objectStore('simpan'))
    return new Promise((resolve, reject) => { t.oncomplete = () => resolve(r && r.result); t.onabort = t.onerror = () => reject(t.error) })
  }
  const baca = nama => tx('readonly', s => s.get(nama))
  const tulis = (nama, isi) => tx('readwrite', s => s.put(isi, nama))
  const hapus = nama => tx('readwrite', s => s.delete(nama))
  async function daftar (awalan) {
    const nama = (await tx('readonly', s => s.getAllKeys())).filter(n => n.startsWith(awalan))
    const isi = await Promise.all(nama.map(async n => ({ nama: n, ...(await dengarSebab(n, await baca(n))) })))
    return isi.filter(x => x.siapa === siapa).sort((a, b) => a.pada - b.pada)
  }

  /* --- who is logged in, the key, the form token ---------------------------------------------------------------- */
  let token = null
  let jeda = 0 /* "not now, come back in n seconds": the queue waits that long */
  const dengarTunggu = jawab => { if ([429, 503].includes(jawab.status)) jeda = Date.now() + 1000 * (Number(jawab.headers.get('retry-after')) || 10) }
  class Habis extends Error {}
  async function minta (alamat, opsi) {
    const jawab = await fetch(alamat, { redirect: 'manual', headers: { accept: 'application/json', ...(opsi && opsi.headers) }, signal: AbortSignal.timeout(60000), ...opsi })
    dengarTunggu(jawab)
    if (jawab.type === 'opaqueredirect' || jawab.status === 401) throw new Habis()
    return jawab
  }
  async function sesi () {
    const s = await (await minta(alamatKunci)).json()
    if (s.siapa !== siapa) throw new Habis() /* this page was opened by somebody else */
    token = s.csrf
    const bahan = Uint8Array.from(atob(s.kunci), c => c.charCodeAt(0))
    const kunci = await crypto.subtle.importKey('raw', bahan, 'AES-GCM', false, ['encrypt', 'decrypt'])
    await tulis('kunci', { siapa, kunci, sampai: Date.now() + s.umur * 1000 })
    return token
  }
  async function kunci () {
    const k = await baca('kunci')
    if (k && (k.siapa !== siapa || k.sampai < Date.now())) await hapus('kunci')
    else if (k) return k.kunci
    await sesi()
    return (await baca('kunci')).kunci
  }
  /* The same answer as minta(), from the only sender that tells how far it is. A photo on a bad line takes its time. */
  const unggah = (alamat, badan, maju) => new Promise((resolve, reject) => {
    const x = new XMLHttpRequest()
    x.open('POST', alamat)
    x.setRequestHeader('accept', 'application/json')
    x.setRequestHeader('X-CSRFToken', token)
    x.timeout = 180000
    x.upload.onprogress = e => maju(Math.floor(e.loaded * 10 / e.total) * 10)
    x.onerror = x.ontimeout = x.onabort = () => reject(new Error('putus'))
    x.onload = () => x.status === 401 || new URL(x.responseURL).pathname !== alamat ? reject(new Habis())
      : resolve(new Response(x.responseText, { status: x.status, headers: { 'content-type': x.getResponseHeader('content-type') || '', 'retry-after': x.getResponseHeader('retry-after') || '' } }))
    x.send(badan)
  })
  async function kirimForm (alamat, badan, maju) {
    if (!token) await sesi()
    const pos = () => maju ? unggah(alamat, badan, maju) : minta(alamat, { method: 'POST', body: badan, headers: { accept: 'application/json', 'X-CSRFToken': token } })
    let jawab = await pos()
    dengarTunggu(jawab)
    if (jawab.status === 403 && !/json/.test(jawab.headers.get('content-type'))) { await sesi(); jawab = await pos() }
    return jawab
  }

  /* --- sealed values: objects as JSON, photos as bytes ---------------------------------------------------------- */
  const bita = teks => new TextEncoder().encode(teks)
  const data = bita => JSON.parse(new TextDecoder().decode(bita))
  async function segel (nama, polos) {
    const iv = crypto.getRandomValues(new Uint8Array(12))
    return { iv, c: await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bita(nama) }, await kunci(), polos) }
  }
  const lepas = async (nama, s) => crypto.subtle.decrypt({ name: 'AES-GCM', iv: s.iv, additionalData: bita(nama) }, await kunci(), s.c)
  async function simpan (nama, isi, catatan) {
    const polos = isi instanceof ArrayBuffer ? isi : bita(JSON.stringify(isi))
    await tulis(nama, { ...catatan, siapa, ...(await segel(nama, polos)), pada: Date.now() })
  }
  async function buka (nama, mentah) {
    const x = await baca(nama)
    if (!x || x.siapa !== siapa || !x.c) return null
    const polos = await lepas(nama, x)
    return mentah ? polos : { isi: data(polos), pada: x.pada, ...(await dengarSebab(nama, x)) }
  }
  /* Why the server refused may name a family: it is kept sealed like the rest, and without the key it is not told. */
  async function dengarSebab (nama, x) {
    if (!x || !x.sebab || x.siapa !== siapa) return x
    try { return { ...x, ...data(await lepas(nama + ':sebab', x.sebab)) } } catch (e) { return x }
  }
  async function tandai (nama, ubah) {
    const x = await baca(nama)
    if (x) await tulis(nama, { ...x, ...ubah })
  }

  /* --- the queue: `kirim:<key>` a whole family, or a visit (with `alamat`, and `akhir` for what is said after its photos);
     `foto:<key>` one photo of it ---------------------------------------------------------------------------------- */
  let keadaan = navigator.onLine ? '' : 'putus'
  let mengirim = false
  const persen = {} /* of the photo that is on its way */
  async function satu (x, alamat, badan, maju) {
    await tandai(x.nama, { status: 'mengirim' })
    try {
      const jawab = await kirimForm(alamat, badan, maju)
      const isi = await jawab.json().catch(() => ({}))
      keadaan = ''
      if (jawab.ok) return isi
      if (![400, 403, 404, 409, 413, 422].includes(jawab.status)) throw new Error(String(jawab.status))
      const sebab = { galat: isi.galat || { '': ['Ditolak server. Periksa isinya, lalu kirim lagi.'] }, tautan: isi.tautan, banding: isi.banding, dasar: isi.dasar }
      await tandai(x.nama, { status: 'ditolak', sebab: await segel(x.nama + ':sebab', bita(JSON.stringify(sebab))) })
    } catch (e) {
      await tandai(x.nama, { status: 'menunggu' })
      throw e
    }
  }
  const menunggu = async awalan => (await daftar(awalan)).filter(x => x.status === 'menunggu' || x.status === 'mengirim')
  async function kuras () {
    for (const x of await menunggu('kirim:')) {
      const { isi } = await buka(x.nama)
      await gambar()
      const hasil = await satu(x, x.alamat || lengkap, new URLSearchParams(isi))
      if (!hasil) continue
      for (const f of await daftar('foto:')) if ('kirim:' + f.induk === x.nama) await tandai(f.nama, { alamat: hasil.foto, halaman: x.halaman })
      if (x.akhir) await tandai(x.nama, { status: 'akhir' })
      else await terkirim(x, hasil)
      await gambar()
    }
    for (const f of (await menunggu('foto:')).filter(f => f.alamat)) {
      const badan = new FormData()
      badan.append('kunci_kirim', f.nama.slice(5))
      badan.append('jenis', f.jenis)
      badan.append('foto', new File([await buka(f.nama, true)], 'foto.jpg', { type: 'image/jpeg' }))
      await gambar()
      const maju = p => { if (persen[f.nama] !== p) { persen[f.nama] = p; gambar() } }
      if (await satu(f, f.alamat, badan, maju)) await hapus(f.nama)
      await gambar()
    }
    for (const x of await tinggalAkhir()) {
      const hasil = await satu(x, x.akhir.alamat, new URLSearchParams(x.akhir.isi))
      if (hasil) await terkirim(x, hasil)
      await gambar()
    }
  }
  /* What was typed is gone from here. */
  const terkirim = (x, hasil) => tulis(x.nama, { siapa, pada: x.pada, status: 'terkirim', alamat: x.alamat, halaman: x.halaman, tiket: hasil.tiket, resi: hasil.resi })
  /* Visits whose answers and photos are on the server: only the last word is missing. */
  async function tinggalAkhir () {
    const foto = await daftar('foto:')
    return (await daftar('kirim:')).filter(x => x.status === 'akhir' && !foto.some(f => 'kirim:' + f.induk === x.nama))
  }
  async function kirim () {
    if (mengirim || Date.now() < jeda || !((await menunggu('kirim:')).length + (await menunggu('foto:')).filter(f => f.alamat).length + (await tinggalAkhir()).length)) return gambar()
    mengirim = true
    try {
      const kerja = async kunciGembok => { if (kunciGembok) { await kuras(); keadaan = '' } }
      await (navigator.locks ? navigator.locks.request('kirim', { ifAvailable: true }, kerja) : kerja(true))
    } catch (e) { keadaan = e instanceof Habis ? 'habis' : 'putus' }
    mengirim = false
    return gambar()
  }

  /* --- the strip under the header -------------------------------------------------------------------------------- */
  const banyak = (n, apa, lanjut) => n ? `${n} ${apa} ${lanjut}. ` : ''
  async function gambar () {
    const semua = await daftar('kirim:'), foto = await daftar('foto:')
    const usulan = semua.filter(x => !x.alamat), didatangi = semua.filter(x => x.alamat)
    const n = (x, ...s) => x.filter(y => s.includes(y.status)).length
    const tunggu = mengirim ? 'sedang dikirim' : 'menunggu sinyal'
    const rusak = n(semua, 'ditolak') + n(foto, 'ditolak')
    let teks = Date.now() < jeda ? 'Portal sedang ramai. Yang Anda isi tetap tersimpan di HP ini dan nanti dikirim sendiri. ' : keadaan === 'putus' ? 'Tidak ada sinyal. Yang Anda isi tetap tersimpan di HP ini. ' : ''
    teks += banyak(n(usulan, 'menunggu', 'mengirim'), 'usulan', tunggu) + banyak(n(didatangi, 'menunggu', 'mengirim', 'akhir'), 'kunjungan', tunggu) + banyak(n(foto, 'menunggu', 'mengirim'), 'foto', tunggu)
    teks += banyak(n(usulan, 'ditolak'), 'usulan', 'perlu diperbaiki') + banyak(n(didatangi, 'ditolak'), 'kunjungan', 'perlu diperbaiki') + banyak(n(foto, 'ditolak'), 'foto', 'perlu diambil ulang')
    if (keadaan === 'habis') teks += 'Masuk lagi untuk mengirim; tidak ada yang hilang. '
    pita.hidden = !teks
    if (pita.dataset.teks !== teks) {
      pita.dataset.teks = teks
      const p = el('p', { className: 'lebar', textContent: teks })
      if (keadaan === 'habis') p.append(el('a', { href: '/masuk/?next=' + encodeURIComponent(location.pathname), textContent: 'Masuk' }))
      else {
        const ke = usulan.length ? lengkap : didatangi.length ? kunjungan : (foto.find(f => f.halaman && (!rusak || f.status === 'ditolak')) || {}).halaman
        if (ke && ke !== location.pathname) p.append(el('a', { href: ke, textContent: rusak ? 'Perbaiki' : 'Lihat' }))
      }
      pita.replaceChildren(p)
    }
    document.dispatchEvent(new CustomEvent('luring:antrean'))
  }

  /* --- photos: one row each, in the queue of the whole form and on the photo page of a case --------------------------- */
  const KATA = { menunggu: 'menunggu sinyal', mengirim: 'sedang dikirim', ditolak: 'perlu diperbaiki', terkirim: 'sudah sampai di server', akhir: 'menunggu fotonya sampai', draf: 'tersimpan di HP' }
  const tombol = (teks, onclick) => el('button', { type: 'button', className: 'tombol tombol-tautan', textContent: teks, onclick })
  const kalimat = galat => Object.values(galat || {}).flat().join(' ')
  function barisFoto (f) {
    const maju = f.status === 'mengirim' && persen[f.nama] ? ` ${persen[f.nama]}%` : ''
    const li = el('li', {}, el('span', { textContent: `${f.label || 'Foto'}, ${f.kb} KB: ${KATA[f.status]}${maju}${f.status === 'ditolak' ? '. ' + kalimat(f.galat) : ''}` }))
    if (f.status === 'menunggu') li.append(tombol('Coba lagi', kirim))
    if (f.status === 'ditolak') li.append(tombol('Coba lagi', async () => { await tandai(f.nama, { status: 'menunggu' }); kirim() }), tombol('Buang foto ini', () => hapus(f.nama).then(kirim)))
    return li
  }
  /* The file button opens the camera; this one opens the pictures that are there, several at once. */
  function galeri (input) {
    const kamera = () => input.setAttribute('capture', 'environment')
    input.multiple = true
    input.after(tombol('Pilih beberapa foto dari galeri', () => { input.removeAttribute('capture'); input.click() }))
    input.addEventListener('cancel', kamera)
    input.addEventListener('foto:siap', kamera)
  }
  async function fotoKasus (form) {
    const alamat = form.dataset.fotoAntre, input = form.elements.foto
    const ul = el('ul', { className: 'tugas' })
    let ada = false, biasa = false
    form.after(ul)
    galeri(input)
    form.addEventListener('submit', async e => {
      const jenis = form.elements.jenis.value, berkas = [...input.files]
      if (biasa || !jenis || !berkas.length) return /* the server has the words for what is missing */
      e.preventDefault()
      const label = form.querySelector(`[name=jenis][value="${jenis}"]`).closest('label').textContent.trim()
      try {
        for (const b of berkas) await simpan('foto:' + crypto.randomUUID(), await b.arrayBuffer(), { status: 'menunggu', jenis, label, alamat, halaman: location.pathname, kb: Math.ceil(b.size / 1024) })
        form.reset()
        input.dispatchEvent(new Event('change', { bubbles: true })) /* "3 foto siap dikirim" is over */
        kirim()
      } catch (err) {
        biasa = true
        input.multiple = false
        ul.replaceChildren(el('li', { textContent: 'HP ini tidak bisa menyimpan foto. Pilih satu foto, lalu tekan Simpan.' }))
      }
    })
    const lukis = async () => {
      const punya = (await daftar('foto:')).filter(f => f.alamat === alamat)
      if (ada && !punya.length && !input.files.length) return location.replace(location.pathname) /* all there: the page shows them */
      ada = ada || !!punya.length
      ul.replaceChildren(...punya.map(barisFoto))
    }
    document.addEventListener('luring:antrean', lukis)
    lukis()
  }

  /* --- autosave of any form[data-draf] ----------------------------------------------------------------------------- */
  const isian = form => [...new FormData(form)].filter(([n, v]) => typeof v === 'string' && n !== 'csrfmiddlewaretoken' && n !== 'draf_kunci')
  function isiLagi (form, isi) {
    const nama = new Set(isi.map(([n]) => n))
    for (const e of form.elements) {
      if (!e.name || e.name === 'kunci_kirim' || e.name === 'csrfmiddlewaretoken' || e.name === 'draf_kunci' || e.type === 'file') continue
      const nilai = isi.filter(([n]) => n === e.name).map(([, v]) => v)
      if (e.type === 'checkbox' || e.type === 'radio') e.checked = nilai.includes(e.value)
      else if (nama.has(e.name)) e.value = nilai[0]
      e.dispatchEvent(new Event('change', { bubbles: true }))
    }
  }
  async function keServer (draf, isi) {
    const jawab = await kirimForm('/draf/', new URLSearchParams([...isi, ['draf_kunci', draf], ['draf_json', '1']]))
    if (!jawab.ok) throw new Error(String(jawab.status))
    return (await jawab.json()).pada
  }
  /* `ambil()` gives the answers now. `tetap` keeps the phone's copy although the server has one. */
  function otomatis (draf, ambil, catat, tetap) {
    let jeda, nomor = 0, belum = false /* something here that the server has not */
    async function sekarang () {
      const ke = ++nomor, isi = ambil()
      belum = true
      try { await simpan('draf:' + draf, isi); catat(`Tersimpan di HP ${jam()}`) } catch (e) { /* no key yet: the server alone */ }
      try {
        const pada = await keServer(draf, isi)
        keadaan = ''
        if (ke !== nomor) return
        belum = false
        catat(`Tersimpan ${pada}`)
        if (!tetap) await hapus('draf:' + draf)
      } catch (e) {
        keadaan = e instanceof Habis ? 'habis' : e.message > 399 ? '' : 'putus'
        if (Date.now() < jeda) setTimeout(() => belum && ke === nomor && sekarang(), jeda - Date.now())
      } finally { gambar() }
    }
    addEventListener('online', () => belum && sekarang())
    return { nanti: () => { clearTimeout(jeda); jeda = setTimeout(sekarang, 800) }, sekarang, batal: () => { clearTimeout(jeda); nomor++; belum = false } }
  }
  async function jaga (form) {
    const draf = form.dataset.draf, nama = 'draf:' + draf
    const catatan = el('p', { className: 'tersimpan' })
    catatan.setAttribute('role', 'status')
    form.querySelector('.aksi').before(catatan)
    $$('[data-draf-tombol]', form).forEach(b => { b.hidden = true })
    const a = otomatis(draf, () => isian(form), teks => { catatan.textContent = teks })
    let diketik = false
    form.addEventListener('input', () => { diketik = true; a.nanti() })
    form.addEventListener('submit', () => { a.batal(); sessionStorage.setItem('dikirim', draf) })
    const terkirim = sessionStorage.getItem('dikirim')
    if (terkirim === draf && form.querySelector('.galat, .galat-ringkas')) return
    const lama = await buka(nama).catch(() => null)
    if (!lama || diketik) return
    const kotak = el('div', { className: 'notis notis-tunggu' }, el('p', {}, el('strong', { textContent: `Ada isian di HP ini yang belum dikirim, tersimpan ${jam(lama.pada)}.` })))
    const tutup = () => { kotak.remove(); const t = document.getElementById('tawaran-draf'); if (t) t.remove() }
    const pakai = el('button', { type: 'button', className: 'tombol tombol-kedua', textContent: 'Pakai', onclick: () => { isiLagi(form, lama.isi); tutup(); a.nanti(); form.querySelector('.kolom :is(input,select,textarea)').focus() } })
    const buang = el('button', { type: 'button', className: 'tombol tombol-tautan', textContent: 'Buang', onclick: async () => { await hapus(nama); tutup() } })
    kotak.append(el('div', { className: 'aksi' }, pakai, buang))
    form.before(kotak)
  }

  /* --- beginning ------------------------------------------------------------------------------------------------------ */
  async function mulai () {
    const dikirim = sessionStorage.getItem('dikirim')
    if (dikirim && !$$('form[data-draf]').some(f => f.dataset.draf === dikirim)) { /* another page came: it was taken */
      await hapus('draf:' + dikirim)
      sessionStorage.removeItem('dikirim')
    }
    $$('form[data-draf]').forEach(jaga)
    $$('form[data-foto-antre]').forEach(fotoKasus)
    if ('serviceWorker' in navigator) {
      const daftarkan = async () => {
        const sw = await navigator.serviceWorker.register('/sw.js')
        await navigator.serviceWorker.ready
        await kunci()
        for (const simpan of [lengkap, kunjungan].filter(Boolean)) (sw.active || (await navigator.serviceWorker.ready).active).postMessage({ simpan, siapa })
      }
      const tenang = () => daftarkan().catch(() => {}) /* a private window: no worker, everything else stays */
      document.readyState === 'complete' ? setTimeout(tenang, 300) : addEventListener('load', () => setTimeout(tenang, 300))
      navigator.serviceWorker.addEventListener('message', e => e.data === 'kirim' && kirim())
    }
    kirim()
  }
  addEventListener('online', () => { keadaan = ''; kirim() })
  addEventListener('offline', () => { keadaan = 'putus'; gambar() })
  addEventListener('pageshow', e => e.persisted && kirim())
  document.addEventListener('visibilitychange', () => document.hidden || kirim())
  setInterval(kirim, 20000)
  document.addEventListener('submit', e => { /* logging out takes everything along: say so when something waits */
    if (new URL(e.target.action, location).pathname !== '/keluar/' || pita.hidden || !/usulan|kunjungan|foto/.test(pita.dataset.teks)) return
    if (!confirm(pita.dataset.teks + 'Keluar menghapusnya dari HP ini. Tetap keluar?')) e.preventDefault()
  }, true)
  async function antre (nama, isi, catatan) {
    await simpan(nama, isi, { ...catatan, status: 'menunggu' })
    for (const f of await daftar('foto:')) if ('kirim:' + f.induk === nama) await tandai(f.nama, { status: 'menunggu' })
    const reg = navigator.serviceWorker && await navigator.serviceWorker.getRegistration()
    if (reg && reg.sync) reg.sync.register('kirim').catch(() => {})
    kirim()
  }
  window.luring = { baca, buka, simpan, hapus, tandai, daftar, antre, kirim, otomatis, kirimForm, minta, isiLagi, jam, el, siapa, KATA, tombol, kalimat, barisFoto, galeri }
  mulai()
})()
