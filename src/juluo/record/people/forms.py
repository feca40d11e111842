"""What the list of members can be narrowed by."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from juluo.record.connectors.types import PLATFORMS, PersonKind

from .queries import Filter

KINDS = [(PersonKind.PERSON.value, _("成员")), (PersonKind.STAFF.value, _("工作人员")), (PersonKind.BOT.value, _("机器人"))]
SEEN = [
    ("", _("不限活跃")),
    ("seen-7", _("7 天内出现过")),
    ("seen-30", _("30 天内出现过")),
    ("silent-14", _("沉默 14 天以上")),
    ("silent-30", _("沉默 30 天以上")),
    ("silent-90", _("沉默 90 天以上")),
    ("new-7", _("7 天内加入")),
    ("new-30", _("30 天内加入")),
    ("left", _("已离开")),
]


class FilterForm(forms.Form):
    """Reads the address; nonsense narrows nothing. `today` counts from the last day anyone was seen where the data ended earlier."""

    q = forms.CharField(required=False, max_length=80)
    kind = forms.ChoiceField(choices=[*KINDS, ("all", _("全部身份"))], required=False)
    when = forms.ChoiceField(choices=SEEN, required=False)
    source = forms.ChoiceField(required=False)

    def __init__(self, query: Mapping[str, str], *, sources: Sequence[str], today: date) -> None:
        super().__init__(query)
        self.today = today
        self.fields["source"].choices = [("", _("全部平台")), *((code, gettext(PLATFORMS.get(code, code))) for code in sources)]  # type: ignore[attr-defined]
        for name in ("kind", "when", "source"):
            self.fields[name].widget.attrs["class"] = "form-select"

    def wanted(self) -> Filter:
        self.is_valid()
        asked = self.cleaned_data
        span, _dash, days = (asked.get("when") or "").partition("-")
        since = self.today - timedelta(days=int(days)) if days else None
        kind = asked.get("kind") or PersonKind.PERSON.value
        return Filter(
            words=asked.get("q") or "",
            kind="" if kind == "all" else kind,
            source=asked.get("source") or "",
            seen_since=since if span == "seen" else None,
            silent_since=since if span == "silent" else None,
            joined_since=since if span == "new" else None,
            is_present=False if span == "left" else True if span == "silent" else None,
        )
