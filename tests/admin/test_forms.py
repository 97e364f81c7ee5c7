"""What the licensing team does in the admin."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from faq.content import kinds
from faq.editing import reviews
from faq.files import storing
from faq.models import (
    Alias,
    Attachment,
    Category,
    Contact,
    Entry,
    Feedback,
    Gap,
    Gone,
    Notice,
    Picture,
    Reference,
    SearchDay,
    SearchQuery,
    Tag,
    Term,
    Version,
    WebLink,
)
from faq.sources import Picture as SourcePicture
from faq.sources import Proposal, Source, decisions
from tests import queries
from tests.drawings import png
from tests.factories import door_open, make_entry
from tests.forms import errors, filled_in
from tests.papers import pdf

pytestmark = pytest.mark.usefixtures("seed")


def change_url(stored):
    return reverse(f"admin:faq_{stored._meta.model_name}_change", args=[stored.pk])


def entry(slug):
    return Entry.objects.complete().get(slug=slug)


def test_saving_an_unchanged_form_leaves_every_document_as_it_was(admin_client):
    before = {e.slug: kinds.files(e) for e in Entry.objects.complete()}
    versions = Version.objects.count()
    for found in Entry.objects.all():
        response = admin_client.post(change_url(found), filled_in(admin_client, change_url(found)))
        assert response.status_code == 302, errors(response)
    assert {e.slug: kinds.files(e) for e in Entry.objects.complete()} == before
    assert Version.objects.count() == versions


def test_a_new_question_gets_its_address_from_its_words_and_starts_as_a_draft(admin_client, client):
    url = reverse("admin:faq_entry_add")
    data = filled_in(admin_client, url, title="Wie läuft die Kündigung für Größere?", body="So.", tags="")
    data["category"] = Category.objects.get(slug="vlsc").pk
    assert admin_client.post(url, data).status_code == 302
    assert entry("wie-laeuft-die-kuendigung-fuer-groessere").status == Entry.DRAFT
    assert client.get("/faq/wie-laeuft-die-kuendigung-fuer-groessere/").status_code == 404


def test_a_new_walkthrough_is_saved_with_its_steps(admin_client, client):
    url = reverse("admin:faq_entry_add")
    data = filled_in(admin_client, url, title="Wie geht das?", kind="walkthrough", status="published", body="", tags="")
    step = dict.fromkeys(("place", "section", "duration", "applies_to", "needs", "gets", "id", "entry"), "")
    step |= {"title": "Anrufen", "body": "Siehe [dort](faq:stornierung)."}
    data |= {"category": Category.objects.get(slug="vlsc").pk, "steps-TOTAL_FORMS": "1"}
    assert admin_client.post(url, data | {f"steps-0-{name}": value for name, value in step.items()}).status_code == 302
    assert 'href="/faq/stornierung/"' in client.get("/faq/wie-geht-das/").content.decode()


def test_a_changed_text_is_public_at_once_and_dated_today(admin_client, client):
    url = change_url(entry("stornierung"))
    admin_client.post(url, filled_in(admin_client, url, body="Ganz neu formuliert."))
    assert "Ganz neu formuliert." in client.get("/faq/stornierung/").content.decode()
    assert entry("stornierung").updated is not None


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Office 365", ["Office 365"]),
        ("EDU, Office 365,", ["EDU", "Office 365"]),
        ('"Heute, morgen", EDU', ["EDU", "Heute, morgen"]),
    ],
)
def test_commas_alone_part_tags(admin_client, typed, names):
    url = change_url(entry("stornierung"))
    assert admin_client.post(url, filled_in(admin_client, url, tags=typed)).status_code == 302
    assert sorted(tag.name for tag in entry("stornierung").tag_list) == names
    admin_client.post(url, filled_in(admin_client, url))
    assert sorted(tag.name for tag in entry("stornierung").tag_list) == names


def test_a_changed_slug_leaves_the_former_one_behind_by_itself(admin_client, client):
    url = change_url(entry("stornierung"))
    response = admin_client.post(url, filled_in(admin_client, url, slug="storno"), follow=True)
    assert "Der frühere Anker „stornierung“ führt weiterhin hierher." in response.content.decode()
    assert client.get("/faq/stornierung/").headers["Location"] == "/faq/storno/"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("Gut.\r\n\r\n[hier](faq:gibt-es-nicht)", "Zeile 3: Das Linkziel „faq:gibt-es-nicht“ gibt es nicht."),
        (
            "[x](faq:bestellvorgang-olp#schritt-10)",
            "Zeile 1: Das Linkziel „faq:bestellvorgang-olp#schritt-10“ gibt es nicht.",
        ),
        ("[x](faq:stornierung#schritt-1)", "Das Linkziel „faq:stornierung#schritt-1“ gibt es nicht."),
        ("[x](kontakt:niemand)", "Zeile 1: Das Linkziel „kontakt:niemand“ gibt es nicht."),
        ("a\r\n![Bild](https://example.org/x.png)", "Zeile 2: Bilder von anderswo sind hier nicht"),
        ("[x](javascript:alert(1))", "Zeile 1: Unbekanntes Linkziel „javascript:alert(1)“"),
        ("a\r\n```\r\nohne Ende", "Zeile 2: Dieser Code-Block wird nicht geschlossen"),
    ],
)
def test_a_faulty_text_is_refused_at_its_field_with_the_line(admin_client, body, message):
    url, before = change_url(entry("stornierung")), entry("stornierung").body
    response = admin_client.post(url, filled_in(admin_client, url, body=body))
    assert any(message in text for text in errors(response)), errors(response)
    assert entry("stornierung").body == before


def test_a_link_to_no_address_or_to_one_that_is_just_given_up_is_refused(admin_client, client):
    """An entry's own addresses are right in its texts, but for one that a working copy never had before readers."""
    data = filled_in(admin_client, reverse("admin:faq_entry_add"), title="Wohin?", body="[hier](faq:)")
    data["category"] = entry("stornierung").category.pk
    assert "Linkziel" in admin_client.post(reverse("admin:faq_entry_add"), data).content.decode()
    copy = admin_client.post(reverse("admin:faq_entry_copy", args=[entry("stornierung").pk])).headers["Location"]
    between = filled_in(admin_client, copy, slug="zwischen", body="[oben](faq:zwischen)")
    assert admin_client.post(copy, between).status_code == 302
    assert "Linkziel" in admin_client.post(copy, filled_in(admin_client, copy, slug="endlich")).content.decode()


