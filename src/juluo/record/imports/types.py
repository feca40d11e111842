"""The stages of an import, and what the API takes in."""

from enum import StrEnum


class State(StrEnum):
    """uploading → asking (the reader needs an answer) → queued → reading → merging → done; or failed, or cancelled."""

    UPLOADING = "uploading"
    ASKING = "asking"
    QUEUED = "queued"
    READING = "reading"
    MERGING = "merging"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
