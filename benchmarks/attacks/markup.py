"""Random hostile Markdown at full length: how long the slowest takes to be rendered or refused."""

import random
import time

from faq import markup

TEXTS = 200
CRAWLS = 10  # seconds, on a machine that has other things to do too
PIECES = [
    "[", "]", "(", ")", "![", "](", "[](", "*", "**", "_", "`", "``", "```\n", "~~~", "> ", "- ", "1. ", "    ", "\n", "\n\n", "#", "# a\n",
    "a\n==\n", "---\n", "|", "a|b\n-|-\n", "<", ">", "&", "&#", "\\", "!!! hinweis\n    ", "[a]: b\n", "<http://", "x", "ä ", '"', "'",
]  # fmt: skip


def tried():
    """A row of the table of attacks; what crawls is shown."""
    rng, times, refused = random.Random(1), [], 0
    for _ in range(TEXTS):
        some = rng.sample(PIECES, rng.randint(1, 4))
        text = "".join(rng.choices(some, k=rng.randint(100, 50_000)))[: markup.MAX_LENGTH]
        began = time.perf_counter()
        try:
            markup.render(text)
        except markup.MarkupError:
            refused += 1
        times.append((time.perf_counter() - began, some))
    crawled = [f"  {seconds:.1f} s: {some}" for seconds, some in times if seconds > CRAWLS]
    print("\n".join(crawled))
    return ["hostile Markdown", TEXTS, f"{refused} refused, the slowest took {max(times)[0]:.1f} s", len(crawled)]
