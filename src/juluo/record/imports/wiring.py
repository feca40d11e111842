"""What imports hang on the engines below."""

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import EVERYONE, LEADS, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.kit.errors import N_

verbs.add(Verb("import.finished", N_("导入「%(subject)s」：新增 %(added)s 条，%(rejected)s 行未能识别")))
verbs.add(Verb("import.failed", N_("导入「%(subject)s」没有完成")))
verbs.add(Verb("import.cancelled", N_("取消导入「%(subject)s」")))
permissions.add(Permission("imports.view", N_("查看数据源与导入记录"), EVERYONE))
permissions.add(Permission("imports.run", N_("导入数据"), LEADS))
