"""Secrets that must be readable again (a platform's token, an authenticator's seed), unreadable in the database and in backups of it.

The key is derived from the installation's secret key, which is kept beside the database and not in it.
"""

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from .errors import N_, JuluoError


class SealBroken(JuluoError):
    """The sealed text was written under another secret key, or is damaged."""

    code = "seal_broken"
    message = N_("保存的密钥无法读取：安装的 secret.key 可能换过。请恢复原来的 secret.key，或重新填写这个密钥。")
    status = 409


def seal(text: str) -> str:
    """`text`, encrypted and signed."""
    return _fernet(settings.SECRET_KEY).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed. Raises `SealBroken`."""
    try:
        return _fernet(settings.SECRET_KEY).decrypt(sealed.encode()).decode()
    except (InvalidToken, UnicodeError) as broken:
        raise SealBroken() from broken


@lru_cache(maxsize=4)
def _fernet(secret: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"juluo sealed").derive(secret.encode())
    return Fernet(urlsafe_b64encode(key))
