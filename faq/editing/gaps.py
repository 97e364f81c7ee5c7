"""Closing a gap: what was promised is there now, in every text that promised it."""

from faq import markup
from faq.editing import references, rendering
from faq.editing.working_copies import start_working_copy
from faq.editing.writing import Vanished, action, fresh, made, may_publish, writing
from faq.models import Entry, Gap


@action
def close(gap, target, *, who):
    """Turn each `[label](offen:…)` of a gap into a link to `target` (https://… or datei:…).

    Every text becomes a version of its own. Who may not publish changes drafts, and working copies of what is public.
    Returns what was changed, and what still has the gap: entries, working copies, categories, terms, notices, the site.
    Raises Vanished where the target is no longer there.
    """
    made(rendering.rendered, f"[x]({target})")
    with writing(source="admin", who=who, why=f"Offene Stelle „{gap}“ geschlossen") as change:
        gap = fresh(Gap.objects.all(), gap)
        if references.dead_links(made(rendering.rendered, f"[x]({target})").links):
            raise Vanished(f"„{target}“ gibt es nicht mehr.")
        holding = gap.references.all()
        if not may_publish(who):
            for entry in Entry.objects.filter(links_out__gap=gap, status=Entry.PUBLISHED).distinct():
                start_working_copy(entry, who=who)
            holding = holding.filter(entry__in=Entry.rows.in_preparation())
        changed = references.rewrite(holding, _closed, gap.slug, gap.name, target)
        change.record(changed)
        return changed, references.places(gap.references.all())


def _closed(text, slug, name, target):
    def closed(link, written):
        if link.kind != "offen" or link.slug != slug:
            return written
        return f" {target}" if link.label is None else f"[{link.label or name}]({target})"

    return markup.rewrite_links(text, closed)
