"""How sign-in differs from allauth's defaults."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):
    """Nobody signs themselves up: colleagues are invited, the first administrator comes by one-time link."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
