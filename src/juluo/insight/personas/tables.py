"""What members need, in the lake."""

import ibis

# One row a message or an answer that asks for something. A message has `actor` and `channel` and its words are its own in `events`; an
# answer of a survey has `text`, and `member` where it is not anonymous. `kind` is a `types.NeedKind`.
NEEDS = ibis.table(
    {
        "id": "!int64",
        "day": "!date",
        "kind": "!string",
        "channel": "int64",
        "actor": "int64",
        "member": "int64",
        "text": "string",
    },
    name="needs",
)

# Which of them belong together: `need` is the number of a `models.Need`.
NEED_OF = ibis.table({"id": "!int64", "need": "!int64"}, name="need_of")
