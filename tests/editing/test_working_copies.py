"""Working copies, versions, saves that meet each other: nothing an editor did is ever lost."""

import re
from datetime import timedelta
from html import escape

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from faq.content import kinds
from faq.editing import entries, merging, restoring, working_copies
from faq.models import Category, Entry, Gone, Revision, Tag, Version
from tests.factories import door_open, edit, make_entry, make_walkthrough, store
from tests.forms import filled_in

pytestmark = pytest.mark.usefixtures("seed")


def change_url(entry):
    return reverse("admin:faq_entry_change", args=[entry.pk])


@pytest.fixture
def stornierung():
    return Entry.objects.get(slug="stornierung")


@pytest.fixture
def editor(client, db):
    """A client of somebody from the Redaktion."""
    user = User.objects.create_user("rita", password="geheim-genug", is_staff=True)
    user.groups.add(Group.objects.get(name="Redaktion"))
    client.force_login(user)
    return client


@pytest.fixture
def reader():
    from django.test import Client

    return Client()


def start_copy(client, entry):
    response = client.post(reverse("admin:faq_entry_copy", args=[entry.pk]))
    return response.headers["Location"]


def test_readers_see_the_public_text_until_the_working_copy_is_published(editor, admin_client, reader, stornierung):
    url = start_copy(editor, stornierung)
    assert editor.post(url, filled_in(editor, url, body="In Ruhe **zwackelt** er.")).status_code == 302
    assert "zwackelt" not in reader.get("/faq/stornierung/").content.decode()
    assert reader.get("/suche.json?q=zwackelt").json()["results"] == []

    response = admin_client.post(url, filled_in(admin_client, url) | {"_publish": "1"})
    assert response.headers["Location"] == change_url(stornierung)
    assert "<strong>zwackelt</strong>" in reader.get("/faq/stornierung/").content.decode()
    assert not Entry.rows.filter(copy_of=stornierung).exists()


def test_the_redaktion_neither_changes_nor_publishes_what_is_public(editor, stornierung):
    before = stornierung.body
    assert editor.post(change_url(stornierung), {"body": "Heimlich"}).status_code == 403
    url = start_copy(editor, stornierung)
    assert editor.post(url, filled_in(editor, url, body="Heimlich") | {"_publish": "1"}).status_code == 403
    key = Entry.rows.get(copy_of=stornierung).pk
    assert editor.post(reverse("admin:faq_entry_publish", args=[key])).status_code == 403
    assert editor.post(reverse("admin:faq_entry_delete", args=[stornierung.pk]), {"post": "yes"}).status_code == 403
    stornierung.refresh_from_db()
    assert stornierung.body == before


def test_a_new_entry_of_the_redaktion_stays_a_draft_whatever_is_sent(editor, reader, stornierung):
    url = reverse("admin:faq_entry_add")
    data = filled_in(editor, url, title="Neu?", body="Ja.", status="published", category=stornierung.category_id)
    assert editor.post(url, data).status_code == 302
    assert Entry.objects.get(slug="neu").status == Entry.DRAFT


def test_a_working_copy_is_compared_with_the_public_text_word_by_word(editor, stornierung):
    url = start_copy(editor, stornierung)
    editor.post(url, filled_in(editor, url, body=stornierung.body.replace("21 Tagen", "14 Tagen")))
    page = editor.get(reverse("admin:faq_entry_compare", args=[stornierung.pk])).content.decode()
    assert "<del>21</del><ins>14</ins>" in page


def test_a_thrown_away_working_copy_stays_in_the_history(editor, stornierung):
    url = start_copy(editor, stornierung)
    editor.post(url, filled_in(editor, url, body="Nur ein Versuch."))
    editor.post(reverse("admin:faq_entry_discard", args=[Entry.rows.get(copy_of=stornierung).pk]))
    assert not Entry.rows.filter(copy_of=stornierung).exists()
    assert Version.objects.filter(entry=stornierung, document__contains="Nur ein Versuch.").exists()


