"""A word replaced in many texts by one change, and taken back as one."""

import re
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Min, Q
from django.utils.text import Truncator

from faq.actions import Hindered, action, made, made_all
from faq.content import kinds, step_names, walkthrough_text
from faq.content.values import trimmed
from faq.editing import finding, references, rendering
from faq.editing.comparison import read_document
from faq.editing.working_copies import start_working_copy
from faq.editing.writing import may_publish, writing
from faq.markup import MarkupError
from faq.models import Entry, Step, Version

_TAG = re.compile(r"</?[a-z]\w*")
_EMPTY = re.compile(r"<(strong|em|del|code|a|li|h\d|p|td|th)\b[^>]*>\s*</\1>")


@dataclass
class Done:
    """What became of it: the texts that were changed, in how many places, and those that are others by now, or gone."""

    rows: list = field(default_factory=list)
    places: int = 0
    left: list = field(default_factory=list)
    gone: list = field(default_factory=list)


def hindrance(row, who, copied):
    """Why somebody can't replace anything in a text, in German, or nothing; `copied` are the keys of entries with a working copy."""
    if may_publish(who):
        return ""
    if not isinstance(row, Entry):
        return "Das ändert nur, wer veröffentlichen darf."
    if row.is_released:
        return "Diese Fassung ist schon freigegeben. Sie ändert nur, wer veröffentlichen darf."
    return "Dafür gibt es eine Arbeitskopie: Bitte ersetzen Sie dort." if row.pk in copied else ""


def copied():
    """The keys of entries with a working copy."""
    return set(Entry.rows.filter(copy_of__isnull=False).values_list("copy_of", flat=True))


def replace(wanted, replacement, chosen, *, who, why=""):
    """Replace what was chosen, by the names of rows and the keys of places in them; a Done. Raises Hindered, and nothing is written.

    Who may not publish gets working copies of public texts.
    """
    return _replace(wanted, replacement, chosen, uuid4(), who=who, why=why)


@action
def _replace(wanted, replacement, chosen, batch, *, who, why):
    done, named = Done(), defaultdict(set)
    for name, key in chosen:
        named[name].add(key)
    why = why or f"„{wanted.text}“ durch „{replacement}“ ersetzt"
    with writing(source="admin", who=who, why=why, batch=batch) as change:
        texts, has_copy = [], copied()
        for name, keys in named.items():
            row = _row(*name.split("-"))
            if row is None or hindrance(row, who, has_copy):
                done.left.append(str(row or name))
                continue
            if isinstance(row, Entry) and not row.copy_of_id and row.status == Entry.PUBLISHED and not may_publish(who):
                row = Entry.rows.get(pk=start_working_copy(row, who=who, why=why).pk)
            places = [place for place in finding.places(row, wanted) if place.key in keys]
            if len(places) < len(keys):
                done.left.append(str(row))
            if places:
                texts += _put(places, replacement)
                done.rows.append(row)
                done.places += len(places)
        _judge(texts)
        for piece in dict.fromkeys(piece for _, _, piece, _, _ in texts):
            piece.save()
        change.record(done.rows)
    return done


def _row(model, key):
    found = {kind.name: kind.model for kind in kinds.KINDS}.get(model)
    return finding.rows_of(found).filter(pk=key).first() if found else None


def _put(places, replacement):
    """Replace places of one row, from behind; what changed, not saved yet: the row's name, itself, piece, column and text before."""
    name_of_row, before = str(places[0].row), {(place.piece, place.field): place.text for place in places}
    for place in sorted(places, key=lambda place: place.start, reverse=True):
        text = getattr(place.piece, place.field)
        setattr(place.piece, place.field, text[: place.start] + replacement + text[place.end :])
    for piece, name in before:
        setattr(piece, name, _canonical(piece, name))
    return [(name_of_row, places[0].row, piece, name, text) for (piece, name), text in before.items()]


def _canonical(piece, name):
    """A column's text as its document says it."""
    text = trimmed(getattr(piece, name))
    return text if finding.is_markdown(piece, name) else text.strip()


