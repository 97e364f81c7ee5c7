from django.db import migrations, models

from faq.search import postgres, sqlite
from faq.search.sql import INDEX_TABLE


def create_index(apps, schema_editor):
    statements = {"sqlite": [sqlite.CREATE], "postgresql": postgres.CREATE}
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {INDEX_TABLE}")


class Migration(migrations.Migration):
    dependencies = [("faq", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                ("entry_id", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("title", models.TextField()),
                ("tags", models.JSONField()),
                ("category", models.TextField()),
                ("text", models.TextField()),
                ("steps", models.JSONField()),
                ("stems", models.TextField()),
                ("forms", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("form", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("stem", models.CharField(db_index=True, max_length=64)),
                ("stem_reversed", models.CharField(db_index=True, max_length=64)),
                ("form_reversed", models.CharField(db_index=True, max_length=64)),
                ("entries", models.PositiveIntegerField()),
            ],
        ),
        migrations.RunPython(create_index, drop_index),
    ]
