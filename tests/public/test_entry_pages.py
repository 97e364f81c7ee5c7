"""The pages of entries: each shows what is true of it, and true now."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from faq.models import Notice
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
    assert f'<a href="/faq/bald/" data-address="{settings.PUBLIC_URL}/faq/bald/">dort</a>' in text
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
        assert start.count('"/faq/bald/"') == (1 if shown else 0)  # as a walkthrough, and there alone


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
