"""Addresses of the shell itself; rooms bring their own by `kit.routes.pages`."""

from django.urls import path

from . import views

app_name = "console"
urlpatterns = [
    path("health/", views.health, name="health"),
    path("style/", views.style, name="style"),
    path("style/progress/", views.style_progress, name="style-progress"),
    path("style/why/", views.style_why, name="style-why"),
]
