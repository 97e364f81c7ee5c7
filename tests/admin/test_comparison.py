"""Wherever two states meet an editor reads what changed: fields by their names, the text as readers see it, steps matched up."""

import io
import random
import re
import time
import zipfile
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from faq.editing import html_diff, working_copies
from faq.editing.comparison import Comparison
from faq.models import Attachment, Category, Contact, Entry, Gap, Notice, Site, Term, Version
from tests.factories import door_open, edit, make_category, make_entry, make_walkthrough, store
from tests.forms import filled_in
from tests.papers import pdf

pytestmark = pytest.mark.django_db


def words(page):
    """What one reads of the comparison on a page, with − and + where something went or came; without the lines of the file."""
    found = re.search(r'<div class="compared">(.*?)<details>', page, re.S)[1]
    found = re.sub(r"<del>(.*?)</del>", r"[-\1-]", found, flags=re.S)
    found = re.sub(r"<ins>(.*?)</ins>", r"[+\1+]", found, flags=re.S)
    return " ".join(re.sub(r"<[^>]*>", "", found).split())


def compared(client, entry, **sides):
    return client.get(reverse("admin:faq_entry_compare", args=[entry.pk]), sides).content.decode()


def between(client, entry):
    """The comparison of the newest version with the one before, as the history links it."""
    page = client.get(reverse("admin:faq_entry_history", args=[entry.pk])).content.decode()
    return client.get(re.search(r'href="([^"]*/vergleich/\?a=[^"]*)"', page)[1].replace("&amp;", "&")).content.decode()


def test_fields_are_named_as_in_the_form(admin_client):
    entry = make_entry("eins", title="Was ist OLP?", status="draft", tags=["OLP"])
    url = reverse("admin:faq_entry_change", args=[entry.pk])
    changes = {"tags": "EDU", "status": "published", "title": "Was ist EDU?", "review": "24.12.2026"}
    assert admin_client.post(url, filled_in(admin_client, url, **changes)).status_code == 302
    said = words(between(admin_client, entry))
    for line in (
        "Frage: Was ist [-OLP-][+EDU+]?",
        "Status: [-− Entwurf-] [++ Veröffentlicht+]",
        "Schlagwörter: [-− OLP-] [++ EDU+]",
        "Wieder prüfen am: [++ 24. Dezember 2026+]",
    ):
        assert line in said
    assert "tags" not in said


def test_the_text_is_what_readers_see_with_the_changed_words_marked(admin_client):
    make_entry("ziel", title="Wohin?")
    store(Contact(slug="team", name="Team", phone="05744 1"))
    table = "| Artikel | Preis |\n|---|---|\n| Kabel | 3 € |\n| Maus | 9 € |"
    entry = make_entry("eins", body=f"Siehe [](faq:ziel) und [](kontakt:team).\n\n- eins\n- zwei\n\n{table}")
    edit(entry, body=entry.body.replace("- zwei", "- neu\n- zwei drei").replace("| Maus | 9 €", "| Maus | 8 €"))
    page = between(admin_client, entry)
    assert (
        f'<a href="/faq/ziel/" data-address="{settings.PUBLIC_URL}/faq/ziel/">Wohin?</a> und <a href="tel:+4957441">05744 1</a>'
        in page
    )
    page = re.sub(r"\s*\n\s*", "", page)
    assert "<ul><li>eins</li><li><ins>neu</ins></li><li>zwei<ins> drei</ins></li></ul>" in page
    assert "<td>Maus</td><td><del>9</del><ins>8</ins> €</td>" in page


def test_steps_are_matched_up_by_their_names(admin_client):
    entry = make_walkthrough("ablauf", steps=["Anrufen", "Bestellen", "Warten", "Bezahlen", "Auspacken"])
    copy = working_copies.start_working_copy(entry, who=None)
    url = reverse("admin:faq_entry_change", args=[copy.pk])
    changes = {"steps__0__place": "9", "steps__1__title": "Schriftlich bestellen", "steps__2__DELETE": "on"}
    changes |= {"steps__3__body": "Per Rechnung.", "steps__5__title": "Lachen", "steps__5__place": ""}
    posted = filled_in(admin_client, url) | {"steps-TOTAL_FORMS": "6"}
    posted |= {name.replace("__", "-"): value for name, value in changes.items()}
    assert admin_client.post(url, posted).status_code == 302
    said = words(compared(admin_client, entry))
    assert "Schritt 1: Schriftlich bestellen Schritt: [-Bestellen-][+Schriftlich bestellen+]" in said
    assert "[-Schritt 3 (entfällt): Warten-]" in said
    assert "Schritt [-1-] → [+4+] (verschoben): Anrufen" in said
    assert "[+Schritt 5 (neu): Lachen+]" in said
    assert "[+Per Rechnung.+]" in said
    assert "Auspacken" not in said
    assert "1 weiterer Schritt ist unverändert" in said


