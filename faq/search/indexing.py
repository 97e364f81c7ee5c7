"""Writing: the documents, the index and the vocabulary change together, in the caller's transaction.

One writer at a time: the caller holds the row of the site's revision. So the vocabulary's numbers can be read, changed
and written back.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import NamedTuple

from faq.actions import made_all
from faq.models import SearchDocument, SearchWord
from faq.search import analysis, meaning, table
from faq.search.lookup import current
from faq.search.sql import HEADLINE, token
from faq.words import counted

_BATCH = 500  # rows written in one statement
_GIVEN = ("title", "tags", "category", "text", "steps")


@dataclass(frozen=True)
class StepText:
    number: int
    name: str
    title: str
    text: str


@dataclass(frozen=True)
class Document:
    """An entry as plain text, contacts' numbers filled in; `text` of a walkthrough is its intro.

    Two with the same text are equal: what was analysed of one holds for the other.
    """

    entry_id: int = field(compare=False)
    title: str
    tags: tuple[str, ...]
    category: str
    text: str
    steps: tuple[StepText, ...] = ()


class Analysed(NamedTuple):
    """The words of a document, a line for each of its fields, and the vectors of its passages (see SearchDocument)."""

    stems: str
    forms: str
    vectors: bytes
    table: str


def analysed(documents: Iterable[Document]) -> list[Analysed]:
    """What is made of each document; behind the lock what was made of it before."""
    # What another table of words made of the same text is not the same.
    return made_all(_analysed, [(document, table.identity()) for document in documents])


def _analysed(document, identity):
    lines = [document.title, ", ".join(document.tags), document.category, document.text]
    for step in document.steps:
        lines += [step.title, step.text]
    words = [list(analysis.words(line)) for line in lines]
    # What joins parts comes last, so that the parts keep their neighbours.
    words = [sorted(line, key=lambda word: word.compound) for line in words]
    return Analysed(
        stems="\n".join("".join(f" {word.stem} " for word in line) for line in words),
        forms="\n".join("".join(f" {word.form} " for word in line) for line in words),
        vectors=meaning.packed(document),
        table=identity,
    )


def changed(documents: list[Document]) -> list[Document]:
    """Those of the documents that are not stored as they are."""
    keys = [document.entry_id for document in documents]
    rows = SearchDocument.objects.filter(pk__in=keys, table=table.identity()).only(*_GIVEN)
    there = {row.entry_id: {name: getattr(row, name) for name in _GIVEN} for row in rows}
    return [document for document in documents if there.get(document.entry_id) != _given(document)]


def index(documents: Iterable[Document]) -> None:
    """Insert these documents, or replace those that are there, in the caller's transaction."""
    words = _Words()
    for batch in _batches(documents):
        latest = {document.entry_id: document for document in batch}
        _take_out(latest, words)
        rows = [_row(*pair) for pair in zip(latest.values(), analysed(latest.values()), strict=True)]
        SearchDocument.objects.bulk_create(rows)
        current().put((row.entry_id, _tokens(row)) for row in rows)
        for row in rows:
            words.count(row, +1)
    words.save()


def remove(entry_ids: Iterable[int]) -> None:
    """Take entries out of the search, in the caller's transaction; those that are not in it don't matter."""
    words = _Words()
    for batch in _batches(entry_ids):
        _take_out(batch, words)
    words.save()


def rebuild(documents: Iterable[Document]) -> None:
    """Make the whole search anew from these documents, in the caller's transaction."""
    current().clear()
    SearchDocument.objects.all().delete()
    SearchWord.objects.all().delete()
    index(documents)


