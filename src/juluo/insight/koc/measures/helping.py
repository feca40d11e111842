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
from juluo.insight.metrics.types import Frame
from juluo.record.lake.tables import EVENTS, param

FRAME = Frame()
PEOPLE_ONLY = FRAME.who.kinds
SETTLED_ON = param("settled_on")

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


def given() -> Table:
    """Who answered which question: `question`, `asked_on`, `asker`, `asked_in`, `answer`, `at`, `day`, `member`."""
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
    return stacked(replied.select(*columns), followed.select(*columns))


def asked() -> Table:
    """Every question of a member: `id`, `at`, `day`, `asker`, `asked_in`."""
    talk = conversation(FRAME)
    return talk.filter(talk.is_question, talk.counts).select("id", "at", "day", asker="member", asked_in="place")


def thanks() -> Table:
    """Every message of a member with thanks: `id`, `at`, `day`, `asker`, `asked_in`, and `to`, whom it replies to (0 without a mark)."""
    said = EVENTS.filter(EVENTS.day >= START, EVENTS.day < STOP, EVENTS.kind == SPOKE, EVENTS.text.notnull())
    said = said.filter(said.text.re_search(WORDS) & ~said.text.re_search(REFUSED))
    said = counting(said, PEOPLE_ONLY)
    said = said.select("id", "at", "day", "reply_to", asker="member", asked_in=ibis.coalesce(said.thread, said.channel))
    known = EVENTS.filter(EVENTS.day >= REACH, EVENTS.day < STOP, EVENTS.kind == SPOKE)
    known = known.semi_join(said, known.id == said.reply_to)
    known = counting(known, (*PEOPLE_ONLY, "staff", "bot")).select(told="id", to="member")
    found = said.left_join(known, said.reply_to == known.told)
    return found.select("id", "at", "day", "asker", "asked_in", to=ibis.coalesce(found.to, 0))


def likes() -> Table:
    """Every reaction of a member that is not against what it is for: `answer`, `asker`, `liked_at`."""
    table = EVENTS.filter(EVENTS.day >= START, EVENTS.day < STOP, EVENTS.kind == REACTED, EVENTS.target.notnull())
    table = counting(table.filter(~ibis.coalesce(table.props, "").re_search(AGAINST)), PEOPLE_ONLY)
    return table.select(answer="target", asker="member", liked_at="at")


def _runs() -> Table:
    """The talk of people, each message with the number of its `run` in its place (messages of one speaker in a row) and whether it
    `begins` one."""
    by_time = ibis.window(group_by="place", order_by=["at", "id"])
    talk = conversation(FRAME)
    talk = talk.mutate(before=talk.member.lag(1).over(by_time))
    talk = talk.mutate(begins=talk.before.isnull() | (talk.before != talk.member))
    so_far = ibis.window(group_by="place", order_by=["at", "id"], preceding=None, following=0)
    return talk.mutate(run=talk.begins.cast("int64").sum().over(so_far).cast("int64")).drop("before")
