"""How long an import of 2,000 generated entries takes, the first time and when nothing has changed."""

import tempfile
import time

from benchmarks.portal import fresh_portal, manage, write_content

ENTRIES = 2000


def main():
    with tempfile.TemporaryDirectory() as content, fresh_portal() as env:
        write_content(content, ENTRIES)
        for what in ("new", "unchanged"):
            start = time.perf_counter()
            manage(env, "import_content", content)
            print(f"import of {ENTRIES} entries, {what}: {time.perf_counter() - start:.1f} s")
        start = time.perf_counter()
        manage(env, "export_content", content)
        print(f"export of {ENTRIES} entries: {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
