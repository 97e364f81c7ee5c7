"""Who may not publish changes nothing that readers see, now or later: every way to write in the admin, from every state.

The ways are read from the admin itself. One that is not known here fails the test, so that none is left out.
"""

import importlib
import pkgutil
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import faq
from faq import actions, importing
from faq.content import folder, kinds, mapping
from faq.editing import entries, files, finding, replacing, reviews, working_copies
from faq.editing.glossary import add_spelling
from faq.editing.merging import merge
from faq.editing.writing import NotAllowed, action, writing
from faq.files import storing
from faq.links import checking
from faq.models import (
    Alias,
    Attachment,
    Category,
    Contact,
    Entry,
    Gap,
    Gone,
    Notice,
    Picture,
    Revision,
    SearchQuery,
    Site,
    Tag,
    Term,
    Version,
    WebLink,
)
from faq.sources import Proposal, Source, decisions
from tests.drawings import png
from tests.factories import delete, door_open, edit, make_category, make_entry, store
from tests.forms import filled_in
from tests.papers import pdf

pytestmark = pytest.mark.django_db

SOON, LATER, BEFORE = (timezone.now() + timedelta(days=days) for days in (1, 2, -1))
STATES = {
    "öffentlich": {},
    "Entwurf": {"status": "draft"},
    "zurückgezogen": {"status": "draft"},
    "geplant": {"publish_at": SOON},
    "abgelaufen": {"expire_at": BEFORE},
    "mit Arbeitskopie": {},
    "mit geplanter Fassung": {},
    "zur Freigabe gegeben": {},
    "zurückgegeben": {},
    "mit Vorschlägen": {},
    "gelöscht": {},
}
# Names of the admin's pages that only show something, or write what readers never see.
NO_WAYS = set(
    """
    index login logout password_change password_change_done jsi18n autocomplete view_on_site app_list guide resume
    text_targets exchange_download exchange_entries exchange_gaps digest figures figures_csv search_explain
    faq_weblink_check faq_feedback_done faq_attachment_file faq_picture_file
    text_paste edit
    faq_entry_compare faq_entry_pair faq_entry_in_work faq_sourcedocument_there faq_sourcedocument_picture editing text_shown text_written
    """.split()
)
AT_ONCE = 25  # of the ways are tried in a run, by each test
# What is posted to a way of its own, beside the address.
POSTED = {
    "exchange": {"installed": "1"},
    "text_create": {"kind": "kontakt", "name": "Zwackel", "phone": "0123"},
    "exchange_confirm": {"upload": signing.dumps("installed", salt="faq.exchange")},
    "faq_entry_change_many": {"add_tags": "Zwackel", "status": "published", "review": "2027-03-01"},
    "faq_entry_copy": {},
    "faq_entry_discard": {},
    "faq_entry_submit": {"to": "", "remark": "Bitte ansehen."},
    "faq_entry_take_over": {},
    "faq_entry_publish": {"over_newer": "1"},
    "faq_entry_hold_back": {},
    "faq_entry_still_true": {},
    "faq_entry_restore": {},
    "faq_review_comment": {"text": "Stimmt das?"},
    "faq_review_take": {},
    "faq_review_hand_back": {"reason": "Noch nicht."},
    "faq_review_withdraw": {},
    "faq_review_publish": {},  # and what was seen
    "faq_sourcedocument_decide": {},  # and what was seen
    "faq_sourcedocument_remove": {},
    "faq_gap_close": {"target": "https://example.org/", "attachment": ""},
    "faq_attachment_erase": {},
    "faq_picture_erase": {},
    "faq_weblink_replace": {"address": "https://example.org/neu"},
    "replace": {"find": "e", "replacement": "Ä", "case": "on"},
    "faq_searchquery_spelling": {"spelling": "zwackel", "name": "Zwackel", "term": ""},
}
# What has no working copy, and the field by which it is proposed.
PROPOSED = {Term: "name", Contact: "name", Tag: "name", Notice: "text", Category: "title", Site: "title", Gap: "name"}
# What every action of `faq.actions.ACTIONS` is called by.
CALLED_BY = {
    "faq.admin.base.save_posted": "every form, list and deletion of the admin",
    "faq.importing.importer.run": "exchange_confirm",
    "faq.importing.importer.preview": "exchange",
    "faq.editing.entries.change_many": "faq_entry_change_many",
    "faq.editing.entries.delete": "faq_entry_delete",
    "faq.editing.working_copies.discard": "faq_entry_discard",
    "faq.editing.entries.duplicate": "duplicate",
    "faq.editing.owners.hand_over": "faq_entry_take_over, the form of an account",
    "faq.editing.working_copies.hold_back": "faq_entry_hold_back",
    "faq.editing.working_copies.publish": "faq_entry_publish",
    "faq.editing.entries.publish_draft": "the form's _publish",
    "faq.editing.restoring.restore": "faq_entry_restore, bring_back",
    "faq.editing.working_copies.start_working_copy": "faq_entry_copy",
    "faq.editing.entries.still_true": "faq_entry_still_true",
    "faq.editing.working_copies.take_over": "the server itself, for what was released",
    "faq.editing.gaps.close": "faq_gap_close",
    "faq.editing.replacing._replace": "replace",
    "faq.editing.replacing.undo": "replace",
    "faq.editing.files.erase": "faq_attachment_erase, faq_picture_erase",
    "faq.editing.glossary.add_spelling": "faq_searchquery_spelling",
    "faq.editing.merging.merge": "merge_two",
    "faq.editing.rebuild_search.rebuild_search": "a command",
    "faq.editing.upgrading.name_steps_in_links_to": "a command",
    "faq.editing.render_anew.render_some": "a command",
    "faq.links.checking.replace": "faq_weblink_replace",
    "faq.sources.decisions.take_in": "faq_sourcedocument_add",
    "faq.sources.decisions.accept": "faq_sourcedocument_decide",
    "faq.sources.decisions.leave_out": "faq_sourcedocument_decide",
    "faq.sources.decisions.there_already": "faq_sourcedocument_decide",
    "faq.sources.decisions.join_to_previous": "faq_sourcedocument_decide",
    "faq.sources.decisions.unsay": "faq_sourcedocument_decide",
    "faq.sources.decisions.delete": "faq_sourcedocument_remove",
    "faq.editing.reviews.submit": "faq_entry_submit",
    "faq.editing.reviews.propose": "faq_…_propose, faq_…_propose_new",
    "faq.editing.reviews.comment": "faq_review_comment",
    "faq.editing.reviews.take": "faq_review_take",
    "faq.editing.reviews.hand_back": "faq_review_hand_back",
    "faq.editing.reviews.withdraw": "faq_review_withdraw",
    "faq.editing.reviews.publish": "faq_review_publish",
    "faq.editing.reviews.published_otherwise": "the form of what was proposed",
}


