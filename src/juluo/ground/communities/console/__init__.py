"""Pages of a community itself: settings, team, audit log, positioning; and founding one."""

from django.urls import path

from . import audit, founding, positioning, settings, team

urlpatterns = [
    path("", founding.enter, name="enter"),
    path("settings/", settings.settings, name="settings"),
    path("settings/dissolve/", settings.dissolve, name="dissolve"),
    path("settings/team/", team.team, name="team"),
    path("settings/team/recruit/", team.recruit, name="recruit"),
    path("settings/team/<int:post_id>/role/", team.role, name="role"),
    path("settings/team/<int:post_id>/link/", team.link, name="link"),
    path("settings/team/<int:post_id>/dismiss/", team.dismiss, name="dismiss"),
    path("settings/roles/", team.roles, name="roles"),
    path("settings/audit/", audit.log, name="audit"),
    path("positioning/", positioning.canvas, name="positioning"),
    path("positioning/edit/", positioning.edit, name="positioning-edit"),
    path("positioning/history/", positioning.history, name="positioning-history"),
]
outer_urlpatterns = [
    path("new/", founding.new, name="new"),
]
