from django.db import migrations, models
from django.db.models import Q

import faq.models.fields
from faq.content import step_names


def name_steps(apps, schema_editor):
    """What their titles give; in a working copy those of the steps that they were made from."""
    Entry, Step = apps.get_model("faq", "Entry"), apps.get_model("faq", "Step")
    with_steps = Entry.objects.filter(pk__in=Step.objects.values("entry")).order_by("copy_of", "pk")
    for entry in sorted(with_steps, key=lambda entry: entry.copy_of_id or 0):
        originals = dict(Step.objects.filter(entry=entry.copy_of_id).values_list("number", "name"))
        steps = list(Step.objects.filter(entry=entry).order_by("number"))
        for step in steps:
            step.name = originals.get(step.former_number, "")
        for step, name in zip(steps, step_names.filled(steps), strict=True):
            step.name = name
        Step.objects.bulk_update(steps, ["name"])
        if not entry.copy_of_id:
            Entry.objects.filter(pk=entry.pk).update(step_order=[step.name for step in steps])
    Reference = apps.get_model("faq", "Reference")
    for number in Reference.objects.exclude(step=None).order_by("step").values_list("step", flat=True).distinct():
        Reference.objects.filter(step=number).update(fragment=f"schritt-{number}")


class Migration(migrations.Migration):
    dependencies = [("faq", "0017_dates_of_editors")]

    operations = [
        migrations.AlterField(
            "version",
            "source",
            models.CharField(
                "Woher",
                max_length=10,
                choices=[
                    ("admin", "Verwaltung"),
                    ("import", "Import"),
                    ("restore", "Wiederherstellung"),
                    ("upgrade", "Neue Version"),
                ],
            ),
        ),
        migrations.AddField("entry", "step_order", models.JSONField(default=list, editable=False)),
        migrations.AddField("entry", "former_steps", models.JSONField(default=dict, editable=False)),
        migrations.AddField(
            "step",
            "name",
            faq.models.fields.SlugField(blank=True, editable=False, default="", max_length=120),
            preserve_default=False,
        ),
        migrations.AddField(
            "reference",
            "fragment",
            models.CharField("Schritt", blank=True, default="", max_length=120),
            preserve_default=False,
        ),
        migrations.RunPython(name_steps, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField("step", "former_number"),
        migrations.RemoveField("reference", "step"),
        migrations.AddConstraint(
            "step",
            models.UniqueConstraint(condition=~Q(name=""), fields=("entry", "name"), name="step_name_once"),
        ),
    ]
