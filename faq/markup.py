"""From an editor's Markdown to safe HTML: the one door.

python-markdown parses, nh3 cleans the finished string by a narrow allow-list. What depends on other rows (links to entries,
contacts, gaps) stays in the HTML as `href="faq:…"`, headings stay at their own level: `content.portal_links` fills both when a page
is made, so that a rename or a new phone number touches no stored text.
"""

import re
from dataclasses import dataclass
from html import unescape
from itertools import groupby
from operator import itemgetter

import markdown
import nh3
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from faq import budget

MAX_LENGTH = 50_000
MAX_HTML = 20 * MAX_LENGTH  # an address or a title that is named once may be meant a thousand times
MAX_ADDRESS = 2000
CALLOUTS = ("hinweis", "achtung")
KINDS = ("faq", "kontakt", "offen", "datei")
SCHEMES = ("https", "http", "mailto", "tel")

_TAGS = set(
    "a blockquote br code del div em h1 h2 h3 h4 h5 h6 hr li ol p pre strong table tbody td th thead tr ul".split()
)
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "td": {"align"}, "th": {"align"}}
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_FENCE = re.compile(r"(~{3,}+|`{3,}+)[ \t]*+\.?[\w#.+-]*+[ \t]*+$")
_FAULTY_FENCE = re.compile(r"(?:~{3,}+|`{3,}+)[^`\n]*$")
_CALLOUT = re.compile(r"[ ]*!!!\s*(\S*)")
_PORTAL_LINK = re.compile(r'<a href="(faq|kontakt|offen|datei):([^"#]*)(?:#([^"]*))?"[^>]*>(.*?)</a>', re.S)
_TARGET = r"<?(?P<kind>faq|kontakt|offen|datei):(?P<slug>[^\s#()<>]*)(?:#(?P<fragment>[^\s()<>]*))?>?"
_CODE = r"(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
_MARKDOWN_LINK = re.compile(
    _CODE
    + r"|(?:\[(?P<label>(?:[^\[\]\\]|\\[\s\S]|\[(?:[^\[\]\\]|\\[\s\S])*\])*)\]\(\s*|(?<=\]:)[ ]*\n?[ ]*)"
    + _TARGET
    + r"(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)?"
)
_ANY_LINK = re.compile(r'<a(?: href="([^"]*)")?[ >]')


@dataclass(frozen=True)
class Problem:
    """What is wrong with a text, in German, and on which of its lines (from 1)."""

    line: int
    message: str


class MarkupError(ValueError):
    """A text that is refused; `problems` says what is wrong, and where."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__(problems)

    def __str__(self):
        return "\n".join(f"Zeile {p.line}: {p.message}" for p in self.problems)


@dataclass(frozen=True)
class Link:
    """A link to something of the portal as it was written, `faq:stornierung#schritt-7`, with its label's HTML."""

    kind: str
    slug: str
    fragment: str
    label: str

    @property
    def written(self):
        return f"{self.kind}:{self.slug}" + (f"#{self.fragment}" if self.fragment else "")

    @property
    def step(self):
        """The number in `#schritt-7`, or None."""
        match = re.fullmatch(r"schritt-([1-9]\d{0,5})", self.fragment, re.A)
        return int(match[1]) if match else None


class _PlainCalloutTitles(Treeprocessor):
    """The allow-list keeps no class on a callout's title: a <strong> says what it is."""

    def run(self, root):
        for title in root.iter("p"):
            if title.get("class") == "admonition-title":
                strong = title.makeelement("strong", {})
                strong.text, title.text = title.text, None
                title.append(strong)


class _PortalMarkdown(Extension):
    """Raw HTML is shown as text."""

    def extendMarkdown(self, md):
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        # Before "inline", which still parses the Markdown in a title.
        md.treeprocessors.register(_PlainCalloutTitles(md), "callout-titles", 30)


