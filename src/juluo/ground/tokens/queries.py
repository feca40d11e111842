"""Who a key belongs to."""

from datetime import timedelta

from juluo.kit import clock

from .models import Token
from .rules import PREFIX, digest

USE_IS_NOTED_EVERY = timedelta(minutes=5)


def bearer(key: str) -> Token | None:
    """The live token of a key, or None. Its last use is noted at most every five minutes, so that reading stays reading."""
    if not key.startswith(PREFIX):
        return None
    token = Token.objects.select_related("community").filter(digest=digest(key), revoked_at=None).first()
    if token is not None:
        now = clock.now()
        if token.last_used_at is None or token.last_used_at < now - USE_IS_NOTED_EVERY:
            Token.objects.filter(pk=token.pk).update(last_used_at=now)
    return token
