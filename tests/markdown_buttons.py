"""Generated texts, places in them and buttons; and what is wrong with what a button made, by how the portal shows both."""

import re
from html.parser import HTMLParser
from itertools import count
from pathlib import Path

from faq import markup

STATIC = Path(__file__).resolve().parents[1] / "static"
# What a button promises: where the marked words stand then.
WANTED = {
    "bold": "strong",
    "italic": "em",
    "strike": "del",
    "code": "code",
    "heading2": "h2",
    "heading3": "h3",
    "list": "ul",
    "numbered": "ol",
    "quote": "blockquote",
    "codeblock": "pre",
    "hinweis": "hinweis",
    "achtung": "achtung",
    "table": "table",
}
KEYS = ("newline", "tab", "untab")
INLINE = ("bold", "italic", "strike", "code")
SAMPLES = set("Punkt Text Spalte Wert Code wichtig betont überholt Überschrift".split())
BLOCKS = [
    "W", "W W", "W:", "W W\nW", "W\nW\nW", "W **W** W", "**W W** W", "*W* W", "~~W~~ `W`", "[W W](faq:w) W", "„W“, (W)!", "W https://example.org/w W",
    "**W\nW** W", "W *W\nW*", "> **W\n> W**", "[W\nW](faq:w) W", "***W*** W", "**W *W* W**", "W_W W", "W*W*W", "W.  ", "W `W ``W` W", "W \\*W\\* W", "[**W**](kontakt:w)",
    "- W", "- W\n- W", "* W\n* W", "- W\n  - W\n- W", "- W\n    - W\n    - W", "- W\n  - W\n    - W\n- W", "- W W\n  W", "- W\n\n- W", "- W\n\n  W", "- W\nW",
    "1. W", "1. W\n2. W", "1) W\n2) W", "1. W\n   - W\n   - W\n2. W", "9. W\n10. W", "1. W\n\n   W\n2. W", "- W\n  1. W\n  2. W", "- **W** W\n- W",
    "> W", "> W\n> W", ">W", "> W\nW", "> - W\n> - W", "> W\n>\n> W", "> > W", "- > W",
    "!!! hinweis\n    W", "!!! achtung\n    W\n    W", "!!! hinweis\n    W\n\n    - W\n    - W", '!!! hinweis "W"\n    W', "!!! hinweis\n    W\nW", "- W\n\n  !!! hinweis\n      W",
    "| W | W |\n| --- | --- |\n| W | W |", "W | W\n--- | ---\nW | W\nW | W", "| W | W |\n|---|---|\n| **W** | |", "- W\n\n  | W | W |\n  |---|---|\n  | W | W |",
    "## W", "### W W", "#### W", "## W\nW", "W\n## W", "W\n---", "---", "```\nW\n- W\n```", "~~~\nW\n~~~", "    W", "- W\n\n  ```\n  W\n  ```",
]  # fmt: skip
BOXES = ["{}", "{}", "{}", "{}", "!!! hinweis\n{4}", "> {>}", "- {2}"]


def texts(rng):
    """A text of some blocks, some in boxes, each word of its own."""
    blocks = []
    for _ in range(rng.choice((1, 1, 2, 3))):
        box, block = rng.choice(BOXES), rng.choice(BLOCKS)
        lines = block.split("\n")
        if box.startswith("!!!"):
            block = "\n".join(["!!! hinweis", *(f"    {line}".rstrip() for line in lines)])
        elif box.startswith(">"):
            block = "\n".join(f"> {line}".rstrip() for line in lines)
        elif box.startswith("-"):
            block = "\n".join([f"- {lines[0]}", *(f"  {line}".rstrip() for line in lines[1:])])
        if block.startswith("---") and blocks:
            blocks[-1] = "\n\n"
        blocks += [block, rng.choice(("\n\n", "\n\n", "\n\n", "\n", "\n\n\n"))]
    number = count(10)
    return re.sub(r"W", lambda match: f"Wort{next(number)}", "".join(blocks[:-1]) + rng.choice(("", "", "\n", "\n\n")))


