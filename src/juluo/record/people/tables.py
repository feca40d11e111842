"""What the lake shows of members: the facts of now, one row a person."""

import ibis

# Persons only. `first_on`, `joined_on` and `left_on` are local days as the lists show them; `left_on` is empty for who is there.
# `sources` are the codes of the platforms they are on, each between commas (",qq,wechat,").
MEMBERS = ibis.table(
    {"member": "!int64", "name": "!string", "first_on": "date", "joined_on": "date", "left_on": "date", "sources": "!string"},
    name="members",
)
