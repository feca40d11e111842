"""洞察: the dashboards, and why a figure is what it is."""

from django.urls import path

from . import messages, pages, why

urlpatterns = [
    path("insight/", pages.overview, name="overview"),
    path("insight/live/", pages.live, name="live"),
    path("insight/why/<str:code>/", why.sheet, name="why"),
    path("insight/why/<str:code>/details/", why.details, name="why-details"),
    path("insight/why/<str:code>/rows/", why.list_rows, name="why-rows"),
    path("insight/why/<str:code>/range/", why.change_range, name="why-range"),
    path("insight/messages/", messages.about, name="messages"),
    path("insight/messages/<str:number>/mood/", messages.say_mood, name="say-mood"),
    path("insight/<slug:page>/", pages.dashboard, name="page"),
    path("insight/<slug:page>/<slug:part>/", pages.part, name="part"),
]
