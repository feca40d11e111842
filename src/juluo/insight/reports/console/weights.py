"""How much each dimension counts."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from juluo.ground.communities.doors import Visit, permitted

from ..actions import forget_weights, set_weights
from ..errors import BadWeights
from ..forms.deciding import WeightsForm
from ..queries import weights


@permitted("reports.view")
@require_http_methods(["GET", "POST"])
def edit(request: Visit) -> HttpResponse:
    """Weights by dimension with the reasons for the defaults; whoever may not change them reads them."""
    community, may_tune = request.community, request.may("reports.tune")
    known = weights(community)
    form = WeightsForm(request.POST or None, initial={code: f"{value:g}" for code, value in known.items()})
    if not may_tune:
        for field in form.fields.values():
            field.disabled = True
    elif request.method == "POST" and "default" in request.POST:
        forget_weights(community)
        messages.success(request, _("已恢复默认权重"))
        return redirect("reports:weights", slug=community.slug)
    elif request.method == "POST" and form.is_valid():
        try:
            set_weights(community, form.cleaned_data)
        except BadWeights:
            form.add_error(None, _("至少有一个维度的权重要大于 0。"))
        else:
            messages.success(request, _("已保存，报告马上按新的权重打分"))
            return redirect("reports:weights", slug=community.slug)
    return render(request, "reports/weights.html", {"form": form, "may_tune": may_tune}, status=422 if form.errors else 200)
