"""The text of one content file, read into a document and written from one; knows no database.

Writing gives the canonical form: keys in order, empty ones left out, lists on one line, quotes only where YAML needs them,
LF, one newline at the end. Whatever was read and is written again keeps its meaning, and canonical files keep their bytes.
"""

import io
import re
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from faq import markup, slugs
from faq.facts import ACTORS, FACTS
from faq.markup import Problem

TIME_ZONE = ZoneInfo("Europe/Berlin")
MAX_LINE = 300
# The name of an attachment: no path, nothing hidden, nothing a shell or a header would read otherwise.
FILE_NAME = re.compile(r"[A-Za-z0-9ÄÖÜäöüß][A-Za-z0-9ÄÖÜäöüß_ .()-]*\.(?:pdf|xlsx|docx)")
_FRONT = re.compile(r"---[ \t]*\n((?:.*\n)*?)---[ \t]*(?:\n|\Z)")
_FACT = re.compile(rf"[-*+] +({'|'.join(FACTS)}):[ \t]*(.*)")
_HEADING = re.compile(r"(#{1,3})(?!#)(.*)")
_LINE_BREAKS = re.compile(r"\r\n?")


class DocumentError(ValueError):
    """A text that is no valid document; `problems` says what is wrong, and where."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__("\n".join(f"Zeile {p.line}: {p.message}" for p in problems))


@dataclass
class Step:
    title: str
    section: str = ""
    actors: str = ""
    duration: str = ""
    applies_to: str = ""
    needs: str = ""
    gets: str = ""
    body: str = ""
    line: int = field(default=0, compare=False)  # of the body in the file


@dataclass
class Entry:
    title: str
    position: int | None = None
    kind: str = "question"
    status: str = "published"
    tags: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    publish_at: datetime | None = None
    expire_at: datetime | None = None
    review: date | None = None
    reviewed: date | None = None
    updated: date | None = None
    note: str = ""
    body: str = ""
    steps: list[Step] = field(default_factory=list)
    line: int = field(default=0, compare=False)

    def texts(self):
        """The Markdown texts, each with the line of the file on which it starts."""
        return [(self.body, self.line), *((step.body, step.line) for step in self.steps)]


@dataclass
class Category:
    title: str
    position: int | None = None
    aliases: list[str] = field(default_factory=list)
    body: str = ""
    line: int = field(default=0, compare=False)

    def texts(self):
        return [(self.body, self.line)]


@dataclass
class Site:
    title: str
    contact: str = ""
    imprint: str = ""
    privacy: str = ""
    accessibility: str = ""
    body: str = ""
    line: int = field(default=0, compare=False)

    def texts(self):
        return [(self.body, self.line)]


@dataclass
class Text:
    """A file that is nothing but Markdown, such as `_imprint.md`."""

    body: str
    line: int = field(default=1, compare=False)

    def texts(self):
        return [(self.body, self.line)]


@dataclass
class Term:
    slug: str
    name: str
    aliases: list[str] = field(default_factory=list)
    search: list[str] = field(default_factory=list)
    definition: str = ""
    line: int = field(default=0, compare=False)

    def texts(self):
        return [(self.definition, self.line)]


@dataclass
class Contact:
    slug: str
    name: str
    phone: str = ""
    email: str = ""
    url: str = ""
    hours: str = ""
    note: str = ""
    line: int = field(default=0, compare=False)

    def texts(self):
        return []


@dataclass
class Gap:
    """What a text promises and does not have yet; only its versions are written."""

    slug: str
    name: str


@dataclass
class Attachment:
    """A file for readers; `sha256` says which, so that a replaced file is another document."""

    slug: str
    title: str
    file: str
    sha256: str = ""
    line: int = field(default=0, compare=False)
    source: Path | None = field(default=None, compare=False)  # where its bytes are

    def texts(self):
        return []


@dataclass
class Notice:
    """What readers have to know for a while; about one of category, entry (slugs) and tag (name), or the whole site."""

    slug: str
    text: str
    begins: datetime | None = None
    ends: datetime | None = None
    category: str = ""
    tag: str = ""
    entry: str = ""
    line: int = field(default=0, compare=False)

    def texts(self):
        return [(self.text, self.line)]


# Reading


def read_entry(text):
    """The document of an entry's file. Raises DocumentError."""
    front, body, line = _split(text)
    reader = _Reader(front, Entry, skip=("body", "steps", "line"))
    entry = Entry(
        title=reader.line("title", required=True),
        position=reader.number("position"),
        kind=reader.choice("kind", ("question", "walkthrough")),
        status=reader.choice("status", ("published", "draft")),
        tags=reader.lines("tags", 100),
        aliases=reader.slugs("aliases"),
        publish_at=reader.moment("publish_at"),
        expire_at=reader.moment("expire_at"),
        review=reader.day("review"),
        reviewed=reader.day("reviewed"),
        updated=reader.day("updated"),
        note=reader.text("note"),
        line=line,
    )
    if entry.publish_at and entry.expire_at and entry.expire_at <= entry.publish_at:
        reader.say("expire_at", "Der Eintrag ginge offline, bevor er veröffentlicht ist.")
    if entry.kind == "walkthrough":
        _read_steps(entry, body, line, reader.problems)
    else:
        entry.body, entry.line = _trimmed(body, line)
    return reader.done(entry)


