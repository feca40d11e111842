"""Questions, who answered them, and what came of it.

An answer is, by a member to a member's question: a marked reply within `PATIENCE`, the first one of each who replied; where nobody
replied with a mark, the next message by somebody else in the same place, if it came near enough and asks nothing itself. Places,
nearness and patience are those of the figures about answers.

Parameters as in `insight.metrics.measures.base`, with `settled_on`, the day from which a first trace means that somebody came.
"""

import ibis
from ibis import _
from ibis.expr.types import Table

from juluo.insight.metrics.measures.answers import NEARBY, PATIENCE, conversation
from juluo.insight.metrics.measures.base import REACH, REACTED, SPOKE, START, STOP, counting, stacked
from juluo.insight.metrics.measures.membership import traces
from juluo.insight.metrics.measures.newcomers import FRESH
from juluo.insight.metrics.types import Frame
from juluo.record.lake.tables import EVENTS, param
from juluo.record.people.measures import only

from ..types import THANKS

FRAME = Frame()
PEOPLE_ONLY = FRAME.who.kinds
SETTLED_ON = param("settled_on")
PATIENT = 7 * 24 * 3600  # seconds in which a reaction is thanks

# Words of thanks. "不用谢" and "不客气" are what the helper says, and hold none of them; the English ones may not be refused.
WORDS = (
    r"(?i)谢谢|感谢|多谢|谢啦|谢了|谢过|谢大佬|感恩|蟹蟹|\bthanks\b|\bthank you|\bthank u\b|\bthx\b|\btks\b|\bty\b|\btysm\b|\bcheers\b"
    r"|\bmerci\b|\bdanke\b|\bgracias\b"
)
REFUSED = r"(?i)\bno,? thank|\bthanks but\b|不用谢谢|谢谢惠顾"
# Reactions that say the opposite of thanks.
AGAINST = r"(?i)👎|😡|😠|🤬|💩|😢|😭|👿|🙄|😒|❌|🤮|thumbs_?down|\"-1\"|angry|rage|disappointed|confused|\"cry|\"sob"


def newcomers() -> Table:
    """Members whose coming is known, with the day, `entered`: their first trace was joining, or it came when the history had gone on for
    long enough to have met those who were there before (`settled_on`)."""
    table = traces(FRAME)
    came = table.there.notnull() & (table.exit.isnull() | (table.there <= table.exit))
    joined = ibis.coalesce(table.joined_at <= table.first_at, False)
    table = table.filter(came & (joined | (table.first_on >= SETTLED_ON)))
    return table.select(newcomer="member", entered="first_on")


def answers() -> Table:
    """Every answer of the window, as `tables.KOC_ANSWERS`."""
    found = _given()
    found = found.left_join(_thanked(found), "answer").drop("answer_right")
    found = found.left_join(_asked_again(found), "answer").drop("answer_right")
    came = newcomers()
    found = found.left_join(came, found.asker == came.newcomer)
    fresh = ibis.coalesce(found.day.delta(found.entered, unit="day") < FRESH, False)
    return found.select(
        "member",
        "asker",
        "question",
        "asked_on",
        "answer",
        "day",
        "channel",
        fresh=fresh,
        thanked=found.thanks.notnull() | ibis.coalesce(found.liked, False),
        thanks="thanks",
        thanked_on="thanked_on",
        settled=found.again.isnull(),
    )


def _given() -> Table:
    """Who answered which question: `question`, `asked_on`, `asker`, `place`, `channel`, `answer`, `at`, `day`, `member`."""
    talk = _runs()
    questions = talk.filter(talk.is_question, talk.counts)
    asked = questions.select(question="id", asked_at="at", asked_on="day", asker="member", asked_in="place")

    replies = talk.filter(talk.reply_to.notnull()).select("reply_to", "at", "day", "member", "counts", answer="id")
    replied = asked.join(replies, asked.question == replies.reply_to)
    wait = replied.at.delta(replied.asked_at, unit="second")
    replied = replied.filter((replied.asker != replied.member) & (replied.at >= replied.asked_at) & (wait <= PATIENCE))
    marked = replied.select(met="question").distinct()
    each = ibis.window(group_by=["question", "member"], order_by=["at", "answer"])
    replied = replied.filter(replied.counts).mutate(nth=ibis.row_number().over(each)).filter(_.nth == 0)

    # Of several questions in a row the last one is answered by what comes next.
    latest = ibis.window(group_by=["place", "run"], order_by=[ibis.desc("at"), ibis.desc("id")])
    open_ = questions.anti_join(marked, questions.id == marked.met)
    open_ = open_.mutate(nth=ibis.row_number().over(latest)).filter(_.nth == 0)
    open_ = open_.select(
        "in_thread", question="id", asked_at="at", asked_on="day", asker="member", asked_in="place", next_run=open_.run + 1
    )
    nexts = talk.filter(talk.begins & talk.counts & talk.reply_to.isnull() & ~talk.is_question)
    nexts = nexts.select("place", "run", "at", "day", "member", answer="id")
    followed = open_.join(nexts, (open_.asked_in == nexts.place) & (open_.next_run == nexts.run))
    wait = followed.at.delta(followed.asked_at, unit="second")
    followed = followed.filter(wait <= ibis.ifelse(followed.in_thread, PATIENCE, NEARBY))

    columns = ("question", "asked_on", "asker", "asked_in", "answer", "at", "day", "member")
    found = stacked(replied.select(*columns), followed.select(*columns))
    places = EVENTS.filter(EVENTS.day >= START, EVENTS.day < STOP, EVENTS.kind == SPOKE).select("channel", said="id")
    found = found.filter(found.day < STOP)
    return found.join(places, found.answer == places.said).drop("said")


