"""The nouns of the catalogue of talk."""

from enum import IntEnum

import msgspec


class Role(IntEnum):
    """What part a message plays in its conversation."""

    OPEN = 0  # begins it
    ANSWER = 1  # a member answers the question that began it
    REPLY = 2  # joins in
    FOLLOW = 3  # whoever began it comes back to it
    OFFICIAL = 4  # the team answers


class Topic(msgspec.Struct, frozen=True):
    """Something people talk about. `where` weighs it in the six kinds of group; `weight` is how often on an ordinary day."""

    code: str
    title: str
    where: tuple[float, float, float, float, float, float]
    weight: float = 1.0


class Ask(msgspec.Struct, frozen=True):
    """A question with what members and what the team say to it."""

    question: str
    answers: tuple[str, ...]
    official: tuple[str, ...] = ()


class Subject(msgspec.Struct, frozen=True):
    """One kind of conversation within a topic: how it begins and how it goes on.

    Texts are templates with `{slots}` (see `slots`). A subject either asks one of `asks` or opens with one of `open`: a text,
    or a text followed by replies that fit it. An opening may begin with marks: `+` or `-` for its mood (plain otherwise),
    `@6-10` for the hours and `#45` for the weekdays (0 is Monday) at which it makes sense.
    `mood` are the odds of bad, plain and good; replies are kept by mood. `official` is what the team says where the opening has
    nothing better.
    """

    topic: str
    open: tuple[str | tuple[str, ...], ...] = ()
    asks: tuple[Ask, ...] = ()
    weight: float = 1.0
    mood: tuple[float, float, float] = (0.1, 0.6, 0.3)
    official: tuple[str, ...] = ()
    good: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    follow: tuple[str, ...] = ()
    english: bool = False
    photo: float = 0.0  # odds that the opening message carries a picture

    @property
    def question(self) -> bool:
        return bool(self.asks)
