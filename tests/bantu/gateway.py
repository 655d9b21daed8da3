"""The simulator of the WhatsApp/SMS gateway as a process of its own."""

import http.client
import json
import os
import subprocess
import sys

from core.integrations.dukcapil.client import Breaker
from core.integrations.messages.gateway import GatewaySender

TOKEN = "kunci-uji"


class Gateway:
    """The simulator process and its control addresses."""

    def __init__(self):
        command = [sys.executable, "-m", "core.integrations.messages.simulator", "--port", "0"]
        self.process = subprocess.Popen(
            command, env=os.environ | {"PESAN_TOKEN": TOKEN}, stdout=subprocess.PIPE, text=True
        )
        self.url = self.process.stdout.readline().split()[-1]
        self.port = int(self.url.rsplit(":", 1)[1])

    def call(self, method, path, content=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request(method, path, None if content is None else json.dumps(content).encode())
        return json.loads(connection.getresponse().read())

    def atur(self, **isi):
        return self.call("POST", "/_atur", isi)

    @property
    def pesan(self):
        return self.call("GET", "/_pesan")["pesan"]

    def pengirim(self, **lain):
        return GatewaySender(
            self.url, lain.pop("token", TOKEN), timeout=1.0, breaker=Breaker(after=100), **lain
        )

    def tutup(self):
        self.process.terminate()
        self.process.wait(10)