def cases(rng, number, buttons):
    """So many texts with a selection and the name of a button, or a key."""
    while number:
        text = texts(rng)
        try:
            shown = markup.render(text)
        except markup.MarkupError:
            continue
        if "--" in shown or "!!!" in shown:
            continue  # a table or a callout that is none
        for _ in range(4):
            start = rng.randrange(len(text) + 1)
            if rng.random() < 0.4:  # where people are: behind a line
                start = (text + "\n").index("\n", start)
            end = start if rng.random() < 0.5 else min(len(text), start + rng.choice((1, 3, 7, 12, 25, 60)))
            yield {"text": text, "start": start, "end": end, "button": rng.choice(buttons)}
            number -= 1
            if not number:
                return


class _Words(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.open, self.found, self.letters = [], {}, ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag not in ("br", "hr"):
            self.open.append(dict(attrs).get("class") or tag)

    def handle_endtag(self, tag):
        if tag not in ("br", "hr"):
            self.open.pop()

    def handle_data(self, data):
        for word in re.findall(r"Wort\d+|[^\W_]+", data):
            self.found.setdefault(word, tuple(self.open))
            self.letters += word * bool(re.fullmatch(r"[Wort\d]+", word))


def words(text):
    """The words that readers see, in their order, each with what it stands in; and all in one."""
    read = _Words(markup.render(text))
    return read.found, read.letters


def problem(case, made):
    """What is wrong with what a button made, or None."""
    text, button = case["text"], case["button"]
    if button in KEYS:
        return _problem_of_key(case, made)
    wanted = WANTED[button]
    if made.get("problem"):
        return "a problem, and changed" if made["text"] != text else None
    if not 0 <= made["start"] <= made["end"] <= len(made["text"]):
        return "a selection that is none"
    before, letters = words(text)
    try:
        after, now = words(made["text"])
    except markup.MarkupError as error:
        return f"refused: {error}"
    start, end = (case["start"], case["end"]) if button in INLINE else _lines_of(case)
    titles = [match.span() for match in re.finditer(r"!!!.*", text)]  # no text of their own
    words_of = [match for match in re.finditer(r"Wort\d+", text) if start <= match.start() and match.end() <= end]
    marked = {match[0] for match in words_of if not any(first <= match.start() < last for first, last in titles)}
    if button in INLINE:
        marked -= {word for word in marked if "pre" in before.get(word, ())}
    if button == "code" and "](" in text:
        marked = set()  # a link is left out, with what stands beside it
    told = [word for word in before if re.fullmatch(r"Wort\d\d", word) and word in after]
    if letters != now if button in INLINE else told != [word for word in after if re.fullmatch(r"Wort\d\d", word)]:
        return "other words"
    sample = [word for word in after if word in SAMPLES and word not in before]
    if sample and not all(wanted in after[word] for word in sample):
        return "a sample without its structure"
    inside = [word for word in told if word in marked]
    if made["text"] == text:
        return "nothing done" if inside else None
    if not sample and inside:
        on = all(wanted in after[word] for word in inside)
        off = all(after[word].count(wanted) < before[word].count(wanted) for word in inside)
        if not on and not off:
            return f"neither on nor off: {[(word, before[word], after[word]) for word in inside]}"
    still = told if sample or button in INLINE else [word for word in told if word not in marked]
    lost = [word for word in still if _moved(before[word], after[word], wanted)]
    return f"others moved: {[(word, before[word], after[word]) for word in lost]}" if lost else None


def _problem_of_key(case, made):
    """A key moves items, and lets one write what stands by itself or in the next item; nothing else."""
    text, place = made["text"], made["start"]
    if text == case["text"]:
        return None
    before, _ = words(case["text"])
    if case["button"] == "newline":
        before_it, behind = case["text"][: case["start"]], case["text"][case["end"] :]
        # A word goes on in the new line, or is gone; a heading or a number is begun anew.
        if (
            case["start"] < case["end"]
            or re.match(r"\w", behind)
            or re.search(r"(#|!!!).*$", before_it)
            or re.match(r"#|\n *--", behind)
        ):
            return None
        if re.search(r"\]\([^)\n]*$", before_it):
            return None
        text = f"{text[:place]}Neu {text[place:]}"
    try:
        after, _ = words(text)
    except markup.MarkupError as error:
        return f"refused: {error}"
    told = [word for word in after if word.startswith("Wort")]
    if told != [word for word in before if word.startswith("Wort")]:
        return "other words"
    if case["button"] == "newline":
        if "Neu" not in after:
            return "nothing can be written"
        if re.search(r"(^|\n)[ >]*$", before_it) and re.match(r"[ >]*(\n|$)", behind):
            return None  # on an empty line it parts what is above it and below
        lost = [word for word in told if _blocks(before[word]) != _blocks(after[word])]
        return f"others moved: {[(word, before[word], after[word]) for word in lost]}" if lost else None
    kinds = ("li", "ul", "ol")
    lost = [
        w
        for w in told
        if [t for t in _blocks(before[w]) if t not in kinds] != [t for t in _blocks(after[w]) if t not in kinds]
    ]
    return f"others moved: {[(word, before[word], after[word]) for word in lost]}" if lost else None


def _moved(before, after, wanted):
    """Whether a word stands elsewhere. With a line of an item, a callout or a table go the others."""
    if wanted == "pre" and "pre" in before:
        return False  # it means what it says again
    kinds = next((kinds for kinds in ({"hinweis", "achtung"}, {"ul", "ol", "li"}) if wanted in kinds), {wanted})
    before, after = ([tag for tag in _blocks(path) if tag not in kinds] for path in (before, after))
    return before != after and not (
        wanted == "pre" and {"li", "hinweis", "achtung", "table", "h2", "blockquote"} & {*before}
    )


def _blocks(path):
    return tuple(tag for tag in path if tag not in ("strong", "em", "del", "code", "a", "p"))


def _lines_of(case):
    text, start, end = case["text"], case["start"], case["end"]
    if end > start and text[end - 1] == "\n":
        end -= 1
    while re.match("[ >]*---$", text[text.rfind("\n", 0, start) + 1 :].partition("\n")[0]) and "\n" in text[:start]:
        start = text.rfind("\n", 0, start)  # the line below a heading
    return text.rfind("\n", 0, start) + 1, (text + "\n").index("\n", end)


_RUN = """async cases => {
    const text = await import("/js/editing/markdown_text.js");
    const all = {...text.COMMANDS, newline: text.newline, tab: text.tab, untab: state => text.tab(state, true)};
    return cases.map(({button, text, start, end}) => {
        try { return all[button]({text, start, end}); } catch (error) { return {problem: error.stack, text: null}; }
    });
}"""


def run(browser, some):
    """What the buttons make of these cases, in a browser."""
    page = browser.new_page(base_url="http://texts.example")
    types = {"js": "text/javascript", "": "text/html"}

    def serve(route):
        name = route.request.url.partition("example/")[2]
        body = (STATIC / name).read_text() if name else "<!doctype html><title>Texte</title>"
        route.fulfill(body=body, content_type=types[name.rpartition(".")[2]])

    page.route("**/*", serve)
    page.goto("/")
    results = page.evaluate(_RUN, some)
    page.close()
    return results


def problems(browser, some):
    """Those of some cases of which a button makes something wrong: case, what was made, and what is wrong."""
    some = list(some)
    judged = ((case, made, problem(case, made)) for case, made in zip(some, run(browser, some), strict=True))
    return [(case, made, wrong) for case, made, wrong in judged if wrong]
