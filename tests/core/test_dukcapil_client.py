"""The client against the simulator as its own process, in every mode it has (reliability.md F31)."""

import contextlib
import http.client
import json
import logging
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from core.integrations.dukcapil.client import Breaker, DukcapilClient
from core.integrations.dukcapil.population import CASES, KATEGORI, Population
from core.integrations.dukcapil.verdict import Kategori, PersonQuery

PASSWORD = "rahasia-uji"
SEED, FAMILIES = 3205, 1500


class Running:
    """The simulator process and its control addresses."""

    def __init__(self):
        command = [sys.executable, "-m", "core.integrations.dukcapil.simulator", "--port", "0"]
        command += ["--seed", str(SEED), "--families", str(FAMILIES)]
        environment = os.environ | {"DUKCAPIL_PASSWORD": PASSWORD, "DUKCAPIL_USER": "dinsos"}
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.url = self.process.stdout.readline().split()[-1]
        self.port = int(self.url.rsplit(":", 1)[1])

    def call(self, method, path, content=None, raw=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        body = raw if raw is not None else None if content is None else json.dumps(content).encode()
        connection.request(method, path, body)
        response = connection.getresponse()
        return response.status, json.loads(response.read())

    def set(self, **wanted):
        status, report = self.call("POST", "/_atur", wanted)
        assert status == 200, report
        return report

    def client(self, **changes):
        settings = {
            "url": self.url,
            "user": "dinsos",
            "password": PASSWORD,
            "ip": "127.0.0.1",
            "timeout": 1.0,
        }
        return DukcapilClient(**(settings | changes))


@pytest.fixture(scope="module")
def process():
    running = Running()
    yield running
    running.process.terminate()
    running.process.wait(10)
    running.process.stdout.close()
    running.process.stderr.close()


@pytest.fixture
def simulator(process):
    process.set(mode="normal", detik=30, kuota=200_000, kosongkan=True)
    yield process
    process.set(mode="normal", kuota=200_000)


@pytest.fixture(scope="module")
def people():
    """One (family, member) for each case."""
    found = {}
    for family in Population(SEED, FAMILIES).families():
        for member in family.members:
            found.setdefault(member.kasus, (family, member))
    return found


def query_for(family, member):
    told, desa = member.told, family.desa
    return PersonQuery(
        told.nik,
        told.nama,
        told.tanggal_lahir,
        told.jenis_kelamin,
        told.tempat_lahir,
        family.alamat,
        desa.nama,
        desa.kecamatan,
        desa.kabupaten,
        desa.provinsi,
    )


@pytest.fixture
def query(people):
    return query_for(*people["padan"])


@pytest.mark.parametrize("case", CASES)
def test_each_case_of_the_population_gives_its_category(simulator, people, case):
    result = simulator.client().verify(query_for(*people[case]))
    assert result.kategori == KATEGORI[case], result
    assert result.versi_layanan == "simulator/1"
    assert 0 < result.sisa_kuota < 200_000


def test_scores_are_reported_per_field(simulator, query):
    skor = simulator.client().verify(query).skor
    assert skor["NAMA_LGKP"] >= 90
    assert skor["TGL_LHR"] is True
    assert skor["KAB_NAME"] is True
    assert "NIK" not in skor


@pytest.mark.parametrize(
    ("mode", "sebab"),
    [
        ("lambat", "waktu_habis"),
        ("tetes", "waktu_habis"),
        ("mati", "tidak_terhubung"),
        ("500", "http_500"),
        ("reset", "tidak_terhubung"),
        ("setengah", "terpotong"),
        ("html", "bukan_json"),
        ("sampah", "bukan_json"),
        ("nik_lain", "nik_lain"),
        ("gzip_bom", "terkompresi"),
        ("redirect", "pengalihan"),
        ("besar", "terlalu_besar"),
    ],
)
def test_an_outage_is_never_a_verdict_and_never_takes_longer_than_the_deadline(simulator, query, mode, sebab):
    simulator.set(mode=mode, detik=20)
    start = time.monotonic()
    result = simulator.client(timeout=1.0).verify(query)
    elapsed = time.monotonic() - start
    assert (result.kategori, result.sebab) == (Kategori.GAGAL_LAYANAN, sebab)
    assert not result.skor
    assert elapsed < 10  # the service stalls for 20


def test_a_slow_but_timely_answer_counts(simulator, query):
    simulator.set(mode="lambat", detik=0.2)
    assert simulator.client().verify(query).kategori is Kategori.PADAN


def test_a_closed_port_and_an_unknown_host_are_outages(query):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}", "http://tidak-ada.invalid", f"https://127.0.0.1:{port}"):
        result = DukcapilClient(url, "u", "p", "127.0.0.1", 1.0).verify(query)
        assert (result.kategori, result.sebab) == (Kategori.GAGAL_LAYANAN, "tidak_terhubung")


