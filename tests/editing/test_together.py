"""Two editors at the same time, on a portal that really runs: nobody's words are lost, nobody is told that it went wrong."""

import threading

import pytest

from benchmarks import reviews
from benchmarks.writers import rounds, search_differs, walk
from tests import running
from tests.editors import Editors

# Saves a text and is slow about it: the lock is held until the file is there.
SLOW_SAVE = """
import time
from pathlib import Path
from faq.editing.writing import action, writing

@action
def save():
    with writing(source="admin") as change:
        entry = Entry.objects.get(slug="stornierung")
        entry.body = {text!r}
        entry.save()
        change.record([entry])
        Path({begun!r}).touch()
        end = time.monotonic() + 30
        while not Path({enough!r}).exists() and time.monotonic() < end:
            time.sleep(0.02)
save()
"""
LOOK = """
entry = Entry.objects.get(slug="stornierung")
result = [entry.body, str(entry.reviewed or ""), entry.position, Entry.rows.filter(copy_of=entry).count()]
"""
STALE = {
    "still true": ("still_true_stornierung", lambda reviewed, position, copies: reviewed != ""),
    "a position": ("position_of_stornierung", lambda reviewed, position, copies: position == 41),
    "a working copy": ("copy_of_stornierung", lambda reviewed, position, copies: copies == 1),
}


@pytest.fixture(params=["sqlite", "postgres"])
def portal(request, prepared, tmp_path):
    """A portal on each database; nobody serves it, the editors are enough."""
    own = {}
    if request.param == "postgres":
        own = {"DATABASE_URL": request.getfixturevalue("prepared_postgres_url")}
    found = running.Portal(running.copied(prepared, tmp_path / "data"), **own)
    yield found
    found.stop()


def test_what_is_noted_while_a_colleague_saves_is_noted_on_the_newer_text(portal, tmp_path):
    portal.edit("")  # the colleague is there
    editors = Editors(portal.env, number=1)
    for what, (way, is_there) in STALE.items():
        begun, enough, text = tmp_path / f"{way} begun", tmp_path / f"{way} enough", f"Die neue Fassung für {what}."
        save = SLOW_SAVE.format(begun=str(begun), enough=str(enough), text=text)
        colleague = threading.Thread(target=portal.edit, args=[save])
        colleague.start()
        portal.wait_for(begun.exists)
        editors.begin((way, 41))
        threading.Timer(1, enough.touch).start()  # by then it has read what it will, and waits
        (done,) = editors.results()
        colleague.join()
        assert done["status"] == 302, (what, done)
        body, *noted = portal.edit(LOOK)
        assert body == text, what
        assert is_there(*noted), (what, noted)
    editors.close()


def test_two_clicks_on_working_copy_land_in_the_same(portal):
    editors = Editors(portal.env)
    for turn in range(5):
        done = editors.at_once(("copy_of_stornierung", turn), ("copy_of_stornierung", turn))
        assert [one["status"] for one in done] == [302, 302]
        assert len({one["address"] for one in done}) == 1
        portal.edit("working_copies.discard(Entry.rows.get(copy_of__isnull=False), who=None)")
    editors.close()


def test_no_pair_of_things_that_editors_do_deadlocks_or_loses_a_text(portal):
    """A sample of `python -m benchmarks.writers`."""
    done, wrong = rounds(portal, 1000, seconds=8)
    assert wrong == []
    assert done
    assert not search_differs(portal.env)


def test_the_search_agrees_with_the_entries_after_every_kind_of_change(portal):
    """A sample of `python -m benchmarks.writers`."""
    done, wrong = walk(portal, 1000, seconds=8)
    assert wrong == []
    assert done


def test_two_people_at_one_text_that_was_handed_over_lose_nothing(portal):
    """A sample of `python -m benchmarks.reviews`."""
    portal.edit("")
    done, wrong = reviews.rounds(portal, 1000, seconds=8)
    assert wrong == []
    assert done
