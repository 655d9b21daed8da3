from accounts.models.jatah import PemakaianUnduh
from accounts.models.kabar import Pemberitahuan, Pesan, PilihanKabar
from accounts.models.kunci import Cakupan, KunciApi, PemakaianKunci
from accounts.models.pengguna import PENGGANTI, Orang, Pengguna, Penugasan, Peran
from accounts.models.unduh import IzinUnduh
from accounts.models.webhook import CAKUPAN as CAKUPAN_PERISTIWA
from accounts.models.webhook import KirimanWebhook, Peristiwa, Webhook

__all__ = [
    "CAKUPAN_PERISTIWA",
    "PENGGANTI",
    "Cakupan",
    "IzinUnduh",
    "KirimanWebhook",
    "KunciApi",
    "Orang",
    "PemakaianKunci",
    "PemakaianUnduh",
    "Pemberitahuan",
    "Pengguna",
    "Penugasan",
    "Peran",
    "Peristiwa",
    "Pesan",
    "PilihanKabar",
    "Webhook",
]
