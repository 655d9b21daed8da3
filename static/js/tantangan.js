/* Proof of work in place of a picture puzzle (core/tantangan.py). Without this file the form still works, after a short wait. */
(() => {
  'use strict'
  /* SHA-256 in plain JavaScript: crypto.subtle is missing on http and slow for thousands of tiny texts. The constants are the
     fractions of the square and cube roots of the first primes. */
  const K = []; const H0 = []
  const frac = x => ((x - Math.floor(x)) * 4294967296) | 0
  for (let n = 2; K.length < 64; n++) {
    let prime = true
    for (let d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break }
    if (!prime) continue
    if (H0.length < 8) H0.push(frac(Math.sqrt(n)))
    K.push(frac(Math.cbrt(n)))
  }
  const W = new Int32Array(64)
  function block (H, bytes, at) {
    for (let i = 0; i < 16; i++) W[i] = bytes[at + 4 * i] << 24 | bytes[at + 4 * i + 1] << 16 | bytes[at + 4 * i + 2] << 8 | bytes[at + 4 * i + 3]
    for (let i = 16; i < 64; i++) {
      const x = W[i - 15]; const y = W[i - 2]
      W[i] = W[i - 16] + W[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10) | 0
    }
    let [a, b, c, d, e, f, g, h] = H
    for (let i = 0; i < 64; i++) {
      const t = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + W[i] | 0
      const u = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0
      h = g; g = f; f = e; e = d + t | 0; d = c; c = b; b = a; a = t + u | 0
    }
    return [H[0] + a | 0, H[1] + b | 0, H[2] + c | 0, H[3] + d | 0, H[4] + e | 0, H[5] + f | 0, H[6] + g | 0, H[7] + h | 0]
  }
  /* First 32 bits of the hash of an ASCII text of 56 to 119 letters: always two blocks. */
  function head (text) {
    const bytes = new Uint8Array(128)
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
    bytes[text.length] = 128
    bytes[126] = text.length * 8 >> 8 & 255
    bytes[127] = text.length * 8 & 255
    return block(block(H0, bytes, 0), bytes, 64)[0] >>> 0
  }
  const answer = field => field.form.elements.tantangan_jawab
  const working = new WeakMap()
  /* Small portions, so that typing never stutters. */
  function solve (field) {
    if (answer(field).value) return Promise.resolve()
    if (working.has(field)) return working.get(field)
    const bits = Number(field.dataset.bit); const text = field.value
    const job = new Promise(resolve => {
      let n = 100000
      const portion = () => {
        const end = performance.now() + 25
        while (performance.now() < end) {
          for (let i = 0; i < 50; i++, n++) {
            if (head(text + ':' + n) >>> (32 - bits) === 0) { answer(field).value = n; return resolve() }
          }
        }
        setTimeout(portion, 0)
      }
      portion()
    })
    working.set(field, job)
    return job
  }
  const fields = root => [...root.querySelectorAll('input[name=tantangan]')].filter(f => f.form)
  document.addEventListener('focusin', e => { if (e.target.form) fields(e.target.form).forEach(solve) })
  document.addEventListener('submit', e => {
    const field = fields(e.target)[0]
    if (!field || answer(field).value) return
    if (e.submitter && e.submitter.formNoValidate) return /* a search or a step back, no sending: wilayah.js needs it at once */
    e.preventDefault()
    e.stopImmediatePropagation()
    const again = () => { if (e.target.requestSubmit) e.target.requestSubmit(e.submitter || undefined); else e.target.submit() }
    solve(field).then(again)
  }, true)
})()
