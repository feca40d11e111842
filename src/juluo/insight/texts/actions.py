"""Changing a community's dictionary, and correcting moods. Each change makes the lake read the community's messages again."""

import re
import secrets
from collections.abc import Collection
from typing import Any

from django.db import transaction

from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community
from juluo.kit import clock

from .errors import MoodRefused, SynonymLoop, WordRefused
from .models import OwnWord, Reading, Relabel
from .queries import dictionary_of, reader_for, text_hash
from .types import Mood, WordKind

_LONGEST = 40
_WORD = re.compile(r"\w[\w .+#&'’/-]*")


def keep_word(community: Community, word: str, *, user: Any = None) -> OwnWord:
    """From now on `word` is one word and may be a topic, whatever the dictionaries say. Raises `WordRefused`."""
    return _say(community, word, WordKind.KEEP, user=user)


def stop_word(community: Community, word: str, *, user: Any = None) -> OwnWord:
    """From now on `word` is no topic. Raises `WordRefused`."""
    return _say(community, word, WordKind.STOP, user=user)


def same_word(community: Community, word: str, *, same_as: str, user: Any = None) -> OwnWord:
    """From now on `word` counts as `same_as`. Raises `WordRefused`, and `SynonymLoop` when `same_as` counts as `word` already."""
    return _say(community, word, WordKind.SAME, same_as=same_as, user=user)


@transaction.atomic
def forget_word(community: Community, word: str) -> bool:
    """Take a word out of the dictionary; whether it was there."""
    _hold(community.pk)
    gone, _ = OwnWord.objects.filter(community=community, word=_tidy(word)).delete()
    if not gone:
        return False
    _changed(community.pk)
    note("texts.word_forgotten", subject=_tidy(word), community_id=community.pk)
    return True


@transaction.atomic
def _say(community: Community, word: str, kind: WordKind, *, same_as: str = "", user: Any = None) -> OwnWord:
    word, same_as = _checked(word), _checked(same_as) if kind == WordKind.SAME else ""
    _hold(community.pk)
    known = OwnWord.objects.filter(community=community, word=word).first()
    if known and (known.kind, known.same_as) == (kind, same_as):
        return known

    if kind == WordKind.SAME and dictionary_of(community.pk).same.get(same_as, same_as) == word:
        raise SynonymLoop(word=word, same_as=same_as)

    row, _ = OwnWord.objects.update_or_create(
        community=community, word=word, defaults={"kind": kind.value, "same_as": same_as, "user": user, "at": clock.now()}
    )
    _changed(community.pk)
    note("texts.word_said", subject=word, community_id=community.pk, kind=kind.value, same_as=same_as)
    return row


@transaction.atomic
def relabel(community: Community, *, event: int, text: str, mood: Mood, user: Any = None) -> Relabel:
    """Say what the mood of a message is. The same words said again teach the reader; the last word on a message stands.

    `event` is the message's id in the lake, `text` its text (not kept). Raises `MoodRefused` where there is no text.
    """
    if not text.strip():
        raise MoodRefused()
    _hold(community.pk)
    known = Relabel.objects.filter(community=community, event=event).first()
    hashed = text_hash(text)
    if known and (known.mood, known.text_hash) == (mood, hashed):
        return known

    features, score, was = reader_for(community.pk).unlearned(text)
    row, _ = Relabel.objects.update_or_create(
        community=community,
        event=event,
        defaults={
            "text_hash": hashed,
            "features": list(features),
            "score": score,
            "was": known.was if known else was.value,
            "mood": Mood(mood).value,
            "user": user,
            "at": clock.now(),
        },
    )
    _changed(community.pk)
    note("texts.relabelled", subject=event, community_id=community.pk, mood=Mood(mood).value)
    return row


@transaction.atomic
def forget_relabels(community_id: int, events: Collection[int]) -> int:
    """Forget what was said about these messages, because it was a mistake or because their writer is erased; how many."""
    _hold(community_id)
    said = Relabel.objects.filter(community_id=community_id)
    about = set(said.values_list("event", flat=True)).intersection(events)  # of the two, only what was said is always short
    gone, _ = said.filter(event__in=about).delete()
    if gone:
        _changed(community_id)
        note("texts.relabels_forgotten", community_id=community_id, count=gone)
    return gone


def _tidy(word: str) -> str:
    return " ".join(word.lower().split())


def _checked(word: str) -> str:
    tidy = _tidy(word)
    if not 0 < len(tidy) <= _LONGEST or "\n" in word or not _WORD.fullmatch(tidy):
        raise WordRefused(word=word.strip()[:_LONGEST])
    return tidy


def _hold(community_id: int) -> None:
    """Let one change of a community's reading happen at a time."""
    Reading.objects.get_or_create(community_id=community_id)
    Reading.objects.select_for_update().get(community_id=community_id)


def _changed(community_id: int) -> None:
    Reading.objects.filter(community_id=community_id).update(stamp=secrets.token_hex(8))
