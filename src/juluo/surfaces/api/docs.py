"""The API's documentation as a page of ours: nothing is fetched from elsewhere, and it reads like the rest of the console."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from ninja import NinjaAPI

from juluo.ground.accounts.doors import signed_in

METHODS = ("get", "post", "put", "patch", "delete")


def page(api: NinjaAPI) -> Any:
    """The view that shows `api`."""

    @signed_in
    @require_GET
    def show(request: HttpRequest) -> HttpResponse:
        schema = cast("dict[str, Any]", api.get_openapi_schema())
        parts = schema.get("components", {}).get("schemas", {})
        groups: dict[str, list[dict[str, Any]]] = {}
        for path, operations in schema["paths"].items():
            for method in METHODS:
                if method in operations:
                    told = _operation(path, method, operations[method], parts)
                    groups.setdefault(told["tag"], []).append(told)
        return render(request, "api/docs.html", {"groups": groups, "example": request.build_absolute_uri("/api/v1/")})

    return show


def _operation(path: str, method: str, operation: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = operation.get("requestBody") or {}
    content: dict[str, Any] = next(iter((body.get("content") or {}).values()), {})
    shape: dict[str, Any] = content.get("schema") or {}
    return {
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "tag": (operation.get("tags") or [""])[0],
        "parameters": [p for p in operation.get("parameters", []) if p["name"] != "slug"],
        "fields": _fields(shape, parts),
    }


def _fields(shape: dict[str, Any], parts: dict[str, Any], *, depth: int = 0) -> list[tuple[int, str, str, bool]]:
    """The fields of a body, flattened: (depth, name, type, required)."""
    named = _resolved(shape, parts)
    if named.get("type") == "array":
        return _fields(named.get("items", {}), parts, depth=depth)
    found: list[tuple[int, str, str, bool]] = []
    for name, field in named.get("properties", {}).items():
        inner = _resolved(field, parts)
        found.append((depth, name, _kind(inner, parts), name in named.get("required", [])))
        if depth < 2:
            found += _fields(inner, parts, depth=depth + 1)
    return found


def _resolved(shape: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in shape:
        return parts.get(shape["$ref"].rsplit("/", 1)[-1], {})
    for choice in shape.get("anyOf", ()):
        if choice.get("type") != "null":
            return _resolved(choice, parts)
    return shape


def _kind(shape: dict[str, Any], parts: dict[str, Any]) -> str:
    if "enum" in shape:
        return " | ".join(map(str, shape["enum"]))
    if shape.get("type") == "array":
        return f"[{_kind(_resolved(shape.get('items', {}), parts), parts)}]"
    return str(shape.get("format") or shape.get("type") or "object")
