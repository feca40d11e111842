"""One folder a platform: how its exports, payloads and clients become events."""
