"""Reading for needs in the background."""

from django_tasks import task

from juluo.ground.communities.models import Community
from juluo.record.lake.queries import revision

from .actions import hear
from .models import Hearing
from .registry import answers
from .rules.needing import EDITION


@task()
def hear_later(community_id: int) -> None:
    """Read what is new in one community."""
    for community in Community.objects.filter(pk=community_id):
        hear(community)


def hear_changed() -> int:
    """Read what is new wherever there is anything; in how many communities."""
    known = {one.pk: one for one in Hearing.objects.defer("days")}
    done = 0
    for community in Community.objects.all():
        last = known.get(community.pk)
        told = "/".join(f"{source.code}:{source.state(community)}" for source in answers)[-400:]
        if last is None or (last.edition, last.revision, last.answers) != (EDITION, revision(community.pk), told):
            hear(community)
            done += 1
    return done
