"""Which versions an import compares with: until now those that imports made."""

from django.db import migrations, models


def mark(apps, schema_editor):
    apps.get_model("faq", "Version").objects.filter(source="import").update(base=True)


class Migration(migrations.Migration):
    dependencies = [("faq", "0005_gap_in_charge")]

    operations = [
        migrations.AddField("version", "base", models.BooleanField(default=False, verbose_name="Stand der Datei")),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
