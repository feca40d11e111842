"""The pages of 画像 and of 需求与痛点."""

from . import groups, needs
from .groups import lens, panel

urlpatterns = [*groups.urlpatterns, *needs.urlpatterns]

__all__ = ["lens", "panel", "urlpatterns"]
