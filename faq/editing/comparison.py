"""Two states of the same text as an editor reads them: fields by their names, the text as readers see it, steps matched up."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from html import escape
from time import monotonic

from django.core.exceptions import FieldDoesNotExist
from django.utils.formats import date_format
from django.utils.safestring import mark_safe

from faq import markup
from faq.content import documents, kinds, reading, step_names
from faq.content.portal_links import Links
from faq.content.values import DocumentError
from faq.editing import html_diff, rendering
from faq.editing.diff import Effort, Matcher, compare, words
from faq.editing.references import Targets
from faq.models import Category, Entry, Step
from faq.words import to_the_minute

SECONDS = 1.0  # after which no further text is rendered for one page
RAW = "So lässt sich dieser Text nicht zeigen, darum stehen hier seine Zeilen."
# What has no column of its own.
_LABELS = {"aliases": "Frühere Anker", "changes": "Ankündigungen", "file": "Dateiname", "sha256": "Inhalt der Datei"}
_DATED = Entry._meta.get_field("updated").verbose_name  # follows by itself
_SAID_OF = (("name",), ("name", "title", "section"))  # a step: one that is there, a new one
_UNSAID = {"line", "in_one_line", "lines", "source", "steps"}


class Budget(Effort):
    """What the comparisons of one page may take together."""

    def __init__(self):
        super().__init__()
        self.ends = monotonic() + SECONDS

    @cached_property
    def categories(self):
        """The titles of categories by their slugs."""
        return dict(Category.objects.values_list("slug", "title"))


@dataclass
class Change:
    """A field that is another one: what went and what came, or, of a longer line, its pieces."""

    label: str
    out: list = field(default_factory=list)
    came: list = field(default_factory=list)
    pieces: tuple = ()


@dataclass
class Text:
    """A text that is another one, beside the other: as readers see it, or its lines where that can't be."""

    label: str
    old: str
    new: str
    budget: Budget
    top: int = 3  # the level of its first heading: below that of a step, where it is one's

    @cached_property
    def html(self):
        """Of both in one; "" where one is refused, or it would take too long."""
        if self.old == self.new or monotonic() > self.budget.ends:
            return ""
        try:
            old, new = rendering.rendered_all([self.old, self.new])
            links = leading([*old.links, *new.links])
            sides = (links.html(markup.replace_pictures(each.html, _in_words), top=self.top) for each in (old, new))
            html = html_diff.marked(*sides, self.budget)
        except (markup.MarkupError, RecursionError):
            return ""
        return mark_safe(html)  # noqa: S308  two cleaned texts, and <ins> and <del>

    @cached_property
    def lines(self):
        return compare(self.old, self.new, self.budget)


@dataclass
class StepChange:
    """A step that is new, gone, moved or changed; numbers are None where it is not there."""

    title: str
    old: int | None
    new: int | None
    moved: bool = False
    changes: list = field(default_factory=list)
    text: Text | None = None


class Comparison:
    """Both states of what stands at a path, each its document's text; "" where it is not there."""

    def __init__(self, old, new, path, old_path="", budget=None):
        self.old, self.new, self.budget = old, new, budget or Budget()
        self.changes, self.texts, self.steps, self.unchanged, self.readable = [], [], [], 0, True
        try:
            before, after = read_document(old_path or path, old), read_document(path, new)
        except DocumentError:
            self.readable = False
            return
        kind = kinds.of_path(path)
        if kind.model is Entry and old and new and old_path not in ("", path):
            self.changes += _moved(old_path, path, self.budget.categories)
        self.changes += _changes(kind.model, before, after)
        if text := _text(kind.model, before, after, self.budget, kind.field_files.get(path)):
            self.texts.append(text)
        if isinstance(after or before, documents.Entry):
            self._compare_steps(*(_named(document.steps if document else []) for document in (before, after)))

    @cached_property
    def lines(self):
        """The documents themselves."""
        return compare(self.old, self.new, self.budget)

    @property
    def summary(self):
        """What is another, in a line."""
        if not self.old or not self.new:
            return "angelegt" if self.new else "gelöscht"
        said = [change.label for change in (*self.changes, *self.texts)]
        said += [f"Schritt {step.new or step.old}{_fate(step)}" for step in self.steps]
        said = [what for what in said if what != _DATED] or said
        return ", ".join(said) or ("nur die Form" if self.readable else "Text")

    def _compare_steps(self, before, after):
        names = list(before)
        blocks = Matcher(names, list(after), self.budget).get_matching_blocks()
        in_order = {name for start, _, size in blocks for name in names[start : start + size]}
        numbers = {name: number for number, name in enumerate(before, 1)}
        gone = [name for name in before if name not in after]
        for number, (name, step) in enumerate(after.items(), 1):
            while gone and numbers[gone[0]] <= number:
                self._gone(gone.pop(0), before, numbers)
            was = before.get(name)
            changes, text = list(_changes(Step, was, step)), _text(Step, was, step, self.budget)
            if changes or text or name not in in_order:
                moved = was is not None and name not in in_order
                self.steps.append(StepChange(step.title, numbers.get(name), number, moved, changes, text))
            else:
                self.unchanged += 1
        for name in gone:
            self._gone(name, before, numbers)

    def _gone(self, name, before, numbers):
        text = _text(Step, before[name], None, self.budget)
        self.steps.append(StepChange(before[name].title, numbers[name], None, text=text))


