"""„Aus einem Dokument einlesen“: a document is cut into proposals, and each is looked at beside its passage and decided, for days if need be."""

import re
from dataclasses import dataclass, field, replace
from html import unescape

from csp.decorators import csp
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import escape, linebreaks
from django.utils.safestring import mark_safe
from rapidfuzz import fuzz, process

from faq import markup, search, slugs
from faq.actions import Hindered, Vanished
from faq.admin.columns import clamped
from faq.admin.comparison import compared, document_of
from faq.admin.extra_pages import PagesAdmin, admin_url, key_of, page
from faq.admin.filters import ChoicesFilter
from faq.content import documents, kinds, mapping
from faq.content.page_html import page_html
from faq.editing.owners import name_of
from faq.editing.review_text import shown_texts
from faq.files import types
from faq.files.serving import PICTURE_ALONE
from faq.models import Category, Entry, Picture, SourceDocument, SourcePicture, SourceProposal
from faq.sources import Unreadable, decisions, read, read_html
from faq.sources.decisions import Choice, Part
from faq.words import counted

ADD = "faq.add_entry"
A_PAGE = 20  # parts
CANDIDATES = 5  # entries that may say the same
MAX_UPLOAD = 50_000_000
NEW = "neu"  # the category that is made with the draft
SIMILAR = 85  # of 100: two names of a category
TOO_LONG = "Das ist zu lang für einen Eintrag. Bitte teilen Sie das Dokument durch Überschriften, und lesen Sie es noch einmal ein."
LONGEST_PASSAGE = 100_000  # characters of HTML
_IMAGE, _SAYS = re.compile(r"<img\b[^>]*>"), re.compile(r'(src|alt)="([^"]*)"')


class ReadForm(forms.Form):
    """A file, or what was pasted: `source` is what was read of it, under `name`."""

    file = forms.FileField(
        label="Datei",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".docx,.html,.htm,.txt,.md"}),
        help_text="Word (.docx), HTML, Text oder Markdown. Aus LibreOffice: als .docx speichern, oder unten einfügen.",
    )
    text = forms.CharField(
        label="Oder hier einfügen",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "cols": 80, "data-html": "id_html"}),
        help_text="Mit Strg+V aus Word, Outlook, LibreOffice oder von einer Webseite; Überschriften, Listen und Tabellen bleiben.",
    )
    html = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > MAX_UPLOAD:
            raise ValidationError(f"Die Datei ist größer als {MAX_UPLOAD // 1_000_000} MB.")
        return file

    def clean(self):
        cleaned = super().clean()
        file, text, html = (cleaned.get(name) for name in ("file", "text", "html"))
        if self.errors:
            return cleaned
        if bool(file) == bool(text.strip()):
            both = "Bitte nehmen Sie entweder eine Datei oder den Text; beides zusammen geht nicht."
            self.add_error(
                "file", both if file else "Bitte wählen Sie eine Datei, oder fügen Sie unten einen Text ein."
            )
            return cleaned
        try:
            if file:
                self.name, self.source = file.name, read(file.name, file.read())
            else:
                self.name = f"Eingefügt: {' '.join(text.split())[:80]}"
                self.source = read_html(html) if html.strip() else read("Eingefügter Text.txt", text.encode())
            decisions.check(self.source)
        except Unreadable as error:
            self.add_error("file" if file else "text", str(error))
        return cleaned


class OpenFilter(ChoicesFilter):
    title = "Stand"
    parameter_name = "stand"
    options = {
        "offen": ("Noch offen", lambda rows: rows.filter(open_parts__gt=0)),
        "fertig": ("Fertig", lambda rows: rows.filter(open_parts=0)),
    }


@dataclass
class Card:
    """A part as the page shows it: what is said of it, what is chosen in its fields, and what is wrong with them by the fields' names."""

    part: Part
    title: str = ""
    category: str = ""
    new_category: str = ""
    passage: str = ""
    body: str = ""
    steps: list = field(default_factory=list)
    undescribed: list = field(
        default_factory=list
    )  # SourcePictures, each with what was typed and what is wrong with that
    errors: dict = field(default_factory=dict)
    may_join: bool = False
    focus: str = ""  # the field in which the browser begins

    @property
    def name(self):
        """What it is called in headings and for its buttons."""
        proposal = self.part.proposal
        return proposal.title or " ".join(proposal.words.split())[:80] or str(self.part.row)


