"""Pictures in texts, which Redaktion may put in while no reader sees them."""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.manager
from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

import faq.models.fields


def allow(apps, schema_editor):
    # Permissions are made after all migrations: here they are needed at once.
    create_permissions(installed.get_app_config("faq"), verbosity=0, using=schema_editor.connection.alias)
    of_pictures = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="faq", content_type__model="picture"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=("Redaktion", "Freigabe")):
        group.permissions.add(*of_pictures)


class Migration(migrations.Migration):
    dependencies = [
        ("faq", "0023_version_batch"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", faq.models.fields.SlugField(max_length=120, unique=True, verbose_name="Kürzel")),
                ("name", models.CharField(max_length=150, verbose_name="Dateiname")),
                ("position", models.PositiveIntegerField(default=0, editable=False, verbose_name="Position")),
                (
                    "description",
                    faq.models.fields.LineField(
                        blank=True,
                        help_text="Was man darauf sieht, für alle, die es nicht sehen: in einem Satz, ohne „Bild von“.",
                        max_length=300,
                        validators=[faq.models.fields.validate_description],
                        verbose_name="Beschreibung",
                    ),
                ),
                (
                    "decorative",
                    models.BooleanField(
                        default=False,
                        help_text="Das Bild sagt nichts, was nicht auch im Text steht: Vorleseprogramme übergehen es.",
                        verbose_name="Nur Schmuck",
                    ),
                ),
                (
                    "caption",
                    faq.models.fields.LineField(
                        blank=True,
                        help_text="Steht unter dem Bild, wo der Text keine andere nennt.",
                        max_length=300,
                        verbose_name="Bildunterschrift",
                    ),
                ),
            ],
            options={
                "verbose_name": "Bild",
                "verbose_name_plural": "Bilder",
                "ordering": ["position", "pk"],
                "abstract": False,
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("guarded", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Rendition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("width", models.PositiveIntegerField(verbose_name="Breite")),
                ("height", models.PositiveIntegerField(verbose_name="Höhe")),
            ],
            options={
                "verbose_name": "Bildgröße",
                "verbose_name_plural": "Bildgrößen",
                "ordering": ["master", "width"],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("guarded", django.db.models.manager.Manager()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="reference",
            name="reference_fits_its_kind",
        ),
        migrations.RemoveConstraint(
            model_name="storedfile",
            name="stored_file_is_of_a_kind",
        ),
        migrations.AlterField(
            model_name="attachment",
            name="name",
            field=models.CharField(max_length=150, verbose_name="Dateiname"),
        ),
        migrations.AlterField(
            model_name="attachment",
            name="slug",
            field=faq.models.fields.SlugField(max_length=120, unique=True, verbose_name="Kürzel"),
        ),
        migrations.AlterField(
            model_name="attachment",
            name="stored",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="faq.storedfile",
                verbose_name="Datei",
            ),
        ),
        migrations.AlterField(
            model_name="reference",
            name="kind",
            field=models.CharField(
                choices=[
                    ("faq", "Eintrag"),
                    ("kontakt", "Ansprechpartner"),
                    ("datei", "Datei"),
                    ("bild", "Bild"),
                    ("offen", "Offene Stelle"),
                    ("web", "Externer Link"),
                ],
                max_length=10,
                verbose_name="Art",
            ),
        ),
        migrations.AlterField(
            model_name="storedfile",
            name="kind",
            field=models.CharField(
                choices=[
                    ("pdf", "PDF"),
                    ("xlsx", "Excel"),
                    ("docx", "Word"),
                    ("png", "PNG"),
                    ("jpg", "JPEG"),
                    ("webp", "WebP"),
                ],
                max_length=4,
                verbose_name="Art",
            ),
        ),
        migrations.AddConstraint(
            model_name="storedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["pdf", "xlsx", "docx", "png", "jpg", "webp"])),
                name="stored_file_is_of_a_kind",
            ),
        ),
        migrations.AddField(
            model_name="picture",
            name="stored",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="faq.storedfile",
                verbose_name="Datei",
            ),
        ),
        migrations.AddField(
            model_name="reference",
            name="picture",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="references", to="faq.picture"
            ),
        ),
        migrations.AddConstraint(
            model_name="reference",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("attachment", None),
                        ("contact", None),
                        ("gap", None),
                        ("kind", "faq"),
                        ("picture", None),
                        ("web", None),
                    ),
                    models.Q(
                        ("attachment", None),
                        ("gap", None),
                        ("kind", "kontakt"),
                        ("picture", None),
                        ("target", None),
                        ("web", None),
                    ),
                    models.Q(
                        ("contact", None),
                        ("gap", None),
                        ("kind", "datei"),
                        ("picture", None),
                        ("target", None),
                        ("web", None),
                    ),
                    models.Q(
                        ("attachment", None),
                        ("contact", None),
                        ("gap", None),
                        ("kind", "bild"),
                        ("target", None),
                        ("web", None),
                    ),
                    models.Q(
                        ("attachment", None),
                        ("contact", None),
                        ("gap__isnull", False),
                        ("kind", "offen"),
                        ("picture", None),
                        ("target", None),
                        ("web", None),
                    ),
                    models.Q(
                        ("attachment", None),
                        ("contact", None),
                        ("gap", None),
                        ("kind", "web"),
                        ("picture", None),
                        ("target", None),
                        ("web__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="reference_fits_its_kind",
            ),
        ),
        migrations.AddField(
            model_name="rendition",
            name="master",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="renditions", to="faq.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="rendition",
            name="stored",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="drawn_of", to="faq.storedfile"
            ),
        ),
        migrations.AddConstraint(
            model_name="picture",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"),
                name="picture_name_once",
                violation_error_message="Eine Datei mit diesem Dateinamen gibt es schon.",
            ),
        ),
        migrations.AddConstraint(
            model_name="picture",
            constraint=models.CheckConstraint(
                condition=models.Q(("decorative", False), ("description", ""), _connector="OR"),
                name="decorative_picture_says_nothing",
                violation_error_message="Ein Bild, das nur Schmuck ist, hat keine Beschreibung.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rendition",
            constraint=models.UniqueConstraint(models.F("master"), models.F("width"), name="rendition_of_width_once"),
        ),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
