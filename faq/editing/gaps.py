"""Closing a gap: what was promised is there now, in every text that promised it."""

from faq import markup
from faq.editing import references, rendering
from faq.editing.writing import Vanished, action, fresh, made, writing
from faq.models import Gap


@action
def close(gap, target, *, who):
    """Turn each `[label](offen:…)` of a gap into a link to `target` (https://… or datei:…).

    Every text becomes a version of its own. Returns what was changed: entries, working copies, categories, terms, the site.
    Raises Vanished where the target is no longer there.
    """
    made(rendering.rendered, f"[x]({target})")
    with writing(source="admin", who=who, why=f"Offene Stelle „{gap}“ geschlossen") as change:
        gap = fresh(Gap.objects.all(), gap)
        if references.dead_links(made(rendering.rendered, f"[x]({target})").links):
            raise Vanished(f"„{target}“ gibt es nicht mehr.")
        changed = references.rewrite(gap.references.all(), _closed, gap.slug, gap.name, target)
        change.record(changed)
        return changed


def _closed(text, slug, name, target):
    def closed(link, written):
        if link.kind != "offen" or link.slug != slug:
            return written
        return f" {target}" if link.label is None else f"[{link.label or name}]({target})"

    return markup.rewrite_links(text, closed)
