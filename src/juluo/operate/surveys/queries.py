"""Telling what surveys ask, who was asked, and what they answered."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec
from django.core.signing import BadSignature, Signer
from django.db.models import Count, Q, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from juluo.ground.communities.models import Community
from juluo.insight.texts.rules.clusters import clusters
from juluo.insight.texts.types import Cluster
from juluo.kit import clock
from juluo.record.people.models import Member

from .errors import DesignRefused, Full, LinkBroken, NotOpen, NotYet, Over
from .models import Finding, Given, Interview, Invitation, Response, Spent, Survey, Version
from .rules.scores import mean, nps, share
from .types import NUMERIC, OTHER, Answers, Design, Kind, Nps, Question, State, Theme

FEWEST = 5  # below this many answers a share says little; pages say so
QUOTES = 200  # texts of a question that a page shows at most
READ = 4_000  # texts of a question that are put into groups at most, the latest


def design_of(kept: Any) -> Design:
    """A design from its JSON. Raises `DesignRefused`."""
    try:
        return msgspec.convert(kept, Design)
    except msgspec.ValidationError as wrong:
        raise DesignRefused(why=str(wrong)[:300]) from wrong


def plain(design: Design) -> Any:
    """The JSON of a design, as it comes back from a database."""
    return msgspec.json.decode(msgspec.json.encode(design))


def surveys(community: Community) -> QuerySet[Survey]:
    """The surveys of a community, the newest first, each with `answered` (finished responses)."""
    done = Count("responses", filter=Q(responses__answered_at__isnull=False))
    return Survey.objects.filter(community=community).annotate(answered=done).order_by("-made_at", "-id")


def current(survey: Survey) -> Version | None:
    """What people are asked now; None before the first publishing."""
    return survey.versions.order_by("-number").first()


def asked(survey: Survey) -> int:
    """How many members have a personal link."""
    return Invitation.objects.filter(survey=survey).count()


def answered(survey: Survey) -> int:
    return Response.objects.filter(survey=survey, answered_at__isnull=False).count()


def check_open(survey: Survey, *, is_new: bool = True) -> None:
    """Raises `NotYet`, `Over` or `Full` (only for a new answer) where nobody can answer now."""
    now = clock.now()
    if survey.state == State.CLOSED or (survey.closes_at and survey.closes_at <= now):
        raise Over()
    if survey.state != State.OPEN:
        raise NotOpen()
    if survey.opens_at and survey.opens_at > now:
        raise NotYet()
    if is_new and survey.quota is not None and answered(survey) >= survey.quota:
        raise Full()


def is_answerable(survey: Survey) -> bool:
    """Whether people can answer now."""
    try:
        check_open(survey)
    except NotOpen:
        return False
    return True


# -- links -------------------------------------------------------------------------------------------------------

_LINK, _PREVIEW, _SPENT = "surveys.link", "surveys.preview", "surveys.spent"


def link_token(number: int) -> str:
    """What stands in the address of a personal link. It names the invitation, so it stays good when members are merged."""
    return Signer(salt=_LINK, sep=".").sign(str(number))


def invited(community: Community, token: str) -> Invitation:
    """Whose link this is. Raises `LinkBroken` for anything that we did not sign, of another community, or whose member is gone."""
    try:
        number = int(Signer(salt=_LINK, sep=".").unsign(token))
    except (BadSignature, ValueError) as wrong:
        raise LinkBroken() from wrong
    found = Invitation.objects.filter(pk=number, survey__community=community).select_related("survey", "member").first()
    if found is None:
        raise LinkBroken()
    return found


def preview_token(survey: Survey) -> str:
    return Signer(salt=_PREVIEW, sep=".").sign(str(survey.pk))


def previewed(community: Community, token: str) -> Survey:
    """Which survey this preview link shows. Raises `LinkBroken`."""
    try:
        number = int(Signer(salt=_PREVIEW, sep=".").unsign(token))
    except (BadSignature, ValueError) as wrong:
        raise LinkBroken() from wrong
    found = Survey.objects.filter(pk=number, community=community).first()
    if found is None:
        raise LinkBroken()
    return found


def one_way(survey: Survey, what: str) -> str:
    """A number that the same link or browser always gives for this survey, and from which nobody can tell which it was."""
    return salted_hmac(f"{_SPENT}.{survey.pk}", what, algorithm="sha256").hexdigest()


def was_spent(survey: Survey, what: str) -> bool:
    """Whether this link or browser answered this anonymous survey."""
    return Spent.objects.filter(survey=survey, mark=one_way(survey, what)).exists()


def full_choices(survey: Survey, design: Design) -> dict[str, set[str]]:
    """The choices whose quota is used up, by question."""
    limits = {(q.code, c.code): c.limit for q in design.questions for c in q.choices if c.limit is not None}
    if not limits:
        return {}
    rows = Given.objects.filter(survey=survey, question__in={question for question, _ in limits}).order_by()
    full: dict[str, set[str]] = defaultdict(set)
    for question, choice, n in rows.values_list("question", "choice").annotate(n=Count("id")):
        limit = limits.get((question, choice))
        if limit is not None and n >= limit:
            full[question].add(choice)
    return full


def open_survey(community: Community, code: str) -> Survey:
    """The survey behind an open link. Raises `LinkBroken` where there is none, or where it can only be answered by personal link."""
    found = Survey.objects.filter(community=community, code=code, has_open_link=True).exclude(state=State.DRAFT).first()
    if found is None:
        raise LinkBroken()
    return found


# -- results -----------------------------------------------------------------------------------------------------


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
    titles = _former_titles(question.code, designs)
    gone = sorted((code, n) for (r, code), n in counts.items() if r == row and code not in present)
    return [
        *told,
        *(Tally(titles.get(code, gettext("其他") if code == OTHER else code), n, share(n, many), is_former=True) for code, n in gone),
    ]


def _all_rows(question: Question, counts: Counter[tuple[str, str]], designs: dict[int, tuple[int, Design]]) -> list[Any]:
    known = {row.code: row for _, design in designs.values() if (one := design.question(question.code)) for row in one.rows}
    present = {row.code for row in question.rows}
    return [*question.rows, *(known[code] for code in sorted({r for r, _ in counts} - present) if code in known)]


def _former_titles(code: str, designs: dict[int, tuple[int, Design]]) -> dict[str, str]:
    return {choice.code: choice.title for _, design in designs.values() if (one := design.question(code)) for choice in one.choices}


def texts(survey: Survey, question: str, most: int) -> list[str]:
    """The latest free answers to a question, without names; anonymous ones in no order that tells anything."""
    rows = Given.objects.filter(survey=survey, question=question).exclude(text="")
    order = ("text", "id") if survey.is_anonymous else ("-response__answered_at", "-id")
    return list(rows.order_by(*order).values_list("text", flat=True)[:most])


@dataclass(frozen=True)
class Said:
    """A group of free answers, with its quotes, each with how many said exactly so. `title` is "" for those like no other."""

    title: str
    count: int
    share: float | None
    quotes: Sequence[tuple[str, int]]


def grouped(survey: Survey, question: str) -> list[Said]:
    """Free answers that say alike together, the largest group first; those like no other last."""
    said = texts(survey, question, READ)
    found: list[Said] = []
    for one in _grouped(tuple(said)):
        quotes = Counter(said[at] for at in one.members).most_common()
        title = "" if one.is_rest else " · ".join(one.terms) or quotes[0][0][:40]
        found.append(Said(title, len(one.members), share(len(one.members), len(said)), quotes))
    return found


@lru_cache(32)
def _grouped(said: tuple[str, ...]) -> list[Cluster]:
    return clusters(said)


@dataclass(frozen=True)
class Wave:
    """One survey of a series: its NPS, or the mean of its scores where it asks no NPS."""

    survey: Survey
    day: date
    count: int
    nps: Nps | None
    mean: float | None


def trend(survey: Survey) -> list[Wave]:
    """The waves of the survey's series, the earliest first; the survey alone where it has none."""
    rows = Survey.objects.filter(community=survey.community).exclude(state=State.DRAFT)
    waves = rows.filter(series=survey.series) if survey.series else rows.filter(pk=survey.pk)
    kept = list(waves.order_by("published_at", "id"))
    counts: dict[int, Counter[float]] = defaultdict(Counter)
    done = Response.objects.filter(survey__in=kept, answered_at__isnull=False, score__isnull=False).order_by()
    for number, score, n in done.values_list("survey", "score").annotate(n=Count("id")):
        counts[number][score] += n
    designs = {one.survey_id: design_of(one.design) for one in Version.objects.filter(survey__in=kept).order_by("number")}
    told = []
    for one in kept:
        asks_nps = any(question.kind == Kind.NPS for question in designs.get(one.pk, Design()).questions)
        scores = counts[one.pk]
        score = nps({int(answer): n for answer, n in scores.items()}) if asks_nps else None
        told.append(Wave(one, (one.published_at or one.made_at).date(), sum(scores.values()), score, mean(scores)))
    return told


