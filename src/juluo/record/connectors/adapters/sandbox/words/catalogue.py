"""Everything that can be talked about, numbered."""

import random
import re

import msgspec

from . import brand, coffee, house, life
from .grammar import Compiled, compiled, sentence
from .types import Role, Subject, Topic

# The six kinds of group: 新人报到, 闲聊, 手冲与器具, 新豆晒单, 订单与售后, 同城与线下.
GROUPS: tuple[tuple[str, str], ...] = (
    ("一号车厢 · 新人报到", "新乘客从这里上车，打个招呼，认认人"),
    ("二号车厢 · 闲聊", "上班、天气、猫和午饭，想到什么聊什么"),
    ("三号车厢 · 手冲与器具", "参数、器具、翻车现场，问题都能问"),
    ("四号车厢 · 新豆晒单", "新豆上市、测评、晒单、配早餐"),
    ("五号车厢 · 订单与售后", "发货、补发、开票、订阅，列车长在线"),
    ("六号车厢 · 同城与线下", "约咖、杯测、快闪、门店"),
)
SHOP = ("慢车小站（小程序）", "下单、打卡、问卷，不聊天")
# How much of what is said falls into each kind of group, the team's own posts aside.
SHARE = (0.05, 0.36, 0.2, 0.17, 0.12, 0.1)

TOPICS: tuple[Topic, ...] = (
    Topic("hello", "新人报到", (0, 0, 0, 0, 0, 0)),
    Topic("prompt", "官方话题", (0, 0, 0, 0, 0, 0)),
    Topic("advert", "促销推广", (0, 0, 0, 0, 0, 0)),
    Topic("spam", "垃圾广告", (0, 0, 0, 0, 0, 0)),
    Topic("bot", "机器人播报", (0, 0, 0, 0, 0, 0)),
    Topic("english", "English", (0, 0, 0, 0, 0, 0)),
    Topic("brew", "冲煮参数", (0, 0.3, 5, 1.0, 0, 0.1), 1.0),
    Topic("gear", "器具", (0, 0.4, 3.5, 0.3, 0.1, 0), 1.0),
    Topic("beans", "豆子与风味", (0.1, 0.6, 1.0, 5, 0.2, 0.1), 1.0),
    Topic("chat", "日常闲聊", (1.0, 5, 0.2, 0.4, 0.2, 0.8), 1.0),
    Topic("food", "早餐与烘焙", (0, 1.0, 0, 1.2, 0, 0.2), 1.0),
    Topic("health", "咖啡因与睡眠", (0, 0.7, 0.4, 0.2, 0, 0), 1.0),
    Topic("cat", "站长（店猫）", (0.2, 0.5, 0, 0.1, 0, 0.6), 1.0),
    Topic("meet", "同城约咖", (0.2, 0.3, 0, 0.1, 0, 5), 1.0),
    Topic("launch", "新豆「晨雾」", (0, 0.5, 1.0, 4, 0.6, 0), 0.0),
    Topic("presale", "「夜班车」预售", (0, 0.8, 0.6, 4, 2.0, 0), 0.0),
    Topic("contest", "冲煮赛打卡", (0, 1.2, 4, 1.0, 0, 0.4), 0.0),
    Topic("shop", "门店快闪", (0, 1.6, 0, 0.2, 0, 5), 0.0),
    Topic("logistics", "物流", (0, 1.8, 0, 0.9, 5, 0), 0.12),
    Topic("aftersale", "订单与售后", (0, 0.1, 0.1, 0.3, 4, 0), 1.0),
    Topic("referral", "同行票（老带新）", (1.0, 2.0, 0, 0.3, 0.6, 0.5), 0.0),
    Topic("price", "价格与优惠", (0, 0.6, 0.2, 0.7, 1.2, 0), 1.0),
)
TOPIC = {topic.code: number for number, topic in enumerate(TOPICS)}

SUBJECTS: tuple[Subject, ...] = (*house.SUBJECTS, *coffee.SUBJECTS, *life.SUBJECTS, *brand.SUBJECTS)
ENGLISH = tuple(number for number, subject in enumerate(SUBJECTS) if subject.english)

Pool = tuple[Compiled, ...]
_MARKS = re.compile(r"([+-]?)(?:#(\d+))?(?:@(\d+)-(\d+))?(.*)", re.S)


