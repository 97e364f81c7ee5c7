"""The steps of an answer: typed as „1. Schritt: …“, or numbered under a question that asks how something runs."""

import copy
import re

from bs4 import BeautifulSoup, Tag

from faq.content.line_runs import BREAK
from faq.cutting import titles
from faq.cutting.blocks import BOLD, cut, lines_of
from faq.cutting.links import put_in, without_numbers
from faq.cutting.proposals import PROMISE, in_sentences

LONGEST_TITLE, LONGEST_CLAUSE = 140, 90


def divided(title, blocks):
    """The blocks before the first step, and for each step its section and tags; None where there are no two steps."""
    how, heads = _asks_how(title, blocks), _numbered_heads(blocks)
    begun = [_begun(block, how, block in heads) for block in blocks]
    if sum(bool(new) for block, new in zip(blocks, begun, strict=True) if block.rank is not None) > 1:
        begun = [
            _begun(block, False, block in heads) for block in blocks
        ]  # lists are parts of the steps that lines begin
    if sum(map(len, begun)) < 2:
        return None
    sections = {place for place in range(len(blocks)) if _is_section(blocks, begun, place)}
    plain = {place for place in sections if blocks[place].rank > BOLD}
    if 2 * len(plain) > sum(map(len, begun)):  # a line below each step
        sections -= plain
    has_more = any(any(begun[:place]) for place in sections)
    intro, steps, section = [], [], ""
    for place, (block, new) in enumerate(zip(blocks, begun, strict=True)):
        if new:
            steps += [(section, tags) for tags in new]
        elif place in sections and (steps or (has_more and block.rank <= BOLD)):
            section = block.text.rstrip(": ")
        elif steps:
            steps[-1][1].append(block.tag)
        else:
            intro.append(block)
    return intro, steps


def _asks_how(title, blocks):
    """Whether it asks how something runs; so does one that names a task, over numbers of which most tell what to do."""
    lists = [
        [titles.tells(" ".join(lines_of(item)[:1])) for item in block.tag.find_all("li", recursive=False)]
        for block in blocks
        if block.tag.name == "ol"
    ]
    return titles.asks_how(title) or (titles.names_task(title) and any(2 * sum(told) > len(told) for told in lists))


def _begun(block, how, is_head):
    """The steps that begin with a block, each as its tags."""
    tag = block.tag
    if block.rank is not None:
        said = titles.step_said(block.text)
        if said is None and is_head:
            said = titles.numbered(block.text)[1]
        return [] if said is None else [[_without(tag, said)]]
    items = tag.find_all("li", recursive=False) if tag.name in ("ol", "ul") else []
    typed = items and all(titles.step_said(" ".join(item.get_text().split())) is not None for item in items)
    if not (typed or (how and tag.name == "ol")):
        return []
    steps = [[_as_block(part) for part in list(item.contents)] for item in items if item.contents]
    for parts in steps if typed else ():
        parts[0] = _without(parts[0], titles.step_said(parts[0].get_text().strip()) or 0)
    return steps


def _as_block(part):
    return part if isinstance(part, Tag) else _paragraph(str(part))


def _paragraph(words=""):
    made = BeautifulSoup("", "html.parser").new_tag("p")
    made.string = words
    return made


def _without(tag, length):
    """A paragraph, also of a heading, without what it begins with."""
    tag = copy.copy(tag)
    tag.name = "p"
    cut(tag, length + len(tag.get_text()) - len(tag.get_text().lstrip()))
    return tag


def _numbered_heads(blocks):
    """Headings and bold lines that count from 1 on."""
    heads = [block for block in blocks if block.rank is not None and block.rank <= BOLD and titles.numbered(block.text)]
    counted = [titles.numbered(block.text)[0] for block in heads]
    return heads if len(heads) > 1 and counted == list(range(1, len(heads) + 1)) else []


