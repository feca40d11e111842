"""The HTTP API, version 1: a django-ninja application that rooms add their routers to."""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer, SessionAuth

from juluo.ground.tokens.models import Token
from juluo.ground.tokens.queries import bearer
from juluo.kit.errors import JuluoError
from juluo.kit.routes import endpoints

log = logging.getLogger("juluo.api")


class Key(HttpBearer):
    """`Authorization: Bearer juluo_…`"""

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        return bearer(token)


class SignedIn(SessionAuth):
    """A colleague signed in to the console; writes need the CSRF token, as in the console."""


def problem(status: int, code: str, title: str, **more: Any) -> HttpResponse:
    """An RFC 9457 answer: `type` names the error for machines, `title` and `detail` are for people."""
    body = {"type": f"https://juluo.invalid/problems/{code}", "code": code, "title": title, "status": status, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False})


def assembled() -> NinjaAPI:
    """The API with every room's router. Call once Django is ready."""
    api = NinjaAPI(
        title="Juluo 聚落",
        version="1",
        description=_("聚落的开放接口。以「设置 → 接口密钥」签发的密钥访问，或用已登录的会话访问。"),
        urls_namespace="api-v1",
        docs_url=None,  # our own page shows it: surfaces/api/docs.py
        auth=[Key(), SignedIn()],
    )
    for offered in endpoints:
        api.add_router(f"/communities/{{slug}}/{offered.code}", offered.router(), tags=[offered.code])

    @api.exception_handler(JuluoError)
    def refused(_request: HttpRequest, error: JuluoError) -> HttpResponse:
        facts = {k: v for k, v in error.facts.items() if isinstance(v, str | int | float | bool)}
        sentence = _(error.message)
        return problem(error.status, error.code, sentence % error.facts if error.facts else sentence, **({"facts": facts} if facts else {}))

    @api.exception_handler(ValidationError)
    def misshapen(_request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = [{"where": ".".join(str(part) for part in e["loc"]), "why": e["msg"]} for e in error.errors[:20]]
        return problem(422, "validation", _("请求的内容不符合约定，请对照文档检查。"), errors=errors)

    @api.exception_handler(AuthenticationError)
    def unknown(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        return problem(401, "unauthenticated", _("没有有效的密钥。请在请求头 Authorization 中带上 Bearer 密钥。"))

    @api.exception_handler(HttpError)
    def plain(_request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, "http", str(error))

    @api.exception_handler(Exception)
    def broken(request: HttpRequest, error: Exception) -> HttpResponse:
        log.exception("API request %s %s failed", request.method, request.path, exc_info=error)
        return problem(500, "internal", _("服务器出错了，已记录下来。请稍后重试。"))

    return api
