"""A mailbox that speaks as much IMAP as the portal asks for, over a real socket."""

import re
import socketserver
import threading


class KotakSurel(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, sandi: str = "s@ndi rahasia"):
        super().__init__(("127.0.0.1", 0), _Percakapan)
        self.sandi, self.surel, self.terbaca = sandi, [], set()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"imap://portal:s%40ndi%20rahasia@127.0.0.1:{self.server_address[1]}/INBOX"

    def tutup(self) -> None:
        self.shutdown()
        self.server_close()


class _Percakapan(socketserver.StreamRequestHandler):
    server: KotakSurel

    def handle(self) -> None:
        self.kirim("* OK siap")
        while baris := self.rfile.readline().decode().strip():
            tanda, kata, isi = ([*baris.split(" ", 2), ""])[:3]
            kata = kata.upper()
            if kata == "LOGOUT":
                self.kirim("* BYE")
            if kata == "LOGIN" and isi != f'portal "{self.server.sandi}"':
                self.kirim(f"{tanda} NO salah sandi")
                continue
            getattr(self, kata.lower(), lambda isi: None)(isi)
            self.kirim(f"{tanda} OK selesai")

    def kirim(self, baris: str) -> None:
        self.wfile.write(f"{baris}\r\n".encode())

    def capability(self, isi: str) -> None:
        self.kirim("* CAPABILITY IMAP4rev1")

    def select(self, isi: str) -> None:
        self.kirim(f"* {len(self.server.surel)} EXISTS")

    def uid(self, isi: str) -> None:
        kata, _, isi = isi.partition(" ")
        if kata == "SEARCH":
            belum = [str(n) for n in range(1, len(self.server.surel) + 1) if n not in self.server.terbaca]
            self.kirim("* SEARCH " + " ".join(belum))
            return
        nomor = int(isi.split(" ")[0])
        if kata == "STORE":
            assert re.search(r"\+FLAGS \(\\Seen\)", isi), isi
            self.server.terbaca.add(nomor)
        elif kata == "FETCH":
            banyak = int(re.search(r"<0\.(\d+)>", isi)[1])
            badan = self.server.surel[nomor - 1][:banyak]
            self.wfile.write(
                f"* {nomor} FETCH (UID {nomor} BODY[]<0> {{{len(badan)}}}\r\n".encode() + badan + b")\r\n"
            )
