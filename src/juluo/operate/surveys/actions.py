"""Making surveys, asking members, taking answers, keeping what interviews found."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext

from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community
from juluo.kit import bulk, clock
from juluo.kit.errors import N_
from juluo.record.events.actions import accept
from juluo.record.events.types import Event
from juluo.record.events.types import Kind as EventKind
from juluo.record.lake.actions import keep
from juluo.record.lake.queries import ask
from juluo.record.people.models import Member
from juluo.record.profiles.actions import set_values
from juluo.record.profiles.queries import attribute
from juluo.record.profiles.types import Given as Value
from juluo.record.profiles.types import Source

from .errors import AlreadyAnswered, LinkBroken, NotChangeable, NotPublishable
from .measures import ASKED, GIVEN
from .models import Given, Guide, Interview, Invitation, Response, Spent, Survey, Version
from .queries import answered, check_open, current, design_of, full_choices, one_way, plain, rows_of, told
from .rules import reading
from .rules.checking import faults, recoded
from .rules.flow import score_of
from .rules.foreign import foreign, imported, series_of
from .types import NUMERIC, OTHER, Answers, Design, Kind, State

AT_ONCE = 10_000
KEY = "juluo-survey"
CHOICE_FULL = N_("您选的一项名额刚满，请换一项。")


def number() -> int:
    """A row number that tells nothing about order. Fits what browsers and spreadsheets count exactly."""
    return secrets.randbits(52) + 1


# -- designing ---------------------------------------------------------------------------------------------------


@transaction.atomic
def make(community: Community, title: str, design: Design, *, series: str = "", code: str = "", **settings: Any) -> Survey:
    """A new draft. `code` is made from the title (or the series) where none is given, and numbered until it is free."""
    Community.objects.select_for_update().get(pk=community.pk)
    wanted = (slugify(code) or slugify(title) or slugify(series) or "survey")[:50]
    free, at = wanted, 2
    while Survey.objects.filter(community=community, code=free).exists():
        free, at = f"{wanted}-{at}", at + 1
    survey = Survey.objects.create(
        community=community, code=free, title=title[:200], series=series[:60], draft=plain(design), made_at=clock.now(), **settings
    )
    note("survey.made", subject=survey.title, community_id=community.pk)
    return survey


@transaction.atomic
def again(survey: Survey) -> Survey:
    """The next wave: a draft that asks the same, in the same series, so that both make a trend."""
    survey = _hold(survey)
    if not survey.series:
        survey.series = survey.code
        survey.save(update_fields=["series"])
    version = current(survey)
    month = clock.today(survey.community.zone).strftime("%Y-%m")
    title = f"{survey.title.split(' · ')[0]} · {month}"
    same = ("is_anonymous", "has_open_link", "may_edit", "quota")
    return make(
        survey.community,
        title,
        design_of(version.design if version else survey.draft),
        series=survey.series,
        code=survey.series,
        **{name: getattr(survey, name) for name in same},
    )


@transaction.atomic
def design(survey: Survey, wanted: Design) -> Survey:
    """Keep another draft. What people see changes only with `publish`."""
    survey = _hold(survey)
    if survey.draft == plain(wanted):
        return survey
    survey.draft = plain(wanted)
    survey.save(update_fields=["draft"])
    note("survey.designed", subject=survey.title, community_id=survey.community_id, questions=len(wanted.questions))
    return survey


SETTINGS = ("title", "series", "opens_at", "closes_at", "is_anonymous", "has_open_link", "may_edit", "quota")


@transaction.atomic
def configure(survey: Survey, **wanted: Any) -> Survey:
    """Change `SETTINGS`. Raises `NotChangeable` for anonymity once somebody has answered or begun."""
    survey = _hold(survey)
    changed = [name for name in SETTINGS if name in wanted and getattr(survey, name) != wanted[name]]
    if "is_anonymous" in changed and Response.objects.filter(survey=survey).exists():
        raise NotChangeable()
    for name in changed:
        setattr(survey, name, wanted[name])
    if changed:
        survey.save(update_fields=changed)
        note("survey.configured", subject=survey.title, community_id=survey.community_id, what=", ".join(changed))
    return survey


@transaction.atomic
def publish(survey: Survey) -> Survey:
    """Put the draft before people, as a new version where it differs from the present one, and open the survey.

    Questions that now ask in another way get new codes (`rules.checking.recoded`), so earlier answers keep their meaning. Raises
    `NotPublishable`. Safe to repeat.
    """
    survey = _hold(survey)
    wanted = design_of(survey.draft)
    if wrong := faults(wanted):
        raise NotPublishable(why=gettext(wrong[0].sentence) % wrong[0].facts)
    latest = current(survey)
    answered_versions = survey.versions.filter(pk__in=Response.objects.filter(survey=survey).values("version"))
    wanted = recoded(wanted, [design_of(one.design) for one in answered_versions])
    now = clock.now()
    is_new = latest is None or latest.design != plain(wanted)
    if is_new:
        Version.objects.create(survey=survey, number=latest.number + 1 if latest else 1, design=plain(wanted), at=now)
    elif survey.state == State.OPEN:
        return survey
    survey.draft, survey.state, survey.closed_at = plain(wanted), State.OPEN, None
    survey.published_at = survey.published_at or now
    if survey.closes_at and survey.closes_at <= now:
        survey.closes_at = None
    survey.save()
    note("survey.published", subject=survey.title, community_id=survey.community_id, version=latest.number + is_new if latest else 1)
    return survey


@transaction.atomic
def close(survey: Survey) -> Survey:
    """End it; answers stay. Safe to repeat."""
    survey = _hold(survey)
    if survey.state == State.OPEN:
        survey.state, survey.closed_at = State.CLOSED, clock.now()
        survey.save(update_fields=["state", "closed_at"])
        note("survey.closed", subject=survey.title, community_id=survey.community_id, answered=answered(survey))
    return survey


@transaction.atomic
def remove(survey: Survey) -> None:
    """Delete a survey with all its answers. There is no way back except a backup."""
    survey = _hold(survey)
    keep(survey.community, "answers", {_part(survey): None})
    note("survey.removed", subject=survey.title, community_id=survey.community_id, answered=answered(survey))
    survey.delete()


def _hold(survey: Survey) -> Survey:
    return Survey.objects.select_for_update(of=("self",)).select_related("community").get(pk=survey.pk)


# -- asking ------------------------------------------------------------------------------------------------------


@transaction.atomic
def invite(survey: Survey, members: QuerySet[Member] | Sequence[int]) -> int:
    """A personal link for each of these members (by query or number) who has none yet; how many are new. Safe to repeat.

    Members of other communities are left out.
    """
    survey = _hold(survey)
    now = clock.now()
    rows = Member.objects.filter(community_id=survey.community_id)
    numbers: Sequence[int]
    if isinstance(members, QuerySet):
        numbers = list(members.filter(community_id=survey.community_id).order_by("pk").values_list("pk", flat=True))
    else:
        numbers = sorted(n for few in _few(members) for n in rows.filter(pk__in=few).values_list("pk", flat=True))
    known = set(Invitation.objects.filter(survey=survey).values_list("member_id", flat=True))
    wanted = [(survey.pk, member, now) for member in numbers if member not in known]
    bulk.insert(Invitation, ("survey", "member", "at"), wanted, unique=("survey", "member"))
    if wanted:
        note("survey.asked", subject=survey.title, community_id=survey.community_id, count=len(wanted))
    return len(wanted)


def _few(numbers: Sequence[int]) -> list[Sequence[int]]:
    return [numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE)]


# -- answering ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What became of a form: the answers as read, and what is wrong by question (msgids). `is_done` says that the answers count now."""

    answers: Answers
    faults: Mapping[str, str]
    is_done: bool


