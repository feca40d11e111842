"""What communities hang on the engines below."""

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import ADMINS, EVERYONE, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.kit.errors import N_

verbs.add(Verb("community.founded", N_("建立社群「%(subject)s」")))
verbs.add(Verb("post.given", N_("任命 %(subject)s 为%(role)s")))
permissions.add(Permission("community.view", N_("查看社群"), EVERYONE))
permissions.add(Permission("community.manage", N_("管理社群设置与成员职务"), ADMINS))
