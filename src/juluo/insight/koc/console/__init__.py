"""KOC under 成员: candidates with evidence, one of them, the path, the score beside one's own picks, and how it is tuned."""

from django.urls import path as at

from . import candidates, path, person, picks, tuning
from .path import choices, narrow
from .person import panel

urlpatterns = [
    at("koc/", candidates.listed, name="list"),
    at("koc/path/", path.growth, name="board"),
    at("koc/compare/", picks.compared, name="compare"),
    at("koc/compare/picks/", picks.choose, name="choose"),
    at("koc/tuning/", tuning.tuning, name="tuning"),
    at("koc/<int:number>/", person.person, name="person"),
    at("koc/<int:number>/talk/<str:answer>/", person.talk, name="talk"),
    at("koc/<int:number>/move/", path.step, name="move"),
    at("koc/<int:number>/leave/", path.leave, name="leave"),
    at("koc/<int:number>/next/", path.plan, name="next"),
    at("koc/<int:number>/unsuited/", path.refuse, name="unsuited"),
    at("koc/<int:number>/suited/", path.accept, name="suited"),
    at("koc/<int:number>/task/", person.task, name="task"),
    at("koc/<int:number>/pick/", picks.picked, name="pick"),
]

__all__ = ["choices", "narrow", "panel", "urlpatterns"]
