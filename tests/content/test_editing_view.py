"""What one edits as it will look is written back block by block: what nobody touched keeps its bytes, and of a sentence its other words."""

import random
import re
from html import escape, unescape

import hypothesis
import pytest
from django.conf import settings

from benchmarks import dialect
from faq import markup
from faq.content import folder
from faq.content.editing_view import Part, shown, written
from faq.content.from_html import NotWritten
from tests.content.test_dialect import ARTICLES
from tests.generated import bodies

WORD = re.compile(r"(?<=[ >])[A-Za-zäöü]{3,}(?=[ .,<])(?![^<]*>)")
PICTURES = [
    '![Fenster mit \\[Liste\\]](bild:fenster "Die \\"Liste\\"")',
    "Ein Satz mit ![Knopf](bild:fenster) darin.",
    "![Knopf](bild:fenster)![Knopf](bild:fenster) **![](bild:fenster)**",
    "* eins\n\n  ![Fenster](bild:fenster  'Unten')\n* zwei",
    "1. ![Fenster](bild:fenster)\n2. zwei\n   - ![Knopf](bild:fenster)",
    "!!! achtung\n    Text\n\n    ![Fenster](<bild:fenster>)",
    "> ![Fenster\n> mit Liste](bild:fenster)",
    '| a | b |\n|---|---|\n| ![Fenster \\| x](bild:fenster "U \\| V") | Wort |',
]
HOSTILE = [
    *PICTURES,
    "a  \nb\\\nc",
    "* * a",
    "- \n- b",
    "1. x\n1. y\n\n7) z",
    "\n\na\n\n\n\nb\n",
    "[a][1] und dann [b]\n\n[1]: https://a.de\n[b]: <https://b.de> 'so'\n\nEnde",
    "[1]: https://a.de\n\nNach [dem][1] Wort.",
    '!!! achtung "Selbst *so*"\n    x\n\n    - y\n      und z',
    '!!! hinweis ""\n    **nur dies**',
    "__fett__ und _kursiv_, `` a`b ``",
    "a\\*b &amp; &copy; <b>x</b>",
    "[](faq:stornierung) und [x **y** z](faq:stornierung 'T')",
    "a | b\n:-: | --:\n**x** `y\\|z` | [z](https://a.de)\n | q",
    "| a |\n|---|\n| \\| |",
    "+ a\n+ b\n\n    c\n\n      d",
    "> eins\nzwei\n\n> drei",
    "```py\n\na < b\n```",
    "Überschrift\n===\nText\n---\n# noch # eine #",
    "<https://a.de?b=1&c=2> team@x.de",
    "drei\tTabs\there",
]


def seeded():
    return [text for _, document in folder.read(settings.CONTENT_DIR).documents() for text, _ in document.texts()]


def changed(text, place, html):
    """The text whose block at `place` has become this HTML."""
    blocks = shown(text)[1]
    return written(text, [Part(block, html if block == place else None) for block in range(len(blocks))])


