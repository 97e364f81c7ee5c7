"""A file of any kind as HTML; nothing that it names is fetched."""

import io
import re
from html import escape, unescape

import mammoth
import markdown

from faq import markup
from faq.cutting import titles
from faq.files import office
from faq.files.types import Refused

# How Word's styles are read beside what mammoth knows itself: a list style has its level in its name.
_LISTS = {"Bullet": "ul", "Number": "ol"}
_STYLES = "\n".join(
    [
        "p[style-name='Title'] => h1.title:fresh",
        "p[style-name='title'] => h1.title:fresh",
        "p[style-name='TOC Heading'] => p.toc:fresh",
        *(f"p[style-name^='{name}'] => p.toc:fresh" for name in ("toc ", "TOC ", "Contents ", "Verzeichnis ")),
        *(f"p[style-name^='{name} {level}'] => h{min(level, 6)}:fresh" for name in ("Überschrift", "heading", "Heading") for level in range(1, 10)),
        *(f"p[style-name='List {name}'] => {tag} > li:fresh" for name, tag in _LISTS.items()),
        *(f"p[style-name='List {name} 2'] => ul|ol > li > {tag} > li:fresh" for name, tag in _LISTS.items()),
        *(f"p[style-name='List {name} 3'] => ul|ol > li > ul|ol > li > {tag} > li:fresh" for name, tag in _LISTS.items()),
        "p[style-name='List Continue'] => ul|ol > li > p:fresh",
        *(f"p[style-name^='{name}'] => p > strong:fresh" for name in ("Frage", "Question")),
    ]
)  # fmt: skip
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:]*)[^>]*>")
# A page that is nothing but a plain text, as LibreOffice and mail programs wrap one.
_TYPED_TEXT = re.compile(
    r"(?:(?!<pre\b).)*<body[^>]*>\s*(<pre\b[^>]*>(?:(?!</?pre\b).|</pre>\s*<pre\b[^>]*>)*</pre>)\s*</body>\s*</html>\s*",
    re.S | re.I,
)
_COMMENT = re.compile("<!--.*?-->", re.S)
_BLOCKS = set("p li ul ol table tr td th div blockquote pre h1 h2 h3 h4 h5 h6".split())
_VOID = set("br hr img meta link input col area base wbr source embed param".split())
MAX_DEPTH = 200
_DRAWINGS = (".svg", ".tif", ".tiff", ".bmp", ".wdp")  # what Word keeps of pictures
_CHARSET = re.compile(rb"charset=[\"']?([\w-]+)", re.I)
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)\n---[ \t]*\n", re.S)
_ITEM = re.compile(r"(\s*)(?:([•·▪◦‣●○■*+–-])|(?:(\d+(?:\.\d+)*|[a-z])[.)]))[ \t]+(?!Schritt\b)(\S.*)", re.S)
_LIST_IN_TEXT = re.compile(r"^(?!\s*(?:[-*+]|\d+[.)])\s).+\n(?=(?:[-*+]|\d+[.)]) )", re.M)
_RULE = re.compile(r"\s*([=~_*-])\1{2,}\s*")
_FRAMED = re.compile(r"\s*([=~*-]{2,}) +(\S.*?) +\1\s*")  # „*** Bestellung ***“
_MARKED = re.compile(r"(#{1,6}) +(.+?)[ #]*")
_BOLD_LINE = re.compile(r"^(?:\*\*|__)([^*_]+)(?:\*\*|__)$")
_BEGINS = re.compile(r"\s*(?:\d+\.|Schritt\b|(?:[FQA]|Frage|Antwort)\b[^.]{0,3}:)")
# Lines of Markdown that were meant as such, without an empty one between them.
_MEANT_LINE = re.compile(
    r"(?<=\S)\n(?=[a-z]\) |(?:\*\*)?(?:Schritt \d+ ?[:.)–-]|\d+\. Schritt\b|(?:[FQA]|Frage|Antwort)[ \d]*:))"
)
_WRAPPED = range(50, 100)  # characters in the lines of a text that is broken by hand


def as_html(data, kind, take_picture=lambda data, alt: None):
    """HTML for the bytes of a file of this kind ("docx", "html", "md", "txt"). Raises files.types.Refused for a hostile file.

    The pictures of a .docx are at `bild:…`, by the slugs that `take_picture(data, alt)` gives them.
    """
    return _docx(data, take_picture) if kind == "docx" else _MAKERS[kind](data)


def _docx(data, take_picture):
    office.check(data, "docx", also=_DRAWINGS)

    @mammoth.images.img_element
    def taken(image):
        with image.open() as file:
            slug = take_picture(file.read(), image.alt_text or "")
        return {"src": f"bild:{slug}" if slug else ""}

    options = {"style_map": _STYLES, "ignore_empty_paragraphs": False, "include_embedded_style_map": False}
    try:
        return mammoth.convert_to_html(
            io.BytesIO(data), convert_image=taken, external_file_access=False, **options
        ).value
    except Exception as error:  # whatever is wrong with it, it is nothing that Word wrote
        raise Refused(f"Die Datei ist nicht lesbar ({type(error).__name__}).") from error


def _html(data):
    named = _CHARSET.search(data[:4000])
    html = _COMMENT.sub("", _decoded(data, named[1].decode() if named else "utf-8"))
    if typed := _TYPED_TEXT.fullmatch(html):
        return _text(unescape(_TAG.sub("", typed[1])).encode())
    return _closed(html)