@admin.register(SourceDocument)
class SourceDocumentAdmin(PagesAdmin):
    list_display = [clamped("name", "Dokument"), "read_by", "when", "progress"]
    list_filter = [OpenFilter]
    search_fields = ["name"]
    list_select_related = ["who"]

    # Who may: whoever may write entries.

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(ADD)

    has_add_permission = has_view_permission

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    # The list

    def get_queryset(self, request):
        return super().get_queryset(request).with_parts()

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Eingelesene Dokumente"} | (extra_context or {}))

    @admin.display(description="Von", ordering="who__username")
    def read_by(self, document):
        return name_of(document.who) if document.who else "–"

    @admin.display(description="Stand", ordering="open_parts")
    def progress(self, document):
        whole = counted(document.parts, "Vorschlag", "Vorschlägen")
        return f"{document.open_parts} von {whole} offen" if document.open_parts else "fertig"

    # Read in

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ReadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
        if form.is_bound and form.is_valid():
            document = decisions.take_in(form.name, form.source, who=request.user)
            return redirect(self._next_open(document))
        title = "Aus einem Dokument einlesen"
        return self.render(request, "admin/faq/sourcedocument/read.html", title, form=form)

    # The page of one

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self._page(request, _document(key_of(object_id)), number=request.GET.get("seite"))

    def _page(self, request, document, *, number, errors=None):
        """`errors`: what is wrong with what was posted, by parts and by fields; then the page has all that was typed."""
        outline = decisions.outline(document)
        shown = Paginator(outline, A_PAGE).get_page(number)
        cards = self._cards(document, outline, decisions.complete(list(shown)), request.POST if errors else {}, errors)
        counts = decisions.counts(outline)
        context = {
            "document": document,
            "page": shown,
            "cards": cards,
            "counts": counts,
            "sentences": sum(counts.values()),
            "open_parts": sum(part.is_open for part in outline),
            "any_open": any(card.part.is_open for card in cards),
            "next_open": self._next_open(document, outline),
            "categories": [(str(row.pk), row.title) for row in Category.objects.ordered()],
            "new": NEW,
            "ticked": [key_of(each) for each in request.POST.getlist("chosen")] if errors else [],
        }
        return self.render(request, "admin/faq/sourcedocument/page.html", document.name, **context)

    def _cards(self, document, outline, parts, posted, errors):
        categories = dict(Category.objects.values_list("pk", "title"))
        usual = _usual_categories(document, categories)
        pictures = {row.slug: row for row in document.pictures.defer("data").select_related("picture")}
        open_ones = [part for part in parts if part.is_open]
        shown = _shown([text for part in open_ones for text in part.texts], _picture_of(document, pictures))
        before = dict(zip([part.row.pk for part in outline[1:]], outline, strict=False))
        cards = []
        for part in parts:
            card, key = Card(part), part.row.pk
            cards.append(card)
            if not part.is_open:
                continue
            proposal = part.proposal
            card.new_category, chosen = _category_for(proposal.category, categories, usual)
            card.title = posted.get(f"title-{key}", proposal.title)
            card.category = posted.get(f"category-{key}", chosen)
            card.errors = (errors or {}).get(key, {})
            if card.errors and not any(each.focus for each in cards):
                card.focus = next(iter(card.errors)).partition("-")[0]
            card.may_join = key in before and before[key].is_open
            card.passage = _passage(proposal, _picture_of(document, pictures))
            card.body = shown(proposal.body, 4)
            card.steps = _steps(proposal.steps, shown)
            card.undescribed = [
                (
                    row,
                    posted.get(f"description-{key}-{row.slug}", row.description),
                    card.errors.get(f"description-{row.slug}"),
                )
                for row in _undescribed(part, pictures)
            ]
        return cards

    def _next_open(self, document, outline=None, after=0):
        """The address of the next part that is open, behind the place `after`, or from the beginning; of the page itself where none is."""
        outline = decisions.outline(document) if outline is None else outline
        places = [place for place, part in enumerate(outline) if part.is_open]
        if not places:
            return admin_url(document)
        return _address(document, outline, next((place for place in places if place >= after), places[0]))

    # Decided

    @page("<int:key>/entscheiden/", ADD, name="decide", post=True)
    def decide(self, request, key):
        document, verb, value = _document(key), *_asked(request.POST)
        chosen = [key_of(each) for each in (request.POST.getlist("chosen") if verb == "several" else [value])]
        outline = decisions.outline(document)
        place = next((n for n, part in enumerate(outline) if part.row.pk in chosen), 0)
        if verb == "several" and not chosen:
            messages.warning(request, "Bitte kreuzen Sie zuerst an, worum es geht.")
            return redirect(f"{admin_url(document)}?seite={key_of(request.POST.get('seite', '')) or 1}")
        try:
            answer = self._decided(request, document, verb, value, chosen)
        except (Hindered, Vanished) as error:
            messages.warning(request, str(error))
            return redirect(_address(document, decisions.outline(document), place) if outline else admin_url(document))
        if answer is not None:
            return answer
        return redirect(self._next_open(document, after=place))

    def _decided(self, request, document, verb, value, chosen):
        """Do what was asked for; the answer, where that is another one than the page at the next part."""
        posted, who = request.POST, request.user
        seen = {each: posted.get(f"seen-{each}", "") for each in chosen}
        if verb in ("accept", "accept_open") or (verb, value) == ("several", "accept"):
            choices, errors = _choices(document, chosen, posted)
            if errors:
                return self._page(request, document, number=posted.get("seite"), errors=errors)
            drafts = decisions.accept(document, choices, who=who)
            return redirect(admin_url(drafts[0])) if verb == "accept_open" else None
        if verb == "leave" or (verb, value) == ("several", "leave"):
            decisions.leave_out(document, list(seen.items()), who=who)
        elif verb == "join":
            first = decisions.join_to_previous(document, chosen[0], seen[chosen[0]], who=who)
            outline = decisions.outline(document)
            place = next((n for n, part in enumerate(outline) if part.row.pk == first), 0)
            return redirect(_address(document, outline, place))
        elif verb == "there":
            entry = get_object_or_404(Entry, pk=key_of(posted.get(f"there-{chosen[0]}", "")))
            decisions.there_already(document, chosen[0], seen[chosen[0]], entry, who=who)
        elif verb == "unsay":
            head = key_of(posted.get(f"part-{chosen[0]}", "")) or chosen[0]
            decisions.unsay(document, chosen[0], posted.get(f"seen-{head}", ""), who=who)
            outline = decisions.outline(document)
            place = next((n for n, part in enumerate(outline) if part.row.pk == chosen[0]), 0)
            return redirect(_address(document, outline, place))
        else:
            raise Http404
        return None

    @page("<int:key>/gibt-es-schon/", ADD, name="there")
    def there(self, request, key):
        """A part beside an entry that may say the same: the nearest, or another one that is found."""
        document = _document(key)
        outline = decisions.outline(document)
        wanted = key_of(request.GET.get("vorschlag", ""))
        found = [part for part in outline if part.is_open and wanted in (0, part.row.pk)]
        if not found:
            messages.info(request, "Darüber ist schon entschieden.")
            return redirect(self._next_open(document, outline))
        (part,) = decisions.complete(found[:1])
        query = request.GET.get("q", "").strip() or part.proposal.title or part.proposal.words[:200]
        candidates = _candidates(query, part.row.nearest)
        chosen = key_of(request.GET.get("eintrag", ""))
        entry = next((each for each in candidates if each.pk == chosen), candidates[0] if candidates else None)
        context = {
            "document": document,
            "part": part,
            "card": Card(part),
            "query": query,
            "candidates": candidates,
            "entry": entry,
            "comparison": entry and _comparison(entry, part),
            "back": _address(document, outline, outline.index(found[0])),
        }
        return self.render(request, "admin/faq/sourcedocument/there.html", "Gibt es das schon?", **context)

    @page("<int:key>/loeschen/", ADD, name="remove")
    def remove(self, request, key):
        """Ask whether a document shall go, with what is still open of it, and forget it."""
        document = _document(key)
        if request.method == "POST":
            decisions.delete(document, who=request.user)
            messages.success(request, f"„{document}“ ist gelöscht. Was daraus geworden ist, bleibt.")
            return redirect("admin:faq_sourcedocument_changelist")
        outline = decisions.outline(document)
        context = {"document": document, "open_parts": sum(part.is_open for part in outline)}
        return self.render(request, "admin/faq/sourcedocument/remove.html", "Dokument löschen?", **context)

    @page("<int:key>/bild/", ADD, name="picture")
    def picture(self, request, key):
        """A picture of the document as it is, for the previews alone."""
        row = get_object_or_404(SourcePicture, document=key, slug=request.GET.get("bild", ""))
        kind = types.kind_of(row.name)
        if kind not in types.PICTURES:
            raise Http404
        return _bytes(request, bytes(row.data), types.TYPES[kind])


