"""The verbs that may be noted, each with its sentence, so that the log can be read by people."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from juluo.kit.registry import Registry


@dataclass(frozen=True)
class Verb:
    """`code` such as "import.finished"; `sentence` in Chinese with blanks filled from the entry's subject and facts.

    `words` spells out facts that are codes: {"role": {"admin": "管理员"}}; its values are translated like the sentence.
    """

    code: str
    sentence: str
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)


verbs: Registry[Verb] = Registry("audit verb")
