"""`dialect [SHOWN]`: what people write, each feature at each place, beside markdown-it: the same structure, refused, or silently another one?

The first differences are shown, 5 unless told. Raw HTML is text for both.
"""

import sys
from collections import Counter
from functools import partial
from html.parser import HTMLParser
from itertools import product
from urllib.parse import unquote

from markdown_it import MarkdownIt

from benchmarks.portal import print_table
from faq import markup

# What stands in a line.
INLINE = {
    "emphasis": ["**fett**", "*kursiv*", "_kursiv_", "__fett__", "***beides***", "**fett *und kursiv***", "ein**mit**ten", "snake_case_name", "2 * 3 * 4", "**„Frist“** läuft", "**Hinweis:** Text", "**Hinweis:**Text", "(**x**), *y*.", "5*6*7", "**a** **b**", "*nicht zu", "**auch nicht"],
    "strikethrough": ["~~alt~~ neu", "~~**alt**~~ neu", "**~~alt~~**", "~~a b~~, ~~c~~", "ca. ~5 Tage", "a~~b~~c", "~~ nicht ~~"],
    "code": ["`a b`", "``a ` b``", "`C:\\Temp\\`", "`a\\b`", "`<b>`", "`**nicht**`", "`[x](y)`", "`~~x~~`", "` a `", "`https://example.org`", "Taste ` allein", "`<!-- x -->`", "`[^1]`", "`![x](y)`", "`- [ ] x`", "`&amp;`"],
    "link": ["[x](https://example.org)", '[x](https://example.org "Titel")', "[**x**](https://example.org)", "[`x`](https://example.org)", "[x](<https://example.org/a b>)", "[x](https://example.org/(a))", "[x [y]](https://example.org)", "[x](tel:+49574494)", "[x](mailto:a@example.org)", "[x](https://example.org?a=1&b=2)", "[x]( https://example.org )", "[x] (https://example.org)"],
    "address": ["<https://example.org/a?b=1&c=2>", "<a@example.org>", "https://example.org", "Siehe https://example.org/a_b_c.", "(https://example.org/a)", "https://example.org/(a)", "https://example.org/a, dann", "a.b@example.org", "Mail an a@example.org.", "**https://example.org**", "[https://example.org](https://example.org)", "http://example.org:8080/x?y=z#w", "https://example.org/a*b*c", "https://example.org/~a/~b", "Preis: 5 @ 3", "[Mail a@example.org](https://example.org)", "https://example.org/ä?ö=ü"],
    "escape": ["\\*nicht\\*", "5\\. Mai", "\\[x\\](y)", "\\`x\\`", "a\\|b", "\\~\\~x\\~\\~", "\\<b>", "C:\\Temp", "\\#x", "\\$5 \\& \\\"x\\\"", "\\\\", "3 < 4 > 2", "a &amp; b &nbsp; &uuml; &#8364;", "AT&T"],
    "break": ["a  \nb", "a\\\nb", "a\nb", "a  \n  b"],
    "html": ["<b>x</b>", "<img src=x>", "a <br> b", "<Enter>"],
    "refused": ["Preis[^1]", "[x][y]", "[x][]", "![x](https://example.org/x.png)", "<!-- intern -->", "a <!-- x --> b", "![x][1]", "[^1]: netto", "^[inline]"],
    "brackets": ["[Strg]", "[ ]", "a[0]", "[x", "x]", "[]", "![", "[x]: y"],
}  # fmt: skip

