"""How do costs grow with the number of entries? `growth [SIZE …]`: 9, 2,000 and 50,000 unless told, which draws docs/growth.svg too.

Takes ten minutes, most of it the import of 50,000 entries.
"""

import sys
import time
from html import escape
from math import log10

from benchmarks.portal import ROOT, filled_portal, print_table
from benchmarks.speed import costs
from tests.running import manage

SIZES = (9, 2000, 50_000)
DRAWN = (
    "entry page",
    "search",
    "suggestions",
    "save",
    "admin list",
    "admin form",
    "start page",
    "category page",
    "/alles/",
)
WIDTH, HEIGHT, LEFT, TOP = 760, 460, 70, 30
MOST_MS, LEAST_MS = 10_000, 1


def measured(entries):
    """Figures of a portal with so many entries, the same kinds of entries in any number: milliseconds, bytes and MB by name."""
    began = time.perf_counter()
    with filled_portal(entries) as (portal, content):
        took = {"first import, with all the portal needs to be served: s": time.perf_counter() - began}
        for what, *command in (
            ("import of what is there: s", "import_content", content),
            ("export: s", "export_content", content),
            ("rebuild_search: s", "rebuild_search"),
        ):
            began = time.perf_counter()
            manage(portal.env, *command)
            took[what] = time.perf_counter() - began
        found = costs(portal, "all")
    sizes = {f"{name}: bytes": size for name, size in found["bytes"].items()}
    return found["ms"] | sizes | {"memory: MB": found["memory"]} | took


def figure(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def drawing(by_size):
    """The milliseconds as an SVG: both axes logarithmic."""
    x = {size: LEFT + place * (WIDTH - LEFT - 190) // (len(by_size) - 1) for place, size in enumerate(by_size)}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13" role="img">',
        "<title>Processor time by number of entries</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for power in (1, 10, 100, 1000, 10_000):
        parts.append(
            f'<path d="M{LEFT} {_y(power)}H{WIDTH - 190}" stroke="#ddd"/><text x="{LEFT - 8}" y="{_y(power) + 4}" text-anchor="end">{power:,} ms</text>'
        )
    for size, place in x.items():
        parts.append(f'<text x="{place}" y="{HEIGHT - 12}" text-anchor="middle">{size:,} entries</text>')
    last, lowest = list(by_size)[-1], HEIGHT
    for number, name in enumerate(sorted(DRAWN, key=lambda name: by_size[last][name])):
        colour = f"hsl({number * 360 // len(DRAWN)} 65% 38%)"
        points = " ".join(f"{x[size]},{_y(found[name]):.0f}" for size, found in by_size.items())
        lowest = min(_y(by_size[last][name]) + 4, lowest - 16)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(
            f'<text x="{WIDTH - 180}" y="{lowest:.0f}" fill="{colour}">{escape(name)}: {by_size[last][name]:,.0f} ms</text>'
        )
    return "\n".join([*parts, "</svg>\n"])


def _y(milliseconds):
    share = (log10(max(milliseconds, LEAST_MS)) - log10(LEAST_MS)) / (log10(MOST_MS) - log10(LEAST_MS))
    return HEIGHT - 40 - share * (HEIGHT - 40 - TOP)


def main(*sizes):
    by_size = {size: measured(size) for size in map(int, sizes or SIZES)}
    names = next(iter(by_size.values()))
    rows = [[name, *(figure(found[name]) for found in by_size.values())] for name in names]
    print_table(["CPU ms where nothing else is said", *(f"{size:,}" for size in by_size)], rows)
    if not sizes:
        (ROOT / "docs" / "growth.svg").write_text(drawing(by_size), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
