"""What a text can link to, for the chooser of Markdown fields: found, and made from there."""

import re
from functools import reduce
from operator import and_
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import JsonResponse
from django.urls import Resolver404, resolve
from django.utils.text import Truncator
from django.views.decorators.http import require_POST

from faq import markup, search, slugs
from faq.admin import text_view
from faq.editing.addresses import free_slug
from faq.editing.references import BY_SLUG, Targets
from faq.models import Attachment, Contact, Entry, Gap, Picture, Reference, Step
from faq.models.references import SOURCES
from faq.search.query import LONGEST, MOST_WORDS

FEW, MANY = 8, 30  # of each kind: among all, and where only one is wanted
KINDS = {
    "faq": "Eintrag",
    "schritt": "Schritt",
    "kontakt": "Ansprechpartner",
    "datei": "Datei",
    "bild": "Bild",
    "offen": "Offene Stelle",
}
MADE = {"kontakt": "name", "datei": "title", "bild": "description"}  # and the field that says what it is
_MODELS = BY_SLUG | {"offen": Gap}
_NUMBER = re.compile(r"(?:\bschritte?\s*)?\b(\d{1,3})\b|\bschritte?\b", re.I)
_WRITTEN = re.compile(r"(faq|kontakt|datei|offen):([a-z0-9-]+)(?:#([a-z0-9-]+))?")
_ADDRESS = re.compile(r"(?:https?://|www\.|mailto:.|tel:.)\S+|[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+")


@require_POST
def find(request, site):
    """What fits a query, the best first, and what can be made of it; without one what is linked most or was changed last."""
    if not any(request.user.has_perm(f"faq.change_{name}") for name in SOURCES):
        raise PermissionDenied
    query, kind = (request.POST.get(name, "").strip()[:LONGEST] for name in ("q", "kind"))
    if kind == "bild":  # no link leads to one
        found = _pictures(query)
    elif address := _address(query):
        found = address
    elif query:
        found = _found(query, MANY if kind else FEW) + _to_make(query, request, site)
    else:
        found = _usual(MANY if kind else FEW)
    found = [target for target in found if kind in ("", target["group"])]
    return JsonResponse({"targets": list({(target["written"], target["title"]): target for target in found}.values())})


@require_POST
def create(request, site):
    """Make a contact, an attachment or a picture as its form does; what is wrong is said as there."""
    kind, posted = request.POST.get("kind"), request.POST.copy()
    if kind not in MADE:
        raise BadRequest
    model = BY_SLUG[kind]
    posted["slug"], posted["_popup"] = free_slug(model, posted.get(MADE[kind], ""), KINDS[kind]), "1"
    request.POST = posted
    model_admin = site.get_model_admin(model)
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    response = model_admin.changeform_view(request)
    if form := response.context_data.get("adminform"):
        said = dict.fromkeys(message for messages in form.errors.values() for message in messages)
        return JsonResponse({"error": " ".join(said)}, status=400)
    return JsonResponse({"target": _of_row(model.objects.get(slug=posted["slug"]))})


# How a target is told


def _target(group, written, title, label, note=""):
    return {
        "group": group,
        "kind": KINDS.get(group, "Adresse"),
        "written": written,
        "title": title,
        "label": label,
        "note": note,
    }


def _of_entry(entry):
    return _target("faq", f"faq:{entry.slug}", entry.title, entry.title, _state(entry))


def _of_step(step, entry):
    note = " · ".join(filter(None, (entry.title, _state(entry))))
    label = f"Schritt {step.number}"
    end = step.name or f"schritt-{step.number}"
    return _target("schritt", f"faq:{entry.slug}#{end}", f"{label}: {step.title}", label, note)


def _state(entry):
    return "" if entry.state == "Veröffentlicht" else entry.state


def _of_row(row):
    """A contact, an attachment, a picture or a gap."""
    group = next(name for name, model in _MODELS.items() if isinstance(row, model))
    notes = {"kontakt": getattr(row, "label", ""), "datei": getattr(row, "name", ""), "offen": "", "bild": ""}
    target = _target(group, f"{group}:{row.slug}", str(row), str(row), notes[group])
    return target | text_view.picture(row) if group == "bild" else target


# Addresses


def _address(query):
    """What an address leads to that was typed or pasted: a thing of the portal, or itself; nothing where it is none."""
    if match := _WRITTEN.fullmatch(query):
        return _of_links([markup.Link(match[1], match[2], match[3] or "", "")])
    if not _ADDRESS.fullmatch(query):
        return []
    if (link := _own(query)) and (found := _of_links([link])):
        return found
    address = query
    if "@" in query and ":" not in query:
        address = f"mailto:{query}"
    elif query.startswith("www."):
        address = f"https://{query}"
    return [_target("web", address, query, re.sub(r"^(?:https?://|mailto:|tel:)|/$", "", query))]


def _own(address):
    """The link in place of the address of a page of this portal, or None."""
    if not address.startswith(f"{settings.PUBLIC_URL}/"):
        return None
    try:
        parts = urlsplit(address)
        match = resolve(parts.path)
    except (ValueError, Resolver404):
        return None
    kind = {"entry": "faq", "attachment": "datei"}.get(match.url_name)
    return kind and markup.Link(kind, match.kwargs["slug"], parts.fragment if kind == "faq" else "", "")


def _of_links(links):
    """What links lead to, in their order; those that lead nowhere are left out."""
    targets = Targets(links)
    found = []
    for link in links:
        row, step = targets.row(link), targets.step(link)
        if row and link.kind == "faq":
            found.append(_of_step(step, row) if step else _of_entry(row))
        elif row:
            found.append(_of_row(row))
    return found


