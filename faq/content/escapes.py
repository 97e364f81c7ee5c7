"""Signs of a text that Markdown might take for its own: each is marked first, and gets its backslash where that turns out to be needed."""

import re
import string

# Signs that no text has: behind MARK stands one that may need a backslash, between the others a link that may be shown by its address.
MARK, OPEN, LEADS_TO, CLOSE = "\x01", "\x04", "\x05", "\x07"
PIPE = r"\|"  # in a table's cell, also in code
_SIGNS = re.compile(r"[\\`*_\[\]<>#+=.)!|~:@&?^-]")
_MARKED = re.compile(f"{MARK}(.)|{OPEN}(.*?){LEADS_TO}(.*?){CLOSE}")
_ESCAPES = {"&": "&amp;"}  # python-markdown takes \\&lt; for a <
_NEAR = 100  # signs on either side that are looked at
_LINE = re.compile("[^\n\x06]*")


def marked(text):
    return _SIGNS.sub(rf"{MARK}\g<0>", text)


def address(label, href):
    return f"{OPEN}{label}{LEADS_TO}{href}{CLOSE}"


def signs(text):
    """The marked ones, in their order; an address is one too, and called "<"."""
    return [match[1] or "<" for match in _MARKED.finditer(text)]


def escaped(text, kept):
    """A marked text as Markdown, with only the signs escaped whose places, counted through all, are in `kept`."""
    kept, places = set(kept), iter(range(len(text)))

    def written(match):
        is_kept = next(places) in kept
        if match[1]:
            return _ESCAPES.get(match[1], f"\\{match[1]}") if is_kept else match[1]
        address, href = match[2], match[3]
        in_full = f"[{marked(address)}]({href})" if address.startswith("www.") else f"<{address}>"
        return in_full.replace(MARK, "\\") if is_kept else address

    return _MARKED.sub(written, text)


def that_matter(text):
    """A marked text without the marks of signs that can't mean anything where they stand."""
    return _LINE.sub(lambda line: _MARKED.sub(_if_it_matters, line[0]), text)


def _if_it_matters(match):
    if not match[1]:
        return match[0]
    before = match.string[max(0, match.start() - _NEAR) : match.start()].replace(MARK, "")
    after = match.string[match.end() : match.end() + _NEAR].replace(MARK, "")
    return match[0] if _matters(match[1], before, after) else match[1]


def _matters(sign, before, after):
    """Whether a sign could be read as Markdown between what stands before and behind it in its line."""
    at_start = not before.strip(f" {sign}|:")
    if sign in "+=>?":
        return at_start
    if sign == "-":
        return at_start or not before.strip(" -|:")
    if sign == "#":
        return at_start or not after.strip(" #")
    if sign in ".)":
        return before.strip().isdecimal() or (sign == "." and before[-3:].lower() == "www")
    if sign in "*_":
        alone = before[-1:] in ("", " ") and after[:1] in ("", " ")
        return at_start or not (alone or (sign == "_" and before[-1:].isalnum() and after[:1].isalnum()))
    if sign == "~":
        return before[-1:] == "~" or after[:1] == "~"
    if sign == ":":
        return at_start or before[-5:].lower().endswith(("http", "https")) or not before.strip(" -|:")
    if sign == "&":
        return bool(re.match(r"#?\w+;", after))
    if sign == "!":
        return at_start or after[:1] in ("[", OPEN)
    if sign == "^":
        return after[:1] in ("[", OPEN)
    if sign == "\\":
        return after[:1] in ("", *string.punctuation, OPEN)
    if sign == "@":
        return bool(re.search(r"[\w.+-]$", before) and re.match(r"\w", after))
    if sign == "<":
        return bool(re.match(r"[\w/!?.]", after))
    return True
