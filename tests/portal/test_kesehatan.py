"""What a load balancer learns from /healthz and /readyz."""

import pytest
from django.db import OperationalError
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
