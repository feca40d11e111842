"""The pages on which operators make surveys, ask members, read results and keep interviews."""

from django.urls import path

from . import crossing, designing, interviews, results, sharing
from .results import panel

__all__ = ["panel", "urlpatterns"]

urlpatterns = [
    path("surveys/", designing.listing, name="list"),
    path("surveys/new/", designing.new, name="new"),
    path("surveys/interviews/", interviews.listing, name="interviews"),
    path("surveys/interviews/new/", interviews.new, name="interview-new"),
    path("surveys/interviews/guides/", interviews.guide, name="guide-new"),
    path("surveys/interviews/guides/<int:number>/", interviews.guide, name="guide"),
    path("surveys/interviews/<int:number>/", interviews.one, name="interview"),
    path("surveys/interviews/<int:number>/edit/", interviews.edit, name="interview-edit"),
    path("surveys/interviews/<int:number>/findings/", interviews.find, name="find"),
    path("surveys/interviews/<int:number>/findings/<int:finding>/drop/", interviews.unfind, name="unfind"),
    path("surveys/interviews/<int:number>/drop/", interviews.drop, name="interview-drop"),
    path("surveys/<int:number>/", results.page, name="results"),
    path("surveys/<int:number>/live/", results.live, name="live"),
    path("surveys/<int:number>/texts/<slug:question>/", results.said, name="texts"),
    path("surveys/<int:number>/answers/", results.answers, name="answers"),
    path("surveys/<int:number>/cross/", crossing.page, name="cross"),
    path("surveys/<int:number>/export/", results.export, name="export"),
    path("surveys/<int:number>/design/", designing.page, name="design"),
    path("surveys/<int:number>/settings/", designing.settings, name="settings"),
    path("surveys/<int:number>/questions/new/<slug:kind>/", designing.add, name="question-new"),
    path("surveys/<int:number>/questions/<str:code>/", designing.change, name="question"),
    path("surveys/<int:number>/questions/<str:code>/move/", designing.move, name="question-move"),
    path("surveys/<int:number>/questions/<str:code>/drop/", designing.drop, name="question-drop"),
    path("surveys/<int:number>/publish/", designing.put_out, name="publish"),
    path("surveys/<int:number>/close/", designing.end, name="close"),
    path("surveys/<int:number>/again/", designing.next_wave, name="again"),
    path("surveys/<int:number>/remove/", designing.delete, name="remove"),
    path("surveys/<int:number>/share/", sharing.page, name="share"),
    path("surveys/<int:number>/share/ask/", sharing.ask, name="ask"),
    path("surveys/<int:number>/share/links/", sharing.links, name="links"),
    path("surveys/<int:number>/share/code/", sharing.code, name="code"),
]
