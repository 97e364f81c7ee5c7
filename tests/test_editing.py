"""Working copies, versions, saves that meet each other: nothing an editor did is ever lost."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from faq.content import documents
from faq.models import Entry, Gone, Tag, Version
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
    before, versions = documents.files(entry), Version.objects.count()
    url = change_url(entry)
    data = filled_in(admin_client, url, body="Siehe [Handbuch](offen:handbuch).", steps__0__title="Anrufen")
    page = admin_client.post(url, data | {"_preview": "1"})
    assert "Anrufen" in page.content.decode()
    assert "„Handbuch“" in page.content.decode()
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert "no-store" in page.headers["Cache-Control"]
    assert documents.files(Entry.objects.get(pk=entry.pk)) == before
    assert Version.objects.count() == versions


def test_a_colleague_sees_a_working_copy_by_its_link_without_a_login(editor, reader, stornierung, monkeypatch):
    url = start_copy(editor, stornierung)
    editor.post(url, filled_in(editor, url, body="Für die Kollegin."))
    link = re.search(r'href="[^"]*(/vorschau/[^"]+)"', editor.get(url).content.decode())[1]
    assert "Für die Kollegin." in reader.get(link).content.decode()
    assert reader.get(link[:-2] + "x/").status_code == 404
    monkeypatch.setattr("faq.preview.DAYS", -1)
    assert reader.get(link).status_code == 404


def test_a_hundred_stale_saves_are_all_refused_and_lose_nothing(admin_client, stornierung):
    url = change_url(stornierung)
    stale = filled_in(admin_client, url)
    admin_client.post(url, filled_in(admin_client, url, body="Die neuere Fassung."))
    for number in range(100):
        page = admin_client.post(url, stale | {"body": f"Veraltet {number}."}).content.decode()
        assert "neuere Fassung gesichert" in page
        assert page.count(f"Veraltet {number}.") == 2  # in the field, and beside the newer text
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
    client.logout()
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
    assert Version.objects.filter(entry=stornierung).first().document == first.document


def test_a_restore_of_something_public_is_a_working_copy_first(admin_client, reader, stornierung):
    url = change_url(stornierung)
    admin_client.post(url, filled_in(admin_client, url, body="Neu."))
    first = Version.objects.filter(entry=stornierung, source="import").get()
    admin_client.post(reverse("admin:faq_entry_restore", args=[first.pk]))
    assert "Neu." in reader.get("/faq/stornierung/").content.decode()
    assert "21 Tagen" in Entry.rows.get(copy_of=stornierung).body


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
