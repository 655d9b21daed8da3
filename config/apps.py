from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """No models: the app exists for the command `jalan`."""

    name = "config"
