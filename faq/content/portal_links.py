"""What the portal's links lead to, filled in when a page is made: one query for all texts of a kind."""

import re
from functools import cached_property
from html import escape, unescape
from itertools import count
from typing import NamedTuple

from django.utils.safestring import mark_safe

from faq import markup
from faq.content.glossary_links import Explanations
from faq.content.page_html import page_html, picture_html
from faq.files import addresses
from faq.models import Reference, StoredFile
from faq.origin import absolute

# In brackets it fits into every sentence: "Siehe …", "wie in … beschrieben".
UNAVAILABLE = "(Antwort derzeit nicht verfügbar)"
UNNAMED = "…"


class ShownPicture(NamedTuple):
    """A picture of a text in its largest size: its address, what is said of it, its StoredFile."""

    address: str
    description: str
    stored: StoredFile


class Links:
    """The links of some entries, categories, terms or sites, loaded at once.

    Links are matched by how they were written, so one `Links` serves every text of its sources. An empty label takes the
    words of what it leads to; of an entry that readers cannot open it takes none, and UNAVAILABLE stands there.
    """

    def __init__(self, sources, *, titles=True, previewed=False, at_once=0, unlisted=None):
        """`previewed`: pictures are shown to whoever sees them here, whether readers see them or not. `at_once`: so many of them are
        fetched with the page, not when a reader comes near. `titles`: whether empty labels take those of entries. `unlisted`: a Contact that is named without its number.

        Not for the search: it keeps what it was told, while entries come, go and are named anew. There UNNAMED stands for all.
        """
        self._titles, self._previewed, self._unlisted = titles, previewed, unlisted
        self._at_once, self._shown = at_once, count()
        self._refer(Reference.objects.on_page([source for source in sources if source.pk]))

    @classmethod
    def foreseen(cls, references):
        """For texts that are not stored yet: `references` are rows that will be, with what their links lead to; without titles."""
        links = cls([], titles=False)
        for reference in references:
            reference.is_public = reference.has_step = False  # where a link leads makes no difference to its words
        links._refer(references)
        return links

    @classmethod
    def leading(cls, references, *, previewed=False):
        """For texts that need not be stored: where `references`, which are not stored either, lead by now."""
        links = cls([], previewed=previewed)
        links._refer(Reference.objects.judged(references))
        return links

    def _refer(self, references):
        self._references = {reference.written: reference for reference in references}

    @cached_property
    def explanations(self):
        return Explanations()

    def html(self, html, *, top=2):
        """The HTML of a page for stored HTML; its first heading stands at level `top`."""
        return mark_safe(markup.replace_links(page_html(html, top), self._link_html))  # noqa: S308  cleaned when it was stored

    def plain(self, html):
        """The words a reader sees, in one line."""
        return markup.plain_text(markup.replace_links(html, self._link_words))

    def lines(self, html):
        """The same as lines of sentences, as `markup.plain_lines` has them; what is said of pictures is none."""
        return markup.plain_lines(markup.replace_links(html, self._link_words))

    def markdown(self, text, origin):
        """Markdown that reads well anywhere: links absolute, contacts with their number, gaps as "… (folgt)"."""
        return markup.rewrite_links(text, lambda link, written: self._link_markdown(link, written, origin))

    def gaps(self, *htmls):
        """The labels of the gaps in these texts, each once, as plain text."""
        labels = (
            markup.plain_text(self._label(link))
            for html in htmls
            for link in markup.links(html)
            if link.kind == "offen"
        )
        return list(dict.fromkeys(labels))

    def pictures(self, *htmls):
        """The ShownPictures of these texts, each address once."""
        found = {}
        for link in (link for html in htmls for link in markup.links(html) if link.kind == "bild"):
            if url := self._picture_url(link):
                stored = self._picture(link).renditions[-1].stored
                found.setdefault(url, ShownPicture(url, unescape(self._label(link)), stored))
        return list(found.values())

    def _label(self, link):
        """The link's label as HTML, or what stands for an empty one."""
        if link.label:
            return link.label
        reference = self._references.get(link.written)
        if link.kind == "faq":
            return self._title(reference)
        named = reference and (reference.contact or reference.gap or reference.attachment)
        if picture := self._picture(link):
            named = picture.description
        return escape(str(named)) if named else ""

    def _title(self, reference):
        if not self._titles:
            return UNNAMED
        return escape(str(reference.target)) if _opens(reference) else UNAVAILABLE

    def _url(self, reference):
        return reference.target.get_absolute_url() + (f"#{reference.fragment}" if reference.has_step else "")

    def _absolute_url(self, reference, origin):
        """The address of an attachment, or of an entry that readers can open, or None."""
        if reference and reference.attachment:
            return origin + reference.attachment.get_absolute_url()
        return origin + self._url(reference) if _opens(reference) else None

    def _picture(self, link):
        return (reference := self._references.get(link.written)) and reference.picture

    def _picture_url(self, link):
        picture = self._picture(link)
        return addresses.rendition(picture.renditions[-1], self._previewed) if picture and picture.renditions else None

    def _link_html(self, link):
        reference = self._references.get(link.written)
        if link.kind == "bild":
            if not self._picture_url(link):
                return self._label(link)
            sizes = [(addresses.rendition(each, self._previewed), each) for each in self._picture(link).renditions]
            is_lazy = next(self._shown) >= self._at_once
            return picture_html(sizes, self._label(link), self._caption(link), link.is_alone, is_lazy)
        if link.kind == "offen":
            return f'<span class="gap">{self._label(link)} <small>(folgt)</small></span>'
        if reference and reference.contact:
            if reference.contact == self._unlisted:
                return self._label(link)
            number = f'<a href="{escape(reference.contact.href)}">{escape(reference.contact.label)}</a>'
            return f"{link.label} ({number})" if link.label else number
        if reference and reference.attachment:
            label = f"{self._label(link)} ({reference.attachment.stored.facts})"
            return _linked(reference.attachment.get_absolute_url(), label)
        if _opens(reference):
            return _linked(self._url(reference), self._label(link))
        return self._label(link)

    def _caption(self, link):
        """What stands below a picture, as HTML."""
        return link.title or escape(picture.caption if (picture := self._picture(link)) else "")

    def _link_words(self, link):
        """A picture's words are what is said of it, to those who do not see it too."""
        if link.kind == "bild":
            return f"\t{self._label(link)} {self._caption(link)}\t"
        return self._link_html(link)

    def _link_markdown(self, link, written, origin):
        reference = self._references.get(link.written)
        if link.kind == "bild":
            return self._picture_markdown(link, written, origin)
        if link.kind in ("faq", "datei"):
            url = self._absolute_url(reference, origin)
            if link.label is None:
                return f" {url or origin}"
            label = link.label or markup.plain_text(self._label(link))
            facts = f" ({reference.attachment.stored.facts})" if reference and reference.attachment else ""
            return f"[{label}{facts}]({url})" if url else label
        label = link.label if link.label else "" if link.kind == "kontakt" else markup.plain_text(self._label(link))
        if link.kind == "offen":
            return f"{label} (folgt)"
        contact = reference and reference.contact
        if not contact:
            return label
        return f"{label} ({contact.label})" if label else contact.label

    def _picture_markdown(self, link, written, origin):
        words = link.label or re.sub(r"([\\`*_\[\]<&])", r"\\\1", unescape(self._label(link)))
        url = self._picture_url(link)
        if link.label is None:  # a definition, whose words stand where it is used
            return written.replace(link.written, f"{origin}{url or ''}", 1)
        if not url:
            return words
        picture = self._picture(link)
        own_caption = re.search(r"\s([\"'].*[\"'])\s*\)$", written, re.S)
        caption = (
            own_caption[1] if own_caption else picture.caption and '"{}"'.format(picture.caption.replace('"', '\\"'))
        )
        return f"![{words}]({origin}{url}{caption and f' {caption}'})"


def _linked(path, label):
    """A link within the portal; on paper its public address is written out, which no stylesheet could know."""
    return f'<a href="{escape(path)}" data-address="{escape(absolute(path))}">{label}</a>'


def _opens(reference):
    """Whether it leads to an entry that readers can open."""
    return bool(reference and reference.target and reference.is_public)
