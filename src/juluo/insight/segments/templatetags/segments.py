"""Links from a page to what can be seen of the people it is about."""

from django import template
from django.template import Context
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from juluo.kit.templatetags.juluo import icon

from ..registry import lenses as known

register = template.Library()


@register.simple_tag(takes_context=True)
def lenses(context: Context, text: str, title: str = "", css: str = "btn") -> SafeString:
    """Buttons to every page about whoever the expression `text` means, for those who may open it; `title` instead of the pages' own."""
    request = context["request"]
    found = [
        (one.url(request.community.slug, text), css, icon(one.icon), title or gettext(one.title))
        for one in known
        if request.may(one.permission)
    ]
    return format_html_join("", '<a class="{1}" href="{0}">{2}{3}</a>', found)


@register.simple_tag
def naming(code: str) -> str:
    """The expression that means a saved segment."""
    return f'in_segment("{code}")'
