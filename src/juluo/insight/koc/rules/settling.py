"""What came of answers: thanks, a reaction, or the same question again."""

import numpy as np
import pandas as pd

from ..types import FRESH, LIKED, THANKS


def settled(given: pd.DataFrame, asked: pd.DataFrame, thanks: pd.DataFrame, likes: pd.DataFrame, newcomers: pd.DataFrame) -> pd.DataFrame:
    """The answers `given`, a row each as in `tables.KOC_ANSWERS`; the frames are those of `measures.helping`.

    Without a mark, thanks are for whoever answered the one who says them in that place; with one, for whom they reply to, wherever.
    """
    found = given.sort_values(["at", "answer"]).reset_index(drop=True)
    meant = thanks[thanks["to"] != 0].drop(columns="asked_in").rename(columns={"to": "member"})
    words = _first_after(found, thanks[thanks["to"] == 0], ["asker", "asked_in"])
    others = _first_after(found, meant, ["asker", "member"])
    is_second = words["at"].isna() | (others["at"] < words["at"])
    words = words.where(~is_second, others)
    # Said once, thanks are for the last of a helper's answers before them.
    is_told = words.assign(member=found["member"])[["id", "member"]].duplicated(keep="last") & words["at"].notna()
    words = words.where(~is_told)

    liked = likes.merge(found[["answer", "asker", "at"]], on=["answer", "asker"])
    since = liked["liked_at"] - liked["at"]
    liked = liked[(since >= pd.Timedelta(0)) & (since <= pd.Timedelta(seconds=LIKED))]
    came = newcomers.set_index("newcomer")["entered"].reindex(found["asker"]).reset_index(drop=True)
    there = (pd.to_datetime(found["day"]) - pd.to_datetime(came)).dt.days
    return pd.DataFrame(
        {
            "member": found["member"],
            "asker": found["asker"],
            "question": found["question"],
            "asked_on": found["asked_on"],
            "answer": found["answer"],
            "day": found["day"],
            "fresh": there.lt(FRESH),
            "thanked": words["at"].notna() | found["answer"].isin(liked["answer"]),
            "thanks": words["id"],
            "thanked_on": words["day"],
            "settled": _first_after(found, asked, ["asker", "asked_in"])["at"].isna(),
        }
    )


def _first_after(given: pd.DataFrame, marks: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """For every answer the first of the marks with the same keys that comes after it, within `THANKS`: `id`, `at`, `day`, all None where
    there is none.

    It is looked up by its place among the marks: their numbers are too long for the floats that stand for missing ones.
    """
    marks = marks.sort_values(["at", "id"]).reset_index(drop=True)
    places = marks[[*keys, "at"]].assign(place=np.arange(len(marks)))
    tolerance = pd.Timedelta(seconds=THANKS)
    met = pd.merge_asof(given, places, on="at", by=keys, direction="forward", allow_exact_matches=False, tolerance=tolerance)["place"]
    found = marks[["id", "at", "day"]].astype({"id": object}).reindex(met.fillna(-1).astype(np.int64))
    return found.reset_index(drop=True)