def latest_nps(community: Community) -> Wave | None:
    """The newest survey of the community that asked an NPS and has answers."""
    for survey in Survey.objects.filter(community=community).exclude(state=State.DRAFT).order_by("-published_at", "-id")[:20]:
        wave = next((wave for wave in trend(survey) if wave.survey.pk == survey.pk), None)
        if wave and wave.nps and wave.count:
            return wave
    return None


def responses(survey: Survey) -> QuerySet[Response]:
    """Finished responses; anonymous ones in no order that tells anything."""
    done = Response.objects.filter(survey=survey, answered_at__isnull=False).select_related("member", "version")
    return done.order_by("id") if survey.is_anonymous else done.order_by("-answered_at", "id")


def told(question: Question, answer: Any) -> str:
    """An answer as people read it, in the words of the version it was given to."""
    if answer is None:
        return ""
    if not isinstance(answer, dict):
        return f"{answer:g}" if isinstance(answer, float) else str(answer)
    titles = {choice.code: choice.title for choice in question.choices} | {OTHER: gettext("其他")}
    if "choices" not in answer:
        rows = {row.code: row.title for row in question.rows}
        return "；".join(f"{rows.get(row, row)}：{titles.get(choice, choice)}" for row, choice in answer.items())
    words = [titles.get(code, code) for code in answer["choices"]]
    if other := answer.get("other"):
        words = [f"{word}：{other}" if code == OTHER else word for code, word in zip(answer["choices"], words, strict=True)]
    return "、".join(words)