def test_publishing_over_a_text_that_changed_meanwhile_is_asked_about_first(admin_client, reader, stornierung):
    url = start_copy(admin_client, stornierung)
    admin_client.post(url, filled_in(admin_client, url, body="Aus der Kopie."))
    direct = change_url(stornierung)
    admin_client.post(direct, filled_in(admin_client, direct, body="Direkt geändert."))
    page = admin_client.post(url, filled_in(admin_client, url) | {"_publish": "1"}).content.decode()
    assert "Trotzdem veröffentlichen" in page
    assert "Direkt geändert." in reader.get("/faq/stornierung/").content.decode()
    key = Entry.rows.get(copy_of=stornierung).pk
    admin_client.post(reverse("admin:faq_entry_publish", args=[key]), {"over_newer": "1"})
    assert "Aus der Kopie." in reader.get("/faq/stornierung/").content.decode()


def test_published_steps_take_the_links_to_them_along(admin_client, stornierung):
    direct = change_url(stornierung)
    admin_client.post(direct, filled_in(admin_client, direct, body="[dort](faq:bestellvorgang-olp#schritt-3)"))
    url = start_copy(admin_client, Entry.objects.get(slug="bestellvorgang-olp"))
    admin_client.post(url, filled_in(admin_client, url, steps__0__DELETE="on") | {"_publish": "1"})
    stornierung.refresh_from_db()
    assert stornierung.body == "[dort](faq:bestellvorgang-olp#schritt-2)"


def test_a_preview_shows_the_unsaved_form_and_writes_nothing(admin_client):
    entry = Entry.objects.get(slug="bestellvorgang-open-value")
    before, versions = kinds.files(entry), Version.objects.count()
    url = change_url(entry)
    data = filled_in(admin_client, url, body="Siehe [Handbuch](offen:handbuch).", steps__0__title="Anrufen")
    page = admin_client.post(url, data | {"_preview": "1"})
    assert "Anrufen" in page.content.decode()
    assert "„Handbuch“" in page.content.decode()
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "no-store" in page.headers["Cache-Control"]
    assert kinds.files(Entry.objects.get(pk=entry.pk)) == before
    assert Version.objects.count() == versions


def test_a_colleague_sees_a_working_copy_by_its_link_without_a_login(editor, reader, stornierung, monkeypatch):
    url = start_copy(editor, stornierung)
    editor.post(url, filled_in(editor, url, body="Für die Kollegin."))
    link = re.search(r'href="[^"]*(/vorschau/[^"]+)"', editor.get(url).content.decode())[1]
    assert "Für die Kollegin." in reader.get(link).content.decode()
    assert reader.get(link[:-2] + "x/").status_code == 404
    monkeypatch.setattr("faq.public.preview.PREVIEW_DAYS", -1)
    assert reader.get(link).status_code == 404


@pytest.mark.sqlite
def test_stale_saves_are_refused_again_and_again_and_lose_nothing(admin_client, stornierung):
    url = change_url(stornierung)
    stale = filled_in(admin_client, url)
    admin_client.post(url, filled_in(admin_client, url, body="Die neuere Fassung."))
    for number in range(15):
        page = admin_client.post(url, stale | {"body": f"Veraltet {number}."}).content.decode()
        assert "neuere Fassung gesichert" in page
        assert page.count(f"Veraltet {number}.") >= 2  # in the field, and beside the newer text
        assert "Die neuere Fassung." in page
    stornierung.refresh_from_db()
    assert stornierung.body == "Die neuere Fassung."


def test_whoever_was_refused_can_save_again_after_comparing(admin_client, stornierung):
    url = change_url(stornierung)
    stale = filled_in(admin_client, url, body="Meine Fassung.")
    admin_client.post(url, filled_in(admin_client, url, body="Die andere."))
    page = admin_client.post(url, stale).content.decode()
    base = re.search(r'name="_base" value="(\d+)"', page)[1]
    assert admin_client.post(url, stale | {"_base": base}).status_code == 302
    stornierung.refresh_from_db()
    assert stornierung.body == "Meine Fassung."


