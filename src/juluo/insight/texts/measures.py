"""Topics: which words are hot, which are rising, which belong together.

Heat counts people before messages: s · (1 + log10(m / s)) for m messages by s people. A person who writes a word a thousand times
weighs four, a thousand people who write it once weigh a thousand; and nothing is a topic that fewer than `LEAST_SPEAKERS` touch.

Rise is the information component of pharmacovigilance, log2((O + ½) / (E + ½)), with O the people who used the word in the window
and E those expected from the windows before, scaled by how many people spoke; its lower 95 % bound is
IC − 3.3 (O + ½)^−½ − 2 (O + ½)^−3⁄2 (Norén, Hopstadius, Bate 2013, "Shrinkage observed-to-expected ratios for robust and transparent
large-scale pattern discovery"). The halves keep rare words near 0, so that two people instead of one is no burst.

Words that belong together are found as stars (Aslam, Pelekhov, Rus 2004, "The star clustering algorithm"): the hottest word not yet
taken is a centre and takes the words tied to it, not to each other, so that a topic can be explained in one sentence: "these
words appear in the same messages as «centre»". The tie is normalised pointwise mutual information (Bouma 2009), discounted where
it rests on few messages (Pantel, Lin 2002, "Discovering word senses from text").
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log2, log10, sqrt

from .types import Heat, Topic, Use

LEAST_SPEAKERS = 2
TIE = 0.25  # discounted mutual information from which two words belong together
SHARE = 0.2  # of the messages with one of two words, how many must hold the other
TOGETHER = 2  # people who must have used both in one message
MOST_TERMS = 5
EXAMPLES = 5


@dataclass(frozen=True)
class Said:
    """One message of a window: its id, who wrote it, and its terms in the order they were read."""

    id: int
    speaker: int
    terms: Sequence[str]


def heat(use: Use) -> float:
    """How hot a word is; 0.0 when nobody used it."""
    if use.speakers <= 0:
        return 0.0
    return use.speakers * (1 + log10(max(use.messages, use.speakers) / use.speakers))


def rise(observed: float, expected: float) -> float:
    """In doublings: 1.0 when twice as many people as expected use the word, -1.0 when half."""
    return log2((observed + 0.5) / (expected + 0.5))


def surely(observed: float, expected: float) -> float:
    """The rise that is left when chance is allowed for (the lower end of 95 %); above 0 a word is rising beyond doubt."""
    seen = observed + 0.5
    return rise(observed, expected) - 3.3 / sqrt(seen) - 2 / seen**1.5


def uses(said: Iterable[Said]) -> dict[str, Use]:
    """In how many messages, and by how many people, each term was used."""
    messages: Counter[str] = Counter()
    speakers: defaultdict[str, set[int]] = defaultdict(set)
    for one in said:
        for term in set(one.terms):
            messages[term] += 1
            speakers[term].add(one.speaker)
    return {term: Use(count, len(speakers[term])) for term, count in messages.items()}


def expected(term: str, before: Sequence[tuple[int, Mapping[str, Use]]], speaking: int) -> float:
    """How many people of the `speaking` would have used the term, had it been as usual in the windows before.

    `before` holds, for each window, how many people spoke and the uses of terms; windows in which nobody spoke say nothing.
    """
    spoke = sum(people for people, _ in before)
    if spoke <= 0:
        return 0.0
    return speaking * sum(window[term].speakers for _, window in before if term in window) / spoke


def ranked(
    now: Mapping[str, Use],
    before: Sequence[tuple[int, Mapping[str, Use]]] = (),
    *,
    speaking: int,
    least_speakers: int = LEAST_SPEAKERS,
) -> list[Heat]:
    """The words of a window, hottest first (ties by alphabet). `speaking` is how many people spoke in it.

    Spellings of one word ("node.js", "nodejs"; "tested", "testing") are counted as the commonest of them.
    """
    spelled = _spellings(now)
    now = _respelled(now, spelled)
    before = [(people, _respelled(window, spelled)) for people, window in before]
    warm = []
    for term, use in now.items():
        if use.speakers >= least_speakers:
            usual = expected(term, before, speaking)
            is_new = bool(before) and not any(term in window for _, window in before)
            warm.append(
                Heat(
                    term,
                    use,
                    heat(use),
                    rise(use.speakers, usual) if before else 0.0,
                    surely(use.speakers, usual) if before else 0.0,
                    is_new,
                )
            )
    return sorted(warm, key=lambda one: (-one.heat, one.term))


def rising(words: Iterable[Heat]) -> list[Heat]:
    """Those that rise beyond doubt, the surest first."""
    return sorted((one for one in words if one.sure_rise > 0), key=lambda one: (-one.sure_rise, one.term))


_JOINERS = {ord(mark): None for mark in " -_.'’"}


def _spellings(now: Mapping[str, Use]) -> dict[str, str]:
    """For each term the spelling it is counted under."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for term in now:
        groups[_base(term, now).translate(_JOINERS)].append(term)
    return {
        term: min(group, key=lambda one: (-now[one].speakers, -now[one].messages, len(one), one))
        for group in groups.values()
        for term in group
    }