@transaction.atomic
def answer(
    survey: Survey,
    form: reading.Form,
    *,
    version: int | None = None,
    invitation: Invitation | None = None,
    browser: str = "",
    is_final: bool = True,
) -> Outcome:
    """Take a form as the answer of whoever was invited, or of a browser; each answers once, or changes their answer where that is allowed.

    `version` is the number of the version they saw. Not `is_final`: keep what is there, whole or not, to go on later (never for
    anonymous surveys). Raises `NotOpen` and its kinds, `AlreadyAnswered`, `LinkBroken`.
    """
    survey = _hold(survey)
    seen = _seen(survey, version)
    if invitation is None and not browser:
        raise LinkBroken()
    before = None if survey.is_anonymous else _before(survey, invitation, browser)
    is_counted = before is not None and before.answered_at is not None
    check_open(survey, is_new=not is_counted)
    if is_counted and not survey.may_edit:
        raise AlreadyAnswered()
    mark = one_way(survey, f"i{invitation.pk}" if invitation else f"b{browser}") if survey.is_anonymous else ""
    if mark and Spent.objects.filter(survey=survey, mark=mark).exists():
        raise AlreadyAnswered()

    asked = design_of(seen.design)
    answers, wrong = reading.read(asked, form)
    wrong |= _taken(survey, asked, answers, before)
    if not is_final or wrong:
        if not is_final and not survey.is_anonymous and not is_counted:
            _write(survey, seen, answers, before, invitation, browser, is_done=False)
        return Outcome(answers, wrong if is_final else {}, is_done=False)

    response = _write(survey, seen, answers, before, invitation, browser, is_done=True)
    if mark:
        Spent.objects.create(pk=number(), survey=survey, mark=mark)
    _spell_out(survey, asked, response)
    Survey.objects.filter(pk=survey.pk).update(revision=F("revision") + 1)

    note("survey.answered", subject=survey.title, community_id=survey.community_id)
    if response.member_id is not None:
        _tell(survey, asked, response)
        _learn(survey, asked, response)
    return Outcome(answers, {}, is_done=True)