def render(text):
    """Safe HTML for a Markdown text, with the portal's links as placeholders.

    Raises MarkupError for what would be shown wrongly or takes too long.
    """
    if len(text) > MAX_LENGTH:
        problem = f"Der Text ist zu lang: {len(text)} Zeichen, höchstens {MAX_LENGTH} sind möglich."
        raise MarkupError([Problem(1, problem)])
    try:
        return budget.within(_render, text)
    except budget.TooMuch:
        longest = max(re.split(r"\n[ \t]*\n", text), key=len)
        problem = (
            "Dieser Text ist zu verschachtelt, als dass er sich in vertretbarer Zeit darstellen ließe. "
            "Der längste Absatz beginnt hier: Bitte teilen oder vereinfachen Sie ihn."
        )
        raise MarkupError([Problem(line_of(text, longest.lstrip("\n")), problem)]) from None


def _render(text):
    if problems := refusals(text):
        raise MarkupError(problems)
    rewrite_links(text, lambda link, written: written)  # what is stored can be rewritten: that takes no longer later
    parser = markdown.Markdown(
        extensions=["tables", "fenced_code", "sane_lists", "admonition", _PortalMarkdown()],
        extension_configs={"tables": {"use_align_attribute": True}},
    )
    try:
        html = parser.convert(text)
    except RecursionError:
        raise MarkupError([Problem(1, "Der Text ist zu tief verschachtelt.")]) from None
    if len(html) > MAX_HTML:
        raise MarkupError(
            [Problem(1, "Als Seite wäre dieser Text viel zu groß: Bitte verwenden Sie kürzere Linkadressen.")]
        )
    if image := re.search(r'<img[^>]* src="([^"]*)"', html):
        address = unescape(image[1])
        raise MarkupError(
            [Problem(line_of(text, f"]({address}"), "Bilder sind hier nicht möglich, nur Text und Links.")]
        )
    html = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes={"div": set(CALLOUTS)},
        url_schemes={*SCHEMES, *KINDS, *_refused_schemes(html)},
        link_rel=None,
    )
    if problems := _bad_links(html, text):
        raise MarkupError(problems)
    return html


def refusals(text):
    """What is wrong with a text before it is parsed."""
    if match := CONTROL.search(text):
        line = text.count("\n", 0, match.start()) + 1
        return [
            Problem(line, f"Hier steht ein unsichtbares Steuerzeichen (U+{ord(match[0]):04X}). Bitte löschen Sie es.")
        ]
    lines = text.split("\n")
    inside, unclosed = code_lines(lines)
    if unclosed:
        return [Problem(unclosed, "Dieser Code-Block wird nicht geschlossen: Es fehlt eine Zeile mit demselben Zaun.")]
    problems = [
        Problem(number, f"Unbekannter Kasten „{match[1]}“: Es gibt „!!! hinweis“ und „!!! achtung“.")
        for number, (line, code) in enumerate(zip(lines, inside, strict=True), 1)
        if not code and (match := _CALLOUT.match(line)) and match[1].strip('"') not in CALLOUTS
    ]
    problems += [
        Problem(number, "Hinter dem Zaun eines Code-Blocks steht nichts oder ein Wort: die Sprache.")
        for number, (line, code) in enumerate(zip(lines, inside, strict=True), 1)
        if not code and _FAULTY_FENCE.match(line)
    ]
    return problems


def links(html):
    """The portal's links in rendered HTML, in their order."""
    return [_link(match) for match in _PORTAL_LINK.finditer(html)]


def web_links(html):
    """The addresses of the pages elsewhere that rendered HTML links to, each once."""
    addresses = (unescape(match[1] or "") for match in _ANY_LINK.finditer(html))
    return list(dict.fromkeys(address for address in addresses if re.match("https?:", address, re.I)))


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

    return _outside_code(text, lambda lines: _MARKDOWN_LINK.sub(rewritten, lines))


