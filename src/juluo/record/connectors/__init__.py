"""One folder a platform: what it says, translated into events."""