def _seen(survey: Survey, version: int | None) -> Version:
    found = current(survey) if version is None else survey.versions.filter(number=version).first() or current(survey)
    if found is None:
        raise LinkBroken()
    return found


def _before(survey: Survey, invitation: Invitation | None, browser: str) -> Response | None:
    rows = Response.objects.filter(survey=survey)
    if invitation is not None:
        return rows.filter(member=invitation.member_id).first()
    return rows.filter(browser=one_way(survey, f"b{browser}")).first()


def _taken(survey: Survey, asked: Design, answers: Answers, before: Response | None) -> dict[str, str]:
    """Questions where a choice with a quota was full before this answer. Whoever has a place keeps it."""
    full = full_choices(survey, asked)
    had = before.answers if before is not None and before.answered_at is not None else {}
    wrong = {}
    for code, choices in full.items():
        chosen = set(answers.get(code, {}).get("choices", ())) - set(had.get(code, {}).get("choices", ()))
        if chosen & choices:
            wrong[code] = CHOICE_FULL
    return wrong


def _write(
    survey: Survey, seen: Version, answers: Answers, before: Response | None, invitation: Invitation | None, browser: str, *, is_done: bool
) -> Response:
    now = clock.now()
    today = clock.today(survey.community.zone)
    response = before or Response(pk=number(), survey=survey)
    if before is None and not survey.is_anonymous:
        response.member_id = invitation.member_id if invitation else None
        response.browser = "" if invitation else one_way(survey, f"b{browser}")
    response.version, response.answers, response.changed_at = seen, answers, None if survey.is_anonymous else now
    response.score = score_of(design_of(seen.design), answers)
    if is_done and response.answered_at is None:
        midnight = datetime(today.year, today.month, today.day, tzinfo=ZoneInfo(survey.community.zone))
        response.answered_at, response.day = midnight if survey.is_anonymous else now, today
    elif not is_done:
        response.day = today
    response.save(force_insert=before is None)
    return response


