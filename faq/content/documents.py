"""What each document holds: every field once, with how its value is read from a file. Knows no database."""

# ruff: noqa: RUF009  `_given` is dataclasses.field by another name

from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import ClassVar

from django.core.files import File

from faq.content.values import Values
from faq.models.glossary import as_link


def _given(read, default=MISSING, **options):
    """A field that has its value in YAML: how that is read, and what it is where there is none (`list`: an empty one)."""
    missing = {"default_factory": list} if default is list else {"default": default}
    return field(**missing, metadata={"read": partial(read, **options)})


@dataclass
class Document:
    """The text of one file, or of one item where a file is a list.

    `markdown` names the field with its Markdown. `line` is the one of the file on which that starts, or the field `line_of` where
    there is none; `in_one_line`: its line breaks are written as \\n. `lines` says the same of each value in YAML.
    """

    markdown: ClassVar[str] = ""
    line_of: ClassVar[str] = ""
    line: int = field(default=0, compare=False, kw_only=True)
    in_one_line: bool = field(default=False, compare=False, kw_only=True)
    lines: dict[str, int] = field(default_factory=dict, compare=False, kw_only=True)

    @classmethod
    def given(cls):
        """The fields that have their values in YAML, in their order."""
        return [each for each in fields(cls) if "read" in each.metadata]

    def texts(self):
        """The Markdown texts, each with the line of the file on which it starts."""
        return [(getattr(self, self.markdown), self.line)] if self.markdown else []

    def file_line(self, line, number):
        """The line of the file for one of a text that starts on `line`."""
        return line if self.in_one_line else line + number - 1

    def contradictions(self):
        """What is wrong with a value beside the others: pairs of its name and what is to be said, in German."""
        return ()


@dataclass
class Step(Document):
    markdown = "body"
    title: str
    section: str = ""
    actors: str = ""
    duration: str = ""
    applies_to: str = ""
    needs: str = ""
    gets: str = ""
    body: str = ""
    name: str = ""  # for good; a file may leave it out


@dataclass(frozen=True)
class Change:
    """What readers were told of a change, or, without a `day`, will be once it is published; `line`: where a file says so."""

    day: date | None
    text: str
    line: int = field(default=0, compare=False)

    def __str__(self):
        return f"{self.day:%d.%m.%Y} {self.text}" if self.day else self.text


def newest_first(changes):
    """Changes in their order, each once."""
    return sorted(dict.fromkeys(changes), key=lambda change: change.day or date.max, reverse=True)


@dataclass
class Entry(Document):
    markdown = "body"
    title: str = _given(Values.line)
    short: str = _given(Values.line, "")
    position: int | None = _given(Values.number, None)
    kind: str = _given(Values.choice, "question", options=("question", "walkthrough"))
    status: str = _given(Values.choice, "published", options=("published", "draft"))
    tags: list[str] = _given(Values.lines, list)
    aliases: list[str] = _given(Values.lines, list)
    publish_at: datetime | None = _given(Values.moment, None)
    expire_at: datetime | None = _given(Values.moment, None)
    review: date | None = _given(Values.day, None)
    reviewed: date | None = _given(Values.day, None)
    updated: date | None = _given(Values.day, None)
    changes: list[Change] = _given(lambda values, name: newest_first(values.dated_lines(name, Change)), list)
    note: str = _given(Values.text, "")
    body: str = ""
    steps: list[Step] = field(default_factory=list)

    def texts(self):
        return [*super().texts(), *(text for step in self.steps for text in step.texts())]

    def contradictions(self):
        if self.publish_at and self.expire_at and self.expire_at <= self.publish_at:
            yield "expire_at", "Der Eintrag ginge offline, bevor er veröffentlicht ist."
        if len([change for change in self.changes if not change.day]) > 1:
            yield "changes", "Ohne Tag davor steht hier höchstens ein Satz: der, der mit dem Veröffentlichen erscheint."

    def public(self):
        """The same for everyone: without what is internal."""
        return replace(self, status="published", publish_at=None, expire_at=None, review=None, reviewed=None, note="")


