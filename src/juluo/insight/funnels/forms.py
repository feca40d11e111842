"""The editor of a funnel: one form whose buttons add, move and take away steps; it works with a keyboard, a thumb, and no script."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext

from juluo.record.events.types import Kind

from .rules import LONGEST_TEXT, read
from .types import LEAST_STEPS, MOST_STEPS, STEP_NAMES, Path, Step


@dataclass
class Line:
    """A step as it stands in the form."""

    kind: str = Kind.MESSAGE_CREATED.value
    channels: list[str] = field(default_factory=list)
    text: str = ""
    least: str = ""
    first: bool = False

    @property
    def is_narrowed(self) -> bool:
        return bool(self.channels or self.text or self.least)


@dataclass
class Editor:
    """What the form holds. `focus` is the line to go on with."""

    name: str = ""
    days: str = "7"
    lines: list[Line] = field(default_factory=lambda: [Line() for _ in range(LEAST_STEPS)])
    focus: int = -1

    @classmethod
    def of(cls, name: str, path: Path) -> "Editor":
        return cls(name, str(path.days), [_line(step) for step in path.steps])

    @classmethod
    def posted(cls, data: QueryDict) -> "Editor":
        many = data.get("lines", "")
        count = min(int(many), MOST_STEPS) if many.isascii() and many.isdigit() else LEAST_STEPS
        lines = [
            Line(
                data.get(f"kind-{n}", ""),
                data.getlist(f"channel-{n}"),
                data.get(f"text-{n}", "")[:LONGEST_TEXT].replace("\0", ""),
                data.get(f"least-{n}", "")[:20].strip(),
                f"first-{n}" in data,
            )
            for n in range(count)
        ]
        return cls(data.get("name", "")[:60], data.get("days", "")[:6].strip(), lines)

    def do(self, what: str) -> bool:
        """Add a step, or move or take one away ("add", "up-1", "down-0", "drop-2"); whether that was what was asked."""
        verb, _, place = what.partition("-")
        if verb == "add":
            if len(self.lines) < MOST_STEPS:
                self.lines.append(Line())
            self.focus = len(self.lines) - 1
            return True
        if verb not in ("up", "down", "drop") or not place.isascii() or not place.isdigit() or int(place) >= len(self.lines):
            return False
        number = int(place)
        if verb == "drop":
            if len(self.lines) > LEAST_STEPS:
                del self.lines[number]
            self.focus = min(number, len(self.lines) - 1)
            return True
        other = number + (1 if verb == "down" else -1)
        if 0 <= other < len(self.lines):
            self.lines[number], self.lines[other] = self.lines[other], self.lines[number]
            number = other
        self.focus = number
        return True

    def path(self) -> Path:
        """The funnel. Raises `FunnelMisread`."""
        return read({"days": _whole(self.days), "steps": [_data(line) for line in self.lines]})

    @property
    def may_add(self) -> bool:
        return len(self.lines) < MOST_STEPS

    @property
    def may_drop(self) -> bool:
        return len(self.lines) > LEAST_STEPS


def kinds(known: frozenset[str]) -> list[tuple[str, str, bool]]:
    """Kinds of step as (code, name, whether this community has it): those it has first."""
    found = [(kind.value, gettext(name), kind.value in known) for kind, name in STEP_NAMES.items()]
    return sorted(found, key=lambda one: not one[2])


def _line(step: Step) -> Line:
    least = "" if step.at_least is None else f"{step.at_least:g}"
    return Line(step.kind.value, [str(number) for number in step.channels], step.text, least, step.is_first)


def _data(line: Line) -> Mapping[str, Any]:
    data: dict[str, Any] = {"kind": line.kind, "text": line.text, "first": line.first}
    data["channels"] = [_whole(number) for number in line.channels]
    if line.least:
        try:
            data["at_least"] = float(line.least)
        except ValueError:
            data["at_least"] = line.least
    return data


def _whole(text: str) -> int | str:
    try:
        return int(text)
    except ValueError:
        return text