def one_word_changed(text, place):
    """The word, and the text in which it was replaced, as someone does who sees the block; None where there is none."""
    html = shown(text)[1][place].html
    words = list(WORD.finditer(html or ""))
    if not words:
        return None
    word = words[len(words) // 2]
    return word[0], changed(text, place, html[: word.start()] + "Zwergpinguin" + html[word.end() :])


@pytest.mark.parametrize("text", [*seeded(), *HOSTILE])
def test_opened_and_saved_a_text_stays_and_one_word_changes_that_word_alone(text):
    before, blocks = shown(text)
    assert before + "".join(block.source + block.after for block in blocks) == text
    assert written(text, [Part(place) for place in range(len(blocks))]) == text
    for place, block in enumerate(blocks):
        assert block.html is not None
        assert changed(text, place, block.html) == text
        if found := one_word_changed(text, place):
            word, result = found
            assert result.replace("Zwergpinguin", word) == text
            assert result.count("Zwergpinguin") == 1


@hypothesis.settings(max_examples=500, deadline=None, derandomize=True, database=None)
@hypothesis.given(bodies)
def test_the_same_of_whatever_there_may_be(text):
    before, blocks = shown(text)
    assert before + "".join(block.source + block.after for block in blocks) == text
    assert written(text, [Part(place) for place in range(len(blocks))]) == text
    if not blocks:
        return
    place = random.Random(text).randrange(len(blocks))
    assert changed(text, place, blocks[place].html) == text
    if (found := one_word_changed(text, place)) and found[0] not in (
        "Hinweis",
        "Achtung",
    ):  # a callout's own title gets quotes
        word, result = found
        assert result.replace("Zwergpinguin", word) == text


def test_the_same_of_articles_and_of_each_feature_at_each_place():
    texts = [text for _, _, text, _ in random.Random(5).sample(list(dialect.cases()), 400)] + list(ARTICLES.values())
    for text in texts:
        blocks = shown(text)[1]
        assert written(text, [Part(place) for place in range(len(blocks))]) == text
        for place, block in enumerate(blocks[:3]):
            if block.html is not None:
                assert changed(text, place, block.html) == text


@pytest.mark.parametrize("text", PICTURES)
def test_of_a_picture_that_was_described_otherwise_its_words_change_alone(text):
    for place, block in enumerate(shown(text)[1]):
        html = re.sub(r'alt="([^"]*)"', r'alt="Anders \1"', block.html)
        assert changed(text, place, html) == text.replace("![", "![Anders ").replace("[Anders ]", "[Anders]")


WORDS = ["a ] b [c", "*a* _b_ `c` ~~d~~", "<b> & &amp; &quot;", "\\", "mit \"so\" und 'so'", "x) (y", "a|b", "! [x](y)"]


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize(
    "place", ["<p>{}</p>", "<p>Ein {} Satz</p>", "<ul><li><p>{}</p></li></ul>", "<table><tr><th>{}</th></tr></table>"]
)
def test_whatever_is_said_of_a_picture_is_written_so_that_it_says_that(place, words):
    image = f'<img src="bild:fenster" alt="{escape(words)}" title="{escape(words[::-1])}">'
    link = markup.links(markup.render(written("", [Part(html=place.format(image))])))[0]
    assert (unescape(link.label), unescape(link.title)) == (words, words[::-1])


THREE = "Erstens *so*.\n\n* eins\n* zwei\n\n[1]: https://a.de\n\nDrittens [dort][1]."


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ([Part(0), Part(2)], "Erstens *so*.\n\nDrittens [dort][1].\n\n[1]: https://a.de"),
        ([Part(2), Part(0), Part(1)], "Drittens [dort][1].\n\nErstens *so*.\n\n* eins\n* zwei\n\n[1]: https://a.de"),
        (
            [Part(0), Part(html="<p>Neu <strong>hier</strong></p>"), Part(1), Part(2)],
            THREE.replace("\n\n* eins", "\n\nNeu **hier**\n\n* eins"),
        ),
        (
            [
                Part(0),
                Part(1, "<ul data-tight><li><p>eins</p></li><li><p>und</p></li><li><p>zwei</p></li></ul>"),
                Part(2),
            ],
            THREE.replace("* zwei", "* und\n* zwei"),
        ),
        ([Part(0, "<h2>Erstens <em>so</em>.</h2>"), Part(1), Part(2)], f"## {THREE}"),
        ([Part(0), Part(1), Part(2), Part(source="!!! hinweis\n    Roh")], f"{THREE}\n\n!!! hinweis\n    Roh"),
        ([], "[1]: https://a.de"),
    ],
    ids=["deleted", "moved", "new", "new item", "other kind", "as Markdown", "all gone"],
)
def test_what_was_done_to_blocks_is_all_that_changes(parts, text):
    assert written(THREE, parts).strip("\n") == text


def test_addresses_that_are_typed_become_links_and_those_that_were_none_stay_so():
    typed = "<p>Siehe https://a.de/x?b=1, www.b.de/y. Oder team@c.de; <code>https://d.de</code></p>"
    assert written("Wort.", [Part(0, typed)]) == "Siehe https://a.de/x?b=1, www.b.de/y. Oder team@c.de; `https://d.de`"
    assert shown("Siehe https://a.de/x?b=1, www.b.de/y. Oder team@c.de; `https://d.de`")[1][0].html.count("<a ") == 3
    assert written("So: https\\://a.de hier", [Part(0, "<p>So: https://a.de dort</p>")]) == "So: https\\://a.de dort"


def test_a_list_behind_another_one_stays_a_list_of_its_own():
    text = "- a\n\nDazwischen\n\n- b"
    result = written(text, [Part(0), Part(2)])
    assert [block.html for block in shown(result)[1]] == [shown(text)[1][place].html for place in (0, 2)]


def test_what_is_refused_is_shown_as_it_is_written_and_the_rest_as_it_will_look():
    text = "Gut so.\n\n![Bild](bild.png)\n\nAuch *gut*."
    blocks = shown(text)[1]
    assert [block.html is None for block in blocks] == [False, True, False]
    assert written(text, [Part(0), Part(1, source="Ohne Bild."), Part(2)]) == text.replace(
        blocks[1].source, "Ohne Bild."
    )


@pytest.mark.parametrize("part", [Part(7), Part(-1)])
def test_blocks_of_another_text_are_refused(part):
    with pytest.raises(NotWritten):
        written("Ein Absatz.", [part])
