"""The parts of a document as its page shows them, each with the fields in which one says what becomes of it; and what was said in them."""

import re
from dataclasses import dataclass, field
from html import unescape

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import escape, linebreaks
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from rapidfuzz import fuzz, process

from faq import markup, slugs
from faq.content.page_html import page_html
from faq.editing.review_text import shown_texts
from faq.files import types
from faq.models import Category, Picture, SourceProposal
from faq.sources import decisions
from faq.sources.decisions import Choice, Part

NEW = "neu"  # the category that is made with the draft
SIMILAR = 85  # of 100: two names of a category
TOO_LONG = "Das ist zu lang für einen Eintrag. Bitte teilen Sie das Dokument durch Überschriften, und lesen Sie es noch einmal ein."
LONGEST_PASSAGE = 100_000  # characters of HTML
_IMAGE, _SAYS = re.compile(r"<img\b[^>]*>"), re.compile(r'(src|alt)="([^"]*)"')


@dataclass
class Card:
    """A part as the page shows it: what is said of it, what is chosen in its fields, and what is wrong with them by the fields' names."""

    part: Part
    title: str = ""
    category: str = ""
    new_category: str = ""
    passage: str = ""
    body: str = ""
    steps: list = field(default_factory=list)
    # SourcePictures, each with what was typed and what is wrong with that.
    undescribed: list = field(default_factory=list)
    errors: dict = field(default_factory=dict)
    may_join: bool = False
    focus: str = ""  # the field in which the browser begins

    @property
    def name(self):
        """What it is called in headings and for its buttons."""
        proposal = self.part.proposal
        return proposal.title or Truncator(" ".join(proposal.words.split())).chars(80) or str(self.part.row)


def cards_of(document, outline, parts, posted, errors):
    """The Cards of some parts of a document; those that are open with what was `posted`, and what is wrong with that by parts and fields."""
    categories = dict(Category.objects.values_list("pk", "title"))
    usual, pictures = _usual_categories(document, categories), _pictures(document)
    picture = _picture_of(document, pictures)
    shown = _shown([text for part in parts if part.is_open for text in part.texts], picture)
    before = dict(zip([part.row.pk for part in outline[1:]], outline, strict=False))
    cards = [Card(part) for part in parts]
    for card in (card for card in cards if card.part.is_open):
        key, proposal = card.part.row.pk, card.part.proposal
        card.new_category, chosen = _category_for(proposal.category, categories, usual)
        card.title = posted.get(f"title-{key}", proposal.title)
        card.category = posted.get(f"category-{key}", chosen)
        card.may_join = key in before and before[key].is_open
        card.passage, card.body = _passage(proposal, picture), shown(proposal.body, 4)
        card.steps = _steps(proposal.steps, shown)
        card.errors = errors.get(key, {})
        for row in _undescribed(card.part, pictures):
            typed = posted.get(f"description-{key}-{row.slug}", row.description)
            card.undescribed.append((row, typed, card.errors.get(f"description-{row.slug}")))
    if wrong := next((card for card in cards if card.errors), None):
        wrong.focus = next(iter(wrong.errors)).partition("-")[0]
    return cards


def choices_of(document, chosen, posted):
    """Choices for these parts as they were posted; and what is wrong with them, by parts and fields. Of what is decided nothing is."""
    categories, pictures = {str(row.pk): row for row in Category.objects.all()}, _pictures(document)
    some = [part for part in decisions.outline(document) if part.row.pk in chosen and part.is_open]
    parts = {part.row.pk: part for part in decisions.complete(some)}
    choices, errors = [], {}
    for key in chosen:
        choice = Choice(key, posted.get(f"seen-{key}", ""), "", "", {})
        if part := parts.get(key):
            title = " ".join(posted.get(f"title-{key}", part.proposal.title).split())
            category = posted.get(f"category-{key}", "")
            category = part.proposal.category if category == NEW else categories.get(category, "")
            described = {
                row.slug: " ".join(posted.get(f"description-{key}-{row.slug}", "").split())
                for row in _undescribed(part, pictures)
            }
            choice = choice._replace(title=title, category=category, descriptions=described)
            if wrong := _wrong(choice):
                errors[key] = wrong
        choices.append(choice)
    return choices, errors


