"""What editors make of a document that was read in: each part of it becomes a draft, is left out, is there already, or goes to the one before.

Its proposals stay as they were cut, so whatever was decided can be unsaid, and nothing of the document is lost meanwhile. Who decides sends
back what they saw: a decision that comes too late is refused.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property, reduce
from typing import NamedTuple

from faq import markup, search, slugs
from faq.actions import Hindered, action, made, made_all
from faq.content import documents, mapping, walkthrough_text
from faq.cutting.proposals import Proposal, Step, Unreadable, join, missing, sentences
from faq.editing import addresses, owners, rendering
from faq.editing.writing import fresh, writing
from faq.files import storing, types
from faq.models import Category, Entry, Picture, SourceDocument, SourcePicture, SourceProposal
from faq.words import counted

MOST = 500  # proposals of one document
MOST_BYTES = 50_000_000  # of its pictures
STATES = dict(SourceProposal.STATES)
OPEN = SourceProposal.OPEN
# What was decided and can be unsaid; of an accepted one the draft is deleted.
UNSAYABLE = (SourceProposal.LEFT_OUT, SourceProposal.THERE, SourceProposal.JOINED)
UNDESCRIBED = "Noch ohne Beschreibung"  # how the words for a picture begin of which the document says nothing
HEAVY = ["passage", "words", "body", "steps"]


# A telephone number, or an address for mail.
_NUMBER = re.compile(r"[+(]?\d[\d\s()/–-]{4,30}\d|[^\s@<>()]{1,100}@[^\s@<>()]{1,100}")


class Late(Hindered):
    """Somebody else decided meanwhile. Nothing was written."""

    def __init__(self, row):
        who = f" von {owners.name_of(row.decided_by)}" if row and row.decided_by else ""
        now = f"Jetzt steht dort: {STATES[row.state]}{who}. " if row and row.state != OPEN else ""
        super().__init__(f"Darüber hat inzwischen jemand entschieden. {now}Ihre Entscheidung ist nicht gesichert.")


@dataclass
class Part:
    """What is decided as one: a row that is joined to none, and those that are joined to it."""

    row: SourceProposal
    joined: list = field(default_factory=list)

    @property
    def rows(self):
        return [self.row, *self.joined]

    @property
    def is_open(self):
        return self.row.state == OPEN

    @property
    def sentences(self):
        return sum(row.sentences for row in self.rows)

    @property
    def seen(self):
        """What stands for it as it is: who decides sends back that of what they saw."""
        return "-".join(f"{row.pk}{row.state}" for row in self.rows)

    @cached_property
    def proposal(self):
        """All of it as one Proposal."""
        return reduce(join, map(_proposal, self.rows))

    @property
    def texts(self):
        """The Markdown of the entry that it would be: its own, and those of its steps."""
        return [self.proposal.body, *(step.body for step in self.proposal.steps)]

    def pictures(self):
        """The slugs of the pictures that it shows, each with whether some place says nothing of what one sees."""
        found = {}

        def note(link, written):
            if link.kind == "bild":
                found[link.slug] = found.get(link.slug, False) or not link.label
            return written

        for text in self.texts:
            markup.rewrite_links(text, note)
        return found


class Choice(NamedTuple):
    """How a part becomes a draft: its `category` is one that there is, or the title of a new one; `descriptions` are those of pictures, by slug."""

    key: int
    seen: str
    title: str
    category: Category | str
    descriptions: dict


def _proposal(row):
    steps = tuple(Step(**step) for step in row.steps)
    said = (row.kind, row.title, row.body, row.category, steps, row.passage, row.words, row.place)
    return Proposal(*said)


def parts(rows):
    """The Parts that rows of a document make, in their order."""
    found = []
    for row in rows:
        if row.state == SourceProposal.JOINED and found:
            found[-1].joined.append(row)
        else:
            found.append(Part(row))
    return found


def outline(document):
    """The Parts of a document without their texts."""
    return parts(document.proposals.select_related("decided_by").defer(*HEAVY))


def complete(some):
    """The same Parts with all that a page shows of them."""
    related = ("entry__category", "nearest", "decided_by")
    rows = SourceProposal.objects.select_related(*related).in_bulk([row.pk for part in some for row in part.rows])
    return [Part(rows[part.row.pk], [rows[row.pk] for row in part.joined]) for part in some]


def counts(some):
    """How many sentences some Parts have, by the state of each."""
    found = dict.fromkeys(STATES, 0)
    for part in some:
        found[part.row.state] += part.sentences
    return found


# Read in


@action
def take_in(name, source, *, who):
    """Keep a proposals.Source, to be gone through. Returns the SourceDocument. Raises Unreadable where that is nothing, or too much."""
    check(source)
    cut = source.proposals
    nearest = _nearest([proposal.title for proposal in cut])
    counted_ones = [len(sentences(proposal.words)) for proposal in cut]
    lost = [*source.lost, *(sentence for proposal in cut for sentence in _lost(proposal))]
    with writing(source="admin", who=who):
        document = SourceDocument.objects.create(name=name[:200], who=who, lost=lost, left_out=source.left_out)
        SourceProposal.objects.bulk_create(
            SourceProposal(
                document=document,
                number=number,
                kind=proposal.kind,
                category=proposal.category,
                title=proposal.title,
                body=proposal.body,
                steps=[{"title": step.title, "body": step.body, "section": step.section} for step in proposal.steps],
                passage=proposal.passage,
                words=proposal.words,
                place=proposal.place[:100],
                sentences=counted_ones[number - 1],
                nearest_id=nearest[number - 1],
            )
            for number, proposal in enumerate(cut, 1)
        )
        SourcePicture.objects.bulk_create(
            SourcePicture(
                document=document,
                slug=slug,
                name=each.name[-150:],
                data=each.data,
                description="" if each.alt.startswith(UNDESCRIBED) else each.alt,
            )
            for slug, each in source.pictures.items()
        )
        return document


def check(source):
    if not source.proposals:
        raise Unreadable("Darin steht nichts, woraus ein Eintrag werden könnte.")
    if len(source.proposals) > MOST:
        found = counted(len(source.proposals), "Vorschlag", "Vorschläge")
        raise Unreadable(f"Das sind {found}, höchstens {MOST} gehen auf einmal: Bitte teilen Sie das Dokument.")
    if sum(len(picture.data) for picture in source.pictures.values()) > MOST_BYTES:
        raise Unreadable(f"Die Bilder darin sind zusammen größer als {MOST_BYTES // 1_000_000} MB.")


def _lost(proposal):
    """The sentences of its passage that an entry made of it would not say. A contact's number may be written otherwise.

    What is too long for an entry becomes none, and is not looked at.
    """
    if len(proposal.words) > markup.MAX_LENGTH:
        return []
    said = [proposal.category, proposal.title, proposal.body]
    for step in proposal.steps:
        said += [step.section, step.title, step.body]
    texts = [_NUMBER.sub(" ", _plain(text)) for text in said]
    return missing(_NUMBER.sub(" ", proposal.words), [*texts, " ".join(texts)])


def _plain(text):
    try:
        return markup.plain_text(markup.render(text))
    except markup.MarkupError:
        return text


def _nearest(titles):
    """For each title the key of the entry that asks the same, drafts too, or else the one that the search finds first; or None."""
    known = {slugs.letters(title): key for key, title in Entry.objects.values_list("pk", "title")}

    def nearest(title):
        if not title or (same := known.get(slugs.letters(title))):
            return same if title else None
        hits = search.search(title, among=Entry.objects.all(), limit=1).hits
        return hits[0].entry_id if hits and hits[0].confident else None

    return list(map(nearest, titles))


# Decided


@storing.no_orphans()
@action
def accept(document, choices, *, who):
    """Make drafts of parts, each as a Choice says: all, or none. Returns them.

    Raises Late, Vanished; Hindered where something is missing, or a text can't be taken.
    """
    _prepare(document, [choice.key for choice in choices])
    with writing(source="admin", who=who, why=f"Aus „{document}“") as change:
        found, drafts, more = _by_key(document), [], []
        for choice in choices:
            (part,) = complete([_as_seen(found, choice.key, choice.seen)])
            category = choice.category
            if isinstance(category, str):
                category = _category(category, more)
            entry = Entry(category=category, slug=addresses.free_address(choice.title, "eintrag"), owner=who)
            mapping.apply_entry(_entry_document(document, part, choice, more), entry)
            drafts.append(entry)
            _decide(part, SourceProposal.ACCEPTED, who, entry)
        change.record([*more, *drafts])
        return drafts


@action
def leave_out(document, chosen, *, who):
    """Leave parts out: pairs of a key and what was seen. Raises Late."""
    with writing(source="admin", who=who):
        found = _by_key(document)
        for key, seen in chosen:
            _decide(_as_seen(found, key, seen), SourceProposal.LEFT_OUT, who)


@action
def there_already(document, key, seen, entry, *, who):
    """An entry says the same. Raises Late, Vanished."""
    with writing(source="admin", who=who):
        entry = fresh(Entry.objects.all(), entry)
        _decide(_as_seen(_by_key(document), key, seen), SourceProposal.THERE, who, entry)


@action
def join_to_previous(document, key, seen, *, who):
    """Let a part be one with that before it, which is open too. Returns the key of that. Raises Late."""
    with writing(source="admin", who=who):
        found = _by_key(document)
        part, all_of_them = _as_seen(found, key, seen), list(found.values())
        place = all_of_them.index(part)
        if place == 0:
            raise Hindered("Davor steht nichts, womit es sich verbinden ließe.")
        previous = all_of_them[place - 1]
        if not previous.is_open:
            raise Late(previous.row)
        _decide(part, SourceProposal.JOINED, who)
        return previous.row.pk


@action
def unsay(document, key, seen, *, who):
    """Let a part be open again that was left out or is there already, or a row be a part again that was joined to one. Raises Late.

    A draft is deleted in its own way: what it was made of is open then.
    """
    with writing(source="admin", who=who):
        for part in _by_key(document).values():
            may_be_unsaid = part.joined if part.is_open else [part.row]
            row = next((row for row in may_be_unsaid if row.pk == key and row.state in UNSAYABLE), None)
            if row and part.seen == seen:
                _decide(Part(row), OPEN, None)
                return
        raise Late(document.proposals.filter(pk=key).first())


@action
def delete(document, *, who):
    """Forget a document with its proposals and pictures; the drafts that it became stay."""
    with writing(source="admin", who=who):
        fresh(SourceDocument.objects.all(), document).delete()


def _by_key(document):
    return {part.row.pk: part for part in outline(fresh(SourceDocument.objects.all(), document))}


def _as_seen(found, key, seen):
    part = found.get(key)
    if part is None or not part.is_open or part.seen != seen:
        raise Late(SourceProposal.objects.filter(pk=key).select_related("decided_by").first())
    return part


def _decide(part, state, who, entry=None):
    row = part.row
    row.state, row.decided_by, row.entry = state, who, entry
    row.save(update_fields=["state", "decided_by", "entry"])


# The draft


def _prepare(document, keys):
    """Make what drafts of these parts will need of their texts: behind the lock each would begin another try."""
    for part in complete([part for part in outline(document) if part.row.pk in keys]):
        for text in part.texts:
            _problems(text, True)


def _category(title, new):
    """The category of this title; one of the `new` ones, to which it is added where there is none yet."""
    same = [row for row in (*Category.objects.all(), *new) if isinstance(row, Category)]
    if found := next((row for row in same if slugs.letters(row.title) == slugs.letters(title)), None):
        return found
    document = documents.Category(title)
    _refuse(title, mapping.faults(document))
    category = Category(slug=addresses.free_address(title, "kategorie"))
    mapping.apply(document, category)
    new.append(category)
    return category


def _entry_document(document, part, choice, new):
    """The document of the draft; pictures that are kept for it are added to `new`."""
    slugs_of_pictures = _kept_pictures(document, part, choice.descriptions, new)
    texts = part.texts
    if slugs_of_pictures:
        texts = made_all(_with_pictures, [(text, slugs_of_pictures) for text in texts])
    body, *bodies = texts
    steps = [
        documents.Step(step.title, step.section, body=text)
        for step, text in zip(part.proposal.steps, bodies, strict=True)
    ]
    kind = Entry.WALKTHROUGH if steps else Entry.QUESTION
    made_document = documents.Entry(choice.title, kind=kind, status=Entry.DRAFT, body=body, steps=steps)
    for each in (made_document, *steps):
        _refuse(each.title, mapping.faults(each))
    for text in filter(None, (body, *bodies)):
        _refuse(choice.title, _problems(text, bool(steps)))
    return made_document


def _problems(text, in_walkthrough):
    """What the form would refuse in a text: pairs of its line and what is to be said."""
    found = list(made(walkthrough_text.step_problems, text)) if in_walkthrough else []
    try:
        made(rendering.rendered, text)
    except markup.MarkupError as error:
        found += error.problems
    return [(problem.line, problem.message) for problem in found]


def _refuse(title, faults):
    if said := " ".join(str(message) for _, message in faults):
        raise Hindered(f"Aus „{title}“ wird so kein Entwurf. {said}")


def _kept_pictures(document, part, descriptions, new):
    """Keep the pictures that a part shows: pairs of the slug in the source and the portal's, "" for one that can't be kept."""
    found = []
    rows = {row.slug: row for row in SourcePicture.objects.filter(document=document, slug__in=part.pictures())}
    for slug in part.pictures():
        row = rows.get(slug)
        if row and not row.picture:
            row.description = descriptions.get(slug, row.description)
            row.picture = _kept(row)
            if row.picture:
                row.save(update_fields=["description", "picture"])
                new.append(row.picture)
        found.append((slug, row.picture.slug if row and row.picture else ""))
    return tuple(found)


def _kept(row):
    try:
        stored = storing.store(row.name, bytes(row.data))
    except types.Refused:
        return None
    slug = addresses.free_slug(Picture, row.description, "Bild")
    name = f"{slug}.{stored.kind}"
    is_said = not list(mapping.faults(documents.Picture(slug, name, description=row.description)))
    picture = Picture(slug=slug, description=row.description if is_said else "", name=name, stored=stored)
    picture.position = Picture.objects.count()
    picture.save()
    return picture


def _with_pictures(text, slugs_of_pictures):
    """A text that shows the portal's pictures in place of the document's; one that could not be kept is a gap."""
    known = dict(slugs_of_pictures)

    def shown(link, written):
        if link.kind != "bild" or link.slug not in known:
            return written
        if new := known[link.slug]:
            return written.replace(link.written, f"bild:{new}", 1)
        return f"[{link.label or 'Bild'}](offen:{link.slug})"

    return markup.rewrite_links(text, shown)
