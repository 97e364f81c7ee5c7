"""The pages of entries, whose SQL is made once for all of them: each shows what is true of it, and true now."""

from datetime import timedelta

import pytest
from django.utils import timezone

from faq import timing
from faq.models import Entry, Notice, Step
from faq.prepared import among, fill, prepared
from tests.factories import edit, make_entry, make_walkthrough, store
from tests.search.test_cache import later, revision_of_its_own  # noqa: F401  a fixture of these tests too

pytestmark = pytest.mark.django_db


def page(client, slug="frage"):
    return client.get(f"/faq/{slug}/").content.decode()


def test_what_begins_later_stands_on_the_pages_around_it_from_then_on(client, monkeypatch):
    now = timezone.now()
    make_entry("frage", position=2, tags=["A"], body="Siehe [dort](faq:bald).")
    soon = make_entry("bald", position=3, tags=["A"], title="Was kommt bald?", aliases=["demnaechst"])
    edit(soon, publish_at=now + timedelta(hours=1))
    store(Notice(slug="stoerung", text="Gerade gestört.", begins=now + timedelta(hours=1)))
    before = page(client)
    assert "/faq/bald/" not in before
    assert "Gerade gestört" not in before
    assert [client.get(f"/faq/{slug}/").status_code for slug in ("bald", "demnaechst")] == [404, 404]
    later(monkeypatch, now + timedelta(hours=1, seconds=1))
    after = page(client)
    text, around = after.split('class="entry-meta"')
    assert '<a href="/faq/bald/">dort</a>' in text
    assert around.count("/faq/bald/") == 2  # as what fits, and as the next question
    assert "Gerade gestört" in after
    assert [client.get(f"/faq/{slug}/").status_code for slug in ("bald", "demnaechst")] == [200, 301]


def test_what_begins_and_ends_does_so_in_every_list(client, monkeypatch):
    now = timezone.now()
    soon = make_walkthrough("bald", category="neu", position=3, tags=["Neu"], title="Was kommt bald?")
    edit(soon, publish_at=now + timedelta(hours=1), expire_at=now + timedelta(hours=2))
    for hours, shown in ((0, False), (1, True), (2, False)):
        later(monkeypatch, now + timedelta(hours=hours, seconds=1))
        for path in ("/", "/neu/", "/alles/"):
            assert ("Was kommt bald?" in client.get(path).content.decode()) == shown, (hours, path)
        assert bool(client.get("/suche.json?q=bald").json()["results"]) == shown
        start = client.get("/").content.decode()
        assert ("/thema/neu/" in start) == ('href="/neu/"' in start) == shown
        assert start.count('"/faq/bald/"') == (2 if shown else 0)  # in its category, and as a walkthrough


def test_the_next_change_is_the_next_from_any_moment():
    now = timezone.now()
    hours = [now + timedelta(hours=hours) for hours in (1, 2, 3, 4)]
    edit(make_entry("frage"), publish_at=hours[0], expire_at=hours[2])
    store(Notice(slug="stoerung", text="Gerade gestört.", begins=hours[1], ends=hours[3]))
    assert [timing.next_change(moment.timestamp()) for moment in (now, *hours)] == [*hours, None]


def test_what_ends_is_gone_from_the_pages_around_it(client, monkeypatch):
    now = timezone.now()
    make_walkthrough("links", position=1, tags=["A"])
    edit(make_walkthrough("rechts", position=2, tags=["A"], title="Wie endet es?"), expire_at=now + timedelta(hours=1))
    assert "Wie endet es?" in page(client, "links")
    assert "/vergleich/?links=links&amp;rechts=rechts" in page(client, "links")
    later(monkeypatch, now + timedelta(hours=1, seconds=1))
    assert "Wie endet es?" not in page(client, "links")
    assert "/vergleich/" not in page(client, "links")


def test_questions_follow_each_other_in_their_order(client):
    """Those without a position stand at the end, by their slug."""
    for slug, place in (("b", 2), ("a", 2), ("c", 1), ("z", None), ("y", None), ("x", None)):
        make_entry(slug, position=place, title=f"Frage {slug.upper()}")
    make_entry("anderswo", category="vlsc", position=1)
    order = ["c", "a", "b", "x", "y", "z"]
    for before, slug, after in zip([None, *order[:-1]], order, [*order[1:], None], strict=True):
        html = page(client, slug)
        assert (f'rel="prev" href="/faq/{before}/"' in html) == bool(before)
        assert (f'rel="next" href="/faq/{after}/"' in html) == bool(after)


def test_each_call_asks_for_its_own_rows_however_many():
    entries = [make_entry(f"frage-{number}", tags=["A"]).pk for number in range(9)]

    @prepared
    def titles(keys, slug):
        return Entry.objects.filter(pk__in=keys).exclude(slug=slug).order_by("pk").values_list("title", flat=True)

    @prepared
    def tagged(keys):
        return Entry.tags.through.objects.filter(among("content_object", keys)).order_by("pk")

    for number in range(1, 10):
        expected = [f"Frage frage-{n}?" for n in range(number) if n != 3]
        assert titles(entries[:number], "frage-3") == expected
        assert [tagging.content_object_id for tagging in tagged(entries[:number])] == entries[:number]
    assert titles(entries[4:6], "frage-5") == ["Frage frage-4?"]
    assert titles([], "frage-3") == []


def test_its_sql_is_made_once():
    made = []

    @prepared
    def entry(slug, now):
        made.append(slug)
        return Entry.objects.published(now).filter(slug=slug).select_related("category")

    make_entry("frage")
    assert entry("fehlt", timezone.now()) == []
    (found,) = entry("frage", timezone.now())
    assert (found.title, found.category.slug, len(made)) == ("Frage frage?", "allgemein", 1)


def test_what_is_filled_in_is_not_asked_for_again(django_assert_num_queries):
    for slug in ("eins", "zwei"):
        make_walkthrough(slug)
    make_entry("drei")
    entries, steps = list(Entry.objects.order_by("pk")), list(Step.objects.all())
    with django_assert_num_queries(0):
        fill(entries, "steps", steps)
        assert [[step.get_absolute_url() for step in entry.steps.all()] for entry in entries] == [
            ["/faq/eins/#schritt-1", "/faq/eins/#schritt-2"],
            ["/faq/zwei/#schritt-1", "/faq/zwei/#schritt-2"],
            [],
        ]
    assert [entry.steps.filter(number=1).count() for entry in entries] == [1, 1, 0]
    assert entries[1].steps.last().title == "Bestellen"


def test_a_queryset_that_prefetches_is_refused():
    with pytest.raises(ValueError, match="prefetches"):
        prepared(lambda: Entry.objects.walkthroughs())()
