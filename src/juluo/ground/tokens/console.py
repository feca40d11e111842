"""接口密钥: keys for programs, issued and revoked."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from juluo.ground.accounts.types import ROLE_NAMES, Role
from juluo.ground.communities.doors import Visit, permitted, tabs

from .actions import issue, revoke
from .forms import TokenForm
from .models import Token


@permitted("tokens.manage")
@require_GET
def show(request: Visit) -> HttpResponse:
    return _page(request, TokenForm())


@permitted("tokens.manage")
@never_cache
@require_POST
def add(request: Visit) -> HttpResponse:
    """Issue a key; it is shown on this page and never again."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    token, key = issue(request.community, name=form.cleaned_data["name"], role=Role(form.cleaned_data["role"]), by=request.user)
    return _page(request, TokenForm(), issued=token.name, key=key)


@permitted("tokens.manage")
@require_POST
def take(request: Visit, number: int) -> HttpResponse:
    token = get_object_or_404(Token, community=request.community, pk=number)
    revoke(token)
    messages.success(request, _("密钥「%(name)s」已吊销，用它的程序从现在起不能再访问。") % {"name": token.name})
    return redirect("tokens:show", request.community.slug)


def _page(request: Visit, form: TokenForm, *, status: int = 200, **more: object) -> HttpResponse:
    tokens = [(token, _(ROLE_NAMES[Role(token.role)])) for token in Token.objects.filter(community=request.community, revoked_at=None)]
    return render(request, "tokens/tokens.html", {"tabs": tabs(request), "form": form, "tokens": tokens, **more}, status=status)


urlpatterns = [
    path("settings/tokens/", show, name="show"),
    path("settings/tokens/add/", add, name="add"),
    path("settings/tokens/<int:number>/revoke/", take, name="revoke"),
]
