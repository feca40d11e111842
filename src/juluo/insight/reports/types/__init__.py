"""What a report is made of. Everything here is plain and goes to JSON and back by msgspec."""
