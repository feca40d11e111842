"""Founding a community, and entering one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from juluo.ground.accounts.doors import administrators
from juluo.kit.routes import entries

from ..actions import found
from ..doors import Visit, permitted
from ..forms import ZONES, Settings


@administrators
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = Settings(request.POST or None)
    if request.method == "POST" and form.is_valid():
        community = found(form.cleaned_data["name"], zone=form.cleaned_data["zone"])
        messages.success(request, _("社群「%(name)s」建好了。接下来，把它的聊天记录导进来。") % {"name": community.name})
        return redirect("communities:enter", slug=community.slug)
    return render(request, "communities/new.html", {"form": form, "zones": ZONES}, status=422 if form.errors else 200)


@permitted("community.view")
@require_GET
def enter(request: Visit) -> HttpResponse:
    """The first page of the navigation that this user may open."""
    for entry in sorted(entries, key=lambda entry: entry.order):
        if not entry.parent and request.may(entry.permission):
            try:
                return redirect(reverse(entry.route, args=[request.community.slug]))
            except NoReverseMatch:
                continue
    return redirect("communities:positioning", slug=request.community.slug)
