"""Random hostile Markdown at full length: how long the slowest takes to be rendered or refused; an error where one crawls."""

import os
import random
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

from faq import markup

TEXTS = 400
CRAWLS = 10  # seconds, on a machine that has other things to do too
PIECES = [
    "[", "]", "(", ")", "![", "](", "[](", "*", "**", "_", "`", "``", "```\n", "~~~", "> ", "- ", "1. ", "    ", "\n", "\n\n", "#", "# a\n",
    "a\n==\n", "---\n", "|", "a|b\n-|-\n", "<", ">", "&", "&#", "\\", "!!! hinweis\n    ", "[a]: b\n", "<http://", "x", "ä ", '"', "'",
]  # fmt: skip


def main():
    rng, times = random.Random(1), []
    for _ in range(TEXTS):
        some = rng.sample(PIECES, rng.randint(1, 4))
        text = "".join(rng.choices(some, k=rng.randint(100, 50_000)))[: markup.MAX_LENGTH]
        start = time.perf_counter()
        try:
            markup.render(text)
            outcome = "rendered"
        except markup.MarkupError:
            outcome = "refused"
        times.append((time.perf_counter() - start, outcome, some))
    times.sort(key=lambda row: row[0], reverse=True)
    print(
        f"{TEXTS} hostile texts: {sum(outcome == 'refused' for _, outcome, _ in times)} refused, none failed; the slowest {times[0][0]:.1f} s"
    )
    for seconds, outcome, some in times[:5]:
        print(f"  {seconds:.2f} s, {outcome}: {some}")
    sys.exit(1 if times[0][0] > CRAWLS else 0)


if __name__ == "__main__":
    main()
