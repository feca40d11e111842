"""WeChat history as MemoTrace (留痕) writes it: CSV and plain text."""
