"""What the report decides, from plain values: the score, what made a change, the stage, whether a suggestion worked."""