@pytest.fixture
def things(db, settings, tmp_path):
    """Something of every kind."""
    settings.MEDIA_ROOT, settings.CONTENT_DIR = tmp_path / "files", tmp_path / "content"
    (tmp_path / "content" / "allgemein").mkdir(parents=True)
    for name in ("_category", "neu"):
        (tmp_path / "content" / "allgemein" / f"{name}.md").write_text("---\ntitle: Neu\n---\n")
    make_category("leer", title="Nur Entwürfe")
    store(
        Contact(slug="team", name="Team", phone="05744 1"), Term(slug="olp", name="OLP"), Term(slug="vlsc", name="VLSC")
    )
    store(Site(pk=1, title="Hilfe"), Notice(slug="stoerung", text="Störung"))
    store_attachment()
    make_entry(
        "stornierung",
        tags=["OLP", "VLSC"],
        aliases=["storno"],
        body="[Gesetz](offen:gesetz), [dort](https://example.org/alt) ![](bild:a)",
    )
    SearchQuery.objects.create(text="zwackel")
    cut = [Proposal("question", f"Zwackel {n}?", "Zwackel.", "Öffentlich") for n in range(2)]
    decisions.take_in("zwackel.docx", Source(tuple(cut)), who=None)


@storing.no_orphans()
@action
def store_attachment():
    with writing(source="import") as change:
        stored = storing.store("a.pdf", pdf())
        public = Attachment.objects.create(slug="a", title="A", name="a.pdf", stored=stored, was_public=True)
        change.record([public, Attachment.objects.create(slug="b", title="B", name="b.pdf", stored=stored)])
        drawn = storing.store("a.png", png())
        pictures = [Picture(slug=slug, description="Fenster", name=f"{slug}.png", stored=drawn) for slug in "ab"]
        for picture in pictures:
            picture.save()
        change.record(pictures)


