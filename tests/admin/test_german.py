"""The admin speaks German, also where Django's own translation has left something out."""

import gettext
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse

pytestmark = pytest.mark.django_db
ENGLISH = re.compile(
    r"\b(the|you|your|you’ll|will|whether|enabled|disabled|with|this|from|all users|password-based)\b", re.I
)


def words(html):
    """What a page says, without its scripts, data and what the content itself says."""
    html = re.sub(r"<(script|style|textarea|select)\b.*?</\1>", " ", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def pages():
    """Every page of every model with what there is of it, and those of no model."""
    yield from map(reverse, ("admin:index", "admin:password_change", "admin:exchange"))
    for model in filter(admin.site.is_registered, apps.get_models()):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield from (reverse(f"{name}_{way}") for way in ("changelist", "add"))
        row = model._default_manager.first()
        if row:
            yield from (reverse(f"{name}_{way}", args=[row.pk]) for way in ("change", "delete", "history"))
    yield reverse("admin:auth_user_password_change", args=[User.objects.first().pk])


def test_no_page_of_the_admin_speaks_english(admin_client, seed):
    answers = {page: admin_client.get(page) for page in pages()}
    shown = {page: words(answer.content.decode()) for page, answer in answers.items() if answer.status_code == 200}
    assert len(shown) > 30
    assert {page: found for page, text in shown.items() if (found := ENGLISH.findall(text))} == {}


def test_what_the_portal_translates_is_what_it_reads():
    """`django.mo` is made of `django.po`."""
    folder = settings.BASE_DIR / "helpdesk/locale/de/LC_MESSAGES"
    written = dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', (folder / "django.po").read_text(), re.M))
    with (folder / "django.mo").open("rb") as file:
        translations = gettext.GNUTranslations(file)
    assert {english: translations.gettext(english) for english in written} == written
    assert len(written) > 10
