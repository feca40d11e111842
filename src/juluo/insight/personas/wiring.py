"""What personas and needs hang on the engines below."""

from datetime import timedelta

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import EVERYONE, TEAM, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.insight.segments.registry import Lens, lenses
from juluo.kit.errors import N_
from juluo.kit.jobs import Job, jobs
from juluo.kit.routes import Entry, Pages, entries, pages
from juluo.record.imports.registry import Sequel, sequels
from juluo.record.lake.registry import Erasing, dimension, dimensions, erasing
from juluo.record.people.registry import Panel, panels

from . import console
from .actions import forget
from .jobs import hear_changed, hear_later
from .tables import NEED_OF, NEEDS

permissions.add(Permission("personas.view", N_("查看画像、需求与痛点"), EVERYONE))
permissions.add(Permission("needs.manage", N_("处理需求与痛点"), TEAM))
verbs.add(Verb("persona.exported", N_("导出%(subject)s的画像（%(form)s）")))
verbs.add(Verb("need.decided", N_("说明了「%(subject)s」这件事的处理情况")))
verbs.add(Verb("needs.exported", N_("导出「%(subject)s」的 %(count)s 件需求与痛点")))
dimensions.add(dimension(NEEDS))
dimensions.add(dimension(NEED_OF))
erasing.add(Erasing("needs", forget))
sequels.add(Sequel("personas.hear", lambda community: hear_later.enqueue(community.pk)))
jobs.add(Job("personas.hear", N_("从新消息里找需求与痛点"), timedelta(minutes=2), hear_changed, also_on_start=True))
pages.add(Pages("personas", console.urlpatterns))
entries.add(Entry("personas", N_("画像"), "user-scan", "personas:page", "personas.view", 40, parent="members"))
entries.add(Entry("needs", N_("需求与痛点"), "", "personas:needs", "personas.view", 34, parent="insight", also=("personas:need",)))
panels.add(Panel("persona", 5, "personas.view", console.panel, is_side=True))
lenses.add(Lens("persona", N_("画像"), "user-scan", "personas.view", console.lens))
