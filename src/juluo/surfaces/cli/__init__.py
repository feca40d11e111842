"""The `juluo` command."""
