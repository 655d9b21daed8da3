"""Webhooks of a key on its page: taken up again, or ended. Subscribed over the API by the key itself."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.actions import webhook as tindakan
from accounts.models import KunciApi, Webhook
from accounts.policies import kunci as policy
from accounts.views.pintu import punya_kuasa
from core.web import act


def _webhook(request: HttpRequest, pk: uuid.UUID) -> Webhook:
    kunci = KunciApi.objects.visible_to(request.user)
    return get_object_or_404(Webhook.objects.ada().filter(kunci__in=kunci), pk=pk)


@require_POST
@punya_kuasa(policy.KELOLA)
def aktifkan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    satu = _webhook(request, pk)
    if act(request, lambda: tindakan.aktifkan(satu, by=request.user)):
        messages.success(request, "Webhook aktif lagi. Yang tertunda sedang dikirim.")
    return redirect("kunci_rinci", pk=satu.kunci_id)


@require_POST
@punya_kuasa(policy.KELOLA)
def hapus(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    satu = _webhook(request, pk)

    def do() -> bool:
        tindakan.hapus(satu, by=request.user)
        return True

    if act(request, do):
        messages.success(request, "Webhook dihapus.")
    return redirect("kunci_rinci", pk=satu.kunci_id)
