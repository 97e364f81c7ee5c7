"""A document as proposals: which of its lines are titles, what stands under which, each as Markdown."""

import copy
import hashlib
import io
import re
from collections import Counter
from types import SimpleNamespace

import nh3
from bs4 import BeautifulSoup
from PIL import Image

from faq import markup, slugs
from faq.content import clipboard
from faq.content.html_markdown import from_tree
from faq.content.html_tree import in_german, parsed
from faq.content.line_runs import BREAK
from faq.cutting import steps, titles
from faq.cutting.blocks import BOLD, PLAIN, blocks_of
from faq.cutting.blocks import cut as cut_off
from faq.cutting.formats import as_html
from faq.cutting.marks import BLANK, CONTENTS, TITLE
from faq.cutting.proposals import Picture, Proposal, Source, Step, place
from faq.cutting.whole import lost
from faq.files.pictures import KINDS, MOST_PIXELS
from faq.step_facts import FACTS

_SHOWN = set("a blockquote br code del em h1 h2 h3 h4 h5 h6 hr img li ol p pre strong table td tr ul".split())
_SHOWN_OF = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}
_FACT = re.compile(rf"\A([-*+] +(?:{'|'.join(FACTS)})):")  # a list that a file would read as facts of the step
_COUNTED = re.compile(r"(\d{1,2})\s+(?=[A-ZÄÖÜ])")
# The signs of `marks` are nobody else's; a bullet of Word's font „Symbol“ is one.
_OF_OURS = str.maketrans({BLANK: "", CONTENTS: "", TITLE: "", "\uf0b7": "•"})
_CONTENTS_HEADING = re.compile(r"(?:Inhalt(?:sverzeichnis|sübersicht)?|Übersicht)\W*", re.I)
_PICTURES = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")  # those of others are drawn by programs of their own
MOST_PICTURES, LONGEST_TITLE = 200, 300


def cut(data, kind, stem, origin, contacts):
    """The Source for a file of this kind and the stem of its name; `contacts`: slugs by number or mail. Raises files.types.Refused."""
    pictures = _Pictures(stem)
    html = as_html(data, kind, pictures.take).translate(_OF_OURS)
    blocks, left_out = blocks_of(parsed(html), origin, pictures.take)
    proposals = tuple(_proposal(part, contacts, left_out) for part in _parts(blocks))
    texts = "".join(text for each in proposals for text in (each.body, *(step.body for step in each.steps)))
    kept = {slug: picture for slug, picture in pictures.taken.items() if f"bild:{slug}" in texts}
    return Source(proposals, kept, in_german(left_out), lost(html, proposals))


class _Pictures:
    """The pictures of a document, each once, by a slug that no other picture has."""

    def __init__(self, stem):
        self._stem, self.taken = slugs.slugify(stem)[:40].strip("-") or "bild", {}

    def take(self, data, alt):
        """The slug for a picture; None for one that can't be shown."""
        try:
            with Image.open(io.BytesIO(data), formats=_PICTURES) as image:
                if image.width * image.height > MOST_PIXELS or len(self.taken) >= MOST_PICTURES:
                    return None
                kind = KINDS.get(image.format)
                if kind is None:
                    image.save(redrawn := io.BytesIO(), "PNG")
                    data, kind = redrawn.getvalue(), "png"
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return None
        slug = f"{self._stem}-{hashlib.sha256(data).hexdigest()[:8]}"
        alt = " ".join(alt.split())[:300]
        if not alt or markup.is_no_description(alt):
            alt = f"Noch ohne Beschreibung: Bild {len(self.taken) + 1} aus {self._stem}"
        self.taken.setdefault(slug, Picture(f"{slug}.{kind}", data, alt))
        return slug


# Roles of blocks: "question" (an entry's title, asking or not), "over" (heads others), "aside" (no part of an entry: contents, the
# document's own title), "text"; on the way "heading", and "name" for a short line that could head others.


