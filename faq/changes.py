"""The one function through which every public change passes, and what follows from a change.

A caller writes the rows (a form, an import), then hands them to `record`, in the same transaction. From there come the
HTML, the references, the former addresses, the version, the search index, and the site's new revision.
"""

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from faq import markup, search
from faq.content import documents, format
from faq.linking import Links
from faq.models import (
    Alias,
    Attachment,
    Category,
    Contact,
    Entry,
    Gap,
    Gone,
    Notice,
    Reference,
    Revision,
    Site,
    Tag,
    Term,
    Version,
    WebLink,
)

CHUNK = 500


class AddressTaken(ValueError):
    """A slug that something else on the site already answers to."""


@transaction.atomic
def record(saved=(), deleted=(), *, source, who=None, why="", rendered=None):
    """Bring everything in step with rows that were saved, and delete those that shall go.

    `saved` and `deleted` hold categories, entries, terms, contacts, attachments, notices, the site, tags; steps and tags belong to their entry.
    `source` is one of Version.SOURCES, `who` a user or None, `rendered` HTML by Markdown text where it is known already.
    Raises MarkupError for a text that is refused and AddressTaken for a slug in use; then nothing at all is written.
    """
    saved, deleted = list(saved), list(deleted)
    if not all(_is_working_copy(stored) for stored in saved + deleted):
        Revision.objects.raise_by_one()  # first: until we are done, other writers wait here
    change = _Change(source, who, why, rendered or {})
    moved = [stored for stored in saved if isinstance(stored, Category | Entry) and not _is_working_copy(stored)]
    for start in range(0, len(moved), CHUNK):
        change.follow_addresses(moved[start : start + CHUNK])
    for stored in deleted:
        change.delete(stored)
    for kind in (Contact, Attachment, Term, Category, Site, Notice, Tag):
        for stored in saved:
            if isinstance(stored, kind):
                change.save(stored)
    change.save_entries([stored.pk for stored in saved if isinstance(stored, Entry)])
    # A tag that had gone into another one, and is used again, is itself once more.
    Tag.objects.filter(merged_into__isnull=False, taggings__isnull=False).update(merged_into=None)
    change.index()
    if len(saved) >= CHUNK:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # else the database plans for the few rows that were there before


