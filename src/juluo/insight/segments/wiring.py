"""What segments hang on the engines below, and the fields that the house itself gives."""

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import EVERYONE, TEAM, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.kit.errors import N_

from .core import FIELDS
from .registry import fields

permissions.add(Permission("segments.view", N_("查看人群"), EVERYONE))
permissions.add(Permission("segments.manage", N_("新建、修改、删除人群"), TEAM))
verbs.add(Verb("segment.created", N_("新建人群「%(subject)s」")))
verbs.add(Verb("segment.changed", N_("修改人群「%(subject)s」")))
verbs.add(Verb("segment.renamed", N_("把人群「%(subject)s」改名为「%(to)s」")))
verbs.add(Verb("segment.deleted", N_("删除人群「%(subject)s」")))
verbs.add(Verb("segment.exported", N_("导出人群「%(subject)s」的 %(count)s 位成员")))

for field in FIELDS:
    fields.add(field)
