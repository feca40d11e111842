from pathlib import PurePath

from django.db import migrations, models


def within_the_data_folder(apps, schema_editor):
    """Uploads were known by their full path; now they move with the data folder."""
    Import = apps.get_model("imports", "Import")
    for imported in Import.objects.filter(is_ours=True).exclude(path="").only("path").iterator():
        imported.path = "/".join(PurePath(imported.path).parts[-3:])
        imported.save(update_fields=["path"])


class Migration(migrations.Migration):

    dependencies = [
        ('imports', '0002_nobody_beats'),
    ]

    operations = [
        migrations.RunPython(within_the_data_folder, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='import',
            name='path',
            field=models.TextField(blank=True, help_text='where the file lies: within the data folder if it is ours'),
        ),
    ]
