"""What a line says by how it begins; each asked without its indentation, which is less than four spaces."""

import re

_HEADING = re.compile(r"#{1,6}(?=[ ]|$)")
_FENCE = re.compile(r"`{3,}+(?=[^`]*$)|~{3,}+")
_UNDERLINE = re.compile(r"(?:=+|-+)[ ]*$")
_ITEM = re.compile(r"(?:(?P<bullet>[*+-])|(?P<number>\d{1,9})(?P<sign>[.)]))(?=[ ]|$)")
_DELIMITERS = re.compile(r"\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*\|?[ ]*$")
_CALLOUT = re.compile(r'!!![ ]*([^\s"]*)(?:[ ]+"(.*)")?[ ]*(.*)$')
_DEFINITION = re.compile(
    r"[ ]*\[(?!\^)((?:[^\[\]\\]|\\.)+)\]:[ ]*\n?[ ]*(?:<([^<>\n]*)>|(\S+))"
    r"(?:(?:[ ]*\n[ ]*|[ ]+)(?:\"([^\"]*)\"|'([^']*)'|\(([^()]*)\)))?[ ]*(?:\n|$)"
)
_CELL_ENDS = re.compile(r"(?<!\\)\|")
_ALIGNED = {(True, True): "center", (True, False): "left", (False, True): "right"}


def indentation(line):
    return len(line) - len(line.lstrip(" "))


def heading(line):
    """Level and text of a heading, without the signs that may close it; or None."""
    match = _HEADING.match(line)
    if not match:
        return None
    text = line[match.end() :].strip(" ")
    closed = text.rstrip("#")
    return match.end(), closed.rstrip(" ") if closed[-1:] in ("", " ") else text


def fence(line):
    """The signs with which a code block begins, or nothing."""
    match = _FENCE.match(line)
    return match[0] if match else ""


def underline(line):
    """Which heading the paragraph before becomes by this line, or nothing."""
    return ("h1" if line[0] == "=" else "h2") if _UNDERLINE.match(line) else ""


def is_rule(line):
    signs = line.replace(" ", "")
    return len(signs) >= 3 and signs[0] in "*-_" and not signs.strip(signs[0])


def item(line, *, in_paragraph):
    """Sign, number, width of what stands before it, and text of an item; None where a line of a paragraph merely looks like one."""
    match = _ITEM.match(line)
    if not match:
        return None
    number, rest = int(match["number"] or 1), line[match.end() :]
    if in_paragraph and (number != 1 or not rest.strip()):
        return None
    spaces = indentation(rest)
    if spaces > 4 or not rest.strip():
        spaces = 1
    return match["bullet"] or match["sign"], number, match.end() + spaces, rest[spaces:]


def callout(line):
    """Name, title (None where there is none) and what else stands behind the signs of a callout; or None."""
    return _CALLOUT.match(line).groups() if line.startswith("!!!") else None


def cells(line):
    """The cells of a table's row, as they are written."""
    found = [cell.strip(" ") for cell in _CELL_ENDS.split(line.strip(" "))]
    if not found[0]:
        del found[0]
    if found and not found[-1]:
        del found[-1]
    return found


def alignments(line):
    """How the columns of a table are aligned by the line under its head; or None."""
    if "|" not in line or not _DELIMITERS.match(line):
        return None
    return [_ALIGNED.get((cell[:1] == ":", cell[-1:] == ":")) for cell in cells(line)]


def definition(lines):
    """Label, address and title of a reference, and how many of these lines say so; or None."""
    match = _DEFINITION.match("\n".join(lines))
    if not match:
        return None
    label, in_angles, bare, *titles = match.groups()
    taken = match[0].count("\n") + (not match[0].endswith("\n"))
    return label, in_angles if bare is None else bare, next(filter(None, titles), None), taken
