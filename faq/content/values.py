"""The values of a YAML mapping, each read with its line. What is wrong with one is said in German, and no other stays unread."""

import re
import unicodedata
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import yaml
from django.core.exceptions import ValidationError

from faq import slugs
from faq.markup import Problem
from faq.models.announcements import Announcement
from faq.models.fields import validate_characters

TIME_ZONE = ZoneInfo("Europe/Berlin")
# Of YAML: lists of things whose values are lists, and not more of it than a large portal has.
MAX_DEPTH = 3
MAX_EVENTS = 400_000
MAX_PROBLEMS = 100  # that are listed of one file
# The name of a file: no path, nothing hidden, nothing a shell or a header would read otherwise.
# Windows keeps some for itself.
FILE_NAME = re.compile(rf"(?!{slugs.DEVICES}[ .])[A-Za-z0-9ÄÖÜäöüß][A-Za-z0-9ÄÖÜäöüß_ .()-]*\.([a-z]+)")
_DATED = re.compile(r"(\d{4}-\d{2}-\d{2}) +(.*)", re.S)
_LINE_BREAKS = re.compile(r"\r\n?")
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # where PyYAML has libyaml, which is several times as fast


class DocumentError(ValueError):
    """A text that is no valid document; `problems` says what is wrong, and where. `document` is what it says all the same, if anything."""

    def __init__(self, problems, document=None):
        self.problems, self.document = problems, document
        super().__init__("\n".join(f"Zeile {p.line}: {p.message}" for p in problems))


def in_lines(text):
    """A text as browsers and other systems send it, with LF and without a byte order mark."""
    return _LINE_BREAKS.sub("\n", text.removeprefix("\ufeff"))


def normalised(text):
    """The same, with each letter composed (NFC): macOS takes umlauts apart."""
    return unicodedata.normalize("NFC", in_lines(text))


def trimmed(text):
    """Markdown without empty lines around it; the indentation of its first line stays."""
    return trimmed_from(normalised(text), 1)[0]


def trimmed_from(text, line):
    """The same of a text that starts on this line of a file, and the line on which what is left starts."""
    start = re.match(r"(?:[ \t]*\n)*", text).end()
    return text[start:].rstrip(" \t\n"), line + text.count("\n", 0, start)


def compose(text, offset=0):
    """The YAML node of a text that stands `offset` lines down in its file; every value stays text. Raises DocumentError."""
    try:
        if refused := _refused_yaml(yaml.parse(text, Loader=_LOADER)):
            raise DocumentError([Problem(refused.line + offset, refused.message)])
        return yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, message = mark.line + 1, f"Das ist kein gültiges YAML: {error.problem}."
    except yaml.YAMLError:
        line, message = 1, "Hier steht ein Zeichen, das in YAML nicht erlaubt ist."
    raise DocumentError([Problem(line + offset, message)])


def _refused_yaml(events):
    """The first thing in YAML that content has no use for, and that would take memory without end; looked for while it is parsed."""
    depth = 0
    for number, event in enumerate(events):
        line = event.start_mark.line + 1
        if getattr(event, "anchor", None):
            return Problem(line, "Anker und Verweise („&name“, „*name“) gibt es hier nicht.")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            return Problem(line, "Das YAML ist zu tief verschachtelt.")
        if number > MAX_EVENTS:
            return Problem(line, "Das sind zu viele Angaben für eine Datei.")
    return None


def dated(line):
    """The day, None where there is none, and the sentence of a line „2026-12-31 Satz“. Raises ValidationError."""
    match = _DATED.fullmatch(line.strip())
    try:
        day = _day(match[1]) if match else None
    except ValueError:
        raise ValidationError(f"Den Tag {match[1]} gibt es nicht.") from None
    return day, Announcement._meta.get_field("text").clean(match[2] if match else line.strip(), None)


def is_empty(node):
    """Whether a node says nothing at all."""
    return node is None or (isinstance(node, yaml.ScalarNode) and not node.value)


