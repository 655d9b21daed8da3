/* Compares a PDF with the issued one in the browser: the file never leaves this device. Without this file the form uploads it. */
(() => {
  'use strict'
  const form = document.querySelector('form[data-sidik]')
  const note = document.getElementById('hasil-sidik')
  if (!form || !note || !window.crypto || !crypto.subtle) return
  const input = form.querySelector('input[type=file]')
  const say = (tone, text) => {
    note.className = 'notis notis-' + tone
    note.textContent = text
    note.hidden = false
  }
  const compare = async file => {
    say('info', 'Membandingkan di perangkat ini…')
    try {
      const bytes = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
      const hex = Array.from(new Uint8Array(bytes), b => b.toString(16).padStart(2, '0')).join('')
      hex === form.dataset.sidik
        ? say('baik', 'Sama persis. Isi berkas Anda sama dengan yang diterbitkan. Berkas tidak dikirim ke mana pun.')
        : say('buruk', 'Berbeda. Berkas Anda bukan berkas yang diterbitkan. Hasil pindai, foto, atau cetak ulang selalu berbeda.')
    } catch {
      say('tunggu', 'Berkas tidak bisa dibaca di perangkat ini. Tekan Bandingkan untuk memeriksanya di portal.')
    }
  }
  input.addEventListener('change', () => { if (input.files.length) compare(input.files[0]) })
  form.addEventListener('dragover', e => e.preventDefault())
  form.addEventListener('drop', e => {
    e.preventDefault()
    if (e.dataTransfer.files.length) compare(e.dataTransfer.files[0])
  })
  form.addEventListener('submit', e => {
    if (input.files.length && note.className !== 'notis notis-tunggu') {
      e.preventDefault()
      compare(input.files[0])
    }
  })
})()
