"""The pages of 分层."""

from django.urls import path

from .effort import effort
from .falls import falls, remind
from .pages import annotate, choices, column, lines, narrow, near, overview, panel, tell
from .proof import held

urlpatterns = [
    path("tiers/", overview, name="overview"),
    path("tiers/near/", near, name="near"),
    path("tiers/falls/", falls, name="falls"),
    path("tiers/falls/<int:number>/task/", remind, name="remind"),
    path("tiers/effort/", effort, name="effort"),
    path("tiers/proof/", held, name="proof"),
    path("tiers/rules/", lines, name="rules"),
    path("tiers/koc/<int:number>/<slug:word>/", tell, name="tell"),
]

__all__ = ["annotate", "choices", "column", "narrow", "panel", "urlpatterns"]
