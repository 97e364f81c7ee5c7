"""What buttons and keys make of a Markdown text, by how the portal shows it before and after."""

import random

import pytest

from tests import markdown_buttons
from tests.markdown_buttons import KEYS, WANTED


@pytest.mark.parametrize("button", [*WANTED, *KEYS])
def test_a_button_makes_what_it_names_and_leaves_the_rest_wherever_the_cursor_is(chromium, button):
    """A sample of all texts and places; `python -m benchmarks.buttons` tries more."""
    some = markdown_buttons.cases(random.Random(button), 120, [button])
    assert markdown_buttons.problems(chromium, some) == []


EXAMPLES = [
    # The text, `^` the cursor or `[` and `]` around what is marked; the button; the text then.
    ("Sie brauchen:^", "list", "Sie brauchen:\n\n- [Punkt]"),
    ("Sie brauchen:^", "numbered", "Sie brauchen:\n\n1. [Punkt]"),
    ("Text^", "list", "- Text^"),
    ("Preise:^", "table", "Preise:\n\n| [Spalte] | Spalte |\n| --- | --- |\n| Wert | Wert |"),
    ("[eins\nzwei]", "list", "- [eins\n- zwei]"),
    ("- [eins\n- zwei]", "list", "[eins\nzwei]"),
    ("[- a\n  - b\n- c]", "numbered", "[1. a\n   1. b\n2. c]"),
    ("1. a\nb^", "numbered", "1. a\n2. b^"),
    ("[eins\nzwei]", "hinweis", "!!! hinweis\n    [eins\n    zwei]"),
    ("!!! hinweis\n    [eins\n    zwei]", "hinweis", "[eins\nzwei]"),
    ("!!! hinweis\n    eins^", "achtung", "!!! achtung\n    eins^"),
    ("a\n[b\nc]\nd", "achtung", "a\n\n!!! achtung\n    [b\n    c]\n\nd"),
    ("[a\nb]", "codeblock", "```\n[a\nb]\n```"),
    ("a[ Wort ]b", "bold", "a **[Wort]** b"),
    ("ein Wo^rt hier", "bold", "ein **[Wort]** hier"),
    ("ein **Wo^rt** hier", "bold", "ein Wo^rt hier"),
    ("**a [b] c**", "bold", "**a** [b] **c**"),
    ("[a\n- b\n\nc]", "bold", "**[a**\n- **b**\n\n**c]**"),
    ("x [„Frist:“]y", "bold", "x **[„Frist:]**“y"),
    ("^", "hinweis", "!!! hinweis\n    [Text]"),
    ("- a^", "newline", "- a\n- ^"),
    ("- a\n- ^", "newline", "- a\n\n^"),
    ("1. a^\n2. b", "newline", "1. a\n2. ^\n3. b"),
    ("- a\n  - ^", "newline", "- a\n- ^"),
    ("- a\n- ^\n- b", "newline", "- a\n\n^\n\n- b"),
    ("Text\n- ^", "newline", "Text\n\n^"),
    ("- a\n- ^", "tab", "- a\n  - ^"),
    ("- a\n  - ^", "untab", "- a\n- ^"),
    ("> a^", "newline", "> a\n> ^"),
    ("> a\n> ^", "newline", "> a\n\n^"),
    ("!!! hinweis\n    a^", "newline", "!!! hinweis\n    a\n    ^"),
    ("!!! hinweis\n    a\n    ^", "newline", "!!! hinweis\n    a\n\n^"),
    ("| a | b |\n|---|---|\n| 1^ | 2 |", "newline", "| a | b |\n|---|---|\n| 1 | 2 |\n| ^ |  |"),
    ("- a\n[- b\n- c]", "tab", "- a\n  [- b\n  - c]"),
    ("1. a\n2. b^\n3. c", "tab", "1. a\n   1. b^\n2. c"),
    ("1. a\n   1. b^\n   2. c", "untab", "1. a\n2. b^\n   1. c"),
    ("| a^ | b |\n|---|---|\n| 1 | 2 |", "tab", "| a | [b] |\n|---|---|\n| 1 | 2 |"),
    ("| a | b |\n|---|---|\n| [1] | 2 |", "untab", "| a | [b] |\n|---|---|\n| 1 | 2 |"),
    ("| a | b |\n|---|---|\n| 1 | 2^ |", "tab", "| a | b |\n|---|---|\n| 1 | 2 |\n| ^ |  |"),
    ("- a\n\t- b^", "newline", "- a\n    - b\n    - ^"),
    ("[- a\n\t- b]", "numbered", "[1. a\n     1. b]"),
    ("Text^", "tab", "Text^"),
    ("Text^", "newline", "Text^"),
]  # fmt: skip


def test_buttons_and_keys_do_what_they_say(chromium):
    cases = [_read(text) | {"button": button} for text, button, _ in EXAMPLES]
    made = markdown_buttons.run(chromium, cases)
    found = [(text, button, _written(state)) for (text, button, _), state in zip(EXAMPLES, made, strict=True)]
    assert found == [(text, button, _written(_read(wanted))) for text, button, wanted in EXAMPLES]


def _read(marked):
    if "^" in marked:
        return {"text": marked.replace("^", ""), "start": marked.index("^"), "end": marked.index("^")}
    before, _, rest = marked.partition("[")
    inside, _, behind = rest.partition("]")
    return {"text": before + inside + behind, "start": len(before), "end": len(before + inside)}


def _written(state):
    return [state["text"], state["start"], state["end"]]
