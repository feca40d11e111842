"""A made-up village with two kinds of people, whose differences are known because they were put in."""

import datetime as dt
import random

from juluo.ground.communities.models import Community
from juluo.record.people.models import Member
from juluo.record.profiles.actions import create_attribute, ensure_tag, grant, set_values
from juluo.record.profiles.types import Given, Source, ValueKind
from tests.cast import history, said

LAST = dt.date(2026, 3, 31)
NOW = dt.datetime(2026, 3, 31, 15, 30, tzinfo=dt.UTC)
START, END = dt.date(2026, 1, 1), LAST
COFFEE = 'tag("兴趣/咖啡机")'
MANY = 90


def village(many: int = MANY, seed: int = 5) -> Community:
    """A third have the tag 兴趣/咖啡机: they talk of coffee machines late in the evening, live in 杭州 and ask a lot. The others talk of
    hiking around noon and live anywhere."""
    dice = random.Random(seed)
    events = []
    for number in range(many):
        name, is_fond = f"村民{number}", number % 3 == 0
        for _ in range(6):
            day = LAST - dt.timedelta(days=dice.randrange(60))
            hour = dice.choice((21, 22, 23)) if is_fond and dice.random() < 0.8 else dice.choice((11, 12, 13, 16))
            topic = "咖啡机" if is_fond and dice.random() < 0.7 else dice.choice(("徒步", "帐篷", "露营"))
            text = (
                dice.choice((f"今天又用{topic}折腾了一上午", f"{topic}真是越用越顺手"))
                if dice.random() < 0.6
                else f"谁家的{topic}可以推荐一下？"
            )
            room = "器具" if topic == "咖啡机" else "大厅"
            events.append(said(name, f"{day} {hour}:{dice.randrange(60):02}", text, channel=room, key=f"m{len(events)}"))
    community = history(events)
    create_attribute(community, "city", "城市", group="space")
    create_attribute(community, "age", "年龄", kind=ValueKind.NUMBER, unit="岁")
    members = {member.name: member.pk for member in Member.objects.filter(community=community)}
    given, fond = [], []
    for number in range(many):
        pk = members[f"村民{number}"]
        is_fond = number % 3 == 0
        fond += [pk] if is_fond else []
        city = "杭州" if is_fond and dice.random() < 0.8 else dice.choice(("上海", "成都", "西安", "广州"))
        if dice.random() < 0.9:
            given.append(Given(pk, "city", city))
        given.append(Given(pk, "age", 30 + number % 20))
    set_values(community, given, source=Source.IMPORT)
    grant(ensure_tag(community, "兴趣/咖啡机"), fond)
    return community
