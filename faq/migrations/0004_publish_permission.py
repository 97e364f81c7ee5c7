"""Who may publish, and the two groups of editors."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

EDITORS = [
    *(f"view_{name}" for name in ("alias", "category", "contact", "entry", "gap", "site", "step", "tag", "term", "version")),
    "add_entry", "change_entry", "delete_entry", "add_step", "change_step", "delete_step", "change_gap",
]  # fmt: skip
PUBLISHERS = [
    *EDITORS,
    "publish_entry", "change_site", "delete_gap", "view_gone",
    *(f"{action}_{name}" for action in ("add", "change", "delete") for name in ("alias", "category", "contact", "tag", "term")),
]  # fmt: skip


def make_groups(apps, schema_editor):
    # Permissions are made after all migrations: here they are needed at once, those of the installed models.
    create_permissions(installed.get_app_config("faq"), verbosity=0, using=schema_editor.connection.alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in (("Redaktion", EDITORS), ("Freigabe", PUBLISHERS)):
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*Permission.objects.filter(content_type__app_label="faq", codename__in=codenames))


def drop_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=("Redaktion", "Freigabe")).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("faq", "0003_editing"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="entry",
            options={
                "permissions": [("publish_entry", "Kann Einträge veröffentlichen")],
                "verbose_name": "Eintrag",
                "verbose_name_plural": "Einträge",
            },
        ),
        migrations.RunPython(make_groups, drop_groups),
    ]
