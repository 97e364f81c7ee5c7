"""Run inside a portal that has just been started: one of each thing its pages can show, and where they are."""

import datetime
import json
import re

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from faq.content import mapping
from faq.content.documents import Change, Step
from faq.editing import reviews, working_copies
from faq.editing.passages import blocks
from faq.editing.review_text import ReviewText
from faq.editing.writing import action, writing
from faq.files import storing
from faq.models import Alias, Attachment, Entry, Feedback, Notice, Review, SearchQuery, WebLink
from faq.public import errors
from faq.public.preview import preview_link
from faq.sources import Picture as SourcePicture
from faq.sources import Proposal, Source, decisions
from faq.sources import Step as SourceStep
from tests.drawings import png, saved, screenshot, sketch
from tests.factories import delete, door_open, edit, make_entry, make_picture, make_walkthrough, store
from tests.papers import pdf

# Sent, never opened; files; nothing anybody may open.
NO_PAGES = """
logout faq_entry_change_many text_targets text_create exchange_confirm faq_entry_copy faq_entry_discard faq_entry_publish faq_entry_hold_back faq_entry_restore faq_entry_take_over
faq_entry_still_true faq_weblink_check faq_feedback_done exchange_download exchange_entries exchange_gaps figures_csv faq_attachment_file faq_picture_file
jsi18n autocomplete view_on_site app_list login password_change password_change_done resume
faq_gap_add faq_gone_add faq_version_add faq_site_add faq_site_changelist faq_searchquery_add faq_feedback_add
faq_sourcedocument_decide faq_sourcedocument_picture faq_review_add faq_review_comment faq_review_take faq_review_hand_back faq_review_withdraw faq_review_publish
faq_weblink_add faq_gap_propose_new faq_site_propose_new editing text_shown text_written text_paste edit
""".split()
# Wider than a sheet of paper, or a phone; and headings that begin far down.
WIDE = """#### Werte

| Geschäftsfall | Kennziffer der Voranmeldung | Steuerschlüssel am Sachkonto | Prozentsatz im Dialog | Steuertyp laut Stammdaten | Anzeige im Journal |
|---|---|--:|:-:|---|---|
| Einkauf mit Umsatzsteueridentifikationsnummer | 060 | Vorsteuerabzugsberechtigung | 20 | Reverse-Charge-Verfahren | V20-Journalzeile |

{many}

## Befehl

```
{code}
```

#### Danach
"""
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverwaltungsvorschriften"
COLUMNS = [f"Spalte{number:02}" for number in range(1, 15)]
CODE = "Get-MgSubscribedSku -All | Select-Object " + ",".join(f"Eigenschaft{number:02}" for number in range(1, 30))
THIRD = {"username": "erika", "password": "nur-fuer-den-test-9643"}
SECOND = {"username": "zweite", "password": "nur-fuer-den-test-8532"}


def prepare():
    """Write into `prepared.json`: the addresses of the admin's pages and of a preview, and the pages for trouble as HTML."""
    question = Entry.objects.get(slug="mindestanzahl")
    delete(make_entry("geloescht", category="vlsc", title="Wo ist das hin?"))
    with storing.no_orphans(), door_open():
        stored = storing.store("antrag.pdf", pdf())
        Attachment.objects.create(slug="antrag", title="Antrag", name="antrag.pdf", stored=stored, was_public=True)
        Alias.objects.create(slug="mindestmenge", entry=question)
    store(Notice(slug="pause", text="Am **Freitag** sind wir erst ab 10 Uhr da.", entry=question))
    announce()
    many = "\n".join(
        f"| {' | '.join(cells)} |" for cells in (COLUMNS, ["---"] * 14, [f"Lizenzmenge{n:02}" for n in range(14)])
    )
    wide = make_entry(
        "breit",
        title=f"Welche {LONG_WORD}? {'Und was steht dann darin? ' * 7}".strip(),
        status="draft",
        body=WIDE.format(many=many, code=CODE),
    )
    pictures = with_pictures()
    copy = working_copies.start_working_copy(question, who=None)
    edit(copy, body=f"{copy.body}\n\nMehr dazu bei [Microsoft](https://example.org/lizenzen).")
    Feedback.objects.create(entry=question, helpful=False, text="Und bei Schulen?")
    today = timezone.localdate()
    SearchQuery.objects.create(text="minecraft", outcome=SearchQuery.NOTHING).days.create(day=today, count=7, vain=7)
    WebLink.objects.update(checked=timezone.now(), status=404, failures=9)
    who = User.objects.create_superuser(**SECOND)
    User.objects.create_superuser(**THIRD, first_name="Erika", last_name="Muster")
    drafts = [
        make_entry("zum-tippen", title="Was tippen Sie?", status="draft", body="Erste Zeile.\n\nZweite Zeile."),
        make_walkthrough("zum-tippen-schritte", title="Wie tippen Sie?", status="draft"),
    ]
    left = User.objects.create_user("conny", is_staff=True, is_active=False, first_name="Conny", last_name="Conrad")
    edit(make_entry("verlassen", title="Wer macht hier weiter?", status="draft"), body="Angefangen.", who=left)
    with door_open():
        Entry.objects.filter(slug__in=["spezielle-gruppen", "verlassen"]).update(owner=left)
    for text in (pictures, wide, copy):
        hand_over(text, left)
    source = read_in(question)
    request = RequestFactory().get("/")
    troubles = {
        "500": errors.server_error(request),
        "503": errors.unavailable(request),
        "429": errors.too_many(request, 30),
    }
    found = {
        "admin": sorted({*admin_pages(question, copy), reverse("admin:faq_entry_change", args=[copy.pk])}),
        "preview": preview_link(copy, who),
        "wide": preview_link(wide, who),
        "pictures": preview_link(pictures, who),
        "drafts": [reverse("admin:faq_entry_change", args=[draft.pk]) for draft in drafts],
        "source": reverse("admin:faq_sourcedocument_change", args=[source.pk]),
        "troubles": {status: answer.content.decode() for status, answer in troubles.items()},
    }
    (settings.DATA_DIR / "prepared.json").write_text(json.dumps(found))


