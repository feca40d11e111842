"""The lake on a ClickHouse server."""
