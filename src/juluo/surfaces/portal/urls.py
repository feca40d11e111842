"""Addresses under /p/ that no room has."""

from django.urls import path

from .views import nowhere

app_name = "portal"
urlpatterns = [path("", nowhere, name="nowhere"), path("<path:rest>", nowhere)]
