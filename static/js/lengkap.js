/* /usulan/baru/lengkap/: one page, seven steps, no signal needed. What is typed is saved by itself; "Kirim" puts it into the
   queue of luring.js, which sends it when it can. */
(() => {
  'use strict'
  const form = document.querySelector('form[data-lengkap]')
  const L = window.luring
  const kabar = document.getElementById('kabar-lengkap'), kabarNik = document.getElementById('kabar-nik')
  if (!form || !L) {
    if (kabar) kabar.textContent = 'HP ini tidak bisa menyimpan isian tanpa sinyal. Pakai “Usulkan keluarga” di menu Usulan.'
    return
  }
  const $ = id => document.getElementById(id)
  const { el, jam, KATA, tombol, kalimat } = L
  const kunci = form.dataset.lengkap
  const bagian = [...form.querySelectorAll('[data-langkah]')]
  const contoh = $('contoh-anggota').innerHTML
  let langkah = 0, nomor = 0, hidup = false

  /* --- members: 0 is the head ----------------------------------------------------------------------------------- */
  function tambah (n) {
    const tempat = n ? $('anggota') : $('kepala')
    tempat.insertAdjacentHTML('beforeend', contoh.replaceAll('__n__', n))
    const kotak = tempat.lastElementChild
    const hubungan = form.elements[`anggota-${n}-hubungan`]
    if (n) {
      hubungan.querySelector('[value="1"]').remove()
    } else {
      hubungan.value = '1'
      hubungan.closest('.kolom').hidden = true
      kotak.querySelector('[data-bukan-kepala]').remove()
    }
    kotak.dataset.n = n
    nomor = Math.max(nomor, n)
    sebut(kotak)
    kotak.dispatchEvent(new CustomEvent('htmx:afterSwap', { bubbles: true }))
    return kotak
  }
  const kotakAnggota = () => [...form.querySelectorAll('.anggota')]
  const nilai = nama => (form.elements[nama] && form.elements[nama].value) || ''
  const kolomDari = nama => { const e = form.elements[nama]; return e && (e.tagName ? e : e[0]).closest('.kolom') }
  function sebut (kotak) {
    const urut = kotakAnggota().indexOf(kotak)
    const nama = nilai(`anggota-${kotak.dataset.n}-nama`)
    kotak.dataset.judul = (urut ? `Anggota ${urut + 1}` : 'Kepala keluarga') + (nama ? `: ${nama}` : '')
    const kurang = atur('anggota', `anggota-${kotak.dataset.n}-`)
    if (!nilai(`anggota-${kotak.dataset.n}-nik`) && !nilai(`anggota-${kotak.dataset.n}-tanpa_nik_alasan`)) kurang.unshift('NIK')
    kotak.firstElementChild.textContent = kotak.dataset.judul + (nama && kurang.length ? ` (kurang ${kurang.length} isian)` : '')
    kotak.querySelector('[data-kurang]').textContent = kurang.length ? `Belum diisi: ${kurang.join(', ')}.` : 'Isian orang ini lengkap.'
    kotak.querySelectorAll('[data-bagian]').forEach(b => { b.hidden = !b.querySelector('.kolom:not([hidden])') })
  }

  /* --- what is asked of whom: the rule formulir.wajib, as dtks/queries/kelengkapan.py reads it. A hidden answer keeps its
     value, and is sent only when it is asked again. -------------------------------------------------------------- */
  const syarat = JSON.parse(form.dataset.syarat)
  function umur (lahir) {
    const [t, b, h] = lahir.split('-').map(Number), kini = new Date()
    return kini.getFullYear() - t - (kini.getMonth() + 1 < b || (kini.getMonth() + 1 === b && kini.getDate() < h) ? 1 : 0)
  }
  function berlaku (s, awalan, tahun) {
    if ((s.umur_dari || s.umur_sampai !== undefined) && tahun === null) return false /* not known yet: asked when it is */
    if (tahun !== null && (tahun < (s.umur_dari || 0) || tahun > (s.umur_sampai === undefined ? 999 : s.umur_sampai))) return false
    return Object.entries(s.bila).every(([k, mau]) => { const v = nilai(awalan + k); return mau === 'ada' ? v && v !== '0' : mau.includes(v) })
  }
  function atur (bagian, awalan) {
    const lahir = nilai(awalan + 'tgl_lahir')
    const tahun = /^\d{4}-\d\d-\d\d$/.test(lahir) ? umur(lahir) : null
    const kurang = [], perlu = {}
    for (const s of syarat[bagian]) perlu[s.kolom] = perlu[s.kolom] || (berlaku(s, awalan, tahun) && !tersembunyi(awalan, s))
    for (const nama in perlu) {
      const kolom = kolomDari(awalan + nama)
      if (!kolom) continue
      kolom.toggleAttribute('data-lewat', !perlu[nama])
      if (nama !== 'hubungan' || !awalan.endsWith('-0-')) kolom.hidden = !perlu[nama]
      const ekor = kolom.querySelector('.label-ekor')
      if (ekor) ekor.textContent = '(boleh menyusul)' /* asked for, and no reason to hold the family up */
      if (perlu[nama] && !nilai(awalan + nama)) kurang.push(label(kolom.querySelector('input, select, textarea')).toLowerCase())
    }
    return kurang
  }
  const tersembunyi = (awalan, s) => Object.keys(s.bila).some(k => { const x = kolomDari(awalan + k); return x && x.hasAttribute('data-lewat') })
  function aturSekitar (e) {
    const kotak = e.closest('.anggota')
    if (kotak) sebut(kotak)
    else if ((e.name || '').startsWith('rumah-')) atur('rumah', 'rumah-')
    else atur('keluarga', '')
  }
  const aturSemua = () => { kotakAnggota().forEach(sebut); atur('keluarga', ''); atur('rumah', 'rumah-') }

  /* --- answers: numbered without gaps, so that what was sent can be put back ------------------------------------ */
  function jawaban (dikirim) {
    const urut = new Map(kotakAnggota().map((k, i) => [k.dataset.n, i]))
    const lewat = new Set(dikirim ? [...form.querySelectorAll('[data-lewat] [name]')].map(e => e.name) : [])
    return [...new FormData(form)]
      .filter(([n, v]) => typeof v === 'string' && !lewat.has(n))
      .map(([n, v]) => [n.replace(/^anggota-(\d+)-/, (_, x) => `anggota-${urut.get(x)}-`), v])
  }
  function kosongkan (isi, kirim) {
    kotakAnggota().forEach(k => k.remove())
    nomor = 0
    form.reset()
    const banyak = Math.max(0, ...(isi || []).map(([n]) => Number((/^anggota-(\d+)-/.exec(n) || [])[1] || 0)))
    for (let n = 0; n <= banyak; n++) tambah(n)
    if (isi) {
      L.isiLagi(form, isi)
      form.querySelectorAll('[data-nik], [data-hitung]').forEach(e => e.dispatchEvent(new Event('input'))) /* counters count what came back */
    }
    form.elements.kunci_kirim.value = kirim || crypto.randomUUID()
    aturSemua()
    bersihkan()
  }
  const terisi = () => jawaban().some(([n, v]) => v && /nik|nama$|alamat|no_kk/.test(n))

  /* --- what is missing, told while the family is still there ------------------------------------------------------ */
  function salah (e, kalimat) {
    const kolom = e.closest('.kolom')
    if (!kolom || kolom.querySelector('.galat')) return
    kolom.hidden = false
    for (let d = e.closest('details'); d; d = d.parentElement.closest('details')) d.open = true
    kolom.classList.add('kolom-galat')
    e.setAttribute('aria-invalid', 'true')
    const sebelum = kolom.matches('fieldset') ? kolom.querySelector('legend') : kolom.querySelector('label')
    sebelum.after(el('ul', { className: 'galat' }, el('li', { textContent: kalimat })))
  }
  function bersihkan () {
    form.querySelectorAll('.galat').forEach(g => g.remove())
    form.querySelectorAll('.kolom-galat').forEach(k => k.classList.remove('kolom-galat'))
    form.querySelectorAll('[aria-invalid]').forEach(e => e.removeAttribute('aria-invalid'))
    kabar.replaceChildren()
    kabarNik.replaceChildren()
  }
  const rumahKosong = () => ![...form.elements].some(e => e.name.startsWith('rumah-') && e.value && e.type !== 'radio')
  function periksa () {
    const kurang = []
    for (const e of form.elements) {
      if (!e.name || e.type === 'hidden' || e.closest('[data-lewat]') || (e.type === 'radio' && e !== form.elements[e.name][0])) continue
      const nik = e.matches('[data-nik]') && e.value.replace(/\D/g, '')
      const tanpa = e.name.endsWith('-nik') && nilai(e.name.replace(/nik$/, 'tanpa_nik_alasan'))
      if (nik && nik.length !== 16) kurang.push([e, 'Harus 16 angka.'])
      else if (e.validity.valueMissing && !tanpa && !(e.name.startsWith('rumah-') && rumahKosong())) kurang.push([e, 'Belum diisi.'])
    }
    return kurang
  }
  const label = e => (e.closest('fieldset.kolom') ? e.closest('fieldset.kolom').querySelector('legend') : form.querySelector(`label[for="${e.id}"]`) || e).textContent.replace(/\(boleh \w+\)/, '').trim()
  function tunjukkan (judul, kurang, lain) {
    kurang.forEach(([e, kalimat]) => salah(e, kalimat))
    const ul = el('ul', {})
    ;(lain || []).forEach(x => ul.append(el('li', {}, x)))
    kurang.forEach(([e, kalimat]) => {
      const orang = e.closest('.anggota')
      const a = el('a', { href: '#' + e.id, textContent: `${orang ? orang.dataset.judul + ', ' : ''}${label(e)}: ${kalimat}` })
      a.addEventListener('click', acara => { acara.preventDefault(); ke(bagian.indexOf(e.closest('[data-langkah]'))); if (orang) orang.open = true; e.focus() })
      ul.append(el('li', {}, a))
    })
    const kotak = el('div', { className: 'galat-ringkas', tabIndex: -1 }, el('h2', { textContent: judul }), ul)
    kabar.replaceChildren(kotak)
    kotak.focus()
  }

  /* --- steps --------------------------------------------------------------------------------------------------------- */
  function ke (n, diam) {
    langkah = Math.max(0, Math.min(n, bagian.length - 1))
    bagian.forEach((b, i) => { b.hidden = i !== langkah })
    $('tahap-lengkap').replaceChildren(...bagian.map((b, i) => {
      const li = el('li', { className: i < langkah ? 'tahap-selesai' : '', textContent: b.dataset.langkah })
      if (i === langkah) li.setAttribute('aria-current', 'step')
      return li
    }))
    $('mundur').hidden = !langkah
    $('lanjut').hidden = langkah === bagian.length - 1
    $('kirim-lengkap').hidden = !$('lanjut').hidden
    if ($('lanjut').hidden) ringkas()
    if (!diam) { bagian[langkah].querySelector('h2').focus(); simpan.nanti() }
  }
  async function ringkas () {
    const foto = await fotoKini()
    const baris = [`Kepala keluarga: ${nilai('anggota-0-nama') || 'belum diisi'}`, `${kotakAnggota().length} orang`, rumahKosong() ? 'Rumah: diisi nanti' : 'Rumah: sudah diisi', `${foto.length} foto`]
    $('ringkas-lengkap').replaceChildren(...baris.map(t => el('li', { textContent: t })))
  }

  /* --- saving ---------------------------------------------------------------------------------------------------------- */
  const simpan = L.otomatis(kunci, () => [...jawaban(), ['langkah', String(langkah)]], teks => { $('tersimpan').textContent = teks }, true)
  function pasang ({ isi }) {
    const ambil = nama => (isi.find(([n]) => n === nama) || [])[1]
    kosongkan(isi, ambil('kunci_kirim'))
    ke(Number(ambil('langkah')) || 0, true)
  }

  /* --- photos of this family --------------------------------------------------------------------------------------------- */
  const fotoKini = async () => (await L.daftar('foto:')).filter(f => f.induk === form.elements.kunci_kirim.value)
  const namaFoto = f => ($('foto-jenis').querySelector(`[value="${f.jenis}"]`) || {}).textContent || 'Foto'
  async function kecil (f) {
    const kanvas = el('canvas', { width: 96, height: 72 })
    try { kanvas.getContext('2d').drawImage(await createImageBitmap(new Blob([await L.buka(f.nama, true)])), 0, 0, 96, 72) } catch (e) { /* no picture of the picture, then */ }
    kanvas.setAttribute('role', 'img')
    kanvas.setAttribute('aria-label', namaFoto(f))
    return kanvas
  }
  async function gambarFoto () {
    const baris = []
    for (const f of await fotoKini()) {
      const hapus = el('button', { type: 'button', className: 'tombol tombol-tautan', textContent: 'Hapus foto', onclick: async () => { await L.hapus(f.nama); gambarFoto() } })
      baris.push(el('li', {}, await kecil(f), el('span', { textContent: `${namaFoto(f)}, ${f.kb} KB, tersimpan di HP. ${f.saran}` }), hapus))
    }
    $('foto-daftar').replaceChildren(...baris)
  }
  async function fotoBaru (acara) {
    const jenis = $('foto-jenis').value, induk = form.elements.kunci_kirim.value
    try {
      for (const b of [...acara.target.files]) {
        const isi = { induk, jenis, label: namaFoto({ jenis }), status: 'draf', kb: Math.ceil(b.size / 1024), saran: acara.detail }
        await L.simpan('foto:' + crypto.randomUUID(), await b.arrayBuffer(), isi)
      }
    } catch (e) { tunjukkan('Foto belum tersimpan', [], ['Penyimpanan HP penuh, atau Anda perlu masuk lagi.']) }
    acara.target.value = ''
    await gambarFoto()
  }

  /* --- the queue as this person sees it ------------------------------------------------------------------------------------ */
  async function gambarAntrean () {
    const foto = await L.daftar('foto:'), baris = []
    for (const x of (await L.daftar('kirim:')).filter(x => !x.alamat)) {
      const milik = foto.filter(f => 'kirim:' + f.induk === x.nama)
      let judul = x.tiket ? `Usulan ${x.tiket}` : 'Usulan'
      if (!x.tiket) { try { judul = 'Usulan keluarga ' + (await L.buka(x.nama)).isi.find(([n]) => n === 'anggota-0-nama')[1] } catch (e) { /* locked until the next login */ } }
      const li = el('li', {}, el('span', { textContent: `${judul}: ${KATA[x.status]}${x.status === 'ditolak' ? '. ' + kalimat(x.galat) : ''}` }))
      if (x.tautan) li.append(el('a', { href: x.tautan.url, textContent: `Buka keluarga ${x.tautan.nama}` }))
      if (x.status === 'ditolak') li.append(tombol('Perbaiki', () => perbaiki(x)), tombol('Buang', () => buangAntrean(x, milik)))
      if (x.status === 'terkirim') li.append(el('a', { href: x.resi, textContent: 'Tanda terima dan PIN' }))
      if (x.status === 'terkirim' && !milik.length) li.append(tombol('Tutup', () => L.hapus(x.nama).then(gambarAntrean)))
      baris.push(li)
      baris.push(...milik.map(L.barisFoto))
    }
    const sekarang = JSON.stringify(baris.map(b => b.textContent))
    if ($('daftar-kirim').dataset.isi === sekarang) return
    $('daftar-kirim').dataset.isi = sekarang
    $('daftar-kirim').replaceChildren(...(baris.length ? [el('h2', { textContent: 'Antrean kirim' }), el('ul', { className: 'tugas' }, ...baris)] : []))
  }
  async function perbaiki (x) {
    if (terisi() && !confirm('Isian yang sedang dibuka akan diganti. Lanjutkan?')) return
    const { isi } = await L.buka(x.nama)
    for (const f of await L.daftar('foto:')) if ('kirim:' + f.induk === x.nama) await L.tandai(f.nama, { status: 'draf' })
    pasang({ isi })
    await L.hapus(x.nama)
    await simpan.sekarang()
    const kurang = [], lain = []
    for (const [nama, k] of Object.entries(x.galat || {})) {
      const e = form.elements[nama] && (form.elements[nama][0] && !form.elements[nama].tagName ? form.elements[nama][0] : form.elements[nama])
      e && e.closest('.kolom') ? kurang.push([e, k.join(' ')]) : lain.push(k.join(' '))
    }
    tunjukkan('Belum tersimpan di server', kurang, lain)
    gambarFoto()
  }
  async function buangAntrean (x, milik) {
    if (!confirm('Buang usulan ini dari HP? Isian dan fotonya hilang.')) return
    for (const y of [...milik, x]) await L.hapus(y.nama)
    L.kirim()
  }

  async function kirim () {
    bersihkan()
    const kurang = periksa()
    if (kurang.length) return tunjukkan('Belum bisa dikirim', kurang)
    simpan.batal()
    const isi = jawaban(true)
    await L.antre('kirim:' + form.elements.kunci_kirim.value, isi)
    await L.hapus('draf:' + kunci)
    kosongkan()
    ke(0, true)
    gambarFoto()
    $('tersimpan').textContent = 'Belum disimpan'
    kabar.replaceChildren(el('div', { className: 'notis notis-baik' }, el('p', { textContent: `Usulan tersimpan di HP ${jam()} dan dikirim sendiri begitu ada sinyal. Anda boleh mengisi keluarga berikutnya.` })))
    scrollTo(0, 0)
  }
  async function buang () {
    if (!confirm('Buang isian ini? Yang sudah diketik dan fotonya hilang.')) return
    simpan.batal()
    for (const f of await fotoKini()) await L.hapus(f.nama)
    await L.hapus('draf:' + kunci)
    kosongkan()
    ke(0, true)
    gambarFoto()
    $('tersimpan').textContent = 'Belum disimpan'
    L.kirimForm('/draf/buang/', new URLSearchParams({ draf_kunci: kunci, draf_json: 1 })).catch(() => {})
  }

  /* The head's NIK is asked at once where there is a signal; without one the server asks when it is sent. */
  async function cekNik (e) {
    const nik = e.target.value.replace(/\D/g, '')
    if (e.target.name !== 'anggota-0-nik') return
    kabarNik.replaceChildren() /* its own place: a late answer must not wipe out what is wrong with the form */
    if (nik.length !== 16 || !navigator.onLine) return
    try {
      const isi = await (await L.kirimForm(kunci, new URLSearchParams({ cek_nik: 1, nik }))).json()
      if (nilai('anggota-0-nik').replace(/\D/g, '') !== nik) return
      const kata = { sendiri: 'NIK ini sudah tercatat di wilayah Anda. ', lain: 'NIK ini sudah tercatat di wilayah lain. Cocokkan lagi dengan KTP.' }[isi.keadaan]
      kabarNik.replaceChildren(...(kata ? [el('div', { className: 'notis notis-tunggu' }, el('p', { textContent: kata }, ...(isi.tautan ? [el('a', { href: isi.tautan.url, textContent: `Buka keluarga ${isi.tautan.nama}` })] : [])))] : []))
    } catch (err) { /* asked again when it is sent */ }
  }

  /* A draft of another phone is offered, never put over what is here. */
  async function dariServer () {
    const { isi, pada } = await (await L.minta('/draf/?kunci=' + encodeURIComponent(kunci))).json()
    if (!isi || terisi() || (await L.baca('kirim:' + (isi.kunci_kirim || [''])[0]))) return
    const rata = Object.entries(isi).flatMap(([n, v]) => v.map(x => [n, x]))
    const kotak = el('div', { className: 'notis notis-tunggu' }, el('p', {}, el('strong', { textContent: `Ada isian yang belum dikirim, tersimpan ${pada}.` })))
    kotak.append(el('div', { className: 'aksi' },
      el('button', { type: 'button', className: 'tombol tombol-kedua', textContent: 'Pakai', onclick: () => { pasang({ isi: rata }); simpan.nanti() } }),
      el('button', { type: 'button', className: 'tombol tombol-tautan', textContent: 'Buang', onclick: () => { kotak.remove(); buang() } })))
    kabar.replaceChildren(kotak)
  }

  async function mulai () {
    kosongkan()
    form.hidden = false
    ke(0, true)
    form.addEventListener('input', e => {
      hidup = true
      aturSekitar(e.target)
      const kolom = e.target.closest('.kolom-galat')
      if (kolom) { kolom.classList.remove('kolom-galat'); kolom.querySelectorAll('.galat').forEach(g => g.remove()); e.target.removeAttribute('aria-invalid') }
      if (e.target.type !== 'file') simpan.nanti()
    })
    form.addEventListener('change', e => { aturSekitar(e.target); cekNik(e) })
    form.addEventListener('submit', e => { e.preventDefault(); langkah < bagian.length - 1 ? ke(langkah + 1) : kirim() })
    $('lanjut').onclick = () => ke(langkah + 1)
    $('mundur').onclick = () => ke(langkah - 1)
    $('kirim-lengkap').onclick = kirim
    $('buang-lengkap').onclick = buang
    $('tambah-anggota').onclick = () => { kotakAnggota().forEach(k => { if (k.dataset.n !== '0') k.open = false }); const k = tambah(nomor + 1); k.querySelector('input, select').focus(); simpan.nanti() }
    form.addEventListener('click', e => { if (e.target.matches('[data-hapus-anggota]') && confirm('Hapus anggota ini dari isian?')) { e.target.closest('.anggota').remove(); kotakAnggota().forEach(sebut); simpan.nanti() } })
    L.galeri($('foto-berkas'))
    $('foto-berkas').addEventListener('foto:siap', fotoBaru)
    document.addEventListener('luring:antrean', gambarAntrean)
    gambarAntrean()
    try {
      const lama = await L.buka('draf:' + kunci)
      if (lama && !hidup) {
        pasang(lama)
        $('tersimpan').textContent = `Tersimpan di HP ${jam(lama.pada)}`
        gambarFoto()
      } else if (!lama) await dariServer()
    } catch (e) {
      if (await L.baca('draf:' + kunci)) kabar.textContent = 'Masuk lagi untuk membuka isian yang tersimpan di HP ini.'
    }
  }
  mulai()
})()
