"""A named, ordered collection that rooms hang things on from their `wiring`."""

from collections.abc import Iterator, Set
from typing import Generic, Protocol, TypeVar


class Coded(Protocol):
    @property
    def code(self) -> str: ...


T = TypeVar("T", bound=Coded)


class Registry(Generic[T]):
    """Things by their `code`, in the order they were added.

    Adding the same code twice is a mistake in the wiring and raises `ValueError`; asking for an unknown
    code raises `KeyError` with the known ones.
    """

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._things: dict[str, T] = {}

    def add(self, thing: T) -> T:
        if thing.code in self._things:
            raise ValueError(f"two {self.noun}s are called {thing.code!r}")
        self._things[thing.code] = thing
        return thing

    def __getitem__(self, code: str) -> T:
        try:
            return self._things[code]
        except KeyError:
            raise KeyError(f"no {self.noun} is called {code!r}; known: {', '.join(sorted(self._things))}") from None

    def __contains__(self, code: object) -> bool:
        return code in self._things

    def __iter__(self) -> Iterator[T]:
        return iter(self._things.values())

    def codes(self) -> Set[str]:
        return self._things.keys()

    def __len__(self) -> int:
        return len(self._things)