def replace_address(text, old, new):
    """Markdown with the links to the address `old` of a page elsewhere leading to `new`, outside of code.

    A link whose label is the address shows the new one too.
    """
    written = "|".join(map(re.escape, {old, old.replace("&", "&amp;")}))
    link = re.compile(
        rf"{_CODE}|(?P<before>\]\(\s*<?|\]:[ ]*<?|<|\[)(?:{written})(?P<after>>|\]|[ \t]*\)|[ \t]+[\"'(]|[ \t]*$)",
        re.M,
    )

    def replaced(match):
        return match[0] if match["code"] else match["before"] + new + match["after"]

    # Twice: a link in the label of another is found once the label is done.
    return _outside_code(text, lambda lines: link.sub(replaced, link.sub(replaced, lines)))


def _outside_code(text, rewritten):
    """Markdown with the lines that are in no code block replaced by `rewritten(lines)`: those of a paragraph together."""
    lines = text.split("\n")
    inside, _ = code_lines(lines)
    # A link may go on in the next line, but not behind an empty one.
    kinds = ["code" if code else "text" if line.strip() else "empty" for line, code in zip(lines, inside, strict=True)]
    paragraphs = groupby(zip(kinds, lines, strict=True), key=itemgetter(0))
    parts = [(kind, "\n".join(line for _, line in paragraph)) for kind, paragraph in paragraphs]
    return "\n".join(rewritten(part) if kind == "text" else part for kind, part in parts)


def shift_headings(html, written, shown):
    """Rendered HTML with its headings moved: those written at level `written` stand at level `shown`, none above it."""

    def shifted(match):
        return f"<{match[1]}h{min(max(int(match[2]), written) - written + shown, 6)}>"

    return re.sub(r"<(/?)h([1-6])>", shifted, html)


def plain_text(html):
    """The words of rendered HTML in one line, without tags."""
    html = re.sub(r"</(?:p|li|h[1-6]|tr|div|blockquote|pre)>|<br>|<hr>|</t[dh]>", " ", html)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def line_of(text, needle):
    """The line (from 1) on which `needle` first stands in `text`, else 1."""
    position = text.find(needle)
    return text.count("\n", 0, position) + 1 if position >= 0 else 1


def code_lines(lines):
    """For each line whether it belongs to a fenced code block, and the line (from 1) of a fence that is never closed."""
    inside, fence, opened = [], "", 0
    for number, line in enumerate(lines, 1):
        if fence:
            inside.append(True)
            if line.rstrip(" \t") == fence:
                fence = ""
        elif match := _FENCE.match(line):
            inside.append(True)
            fence, opened = match[1], number
        else:
            inside.append(False)
    return inside, opened if fence else None


def _link(match):
    return Link(match[1], unescape(match[2]), unescape(match[3] or ""), match[4])


def _refused_schemes(html):
    """Schemes that are not allowed pass the cleaning here only to be refused by name in `_bad_links`."""
    return {match[1].lower() for match in re.finditer(r'<a href="([A-Za-z][A-Za-z0-9+.-]*):', html)}


def _bad_links(html, text):
    problems = []
    for address in dict.fromkeys(unescape(match[1] or "") for match in _ANY_LINK.finditer(html)):
        scheme = address.partition(":")[0] if ":" in address else ""
        if len(address) > MAX_ADDRESS:
            message = f"Diese Adresse ist länger als {MAX_ADDRESS} Zeichen: {address[:60]}…"
            problems.append(Problem(line_of(text, address[:MAX_ADDRESS]), message))
            continue
        if scheme in KINDS or (scheme in SCHEMES and len(address) > len(scheme) + 1):
            continue
        problems.append(
            Problem(
                line_of(text, address),
                f"Unbekanntes Linkziel „{address}“: Möglich sind https://…, mailto:…, tel:…, faq:…, kontakt:…, datei:… und offen:….",
            )
        )
    return problems
