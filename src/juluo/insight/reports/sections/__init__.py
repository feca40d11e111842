"""The sections of the report, one module each: what is read, how it is told, what is suggested. `wiring` puts them in."""

from . import changes, channels, followup, hours, moods, newcomers, notes, people, practice, questions, silent, stage, tiers, topics

SECTIONS = tuple(
    module.SECTION
    for module in (followup, changes, topics, people, tiers, newcomers, silent, questions, hours, moods, channels, stage, practice, notes)
)
