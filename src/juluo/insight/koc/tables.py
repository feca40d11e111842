"""What the lake keeps of KOC: who answered whom and what came of it, everybody's evidence, and who is on which stage."""

import ibis

# One row an answer to a question by a member to a member, in the window. `question` and `answer` are messages; `thanks` the message that
# said thanks, None where nobody did (or by a reaction only). `fresh`: the asker had been there for less than 30 days. `settled`: the
# asker did not ask again in that place within a day.
KOC_ANSWERS = ibis.table(
    {
        "member": "!int64",
        "asker": "!int64",
        "question": "!int64",
        "asked_on": "!date",
        "answer": "!int64",
        "day": "!date",
        "fresh": "!boolean",
        "thanked": "!boolean",
        "thanks": "int64",
        "thanked_on": "date",
        "settled": "!boolean",
    },
    name="koc_answers",
)

# One row a person who spoke in the window that ends with `day`. `rank` is PageRank, 1 being the mean; `taken` how often others took up
# what they said. `newcomers` are those they answered or were the first to talk with, `firsts` the latter. `heard` are messages taking up
# their words whose mood was read. The `p_` columns (0–100) say how many of the others have less, `score` weighs them together, and
# `place` says how many of the others have a lower score.
KOC_EVIDENCE = ibis.table(
    {
        "member": "!int64",
        "day": "!date",
        "rank": "!float64",
        "taken": "!int64",
        "newcomers": "!int64",
        "firsts": "!int64",
        "answers": "!int64",
        "helped": "!int64",
        "thanked": "!int64",
        "settled": "!int64",
        "useful": "!float64",
        "messages": "!int64",
        "weeks": "!int64",
        "longest": "!int64",
        "heard": "!int64",
        "good": "!int64",
        "bad": "!int64",
        "mood": "!float64",
        "p_influence": "!float64",
        "p_newcomers": "!float64",
        "p_help": "!float64",
        "p_steady": "!float64",
        "p_mood": "!float64",
        "score": "!float64",
        "place": "!float64",
    },
    name="koc_evidence",
)

# Who is on the path to KOC, at which stage (`types.Stage`).
KOC_STAGES = ibis.table({"member": "!int64", "stage": "!string", "since": "!date"}, name="koc_stages")