def test_a_faulty_step_is_refused_at_its_field(admin_client):
    url = change_url(entry("bestellvorgang-olp"))
    response = admin_client.post(url, filled_in(admin_client, url, steps__0__body="a\r\n## Kein Abschnitt"))
    assert any("Zeile 2: In einem Ablauf beginnen" in text for text in errors(response))


@pytest.mark.parametrize("slug", ["ansprechpartner", "vlsc", "alter-anker", "faq", "schritt-3", "Groß"])
def test_an_address_that_is_taken_or_reserved_is_refused(admin_client, slug):
    with door_open():
        Alias.objects.create(slug="alter-anker", entry=entry("mindestanzahl"))
    url = change_url(entry("stornierung"))
    response = admin_client.post(url, filled_in(admin_client, url, slug=slug))
    assert response.status_code == 200
    assert entry("stornierung").pk


def test_a_step_moved_to_another_place_takes_the_links_to_it_along(admin_client):
    url = change_url(entry("stornierung"))
    admin_client.post(url, filled_in(admin_client, url, body="Siehe [dort](faq:bestellvorgang-olp#schritt-2)."))
    url = change_url(entry("bestellvorgang-olp"))
    data = filled_in(admin_client, url, steps__1__place="1", steps__0__place="2")
    response = admin_client.post(url, data, follow=True)
    assert "Links darauf wurden angepasst" in response.content.decode()
    assert entry("stornierung").body == "Siehe [dort](faq:bestellvorgang-olp#schritt-1)."
    assert entry("bestellvorgang-olp").steps.first().title.startswith("Bestellung der gewünschten")


def test_a_deleted_step_leaves_links_to_the_walkthrough(admin_client):
    url = change_url(entry("stornierung"))
    admin_client.post(url, filled_in(admin_client, url, body="Siehe [dort](faq:bestellvorgang-olp#schritt-9)."))
    url = change_url(entry("bestellvorgang-olp"))
    admin_client.post(url, filled_in(admin_client, url, steps__8__DELETE="on"))
    assert entry("stornierung").body == "Siehe [dort](faq:bestellvorgang-olp)."
    assert entry("bestellvorgang-olp").steps.count() == 8


