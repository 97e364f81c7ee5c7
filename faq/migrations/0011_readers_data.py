"""Who may see what readers say, who may write notices, and the links to pages elsewhere in what is stored already."""

import re
from html import unescape

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

PERMISSIONS = {
    "Redaktion": ["view_notice", "view_searchquery", "view_feedback", "view_weblink"],
    "Freigabe": [
        *("view_notice", "add_notice", "change_notice", "delete_notice"),
        *("view_searchquery", "view_feedback", "view_weblink"),
    ],
}
TEXTS = {
    "Entry": ["body_html"],
    "Category": ["intro_html"],
    "Term": ["definition_html"],
    "Site": ["intro_html", "imprint_html", "privacy_html", "accessibility_html"],
}
ADDRESS = re.compile(r'<a href="(https?:[^"]*)"', re.I)


def allow(apps, schema_editor):
    # Permissions are made after all migrations: here they are needed at once.
    create_permissions(installed.get_app_config("faq"), verbosity=0, using=schema_editor.connection.alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in PERMISSIONS.items():
        for group in Group.objects.filter(name=name):
            group.permissions.add(*Permission.objects.filter(content_type__app_label="faq", codename__in=codenames))


def find_links(apps, schema_editor):
    WebLink, Reference = apps.get_model("faq", "WebLink"), apps.get_model("faq", "Reference")
    for model, fields in TEXTS.items():
        for source in apps.get_model("faq", model).objects.iterator(chunk_size=500):
            htmls = [getattr(source, field) for field in fields]
            if model == "Entry":
                htmls += source.steps.values_list("body_html", flat=True)
            for url in dict.fromkeys(unescape(url) for html in htmls for url in ADDRESS.findall(html)):
                if len(url) <= 2000:
                    link, _ = WebLink.objects.get_or_create(url=url)
                    Reference.objects.create(**{model.lower(): source}, kind="web", web=link)


class Migration(migrations.Migration):
    dependencies = [
        ("faq", "0010_readers"),
    ]

    operations = [
        migrations.RunPython(allow, migrations.RunPython.noop),
        migrations.RunPython(find_links, migrations.RunPython.noop),
    ]
