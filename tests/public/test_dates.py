"""Dates say what somebody did: an editor changed what readers see, somebody checked. An import, or a save, says neither."""

import datetime
import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from faq.content import documents
from faq.content.mapping import document_of
from faq.editing import entries, restoring, working_copies
from faq.models import Entry, Version
from tests.factories import edit, make_entry, make_walkthrough
from tests.forms import filled_in

pytestmark = pytest.mark.django_db

UPDATED, REVIEWED = datetime.date(2026, 2, 1), datetime.date(2026, 3, 9)
# Wherever an entry is shown to readers and machines, or given out to editors, and which of its dates stand there.
BOTH, CHANGED, NONE = {UPDATED, REVIEWED}, {UPDATED}, set()
SURFACES = {
    "/": NONE, "/allgemein/": BOTH, "/alles/": BOTH, "/thema/vlsc/": NONE, "/thema/": NONE, "/faq/ablauf/": BOTH, "/faq/ablauf.md": CHANGED,
    "/faq/ablauf/handzettel/": BOTH, "/faq/ablauf/handzettel/reseller/": BOTH, "/suche/?q=ablauf": {REVIEWED}, "/suche.json?q=ablauf": NONE,
    "/suche/vorschlaege/?q=abl": NONE, "/suche/feld.json?q=abl": NONE, "/vergleich/?links=ablauf&rechts=ablauf": NONE, "/feed.xml": CHANGED, "/sitemap.xml": CHANGED,
    "/sitemap/entries.xml": CHANGED, "/neues/": NONE, "/allgemein/feed.xml": CHANGED, "/thema/vlsc/feed.xml": CHANGED,
    "/faq/ablauf/feed.xml": CHANGED, "/llms.txt": NONE, "/gibt-es-nicht/": NONE, "/admin/faq/entry/": NONE,
    "/admin/inhalte/eintraege.csv": BOTH,
}  # fmt: skip


def a_walkthrough(**facts):
    steps = [documents.Step("Anrufen", actors="Reseller"), documents.Step("Bestellen")]
    return make_walkthrough("ablauf", title="Wie geht der Ablauf?", tags=["VLSC"], steps=steps, **facts)


def text_of(client, path):
    response = client.get(path)
    return b"".join(response).decode()


def days_in(text):
    """All days that a page names, in whatever form; the feed's own one of a feed without entries is none."""
    months = [date_format(datetime.date(2026, month, 1), "F") for month in range(1, 13)]
    german = re.findall(rf"(\d+)\. ({'|'.join(months)})(?: (\d{{4}}))?", text)
    found = {(int(year or timezone.localdate().year), months.index(month) + 1, int(day)) for day, month, year in german}
    found |= {tuple(map(int, match)) for match in re.findall(r"\b(\d{4})-(\d\d)-(\d\d)", text)}
    tag_uris = {(2026, 1, 1)}
    return {datetime.date(*parts) for parts in found - tag_uris - {(1970, 1, 1)}}


@pytest.mark.parametrize("path", SURFACES)
def test_every_place_shows_the_dates_that_there_are_and_no_others(admin_client, client, path):
    a_walkthrough()
    asked = admin_client if path.startswith("/admin/") else client
    assert days_in(text_of(asked, path)) == set()
    entries.delete([Entry.objects.get()], who=None)
    a_walkthrough(updated=UPDATED, reviewed=REVIEWED)
    assert days_in(text_of(asked, path)) == SURFACES[path]


@pytest.mark.parametrize("path", ["/allgemein/", "/alles/", "/faq/ablauf/", "/faq/ablauf/handzettel/"])
@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, ""),
        ({"updated": UPDATED}, "Zuletzt geändert am 1. Februar 2026"),
        ({"reviewed": REVIEWED}, "Geprüft am 9. März 2026"),
        ({"updated": UPDATED, "reviewed": REVIEWED}, "Zuletzt geändert am 1. Februar 2026 · Geprüft am 9. März 2026"),
    ],
)
def test_a_page_says_of_each_date_what_it_is(client, path, facts, said):
    a_walkthrough(**facts)
    words = " ".join(re.sub(r"<[^>]*>", " ", text_of(client, path)).split())
    found = re.search(r"(Zuletzt|Geprüft|Stand:).*?\d{4}( · Geprüft am .*?\d{4})?", words)
    assert (found[0] if found else "") == said


def test_structured_data_says_when_an_editor_changed_an_entry_or_nothing(client):
    def said(slug):
        graph = re.search(r"ld\+json\">(.*?)</script>", text_of(client, f"/faq/{slug}/"), re.S)[1]
        return [part["dateModified"] for part in json.loads(graph)["@graph"] if "dateModified" in part]

    make_entry("geprueft", reviewed=REVIEWED)
    make_entry("geaendert", updated=UPDATED)
    assert [said("geprueft"), said("geaendert")] == [[], ["2026-02-01"]]