@pytest.mark.parametrize(
    ("slug", "changes", "message"),
    [
        ("stornierung", {"kind": "walkthrough"}, "Ein Ablauf braucht mindestens einen Schritt."),
        ("bestellvorgang-olp", {"kind": "question"}, "Nur ein Ablauf hat Schritte"),
        ("bestellvorgang-olp", {"steps__8__section": ""}, "Nach einem Abschnitt gehört jeder Schritt"),
    ],
)
def test_steps_that_do_not_fit_are_refused(admin_client, slug, changes, message):
    url = change_url(entry(slug))
    response = admin_client.post(url, filled_in(admin_client, url, **changes))
    assert message in response.content.decode()


def test_tags_keep_their_order_and_their_spelling(admin_client):
    url = change_url(entry("bestellvorgang-olp"))
    admin_client.post(url, filled_in(admin_client, url, tags="vlsc, OLP, Bestellung, Neues Thema"))
    assert [tag.name for tag in entry("bestellvorgang-olp").tag_list] == ["OLP", "Bestellung", "VLSC", "Neues Thema"]


def test_all_gaps_are_listed_with_the_entries_that_hold_them(admin_client):
    page = admin_client.get(reverse("admin:faq_gap_changelist")).content.decode()
    assert Gap.objects.count() == 6
    for gap in Gap.objects.all():
        assert gap.name in page
        for reference in gap.references.all():
            assert reference.entry.title in page


def test_a_contact_in_use_cannot_be_deleted_and_a_new_number_shows_everywhere(admin_client, client):
    contact = Contact.objects.get(slug="lizenzteam")
    admin_client.post(reverse("admin:faq_contact_delete", args=[contact.pk]), {"post": "yes"})
    assert Contact.objects.filter(pk=contact.pk).exists()
    before = entry("ansprechpartner").changed
    admin_client.post(change_url(contact), filled_in(admin_client, change_url(contact), phone="05744 - 1 23 45"))
    assert "05744 - 1 23 45" in client.get("/faq/ansprechpartner/").content.decode()
    assert entry("ansprechpartner").changed == before


def test_a_contact_needs_a_way_to_reach_it(admin_client):
    url = reverse("admin:faq_contact_add")
    response = admin_client.post(url, filled_in(admin_client, url, name="Niemand", slug="niemand"))
    assert "Bitte geben Sie Telefon, E-Mail oder Seite an." in response.content.decode()


def test_a_spelling_added_to_a_term_is_found_at_the_next_search(admin_client, client):
    assert client.get("/suche.json?q=Zapfenstreich").json()["results"] == []
    term = Term.objects.get(slug="welcome-letter")
    spellings = "\r\n".join([*term.search, "Zapfenstreich"])
    response = admin_client.post(change_url(term), filled_in(admin_client, change_url(term), search=spellings))
    assert response.status_code == 302, errors(response)
    results = client.get("/suche.json?q=Zapfenstreich").json()["results"]
    assert results[0]["slug"] == "bestellvorgang-open-value"


def test_a_renamed_tag_is_renamed_in_every_document(admin_client):
    tag = Tag.objects.get(name="EDU")
    admin_client.post(change_url(tag), filled_in(admin_client, change_url(tag), name="Bildung"))
    assert "tags: [Bildung, GOV]" in "".join(kinds.files(entry("spezielle-gruppen")).values())


def test_a_former_address_can_be_added_and_taken_away_by_hand(admin_client, client):
    url = reverse("admin:faq_alias_add")
    admin_client.post(url, filled_in(admin_client, url, slug="kuendigung", entry=entry("stornierung").pk))
    assert client.get("/faq/kuendigung/").status_code == 301
    alias = Alias.objects.get(slug="kuendigung")
    admin_client.post(reverse("admin:faq_alias_delete", args=[alias.pk]), {"post": "yes"})
    assert client.get("/faq/kuendigung/").status_code == 404


