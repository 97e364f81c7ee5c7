"""Markdown of ours for a tree of HTML, with as few escapes as `markup` needs to read what was meant: it is asked."""

import re
from collections import Counter
from functools import partial

from bs4 import BeautifulSoup
from markdownify import MarkdownConverter

from faq import markup
from faq.content import escapes
from faq.content.html_shape import shape
from faq.content.html_tree import HEADINGS, Tree, in_german, parsed
from faq.content.line_runs import BREAK

_SAFE_ADDRESS = re.compile(r"[\w:/?#=.,;%+~@!$&-]*", re.A)
_PLAIN_ADDRESS = re.compile(r"[\w:/?#=.,;%+~@!$&()*'-]*")
_ASKED = 1200  # times at most that `markup` is asked for a text
_FEW = 12  # signs in a block that are each tried


def converted(html):
    """Markdown, and what is left out: what `from_html` asks the helper for."""
    return from_tree(Tree(parsed(html)))


def from_tree(tree):
    reader, left_out = _Reader(), Counter(tree.left_out)
    blocks = [(block, _markdown(reader, _alone(block))) for block in tree.root.contents]
    text = _joined([text for _, text in blocks])
    if reader.shape(text) != shape(tree.root):
        text = _joined([_held(reader, left_out, block, text) for block, text in blocks])
    return text, in_german(left_out)


def _held(reader, left_out, block, text):
    """The Markdown of a block that says what was meant; else without the emphasis of lines that can't have it, else its words alone."""
    meant = shape(_alone(block))
    for said in (text, _markdown(reader, _alone(block), em="_")):
        if reader.shape(said) == meant:
            return said
    plain = _alone(block)
    emphasis, unlike = ["strong", "em", "del", "code"], partial(_unlike, reader)
    for is_meant, names in ((unlike, emphasis), (unlike, ["a"]), (lambda line: True, [*emphasis, "a"])):
        for line in plain.find_all(["p", "td", *HEADINGS]):
            if not _is_title(line) and line.find(names) and is_meant(line):
                left_out["look"] += 1
                for element in line.find_all(names):
                    element.unwrap()
                line.smooth()
        text = _markdown(reader, plain)
        if reader.shape(text) == shape(plain):
            return text
    left_out["form"] += 1
    plain = BeautifulSoup("<p></p>", "html.parser")
    plain.p.string = " ".join(block.get_text(" ").split())
    return _markdown(reader, plain)


def _unlike(reader, line):
    """Whether a line of text does not say what was meant."""
    alone = _alone(line)
    alone.contents[0].name = "p"
    return reader.shape(_markdown(reader, alone)) != shape(alone)


def _markdown(reader, soup, **options):
    return _Converter(reader, **options).convert_soup(soup).strip("\n")


def _joined(texts):
    return "\n\n".join(text for text in texts if text)


def _alone(block):
    soup = BeautifulSoup("", "html.parser")
    soup.append(block.__copy__())
    return soup


class _Reader:
    """What `markup` says of a text, in the words that few enough are asked for."""

    def __init__(self):
        self._left = _ASKED

    def rendered(self, text):
        """HTML, None for a text that is refused, or for one too many."""
        self._left -= 1
        try:
            return markup.render_at_once(text) if self._left > 0 else None
        except markup.MarkupError:
            return None

    def shape(self, text):
        try:
            return shape(parsed(markup.render_at_once(text)))
        except markup.MarkupError:
            return None

    def fewest(self, text, frame, indent=""):
        """A text with as few of its marked signs escaped as let it say the same, read in this frame, its further lines indented."""
        if not (signs := escapes.signs(text)):
            return text

        def said(kept):
            return self.rendered(frame.replace("{}", escapes.escaped(text, kept).replace("\n", f"\n{indent}")))

        if (meant := said(range(len(signs)))) is None:
            return escapes.escaped(text, range(len(signs)))

        def says_so(kept):
            return said(kept) == meant

        if says_so(()):
            return escapes.escaped(text, ())
        kept = set(range(len(signs)))
        for sign in dict.fromkeys(reversed(signs)):  # what opens keeps its backslash
            if says_so(fewer := {place for place in kept if signs[place] != sign}):
                kept = fewer
        for place in sorted(kept, reverse=True)[:_FEW] if len(kept) > 1 else ():
            if signs[place] not in "*_~`" and says_so(fewer := kept - {place}):  # those come in pairs, and read best so
                kept = fewer
        return escapes.escaped(text, kept)