def check(documents: Iterable[Document], others: Iterable[int] = ()) -> list[str]:
    """What differs from a search made anew from these documents, a sentence each; empty when all is well.

    `others`: entries that belong into the search too. Of these what is stored is taken to be right, and index and words are held
    against that.
    """
    # What a missing table cannot make anew is not held against what is stored.
    unknown = ("vectors", "table") if table.problem() else ()
    stored = {row["entry_id"]: row for row in SearchDocument.objects.values().iterator()}
    indexed, words, found = current().stored(), _Words(), []
    for document in documents:
        row = _row(document, *analysed([document]))
        words.count(row, +1)
        name = f"Eintrag {document.entry_id} („{document.title}“)"
        there = stored.pop(document.entry_id, None)
        if there is None:
            found.append(f"{name} fehlt in der Suche.")
        elif any(getattr(row, name) != _plain(value) for name, value in there.items() if name not in unknown):
            found.append(f"{name} steht mit anderem Text in der Suche.")
        if indexed.pop(document.entry_id, None) != _tokens(row):
            found.append(f"{name} steht mit anderen Wörtern im Index.")
    for key in others:
        there = stored.pop(key, None)
        if there is None:
            found.append(f"Eintrag {key} fehlt in der Suche.")
            continue
        row = SearchDocument(**there)
        words.count(row, +1)
        if indexed.pop(key, None) != _tokens(row):
            found.append(f"Eintrag {key} steht mit anderen Wörtern im Index.")
    found += [f"Eintrag {key} steht in der Suche und gehört nicht hinein." for key in sorted({*stored, *indexed})]
    return found + words.differences()


def _batches(items):
    items = iter(items)
    while batch := list(islice(items, _BATCH)):
        yield batch


def _given(document):
    """What is stored of a document as it is."""
    given = {name: getattr(document, name) for name in _GIVEN}
    return given | {"tags": list(document.tags), "steps": [asdict(step) for step in document.steps]}


def _plain(value):
    """PostgreSQL gives bytes as a view of them."""
    return bytes(value) if isinstance(value, memoryview) else value


def _row(document, words):
    return SearchDocument(entry_id=document.entry_id, **_given(document), **words._asdict())


def _tokens(row):
    headline = "\n".join(row.stems.split("\n", 2)[:2]).split()
    return {token(stem) for stem in row.stems.split()} | {HEADLINE + token(stem) for stem in headline}


def _take_out(entry_ids, words):
    rows = SearchDocument.objects.filter(pk__in=list(entry_ids))
    there = list(rows.defer("vectors"))
    if there:
        for row in there:
            words.count(row, -1)
        current().delete(row.entry_id for row in there)
        rows.delete()


class _Words:
    """Changes to the vocabulary, gathered and then written at once."""

    def __init__(self):
        self._changes = Counter()
        self._stems = {"": ""}

    def count(self, row, change):
        """Count a row's words, and the row itself under the empty word, as so many more or less."""
        pairs = dict(zip(row.forms.split(), row.stems.split(), strict=True))
        self._stems |= pairs
        for form in ("", *pairs):
            self._changes[form] += change

    def save(self):
        changed = sorted(form for form, change in self._changes.items() if change)
        for forms in _batches(changed):
            there = dict(SearchWord.objects.filter(pk__in=forms).values_list("form", "entries"))
            now = {form: there.get(form, 0) + self._changes[form] for form in forms}
            SearchWord.objects.bulk_create(
                [self._word(form, entries) for form, entries in now.items() if entries > 0],
                update_conflicts=True,
                unique_fields=["form"],
                update_fields=["entries"],
            )
            gone = [form for form, entries in now.items() if entries <= 0]
            if gone:
                SearchWord.objects.filter(pk__in=gone).delete()

    def _word(self, form, entries):
        stem = self._stems[form]
        return SearchWord(form=form, stem=stem, stem_reversed=stem[::-1], form_reversed=form[::-1], entries=entries)

    def differences(self):
        """What the stored vocabulary says otherwise than these words."""
        stored = {
            form: (entries, stem) for form, entries, stem in SearchWord.objects.values_list("form", "entries", "stem")
        }
        expected = {form: (count, self._stems[form]) for form, count in self._changes.items()}
        return [
            f"Das Wort „{form}“ sollte in {counted(self._changes[form], 'Eintrag', 'Einträgen')} stehen."
            for form in sorted({*stored, *expected})
            if stored.get(form) != expected.get(form)
        ]
