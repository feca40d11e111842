"""The verbs that may be noted, each with its sentence, so that the log can be read by people."""

from dataclasses import dataclass

from juluo.kit.registry import Registry


@dataclass(frozen=True)
class Verb:
    """`code` such as "import.finished"; `sentence` in Chinese with blanks filled from the entry's facts."""

    code: str
    sentence: str


verbs: Registry[Verb] = Registry("audit verb")
