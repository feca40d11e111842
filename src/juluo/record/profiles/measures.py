"""Questions to the lake about attributes, tags and the words of members."""

from juluo.record.lake.tables import param

from .tables import TAGS

HELD_BY_TAG = TAGS.group_by("tag").agg(n=TAGS.member.nunique())

HELD_BY_ANY = TAGS.filter(param("tags", "array<int64>").contains(TAGS.tag)).agg(n=TAGS.member.nunique())
