"""Who reads moods. The reader added last is the one that is used, so an extension replaces ours by adding its own."""

from juluo.kit.registry import Registry

from .ports import Moods

moods: Registry[Moods] = Registry("reader of moods")