def test_what_was_typed_survives_an_expired_login(client, admin_user, stornierung):
    admin_user.set_password("geheim-genug")
    admin_user.save()
    client.force_login(admin_user)
    typed = filled_in(client, change_url(stornierung), body="Lange getippt, <b>nichts</b> verloren.")
    Session.objects.all().delete()
    page = client.post(change_url(stornierung), typed, follow=True)
    assert "Ihre Anmeldung ist abgelaufen" in page.content.decode()
    address, login = page.request["PATH_INFO"], {"login": "admin", "next": reverse("admin:resume")}
    assert "Ihre Anmeldung ist abgelaufen" in client.post(address, login | {"password": "falsch"}).content.decode()
    page = client.post(address, login | {"password": "geheim-genug"}, follow=True).content.decode()
    assert "Lange getippt, &lt;b&gt;nichts&lt;/b&gt; verloren." in page
    assert f'action="{change_url(stornierung)}"' in page
    assert client.post(change_url(stornierung), typed).status_code == 302
    stornierung.refresh_from_db()
    assert stornierung.body == "Lange getippt, <b>nichts</b> verloren."
    assert "Ihre Eingaben" not in client.get(reverse("admin:resume"), follow=True).content.decode()


def test_every_change_is_in_the_history_with_who_and_from_where(admin_client, admin_user, stornierung):
    def newest():
        version = Version.objects.filter(entry=stornierung).first() or Version.objects.first()
        return version.source, version.who, version.why

    url = change_url(stornierung)
    assert newest() == ("import", None, "")
    admin_client.post(url, filled_in(admin_client, url, body="Anders.", _why="Anruf von Microsoft"))
    assert newest() == ("admin", admin_user, "Anruf von Microsoft")
    admin_client.post(url, filled_in(admin_client, url, tags="Stornierung"))
    assert "tags: [Stornierung]" in Version.objects.filter(entry=stornierung).first().document
    admin_client.post(url, filled_in(admin_client, url, status="draft"))
    assert "status: draft" in Version.objects.filter(entry=stornierung).first().document
    first = Version.objects.filter(entry=stornierung, source="import").get()
    admin_client.post(reverse("admin:faq_entry_restore", args=[first.pk]))
    assert newest()[:2] == ("restore", admin_user)
    restored = Version.objects.filter(entry=stornierung).first().document
    assert restored == first.document.replace("\n---\n", f"\nupdated: {timezone.localdate()}\n---\n", 1)


def test_a_restore_of_something_public_is_a_working_copy_first(admin_client, reader, stornierung):
    url = change_url(stornierung)
    admin_client.post(url, filled_in(admin_client, url, body="Neu."))
    first = Version.objects.filter(entry=stornierung, source="import").get()
    admin_client.post(reverse("admin:faq_entry_restore", args=[first.pk]))
    assert "Neu." in reader.get("/faq/stornierung/").content.decode()
    assert "21 Tagen" in Entry.rows.get(copy_of=stornierung).body


def test_a_restored_text_lets_go_of_links_that_lead_nowhere_by_now(admin_client, admin_user):
    ziel, ablauf = make_entry("ziel", title="Ziel?"), make_walkthrough("ablauf")
    text = "[Dort](faq:ziel), [](faq:ziel), [hier](faq:ablauf#schritt-2), [selbst](faq:frage)."
    frage = make_entry("frage", body=text)
    old = Version.objects.filter(entry=frage).get()
    edit(frage, body="Neu.", status="draft")
    entries.delete([ziel], who=admin_user)
    edit(ablauf, kind="question")
    with door_open():
        ablauf.steps.all().delete()
    restoring.restore(old, who=admin_user)
    assert Entry.objects.get(slug="frage").body == (
        "Dort, (Antwort derzeit nicht verfügbar), [hier](faq:ablauf), [selbst](faq:frage)."
    ).replace("(Antwort derzeit nicht verfügbar)", r"\(Antwort derzeit nicht verfügbar\)")