def _spell_out(survey: Survey, asked: Design, response: Response) -> None:
    Given.objects.filter(response=response).delete()
    Given.objects.bulk_create(Given(pk=number(), survey=survey, response=response, **piece) for piece in _pieces(asked, response.answers))


def _pieces(asked: Design, answers: Answers) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for question in asked.questions:
        answer = answers.get(question.code)
        if answer is None:
            continue
        base = {"question": question.code}
        if question.kind in NUMERIC:
            found.append(base | {"number": float(answer)})
        elif not isinstance(answer, dict):
            found.append(base | {"text": answer})
        elif "choices" in answer:
            found += [base | {"choice": code, "text": answer.get("other", "") if code == OTHER else ""} for code in answer["choices"]]
        else:
            found += [base | {"row": row, "choice": code} for row, code in answer.items()]
    return found


def _tell(survey: Survey, asked: Design, response: Response) -> None:
    """The event of the answer. Changing an answer does not make it happen twice: the key is the response's."""
    assert response.member is not None
    assert response.answered_at is not None
    identity = response.member.identities.order_by("pk").first()
    if identity is None:
        return
    props = {"survey": survey.code}
    scored = next((q.code for kind in (Kind.NPS, Kind.SCALE) for q in asked.questions if q.kind == kind and q.code in response.answers), "")
    if scored:
        props["question"] = scored
    at = clock.micros(response.answered_at)
    key = f"{KEY}:{response.pk}"
    event = Event(key, at, EventKind.SURVEY_ANSWERED, identity.source, actor=identity.external_id, value=response.score, props=props)
    accept(survey.community_id, [event])


def _learn(survey: Survey, asked: Design, response: Response) -> None:
    """Answers to questions that are bound to an attribute become its value; one that does not fit the attribute is left out."""
    bound = [question for question in asked.questions if question.attribute]
    if not bound or response.member_id is None:
        return
    values = []
    for question in bound:
        answer = response.answers.get(question.code)
        if answer is not None and attribute(survey.community, question.attribute) is not None:
            raw = told(question, answer) if isinstance(answer, dict) else answer
            values.append(Value(response.member_id, question.attribute, raw, note=survey.title))
    set_values(survey.community, values, source=Source.SURVEY)


# -- members who become one --------------------------------------------------------------------------------------

_KEPT = ("pk", "survey_id", "version_id", "answers", "score", "day", "answered_at", "changed_at")


def merge(into: Member, other: Member) -> Any:
    """Hand `other`'s answers and links over. Where both answered, the later answer stands; the other comes back when they are parted.

    Where both have a link, `into`'s stands and `other`'s is good again once they are parted.
    """
    memo: dict[str, Any] = {"moved": [], "dropped": [], "links": [], "gone": []}
    theirs = {one.survey_id: one for one in Response.objects.filter(member=into)}
    for one in Response.objects.filter(member=other):
        mine = theirs.get(one.survey_id)
        if mine is not None:
            loser = one if _stands_before(mine, one) else mine
            memo["dropped"].append([loser.member_id == other.pk, {name: _jsonable(getattr(loser, name)) for name in _KEPT}])
            Given.objects.filter(response=loser).delete()
            Response.objects.filter(pk=loser.pk).delete()
        if mine is None or loser is mine:
            memo["moved"].append(one.pk)
            Response.objects.filter(pk=one.pk).update(member=into)
        Survey.objects.filter(pk=one.survey_id).update(revision=F("revision") + 1)
    known = set(Invitation.objects.filter(member=into).values_list("survey_id", flat=True))
    for link in Invitation.objects.filter(member=other):
        if link.survey_id in known:
            memo["gone"].append([link.pk, link.survey_id, link.at.isoformat()])
        else:
            memo["links"].append(link.pk)
            Invitation.objects.filter(pk=link.pk).update(member=into)
    return memo


