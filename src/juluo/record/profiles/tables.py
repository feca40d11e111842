"""What the lake shows of attributes and tags: the facts of now, one row a member and attribute, one a member and tag."""

import ibis

# The current values. Words and choices are in `text`, numbers in `number` (yes and no are 1 and 0), dates in `day`.
ATTRIBUTES = ibis.table(
    {"member": "!int64", "attribute": "!string", "text": "string", "number": "float64", "day": "date"}, name="attributes"
)

# Who holds which tag (its number), since which local day. Tags above it in the tree are not repeated: ask for the branch
# (`queries.branch`).
TAGS = ibis.table({"member": "!int64", "tag": "!int64", "since": "!date"}, name="tags")