class _Converter(MarkdownConverter):
    """markdownify for the elements of a Tree: lists, tables, callouts and code as our dialect has them, escapes as it needs them."""

    def __init__(self, reader, em="*"):
        super().__init__()
        self._reader, self._em = reader, em

    def escape(self, text, parent_tags):
        return escapes.marked(text)

    def _line(self, text, frame, *, indent="", line_break=" "):
        """The text of a block, with its escapes; `frame` is how a line stands in such a block."""
        lines = re.sub(rf"[ ]*([\n{BREAK}])\s*", r"\1", text.strip())
        if line_break == " ":
            lines = lines.replace("\n", " ")
        return self._reader.fewest(escapes.that_matter(lines).replace(BREAK, line_break), frame, indent)

    def convert_p(self, el, text, parent_tags):
        if _is_title(el):
            title = self._line(text.strip()[2:-2], '!!! hinweis "{}"')
            name = el.parent["callout"]
            return f"!!! {name}\n\n" if title == name.capitalize() else f'!!! {name} "{title}"\n\n'
        is_first = el is el.parent.contents[0]
        frame, indent = _FRAMES.get(is_first and el.parent.name, ("{}", ""))
        return _apart(el, self._line(text, frame, indent=indent, line_break="\\\n"))

    def convert_hN(self, n, el, text, parent_tags):
        return _apart(el, f"{'#' * n} {self._line(text, '# {}')}")

    def convert_em(self, el, text, parent_tags):
        return f"{self._em}{text}{self._em}"

    def convert_a(self, el, text, parent_tags):
        href, title, label = el["href"], el.get("title"), el.get_text()
        shown = href in (label, f"mailto:{label}") or (href == f"http://{label}" and label.startswith("www."))
        if shown and not title and _PLAIN_ADDRESS.fullmatch(label):
            return escapes.address(label, self._address(href))
        title = f' "{title.replace(chr(34), chr(39))}"' if title else ""
        return f"[{text}]({self._address(href)}{title})"

    def convert_img(self, el, text, parent_tags):
        alt, title = (escapes.marked(el.get(said, "")) for said in ("alt", "title"))
        title = title and ' "{}"'.format(title.replace('"', '\\"'))
        return f"![{alt}]({el['src']}{title})"

    def _address(self, href):
        """An address as it can stand in a link."""
        if _SAFE_ADDRESS.fullmatch(href) and not re.search(r"&#?\w+;", href):
            return href
        for written in (href, f"<{href}>"):
            link = parsed(self._reader.rendered(f"[x]({written})") or "").a
            if link and link["href"] == href and link.parent.get_text() == "x":
                return written
        return re.sub(
            r"[^\w:/?#=.,;%+~@!$&-]", lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), href
        )

    def convert_code(self, el, text, parent_tags):
        text = " ".join(el.get_text().replace(BREAK, " ").split())
        ticks = "`" * (1 + _longest("`", text))
        space = " " if text.startswith("`") or text.endswith("`") else ""
        return f"{ticks}{space}{text.replace('|', escapes.PIPE) if 'td' in parent_tags else text}{space}{ticks}"

    def convert_pre(self, el, text, parent_tags):
        fence = "`" * max(3, 1 + _longest("`", el.get_text()))
        return _apart(el, f"{fence}\n{el.get_text()}\n{fence}")

    def convert_hr(self, el, text, parent_tags):
        return _apart(el, "***" if el.parent.name == "li" else "---")

    def convert_blockquote(self, el, text, parent_tags):
        return _apart(el, re.sub("^", "> ", text.strip("\n"), flags=re.M).replace("> \n", ">\n"))

    def convert_div(self, el, text, parent_tags):
        text = text.strip("\n")
        if not _is_title(el.contents[0]):
            text = f'!!! {el["callout"]} ""\n\n{text}'
        head, _, inner = text.partition("\n")
        return _apart(el, f"{head}\n{_indented(inner.lstrip(chr(10)), 4)}")

    def convert_ul(self, el, text, parent_tags):
        return _apart(el, text.strip("\n"))

    convert_ol = convert_ul

    def convert_li(self, el, text, parent_tags):
        within = el.parent
        sign = "*" if within.get("other") else "-"
        if within.name == "ol":
            place = next(place for place, item in enumerate(within.contents) if item is el)
            sign = f"{int(within.get('start', 1)) + place}{')' if within.get('other') else '.'}"
        text = f"{sign} {_indented(text.strip(chr(10)), len(sign) + 1).lstrip(' ')}".rstrip()
        return f"\n\n{text}\n\n" if within.get("loose") else f"\n{text}\n"

    def convert_table(self, el, text, parent_tags):
        head, _, rows = text.strip("\n").partition("\n")
        rules = (_RULES[cell.get("align")] for cell in el.contents[0].contents)
        return _apart(el, "\n".join([head, f"| {' | '.join(rules)} |", *([rows] if rows else [])]))

    def convert_tr(self, el, text, parent_tags):
        return f"|{text}\n"

    def convert_td(self, el, text, parent_tags):
        return f" {self._line(text, '| {} |' + chr(10) + '| --- |')} |"


# How the first line of an item or quote stands, and the others: there are signs that mean something only there.
_FRAMES = {"li": ("- {}", "  "), "blockquote": ("> {}", "> ")}
_RULES = {None: "---", "left": ":---", "right": "---:", "center": ":---:"}


def _apart(el, text):
    """A block with the empty lines around it that tell it from others; in an item of a tight list there are none."""
    distance = "\n" if el.parent.name == "li" and not el.parent.parent.get("loose") else "\n\n"
    return f"{distance}{text}{distance}"


def _is_title(el):
    """Whether this is the title of a callout: all of its first paragraph is bold."""
    first = el.parent.get("callout") and el.name == "p" and el is el.parent.contents[0]
    return first and len(el.contents) == 1 and el.contents[0].name == "strong"


def _indented(text, width):
    return re.sub(r"^(?=.)", " " * width, text, flags=re.M)


def _longest(sign, text):
    return max(map(len, re.findall(f"{sign}+", text)), default=0)
