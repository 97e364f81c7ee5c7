"""Files that somebody uploaded by mistake, taken away for good."""

from faq.editing.writing import action, writing
from faq.files import storing


@storing.no_orphans()
@action
def erase(checksums, is_needed, *, who):
    """Take away those of these files that no attachment and no picture has now, with their bytes."""
    with writing(source="admin", who=who) as change:
        change.require_publisher()
        storing.erase(checksums, is_needed)
