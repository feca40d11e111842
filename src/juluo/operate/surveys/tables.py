"""The columns that surveys add beside history."""

import ibis

# What members answered, one row a question (the rows of a matrix have `question` "code.row"); several choices are joined by 、. `day` is
# the local day of the answer. Anonymous answers are not here.
ANSWERS = ibis.table(
    {"member": "!int64", "survey": "!string", "question": "!string", "text": "string", "number": "float64", "day": "!date"}, name="answers"
)