def make_target(state):
    """The entry on which everything is tried, in one of the states, with a version that was public."""
    entry = make_entry("ziel", title="Ziel?", body="Der alte Text.", aliases=["ziel-frueher"], tags=["OLP"])
    edit(entry, body="Der neue Text.")
    if state == "mit geplanter Fassung":
        copy = working_copies.start_working_copy(entry, who=None)
        working_copies.publish(edit(copy, publish_at=SOON, body="Kommt."), who=None)
    elif state in ("mit Arbeitskopie", "zur Freigabe gegeben", "zurückgegeben"):
        copy = edit(working_copies.start_working_copy(entry, who=None), body="Wird besprochen.")
        review = None if state == "mit Arbeitskopie" else reviews.submit(copy, who=None)
        if state == "zurückgegeben":
            reviews.hand_back(review, "Noch nicht.", who=None)
    elif state == "mit Vorschlägen":
        for model, name in PROPOSED.items():
            propose(model.objects.first(), name)
    elif state == "gelöscht":
        delete(entry)
        return None
    elif STATES[state]:
        entry = edit(entry, **STATES[state])
    return entry


def propose(row, name):
    """An open proposal that gives a thing another name."""
    ((path, text),) = [item for item in kinds.files(row).items() if item[1]]
    document = replace(mapping.document_of(row), **{name: "Vorschlag"})
    who = User.objects.get_or_create(username="anna")[0]
    return reviews.propose((path, text), (path, kinds.of_path(path).text(document)), title=str(row), who=who)


def editor_of(role):
    """A client of somebody with everything but the right to publish, or of the group Redaktion."""
    user = User.objects.create_user(role, password="x", is_staff=True)
    if role == "Redaktion":
        user.groups.add(Group.objects.get(name="Redaktion"))
    else:
        user.user_permissions.set(Permission.objects.exclude(codename="publish_entry"))
    client = Client()
    client.force_login(user)
    return client


def seen_by_readers():
    """All that readers see, now or at a later moment, and the number that says that it was changed."""
    rows = list(Entry.objects.filter(status=Entry.PUBLISHED).complete().order_by("pk"))
    public = [entry.pk for entry in rows]
    rows += [*Entry.rows.filter(release=Entry.PLANNED)]
    rows += Category.objects.filter(entries__in=public).distinct()
    rows += [row for model in (Term, Contact, Notice, Site) for row in model.objects.order_by("pk")]
    rows += [row for model in (Attachment, Picture) for row in model.objects.public().order_by("pk")]
    return {
        "texts": [kinds.files(row) for row in rows],
        "gaps": list(Gap.objects.filter(references__entry__in=public).order_by("pk").values_list("slug", "name")),
        "tags": list(
            Tag.objects.filter(taggings__content_object__in=public).order_by("pk").values_list("slug", "name")
        ),
        "gone": list(Gone.objects.filter(was_public=True).order_by("slug").values_list("slug", flat=True)),
        "revision": Revision.objects.current(),
    }


def ways():
    """Every way to write in the admin: the name of its address, and of the action where there is one."""
    for pattern in admin.site.urls[0]:
        for inner in getattr(pattern, "url_patterns", [pattern]):
            name = inner.name or ""
            if name.startswith("auth_") or not name or name in NO_WAYS or name.endswith("_history"):
                continue
            if name.endswith("_changelist"):
                model_admin = admin.site.get_model_admin(model_of(name))
                yield name, "positions"
                yield from (
                    (name, action_name) for action_name in sorted({"delete_selected", *map(str, model_admin.actions)})
                )
            else:
                yield name, ""


def test_every_way_to_write_is_known():
    own = re.compile(r"faq_\w+_(add|change|delete|changelist|propose|propose_new)$")
    assert sorted({name for name, _ in ways() if not own.match(name)} - set(POSTED)) == []
    for module in pkgutil.walk_packages(faq.__path__, "faq."):
        if ".migrations" not in module.name and ".management" not in module.name:
            importlib.import_module(module.name)
    assert {name for name in actions.ACTIONS if not name.startswith("tests.")} == set(CALLED_BY)