@csp(PICTURE_ALONE)
def _bytes(request, data, content_type):
    response = HttpResponse(data, content_type=content_type)
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _document(key):
    return get_object_or_404(SourceDocument.objects.select_related("who"), pk=key)


def _address(document, outline, place):
    """Where the page shows the part at a place."""
    number, key = place // A_PAGE + 1, outline[place].row.pk
    return f"{admin_url(document)}{f'?seite={number}' if number > 1 else ''}#vorschlag-{key}"


def _asked(posted):
    """Which button was pressed: its name and its value."""
    verbs = ("accept", "accept_open", "leave", "join", "there", "unsay", "several")
    return next(((verb, posted[verb]) for verb in verbs if verb in posted), ("", ""))


# What is proposed for the fields


def _usual_categories(document, categories):
    """What was chosen for a heading before: the key of the category by the heading."""
    accepted = document.proposals.filter(state=SourceProposal.ACCEPTED, entry__category__in=categories)
    return dict(accepted.exclude(category="").values_list("category", "entry__category"))


def _category_for(heading, categories, usual):
    """The heading where a category of that name can be made, else ""; and what is chosen: the key of one, NEW, or "" where there is no heading."""
    if not heading:
        return "", ""
    if heading in usual:
        return "", str(usual[heading])
    names = {key: slugs.letters(title) for key, title in categories.items()}
    if same := next((key for key, name in names.items() if name == slugs.letters(heading)), None):
        return "", str(same)
    similar = process.extractOne(slugs.letters(heading), names, scorer=fuzz.WRatio, score_cutoff=SIMILAR)
    return heading, str(similar[2]) if similar else NEW