def test_https_to_a_server_that_does_not_speak_it_is_an_outage(simulator, query):
    result = simulator.client(url=simulator.url.replace("http:", "https:")).verify(query)
    assert result.sebab in ("tls_gagal", "tidak_terhubung", "waktu_habis")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n{}",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n{}",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 401 Unauthorized\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 200_000,
        b"HTTP/1.1 200 OK\r\n\r\n" + b"9" * 10_000,
        b"HTTP/1.1 200 OK\r\n\r\n" + '{"content":[{"NIK":"Sesuai"}]}'.encode("utf-16"),
        b"HTTP/1.1 200 OK\r\n\r\nnull",
        b'HTTP/1.1 200 OK\r\n\r\n{"content":[{"NIK":"Sesuai","NAMA_LGKP":NaN,"TGL_LHR":"Sesuai"}]}',
    ],
)
def test_raw_nonsense_on_the_wire_never_raises(query, answer):
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_answer_once, args=(server, answer))
        thread.start()
        result = DukcapilClient(f"http://127.0.0.1:{server.getsockname()[1]}", "u", "p", "i", 1.0).verify(
            query
        )
        thread.join(5)
    assert result.kategori is Kategori.GAGAL_LAYANAN
    assert result.sebab


def _answer_once(server, answer):
    connection, _ = server.accept()
    with connection:
        connection.recv(65536)
        try:
            connection.sendall(answer)
            connection.shutdown(socket.SHUT_WR)
            connection.recv(65536)
        except OSError:
            pass


def test_headers_that_drip_end_at_the_deadline(query):
    with socket.create_server(("127.0.0.1", 0)) as server:
        stop = threading.Event()
        thread = threading.Thread(target=_drip_headers, args=(server, stop))
        thread.start()
        start = time.monotonic()
        result = DukcapilClient(f"http://127.0.0.1:{server.getsockname()[1]}", "u", "p", "i", 0.8).verify(
            query
        )
        elapsed = time.monotonic() - start
        stop.set()
        thread.join(5)
    assert result.sebab == "waktu_habis"
    assert elapsed < 10  # without a deadline it would drip for ever


def _drip_headers(server, stop):
    connection, _ = server.accept()
    with connection, contextlib.suppress(OSError):
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while not stop.wait(0.1):
            connection.sendall(b"X: y\r\n")


def test_an_untrusted_or_expired_certificate_is_refused(tmp_path, query):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    expired = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(expired - timedelta(days=30))
        .not_valid_after(expired)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    received = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_serve_tls, args=(server, context, received))
        thread.start()
        result = DukcapilClient(f"https://localhost:{server.getsockname()[1]}", "u", "p", "i", 2).verify(
            query
        )
        thread.join(5)
    assert result.sebab == "tls_gagal"
    assert received == []


def _serve_tls(server, context, received):
    connection, _ = server.accept()
    with (
        connection,
        contextlib.suppress(OSError),
        context.wrap_socket(connection, server_side=True) as secure,
    ):
        if data := secure.recv(65536):
            received.append(data)


def test_wrong_access_is_told_apart(simulator, query):
    assert simulator.client(password="salah").verify(query).sebab == "login_gagal"
    assert simulator.client(user="orang-lain").verify(query).sebab == "login_gagal"
    assert simulator.client(ip="10.0.0.9").verify(query).sebab == "ip_ditolak"


def test_the_daily_quota_ends_with_its_own_reason_and_does_not_open_the_breaker(simulator, query):
    simulator.set(kuota=2)
    client = simulator.client()
    assert [client.verify(query).sisa_kuota for _ in range(2)] == [1, 0]
    for _ in range(8):
        result = client.verify(query)
        assert (result.kategori, result.sebab) == (Kategori.GAGAL_LAYANAN, "kuota_habis")


def test_a_malformed_nik_costs_no_call(simulator, query):
    result = simulator.client().verify(PersonQuery("3205", "Asep"))
    assert result.kategori is Kategori.FORMAT_SALAH
    assert simulator.call("GET", "/_keadaan")[1]["permintaan"] == 0


def test_the_breaker_opens_after_five_failures_and_tries_again_after_the_pause(simulator, query):
    simulator.set(mode="500")
    now = [100.0]
    client = simulator.client(breaker=Breaker(after=5, seconds=30, clock=lambda: now[0]))
    assert [client.verify(query).sebab for _ in range(6)] == ["http_500"] * 5 + ["pemutus_terbuka"]
    assert client.breaker.is_open
    assert simulator.call("GET", "/_keadaan")[1]["permintaan"] == 5
    now[0] += 31
    assert client.verify(query).sebab == "http_500"  # the one trial
    assert client.verify(query).sebab == "pemutus_terbuka"
    simulator.set(mode="normal")
    now[0] += 31
    assert client.verify(query).kategori is Kategori.PADAN
    assert client.verify(query).kategori is Kategori.PADAN


