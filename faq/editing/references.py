"""Who refers to what: links judged, their rows written with each save, and texts rewritten where their targets move."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property

from faq import markup
from faq.actions import Hindered, made, made_all
from faq.content import kinds, step_names
from faq.content.portal_links import UNAVAILABLE, UNNAMED
from faq.editing import rendering
from faq.models import Alias, Attachment, Contact, Entry, Gap, OldText, Picture, Reference, Step, WebLink
from faq.models.references import TARGETS
from faq.slugs import SLUG

# What a text names by its slug alone, and can't make.
BY_SLUG = {"kontakt": Contact, "datei": Attachment, "bild": Picture}
# What Markdown would read in plain words, and lets itself be told not to.
_MARKDOWN = re.compile(r"[\\`*_\[\]()#+!]")


class Targets:
    """What the portal's links can lead to, judged by the database."""

    def __init__(self, links):
        slugs = {kind: {link.slug for link in links if link.kind == kind} for kind in markup.KINDS}
        self.entries = entries_at(slugs["faq"])
        self.gaps = Gap.objects.in_bulk(slugs["offen"], field_name="slug")
        self._found = {
            "faq": self.entries,
            "kontakt": Contact.objects.in_bulk(slugs["kontakt"], field_name="slug"),
            "offen": self.gaps,
            "datei": Attachment.objects.select_related("stored").in_bulk(slugs["datei"], field_name="slug"),
            "bild": Picture.objects.with_renditions().in_bulk(slugs["bild"], field_name="slug"),
        }

    def row(self, link):
        """What a link leads to, without its step; or None."""
        return self._found[link.kind].get(link.slug)

    def step(self, link):
        """The step that a link leads to, by its name or its place, or None."""
        entry = self.entries.get(link.slug) if link.kind == "faq" and link.fragment else None
        return entry and self._steps.get((entry.pk, link.fragment))

    @cached_property
    def _steps(self):
        steps = Step.objects.filter(entry__in={entry.pk for entry in self.entries.values()})
        return {(step.entry_id, end): step for step in steps for end in (step.name, f"schritt-{step.number}")}

    def reference(self, source, link):
        """The row that says that `source` holds `link`, with what that leads to."""
        return Reference(
            **{source._meta.model_name: source},
            kind=link.kind,
            slug=link.slug,
            fragment=link.fragment if link.kind == "faq" and SLUG.fullmatch(link.fragment) else "",
            **{TARGETS[link.kind]: self.row(link)},
        )


def new_gap(link):
    """The gap that a link makes which is the first to name it; not saved."""
    return Gap(slug=link.slug, name=(markup.plain_text(link.label) or link.slug)[:300])


def render(sources):
    """Store the HTML of all texts of these sources, all of one kind, and who refers to what. Returns the gaps that are new."""
    if not sources or not hasattr(sources[0], "texts"):
        return []
    texts = [(source, *text) for source in sources for text in kinds.texts(source)]
    links, addresses = ({source: [] for source in sources} for _ in range(2))
    made_of = _rendered_of([(source, getattr(piece, field)) for source, piece, field, _ in texts])
    for (source, piece, _, html_field), result in zip(texts, made_of, strict=True):
        links[source] += result.links
        addresses[source] += result.addresses
        if getattr(piece, html_field) != result.html:
            setattr(piece, html_field, result.html)
            piece.save(update_fields=[html_field])
    return _refer(links, addresses)


def _rendered_of(texts):
    """What is made of texts, given with their sources.

    Raises Hindered for one that is refused: forms and imports have asked before, so it is of a former release, which took it.
    """
    try:
        return rendering.rendered_all(text for _, text in texts)
    except markup.MarkupError:
        for source, text in texts:
            try:
                rendering.rendered_all([text])
            except markup.MarkupError as error:
                what = f"Nichts wurde gesichert: Der Text von „{source}“ lässt sich so nicht mehr darstellen."
                raise Hindered(f"{what} Bitte ändern Sie zuerst ihn. {error}") from error
        raise


def _refer(links, addresses):
    """Replace the references of these sources by those to what their links lead to."""
    targets = Targets([link for of_source in links.values() for link in of_source])
    rows, new_gaps = [], []
    for source, of_source in links.items():
        for link in {link.written: link for link in of_source}.values():
            if link.kind == "offen" and link.slug not in targets.gaps:
                gap = targets.gaps[link.slug] = new_gap(link)
                gap.save()
                new_gaps.append(gap)
            rows.append(targets.reference(source, link))
    rows += _web_references(addresses)
    name = next(iter(links))._meta.model_name
    Reference.objects.filter(**{f"{name}__in": links}).delete()
    Reference.objects.bulk_create(rows)
    _find_targets([source for source in links if isinstance(source, Entry) and not source.copy_of_id])
    return new_gaps


