"""PageRank over arrays."""

import numpy as np
import numpy.typing as npt
from scipy import sparse

DAMPING, TURNS, STILL = 0.85, 100, 1e-9

Numbers = npt.NDArray[np.float64]


def pagerank(giver: npt.NDArray[np.int64], taker: npt.NDArray[np.int64], times: Numbers, size: int) -> Numbers:
    """How much everybody of `size` people (numbered from 0) counts, in multiples of the mean.

    `giver` gives `times` to `taker`; each gives away all they have, by shares (Page, Brin, Motwani and Winograd 1998). Who gives nothing
    gives alike to everybody. Ends when nothing moves any more, or after `TURNS`.
    """
    if not size:
        return np.zeros(0)
    links = sparse.coo_array((times, (taker, giver)), shape=(size, size)).tocsr()
    given = np.asarray(links.sum(axis=0)).ravel()
    share = np.divide(1.0, given, out=np.zeros(size), where=given > 0)
    idle = given == 0
    now = np.full(size, 1 / size)
    for _ in range(TURNS):
        after = DAMPING * (links @ (now * share) + now[idle].sum() / size) + (1 - DAMPING) / size
        moved = np.abs(after - now).sum()
        now = after
        if moved < STILL:
            break
    return now * size
