"""What nobody's browser sends is refused, by every page of the admin and of the portal; on either database."""

import pytest
from django.urls import reverse

from benchmarks.attacks import inside
from faq.models import Entry, Notice, SearchQuery, Version
from tests.factories import store

NUMBERS = ("²", "1²", "0", "-1", "1_0", "9" * 25, "9" * 5000, "a", "\0")


@pytest.mark.parametrize("name", ["kategorie", "thema", "q", "ab", "links"])
@pytest.mark.parametrize("path", ["/suche/", "/suche.json", "/suche/vorschlaege/", "/suche/feld.json", "/vergleich/"])
def test_a_nul_in_an_address_is_none(client, seed, path, name):
    assert client.get(path, {"q": "olp", name: "a\0b"}).status_code == 200


@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_no_number_of_a_row_names_none(admin_client, seed, number):
    entry = Entry.objects.get(slug="stornierung")
    compared = reverse("admin:faq_entry_compare", args=[entry.pk])
    form = reverse("admin:faq_entry_change", args=[entry.pk])
    answers = [
        admin_client.get(compared, {"a": number}),
        admin_client.get(f"/admin/faq/entry/{number if number != chr(0) else '%00'}/delete/"),
        admin_client.post(form, {"_base": number, "title": "x"}),
        admin_client.post("/admin/faq/entry/", {"action": "delete_selected", "_selected_action": number}),
        admin_client.post(reverse("admin:faq_notice_add"), {"entry": number}),
    ]
    assert {answer.status_code for answer in answers} <= {200, 302, 400, 404}


@pytest.mark.parametrize(
    "query", ["when__year=99999", "source__range=a", "when__regex=(", "id__in=a", "when__date=2026-13-45", "_to_field="]
)
def test_a_list_is_asked_for_as_its_page_would(admin_client, query):
    store(Notice(slug="pause", text="Pause"))
    assert admin_client.get(f"/admin/faq/version/?{query}").status_code in (302, 400)
    since = "2026-01-01+00%3A00%3A00%2B01%3A00"  # as the list's own links say it
    assert admin_client.get(f"/admin/faq/version/?source__exact=import&when__gte={since}").status_code == 200


def test_a_version_that_is_no_entry_is_not_restored(admin_client, seed):
    versions = Version.objects.exclude(document="")
    others = list(versions.filter(entry=None))
    assert {version.path.partition("#")[0] for version in others} >= {"_site.md", "_terms.yaml", "vlsc/_category.md"}
    for version in [versions.exclude(entry=None).first(), *others]:
        answer = admin_client.post(reverse("admin:faq_entry_restore", args=[version.pk]))
        assert answer.status_code == (302 if version.entry_id else 404), version.path


@pytest.mark.filterwarnings("ignore:.*naive datetime")
def test_hostile_requests_to_every_page_of_the_admin_are_refused(committing, seed):
    """A sample of `python -m benchmarks.attacks`."""
    store(Notice(slug="pause", text="Pause"))
    SearchQuery.objects.create(text="hololens")
    counts, wrong = inside.attacked(150, seed=7)
    assert not wrong
    assert counts[200] > 20