# What stands on lines of its own.
BLOCKS = {
    "bullets": ["- a\n- b", "* a\n* b", "+ a\n+ b", "- a\n\n- b", "-   a\n-   b", "- a\n* b", "- a\nb\n- c", "- a\n  b\n- c", " - a\n - b", "- **a**: b\n- c", "- a\n-", "- a\n-\n- c", "-\n- b", "- a\n- b\n\n\n- c", "- a\n\n\nText", "- a\n- b\nText\n\nText"],
    "numbers": ["1. a\n2. b", "1) a\n2) b", "1. a\n1. b", "3. a\n4. b", "1. a\n\n2. b", "1. a\n2. b\n3.", "1. a\n2) b", "10. a\n11. b", "0. a\n1. b", "1.a\n2.b", "1. a\nb\n2. c", "1. a\n- b", "- a\n1. b", "1. a\n\n- b", "1. a\n   - b\n2. c", "1. a\n  - b\n2. c", "1. a\n    - b\n2. c"],
    "sublists": [f"{m1} a\n{' ' * n}{m2} b\n{' ' * n}{m2} c\n{m1} d" for n, (m1, m2) in product((1, 2, 3, 4, 5, 6), (("-", "-"), ("*", "*"), ("1.", "-"), ("-", "1."), ("1.", "1."), ("1)", "-"), ("1)", "a)")))] + [f"- a\n{' ' * n}- b\n{' ' * 2 * n}- c\n- d" for n in (2, 3, 4)] + ["- a\n\n  - b\n\n  - c\n- d", "- a\n\n    - b\n    - c\n\n- d", "- - a\n- b", "- 1. a\n  2. b", "1. - a\n   - b\n2. c", "- a\n  - b\n\n  Text\n- c"],
    "in items": [f"{m}a\n\n{' ' * n}{block}\n\n{m}b".replace("\n¶", "\n" + " " * n) for n, (m, block) in product((2, 3, 4, 5), product(("- ", "1. "), ("Absatz", "```\n¶x\n¶  y\n¶```", "> Zitat", "| a | b |\n¶|---|---|\n¶| 1 | 2 |", "### Kopf", "    Code")))] + ["- a\n  ```\n  x\n  ```\n- b", "1. a\n   ```yaml\n   x: 1\n\n   y: 2\n   ```\n2. b", "- a\n  > b\n- c", "- # a\n- b", "- ```\n  x\n  ```", "-     code\n- b", "- a\n\n\n  b", "- | a | b |\n  |---|---|\n  | 1 | 2 |", "- > a\n  > b\n- c", "1. a\n\n   b\n\n   c\n2. d", "- a\n  | b | c |\n  |---|---|\n  | 1 | 2 |", "-\n  a", "-\n\n  a", "- a\n  ---\n  b", "- a  \n  b"],
    "tables": ["a | b\n--- | ---\n1 | 2", "| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n--- | ---\n| 1 | 2 |\n| 3 | 4 |", "| a | b |\n--- | ---\n1 | 2", "| a | b\n|---|---\n| 1 | 2", "a | b |\n--- | --- |\n1 | 2 |", "| a | b |\n|:--|--:|\n| 1 | 2 |", "| a | b |\n|---|---|\n| 1 |", "| a | b |\n|---|---|\n| 1 | 2 | 3 |", "| a |\n|---|\n| 1 |", "| a | b |\n|---|---|", "| a | b |\n| 1 | 2 |", "| a | b |\n|---|\n| 1 | 2 |", "| a | b |\n|-|-|\n| 1 | 2 |", "| a | b |\n|---|---|\n| `x \\| y` | 2 |", "| a | b |\n|---|---|\n| `x | y` | 2 |", "| a | b |\n|---|---|\n| x \\| y | 2 |", "| a | b |\n|---|---|\n| `C:\\` | 2 |", "| a | b |\n|---|---|\n| **x** | [y](https://example.org) |", "| a | b |\n|---|---|\n| | 2 |", "  | a | b |\n  |---|---|\n  | 1 | 2 |", "| a | b |\n|---|---|\n| 1 | 2 |\nText", "| a | b |\n|---|---|\n| 1 | 2 |\n- x", "| a | b |\n|---|---|\n| 1 | 2 |\n\nText", "| a | b |\n| :---: | --- |\n| 1 | 2 |", "| a | b |\n|---|---|\n\n| 1 | 2 |", "| a || b |\n|---|---|---|\n| 1 || 2 |", "a|b\n-|-\n1|2", "| a | b |\n|---|---|\n| 1<br>2 | 3 |"],
    "fences": ["```\nx\n```", "```yaml\nx: 1\n```", '```yaml title="x.yml"\nx: 1\n```', "``` yaml\nx\n```", "```{.yaml}\nx\n```", "```yaml {1,3}\nx\n```", "~~~\nx\n~~~", "```\nx\n`````", "`````\n```\nx\n```\n`````", "~~~\n```\n~~~", "```\n\nx\n\n\ny\n\n```", "```\n## x\n- y\n| z |\n```", "  ```\n  x\n    y\n  ```", "```\nx", "```\nx\n~~~", "````\nx\n```", "```\n```", "```c++ hl_lines=\"1\"\nx\n```", "```\nx\n```\n```\ny\n```", "~~~ text ``` x\ny\n~~~", "```\nx\n    ```\ny\n```", "```\n<!-- x -->\n[^1]\n![x](y)\n```", "```x`y\nz\n```"],
    "code blocks": ["    x\n    y", "    x\n\n    y", "    x\n\n\n      y\n\nText", "\tx\n\ty", "     x\n    y"],
    "quotes": ["> a\n> b", ">a", "> a\nb", "> a\n>\n> b", "> - a\n> - b", "> ```\n> x\n> ```", "> > a", "> a\n\n> b", "> # a", "> | a | b |\n> |---|---|\n> | 1 | 2 |", "> a\n- b", "> - a\nb", ">     x", "> a\n> > b\n> c"],
    "headings": ["## a", "## a ##", "##a", "###### a", "####### a", "#", "a\n===", "a\n---", "a\nb\n---", "  ## a", "## a\nText", "## **a** `b`", "## a #b", "# a\n## b", "a\n-", "## a {#b}", "    # a"],
    "rules": ["---", "***", "* * *", "___", "- - -", "--", "- a\n\n---\n\n- b", "- a\n---\n- b", "a\n***\nb", " ---", "-----------"],
    "paragraphs": ["a\n\nb", "a\n\n\n\nb", "a\n    b", "a\n  b", "  a", "a  ", "a\n1. Januar", "a\n2. Januar", "a\n31. Dezember", "a\n- b", "a\n+ b", "a\n-b", "a\n-", "a\n1)b", "am 3. Mai\n4. Juni", "a:\n    - b\n    - c", "a\n\n    - b", "- a\n\n      - b", "1986. Ein Jahr", "a\n   - b"],
    "after text": [f"Text:\n{block}" for block in ("- a\n- b", "* a\n* b", "1. a\n2. b", "1) a", "| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n---|---\n1 | 2", "```\nx\n```", "> a", "## a", "  - a\n  - b", "2. a\n3. b", "- a\n  - b", "***", "~~~ x\ny\n~~~")],
    "before text": [f"{block}\nText" for block in ("- a\n- b", "1. a", "| a | b |\n|---|---|\n| 1 | 2 |", "```\nx\n```", "> a", "## a", "    x", "---")],
    "definitions": ["[x][1]\n\n[1]: https://example.org", '[x][1]\n\n[1]: https://example.org "T"', "[x][]\n\n[x]: https://example.org", "[x]\n\n[x]: https://example.org", "[X][a b]\n\n[A  b]: <https://example.org>", "[1]: https://example.org\n[x][1]", "[x][1]\n\n[1]:\n  https://example.org", "[x][1]\n[1]: https://example.org", "[x][1]\n\n[1]: https://a.example\n[1]: https://b.example", "[//]: # (x)", "- [x][1]\n\n[1]: https://example.org", "[x][1]\n\n> [1]: https://example.org", "[x][1]\n\n[1]: https://example.org\n'T'\n\na"],
    "unknown": ["- [ ] a\n- [x] b", "1. [ ] a", "* [X] a", "> [!NOTE]\n> a", "> [!WARNING]", '=== "A"\n    a', "??? note\n    a", '???+ note "x"\n    a', "a\n: b", "a\n\n:   b", "[^1]: a\n    b", "a[^1]\n\n[^1]: b", "<!--\na\n-->", "<!-- a", "<details>\na\n</details>", "<div>\n- a\n</div>", '!!! warning "x"\n    a', "::: x\na\n:::", "*[HTML]: x", "$$\na\n$$", "[TOC]", "a {.b}", "{: .a }", "==a==", "H~2~O", "x^2^", ":smile:", "--8<-- \"a.md\"", "% a"],
}  # fmt: skip

