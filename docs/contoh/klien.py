"""Klien kecil API Portal DTKS, hanya pustaka standar. PORTAL dan KUNCI dari lingkungan.

python klien.py tarik PKH daftar.ndjson   seluruh daftar kelayakan; disambung sendiri bila terputus
python klien.py ikuti keluarga.json       salinan keluarga yang selalu sama dengan portal; jalankan berulang
python klien.py terima 8500               penerima webhook (RAHASIA dari lingkungan): memeriksa, lalu mencetak
"""

import base64, hashlib, hmac, http.client, http.server, json, os, sys, time, urllib.request  # noqa: E401, I001
from pathlib import Path

PORTAL, KUNCI = os.environ["PORTAL"], os.environ.get("KUNCI", "")


def minta(alamat, terima="application/json"):
    kepala = {"Authorization": f"Bearer {KUNCI}", "Accept": terima}
    return urllib.request.urlopen(
        urllib.request.Request(f"{PORTAL}/api/v1/{alamat}", headers=kepala), timeout=60
    )


def tarik(program, berkas):
    baris, putus = [], 0
    while True:  # tiap kali mulai lagi: sesudah baris terakhir yang utuh
        sesudah = f"?sesudah={json.loads(baris[-1])['id']}" if baris else ""
        try:
            baris += [
                b
                for b in minta(f"kelayakan/{program}/{sesudah}", "application/x-ndjson")
                if b.endswith(b"\n")
            ]
            break
        except (http.client.HTTPException, ConnectionError, TimeoutError):
            putus += 1
    Path(berkas).write_bytes(b"".join(baris))
    print(f"{len(baris)} baris, terputus {putus} kali")


def ikuti(berkas):
    ada = json.loads(Path(berkas).read_text()) if Path(berkas).exists() else {"posisi": "", "isi": {}}
    if not ada["posisi"]:  # pertama kali: catat posisi dulu, baru tarik semua halaman
        ada["posisi"], alamat = (
            json.load(minta("keluarga/?diubah_sejak=kini"))["posisi"],
            "keluarga/?urut=id&ukuran=200",
        )
    else:
        alamat = f"keluarga/?ukuran=200&diubah_sejak={ada['posisi']}"
    while alamat:
        halaman = json.load(minta(alamat))
        for k in halaman["results"]:
            ada["isi"].pop(k["id"], None) if k.get("dihapus") else ada["isi"].update({k["id"]: k})
        ada["posisi"] = halaman.get("posisi", ada["posisi"])
        alamat = halaman["next"] and halaman["next"].partition("/api/v1/")[2]
    Path(berkas).write_text(json.dumps(ada))
    print(f"{len(ada['isi'])} keluarga")


def sah(rahasia, kepala, badan, sudah):
    nomor, saat = kepala["webhook-id"], kepala["webhook-timestamp"]
    isi = f"{nomor}.{saat}.".encode() + badan
    tanda = base64.b64encode(
        hmac.digest(base64.b64decode(rahasia.removeprefix("whsec_")), isi, hashlib.sha256)
    ).decode()
    baru = abs(time.time() - int(saat)) < 300 and nomor not in sudah  # tidak basi, dan belum pernah diterima
    return hmac.compare_digest(kepala["webhook-signature"], "v1," + tanda) and baru


def terima(port):
    sudah = set()

    class Penerima(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            badan = self.rfile.read(min(int(self.headers["Content-Length"]), 65536))
            benar = sah(os.environ["RAHASIA"], self.headers, badan, sudah)
            sudah.add(self.headers["webhook-id"])
            print(badan.decode() if benar else "DITOLAK", flush=True)
            self.send_response(204 if benar else 401)
            self.end_headers()

    http.server.HTTPServer(("127.0.0.1", int(port)), Penerima).serve_forever()


if __name__ == "__main__":
    {"tarik": tarik, "ikuti": ikuti, "terima": terima}[sys.argv[1]](*sys.argv[2:])
