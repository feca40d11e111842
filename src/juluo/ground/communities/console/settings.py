"""A community's own settings, and its end."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from .. import actions
from ..doors import LAST_COMMUNITY, Visit, permitted, tabs
from ..errors import NameDiffers
from ..forms import ZONES, Settings


@permitted("community.view")
@require_http_methods(["GET", "POST"])
def settings(request: Visit) -> HttpResponse:
    community = request.community
    may_manage = request.may("community.manage")
    form = Settings(request.POST or None, initial={"name": community.name, "zone": community.zone})
    if not may_manage:
        for field in form.fields.values():
            field.disabled = True
    if request.method == "POST" and may_manage and form.is_valid():
        actions.configure(community, name=form.cleaned_data["name"], zone=form.cleaned_data["zone"])
        messages.success(request, _("已保存"))
        return redirect("communities:settings", slug=community.slug)
    context = {"form": form, "zones": ZONES, "tabs": tabs(request), "may_manage": may_manage}
    return render(request, "communities/settings.html", context, status=422 if form.errors else 200)


@permitted("community.manage")
@require_POST
def dissolve(request: Visit) -> HttpResponse:
    """Remove the sample community in one click; any other only when its name is typed."""
    community = request.community
    if not community.is_sample and request.POST.get("name", "").strip() != community.name:
        raise NameDiffers()
    actions.dissolve(community)
    request.session.pop(LAST_COMMUNITY, None)
    messages.success(request, _("「%(name)s」已移除") % {"name": community.name})
    return redirect("home")