def _judge(texts):
    """Raises Hindered with all that forms would refuse too."""
    markdown = [getattr(piece, name) for *_, piece, name, _ in texts if finding.is_markdown(piece, name)]
    with suppress(MarkupError):  # asked for at once; each is named below
        before = [text for *_, piece, name, text in texts if finding.is_markdown(piece, name)]
        made_all(rendering.rendered, [(text,) for text in dict.fromkeys([*markdown, *before])])
    refused, wrong = rendering.refused(markdown), []
    for named, row, piece, name, before in texts:
        text = getattr(piece, name)
        problems = [str(refused[text])] if text in refused else []
        try:
            piece._meta.get_field(name).clean(text, piece)
        except ValidationError as error:
            problems += error.messages
        if name == "title" and isinstance(piece, Step) and walkthrough_text.NAME.search(text):
            problems.append("Am Ende des Titels steht „{#…}“.")
        if finding.is_markdown(piece, name) and not problems:
            if isinstance(row, Entry) and row.is_walkthrough:
                problems += [problem.message for problem in walkthrough_text.step_problems(text)]
            new = set(rendering.shown(text).links) - set(rendering.shown(before).links)
            dead = references.dead_links(new) if new else ()
            problems += [f"Das Linkziel „{link.written}“ gibt es nicht." for link in dead]
            problems += [references.UNDESCRIBED.format(link) for link in references.undescribed(new)]
        wrong += [f"„{named}“: {problem}" for problem in problems]
        if finding.is_markdown(piece, name) and not problems and _damages(before, text):
            line = next((line for line in text.split("\n") if line not in before.split("\n")), text)
            wrong.append(f"In „{named}“ würde daraus etwas anderes als Text: „{Truncator(line).chars(80)}“.")
    if wrong:
        raise Hindered(f"Nichts wurde ersetzt. {' '.join(wrong[:20])}")


def _damages(before, text):
    """Whether more than the words of a Markdown text become others: what they stand in (a heading, a list) does, or is left empty."""
    try:
        was, now = (made(rendering.rendered, one).html for one in (before, text))
    except MarkupError:  # one of a former release: nothing to hold the new one against
        return False
    changed = _TAG.findall(was) != _TAG.findall(now) or len(_EMPTY.findall(was)) < len(_EMPTY.findall(now))
    return bool(text) and changed


# And back


def latest(number=10):
    """The last replacements: their first version, with how many `texts` they changed, and whether they were taken back (`undone`)."""
    back = Q(source="restore")
    found = Version.objects.order_by().exclude(batch=None).values("batch").annotate(
        first=Min("pk"), last=Max("pk"), texts=Count("pk", filter=~back), undone=Count("pk", filter=back)
    )  # fmt: skip
    found = list(found.order_by("-first")[:number])
    firsts = Version.objects.select_related("who").in_bulk([one["first"] for one in found])
    return [one | {"version": firsts[one["first"]]} for one in found]


@action
def undo(batch, *, who):
    """Take a replacement back wherever its texts are still as it left them; a Done, in which the others are `left` or `gone`."""
    done, rows = Done(), {}
    with writing(source="restore", who=who, why="Ersetzen rückgängig gemacht", batch=batch) as change:
        versions = list(Version.objects.filter(batch=batch, source="admin").with_before().order_by("pk"))
        before = Version.objects.in_bulk([version.before for version in versions])
        pairs = [(version, before.get(version.before)) for version in versions if version.before in before]
        sides = made_all(read_document, [(one.path, one.document) for pair in pairs for one in pair])
        for (version, _), became, was in zip(pairs, sides[::2], sides[1::2], strict=True):
            row = _row_of(version)
            row = row and rows.setdefault((type(row), row.pk), row)
            restored, stayed = _take_back(row, version.path, became, was) if row else (0, 0)
            if not row:
                names = (getattr(became, name, "") for name in ("title", "name", "text"))
                done.gone.append(next(filter(None, names), version.path))
            elif stayed:
                done.left.append(str(row))
            done.places += restored
            if restored and row not in done.rows:
                done.rows.append(row)
        change.record(done.rows)
    return done


def _row_of(version):
    kind = kinds.of_path(version.path)
    if kind.model is Entry:
        at = {"copy_of": version.entry_id} if version.working_copy else {"pk": version.entry_id}
        return Entry.rows.filter(**at).first()
    return kinds.row_at(version.path)


def _take_back(row, path, became, was):
    """Give a row's columns what they said before, where they still say what they became; how many, and how many do not."""
    own = kinds.of_path(path).field_files.get(path)
    pieces = [(row, became, was)]
    if isinstance(row, Entry):
        steps = {step.name: step for step in row.steps.all()}
        named = [dict(zip(step_names.filled(each.steps), each.steps, strict=True)) for each in (became, was)]
        pieces += [(steps.get(name), step, named[1][name]) for name, step in named[0].items() if name in named[1]]
    restored = stayed = 0
    for piece, new, old in pieces:
        changed = 0
        for name in [own] if own else finding.columns(type(piece) if piece else Step):
            said = "body" if name in ("intro", own) else name
            if getattr(new, said, None) == getattr(old, said, None):
                continue
            says = piece and _canonical(piece, name)
            if says == getattr(old, said):  # taken back before
                continue
            if says != getattr(new, said):
                stayed += 1
            else:
                setattr(piece, name, getattr(old, said))
                changed += 1
        if changed:
            piece.save()
        restored += changed
    if restored and isinstance(row, Entry) and row.updated == became.updated:
        row.updated = was.updated  # nothing is another for readers
        row.save()
    return restored, stayed
