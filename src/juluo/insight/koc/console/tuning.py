"""How evidence is weighed, the stages, and who is not shown."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from juluo.ground.communities.doors import Visit, permitted
from juluo.kit import clock

from ..actions import name_stage, tune
from ..forms import StageForm, TuneForm
from ..jobs import count_later
from ..models import Unsuited
from ..queries.evidence import (
    tuning_of,
)
from ..queries.path import plans


@require_http_methods(["GET", "POST"])
@permitted("koc.manage")
def tuning(request: Visit) -> HttpResponse:
    """Weights, window, stages; and who is not shown."""
    community = request.community
    tuned = tuning_of(community.pk)
    what = request.POST.get("what", "")
    form = TuneForm(request.POST if what == "weights" else None, tuned=tuned)
    stages = [StageForm(request.POST if what == one.stage.value else None, plan=one) for one in plans(community).values()]
    status = 200
    if request.method == "POST":
        bound = form if what == "weights" else next((one for one in stages if one.stage.value == what), None)
        if bound is None:
            raise Http404
        if bound.is_valid():
            if isinstance(bound, TuneForm):
                said = bound.said()
                if tune(community, **said) and said["days"] != tuned.days:
                    count_later.enqueue(community.pk)
                messages.success(request, _("保存了。权重马上生效；换了天数的话，几分钟后按新的天数看。"))
            else:
                name_stage(community, bound.plan())
                messages.success(request, _("保存了。"))
            return redirect("koc:tuning", community.slug)
        status = 422
    hidden = Unsuited.objects.filter(community=community, until__gt=clock.today(community.zone)).select_related("member", "by")
    context = {"form": form, "stages": stages, "hidden": hidden.order_by("until")[:200]}
    return render(request, "koc/tuning.html", context, status=status)
