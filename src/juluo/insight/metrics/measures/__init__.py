"""What is counted, as Ibis expressions, and the declarations of the figures that stand on it; a module for each subject."""

from ..types import Grid, Metric, Sheet
from . import answers, concentration, lifecycle, membership, mentions, moods, newcomers, people, rhythm, speaking, topics, trailing, uptake

SUBJECTS = (membership, trailing, speaking, uptake, answers, newcomers, lifecycle, concentration, moods, mentions, rhythm, topics, people)
SHEETS: tuple[Sheet, ...] = tuple(sheet for subject in SUBJECTS for sheet in subject.SHEETS)
METRICS: tuple[Metric, ...] = tuple(metric for subject in SUBJECTS for metric in subject.METRICS)
GRIDS: tuple[Grid, ...] = tuple(grid for subject in SUBJECTS for grid in subject.GRIDS)