def test_an_older_text_with_fewer_steps_leaves_no_link_to_those_that_go(admin_user):
    ablauf = make_walkthrough("ablauf", steps=("Anrufen",))
    old = Version.objects.filter(entry=ablauf).get()
    copy = working_copies.start_working_copy(ablauf, who=admin_user)
    with door_open():
        copy.steps.create(number=2, title="Bestellen")
    working_copies.publish(copy, who=admin_user)
    make_entry("frage", body="[Erst](faq:ablauf#schritt-1), [dann](faq:ablauf#schritt-2).")
    working_copies.publish(restoring.restore(old, who=admin_user), who=admin_user)
    assert Entry.objects.get(slug="frage").body == "[Erst](faq:ablauf#schritt-1), [dann](faq:ablauf)."


def test_a_deleted_entry_keeps_its_history_and_comes_back_with_its_addresses(admin_client, reader, stornierung):
    url = change_url(stornierung)
    admin_client.post(url, filled_in(admin_client, url, slug="storno"))
    admin_client.post(reverse("admin:faq_entry_delete", args=[stornierung.pk]), {"post": "yes"})
    assert not Entry.objects.filter(pk=stornierung.pk).exists()
    assert set(Gone.objects.values_list("slug", flat=True)) == {"storno", "stornierung"}
    data = {"action": "bring_back", "_selected_action": [Gone.objects.get(slug="storno").pk]}
    admin_client.post(reverse("admin:faq_gone_changelist"), data)
    assert reader.get("/faq/storno/").status_code == 200
    assert reader.get("/faq/stornierung/").status_code == 301
    assert not Gone.objects.exists()


def test_merged_entries_answer_at_both_addresses(admin_client, reader, stornierung):
    other = Entry.objects.get(slug="ansprechpartner")
    data = {"action": "merge_two", "_selected_action": [stornierung.pk, other.pk]}
    assert "Was soll bleiben?" in admin_client.post(reverse("admin:faq_entry_changelist"), data).content.decode()
    admin_client.post(reverse("admin:faq_entry_changelist"), data | {"kept": stornierung.pk})
    assert reader.get("/faq/ansprechpartner/").headers["Location"] == "/faq/stornierung/"
    assert 'id="ansprechpartner"' in reader.get("/allgemein/").content.decode()


def test_merged_tags_answer_at_both_addresses_and_a_tag_used_again_is_itself(admin_client, reader):
    olp, vlsc = Tag.objects.get(name="OLP"), Tag.objects.get(name="VLSC")
    data = {"action": "merge_two", "_selected_action": [olp.pk, vlsc.pk], "kept": olp.pk}
    admin_client.post(reverse("admin:faq_tag_changelist"), data)
    assert reader.get("/thema/vlsc/").headers["Location"] == "/thema/olp/"
    assert "VLSC" not in [tag.name for tag in Entry.objects.get(slug="vlsc-zugriff").tag_list]
    url = change_url(Entry.objects.get(slug="vlsc-zugriff"))
    admin_client.post(url, filled_in(admin_client, url, tags="VLSC"))
    assert reader.get("/thema/vlsc/").status_code == 200


def test_a_copied_entry_is_a_draft_of_its_own(editor, reader):
    olp = Entry.objects.get(slug="bestellvorgang-olp")
    editor.post(reverse("admin:faq_entry_changelist"), {"action": "duplicate", "_selected_action": [olp.pk]})
    twin = Entry.objects.get(slug="bestellvorgang-olp-2")
    assert (twin.status, twin.steps.count(), [tag.name for tag in twin.tag_list][:1]) == (Entry.DRAFT, 9, ["OLP"])
    assert reader.get("/faq/bestellvorgang-olp-2/").status_code == 404


