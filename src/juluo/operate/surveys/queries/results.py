"""What was answered, question by question."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext

from ..models import Given, Invitation, Response, Survey, Version
from ..rules.scores import mean, nps, share
from ..types import NUMERIC, OTHER, Design, Kind, Nps, Question
from .answering import asked
from .designs import current, design_of
from .texts import texts

QUOTES = 200  # texts of a question that a page shows at most


@dataclass(frozen=True)
class Tally:
    """How often one choice was taken. `share` is of those who answered the question; `left` of its quota, None where there is none."""

    title: str
    count: int
    share: float | None
    left: int | None = None
    is_former: bool = False


@dataclass(frozen=True)
class Result:
    """What was answered to one question. `wordings` are how it read in earlier versions, with how many answered it then."""

    question: Question
    number: int
    answered: int
    tallies: Sequence[Tally] = ()
    rows: Sequence[tuple[str, Sequence[Tally]]] = ()
    mean: float | None = None
    nps: Nps | None = None
    texts: Sequence[str] = ()
    wordings: Sequence[tuple[str, int]] = ()

    @property
    def kind(self) -> Kind:
        return self.question.kind

    @property
    def slug(self) -> str:
        """The question's code as it stands in addresses."""
        return self.question.code.replace(".", "-")


@dataclass(frozen=True)
class Results:
    """The state of a survey. `asked` counts personal links; `answered_asked` those of them who answered, None for anonymous surveys."""

    survey: Survey
    version: Version | None
    asked: int
    answered: int
    begun: int
    answered_asked: int | None
    results: Sequence[Result] = field(default_factory=list)

    @property
    def rate(self) -> float | None:
        """The share of those asked who answered, where it is known."""
        return share(self.answered_asked, self.asked) if self.answered_asked is not None else None


def results(survey: Survey) -> Results:
    """What was answered so far, question by question in the order of the present version; a fixed number of questions to the database."""
    version = current(survey)
    designs = {one.pk: (one.number, design_of(one.design)) for one in survey.versions.all()}
    latest = designs[version.pk][1] if version else Design()
    responses = Response.objects.filter(survey=survey)
    by_version = dict(responses.filter(answered_at__isnull=False).order_by().values_list("version").annotate(n=Count("id")))
    invited_answered = None
    if not survey.is_anonymous:
        invited_members = Invitation.objects.filter(survey=survey).values("member")
        invited_answered = responses.filter(answered_at__isnull=False, member__in=invited_members).count()
    rows = Given.objects.filter(survey=survey).order_by()
    choices: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for question, row, choice, n in rows.exclude(choice="").values_list("question", "row", "choice").annotate(n=Count("id")):
        choices[question][row, choice] += n
    numbers: dict[str, Counter[float]] = defaultdict(Counter)
    for question, number, n in rows.filter(number__isnull=False).values_list("question", "number").annotate(n=Count("id")):
        numbers[question][number] += n
    who = dict(rows.values_list("question").annotate(n=Count("response", distinct=True)))
    found = []
    asked_ = [question for question in latest.questions if question.kind != Kind.SECTION]
    former = {
        question.code: question
        for _, design in sorted(designs.values(), key=lambda one: -one[0])
        for question in reversed(design.questions)
        if question.kind != Kind.SECTION and latest.question(question.code) is None and question.code in who
    }
    for number, question in enumerate([*asked_, *former.values()], 1):
        found.append(_result(survey, question, number, designs, by_version, choices, numbers, who.get(question.code, 0)))
    return Results(
        survey=survey,
        version=version,
        asked=asked(survey),
        answered=sum(by_version.values()),
        begun=responses.filter(answered_at=None).count(),
        answered_asked=invited_answered,
        results=found,
    )


def _result(
    survey: Survey,
    question: Question,
    number: int,
    designs: dict[int, tuple[int, Design]],
    by_version: dict[int, int],
    choices: dict[str, Counter[tuple[str, str]]],
    numbers: dict[str, Counter[float]],
    many: int,
) -> Result:
    code = question.code
    told: dict[str, Any] = {}
    if question.kind in (Kind.SINGLE, Kind.MULTIPLE):
        told["tallies"] = _tallies(question, "", choices[code], many, designs)
    elif question.kind == Kind.MATRIX:
        told["rows"] = [
            (
                row.title,
                _tallies(question, row.code, choices[code], sum(n for (r, _), n in choices[code].items() if r == row.code), designs),
            )
            for row in _all_rows(question, choices[code], designs)
        ]
    elif question.kind in NUMERIC:
        counts = numbers[code]
        told["mean"] = mean(counts)
        if question.kind == Kind.NPS:
            told["nps"] = nps({int(answer): n for answer, n in counts.items()})
        if question.kind != Kind.NUMBER:
            told["tallies"] = [Tally(str(step), counts.get(step, 0), share(counts.get(step, 0), many)) for step in question.range]
    if question.kind in (Kind.TEXT, Kind.DATE, Kind.NUMBER) or question.has_other:
        told["texts"] = texts(survey, code, QUOTES)
    wordings: Counter[str] = Counter()
    for pk, (_, design) in designs.items():
        known = design.question(code)
        if known and known.title != question.title and by_version.get(pk):
            wordings[known.title] += by_version[pk]
    return Result(question, number, many, wordings=list(wordings.items()), **told)


def _tallies(
    question: Question, row: str, counts: Counter[tuple[str, str]], many: int, designs: dict[int, tuple[int, Design]]
) -> list[Tally]:
    present = {choice.code for choice in question.options}
    told = [
        Tally(
            gettext(choice.title) if choice.code == OTHER else choice.title,
            n := counts[row, choice.code],
            share(n, many),
            None if choice.limit is None else max(0, choice.limit - n),
        )
        for choice in question.options
    ]
    titles = former_titles(question.code, designs)
    gone = sorted((code, n) for (r, code), n in counts.items() if r == row and code not in present)
    return [
        *told,
        *(Tally(titles.get(code, gettext("其他") if code == OTHER else code), n, share(n, many), is_former=True) for code, n in gone),
    ]


def _all_rows(question: Question, counts: Counter[tuple[str, str]], designs: dict[int, tuple[int, Design]]) -> list[Any]:
    known = {row.code: row for _, design in designs.values() if (one := design.question(question.code)) for row in one.rows}
    present = {row.code for row in question.rows}
    return [*question.rows, *(known[code] for code in sorted({r for r, _ in counts} - present) if code in known)]


def former_titles(code: str, designs: dict[int, tuple[int, Design]]) -> dict[str, str]:
    return {choice.code: choice.title for _, design in designs.values() if (one := design.question(code)) for choice in one.choices}
