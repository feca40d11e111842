"""Who works in a community, and what each role may do."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from juluo.ground.accounts.actions import link as link_for
from juluo.ground.accounts.queries import administrators
from juluo.ground.accounts.types import ROLE_NAMES, Role
from juluo.kit.errors import NotAllowed, NotThere

from .. import actions, queries
from ..doors import Visit, permitted, tabs
from ..forms import Invitation
from ..models import Post


@permitted("community.view")
@require_GET
def team(request: Visit) -> HttpResponse:
    return _page(request, Invitation())


@permitted("community.manage")
@never_cache
@require_POST
def recruit(request: Visit) -> HttpResponse:
    """Invite a colleague; their link is shown once, for the inviter to hand over."""
    form = Invitation(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    role = Role(form.cleaned_data["role"])
    post, address = actions.recruit(request.community, name=form.cleaned_data["name"], role=role)
    return _page(request, Invitation(), invited=post.user.called, address=request.build_absolute_uri(address))


@permitted("community.manage")
@require_POST
def role(request: Visit, post_id: int) -> HttpResponse:
    post = _post(request, post_id)
    wanted = request.POST.get("role", "")
    if wanted not in {role.value for role in Role}:
        raise NotThere()
    actions.appoint(post.user, post.community, role=Role(wanted), by=request.user)
    messages.success(request, _("%(name)s 现在是%(role)s") % {"name": post.user.called, "role": _(ROLE_NAMES[Role(wanted)])})
    return redirect("communities:team", slug=post.community.slug)


@permitted("community.manage")
@never_cache
@require_POST
def link(request: Visit, post_id: int) -> HttpResponse:
    """A fresh one-time link, for who has not come in yet or cannot any more.

    For those invited here only, or by an installation's administrator: whoever can sign in as a person can see all they see.
    """
    post = _post(request, post_id)
    elsewhere = Post.objects.filter(user=post.user).exclude(community=post.community).exists()
    if not request.user.is_superuser and (post.user.is_superuser or elsewhere or not post.user.is_invited):
        raise NotAllowed()
    address = request.build_absolute_uri(link_for(post.user))
    return _page(request, Invitation(), invited=post.user.called, address=address)


@permitted("community.manage")
@require_POST
def dismiss(request: Visit, post_id: int) -> HttpResponse:
    post = _post(request, post_id)
    actions.dismiss(post, by=request.user)
    messages.success(request, _("%(name)s 已移出团队") % {"name": post.user.called})
    return redirect("communities:team", slug=request.community.slug)


@permitted("community.view")
@require_http_methods(["GET"])
def roles(request: Visit) -> HttpResponse:
    """What each role may do, from the permissions that rooms have declared."""
    heads = [_(ROLE_NAMES[role]) for role in Role]
    rows = [(_(title), [has for _role, has in row]) for title, row in queries.duties()]
    return render(request, "communities/roles.html", {"tabs": tabs(request), "heads": heads, "rows": rows})


def _post(request: Visit, post_id: int) -> Post:
    """A post of this community; anything else does not exist from here."""
    post = Post.objects.select_related("user", "community").filter(pk=post_id, community=request.community).first()
    if post is None:
        raise NotThere()
    return post


def _page(request: Visit, form: Invitation, *, invited: str = "", address: str = "", status: int = 200) -> HttpResponse:
    context = {
        "tabs": tabs(request),
        "posts": queries.team(request.community),
        "administrators": administrators(),
        "roles": [(role.value, _(ROLE_NAMES[role])) for role in Role],
        "form": form,
        "invited": invited,
        "address": address,
        "may_manage": request.may("community.manage"),
    }
    return render(request, "communities/team.html", context, status=status)
