from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("faq", "0022_prepared")]

    operations = [
        migrations.AddField("version", "batch", models.UUIDField(db_index=True, editable=False, null=True)),
    ]
