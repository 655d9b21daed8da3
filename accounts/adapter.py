"""allauth hooks: accounts are made by an admin, never by sign-up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class PortalAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def clean_username(self, username: str, shallow: bool = False) -> str:
        return username.strip().lower()

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        if "username" in credentials:
            credentials["username"] = credentials["username"].strip().lower()
        return super().authenticate(request, **credentials)
