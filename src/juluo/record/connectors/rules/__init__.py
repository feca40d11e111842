"""What readers decide alike.

Of machine-written exports: believable moments (`wire`), derived events (`derived`). Of exports made for people to read: local times
(`times`), keys where a platform gives none (`numbering`), names (`names`), the manner of bots (`bots`). Of both: who counts (`kinds`),
what the stores can take (`fit`).
"""
