"""Users."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Someone who signs in. A superuser is the installation's administrator and holds every role everywhere."""

    language = models.CharField(max_length=10, blank=True)
