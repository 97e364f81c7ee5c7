"""The links that open a mail with an answer, or with a question about it."""

import re
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from faq.content.documents import Step
from faq.models import Contact, Site
from tests.factories import edit, make_entry, make_walkthrough, store

pytestmark = pytest.mark.django_db


def mails(client, entry):
    """The addresses of the mails that an entry's page begins, by what their links say."""
    html = client.get(entry.get_absolute_url()).content.decode()
    return {label: unescape(url) for url, label in re.findall(r'<a href="(mailto:[^"]*)"[^>]*>(Per [^<]*)</a>', html)}


def sent(client, entry):
    """Subject and text of the mail with the answer, as a mail program opens it."""
    parts = parse_qs(urlsplit(mails(client, entry)["Per E-Mail senden"]).query)
    return parts["subject"][0], parts["body"][0].replace("\r\n", "\n")


@pytest.fixture
def lizenzteam():
    return store(Contact(slug="lizenzteam", name="Lizenzteam", phone="05744 - 944 194"))


def test_a_mail_has_the_answer_as_text_that_reads_well(client, settings, lizenzteam):
    body = """Rufen Sie an: [](kontakt:lizenzteam), mit **Ruhe** & dem [Antrag](offen:antrag).

- eins
    1. a
    2. b
- zwei

3. drittens
4. viertens

| Menge | Preis |
|---|---|
| 5 | 10 € |

Danach ist es gut."""
    subject, text = sent(client, make_entry("frage", title="Was gilt für Größere?", body=body))
    assert subject == "Was gilt für Größere?"
    assert (
        text
        == f"""Was gilt für Größere?

Rufen Sie an: 05744 - 944 194, mit Ruhe & dem Antrag (folgt).

- eins
  1. a
  2. b
- zwei

3. drittens
4. viertens

Menge | Preis
5 | 10 €

Danach ist es gut.

{settings.PUBLIC_URL}/faq/frage/
"""
    )


def test_a_mail_about_a_walkthrough_names_its_steps(client, settings):
    steps = [Step(title="Anrufen", actors="Reseller"), Step(title="Warten")]
    _, text = sent(client, make_walkthrough("weg", title="Wie geht das?", body="Vorab.", steps=steps))
    assert text == f"Wie geht das?\n\nVorab.\n\n1. Anrufen (Reseller)\n2. Warten\n\n{settings.PUBLIC_URL}/faq/weg/\n"


@pytest.mark.parametrize(
    "body",
    ["Über größere Äpfel. " * 200, "ä" * 5000, "\n".join(f"- Punkt {n} ist fällig." for n in range(200)), "ä. " * 900],
)
@pytest.mark.parametrize("title", ["Was?", "Ü" * 300])
def test_a_mail_is_never_longer_than_mail_programs_take_and_ends_with_a_sentence(client, settings, body, title):
    entry = make_entry("lang", title=title, body=body)
    mail = mails(client, entry)["Per E-Mail senden"]
    assert len(mail) <= 1_900
    assert "�" not in unquote(mail)
    *text, said = sent(client, entry)[1].removesuffix(f"\n\n{settings.PUBLIC_URL}/faq/lang/\n").split("\n")
    assert said == "… (weiter unter der Adresse)"
    assert [line for line in text if line and line != title and line[-1] != "."] == []


def test_an_answer_that_fits_is_whole(client):
    _, text = sent(client, make_entry(body="Ein Satz. " * 90))
    assert text.count("Ein Satz.") == 90
    assert "weiter" not in text


def test_a_question_goes_to_whom_the_site_names_once_there_is_an_address(client, settings, lizenzteam):
    entry = make_entry(title="Was gilt?")
    store(Site(pk=1, title="Hilfe", contact=lizenzteam))
    assert list(mails(client, entry)) == ["Per E-Mail senden"]
    edit(lizenzteam, email="lizenzen@example.org")
    mail = mails(client, entry)["Per E-Mail fragen"]
    assert unquote(mail) == (
        "mailto:lizenzen@example.org?subject=Frage: Was gilt?&body=Meine Frage zu „Was gilt?“:"
        f"\r\n\r\n{settings.PUBLIC_URL}/faq/frage/\r\n"
    )
