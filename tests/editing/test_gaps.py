"""What a text promises and does not yet deliver is closed in one place."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from faq.editing import working_copies
from faq.markup import plain_text
from faq.models import Category, Entry, Gap, Revision, Site, Step, Term, Version
from tests.factories import door_open, edit, make_entry
from tests.forms import errors, filled_in

pytestmark = pytest.mark.usefixtures("seed")

LINK = "https://www.example.org/eagreement?a=1&b=2"


@pytest.fixture
def close_url():
    return reverse("admin:faq_gap_close", args=[Gap.objects.get(slug="eagreement").pk])


def test_a_closed_gap_is_a_link_wherever_it_stood(admin_client, admin_user, client, close_url):
    url = reverse("admin:faq_entry_change", args=[Entry.objects.get(slug="stornierung").pk])
    admin_client.post(
        url, filled_in(admin_client, url, body="Auch hier: [](offen:eagreement). `[x](offen:eagreement)`")
    )
    assert "Wie kann ich falsche Bestellungen stornieren?" in admin_client.get(close_url).content.decode()

    admin_client.post(close_url, {"target": LINK})

    page = client.get("/faq/bestellvorgang-open-value/").content.decode()
    assert '<a href="https://www.example.org/eagreement?a=1&amp;b=2">Beschreibung eAgreement</a>' in page
    assert "„Beschreibung eAgreement“ folgt noch" not in page
    body = Entry.objects.get(slug="stornierung").body
    assert body == f"Auch hier: [Beschreibung eAgreement]({LINK}). `[x](offen:eagreement)`"
    version = Version.objects.filter(entry__slug="stornierung").first()
    assert (version.who, version.why) == (admin_user, "Offene Stelle „Beschreibung eAgreement“ geschlossen")
    assert Gap.objects.open().count() == 5


def test_a_working_copy_is_not_left_with_a_closed_gap(admin_client, close_url):
    entry = Entry.objects.get(slug="bestellvorgang-open-value")
    admin_client.post(reverse("admin:faq_entry_copy", args=[entry.pk]))
    admin_client.post(close_url, {"target": LINK})
    copy = Entry.rows.get(copy_of=entry)
    assert not copy.links_out.filter(gap__slug="eagreement").exists()
    assert LINK in copy.steps.get(number=3).body


@pytest.mark.parametrize(
    "target", ["", "irgendwo", "javascript:alert(1)", "https://a b", "datei:edu-antrag", "https://x)("]
)
def test_a_gap_is_not_closed_with_what_leads_nowhere(admin_client, close_url, target):
    assert errors(admin_client.post(close_url, {"target": target}))
    assert Gap.objects.open().count() == 6


def test_a_pipeline_can_wait_for_the_last_gap(capsys):
    with pytest.raises(CommandError, match="6 offene Stellen"):
        call_command("check_gaps")
    assert "Hilfe vom VLSC-Support (vlsc-support-link): An wen kann ich mich wenden" in capsys.readouterr().out
    with door_open():
        for entry in Entry.objects.all():
            entry.links_out.filter(kind="offen").delete()
    call_command("check_gaps")


@pytest.mark.parametrize(
    ("model", "field"),
    [(Category, "intro"), (Term, "definition"), (Site, "intro"), (Site, "imprint_text"), (Step, "body")],
)
def test_a_gap_is_closed_in_every_kind_of_text(admin_client, close_url, model, field):
    stored = model.objects.first()
    form_of, name = (stored.entry, f"steps__0__{field}") if model is Step else (stored, field)
    url = reverse(f"admin:faq_{form_of._meta.model_name}_change", args=[form_of.pk])
    response = admin_client.post(url, filled_in(admin_client, url, **{name: "Bald: [das](offen:eagreement)."}))
    assert response.status_code == 302, errors(response)
    admin_client.post(close_url, {"target": LINK})
    assert f"Bald: [das]({LINK})." in [getattr(row, field) for row in model.objects.all()]
    assert not Gap.objects.get(slug="eagreement").references.exists()


@pytest.mark.parametrize("slug", ["bestellvorgang-olp", "bestellvorgang-open-value"])
def test_whoever_is_sent_to_write_to_the_team_is_told_that_its_address_is_still_to_come(client, slug):
    text = plain_text(client.get(f"/faq/{slug}/").content.decode())
    assert "Per Telefon (05744 - 944 194) oder E-Mail an das Lizenzteam (folgt)." in text
    assert (
        "„E-Mail an das Lizenzteam“ folgt noch. Bis dahin helfen wir Ihnen gern persönlich weiter: Lizenzteam" in text
    )


def test_a_renamed_gap_is_fresh_on_every_page_and_in_the_history(admin_client, client):
    make_entry("lose", body="Siehe [](offen:eagreement).")
    gap, before = Gap.objects.get(slug="eagreement"), Revision.objects.current()
    url = reverse("admin:faq_gap_change", args=[gap.pk])
    admin_client.post(url, filled_in(admin_client, url, name="Leitfaden eAgreement"))
    assert Revision.objects.current() == before + 1
    assert "Leitfaden eAgreement" in client.get("/faq/lose/").content.decode()
    assert client.get("/suche.json?q=Leitfaden").json()["results"][0]["slug"] == "lose"
    names = Version.objects.filter(path="_gaps.yaml#eagreement").values_list("document", flat=True)
    assert ["Leitfaden" in name for name in names] == [True, False]


def test_the_note_of_a_gap_is_nobody_elses_business(admin_client):
    before = Revision.objects.current()
    url = reverse("admin:faq_gap_change", args=[Gap.objects.get(slug="eagreement").pk])
    admin_client.post(url, filled_in(admin_client, url, note="Herr Muster fragt nach."))
    assert (Revision.objects.current(), Gap.objects.get(slug="eagreement").note) == (before, "Herr Muster fragt nach.")


def test_an_address_to_write_to_closes_a_gap(admin_client, client):
    url = reverse("admin:faq_gap_close", args=[Gap.objects.get(slug="lizenzteam-e-mail").pk])
    assert "oder eine E-Mail-Adresse" in admin_client.post(url, {"target": "lizenz@"}).content.decode()
    admin_client.post(url, {"target": "lizenz@example.org"})
    page = client.get("/faq/bestellvorgang-olp/").content.decode()
    assert '<a href="mailto:lizenz@example.org">E-Mail an das Lizenzteam</a>' in page


# Who may not publish


HAS_IT = "Bald: [das](offen:eagreement)."
CLOSED = f"Bald: [das]({LINK})."


@pytest.fixture
def redaktion(client):
    user = User.objects.create_user("rita", is_staff=True)
    user.groups.add(Group.objects.get(name="Redaktion"))
    client.force_login(user)
    return client


def test_redaktion_closes_a_gap_in_drafts_and_in_working_copies_of_what_is_public(redaktion, admin_client, close_url):
    make_entry("entwurf", title="Ein Entwurf?", body=HAS_IT, status="draft")
    with_copy = make_entry("mit-kopie", title="Mit Kopie?", body=HAS_IT)
    copy = edit(working_copies.start_working_copy(with_copy, who=None), title="Mit neuer Frage?")
    public = Entry.objects.get(slug="bestellvorgang-open-value")
    before = Revision.objects.current()
    assert "Arbeitskopie" in redaktion.get(close_url).content.decode()

    page = redaktion.post(close_url, {"target": LINK}, follow=True).content.decode()

    made = Entry.rows.get(copy_of=public)
    for changed in (made, copy, Entry.objects.get(slug="entwurf")):
        assert f'<a href="{reverse("admin:faq_entry_change", args=[changed.pk])}">' in page
    assert "ist geschlossen, sobald das veröffentlicht ist" in page
    assert [entry.body for entry in Entry.rows.filter(slug__in=["entwurf", "mit-kopie"]).order_by("copy_of")].count(
        CLOSED
    ) == 2
    assert Entry.rows.get(pk=copy.pk).title == "Mit neuer Frage?"
    assert LINK in made.steps.get(number=3).body
    assert Entry.objects.get(slug="mit-kopie").body == HAS_IT
    assert Revision.objects.current() == before

    for entry in (made, copy):
        admin_client.post(reverse("admin:faq_entry_publish", args=[entry.pk]))
    assert not Gap.objects.open().filter(slug="eagreement").exists()


def test_redaktion_is_told_which_texts_only_a_publisher_changes(redaktion, close_url):
    freigabe = User.objects.create_user("frieda", is_staff=True)
    freigabe.groups.add(Group.objects.get(name="Freigabe"))
    edit(Category.objects.get(slug="vlsc"), intro=HAS_IT)
    edit(Site.objects.get(), intro=HAS_IT)
    page = plain_text(redaktion.post(close_url, {"target": LINK}, follow=True).content.decode())
    assert "Hier ändert es nur, wer veröffentlicht, die Gruppe Freigabe (frieda): " in page
    told = page.partition("(frieda): ")[2][:100]
    assert str(Category.objects.get(slug="vlsc")) in told
    assert str(Site.objects.get()) in told
    assert Category.objects.get(slug="vlsc").intro == HAS_IT


def test_redaktion_leaves_a_planned_version_as_it_is(redaktion, close_url):
    entry = make_entry("geplant", title="Geplant?", body="Alt.")
    copy = edit(
        working_copies.start_working_copy(entry, who=None), body=HAS_IT, publish_at=timezone.now() + timedelta(days=1)
    )
    working_copies.publish(copy, who=None)
    page = plain_text(redaktion.post(close_url, {"target": LINK}, follow=True).content.decode())
    assert "Geplant? (Arbeitskopie)" in page.partition("Hier ändert es nur")[2]
    assert Entry.rows.get(pk=copy.pk).body == HAS_IT