@dataclass
class Category(Document):
    markdown = "body"
    title: str = _given(Values.line)
    position: int | None = _given(Values.number, None)
    aliases: list[str] = _given(Values.lines, list)
    body: str = ""


@dataclass
class Site(Document):
    markdown = "body"
    title: str = _given(Values.line)
    contact: str = _given(Values.line, "")
    imprint: str = _given(Values.line, "")
    privacy: str = _given(Values.line, "")
    accessibility: str = _given(Values.line, "")
    body: str = ""


@dataclass
class Text(Document):
    """A file that is nothing but Markdown, such as `_imprint.md`."""

    markdown = "body"
    body: str


@dataclass
class Term(Document):
    markdown = "definition"
    slug: str = _given(Values.line)
    name: str = _given(Values.line)
    aliases: list[str] = _given(Values.lines, list)
    search: list[str] = _given(Values.lines, list)
    definition: str = _given(Values.text, "")
    leads: str = _given(Values.line, "")

    def texts(self):
        return [*super().texts(), (as_link(self.leads), self.lines.get("leads", 0))]


@dataclass
class Contact(Document):
    slug: str = _given(Values.line)
    name: str = _given(Values.line)
    phone: str = _given(Values.line, "")
    email: str = _given(Values.line, "")
    url: str = _given(Values.line, "")
    hours: str = _given(Values.line, "")
    note: str = _given(Values.line, "")

    def contradictions(self):
        if not (self.phone or self.email or self.url):
            yield "slug", f"„{self.slug}“ braucht eines von phone, email, url."


@dataclass
class Gap(Document):
    """What a text promises and does not have yet; only its versions are written."""

    slug: str = _given(Values.line)
    name: str = _given(Values.line)


@dataclass
class Tag(Document):
    """A word that entries share; only its versions are written, as an entry's file names it."""

    slug: str = _given(Values.line)
    name: str = _given(Values.line)


@dataclass
class Attachment(Document):
    """A file for readers; `sha256` says which, so that a replaced file is another document."""

    line_of = "file"
    slug: str = _given(Values.line)
    title: str = _given(Values.line)
    file: str = _given(Values.file_name, endings=("pdf", "xlsx", "docx"))
    sha256: str = _given(Values.line, "")
    source: Path | File | None = field(default=None, compare=False)  # where its bytes are


@dataclass
class Picture(Document):
    """A picture in texts; `sha256` says which file, as for an Attachment."""

    line_of = "file"
    slug: str = _given(Values.line)
    file: str = _given(Values.file_name, endings=("png", "jpg", "jpeg", "webp"))
    sha256: str = _given(Values.line, "")
    description: str = _given(Values.line, "")
    decorative: bool = _given(Values.flag, False)
    caption: str = _given(Values.line, "")
    source: Path | File | None = field(default=None, compare=False)  # where its bytes are

    def contradictions(self):
        if self.description and self.decorative:
            yield "decorative", "Ein Bild, das nur Schmuck ist, hat keine Beschreibung."


@dataclass
class Notice(Document):
    """What readers have to know for a while; about one of category, entry (slugs) and tag (name), or the whole site."""

    markdown = "text"
    slug: str = _given(Values.line)
    text: str = _given(Values.text)
    begins: datetime | None = _given(Values.moment, None)
    ends: datetime | None = _given(Values.moment, None)
    category: str = _given(Values.line, "")
    tag: str = _given(Values.line, "")
    entry: str = _given(Values.line, "")

    def contradictions(self):
        if self.begins and self.ends and self.ends <= self.begins:
            yield "ends", "Die Meldung endet, bevor sie beginnt."
        if len([place for place in (self.category, self.tag, self.entry) if place]) > 1:
            yield "slug", f"„{self.slug}“ hat höchstens eines von category, tag, entry."
