"""From an editor's Markdown to safe HTML: the one door.

python-markdown parses, nh3 cleans the finished string by a narrow allow-list. What depends on other rows (links to entries,
contacts, gaps) stays in the HTML as `href="faq:…"`, headings stay at their own level: `content.portal_links` fills both when a page
is made, so that a rename or a new phone number touches no stored text.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from html import escape, unescape
from itertools import groupby
from operator import attrgetter, itemgetter

import markdown
import nh3

from faq import budget
from faq.dialect import unknown
from faq.dialect.blocks import CALLOUTS, Blocks
from faq.dialect.code import without_code
from faq.dialect.inline import AFTER_ADDRESS, AsBefore, Dialect
from faq.dialect.problems import Problem

DIALECT = 2  # another one where stored texts are to be rendered anew
MAX_LENGTH = 50_000
MAX_HTML = 20 * MAX_LENGTH  # an address or a title that is named once may be meant a thousand times
MAX_ADDRESS = 2000
MAX_PROBLEMS = 100
KINDS = ("faq", "kontakt", "offen", "datei", "bild")
SCHEMES = ("https", "http", "mailto", "tel")

_TAGS = set(
    "a blockquote br code del div em h1 h2 h3 h4 h5 h6 hr img li ol p pre strong table tbody td th thead tr ul".split()
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align"},
}
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
# A picture, with its attributes as the cleaning leaves them.
_PORTAL_PICTURE = r'<img alt="(?P<alt>[^"]*)" src="bild:(?P<picture>[^"]*)"(?: title="(?P<title>[^"]*)")?>'
_PORTAL_LINK = re.compile(
    r'<a href="(faq|kontakt|offen|datei):([^"#]*)(?:#([^"]*))?"[^>]*>(.*?)</a>'
    rf"|(?P<alone><p>)?{_PORTAL_PICTURE}(?(alone)</p>)",  # alone in its paragraph, or not
    re.S,
)
_TARGET = r"<?(?P<kind>faq|kontakt|offen|datei|bild):(?P<slug>[^\s#()<>]*)(?:#(?P<fragment>[^\s()<>]*))?>?"
_CODE = r"(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
_MARKDOWN_LINK = re.compile(
    _CODE
    + r"|(?:(?:(?<!\\)!)?\[(?P<label>(?:[^\[\]\\]|\\[\s\S]|\[(?:[^\[\]\\]|\\[\s\S])*\])*)\]\(\s*|(?<=\]:)[ ]*\n?[ ]*)"
    + _TARGET
    + r"(?:\s+(?P<quote>[\"'])[\s\S]*?(?P=quote)(?=\s*\)|[ \t]*(?:\n|$)))?\s*\)?"
)
_GOOD_ADDRESS = re.compile(r"(?:faq|kontakt|offen|datei):|https?://[^\s/?#:]|(?:mailto|tel):.")
_CONTROL_SIGN = "Hier steht ein unsichtbares Steuerzeichen (U+{:04X}). Bitte löschen Sie es."
_UNKNOWN_TARGET = (
    "Unbekanntes Linkziel „{}“: Möglich sind https://…, mailto:…, tel:…, faq:…, kontakt:…, datei:… und offen:…."
)
_ANY_LINK = re.compile(r'<a(?: href="([^"]*)")?[ >]')


# What programs call a picture, and whoever has nothing to say about it.
_FILE_NAME = re.compile(
    r"\S*\.(?:png|jpe?g|webp|gif|bmp|heic|tiff?)"
    r"|(?:img|dsc|pxl|image|bild|foto|grafik|unbenannt|bildschirmfoto|screen ?shot|unknown)(?:[\W\d_]|um|at|vom)*",
    re.I,
)
NO_DESCRIPTION = "„{}“ sagt nicht, was man auf dem Bild sieht. Bitte schreiben Sie es in einem Satz."
_IMAGE = re.compile(r'<img alt="(?P<alt>[^"]*)" src="(?P<source>[^"]*)"')
_PICTURE_IN = re.compile(rf"<(a|h[1-6])\b[^>]*>(?:(?!</\1>).)*?{_IMAGE.pattern}", re.S)
_PICTURE_IN_WHAT = {"a": "einem Link", "h": "einer Überschrift"}


class MarkupError(ValueError):
    """A text that is refused; `problems` says what is wrong, and where. `links` are the portal's links that it has all the same."""

    def __init__(self, problems, links=()):
        self.problems, self.links = problems, links
        super().__init__(problems, links)

    def __str__(self):
        return "\n".join(f"Zeile {p.line}: {p.message}" for p in self.problems)