def search_documents(entries=None):
    """What the search knows of entries (all that are published, unless told): an iterator of search.Document."""
    entries = Entry.objects.all() if entries is None else entries
    keys = list(entries.filter(status=Entry.PUBLISHED).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        chunk = list(Entry.objects.filter(pk__in=keys[start : start + CHUNK]).complete().order_by("pk"))
        links = Links(chunk, titles=False)
        for entry in chunk:
            yield search.Document(
                entry_id=entry.pk,
                title=entry.title,
                tags=tuple(tag.name for tag in entry.tag_list),
                category=entry.category.title,
                text=links.plain(entry.body_html),
                steps=tuple(
                    search.StepText(
                        step.number,
                        step.title,
                        "\n".join([*(value for _, value in step.facts), links.plain(step.body_html)]),
                    )
                    for step in entry.steps.all()
                ),
            )


def renumber_links(entry, numbers):
    """Rewrite `#schritt-<n>` in every text that links to this entry's steps, after its steps were put in another order.

    `numbers` gives the new number for each former one, None for a step that is gone: its links then lead to the entry.
    Returns the entries, categories, terms or site that were changed (saved, but not yet recorded).
    """
    moved = {old: new for old, new in numbers.items() if old != new}
    slugs = {entry.slug, *entry.aliases.values_list("slug", flat=True)}

    def renumbered(link, written):
        if link.kind != "faq" or link.slug not in slugs or link.step not in moved:
            return written
        new = moved[link.step]
        return written.replace(f"#{link.fragment}", f"#schritt-{new}" if new else "", 1)

    return rewrite_links(Reference.objects.filter(target=entry, step__in=moved), renumbered)


def rewrite_links(references, replacement):
    """Replace the portal's links in every text that holds one of these references, by `replacement(link, written)`.

    Returns what was changed (saved, but not yet recorded).
    """
    return rewrite_texts(references, lambda text: markup.rewrite_links(text, replacement))


def rewrite_texts(references, rewritten):
    """Replace every text that holds one of these references by `rewritten(text)`.

    Returns the entries, categories, terms, notices or site that were changed (saved, but not yet recorded).
    """
    references = references.select_related(*Reference.SOURCES)
    sources = {(type(source), source.pk): source for source in (reference.source for reference in references)}
    for source in sources.values():
        for piece in _pieces(source):
            for field, _ in piece.texts():
                setattr(piece, field, rewritten(getattr(piece, field)))
            piece.save()
    return list(sources.values())


class AnyTarget:
    """What a link can lead to, judged by the database."""

    def __init__(self, links):
        self.entries = entries_at({link.slug for link in links if link.kind == "faq"})
        self.contacts = Contact.objects.in_bulk(
            {link.slug for link in links if link.kind == "kontakt"}, field_name="slug"
        )
        self.gaps = Gap.objects.in_bulk({link.slug for link in links if link.kind == "offen"}, field_name="slug")
        self.attachments = Attachment.objects.in_bulk(
            {link.slug for link in links if link.kind == "datei"}, field_name="slug"
        )

    def reference(self, source, link):
        """The row that says that `source` holds `link`, with what that leads to."""
        return Reference(
            **{source._meta.model_name: source},
            kind=link.kind,
            slug=link.slug,
            step=link.step,
            target=self.entries.get(link.slug) if link.kind == "faq" else None,
            contact=self.contacts.get(link.slug) if link.kind == "kontakt" else None,
            gap=self.gaps.get(link.slug) if link.kind == "offen" else None,
            attachment=self.attachments.get(link.slug) if link.kind == "datei" else None,
        )


def owner_of(slugs, *, besides=None):
    """The category or entry that one of these current or former slugs leads to, other than `besides`; or None."""
    return next((owner for owner in owners(slug__in=slugs).values() if owner != besides), None)


def owners(**of):
    """Each category and entry by all its current and former slugs; only those with `slug__in=…` where given."""
    found = {
        alias.slug: alias.entry or alias.category
        for alias in Alias.objects.filter(**of).select_related("entry", "category")
    }
    found |= {entry.slug: entry for entry in Entry.objects.filter(**of).defer("body", "body_html", "note")}
    return found | {category.slug: category for category in Category.objects.filter(**of)}


def dead_links(links):
    """Those of the links that lead nowhere, by what is stored."""
    steps = step_counts({link.slug for link in links if link.kind == "faq"})
    contacts, attachments = (set(model.objects.values_list("slug", flat=True)) for model in (Contact, Attachment))
    return unknown_targets(links, steps=steps, contacts=contacts, attachments=attachments)


def step_counts(slugs):
    """The number of steps of each stored entry at one of these current or former slugs, by that slug."""
    return {slug: entry.steps.count() for slug, entry in entries_at(slugs).items()}


def unknown_targets(links, *, steps, contacts, attachments):
    """The links that lead nowhere. `steps`: the number of steps of each known entry, by slug; the others: known slugs."""

    def known(link):
        if link.kind == "faq":
            return link.slug in steps and (not link.fragment or (link.step or 0) in range(1, steps[link.slug] + 1))
        if link.kind == "kontakt":
            return link.slug in contacts and not link.fragment
        if link.kind == "datei":
            return link.slug in attachments and not link.fragment
        return link.kind == "offen" and bool(link.slug) and not link.fragment

    return [link for link in links if not known(link)]


def entries_at(slugs):
    """Entries by their current and former slugs."""
    found = {
        alias.slug: alias.entry
        for alias in Alias.objects.filter(slug__in=slugs, entry__isnull=False).select_related("entry")
    }
    return found | {entry.slug: entry for entry in Entry.objects.filter(slug__in=slugs)}


def _aliases(**of):
    return Alias.objects.filter(**of).select_related("entry", "category")


def _aliases_of(stored):
    """The former slugs of these categories and entries."""
    keys = {model: [row.pk for row in stored if isinstance(row, model)] for model in (Entry, Category)}
    return [*_aliases(entry__in=keys[Entry]), *_aliases(category__in=keys[Category])]


def _is_working_copy(stored):
    return isinstance(stored, Entry) and stored.copy_of_id is not None


def _pieces(stored):
    """The rows that hold the Markdown of something stored."""
    return [stored, *stored.steps.all()] if isinstance(stored, Entry) else [stored]


class _Change:
    def __init__(self, source, who, why, rendered):
        self.by = {"source": source, "who": who, "why": why}
        self.rendered = rendered
        self.stale = set()  # keys of entries the search must look at again

    # Addresses

    def follow_addresses(self, moved):
        """A changed slug leaves an alias behind, a move leaves the former category its anchor."""
        self._check_free(moved)
        slugs = [stored.slug for stored in moved]
        # What was an own former slug may be the current one again.
        Alias.objects.filter(slug__in=slugs).delete()
        # What was deleted is there again once readers see something in its place.
        keys = [stored.pk for stored in moved if isinstance(stored, Entry)]
        public = list(Entry.objects.published().filter(pk__in=keys).only("slug"))
        answering = [*(entry.slug for entry in public), *(alias.slug for alias in _aliases_of(public))]
        Gone.objects.filter(slug__in=answering).delete()
        for stored in moved:
            if stored.loaded_slug and stored.loaded_slug != stored.slug:
                Alias.objects.get_or_create(slug=stored.loaded_slug, defaults={stored._meta.model_name: stored})
            if stored.loaded_category_id and stored.loaded_category_id != stored.category_id:
                stored.former_categories.add(stored.loaded_category_id)
                stored.former_categories.remove(stored.category_id)
            stored.loaded_slug = stored.slug
            stored.loaded_category_id = getattr(stored, "category_id", None)

    def _check_free(self, moved):
        """Each current and former slug leads to one thing only, over the whole site."""
        names = {stored.slug: stored for stored in moved}
        clashes = [(alias.slug, alias.entry or alias.category) for alias in _aliases(slug__in=names)]
        clashes += [(entry.slug, entry) for entry in Entry.objects.filter(slug__in=names)]
        clashes += [(category.slug, category) for category in Category.objects.filter(slug__in=names)]
        formers = {alias.slug: alias.entry or alias.category for alias in _aliases_of(moved)}
        clashes += [(slug, owner) for slug, owner in owners(slug__in=formers).items() if owner != formers[slug]]
        for slug, owner in clashes:
            stored = names.get(slug, formers.get(slug))
            if owner != stored:
                raise AddressTaken(f"Der Anker „{slug}“ von „{stored}“ gehört schon zu „{owner}“.")

    # Saving and deleting

    def save(self, stored):
        if isinstance(stored, Tag):
            self.save_entries(list(stored.taggings.values_list("content_object", flat=True)))
            return
        if isinstance(stored, Attachment):
            Reference.objects.filter(kind="datei", attachment=None, slug=stored.slug).update(attachment=stored)
        if isinstance(stored, Contact | Attachment):
            self.stale.update(stored.references.exclude(entry=None).values_list("entry", flat=True))
        else:
            self._render([stored])
        if isinstance(stored, Category):
            self.stale.update(stored.entries.values_list("pk", flat=True))
        for path, document in documents.files(stored).items():
            latest = Version.objects.of_originals().filter(path=path).first()
            if latest is None and not document:
                continue
            if latest is None or latest.document != document:
                Version.objects.create(path=path, document=document, **self.by)

    def save_entries(self, keys):
        for start in range(0, len(keys), CHUNK):
            entries = list(Entry.rows.filter(pk__in=keys[start : start + CHUNK]).complete())
            self._render(entries)
            originals = [entry for entry in entries if not _is_working_copy(entry)]
            self._write_versions(originals)
            self.stale.update(entry.pk for entry in originals)
            for copy in entries:
                if _is_working_copy(copy):
                    self._write_copy_version(copy)

    def delete(self, stored):
        for path, document in documents.files(stored).items():
            if document:
                entry = {"entry": stored.original} if isinstance(stored, Entry) else {}
                Version.objects.create(path=path, working_copy=_is_working_copy(stored), **entry, **self.by)
            if isinstance(stored, Entry) and not _is_working_copy(stored):
                search.remove([stored.pk])
                self._remember(stored, path)
        stored.delete()

    @staticmethod
    def _remember(entry, path):
        """Keep all addresses of an entry that goes, and where its anchors stood."""
        what = {
            "title": entry.title,
            "path": path,
            "was_public": Entry.objects.seen().filter(pk=entry.pk).exists(),
        }
        for slug in [entry.slug, *entry.aliases.values_list("slug", flat=True)]:
            if not what["was_public"] and Gone.objects.filter(slug=slug, was_public=True).exists():
                continue  # readers are told of what they saw there
            gone, _ = Gone.objects.update_or_create(slug=slug, defaults=what)
            gone.categories.set([entry.category_id, *entry.former_categories.all()])

    def index(self):
        """Put the search in step with all entries that the change touched."""
        keys = list(self.stale)
        for start in range(0, len(keys), CHUNK):
            chunk = keys[start : start + CHUNK]
            found = list(search_documents(Entry.objects.filter(pk__in=chunk)))
            search.remove(set(chunk) - {document.entry_id for document in found})
            search.index(found)

    # Texts and versions

    def _html(self, text):
        return self.rendered[text] if text in self.rendered else markup.render(text)

    def _render(self, sources):
        """Render the texts of entries, a category, a term or the site, and write down who refers to what."""
        links = {source: [] for source in sources}
        addresses = {source: [] for source in sources}  # of pages elsewhere
        for source in sources:
            for piece in _pieces(source):
                for field, html_field in piece.texts():
                    html = self._html(getattr(piece, field))
                    links[source] += markup.links(html)
                    addresses[source] += markup.web_links(html)
                    if getattr(piece, html_field) != html:
                        setattr(piece, html_field, html)
                        piece.save(update_fields=[html_field])
        self._refer(links, addresses)

    def _refer(self, links, addresses):
        """Replace the references of these sources, all of one kind, by those to what their links lead to."""
        targets = AnyTarget([link for of_source in links.values() for link in of_source])
        rows = []
        for source, of_source in links.items():
            for link in {link.written: link for link in of_source}.values():
                if link.kind == "offen" and link.slug not in targets.gaps:
                    label = markup.plain_text(link.label) or link.slug
                    targets.gaps[link.slug] = Gap.objects.create(slug=link.slug, name=label[:300])
                rows.append(targets.reference(source, link))
        rows += self._web_references(addresses)
        name = next(iter(links))._meta.model_name
        Reference.objects.filter(**{f"{name}__in": links}).delete()
        Reference.objects.bulk_create(rows)
        self._find_targets([source for source in links if isinstance(source, Entry) and not _is_working_copy(source)])

    def _web_references(self, addresses):
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

    def _find_targets(self, entries):
        """Links that led nowhere until one of these entries was there."""
        slugs = {slug: entry for entry in entries for slug in [entry.slug, *(a.slug for a in entry.aliases.all())]}
        for reference in Reference.objects.filter(kind="faq", target=None, slug__in=slugs):
            reference.target = slugs[reference.slug]
            reference.save(update_fields=["target"])

    def _write_versions(self, entries):
        """A version of each entry whose document is another than at its last one."""
        newest = (
            Version.objects.of_originals()
            .filter(entry__in=entries)
            .values("entry")
            .annotate(newest=Max("pk"))
            .values("newest")
        )
        latest = {version.entry_id: version for version in Version.objects.filter(pk__in=newest)}
        versions = []
        for entry in entries:
            ((path, document),) = documents.files(entry).items()
            last = latest.get(entry.pk)
            changed = last is None or (last.path, last.document) != (path, document)
            if changed and last and self.by["source"] == "admin" and self._text_changed(entry, last):
                entry.updated = timezone.localdate()
                ((path, document),) = documents.files(entry).items()
            if changed:
                entry.changed = timezone.now()
                entry.save(update_fields=["changed", "updated"])
            if changed:
                versions.append(Version(path=path, entry=entry, document=document, **self.by))
        Version.objects.bulk_create(versions)

    def _write_copy_version(self, copy):
        ((path, document),) = documents.files(copy).items()
        last = Version.objects.filter(entry=copy.copy_of, working_copy=True).first()
        if last is None or last.document != document:
            Version.objects.create(path=path, entry=copy.copy_of, document=document, working_copy=True, **self.by)
            copy.changed = timezone.now()
            copy.save(update_fields=["changed"])

    def _text_changed(self, entry, last):
        """Whether an editor changed what readers see as the text, and did not set its date themselves."""
        before, now = format.read_entry(last.document or "---\ntitle: -\n---\n"), documents.of_entry(entry)
        text_changed = (before.title, before.body, before.steps) != (now.title, now.body, now.steps)
        return text_changed and before.updated == now.updated