def part(memo: Any, parted: Member) -> None:
    """Give back what `merge` moved, and bring back what had to go."""
    surveys_ = set(Response.objects.filter(pk__in=memo["moved"]).values_list("survey_id", flat=True))
    into = Response.objects.filter(pk__in=memo["moved"]).values_list("survey_id", "member_id")
    owners = dict(into)
    Response.objects.filter(pk__in=memo["moved"]).update(member=parted)
    for was_others, kept in memo["dropped"]:
        if not Survey.objects.filter(pk=kept["survey_id"]).exists():
            continue
        member = parted.pk if was_others else owners.get(kept["survey_id"])
        response = Response(**kept, member_id=member)
        response.save(force_insert=True)
        response.refresh_from_db()
        if response.answered_at is not None:
            _spell_out(response.survey, design_of(response.version.design), response)
        surveys_.add(kept["survey_id"])
    Invitation.objects.filter(pk__in=memo["links"]).update(member=parted)
    for pk, survey, at in memo["gone"]:
        if Survey.objects.filter(pk=survey).exists():
            Invitation.objects.create(pk=pk, survey_id=survey, member=parted, at=datetime.fromisoformat(at))
    Survey.objects.filter(pk__in=surveys_).update(revision=F("revision") + 1)


def _stands_before(one: Response, other: Response) -> bool:
    """Whether `one` is the answer that stands: finished before unfinished, then the later."""
    return (one.answered_at is not None, one.changed_at or one.answered_at) >= (
        other.answered_at is not None,
        other.changed_at or other.answered_at,
    )