class Unreadable(MarkupError):
    """A text that no release could read."""


@dataclass(frozen=True)
class Link:
    """A link to something of the portal as it was written, `faq:stornierung#schritt-7`, with its label's HTML.

    Of a picture that is its description, `title` its caption; `is_alone` in its paragraph.
    """

    kind: str
    slug: str
    fragment: str
    label: str
    title: str = ""
    is_alone: bool = False

    @property
    def written(self):
        return f"{self.kind}:{self.slug}" + (f"#{self.fragment}" if self.fragment else "")

    @property
    def step(self):
        """The number in `#schritt-7`, or None."""
        match = re.fullmatch(r"schritt-([1-9]\d{0,5})", self.fragment, re.A)
        return int(match[1]) if match else None


def render(text):
    """Safe HTML for a Markdown text, with the portal's links as placeholders.

    Raises MarkupError for what would be shown wrongly or takes too long.
    """
    if len(text) > MAX_LENGTH:
        problem = f"Der Text ist zu lang: {len(text)} Zeichen, höchstens {MAX_LENGTH} sind möglich."
        raise Unreadable([Problem(1, problem)])
    try:
        return budget.within(render_at_once, text)
    except budget.TooMuch:
        longest = max(re.split(r"\n[ \t]*\n", text), key=len)
        problem = (
            "Dieser Text ist zu verschachtelt, als dass er sich in vertretbarer Zeit darstellen ließe. "
            "Der längste Absatz beginnt hier: Bitte teilen oder vereinfachen Sie ihn."
        )
        raise Unreadable([Problem(line_of(text, longest.lstrip("\n")), problem)]) from None


def render_at_once(text):
    """The same within somebody else's budget."""
    problems = [
        Problem(_line_at(text, match.start()), _CONTROL_SIGN.format(ord(match[0]))) for match in CONTROL.finditer(text)
    ]
    refused = Unreadable if problems else MarkupError
    text = CONTROL.sub(" ", text)
    blocks = Blocks(text)
    problems += blocks.problems + unknown.inside(blocks)
    _outside_code(text, blocks.code, partial(_MARKDOWN_LINK.sub, itemgetter(0)))  # to rewrite it takes no longer later
    try:
        html = markdown.Markdown(extensions=[Dialect(blocks)]).convert(text)
    except RecursionError:
        raise Unreadable([Problem(1, "Der Text ist zu tief verschachtelt.")]) from None
    if len(html) > MAX_HTML:
        raise Unreadable(
            [Problem(1, "Als Seite wäre dieser Text viel zu groß: Bitte verwenden Sie kürzere Linkadressen.")]
        )
    named = any(problem.message == unknown.IMAGE for problem in problems)
    problems += [problem for problem in _bad_pictures(html, blocks) if not (named and problem.message == unknown.IMAGE)]
    problems += _bad_links(html, blocks)
    html = _cleaned(html)
    if problems:
        raise refused(sorted(set(problems), key=attrgetter("line"))[:MAX_PROBLEMS], links(html))
    if None in _addresses(html):
        raise MarkupError([Problem(1, "Eine Linkadresse in diesem Text ist keine.")])
    return html


def render_foreign(text):
    """HTML for a text that was written for another program: its links and pictures lead anywhere, and nothing of it is refused or cleaned."""
    text = CONTROL.sub(" ", text)
    return markdown.Markdown(extensions=[Dialect(Blocks(text))]).convert(text)


def render_as_before(text):
    """Safe HTML for a text as releases up to 1.3 showed it; of one that they refused too what is written."""
    with suppress(budget.TooMuch, RecursionError):
        if (html := budget.within(_as_before, text)) is not None:
            return html
    return "\n".join(f"<p>{escape(part, quote=False)}</p>" for part in re.split(r"\n\s*\n", text))


