from django.apps import AppConfig


class DtksConfig(AppConfig):
    name = "dtks"
