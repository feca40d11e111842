"""Mailing lists as mbox files: Mailman (pipermail, HyperKitty), groups.io, mail clients; single .eml files too."""