def _jsonable(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


# -- the lake ----------------------------------------------------------------------------------------------------


def refresh(community_id: int) -> int:
    """Bring the `answers` of the lake up to date; how many surveys had new ones."""
    stale = Survey.objects.filter(community=community_id).exclude(kept_revision=F("revision")).select_related("community")
    return sum(_keep_answers(survey) for survey in stale)


@transaction.atomic
def _keep_answers(survey: Survey) -> bool:
    survey = _hold(survey)
    if survey.kept_revision == survey.revision:
        return False
    designs = {one.pk: design_of(one.design) for one in survey.versions.all()}
    columns: dict[str, list[Any]] = {name: [] for name in ("member", "survey", "question", "text", "number", "day")}
    rows = Response.objects.filter(survey=survey, answered_at__isnull=False, member__isnull=False)
    for member, version, answers, day in rows.values_list("member", "version", "answers", "day").iterator(chunk_size=AT_ONCE):
        for question in designs[version].questions:
            for code, text, value in rows_of(question, answers):
                for name, cell in zip(columns, (member, survey.code, code, text, value, day), strict=True):
                    columns[name].append(cell)
    types = {"member": pa.int64(), "number": pa.float64(), "day": pa.date32()}
    table = pa.table({name: pa.array(cells, types.get(name, pa.string())) for name, cells in columns.items()})
    keep(survey.community, "answers", {_part(survey): table})
    Survey.objects.filter(pk=survey.pk).update(kept_revision=survey.revision)
    return True


def _part(survey: Survey) -> str:
    return str(survey.pk)


# -- answers that came with an export ----------------------------------------------------------------------------


def adopt(community: Community) -> int:
    """Take over surveys whose answers came with exports, as closed surveys with one question each; how many were new or had grown.

    Events say which survey and question they answer in `props`; surveys called alike but for a number ("nps-3") are one series.
    Safe to repeat.
    """
    return sum(_adopt(community, row) for row in ask(community.pk, ASKED).to_pylist())


@transaction.atomic
def _adopt(community: Community, row: Mapping[str, Any]) -> bool:
    named = foreign(row["props"])
    if named is None:
        return False
    code, question = named
    Community.objects.select_for_update().get(pk=community.pk)
    survey = Survey.objects.filter(community=community, code=code).first()
    if survey is not None and (survey.source != row["source"] or Response.objects.filter(survey=survey).count() == row["members"]):
        return False
    asked = imported(question, low=row["low"], high=row["high"], has_texts=row["texts"] > 0, _=gettext)
    first, last = (row[name].replace(tzinfo=UTC) for name in ("first_at", "last_at"))
    if survey is None:
        series = series_of(code)
        day = first.astimezone(ZoneInfo(community.zone)).date()
        title = f"{series.upper() if series == 'nps' else series} · {day:%Y-%m}"
        survey = Survey(community=community, code=code, title=title, series=series, source=row["source"], made_at=first, published_at=first)
    survey.state, survey.closed_at, survey.draft, survey.has_open_link = State.CLOSED, last, plain(asked), False
    survey.revision += 1
    survey.save()
    version, _ = Version.objects.get_or_create(survey=survey, number=1, defaults={"design": plain(asked), "at": first})
    Response.objects.filter(survey=survey).delete()
    answers = ask(community.pk, GIVEN, source=row["source"], props=row["props"])
    for batch in answers.to_batches(max_chunksize=AT_ONCE):
        _take_over(survey, version, asked, batch.to_pylist())
    note("survey.adopted", subject=survey.title, community_id=community.pk, answered=answers.num_rows)
    return True


def _take_over(survey: Survey, version: Version, asked: Design, rows: list[dict[str, Any]]) -> None:
    scored, *words = [question.code for question in asked.questions]
    responses, given = [], []
    for row in rows:
        pk, at = number(), row["at"].replace(tzinfo=UTC)
        value = row["value"]
        answers: Answers = {}
        if value is not None:
            answers[scored] = int(value) if float(value).is_integer() else value
        if row["text"] and words:
            answers[words[0]] = row["text"]
        responses.append((pk, survey.pk, version.pk, row["member"], answers, value, row["day"], at))
        given += [(survey.pk, pk, *(piece.get(name, empty) for name, empty in _GIVEN)) for piece in _pieces(asked, answers)]
    bulk.insert(Response, ("pk", "survey", "version", "member", "answers", "score", "day", "answered_at"), responses)
    bulk.insert(Given, ("survey", "response", *(name for name, _ in _GIVEN)), given)


_GIVEN = (("question", ""), ("row", ""), ("choice", ""), ("number", None), ("text", ""))


# -- interviews --------------------------------------------------------------------------------------------------


@transaction.atomic
def save_guide(community: Community, guide: Guide | None, *, title: str, questions: Sequence[str]) -> Guide:
    """Make or change a guide. Interviews that were held keep the questions they noted."""
    guide = guide or Guide(community=community, made_at=clock.now())
    guide.title, guide.questions = title, list(questions)
    guide.save()
    note("guide.saved", subject=guide.title, community_id=community.pk, questions=len(guide.questions))
    return guide


@transaction.atomic
def save_interview(community: Community, interview: Interview | None, **said: Any) -> Interview:
    """Note a talk: `member` or `alias`, `guide`, `held_on`, `by`, `summary`."""
    interview = interview or Interview(community=community, made_at=clock.now())
    for name, value in said.items():
        setattr(interview, name, value)
    interview.save()
    note("interview.saved", subject=interview.held_on.isoformat(), community_id=community.pk)
    return interview


@transaction.atomic
def find(interview: Interview, **said: Any) -> None:
    """Add a finding: `theme`, `topic`, `question`, `text`, `quote`."""
    interview.findings.create(**said)
    note("interview.found", subject=interview.held_on.isoformat(), community_id=interview.community_id)


@transaction.atomic
def unfind(interview: Interview, finding: int) -> None:
    """Take a finding back. Safe to repeat."""
    if interview.findings.filter(pk=finding).delete()[0]:
        note("interview.unfound", subject=interview.held_on.isoformat(), community_id=interview.community_id)


@transaction.atomic
def drop_interview(interview: Interview) -> None:
    note("interview.dropped", subject=interview.held_on.isoformat(), community_id=interview.community_id)
    interview.delete()
