"""The readers that are known, in the order they are asked."""

from juluo.kit.registry import Registry

from .ports import Reader

readers: Registry[Reader] = Registry("reader")
