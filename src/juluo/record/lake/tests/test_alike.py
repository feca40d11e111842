"""One question, every engine, one answer: what Ibis renders for DuckDB and for ClickHouse means the same."""

import datetime as dt
import random

import ibis
import pytest
from django.db import transaction
from ibis import _

from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.events.types import Kind
from juluo.record.lake.models import LakeState, Segment
from juluo.record.lake.queries import ask, lake
from juluo.record.lake.tables import DAILY, EVENTS, PEOPLE, param
from tests.cast import bot, happened, history, said, staff

pytestmark = pytest.mark.django_db
pytest.importorskip("chdb", reason="chDB (the ClickHouse engine in-process) is not made for this platform")

SAID = EVENTS.filter(EVENTS.kind == Kind.MESSAGE_CREATED.value)
SOME = EVENTS.mutate(
    n=EVENTS.hour.cast("int64") - 12,
    f=EVENTS.value,
    nobody=ibis.ifelse(EVENTS.hour > 100, EVENTS.actor, ibis.null("int64")),
)
PERSON = ibis.window(group_by="actor", order_by=["at", "id"])
SO_FAR = ibis.window(group_by="actor", order_by=["at", "id"], preceding=None, following=0)
WEEK = ibis.window(order_by="day", preceding=6, following=0)
DAYS = DAILY.group_by("day").agg(n=DAILY.n.sum(), who=DAILY.actor.nunique())
NEVER = SOME.hour > 100


def counting():
    return {
        "how many": EVENTS.agg(
            n=_.count(), who=_.actor.nunique(), kinds=_.kind.nunique(), threads=_.thread.nunique(), replies=_.reply_to.count()
        ),
        "of none": SOME.filter(NEVER).agg(
            n=_.count(), who=_.actor.nunique(), most=_.n.max(), sum=_.n.sum(), mean=_.f.mean(), mid=_.f.median()
        ),
        "where nothing is": SOME.agg(
            n=_.count(where=NEVER),
            who=_.actor.nunique(where=NEVER),
            sum=_.n.sum(where=NEVER),
            first=_.day.min(where=NEVER),
            last=_.at.max(where=NEVER),
            mean=_.n.mean(where=NEVER),
            mid=_.n.quantile(0.9, where=NEVER),
            text=_.text.max(where=NEVER),
            who_first=_.actor.argmin(_.at, where=NEVER),
            of_nulls=_.nobody.sum(),
            any=(_.n > 3).any(where=NEVER),
        ),
        "where some are": SOME.agg(
            n=_.count(where=_.n > 0), who=_.actor.nunique(where=_.n > 0), sum=_.n.sum(where=_.n > 0), first=_.day.min(where=_.n > 0)
        ),
        "distinct rows": EVENTS.select("kind", "hour").distinct(),
        "both": EVENTS.select("day").union(EVENTS.select("day"), distinct=True),
        "one after another": EVENTS.filter(_.hour < 9).select("id").union(EVENTS.filter(_.hour < 10).select("id")),
        "true and false": SOME.agg(asked=_.is_question.sum(), all=(_.n > -20).all(), any=(_.n > 11).any(), none=(~_.is_question).sum()),
    }


