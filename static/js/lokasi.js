/* 'Ambil titik lokasi': fills the coordinates from the phone. The fields can be typed without this file. */
(() => {
  'use strict'
  const button = document.querySelector('[data-lokasi]')
  if (!button || !navigator.geolocation) return
  const field = name => document.getElementById('id_' + name)
  const note = document.getElementById('kabar-lokasi')
  const say = text => { note.textContent = text }
  button.hidden = false
  button.addEventListener('click', () => {
    if (!field('izin_lokasi').checked) {
      say('Minta izin keluarga dulu, lalu centang kotak izin.')
      field('izin_lokasi').focus()
      return
    }
    button.disabled = true
    say('Mencari titik lokasi…')
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field('lintang').value = coords.latitude.toFixed(6)
        field('bujur').value = coords.longitude.toFixed(6)
        field('akurasi_m').value = Math.round(coords.accuracy)
        button.disabled = false
        say(`Titik didapat, ketelitian sekitar ${Math.round(coords.accuracy)} meter. Tekan Simpan.`)
      },
      () => {
        button.disabled = false
        say('Titik tidak didapat. Nyalakan GPS dan izinkan lokasi, atau isi patokan saja.')
      },
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 }
    )
  })
})()
