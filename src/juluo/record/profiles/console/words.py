"""Saying why a member holds a tag."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import Grant, Tag
from ..types import TagKind


def why_of(grant: Grant, tag: Tag) -> str:
    """The reason as a sentence: what an operator wrote, what a text tag counted, the rule that holds."""
    if grant.reason:
        return grant.reason
    if "count" in grant.facts:
        n = int(grant.facts["count"])
        said = ngettext("说到 %(n)s 次", "说到 %(n)s 次", n) % {"n": n}
        last = str(grant.facts.get("last", ""))
        return f"{said}，{_('最近一次 %(day)s') % {'day': last}}" if last else said
    if "why" in grant.facts:
        return str(grant.facts["why"])
    if grant.source == "rule" and tag.kind == TagKind.RULE:
        return _("符合规则 %(rule)s") % {"rule": tag.rule}
    return ""


def period_of(grant: Grant) -> str:
    """From when to when a member held a tag that they hold no more."""
    until = date_format(grant.ended_at, "Y-m-d") if grant.ended_at else ""
    return f"{date_format(grant.at, 'Y-m-d')} – {until}"
