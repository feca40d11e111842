"""The words of looking for KOC: groups of evidence, stages of the path."""

from dataclasses import dataclass
from enum import StrEnum

from juluo.kit.errors import N_

WINDOW = 90  # days that evidence is looked for in, unless an operator says otherwise
WINDOWS = (30, 60, 90, 180, 365)
THANKS = 24 * 3600  # seconds after an answer in which thanks are for it, and in which asking again says that it did not do
LIKED = 7 * 24 * 3600  # seconds after an answer in which a reaction is thanks
FRESH = 30  # days from coming in which a member is a newcomer


@dataclass(frozen=True)
class Group:
    """One of the five kinds of evidence; `weight` is its part of the score to begin with (percent)."""

    code: str
    name: str
    icon: str
    weight: int
    hint: str


GROUPS = (
    Group("influence", N_("影响力"), "affiliate", 30, N_("说的话有人接、答的题有人问：在对话关系里的位置（PageRank）。")),
    Group("newcomers", N_("带新人"), "user-heart", 20, N_("接住了多少位入群 30 天以内的新人。")),
    Group("help", N_("帮得上忙"), "lifebuoy", 25, N_("回答了多少问题，多少得到感谢，多少之后不用再问。")),
    Group("steady", N_("稳定"), "calendar-check", 15, N_("多少周在说话，最长连续多少周。")),
    Group("mood", N_("身边的气氛"), "mood-smile", 10, N_("接 TA 话的消息是高兴的多还是不高兴的多。")),
)
GROUP = {group.code: group for group in GROUPS}
WEIGHTS = {group.code: group.weight for group in GROUPS}


class Stage(StrEnum):
    """How far somebody has come on the way to KOC."""

    FOUND = "found"
    CONTACT = "contact"
    TRIAL = "trial"
    COCREATE = "cocreate"
    KOC = "koc"


STAGES = tuple(Stage)


@dataclass(frozen=True)
class Plan:
    """A stage as an operator has it (`queries.path.plans`).

    `benefits` are what members get in it, `days` how soon the next step is due, 0 for never.
    """

    stage: Stage
    name: str
    benefits: str
    days: int
    next_step: str


PLANS = {
    Stage.FOUND: Plan(Stage.FOUND, "发现", "", 14, N_("再看两周，决定要不要去聊")),
    Stage.CONTACT: Plan(Stage.CONTACT, N_("接触"), "", 7, N_("私下聊一次：谢谢 TA 做过的事，问问愿不愿意多做一点")),
    Stage.TRIAL: Plan(Stage.TRIAL, N_("试合作"), "", 14, N_("给一件小事，两周内能做完的")),
    Stage.COCREATE: Plan(Stage.COCREATE, N_("共创"), "", 30, N_("一起定一件长期的事：带新人、答疑、写东西")),
    Stage.KOC: Plan(Stage.KOC, N_("KOC"), "", 90, N_("每季度聊一次近况，兑现说好的权益")),
}
