from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("faq", "0020_editing")]

    operations = [
        migrations.AddField("version", "batch", models.UUIDField(db_index=True, editable=False, null=True)),
    ]
