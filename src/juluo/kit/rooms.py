"""How a room joins the house: its app config imports its `wiring` once Django is ready."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class Room(AppConfig):
    """Base of every room's `apps.py`. A room's wiring is the one page that says what it hangs on engines below."""

    default = False  # Django would take this base for a second candidate in every apps.py
    default_auto_field = "django.db.models.BigAutoField"

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        cls.default = True

    def ready(self) -> None:
        if find_spec(f"{self.name}.wiring"):
            import_module(f"{self.name}.wiring")