def test_only_one_thread_gets_the_trial():
    now = [0.0]
    breaker = Breaker(after=1, seconds=10, clock=lambda: now[0])
    breaker.failure()
    now[0] = 11
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: breaker.allow(), range(64))) == 1


def test_one_success_clears_the_count():
    breaker = Breaker(after=2)
    breaker.failure()
    breaker.success()
    breaker.failure()
    assert breaker.allow()


def test_no_log_line_and_no_output_holds_a_nik(simulator, people, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    query = query_for(*people["padan"])
    for mode in ("normal", "html", "nik_lain", "reset"):
        simulator.set(mode=mode)
        client = simulator.client()
        text = repr(client.verify(query)) + repr(client) + repr(query)
        assert query.nik not in text
        assert PASSWORD not in text
    out, err = capfd.readouterr()
    assert query.nik not in caplog.text + out + err


def test_requests_are_counted_per_nik(simulator, query):
    client = simulator.client()
    for _ in range(3):
        client.verify(query)
    report = simulator.call("GET", "/_keadaan")[1]
    assert report["permintaan"] == 3
    assert report["per_nik"] == {query.nik: 3}


def test_the_data_look_up_shows_the_register(simulator, people):
    _, member = people["padan"]
    access = {"user_id": "dinsos", "password": PASSWORD, "IP_USER": "127.0.0.1"}
    status, reply = simulator.call("POST", "/data", access | {"NIK": member.told.nik})
    assert status == 200
    assert reply["content"][0]["NAMA_LGKP"] == member.record.person.nama
    status, reply = simulator.call("POST", "/data", access | {"NIK": people["hilang"][1].told.nik})
    assert (status, reply["content"][0]["RESPONSE_CODE"]) == (200, "13")
    status, reply = simulator.call("POST", "/data", {"NIK": member.told.nik})
    assert reply["content"][0]["RESPON"] == "Login Gagal"


def test_sample_families_to_type_in_a_demo(simulator):
    families = simulator.call("GET", "/_contoh?n=9&usulkan=1")[1]["keluarga"]
    assert {member["kasus"] for family in families for member in family["anggota"]} == set(CASES)
    assert all(member["kasus"] == "padan" for member in families[0]["anggota"])
    assert len(simulator.call("GET", "/_contoh?n=2")[1]["keluarga"]) == 2
    assert len(simulator.call("GET", "/_contoh?n=abc")[1]["keluarga"]) == 5


@pytest.mark.parametrize(
    "wanted",
    [
        {"mode": "x"},
        {"mode": []},
        {"detik": -1},
        {"detik": "x"},
        {"detik": True},
        {"kuota": -1},
        {"kuota": 1.5},
    ],
)
def test_nonsense_at_the_control_address_is_refused(simulator, wanted):
    assert simulator.call("POST", "/_atur", wanted)[0] == 400
    assert simulator.call("GET", "/_keadaan")[1]["mode"] == "normal"


@pytest.mark.parametrize(
    "raw", [b"", b"x", b"[]", b"null", b"\xff\xfe", b"[" * 60_000, b"1" * 6_000, b'{"a":1' + b" " * 70_000]
)
def test_nonsense_at_the_service_is_refused(simulator, raw):
    assert simulator.call("POST", "/verifikasi", raw=raw)[0] == 400


def test_unknown_addresses_are_not_found(simulator):
    assert simulator.call("GET", "/")[0] == 404
    assert simulator.call("POST", "/lain", {})[0] == 404


@pytest.mark.parametrize("url", ["ftp://x", "dukcapil", "", "http://", "http://u:p@x", "file:///etc/passwd"])
def test_a_wrong_address_is_told_at_start(url):
    with pytest.raises(ValueError):
        DukcapilClient(url, "u", "p", "i")


def test_a_hundred_checks_at_once(simulator, people):
    queries = [query_for(*people[case]) for case in CASES] * 12
    client = simulator.client(timeout=5)
    with ThreadPoolExecutor(16) as pool:
        results = list(pool.map(client.verify, queries))
    assert [result.kategori for result in results] == [KATEGORI[case] for case in CASES] * 12


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_simulator_stops_when_asked_even_while_slow(number, query):
    running = Running()
    running.set(mode="lambat", detik=60)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(running.client(timeout=5).verify, query)
        time.sleep(0.3)
        running.process.send_signal(number)
        assert running.process.wait(5) == 0
        waiting.result(10)
    assert running.process.stderr.read() == ""
    running.process.stdout.close()
    running.process.stderr.close()


def test_the_simulator_does_not_start_without_a_password():
    environment = {key: value for key, value in os.environ.items() if key != "DUKCAPIL_PASSWORD"}
    command = [sys.executable, "-m", "core.integrations.dukcapil.simulator", "--port", "0"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=20, check=False)
    assert result.returncode == 2
    assert "DUKCAPIL_PASSWORD" in result.stderr
