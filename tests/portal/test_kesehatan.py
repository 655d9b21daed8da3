"""What a load balancer learns from /healthz and /readyz."""

import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client

from portal.views import kesehatan


def test_alive_asks_nobody(client: Client):
    response = client.get("/healthz")
    assert response.status_code == 200 and response.json() == {"status": "hidup"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_ready_once_the_areas_are_loaded(client: Client):
    response = client.get("/readyz")
    assert response.status_code == 200 and response.json()["status"] == "siap"


@pytest.mark.django_db
def test_not_ready_without_areas(client: Client, monkeypatch):
    monkeypatch.setattr(kesehatan.Wilayah.objects, "exists", lambda: False, raising=False)
    response = client.get("/readyz")
    assert response.status_code == 503 and response.json()["wilayah"] is False


def test_not_ready_while_the_database_is_away(client: Client, monkeypatch):
    def away(connection):
        raise OperationalError("password=rahasia host=db")

    monkeypatch.setattr(kesehatan, "MigrationExecutor", away)
    response = client.get("/readyz")
    assert response.status_code == 503 and response.json()["basis_data"] is False
    assert b"rahasia" not in response.content


class Mati:
    """A database that answers `sebab` to every statement."""

    def __init__(self, sebab: Exception):
        self.sebab = sebab

    def __call__(self, execute, sql, params, many, context):
        raise self.sebab


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sebab",
    [
        OperationalError("server closed the connection"),
        OperationalError("too many clients"),
        InterfaceError("closed"),
    ],
    ids=["mati", "penuh", "putus"],
)
@pytest.mark.parametrize("alamat", ["/statistik/", "/dasbor/", "/usulan/", "/api/v1/usulan/"])
def test_a_database_that_is_away_is_said_with_a_time_to_come_again(masuk, alamat, sebab):
    """No 500 and no word of the cause; the offline queue of a phone and other machines know when to try again."""
    client = masuk("operator")
    client.raise_request_exception = False
    with connection.execute_wrapper(Mati(sebab)):
        response = client.get(alamat)
    assert response.status_code == 503 and int(response["Retry-After"]) > 0
    assert str(sebab).encode() not in response.content
    if alamat.startswith("/api/"):
        assert response.json()["type"].endswith("#galat-tidak-siap") and response.json()["status"] == 503
    else:
        assert "<h1>" in response.content.decode()


@pytest.mark.django_db
def test_a_defect_of_ours_stays_a_500(masuk):
    client = masuk("operator")
    client.raise_request_exception = False
    with connection.execute_wrapper(Mati(ProgrammingError("no such column"))):
        assert client.get("/usulan/").status_code == 500


@pytest.mark.django_db
def test_not_ready_before_every_migration_ran(client: Client, monkeypatch):
    monkeypatch.setattr(kesehatan.MigrationExecutor, "migration_plan", lambda self, targets: [("x", False)])
    response = client.get("/readyz")
    assert response.status_code == 503 and response.json()["migrasi"] is False


@pytest.mark.django_db
def test_front_page_opens_without_redis(client: Client, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_connect_timeout": 0.2},
        }
    }
    assert client.get("/").status_code == 200
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_not_existing_page_is_the_same_for_everyone(client: Client):
    one, two = client.get("/keluarga/3205014101800001/x"), client.get("/tidak-ada/")
    assert one.status_code == two.status_code == 404
    assert one.content == two.content