def summaries(versions):
    """Pairs of each of some versions and a line that says what became another with it; `before` is the key of the one before."""
    budget = Budget()
    found = type(versions[0]).objects.in_bulk([version.before for version in versions]) if versions else {}
    for version in versions:
        before = found.get(version.before)
        old = (before.document, before.path) if before else ("", version.path)
        if version.working_copy and version.document in ("", old[0]):
            yield version, "Arbeitskopie angelegt" if version.document else "Arbeitskopie verworfen"
        else:
            yield version, Comparison(old[0], version.document, version.path, old[1], budget).summary


def read_document(path, text):
    """The document of a text at a path; None for none. Raises DocumentError."""
    if not text:
        return None
    kind = kinds.of_path(path)
    if path in kind.field_files:
        return reading.read_text(text)
    try:
        return reading.read_list(kind.document, text)[0] if "#" in path else reading.read(kind.document, text)
    except DocumentError as error:
        if error.document is None:
            raise
        return error.document  # what it says all the same


def _named(steps):
    return dict(zip(step_names.filled(steps), steps, strict=True))


def _moved(old, new, titles):
    (folder, _, name), (to, _, to_name) = old.partition("/"), new.partition("/")
    if folder != to:
        yield Change("Kategorie", [titles.get(folder, folder)], [titles.get(to, to)])
    if name != to_name:
        yield Change("Anker", [name.removesuffix(".md")], [to_name.removesuffix(".md")])


def _changes(model, before, after):
    one = after or before
    for name in (each.name for each in documents.fields(one)):
        if name in _UNSAID or name == one.markdown or (model is Step and name in _SAID_OF[not before]):
            continue
        was, now = (getattr(document, name) if document else None for document in (before, after))
        if (was or None) == (now or None):
            continue
        column = _column(model, name)
        label = _label(column, name)
        if isinstance(was or now, list):
            gone, new = [v for v in was or [] if v not in (now or [])], [v for v in now or [] if v not in (was or [])]
            yield Change(label, gone, new) if gone or new else Change(label, [", ".join(was)], [", ".join(now)])
        elif was and now and isinstance(was, str) and not getattr(column, "flatchoices", ()):
            yield Change(label, pieces=words(was, now, Effort(200_000)))
        else:
            yield Change(label, *([_said(column, value)] if value else [] for value in (was, now)))


def _text(model, before, after, budget, column=None):
    if not (name := (after or before).markdown):
        return None
    was, now = (getattr(document, name) if document else "" for document in (before, after))
    label, top = _label(_column(model, column or name), name), 4 if model is Step else 3
    return Text(label, was, now, budget, top) if was != now else None


def _column(model, name):
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return model._meta.get_field("intro") if name == "body" else None


def label_of(model, name):
    """What a value of a document is called."""
    return _label(_column(model, name), name)


def _label(column, name):
    return str(getattr(column, "verbose_name", "") or _LABELS[name])


def _in_words(picture):
    """A picture as it is compared: what it shows, which one it is, its caption."""
    caption = picture.title and f" – {picture.title}"
    label = picture.label and f": {picture.label}"
    return f"<em>Bild{label} ({escape(picture.written)}){caption}</em>"


def _said(column, value):
    if value is True:
        return "ja"
    if isinstance(value, datetime):
        return to_the_minute(value)
    if isinstance(value, date):
        return date_format(value, "j. F Y")
    return dict(getattr(column, "flatchoices", ())).get(value, str(value))


def _fate(step):
    if step.old is None:
        return " (neu)"
    return " (entfällt)" if step.new is None else " (verschoben)" if step.moved else ""


def leading(links, *, previewed=False):
    """What fills in the links of texts that are, or were, stored: an entry's title where readers can open it by now. See Links."""
    targets = Targets(links)
    references = [targets.reference(Entry(), link) for link in links]
    return Links.leading(references, previewed=previewed)
