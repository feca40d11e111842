"""What the console hangs on the engines below."""

from . import checks

checks.register()
