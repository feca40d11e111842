"""What personas hang on the engines below."""

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import EVERYONE, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.insight.segments.registry import Lens, lenses
from juluo.kit.errors import N_
from juluo.kit.routes import Pages, pages
from juluo.record.people.registry import Panel, Place, panels, places

from . import console

permissions.add(Permission("personas.view", N_("查看画像、需求与痛点"), EVERYONE))
verbs.add(Verb("persona.exported", N_("导出%(subject)s的画像（%(form)s）")))
pages.add(Pages("personas", console.urlpatterns))
places.add(Place("personas", N_("画像"), "user-scan", "personas:page", "personas.view", 40))
panels.add(Panel("persona", 5, "personas.view", console.panel, is_side=True))
lenses.add(Lens("persona", N_("画像"), "user-scan", "personas.view", console.lens))
