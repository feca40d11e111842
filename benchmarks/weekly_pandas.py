"""The figures of a weekly report in pandas, figure by figure as in `weekly_bare`.

An analyst with pandas has the events as they were exported, not our member-day roll-up, which is a part of our product's work: the
events are read once, in the columns that the figures need, joined with the people once, and kept in memory; each function then groups,
sorts and merges whole columns, and gives what the query of its name finds. What was read out of texts (terms, moods, what is a question)
is given.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from benchmarks.weekly_bare import WEEKS

ACTS = (
    "message.created",
    "reaction.added",
    "checkin",
    "link.clicked",
    "page.viewed",
    "order.paid",
    "survey.answered",
    "activity.registered",
    "activity.attended",
)
NO_SIGN = ("touch.sent", "touch.failed", "touch.opened", "points.moved", "channel.created", "channel.renamed")
SPOKE, REACTED, JOINED, LEFT = "message.created", "reaction.added", "member.joined", "member.left"
EPOCH = pd.Timestamp("1970-01-05")


class History:
    """The files, and the days that a report on the week of `monday` asks about."""

    def __init__(self, files: dict[str, list[str]], monday: dt.date) -> None:
        self.files = files
        self.middle = pd.Timestamp(monday)
        self.stop, self.before, self.month = self.day(7), self.day(-7), self.day(-21)
        self.first = self.day(-7 * (WEEKS - 1))
        self.found: dict[str, Any] = {}
        columns = ["day", "hour", "at", "actor", "channel", "thread", "reply_to", "id", "kind", "source", "is_question"]
        events = _read(files["events"], columns)
        self.everything = events.merge(self.people(), on="actor", how="left")

    def day(self, days: int) -> pd.Timestamp:
        return self.middle + pd.Timedelta(days=days)

    def people(self, *kinds: str) -> pd.DataFrame:
        people = _read(self.files["people"], ["identity", "member", "kind"]).rename(columns={"identity": "actor", "kind": "person"})
        return people[people.person.isin(kinds)] if kinds else people

    def daily(self, columns: Iterable[str], kinds: Iterable[str] = (), since: Any = None, until: Any = None) -> pd.DataFrame:
        """What those who count did: a row an event, with the columns a roll-up would have."""
        columns = list(columns)
        table = self.during(since, until)
        table = table[(table.person == "person") & (table.kind.isin(kinds) if kinds else True)]
        made = {"n": 1, "replies": table.reply_to.notna().astype("int64"), "questions": table.is_question.astype("int64")}
        made |= {"first_at": table["at"], "last_at": table["at"]}
        kept = table[["member", *(name for name in columns if name not in made)]]
        return kept.assign(**{name: made[name] for name in columns if name in made})

    def signs(self) -> pd.DataFrame:
        """The signs of everybody who counts, worked out once."""
        if "signs" not in self.found:
            table = self.daily(["day", "channel", "kind", "first_at", "last_at"])
            self.found["signs"] = table[~table.kind.isin(NO_SIGN)]
        return self.found["signs"]

    def messages(self, columns: Iterable[str], since: Any, until: Any, *kinds: str) -> pd.DataFrame:
        """The messages of these kinds of people."""
        table = self.during(since, until)
        table = table[(table.kind == SPOKE) & table.person.isin(kinds or ("person",))]
        return table[["member", "person", *columns]]

    def during(self, since: Any, until: Any) -> pd.DataFrame:
        """The events of these days; they are in order of time, as exports are."""
        day = self.everything.day
        start = day.searchsorted(since) if since is not None else 0
        return self.everything.iloc[start : day.searchsorted(until) if until is not None else len(day)]

    def readings(self, columns: Iterable[str], since: Any) -> pd.DataFrame:
        table = _read(self.files["texts"], ["day", "actor", *columns], _days(since, self.stop))
        return table.merge(self.people("person")[["actor", "member"]], on="actor").drop(columns="actor")


# -- reading


def _read(files: list[str], columns: list[str], filters: list | None = None) -> pd.DataFrame:
    table = pq.read_table(files, columns=columns, filters=filters or None, read_dictionary=[n for n in ("kind", "source") if n in columns])
    frame = table.to_pandas(split_blocks=True, self_destruct=True)
    if "day" in frame:
        frame["day"] = pd.to_datetime(frame["day"])
    return frame


def _days(since: Any, until: Any) -> list:
    bounds = [("day", ">=", since.date())] if since is not None else []
    return bounds + ([("day", "<", until.date())] if until is not None else [])


def _week(day: pd.Series) -> pd.Series:
    return (day - EPOCH).dt.days // 7


def _seconds(later: pd.Series, earlier: pd.Series) -> pd.Series:
    """From one second to another, as databases count: what lies within the second does not matter."""
    return (later.dt.floor("s") - earlier.dt.floor("s")).dt.total_seconds()


# -- the figures


def totals(h: History) -> pd.DataFrame:
    groups = h.everything.groupby(["kind", "source"], observed=True)
    return groups.agg(n=("day", "size"), replies=("reply_to", "count"), first=("day", "min"), last=("day", "max"))


def speaking(h: History, by: str = "week") -> pd.DataFrame:
    columns = ["day", "kind", "n", "replies"]
    table = h.daily(columns, (*ACTS, JOINED, LEFT), h.first if by == "week" else h.month, h.stop)
    said = table.kind == SPOKE
    table = table.assign(
        week=_week(table.day),
        messages=table.n.where(said, 0),
        replies=table.replies.where(said, 0),
        reactions=table.n.where(table.kind == REACTED, 0),
        acts=(~table.kind.isin((JOINED, LEFT))).astype("int64"),
        joins=table.n.where(table.kind == JOINED, 0),
        leaves=table.n.where(table.kind == LEFT, 0),
    )
    members = table.groupby([by, "member"], as_index=False)[["messages", "replies", "reactions", "acts", "joins", "leaves"]].sum()
    members = members.assign(speakers=members.messages > 0, active=members.acts > 0)
    return members.groupby(by)[["messages", "speakers", "replies", "reactions", "active", "joins", "leaves"]].sum()


def speaking_by_day(h: History) -> pd.DataFrame:
    return speaking(h, "day")


def trailing(h: History) -> pd.Series:
    active = h.daily(["day"], ACTS, h.first - pd.Timedelta(days=29), h.stop).drop_duplicates().sort_values(["member", "day"])
    gap = (active.groupby("member").day.shift(-1) - active.day).dt.days.fillna(30).clip(upper=30)
    return active.assign(gap=gap).groupby(["day", "gap"]).size()


def _entries(signs: pd.DataFrame) -> pd.DataFrame:
    gone = signs.kind == LEFT
    table = signs.assign(there=signs.first_at.where(~gone), exit=signs.first_at.where(gone))
    table = table.groupby("member", as_index=False).agg(entered=("day", "min"), there=("there", "min"), exit=("exit", "min"))
    came_first = table.there.notna() & (table.exit.isna() | (table.there <= table.exit))
    table["entered"] = table.entered.where(came_first, pd.Timestamp("1970-01-01"))
    return table[["member", "entered"]]


def membership(h: History, by: str = "week") -> pd.DataFrame:
    since = h.first if by == "week" else h.month
    signs = h.signs()
    leavers = signs[signs.kind == LEFT].groupby("member", as_index=False).agg(gone_at=("first_at", "min"))
    theirs = signs.merge(leavers, on="member")
    theirs["is_in"] = theirs.kind != LEFT
    opening = theirs[theirs.is_in].sort_values("first_at").drop_duplicates(["member", "channel"])
    again = theirs[theirs.last_at >= theirs.gone_at]
    parts = [opening.assign(at=opening.first_at), again.assign(at=again.first_at), again.assign(at=again.last_at)]
    moves = pd.concat(parts).sort_values(["member", "at", "is_in"], ascending=[True, True, False])
    moves["step"] = moves.is_in.astype("int64") - moves.groupby(["member", "channel"]).is_in.shift(1, fill_value=False).astype("int64")
    moves = moves[moves.step != 0].sort_values(["member", "at", "step"], ascending=[True, True, False])
    moves["is_here"] = moves.groupby("member").step.cumsum() > 0
    steps = moves[moves.is_here != moves.groupby("member").is_here.shift(1, fill_value=False)]

    def bucket(day: pd.Series) -> pd.Series:
        return (_week(day) if by == "week" else (day - EPOCH).dt.days).where(day >= since, -1)

    steps = steps[steps.day < h.stop]
    steps = (
        steps.assign(b=bucket(steps.day)).groupby(["b", "member"], as_index=False).agg(came=("is_here", "first"), last=("is_here", "last"))
    )
    moved = steps.assign(gone=~steps["last"]).groupby("b")[["came", "gone"]].sum()
    entered = signs.groupby("member", as_index=False).agg(day=("day", "min"))
    entered = entered[entered.day < h.stop].merge(leavers, on="member", how="left")
    arrived = (
        entered.assign(b=bucket(entered.day), came=entered.gone_at.isna()).groupby("b").agg(new=("member", "size"), came=("came", "sum"))
    )
    return arrived.add(moved, fill_value=0)


def membership_by_day(h: History) -> pd.DataFrame:
    return membership(h, "day")


def _asked(h: History, since: pd.Timestamp) -> pd.DataFrame:
    """Every question with `seconds` until its answer."""
    columns = ["id", "at", "day", "hour", "channel", "thread", "reply_to", "is_question"]
    said = h.messages(columns, since, h.stop + pd.Timedelta(days=8), "person", "staff")
    said = said.assign(place=said.thread.fillna(said.channel), in_thread=said.thread.notna(), counts=said.person == "person")
    said = said.sort_values(["place", "at", "id"])
    place = said.groupby("place")
    following = place["member"].shift(-1)
    changed = place["at"].shift(-1).where(following.notna() & (following != said.member))
    said["other_at"] = changed.groupby(said.place).bfill()
    asked = said[said.is_question & said.counts & (said.day < h.stop)]
    wait = _seconds(asked.other_at, asked["at"])
    nearby = wait.where(wait <= np.where(asked.in_thread, 604_800, 1_800))
    asked = asked.assign(nearby=nearby)
    replies = said.loc[said.reply_to.notna(), ["reply_to", "member", "at"]].rename(columns={"member": "replier", "at": "replied_at"})
    met = asked[["id", "at", "member"]].merge(replies, left_on="id", right_on="reply_to")
    met = met[(met.replier != met.member) & (met.replied_at >= met["at"])]
    met = met.groupby("id", as_index=False).agg(replied_at=("replied_at", "min"), at=("at", "min"))
    met["direct"] = _seconds(met.replied_at, met["at"])
    asked = asked.merge(met.loc[met.direct <= 604_800, ["id", "direct"]], on="id", how="left")
    asked["seconds"] = asked[["nearby", "direct"]].min(axis=1)
    asked["answered"] = asked.seconds.notna()
    return asked


def answers(h: History, by: str = "week") -> pd.DataFrame:
    asked = _asked(h, h.first if by == "week" else h.month)
    groups = asked.assign(week=_week(asked.day)).groupby(by)
    found = groups.agg(asked=("id", "size"), answered=("answered", "sum"))
    found["minutes"], found["p90"] = groups.seconds.quantile(0.5) / 60, groups.seconds.quantile(0.9) / 60
    return found


def answers_by_day(h: History) -> pd.DataFrame:
    return answers(h, "day")


def first_words(h: History) -> pd.DataFrame:
    signs = h.signs()
    table = signs.assign(joined=signs.first_at.where(signs.kind == JOINED), spoke=signs.first_at.where(signs.kind == SPOKE))
    table = table.groupby("member").agg(entered=("day", "min"), at=("first_at", "min"), joined=("joined", "min"), spoke=("spoke", "min"))
    table = table[table.joined <= table["at"]]
    wait, parts = _seconds(table.spoke, table.joined), []
    for days in (1, 7):
        due = table.entered + pd.Timedelta(days=days)
        part = pd.DataFrame({"due": due, "spoke": wait <= days * 86_400, "days": days})
        parts.append(part[(part.due >= h.first) & (part.due < h.stop)])
    both = pd.concat(parts)
    return both.groupby(["days", _week(both.due)]).spoke.agg(["size", "sum"])


def newcomers_part(h: History) -> pd.DataFrame:
    words = h.daily(["day", "n"], [SPOKE], h.first, h.stop).merge(_entries(h.signs()), on="member")
    words["fresh"] = words.n.where((words.entered > EPOCH) & ((words.day - words.entered).dt.days < 30), 0)
    return words.groupby(_week(words.day)).agg(fresh=("fresh", "sum"), messages=("n", "sum"))


def lifecycle(h: History) -> pd.Series:
    acts = h.daily(["day"], ACTS, h.first - pd.Timedelta(days=7), h.stop)
    active = acts.assign(week=_week(acts.day))[["member", "week"]].drop_duplicates().sort_values(["member", "week"])
    weeks = active.groupby("member").week
    active = active.assign(last=weeks.shift(1), next=weeks.shift(-1)).merge(_entries(h.signs()), on="member")
    is_new = _week(active.entered) == active.week
    active["stage"] = np.where(active["last"] == active.week - 1, "returning", np.where(is_new, "new", "resurrected"))
    gone = active[active.next != active.week + 1]
    dormant = pd.DataFrame({"week": gone.week + 1, "stage": "dormant"})
    return pd.concat([active[["week", "stage"]], dormant]).groupby(["week", "stage"]).size()


def spread(h: History) -> pd.Series:
    words = h.daily(["day", "n"], [SPOKE], h.first, h.stop)
    much = words.assign(week=_week(words.day)).groupby(["week", "member"], as_index=False).n.sum()
    return much.groupby(["week", "n"]).size()


def moods(h: History) -> pd.DataFrame:
    texts = h.readings(["mood"], h.first)
    texts = texts.assign(week=_week(texts.day), positive=texts.mood > 0, negative=texts.mood < 0)
    return texts.groupby("week").agg(read=("mood", "size"), positive=("positive", "sum"), negative=("negative", "sum"))


def _terms(texts: pd.DataFrame) -> pd.DataFrame:
    """A row for each term of each message."""
    terms = texts.reset_index(names="message").explode("terms").dropna(subset="terms")
    return terms.drop_duplicates(["message", "terms"])


def shared_topics(h: History) -> pd.Series:
    texts = h.readings(["terms"], h.first)
    said = texts.assign(week=_week(texts.day)).drop(columns="day").explode("terms").dropna(subset="terms")
    people = said.groupby(["week", "terms"]).member.nunique()
    return (people >= 3).groupby("week").sum()


def members_who_changed(h: History) -> pd.DataFrame:
    words = h.daily(["day", "n"], [SPOKE], h.before, h.stop)
    words = words.assign(later=words.n.where(words.day >= h.middle, 0), earlier=words.n.where(words.day < h.middle, 0))
    changed = words.groupby("member", as_index=False)[["earlier", "later"]].sum()
    changed["delta"] = (changed.later - changed.earlier).abs()
    return changed[changed.delta > 0].sort_values(["delta", "member"], ascending=[False, True]).head(60)


def channels(h: History) -> pd.DataFrame:
    words = h.daily(["day", "channel", "n", "replies", "questions"], [SPOKE], h.before, h.stop)
    members = (
        words.assign(now=words.day >= h.middle).groupby(["now", "channel", "member"], as_index=False)[["n", "replies", "questions"]].sum()
    )
    return members.groupby(["now", "channel"]).agg(
        messages=("n", "sum"), speakers=("member", "size"), replies=("replies", "sum"), questions=("questions", "sum")
    )


def hours(h: History, weeks: int = 1) -> pd.DataFrame:
    talk = h.messages(["day", "hour"], h.before if weeks == 1 else h.month, h.stop)
    talk = talk.assign(now=(talk.day >= h.middle) | (weeks > 1), weekday=talk.day.dt.weekday)
    cells = talk.groupby(["now", "weekday", "hour", "member"], as_index=False).size()
    return cells.groupby(["now", "weekday", "hour"]).agg(messages=("size", "sum"), speakers=("member", "size"))


def hours_of_four_weeks(h: History) -> pd.DataFrame:
    return hours(h, 4)


def joins_and_leaves(h: History) -> pd.Series:
    return (
        h.daily(["kind", "channel", "day", "n"], [JOINED, LEFT], h.before, h.stop)
        .groupby(["kind", "channel", "day"], observed=True)
        .n.sum()
    )


def answers_by_channel(h: History) -> pd.DataFrame:
    asked = _asked(h, h.before)
    asked = asked.assign(now=asked.day >= h.middle, prompt=asked.seconds <= 3600)
    return asked.groupby(["now", "channel", "hour"]).agg(asked=("id", "size"), answered=("answered", "sum"), prompt=("prompt", "sum"))


def unanswered(h: History) -> pd.DataFrame:
    asked = _asked(h, h.before)
    h.found["unanswered"] = asked[~asked.answered & (asked.day >= h.middle)].sort_values(["at", "id"])[["id", "at", "channel", "member"]]
    return h.found["unanswered"]


def their_texts(h: History) -> pd.DataFrame:
    ids = h.found["unanswered"].id.head(100).tolist()
    return _read(h.files["events"], ["id", "text"], [("id", "in", ids), *_days(h.before, h.stop)])


def topics(h: History) -> pd.DataFrame:
    texts = h.readings(["terms"], h.before)
    said = _terms(texts.assign(now=texts.day >= h.middle))
    members = said.assign(earlier=~said.now).groupby(["terms", "member"], as_index=False)[["now", "earlier"]].sum()
    members = members.assign(people=members.now > 0, people_before=members.earlier > 0)
    found = members.groupby("terms", as_index=False)[["now", "people", "earlier", "people_before"]].sum()
    return found[found.now > 0].sort_values(["people", "now", "terms"], ascending=[False, False, True]).head(1000)


def loudest_members(h: History) -> pd.DataFrame:
    acts = h.daily(["day", "kind", "n", "replies", "questions"], ACTS, h.before, h.stop)
    now, said = acts.day >= h.middle, acts.kind == SPOKE
    table = acts.assign(
        messages=acts.n.where(now & said, 0),
        on=acts.day.where(now),
        replies=acts.replies.where(now & said, 0),
        questions=acts.questions.where(now & said, 0),
        reactions=acts.n.where(now & (acts.kind == REACTED), 0),
        messages_before=acts.n.where(~now & said, 0),
    )
    sums = ["messages", "replies", "questions", "reactions", "messages_before"]
    found = table.groupby("member")[sums].sum().join(table.groupby("member").on.nunique()).reset_index()
    return found.sort_values(["messages", "messages_before", "member"], ascending=[False, False, True]).head(500)


def who_talks_with_whom(h: History) -> pd.DataFrame:
    talk = h.messages(["id", "at", "day", "channel", "thread", "reply_to"], h.before, h.stop)
    talk = talk.assign(place=talk.thread.fillna(talk.channel), in_thread=talk.thread.notna())
    now = talk[talk.day >= h.middle].sort_values(["place", "at", "id"])
    place = now.groupby("place")
    now = now.assign(other=place.member.shift(1), other_at=place["at"].shift(1))
    near = _seconds(now["at"], now.other_at) <= np.where(now.in_thread, 604_800, 1_800)
    followed = now.loc[now.reply_to.isna() & near & (now.other != now.member), ["member", "other"]]
    answered = talk[["id", "member"]].rename(columns={"id": "reply_to", "member": "other"})
    replied = now.loc[now.reply_to.notna(), ["member", "reply_to"]].merge(answered, on="reply_to")
    replied = replied.loc[replied.member != replied.other, ["member", "other"]]
    edges = pd.concat([followed.astype("int64"), replied]).groupby(["member", "other"], as_index=False).size()
    return edges.sort_values(["size", "member", "other"], ascending=[False, True, True]).head(1000)


def newcomers(h: History) -> pd.DataFrame:
    entered = _entries(h.signs())
    did = h.daily(["day", "kind", "n"], ACTS, h.before, h.stop)
    said = did.kind == SPOKE
    did = did.assign(said=did.n.where(said, 0), spoke_on=did.day.where(said), now=did.n.where(did.day >= h.middle, 0))
    did = did.groupby("member").agg(messages=("said", "sum"), spoke_on=("spoke_on", "min"), now=("now", "sum"))
    return entered[(entered.entered >= h.before) & (entered.entered < h.stop)].merge(did, on="member", how="left")


def silent(h: History) -> pd.DataFrame:
    acts = h.daily(["day", "kind", "n"], ACTS, h.day(-28), h.stop)
    earlier = acts.day < h.middle
    table = acts.assign(said=acts.n.where(earlier & (acts.kind == SPOKE), 0), before=_week(acts.day).where(earlier), now=~earlier)
    members = table.groupby("member")
    table = members.agg(messages=("said", "sum"), last_on=("day", "max"), now=("now", "max")).join(members[["before", "day"]].nunique())
    table = table[~table.now & (table.before >= 3)].reset_index()
    return table.sort_values(["messages", "day", "member"], ascending=[False, False, True])


def channels_by_week(h: History) -> pd.DataFrame:
    words = h.daily(["day", "channel", "n"], [SPOKE], h.day(-56), h.stop)
    weekly = words.assign(week=_week(words.day)).groupby(["channel", "week", "member"], as_index=False).n.sum()
    return weekly.groupby(["channel", "week"]).agg(messages=("n", "sum"), speakers=("member", "size"))


def moods_by_channel(h: History) -> pd.DataFrame:
    texts = h.readings(["channel", "mood"], h.before)
    texts = texts.assign(now=texts.day >= h.middle, positive=texts.mood > 0, negative=texts.mood < 0)
    return texts.groupby(["now", "channel"]).agg(read=("mood", "size"), positive=("positive", "sum"), negative=("negative", "sum"))


def sore_points(h: History) -> pd.DataFrame:
    texts = h.readings(["mood", "terms"], h.middle)
    sore = _terms(texts[texts.mood < 0]).groupby("terms").agg(people=("member", "nunique"), messages=("member", "size"))
    return sore.reset_index().sort_values(["people", "messages", "terms"], ascending=[False, False, True]).head(20)


def who_was_left_out(h: History) -> pd.DataFrame:
    table = h.during(h.middle, h.stop)
    return table[table.kind == SPOKE].groupby("person").agg(n=("day", "size"), many=("actor", "nunique"))


def days_with_anything(h: History) -> pd.Series:
    return h.during(h.middle, h.stop).day.drop_duplicates()


FIGURES: dict[str, Callable[[History], Any]] = {
    "newcomers' part" if one is newcomers_part else one.__name__.replace("_", " "): one
    for one in (
        totals,
        speaking,
        speaking_by_day,
        trailing,
        membership,
        membership_by_day,
        answers,
        answers_by_day,
        first_words,
        newcomers_part,
        lifecycle,
        spread,
        moods,
        shared_topics,
        members_who_changed,
        channels,
        hours,
        hours_of_four_weeks,
        joins_and_leaves,
        answers_by_channel,
        unanswered,
        their_texts,
        topics,
        loudest_members,
        who_talks_with_whom,
        newcomers,
        silent,
        channels_by_week,
        moods_by_channel,
        sore_points,
        who_was_left_out,
        days_with_anything,
    )
}
