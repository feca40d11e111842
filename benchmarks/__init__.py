"""Measured side by side in one run: ours against the bare engine or a named peer, as ratios.

A module here with a function `bench() -> Result` is a benchmark and is found by its name; `python -m benchmarks NAME` runs it.
Both sides run in processes of their own (`frame.apart`), so that neither warms up for the other and memory can be told.
Ratios are of processor seconds unless a benchmark says otherwise: a busy machine makes everything wait, but nothing work more.
"""