def _closed(html):
    """HTML whose items and paragraphs are closed, as LibreOffice leaves them open: else each stands in the one before. Raises Refused."""
    made, opened, behind, depth = [], [], 0, 0
    for tag in _TAG.finditer(html):
        closing, name = tag[1], tag[2].lower()
        depth += 0 if name in _VOID or tag[0].endswith("/>") else -1 if closing else 1
        if max(depth, len(opened)) > MAX_DEPTH:
            raise Refused("Die Seite ist zu verschachtelt.")
        if name not in _BLOCKS:
            continue
        if closing and name in opened:
            end = len(opened) - 1 - opened[::-1].index(name)
        elif closing:
            continue
        else:
            around = next((at for at in reversed(range(len(opened))) if opened[at] in ("ul", "ol")), -1)
            item = (
                next((at for at in range(around + 1, len(opened)) if opened[at] == "li"), None)
                if name == "li"
                else None
            )
            end = item if item is not None else len(opened) - (opened[-1:] == ["p"])
        left_open = opened[end + 1 if closing else end :]
        depth -= len(left_open)
        made += [html[behind : tag.start()], *(f"</{each}>" for each in reversed(left_open))]
        behind = tag.start()
        opened = opened[:end] + ([] if closing else [name])
    return "".join([*made, html[behind:]])


def _markdown(data):
    text = _decoded(data).replace("\r\n", "\n")
    if head := _FRONT_MATTER.match(text):
        text = "\\\n".join(head[1].split("\n")) + "\n\n" + text[head.end() :]
    text = _MEANT_LINE.sub("\n\n", _COMMENT.sub("", text))
    try:
        return markup.render_at_once(text)
    except markup.MarkupError:  # a dialect that is not ours
        if not _TAG.search(text):
            return markup.render_foreign(text)
        text = _LIST_IN_TEXT.sub(r"\g<0>\n", text)
        return markdown.markdown(text, extensions=["tables", "fenced_code", "sane_lists"], tab_length=2)


def _text(data):
    lines = _decoded(data).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines, html, chunk = [*_with_marked_headings(lines), ""], [], []
    for place, line in enumerate(lines):
        if line.strip():
            chunk.append(line)
            continue
        html += _chunk(chunk)
        following = next((other for other in lines[place:] if other.strip()), "")
        if not (chunk and _ITEM.match(chunk[-1]) and _ITEM.match(following)):  # else the items of one list, far apart
            html.append("<p></p>")
        chunk = []
    return "".join(html)


def _chunk(lines):
    """Lines without an empty one between them: items of lists as Word writes them, the others as one paragraph."""
    html, plain, indents = [], [], []
    for line in _unwrapped(lines):
        heading = _MARKED.fullmatch(line)
        if heading or _RULE.fullmatch(line):
            level = len(heading[1]) if heading else 0
            html += [*_paragraph(plain), f"<h{level}>{_escaped(heading[2])}</h{level}>" if heading else "<hr>"]
            plain = []
            continue
        item = _ITEM.match(line)
        if item and item[4].endswith("?"):  # a question with a number
            item = None
        if not item:
            plain.append(_BOLD_LINE.sub(r"<b>\1</b>", _escaped(line.strip())))
            continue
        html += _paragraph(plain)
        plain, indent = [], len(item[1].expandtabs(4))
        indents = [*(other for other in indents if other < indent), indent]
        sign = f"{item[3]}." if item[3] else "•"
        html.append(
            f'<p style="mso-list:l0 level{len(indents)} lfo1"><span style="mso-list:Ignore">{sign}</span>{_escaped(item[4])}</p>'
        )
    return html + _paragraph(plain)


def _with_marked_headings(lines):
    """The same, with „#“ before a line that is framed or that the next one underlines: „=“ over „-“, over both another sign that comes first."""
    made = []

    def marked(sign, title):
        rank = {"=": 2, "-": 3}.get(sign, 3 if any(map(_MARKED.fullmatch, made)) else 1)
        return f"{'#' * rank} {title.strip()}"

    for line in lines:
        before = made[-1] if made else ""
        underlines = _RULE.fullmatch(line) and 2 * len(line) >= len(before) > 0
        if underlines and (titles.is_name(before) or titles.asks(before, alone=True)):
            made[-1] = marked(line.strip()[0], before)
        elif framed := _FRAMED.fullmatch(line):
            made.append(marked(framed[1][0], framed[2]))
        else:
            made.append(line)
    return made


def _escaped(line):
    return escape(line, quote=False).replace("\n", "<br>")


def _paragraph(lines):
    return [f"<p>{'<br>'.join(lines)}</p>"] if lines else []


def _unwrapped(lines):
    """The lines as they were meant, where somebody broke them at some width; an item's further lines belong to it."""
    lengths = [len(line.rstrip()) for line in lines[:-1]]
    all_broken = (
        len(lengths) > 1 and min(lengths) in _WRAPPED and max(lengths) in _WRAPPED and max(lengths) - min(lengths) < 16
    )
    made = []
    for place, line in enumerate(lines):
        before = lines[place - 1].rstrip() if place else ""
        begins = bool(_ITEM.match(line) or _BEGINS.match(line))
        goes_on = line[:1].isspace() and made and _ITEM.match(made[-1]) and not begins
        ends = before.endswith("?") or (
            not all_broken and (before.endswith((".", ":", "!")) or not re.match(r"\s*[a-zäöüß(„]", line))
        )
        broken = len(before) in _WRAPPED and not begins and not ends
        if goes_on or broken:
            made[-1] = f"{made[-1].rstrip()}{' ' if broken or len(before) in _WRAPPED else chr(10)}{line.strip()}"
        else:
            made.append(line)
    return made


def _decoded(data, encoding="utf-8"):
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif data.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    for each in (encoding, "utf-8-sig"):
        try:
            return data.decode(each).removeprefix("\ufeff")
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("cp1252", errors="replace")


_MAKERS = {"html": _html, "md": _markdown, "txt": _text}
