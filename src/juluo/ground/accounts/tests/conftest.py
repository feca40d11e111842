import pytest


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """Hashing slowly is right for people and a waste here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
