/* /asesmen/hp/: the officer's day and the visit form without a signal. The list is kept sealed in the store of luring.js, what
   is typed goes into the same drafts and the same queue as the village desk. */
(() => {
  'use strict'
  const form = document.querySelector('form[data-kunjungan]')
  const L = window.luring
  const $ = id => document.getElementById(id)
  const kabar = $('kabar-kunjungan')
  if (!form || !L) {
    if (kabar) kabar.textContent = 'HP ini tidak bisa menyimpan kunjungan tanpa sinyal. Pakai “Kunjungan saya”.'
    return
  }
  const { el, jam, KATA, tombol, kalimat } = L
  const tempat = $('daftar-kunjungan'), BAWA = 'bawa:kunjungan'
  let kelompok = [], kini = null, simpan = null, diketik = false
  const hariIni = () => { const d = new Date(); return new Date(d - d.getTimezoneOffset() * 60000).toISOString().slice(0, 10) }
  const notis = (nada, ...isi) => kabar.replaceChildren(el('div', { className: 'notis notis-' + nada }, ...isi))
  const cari = id => kelompok.flatMap(k => k.tugas).find(t => t.id === id)

  /* --- the day list ---------------------------------------------------------------------------------------------- */
  async function ambil () {
    try {
      const jawab = await L.kirimForm(tempat.dataset.bawa, new URLSearchParams())
      if (!jawab.ok) throw new Error(String(jawab.status))
      kelompok = (await jawab.json()).kelompok
      await L.simpan(BAWA, kelompok)
      return gambar()
    } catch (e) { /* what was brought along before */ }
    const lama = await L.buka(BAWA).catch(() => null)
    if (lama) kelompok = lama.isi
    await gambar(lama && `Daftar dibawa ${jam(lama.pada)}.`)
  }
  async function keadaan (t, antrean, draf) {
    const x = antrean.filter(a => a.halaman === t.halaman).pop()
    if (x) return [KATA[x.status], x.status === 'ditolak' ? 'buruk' : x.status === 'terkirim' ? 'baik' : 'tunggu']
    if (t.minta_diganti) return ['minta diganti', 'tunggu']
    if (draf.includes('draf:' + t.halaman) || t.isi) return ['sedang diisi', 'jalan']
    return t.ke > 1 ? [`kunjungan kedua${t.rencana ? ', ' + t.rencana : ''}`, 'tunggu'] : ['belum', 'netral']
  }
  async function gambar (catatan) {
    if (kini) return
    const antrean = (await L.daftar('kirim:')).filter(x => x.alamat), draf = (await L.daftar('draf:')).map(d => d.nama)
    const isi = [el('p', { className: 'redup', textContent: catatan || `${kelompok.flatMap(k => k.tugas).length} keluarga menunggu dikunjungi.` })]
    isi.push(...await perluDilihat(antrean))
    for (const k of kelompok) {
      const ul = el('ul', { className: 'tugas' })
      for (const t of k.tugas) {
        const [kata, nada] = await keadaan(t, antrean, draf)
        const nama = el('button', { type: 'button', className: 'tombol tombol-tautan', textContent: `${t.urut}. ${t.nama}`, onclick: () => buka(t) })
        const teks = el('span', {}, nama, el('br', {}), t.alamat + (t.patokan ? ` (${t.patokan})` : ''), el('br', {}), t.batas ? `Batas ${t.batas}${t.lewat ? ', sudah lewat' : ''}. ` : '')
        teks.append(el('span', { className: 'tag tag-' + nada, textContent: kata }))
        const li = el('li', {}, teks)
        if (t.telepon) li.append(el('a', { href: 'tel:' + t.telepon, textContent: 'Telepon ' + t.telepon }))
        ul.append(li)
      }
      isi.push(el('h2', { textContent: k.nama }), ul)
    }
    if (!kelompok.length) isi.push(el('p', { textContent: 'Tidak ada kunjungan di HP ini. Buka halaman ini sekali waktu ada sinyal.' }))
    const sekarang = isi.map(i => i.textContent).join('|')
    if (tempat.dataset.isi === sekarang) return
    tempat.dataset.isi = sekarang
    tempat.replaceChildren(...isi)
  }
  /* What the server refused, with both versions where a visit was changed elsewhere; and what arrived. */
  async function perluDilihat (antrean) {
    const baris = []
    for (const x of antrean) {
      const t = kelompok.flatMap(k => k.tugas).find(a => a.halaman === x.halaman)
      const judul = t ? t.nama : 'Kunjungan'
      if (x.status === 'terkirim') {
        baris.push(el('li', {}, el('span', { textContent: `${judul}: ${KATA.terkirim}` }), tombol('Tutup', async () => { kabar.replaceChildren(); await L.hapus(x.nama); ambil() })))
      }
      if (x.status !== 'ditolak') continue
      const li = el('li', {}, el('span', { textContent: `${judul}: ${KATA.ditolak}. ${kalimat(x.galat)}` }))
      if (x.banding) li.append(tabel(x.banding), tombol('Pakai isian HP ini', () => paksa(x)))
      else if (t) li.append(tombol('Perbaiki', () => perbaiki(x, t)))
      li.append(el('a', { href: x.halaman, textContent: 'Lihat yang di server' }), tombol('Buang isian HP ini', () => buangAntrean(x)))
      baris.push(li)
    }
    return baris.length ? [el('h2', { textContent: 'Antrean kirim' }), el('ul', { className: 'tugas' }, ...baris)] : []
  }
  function tabel (banding) {
    const kepala = el('tr', {}, ...['Isian', 'Tersimpan di server', 'Di HP ini'].map(t => el('th', { scope: 'col', textContent: t })))
    const sel = (label, teks) => { const td = el('td', { textContent: teks }); td.dataset.label = label; return td }
    const isi = banding.map(([a, b, c]) => el('tr', {}, el('th', { scope: 'row', textContent: a }), sel('Di server', b), sel('Di HP ini', c)))
    return el('table', { className: 'kartu' }, el('caption', { textContent: 'Yang berbeda' }), el('thead', {}, kepala), el('tbody', {}, ...isi))
  }
  async function paksa (x) {
    const { isi } = await L.buka(x.nama)
    const baru = isi.filter(([n]) => n !== 'dasar').concat([['dasar', x.dasar]])
    await L.antre(x.nama, baru, { alamat: x.alamat, halaman: x.halaman, akhir: x.akhir })
  }
  async function buangAntrean (x) {
    if (!confirm('Buang isian kunjungan ini dari HP? Fotonya ikut hilang.')) return
    for (const f of await L.daftar('foto:')) if ('kirim:' + f.induk === x.nama) await L.hapus(f.nama)
    await L.hapus(x.nama)
    await ambil()
    L.kirim()
  }
  async function perbaiki (x, t) {
    const { isi } = await L.buka(x.nama)
    for (const f of await L.daftar('foto:')) if ('kirim:' + f.induk === x.nama) await L.tandai(f.nama, { status: 'draf' })
    await L.hapus(x.nama)
    await buka(t, isi)
    tunjukkan('Perlu diperbaiki', kalimat(x.galat))
  }

  /* --- one visit ------------------------------------------------------------------------------------------------------ */
  const jawaban = () => [...new FormData(form)].filter(([, v]) => typeof v === 'string')
  const nilai = nama => (form.elements[nama] && form.elements[nama].value) || ''
  async function buka (t, isi) {
    kini = t
    diketik = !!isi
    form.reset()
    const lama = isi ? { isi } : await L.buka('draf:' + t.halaman).catch(() => null)
    const dariServer = t.isi && Object.entries(t.isi).filter(([n, v]) => v !== 'False' || !['tanpa_benturan', 'izin_lokasi'].includes(n)).map(([n, v]) => [n, ['tanpa_benturan', 'izin_lokasi'].includes(n) ? 'on' : v])
    L.isiLagi(form, (lama && lama.isi) || dariServer || [['tanggal', hariIni()], ['patokan', t.patokan]])
    const ambil = nama => ((lama && lama.isi.find(([n]) => n === nama)) || [])[1]
    Object.assign(form.elements.kunci_kirim, { value: ambil('kunci_kirim') || crypto.randomUUID() })
    for (const [nama, awal] of [['versi', t.versi], ['ke', t.ke], ['dasar', t.dasar], ['mulai_at', new Date().toISOString()]]) form.elements[nama].value = ambil(nama) || awal
    $('nama-kunjungan').textContent = `${t.nama}${t.ke > 1 ? `, kunjungan ke-${t.ke}` : ''}`
    $('alamat-kunjungan').textContent = t.alamat + (t.patokan ? ` (${t.patokan})` : '')
    $('minta-diganti').href = t.halaman + 'minta-diganti/'
    $('kabar-lagi').textContent = t.habis ? 'Ini kunjungan terakhir: usulan kembali ke verifikator.' : 'Pilih hari kunjungan berikutnya.'
    form.elements.kunjungan_lagi.closest('.kolom').hidden = t.habis
    $('tersimpan').textContent = lama ? `Tersimpan di HP ${jam(lama.pada)}` : 'Belum disimpan'
    simpan = L.otomatis(t.halaman, jawaban, teks => { $('tersimpan').textContent = teks }, true)
    form.elements.kunjungan[0].dispatchEvent(new Event('change', { bubbles: true }))
    tempat.hidden = true
    form.hidden = false
    kabar.replaceChildren()
    $('nama-kunjungan').focus()
    scrollTo(0, 0)
    gambarFoto()
  }
  async function keDaftar () {
    kini = null
    form.hidden = true
    tempat.hidden = false
    delete tempat.dataset.isi
    await gambar()
    scrollTo(0, 0)
  }
  function tunjukkan (judul, ...isi) {
    const kotak = el('div', { className: 'galat-ringkas', tabIndex: -1 }, el('h2', { textContent: judul }), el('ul', {}, ...isi.map(t => el('li', { textContent: t }))))
    kabar.replaceChildren(kotak)
    kotak.focus()
  }
  const label = e => (e.closest('fieldset.kolom') ? e.closest('fieldset.kolom').querySelector('legend') : form.querySelector(`label[for="${e.id}"]`)).textContent.replace(/\(boleh \w+\)/, '').trim()
  /* What the server would ask for, told while the officer is still at the door. */
  async function kurang (aksi) {
    const k = []
    if (!nilai('kunjungan')) k.push('Hasil kunjungan belum dipilih.')
    if (!nilai('tanggal')) k.push('Tanggal kunjungan belum diisi.')
    if ((nilai('lintang') || nilai('bujur')) && !form.elements.izin_lokasi.checked) k.push('Titik lokasi hanya boleh dicatat bila keluarga mengizinkan.')
    if (aksi === 'lagi' && !kini.habis && !nilai('kunjungan_lagi')) k.push('Pilih hari kunjungan berikutnya.')
    if (aksi !== 'selesai') return k
    if (!form.elements.tanpa_benturan.checked) k.push('Nyatakan dulu bahwa Anda bebas benturan kepentingan, atau minta diganti.')
    if (!nilai('kesimpulan')) k.push('Kesimpulan belum dipilih.')
    if (nilai('kunjungan') === '1' && nilai('tanpa_tempat_tinggal') !== 'True') {
      for (const e of form.querySelectorAll('[type=radio][value=True]')) if (e.name !== 'tanpa_tempat_tinggal' && !nilai(e.name)) k.push(`Belum dijawab: ${label(e)}.`)
    }
    if (nilai('kesimpulan') === 'layak' && !kini.foto && !(await fotoKini()).length) k.push('Foto rumah belum ada.')
    if (nilai('kesimpulan') === 'layak' && nilai('kunjungan') !== '1') k.push('Kesimpulan “Layak” perlu wawancara lengkap.')
    return k
  }
  async function kirim (aksi) {
    const belum = await kurang(aksi)
    if (belum.length) return tunjukkan('Belum bisa dikirim', ...belum)
    simpan.batal()
    const kunci = nilai('kunci_kirim'), isi = jawaban().filter(([n]) => n !== 'kunjungan_lagi')
    const akhir = aksi && { alamat: kini.akhir, isi: [['kunci_kirim', crypto.randomUUID()], ['aksi', aksi], ['versi', nilai('versi')], ['kunjungan_lagi', aksi === 'lagi' && !kini.habis ? nilai('kunjungan_lagi') : '']] }
    await L.antre('kirim:' + kunci, isi, { alamat: kini.kirim, halaman: kini.halaman, akhir })
    await L.hapus('draf:' + kini.halaman)
    await keDaftar()
    notis('baik', el('p', { textContent: `Kunjungan tersimpan di HP ${jam()} dan dikirim sendiri begitu ada sinyal.` }))
  }
  async function buang () {
    if (!confirm('Buang isian kunjungan ini? Yang sudah diketik dan fotonya hilang.')) return
    simpan.batal()
    for (const f of await fotoKini()) await L.hapus(f.nama)
    await L.hapus('draf:' + kini.halaman)
    L.kirimForm('/draf/buang/', new URLSearchParams({ draf_kunci: kini.halaman, draf_json: 1 })).catch(() => {})
    keDaftar()
  }

  /* --- photos ------------------------------------------------------------------------------------------------------------ */
  const fotoKini = async () => (await L.daftar('foto:')).filter(f => f.induk === nilai('kunci_kirim'))
  async function gambarFoto () {
    const baris = (await fotoKini()).map(f => el('li', {}, el('span', { textContent: `${f.label}, ${f.kb} KB, tersimpan di HP. ${f.saran}` }), tombol('Hapus foto', async () => { await L.hapus(f.nama); gambarFoto() })))
    if (kini && kini.foto) baris.unshift(el('li', { textContent: `${kini.foto} foto sudah di server` }))
    $('foto-daftar').replaceChildren(...baris)
  }
  async function fotoBaru (acara) {
    const pilih = $('foto-jenis'), induk = nilai('kunci_kirim')
    try {
      for (const b of [...acara.target.files]) {
        const isi = { induk, jenis: pilih.value, label: pilih.selectedOptions[0].textContent, status: 'draf', kb: Math.ceil(b.size / 1024), saran: acara.detail }
        await L.simpan('foto:' + crypto.randomUUID(), await b.arrayBuffer(), isi)
      }
    } catch (e) { tunjukkan('Foto belum tersimpan', 'Penyimpanan HP penuh, atau Anda perlu masuk lagi.') }
    acara.target.value = ''
    await gambarFoto()
  }

  form.addEventListener('input', e => { if (e.target.type !== 'file' && simpan) { diketik = true; simpan.nanti() } })
  form.addEventListener('submit', e => e.preventDefault())
  $('ke-daftar').onclick = () => { if (diketik) simpan.sekarang(); keDaftar() } /* what was typed is taken now, the line may be slow */
  $('kirim-selesai').onclick = () => kirim('selesai')
  $('kirim-simpan').onclick = () => kirim('')
  $('kirim-lagi').onclick = () => kirim('lagi')
  $('buang-kunjungan').onclick = buang
  L.galeri($('foto-berkas'))
  $('foto-berkas').addEventListener('foto:siap', fotoBaru)
  document.addEventListener('luring:antrean', () => gambar())
  ambil()
})()
