"""The forms a report takes: numbers for programs, a page in a file, a workbook, a summary on the terminal."""
