import re

from django.db import migrations, models
from django.utils import timezone


def look_back(apps, schema_editor):
    """What was deleted before: whether it was public says its last text, where it stood says its path."""
    Gone, Version = apps.get_model("faq", "Gone"), apps.get_model("faq", "Version")
    Category, Alias = apps.get_model("faq", "Category"), apps.get_model("faq", "Alias")
    for gone in Gone.objects.all():
        last = Version.objects.filter(path=gone.path, working_copy=False).exclude(document="").order_by("-pk").first()
        front = last.document.split("\n---\n")[0] if last else "status: draft"
        begins = re.search(r"^publish_at: (.+)$", front, re.M)
        when = f"{timezone.localtime(gone.when):%Y-%m-%d %H:%M}"
        gone.was_public = not re.search("^status: draft$", front, re.M) and (not begins or begins[1] <= when)
        gone.save(update_fields=["was_public"])
        slug = gone.path.split("/")[0]
        former = Alias.objects.filter(slug=slug).values("category")
        gone.categories.set(Category.objects.filter(models.Q(slug=slug) | models.Q(pk__in=former)))


class Migration(migrations.Migration):
    dependencies = [
        ("faq", "0008_merged_tags"),
    ]

    operations = [
        migrations.AddField(
            model_name="gone",
            name="categories",
            field=models.ManyToManyField(
                editable=False, related_name="gone", to="faq.category", verbose_name="Kategorien"
            ),
        ),
        migrations.AddField(
            model_name="gone",
            name="was_public",
            field=models.BooleanField(default=False, verbose_name="War öffentlich"),
        ),
        migrations.RunPython(look_back, migrations.RunPython.noop),
    ]
