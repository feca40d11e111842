"""What imports hang on the engines below."""

from datetime import timedelta

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import EVERYONE, LEADS, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.ground.communities.registry import Leaving, leaving
from juluo.kit.errors import N_
from juluo.kit.jobs import Job, Lane, jobs
from juluo.kit.routes import Commands, Endpoints, Entry, Pages, commands, endpoints, entries, pages

from . import api, cli, console
from .actions import forget_files, tidy
from .jobs import take_up_again

verbs.add(Verb("import.finished", N_("导入「%(subject)s」：新增 %(added)s 条，%(rejected)s 行未能识别")))
verbs.add(Verb("import.failed", N_("导入「%(subject)s」没有完成")))
verbs.add(Verb("import.cancelled", N_("取消导入「%(subject)s」")))
permissions.add(Permission("imports.view", N_("查看数据源与导入记录"), EVERYONE))
permissions.add(Permission("imports.run", N_("导入数据"), LEADS))
permissions.add(Permission("events.write", N_("通过接口写入事件"), LEADS))
commands.add(Commands("imports", cli.attach))
endpoints.add(Endpoints("imports", api.imports_router))
endpoints.add(Endpoints("events", api.events_router))
jobs.add(Job("imports.tidy", N_("清理中断的导入留下的文件"), timedelta(hours=1), tidy, also_on_start=True, lane=Lane.SHORT))
jobs.add(Job("imports.take_up_again", N_("重新接手中断的导入"), timedelta(seconds=10), take_up_again, also_on_start=True, lane=Lane.SHORT))
pages.add(Pages("imports", console.urlpatterns))
entries.add(Entry("sources", N_("数据源"), "database-import", "imports:list", "imports.view", 800))
leaving.add(Leaving("imports", forget_files))