def _roles(blocks):
    _drop_numbers(blocks)
    has_blanks = _has_blanks(blocks)
    roles = [_first_role(blocks, place, has_blanks) for place in range(len(blocks))]
    _set_contents_aside(blocks, roles)
    asking = {titles.depth(block.text) for block, role in zip(blocks, roles, strict=True) if role == "question"} - {
        0,
        1,
    }
    for at, block in enumerate(blocks):
        if roles[at] == "name" and titles.depth(block.text) in asking:
            roles[at] = "question"  # „1.2 Lieferung“ beside „1.1 Wie bestelle ich?“
    _judge_headings(blocks, roles)
    _judge_tasks(blocks, roles)
    _judge_names(blocks, roles)
    overs = [place for place, role in enumerate(roles) if role == "over"]
    if len(overs) > 1 and "question" not in roles[: overs[0]]:
        ranks = Counter(blocks[each].rank for each in overs)
        first = blocks[overs[0]].rank
        if ranks[first] == 1 and first == min(ranks) and first < BOLD:
            roles[overs[0]] = "aside"  # the title of the document
    return roles


def _drop_numbers(blocks):
    """Headings that count „1 Angebote“, „2 Lieferung“ are named without that, and bold or plain lines that do."""
    for ranks in (range(BOLD), (BOLD,), (PLAIN,)):
        found = [
            (block, _COUNTED.match(block.text))
            for block in blocks
            if block.rank in ranks and (block.rank < BOLD or titles.is_name(block.text))
        ]
        counted = [(block, number) for block, number in found if number]
        if len(counted) > 1 and [int(number[1]) for _, number in counted] == [*range(1, len(counted) + 1)]:
            for block, number in counted:
                block.lines = [block.text[number.end() :]]


def _has_blanks(blocks):
    """Whether empty lines stand before titles: before most that ask for sure, or before any block where none does."""
    sure = [block for block in blocks[1:] if block.rank in (BOLD, PLAIN) and titles.asks(block.text, alone=False)]
    apart = [block for block in sure or blocks if block.blank_before]
    return 2 * len(apart) > len(sure) if sure else bool(apart)


def _first_role(blocks, at, has_blanks):
    block = blocks[at]
    if block.mark:
        return "aside"
    if block.rank is None or len(block.text) > titles.LONGEST_QUESTION or titles.step_said(block.text) is not None:
        return "text"
    if block.rank < BOLD:
        return "question" if titles.asks(block.text, alone=True) else "heading"
    begins = bool(block.blank_before) or at == 0 or not has_blanks
    if block.rank == PLAIN and not begins and at and blocks[at - 1].text.endswith(":"):
        return "text"
    goes_on = (
        not block.blank_after and has_blanks and any(other.text[:1].islower() for other in blocks[at + 1 : at + 2])
    )
    if titles.asks(block.text, alone=block.rank == BOLD or (begins and not goes_on)):
        return "question"
    return "name" if titles.is_name(block.text) and (begins or block.rank == BOLD) else "text"


def _set_contents_aside(blocks, roles):
    """Titles in a row that all come again later are a table of contents."""
    said = [titles.plain(block.text).casefold() for block in blocks]
    begin = 0
    while begin < len(blocks):
        end = begin
        while (
            end < len(blocks) and roles[end] in ("question", "heading", "name", "aside") and blocks[end].mark != TITLE
        ):
            end += 1
        again = [at for at in range(begin, end) if roles[at] != "aside" and said[at] in said[at + 1 :]]
        if len(again) >= 3:
            for at in range(again[0], again[-1] + 1):
                roles[at] = "aside"
        begin = end + 1
    for at, block in enumerate(blocks):
        lines = [titles.plain(line).casefold() for line in block.lines] if block.tag.name in ("ol", "ul") else []
        if len(lines) > 2 and {*lines} <= {*said[at + 1 :]}:
            roles[at] = "aside"
    for at, block in enumerate(blocks[:-1]):
        if _CONTENTS_HEADING.fullmatch(block.text) and (roles[at + 1] == "aside"):
            roles[at] = "aside"


