"""What happens, day by day: everything the members, the team and the bots do, in order of time."""

from collections.abc import Iterator

import numpy as np

from . import orders, population, visits
from .days import DAY, Days
from .recipes import Recipe, SceneKind
from .rows import (
    ANSWERED,
    CHECKIN,
    CLICKED,
    CREATED,
    DELETED,
    EDITED,
    JOINED,
    LEFT,
    PAID,
    REACTED,
    REFUNDED,
    RENAMED,
    WELCOME,
    rows,
)
from .talk import ADVERT, BOT, EMPTY, PROMPT, SPAM, Talk
from .words.types import Role


class Story:
    """A recipe brought to life. Days are drawn independently of each other, so any day can be looked at alone.

    `scale` multiplies all visit rates; left out, it is chosen so that the world has about `recipe.events` events.
    """

    def __init__(self, recipe: Recipe, scale: float | None = None) -> None:
        self.recipe = recipe
        self.days = Days(recipe)
        self.people = population.drawn(recipe, self.days)
        self.shop = orders.drawn(recipe, self.days, self.people)
        self.answers = orders.answered(recipe, self.days, self.people)
        self.talk = Talk(recipe, self.days, self.people)
        self.shop_place = self.talk.kinds * self.talk.copies
        self.scale = scale if scale is not None else self._fitted()
        self.visits = visits.drawn(recipe, self.days, self.people, self.scale)

    def chapters(self) -> Iterator[np.ndarray]:
        """The rows of each local day in order of time; `n` is unique, and whatever is referred to comes earlier."""
        pending, counted, link = EMPTY, 0, -1
        receipts = np.full(self.shop.who.size, -1)  # the number of each order's event
        for day in range(self.recipe.days):
            made = self.day(day)
            for name in ("n", "thread", "reply", "target", "talk"):
                values = made[name]
                values[values >= 0] += counted
            counted += made.size
            link = _with_last_link(made, link)
            paid, refunded = made["kind"] == PAID, made["kind"] == REFUNDED
            receipts[made["item"][paid]] = made["n"][paid]
            made["target"][refunded] = receipts[made["item"][refunded]]
            made["at"] = self.days.moments(day * DAY + made["sec"])
            made = np.concatenate([pending, made])
            made = made[np.lexsort((made["n"], made["at"]))]
            midnight = self.days.moments(np.array([(day + 1) * DAY]))[0]
            now = int(np.searchsorted(made["at"], midnight))
            pending = made[now:]
            yield made[:now]

    def day(self, day: int) -> np.ndarray:
        """What happens on one day, not yet in order: `n` counts from 0, `sec` is the local second (the team's may exceed the day)."""
        rng = np.random.default_rng([self.recipe.seed, 6, day])
        who, hello = self.visits.on(day)
        sec = self.days.drawn_hours(self.people.hours[who], rng)
        fresh = self.people.joined[who] == day
        arrived = self.people.joined_sec[who] + rng.lognormal(6.0, 1.1, who.size)
        sec = np.minimum(np.where(fresh, arrived, sec), DAY - 61.0)

        speaks = hello | (rng.random(who.size) < self.people.speaks[who])
        talk = self.talk.day(day, who[speaks], sec[speaks], hello[speaks], rng)
        parts = [talk, *self._spam(day, talk.size, rng)]
        messages = np.concatenate(parts)
        parts += [self._reactions(messages, who, sec, rng), *self._second_thoughts(messages, rng)]
        parts += [self._checkins(day, who, sec, rng), self._clicks(messages, who, sec, rng)]
        parts += [*self._comings(day, rng), *self._trade(day, rng)]
        made = np.concatenate(parts)
        made["n"] = np.arange(made.size)
        return made

    # -- talk and what goes with it ------------------------------------------------------------------------------

    def _spam(self, day: int, counted: int, rng: np.random.Generator) -> list[np.ndarray]:
        """Spammers post in two or three groups; a bot (or the team) removes it some minutes later."""
        spammers = np.flatnonzero(self.people.spam_on == day)
        who = np.repeat(spammers, rng.integers(2, 4, spammers.size))
        guards = self.people.bots or self.people.staff
        kind = rng.integers(1, 6, who.size)
        sec = rng.uniform(8, 23, who.size) * 3_600
        posts = rows(who.size, CREATED, actor=who, place=self.talk.place(kind, who), sec=sec, subject=SPAM, role=Role.OPEN)
        posts["talk"] = posts["n"] = counted + np.arange(who.size)
        if not guards:
            return [posts]
        guard = guards.start + rng.integers(0, len(guards), who.size)
        removal = rows(who.size, DELETED, actor=guard, place=posts["place"], target=posts["n"], sec=sec + rng.uniform(60, 1_200, who.size))
        return [posts, removal]

    def _reactions(self, messages: np.ndarray, who: np.ndarray, sec: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """While there, members react to what was said lately in a group of theirs: once a message, never to themselves."""
        said = messages[(messages["kind"] == CREATED) & (messages["sec"] < DAY)]
        said = said[np.lexsort((said["sec"], said["place"]))]
        which = np.repeat(np.arange(who.size), np.minimum(rng.poisson(self.people.reacts[who]), 6))
        if not said.size or not which.size:
            return EMPTY
        actor = who[which]
        when = np.minimum(sec[which] + rng.exponential(150, which.size), DAY - 1.0)
        place = self.talk.of_taste(actor, rng)
        latest = np.searchsorted(said["place"] * 100_000.0 + said["sec"], place * 100_000.0 + when) - 1
        found = latest - rng.geometric(0.16, which.size) + 1
        target = said[np.maximum(found, 0)]
        fits = (found >= 0) & (target["place"] == place) & (target["actor"] != actor) & (target["subject"] != SPAM)
        once = np.zeros(which.size, bool)
        once[np.unique(actor * 10_000_000 + target["n"], return_index=True)[1]] = True
        keep = fits & once
        target, actor, when = target[keep], actor[keep], when[keep]
        made = rows(actor.size, REACTED, actor=actor, place=target["place"], sec=when, target=target["n"], mood=target["mood"], value=1.0)
        made["extra"] = np.minimum(rng.geometric(0.45, actor.size) - 1, 4)
        return made

    def _second_thoughts(self, messages: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
        """A few messages are edited (what is told of them is how they read in the end), a few taken back within two minutes."""
        own = messages[(messages["kind"] == CREATED) & (messages["actor"] < self.people.members) & (messages["subject"] != SPAM)]
        dice = rng.random(own.size)
        edited, deleted = own[dice < 0.008].copy(), own[dice > 0.994]
        edited["kind"], edited["target"] = EDITED, edited["n"]
        edited["sec"] = np.minimum(edited["sec"] + rng.uniform(12, 300, edited.size), DAY - 0.5)
        edited["reply"] = edited["thread"] = -1
        gone = rows(deleted.size, DELETED, actor=deleted["actor"], place=deleted["place"], target=deleted["n"])
        gone["sec"] = np.minimum(deleted["sec"] + rng.uniform(6, 115, deleted.size), DAY - 0.5)
        return [edited, gone]

    # -- visits without words --------------------------------------------------------------------------------------

    def _checkins(self, day: int, who: np.ndarray, sec: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        there, first = np.unique(who, return_index=True)
        odds = self.people.checks_in[there]
        if any(scene.kind == SceneKind.ACTIVITY and scene.covers(day) for scene in self.recipe.scenes):
            odds = np.minimum(0.97, odds * 1.5 + 0.05)
        come = rng.random(there.size) < odds
        when = sec[first[come]] + rng.uniform(2, 50, come.sum())
        return rows(when.size, CHECKIN, actor=there[come], place=self.shop_place, sec=when)

    def _clicks(self, messages: np.ndarray, who: np.ndarray, sec: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Some follow the last link the team posted; target -1 stands for one of an earlier day until `chapters` knows it."""
        posts = _links(messages)
        posts = posts[np.argsort(posts["sec"], kind="stable")]
        odds = self.people.clicks[who] * (1 + 0.3 * min(posts.size, 3))
        come = np.flatnonzero(rng.random(who.size) < odds)
        when = np.minimum(sec[come] + rng.uniform(5, 55, come.size), DAY - 0.5)
        latest = np.searchsorted(posts["sec"], when) - 1
        target = np.where(latest >= 0, posts["n"][np.maximum(latest, 0)], -1) if posts.size else np.full(come.size, -1)
        return rows(
            come.size, CLICKED, actor=who[come], place=self.shop_place, sec=when, target=target, extra=rng.integers(0, 6, come.size)
        )

    # -- coming and going ------------------------------------------------------------------------------------------

    def _comings(self, day: int, rng: np.random.Generator) -> list[np.ndarray]:
        people, bots = self.people, self.people.bots
        new = np.flatnonzero(people.joined[: people.members] == day)
        hall = self.talk.place(np.zeros(new.size, np.int64), new)
        joins = rows(new.size, JOINED, actor=new, place=hall, sec=people.joined_sec[new])
        parts = [joins]
        if bots:
            greet = rows(new.size, CREATED, actor=bots.start + new % len(bots), place=hall, subject=BOT, role=WELCOME, extra=new)
            greet["sec"] = people.joined_sec[new] + rng.uniform(1.5, 6, new.size)
            lounges = np.arange(self.talk.copies) * self.talk.kinds + min(1, self.talk.kinds - 1)
            daily = rows(
                lounges.size,
                CREATED,
                actor=bots.start,
                place=lounges,
                subject=BOT,
                role=Role.OPEN,
                sec=8 * 3_600 + rng.uniform(0, 40, lounges.size),
            )
            parts += [greet, daily]
        gone = np.flatnonzero((people.churned[: people.members] == day) & people.left_openly[: people.members])
        removed = people.spam_on[gone] < day
        when = np.where(removed, rng.uniform(9.6, 10.6, gone.size) * 3_600, self.days.drawn_hours(people.hours[gone], rng))
        parts.append(rows(gone.size, LEFT, actor=gone, place=self.talk.place(np.zeros(gone.size, np.int64), gone), sec=when, extra=removed))
        named = np.flatnonzero(people.renamed_on[: people.members] == day)
        hall = self.talk.place(np.zeros(named.size, np.int64), named)
        parts.append(rows(named.size, RENAMED, actor=named, place=hall, sec=self.days.drawn_hours(people.hours[named], rng)))
        return parts

    def _trade(self, day: int, rng: np.random.Generator) -> list[np.ndarray]:
        shop, people = self.shop, self.people
        bought = shop.on(day)
        who = shop.who[bought]
        when = self.days.drawn_hours(people.hours[who], rng)
        when = np.where(people.joined[who] == day, np.minimum(np.maximum(when, people.joined_sec[who] + 400), DAY - 1.0), when)
        orders_today = rows(
            who.size, PAID, actor=who, place=self.shop_place, sec=when, value=shop.value[bought], extra=shop.product[bought]
        )
        orders_today["item"] = np.arange(bought.start, bought.stop)
        back = np.flatnonzero(shop.refunded_on == day)
        refunds = rows(back.size, REFUNDED, actor=shop.who[back], place=self.shop_place, value=shop.value[back], extra=shop.product[back])
        refunds["item"] = back
        refunds["sec"] = rng.uniform(9, 22, back.size) * 3_600
        said = np.flatnonzero(self.answers.day == day)
        who = self.answers.who[said]
        surveys = rows(
            said.size, ANSWERED, actor=who, place=self.shop_place, value=self.answers.score[said], extra=self.answers.survey[said]
        )
        surveys["sec"] = self.days.drawn_hours(people.hours[who], rng)
        surveys["mood"] = np.where(self.answers.score[said] >= 9, 1, np.where(self.answers.score[said] <= 6, -1, 0))
        return [orders_today, refunds, surveys]

    # -- the size that was asked for ---------------------------------------------------------------------------------

    def _fitted(self) -> float:
        """The scale at which the world has about `recipe.events` events, found on some of its days."""
        scale = 0.15
        probes = range(min(5, self.recipe.days - 1), self.recipe.days, max(1, self.recipe.days // 14))
        for _ in range(4):
            self.visits = visits.drawn(self.recipe, self.days, self.people, scale)
            fixed, moving, seen = 0, 0, 0
            for day in probes:
                made = self.day(day)
                own = np.isin(made["kind"], (JOINED, LEFT, RENAMED, PAID, REFUNDED, ANSWERED)) | (made["subject"] == BOT)
                fixed += int(own.sum())
                moving += made.size - int(own.sum())
                seen += int(self.visits.starts[day + 1] - self.visits.starts[day])
            certain = self._certain()
            total = certain + moving / max(1, seen) * self.visits.who.size
            ratio = max(0.0, self.recipe.events - certain) / max(1.0, total - certain)
            scale = float(np.clip(scale * ratio, 1e-4, 60))
            if abs(ratio - 1) < 0.01:
                break
        return scale

    def _certain(self) -> int:
        """Events that no scale changes: coming and going, the bots, orders, surveys."""
        people, shop = self.people, self.shop
        left = int((people.left_openly & (people.churned < self.recipe.days)).sum())
        welcomed = people.members if self.recipe.bots else 0
        daily = self.recipe.days * self.talk.copies if self.recipe.bots else 0
        renamed = int((people.renamed_on < self.recipe.days).sum())
        return (
            people.members + left + welcomed + daily + renamed + shop.who.size + int((shop.refunded_on >= 0).sum()) + self.answers.who.size
        )


def _links(messages: np.ndarray) -> np.ndarray:
    opens = (messages["kind"] == CREATED) & (messages["role"] == Role.OPEN)
    return messages[opens & np.isin(messages["subject"], (PROMPT, ADVERT))]


def _with_last_link(made: np.ndarray, link: int) -> int:
    """Give clicks without a target the last link of the days before; returns the last link of this day (or still that)."""
    orphans = (made["kind"] == CLICKED) & (made["target"] < 0)
    made["target"][orphans] = link
    posts = _links(made)
    return int(posts["n"][np.argmax(posts["sec"])]) if posts.size else link
