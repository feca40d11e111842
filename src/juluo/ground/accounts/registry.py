"""Every permission of the house; rooms add theirs from their wiring."""

from juluo.kit.registry import Registry

from .types import Permission

permissions: Registry[Permission] = Registry("permission")
