"""Slugs: made from German, and each leads to one thing only."""

import pytest
from django.db import IntegrityError, transaction

from faq import slugs
from faq.editing.addresses import AddressTaken
from faq.models import Alias, Category, Entry, Step, Tag
from tests.factories import door_open, make_category, make_entry, store

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Für Schulen & Ämter", "fuer-schulen-aemter"),
        ("Größe ß", "groesse-ss"),
        ("Café Nº1", "cafe-no1"),
        ("  --Über--  ", "ueber"),
        ("u\u0308ber", "ueber"),
        ("日本", ""),
        ("x" * 200, "x" * 120),
    ],
)
def test_a_slug_is_ascii_with_german_spelling(text, slug):
    assert slugs.slugify(text) == slug


@pytest.mark.parametrize("slug", ["faq", "suche", "admin", "schritt-1", "Groß", "a_b", "-a", "a-", "", "a" * 121, "ä"])
def test_what_cannot_be_an_address(slug):
    assert slugs.problem(slug, address=True)


@pytest.mark.parametrize("slug", ["neues", "vor-mir", "bild", "api", "assets"])
def test_an_address_of_a_later_release_is_no_new_one_and_may_be_a_former_one(slug):
    assert "reserviert" in slugs.problem(slug, address=True)
    assert slugs.problem(slug, address=True, former=True) is None
    assert slugs.problem("faq", address=True, former=True)


def test_categories_entries_and_former_slugs_share_one_namespace():
    make_entry("frage", aliases=["frueher"])
    category = make_category()
    for slug in ("frage", "frueher", "allgemein"):
        for row in (Entry(category=category, slug=slug, title="x"), Category(slug=slug, title="x")):
            with pytest.raises((AddressTaken, IntegrityError)):
                store(row)


def test_tags_of_one_slug_stay_two_and_keep_their_order():
    entry = make_entry("frage", tags=["Öl", "Open Value", "Open-Value", "Oel"])
    assert [(tag.name, tag.slug) for tag in entry.tag_list] == [
        ("Öl", "oel"),
        ("Open Value", "open-value"),
        ("Open-Value", "open-value-1"),
        ("Oel", "oel-1"),
    ]


@pytest.mark.parametrize(
    "row",
    [
        lambda entry: Entry(category=entry.category, slug="frage", title="Doppelt"),
        lambda entry: Entry(category=entry.category, slug="leer", title=""),
        lambda entry: Entry(category=entry.category, slug="art", title="x", kind="anders"),
        lambda entry: Entry(category=entry.category, slug="stand", title="x", status="anders"),
        lambda entry: Step(entry=entry, number=0, title="x"),
        lambda entry: Alias(slug="zu-nichts"),
        lambda entry: Alias(slug="zu-beiden", entry=entry, category=entry.category),
        lambda entry: Tag(name="Schlagwort", slug=Tag.objects.create(name="anderes").slug),
    ],
)
def test_the_database_itself_refuses(row):
    entry = make_entry("frage")
    with door_open():
        unsaved = row(entry)
        with pytest.raises(IntegrityError), transaction.atomic():
            unsaved.save()
