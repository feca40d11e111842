"""Floor 8. Assembly only: settings, urls, process start. Imported by nobody."""
