"""A platform like any other, except that we made it up: a community whose truth is known.

`recipes` say what kind of community, `world` gives its events, `truth` what is really so, `export` and `reader` carry it
through the same door as every other export. Everything comes from a seed and an end date; nothing here looks at a clock.
"""