def _as_before(text):
    html = markdown.Markdown(
        extensions=["tables", "fenced_code", "sane_lists", "admonition", AsBefore()],
        extension_configs={"tables": {"use_align_attribute": True}},
    ).convert(CONTROL.sub(" ", text))
    clean = _cleaned(html)
    return None if "<img" in html or len(html) > MAX_HTML or None in _addresses(clean) else clean


def _cleaned(html):
    """What of rendered HTML may be there: nothing that could run."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes={"div": set(CALLOUTS)},
        url_schemes={*SCHEMES, *KINDS},
        link_rel=None,
    )


def links(html):
    """The portal's links in rendered HTML, in their order."""
    return [_link(match) for match in _PORTAL_LINK.finditer(html)]


def web_links(html):
    """The addresses of the pages elsewhere that rendered HTML links to, each once."""
    return list(dict.fromkeys(address for address in _addresses(html) if re.match("https?:", address, re.I)))


def replace_pictures(html, replacement):
    """Rendered HTML with each picture replaced by what `replacement(link)` returns (HTML); what stands around it stays."""
    return re.sub(_PORTAL_PICTURE, lambda match: replacement(_picture(match)), html)


def replace_links(html, replacement):
    """Rendered HTML with each of the portal's links replaced by what `replacement(link)` returns (HTML)."""
    return _PORTAL_LINK.sub(lambda match: replacement(_link(match)), html)


def rewrite_links(text, replacement):
    """Markdown with each of the portal's links replaced by `replacement(link, written)`, outside of code.

    `written` is the link's whole Markdown; the link's label is Markdown too, None where the address stands alone
    (`[1]: faq:…`).
    """

    def rewritten(match):
        if match["code"]:
            return match[0]
        link = Link(match["kind"], match["slug"], match["fragment"] or "", match["label"])
        return replacement(link, match[0])

    return _outside_code(text, Blocks(text).code, partial(_MARKDOWN_LINK.sub, rewritten))


def replace_address(text, old, new):
    """Markdown with the links to the address `old` of a page elsewhere leading to `new`, outside of code.

    A link whose label is the address shows the new one too.
    """
    written = "|".join(map(re.escape, {old, old.replace("&", "&amp;")}))
    bare = "|".join(map(re.escape, {old, re.sub(r"^http://(?=www\.)", "", old)}))
    link = re.compile(
        rf"{_CODE}|(?P<before>\]\(\s*<?|\]:[ ]*<?|<|\[)(?:{written})(?P<after>>|\]|[ \t]*\)|[ \t]+[\"'(]|[ \t]*$)"
        rf"|(?<![\w/.@+-])(?:{bare})(?=[{re.escape(AFTER_ADDRESS)}]*(?:[\s<]|$))",
        re.M,
    )

    def replaced(match):
        return match[0] if match["code"] else (match["before"] or "") + new + (match["after"] or "")

    # Twice: a link in the label of another is found once the label is done.
    return _outside_code(text, Blocks(text).code, lambda lines: link.sub(replaced, link.sub(replaced, lines)))


def lines_of(text, link):
    """The lines of a Markdown text on which this one of the portal's links stands."""
    marked = rewrite_links(text, lambda other, written: f"\x02{written}" if other.written == link.written else written)
    return [number for number, line in enumerate(marked.split("\n"), 1) if "\x02" in line] or [1]


def _outside_code(text, code, rewritten):
    """Markdown with the lines that are in no code block replaced by `rewritten(lines)`: those of a paragraph together.

    `code` holds the numbers of the others.
    """

    def kind(line):
        # A link may go on in the next line, but not behind an empty one.
        return "code" if line[0] in code else "text" if line[1].strip() else "empty"

    paragraphs = groupby(enumerate(text.split("\n"), 1), key=kind)
    parts = [(kind, "\n".join(line for _, line in paragraph)) for kind, paragraph in paragraphs]
    return "\n".join(rewritten(part) if kind == "text" else part for kind, part in parts)


