/* 'Ambil titik lokasi': fills the coordinates from the phone. The fields can be typed without this file. */
(() => {
  'use strict'
  /* The day's order from where the officer stands: rounded to about a hundred metres before it is sent. */
  const start = document.querySelector('[data-mulai]')
  if (start && navigator.geolocation) {
    const go = start.querySelector('[data-mulai-tombol]')
    go.hidden = false
    go.addEventListener('click', e => {
      e.preventDefault()
      go.disabled = true
      const send = () => start.submit()
      navigator.geolocation.getCurrentPosition(({ coords }) => {
        start.elements.lintang.value = coords.latitude.toFixed(3)
        start.elements.bujur.value = coords.longitude.toFixed(3)
        send()
      }, send, { timeout: 20000, maximumAge: 300000 })
    })
  }
  const button = document.querySelector('[data-lokasi]')
  if (!button || !navigator.geolocation) return
  const field = name => document.getElementById('id_' + name)
  const note = document.getElementById('kabar-lokasi')
  const say = (text, warn) => { note.textContent = text; note.classList.toggle('hitung-lebih', !!warn) }
  const most = Number(button.dataset.lokasi) || 100
  button.hidden = false
  for (const name of ['lintang', 'bujur']) { /* a typed point was not measured */
    field(name).addEventListener('input', e => { if (e.isTrusted) field('akurasi_m').value = '' })
  }
  button.addEventListener('click', () => {
    if (field('izin_lokasi') && !field('izin_lokasi').checked) {
      say('Minta izin keluarga dulu, lalu centang kotak izin.')
      field('izin_lokasi').focus()
      return
    }
    button.disabled = true
    say('Mencari titik lokasi…')
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const off = Math.round(coords.accuracy)
        field('lintang').value = coords.latitude.toFixed(6)
        field('bujur').value = coords.longitude.toFixed(6)
        field('akurasi_m').value = off
        field('bujur').dispatchEvent(new Event('input', { bubbles: true }))
        button.disabled = false
        say(off > most
          ? `Titik didapat, tetapi kurang teliti: ketelitian ± ${off} m. Pindah ke tempat terbuka, tunggu sebentar, lalu ambil lagi. Isi juga patokan.`
          : `Titik didapat, ketelitian ± ${off} m.`, off > most)
      },
      () => {
        button.disabled = false
        say('Titik tidak didapat. Nyalakan GPS dan izinkan lokasi, atau isi patokan saja.')
      },
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 }
    )
  })
})()