class Opening(msgspec.Struct, frozen=True):
    """How a conversation can begin, and what fits it: replies (or answers) of members, words of the team."""

    text: Compiled
    mood: int
    days: frozenset[int]
    first_hour: int
    last_hour: int  # may exceed 24: until that hour of the night
    replies: Pool
    official: Pool

    def fits(self, weekday: int, hour: int) -> bool:
        return weekday in self.days and (self.first_hour <= hour < self.last_hour or hour + 24 < self.last_hour)


def _pool(*templates: tuple[str, ...]) -> Pool:
    return tuple(compiled(template) for group in templates for template in group)


def _opening(template: str, replies: tuple[str, ...], official: tuple[str, ...]) -> Opening:
    marks = _MARKS.fullmatch(template)
    assert marks is not None  # every part of the pattern is optional
    mood, days, first, last, text = marks.groups()
    weekdays = frozenset(map(int, days)) if days else frozenset(range(7))
    hours = (int(first), int(last)) if first else (0, 24)
    return Opening(compiled(text), {"+": 1, "-": -1}.get(mood, 0), weekdays, *hours, _pool(replies), _pool(official))


def _openings(subject: Subject) -> tuple[Opening, ...]:
    if subject.asks:
        return tuple(_opening(ask.question, ask.answers, ask.official or subject.official or house.OFFICIAL) for ask in subject.asks)
    told = ((entry,) if isinstance(entry, str) else entry for entry in subject.open)
    return tuple(_opening(text, tuple(replies), subject.official or house.CHATTING) for text, *replies in told)


def _pools(subject: Subject) -> dict[tuple[int, int], Pool]:
    """Replies by (role, mood) where the opening has none. The subject's own words come up far more often than everyone's."""
    pools: dict[tuple[int, int], Pool] = {}
    own = {-1: subject.bad, 0: subject.plain, 1: subject.good}
    back = house.THANKS if subject.asks else house.FOLLOW
    own_words = subject.english or subject.topic in ("hello", "prompt", "advert")
    for mood, general in ((-1, house.BAD), (0, house.PLAIN), (1, house.GOOD)):
        shared = () if own_words or (mood < 0 and subject.mood[0] < 0.3 and own[mood]) else general
        pools[Role.REPLY, mood] = _pool(own[mood] * (1 + 4 * len(shared) // max(1, len(own[mood]))), shared)
        pools[Role.FOLLOW, mood] = _pool(subject.follow * 3, () if own_words else back)
    return pools


OPENINGS: tuple[tuple[Opening, ...], ...] = tuple(_openings(subject) for subject in SUBJECTS)
POOLS: tuple[dict[tuple[int, int], Pool], ...] = tuple(_pools(subject) for subject in SUBJECTS)
# The openings of each subject by mood; all of them where it has none of that mood.
BY_MOOD: tuple[dict[int, tuple[int, ...]], ...] = tuple(
    {mood: tuple(n for n, opening in enumerate(openings) if opening.mood == mood) or tuple(range(len(openings))) for mood in (-1, 0, 1)}
    for openings in OPENINGS
)
_ASKS = tuple(subject.question for subject in SUBJECTS)
_MODEST = _pool(house.MODEST)
_BEGUN = "#"  # where a conversation remembers how it began


def text(subject: int, role: int, mood: int, words: dict[str, str], rng: random.Random, when: tuple[int, int] | None = None) -> str:
    """Something to say on a subject in a role and a mood; `words` is the memory of the conversation, `when` weekday and hour."""
    if role == Role.OPEN:
        choices = BY_MOOD[subject][mood]
        if when is not None:
            choices = tuple(n for n in choices if OPENINGS[subject][n].fits(*when)) or choices
        chosen = choices[int(rng.random() * len(choices))]
        words[_BEGUN] = str(chosen)
        return sentence(OPENINGS[subject][chosen].text, words, rng)

    openings = OPENINGS[subject]
    opening = openings[int(words[_BEGUN]) if _BEGUN in words else int(rng.random() * len(openings))]
    pool: Pool = ()
    if role == Role.ANSWER:
        pool = opening.replies
    elif role == Role.OFFICIAL:
        pool = opening.official
    elif role == Role.REPLY and not _ASKS[subject] and (mood == 0 or mood == opening.mood) and rng.random() < 0.6:
        pool = opening.replies
    if not pool:
        pool = POOLS[subject][Role.FOLLOW if role == Role.FOLLOW else Role.REPLY, mood]
    return sentence(pool[int(rng.random() * len(pool))], words, rng)


def modest(words: dict[str, str], rng: random.Random) -> str:
    """What members add to an answer of theirs."""
    return sentence(_MODEST[int(rng.random() * len(_MODEST))], words, rng)
