"""What the lake hangs on the engines below."""

from datetime import timedelta

from juluo.ground.communities.registry import Leaving, leaving
from juluo.kit.errors import N_
from juluo.kit.health import Check, checks
from juluo.kit.jobs import Job, Lane, jobs

from .actions import dissolve
from .checks import whole
from .jobs import compact_segments, prune_inbox, read_new_texts, rezone_histories, seal_tails, sweep_litter

leaving.add(Leaving("lake", dissolve))
checks.add(Check("lake", N_("历史数据"), whole))
jobs.add(Job("lake.seal", N_("把新事件封存进历史"), timedelta(minutes=1), seal_tails, also_on_start=True, lane=Lane.SHORT))
jobs.add(Job("lake.rezone", N_("按新的时区重排历史"), timedelta(minutes=5), rezone_histories, also_on_start=True))
jobs.add(Job("lake.read_texts", N_("读出消息里的话题与情绪"), timedelta(minutes=2), read_new_texts, also_on_start=True))
jobs.add(Job("lake.compact", N_("合并零碎的历史文件"), timedelta(hours=6), compact_segments))
jobs.add(Job("lake.sweep", N_("清扫不再使用的文件"), timedelta(hours=1), sweep_litter, also_on_start=True, lane=Lane.SHORT))
jobs.add(Job("lake.prune", N_("清理已封存的收件"), timedelta(hours=6), prune_inbox, lane=Lane.SHORT))
