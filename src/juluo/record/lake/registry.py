"""What reads the texts of messages. The engine above registers itself here; the lake only calls it."""

from dataclasses import dataclass
from typing import Protocol

from juluo.kit.registry import Registry


class Annotate(Protocol):
    def __call__(self, community_id: int, texts: list[str | None], /) -> tuple[list[list[str]], list[int]]: ...


class Version(Protocol):
    def __call__(self, community_id: int, /) -> str: ...


@dataclass(frozen=True)
class Annotator:
    """`annotate` gives terms and mood (-1, 0, 1) for each text; `version` changes when it would answer differently."""

    code: str
    annotate: Annotate
    version: Version


annotators: Registry[Annotator] = Registry("annotator")