@pytest.mark.parametrize("leads_on", [True, False])
def test_what_links_to_an_entry_is_named_before_it_goes_and_leads_where_the_editor_says(
    admin_client, stornierung, leads_on
):
    linking = make_entry("verweis", title="Wer verweist?", body="Siehe [dort](faq:stornierung).")
    url = reverse("admin:faq_entry_delete", args=[stornierung.pk])
    assert "Wer verweist?" in admin_client.post(url, {"post": "yes"}).content.decode()
    assert Entry.objects.filter(pk=stornierung.pk).exists()
    target = Entry.objects.get(slug="ansprechpartner").pk if leads_on else ""
    admin_client.post(url, {"post": "yes", "links_to": target})
    linking.refresh_from_db()
    assert linking.body == ("Siehe [dort](faq:ansprechpartner)." if leads_on else "Siehe dort.")


def test_many_entries_can_be_deleted_at_once_with_the_links_to_each(admin_client, client):
    for number in range(5):
        make_entry(f"weg-{number}", body=f"Antwort {number}.")
        make_entry(f"verweis-{number}", body=f"Siehe [dort](faq:weg-{number}).")
    chosen = list(Entry.objects.filter(slug__startswith="weg").values_list("pk", flat=True))
    data = {"action": "delete_selected", "_selected_action": chosen, "post": "yes", "links_to": ""}
    assert admin_client.post(reverse("admin:faq_entry_changelist"), data).status_code == 302
    assert {client.get(f"/faq/weg-{number}/").status_code for number in range(5)} == {410}
    assert set(Entry.objects.filter(slug__startswith="verweis").values_list("body", flat=True)) == {"Siehe dort."}


def test_dragged_or_numbered_positions_change_the_order_on_the_page(admin_client, editor, reader):
    url = reverse("admin:faq_entry_changelist")
    assert 'name="form-0-position"' not in editor.get(url).content.decode()
    html = admin_client.get(url).content.decode()
    keys = re.findall(r'name="form-(\d+)-id" value="(\d+)"', html)
    position = dict(Entry.objects.values_list("pk", "position"))
    swap = {Entry.objects.get(slug=a).pk: p for a, p in (("ansprechpartner", 2), ("office-365-verlaengern", 1))}
    data = {"form-TOTAL_FORMS": 9, "form-INITIAL_FORMS": 9, "_save": "1"}
    for place, key in keys:
        data |= {f"form-{place}-id": key, f"form-{place}-position": swap.get(int(key), position[int(key)])}
    assert admin_client.post(url, data).status_code == 302
    page = reader.get("/allgemein/").content.decode()
    assert page.index('id="office-365-verlaengern"') < page.index('id="ansprechpartner"')


def test_an_alias_that_is_moved_is_in_the_history_of_both(admin_client):
    before, after = make_entry("vorher", aliases=["kuerzel"]), make_entry("nachher")
    url = reverse("admin:faq_alias_change", args=[before.aliases.get().pk])
    admin_client.post(url, filled_in(admin_client, url, entry=after.pk))
    for entry, has_it in ((before, False), (after, True)):
        newest = Version.objects.filter(entry=entry).first()
        assert ("aliases: [kuerzel]" in newest.document) == has_it
        assert newest.source == "admin"


def test_links_with_a_former_address_that_is_taken_away_lead_on(admin_client):
    make_entry("ziel", aliases=["frueher"])
    linking = make_entry("verweis", body="Siehe [dort](faq:frueher).")
    key = Entry.objects.get(slug="ziel").aliases.get().pk
    admin_client.post(reverse("admin:faq_alias_delete", args=[key]), {"post": "yes"})
    linking.refresh_from_db()
    assert linking.body == "Siehe [dort](faq:ziel)."


def test_links_to_a_step_of_an_entry_that_is_merged_lead_to_the_other_as_a_whole(admin_client):
    kept, gone = make_entry("bleibt"), make_walkthrough("geht")
    linking = make_entry("verweis", body="Siehe [dort](faq:geht#schritt-2) und [hier](faq:geht).")
    data = {"action": "merge_two", "_selected_action": [kept.pk, gone.pk], "kept": kept.pk}
    admin_client.post(reverse("admin:faq_entry_changelist"), data)
    url = change_url(linking)
    assert admin_client.post(url, filled_in(admin_client, url, title="Anders?")).status_code == 302
    linking.refresh_from_db()
    assert linking.body == "Siehe [dort](faq:bleibt) und [hier](faq:bleibt)."