def _base(term: str, known: Mapping[str, Use]) -> str:
    """ "testing" and "tested" are "test" where "test" is used as well; never a form that nobody uses."""
    for ending in ("ing", "ed"):
        if term.isascii() and term.endswith(ending):
            stem = term[: -len(ending)]
            for base in (stem, stem + "e", stem[:-1] if stem[-2:-1] == stem[-1:] else stem):
                if len(base) >= 3 and base in known:
                    return base
    return term


def _respelled(window: Mapping[str, Use], spelled: Mapping[str, str]) -> dict[str, Use]:
    """The uses by spelling. Whether the same people use two spellings cannot be seen from counts: of the people of each spelling but
    the commonest, half are taken to be others."""
    groups: defaultdict[str, list[Use]] = defaultdict(list)
    for term, use in window.items():
        groups[spelled.get(term, term)].append(use)
    together = {}
    for term, group in groups.items():
        most = max(use.speakers for use in group)
        others = sum(use.speakers for use in group) - most
        together[term] = Use(sum(use.messages for use in group), most + others // 2)
    return together


def topics(said: Sequence[Said], words: Sequence[Heat], *, most: int = 20, among: int = 300) -> list[Topic]:
    """The hottest topics of a window: the `among` hottest `words` of it, put together where they belong together.

    Heat is that of the messages and people of all words of the topic together; rise is that of its centre, the word it grew around.
    Examples are messages that hold most of the topic's words, by different people where possible, the latest id first.
    """
    spelled = _spellings({term: Use() for one in said for term in one.terms} | {one.term: one.use for one in words})
    hot = {one.term: one for one in words[:among]}
    messages = [(one, [term for term in dict.fromkeys(spelled[term] for term in one.terms) if term in hot]) for one in said]
    ties = _ties(messages, hot)

    taken: set[str] = set()
    found = []
    for centre in hot.values():
        if centre.term in taken:
            continue
        tied = sorted((-strength, term) for term, strength in ties[centre.term].items() if term not in taken)
        terms = [centre.term, *(term for _, term in tied[: MOST_TERMS - 1])]
        taken.update(terms)
        found.append(_topic(centre, terms, messages, hot))
    return sorted(found, key=lambda one: (-one.heat, one.label))[:most]


def _ties(messages: Sequence[tuple[Said, list[str]]], hot: Mapping[str, Heat]) -> defaultdict[str, dict[str, float]]:
    alone: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    people: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for message, terms in messages:
        alone.update(terms)
        for pair in combinations(sorted(terms), 2):
            pairs[pair] += 1
            if len(people[pair]) < TOGETHER:
                people[pair].add(message.speaker)
    ties: defaultdict[str, dict[str, float]] = defaultdict(dict)
    total = len(messages)
    for pair, both in pairs.items():
        one, other = pair
        if len(people[pair]) >= TOGETHER and both >= SHARE * min(alone[one], alone[other]):
            strength = tie(both, alone[one], alone[other], total)
            if strength >= TIE:
                ties[one][other] = ties[other][one] = strength
    return ties


def tie(both: int, one: int, other: int, total: int) -> float:
    """How strongly two words are tied that appear in `one` and `other` of `total` messages, in `both` together.

    1.0 at most, when they only appear together; 0.0 when by chance; below when they avoid each other.
    """
    if both <= 0:
        return -1.0
    if both >= total:
        return 1.0
    fewest = min(one, other)
    return log2(both * total / (one * other)) / -log2(both / total) * both / (both + 1) * fewest / (fewest + 1)


def _topic(centre: Heat, terms: Sequence[str], messages: Sequence[tuple[Said, list[str]]], hot: Mapping[str, Heat]) -> Topic:
    wanted = set(terms)
    holding = [(len(wanted.intersection(held)), one, held) for one, held in messages if not wanted.isdisjoint(held)]
    use = Use(len(holding), len({one.speaker for _, one, _ in holding}))
    by_heat = tuple(sorted(terms, key=lambda term: (-hot[term].heat, term)))
    best: dict[int, int] = {}
    for _, one, _ in sorted(holding, key=lambda row: (-row[0], -row[1].id)):
        best.setdefault(one.speaker, one.id)
        if len(best) == EXAMPLES:
            break
    return Topic(
        label=_label(centre.term, terms, [held for _, _, held in holding]),
        terms=by_heat,
        use=use,
        heat=heat(use),
        rise=centre.rise,
        sure_rise=centre.sure_rise,
        is_new=centre.is_new,
        examples=tuple(best.values()),
    )


def _label(centre: str, terms: Sequence[str], held: Sequence[list[str]]) -> str:
    """The centre and the word tied to it most closely, in the order people write them."""
    if len(terms) == 1:
        return centre
    other = terms[1]
    if other in centre or centre in other:  # 直播 · 直播间
        return max(centre, other, key=len)
    first = sum(one.index(centre) < one.index(other) for one in held if centre in one and other in one)
    last = sum(one.index(centre) > one.index(other) for one in held if centre in one and other in one)
    return f"{centre} · {other}" if first >= last else f"{other} · {centre}"