def test_a_fresh_portal_claims_no_date_at_all(client, seed):
    for entry in Entry.objects.all():
        for path in (entry.get_absolute_url(), f"/faq/{entry.slug}.md", f"/{entry.category.slug}/"):
            assert days_in(text_of(client, path)) == set(), path
    for path in ("/", "/alles/", "/sitemap.xml", "/feed.xml"):
        assert days_in(text_of(client, path)) == set(), path
    assert "<entry>" not in text_of(client, "/feed.xml")


def test_a_draft_from_a_file_has_no_date_among_what_is_not_published(admin_client):
    make_entry("entwurf", title="Ein Entwurf?", status="draft")
    page = text_of(admin_client, reverse("admin:index"))
    assert days_in(page.partition("noch nicht veröffentlicht")[2].partition("</section>")[0]) == set()
    form = text_of(admin_client, reverse("admin:faq_entry_change", args=[Entry.objects.get().pk]))
    assert days_in(form) == set()


# What an editor does in the form, and whether readers see another text.
TITLE, BODY, STEP, TAGS = (
    {"title": "Anders?"},
    {"body": "Ganz neu."},
    {"steps__0__title": "Schreiben"},
    {"tags": "VLSC, Neu"},
)
SEEN = [TITLE, BODY, STEP, TAGS]
NOT_SEEN = [
    {}, {"position": "7"}, {"note": "Nur für uns."}, {"review": "2027-01-01"}, {"reviewed": "2026-04-01"}, {"slug": "andere-adresse"},
    {"expire_at": "2099-12-31T08:00"},
]  # fmt: skip


@pytest.mark.parametrize("changes", [*SEEN, *NOT_SEEN], ids=str)
def test_a_change_is_dated_if_readers_see_it(admin_client, changes):
    entry = a_walkthrough(updated=UPDATED)
    url = reverse("admin:faq_entry_change", args=[entry.pk])
    response = admin_client.post(url, filled_in(admin_client, url, **changes))
    assert response.status_code == 302
    entry.refresh_from_db()
    assert entry.updated == (timezone.localdate() if changes in SEEN else UPDATED)


def test_still_true_says_that_it_was_checked_and_nothing_else(admin_client):
    entry = make_entry("frage", updated=UPDATED)
    admin_client.post(reverse("admin:faq_entry_still_true", args=[entry.pk]))
    entry.refresh_from_db()
    assert (entry.updated, entry.reviewed) == (UPDATED, timezone.localdate())


def test_a_date_that_an_editor_writes_stands(admin_client):
    entry = make_entry("frage")
    url = reverse("admin:faq_entry_change", args=[entry.pk])
    admin_client.post(url, filled_in(admin_client, url, body="Neu.", updated="01.02.2026"))
    entry.refresh_from_db()
    assert entry.updated == UPDATED


def test_what_readers_get_for_the_first_time_was_changed_today_and_a_draft_not_yet(admin_client, admin_user):
    draft = make_entry("entwurf", status="draft")
    edit(draft, body="Weiter geschrieben.")
    assert Entry.objects.get(pk=draft.pk).updated is None
    entries.publish_draft(draft, who=admin_user)
    url = reverse("admin:faq_entry_add")
    data = filled_in(admin_client, url, title="Neu?", body="So.", tags="", status="published")
    admin_client.post(url, data | {"category": draft.category_id})
    assert list(Entry.objects.values_list("slug", "updated").order_by("slug")) == [
        ("entwurf", timezone.localdate()),
        ("neu", timezone.localdate()),
    ]


def test_a_working_copy_is_dated_when_readers_get_it_also_over_a_newer_text(admin_user):
    entry = make_entry("frage", updated=UPDATED)
    copy = edit(working_copies.start_working_copy(entry, who=admin_user), body="Später.")
    assert (copy.updated, Entry.objects.get().updated) == (UPDATED, UPDATED)
    edit(entry, body="Dazwischen.", updated=REVIEWED)
    working_copies.publish(copy, who=admin_user, over_newer=True)
    assert Entry.objects.get().updated == timezone.localdate()


def test_an_older_text_that_comes_back_comes_today(admin_user):
    entry = make_entry("frage", body="Alt.", updated=UPDATED)
    old = Version.objects.filter(entry=entry).latest("pk")
    edit(entry, body="Neu.")
    copy = restoring.restore(old, who=admin_user)
    working_copies.publish(copy, who=admin_user)
    assert (Entry.objects.get().body, Entry.objects.get().updated) == ("Alt.", timezone.localdate())
    entries.delete([entry], who=admin_user)
    restoring.restore(old, who=admin_user)
    assert Entry.objects.get().updated == timezone.localdate()


def test_a_copy_of_an_entry_was_neither_checked_nor_changed(admin_user):
    entry = make_entry("frage", updated=UPDATED, reviewed=REVIEWED)
    (twin,) = entries.duplicate([entry], who=admin_user)
    assert (document_of(twin).updated, document_of(twin).reviewed) == (None, None)