def test_a_deleted_entry_comes_back_in_its_category_whatever_that_is_called_by_now(admin_client, reader):
    entry = make_entry("weg", category="alt", aliases=["frueher"])
    category = entry.category
    url = reverse("admin:faq_category_change", args=[category.pk])
    admin_client.post(url, filled_in(admin_client, url, slug="neu"))
    admin_client.post(reverse("admin:faq_entry_delete", args=[entry.pk]), {"post": "yes"})
    admin_client.post(url, filled_in(admin_client, url, slug="noch-neuer"))
    data = {"action": "bring_back", "_selected_action": [Gone.objects.get(slug="weg").pk]}
    assert admin_client.post(reverse("admin:faq_gone_changelist"), data).status_code == 302
    assert Entry.objects.get(slug="weg").category == category
    assert reader.get("/faq/frueher/").status_code == 301
    assert Version.objects.filter(entry__slug="weg").count() >= 2


@pytest.mark.parametrize("kind", ["term", "contact", "category", "notice", "site", "gap"])
def test_whatever_two_edit_at_once_the_second_is_asked_first(admin_client, kind):
    model = apps.get_model("faq", kind)
    if kind == "notice":
        store(model(slug="x", text="Störung."))
    stored = model.objects.order_by("pk").first()
    url = reverse(f"admin:faq_{kind}_change", args=[stored.pk])
    field = {"category": "title", "site": "title", "notice": "text"}.get(kind, "name")
    admin_client.post(url, filled_in(admin_client, url, **{field: "Erste"}))
    stale = filled_in(admin_client, url)
    admin_client.post(url, filled_in(admin_client, url, **{field: "Zweite"}))
    page = admin_client.post(url, stale | {field: "Veraltet"}).content.decode()
    assert "neuere Fassung gesichert" in page
    assert "Veraltet" in page
    stored.refresh_from_db()
    assert getattr(stored, field) == "Zweite"


def test_a_list_changes_the_positions_alone_that_were_changed_in_it(admin_client):
    url = reverse("admin:faq_entry_changelist")
    html = admin_client.get(url).content.decode()
    keys = re.findall(r'name="form-(\d+)-id" value="(\d+)"', html)
    shown = dict(re.findall(r'name="initial-form-(\d+)-position" value="(\d+)"', html))
    data = {"form-TOTAL_FORMS": len(keys), "form-INITIAL_FORMS": len(keys), "_save": "1"}
    for place, key in keys:
        data |= {f"form-{place}-id": key, f"form-{place}-position": shown[place]}
        data[f"initial-form-{place}-position"] = shown[place]
    colleague, mine = Entry.objects.get(slug="stornierung"), dict(keys)["0"]
    edit(colleague, position=77)
    assert admin_client.post(url, data | {"form-0-position": 55}).status_code == 302
    assert Entry.objects.get(pk=colleague.pk).position == 77
    assert Entry.objects.get(pk=mine).position == 55


# What somebody may not publish, or may no longer save


def revisions(work):
    before = Revision.objects.current()
    work()
    return Revision.objects.current() - before


def test_a_draft_does_not_make_a_merged_tag_itself_again(editor, reader):
    make_entry("eins", tags=["OLP"]), make_entry("zwei", tags=["Open License"])
    merging.merge(Tag.objects.get(name="OLP"), Tag.objects.get(name="Open License"), who=None)
    url = reverse("admin:faq_entry_add")
    data = filled_in(
        editor, url, title="Neu?", body="Ja.", tags="Open License,", category=Entry.objects.first().category_id
    )
    assert editor.post(url, data).status_code == 302
    assert reader.get("/thema/open-license/").headers["Location"] == "/thema/olp/"
    edit(Entry.objects.get(slug="neu"), status=Entry.PUBLISHED)
    assert reader.get("/thema/open-license/").status_code == 200


