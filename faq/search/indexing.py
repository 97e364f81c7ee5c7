"""Writing: the documents, the index and the vocabulary change together, in the caller's transaction.

One writer at a time: the caller holds the row of the site's revision. So the vocabulary's numbers can be read, changed
and written back.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict
from itertools import islice
from typing import NamedTuple

from django.apps import apps

from faq.search import analysis
from faq.search.document import Document
from faq.search.sql import HEADLINE, token

_BATCH = 500  # rows written in one statement
_GIVEN = ("title", "tags", "category", "text", "steps")
_TEXTS = (*_GIVEN, "stems", "forms")


class Analysed(NamedTuple):
    """The words of a document, a line for each of its fields (see SearchDocument)."""

    stems: str
    forms: str


def analysed(document: Document) -> Analysed:
    """Depends on the document's text alone."""
    lines = [document.title, ", ".join(document.tags), document.category, document.text]
    for step in document.steps:
        lines += [step.title, step.text]
    words = [list(analysis.words(line)) for line in lines]
    # What joins parts comes last, so that the parts keep their neighbours.
    words = [[w for w in line if not w.joined] + [w for w in line if w.joined] for line in words]
    return Analysed(
        stems="\n".join("".join(f" {word.stem} " for word in line) for line in words),
        forms="\n".join("".join(f" {word.form} " for word in line) for line in words),
    )


def changed(documents: list[Document]) -> list[Document]:
    """Those of the documents that are not stored as they are."""
    model = apps.get_model("faq", "SearchDocument")
    stored = model.objects.filter(pk__in=[document.entry_id for document in documents]).only(*_GIVEN)
    there = {row.entry_id: [getattr(row, name) for name in _GIVEN] for row in stored}
    return [document for document in documents if there.get(document.entry_id) != list(_given(document).values())]


def index(documents: Iterable[Document], backend, analysed: Callable[[Document], Analysed]) -> None:
    """Insert these documents, or replace those that are there."""
    words = _Words()
    for batch in _batches(documents, _BATCH):
        latest = {document.entry_id: document for document in batch}
        _take_out(latest, words, backend)
        rows = [_row(document, analysed(document)) for document in latest.values()]
        apps.get_model("faq", "SearchDocument").objects.bulk_create(rows)
        backend.put((row.entry_id, _tokens(row)) for row in rows)
        for row in rows:
            words.add(row)
    words.save()


def remove(entry_ids: Iterable[int], backend) -> None:
    """Take entries out; those that are not there don't matter."""
    words = _Words()
    for batch in _batches(entry_ids, _BATCH):
        _take_out(batch, words, backend)
    words.save()


def rebuild(documents: Iterable[Document], backend, analysed: Callable[[Document], Analysed]) -> None:
    """Make everything anew from these documents."""
    backend.clear()
    apps.get_model("faq", "SearchDocument").objects.all().delete()
    apps.get_model("faq", "SearchWord").objects.all().delete()
    index(documents, backend, analysed)


def differences(documents: Iterable[Document], backend) -> list[str]:
    """What is not as `rebuild` would make it, a line each; empty when all is well."""
    stored = {row.entry_id: row for row in apps.get_model("faq", "SearchDocument").objects.iterator()}
    indexed = dict(backend.stored())
    words, found = _Words(), []
    for document in documents:
        row = _row(document, analysed(document))
        words.add(row)
        there = stored.pop(document.entry_id, None)
        if there is None:
            found.append(f"Eintrag {document.entry_id} („{document.title}“) fehlt in der Suche.")
        elif any(getattr(there, name) != getattr(row, name) for name in _TEXTS):
            found.append(f"Eintrag {document.entry_id} („{document.title}“) steht mit anderem Text in der Suche.")
        if indexed.pop(document.entry_id, None) != _tokens(row):
            found.append(f"Eintrag {document.entry_id} („{document.title}“) steht mit anderen Wörtern im Index.")
    found += [
        f"Eintrag {entry_id} steht in der Suche und gehört nicht hinein." for entry_id in sorted({*stored, *indexed})
    ]
    return found + words.differences()


def _batches(items, size):
    items = iter(items)
    while batch := list(islice(items, size)):
        yield batch


def _given(document):
    """What is stored of a document as it is."""
    return {
        "title": document.title,
        "tags": list(document.tags),
        "category": document.category,
        "text": document.text,
        "steps": [asdict(step) for step in document.steps],
    }


def _row(document, words):
    return apps.get_model("faq", "SearchDocument")(entry_id=document.entry_id, **_given(document), **words._asdict())


def _tokens(row):
    headline = "\n".join(row.stems.split("\n", 2)[:2]).split()
    return {token(stem) for stem in row.stems.split()} | {HEADLINE + token(stem) for stem in headline}


def _take_out(entry_ids, words, backend):
    rows = apps.get_model("faq", "SearchDocument").objects.filter(pk__in=list(entry_ids))
    old = list(rows)
    if old:
        for row in old:
            words.take(row)
        backend.delete(row.entry_id for row in old)
        rows.delete()


class _Words:
    """Changes to the vocabulary, gathered and then written at once."""

    def __init__(self):
        self._changes = Counter()
        self._stems = {"": ""}

    def add(self, row):
        self._count(row, +1)

    def take(self, row):
        self._count(row, -1)

    def _count(self, row, change):
        pairs = dict(zip(row.forms.split(), row.stems.split(), strict=True))
        self._stems |= pairs
        for form in ("", *pairs):
            self._changes[form] += change

    def save(self):
        model = apps.get_model("faq", "SearchWord")
        changed = sorted(form for form, change in self._changes.items() if change)
        for forms in _batches(changed, _BATCH):
            there = dict(model.objects.filter(pk__in=forms).values_list("form", "entries"))
            now = {form: there.get(form, 0) + self._changes[form] for form in forms}
            model.objects.bulk_create(
                [self._word(form, entries) for form, entries in now.items() if entries > 0],
                update_conflicts=True,
                unique_fields=["form"],
                update_fields=["entries"],
            )
            gone = [form for form, entries in now.items() if entries <= 0]
            if gone:
                model.objects.filter(pk__in=gone).delete()

    def _word(self, form, entries):
        stem = self._stems[form]
        return apps.get_model("faq", "SearchWord")(
            form=form, stem=stem, stem_reversed=stem[::-1], form_reversed=form[::-1], entries=entries
        )

    def differences(self) -> list[str]:
        """What the stored vocabulary says otherwise than these words."""
        stored = {row.form: row for row in apps.get_model("faq", "SearchWord").objects.iterator()}
        found = []
        for form in sorted({*stored, *self._changes}):
            there, expected = stored.get(form), self._changes[form]
            if (there.entries if there else 0) != expected or (there and there.stem != self._stems[form]):
                found.append(f"Das Wort „{form}“ sollte in {expected} Einträgen stehen.")
        return found