def _runs() -> Table:
    """The talk of people, each message with the number of its `run` in its place (messages of one speaker in a row) and whether it
    `begins` one."""
    by_time = ibis.window(group_by="place", order_by=["at", "id"])
    talk = conversation(FRAME)
    talk = talk.mutate(before=talk.member.lag(1).over(by_time))
    talk = talk.mutate(begins=talk.before.isnull() | (talk.before != talk.member))
    so_far = ibis.window(group_by="place", order_by=["at", "id"], preceding=None, following=0)
    return talk.mutate(run=talk.begins.cast("int64").sum().over(so_far).cast("int64")).drop("before")


def _thanked(given: Table) -> Table:
    """The first thanks of the asker to each answer that got any: `answer`, `thanks`, `thanked_on`, and `liked` by a reaction.

    Without a mark, thanks are for whoever answered in that place; with one, for whom they reply to, wherever they are.
    """
    said = EVENTS.filter(EVENTS.day >= START, EVENTS.day < STOP, EVENTS.kind == SPOKE, EVENTS.text.notnull())
    said = said.filter(said.text.re_search(WORDS) & ~said.text.re_search(REFUSED))
    said = counting(said, PEOPLE_ONLY)
    said = said.select("id", "at", "day", "reply_to", asker="member", asked_in=ibis.coalesce(said.thread, said.channel))
    known = EVENTS.filter(EVENTS.day >= REACH, EVENTS.day < STOP, EVENTS.kind == SPOKE)
    known = known.semi_join(said, known.id == said.reply_to)
    known = counting(known, (*PEOPLE_ONLY, "staff", "bot")).select(told="id", to="member")
    said = said.left_join(known, said.reply_to == known.told)

    plain = _first_after(given, said.filter(said.to.isnull()), ("asker", "asked_in"))
    meant = said.filter(said.to.notnull()).select("id", "at", "day", "asker", member="to")
    meant = _first_after(given, meant, ("asker", "member"))
    words = stacked(plain, meant)
    order = ibis.window(group_by="answer", order_by=["mark_at", "mark"])
    words = words.mutate(nth=ibis.row_number().over(order)).filter(_.nth == 0)

    liked = EVENTS.filter(EVENTS.day >= START, EVENTS.day < STOP, EVENTS.kind == REACTED, EVENTS.target.notnull())
    liked = counting(liked.filter(~ibis.coalesce(liked.props, "").re_search(AGAINST)), PEOPLE_ONLY)
    liked = liked.select(target="target", fan="member", liked_at="at")
    liked = given.join(liked, (given.answer == liked.target) & (given.asker == liked.fan))
    liked = liked.filter((liked.liked_at >= liked.at) & (liked.liked_at.delta(liked.at, unit="second") <= PATIENT))
    liked = liked.select("answer").distinct()

    told = words.select("answer", thanks="mark", thanked_on="mark_on", liked=ibis.literal(False))
    none = ibis.null("int64")
    both = stacked(told, liked.select("answer", thanks=none, thanked_on=ibis.null("date"), liked=ibis.literal(True)))
    return both.group_by("answer").agg(thanks=both.thanks.max(), thanked_on=both.thanked_on.max(), liked=both.liked.any())


def _asked_again(given: Table) -> Table:
    """The answers after which the asker asked again in that place: `answer`, `again`."""
    talk = conversation(FRAME)
    more = talk.filter(talk.is_question, talk.counts).select("id", "at", "day", asker="member", asked_in="place")
    return _first_after(given, more, ("asker", "asked_in")).select("answer", again="mark")


def _first_after(given: Table, marks: Table, keys: tuple[str, ...]) -> Table:
    """For every answer the first of the `marks` (`id`, `at`, `day`) with the same keys that comes after it, within `THANKS`: `answer`,
    `mark`, `mark_at`, `mark_on`.

    Read backwards, the first that comes is the earliest seen so far; so that who asks much costs no more than their number of questions.
    """
    nothing = ibis.null("int64")
    both = stacked(
        given.select(*keys, "at", answer="answer", mark=nothing, mark_on=ibis.null("date")),
        marks.select(*keys, "at", answer=nothing, mark="id", mark_on="day"),
    )
    backwards = ibis.window(
        group_by=list(keys), order_by=[ibis.desc("at"), both.mark.isnull().cast("int64").desc()], preceding=None, following=0
    )
    both = both.mutate(next_at=only(both.at, both.mark.notnull()).min().over(backwards))
    met = both.filter(both.answer.notnull() & both.next_at.notnull())
    met = met.filter(met.next_at.delta(met.at, unit="second") <= THANKS).select(*keys, "answer", "next_at")
    marks = marks.group_by(*keys, marks.at).agg(mark=marks.id.min(), mark_on=marks.day.min()).rename(mark_at="at")
    met = met.join(marks, [*(met[key] == marks[key] for key in keys), met.next_at == marks.mark_at])
    return met.select("answer", "mark", "mark_at", "mark_on")