def model_of(name):
    return next(
        model for model in apps.get_app_config("faq").get_models() if name.startswith(f"faq_{model._meta.model_name}_")
    )


def rows_to_try(name, model, target):
    """The rows a way is tried on: of entries, all there is around the target."""
    if name == "faq_entry_restore":
        return list(Version.objects.filter(path__contains="/ziel.md").exclude(document=""))
    if model is Entry:
        return list(Entry.rows.filter(slug="ziel"))
    if model is Gone:
        return list(Gone.objects.all())
    return list(model.objects.order_by("pk")[:2])


def changed_form(admin_client, url, model):
    """What a browser would send for the form, with everything changed that readers could see."""
    data = filled_in(admin_client, url, _why="Versuch")
    values = {
        "title": "Zwackel?", "name": "Zwackel", "body": "Zwackel.", "definition": "Zwackel.", "text": "Zwackel.",
        "intro": "Zwackel.", "status": "published", "phone": "0123", "tags": "Zwackel", "position": "7",
        "publish_at": "", "expire_at": "", "slug": "zwackel",
    }  # fmt: skip
    data |= {key: value for key, value in values.items() if key in data or model is Entry}
    if model is Entry and "add/" in url:
        data["category"] = Category.objects.get(slug="allgemein").pk
    if model is Alias:
        data["entry"] = Entry.objects.get(slug="stornierung").pk
    if model is Attachment:
        data["upload"] = SimpleUploadedFile("zwackel.pdf", pdf("Zwackel"))
    if model is Picture:
        data |= {"upload": SimpleUploadedFile("zwackel.png", png(text="Zwackel")), "description": "Zwackel"}
    return data


def attempts(admin_client, target, some):
    """Everything somebody could send by some of the ways: the way, the address, the data."""
    for name, action_name in some:
        model = model_of(name) if name.startswith("faq_") else None
        if name.endswith(("_add", "_propose_new")):
            url = reverse(f"admin:{name}")
            if admin_client.get(url).status_code == 200:
                yield name, url, changed_form(admin_client, url, model)
        elif action_name == "positions":
            url = reverse(f"admin:{name}")
            yield f"{name} positions", url, positions(admin_client, url)
        elif action_name:
            chosen = [row.pk for row in rows_to_try(name, model, target)]
            if model is Entry and target:
                chosen = [target.pk]
            if action_name == "merge_two":
                chosen = [
                    *chosen[:1],
                    *model.objects.exclude(pk__in=chosen[:1]).order_by("-pk").values_list("pk", flat=True)[:1],
                ]
            data = {"action": action_name, "_selected_action": chosen, "post": "yes", "links_to": ""}
            yield f"{name} {action_name}", reverse(f"admin:{name}"), data | {"kept": chosen[0] if chosen else ""}
        elif name == "replace":
            places, _ = finding.find(finding.Wanted("e", whole=False))
            chosen = [f"{place.row._meta.model_name}-{place.row.pk} {place.key}" for place in places if not place.fixed]
            yield name, reverse(f"admin:{name}"), POSTED[name] | {"place": chosen}
        elif name == "faq_entry_change_many":
            yield name, reverse(f"admin:{name}"), POSTED[name] | {"keys": target.pk if target else ""}
        elif name.startswith(("exchange", "text")):
            yield name, reverse(f"admin:{name}"), POSTED[name]
        else:
            for row in rows_to_try(name, model, target):
                url = reverse(f"admin:{name}", args=[row.pk])
                if name.endswith("_change"):
                    form = admin_client.get(url)
                    if form.status_code != 200 or b"_save" not in form.content:
                        continue
                    data = changed_form(admin_client, url, model)
                    yield name, url, data
                    for review in reviews.proposals(kinds.files(row) if model in PROPOSED else ()):
                        with_it = f"{url}?vorschlag={review.pk}"
                        yield f"{name} proposed", with_it, changed_form(admin_client, with_it, model)
                    yield f"{name} publish", url, data | {"_publish": "1"}
                elif name.endswith("_delete"):
                    yield name, url, {"post": "yes", "links_to": ""}
                elif name == "faq_review_publish":
                    yield name, url, POSTED[name] | {"seen": reviews.seen(row)}
                elif name == "faq_sourcedocument_decide":
                    yield from (
                        (
                            f"{name} {button}",
                            url,
                            filled_in(
                                admin_client,
                                reverse("admin:faq_sourcedocument_change", args=[row.pk]),
                                **{button: row.proposals.last().pk},
                            ),
                        )
                        for button in ("accept", "leave", "join", "there")
                    )
                elif name.endswith("_propose"):
                    yield name, url, changed_form(admin_client, url, model)
                else:
                    yield name, url, POSTED[name]


