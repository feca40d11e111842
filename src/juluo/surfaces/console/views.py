"""Pages of the shell itself: the way in, the state of the installation, and the style page."""

import platform
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from juluo.ground.accounts.doors import administrators, signed_in
from juluo.ground.communities.doors import LAST_COMMUNITY
from juluo.ground.communities.queries import visible_to
from juluo.kit.health import examined

from . import specimens

PARTS = ("django", "duckdb", "ibis-framework", "pyarrow", "granian")


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Straight to the community one worked in last, or a choice; the very first time, what to do first."""
    communities = list(visible_to(request.user))
    if "all" not in request.GET:
        last = next((one for one in communities if one.slug == request.session.get(LAST_COMMUNITY)), None)
        if last or len(communities) == 1:
            return redirect("communities:enter", slug=(last or communities[0]).slug)
    return render(request, "console/home.html", {"communities": communities})


@administrators
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Whether the installation is well, and on what it runs."""
    findings = [
        (
            _(check.title),
            finding.state,
            _(finding.sentence) % dict(finding.facts),
            _(finding.remedy) % dict(finding.facts) if finding.remedy else "",
        )
        for check, finding in examined()
    ]
    rank = {"bad": 0, "warn": 1, "ok": 2}
    findings.sort(key=lambda finding: rank[finding[1]])
    worst = findings[0][1] if findings else "ok"
    disk = shutil.disk_usage(settings.DATA_DIR)
    context = {
        "findings": findings,
        "worst": worst,
        "count": sum(1 for finding in findings if finding[1] != "ok"),
        "versions": [("Juluo", _version("juluo")), ("Python", platform.python_version()), *((name, _version(name)) for name in PARTS)],
        "system": f"{platform.system()} {platform.machine()}",
        "executable": sys.prefix,
        "data_dir": settings.DATA_DIR,
        "disk_free": disk.free / 2**30,
        "disk_total": disk.total / 2**30,
        "disk_used_share": (disk.total - disk.free) / disk.total,
    }
    return render(request, "console/health.html", context)


@administrators
@require_GET
def style(request: HttpRequest) -> HttpResponse:
    """Every component of the design system, alive. For those who build pages."""
    return render(request, "console/style.html", specimens.everything(request))


@administrators
@require_GET
def style_progress(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("step", "")
    step = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
    return render(request, "console/style_progress.html", {"progress": specimens.moving(step)})


@administrators
@require_GET
def style_why(request: HttpRequest) -> HttpResponse:
    return render(request, "console/style_why.html", specimens.why())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "–"