def _undescribed(part, pictures):
    """The pictures that a part shows and of which nothing is said."""
    wanted = [pictures[slug] for slug, is_silent in part.pictures().items() if is_silent and slug in pictures]
    return [row for row in wanted if not row.picture and _wrong_description(row.description)]


def _wrong_description(text):
    try:
        Picture._meta.get_field("description").clean(text, None)
    except ValidationError as error:
        return " ".join(error.messages)
    return "" if text.strip() else "Bitte schreiben Sie, was man auf dem Bild sieht."


def _choices(document, chosen, posted):
    """Choices for these parts as they were posted; and what is wrong with them, by parts and fields."""
    categories = {str(row.pk): row for row in Category.objects.all()}
    pictures = {row.slug: row for row in document.pictures.defer("data").select_related("picture")}
    some = [part for part in decisions.outline(document) if part.row.pk in chosen]
    parts = {part.row.pk: part for part in decisions.complete(some)}
    choices, errors = [], {}
    for key in chosen:
        part, wrong = parts.get(key), {}
        title = " ".join(posted.get(f"title-{key}", part.proposal.title if part else "").split())
        category = posted.get(f"category-{key}", "")
        if not title:
            wrong["title"] = "Bitte schreiben Sie die Frage: Sie ist die Überschrift des Eintrags."
        new = part.proposal.category if part else ""
        category = new if category == NEW else categories.get(category)
        if not category:
            wrong["category"] = "Bitte wählen Sie eine Kategorie."
        described = {}
        for row in _undescribed(part, pictures) if part else ():
            described[row.slug] = " ".join(posted.get(f"description-{key}-{row.slug}", "").split())
            if said := _wrong_description(described[row.slug]):
                wrong[f"description-{row.slug}"] = said
        if wrong and part:
            errors[key] = wrong
        choices.append(Choice(key, posted.get(f"seen-{key}", ""), title, category, described))
    return choices, errors


