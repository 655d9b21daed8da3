/* Served at /sw.js by portal.views.luring with VERSI and DASAR filled in. Pages come from the network; only static files, the
   page that says there is no signal, and the empty forms are kept. No page with a case on it ever is. */
'use strict'
const STATIS = 'statis-' + VERSI
const HALAMAN = 'halaman-' + VERSI
const SABAR = 6000

addEventListener('install', e => e.waitUntil((async () => {
  await (await caches.open(STATIS)).addAll(DASAR.map(alamat => new Request(alamat, { credentials: 'omit' })))
  await skipWaiting()
})()))
addEventListener('activate', e => e.waitUntil((async () => {
  for (const nama of await caches.keys()) if (nama !== STATIS && nama !== HALAMAN) await caches.delete(nama)
  await clients.claim()
})()))
addEventListener('message', e => {
  if (e.data && e.data.simpan) e.waitUntil(simpan(e.data.simpan, e.data.siapa))
})
addEventListener('sync', e => e.waitUntil((async () => {
  for (const c of await clients.matchAll({ type: 'window' })) c.postMessage('kirim')
})()))

/* The empty form, one copy, of the person who is logged in. */
async function simpan (alamat, siapa) {
  const tempat = await caches.open(HALAMAN)
  const ada = await tempat.match(alamat)
  if (ada && ada.headers.get('x-siapa') === siapa) return
  await tempat.delete(alamat)
  const jawab = await fetch(alamat, { redirect: 'manual' })
  if (jawab.status !== 200) return
  const kepala = new Headers(jawab.headers)
  kepala.set('x-siapa', siapa)
  for (const k of ['content-encoding', 'content-length']) kepala.delete(k)
  await tempat.put(alamat, new Response(await jawab.blob(), { headers: kepala }))
}

async function statis (minta) {
  const tempat = await caches.open(STATIS)
  const ada = await tempat.match(minta)
  if (ada) return ada
  const jawab = await fetch(minta)
  if (jawab.ok) await tempat.put(minta, jawab.clone())
  return jawab
}

/* A form for which the portal had no time: nothing was done with it, so the same is sent again, with its photos. */
async function kirim (minta) {
  for (let n = 0; n < 3; n++) {
    const jawab = await fetch(minta.clone())
    if (!jawab.headers.has('x-belum-dikerjakan')) return jawab
    await new Promise(resolve => setTimeout(resolve, Math.min(Number(jawab.headers.get('retry-after')) || 10, 60) * 1000))
  }
  return fetch(minta)
}

async function halaman (minta) {
  const ada = minta.method === 'GET' && await (await caches.open(HALAMAN)).match(new URL(minta.url).pathname)
  try {
    const jaringan = minta.method === 'GET' ? fetch(minta) : kirim(minta)
    if (!ada) return await jaringan
    jaringan.catch(() => {})
    return await Promise.race([jaringan, new Promise((resolve, reject) => setTimeout(reject, SABAR))])
  } catch (err) {
    /* without a signal every page of the visits leads to the one that works then */
    const kunjungan = new URL(minta.url).pathname.startsWith('/asesmen/') && await caches.match('/asesmen/hp/')
    return ada || kunjungan || (await caches.match('/luring/')) || Response.error()
  }
}

addEventListener('fetch', e => {
  const { origin, pathname } = new URL(e.request.url)
  if (origin !== location.origin) return
  if (e.request.mode === 'navigate') e.respondWith(halaman(e.request))
  else if (e.request.method === 'GET' && pathname.startsWith('/static/')) e.respondWith(statis(e.request))
})
