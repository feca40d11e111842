"""What is known of a survey that another system held, from the answers it exports."""

import json
import re
from collections.abc import Callable

from juluo.kit.errors import N_

from ..types import Design, Kind, Question

NPS_RANGE = (0, 10)
_CODE = re.compile(r"[^a-z0-9]+")


def foreign(props: str) -> tuple[str, str] | None:
    """The survey's and the question's code in an event's `props`; None where they name no survey."""
    try:
        said = json.loads(props)
    except ValueError:
        return None
    if not isinstance(said, dict) or not isinstance(said.get("survey"), str | int):
        return None
    code = _CODE.sub("-", str(said["survey"]).lower()).strip("-")[:60]
    question = _CODE.sub("_", str(said.get("question") or "score").lower()).strip("_")[:40]
    return (code, question or "score") if code else None


def series_of(code: str) -> str:
    """ "nps-3" → "nps": waves of one survey differ by a number at the end."""
    return re.sub(r"[-_.]?\d+$", "", code) or code


def imported(question: str, *, low: float | None, high: float | None, has_texts: bool, _: Callable[[str], str]) -> Design:
    """A design that such answers fit: NPS where the question is called so and the numbers fit, a plain number otherwise."""
    is_nps = "nps" in question and low is not None and high is not None and NPS_RANGE[0] <= low and high <= NPS_RANGE[1]
    title = _(N_("您有多大可能把我们推荐给朋友？")) if is_nps else question
    asked = [Question(question, Kind.NPS if is_nps else Kind.NUMBER, title)]
    if has_texts:
        asked.append(Question("comment", Kind.TEXT, _(N_("想补充的话"))))
    return Design(tuple(asked))
