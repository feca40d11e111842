"""Putting free answers that say alike together."""

from collections import defaultdict
from collections.abc import Sequence

from juluo.insight.texts.rules import Cutter, bare, terms
from juluo.insight.texts.rules.words import STOP

from ..types import Cluster

MOST = 2_000  # different texts compared with each other; time and memory grow with the square. Further ones join whom they are nearest to.
APART = 0.86  # the average cosine distance up to which two groups are one
COMMON, FEW = 0.4, 20  # among more than twenty answers, a word that more than four in ten use says nothing about who says alike
NAMED_BY = 3
_FILLERS = (
    "的了很太都也就还是有在和我",
    ("一点", "一些", "有点", "希望", "可以", "比较", "非常", "觉得", "感觉", "没有", "什么", "我们", "你们"),
)
_BINDS_NOBODY = STOP | set(_FILLERS[0]) | set(_FILLERS[1])


def clusters(texts: Sequence[str]) -> list[Cluster]:
    """The texts in groups, the largest first; last, those that stand alone as one group without terms. Every place is in one group.

    What counts are the words that are left when those that everybody uses are taken out, and a little the pairs of characters; texts
    are joined by average cosine distance (agglomerative clustering). The same texts in the same order give the same groups.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        places["".join(text.split()).lower()].append(place)
    kept = [text for text in places if text]
    labels = _labels([texts[places[text][0]] for text in kept]) if len(kept) > 1 else [0] * len(kept)
    groups: dict[int, list[int]] = defaultdict(list)
    for text, label in zip(kept, labels, strict=True):
        groups[label] += places[text]
    together = sorted((sorted(group) for group in groups.values() if len(group) > 1), key=lambda group: (-len(group), group[0]))
    alone = sorted(place for group in groups.values() if len(group) == 1 for place in group)
    said = {place: terms(text) for place, text in enumerate(texts)}
    found = [Cluster(_name(group, said), tuple(group)) for group in together]
    return [*found, Cluster((), tuple(alone), is_rest=True)] if alone else found


def _labels(texts: list[str]) -> list[int]:
    import numpy as np
    from scipy.sparse import hstack
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.feature_extraction.text import TfidfVectorizer

    cutter = Cutter()
    words = [[word for word, tag in cutter.cut(bare(text)) if tag != "mark" and word not in _BINDS_NOBODY] for text in texts]
    by_word = TfidfVectorizer(analyzer=lambda found: found, use_idf=False, max_df=COMMON if len(texts) > FEW else 1.0)
    by_pair = TfidfVectorizer(analyzer="char", ngram_range=(2, 2), use_idf=False, max_features=20_000)
    try:
        weights = hstack([by_word.fit_transform(words), 0.3 * by_pair.fit_transform([f" {text} " for text in texts])]).tocsr()
    except ValueError:  # no words at all
        return list(range(len(texts)))
    length = np.sqrt(weights.multiply(weights).sum(axis=1)).A1
    length[length == 0] = 1
    weights = weights.multiply((1 / length)[:, None]).tocsr()
    first = weights[:MOST]
    apart = np.clip(1 - (first @ first.T).toarray(), 0, 1)
    labels = AgglomerativeClustering(n_clusters=None, metric="precomputed", linkage="average", distance_threshold=APART).fit_predict(apart)
    if weights.shape[0] == first.shape[0]:
        return labels.tolist()
    near = weights[MOST:] @ first.T
    best, how_near = np.asarray(near.argmax(axis=1)).ravel(), near.max(axis=1).toarray().ravel()
    rest = np.where(how_near >= 1 - APART, labels[best], labels.max() + 1 + np.arange(best.size))
    return [*labels.tolist(), *rest.tolist()]


def _name(group: Sequence[int], said: dict[int, list[str]]) -> tuple[str, ...]:
    """The terms that most of a group use and others do not: by share inside times rarity outside."""
    inside: dict[str, int] = defaultdict(int)
    everywhere: dict[str, int] = defaultdict(int)
    members = set(group)
    for place, found in said.items():
        for term in found:
            everywhere[term] += 1
            inside[term] += place in members
    ranked = sorted((term for term, n in inside.items() if n), key=lambda term: (-(inside[term] ** 2) / everywhere[term], term))
    return tuple(ranked[:NAMED_BY])
