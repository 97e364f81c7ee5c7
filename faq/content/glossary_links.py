"""Links to the glossary where a text first uses one of its terms; made when a page is made, so a new term changes no text."""

import re
from functools import cached_property
from html import escape

from django.urls import reverse

from faq.cache import cached
from faq.models import Term

_PARTS = re.compile(r"(<[^>]*>)")
_TAG = re.compile(r"<(/?)([a-z0-9]+)")
_WORD = re.compile(r"(?<![\w-])[^\W_]+")
# A link in a link is no HTML; headings are links' targets; code is not prose.
_LEFT_ALONE = {"a", "code", "pre", "h1", "h2", "h3", "h4", "h5", "h6"}


@cached
def _glossary():
    return list(Term.objects.glossary().values_list("slug", "name", "aliases"))


class Explanations:
    """The terms that have a definition, loaded with one query when a text first asks for them."""

    def __init__(self):
        self._explained = {}

    def html(self, html, within):
        """The HTML with each term linked where it first stands `within` something, such as an entry."""
        explained = self._explained.setdefault(within, set())
        parts, closed = _PARTS.split(html), 0
        for place, part in enumerate(parts):
            if place % 2:
                if (tag := _TAG.match(part)) and tag[2] in _LEFT_ALONE:
                    closed += -1 if tag[1] else 1
            elif not closed and len(explained) < len(self._slugs):
                parts[place] = self._linked(part, explained)
        return "".join(parts)

    def _linked(self, text, explained):
        pieces, done, firsts = [], 0, self._by_first_word
        for word in _WORD.finditer(text):
            if word[0] not in firsts or word.start() < done:
                continue
            spelling, slug = self._term_at(text, word)
            if slug and slug not in explained:
                explained.add(slug)
                pieces += [text[done : word.start()], f'<a class="term" href="{self._address}#{slug}">{spelling}</a>']
                done = word.start() + len(spelling)
        return "".join([*pieces, text[done:]])

    def _term_at(self, text, word):
        """The longest spelling of a term that begins at this word, and the term's slug."""
        for spelling, slug in self._by_first_word[word[0]]:
            end = word.start() + len(spelling)
            if text.startswith(spelling, word.start()) and not text[end : end + 1].isalnum():
                return spelling, slug
        return "", None

    @cached_property
    def _address(self):
        return reverse("glossary")

    @cached_property
    def _terms(self):
        return _glossary()

    @cached_property
    def _slugs(self):
        return {slug for slug, _, _ in self._terms}

    @cached_property
    def _by_first_word(self):
        """Spellings as they stand in HTML, with their slugs, by the word they begin with; longer ones first."""
        found = {}
        for slug, name, aliases in self._terms:
            for spelling in map(escape, (name, *aliases)):
                if first := _WORD.match(spelling):
                    found.setdefault(first[0], []).append((spelling, slug))
        return {word: sorted(spellings, key=lambda s: -len(s[0])) for word, spellings in found.items()}