def _judge_headings(blocks, roles):
    """Headings without a question: over others, an entry's title, or one within an answer."""
    headings = [
        at
        for at, role in enumerate(roles)
        if blocks[at].rank is not None and blocks[at].rank < BOLD and role in ("question", "heading")
    ]
    entries = {
        blocks[at].rank
        for at in headings
        if roles[at] == "question" and not (at + 1 in headings and roles[at + 1] == "question")
    }
    above = []  # the headings around, from the highest on
    for number, at in enumerate(headings):
        rank = blocks[at].rank
        end = next((other for other in headings[number + 1 :] if blocks[other].rank <= rank), len(blocks))
        inside = [other for other in headings[number + 1 :] if other < end]
        asked = [other for other in range(at + 1, end) if roles[other] == "question"]
        above = [other for other in above if blocks[other].rank < rank]
        if roles[at] == "question":
            if at + 1 in inside and roles[at + 1] == "question":
                roles[at] = "over"
        elif asked:
            roles[at] = "over"
        elif any(roles[other] == "question" for other in above):
            roles[at] = "text"
        elif rank in entries and end > at + 1 != (inside or [0])[0]:
            roles[at] = "question"  # on the level of those that ask, with text of its own
        elif inside and not (titles.asks_how(blocks[at].text) and titles.numbered(blocks[inside[0]].text)):
            roles[at] = "over"
        else:
            roles[at] = "question" if end > at + 1 else "over"
        above.append(at)


def _judge_tasks(blocks, roles):
    """„Lizenz verlängern“ over a text is a title where it is set as the questions are, unless it divides an answer or steps.

    So is any name, where empty lines stand before titles only.
    """
    ranks = Counter(blocks[at].rank for at, role in enumerate(roles) if role == "question").most_common(1)
    divides = False
    parted = all(role != "text" for block, role in zip(blocks, roles, strict=True) if block.blank_before)
    for at, role in enumerate(roles[:-1]):
        if role in ("question", "over"):
            divides = False
        is_title = titles.names_task(blocks[at].text) or (parted and blocks[at].blank_before)
        if role != "name" or not is_title or [blocks[at].rank] != [rank for rank, _ in ranks]:
            continue
        before, following = blocks[at - 1] if at else None, blocks[at + 1]
        is_first = before is not None and (roles[at - 1] == "question" or before.text.endswith(":"))
        divides = divides or (is_first and blocks[at].rank == BOLD)
        in_steps = _is_of_steps(following) and before is not None and _is_of_steps(before)
        heads_text = roles[at + 1] == "text" or (roles[at + 1] == "name" and following.rank > blocks[at].rank)
        if heads_text and not (is_first or divides or in_steps):
            roles[at] = "question"


def _is_of_steps(block):
    return block.tag.name == "ol" or titles.step_said(block.text) is not None


def _judge_names(blocks, roles):
    """Short lines without a question: over the question that follows, the title of steps that begin with the first, else text."""
    for at, role in enumerate(roles[:-1]):
        leads_on = roles[at - 1 : at] == ["question"] or ("question" in roles[:at] and blocks[at].text.endswith(":"))
        if role == "name" and titles.is_first_step(blocks[at + 1].text) and not leads_on:
            roles[at] = "question"
        elif (
            role == "question"
            and blocks[at].rank >= BOLD
            and roles[at + 1] == "question"
            and titles.is_name(blocks[at].text)
        ):
            roles[at] = "name"  # „Was Händler wissen müssen“ over questions
    if "question" not in roles and "over" not in roles:
        bold = [
            at
            for at, role in enumerate(roles[:-1])
            if role == "name" and blocks[at].rank == BOLD and roles[at + 1] == "text"
        ]
        for at in bold if len(bold) > 1 else ():
            roles[at] = "question"
    apart = [at for at in _over_questions(blocks, roles) if blocks[at].rank == PLAIN and blocks[at].blank_before > 1]
    for at in reversed(range(len(blocks))):
        if roles[at] != "name":
            continue
        block, role = blocks[at], roles[at + 1] if at + 1 < len(blocks) else ""
        is_first = not {"question", "over"} & set(roles[:at])
        is_answer = block.rank == PLAIN and at and (roles[at - 1] == "question" or blocks[at - 1].text.endswith(":"))
        is_near = block.rank == PLAIN and apart and not is_first  # others stand further from what is before them
        if at in apart or (role == "question" and block.rank <= blocks[at + 1].rank and not (is_answer or is_near)):
            roles[at] = "over"
        elif role in ("over", "aside", "name") and is_first:
            roles[at] = "aside"
        elif role == "over" and block.rank < blocks[at + 1].rank:
            roles[at] = "over"
        else:
            roles[at] = "text"


