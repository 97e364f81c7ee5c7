"""What the lists of the admin find."""

import time

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from faq.models import Entry
from tests.factories import make_entry

pytestmark = pytest.mark.usefixtures("seed")

LISTS = [
    model._meta
    for model in apps.get_models()
    if admin.site.is_registered(model) and admin.site.get_model_admin(model).search_fields
]


def found(client, query):
    page = client.get(reverse("admin:faq_entry_changelist"), {"q": query})
    return [entry.slug for entry in page.context["cl"].result_list]


@pytest.mark.parametrize("opts", LISTS, ids=str)
def test_no_list_is_searched_for_more_words_than_the_portal_is(admin_client, opts):
    """Each word was held against each text: 900 of them took half a minute."""
    began = time.process_time()
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    page = admin_client.get(url, {"q": " ".join(map(str, range(900)))})
    assert time.process_time() - began < 2
    assert page.context["cl"].query == " ".join(map(str, range(16)))
    assert "Gesucht wird nach den ersten 16 Wörtern." in page.content.decode()


def test_an_entry_is_found_as_readers_find_it_and_a_draft_by_its_words(admin_client):
    draft = make_entry(slug="entwurf", title="Kündigungsfristen", status=Entry.DRAFT)
    assert "stornierung" in found(admin_client, "Stornierungen")
    assert draft.slug in found(admin_client, "Kündigungsfrist")
    assert found(admin_client, "gibtesnirgends") == []