def positions(client, url):
    html = client.get(url + "?all=").content.decode()
    keys = re.findall(r'name="form-(\d+)-id" value="(\d+)"', html)
    data = {"form-TOTAL_FORMS": len(keys), "form-INITIAL_FORMS": len(keys), "_save": "1"}
    return data | {f"form-{n}-id": key for n, key in keys} | {f"form-{n}-position": 99 for n, _ in keys}


def posted(client, url, data):
    """What became of it: the status, and what readers see then; all is as before afterwards."""
    for value in data.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    with transaction.atomic():
        status = client.post(url, data).status_code
        seen = seen_by_readers()
        transaction.set_rollback(True)
    return status, seen


@pytest.mark.parametrize(
    "state",
    ["öffentlich", *(pytest.param(state, marks=pytest.mark.sqlite) for state in STATES if state != "öffentlich")],
)
def test_whoever_may_not_publish_changes_nothing_that_readers_see(things, admin_client, sample, state):
    # The group may less than somebody with every other right: for one state both are tried.
    roles = ["alles außer veröffentlichen", *(["Redaktion"] if state == "öffentlich" else [])]
    target, clients = make_target(state), [editor_of(role) for role in roles]
    before, some = seen_by_readers(), sample(ways(), AT_ONCE)
    for way, url, data in attempts(admin_client, target, some):
        for client in clients:
            status, seen = posted(client, url, data)
            assert status in (200, 302, 403, 404, 405, 409), (way, status)
            assert seen == before, (way, data)


@pytest.mark.sqlite
def test_the_same_ways_change_it_for_who_may_publish(things, admin_client, sample):
    """Else the test above would prove nothing."""
    target = make_target("öffentlich")
    before, some = seen_by_readers(), sample(ways(), AT_ONCE)
    changed = {
        way for way, url, data in attempts(admin_client, target, some) if posted(admin_client, url, data)[1] != before
    }
    forms = {
        f"faq_{name}_{verb}" for name in ("alias", "contact", "notice", "term") for verb in ("add", "change", "delete")
    }
    forms |= {"faq_entry_add", "faq_entry_change", "faq_entry_delete", "faq_category_change"}
    forms |= {"faq_gap_change", "faq_site_change", "faq_tag_change", "faq_tag_delete", "faq_attachment_change"}
    forms.add("faq_picture_change")
    lists = {f"faq_{name}_changelist merge_two" for name in ("entry", "tag", "term")}
    lists |= {
        f"faq_{name}_changelist delete_selected" for name in ("entry", "alias", "contact", "notice", "tag", "term")
    }
    lists |= {"faq_entry_changelist positions", "faq_category_changelist positions"}
    own = {
        "exchange_confirm",
        "replace",
        "faq_entry_change_many",
        "faq_entry_still_true",
        "faq_gap_close",
        "faq_searchquery_spelling",
        "faq_weblink_replace",
        "text_create",
    }
    expected = (forms | lists | own) & {f"{name} {action_name}".strip() for name, action_name in some}
    assert expected <= changed, expected - changed


@pytest.mark.parametrize("state", ["zur Freigabe gegeben", "zurückgegeben"])
def test_who_may_publish_publishes_what_was_handed_over(things, admin_client, state):
    target, before = make_target(state), seen_by_readers()
    some = [each for each in ways() if each[0].startswith("faq_review")]
    changed = {
        way for way, url, data in attempts(admin_client, target, some) if posted(admin_client, url, data)[1] != before
    }
    assert changed == {"faq_review_publish"}


