"""Who talks with whom: influence, and the picture of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

MOST = 150  # people drawn
MOST_LINES = 320
TIES = 2  # the strongest lines of each are drawn however thin they are, so that nobody floats
COLOURS = 8
NAMED = 18  # the most influential bear their names; the others tell them when pointed at
DAMPING, TURNS, STILL = 0.85, 60, 1e-6
TURNS_OF_SPRINGS, GRAVITY, SPRING, CROWD = 160, 0.6, 0.35, 0.68

Edge = tuple[int, int, int]  # who, whose word they took up, how often


@dataclass(frozen=True)
class Person:
    """One of the people drawn. `influence` is 100 for the most influential; `heard` counts how often others took up their words,
    `said` how often they took up others', `links` leads to whom."""

    member: int
    influence: float
    heard: int
    said: int
    partners: int
    links: tuple[tuple[int, int], ...]


def influence(edges: Sequence[Edge]) -> dict[int, float]:
    """How much each counts by whose attention they have: attention from somebody who is listened to weighs more (PageRank)."""
    out: dict[int, int] = defaultdict(int)
    into: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for who, whose, times in edges:
        out[who] += times
        into[whose].append((who, times))
    everyone = sorted({who for edge in edges for who in edge[:2]})
    if not everyone:
        return {}
    share = 1 / len(everyone)
    now = dict.fromkeys(everyone, share)
    for _ in range(TURNS):
        idle = sum(weight for who, weight in now.items() if not out[who])
        base = (1 - DAMPING) * share + DAMPING * idle * share
        after = {who: base + DAMPING * sum(now[by] * times / out[by] for by, times in into[who]) for who in everyone}
        moved = sum(abs(after[who] - now[who]) for who in everyone)
        now = after
        if moved < STILL:
            break
    return now


def people(edges: Sequence[Edge], most: int = MOST) -> list[Person]:
    """The `most` influential people, the most influential first, with how they are tied."""
    weights = influence(edges)
    top = max(weights.values(), default=0.0)
    heard: dict[int, int] = defaultdict(int)
    said: dict[int, int] = defaultdict(int)
    links: dict[int, list[tuple[int, int]]] = defaultdict(list)
    partners: dict[int, set[int]] = defaultdict(set)
    for who, whose, times in edges:
        said[who] += times
        heard[whose] += times
        links[who].append((whose, times))
        partners[who].add(whose)
        partners[whose].add(who)
    order = sorted(weights, key=lambda who: (-weights[who], who))[:most]
    return [Person(who, 100 * weights[who] / top, heard[who], said[who], len(partners[who]), tuple(links[who])) for who in order]


def layout(many: int, lines: Sequence[tuple[int, int, int]]) -> npt.NDArray[np.float64]:
    """A place for each of so many points in a square of 1,000: those with lines between them near each other, the others apart.

    Fruchterman and Reingold's springs (1991) with some gravity, so that loose parts do not fly off. It begins with a circle and knows no
    chance: the same people always stand in the same places.
    """
    turn = np.arange(many) * 2.399963  # the golden angle: neighbours in the list begin far from each other
    places = np.sqrt((np.arange(many) + 0.5) / max(1, many))[:, None] * np.column_stack((np.cos(turn), np.sin(turn)))
    one, other = (np.array([line[end] for line in lines], dtype=np.intp) for end in (0, 1))
    pull = np.log1p(np.array([line[2] for line in lines], dtype=np.float64))[:, None]
    rest = 1.6 / sqrt(max(1, many))
    for heat in np.linspace(0.12, 0.004, TURNS_OF_SPRINGS):
        across, down = places[:, :1] - places[:, 0], places[:, 1:] - places[:, 1]
        push = rest**2 / np.maximum(across**2 + down**2, 1e-6)
        moves = np.column_stack(((across * push).sum(axis=1), (down * push).sum(axis=1))) - GRAVITY * places
        if len(lines):
            along = places[one] - places[other]
            force = along * np.hypot(along[:, 0], along[:, 1])[:, None] / rest * pull * SPRING
            np.add.at(moves, one, -force)
            np.add.at(moves, other, force)
        length = np.maximum(np.hypot(moves[:, 0], moves[:, 1]), 1e-9)
        places = places + moves / length[:, None] * np.minimum(length, heat)[:, None]
    places = places - places.mean(axis=0) if many else places
    far = np.hypot(places[:, 0], places[:, 1])[:, None]
    places = places * np.maximum(far, 1e-9) ** (CROWD - 1)  # the middle is crowded: give it more of the room
    low, high = (places.min(axis=0), places.max(axis=0)) if many else (0.0, 1.0)
    return (places - low) / np.maximum(high - low, 1e-9) * 1000


def option(people: Sequence[Person], names: Sequence[str], groups: Sequence[str], urls: Sequence[str], *, others: str) -> dict[str, Any]:
    """The picture in ECharts' words: size is influence, colour is the group (`others` where there are more groups than colours), a line is
    talk between two."""
    at = {person.member: place for place, person in enumerate(people)}
    kinds = sorted(set(groups), key=lambda group: (-groups.count(group), group))
    if len(kinds) > COLOURS:
        kinds = [*kinds[: COLOURS - 1], others]
    between: dict[tuple[int, int], int] = defaultdict(int)
    for person in people:
        for other, times in person.links:
            if other in at:
                between[min(at[person.member], at[other]), max(at[person.member], at[other])] += times
    lines = _lines(between)
    places = layout(len(people), [(one, other, times) for (one, other), times in lines])
    most = max(between.values(), default=1)
    nodes = [
        {
            "id": str(place),
            "name": names[place],
            "value": round(person.influence, 1),
            "x": round(float(places[place][0]), 1),
            "y": round(float(places[place][1]), 1),
            "symbolSize": round(8 + 34 * sqrt(person.influence / 100), 1),
            "category": kinds.index(groups[place]) if groups[place] in kinds else len(kinds) - 1,
            "label": {"show": place < NAMED},
            "url": urls[place],
        }
        for place, person in enumerate(people)
    ]
    return {
        "legend": {"type": "scroll", "top": 0, "left": 0, "data": kinds, "icon": "circle", "itemWidth": 10, "itemHeight": 10},
        "series": [
            {
                "type": "graph",
                "layout": "none",
                "top": 56,
                "bottom": 24,
                "left": 24,
                "right": 64,
                "draggable": True,
                "data": nodes,
                "categories": [{"name": kind} for kind in kinds],
                "links": [
                    {
                        "source": str(one),
                        "target": str(other),
                        "value": times,
                        "lineStyle": {"width": round(0.6 + 3.4 * sqrt(times / most), 2)},
                    }
                    for (one, other), times in lines
                ],
                "lineStyle": {"color": "source", "opacity": 0.28, "curveness": 0.08},
                "label": {"position": "right", "fontSize": 12},
                "labelLayout": {"hideOverlap": True},
                "emphasis": {"focus": "adjacency", "label": {"show": True}, "lineStyle": {"opacity": 0.7}},
            }
        ],
    }


def _lines(between: dict[tuple[int, int], int]) -> list[tuple[tuple[int, int], int]]:
    """The lines to draw: the strongest of each person, then the strongest of all."""
    strongest = sorted(between.items(), key=lambda pair: (-pair[1], pair[0]))
    ties: dict[int, int] = defaultdict(int)
    first, rest = [], []
    for line in strongest:
        (one, other), _times = line
        if ties[one] < TIES or ties[other] < TIES:
            first.append(line)
            ties[one] += 1
            ties[other] += 1
        else:
            rest.append(line)
    return first + rest[: max(0, MOST_LINES - len(first))]