def _web_references(addresses):
    """The references to pages elsewhere; an address met for the first time gets its row, to be checked soon."""
    wanted = {address for of_source in addresses.values() for address in of_source}
    if not wanted:
        return []
    known = WebLink.objects.in_bulk(wanted, field_name="url")
    WebLink.objects.bulk_create([WebLink(url=url) for url in sorted(wanted - set(known))], ignore_conflicts=True)
    known = WebLink.objects.in_bulk(wanted, field_name="url")
    return [
        Reference(**{source._meta.model_name: source}, kind="web", web=known[address])
        for source, of_source in addresses.items()
        for address in dict.fromkeys(of_source)
    ]


def adopt(row):
    """Links that led nowhere until this contact, attachment or picture was there."""
    for kind, model in BY_SLUG.items():
        if isinstance(row, model):
            Reference.objects.filter(kind=kind, slug=row.slug, **{TARGETS[kind]: None}).update(**{TARGETS[kind]: row})


def _find_targets(entries):
    """Links that led nowhere until one of these entries was there."""
    slugs = {slug: entry for entry in entries for slug in [entry.slug, *(a.slug for a in entry.aliases.all())]}
    for reference in Reference.objects.filter(kind="faq", slug__in=slugs):
        if reference.target_id != slugs[reference.slug].pk:
            reference.target = slugs[reference.slug]
            reference.save(update_fields=["target"])


# What leads somewhere


def entries_at(slugs):
    """Entries by their current and former slugs."""
    found = {
        alias.slug: alias.entry
        for alias in Alias.objects.filter(slug__in=slugs, entry__isnull=False).select_related("entry")
    }
    return found | {entry.slug: entry for entry in Entry.objects.filter(slug__in=slugs)}


def step_fragments(slugs):
    """What links to steps may end in, of each stored entry at one of these current or former slugs, by that slug."""
    entries = entries_at(slugs)
    found = Step.objects.fragments(entries.values())
    return {slug: found[entry.pk] for slug, entry in entries.items()}


def dead_links(links, own=()):
    """Those of the links that lead nowhere, by what is stored; `own`: what links to steps of the entry itself may end in, by its slugs."""
    steps = step_fragments({link.slug for link in links if link.kind == "faq"}) | dict(own)
    return unknown_targets(links, steps)


def unknown_targets(links, steps, new=()):
    """The links that lead nowhere. `steps`: what links to steps of each known entry may end in, by slug.

    `new`: pairs of a kind and the slugs of contacts, files and pictures that will be there as well.
    """
    known_slugs = {kind: set(model.objects.values_list("slug", flat=True)) for kind, model in BY_SLUG.items()}
    for kind, slugs in new:
        known_slugs[kind].update(slugs)

    def known(link):
        if link.kind == "faq":
            return link.slug in steps and (not link.fragment or link.fragment in steps[link.slug])
        if link.kind in known_slugs:
            return link.slug in known_slugs[link.kind] and not link.fragment
        return link.kind == "offen" and bool(link.slug) and not link.fragment

    return [link for link in links if not known(link)]


# What is said of a picture without words.
UNDESCRIBED = "Das Bild „{0.slug}“ hat keine Beschreibung. Bitte schreiben Sie ![Was man darauf sieht]({0.written})."


def undescribed(links, new=()):
    """Pictures for which neither the text nor they themselves say what one sees; `new`: their documents, where those are not stored yet."""
    slugs = {link.slug for link in links if link.kind == "bild" and not link.label}
    silent = (
        set(Picture.objects.undescribed().filter(slug__in=slugs).values_list("slug", flat=True)) if slugs else set()
    )
    for picture in new:
        (silent.discard if picture.description or picture.decorative else silent.add)(picture.slug)
    return [link for link in links if link.kind == "bild" and not link.label and link.slug in silent]


def places(references):
    """The entries, working copies, categories, terms, notices or site whose texts hold one of these references."""
    found = (reference.source for reference in references.select_related(*Reference.SOURCES))
    return list({(type(source), source.pk): source for source in found}.values())


# Texts that follow their targets


def rewrite(references, function: Callable[..., str], *arguments, also=()):
    """Replace every text that holds one of these references by `function(text, *arguments)`.

    The function depends on nothing else. Returns the entries, categories, terms, notices or site that were changed
    (saved, but not yet recorded, which refuses what no text may say).
    """
    sources = places(references)
    sources += [row for row in also if row not in sources]
    texts = [(piece, field) for source in sources for piece, field, _ in kinds.texts(source)]
    written = [getattr(piece, field) for piece, field in texts]
    old, after = OldText.objects.of(written), made_all(_rewritten, [(function, text, *arguments) for text in written])
    rendering.keep({new: old[text].reasons for text, new in zip(written, after, strict=True) if text in old})
    for (piece, field), text, new in zip(texts, written, after, strict=True):
        if text != new:
            setattr(piece, field, new)
            piece.save()
    return sources


