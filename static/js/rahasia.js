/* The inspectors' desk of the sealed line (docs/adr/0019). Keys are made, opened and used here and live in the memory of this
   page only: they are gone when it is left. The envelopes are those of core/privacy/envelope.py. */
(() => {
  'use strict'
  const akar = document.getElementById('rahasia')
  if (!akar) return
  const $ = (sel, root) => (root || akar).querySelector(sel)
  const data = id => JSON.parse(document.getElementById(id).textContent)
  const S = window.crypto && window.crypto.subtle
  const ECDH = { name: 'ECDH', namedCurve: 'P-256' }
  const PUTARAN = 600000
  const DIAM = 15 * 60 * 1000
  const enc = new TextEncoder()
  const dec = new TextDecoder()
  const kabar = document.getElementById('rahasia-kabar')
  const saya = { kantor: {} } /* inspektur: {id, priv, publik}; kantor: id -> {priv, publik, aktif} */

  const b64 = bytes => { let s = ''; for (const b of new Uint8Array(bytes)) s += String.fromCharCode(b); return btoa(s) }
  const unb64 = teks => Uint8Array.from(atob(teks), c => c.charCodeAt(0))
  const sambung = (...bagian) => {
    const hasil = new Uint8Array(bagian.reduce((n, b) => n + b.length, 0))
    let di = 0
    for (const b of bagian) { hasil.set(b, di); di += b.length }
    return hasil
  }
  const acak = n => crypto.getRandomValues(new Uint8Array(n))
  const katakan = (teks, buruk) => {
    kabar.textContent = teks
    kabar.className = teks ? 'notis ' + (buruk ? 'notis-buruk' : 'notis-baik') : ''
    kabar.hidden = !teks
  }

  /* --- envelopes ------------------------------------------------------------------------------------------------------ */
  async function kunciAmplop (priv, publikLain, garam, tempat) {
    const lain = await S.importKey('raw', publikLain, ECDH, false, [])
    const rahasia = await S.importKey('raw', await S.deriveBits({ name: 'ECDH', public: lain }, priv, 256), 'HKDF', false, ['deriveKey'])
    return S.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt: garam, info: enc.encode('portal-dtks/amplop/v1|' + tempat) },
      rahasia, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  }
  async function tutup (publik, polos, tempat) {
    const sekali = await S.generateKey(ECDH, true, ['deriveBits'])
    const titik = new Uint8Array(await S.exportKey('raw', sekali.publicKey))
    const kunci = await kunciAmplop(sekali.privateKey, publik, sambung(titik, publik), tempat)
    const nonce = acak(12)
    const panjang = new Uint8Array(4)
    new DataView(panjang.buffer).setUint32(0, polos.length)
    const badan = new Uint8Array(Math.ceil((4 + polos.length) / 1024) * 1024)
    badan.set(sambung(panjang, polos))
    const isi = await S.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: enc.encode(tempat) }, kunci, badan)
    return sambung(new Uint8Array([1]), titik, nonce, new Uint8Array(isi))
  }
  async function buka (milik, amplop, tempat) {
    if (amplop[0] !== 1) throw new Error('bukan amplop')
    const titik = amplop.slice(1, 66)
    const kunci = await kunciAmplop(milik.priv, titik, sambung(titik, milik.publik), tempat)
    const badan = new Uint8Array(await S.decrypt({ name: 'AES-GCM', iv: amplop.slice(66, 78), additionalData: enc.encode(tempat) }, kunci, amplop.slice(78)))
    return badan.slice(4, 4 + new DataView(badan.buffer).getUint32(0))
  }

  /* --- keys ------------------------------------------------------------------------------------------------------------ */
  async function buatKunci () {
    const p = await S.generateKey(ECDH, true, ['deriveBits'])
    return { id: crypto.randomUUID(), priv: p.privateKey, publik: new Uint8Array(await S.exportKey('raw', p.publicKey)) }
  }
  const keluarkan = async milik => new Uint8Array(await S.exportKey('pkcs8', milik.priv))
  /* The private key, and the public half that really belongs to it: what the server says about it is compared, not believed. */
  async function masukkan (pkcs8, publik) {
    const priv = await S.importKey('pkcs8', pkcs8, ECDH, true, ['deriveBits'])
    const jwk = await S.exportKey('jwk', priv)
    const koordinat = t => unb64(t.replace(/-/g, '+').replace(/_/g, '/'))
    const asli = sambung(new Uint8Array([4]), koordinat(jwk.x), koordinat(jwk.y))
    return { priv, publik: asli, cocok: b64(asli) === b64(publik) }
  }
  async function dariSandi (sandi, garam, putaran) {
    const kasar = await S.importKey('raw', enc.encode(sandi), 'PBKDF2', false, ['deriveKey'])
    return S.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt: garam, iterations: putaran }, kasar, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  }
  async function bungkus (milik, sandi) {
    const garam = acak(16)
    const nonce = acak(12)
    const isi = await S.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: enc.encode('bungkus:' + milik.id) }, await dariSandi(sandi, garam, PUTARAN), await keluarkan(milik))
    return { v: 1, putaran: PUTARAN, garam: b64(garam), nonce: b64(nonce), isi: b64(isi) }
  }
  async function lepasBungkus (id, b, sandi) {
    const kunci = await dariSandi(sandi, unb64(b.garam), b.putaran)
    return new Uint8Array(await S.decrypt({ name: 'AES-GCM', iv: unb64(b.nonce), additionalData: enc.encode('bungkus:' + id) }, kunci, unb64(b.isi)))
  }
  const tempatSalinan = (kantor, inspektur) => `${kantor}:${inspektur}:salinan`
  const kantorAktif = () => Object.entries(saya.kantor).find(([, k]) => k.aktif)

  /* --- talking to the server ---------------------------------------------------------------------------------------------- */
  async function ambil (alamat) {
    const jawab = await fetch(alamat, { headers: { 'X-Requested-With': 'rahasia' } })
    if (jawab.redirected || !jawab.ok) { location.assign(akar.dataset.meja); throw new Error('ulang') }
    return jawab
  }
  async function kirim (alamat, isi, polos) {
    const badan = new URLSearchParams(polos ? isi : { isi: JSON.stringify(isi) })
    const jawab = await fetch(alamat, { method: 'POST', body: badan, headers: { 'X-CSRFToken': $('[name=csrfmiddlewaretoken]').value } })
    if (jawab.redirected) { location.assign(akar.dataset.meja); return false }
    if (jawab.ok) return true
    const galat = await jawab.json().catch(() => ({}))
    katakan(galat.kalimat || 'Tidak tersimpan. Muat ulang halaman, lalu coba lagi.', true)
    return false
  }

  /* --- the first key ---------------------------------------------------------------------------------------------------------- */
  async function simpanKunci (form) {
    const [sandi, ulang] = form.querySelectorAll('input[type=password]')
    if (sandi.value.length < 20) return katakan('Kata kunci terlalu pendek. Pakai paling sedikit 20 huruf, misalnya lima kata acak.', true)
    if (sandi.value !== ulang.value) return katakan('Kedua kata kunci tidak sama. Ketik lagi.', true)
    const milik = await buatKunci()
    const isi = { kunci_id: milik.id, publik: b64(milik.publik), bungkus: await bungkus(milik, sandi.value) }
    if (form.dataset.pertama) {
      const kantor = await buatKunci()
      isi.kantor_id = kantor.id
      isi.kantor_publik = b64(kantor.publik)
      isi.salinan = b64(await tutup(milik.publik, await keluarkan(kantor), tempatSalinan(kantor.id, milik.id)))
    }
    if (!await kirim(akar.dataset.kunci, isi)) return
    const berkas = new Blob([JSON.stringify(isi, null, 1)], { type: 'application/json' })
    const tautan = $('#rahasia-berkas')
    tautan.href = URL.createObjectURL(berkas)
    form.hidden = true
    $('#rahasia-jadi').hidden = false
    $('#rahasia-jadi h2').focus()
    katakan('Kunci Anda sudah dibuat.')
  }

  /* --- opening the desk ----------------------------------------------------------------------------------------------------------- */
  async function bukaMeja (form) {
    const bekal = data('rahasia-bekal')
    const sandi = form.querySelector('input[type=password]')
    katakan('Membuka kunci…')
    const diri = bekal.inspektur
    let pkcs8
    try { pkcs8 = await lepasBungkus(diri.id, diri.bungkus, sandi.value) } catch (e) { return katakan('Kata kunci tidak cocok.', true) }
    sandi.value = ''
    saya.inspektur = Object.assign(await masukkan(pkcs8, unb64(diri.publik)), { id: diri.id })
    for (const k of bekal.kantor) {
      const isi = await buka(saya.inspektur, unb64(k.salinan), tempatSalinan(k.id, diri.id))
      const kunci = Object.assign(await masukkan(isi, unb64(k.publik)), { aktif: k.aktif })
      if (!kunci.cocok) return katakan('Kunci umum kantor di server tidak cocok dengan kunci yang Anda pegang. Mungkin ada yang menggantinya. Jangan menjawab; hubungi rekan Anda.', true)
      saya.kantor[k.id] = kunci
    }
    const jawab = await buka(saya.inspektur, unb64(bekal.tantangan), diri.id + ':bukti')
    if (!await kirim(akar.dataset.buka, { jawab: b64(jawab), tiket: bekal.tiket }, true)) return
    form.hidden = true
    katakan('')
    await daftar(akar.dataset.daftar)
    $('#rahasia-daftar h2').focus()
  }
  async function daftar (alamat) {
    $('#rahasia-daftar').innerHTML = await (await ambil(alamat)).text()
    $('#rahasia-satu').replaceChildren()
  }
  async function satu (alamat) {
    const tempat = $('#rahasia-satu')
    tempat.innerHTML = await (await ambil(alamat)).text()
    const jenis = data('rahasia-jenis')
    for (const p of tempat.querySelectorAll('[data-isi]')) {
      try {
        const isi = JSON.parse(dec.decode(await buka(saya.kantor[p.dataset.kantor], unb64(p.dataset.isi), p.dataset.tempat)))
        p.textContent = (isi.jenis ? (jenis[isi.jenis] || isi.jenis) + '\n\n' : '') + isi.cerita
      } catch (e) {
        p.textContent = 'Pesan ini tidak bisa dibuka dengan kunci Anda. Minta rekan membagikan kunci yang lama.'
      }
      p.classList.remove('redup')
      p.style.whiteSpace = 'pre-wrap'
    }
    tempat.querySelector('h2').focus()
  }
  async function foto (tombol) {
    const d = tombol.dataset
    const isi = new Uint8Array(await (await ambil(d.foto)).arrayBuffer())
    const gambar = document.createElement('img')
    gambar.alt = tombol.textContent
    gambar.src = 'data:image/jpeg;base64,' + b64(await buka(saya.kantor[d.kantor], isi, d.tempat))
    tombol.replaceWith(gambar)
  }
  async function jawab (form) {
    const teks = form.querySelector('textarea')
    if (!teks.value.trim()) return katakan('Tulis jawabannya dulu.', true)
    const d = form.dataset
    const [kantor, kunci] = kantorAktif()
    const id = form.dataset.id || (form.dataset.id = crypto.randomUUID()) /* sent again after a lost answer, it is the same message */
    const polos = enc.encode(JSON.stringify({ cerita: teks.value.trim() }))
    if (polos.length > 40000) return katakan('Jawaban terlalu panjang.', true)
    const isi = {
      id,
      kantor,
      isi_kantor: b64(await tutup(kunci.publik, polos, `${d.laporan}:${id}:kantor`)),
      isi_pelapor: b64(await tutup(unb64(d.publik), polos, `${d.laporan}:${id}:pelapor`))
    }
    if (!await kirim(d.jawab, isi)) return
    await satu(d.satu)
    katakan('Jawaban sudah terkunci dan tersimpan.')
  }

  /* --- colleagues ----------------------------------------------------------------------------------------------------------------- */
  async function salinanUntuk (kunci, id, publik) {
    return b64(await tutup(publik, await keluarkan(kunci), tempatSalinan(id[0], id[1])))
  }
  async function bagikan (tombol) {
    const salinan = {}
    for (const [id, k] of Object.entries(saya.kantor)) salinan[id] = await salinanUntuk(k, [id, tombol.dataset.bagikan], unb64(tombol.dataset.publik))
    if (await kirim(akar.dataset.bagikan, { kepada: tombol.dataset.bagikan, salinan })) { await daftar(akar.dataset.daftar); katakan('Kunci sudah dibagikan.') }
  }
  async function ganti () {
    const baru = await buatKunci()
    const salinan = {}
    for (const p of akar.querySelectorAll('[data-pegang]')) salinan[p.dataset.pegang] = await salinanUntuk(baru, [baru.id, p.dataset.pegang], unb64(p.dataset.publik))
    if (await kirim(akar.dataset.ganti, { kantor_id: baru.id, publik: b64(baru.publik), salinan })) {
      for (const k of Object.values(saya.kantor)) k.aktif = false
      saya.kantor[baru.id] = Object.assign(baru, { aktif: true })
      await daftar(akar.dataset.daftar)
      katakan('Kunci kantor sudah diganti. Laporan lama tetap bisa dibaca.')
    }
  }
  async function cabut (tombol) {
    if (await kirim(akar.dataset.cabut, { inspektur: tombol.dataset.cabut })) { await daftar(akar.dataset.daftar); katakan('Kunci sudah dicabut. Ganti sekarang kunci kantor.') }
  }
  async function sandi (form) {
    const [baru, ulang] = form.querySelectorAll('input[type=password]')
    if (baru.value.length < 20 || baru.value !== ulang.value) return katakan('Kata kunci harus sama dan paling sedikit 20 huruf.', true)
    if (await kirim(akar.dataset.sandi, { bungkus: await bungkus(saya.inspektur, baru.value) })) { form.reset(); katakan('Kata kunci sudah diganti.') }
  }
  async function tutupLaporan (tombol) {
    if (await kirim(tombol.dataset.tutup, {})) { await daftar(akar.dataset.daftar); katakan('Laporan ditutup.') }
  }

  /* --- wiring ---------------------------------------------------------------------------------------------------------------------- */
  const TOMBOL = { laporan: t => satu(t.dataset.laporan), daftar: t => daftar(t.dataset.daftar), foto, bagikan, ganti, cabut, tutup: tutupLaporan, tinggalkan: () => location.assign(akar.dataset.meja) }
  const FORM = { kunci: simpanKunci, buka: bukaMeja, jawab, sandi }
  let jam
  const jaga = () => { clearTimeout(jam); if (saya.inspektur) jam = setTimeout(() => location.assign(akar.dataset.meja), DIAM) }
  async function lakukan (aksi, el, tombol) {
    if (tombol) tombol.disabled = true
    try { await aksi(el) } catch (e) { katakan('Tidak berhasil. Muat ulang halaman, lalu coba lagi.', true) }
    if (tombol && tombol.isConnected) tombol.disabled = false
    jaga()
  }
  akar.addEventListener('submit', e => {
    e.preventDefault()
    const aksi = FORM[e.target.dataset.rahasia]
    if (aksi) lakukan(aksi, e.target, e.submitter)
  })
  akar.addEventListener('click', e => {
    const tombol = e.target.closest('button[type=button]')
    if (!tombol || (tombol.dataset.tanya && !window.confirm(tombol.dataset.tanya))) return
    const nama = Object.keys(TOMBOL).find(n => n in tombol.dataset)
    if (nama) lakukan(TOMBOL[nama], tombol, tombol)
  })
  if (!S) katakan('Peramban ini tidak bisa membuka sandi. Pakai Chrome, Edge, atau Firefox terbaru lewat alamat https.', true)
  else for (const form of akar.querySelectorAll('form[data-rahasia]')) form.querySelector('button').disabled = false
})()