def written(query):
    """How a text links to the entry or step that was typed, or pasted as the address of its page. Raises ValidationError."""
    group = "schritt" if "#" in query else "faq"
    found = [target for target in _address(query) if target["group"] == group]
    if not found:
        raise ValidationError(
            f"„{Truncator(query).chars(80)}“ führt zu keinem Eintrag oder Schritt. Bitte wählen Sie aus der Liste."
        )
    return found[0]["written"]


def most_likely(number):
    """So many of the steps and entries that something can lead to: the steps first."""
    steps = (
        Step.objects.filter(entry__copy_of=None).select_related("entry").order_by("entry__category", "entry", "number")
    )
    found = [_of_step(step, step.entry) for step in steps[:number]]
    return found + [_of_entry(entry) for entry in Entry.objects.ordered()[: number - len(found)]]


# Words


def _usual(most):
    """What texts link to most, and the entries that were changed last."""
    linked = Reference.objects.exclude(kind__in=["web", "bild"]).values_list("kind", "slug", "fragment")
    often = linked.annotate(times=Count("pk")).order_by("-times", "slug")[:most]
    links = [markup.Link(kind, slug, fragment, "") for kind, slug, fragment, _ in often]
    return _of_links(links) + [_of_entry(entry) for entry in Entry.objects.order_by("-changed")[:most]]


def _pictures(query):
    """Those that are described so, or are called so; the newest first."""
    words = _has(query.removeprefix("bild:"), "description", "caption", "slug", "name")
    return [_of_row(row) for row in Picture.objects.with_renditions().filter(words).order_by("-pk")[:MANY]]


def _found(query, most):
    number = next((int(match[1]) for match in _NUMBER.finditer(query) if match[1]), None)
    words = " ".join(_NUMBER.sub(" ", query).split())
    entries = _entries(query, words, 2 * FEW + most)
    steps = [_of_step(step, entry) for step, entry in _steps(entries, number, words)[:most]]
    named = [row for model in (Contact, Attachment, Gap) for row in _named(model, query, most)]
    same = [_of_row(row) for row in named if slugs.letters(str(row)).startswith(slugs.letters(query))]
    shown = [_of_entry(entry) for entry in entries[:most]]
    return [*(steps if number else ()), *same, *shown, *steps, *map(_of_row, named)]


def _entries(query, words, most):
    """Entries by the portal's own search, and all, drafts too, whose title or address has the words."""
    hits = search.search(query, among=Entry.objects.published(), limit=most).hits
    if words != query:
        hits += search.search(words, among=Entry.objects.published(), limit=most).hits
    titled = list(Entry.objects.filter(_has(words or query, "title", "slug")).order_by("-changed")[:most])
    found = Entry.objects.in_bulk([hit.entry_id for hit in hits])
    best = [found.get(hit.entry_id) for hit in hits if hit.confident]
    rest = [found.get(hit.entry_id) for hit in hits]
    named = {entry.pk for entry in titled}
    # Of what the search is sure of comes first what is called so.
    first = [entry for entry in best if entry and entry.pk in named]
    return [entry for entry in dict.fromkeys([*first, *titled, *best, *rest]) if entry]


def _steps(entries, number, words):
    """Steps of these walkthroughs: the one with a number, or those whose title has the words; with a number alone, of all."""
    if number and not words:
        numbered = (
            Step.objects.filter(number=number, entry__copy_of=None).select_related("entry").order_by("-entry__changed")
        )
        return [(step, step.entry) for step in numbered[:MANY]]
    order = {entry.pk: entry for entry in entries if entry.is_walkthrough}
    steps = Step.objects.filter(entry__in=list(order)[:MANY], **({"number": number} if number else {}))
    wanted = [slugs.letters(word) for word in words.split()]

    def fits(step):
        title = slugs.letters(step.title)
        whole = title + slugs.letters(order[step.entry_id].title + order[step.entry_id].slug)
        return number or (any(word in title for word in wanted) and all(word in whole for word in wanted))

    places = list(order)
    found = sorted(filter(fits, steps), key=lambda step: (places.index(step.entry_id), step.number))
    return [(step, order[step.entry_id]) for step in found]


def _named(model, query, most):
    name = "title" if model is Attachment else "name"
    return model.objects.filter(_has(query, name, "slug")).order_by(name)[:most]


def _has(words, *fields):
    """The condition that each word stands in one of the fields."""
    each = (
        Q(
            *((f"{field}__icontains", form) for field in fields for form in {word, slugs.slugify(word) or word}),
            _connector=Q.OR,
        )
        for word in words.split()[:MOST_WORDS]
    )
    return reduce(and_, each, Q())


# What there is not yet


def _to_make(query, request, site):
    """A gap is made by the text that first has it; a contact or a file by those who may."""
    name = query[:200]
    slug = free_slug(Gap, name)
    title = f"Offene Stelle „{name}“ anlegen"
    gaps = [_target("offen", f"offen:{slug}", title, name, "entsteht mit dem Sichern")] if slug else []
    words = {"kontakt": f"Ansprechpartner „{name}“ anlegen", "datei": f"Datei „{name}“ hochladen"}
    may = [kind for kind in words if site.get_model_admin(_MODELS[kind]).has_add_permission(request)]
    new = gaps + [_target(kind, "", words[kind], name) | {"make": kind} for kind in may]
    return [target | {"kind": "Neu"} for target in new]
