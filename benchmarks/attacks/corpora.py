"""`python -m benchmarks.attacks.corpora FOLDER…`: collections of hostile inputs, each in a folder, against texts, heads and the search.

None is part of the portal: check out those you trust to be nasty. Each line of their text files is one input.
"""

import contextlib
import random
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

from benchmarks.portal import print_row, print_table, served_portal
from faq import markup
from faq.content import reading
from faq.content.documents import Entry
from faq.content.values import DocumentError
from tests.content.test_markup import Harmless

MOST = 5_000  # of a collection, by chance
LONGEST = 2_000
SEARCHED = 10  # one in so many is searched for too
CONTEXTS = ("{}", "[x]({})", "# {}", "a | b\n--- | ---\n{} | x", "- {}\n\n    {}", "`{}`")
TEXT = {".txt", ".md", ".json", ".yaml", ".yml", ".html", ".csv", ".js", ".mjs", ".fuzz", ".lst", ".list", ".xml", ""}


class Tags(HTMLParser):
    """What a page is made of: its tags, each with the names of its attributes."""

    def __init__(self, page):
        super().__init__()
        self.found = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.add((tag, *sorted(name for name, _ in attrs)))


def inputs(folder):
    """Different lines of a folder's text files, at most MOST of them."""
    lines = set()
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file() and path.suffix.lower() in TEXT:
            lines |= {line[:LONGEST] for line in path.read_text(errors="replace").splitlines() if line.strip()}
    return random.Random(1).sample(sorted(lines), min(MOST, len(lines)))


def text_is_harmless(text):
    for context in CONTEXTS:
        try:
            Harmless(convert_charrefs=False).feed(markup.render(context.replace("{}", text)))
        except markup.MarkupError:
            continue  # refused
    return True


def head_is_read_or_refused(text):
    with contextlib.suppress(DocumentError):
        reading.read(Entry, f"---\ntitle: {text}\n---\n\nText.\n")
    return True


CHECKS = (text_is_harmless, head_is_read_or_refused)


def search_is_harmless(text, portal, known):
    page = portal.get(f"/suche/?q={quote(text)}")
    answer = portal.get(f"/suche.json?q={quote(text)}")
    added = Tags(page.body.decode()).found - known
    return not added and page.status in (200, 400) and answer.status in (200, 400)


def went_through(check, text, *more):
    """Whether an input did what no input may; then it is shown."""
    try:
        if check(text, *more):
            return False
    except Exception as error:
        print(f"  {error!r}", end="")
    print(f"  {check.__name__}: {text!r}"[:300], flush=True)
    return True


def main(*folders):
    failed = 0
    with served_portal() as portal:
        # All that a page of results may be made of: with hits, merely similar ones, a correction, none.
        plain = ("", "bestellen", "bestelen", "office 365 verlängern", "hololens", "olp lizenz vlsc kündigen", "xqzzw")
        known = set().union(*(Tags(portal.text(f"/suche/?q={quote(query)}")).found for query in plain))
        print_table(["collection", "inputs", "searched for", "through"], [])
        for folder in folders:
            texts = inputs(folder)
            searched = texts[::SEARCHED]
            through = sum(went_through(check, text) for text in texts for check in CHECKS)
            through += sum(went_through(search_is_harmless, text, portal, known) for text in searched)
            print_row([Path(folder).name, len(texts), len(searched), through])
            failed += through
    sys.exit(failed > 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