BLOCK_TAGS = set("p h1 h2 h3 h4 h5 h6 ul ol li pre blockquote table thead tbody tr th td hr div".split())
KNOWN = BLOCK_TAGS | set("a br code del em strong img".split())


class _Tree(HTMLParser):
    """HTML as nested lists: a tag with what tells two of the same name apart, and what it holds."""

    def __init__(self, html):
        super().__init__()
        self.open = [["root"]]
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        tag = {"s": "del"}.get(tag, tag)
        if tag == "ol" and attrs.get("start", "1") != "1":
            tag = f"ol {attrs['start']}"
        if tag == "a":
            tag = f"a {unquote(attrs.get('href', ''))}"
        node = [tag]
        self.open[-1].append(node)
        if tag not in ("br", "hr", "img"):
            self.open.append(node)

    def handle_endtag(self, tag):
        if tag not in ("br", "hr", "img"):
            self.open.pop()

    def handle_data(self, data):
        self.open[-1].append(data)


def structure(html):
    """What stands where, without what no reader sees."""
    (root,) = _Tree(html).open
    return _plain(root)


def _plain(node, code=False):
    tag, *parts = node
    found = []
    for part in parts:
        if not isinstance(part, str):
            found.append(_plain(part, code or part[0] == "pre"))
        elif found and isinstance(found[-1], str):
            found[-1] += part
        else:
            found.append(part)
    if code:
        return (tag, *(part.rstrip() if isinstance(part, str) else part for part in found if part != "\n"))
    texts = [" ".join(part.split()) if isinstance(part, str) else part for part in found]
    if tag == "em" and len(texts) == 1 and texts[0][0] == "strong":
        return ("strong", ("em", *texts[0][1:]))  # looks the same
    return (tag, *filter(None, texts))


