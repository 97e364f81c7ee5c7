"""Prints what the first five hits of many queries are: first_five.py CONTENT_DIR. The database is that of DATABASE_URL.

The queries are those of the files beside this one and 300 generated from the entries. On the way the search is checked,
built anew and checked again.
"""

import json
import os
import sys
from itertools import islice
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "helpdesk.settings"


def main(content):
    import django

    django.setup()

    from django.core.management import call_command

    from benchmarks.specimen import Specimens
    from faq import cache, search
    from faq.editing.search_index import search_documents
    from faq.models import Entry
    from faq.operations import installation
    from faq.search import evaluation

    quiet = {"stdout": sys.stderr}
    installation.begin()
    call_command("migrate", verbosity=0)
    call_command("import_content", content, **quiet)
    for command in ("check_search", "rebuild_search", "check_search"):
        call_command(command, **quiet)
    documents = sorted(search_documents(), key=lambda document: document.title)
    asked = [row.query for file in sorted(HERE.glob("*.tsv")) for row in evaluation.read(file)]
    asked += islice(Specimens(7).queries(documents), 300)
    entries = Entry.objects.published()
    titles = dict(entries.values_list("pk", "title"))
    answers = []
    with cache.holding():  # as the request for a page does
        for query in asked:
            results = search.search(query, among=entries, limit=5)
            hits = [[titles[h.entry_id], h.step, h.score, h.confident, h.snippet] for h in results.hits]
            suggestions = [suggestion.title for suggestion in search.suggest(query, among=entries)]
            answers.append([query, results.corrected, results.count, hits, suggestions])
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