def rows_of(question: Question, answers: Answers) -> Iterator[tuple[str, str, float | None]]:
    """An answer as rows of the `answers` table: (question or question.row, text, number)."""
    answer = answers.get(question.code)
    if answer is None:
        return
    if question.kind == Kind.MATRIX:
        titles = {choice.code: choice.title for choice in question.choices}
        for row, choice in answer.items():
            yield f"{question.code}.{row}", titles.get(choice, choice), None
    else:
        yield question.code, told(question, answer), float(answer) if question.kind in NUMERIC else None


def of_member(member: Member) -> QuerySet[Response]:
    """What a member answered, the latest first."""
    return Response.objects.filter(member=member, answered_at__isnull=False).select_related("survey").order_by("-answered_at")


# -- interviews --------------------------------------------------------------------------------------------------


def interviews(community: Community) -> QuerySet[Interview]:
    """Talks held, the latest first, with how many needs and pains came out of each."""
    return (
        Interview.objects.filter(community=community)
        .select_related("member", "guide", "by")
        .annotate(
            needs=Count("findings", filter=Q(findings__theme=Theme.NEED)),
            pains=Count("findings", filter=Q(findings__theme=Theme.PAIN)),
        )
        .order_by("-held_on", "-id")
    )


def needs_and_pains(community: Community, *, member: Member | None = None) -> QuerySet[Finding]:
    """What interviews found to be needed or painful, the latest talk first; for personas."""
    found = Finding.objects.filter(interview__community=community, theme__in=(Theme.NEED, Theme.PAIN)).select_related("interview__member")
    if member is not None:
        found = found.filter(interview__member=member)
    return found.order_by("-interview__held_on", "id")
