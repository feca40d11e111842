"""What people see when something does not work: what happened, and what they can do."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from juluo.kit import htmx
from juluo.kit.errors import JuluoError, NotAllowed, NotThere


def told(request: HttpRequest, error: JuluoError) -> HttpResponse:
    """The error as a page, a toast (htmx), or an RFC 9457 problem (programs)."""
    sentence = _(error.message)
    return _answer(request, error.status, error.code, sentence % _translated(error.facts) if error.facts else sentence)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403, NotAllowed.code, _(NotAllowed.message))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404, NotThere.code, _(NotThere.message))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 400, "bad_request", _("浏览器发来的内容不完整或过大，请返回上一页再试。"))


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 429, "too_many", _("试得太频繁了。为了账号安全，请过几分钟再来。"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(request, 403, "csrf", _("页面放得太久，安全凭证过期了。请刷新页面，再做一次刚才的操作。"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without context processors' help where they are what broke."""
    sentence = _("这是我们的问题，已经记录下来。请稍后再试；如果一直这样，请把出错的时间告诉管理员。")
    try:
        return _answer(request, 500, "server_error", sentence)
    except Exception:  # noqa: BLE001 the page that reports a fault must not fail
        return HttpResponse(sentence, status=500, content_type="text/plain; charset=utf-8")


def _translated(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts that are msgids themselves (`why=N_("…")`) in the reader's language; the rest as they are."""
    return {key: _(value) if isinstance(value, str) and value else value for key, value in facts.items()}


def _answer(request: HttpRequest, status: int, code: str, sentence: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        return htmx.toast(HttpResponse(status=status), sentence, "error")
    if _wants_json(request):
        problem = {"type": "about:blank", "title": sentence, "status": status, "code": code}
        return JsonResponse(problem, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False})
    return render(request, "console/error.html", {"status": status, "heading": _heading(status), "sentence": sentence}, status=status)


def _wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or request.get_preferred_type(
        ["text/html", "application/json", "application/problem+json"]
    ) in (
        "application/json",
        "application/problem+json",
    )


def _heading(status: int) -> str:
    return {
        403: _("这一页不对您开放"),
        404: _("这里什么也没有"),
        410: _("已经失效"),
        429: _("请歇一会儿"),
        500: _("出了点问题"),
    }.get(status, _("没有完成"))
