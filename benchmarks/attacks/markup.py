"""Random hostile Markdown of 16 to 50 kB, half of it one short unit again and again: how long the slowest takes to be shown or refused.

`python -m benchmarks.attacks.markup [TEXTS]` tries 10,000; the attacks together try some of them.
"""

import os
import random
import sys
from itertools import islice
from pathlib import Path

from benchmarks.portal import print_table
from faq import markup

TEXTS = 10_000
SOME = 200
EACH = 250  # texts after which it says how far it is
CRAWLS = 2.5  # seconds of processor time
DELIMITERS = [*"[]()\\`*_~!<>#-=|:\n. &\"'x", "1", "    ", "\n\n", "ä"]
PIECES = [
    *DELIMITERS, "![", "](", "[](", "**", "``", "```\n", "~~~", "> ", "- ", "1. ", "# a\n", "a\n==\n", "---\n", "a|b\n-|-\n", "&#",
    "!!! hinweis\n    ", "[a]: b\n", "[a]: faq:x 'y'\n", "<http://", "[x](faq:y) ", "[x](\\)", "``x`", "[`]`", "[\\]",
]  # fmt: skip


def texts(seed=1):
    """Texts without end."""
    rng = random.Random(seed)
    while True:
        length = rng.randint(16_000, markup.MAX_LENGTH)
        unit = "".join(rng.choices(DELIMITERS, k=rng.randint(1, 6)))
        yield (unit * length)[:length]
        some = rng.sample(PIECES, rng.randint(1, 4))
        yield "".join(rng.choices(some, k=length))[:length]


def rendered(text):
    """How many seconds a text took, and whether it was refused."""
    began, refused = _cpu(), False
    try:
        markup.render(text)
    except markup.MarkupError:
        refused = True
    return _cpu() - began, refused


def _cpu():
    """Seconds of processor time that this process and those it began have had so far."""
    used = sum(os.times()[:4])
    for pid in Path("/proc/self/task", str(os.getpid()), "children").read_text().split():
        user, system = Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[11:13]
        used += (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return used


def tried(number=SOME):
    """A row of the table of attacks; what crawls is shown at once, and how far it came."""
    refused = crawled = slowest = 0
    for tried_so_far, text in enumerate(islice(texts(), number), 1):
        seconds, was_refused = rendered(text)
        refused, slowest = refused + was_refused, max(slowest, seconds)
        if seconds > CRAWLS:
            crawled += 1
            print(f"  {seconds:.1f} s: {text[:40]!r}", flush=True)
        if tried_so_far % EACH == 0:
            print(f"  {tried_so_far:,} tried, {refused:,} refused, slowest {slowest:.2f} s", flush=True)
    return ["hostile Markdown", number, f"{refused / number:.0%} refused, the slowest took {slowest:.2f} s", crawled]


if __name__ == "__main__":
    row = tried(int(sys.argv[1]) if len(sys.argv) > 1 else TEXTS)
    print_table(["attack", "tried", "what became of them", "went wrong"], [row])
    sys.exit(bool(row[-1]))
