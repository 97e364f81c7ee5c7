"""`attacks [REQUESTS]`: so many hostile requests, 5,000 unless told, 20,000 for all; then every public address 1,000 times, texts and the login.

What many ask for at once is a command of its own: `python -m benchmarks.attacks.floods`.
"""

import sys

from benchmarks.attacks import addresses, login, markup
from benchmarks.portal import print_table

REQUESTS = 5_000
TIMES = 1_000


def main(requests=str(REQUESTS)):
    rows = [
        addresses.tried(int(requests)),
        *addresses.tried_inside(int(requests)),
        *addresses.tried_growing(TIMES),
        markup.tried(),
        *login.tried(),
    ]
    print()
    print_table(["attack", "tried", "what became of them", "went wrong"], rows)
    sys.exit(any(row[-1] for row in rows))


if __name__ == "__main__":
    main(*sys.argv[1:])
