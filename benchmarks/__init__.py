"""What is measured and said, never tested: `make measure` runs all of it and prints figures.

Each module answers one question; what it takes as arguments says its first line. Without arguments it is a sample.
"""

QUESTIONS = (
    "dialect",
    "buttons",
    "pasting",
    "copied",
    "speed",
    "growth",
    "load",
    "writers",
    "reviews",
    "kill_runs",
    "attacks",
    "operation",
    "memory",
    "pages",
    "faults",
)