def read_category(text):
    """The document of a `_category.md`. Raises DocumentError."""
    front, body, line = _split(text)
    reader = _Reader(front, Category, skip=("body", "line"))
    category = Category(
        title=reader.line("title", required=True),
        position=reader.number("position"),
        aliases=reader.slugs("aliases"),
    )
    category.body, category.line = _trimmed(body, line)
    return reader.done(category)


def read_site(text):
    """The document of `_site.md`. Raises DocumentError."""
    front, body, line = _split(text)
    reader = _Reader(front, Site, skip=("body", "line"))
    site = Site(
        title=reader.line("title", required=True),
        contact=reader.line("contact"),
        imprint=reader.address("imprint"),
        privacy=reader.address("privacy"),
        accessibility=reader.address("accessibility"),
    )
    site.body, site.line = _trimmed(body, line)
    return reader.done(site)


def read_text(text):
    """The document of a file that is nothing but Markdown."""
    return Text(*_trimmed(normalised(text), 1))


def read_terms(text):
    """The list of terms in a `_terms.yaml`. Raises DocumentError."""
    return _read_list(text, Term, _read_term)


def read_contacts(text):
    """The list of contacts in a `_contacts.yaml`. Raises DocumentError."""
    return _read_list(text, Contact, _read_contact)


def read_attachments(text):
    """The list of attachments in a `_dateien.yaml`. Raises DocumentError."""
    return _read_list(text, Attachment, _read_attachment)


def read_notices(text):
    """The list of notices in a `_notices.yaml`. Raises DocumentError."""
    return _read_list(text, Notice, _read_notice)


def normalised(text):
    """A text as browsers and other systems send it, with LF and without a byte order mark."""
    return _LINE_BREAKS.sub("\n", text.removeprefix("\ufeff"))


def trimmed(text):
    """Markdown without empty lines around it; the indentation of its first line stays."""
    return _trimmed(normalised(text), 1)[0]


def step_problems(body):
    """What would break a walkthrough's file if it stood in the text of a step or in the intro."""
    lines = body.split("\n")
    inside, unclosed = markup.code_lines(lines)
    problems = [
        Problem(n, "In einem Ablauf beginnen Zwischenüberschriften im Text mit ####.")
        for n, (line, code) in enumerate(zip(lines, inside, strict=True), 1)
        if not code and _HEADING.match(line)
    ]
    if unclosed:
        problems.append(Problem(unclosed, "Dieser Code-Block wird nicht geschlossen."))
    if _FACT.match(lines[0]):
        problems.append(
            Problem(1, "Dieser Anfang würde als Angabe zum Schritt gelesen. Bitte stellen Sie etwas davor.")
        )
    return problems