# Who may open what: the status for somebody not logged in, Redaktion, Freigabe and a superuser. Whoever has shown the password
# but not the second factor, or has an account without any right, opens none of it.
WHO_MAY = {
    "302 200 200 200": """
        index guide digest figures figures_csv search_explain replace password_change password_change_done jsi18n
        faq_entry_changelist faq_entry_add faq_entry_change faq_entry_history faq_entry_compare faq_entry_pair faq_entry_in_work
        faq_attachment_add faq_gap_close faq_gone_changelist faq_gone_change faq_gone_history
        faq_alias_changelist faq_alias_change faq_alias_history
        faq_picture_delete
        faq_term_propose faq_contact_propose faq_tag_propose faq_notice_propose faq_category_propose faq_site_propose faq_gap_propose
        faq_term_propose_new faq_contact_propose_new faq_tag_propose_new faq_notice_propose_new faq_category_propose_new
        faq_attachment_changelist faq_attachment_change faq_attachment_history faq_attachment_file
        faq_picture_changelist faq_picture_add faq_picture_change faq_picture_history faq_picture_file
        faq_category_changelist faq_category_change faq_category_history
        faq_contact_changelist faq_contact_change faq_contact_history
        faq_gap_changelist faq_gap_change faq_gap_history
        faq_site_change faq_site_history
        faq_tag_changelist faq_tag_change faq_tag_history
        faq_term_changelist faq_term_change faq_term_history
        faq_version_changelist faq_version_change faq_version_history
        faq_notice_changelist faq_notice_change faq_notice_history
        faq_searchquery_changelist faq_searchquery_change faq_searchquery_history
        faq_feedback_changelist faq_feedback_change faq_feedback_history
        faq_weblink_changelist faq_weblink_change faq_weblink_history
        faq_review_changelist faq_review_change faq_review_history
        faq_sourcedocument_changelist faq_sourcedocument_add faq_sourcedocument_change faq_sourcedocument_history
        faq_sourcedocument_there faq_sourcedocument_remove
    """,
    "302 403 200 200": """
        faq_notice_add faq_notice_delete faq_searchquery_spelling
        exchange exchange_download exchange_entries exchange_gaps
        faq_entry_delete faq_attachment_erase faq_picture_erase faq_weblink_replace
        faq_alias_add faq_alias_delete faq_attachment_delete faq_category_add faq_category_delete faq_contact_add faq_contact_delete
        faq_tag_add faq_tag_delete faq_term_add faq_term_delete
    """,
    "302 403 403 403": """
        autocomplete faq_gap_add faq_gap_delete faq_gone_add faq_gone_delete faq_site_add faq_site_delete
        faq_version_add faq_version_delete faq_searchquery_add faq_searchquery_delete faq_feedback_add faq_feedback_delete
        faq_weblink_add faq_weblink_delete faq_review_add faq_review_delete faq_sourcedocument_delete faq_site_propose_new faq_gap_propose_new
    """,
    "302 403 403 200": """
        auth_group_changelist auth_group_add auth_group_change auth_group_delete auth_group_history
        auth_user_changelist auth_user_add auth_user_change auth_user_delete auth_user_password_change
    """,
    # Of accounts that are no editors' nobody but a superuser is told that there are any.
    "302 302 302 200": "auth_user_history",
    # Only sent, never opened; who may do it is tested with what it does.
    "302 405 405 405": """
        logout exchange_confirm faq_entry_copy faq_entry_discard faq_entry_publish faq_entry_hold_back faq_entry_restore faq_entry_take_over
        faq_review_comment faq_review_take faq_review_hand_back faq_review_withdraw faq_review_publish faq_sourcedocument_decide
        faq_entry_still_true faq_entry_change_many faq_feedback_done faq_weblink_check editing text_targets text_create text_shown text_written text_paste
    """,
    # Of what is public already; and of no picture.
    "302 404 404 404": "faq_entry_submit faq_sourcedocument_picture",
    "302 302 302 302": "login faq_site_changelist resume",
}
# Leads on to a page by its kind and number, or by its address; the list of one app.
ELSEWHERE = {"view_on_site", "edit", "app_list"}


