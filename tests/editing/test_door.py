"""Whatever readers see, or a version holds, is written through the one door, behind the lock, with nothing made of texts there."""

import pytest
from django.apps import apps
from django.db import models, transaction
from django.urls import reverse

from faq import actions, markup
from faq.actions import NotMade
from faq.editing import references
from faq.editing.entries import still_true
from faq.editing.writing import action, made, writing
from faq.models import Category, Entry, Revision, Tag, Term, guard
from faq.models.guard import GuardedModel, OutsideOfTheDoor
from faq.models.site import RevisionManager
from tests.factories import door_open, edit, make_category, make_entry, make_walkthrough
from tests.forms import filled_in

pytestmark = pytest.mark.django_db

# Models that are written outside of the door, and why.
OWN_WAYS = {
    "Revision": "the lock itself",
    "ImportConflict": "a list of what is to be decided",
    "SearchQuery": "counted while readers search",
    "SearchDay": "counted while readers search",
    "Feedback": "sent by readers",
    "WebLink": "written by the check of links",
    "DigestSubscription": "what an editor wants by mail",
    "ReviewMail": "what an editor wants by mail",
    "Editing": "who has a form open, for a minute",
    "SearchDocument": "follows from entries; written by the door, and made anew from them",
    "SearchWord": "follows from entries; written by the door, and made anew from them",
}
GUARDED = [model for model in apps.get_app_config("faq").get_models() if model.__name__ not in OWN_WAYS]


def test_every_model_is_guarded_or_has_a_reason_not_to_be():
    assert [model.__name__ for model in GUARDED if not issubclass(model, GuardedModel)] == []
    found = {model.__name__ for model in apps.get_app_config("faq").get_models()}
    assert set(OWN_WAYS) <= found


@pytest.mark.parametrize("model", GUARDED, ids=lambda model: model.__name__)
@pytest.mark.parametrize(
    "write",
    [
        lambda model: model().save(),
        lambda model: model(pk=4711).delete(),
        lambda model: model._default_manager.create(),
        lambda model: model._default_manager.get_or_create(pk=4711),
        lambda model: model._default_manager.update_or_create(pk=4711),
        lambda model: model._default_manager.update(pk=4711),
        lambda model: model._default_manager.all().update(pk=4711),
        lambda model: model._default_manager.all().delete(),
        lambda model: model._default_manager.bulk_create([model(pk=4711)]),
        lambda model: model._default_manager.bulk_update([model(pk=4711)], [model._meta.concrete_fields[1].name]),
    ],
    ids=["save", "delete", "create", "get_or_create", "update_or_create", "update", "filter.update", "filter.delete",
         "bulk_create", "bulk_update"],
)  # fmt: skip
def test_outside_of_the_door_nothing_is_written(model, write):
    with pytest.raises(OutsideOfTheDoor):
        write(model)


def test_relations_are_written_behind_the_door_too():
    entry, category = make_entry(tags=["OLP"]), make_category("vlsc")
    for write in (
        lambda: entry.tags.add("VLSC"),
        lambda: entry.tags.clear(),
        lambda: entry.former_categories.add(category),
        lambda: entry.former_categories.clear(),
        lambda: entry.aliases.create(slug="frueher"),
        lambda: category.entries.set([entry]),
        lambda: entry.steps.all().delete(),
        lambda: Tag.objects.get().taggings.update(tag=Tag.objects.get()),
    ):
        with pytest.raises(OutsideOfTheDoor), transaction.atomic():
            write()


@action
def _saved_late(row):
    with writing(source="admin") as change:
        row.save()
        change.record([row])


def test_a_row_that_was_read_before_is_not_saved_behind_the_door():
    entry = make_entry()
    with pytest.raises(OutsideOfTheDoor):
        _saved_late(entry)


@action
def _forgotten(title):
    with writing(source="admin"):
        Term.objects.create(slug="neu", name=title)


def test_what_was_saved_and_not_recorded_is_not_kept():
    with pytest.raises(RuntimeError, match="not recorded"):
        _forgotten("Neu")
    assert not Term.objects.exists()