def actors_problem(actors):
    """What is wrong with the value of „Wer“, in German, or None."""
    names = [name.strip() for name in actors.split(",")]
    if unknown := [name for name in names if name not in ACTORS]:
        return f"„{unknown[0]}“ ist hier nicht bekannt. Möglich sind: {', '.join(ACTORS)}."
    return f"Bitte jeden nur einmal nennen: {actors}." if len(set(names)) < len(names) else None


def _split(text):
    """Front matter, body, and the line on which the body starts."""
    text = normalised(text)
    match = _FRONT.match(text)
    if not match:
        raise DocumentError([Problem(1, "Am Anfang fehlt der Kopf zwischen zwei Zeilen „---“.")])
    return match[1], text[match.end() :], text.count("\n", 0, match.end()) + 1


def _trimmed(text, line):
    start = re.match(r"(?:[ \t]*\n)*", text).end()
    return text[start:].rstrip(" \t\n"), line + text.count("\n", 0, start)


def _read_steps(entry, body, line, problems):
    lines = body.split("\n")
    inside, unclosed = markup.code_lines(lines)
    if unclosed:
        problems.append(Problem(line + unclosed - 1, "Dieser Code-Block wird nicht geschlossen."))
    section, pieces, step = "", [[line, None, []]], None
    for number, (text, code) in enumerate(zip(lines, inside, strict=True), line):
        heading = None if code else _HEADING.match(text)
        if not heading:
            pieces[-1][2].append(text)
            continue
        level, title = len(heading[1]), heading[2].strip()
        if level == 1 or not title or heading[2][0] not in " \t":
            problems.append(
                Problem(number, "In einem Ablauf gibt es nur „## Abschnitt“, „### Schritt“ und im Text „#### …“.")
            )
            pieces[-1][2].append("")
        elif len(title) > MAX_LINE:
            problems.append(Problem(number, f"Diese Überschrift ist länger als {MAX_LINE} Zeichen."))
        elif level == 2:
            if title == section:
                problems.append(Problem(number, f"Der Abschnitt „{title}“ folgt auf sich selbst."))
            section = title
            pieces.append([number + 1, "section", []])
        else:
            step = Step(title=title, section=section)
            pieces.append([number + 1, step, []])
    entry.body, entry.line = _trimmed("\n".join(pieces[0][2]), line)
    _read_pieces(entry, pieces[1:], problems)


def _read_pieces(entry, pieces, problems):
    for place, (start, what, lines) in enumerate(pieces):
        if what == "section":
            if any(text.strip() for text in lines):
                problems.append(Problem(start, "Zwischen einem Abschnitt und seinem ersten Schritt steht kein Text."))
            if place + 1 == len(pieces) or pieces[place + 1][1] == "section":
                problems.append(Problem(start - 1, "Dieser Abschnitt hat keinen Schritt."))
        else:
            entry.steps.append(_read_step(what, lines, start, problems))
    if not entry.steps:
        problems.append(Problem(entry.line, "Ein Ablauf braucht mindestens einen Schritt („### …“)."))


def _read_step(step, lines, start, problems):
    place = 0
    while place < len(lines) and not lines[place].strip():
        place += 1
    order, last = list(FACTS), -1
    while place < len(lines) and (match := _FACT.match(lines[place])):
        name, value, line = match[1], match[2].strip(), start + place
        if order.index(name) <= last:
            problems.append(Problem(line, f"„{name}“ steht doppelt oder nicht in der Reihenfolge {', '.join(order)}."))
        last = max(last, order.index(name))
        problem = f"„{name}“ ist leer." if not value else actors_problem(value) if name == "Wer" else None
        if len(value) > MAX_LINE:
            problem = f"„{name}“ ist länger als {MAX_LINE} Zeichen."
        if problem:
            problems.append(Problem(line, problem))
        setattr(step, FACTS[name], ", ".join(part.strip() for part in value.split(",")) if name == "Wer" else value)
        place += 1
    if last >= 0 and place < len(lines) and lines[place].strip():
        problems.append(
            Problem(
                start + place, "Unbekannte Angabe: nach den Angaben zum Schritt kommt eine Leerzeile, dann der Text."
            )
        )
    step.body, step.line = _trimmed("\n".join(lines[place:]), start + place)
    if step.body and _FACT.match(step.body):
        problems.append(Problem(step.line, "Dieser Anfang würde als Angabe zum Schritt gelesen."))
    return step


