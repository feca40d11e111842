"""Telling what surveys ask, who was asked, and what they answered."""

from ..rules.crossing import FEWEST
from .answering import answered, asked, check_open, full_choices, is_answerable
from .crossing import Crossed, Crossing, Way, crossed, ways
from .designs import current, design_of, plain, surveys
from .interviews import interviews, needs_and_pains
from .links import invited, link_token, one_way, open_survey, preview_token, previewed, was_spent
from .responses import of_member, responses, rows_of, told
from .results import QUOTES, Result, Results, Tally, results
from .texts import Said, grouped, texts
from .waves import Wave, latest_nps, trend

__all__ = [
    "FEWEST",
    "QUOTES",
    "Crossed",
    "Crossing",
    "Result",
    "Results",
    "Said",
    "Tally",
    "Wave",
    "Way",
    "answered",
    "asked",
    "check_open",
    "crossed",
    "current",
    "design_of",
    "full_choices",
    "grouped",
    "interviews",
    "invited",
    "is_answerable",
    "latest_nps",
    "link_token",
    "needs_and_pains",
    "of_member",
    "one_way",
    "open_survey",
    "plain",
    "preview_token",
    "previewed",
    "responses",
    "results",
    "rows_of",
    "surveys",
    "texts",
    "told",
    "trend",
    "was_spent",
    "ways",
]
