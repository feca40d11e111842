"""What is observed of people and places while events come in."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from juluo.record.connectors.types import Channel, Person

# The kind that the lake knows an identity by of which a platform only says how many there were (`connectors.rules.derived.NOBODY`): a
# figure of times may count what it stands for, no figure of people may count it.
UNNAMED = "unnamed"


@dataclass
class Sightings:
    """The persons and channels met in a batch, merged as they come: later names win, earlier ones become aliases.

    `actors` and `places` are those that events mentioned, so that nobody who acted is left without an identity.
    """

    persons: dict[tuple[str, str], Person] = field(default_factory=dict)
    channels: dict[tuple[str, str], Channel] = field(default_factory=dict)
    actors: set[tuple[str, str]] = field(default_factory=set)
    places: set[tuple[str, str]] = field(default_factory=set)

    def see(self, things: Iterable[Person | Channel]) -> None:
        for thing in things:
            if isinstance(thing, Channel):
                self.channels[thing.source, thing.external_id] = thing
            else:
                self.meet(thing)

    def meet(self, person: Person) -> None:
        known = self.persons.get((person.source, person.external_id))
        if known is not None and known != person:
            names = dict.fromkeys((*known.aliases, known.name, *person.aliases))
            names.pop(person.name, None)
            person = Person(
                source=person.source,
                external_id=person.external_id,
                name=person.name or known.name,
                kind=person.kind or known.kind,
                aliases=tuple(names),
                attributes={**(known.attributes or {}), **(person.attributes or {})} or None,
            )
        self.persons[person.source, person.external_id] = person
