"""What search results show of public entries: kept while readers see the same, so that a new query asks for none of it."""

from faq.kept import KeptRows
from faq.models import Entry

_rows = KeptRows(lambda ids: Entry.objects.published().filter(pk__in=ids).for_results(), most=10_000)


class Public:
    """The public entries, for the search to look among."""

    def allowed(self, ids):
        """Which of these are public, by id."""
        return public_rows(ids)


def public_rows(ids):
    """Each of these entries that is public as a Result, by its id."""
    return _rows.of(ids)
