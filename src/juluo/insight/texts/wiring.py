"""What reading messages hangs on the engines below."""

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import TEAM, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.kit.errors import N_
from juluo.kit.routes import Pages, SettingsTab, pages, settings_tabs
from juluo.record.lake.registry import Annotator, Erasing, annotators, erasing

from . import console
from .actions import forget_relabels
from .adapters.lists import Lists
from .queries import annotate, annotation_version
from .registry import moods

moods.add(Lists())
erasing.add(Erasing("texts", forget_relabels))
annotators.add(Annotator(code="texts", annotate=annotate, version=annotation_version))

permissions.add(Permission("texts.manage", N_("调整词典、校正情绪"), TEAM))
verbs.add(Verb("texts.word_said", N_("在词典中设置「%(subject)s」")))
verbs.add(Verb("texts.word_forgotten", N_("从词典中删除「%(subject)s」")))
verbs.add(Verb("texts.relabelled", N_("校正一条消息的情绪")))
verbs.add(Verb("texts.relabels_forgotten", N_("撤销 %(count)s 条情绪校正")))
pages.add(Pages("texts", console.urlpatterns))
settings_tabs.add(SettingsTab("words", N_("词典"), "vocabulary", "texts:dictionary", "texts.manage", 50))
