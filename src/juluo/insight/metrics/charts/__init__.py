"""What the pages of insight draw, a module for each tab. Nothing here knows of requests: the same parts are drawn to warm the cache."""

from . import activity, growth, moods, overview, response, retention, structure, topics
from .asked import Asked
from .plan import Page, Part

PAGES: dict[str, Page] = {
    page.code: page
    for page in (overview.PAGE, activity.PAGE, growth.PAGE, retention.PAGE, response.PAGE, topics.PAGE, moods.PAGE, structure.PAGE)
}

__all__ = ["PAGES", "Asked", "Page", "Part"]
