"""What a new release makes of stored texts, once."""

import logging

from faq import markup
from faq.actions import Hindered
from faq.editing import references
from faq.editing.versions import latest_version
from faq.editing.writing import action, writing
from faq.models import Entry

logger = logging.getLogger(__name__)


def name_steps_in_links():
    """Let links to places of steps, `#schritt-<n>`, lead to the steps by their names."""
    targets = Entry.objects.filter(references__fragment__startswith="schritt-").distinct().order_by("pk")
    for entry in targets:
        try:
            name_steps_in_links_to(entry)
        except (Hindered, markup.MarkupError) as error:
            # Of a text that this release reads otherwise: it is to be mended first.
            logger.warning("Links auf Schritte von „%s“ behalten deren Nummern: %s", entry, error)


@action
def name_steps_in_links_to(entry):
    with writing(source="upgrade", why="Links auf Schritte tragen deren Namen") as change:
        changed = references.name_places(entry)
        copies = Entry.rows.filter(copy_of__in=[row for row in changed if isinstance(row, Entry)])
        current = [copy.pk for copy in copies if copy.base == latest_version(copy.copy_of)]
        change.record(changed)
        copies = list(Entry.rows.filter(pk__in=current))
        for copy in copies:  # no older for it
            copy.base = latest_version(copy.copy_of)
            copy.save(update_fields=["base"])
        change.record(copies)
