"""What surveys hang on the engines below."""

from datetime import timedelta

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import EVERYONE, LEADS, TEAM, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.insight.maturity.registry import evidence
from juluo.insight.personas.registry import answers, talks
from juluo.insight.segments.registry import fields
from juluo.kit.errors import N_
from juluo.kit.jobs import Job, jobs
from juluo.kit.routes import Endpoints, Entry, Pages, PortalPages, endpoints, entries, pages, portal_pages
from juluo.record.imports.registry import Sequel, sequels
from juluo.record.lake.registry import dimension, dimensions
from juluo.record.people.registry import Merging, Panel, merging, moving, panels

from . import api, console, portal
from .actions import adopt, merge, part, refresh
from .evidence import EVIDENCE
from .fields import FIELDS
from .jobs import adopt_changed
from .models import Interview
from .tables import ANSWERS
from .voices import ANSWERED, TALKED

permissions.add(Permission("surveys.view", N_("查看问卷与汇总结果"), EVERYONE))
permissions.add(Permission("surveys.design", N_("设计、发布问卷，记录访谈"), TEAM))
permissions.add(Permission("surveys.answers", N_("查看每个人的回答与访谈、导出"), LEADS))

verbs.add(Verb("survey.made", N_("新建问卷「%(subject)s」")))
verbs.add(Verb("survey.designed", N_("修改问卷「%(subject)s」的题目，共 %(questions)s 题")))
verbs.add(Verb("survey.configured", N_("修改问卷「%(subject)s」的设置")))
verbs.add(Verb("survey.published", N_("发布问卷「%(subject)s」，第 %(version)s 版")))
verbs.add(Verb("survey.closed", N_("结束问卷「%(subject)s」，收到 %(answered)s 份")))
verbs.add(Verb("survey.removed", N_("删除问卷「%(subject)s」和它的 %(answered)s 份回答")))
verbs.add(Verb("survey.asked", N_("为问卷「%(subject)s」生成 %(count)s 个专属链接")))
verbs.add(Verb("survey.answered", N_("收到问卷「%(subject)s」的一份回答")))
verbs.add(Verb("survey.adopted", N_("从导入的历史里接收问卷「%(subject)s」的 %(answered)s 份回答")))
verbs.add(Verb("survey.exported", N_("导出问卷「%(subject)s」的 %(count)s 份回答")))
verbs.add(Verb("survey.links_exported", N_("导出问卷「%(subject)s」的 %(count)s 个专属链接")))
verbs.add(Verb("guide.saved", N_("保存访谈提纲「%(subject)s」，共 %(questions)s 问")))
verbs.add(Verb("interview.saved", N_("记录 %(subject)s 的一次访谈")))
verbs.add(Verb("interview.found", N_("为 %(subject)s 的访谈添加一条发现")))
verbs.add(Verb("interview.unfound", N_("删去 %(subject)s 的访谈里的一条发现")))
verbs.add(Verb("interview.dropped", N_("删除 %(subject)s 的一次访谈")))
verbs.add(Verb("interviews.exported", N_("导出 %(count)s 次访谈")))

dimensions.add(dimension(ANSWERS, refresh))
panels.add(Panel("surveys", 60, "surveys.answers", console.panel, is_side=True))
for field in FIELDS:
    fields.add(field)
answers.add(ANSWERED)
talks.add(TALKED)
for figure in EVIDENCE:
    evidence.add(figure)
merging.add(Merging("surveys", merge, part))
merging.add(moving(Interview))
sequels.add(Sequel("surveys", adopt))
jobs.add(Job("surveys.adopt", N_("接收导入历史里的问卷"), timedelta(minutes=10), adopt_changed, also_on_start=True))
pages.add(Pages("surveys", console.urlpatterns))
portal_pages.add(PortalPages("surveys", portal.urlpatterns))
endpoints.add(Endpoints("surveys", api.router))
entries.add(Entry("surveys", N_("问卷"), "clipboard-text", "surveys:list", "surveys.view", 25))
