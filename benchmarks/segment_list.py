"""The members of a segment as pages, in a community of a million members and twenty million events: each page a request, answered by the
application itself, without a browser. The slowest page decides; the Excel file is told beside it.
"""

import tempfile
from pathlib import Path

from benchmarks.frame import Cost, Result, apart, cost, installation
from benchmarks.segment import EVENTS, MEMBERS, made

GOAL = 1.0  # seconds of processor for the slowest page
TIMES = 3
SEGMENTS = {
    "everybody": "present",
    "lively": "messages(30d) >= 3",
    "few": 'city in ("上海", "杭州") and tag("爱好") and messages(30d) >= 20',
}
PAGES = {
    "a segment of everybody, page 1": "segments/everybody/",
    "a segment of everybody, page 500": "segments/everybody/?page=500",
    "a segment of everybody by messages, page 20,000": "segments/everybody/?sort=-messages&page=20000",
    "a lively segment, page 500": "segments/lively/?page=500",
    "a small segment": "segments/few/",
    "the list of members, page 1": "members/",
    "the list of members, page 500": "members/?page=500",
    "the list narrowed to the lively segment, page 500": "members/?segment={lively}&page=500",
}
FIRST, EXPORT = "the lively segment, the first time", "the lively segment as an Excel file"
API = "a thousand members by the API, from the middle"


def bench() -> Result:
    with tempfile.TemporaryDirectory(prefix="juluo-bench-segment-list-") as folder:
        measured = apart(pages, folder)
    seconds, before, peak, many = measured.says
    lines = [f"{name}: {took:.2f} s of processor" for name, took in seconds.items()]
    lines.append(f"{many:,} of {MEMBERS:,} members are in the lively segment; {EVENTS:,} events")
    lines.append(f"the most memory: {before:.0f} MB before anything was asked, {peak:.0f} MB after it all")
    slowest = max(took for name, took in seconds.items() if name not in (FIRST, EXPORT))
    return Result(slowest, GOAL, lines=lines)


def pages(folder: str) -> Cost:
    """Every page some times, the best of each; the first question and the Excel file once."""
    with installation():
        from django.conf import settings
        from django.test import Client

        from juluo.ground.accounts.models import User
        from juluo.ground.accounts.types import Role
        from juluo.ground.tokens.actions import issue
        from juluo.insight.segments.actions import create
        from juluo.record.lake.queries import revision
        from juluo.record.people.models import Summary

        settings.ALLOWED_HOSTS = ["*"]
        with cost() as making:
            community = made(Path(folder), is_registered=True)
        Summary.objects.update_or_create(community=community, defaults={"revision": revision(community.pk)})
        numbers = {code: create(community, name=code, code=code, text=text).pk for code, text in SEGMENTS.items()}
        _, secret = issue(community, name="bench", role=Role.MANAGER)
        browser = Client()
        browser.force_login(User.objects.create_superuser("boss", "boss@example.org", "a long word for nobody"))

        def took(path: str, times: int = TIMES, **headers: str) -> float:
            runs = []
            for _ in range(times):
                with cost() as run:
                    answer = browser.get(path, headers=headers)
                assert answer.status_code == 200, (path, answer.status_code)
                runs.append(run.cpu)
            return min(runs)

        here = f"/c/{community.slug}/"
        seconds = {FIRST: took(f"{here}segments/lively/", 1)}
        seconds |= {name: took(here + path.format(**numbers)) for name, path in PAGES.items()}
        members = f"/api/v1/communities/{community.slug}/segments/everybody/members?after={MEMBERS // 2}&limit=1000"
        seconds[API] = took(members, Authorization=f"Bearer {secret}")
        with cost() as done:
            seconds[EXPORT] = took(f"{here}segments/lively/?export=xlsx", 1)
        from juluo.insight.segments.models import Segment

        many = Segment.objects.get(code="lively").count
    done.says = [seconds, making.peak, done.peak, many]
    return done