@pytest.fixture
def people(client, admin_user):
    """Clients of somebody not logged in, of both groups, and of a superuser."""
    clients = [client]
    for name in ("Redaktion", "Freigabe"):
        user = User.objects.create_user(name.lower(), password="x", is_staff=True)
        user.groups.add(Group.objects.get(name=name))
        clients.append(Client())
        clients[-1].force_login(user)
    clients.append(Client())
    clients[-1].force_login(admin_user)
    return clients


@pytest.fixture
def one_of_each(seed):
    """Something of every kind that the admin shows."""
    SearchDay.objects.create(query=SearchQuery.objects.create(text="hololens"), day=timezone.localdate(), count=1)
    Feedback.objects.create(entry=entry("stornierung"), helpful=False)
    web = WebLink.objects.create(url="https://a.example")
    reviews.submit(make_entry("neu", status="draft"), who=None)
    shown = {"fenster": SourcePicture("fenster.png", png())}
    decisions.take_in(
        "fragen.docx", Source((Proposal("question", "Neu?", "![Ein Fenster](bild:fenster)"),), shown), who=None
    )
    with storing.no_orphans(), door_open():
        Alias.objects.create(slug="frueher", entry=entry("stornierung"))
        Gone.objects.create(slug="weg", title="Weg", path="allgemein/weg.md")
        Notice.objects.create(slug="stoerung", text="Störung")
        Reference.objects.create(entry=entry("stornierung"), kind="web", web=web)
        stored = storing.store("a.pdf", pdf())
        Attachment.objects.create(slug="a", title="A", name="a.pdf", stored=stored, was_public=True)
        Picture.objects.create(slug="b", description="Ein Fenster", name="b.png", stored=storing.store("b.png", png()))


def admin_addresses():
    """The address of every page of the admin, by name, with the number of something there is."""
    for pattern in admin.site.urls[0]:
        for inner in getattr(pattern, "url_patterns", [pattern]):
            if inner.name and inner.name not in ELSEWHERE:
                app, _, rest = inner.name.partition("_")
                keys = str(inner.pattern).count("<")
                model = apps.get_model(app, rest.partition("_")[0]) if keys else None
                args = [model.objects.first().pk] * keys if model else []
                yield inner.name, reverse(f"admin:{inner.name}", args=args)


def status(person, url):
    response = person.get(url)
    if response.streaming:
        list(response)  # a download keeps its file open until it was read
    return str(response.status_code)


@pytest.mark.parametrize("name", ["Freigabe", "superuser", "no rights"])
def test_no_address_of_the_admin_opens_before_all_is_shown(people, one_of_each, settings, name):
    settings.SECOND_FACTOR = True
    nobody = Client()
    nobody.force_login(User.objects.create_user("nobody", password="x"))
    person = {"Freigabe": people[2], "superuser": people[3], "no rights": nobody}[name]
    for address, url in admin_addresses():
        got, posted = person.get(url), person.post(url, {"post": "yes", "_save": ""})
        assert {got.status_code, posted.status_code} <= ({302, 403} if address == "login" else {302}), address
        assert (
            got.headers.get("Location", "").startswith(("/admin/login/", "/konto/2fa/", "/admin/"))
            or address == "login"
        )
        assert got.content == b"" or address == "login"


def test_every_address_of_the_admin_opens_for_those_it_is_meant_for(people, one_of_each):
    allowed = {name: statuses for statuses, names in WHO_MAY.items() for name in names.split()}
    found = {name: " ".join(status(person, url) for person in people) for name, url in admin_addresses()}
    assert found == allowed


def test_to_look_at_the_admin_writes_nothing(people, one_of_each):
    for address, url in admin_addresses():
        if address == "login":  # it ends the session of who may not come in
            continue
        with queries.written() as found:
            status(people[3], url)
        assert (address, found) == (address, [])


def test_pages_of_the_admin_are_german_and_forbid_inline_code(admin_client, one_of_each):
    for name, url in admin_addresses():
        if name not in WHO_MAY["302 200 200 200"].split() or name in (
            "jsi18n",
            "faq_attachment_file",
            "faq_picture_file",
            "figures_csv",
        ):
            continue
        response = admin_client.get(url)
        assert '<html lang="de"' in response.content.decode()
        assert "unsafe" not in response.headers["Content-Security-Policy"]
