"""The sample community of a first start: the sandbox's world, through the same import as any other export."""

import tempfile
from datetime import timedelta
from pathlib import Path

from juluo.ground.communities.actions import found
from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.connectors.adapters.sandbox.export import export
from juluo.record.connectors.adapters.sandbox.recipes import sample
from juluo.record.imports.actions import hand_over, look, run

NAME = "慢车咖啡（示例）"


def load_sample() -> Community | None:
    """Found and fill the sample community if there is no community at all yet; None when there is one."""
    if Community.objects.exists():
        return None
    community = found(NAME, slug="sample", is_sample=True)
    with tempfile.TemporaryDirectory(prefix="juluo-sample-") as folder:
        file = export(sample(end=clock.today(community.zone) - timedelta(days=1)), Path(folder) / "sample.zip")
        imported = hand_over(community, file)
        look(imported)
        run(imported)
    return community
