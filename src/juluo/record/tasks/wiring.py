"""What tasks hang on the engines below."""

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import EVERYONE, TEAM, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.kit.errors import N_
from juluo.kit.routes import Entry, Pages, entries, pages
from juluo.record.people.registry import Panel, merging, moving, panels

from . import console
from .models import Effort, Task
from .queries import mine_open

permissions.add(Permission("tasks.view", N_("查看任务"), EVERYONE))
permissions.add(Permission("tasks.act", N_("安排任务、记录用时"), TEAM))
verbs.add(Verb("task.assigned", N_("安排任务「%(subject)s」")))
verbs.add(Verb("task.changed", N_("修改任务「%(subject)s」")))
verbs.add(Verb("task.done", N_("完成任务「%(subject)s」")))
verbs.add(Verb("task.dropped", N_("不做任务「%(subject)s」了")))
verbs.add(Verb("task.reopened", N_("重新打开任务「%(subject)s」")))
verbs.add(Verb("time.spent", N_("为「%(subject)s」记下 %(minutes)s 分钟")))
verbs.add(Verb("time.taken_back", N_("撤回「%(subject)s」的 %(minutes)s 分钟")))
pages.add(Pages("tasks", console.urlpatterns))
entries.add(Entry("tasks", N_("任务"), "checklist", "tasks:list", "tasks.view", 12, badge=mine_open))
merging.add(moving(Task))
merging.add(moving(Effort))
panels.add(Panel("tasks", 40, "tasks.view", console.panel, is_side=True))
