/* Drop a file anywhere on its form. Without this script the file button works as it always does. */
(() => {
  'use strict'
  for (const input of document.querySelectorAll('input[type=file][data-seret]')) {
    const form = input.form
    const over = on => e => {
      if (!e.dataTransfer || ![...e.dataTransfer.types].includes('Files')) return
      e.preventDefault()
      form.classList.toggle('seret', on)
    }
    form.addEventListener('dragover', over(true))
    form.addEventListener('dragleave', over(false))
    form.addEventListener('drop', e => {
      over(false)(e)
      if (e.dataTransfer && e.dataTransfer.files.length === 1) {
        input.files = e.dataTransfer.files
        input.dispatchEvent(new Event('change', { bubbles: true }))
        input.focus()
      }
    })
  }
})()