def test_a_restored_text_keeps_all_addresses_it_has_had_since(editor, reader):
    entry = make_entry("alt")
    edit(edit(entry, slug="neu"), status=Entry.DRAFT)
    first = Version.objects.filter(entry=entry).order_by("pk").first()
    editor.post(reverse("admin:faq_entry_restore", args=[first.pk]))
    edit(entry, status=Entry.PUBLISHED)
    assert [reader.get(f"/faq/{slug}/").status_code for slug in ("neu", "alt")] == [200, 301]


def test_a_text_from_a_time_as_a_draft_is_published_as_what_it_is(admin_client, reader):
    entry = make_entry("frage", status="draft", body="Aus dem Entwurf.")
    draft = Version.objects.filter(entry=entry).get()
    edit(edit(entry, status=Entry.PUBLISHED), body="Öffentlich.")
    admin_client.post(reverse("admin:faq_entry_restore", args=[draft.pk]))
    admin_client.post(reverse("admin:faq_entry_publish", args=[Entry.rows.get(copy_of=entry).pk]))
    assert "Aus dem Entwurf." in reader.get("/faq/frage/").content.decode()


@pytest.mark.parametrize(
    "meanwhile", ["the draft is public", "the draft is gone", "the copy is public", "the copy is planned"]
)
def test_words_typed_into_a_form_that_can_no_longer_be_saved_are_shown_once_more(editor, meanwhile):
    entry = make_entry("frage", status="draft" if "draft" in meanwhile else "published")
    row = entry if "draft" in meanwhile else working_copies.start_working_copy(entry, who=None)
    typed = filled_in(editor, change_url(row), body="Mühsam formuliert.", note="Nur für uns.")
    if meanwhile == "the draft is public":
        edit(entry, status=Entry.PUBLISHED)
    elif meanwhile == "the draft is gone":
        entries.delete([entry], who=None)
    else:
        later = timezone.now() + timedelta(days=1) if "planned" in meanwhile else None
        working_copies.publish(edit(row, publish_at=later), who=None)
    response = editor.post(change_url(row), typed)
    assert response.status_code in (403, 409)
    page = response.content.decode()
    assert "Mühsam formuliert." in page
    assert "Nur für uns." in page


def test_an_editor_reorders_and_deletes_a_draft_that_a_planned_text_links_to(editor):
    draft = make_walkthrough("ablauf", status="draft", steps=["Eins", "Zwei"])
    copy = working_copies.start_working_copy(make_entry("oeffentlich"), who=None)
    later = timezone.now() + timedelta(days=1)
    working_copies.publish(edit(copy, body="Siehe [dort](faq:ablauf#schritt-2).", publish_at=later), who=None)
    url = change_url(draft)
    assert editor.post(url, filled_in(editor, url, steps__0__DELETE="on")).status_code == 302
    assert Entry.rows.get(pk=copy.pk).body == "Siehe [dort](faq:ablauf#schritt-1)."
    url = reverse("admin:faq_entry_delete", args=[draft.pk])
    assert editor.post(url, {"post": "yes", "links_to": ""}).status_code == 302


# Links that follow


def test_links_follow_a_former_address_that_is_moved_or_renamed(admin_client, reader):
    before, after = make_entry("vorher", aliases=["kuerzel"]), make_entry("nachher")
    linking = make_entry("verweis", body="Siehe [dort](faq:kuerzel).")
    url = reverse("admin:faq_alias_change", args=[before.aliases.get().pk])
    admin_client.post(url, filled_in(admin_client, url, entry=after.pk))
    assert 'href="/faq/nachher/"' in reader.get("/faq/verweis/").content.decode()
    admin_client.post(url, filled_in(admin_client, url, slug="anderes"))
    url = change_url(linking)
    assert admin_client.post(url, filled_in(admin_client, url, title="Noch zu sichern?")).status_code == 302
    assert 'href="/faq/nachher/"' in reader.get("/faq/verweis/").content.decode()