def numbers():
    return {
        "means and spreads": SOME.agg(mean=_.f.mean(), total=_.f.sum(), spread=_.f.std(), pop=_.f.std(how="pop"), var=_.f.var()),
        "the spread of one": SOME.filter(_.id == SOME.id.min().as_scalar()).agg(spread=_.n.std()),
        "the middle": SOME.group_by("kind").agg(
            mid=_.n.median(), p10=_.n.quantile(0.1), p90=_.f.quantile(0.9), half=_.f.quantile(0.5, where=_.n > 0)
        ),
        "division": SOME.select("id", quotient=_.n / 7, whole=_.n // 7, rest=_.n % 7, back=-_.n // 7, third=_.f / 3, floor=_.f // 0.3),
        "by nothing": SOME.select("id", rate=_.n / (_.n - _.n).nullif(0), whole=_.n // (_.n - _.n).nullif(0)),
        "rounding": SOME.select("id", up=_.f.ceil(), down=_.f.floor(), near=_.f.round(2), size=_.n.abs(), sign=_.n.sign()),
        "roots and logs": SOME.filter(_.f > 0).select(
            "id", root=_.f.sqrt(), ln=_.f.ln(), log=_.f.log2(), power=_.f**2, e=(_.f / 100).exp()
        ),
        "larger and smaller": SOME.select(
            "id", most=ibis.greatest(_.n, 3), least=ibis.least(_.n, _.nobody), either=ibis.coalesce(_.nobody, _.n, 0)
        ),
        "casts": SOME.select(
            "id", whole=_.f.cast("int64"), real=_.n.cast("float64"), text=_.n.cast("string"), flag=_.is_question.cast("int64")
        ),
        "large sums": EVENTS.agg(
            sum=(_.version.cast("int64") // 1_000).sum(), many=_.hour.sum(), product=(_.hour.cast("int64") * 100_000_000_000).sum()
        ),
    }


def texts():
    return {
        "lengths": SAID.select("id", n=_.text.length(), first=_.text[:3], rest=_.text[2:], last=_.text.right(2), upper=_.text.upper()),
        "searching": SAID.select(
            "id", has=_.text.contains("好"), starts=_.text.startswith("你"), ends=_.text.endswith("?"), where=_.text.find("a")
        ),
        "patterns": SAID.select(
            "id", asks=_.text.re_search(r"[?？]\s*$"), like=_.text.like("%好%"), clean=_.text.re_replace("[aeiou]", "_")
        ),
        "pieces": SAID.select(
            "id", joined=_.kind + "·" + _.source, swapped=_.text.replace("好", "不好"), lower=_.text.lower(), strip=_.text.strip()
        ),
        "missing": EVENTS.select(
            "id", missing=_.text.isnull(), there=_.props.notnull(), filled=_.text.fill_null("（无）"), empty=_.text.nullif("你好")
        ),
        "choices": SOME.select(
            "id", part=ibis.cases((_.n < 0, "上午"), (_.n < 6, "下午"), else_="晚上"), maybe=ibis.cases((_.n < 0, "上午"))
        ),
        "props": EVENTS.filter(_.props.notnull()).select("id", "props"),
        "lists": EVENTS.filter(_.kind.isin(["checkin", "order.paid"]), _.hour.notin([3, 4])).select("id", "kind"),
    }


def time():
    return {
        "parts": EVENTS.select(
            "id", y=_.day.year(), m=_.day.month(), d=_.day.day(), w=_.day.day_of_week.index(), iso=_.day.week_of_year(), h=_.at.hour()
        ),
        "buckets": EVENTS.select(
            "id", week=_.day.truncate("W"), month=_.day.truncate("M"), quarter=_.day.truncate("Q"), hour=_.at.truncate("h")
        ),
        "later": EVENTS.select("id", next=(_.day + ibis.interval(days=7)).cast("timestamp").date(), soon=_.at + ibis.interval(minutes=90)),
        "between": EVENTS.select(
            "id", days=_.day.delta(ibis.date(2026, 1, 5), unit="day"), secs=_.at.delta(ibis.timestamp("2026-01-05 00:00:00"), unit="second")
        ),
        "negative": EVENTS.select(
            "id",
            days=EVENTS.day.delta(ibis.date(2026, 3, 5), unit="day"),
            hours=_.at.delta(ibis.timestamp("2026-02-05 00:30:00"), unit="hour"),
        ),
        "texts": EVENTS.select("id", day=_.day.cast("string"), minute=_.at.strftime("%Y-%m-%d %H:%M:%S")),
        "moments": EVENTS.select("id", "at", day=_.at.date(), since=_.at.epoch_seconds()),
        "long ago and far off": EVENTS.limit(1).select(
            old=ibis.date(1931, 5, 9), new=ibis.date(2190, 5, 9), when=ibis.timestamp("1955-03-04 05:06:07.123456")
        ),
        "ranges": DAYS.filter(_.day.between(ibis.date(2026, 1, 12), ibis.date(2026, 1, 18))),
    }


def windows():
    return {
        "before and after": EVENTS.select(
            "id", before=_.at.lag().over(PERSON), after=_.at.lead().over(PERSON), two=_.hour.lag(2, default=-1).over(PERSON)
        ),
        "gaps": EVENTS.mutate(before=_.at.lag().over(PERSON)).select(
            "id", gap=_.at.delta(_.before, unit="second"), is_first=_.before.isnull()
        ),
        "numbering": EVENTS.select("id", row=ibis.row_number().over(PERSON), rank=ibis.rank().over(ibis.window(order_by="hour"))),
        "ties": EVENTS.select(
            "id", dense=ibis.dense_rank().over(ibis.window(order_by=ibis.desc("hour"))), share=_.hour.sum().over(group_by="kind")
        ),
        "so far": EVENTS.select(
            "id", first=_.at.min().over(SO_FAR), n=_.hour.sum().over(SO_FAR), most=_.value.max().over(SO_FAR), all=_.id.count().over(PERSON)
        ),
        "sliding": DAYS.select("day", week=_.n.sum().over(WEEK), mean=_.n.mean().over(WEEK)),
        "of nulls": SOME.select("id", sum=_.nobody.sum().over(SO_FAR), n=_.nobody.count().over(SO_FAR), last=_.nobody.max().over(SO_FAR)),
        "the top of each": EVENTS.mutate(row=ibis.row_number().over(PERSON)).filter(_.row < 2).select("id", "row"),
        "distinct in a window": DAILY.group_by("actor")
        .agg(days=_.day.nunique())
        .mutate(rank=ibis.row_number().over(order_by=[ibis.desc("days"), "actor"])),
    }


def joins():
    answers = EVENTS.filter(EVENTS.reply_to.notnull()).select(answer="id", question="reply_to")
    by_day = DAILY.join(DAYS, "day")
    by_day = by_day.left_join(PEOPLE, by_day.actor == PEOPLE.identity)
    busy, quiet = DAYS.filter(DAYS.n > 5), DAYS.filter(DAYS.who < 4).select(other="day", few="who")
    return {
        "left": EVENTS.left_join(PEOPLE, EVENTS.actor == PEOPLE.identity).select(
            "id", there=_.member.notnull(), person=_.kind_right.fill_null("person")
        ),
        "not found": EVENTS.left_join(PEOPLE, EVENTS.actor == PEOPLE.identity).agg(n=_.member.isnull().sum(), who=_.member.nunique()),
        "anti": EVENTS.anti_join(PEOPLE, EVENTS.actor == PEOPLE.identity).agg(n=_.count()),
        "semi": EVENTS.semi_join(DAILY.filter(_.n > 3), "actor").agg(n=_.count(), who=_.actor.nunique()),
        "with itself": SAID.join(answers, SAID.id == answers.question).select("id", "answer"),
        "three": by_day.group_by("day").agg(n=_.n.sum(), all=_.n_right.max(), who=_.member.nunique()),
        "outer": busy.outer_join(quiet, busy.day == quiet.other).select("day", "other"),
        "crossed": DAYS.filter(_.n > 8).cross_join(DAYS.filter(_.n > 8).select(other="day")).agg(n=_.count()),
    }


def sorting():
    return {
        "up": EVENTS.order_by("value", "id").select("id", "value"),
        "down": EVENTS.order_by(ibis.desc("value"), "id").select("id", "value"),
        "nulls first": EVENTS.order_by(ibis.asc("value", nulls_first=True), "id").select("id"),
        "texts": EVENTS.order_by("text", "id").select("id", "text"),
        "the few": EVENTS.order_by(ibis.desc("at"), "id").limit(7, offset=3).select("id"),
        "a name said twice": DAILY.group_by("kind").agg(n=_.n.sum(), most=_.n.max()).filter(_.n > 3).order_by(ibis.desc("n"), "kind"),
        "a name that shadows": DAILY.mutate(n=_.n * 2).group_by("day").agg(n=_.n.sum(), m=(_.n + 1).sum()).order_by("day"),
        "who first": EVENTS.group_by("channel")
        .agg(who=_.actor.argmin(_.at), last=_.actor.argmax(_.at), text=_.text.argmax(_.value))
        .order_by("channel"),
        "words": EVENTS.filter(_.text.notnull()).select("id", word=_.text.split(" ").unnest()).order_by("id", "word"),
    }


SUBJECTS = (counting, numbers, texts, time, windows, joins, sorting)


def test_every_engine_answers_alike(settings):
    asked = {f"{subject.__name__}: {name}": question for subject in SUBJECTS for name, question in subject().items()}

    duck, click = (world(settings, url, lambda community: {name: answer(community, asked[name]) for name in asked}) for url in URLS)

    assert len(asked) > 50
    assert {name: click[name] for name in asked if click[name] != duck[name]} == {}


def test_every_kind_of_parameter_arrives_as_it_was_given(settings):
    text = 'a\'b\\c\n{x:String} $1 "二" 100%'
    question = EVENTS.filter(
        EVENTS.day >= param("start"),
        EVENTS.at < param("until", "timestamp"),
        param("hours", "array<int64>").contains(EVENTS.hour.cast("int64")),
        EVENTS.hour >= param("least", "int64"),
    ).agg(n=_.count(), text=(_.source.substr(0, 0) + param("text", "string")).max(), share=(_.hour * param("rate", "float64")).sum())
    values = {
        "start": dt.date(2026, 1, 7),
        "until": dt.datetime(2026, 1, 28, 1, 2, 3, 456_789),
        "hours": [8, 9, 10, 21],
        "least": 9,
        "text": text,
        "rate": 0.25,
    }

    answers = [world(settings, url, lambda community: answer(community, question, **values)) for url in URLS]

    assert answers[0][0]["text"] == text
    assert answers[0][0]["n"] > 0
    assert answers[1] == answers[0]


URLS = ("", "chdb:///")


def world(settings, url, questions):
    """The answers of one engine about always the same history, numbers included."""
    settings.LAKE_URL = url
    lake.cache_clear()
    Segment.objects.all().delete()
    LakeState.objects.all().delete()
    Community.objects.all().delete()
    with transaction.atomic():
        community = Community.objects.create(pk=7, slug="hill", name="山里来信", zone="Asia/Shanghai", created_at=clock.now())
        history(events(), people=[bot("人3"), staff("人5")], into=community)
    answers = questions(community)
    lake.cache_clear()
    return answers


def events():
    """A month of eight people, with silences, ties, replies, orders and texts in two languages."""
    dice = random.Random(42)
    texts = ["你好", "大家好呀", "why not?", "A b c", "  有空格 ", "今天去吗？", "naïve café", "Ünïcode 好 OK", "don't 'quote' \"me\"", ""]
    for number in range(160):
        who = f"人{dice.randint(1, 8)}"
        hour, minute = dice.choice([3, 8, 9, 9, 12, 21]), dice.choice([0, 0, 30, 59])
        when = f"2026-01-{dice.randint(5, 30):02d} {hour:02d}:{minute:02d}:{dice.randint(0, 59):02d}"
        thread, reply = dice.choice([None, "甲"]), dice.choice([None, None, f"k{dice.randint(0, number)}"])
        if number % 9 == 0:
            yield happened(
                Kind.ORDER_PAID, who, when, key=f"k{number}", value=dice.choice([9.9, 100.0, 42.5, 0.01]), props={"currency": "CNY"}
            )
        elif number % 7 == 0:
            yield happened(Kind.CHECKIN, who, when, key=f"k{number}", channel="签到")
        else:
            yield said(who, when, dice.choice(texts), key=f"k{number}", thread=thread, reply_to=reply)


def answer(community, question, **values):
    """Rows as plain values, in an order of their own where the question gives none; floats as far as they can agree."""
    rows = [{name: calm(value) for name, value in row.items()} for row in ask(community.pk, question, **values).to_pylist()]
    return rows if isinstance(question.op(), ibis.expr.operations.Sort | ibis.expr.operations.Limit) else sorted(rows, key=repr)


def calm(value):
    return float(f"{value:.10g}") if isinstance(value, float) else value
