"""HTML of the portal's own texts becomes Markdown that says the same."""

import os
import re
import string
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st

from faq import markup
from faq.content.from_html import markdown_of, markdown_of_clipboard
from faq.content.html_shape import shape
from faq.content.html_tree import parsed
from tests.generated import bodies

# `python -m benchmarks.pasting` asks for more, and others each time.
EXAMPLES = int(os.environ.get("EXAMPLES", "200"))
SOME = hypothesis.settings(
    max_examples=EXAMPLES, deadline=None, derandomize="EXAMPLES" not in os.environ, database=None
)
CONTENT = Path(__file__).resolve().parents[2] / "content"


def same(text):
    """The Markdown for the HTML of a text, which looks the same and needs nothing left out."""
    html = markup.render(text)
    made = markdown_of(html)
    assert shape(parsed(markup.render(made.text))) == shape(parsed(html)), made.text
    assert not made.left_out
    return made.text


def texts():
    for file in CONTENT.rglob("*.md"):
        yield file.read_text().split("\n---\n", 1)[-1]


@pytest.mark.parametrize("text", [*texts()])
def test_each_text_of_ours_says_the_same_on_its_way_back(text):
    same(text)


HOSTILE = st.lists(
    st.sampled_from([*string.punctuation, *" ab1ä\n„", "  ", "1. ", "- ", "**", "](", "faq:x", "www.a.de", "&amp;", "!!! hinweis\n    ", "\n\n", "\n    "]),
    max_size=40,
).map("".join)  # fmt: skip


@SOME
@hypothesis.given(bodies | HOSTILE)
def test_whatever_is_accepted_says_the_same_on_its_way_back(text):
    try:
        html = markup.render(text)
    except markup.MarkupError:
        hypothesis.reject()
    hypothesis.assume(
        not re.search(r'href="[^"]*\\', html)
    )  # no address has a backslash: it is written as %5C from then on
    same(text)


@pytest.mark.parametrize(
    "text",
    [
        "a*b, snake_case, 3. Mai, # 5, 2 < 3, R&D, „a“ – b … [1] ~ 5 €, C:\\Daten\\neu, (a) b), 1) c!",
        "\\# keine Überschrift",
        "\\- kein Punkt",
        "1\\. Mai",
        "\\*kursiv\\* ist das nicht, \\`Code\\` auch nicht",
        "\\!!! hinweis",
        "\\---",
        "&amp;lt; und &amp;copy;",
        "\\[Text](faq:anker)",
        "https://example.org/a_b*c, www.example.org und team@example.org",
        "| a | b |\n| :---: | ---: |\n| `x\\|y` | \\| |\n|  | c |",
        "!!! hinweis\n    Text\n\n    - a\n    - b",
        '!!! achtung "Bis *31. März*"\n    Text',
        "- a\n  - b\n    1. c\n    2. d\n- e",
        "1. a\n\n   ```\n   code\n   ```\n\n2. b",
        "7. a\n8. b",
        "- a\n\n* b",
        "***a* b** ~~c~~ `` `d` `` [](faq:x) [e](kontakt:y) [f](datei:z#q)",
        "> a\n>\n> - b\n>\n> c\n\n---\n\n## d\n\nerste\\\nzweite Zeile",
    ],
)
def test_what_reads_well_stays_as_it_was_written(text):
    assert same(text) == text


TAGS = "p div b i s em strong u span h1 h2 h3 ul ol li table tr td th blockquote pre code br hr sup del font".split()
STYLES = (
    "font-weight:700",
    "font-weight:400",
    "font-style:italic",
    "mso-list:l0 level1 lfo1",
    "mso-list:l0 level2 lfo1",
    "display:none",
)
WORDS = st.sampled_from(
    "Wort a*b _x_ #\xa0y 1.\xa0z | ` &amp; &lt;b&gt; (neu) Frist: „q“ https://x.de/a_b -\xa0a •\xa0b \\ !!! [^1] ---".split(
        " "
    )
)
PASTED = st.recursive(
    WORDS | st.just(" "),
    lambda inner: st.builds(
        '<{0} style="{1}" colspan=2>{2}</{0}>'.format, st.sampled_from(TAGS), st.sampled_from(STYLES), st.lists(inner, max_size=4).map("".join)
    ),
    max_leaves=15,
)  # fmt: skip


@SOME
@hypothesis.given(st.lists(PASTED, min_size=1, max_size=5).map("".join))
def test_whatever_is_pasted_becomes_a_text_that_is_accepted(html):
    markup.render(markdown_of_clipboard(html, "https://portal.example.org").text)
