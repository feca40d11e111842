"""Names and faces for a population: what the platform would show of each."""

import random
from collections.abc import Iterator
from functools import cached_property

import numpy as np

from juluo.record.connectors.types import Channel, Person, PersonKind

from .population import NEVER, Population
from .recipes import Recipe
from .words import names
from .words.catalogue import GROUPS, SHOP
from .words.slots import SLOTS

SOURCE = "sandbox"
INVITED = "同行票"
AGE_BANDS = ("18–24 岁", "25–34 岁", "35–44 岁", "45–54 岁")


class Cast:
    """The platform's directory."""

    def __init__(self, recipe: Recipe, people: Population) -> None:
        self.recipe, self.people = recipe, people

    @cached_property
    def _drawn(self) -> tuple[list[str], dict[int, str], list[str], list[str]]:
        """Present names, earlier names, cities, and where each came from."""
        rng = random.Random(f"cast {self.recipe.seed}")  # noqa: S311  (a simulation, not a secret)
        people, n = self.people, self.people.members
        renamed = np.flatnonzero(people.renamed_on[:n] < self.recipe.days).tolist()
        drawn = names.nicknames(n + len(renamed), rng)
        present, spare = drawn[:n], drawn[n:]
        if n:
            # 阿树, the first of the drawn names, goes to the member who is there most and helps most.
            stays = (people.churned[:n] == NEVER) & (people.renamed_on[:n] == NEVER) & (people.twin_of[:n] < 0) & ~people.english[:n]
            best = int(np.argmax(people.rate[:n] * people.speaks[:n] * (0.2 + people.helps[:n]) * (0.01 + stays)))
            present[0], present[best] = present[best], present[0]
        earlier = dict(zip(renamed, spare, strict=True))
        cities, sources = SLOTS["city"], SLOTS["source"]
        city = [cities[int(rng.random() ** 1.7 * len(cities))] for _ in range(n)]
        source = [INVITED if people.invited_by[who] >= 0 else sources[int(rng.random() * (len(sources) - 1))] for who in range(n)]
        for who in np.flatnonzero(people.twin_of[:n] >= 0).tolist():
            first = int(people.twin_of[who])
            present[who], city[who] = names.twin(present[first], rng), city[first]
        crew = self.recipe.staff, self.recipe.bots
        for titles, count in zip((names.STAFF, names.BOTS), crew, strict=True):
            present += [titles[k] if k < len(titles) else f"{titles[k % len(titles)]}·{k // len(titles) + 1}" for k in range(count)]
        return present, earlier, city, source

    @property
    def names(self) -> list[str]:
        """The present name of everyone, by number."""
        return self._drawn[0]

    @property
    def earlier(self) -> dict[int, str]:
        """The names of those who have changed theirs, before they did."""
        return self._drawn[1]

    @property
    def cities(self) -> list[str]:
        return self._drawn[2]

    @property
    def sources(self) -> list[str]:
        return self._drawn[3]

    @cached_property
    def said_of_themselves(self) -> list[dict[str, str]]:
        """What members filled in: most a gender, some an age band, the others nothing. Drawn apart, so that nothing else changes by it."""
        rng = random.Random(f"said {self.recipe.seed}")  # noqa: S311  (a simulation, not a secret)
        found: list[dict[str, str]] = []
        for _ in range(self.people.members):
            told = {"gender": "女" if rng.random() < 0.58 else "男"} if rng.random() < 0.72 else {}
            if rng.random() < 0.45:
                told["age_band"] = rng.choices(AGE_BANDS, (12, 52, 26, 10))[0]
            found.append(told)
        return found

    def persons(self) -> Iterator[Person]:
        people = self.people
        for who in range(people.count):
            name = self.names[who]
            if who >= people.members:
                is_bot = who in people.bots
                yield Person(SOURCE, external_id(who), name, PersonKind.BOT if is_bot else PersonKind.STAFF)
                continue
            attributes = {"city": self.cities[who], "source": self.sources[who], **self.said_of_themselves[who]}
            if people.invited_by[who] >= 0:
                attributes["invited_by"] = external_id(int(people.invited_by[who]))
            aliases = (self.earlier[who],) if who in self.earlier else ()
            yield Person(SOURCE, external_id(who), name, PersonKind.PERSON, aliases, attributes)

    def channels(self) -> Iterator[Channel]:
        kinds = min(len(GROUPS), self.recipe.groups)
        copies = max(1, self.recipe.groups // len(GROUPS))
        for copy in range(copies):
            for kind in range(kinds):
                name, purpose = GROUPS[kind]
                yield Channel(SOURCE, f"g{copy * kinds + kind + 1}", name if copies == 1 else f"{name} {copy + 1} 群", purpose)
        yield Channel(SOURCE, f"g{copies * kinds + 1}", *SHOP)


def external_id(who: int) -> str:
    """What the platform calls identity number `who`."""
    return f"u{who + 1}"


def number(external: str) -> int:
    """The inverse of `external_id`."""
    return int(external[1:]) - 1
