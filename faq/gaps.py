"""Closing a gap: what was promised is there now, in every text that promised it."""

from django.db import transaction

from faq import changes


@transaction.atomic
def close(gap, target, *, who):
    """Turn each `[label](offen:…)` of a gap into a link to `target` (https://… or datei:…).

    Every text becomes a version of its own. Returns what was changed: entries, working copies, categories, terms, the site.
    """

    def closed(link, written):
        if link.kind != "offen" or link.slug != gap.slug:
            return written
        return f" {target}" if link.label is None else f"[{link.label or gap.name}]({target})"

    changed = changes.rewrite_links(gap.references.all(), closed)
    changes.record(changed, source="admin", who=who, why=f"Offene Stelle „{gap}“ geschlossen"[:300])
    return changed
