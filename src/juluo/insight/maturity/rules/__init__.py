"""From figures to points, from points to a level, from low points to what to do."""
