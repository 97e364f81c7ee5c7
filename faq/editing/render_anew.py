"""All stored texts rendered anew, once, where a release reads Markdown otherwise than the one before."""

from faq import markup
from faq.content import kinds
from faq.dialect.structure import first_difference
from faq.editing.writing import action, made_all, writing
from faq.models import Entry, OldText, Revision

CHUNK = 200
_OTHERWISE = (
    "Ab hier würde dieser Text heute anders dargestellt als bisher. Bitte sehen Sie ihn sich in der Vorschau an."
)


def render_anew_if_due():
    """Once for each dialect. Whatever is interrupted begins again."""
    if Revision.objects.filter(dialect=markup.DIALECT).exists():
        return
    render_anew()
    Revision.objects.update_or_create(
        pk=1, defaults={"dialect": markup.DIALECT}, create_defaults={"number": 0, "dialect": markup.DIALECT}
    )


def render_anew(*, trusted=True):
    """Give all stored texts the HTML of today; one that is refused, or would have another structure, stays as readers see it.

    `trusted`: the HTML that is stored is our own. Otherwise nothing of it stays.
    """
    for kind in kinds.KINDS:
        if hasattr(kind.model, "texts"):
            keys = list(_rows(kind).order_by("pk").values_list("pk", flat=True))
            for start in range(0, len(keys), CHUNK):
                render_some(kind, keys[start : start + CHUNK], trusted)


@action
def render_some(kind, keys, trusted):
    """Those of these keys, in one transaction."""
    with writing(source="admin") as change:
        rows = kind.complete(_rows(kind)).filter(pk__in=keys)
        texts = [
            (row, getattr(piece, text), getattr(piece, html)) for row in rows for piece, text, html in kinds.texts(row)
        ]
        calls = [(text, html if trusted else "") for _, text, html in texts]
        known, changed = OldText.objects.of(text for text, _ in calls), {}
        for (row, text, html), (new, reasons) in zip(texts, made_all(anew, calls), strict=True):
            if reasons and text not in known:
                known[text] = OldText(text=text, html=new, reasons=reasons)
                known[text].save()
            if html != (known[text].html if text in known else new):
                changed[row.pk] = row
        change.record(changed.values(), quietly=True)
        if any(map(change.is_seen, changed.values())):
            change.readers_see_it()


def _rows(kind):
    """All rows of a kind, working copies too."""
    return Entry.rows if kind.model is Entry else kind.model.objects


def anew(text: str, html: str) -> tuple[str, str]:
    """The HTML that a text with this one has from now on, and why it keeps that, if so; without any it gets what it had before."""
    try:
        new = markup.render(text)
    except markup.MarkupError as error:
        return html or markup.render_as_before(text), str(error)
    difference = first_difference(html, new) if html and html != new else None
    if difference is None:
        return new, ""
    return html, f"Zeile {_line_of(text, difference)}: {_OTHERWISE}"


def _line_of(text, words):
    """The line on which some words stand, as far as Markdown's signs between them let see."""
    for number in (4, 2, 1):
        if (line := markup.line_of(text, " ".join(words.split()[:number]))) > 1:
            return line
    return 1
