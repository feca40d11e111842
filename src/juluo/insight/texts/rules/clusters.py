"""Putting short texts that say alike together: free answers, complaints, wishes."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from ..types import Cluster, Dictionary
from .tokens import Cutter, bare
from .topical import picked, terms
from .words import STOP

MOST = 2_000  # different texts compared with each other; time and memory grow with the square. Further ones join whom they are nearest to.
FEW_AT_ONCE = 2_000  # of the further ones, so that memory does not grow with their number
APART = 0.86  # the average cosine distance up to which two groups are one
COMMON, FEW = 0.4, 20  # among more than twenty texts, a word that more than four in ten use says nothing about who says alike
NAMED_BY = 3
_FILLERS = (
    "的了很太都也就还是有在和我",
    ("一点", "一些", "有点", "希望", "可以", "比较", "非常", "觉得", "感觉", "没有", "什么", "我们", "你们"),
)
_BINDS_NOBODY = STOP | set(_FILLERS[0]) | set(_FILLERS[1])


def clusters(texts: Sequence[str], *, apart: float = APART, rare: bool = False) -> list[Cluster]:
    """The texts in groups, the largest first; last, those that stand alone as one group without terms. Every place is in one group.

    What counts are the words that are left when those that everybody uses are taken out, and a little the pairs of characters; texts
    are joined by average cosine distance (agglomerative clustering) up to `apart`. With `rare`, words count the more the fewer texts use
    them, as is right for texts about everything. The same texts in the same order give the same groups.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        places["".join(text.split()).lower()].append(place)
    kept = [text for text in places if text]
    labels, weights = _labels([texts[places[text][0]] for text in kept], apart, rare) if len(kept) > 1 else ([0] * len(kept), None)
    groups: dict[int, list[int]] = defaultdict(list)
    for at, label in enumerate(labels):
        groups[label].append(at)
    alone: list[int] = []
    found: list[Cluster] = []
    said = [terms(text) for text in texts] if len(texts) <= FEW else _terms(texts)
    everywhere = Counter(term for one in said for term in one)
    for group in groups.values():
        everyone = sorted(place for at in group for place in places[kept[at]])
        if len(everyone) == 1:
            alone += everyone
            continue
        centre = places[kept[_middle(group, weights)]][0]
        found.append(Cluster(_name(everyone, said, everywhere), tuple(everyone), centre=centre))
    alone += places.get("", []) if len(places.get("", [])) == 1 else []
    if len(places.get("", [])) > 1:
        found.append(Cluster((), tuple(places[""]), centre=places[""][0]))
    found.sort(key=lambda one: (-len(one.members), one.members[0]))
    return [*found, Cluster((), tuple(sorted(alone)), is_rest=True, centre=min(alone))] if alone else found


def _terms(texts: Sequence[str]) -> list[list[str]]:
    cutter, dictionary = Cutter(), Dictionary()
    return [picked(cutter.cut(bare(text)), dictionary) for text in texts]


def _middle(group: Sequence[int], weights: Any) -> int:
    """The text that is most like all of its group."""
    if weights is None or len(group) < 3:
        return group[0]
    rows = weights[group]
    return group[int((rows @ rows.sum(axis=0).A1).argmax())]


def _labels(texts: list[str], apart: float, rare: bool) -> tuple[list[int], Any]:
    import numpy as np
    from scipy.sparse import hstack
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.feature_extraction.text import TfidfVectorizer

    cutter = Cutter()
    words = [[word for word, tag in cutter.cut(bare(text)) if tag != "mark" and word not in _BINDS_NOBODY] for text in texts]
    by_word = TfidfVectorizer(analyzer=lambda found: found, use_idf=rare, max_df=COMMON if len(texts) > FEW else 1.0)
    by_pair = TfidfVectorizer(analyzer="char", ngram_range=(2, 2), use_idf=False, max_features=20_000)
    try:
        weights = hstack([by_word.fit_transform(words), 0.3 * by_pair.fit_transform([f" {text} " for text in texts])]).tocsr()
    except ValueError:  # no words at all
        return list(range(len(texts))), None
    length = np.sqrt(weights.multiply(weights).sum(axis=1)).A1
    length[length == 0] = 1
    weights = weights.multiply((1 / length)[:, None]).tocsr()
    first = weights[:MOST]
    distances = np.clip(1 - (first @ first.T).toarray(), 0, 1)
    labels = AgglomerativeClustering(n_clusters=None, metric="precomputed", linkage="average", distance_threshold=apart).fit_predict(
        distances
    )
    rest: list[int] = []
    for start in range(first.shape[0], weights.shape[0], FEW_AT_ONCE):
        near = weights[start : start + FEW_AT_ONCE] @ first.T
        best, how_near = np.asarray(near.argmax(axis=1)).ravel(), near.max(axis=1).toarray().ravel()
        alone = int(labels.max()) + 1 + start + np.arange(best.size)
        rest += np.where(how_near >= 1 - apart, labels[best], alone).tolist()
    return [*labels.tolist(), *rest], weights


def _name(group: Sequence[int], said: Sequence[list[str]], everywhere: Mapping[str, int]) -> tuple[str, ...]:
    """The terms that most of a group use and others do not: by share inside times rarity outside."""
    inside = Counter(term for place in group for term in said[place])
    ranked = sorted(inside, key=lambda term: (-(inside[term] ** 2) / everywhere[term], term))
    return tuple(ranked[:NAMED_BY])
