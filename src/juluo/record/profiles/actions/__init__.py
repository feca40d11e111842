"""Changing what is known of members. Every action is noted, can be repeated, and stands or falls as a whole."""

from .copying import refresh_attributes, refresh_tags
from .importing import take_profiles
from .notes import edit_note, remove_note, write_note
from .reading import recompute_text
from .tags import (
    colour,
    create_tag,
    describe,
    ensure_tag,
    grant,
    grant_paths,
    merge_tags,
    move,
    note_problem,
    redefine,
    remove_tag,
    rename,
    revoke,
    set_holders,
)
from .values import change_attribute, create_attribute, remove_attribute, set_values

__all__ = [
    "change_attribute",
    "colour",
    "create_attribute",
    "create_tag",
    "describe",
    "edit_note",
    "ensure_tag",
    "grant",
    "grant_paths",
    "merge_tags",
    "move",
    "note_problem",
    "recompute_text",
    "redefine",
    "refresh_attributes",
    "refresh_tags",
    "remove_attribute",
    "remove_note",
    "remove_tag",
    "rename",
    "revoke",
    "set_holders",
    "set_values",
    "take_profiles",
    "write_note",
]