def _is_section(blocks, begun, place):
    """Whether a line heads the steps that follow it; a plain one stands apart, where others do, and not under steps that are headings."""
    block = blocks[place]
    if block.rank is None or begun[place] or place + 1 == len(blocks) or not begun[place + 1]:
        return False
    if block.rank <= BOLD:
        return len(block.text) <= 100 and not re.search(r"[.!?,;]$", block.text)
    following = blocks[place + 1].rank
    is_apart = bool(block.blank_before) or not any(other.blank_before for other in blocks)
    is_left_over = (
        place and begun[place - 1] and not lines_of(begun[place - 1][-1][-1])
    )  # „Schritt 1“ alone in its line
    return (
        titles.is_name(block.text) and is_apart and (following is None or following == block.rank) and not is_left_over
    )


def named(tags, contacts):
    """The title of a step as plain text, and its tags without what that says already."""
    while tags and not lines_of(tags[0]) and len(tags) > 1 and not tags[0].find("img"):
        tags = tags[1:]  # „Schritt 1“ alone in its line
    first, *others = tags
    if first.name != "p":
        put_all(tags, contacts)
        return _clause(" ".join(lines_of(first))) or "Schritt", tags
    text = first.get_text()
    title, end, before = _title(first, text, contacts)
    if end:
        cut(first, end)
        tags = [first, *others] if first.get_text().strip() or first.find("img") else others
    put_all(tags, contacts, before if end else "")
    return title, tags


def put_all(tags, contacts, before=""):
    for tag in tags:
        put_in(tag, contacts, before)
        before = f"{before} {tag.get_text(' ')}"


def _title(paragraph, text, contacts):
    """The title of a step that begins with this paragraph, how much of that it says, and what stood there."""
    line = text.split(BREAK)[0]
    lead = paragraph.contents[0] if paragraph.contents and paragraph.contents[0].name == "strong" else None
    run_in = lead.get_text() if lead is not None else ""
    behind = text[len(run_in) :]
    if (
        run_in.strip()
        and behind.strip()
        and (run_in.rstrip().endswith((":", ".", "–")) or re.match(r"\s*[:–-]", behind) or behind[0] == BREAK)
    ):
        sign = re.match(r"[\s:–-]*", behind)[0] if not run_in.rstrip().endswith((":", ".")) else ""
        return run_in.strip(" .:–"), len(run_in) + len(sign), run_in
    sentence = in_sentences(line)[0]
    end = text.index(sentence) + len(sentence)
    promise = PROMISE.search(sentence)
    core = sentence[: promise.start()].strip() if promise else sentence
    if (said := without_numbers(core, contacts)) != core:
        return _clause(said) or "Schritt", 0, ""
    linked = any(len(_before(paragraph, part)) < end for part in paragraph.find_all(["a", "img"]))
    if linked or len(core) > LONGEST_TITLE or not core or _says_more(sentence, promise):
        return _clause(" ".join((core or " ".join(lines_of(paragraph))).split())) or "Schritt", 0, ""
    return _plain(core), text.index(core) + len(core), core


def _says_more(sentence, promise):
    """Whether something stands behind what a sentence promises."""
    return bool(promise) and bool(re.search(r"\w", sentence[promise.end() :]))


def _before(paragraph, part):
    return "".join(str(text) for text in part.find_all_previous(string=True) if paragraph in text.parents)


def _clause(text):
    """A text as a title: up to where it may end."""
    text = PROMISE.sub("", text).strip()
    if len(text) <= LONGEST_TITLE:
        return _plain(text)
    ends = [
        match.start() for match in re.finditer(r",\s|\s[(–]|;\s|:\s", text[: LONGEST_CLAUSE + 1]) if match.start() >= 25
    ]
    return _plain(text[: ends[-1]]) if ends else text[:LONGEST_CLAUSE].rsplit(" ", 1)[0] + " …"


def _plain(title):
    title = " ".join(title.split()).strip(" :")
    return title[:-1] if title.endswith(".") and not title.endswith("..") else title
