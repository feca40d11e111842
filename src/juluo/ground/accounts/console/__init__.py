"""Pages about oneself, and the accounts of the installation."""

from django.urls import path

from . import own, users

urlpatterns = [
    path("join/<str:token>/", own.join, name="join"),
    path("welcome/", own.welcome, name="welcome"),
    path("me/", own.profile, name="profile"),
    path("me/security/", own.security, name="security"),
    path("language/", own.language, name="language"),
    path("users/", users.accounts, name="users"),
    path("users/<int:user_id>/entrust/", users.entrust, name="entrust"),
    path("users/<int:user_id>/admit/", users.admit, name="admit"),
    path("users/<int:user_id>/link/", users.link, name="link"),
]