def _over_questions(blocks, roles):
    return [at for at, role in enumerate(roles[:-1]) if role == "name" and roles[at + 1] == "question"]


def _parts(blocks):
    """What becomes a proposal each: its title ("" for none), category, blocks of its text, and all its blocks."""
    parts, above, pending, opened = [], [], [], None

    def open_part(title):
        nonlocal pending
        names = " – ".join(titles.plain(other.text) for other in above)[:LONGEST_TITLE]
        parts.append(SimpleNamespace(title=title, category=names, blocks=[], all=pending))
        pending = []
        return parts[-1]

    for block, role in zip(blocks, _roles(blocks), strict=True):
        if block.tag.name == "hr" and (opened is None or not opened.blocks):
            continue
        if role == "over" or (role == "question" and block.rank < BOLD):
            above = [other for other in above if other.rank < block.rank]
            if empty := [other for other in pending if other not in above]:
                pending = [other for other in pending if other in above]
                parts.append(SimpleNamespace(title="", category="", blocks=empty, all=empty))
        if role == "over":
            above.append(block)
            pending.append(block)
            opened = None
            continue
        if role == "question":
            opened = open_part(titles.plain(block.text))
        else:
            leaves = (
                opened
                and opened.title
                and (role == "aside" or (block.rank == PLAIN and titles.CLOSING.match(block.text)))
            )
            if opened is None or leaves:
                opened = open_part("")
            opened.blocks.append(block)
        opened.all.append(block)
    if pending:
        parts.append(SimpleNamespace(title="", category="", blocks=pending, all=pending))
    for part in parts:
        while part.blocks and part.blocks[-1].tag.name == "hr":
            part.blocks.pop()
    return parts


def _proposal(part, contacts, left_out):
    passage, words = _shown(part.all), "\n".join(line for block in part.all for line in block.lines)
    where = place(*(number for block in part.all for number in (block.first, block.last)))
    _drop_answer_label(part)
    divided = steps.divided(part.title, part.blocks) if part.title else None
    intro, found = divided or (part.blocks, [])
    made = tuple(_step(section, tags, contacts, left_out) for section, tags in found)
    tags = [block.tag for block in intro]
    steps.put_all(tags, contacts, part.title)
    body = _markdown(tags, 4 if made else 2, left_out)
    kind = "walkthrough" if made else "question" if part.title else "rest"
    return Proposal(kind, part.title, body, part.category, made, passage, words, where)


def _drop_answer_label(part):
    first = part.blocks[0].tag if part.blocks and part.title else None
    if first is not None and first.name == "p" and (label := titles.ANSWER_LABEL.match(first.get_text())):
        cut_off(first, label.end())


def _step(section, tags, contacts, left_out):
    title, tags = steps.named(tags, contacts)
    return Step(title, _FACT.sub(r"\1\:", _markdown(tags, 4, left_out)), section)


def _markdown(tags, top, left_out):
    if not tags:
        return ""
    soup = BeautifulSoup("", "html.parser")
    root = soup.new_tag("div")
    root.extend([copy.copy(tag) for tag in tags])
    clipboard.level(root, top)
    text, _ = from_tree(SimpleNamespace(root=root, left_out=left_out))
    return text


def _shown(blocks):
    """The passage as safe HTML."""
    html = "".join(str(block.tag) for block in blocks).replace(BREAK, "<br>")
    return nh3.clean(
        html,
        tags=_SHOWN,
        attributes=_SHOWN_OF,
        url_schemes={"https", "http", "mailto", "tel", "bild", "faq", "datei"},
        link_rel=None,
    )
