"""What may be written down as time."""

DAY = 24 * 60


def allow_minutes(minutes: int) -> bool:
    """Whether so many minutes can be one entry of a day."""
    return 1 <= minutes <= DAY
