"""What a figure is: its declaration, the stretch of time it is asked about, and the answer."""

from .answers import Explanation, Figure, LeftOut, Note, Point, Range, RowsPage, Series, TableAnswer, Verdict
from .declarations import GROUPS, Behind, Better, Column, Counts, Grid, Metric, Row, Sheet, Unit
from .frames import Calendar, Frame, Grain, Period, Who, first_day, number_of

__all__ = [
    "GROUPS",
    "Behind",
    "Better",
    "Calendar",
    "Column",
    "Counts",
    "Explanation",
    "Figure",
    "Frame",
    "Grain",
    "Grid",
    "LeftOut",
    "Metric",
    "Note",
    "Period",
    "Point",
    "Range",
    "Row",
    "RowsPage",
    "Series",
    "Sheet",
    "TableAnswer",
    "Unit",
    "Verdict",
    "Who",
    "first_day",
    "number_of",
]