class Values:
    """Reads the values of one YAML mapping, of the `known` names, and collects in `problems` what is wrong with them."""

    def __init__(self, node, known, offset=0):
        self.problems, self._faulty, self._nodes, self._offset = [], set(), {}, offset
        self.first = self._line(node) if node else 1 + offset
        if not isinstance(node, yaml.MappingNode):
            self._problem(self.first, "Hier werden Zeilen der Form „title: …“ erwartet.")
            return
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "…"
            if name not in known:
                message = f"Unbekannte Angabe „{_short(name)}“. Möglich sind: {', '.join(known)}."
                self._problem(self._line(key), message)
            elif name in self._nodes:
                self._problem(self._line(key), f"„{name}“ steht hier zweimal.")
            else:
                self._nodes[name] = value

    def line_of(self, name):
        """The line on which a value stands, or the first one of them all."""
        return self._line(self._nodes[name]) if name in self._nodes else self.first

    def place_of(self, name):
        """The line on which a text starts, and whether it is all on that."""
        node = self._nodes.get(name)
        if node is None or node.start_mark.line == node.end_mark.line:
            return self.line_of(name), node is not None
        return self.line_of(name) + (getattr(node, "style", None) in ("|", ">")), False

    def say(self, name, message):
        """Something is wrong with this value; the first thing that is said of one will do."""
        if name not in self._faulty:
            self._faulty.add(name)
            self._problem(self.line_of(name), message)

    def text(self, name):
        node = self._nodes.get(name)
        if node is not None and not isinstance(node, yaml.ScalarNode):
            self.say(name, f"„{name}“ ist ein Text, keine Liste.")
            return ""
        value = trimmed(node.value) if node else ""
        self._check_characters(name, value)
        return value

    def line(self, name):
        return self.text(name).strip()

    def lines(self, name):
        node = self._nodes.get(name)
        if is_empty(node):
            return []
        if not isinstance(node, yaml.SequenceNode) or not all(isinstance(n, yaml.ScalarNode) for n in node.value):
            self.say(name, f"„{name}“ ist eine Liste: [eins, zwei].")
            return []
        values = [item.value.strip() for item in node.value]
        self._check_characters(name, *values)
        if "" in values or len(set(values)) < len(values):
            self.say(name, f"In „{name}“ ist etwas leer oder steht doppelt.")
        return list(dict.fromkeys(map(normalised, values)))

    def dated_lines(self, name, made):
        """What `made` makes of each line „2026-12-31 Satz“: of its day, None where there is none yet, its sentence, and its line."""
        node, found = self._nodes.get(name), []
        if is_empty(node):
            return found
        if not isinstance(node, yaml.SequenceNode):
            self.say(name, f"„{name}“ ist eine Liste mit Zeilen der Form „- 2026-12-31 Neue Rufnummer.“.")
            return found
        for item in node.value:
            try:
                if not isinstance(item, yaml.ScalarNode):
                    raise ValidationError("Jede Zeile ist ein Satz. Einer mit Doppelpunkt steht in Anführungszeichen.")
                found.append(made(*dated(normalised(item.value)), self._line(item)))
            except ValidationError as error:
                self._problem(self._line(item), f"„{name}“: {' '.join(error.messages)}")
        if len(set(found)) < len(found):
            self.say(name, f"In „{name}“ steht etwas doppelt.")
        return found

    def file_name(self, name, endings):
        value = self.line(name)
        named = FILE_NAME.fullmatch(value)
        if value and not (named and named[1] in endings):
            *several, last = (f".{ending}" for ending in endings)
            self.say(name, f"„{value}“ ist kein einfacher Dateiname, der auf {', '.join(several)} oder {last} endet.")
        return value

    def choice(self, name, options):
        value = self.line(name) or options[0]
        if value not in options:
            self._refuse(name, value, " oder ".join(options))
        return value

    def flag(self, name):
        return self.choice(name, ("no", "yes")) == "yes"

    def number(self, name):
        return self._parsed(name, _number, "eine Zahl ab 0")

    def day(self, name):
        return self._parsed(name, _day, "ein Tag in der Form 2026-12-31")

    def moment(self, name):
        return self._parsed(name, _moment, "ein Tag oder Zeitpunkt (2026-12-31 oder 2026-12-31 08:30)")

    def _parsed(self, name, parse, expected):
        """What a function makes of a text; None of an empty one, and of what it refuses by a ValueError."""
        value = self.text(name)
        try:
            return parse(value) if value else None
        except (ValueError, OverflowError):
            self._refuse(name, value, expected)

    def _refuse(self, name, value, expected):
        self.say(name, f"„{name}“ ist {expected}, nicht „{_short(value)}“.")

    def _check_characters(self, name, *values):
        try:
            for value in values:
                validate_characters(value)
        except ValidationError as error:
            self.say(name, f"„{name}“: {error.message}")

    def _line(self, node):
        return node.start_mark.line + 1 + self._offset

    def _problem(self, line, message):
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(line, message))


def _short(value):
    return value if len(value) <= 60 else f"{value[:60]}…"


def _number(value):
    if not (value.isascii() and value.isdigit()):
        raise ValueError
    return int(value)


def _day(value):
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.A):
        raise ValueError
    return date.fromisoformat(value)


def _moment(value):
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2})?", value, re.A):
        raise ValueError
    moment = datetime.fromisoformat(value).replace(tzinfo=TIME_ZONE)
    # An hour that the clocks skip in spring would come back from the database as another one.
    if moment.astimezone(UTC).astimezone(TIME_ZONE).replace(tzinfo=TIME_ZONE) != moment:
        raise ValueError
    return moment
