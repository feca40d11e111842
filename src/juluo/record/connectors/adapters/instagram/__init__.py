"""Instagram: conversations from "download your information"."""
