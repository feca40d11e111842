"""Who is who lies in several files, so that a newcomer costs one row."""

import pyarrow.parquet as pq
from django.conf import settings
from django.db import migrations, models


def listed(apps, schema_editor):
    """The one file there was, with its rows. Rows on a server are not counted here: 0 joins it with what comes next."""
    for state in apps.get_model("lake", "LakeState").objects.exclude(people_file=""):
        path = settings.DATA_DIR / "lake" / state.people_file
        state.people = [(state.people_file, pq.read_metadata(path).num_rows if path.exists() else 0)]
        state.save(update_fields=["people"])


class Migration(migrations.Migration):
    dependencies = [("lake", "0003_weeks")]

    operations = [
        migrations.AddField(
            model_name="lakestate",
            name="people",
            field=models.JSONField(default=list, help_text="the files that hold who is who, each with its number of rows"),
        ),
        migrations.RunPython(listed, migrations.RunPython.noop),
        migrations.RemoveField(model_name="lakestate", name="people_file"),
    ]
