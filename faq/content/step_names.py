"""The names of a walkthrough's steps, by which links find them for good. Knows no database.

A step is given one at its first save, made from its title, and keeps it. A file leaves it out where it is what the title gives: the
title as a slug and, where another step has that already, the next number behind it.
"""

from dataclasses import replace

from faq import slugs


def problem(name):
    """What is wrong with a name that is a slug, in German, or None."""
    if slugs.STEP_PLACE.fullmatch(name):
        return f"„{name}“ meint die Stelle eines Schritts und kann nicht sein Name sein."
    return None if name else "Der Name des Schritts ist leer."


def filled(steps):
    """The names of steps in their order: their own, and for those without one what their titles give."""
    return _filled([(step.title, step.name) for step in steps])


def with_names(steps, names):
    """The steps of a document, each with its name of these."""
    return [replace(step, name=name) for step, name in zip(steps, names, strict=True)]


def fragments(steps):
    """What links to these steps may end in: their names and places."""
    return {*filled(steps), *(f"schritt-{number}" for number, _ in enumerate(steps, 1))}


def left_out(steps):
    """Of each step's name, in their order, whether a file leaves it out: it would be read as the same."""
    pairs = [(step.title, step.name) for step in steps]
    names = [name for _, name in pairs]
    written = [(title, "") for title, _ in pairs]
    while True:
        wrong = [place for place, name in enumerate(_filled(written)) if names[place] and name != names[place]]
        if not wrong:
            return [not name for _, name in written]
        for place in wrong:
            written[place] = pairs[place]


def kept(steps, stored):
    """The names of a file's steps: where it names none, that of the stored step of which it is, at most, a new title; else "".

    Both are steps in their order; the stored ones have names.
    """
    names = [step.name for step in steps]
    free = [step for step in stored if step.name not in names]
    for alike in (_same, _same_title, _same_but_title):
        for place, step in enumerate(steps):
            found = next((other for other in free if not names[place] and alike(step, other)), None)
            if found:
                names[place] = found.name
                free.remove(found)
    return names


def successors(before, now):
    """For each name that is gone, by the names in their order before and now: that of the step which took its place, or ""."""
    found = {}
    for place, name in enumerate(before):
        if name not in now:
            ahead = next((other for other in reversed(before[:place]) if other in now), None)
            after = now.index(ahead) + 1 if ahead else 0
            found[name] = now[after] if after < len(now) else ""
    return found


def _same(step, other):
    return _same_title(step, other) and _same_but_title(step, other)


def _same_title(step, other):
    return step.title == other.title


def _same_but_title(step, other):
    return all(getattr(step, name) == getattr(other, name) for name in _BUT_TITLE)


_BUT_TITLE = ("actors", "duration", "applies_to", "needs", "gets", "body")


def _filled(pairs):
    taken, names = {name for _, name in pairs if name}, []
    for title, name in pairs:
        name = name or _free(title, taken)
        taken.add(name)
        names.append(name)
    return names


def _free(title, taken):
    """The first name that the title gives and no other step has."""
    base = slugs.slugify(title)[: slugs.MAX_LENGTH - 6].strip("-")
    if base in ("", "schritt"):
        base = "ein-schritt"  # with a number behind it, it shall not mean a place
    name, number = base, 1
    while name in taken or slugs.STEP_PLACE.fullmatch(name):
        number += 1
        name = f"{base}-{number}"
    return name
