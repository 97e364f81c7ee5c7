"""„Aus einem Dokument einlesen“: a document is cut into proposals, and each is looked at beside its passage and decided, for days if need be."""

from dataclasses import replace

from csp.decorators import csp
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from faq import search
from faq.actions import Hindered, Vanished
from faq.admin.columns import clamped
from faq.admin.comparison import compared, document_of
from faq.admin.extra_pages import PagesAdmin, admin_url, key_of, page
from faq.admin.filters import ChoicesFilter
from faq.admin.source_cards import NEW, Card, cards_of, choices_of
from faq.content import documents, kinds, mapping
from faq.editing.owners import name_of
from faq.files import types
from faq.files.serving import PICTURE_ALONE
from faq.models import Category, Entry, SourceDocument, SourcePicture
from faq.sources import Unreadable, decisions, read, read_html
from faq.words import counted

# What the buttons of the page are named.
VERBS = ("accept", "accept_open", "leave", "join", "there", "unsay")
ADD = "faq.add_entry"
A_PAGE = 20  # parts
CANDIDATES = 5  # entries that may say the same
MAX_UPLOAD = 50_000_000
TYPED = "typed_of_source"  # in the session: a document, and what was typed for parts of it that are not decided yet
LONGEST_TYPED = 500


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
        """`errors`: what is wrong with what was posted, by parts and by fields, if anything was; then the page has all that was typed."""
        outline = decisions.outline(document)
        shown = Paginator(outline, A_PAGE).get_page(number)
        posted = _typed(request, document) if errors is None else request.POST
        cards = cards_of(document, outline, decisions.complete(list(shown)), posted, errors or {})
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
            "ticked": [key_of(each) for each in request.POST.getlist("chosen")],
        }
        return self.render(request, "admin/faq/sourcedocument/page.html", document.name, **context)

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
        document, (verb, chosen) = _document(key), _asked(request.POST)
        outline = decisions.outline(document)
        _keep_typed(request, document, outline)
        if not chosen:
            messages.warning(request, "Bitte kreuzen Sie zuerst an, worum es geht.")
            return redirect(f"{admin_url(document)}?seite={key_of(request.POST.get('seite', '')) or 1}")
        place = _place(outline, chosen)
        try:
            answer = self._decided(request, document, verb, chosen)
        except (Hindered, Vanished) as error:
            messages.warning(request, str(error))
            return self._page(request, document, number=request.POST.get("seite"), errors={})
        return answer or redirect(self._next_open(document, after=place))

    def _decided(self, request, document, verb, chosen):
        """Do what was asked for; the answer, where that is another one than the page at the next part that is open."""
        posted, who, key = request.POST, request.user, chosen[0]
        seen = {each: posted.get(f"seen-{each}", "") for each in chosen}
        if verb in ("accept", "accept_open"):
            choices, errors = choices_of(document, chosen, posted)
            if errors:
                return self._page(request, document, number=posted.get("seite"), errors=errors)
            drafts = decisions.accept(document, choices, who=who)
            return redirect(admin_url(drafts[0])) if verb == "accept_open" else None
        if verb == "leave":
            decisions.leave_out(document, list(seen.items()), who=who)
            return None
        if verb == "there":
            entry = get_object_or_404(Entry, pk=key_of(posted.get(f"there-{key}", "")))
            decisions.there_already(document, key, seen[key], entry, who=who)
            return None
        if verb == "join":
            key = decisions.join_to_previous(document, key, seen[key], who=who)
        else:
            head = key_of(posted.get(f"part-{key}", "")) or key
            decisions.unsay(document, key, posted.get(f"seen-{head}", ""), who=who)
        outline = decisions.outline(document)
        return redirect(_address(document, outline, _place(outline, [key])))

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


def _typed(request, document):
    """What was typed for parts of the document when another one was decided: by the fields' names."""
    key, fields = request.session.get(TYPED, (0, {}))
    return fields if key == document.pk else {}


def _keep_typed(request, document, outline):
    """Keep the titles and descriptions that are not those proposed: a button decides about its part alone, and sends them all."""
    proposed = {f"title-{part.row.pk}": part.row.title for part in outline}
    typed = {
        name: value
        for name, value in request.POST.items()
        if name.startswith(("title-", "description-"))
        and value != proposed.get(name, "")
        and len(value) <= LONGEST_TYPED
    }
    before = _typed(request, document)
    known = {name: value for name, value in before.items() if name not in request.POST} | typed
    if known != before:
        request.session[TYPED] = [document.pk, known]


def _place(outline, keys):
    """The place of the first of some parts; 0 where none of them is there."""
    return next((place for place, part in enumerate(outline) if part.row.pk in keys), 0)


def _address(document, outline, place):
    """Where the page shows the part at a place, or the last one."""
    place = min(place, len(outline) - 1)
    number, key = place // A_PAGE + 1, outline[place].row.pk
    return f"{admin_url(document)}{f'?seite={number}' if number > 1 else ''}#vorschlag-{key}"


def _asked(posted):
    """What shall be done, and with which parts. Raises Http404 for anything that no button says."""
    if "several" in posted:
        verb, keys = posted["several"], posted.getlist("chosen")
    else:
        verb = next((verb for verb in VERBS if verb in posted), "")
        keys = [posted.get(verb, "")]
    if verb not in VERBS:
        raise Http404
    return verb, list(map(key_of, keys))


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
