"""What is counted as evidence, as Ibis expressions over the lake. docs/koc.md says it in words."""