def test_times_are_those_of_berlin(admin_client):
    entry = edit(make_entry("eins"), body="Neu.")
    first, second = entry.versions.order_by("pk")
    with door_open():
        Version.objects.update(when=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    assert "02.07.2026 00:30" in compared(admin_client, entry, a=first.pk, b=second.pk)
    assert "02.07.2026 00:30" in str(Version.objects.first())


# Of every kind: what is stored, what somebody changes, and what the comparison says.
KINDS = {
    "entry": (lambda: make_entry("eins"), {"title": "Anders eins?"}, "Frage: [-Frage-][+Anders+] eins?"),
    "category": (
        lambda: make_category("leer", title="Leer"), {"title": "Voll", "intro": "Neu hier."}, "Titel: [-Leer-][+Voll+]"
    ),
    "term": (lambda: store(Term(slug="olp", name="OLP")), {"definition": "Ein **Programm**."}, "[+Ein Programm.+]"),
    "contact": (lambda: store(Contact(slug="team", name="Team", phone="1")), {"phone": "2"}, "Telefon: [-1-][+2+]"),
    "gap": (lambda: make_entry("eins", body="[Gesetz](offen:gesetz)") and Gap.objects.get(), {"name": "Das Gesetz"}, "Was fehlt: [+Das +]Gesetz"),
    "notice": (lambda: store(Notice(slug="s", text="Störung")), {"ends": datetime(2026, 12, 24, 9, tzinfo=UTC)}, "Bis: [++ 24. Dezember 2026, 10:00+]"),
    "site": (lambda: store(Site(pk=1, title="Hilfe")), {"imprint_text": "Wir **hier**."}, "[+Wir hier.+]"),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_the_history_of_every_kind_says_what_changed(admin_client, name):
    make, changes, said = KINDS[name]
    edit(make(), **changes)
    version = Version.objects.first()
    page = admin_client.get(reverse("admin:faq_version_change", args=[version.pk])).content.decode()
    assert said in words(page)


def test_a_replaced_file_is_named(admin_client, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    upload = SimpleUploadedFile("antrag.pdf", pdf())
    url = reverse("admin:faq_attachment_add")
    admin_client.post(url, {"title": "Antrag", "slug": "antrag", "upload": upload})
    edit(Attachment.objects.get(), title="Der Antrag")
    page = admin_client.get(reverse("admin:faq_version_change", args=[Version.objects.first().pk])).content.decode()
    assert "Titel: [+Der +]Antrag" in words(page)


def test_two_that_ask_the_same_are_compared_that_way(admin_client):
    one, other = make_entry("eins", title="Was kostet das?", tags=["OLP"]), make_entry("zwei", title="Was kostet es?")
    page = admin_client.get(reverse("admin:faq_entry_pair", args=[one.pk, other.pk])).content.decode()
    assert "Anker: [-− eins-] [++ zwei+]" in words(page)
    assert "Schlagwörter: [-− OLP-]" in words(page)


# Of every kind that files have: what stands in one, what somebody made of it there, and here, and what the comparison says.
IN_FILES = {
    "_terms.yaml": (
        "(Autorisierungsnummer)",
        "(rot)",
        ("term", "authorisation-number", "definition"),
        "[-Hier geändert-][+Die Authorisation Number (rot)",
    ),
    "_contacts.yaml": ("0800 50 77777", "0800 1", ("contact", "vlsc-support", "phone"), "Telefon: "),
    "_site.md": (
        "Bestellung, VLSC",
        "Bestellen, VLSC",
        ("site", None, "intro"),
        "[-Hier geändert-][+Antworten auf Ihre Fragen zu Microsoft-Volumenlizenzen: Bestellen",
    ),
    "vlsc/_category.md": ("title: ", "title: Neu ", ("category", "vlsc", "title"), "Titel: "),
    "bestellprozess/stornierung.md": ("title: ", "title: Neu ", ("entry", "stornierung", "title"), "Frage: "),
    "_notices.yaml": ("text: Anders", "text: Dort", ("notice", "s", "text"), "[-Hier geändert-][+Dort+]"),
}


def test_conflicts_of_an_import_are_read_that_way_whatever_they_are_of(seed, admin_client):
    store(Notice(slug="s", text="Anders"))
    files = downloaded(admin_client)
    confirm(admin_client, upload(admin_client, files))
    models = {model._meta.model_name: model for model in (Term, Contact, Site, Category, Entry, Notice)}
    for path, (before, after, (kind, slug, field), _) in IN_FILES.items():
        row = models[kind].objects.get(slug=slug) if slug else models[kind].objects.get()
        edit(row, **{field: "05744 9" if field == "phone" else "Hier geändert"})
        assert before in files[path]
        files[path] = files[path].replace(before, after)
    page = upload(admin_client, files).content.decode()
    sections = re.findall(r"<section>.*?</section>", page, re.S)
    assert len([section for section in sections if "in Konflikt" in section]) == len(IN_FILES)
    said = [words(section) for section in sections]
    for *_, expected in IN_FILES.values():
        assert any(expected in one for one in said)


def downloaded(client):
    data = client.get(reverse("admin:exchange_download")).getvalue()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def upload(client, files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return client.post(
        reverse("admin:exchange"), {"file": SimpleUploadedFile("inhalte.zip", data.getvalue())}, follow=True
    )


def confirm(client, page):
    token = page.content.decode().partition('name="upload" value="')[2].partition('"')[0]
    client.post(reverse("admin:exchange_confirm"), {"upload": token})


@pytest.mark.parametrize(
    ("make", "field", "newer", "stale", "said"),
    [
        (lambda: make_entry("eins", body="Alt."), "body", "Neu hier.", "Neu dort.", "Neu [-hier-][+dort+]."),
        (
            lambda: store(Contact(slug="team", name="Team", phone="1")),
            "phone",
            "05744 2",
            "05744 3",
            "Telefon: 05744 [-2-][+3+]",
        ),
        (
            lambda: store(Site(pk=1, title="Hilfe")),
            "imprint_text",
            "Wir hier.",
            "Wir dort.",
            "Wir [-hier-][+dort+].",
        ),
    ],
    ids=["entry", "contact", "site"],
)
def test_a_stale_save_says_what_it_would_change(admin_client, make, field, newer, stale, said):
    row = make()
    url = reverse(f"admin:faq_{row._meta.model_name}_change", args=[row.pk])
    admin_client.post(url, filled_in(admin_client, url, **{field: "Zuerst."}))
    old = filled_in(admin_client, url)
    admin_client.post(url, filled_in(admin_client, url, **{field: newer}))
    page = admin_client.post(url, old | {field: stale}).content.decode()
    assert said in words(page)


def test_a_text_that_is_refused_today_is_shown_in_its_lines(admin_client):
    entry = edit(make_entry("eins", body="Alt."), body="Neu.")
    version = entry.versions.order_by("pk").first()
    with door_open():
        Version.objects.filter(pk=version.pk).update(document=version.document.replace("Alt.", "![Bild](x.png)"))
    page = compared(admin_client, entry, a=version.pk)
    assert "So lässt sich dieser Text nicht zeigen; das sind seine Zeilen" in page
    assert "<del>![</del>" in page or "![" in page


def test_what_is_no_document_any_more_is_shown_in_its_lines(admin_client):
    entry = edit(make_entry("eins"), body="Neu.")
    version = entry.versions.order_by("pk").first()
    with door_open():
        Version.objects.filter(pk=version.pk).update(document="Kein Kopf")
    assert "Kein Kopf" in compared(admin_client, entry, a=version.pk)


def test_the_history_says_of_each_version_what_it_changed(admin_client, admin_user):
    entry = make_walkthrough("ablauf", tags=["OLP"])
    edit(entry, title="Wie läuft es ab?", who=admin_user)
    edit(entry, body="Zuerst.", who=admin_user)
    edit(working_copies.start_working_copy(entry, who=admin_user), body="Zuletzt.")
    page = admin_client.get(reverse("admin:faq_entry_history", args=[entry.pk])).content.decode()
    page = page[page.index("<tbody>") : page.index("</tbody>")]
    cells = [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<td>(.*?)</td>", page)]
    assert cells[4::8] == ["Antwort", "Arbeitskopie angelegt", "Antwort", "Frage", "angelegt"]


def test_a_long_history_comes_in_pages(admin_client, django_assert_max_num_queries):
    entry = make_entry("eins")
    for number in range(30):
        edit(entry, body=f"Fassung {number}.")
    url = reverse("admin:faq_entry_history", args=[entry.pk])
    with django_assert_max_num_queries(15):
        page = admin_client.get(url).content.decode()
    assert page.count("Als alte Fassung") == 25
    assert "Seite 1 von 2" in page
    assert admin_client.get(url + "?p=2").content.decode().count("Als alte Fassung") == 6


# Bounded, and safe


def walkthrough(number, text):
    steps = "".join(f"\n### Schritt {n}\n\n{text} {n}\n" for n in range(1, number + 1))
    return f"---\ntitle: Ablauf?\nkind: walkthrough\n---\n\nIntro.\n{steps}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (walkthrough(60, "Hier steht einmal etwas. " * 25), walkthrough(60, "Hier stand einmal etwas. " * 25)),
        (walkthrough(60, "- a\n" * 100), walkthrough(60, "- b\n" * 100)),
        (walkthrough(60, "[" * 300), walkthrough(60, "](" * 300)),
        (walkthrough(3, "*a **b " * 1400), walkthrough(3, "**a *b " * 1400)),
        (walkthrough(1, "> " * 200 + "a"), walkthrough(1, "> " * 200 + "b")),
        (walkthrough(2, "| a | b |\n|---|---|\n" + "| a | b |\n" * 1500), walkthrough(2, "| a | b |\n|---|---|\n" + "| b | b |\n" * 1500)),
    ],
)  # fmt: skip
def test_a_comparison_of_long_or_hostile_texts_ends(old, new):
    began = time.process_time()
    comparison = Comparison(old, new, "allgemein/ablauf.md")
    for step in comparison.steps:
        assert step.text.html or step.text.lines
    assert comparison.lines
    assert time.process_time() - began < 4


class Tags(HTMLParser):
    """Whether each tag is closed where it was opened, and the words in and outside of <del> and <ins>."""

    def __init__(self, html):
        super().__init__()
        self.open, self.old, self.new, self.text = [], "", "", True
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        if "small" not in self.open:
            self.old += "" if "ins" in self.open else text
            self.new += "" if "del" in self.open else text


def random_html(rng, depth=0):
    parts = []
    for _ in range(rng.randrange(1, 5)):
        kind = rng.choice(["p", "p", "ul", "table", "div"]) if depth < 3 else "p"
        said = " ".join(
            rng.choice(["eins", "zwei", "&lt;b&gt;", '<a href="/x/">drei</a>', "<strong>vier f</strong>"])
            for _ in range(rng.randrange(1, 6))
        )
        inner = random_html(rng, depth + 1) if depth < 2 else f"<p>{said}</p>"
        parts.append({
            "p": f"<p>{said}</p>", "ul": f"<ul><li>{said}</li><li>{inner}</li></ul>", "div": f'<div class="hinweis">{inner}</div>',
            "table": f"<table><tr><td>{said}</td><td>{said[::1]}</td></tr></table>",
        }[kind])  # fmt: skip
    return "".join(parts)


def test_marked_html_holds_both_texts_and_is_well_formed():
    rng = random.Random(4)
    for _ in range(200):
        old, new = random_html(rng), random_html(rng)
        both = Tags(html_diff.marked(old, new))
        assert re.sub(r"\s", "", both.old) == re.sub(r"\s", "", Tags(old).new)
        assert re.sub(r"\s", "", both.new) == re.sub(r"\s", "", Tags(new).new)


def test_what_somebody_wrote_stays_text(admin_client):
    entry = make_entry("eins", title="<script>alert(1)</script>?", body="<script>alert(2)</script>", tags=["<b>"])
    edit(entry, body="<img src=x onerror=alert(3)>", title="<i>?", note="<script>")
    page = between(admin_client, entry)
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<i>" not in page