def plain_text(html):
    """The words of rendered HTML in one line, without tags."""
    html = re.sub(r"</(?:p|li|h[1-6]|tr|div|blockquote|pre)>|<br>|<hr>|</t[dh]>", " ", html)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def plain_lines(html):
    """The words of rendered HTML, a line for each block. A tab stands behind what is no sentence that holds: cells of tables,
    code, what is struck out.
    """
    html = re.sub(r"</(?:t[dh]|pre|del)>", "\t", html.replace("<br>", " "))
    blocks = re.split(r"</?(?:p|[uo]l|li|h[1-6]|table|tr|div|blockquote|pre)\b[^>]*>|<hr>", html)
    texts = [unescape(re.sub(r"<[^>]*>", "", block)) for block in blocks]
    lines = ["\t".join(" ".join(part.split()) for part in text.split("\t")) for text in texts]
    return "\n".join(line for line in lines if line.strip())


def line_of(text, needle):
    """The line (from 1) on which `needle` first stands in `text`, else 1."""
    return _line_at(text, max(text.find(needle), 0))


def code_lines(lines):
    """For each line whether it belongs to a fenced code block, and the line (from 1) of the first fence that is never closed."""
    text = "\n".join(lines)
    if "```" not in text and "~~~" not in text:
        return [False] * len(lines), None
    blocks = Blocks(text)
    return [number in blocks.code for number, _ in enumerate(lines, 1)], blocks.unclosed


def _picture(match, is_alone=False):
    return Link("bild", unescape(match["picture"]), "", match["alt"], match["title"] or "", is_alone)


def _link(match):
    if match["picture"] is not None:
        return _picture(match, is_alone=bool(match["alone"]))
    return Link(match[1], unescape(match[2]), unescape(match[3] or ""), match[4])


def _addresses(html):
    """Where each link leads, None for one that leads nowhere."""
    return [match[1] and unescape(match[1]) for match in _ANY_LINK.finditer(html)]


def is_no_description(text):
    """Whether words about a picture are no more than the name of its file."""
    return bool(_FILE_NAME.fullmatch(text.strip()))


def _bad_pictures(html, blocks):
    problems = []
    for image in _IMAGE.finditer(html):
        source, description = unescape(image["source"]), unescape(image["alt"])
        if not source.startswith("bild:"):
            problems += [Problem(line, unknown.IMAGE) for line in _lines_with(source, blocks)]
        if is_no_description(description):
            problems += [Problem(line, NO_DESCRIPTION.format(description)) for line in _lines_with(source, blocks)]
    for match in _PICTURE_IN.finditer(html):
        message = f"Ein Bild steht nicht in {_PICTURE_IN_WHAT[match[1][0]]}. Bitte geben Sie ihm einen eigenen Absatz."
        problems += [Problem(line, message) for line in _lines_with(unescape(match["source"]), blocks)]
    return problems


def _bad_links(html, blocks):
    problems = []
    for address in dict.fromkeys(address or "" for address in _addresses(html)):
        message = _UNKNOWN_TARGET.format(address)
        if len(address) > MAX_ADDRESS:
            message = f"Diese Adresse ist länger als {MAX_ADDRESS} Zeichen: {address[:60]}…"
        elif re.search(r"\s", address):
            message = f"In der Adresse „{address}“ steht ein Leerzeichen: Bitte schreiben Sie %20 dafür."
        elif _GOOD_ADDRESS.match(address):
            continue
        problems += [Problem(line, message) for line in _lines_with(address, blocks)]
    return problems


def _lines_with(address, blocks):
    """The lines of a text on which a link leads to this address."""
    written = rf"(?:\]\([ \n]*<?|<){re.escape(address)}(?=[\s)>])" if address else r"\]\([ \n]*(?:<>)?[ \n]*\)"
    alone = rf"|(?<![\w(<]){re.escape(address)}" if address.startswith("http") else ""
    pattern = re.compile(written + alone)
    lines = [line for target, _, line in blocks.definitions.values() if target == address]
    for text in blocks.texts:
        lines += [text.number(match.start()) for match in pattern.finditer(without_code(str(text), escaped=False))]
    return lines or [1]


def _line_at(text, position):
    return text.count("\n", 0, position) + 1
