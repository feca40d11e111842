"""Everyone who has an account, for the installation's administrators."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from juluo.kit.errors import NotThere

from .. import actions
from ..doors import administrators
from ..models import User
from ..queries import everyone


@administrators
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    return _page(request)


@administrators
@require_POST
def entrust(request: HttpRequest, user_id: int) -> HttpResponse:
    user = actions.entrust(_user(user_id), is_administrator=request.POST.get("to") == "yes")
    sentence = _("%(name)s 现在是安装的管理员") if user.is_superuser else _("%(name)s 不再是安装的管理员")
    messages.success(request, sentence % {"name": user.called})
    return redirect("accounts:users")


@administrators
@require_POST
def admit(request: HttpRequest, user_id: int) -> HttpResponse:
    user = actions.admit(_user(user_id), is_active=request.POST.get("to") == "yes")
    sentence = _("%(name)s 可以登录了") if user.is_active else _("%(name)s 不能再登录，已退出所有设备")
    messages.success(request, sentence % {"name": user.called})
    return redirect("accounts:users")


@administrators
@never_cache
@require_POST
def link(request: HttpRequest, user_id: int) -> HttpResponse:
    """A one-time link for someone who lost the password; shown once."""
    user = _user(user_id)
    return _page(request, who=user.called, address=request.build_absolute_uri(actions.link(user)))


def _user(user_id: int) -> User:
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotThere()
    return user


def _page(request: HttpRequest, *, who: str = "", address: str = "") -> HttpResponse:
    q = request.GET.get("q", "")[:100]
    users = Paginator(everyone(q), 50).get_page(request.GET.get("page"))
    return render(request, "accounts/users.html", {"users": users, "q": q, "who": who, "address": address})
