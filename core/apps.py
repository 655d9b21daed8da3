from django.apps import AppConfig

from core import kalimat


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        kalimat.pasang()
