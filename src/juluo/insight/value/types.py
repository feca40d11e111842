"""Segments of recency, frequency and money, each scored 1 (least) to 5 (most) by fifths of the members."""

from dataclasses import dataclass

from juluo.kit.errors import N_

Range = tuple[int, int]


@dataclass(frozen=True)
class Segment:
    """A segment takes scores within three ranges, ends included; of several that fit, the first of `SEGMENTS` counts."""

    code: str
    name: str
    recency: Range
    frequency: Range
    money: Range
    advice: str

    def fits(self, r: int, f: int, m: int) -> bool:
        return all(low <= score <= high for score, (low, high) in zip((r, f, m), (self.recency, self.frequency, self.money), strict=True))


# The ranges of the R package "rfm" 0.3. They overlap, so their order is part of the definition; what none takes is OTHERS.
SEGMENTS = (
    Segment("champions", N_("冠军"), (5, 5), (5, 5), (5, 5), N_("刚买过、常买、买得多：请他们先用新品、带新人。")),
    Segment("potential_loyalist", N_("潜力忠诚"), (3, 5), (3, 5), (2, 5), N_("最近常来：给会员权益，让习惯变牢。")),
    Segment("loyal", N_("忠诚"), (2, 4), (2, 4), (2, 4), N_("一直在买：定期感谢，推荐他们没试过的。")),
    Segment("promising", N_("有前景"), (3, 4), (1, 3), (3, 5), N_("买得不多但不便宜：帮他们找到第二次的理由。")),
    Segment("new", N_("新客"), (4, 5), (1, 3), (1, 5), N_("刚刚开始：把第一次用好，再谈第二次。")),
    Segment("cant_lose", N_("不能失去"), (1, 2), (3, 4), (4, 5), N_("曾经买得多，很久没来：由人去问候，别群发。")),
    Segment("at_risk", N_("有风险"), (1, 2), (2, 5), (4, 5), N_("花过不少钱，正在走远：问问哪里不满意。")),
    Segment("need_attention", N_("需要关注"), (1, 3), (3, 5), (3, 5), N_("中上的老客慢下来了：给一个限时的理由。")),
    Segment("about_to_sleep", N_("快要沉睡"), (2, 3), (1, 3), (1, 4), N_("买得少，也有一阵没来：提醒一次，看反应。")),
    Segment("lost", N_("已流失"), (1, 1), (1, 5), (1, 5), N_("很久没来：少打扰，大促时试一次。")),
)
OTHERS = Segment("others", N_("其他"), (1, 5), (1, 5), (1, 5), N_("不属于以上任何一类。"))
EVERY = (*SEGMENTS, OTHERS)
NAMES = {segment.code: segment.name for segment in EVERY}