def renumber(entry, numbers: dict[int, int | None]):
    """Rewrite `#schritt-<n>`, and „Schritt n“ in the words of links, in every text that links to this entry's steps, after its
    steps were put in another order.

    `numbers` gives the new number for each former one, None for a step that is gone: links to it then lead to the entry. The
    entry was read before that. Returns what was changed, as `rewrite`.
    """
    moved = {old: new for old, new in numbers.items() if old != new}
    if not moved:
        return []
    former = {f"schritt-{old}": old for old in moved}
    former |= {name: old for old, name in enumerate(entry.step_order, 1) if old in moved}
    references = Reference.objects.filter(target=entry, fragment__in=former)
    return rewrite(
        references,
        _renumbered,
        _slugs_of(entry),
        tuple(former.items()),
        tuple(moved.items()),
        also=[type(entry).rows.get(pk=entry.pk)],
    )


def name_places(entry):
    """Let links to places of this entry's steps, `#schritt-<n>`, lead to the steps by their names. Returns what was changed."""
    names = {f"schritt-{step.number}": step.name for step in entry.steps.all()}
    references = Reference.objects.filter(target=entry, fragment__in=names)
    return rewrite(references, _named, _slugs_of(entry), tuple(names.items()))


def let_names_go(entry, names):
    """Let links to steps of these names, which are gone, lead to the entry. Returns what was changed, as `rewrite`."""
    references = Reference.objects.filter(target=entry, fragment__in=names)
    return rewrite(references, _named, _slugs_of(entry), tuple((name, "") for name in sorted(names)))


def _slugs_of(entry):
    return frozenset({entry.slug, entry.loaded_slug, *entry.aliases.values_list("slug", flat=True)})


def lead_to(references, slugs: Mapping[str, str], target: str | None, *, keep_step=False):
    """Let links to the entries at these slugs lead to the one at the slug `target`; None: their words stay alone.

    `slugs` has for each the words that stand where a link had none of its own. Without `keep_step` links to a step lead to the
    whole entry. Returns what was changed, as `rewrite`.
    """
    return rewrite(references, _led, tuple(sorted(slugs.items())), target, keep_step)


def let_go(document, own_slugs):
    """An older document in which links that lead nowhere by now keep their words alone; those to a step that is gone lead to its entry."""
    texts = [piece.body for piece in (document, *document.steps)]
    links = [link for text in texts for link in rendering.shown(text).links]
    own = dict.fromkeys(own_slugs, step_names.fragments(document.steps))
    dead = {link.written for link in dead_links(links, own)}
    there = {*own, *step_fragments({link.slug for link in links if link.kind == "faq"})}
    calls = [(text, tuple(sorted(dead)), tuple(sorted(there))) for text in texts]
    body, *bodies = made_all(_without_dead, calls)
    steps = [replace(step, body=text) for step, text in zip(document.steps, bodies, strict=True)]
    return replace(document, body=body, steps=steps)


def still_leading_to(sources, slugs):
    """Those of some sources that still hold a link to one of these slugs."""

    def leads_there(source):
        made_of = _rendered_of([(source, getattr(piece, field)) for piece, field, _ in kinds.texts(source)])
        return any(link.kind == "faq" and link.slug in slugs for result in made_of for link in result.links)

    return [source for source in sources if leads_there(source)]


def _rewritten(function, text, *arguments):
    new = function(text, *arguments)
    with suppress(markup.MarkupError):  # whoever asks for it is told whose it is
        made(rendering.rendered, new)  # will be asked for next: it is made in the same turn
    return new


def _renumbered(text, slugs, former, moved):
    former, moved = dict(former), dict(moved)

    def renumbered(link, written):
        if link.kind != "faq" or link.slug not in slugs or link.fragment not in former:
            return written
        old = former[link.fragment]
        new = moved[old]
        if link.step or not new:
            written = written.replace(f"#{link.fragment}", f"#schritt-{new}" if new else "", 1)
        if link.label and new:
            label = re.sub(rf"\b(Schritt\s+){old}\b", rf"\g<1>{new}", link.label)
            written = written.replace(link.label, label, 1)
        return written

    return markup.rewrite_links(text, renumbered)


def _named(text, slugs, names):
    names = dict(names)

    def named(link, written):
        if link.kind != "faq" or link.slug not in slugs or link.fragment not in names:
            return written
        name = names[link.fragment]
        return written.replace(f"#{link.fragment}", f"#{name}" if name else "", 1)

    return markup.rewrite_links(text, named)


def _without_dead(text, dead, there):
    def let_go(link, written):
        if link.written not in dead or link.label is None:
            return written
        if link.kind == "faq" and link.slug in there:
            return written.replace(f"#{link.fragment}", "", 1)
        return link.label or _MARKDOWN.sub(r"\\\g<0>", UNAVAILABLE if link.kind == "faq" else UNNAMED)

    return markup.rewrite_links(text, let_go)


def _led(text, slugs, target, keep_step):
    slugs = dict(slugs)

    def led(link, written):
        # A definition, `[1]: faq:…`, has no words of its own that could stay.
        if link.kind != "faq" or link.slug not in slugs or (link.label is None and not target):
            return written
        if target:
            step = f"#{link.fragment}" if keep_step and link.fragment else ""
            return written.replace(link.written, f"faq:{target}{step}", 1)
        return link.label or _MARKDOWN.sub(r"\\\g<0>", slugs[link.slug])

    return markup.rewrite_links(text, led)