@action
def announce():
    """Changes of two months, two of them of one day."""
    with writing(source="import") as change:
        entry = Entry.objects.get(slug="stornierung")
        said = (("2026-10-02", "Neue Frist."), ("2026-10-02", LONG_WORD), ("2026-09-01", "Auch bei Open Value."))
        mapping.set_changes(entry, [Change(datetime.date.fromisoformat(day), text) for day, text in said])
        change.record([entry])


def hand_over(text, who):
    """With what is said about it: to words of it, to words that are gone, to all of it."""
    review = reviews.submit(text, who=who, remark="Bitte einmal ganz lesen.\nDanke!")
    for place in ReviewText(*reviews.sides(review)[1]).places:
        block = next(iter(blocks(place.pieces)))
        reviews.comment(review, "Stimmt das so?", who=who, place=place.name, quote=block.words[:30])
    reviews.comment(review, "Das war falsch.", who=who, quote="Was hier einmal stand und nun nicht mehr")
    reviews.comment(review, "Alles in allem: gut.", who=who)


def read_in(entry):
    """A document of which something is decided in each way but one, with all that a text can have."""
    question = "Was steht in der Tabelle?"
    cut = [
        Proposal("rest", "", "Vorab.", passage="<p>Vorab.</p>", words="Vorab.", place="Absatz 1"),
        Proposal("question", question, WIDE.format(many="", code=CODE), "Neues", passage=f"<h1>{question}</h1><p>{LONG_WORD}</p>"),
        Proposal("question", LONG_WORD * 2, "![](bild:fenster)\n\n[Mehr](offen:mehr)", words=LONG_WORD),
        Proposal("walkthrough", "Wie geht das?", "So:", "Neues", (SourceStep("Anrufen", "- eins", "Erst"), SourceStep("Gehen"))),
        Proposal("rest", "", "Noch etwas.", words="Noch etwas."),
        Proposal("question", "Gibt es das schon?", "Ja."),
        Proposal("question", "Braucht es das?", "Nein."),
    ]  # fmt: skip
    pictures = {"fenster": SourcePicture("image1.png", png())}
    document = decisions.take_in(f"{LONG_WORD}.docx", Source(tuple(cut), pictures, "1 Fußnote"), who=None)
    keys = [(key, f"{key}open") for key in document.proposals.values_list("pk", flat=True)]
    decisions.join_to_previous(document, *keys[4], who=None)
    decisions.there_already(document, *keys[5], entry, who=None)
    decisions.leave_out(document, keys[6:], who=None)
    return document


def with_pictures():
    """A walkthrough with five pictures, one in each place where there may be one, and an icon."""
    make_picture("lizenzen", png(width=1600, height=900, text="Lizenzen"), caption="Die Lizenzen im VLSC")
    make_picture("foto", saved(screenshot(500, 280, text="Foto"), "JPEG", quality=85), name="foto.jpg")
    make_picture("handy", png(width=1080, height=2340, text="Handy"))
    make_picture("skizze", sketch(900, 360))
    make_picture("zahnrad", sketch(40, 40))
    make_picture("fenster", png(width=1280, height=800))
    bodies = [
        "![](bild:fenster)\n\nKlicken Sie auf ![](bild:zahnrad) oben rechts.",
        "- Erstens\n\n  ![](bild:lizenzen)\n- Zweitens",
        "!!! hinweis\n    So sieht es aus:\n\n    ![](bild:foto)",
        "| Wo | Bild | Seit wann |\n|---|---|---|\n| Handy | ![](bild:handy) | Seit dem letzten Jahr |",
        "> Wer was tut:\n>\n> ![](bild:skizze)",
    ]
    steps = [Step(title=f"Schritt mit Bild {number}", body=body) for number, body in enumerate(bodies, 1)]
    return make_walkthrough("mit-bildern", title="Wie sieht das aus?", status="draft", steps=steps)


def admin_pages(question, copy):
    other = Entry.objects.get(slug="stornierung")
    for pattern in admin.site.urls[0]:
        for inner in getattr(pattern, "url_patterns", [pattern]):
            name = inner.name
            # Django's own pages about accounts, about deleting and about what was logged look the same for all.
            djangos = str(name).startswith("auth_") or re.match("faq_(?!entry).*_(delete|history)", str(name))
            if not name or djangos or name in NO_PAGES:
                continue
            app, _, rest = name.partition("_")
            if name == "faq_entry_pair":
                yield reverse("admin:faq_entry_pair", args=[question.pk, other.pk])
            elif name == "faq_entry_submit":
                yield reverse("admin:faq_entry_submit", args=[copy.pk])
            elif "<" in str(inner.pattern):
                for key in keys(apps.get_model(app, rest.partition("_")[0])):
                    yield reverse(f"admin:{name}", args=[key])
            else:
                yield reverse(f"admin:{name}")


def keys(model):
    """One of each kind: of entries a question and a walkthrough, of reviews all."""
    if model is Review:
        return model.objects.values_list("pk", flat=True)
    if model is Entry:
        return Entry.objects.filter(slug__in=["mindestanzahl", "bestellvorgang-olp"]).values_list("pk", flat=True)
    return model.objects.order_by("-pk").values_list("pk", flat=True)[:1]