# What is shown


def _picture_of(document, pictures):
    address = reverse("admin:faq_sourcedocument_picture", args=[document.pk])

    def shown(link):
        row = pictures.get(link.slug)
        words = link.label or (escape(row.description) if row else "") or "Bild ohne Beschreibung"
        if row is None or types.kind_of(row.name) not in types.PICTURES:
            return f"<em>Bild: {words}</em>"
        return f'<img class="source-picture" src="{address}?bild={row.slug}" alt="{words}" loading="lazy">'

    return shown


def _passage(proposal, picture):
    """What stands in the document; of a very long passage its beginning, as plain text."""
    if len(proposal.passage) > LONGEST_PASSAGE:
        return linebreaks(f"{proposal.words[:LONGEST_PASSAGE]} …", autoescape=True)
    html = _IMAGE.sub(lambda match: _pictured(match[0], picture), proposal.passage)
    html = markup.replace_links(html, lambda link: link.label)
    return mark_safe(page_html(html, 4))  # noqa: S308  cleaned when it was read


def _pictured(image, picture):
    """The picture of an `<img>`, whatever the order in which that says things."""
    said = dict(_SAYS.findall(image))
    kind, _, slug = unescape(said.get("src", "")).partition(":")
    return picture(markup.Link("bild", slug if kind == "bild" else "", "", said.get("alt", "")))


def _shown(texts, picture):
    """What makes HTML of texts, whose first heading stands at a level; of one that is too long for an entry words that say so."""
    shown = shown_texts([text for text in texts if 0 < len(text) <= markup.MAX_LENGTH], picture)

    def html(text, top):
        if len(text) > markup.MAX_LENGTH:
            return mark_safe(f"<p>{TOO_LONG}</p>")  # noqa: S308  our own words
        return mark_safe(shown(text, top)) if text else ""  # noqa: S308  cleaned, or escaped

    return html


def _steps(steps, shown):
    """Pairs of a section and its steps, each with its number, title and the HTML of its text."""
    found = []
    for number, step in enumerate(steps, 1):
        if not found or found[-1][0] != step.section:
            found.append((step.section, []))
        found[-1][1].append((number, step.title, shown(step.body, 5)))
    return found


def _candidates(query, nearest):
    """Entries that may say the same as what is asked, the nearest first; drafts too, where their titles are alike."""
    hits = [hit.entry_id for hit in search.search(query, among=Entry.objects.all(), limit=CANDIDATES).hits]
    titles = dict(Entry.objects.values_list("pk", "title"))
    pairs = [{pair.first, pair.second} for pair in search.alike({0: query, **titles})]
    alike = [key for pair in pairs if 0 in pair for key in pair - {0}]
    keys = list(dict.fromkeys([*([nearest.pk] if nearest else []), *alike, *hits]))[:CANDIDATES]
    rows = Entry.objects.in_bulk(keys)
    return [rows[key] for key in keys if key in rows]


def _comparison(entry, part):
    """The entry, and what it would say if it said what the part does."""
    path, text = document_of(entry)
    proposal = part.proposal
    steps = [documents.Step(step.title, step.section, body=step.body) for step in proposal.steps]
    stored = mapping.document_of(Entry.objects.complete().get(pk=entry.pk))
    kind = Entry.WALKTHROUGH if steps else Entry.QUESTION
    other = replace(stored, title=proposal.title or stored.title, kind=kind, body=proposal.body, steps=steps)
    return compared((path, text), (path, kinds.BY_MODEL[Entry].text(other)))