def _read_term(reader):
    term = Term(
        slug=reader.slug("slug"),
        name=reader.line("name", required=True),
        aliases=reader.lines("aliases", MAX_LINE),
        search=reader.lines("search", MAX_LINE),
        definition=trimmed(reader.text("definition")),
    )
    term.line = reader.line_of("definition") or reader.first
    return term


def _read_contact(reader):
    contact = Contact(
        slug=reader.slug("slug"),
        name=reader.line("name", required=True),
        phone=reader.line("phone", limit=60),
        email=reader.line("email", limit=254),
        url=reader.address("url"),
        hours=reader.line("hours"),
        note=reader.line("note"),
        line=reader.first,
    )
    if not (contact.phone or contact.email or contact.url):
        reader.say("slug", f"„{contact.slug}“ braucht eines von phone, email, url.")
    return contact


def _read_attachment(reader):
    attachment = Attachment(
        slug=reader.slug("slug"),
        title=reader.line("title", required=True),
        file=reader.line("file", required=True, limit=150),
        sha256=reader.line("sha256", limit=64),
    )
    attachment.line = reader.line_of("file") or reader.first
    if attachment.file and not FILE_NAME.fullmatch(attachment.file):
        reader.say("file", f"„{attachment.file}“ ist kein einfacher Dateiname, der auf .pdf, .xlsx oder .docx endet.")
    return attachment


def _read_notice(reader):
    notice = Notice(
        slug=reader.slug("slug"),
        text=trimmed(reader.text("text", required=True)),
        begins=reader.moment("begins"),
        ends=reader.moment("ends"),
        category=reader.line("category"),
        tag=reader.line("tag", limit=100),
        entry=reader.line("entry"),
    )
    notice.line = reader.line_of("text") or reader.first
    if notice.begins and notice.ends and notice.ends <= notice.begins:
        reader.say("ends", "Die Meldung endet, bevor sie beginnt.")
    if len([place for place in (notice.category, notice.tag, notice.entry) if place]) > 1:
        reader.say("slug", f"„{notice.slug}“ hat höchstens eines von category, tag, entry.")
    return notice


def _read_list(text, kind, read):
    node = _compose(normalised(text), 0)
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
        return []
    if not isinstance(node, yaml.SequenceNode):
        raise DocumentError([Problem(1, "Hier wird eine Liste erwartet: Zeilen, die mit „- slug: …“ beginnen.")])
    items, problems, seen = [], [], set()
    for item in node.value:
        reader = _Reader(item, kind, skip=_NOT_WRITTEN)
        value = read(reader)
        problems += reader.problems
        if value.slug in seen:
            problems.append(Problem(reader.first, f"„{value.slug}“ steht hier zweimal."))
        seen.add(value.slug)
        items.append(value)
    if problems:
        raise DocumentError(problems)
    return items


def _compose(text, offset):
    """The YAML node of a text; every value stays text. Raises DocumentError."""
    try:
        return yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DocumentError(
            [Problem(mark.line + 1 + offset, f"Das ist kein gültiges YAML: {error.problem}.")]
        ) from None
    except yaml.YAMLError:
        raise DocumentError([Problem(1 + offset, "Hier steht ein Zeichen, das in YAML nicht erlaubt ist.")]) from None
    except RecursionError:
        raise DocumentError([Problem(1 + offset, "Das YAML ist zu tief verschachtelt.")]) from None


