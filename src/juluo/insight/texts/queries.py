"""Reading messages with a community's own words and corrections."""

from collections.abc import Sequence
from functools import lru_cache

from juluo.kit.ids import stable_id

from .models import OwnWord, Reading, Relabel
from .ports import Moods
from .registry import moods
from .rules import Correction, Cutter, Lesson, bare, decided, features, learned, picked
from .types import Dictionary, Mood, WordKind

_KEPT_READERS = 4  # one with own Han words holds a dictionary of 30 MB


class Reader:
    """Reads texts: their terms and their mood. Made for one community as of one `version`; safe to use from several threads."""

    def __init__(
        self,
        version: str,
        dictionary: Dictionary,
        *,
        moods: Moods,
        correction: Correction | None = None,
        said: dict[int, Mood] | None = None,
    ) -> None:
        self.version = version
        self._dictionary = dictionary
        self._cutter = Cutter(dictionary.keep | dictionary.stop | dictionary.same.keys())
        self._moods = moods
        self._correction = correction or Correction()
        self._said = said or {}

    def read(self, texts: Sequence[str | None]) -> list[tuple[list[str], int]]:
        """The terms and the mood (-1, 0, 1) of each text, in order. A missing text has no terms and is neutral."""
        return [self.read_one(text) if text else ([], 0) for text in texts]

    def read_one(self, text: str) -> tuple[list[str], int]:
        """As `read`, for one text."""
        tokens = self._cutter.cut(bare(text))
        if self._said and (said := self._said.get(text_hash(text))) is not None:
            return picked(tokens, self._dictionary), int(said)
        score = self._moods.score(text, tokens)
        if self._correction.weights:
            score += self._correction.of(features(tokens))
        return picked(tokens, self._dictionary), int(decided(score, text)) if score else 0

    def unlearned(self, text: str) -> tuple[tuple[int, ...], float, Mood]:
        """What a correction of this text teaches from: its features, its score by the lists alone, and the mood now given to it."""
        tokens = self._cutter.cut(bare(text))
        return features(tokens), self._moods.score(text, tokens), Mood(self.read_one(text)[1])


def text_hash(text: str) -> int:
    """Knows a text again, whatever its letters' case and its spaces."""
    return stable_id("text", " ".join(text.lower().split()))


def annotation_version(community_id: int) -> str:
    """Changes whenever `annotate` would answer differently: the word lists, the reader of moods, the community's own say."""
    stamp = Reading.objects.filter(community_id=community_id).values_list("stamp", flat=True).first()
    return "-".join(filter(None, [_chosen().code, _chosen().edition, stamp]))


def reader_for(community_id: int) -> Reader:
    """The reader of a community as it stands now. Readers are kept while their version stands, so asking often is cheap."""
    return _reader(community_id, annotation_version(community_id))


def annotate(community_id: int, texts: list[str | None]) -> tuple[list[list[str]], list[int]]:
    """The terms and the moods of texts, as two lists: what the lake's `texts` table holds."""
    read = reader_for(community_id).read(texts)
    return [terms for terms, _ in read], [mood for _, mood in read]


def dictionary_of(community_id: int) -> Dictionary:
    """A community's own words. Synonyms of synonyms count as what the last one counts as."""
    rows = list(OwnWord.objects.filter(community_id=community_id))
    same = {row.word: row.same_as for row in rows if row.kind == WordKind.SAME}
    for word in same:
        while same[word] in same:
            same[word] = same[same[word]]
    return Dictionary(
        keep=frozenset(row.word for row in rows if row.kind == WordKind.KEEP) | frozenset(same.values()),
        stop=frozenset(row.word for row in rows if row.kind == WordKind.STOP),
        same=same,
    )


def words_of(community_id: int) -> list[OwnWord]:
    """The rows of a community's dictionary, for its page."""
    return list(OwnWord.objects.filter(community_id=community_id).select_related("user"))


def agreement(community_id: int) -> tuple[int, int]:
    """How many messages operators looked at, and for how many of them the machine had said the same."""
    pairs = Relabel.objects.filter(community_id=community_id).values_list("was", "mood")
    return len(pairs), sum(was == mood for was, mood in pairs)


def _chosen() -> Moods:
    return list(moods)[-1]


@lru_cache(maxsize=_KEPT_READERS)
def _reader(community_id: int, version: str) -> Reader:
    relabels = list(Relabel.objects.filter(community_id=community_id).order_by("at", "id"))
    return Reader(
        version,
        dictionary_of(community_id),
        moods=_chosen(),
        correction=learned([Lesson(tuple(row.features), row.score, Mood(row.mood)) for row in relabels]),
        said={row.text_hash: Mood(row.mood) for row in relabels},
    )
