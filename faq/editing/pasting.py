"""What is pasted into a text: its Markdown, with links to what this portal really has."""

from django.conf import settings

from faq import markup
from faq.content.from_html import Converted, markdown_of_clipboard
from faq.editing.references import entries_at
from faq.models import Attachment, Step
from faq.origin import absolute


def pasted(html, top=2):
    """`Converted` for the HTML of a clipboard, its headings from level `top` on. Raises budget.TooMuch."""
    converted = markdown_of_clipboard(html, settings.PUBLIC_URL, top)
    return Converted(with_known_links(converted.text), converted.left_out)


def with_known_links(text):
    """Links to current addresses of entries and steps; what there is not keeps the address that it was pasted with."""
    links = []
    markup.rewrite_links(text, lambda link, written: links.append(link) or written)
    entries = entries_at({link.slug for link in links if link.kind == "faq"})
    steps = Step.objects.fragments(entries.values(), former=True)
    files = Attachment.objects.in_bulk({link.slug for link in links if link.kind == "datei"}, field_name="slug")

    def known(link, written):
        entry = entries.get(link.slug) if link.kind == "faq" else None
        if entry:
            fragment = f"#{link.fragment}" if link.fragment in steps[entry.pk] else ""
            return f"[{link.label}](faq:{entry.slug}{fragment})"
        if link.kind not in ("faq", "datei") or link.slug in files:
            return written
        address = absolute(f"/{link.kind}/{link.slug}/") + (f"#{link.fragment}" if link.fragment else "")
        return f"[{link.label}]({address})" if link.label else address

    return markup.rewrite_links(text, known)
