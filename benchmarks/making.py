"""What a page costs that is made anew, beside a plain Django view of the same HTML, and what a new search costs.

Processor time in one process, in turn.
"""

import json
import statistics
import subprocess
import sys
import tempfile

from benchmarks.portal import ROOT, fresh_portal, manage, write_content

LIMITS = {9: 2.5, 2000: 6.0}  # milliseconds of a search, by entries


def measured(env, what):
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks.costs", what], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE
    )
    return json.loads(said.stdout)


def main():
    with fresh_portal() as env:
        manage(env, "prepare")
        print("| page made anew | portal, least ms | plain view, least ms | ratio |\n|---|---|---|---|")
        for page, (ours, plain) in measured(env, "against_plain").items():
            ratios = sorted(one / other for one, other in zip(ours, plain, strict=True))
            some = len(ratios) // 10
            spread = f"{statistics.median(ratios):.2f} ({ratios[some]:.2f}–{ratios[-1 - some]:.2f})"
            print(f"| {page} | {min(ours):.2f} | {min(plain):.2f} | {spread} |", flush=True)
        search(env, 9)
        with tempfile.TemporaryDirectory() as content:
            write_content(content, 2000)
            manage(env, "import_content", content)
        search(env, 2000)


def search(env, entries):
    found = measured(env, "searches")
    print(
        f"a new search among {entries} entries: {found['median']:.2f} ms (wanted: {LIMITS[entries]}), "
        f"one in ten takes more than {found['most']:.2f} ms",
        flush=True,
    )


if __name__ == "__main__":
    main()