def _wrong(choice):
    """What is wrong with a Choice, by fields."""
    wrong = {}
    if not choice.title:
        wrong["title"] = "Bitte schreiben Sie die Frage: Sie ist die Überschrift des Eintrags."
    if not choice.category:
        wrong["category"] = "Bitte wählen Sie eine Kategorie."
    for slug, typed in choice.descriptions.items():
        if said := _wrong_description(typed):
            wrong[f"description-{slug}"] = said
    return wrong


def _pictures(document):
    """The pictures of a document without their bytes, by their slugs."""
    return {row.slug: row for row in document.pictures.defer("data").select_related("picture")}


# What is proposed for the fields


def _usual_categories(document, categories):
    """What was chosen for a heading before: the key of the category by the heading."""
    accepted = document.proposals.filter(state=SourceProposal.ACCEPTED, entry__category__in=categories)
    return dict(accepted.exclude(category="").values_list("category", "entry__category"))


def _category_for(heading, categories, usual):
    """The heading where a category of that name can be made, else ""; and what is chosen: the key of one, NEW, or "" where there is no heading."""
    if not heading:
        return "", ""
    if heading in usual:
        return "", str(usual[heading])
    names = {key: slugs.letters(title) for key, title in categories.items()}
    if same := next((key for key, name in names.items() if name == slugs.letters(heading)), None):
        return "", str(same)
    similar = process.extractOne(slugs.letters(heading), names, scorer=fuzz.WRatio, score_cutoff=SIMILAR)
    return heading, str(similar[2]) if similar else NEW


def _undescribed(part, pictures):
    """The pictures that a part shows and of which nothing is said."""
    wanted = [pictures[slug] for slug, is_silent in part.pictures().items() if is_silent and slug in pictures]
    return [row for row in wanted if not row.picture and _wrong_description(row.description)]


def _wrong_description(text):
    try:
        Picture._meta.get_field("description").clean(text, None)
    except ValidationError as error:
        return " ".join(error.messages)
    return "" if text.strip() else "Bitte schreiben Sie, was man auf dem Bild sieht."


# What is shown


def _picture_of(document, pictures):
    address = reverse("admin:faq_sourcedocument_picture", args=[document.pk])

    def shown(link):
        row = pictures.get(link.slug)
        words = link.label or (escape(row.description) if row else "") or "Bild ohne Beschreibung"
        if row is None or types.kind_of(row.name) not in types.PICTURES:
            return f"<em>Bild: {words}</em>"
        return f'<img class="source-picture" src="{address}?bild={row.slug}" alt="{words}" loading="lazy">'

    return shown


def _passage(proposal, picture):
    """What stands in the document; of a very long passage its beginning, as plain text."""
    if len(proposal.passage) > LONGEST_PASSAGE:
        return linebreaks(f"{proposal.words[:LONGEST_PASSAGE]} …", autoescape=True)
    html = _IMAGE.sub(lambda match: _pictured(match[0], picture), proposal.passage)
    html = markup.replace_links(html, lambda link: link.label)
    return mark_safe(page_html(html, 4))  # noqa: S308  cleaned when it was read


def _pictured(image, picture):
    """The picture of an `<img>`, whatever the order in which that says things."""
    said = dict(_SAYS.findall(image))
    kind, _, slug = unescape(said.get("src", "")).partition(":")
    return picture(markup.Link("bild", slug if kind == "bild" else "", "", said.get("alt", "")))


def _shown(texts, picture):
    """What makes HTML of texts, whose first heading stands at a level; of one that is too long for an entry words that say so."""
    shown = shown_texts([text for text in texts if 0 < len(text) <= markup.MAX_LENGTH], picture)

    def html(text, top):
        if len(text) > markup.MAX_LENGTH:
            return mark_safe(f"<p>{TOO_LONG}</p>")  # noqa: S308  our own words
        return mark_safe(shown(text, top)) if text else ""  # noqa: S308  cleaned, or escaped

    return html


def _steps(steps, shown):
    """Pairs of a section and its steps, each with its number, title and the HTML of its text."""
    found = []
    for number, step in enumerate(steps, 1):
        if not found or found[-1][0] != step.section:
            found.append((step.section, []))
        found[-1][1].append((number, step.title, shown(step.body, 5)))
    return found