@pytest.mark.sqlite
def test_a_stored_text_that_is_refused_today_makes_no_error_page(things, settings, admin_client, sample):
    """One of a former release, which took it: whatever would make its HTML anew says so, and where it is."""
    target, refused = (
        make_target("mit Arbeitskopie"),
        "!!! boese\n    [Gesetz](offen:gesetz), [dort](https://example.org/alt)",
    )
    with door_open():
        for model in (model for model in apps.get_app_config("faq").get_models() if hasattr(model, "texts")):
            field = model().texts()[0][0]
            model._base_manager.update(**{field: refused})
    told, some = set(), sample(ways(), AT_ONCE)
    for way, url, data in attempts(admin_client, target, some):
        with transaction.atomic():
            response = admin_client.post(
                url, data, follow=True, headers={"Referer": f"{settings.PUBLIC_URL}/admin/anleitung/"}
            )
            transaction.set_rollback(True)
        assert response.status_code in (200, 403, 404, 409), way
        if "lässt sich so nicht mehr darstellen" in response.content.decode():
            told.add(way)
    expected = {"faq_tag_change", "faq_entry_still_true", "faq_gap_close", "faq_weblink_replace"}
    assert expected & {name for name, _ in some} <= told, told


def _import_of_another_text(who, content):
    (content / "allgemein" / "ziel.md").write_text("---\ntitle: Ziel?\n---\n\nAus der Datei.\n")
    importing.run(folder.read(content), force=True, who=who)


def _undone(entry, who):
    wanted = finding.Wanted("neue")
    places = finding.places(Entry.objects.get(pk=entry.pk), wanted)
    with transaction.atomic():  # readers see it, and then no longer
        replacing.replace(wanted, "neueste", [(f"entry-{entry.pk}", place.key) for place in places], who=None)
        try:
            replacing.undo(replacing.latest()[0]["batch"], who=who)
        finally:
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    "change",
    [
        lambda who, entry, content: entries.still_true(entry, who=who),
        lambda who, entry, content: entries.delete([entry], who=who),
        lambda who, entry, content: entries.change_many([entry], who=who, add_tags=["Zwackel"]),
        lambda who, entry, content: entries.change_many([entry], who=who, status="draft"),
        lambda who, entry, content: working_copies.publish(
            edit(working_copies.start_working_copy(entry, who=who), body="Heimlich."), who=who
        ),
        lambda who, entry, content: working_copies.publish(
            edit(working_copies.start_working_copy(entry, who=who), publish_at=SOON), who=who
        ),
        lambda who, entry, content: entries.publish_draft(make_entry("entwurf", status="draft"), who=who),
        lambda who, entry, content: merge(entry, Entry.objects.get(slug="stornierung"), who=who),
        lambda who, entry, content: merge(*Tag.objects.order_by("pk")[:2], who=who),
        lambda who, entry, content: merge(*Term.objects.order_by("pk")[:2], who=who),
        lambda who, entry, content: files.erase(Attachment.objects.first(), who=who),
        lambda who, entry, content: checking.replace(WebLink.objects.get(), "https://example.org/neu", who=who),
        lambda who, entry, content: add_spelling("zwackel", name="Zwackel", who=who, why=""),
        lambda who, entry, content: _import_of_another_text(who, content),
        lambda who, entry, content: _undone(entry, who),
        lambda who, entry, content: edit(entry, who=who, body="Heimlich."),
        lambda who, entry, content: edit(Contact.objects.get(), who=who, phone="0123"),
        lambda who, entry, content: reviews.published_otherwise(
            propose(Contact.objects.get(), "name"), who=who, document=""
        ),
        lambda who, entry, content: edit(Gap.objects.get(), who=who, name="Heimlich"),
        lambda who, entry, content: edit(Tag.objects.get(name="OLP"), who=who, name="Heimlich"),
    ],
)
def test_the_door_itself_asks_for_the_right(things, settings, change):
    """Whatever a view forgets to ask."""
    entry, who = make_target("öffentlich"), User.objects.create_user("rita", is_staff=True)
    before = seen_by_readers()
    with pytest.raises(NotAllowed), transaction.atomic():
        change(who, entry, settings.CONTENT_DIR)
    assert seen_by_readers() == before
