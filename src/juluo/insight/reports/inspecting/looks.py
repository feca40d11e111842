"""What is looked at: is the operation set up, is it fresh, does it work?"""

import datetime as dt

from allauth.mfa.models import Authenticator

from juluo.ground.accounts.types import Role
from juluo.ground.communities.models import Community, Post
from juluo.ground.communities.queries import positioning
from juluo.ground.communities.types import CANVAS
from juluo.kit import clock
from juluo.kit.errors import N_
from juluo.kit.health import Finding, bad, ok, warn
from juluo.record.connectors.types import PersonKind
from juluo.record.imports.models import Import
from juluo.record.imports.types import State as ImportState
from juluo.record.people.models import Member
from juluo.record.people.queries import resemblances

from ..models import PulseRow, Suggestion, WeeklyReport
from ..registry import Inspection
from ..types.advice import State

STALE = dt.timedelta(days=7)  # data without anything new
OLD_CANVAS = dt.timedelta(days=180)
REJECTED = 0.05  # of the rows of an import


def canvas(community: Community) -> Finding:
    found = positioning(community)
    if found is None:
        return warn(N_("还没有写下社群为什么存在、为谁服务。"), N_("花十分钟填一页定位画布，报告会引用它。"))
    empty = [field.title for field in CANVAS if not found.answers[field.code].strip()]
    if empty:
        return warn(N_("定位画布还有 %(n)s 格空着。"), N_("把它们补全，团队才有同一个答案。"), n=len(empty))
    if clock.now() - found.saved_at > OLD_CANVAS:
        return warn(N_("定位画布半年没有改过。"), N_("和团队一起重读一遍：当初的需要还在吗？"))
    return ok(N_("定位写好了。"))


def team(community: Community) -> Finding:
    roles = set(Post.objects.filter(community=community).values_list("role", flat=True))
    if not roles:
        return warn(N_("还没有给任何同事安排职务。"), N_("至少定下谁管社群、谁做内容，建议才有人接。"))
    if not roles - {Role.ADMIN.value, Role.VIEWER.value}:
        return warn(N_("只有管理员，没有社群管理、内容运营或活动策划。"), N_("把日常的活分给一位同事，别让一个人扛。"))
    return ok(N_("团队有分工。"))


def second_factor(community: Community) -> Finding:
    """Administrators of the community sign in with a second factor."""
    admins = set(Post.objects.filter(community=community, role=Role.ADMIN.value).values_list("user_id", flat=True))
    if not admins:
        return ok(N_("没有单独的管理员账号。"))
    codes = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    safe = set(Authenticator.objects.filter(user_id__in=admins, type__in=codes).values_list("user_id", flat=True))
    if admins - safe:
        return warn(
            N_("%(n)s 位管理员没有开两步验证。"), N_("请他们在「我的账号」里打开，成员资料才不会因为一个密码泄露。"), n=len(admins - safe)
        )
    return ok(N_("管理员都开了两步验证。"))


def freshness(community: Community) -> Finding:
    row = PulseRow.objects.filter(community=community).first()
    if row is None or row.last_day is None:
        return warn(N_("还没有数据。"), N_("导入一份聊天记录，或接上一个平台。"))
    behind = clock.today(community.zone) - row.last_day
    if behind > STALE:
        return warn(
            N_("数据停在 %(day)s，已经 %(n)s 天没有新的了。"),
            N_("再导入一次最新的聊天记录，重复的部分会自动合并。"),
            day=row.last_day,
            n=behind.days,
        )
    return ok(N_("数据是最近的。"))


def imports(community: Community) -> Finding:
    last = Import.objects.filter(community=community, state__in=(ImportState.DONE, ImportState.FAILED)).first()
    if last is None:
        return ok(N_("还没有导入过。"))
    if last.state == ImportState.FAILED:
        return bad(N_("最近一次导入「%(name)s」没有成功。"), N_("打开数据源看原因，改好后再传一次。"), name=last.name)
    rows = last.rows + last.rejected
    if rows and last.rejected > REJECTED * rows:
        return warn(N_("最近一次导入有 %(n)s 行没有认出来。"), N_("打开数据源看是哪些行；常见原因是选错了日期格式。"), n=last.rejected)
    return ok(N_("最近的导入没有问题。"))


def questions(community: Community) -> Finding:
    row = PulseRow.objects.filter(community=community).first()
    pulse = row.pulse() if row else None
    if pulse is None:
        return ok(N_("还没有数据。"))
    if pulse.unanswered_old:
        return warn(N_("有 %(n)s 个问题超过三天没人接。"), N_("今天就去接住，哪怕先说一声「我问问」。"), n=pulse.unanswered_old)
    return ok(N_("没有放了三天还没人接的问题。"))


def staff(community: Community) -> Finding:
    members = Member.objects.filter(community=community)
    if not members.filter(kind=PersonKind.STAFF).exists() and members.exists():
        return warn(N_("没有把任何人标成运营人员。"), N_("在成员页把自己人标出来，指标才不会把您自己的话也算成活跃。"))
    return ok(N_("自己人已经标出来了。"))


def duplicates(community: Community) -> Finding:
    many = resemblances(community).count()
    if many:
        return warn(N_("有 %(n)s 对成员可能是同一个人。"), N_("逐对看一眼：合并，或确认不是。"), n=many)
    return ok(N_("没有待确认的重复成员。"))


def overdue(community: Community) -> Finding:
    today = clock.today(community.zone)
    many = Suggestion.objects.filter(community=community, state=State.ACCEPTED, due_on__lt=today).count()
    if many:
        return bad(N_("%(n)s 条采纳的建议已经过期没做。"), N_("做完就勾掉；做不了就改期，或写下为什么不做。"), n=many)
    return ok(N_("采纳的建议都在期限内。"))


def undecided(community: Community) -> Finding:
    last = WeeklyReport.objects.filter(community=community).defer("material").first()
    many = Suggestion.objects.filter(community=community, week=last.week, state=State.PROPOSED).count() if last else 0
    if many:
        return warn(N_("这周的报告里还有 %(n)s 条建议没有决定。"), N_("逐条采纳或不采纳，下周的报告会告诉您结果。"), n=many)
    return ok(N_("建议都有了决定。"))


INSPECTIONS = (
    Inspection("positioning", N_("定位"), canvas, "communities:positioning"),
    Inspection("team", N_("分工"), team, "communities:team"),
    Inspection("second_factor", N_("登录安全"), second_factor, "communities:team"),
    Inspection("freshness", N_("数据新鲜度"), freshness, "imports:list"),
    Inspection("imports", N_("导入"), imports, "imports:list"),
    Inspection("questions", N_("没人接的问题"), questions, "reports:list"),
    Inspection("staff", N_("自己人"), staff, "people:list"),
    Inspection("duplicates", N_("重复成员"), duplicates, "people:alike"),
    Inspection("overdue", N_("过期的建议"), overdue, "reports:suggestions"),
    Inspection("undecided", N_("未决定的建议"), undecided, "reports:suggestions"),
)
