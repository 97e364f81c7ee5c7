"""What the lists of the admin find."""

import time
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

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
    assert found(admin_client, "Zwackelwort") == []


@pytest.mark.parametrize(
    "query",
    ["falsche Bestellung", "Bestelungen stornieren", "Mindestmenge", "Lizenzabo verlängern", "EDU", "VLSC Zugriff"],
)
def test_the_list_finds_what_readers_find_in_their_order(admin_client, client, query):
    results = client.get("/suche.json", {"q": query, "limit": 50}).json()["results"]
    sure = list(dict.fromkeys(hit["slug"] for hit in results if hit["confident"]))
    assert found(admin_client, query)[: len(sure)] == sure != []


def test_what_readers_do_not_see_is_found_after_what_they_do(admin_client):
    make_entry("entwurf", title="Stornierung im Partnerportal", status=Entry.DRAFT)
    make_entry("spaeter", title="Was kostet eine Stornierung?", publish_at=timezone.now() + timedelta(days=1))
    make_entry("intern", note="Siehe die Akte Stornierung.", aliases=["abbestellungen-frueher"])
    slugs = found(admin_client, "Stornierungen")
    assert slugs[:2] == ["stornierung", "spaeter"] or slugs[:2] == ["spaeter", "stornierung"]
    assert {"entwurf", "intern"} <= set(slugs[2:])
    assert found(admin_client, "abbestellungen-frueher") == ["intern"]


def test_who_chose_another_order_keeps_it_and_filters_narrow_what_is_found(admin_client):
    url = reverse("admin:faq_entry_changelist")
    make_entry("entwurf", title="Aaa Stornierung", status=Entry.DRAFT)
    for query, first in (("q=Stornierung&o=1", "entwurf"), ("q=Stornierung&status__exact=published", "stornierung")):
        page = admin_client.get(f"{url}?{query}")
        assert page.context["cl"].result_list[0].slug == first
    assert "entwurf" not in [entry.slug for entry in page.context["cl"].result_list]


def test_where_nothing_is_sure_what_is_similar_is_shown(admin_client, client):
    query = "Wetter morgen Lizenz"
    results = client.get("/suche.json", {"q": query}).json()["results"]
    assert results
    assert not any(hit["confident"] for hit in results)
    assert found(admin_client, query)[0] == results[0]["slug"]


def at(client, url, **more):
    """Where one ends when one follows a link to a list, and the page there."""
    page = client.get(url, follow=True, **more)
    address = page.request["PATH_INFO"] + (f"?{page.request['QUERY_STRING']}" if page.request["QUERY_STRING"] else "")
    return address, page.content.decode()


# Of every list something that narrows it, as somebody would click it.
NARROWED = {
    model._meta: admin.site.get_model_admin(model)
    for model in apps.get_models()
    if admin.site.is_registered(model) and model._meta.model_name != "site"
}


@pytest.mark.parametrize("opts", NARROWED, ids=str)
def test_every_list_is_found_as_it_was_left_and_shows_all_with_one_click(client, admin_client, opts):
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    left = f"{url}?q=zwackel&o=-1" if NARROWED[opts].search_fields else f"{url}?o=-1"
    admin_client.get(left)
    for elsewhere in ("/admin/", f"{url}add/"):
        address, page = at(admin_client, url, headers={"Referer": f"http://testserver{elsewhere}"})
        assert address == left
    if NARROWED[opts].search_fields:
        assert "Eingegrenzt auf Suche: zwackel." in page
        assert at(admin_client, f"{url}?_alle=1")[0] == url
    else:
        assert at(admin_client, url, headers={"Referer": f"http://testserver{left}"})[0] == url
    assert at(admin_client, url)[0] == url
    assert "Eingegrenzt" not in at(admin_client, url)[1]


def test_filters_that_are_chosen_are_named_above_the_list(admin_client):
    url = reverse("admin:faq_entry_changelist")
    _, page = at(admin_client, f"{url}?status__exact=draft&faellig=ja&kind__exact=")
    assert "Eingegrenzt auf Status: Entwurf, Prüfung: Fällig." in page


def test_who_takes_the_last_filter_away_sees_all_from_then_on(admin_client):
    url = reverse("admin:faq_entry_changelist")
    admin_client.get(f"{url}?faellig=ja")
    here = {"Referer": f"http://testserver{url}?faellig=ja"}
    assert at(admin_client, url, headers=here)[0] == url
    assert at(admin_client, url)[0] == url


def test_a_list_in_a_small_window_or_with_a_faulty_filter_is_not_what_was_left(admin_client):
    url = reverse("admin:faq_entry_changelist")
    admin_client.get(f"{url}?_popup=1&q=x")
    admin_client.get(f"{url}?p=999")
    admin_client.get(f"{url}?thema={'x' * 1200}")
    assert at(admin_client, url)[0] == url


def test_what_one_left_is_nothing_that_the_next_one_at_this_browser_sees(admin_client, django_user_model):
    url = reverse("admin:faq_entry_changelist")
    admin_client.get(f"{url}?q=geheim")
    admin_client.force_login(django_user_model.objects.create_superuser("zweite"))
    assert at(admin_client, url)[0] == url


def test_many_changed_from_a_narrowed_list_lead_back_to_it(admin_client):
    entry, url = Entry.objects.first(), reverse("admin:faq_entry_changelist")
    left = f"{url}?status__exact=published"
    admin_client.get(left)
    page = admin_client.post(left, {"action": "change_many", "_selected_action": [entry.pk]})
    assert f'href="{left}">Zurück zur Liste' in page.content.decode()
    done = admin_client.post(f"{url}aendern/", {"keys": entry.pk, "review": "2027-03-01"})
    assert done.url == left
