"""Uploads that no reader sees yet, which Redaktion may make too, as it may see what was deleted."""

from django.db import migrations, models

NEW = ["add_attachment", "change_attachment", "delete_attachment", "view_gone"]


def allow(apps, schema_editor):
    group = apps.get_model("auth", "Group").objects.filter(name="Redaktion").first()
    if group:
        permissions = apps.get_model("auth", "Permission").objects
        group.permissions.add(*permissions.filter(content_type__app_label="faq", codename__in=NEW))


class Migration(migrations.Migration):
    dependencies = [
        ("faq", "0021_owner"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        # Those of today stay public.
        migrations.AddField("attachment", "was_public", models.BooleanField(default=True, editable=False)),
        migrations.AlterField("attachment", "was_public", models.BooleanField(default=False, editable=False)),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
