"""The steps of a walkthrough, from and to Markdown: „## Abschnitt“, „### Schritt“, the facts as a list, then the text."""

import re
from itertools import zip_longest

from faq import markup
from faq.content import mapping, step_names
from faq.content.documents import Step
from faq.content.values import trimmed_from
from faq.markup import Problem
from faq.step_facts import ACTORS, FACTS

_FACT = re.compile(rf"[-*+] +({'|'.join(FACTS)}):[ \t]*(.*)")
_HEADING = re.compile(r"(#{1,3})(?!#)(.*)")
NAME = re.compile(r"\s*\{#([^{}]*)\}$")  # at the end of a step's title
_INDENTED_HEADING = re.compile(r" {1,3}#{1,3}(?:[ \t]|$)")  # Markdown reads it as one, and a file not


def read(entry, body, line):
    """Read the intro and the steps of an entry from a text that starts on this line of its file; returns what is wrong."""
    lines = body.split("\n")
    inside, unclosed = markup.code_lines(lines)
    problems = [Problem(line + unclosed - 1, "Dieser Code-Block wird nicht geschlossen.")] if unclosed else []
    section, headings = "", []  # places among the lines, each with the step that begins there, None for a section
    for place, (text, code) in enumerate(zip(lines, inside, strict=True)):
        heading = None if code else _HEADING.match(text)
        if not heading:
            if not code and _INDENTED_HEADING.match(text):
                problems.append(Problem(line + place, "Überschriften beginnen am Anfang der Zeile."))
            continue
        lines[place], level, title = "", len(heading[1]), heading[2].strip()
        title, name, problem = _named(title, headings) if level == 3 else (title, "", None)
        if level == 1 or not title or heading[2][0] not in " \t":
            problem = "In einem Ablauf gibt es nur „## Abschnitt“, „### Schritt“ und im Text „#### …“."
        elif level == 2:
            if title == section:
                problem = f"Der Abschnitt „{title}“ folgt auf sich selbst."
            section = title
            headings.append((place, None))
        else:
            headings.append((place, Step(title, section, name=name)))
        if problem:
            problems.append(Problem(line + place, problem))
    ends = [*(place for place, _ in headings), len(lines)]
    entry.body, entry.line = trimmed_from("\n".join(lines[: ends[0]]), line)
    parts = [
        (step, line + place, lines[place + 1 : end]) for (place, step), end in zip(headings, ends[1:], strict=True)
    ]
    return problems + _read_parts(entry, parts)


def write(entry):
    """The parts of an entry's text after its intro, in canonical form."""
    section = ""
    for step, unnamed in zip(entry.steps, step_names.left_out(entry.steps), strict=True):
        if step.section != section:
            section = step.section
            yield f"## {section}"
        yield f"### {step.title}" if unnamed else f"### {step.title} {{#{step.name}}}"
        if facts := [f"- {name}: {value}" for name, key in FACTS.items() if (value := getattr(step, key))]:
            yield "\n".join(facts)
        if step.body:
            yield step.body


def step_problems(body):
    """What would break a walkthrough's file if it stood in the text of a step or in the intro."""
    lines = body.split("\n")
    inside, unclosed = markup.code_lines(lines)
    problems = [
        Problem(n, "In einem Ablauf beginnen Zwischenüberschriften im Text mit ####.")
        for n, (line, code) in enumerate(zip(lines, inside, strict=True), 1)
        if not code and (_HEADING.match(line) or _INDENTED_HEADING.match(line))
    ]
    if unclosed:
        problems.append(Problem(unclosed, "Dieser Code-Block wird nicht geschlossen."))
    if _FACT.match(lines[0]):
        problems.append(
            Problem(1, "Dieser Anfang würde als Angabe zum Schritt gelesen. Bitte stellen Sie etwas davor.")
        )
    return problems


def _named(title, headings):
    """A step's title as it is and the name written behind it, or "", and what is wrong with that."""
    named = NAME.search(title)
    if not named:
        return title, "", None
    problem = step_names.problem(named[1])
    if named[1] in (step.name for _, step in headings if step):
        problem = f"Den Namen „{named[1]}“ hat in diesem Ablauf schon ein anderer Schritt."
    return title[: named.start()], named[1], problem


def _read_parts(entry, parts):
    """Read what follows each heading: the step or None, the heading's line in the file, the lines up to the next one."""
    problems, section = [], 0
    for (step, start, lines), following in zip_longest(parts, parts[1:]):
        if step:
            problems += _read_step(step, lines, start + 1, section)
            entry.steps.append(step)
            continue
        section = start
        if any(text.strip() for text in lines):
            problems.append(Problem(start + 1, "Zwischen einem Abschnitt und seinem ersten Schritt steht kein Text."))
        if not following or not following[0]:
            problems.append(Problem(start, "Dieser Abschnitt hat keinen Schritt."))
    if not entry.steps:
        problems.append(Problem(entry.line, "Ein Ablauf braucht mindestens einen Schritt („### …“)."))
    return list(dict.fromkeys(problems))  # the name of a section is that of each of its steps


def _read_step(step, lines, start, section):
    """Read the facts and the text of a step from lines that start here, in a section that starts there; returns what is wrong."""
    problems, order, last = [], list(FACTS), -1
    places = {
        "section": ("Der Abschnitt", section),
        "title": ("Diese Überschrift", start - 1),
        "name": ("Der Name", start - 1),
    }
    place = next((place for place, text in enumerate(lines) if text.strip()), len(lines))
    while place < len(lines) and (match := _FACT.match(lines[place])):
        name, value, line = match[1], match[2].strip(), start + place
        if order.index(name) <= last:
            problems.append(Problem(line, f"„{name}“ steht doppelt oder nicht in der Reihenfolge {', '.join(order)}."))
        last = max(last, order.index(name))
        if problem := _fact_problem(name, value):
            problems.append(Problem(line, problem))
        setattr(step, FACTS[name], ", ".join(_names(value)) if name == "Wer" else value)
        places[FACTS[name]] = (f"„{name}“", line)
        place += 1
    if last >= 0 and place < len(lines) and lines[place].strip():
        message = "Unbekannte Angabe: nach den Angaben zum Schritt kommt eine Leerzeile, dann der Text."
        problems.append(Problem(start + place, message))
    step.body, step.line = trimmed_from("\n".join(lines[place:]), start + place)
    if step.body and _FACT.match(step.body):
        problems.append(Problem(step.line, "Dieser Anfang würde als Angabe zum Schritt gelesen."))
    for name, message in mapping.faults(step):
        what, line = places[name]
        problems.append(Problem(line, f"{what}: {message}"))
    return problems


def _fact_problem(name, value):
    """What is wrong with the value of a fact, in German, or None."""
    if not value:
        return f"„{name}“ ist leer."
    names = _names(value) if name == "Wer" else []
    if unknown := [actor for actor in names if actor not in ACTORS]:
        return f"„{unknown[0]}“ ist hier nicht bekannt. Möglich sind: {', '.join(ACTORS)}."
    return f"Bitte jeden nur einmal nennen: {value}." if len(set(names)) < len(names) else None


def _names(actors):
    return [name.strip() for name in actors.split(",")]
