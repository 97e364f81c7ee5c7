"""What stands in a line, as runs: pairs of a text and its marks (`("strong",)`, `("a", href, title)`), before it becomes Markdown."""

import re

BREAK = "\x06"  # a line break: a sign that no text has
_EMPHASIS = ("strong", "em", "del")
_SPACE = f" \t\r\n{BREAK}"
_SPACES = re.compile(f"([{_SPACE}]+)")


def in_order(said):
    """The marks that hold, in the order of their elements: each once, no link in a link, no emphasis in code, which stands innermost.

    `no-strong` takes back what was said before.
    """
    marks = []
    for mark in said:
        if mark[0].startswith("no-"):
            marks = [other for other in marks if f"no-{other[0]}" != mark[0]]
        elif mark not in marks and not (mark[0] == "a" and any(other[0] == "a" for other in marks)):
            marks += [mark] if mark[0] not in _EMPHASIS or ("code",) not in marks else []
    return tuple(sorted(marks, key=lambda mark: mark[0] == "code"))


def reach(runs, mark):
    """How many of these runs a mark goes on for."""
    return next((place for place, (_, marks) in enumerate(runs) if mark not in marks), len(runs))


def tidied(runs):
    """Runs without white space around them all, whose emphasis begins and ends at words."""
    parts = []
    for text, marks in runs:
        parts += [(piece, marks) for piece in _SPACES.split(text) if piece] if text else [(text, marks)]
    while parts and _is_space(parts[0][0]):
        del parts[0]
    while parts and _is_space(parts[-1][0]):
        del parts[-1]
    after = ()
    for place in reversed(range(len(parts))):
        text, marks = parts[place]
        if _is_space(text):
            parts[place] = (text, tuple(mark for mark in marks if mark in after))
        else:
            after = marks
    before = ()
    for place, (text, marks) in enumerate(parts):
        if _is_space(text):
            parts[place] = (text, tuple(mark for mark in marks if mark in before))
        else:
            before = marks
    return _merged(_off_words(_merged([(_one_space(text), marks) for text, marks in _merged(parts)])))


def _is_space(text):
    return bool(text) and not text.strip(_SPACE)


def _one_space(text):
    return _SPACES.sub(lambda match: BREAK * match[0].count(BREAK) or ("\n" if "\n" in match[0] else " "), text)


def _merged(runs):
    made = []
    for text, marks in runs:
        if made and made[-1][1] == marks and text and made[-1][0]:
            text = made.pop()[0] + text
        made.append((text, marks))
    return made


def _off_words(runs):
    """Emphasis can't end between a punctuation mark and a word: then the mark stands outside."""
    made = []
    for place, (text, marks) in enumerate(runs):
        before = runs[place - 1] if place else ("", ())
        after = runs[place + 1] if place + 1 < len(runs) else ("", ())
        head = tail = ""
        # What ends just here stands between with its own signs.
        if _begin(marks, before[1]) and not set(before[1]) - set(marks) and re.search(r"[^\W_]\Z", before[0]):
            head = re.match(r"[^\w\s]*", text)[0]
        text = text[len(head) :]
        if _begin(marks, after[1]) and not set(after[1]) - set(marks) and re.match(r"[^\W_]", after[0]):
            tail = re.search(r"[^\w\s]*\Z", text)[0]
        text = text[: len(text) - len(tail)]
        plain = tuple(mark for mark in marks if mark[0] not in _EMPHASIS)
        made += [run for run in ((head, plain), (text, marks), (tail, plain)) if run[0]] or [("", marks)]
    return made


def _begin(marks, others):
    """Whether there is emphasis in the first that is not in the others."""
    return any(mark[0] in _EMPHASIS for mark in marks if mark not in others)