@pytest.mark.parametrize(
    "link", ["[dort][1]\n\n[1]: faq:weg", "[a [b [c]]](faq:weg)", "[dort][1]\n\n[1]: faq:weg 'Titel'"]
)
def test_links_that_no_rule_takes_out_of_a_text_are_named_and_nothing_is_deleted(admin_client, link):
    entry = make_entry("weg")
    linking = make_entry("verweis", title="Wer verweist?", body=f"Siehe {link}")
    url = reverse("admin:faq_entry_delete", args=[entry.pk])
    page = admin_client.post(url, {"post": "yes", "links_to": ""}, follow=True).content.decode()
    assert "Bitte ändern Sie zuerst von Hand, was hierher verweist, in: „Wer verweist?“" in page
    assert Entry.objects.filter(pk=entry.pk).exists()
    linking.refresh_from_db()
    assert linking.body == f"Siehe {link}"


@pytest.mark.parametrize("title", ["Was heißt *neu*?", "Wozu [das](hier)?", "![Bild](x) und `Code`?"])
def test_a_title_that_takes_a_links_place_is_read_as_it_was(admin_client, reader, title):
    entry = make_entry("weg", title=title)
    make_entry("verweis", body="Siehe [](faq:weg), sagt sie.")
    admin_client.post(reverse("admin:faq_entry_delete", args=[entry.pk]), {"post": "yes", "links_to": ""})
    page = reader.get("/faq/verweis/").content.decode()
    assert f"Siehe {escape(title, quote=False)}, sagt sie." in page


def test_what_was_only_planned_leaves_no_title_behind(admin_client, reader):
    entry = make_entry("weg", title="Geheimes neues Produkt?", publish_at=timezone.now() + timedelta(days=9))
    make_entry("verweis", body="Siehe [](faq:weg).")
    admin_client.post(reverse("admin:faq_entry_delete", args=[entry.pk]), {"post": "yes", "links_to": ""})
    assert "Geheimes" not in reader.get("/faq/verweis/").content.decode()


def test_a_public_text_comes_back_not_the_draft_that_somebody_put_in_its_place(admin_client, editor, reader):
    public = make_entry("weg", body="Was alle lasen.")
    entries.delete([public], who=None)
    draft = make_entry("weg", status="draft", body="Ein halber Gedanke.")
    entries.delete([draft], who=None)
    data = {"action": "bring_back", "_selected_action": [Gone.objects.get().pk]}
    admin_client.post(reverse("admin:faq_gone_changelist"), data)
    assert "Was alle lasen." in reader.get("/faq/weg/").content.decode()


def test_a_copy_at_an_address_that_was_taken_meanwhile_is_not_published_and_not_lost(admin_client):
    copy = edit(working_copies.start_working_copy(make_entry("frage"), who=None), slug="begehrt")
    make_entry("begehrt")
    response = admin_client.post(reverse("admin:faq_entry_publish", args=[copy.pk]), follow=True)
    assert "Der Anker „begehrt“ gehört inzwischen zu" in response.content.decode()
    assert Entry.rows.filter(pk=copy.pk).exists()


def test_a_category_of_anchors_alone_that_moves_is_something_readers_see():
    entry = make_entry("umzug", category="alt")
    edit(entry, category=store(Category(slug="neu", title="Neu")))
    assert revisions(lambda: edit(Category.objects.get(slug="alt"), slug="anders")) == 1


def test_a_deleted_tag_is_in_the_history_of_working_copies_too(admin_client):
    copy = working_copies.start_working_copy(make_entry("frage", tags=["Weg", "Bleibt"]), who=None)
    key = Tag.objects.get(name="Weg").pk
    admin_client.post(reverse("admin:faq_tag_delete", args=[key]), {"post": "yes"})
    assert "tags: [Bleibt]" in Version.objects.filter(entry=copy.copy_of, working_copy=True).first().document