def reference(text):
    """The structure that GitHub's readers see."""
    parser = MarkdownIt("gfm-like", {"html": False, "linkify": True})
    parser.linkify.set({"fuzzy_link": "www." in text})
    return structure(parser.render(text))


def _indented(text, by):
    return "\n".join(" " * by + line if line else line for line in text.split("\n"))


def _marked(text, first, by):
    return first + _indented(text, by)[len(first) :]


# Each place: what the feature's text becomes, and what is expected of it where that is not the reference's reading.
PLACES = {
    "top": lambda text: text,
    "after text": lambda text: f"Ein Absatz.\n\n{text}\n\nNoch einer.",
    "at the end": lambda text: f"Ein Absatz.\n\n- x\n\n{text}",
    "right at the end": lambda text: f"| a | b |\n|---|---|\n| 1 | 2 |\n\n{text}\n",
    "in a bullet": lambda text: f"{_marked(text, '- ', 2)}\n- Ende",
    "in a bullet by four": lambda text: f"- Anfang\n\n{_indented(text, 4)}\n\n- Ende",
    "in a number": lambda text: f"1. Anfang\n\n{_indented(text, 3)}\n2. Ende",
    "in a quote": lambda text: "\n".join(f"> {line}" for line in text.split("\n")),
    "in a sublist": lambda text: f"- Anfang\n  - Innen\n\n{_indented(text, 4)}\n- Ende",
}
INLINE_PLACES = {
    **PLACES,
    "in a sentence": lambda text: f"Hier {text} und da.",
    "in a cell": lambda text: f"| a | b |\n|---|---|\n| {text} | Ende |",
    "in a heading": lambda text: f"## {text}",
    "in bold": lambda text: f"**x {text} y**",
    "in an item": lambda text: f"- x {text} y\n- z",
}


def cases():
    """Texts with their feature, place and expected structure."""
    for kinds, places in ((BLOCKS, PLACES), (INLINE, INLINE_PLACES)):
        for (feature, texts), (place, placed) in product(kinds.items(), places.items()):
            for text in texts:
                if "\n" in text and place in ("in a sentence", "in a cell", "in a heading", "in bold", "in an item"):
                    continue
                if feature == "tables" and place == "in a bullet" and text[0] not in "| ":
                    continue  # markdown-it, other than GitHub, takes the item's sign for a part of the first cell
                whole = placed(text)
                yield feature, place, whole, partial(reference, whole)
        for feature, texts in kinds.items():
            for text in texts:
                yield feature, "in a callout", f"!!! hinweis\n{_indented(text, 4)}", partial(_in_callout, text)


def _in_callout(text):
    return ("root", ("div", ("p", ("strong", "Hinweis")), *reference(text)[1:]))


def outcome(text, expected):
    """`same`, `refused` or `silent`, and what was seen instead."""
    try:
        html = markup.render(text)
    except markup.MarkupError:
        return "refused", None
    found = structure(html)
    return ("same", found) if found == expected else ("silent", found)


def main(shown="5"):
    counts, differences = Counter(), []
    for feature, place, text, expect in cases():
        expected = expect()
        what, found = outcome(text, expected)
        counts[feature, what] += 1
        if what == "silent":
            differences.append((feature, place, text, expected, found))
    for feature, place, text, expected, found in differences[: int(shown)]:
        print(f"{feature}, {place}: {text!r}\n  expected {expected}\n  found    {found}")
    features = dict.fromkeys(feature for feature, _ in counts)
    outcomes = ("same", "refused", "silent")
    rows = [[name, *(counts[name, what] for what in outcomes)] for name in features]
    rows.append(["all", *(sum(row[place] for row in rows) for place in (1, 2, 3))])
    print_table(["feature", *outcomes], rows)
    sys.exit(bool(differences))


if __name__ == "__main__":
    main(*sys.argv[1:])
