"""What is pasted into a Markdown field becomes Markdown, and is told what it leaves out."""

import pytest
from django.conf import settings
from django.urls import reverse

from faq import markup
from tests import clipboards
from tests.factories import make_entry, make_walkthrough

pytestmark = pytest.mark.django_db


@pytest.fixture
def paste(admin_client):
    def paste(html, **more):
        response = admin_client.post(reverse("admin:text_paste"), {"html": html} | more)
        assert response.status_code == 200, response.content.decode()
        return response.json()

    return paste


@pytest.mark.parametrize("name", clipboards.NAMES)
def test_each_clipboard_arrives_as_what_it_is(paste, name, seed):
    text, left_out = clipboards.expected(name, settings.PUBLIC_URL)
    assert paste(clipboards.html(name, settings.PUBLIC_URL)) == {"text": text, "left_out": left_out}
    markup.render(text)


def test_a_link_to_a_page_of_this_portal_is_one_to_its_entry_wherever_that_stands_now(paste):
    make_entry("neu", aliases=["alt"])
    make_walkthrough("ablauf", steps=("Anrufen", "Bestellen"))
    links = {
        "/faq/neu/": "faq:neu",
        "/faq/alt/": "faq:neu",
        "/faq/neu.md": "faq:neu",
        "/faq/neu/?utm_source=mail": "faq:neu",
        "/allgemein/#alt": "faq:neu",
        "/faq/ablauf/#schritt-2": "faq:ablauf#schritt-2",
        "/faq/ablauf/#bestellen": "faq:ablauf#bestellen",
        "/allgemein/#ablauf_bestellen": "faq:ablauf#bestellen",
        "/faq/ablauf/#gibt-es-nicht": "faq:ablauf",
        "/faq/gibt-es-nicht/": f"{settings.PUBLIC_URL}/faq/gibt-es-nicht/",
        "/datei/gibt-es-nicht/": f"{settings.PUBLIC_URL}/datei/gibt-es-nicht/",
        "/glossar/#olp": f"{settings.PUBLIC_URL}/glossar/#olp",
        "/allgemein/": f"{settings.PUBLIC_URL}/allgemein/",
    }
    for path, target in links.items():
        assert (
            paste(f'<p>Siehe <a href="{settings.PUBLIC_URL}{path}">dort</a>.</p>')["text"] == f"Siehe [dort]({target})."
        ), path
    assert paste(f"<p>{settings.PUBLIC_URL}/faq/alt/</p>")["text"] == "[](faq:neu)"


@pytest.mark.parametrize(
    ("html", "top", "text"),
    [
        ("<h1>a</h1><h3>b</h3>", 2, "## a\n\n#### b"),
        ("<h3>a</h3><h4>b</h4>", 2, "### a\n\n#### b"),
        ("<h2>a</h2><h3>b</h3>", 4, "#### a\n\n##### b"),
        ("<h1>a</h1><h5>b</h5>", 4, "#### a\n\n###### b"),
    ],
)
def test_headings_keep_their_distance_below_those_of_the_page(paste, html, top, text):
    assert paste(html, top=top)["text"] == text


@pytest.mark.parametrize("html", ["<p>a</p>" * 200_000, "<i>" * 900 + "a", "<ul><li>" * 500 + "a"])
def test_too_much_at_once_is_refused_in_german(admin_client, html):
    response = admin_client.post(reverse("admin:text_paste"), {"html": html})
    assert response.status_code == 400
    assert "zu viel auf einmal" in response.json()["error"]


def test_nothing_that_runs_comes_along(paste):
    made = paste(
        '<p onclick="x()">a <a href="javascript:alert(1)">b</a> <a href=" JaVa\tscript:alert(1)">c</a>'
        '<a href="data:text/html,x">d</a></p><script>alert(1)</script><style>p{}</style><object data="x"></object>'
    )
    assert made == {"text": "a b cd", "left_out": "3 hier nicht mögliche Links, 1 eingebettetes Objekt"}


def test_only_editors_are_answered(client, django_user_model):
    address = reverse("admin:text_paste")
    assert client.post(address, {"html": "<b>a</b>"}).status_code == 302
    client.force_login(django_user_model.objects.create_user("gast", is_staff=True))
    assert client.post(address, {"html": "<b>a</b>"}).status_code == 403
    assert client.get(address).status_code in (403, 405)
