"""Where a word stands in what readers see: every place, also those of its inflections, and those that are better left alone."""

import re
from dataclasses import dataclass
from functools import cache, cached_property, reduce
from hashlib import blake2b
from operator import or_
from time import monotonic

from django.db.models import Q

from faq.content import kinds
from faq.dialect.blocks import Blocks
from faq.dialect.code import code_spans
from faq.models import Entry, Step
from faq.models.fields import LineField
from faq.search import analysis

MOST = 500  # places that are shown at once
AROUND = 90  # characters of its sentence on either side
_SENTENCE = re.compile(r"[.!?:](?=\s)|\n")
_ADDRESS = re.compile(
    r"(?<=\]\()[^)\s]*|^ {0,3}\[[^\]\n]*\]:.*|<[^>\s]+[:@][^>\s]*>|\b(?:https?://|www\.)[^\s)>]+"
    r"|\b(?:mailto|tel|faq|kontakt|offen|datei|bild):[^\s)>]+|[\w.+-]+@[\w-]+\.[\w.-]+|\{#[^}\n]*\}|^\s*!!! *\w*",
    re.M,
)
_SPELT = {"a": "[aäAÄ]", "o": "[oöOÖ]", "u": "[uüUÜ]", "ss": "(?:ss|ß)"}
SECONDS = 4  # after which a search ends with what it has


@dataclass(frozen=True)
class Wanted:
    """What is looked for."""

    text: str
    whole: bool = True
    case: bool = True

    @cached_property
    def pattern(self):
        written = r"[ \n]".join(map(re.escape, self.text.split()))
        return re.compile(rf"(?<!\w){written}(?!\w)" if self.whole else written, 0 if self.case else re.I)

    @cached_property
    def stems(self):
        return [word.stem for word in analysis.single_words(self.text)]

    @cached_property
    def like(self):
        """What stands in every text that has the words, or an inflection of the first one; for databases, and for Python."""
        typed = r"\s".join(map(re.escape, self.text.split()))
        first = next(iter(analysis.single_words(self.text)), None)
        if not first:
            return typed
        root = re.sub("ss|[aou]", lambda match: _SPELT[match[0]], self._root(first))
        return rf"(?:^|\W){typed}|(?:^|\W){root}" if self.whole else rf"{typed}|(?:^|\W){root}"

    @cached_property
    def part(self):
        """The longest run of signs of it that stands in every such text as it is: databases look for that fast, and ask `like` of few."""
        first = next(iter(analysis.single_words(self.text)), None)
        root = self._root(first) if first else self.text.split()[0]
        return max(re.split("ss|[^!-~]|[aou]", root), key=len)

    @staticmethod
    def _root(word):
        return word.stem if word.form.startswith(word.stem) else word.form[:3]


@dataclass(frozen=True)
class Place:
    """Where it stands: in a field of a piece (the row itself, or a step) from `start` to `end` of its text."""

    row: object
    piece: object
    field: str
    start: int
    end: int
    near: bool = False  # an inflection, or another case
    fixed: bool = False  # in an address or in code

    @property
    def text(self):
        return getattr(self.piece, self.field)

    @property
    def key(self):
        """By which it is known in its row as long as its text is the same."""
        number = self.piece.number if isinstance(self.piece, Step) else 0
        return f"{number}.{self.field}.{self.start}.{blake2b(self.text.encode(), digest_size=8).hexdigest()}"

    @property
    def name(self):
        """What it stands in."""
        label = str(self.piece._meta.get_field(self.field).verbose_name)
        return f"Schritt {self.piece.number}, {label}" if isinstance(self.piece, Step) else label

    @property
    def parts(self):
        """Its sentence: what stands before it, itself, what stands behind it."""
        before, after = self.text[max(self.start - AROUND, 0) : self.start], self.text[self.end : self.end + AROUND]
        before = _SENTENCE.split(before)[-1] if _SENTENCE.search(before) else "… " * (self.start > AROUND) + before
        end = _SENTENCE.search(after)
        after = after[: end.end()] if end else after + " …" * (len(self.text) > self.end + AROUND)
        return before.lstrip(), self.text[self.start : self.end], after.rstrip()


@cache
def columns(model):
    """The names of a model's columns with Markdown, or a line that readers see."""
    markdown = [name for name, _ in model().texts()] if hasattr(model, "texts") else []
    lines = [f.name for f in model._meta.concrete_fields if isinstance(f, LineField) and f.editable]
    return [*(name for name in lines if name != "actors"), *markdown]


def is_markdown(piece, name):
    return hasattr(piece, "texts") and name in dict(piece.texts())


def rows_of(model):
    return Entry.rows.all() if model is Entry else model.objects.all()


def find(wanted, limit=MOST):
    """The places in all texts, each text's together, and whether these are all."""
    found, ends = [], monotonic() + SECONDS
    for kind in sorted(kinds.KINDS, key=lambda kind: kind.model is not Entry):
        if not columns(kind.model):
            continue
        for row in _holding(kind.model, wanted):
            found += places(row, wanted)
            if len(found) > limit or monotonic() > ends:
                return found[:limit], False
    return found, True


def _holding(model, wanted):
    # Asked of each row in turn: whoever looks for a word that is everywhere gets the first ones at once.
    rows, holding = rows_of(model), _like(model, wanted)
    if model is Entry:
        holding |= Q(pk__in=Step.objects.order_by().filter(_like(Step, wanted)).values("entry"))
        rows = rows.select_related("category", "copy_of").prefetch_related("steps")
    return rows.filter(holding).order_by("pk").iterator(chunk_size=100)


def _like(model, wanted):
    asked = (Q(**{f"{name}__icontains": wanted.part, f"{name}__iregex": wanted.like}) for name in columns(model))
    return reduce(or_, asked)


def places(row, wanted):
    """Those in one text, in their order."""
    found = []
    for piece in kinds.pieces(row):
        for name in columns(type(piece)):
            text = getattr(piece, name)
            spans = {match.span(): False for match in wanted.pattern.finditer(text)}
            for span in _near(text, wanted):
                if not _touches(span, spans):
                    spans[span] = True
            fixed = _fixed(text, is_markdown(piece, name)) if spans else ()
            found += [Place(row, piece, name, *span, spans[span], _touches(span, fixed)) for span in sorted(spans)]
    return found


def _near(text, wanted):
    """Where the words stand in another form."""
    if not wanted.stems or not re.search(wanted.like, text, re.I):
        return
    words = analysis.single_words(text)
    for place in range(len(words) - len(wanted.stems) + 1):
        window = words[place : place + len(wanted.stems)]
        start, end = window[0].start, window[-1].end
        # EDU2 is no form of EDU, but another name.
        if [word.stem for word in window] == wanted.stems and _digits(text[start:end]) == _digits(wanted.text):
            yield start, end


def _digits(text):
    return re.findall(r"\d", text)


def _touches(span, others):
    return any(span[0] < end and start < span[1] for start, end in others)


def _fixed(text, markdown):
    """Where addresses and code stand."""
    found = [match.span() for match in _ADDRESS.finditer(text)]
    if markdown and re.search(r"`|~~~|^(?: {4}| {0,3}\t)", text, re.M):
        code, start = Blocks(text).code, 0
        for number, line in enumerate(text.split("\n"), 1):
            found += [(start, start + len(line))] if number in code else []
            start += len(line) + 1
        for paragraph in re.finditer(r"(?:.+\n?)+", text):
            found += [(paragraph.start() + a, paragraph.start() + b) for a, b in code_spans(paragraph[0])]
    return found
