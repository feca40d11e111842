"""词典: a community's own words."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from juluo.ground.communities.doors import Visit, permitted, tabs
from juluo.kit.errors import JuluoError

from .actions import forget_word, keep_word, same_word, stop_word
from .forms import WordForm
from .queries import agreement, words_of
from .types import WordKind


@permitted("texts.manage")
@require_GET
def dictionary(request: Visit) -> HttpResponse:
    return _page(request, WordForm())


@permitted("texts.manage")
@require_POST
def add(request: Visit) -> HttpResponse:
    form = WordForm(request.POST)
    if form.is_valid():
        said, community = form.cleaned_data, request.community
        try:
            if said["kind"] == WordKind.SAME:
                same_word(community, said["word"], same_as=said["same_as"], user=request.user)
            else:
                {WordKind.KEEP: keep_word, WordKind.STOP: stop_word}[WordKind(said["kind"])](community, said["word"], user=request.user)
        except JuluoError as refused:
            form.add_error("word", _(refused.message) % refused.facts if refused.facts else _(refused.message))
        else:
            messages.success(request, _("已记下。历史消息会在后台重新分析，话题随后更新。"))
            return redirect("texts:dictionary", community.slug)
    return _page(request, form, status=422)


@permitted("texts.manage")
@require_POST
def remove(request: Visit) -> HttpResponse:
    forget_word(request.community, request.POST.get("word", ""))
    return redirect("texts:dictionary", request.community.slug)


def _page(request: Visit, form: WordForm, *, status: int = 200) -> HttpResponse:
    looked, agreed = agreement(request.community.pk)
    context = {"tabs": tabs(request), "form": form, "words": words_of(request.community.pk), "looked": looked, "agreed": agreed}
    return render(request, "texts/dictionary.html", context, status=status)


urlpatterns = [
    path("settings/words/", dictionary, name="dictionary"),
    path("settings/words/add/", add, name="add"),
    path("settings/words/remove/", remove, name="remove"),
]
