"""What an operator relies on before the first start: the compose file, the runbook and `.env.example`."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

BASE_DIR = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text())
SECRETS = ("SECRET_KEY", "DATA_KEYS", "INDEX_KEY", "SIGNING_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD")
# Read by the machinery, not by the operator: marks between our own processes, and the shell's.
INTERNAL = {"DTKS_TEST_RUN", "DTKS_JALAN", "DTKS_WEB", "DJANGO_SETTINGS_MODULE"}


def documented() -> set[str]:
    return set(re.findall(r"^([A-Z_]+)=", (BASE_DIR / ".env.example").read_text(), re.M))


def test_compose_file_follows_the_specification():
    schema = json.loads((BASE_DIR / "tests/config/data/compose-spec.json").read_text())
    described = {key: value for key, value in COMPOSE.items() if key != "name"}  # newer than this schema
    jsonschema.Draft201909Validator(schema).validate(described)


def test_secrets_have_no_default_in_the_compose_file():
    text = (BASE_DIR / "docker-compose.yml").read_text()
    for name in SECRETS:
        uses = re.findall(rf"\$\{{{name}([^}}]*)\}}", text)
        assert uses, name
        assert all(use.startswith(":?") for use in uses), name


def test_compose_asks_only_for_documented_variables():
    asked = set(re.findall(r"\$\{([A-Z_]+)", (BASE_DIR / "docker-compose.yml").read_text()))
    assert asked <= documented()


def test_runbook_names_the_images_of_the_compose_file():
    runbook = (BASE_DIR / "docs/operasi/pemasangan.md").read_text()
    told = dict(re.findall(r"^\| (\w+) \| `([^`]+:[^`]+)` \|$", runbook, re.M))
    used = {name: service["image"] for name, service in COMPOSE["services"].items() if "build" not in service}
    assert told == used


@pytest.mark.parametrize("name", ["web", "worker", "beat", "migrate", "valkey", "proxy"])
def test_services_write_nowhere_and_gain_nothing(name):
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_databases_are_not_reachable_from_outside():
    assert COMPOSE["networks"]["dalam"] == {"internal": True}
    for name in ("postgres", "valkey"):
        assert COMPOSE["services"][name]["networks"] == ["dalam"]
        assert "ports" not in COMPOSE["services"][name]


def test_env_example_lists_every_variable_that_is_read():
    pattern = re.compile(
        r"""(?:env\.\w+\(|environ\.get\(|environ\[|environ\.setdefault\(|getenv\()\s*"([A-Z_]+)\""""
    )
    folders = ("config", "core", "wilayah", "accounts", "dtks", "bansos", "pengaduan", "portal")
    sources = [path for folder in folders for path in (BASE_DIR / folder).rglob("*.py")]
    read = {name for path in sources for name in pattern.findall(path.read_text())}
    shell = (BASE_DIR / "run").read_text() + (BASE_DIR / "config/python.sh").read_text()
    read |= set(re.findall(r"\$\{([A-Z_]+)[:-]", shell))
    assert read - INTERNAL - documented() == set()


def test_what_env_example_leaves_empty_has_the_value_that_it_names(tmp_path):
    """The whole file as the environment, as systemd's EnvironmentFile hands it on, with what a server must fill in."""
    lines = (BASE_DIR / ".env.example").read_text().splitlines()
    file = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    filled = {
        "PRODUCTION": "1", "DATABASE_URL": "postgres://x@127.0.0.1:1/x", "REDIS_URL": "redis://127.0.0.1:1/0",
        "PUBLIC_URL": "https://portal.contoh.test", "DTKS_LOCAL_DIR": str(tmp_path), "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings", **dict.fromkeys(SECRETS, "k1:" + "x" * 44),
    }  # fmt: skip
    names = (
        "HTTPS",
        "SECURE_SSL_REDIRECT",
        "FILES_DIR",
        "DUKCAPIL_URL",
        "SESSION_COOKIE_NAME",
        "KABUPATEN",
        "CSRF_TRUSTED_ORIGINS",
    )
    code = f"import json; from django.conf import settings as s; print(json.dumps({{n: getattr(s, n) for n in {names}}}, default=str))"
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=BASE_DIR, env=file | filled, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == {
        "HTTPS": True, "SECURE_SSL_REDIRECT": True, "FILES_DIR": str(tmp_path / "berkas"), "DUKCAPIL_URL": "http://127.0.0.1:8390",
        "SESSION_COOKIE_NAME": "__Host-sesi", "KABUPATEN": "32.05", "CSRF_TRUSTED_ORIGINS": [],
    }  # fmt: skip


@pytest.mark.parametrize("module", ["config.wsgi", "config.celery"])
def test_a_server_without_secrets_refuses_to_start(module, tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "DTKS_LOCAL_DIR": str(tmp_path),
        "DATABASE_URL": "postgres://x@127.0.0.1:1/x",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
    code = f"import {module}; from django.conf import settings; settings.SECRET_KEY"
    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode != 0
    assert "Rahasia belum diisi: SECRET_KEY, DATA_KEYS, INDEX_KEY, SIGNING_KEY" in answer.stderr
    assert not list(tmp_path.iterdir())


def test_a_server_without_database_refuses_to_start(tmp_path):
    environment = {"PATH": os.environ["PATH"], "DTKS_LOCAL_DIR": str(tmp_path)}
    answer = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode != 0
    assert "DATABASE_URL belum diisi" in answer.stderr
