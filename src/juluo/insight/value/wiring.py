"""What the worth of members hangs on the engines below."""