class _Reader:
    """Reads the values of one YAML mapping and collects what is wrong with them."""

    def __init__(self, source, kind, skip):
        offset = 1 if isinstance(source, str) else 0  # front matter starts on line 2
        node = _compose(source, offset) if isinstance(source, str) else source
        self.problems, self._nodes, self._offset = [], {}, offset
        self.first = (node.start_mark.line if node else 0) + 1 + offset
        known = [f.name for f in fields(kind) if f.name not in skip]
        if not isinstance(node, yaml.MappingNode):
            self._problem(self.first, "Hier werden Zeilen der Form „title: …“ erwartet.")
            return
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1 + offset
            if name not in known:
                self._problem(line, f"Unbekannte Angabe „{name}“. Möglich sind: {', '.join(known)}.")
            elif name in self._nodes:
                self._problem(line, f"„{name}“ steht hier zweimal.")
            else:
                self._nodes[name] = value

    def done(self, document):
        """The document, or DocumentError with all that was wrong."""
        if self.problems:
            raise DocumentError(sorted(self.problems, key=lambda problem: problem.line))
        return document

    def line_of(self, name):
        node = self._nodes.get(name)
        return node.start_mark.line + 1 + self._offset if node else None

    def say(self, name, message):
        self._problem(self.line_of(name) or self.first, message)

    def _problem(self, line, message):
        self.problems.append(Problem(line, message))

    def text(self, name, required=False):
        node = self._nodes.get(name)
        if node is not None and not isinstance(node, yaml.ScalarNode):
            self.say(name, f"„{name}“ ist ein Text, keine Liste.")
            return ""
        value = trimmed(node.value).strip() if node else ""
        if required and not value:
            self.say(name, f"„{name}“ fehlt.")
        if match := markup.CONTROL.search(value):
            self.say(name, f"„{name}“ enthält ein Steuerzeichen (U+{ord(match[0]):04X}).")
        return value

    def line(self, name, required=False, limit=MAX_LINE):
        value = self.text(name, required)
        self._check_line(name, value, limit)
        return value

    def _check_line(self, name, value, limit):
        if len(value) > limit:
            self.say(name, f"„{name}“ ist länger als {limit} Zeichen.")
        if re.search(r"[\n\t\u2028\u2029]", value):
            self.say(name, f"„{name}“ ist nur eine Zeile, ohne Umbruch und Tabulator.")

    def lines(self, name, limit):
        node = self._nodes.get(name)
        if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
            return []
        if not isinstance(node, yaml.SequenceNode) or not all(isinstance(n, yaml.ScalarNode) for n in node.value):
            self.say(name, f"„{name}“ ist eine Liste: [eins, zwei].")
            return []
        values = [item.value.strip() for item in node.value]
        for value in values:
            self._check_line(name, value, limit)
            if match := markup.CONTROL.search(value):
                self.say(name, f"„{name}“ enthält ein Steuerzeichen (U+{ord(match[0]):04X}).")
        if "" in values or len(set(values)) < len(values):
            self.say(name, f"In „{name}“ ist etwas leer oder steht doppelt.")
        return values

    def slugs(self, name):
        values = self.lines(name, slugs.MAX_LENGTH)
        for value in values:
            if problem := slugs.problem(value, address=True):
                self.say(name, problem)
        return values

    def slug(self, name):
        value = self.line(name, required=True)
        if value and (problem := slugs.problem(value)):
            self.say(name, problem)
        return value

    def number(self, name):
        value = self.line(name)
        if not value:
            return None
        if not (value.isascii() and value.isdigit() and int(value) <= 1_000_000):
            self.say(name, f"„{name}“ ist eine Zahl von 0 bis 1000000, nicht „{value}“.")
            return None
        return int(value)

    def choice(self, name, values):
        value = self.line(name) or values[0]
        if value not in values:
            self.say(name, f"„{name}“ ist {' oder '.join(values)}, nicht „{value}“.")
        return value

    def day(self, name):
        value = self.line(name)
        try:
            if value and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.A):
                raise ValueError
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.say(name, f"„{name}“ ist ein Tag in der Form 2026-12-31, nicht „{value}“.")

    def moment(self, name):
        value = self.line(name)
        try:
            if value and not re.fullmatch(r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2})?", value, re.A):
                raise ValueError
            moment = datetime.fromisoformat(value).replace(tzinfo=TIME_ZONE) if value else None
            # An hour that the clocks skip in spring would come back from the database as another one.
            if moment and moment.astimezone(UTC).astimezone(TIME_ZONE).replace(tzinfo=TIME_ZONE) != moment:
                raise ValueError
            return moment
        except (ValueError, OverflowError):
            self.say(name, f"„{name}“ ist ein Tag oder Zeitpunkt (2026-12-31 oder 2026-12-31 08:30), nicht „{value}“.")

    def address(self, name):
        value = self.line(name, limit=500)
        if value and not re.fullmatch(r"https?://[^\s/]+(?:/\S*)?", value):
            self.say(name, f"„{name}“ ist eine Adresse, die mit https:// beginnt, nicht „{value}“.")
        return value


