"""What counts how much here, and where points begin and end."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from juluo.ground.communities.doors import Visit, permitted

from ..actions import forget_scheme, set_scheme
from ..forms import SchemeForm
from ..weighing import anchors, weights


@require_http_methods(["GET", "POST"])
@permitted("maturity.view")
def edit(request: Visit) -> HttpResponse:
    """Weights and anchors with where the defaults come from; whoever may not change them reads them."""
    community, may_tune = request.community, request.may("maturity.tune")
    is_said = request.method == "POST" and may_tune
    form = SchemeForm(request.POST if is_said else None, weights=weights(community), anchors=anchors(community))
    if not may_tune:
        for field in form.fields.values():
            field.disabled = True
    elif is_said and "default" in request.POST:
        forget_scheme(community)
        messages.success(request, gettext("已恢复默认。以后的评价按默认的来，已经评过的不变。"))
        return redirect("maturity:scheme", community.slug)
    elif is_said and form.is_valid():
        set_scheme(community, weights=form.weights, anchors=form.anchors)
        messages.success(request, gettext("已保存。以后的评价按新的来，已经评过的不变。"))
        return redirect("maturity:scheme", community.slug)
    return render(
        request, "maturity/scheme.html", {"form": form, "may_tune": may_tune}, status=422 if form.is_bound and form.errors else 200
    )