def test_the_door_opens_inside_of_an_action_alone():
    with pytest.raises(RuntimeError, match="@action"), writing(source="admin"):
        pass


def test_nothing_is_made_of_a_text_behind_the_lock(monkeypatch):
    """Every text is rendered while the door is shut, also one that follows from rows."""
    shut = []

    def watched(text, render=markup.render):
        shut.append(guard.door() is None)
        return render(text)

    monkeypatch.setattr(markup, "render", watched)
    walkthrough = make_walkthrough(steps=["Eins", "Zwei", "Drei"])
    make_entry("verweis", body="Siehe [dort](faq:ablauf#schritt-3).")

    @action
    def renumber():
        with writing(source="admin") as change:
            entry = Entry.objects.get(pk=walkthrough.pk)
            change.record(references.renumber(entry, {3: 1}))

    renumber()
    assert Entry.objects.get(slug="verweis").body == "Siehe [dort](faq:ablauf#schritt-1)."
    assert len(shut) >= 3
    assert all(shut)


def test_an_action_begins_again_until_all_is_made_and_then_gives_up():
    tries = []

    def upper(text):
        return text.upper()

    @action
    def restless(turns):
        with writing(source="admin"):
            tries.append(len(tries))
            if len(tries) <= turns:
                made(upper, f"text {len(tries)}")
            return made(upper, "fertig")

    assert restless(2) == "FERTIG"
    assert len(tries) == 4  # two texts that were new, the last one, and the one that did it
    tries.clear()
    with pytest.raises(actions.Busy, match="Bitte versuchen Sie es noch einmal"):
        restless(10)
    assert len(tries) == 1 + actions.AGAIN


def test_an_error_behind_the_lock_is_no_reason_to_begin_again():
    @action
    def wrong():
        with writing(source="admin"):
            raise NotMade

    with pytest.raises(actions.Busy):
        wrong()


def test_the_revision_is_raised_only_where_readers_see_a_difference():
    public, draft = make_entry(), make_entry("entwurf", status="draft")

    def raised_by(work):
        before = Revision.objects.current()
        work()
        return Revision.objects.current() - before

    assert raised_by(lambda: edit(public, body="Anders.")) == 1
    assert raised_by(lambda: edit(draft, body="Anders.")) == 0
    assert raised_by(lambda: edit(public, body="Anders.")) == 0  # the same text again
    assert raised_by(lambda: still_true(public, who=None)) == 1
    assert raised_by(lambda: edit(draft, status=Entry.PUBLISHED)) == 1
    assert raised_by(lambda: edit(public, status=Entry.DRAFT)) == 1
    assert raised_by(lambda: edit(Category.objects.get(), title="Neu")) == 1


def test_a_factory_may_open_the_door_for_rows_as_they_are():
    with door_open():
        Term.objects.create(slug="x", name="X")
    assert Term.objects.exists()
    assert isinstance(Term.objects.all(), models.QuerySet)


def test_a_form_is_saved_at_its_first_try(admin_client, monkeypatch):
    """What its texts need is made before the lock: others wait no longer than it takes to store it."""
    tries = []
    monkeypatch.setattr(RevisionManager, "lock", lambda self, lock=RevisionManager.lock: [tries.append(1), lock(self)])
    entry = make_walkthrough(tags=["OLP", "Bestellung"], body="Siehe [](offen:neues).")
    url = reverse("admin:faq_entry_change", args=[entry.pk])
    for changes in (
        {"body": "Anders, mit [Links](https://example.org/) und [](offen:anderes).", "tags": "Bestellung, Neu, OLP"},
        {"steps__0__title": "Zuerst anrufen", "steps__1__body": "- eins\n- zwei"},
        {"slug": "anders", "title": "Wie heißt es jetzt?"},
    ):
        tries.clear()
        assert admin_client.post(url, filled_in(admin_client, url, **changes)).status_code == 302
        assert len(tries) == 1, changes