# Writing


class _OneLine(list):
    """A list that is written on one line."""


class _Dumper(
    yaml.emitter.Emitter, yaml.serializer.Serializer, yaml.representer.BaseRepresenter, yaml.resolver.BaseResolver
):
    """Writes text as text: without implicit types nothing needs quotes for looking like a number or a date."""

    def __init__(self, stream):
        yaml.emitter.Emitter.__init__(self, stream, allow_unicode=True, width=float("inf"))
        yaml.serializer.Serializer.__init__(self)
        yaml.representer.BaseRepresenter.__init__(self, default_flow_style=False, sort_keys=False)
        yaml.resolver.BaseResolver.__init__(self)

    def ignore_aliases(self, data):
        return True


_Dumper.add_representer(
    str,
    lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:str", value, style='"' if "\n" in value else None),
)
_Dumper.add_representer(dict, lambda dumper, value: dumper.represent_mapping("tag:yaml.org,2002:map", value))
_Dumper.add_representer(list, lambda dumper, value: dumper.represent_sequence("tag:yaml.org,2002:seq", value))
_Dumper.add_representer(
    _OneLine, lambda dumper, value: dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)
)


def write_entry(entry):
    """The canonical text of an entry's file."""
    parts = [entry.body] if entry.body else []
    section = ""
    for step in entry.steps:
        if step.section != section:
            section = step.section
            parts.append(f"## {section}")
        parts.append(f"### {step.title}")
        if facts := [f"- {name}: {value}" for name, key in FACTS.items() if (value := getattr(step, key))]:
            parts.append("\n".join(facts))
        if step.body:
            parts.append(step.body)
    return _front_matter(entry, skip=("body", "steps", "line")) + "".join(f"\n{part}\n" for part in parts)


def write_category(category):
    """The canonical text of a `_category.md`."""
    return _front_matter(category, skip=("body", "line")) + (f"\n{category.body}\n" if category.body else "")


write_site = write_category


def write_text(text):
    """The canonical text of a file that is nothing but Markdown."""
    return text.body + "\n"


def write_list(items, skip=()):
    """The canonical text of a `_terms.yaml`, `_contacts.yaml`, `_notices.yaml` or `_dateien.yaml`."""
    return _yaml([_values(item, skip=(*_NOT_WRITTEN, *skip)) for item in items])


def write_public(entry):
    """An entry's text for everyone: the canonical form without what is internal."""
    return write_entry(Entry(**{f.name: getattr(entry, f.name) for f in fields(Entry) if f.name not in _INTERNAL}))


_NOT_WRITTEN = ("line", "source")
_INTERNAL = ("status", "publish_at", "expire_at", "review", "reviewed", "note", "line")
_DEFAULTS = {"kind": "question", "status": "published"}


def _front_matter(document, skip):
    return f"---\n{_yaml(_values(document, skip))}---\n"


def _values(document, skip):
    pairs = ((f.name, getattr(document, f.name)) for f in fields(document) if f.name not in skip)
    return {
        name: _value(value) for name, value in pairs if value not in ("", None, []) and value != _DEFAULTS.get(name)
    }


def _value(value):
    if isinstance(value, list):
        return _OneLine(value)
    if isinstance(value, datetime):
        local = value.astimezone(TIME_ZONE)
        return local.date().isoformat() if (local.hour, local.minute) == (0, 0) else local.isoformat(" ")[:16]
    return value.isoformat() if isinstance(value, date) else str(value)


def _yaml(value):
    if not value:
        return ""
    stream = io.StringIO()
    dumper = _Dumper(stream)
    dumper.open()
    dumper.represent(value)
    dumper.close()
    return stream.getvalue()
