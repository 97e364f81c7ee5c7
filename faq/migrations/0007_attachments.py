"""Files for readers, and who may change them."""

import django.db.models.deletion
import django.db.models.functions.text
from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

import faq.models.fields

PERMISSIONS = {
    "Redaktion": ["view_attachment"],
    "Freigabe": ["view_attachment", "add_attachment", "change_attachment", "delete_attachment"],
}


def allow(apps, schema_editor):
    # Permissions are made after all migrations: here they are needed at once.
    create_permissions(installed.get_app_config("faq"), verbosity=0, using=schema_editor.connection.alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in PERMISSIONS.items():
        for group in Group.objects.filter(name=name):
            group.permissions.add(*Permission.objects.filter(content_type__app_label="faq", codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [
        ("faq", "0006_version_base"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    faq.models.fields.SlugField(
                        help_text="Für Links im Text: datei:kürzel. Bleibt, wie es ist.",
                        max_length=120,
                        unique=True,
                        verbose_name="Kürzel",
                    ),
                ),
                ("title", faq.models.fields.LineField(max_length=300, verbose_name="Titel")),
                (
                    "name",
                    models.CharField(
                        help_text="So heißt die Datei beim Herunterladen.", max_length=150, verbose_name="Dateiname"
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0, editable=False, verbose_name="Position")),
            ],
            options={
                "verbose_name": "Datei",
                "verbose_name_plural": "Dateien",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64, unique=True, verbose_name="Prüfsumme")),
                (
                    "kind",
                    models.CharField(
                        choices=[("pdf", "PDF"), ("xlsx", "Excel"), ("docx", "Word")], max_length=4, verbose_name="Art"
                    ),
                ),
                ("size", models.PositiveBigIntegerField(verbose_name="Größe")),
                ("file", models.FileField(unique=True, upload_to="", verbose_name="Datei")),
                ("created", models.DateTimeField(auto_now_add=True, verbose_name="Seit")),
            ],
            options={
                "verbose_name": "Gespeicherte Datei",
                "verbose_name_plural": "Gespeicherte Dateien",
            },
        ),
        migrations.RemoveConstraint(
            model_name="reference",
            name="reference_fits_its_kind",
        ),
        migrations.AlterField(
            model_name="reference",
            name="kind",
            field=models.CharField(
                choices=[
                    ("faq", "Eintrag"),
                    ("kontakt", "Ansprechpartner"),
                    ("datei", "Datei"),
                    ("offen", "Offene Stelle"),
                ],
                max_length=10,
                verbose_name="Art",
            ),
        ),
        migrations.AddField(
            model_name="reference",
            name="attachment",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="references", to="faq.attachment"
            ),
        ),
        migrations.AddConstraint(
            model_name="reference",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("attachment", None), ("contact", None), ("gap", None), ("kind", "faq")),
                    models.Q(("attachment", None), ("gap", None), ("kind", "kontakt"), ("target", None)),
                    models.Q(("contact", None), ("gap", None), ("kind", "datei"), ("target", None)),
                    models.Q(
                        ("attachment", None),
                        ("contact", None),
                        ("gap__isnull", False),
                        ("kind", "offen"),
                        ("target", None),
                    ),
                    _connector="OR",
                ),
                name="reference_fits_its_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="storedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["pdf", "xlsx", "docx"])), name="stored_file_is_of_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="storedfile",
            constraint=models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="stored_file_is_not_empty"),
        ),
        migrations.AddField(
            model_name="attachment",
            name="stored",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attachments",
                to="faq.storedfile",
                verbose_name="Datei",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"),
                name="attachment_name_once",
                violation_error_message="Eine Datei mit diesem Dateinamen gibt es schon.",
            ),
        ),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
