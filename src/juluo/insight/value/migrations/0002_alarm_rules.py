import django.db.models.deletion
from django.db import migrations, models


def count_anew(apps, schema_editor):
    """Standings have another column from now on and are kept under another name: what was counted goes, the worker counts anew."""
    apps.get_model("value", "Count").objects.all().delete()
    apps.get_model("lake", "DimensionPart").objects.filter(table="standing").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0001_initial"),
        ("lake", "0002_dimension_parts"),
        ("value", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AlarmRule",
            fields=[
                ("community", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+", serialize=False, to="communities.community")),
                ("chosen", models.CharField(choices=[("auto", "自动：用在过去更准的那条"), ("own", "按各人自己的节奏"), ("days", "满固定的天数没来")], default="auto", max_length=10)),
                ("days", models.PositiveSmallIntegerField(help_text="the fixed number, where the operator chose one", null=True)),
                ("proof", models.JSONField(default=dict, help_text="rows of rules.alarm.Tried, cuts, members, first and last cut; empty where history is short")),
                ("proved_on", models.DateField(help_text="the community's day on which the rules were tried", null=True)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(models.Q(("chosen", "days"), _negated=True), ("days__isnull", False), _connector="OR"), name="a_rule_of_days_has_days")],
            },
        ),
        migrations.RunPython(count_anew, migrations.RunPython.noop),
    ]
