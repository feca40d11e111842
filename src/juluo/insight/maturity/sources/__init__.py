"""The figures that this room brings itself; rooms above bring theirs."""

from .cultivating import CULTIVATING
from .figures import FIGURES
from .pyramid import PYRAMID
from .team import TEAMWORK

EVIDENCE = (*PYRAMID, *FIGURES, *TEAMWORK, *CULTIVATING)
