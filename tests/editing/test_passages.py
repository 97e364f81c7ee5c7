"""What one comments on in a text, and where that stands once the text is another one."""

from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faq.editing.passages import LONGEST, Block, Passage, Text, blocks, pieces

TABLE = '<div class="scroll" tabindex="0"><table><tbody>\n<tr>\n<td>OLP</td>\n<td>ab <em>5</em></td>\n</tr>\n</tbody></table></div>'


def text_of(*paragraphs, place=""):
    """A text of these paragraphs, in one place."""
    return Text(blocks(pieces("".join(f"<p>{words}</p>" for words in paragraphs), place)))


def found_in(text, passage):
    """The words of the block in which a passage is found, whether they are others by now, and the words themselves."""
    found = text.find(passage)
    return found and (found.block.words, found.is_reworded, found.block.words[found.start : found.end])


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<h3>Titel</h3><p>Ein <strong>Satz</strong>\nmehr.</p>", ["Titel", "Ein Satz mehr."]),
        ("<ul>\n<li>Eins\n<ul>\n<li>Tief</li>\n</ul>\n</li>\n<li><p>Zwei</p>\n<p>Drei</p></li>\n</ul>", ["Eins", "Tief", "Zwei", "Drei"]),
        (f"<p>A</p>{TABLE}<p>B</p>", ["A", "OLP ab 5", "B"]),
        ('<div class="hinweis"><p>Hinweis</p><p>Halt &amp; Stopp</p></div>', ["Hinweis", "Halt & Stopp"]),
        ('<pre tabindex="0"><code>eins  zwei\n&lt;p&gt;</code></pre><hr>', ["eins zwei <p>"]),
        ("<blockquote>\n<p>Zitat<br>weiter</p>\n</blockquote>", ["Zitat weiter"]),
        ('<figure class="picture"><img src="/x" alt="Ein Fenster"><figcaption>So</figcaption></figure>', ["Ein Fenster So"]),
        ("<p></p><p> </p>", []),
    ],
)  # fmt: skip
def test_each_block_can_be_commented_on_and_says_what_readers_see(html, words):
    found = list(blocks(pieces(html)))
    assert [block.words for block in found] == words
    assert len({block.number for block in found}) == len(found)
    together = "".join(
        piece
        if isinstance(piece, str)
        else "".join(getattr(part, "html", part) for part in getattr(piece, "pieces", [piece]))
        for piece in pieces(html)
    )
    assert together == html


@pytest.mark.parametrize(
    ("html", "words", "marked"),
    [
        ("<p>Ein Satz mehr.</p>", "Satz", "<p>Ein <mark>Satz</mark> mehr.</p>"),
        ("<p>Ein <em>sehr</em> langer</p>", "Ein sehr lang", "<p><mark>Ein </mark><em><mark>sehr</mark></em><mark> lang</mark>er</p>"),
        ("<p>A &amp; B &lt;i&gt;</p>", "& B <", "<p>A <mark>&amp; B &lt;</mark>i&gt;</p>"),
        ("<p>\n  eins\n  zwei drei</p>", "zwei", "<p>\n  eins\n  <mark>zwei</mark> drei</p>"),
        ("<tr>\n<td>A b</td>\n<td>c D</td>\n</tr>", "b c", "<tr>\n<td>A <mark>b</mark></td>\n<td><mark>c</mark> D"),
    ],
)  # fmt: skip
def test_the_words_are_marked_within_the_tags_around_them(html, words, marked):
    block = Block(html)
    found = Text([block]).find(Text([block]).passage("", 1, words))
    block.found.append(found)
    assert block.marked == marked


FIRST = "Die Lieferzeit beträgt in der Regel fünf Stunden."
SECOND = "Danach bekommen Sie die Auftragsbestätigung als PDF."
THIRD = "Bei Fragen hilft das Lizenzteam gern weiter."
MOVES = {
    "nothing": ([FIRST, SECOND, THIRD], SECOND, False),
    "a paragraph before it is new": (["Ganz neu.", FIRST, SECOND, THIRD], SECOND, False),
    "all around it is another": (["Anders.", SECOND, "Auch anders."], SECOND, False),
    "it stands elsewhere": ([SECOND, THIRD, FIRST], SECOND, False),
    "its sentence goes on": ([FIRST, f"Wichtig: {SECOND} Bitte aufheben.", THIRD], f"Wichtig: {SECOND} Bitte aufheben.", False),
    "a word is another": ([FIRST, SECOND.replace("als PDF", "per E-Mail")], SECOND.replace("als PDF", "per E-Mail"), True),
    "it is shorter": ([FIRST, "Danach bekommen Sie die Auftragsbestätigung."], "Danach bekommen Sie die Auftragsbestätigung.", True),
}  # fmt: skip


@pytest.mark.parametrize("move", MOVES)
def test_a_passage_is_found_again_as_long_as_it_is_there(move):
    paragraphs, block, is_reworded = MOVES[move]
    passage = text_of(FIRST, SECOND, THIRD).passage("", 2)
    words = "" if is_reworded else SECOND
    assert found_in(text_of(*paragraphs), passage) == (block, is_reworded, words)


@pytest.mark.parametrize(
    "paragraphs", [[], [FIRST, THIRD], [FIRST, "Die Rechnung kommt am Ersten des Monats mit der Post.", THIRD], ["Ja."]]
)
def test_a_passage_that_is_gone_is_found_nowhere(paragraphs):
    assert text_of(*paragraphs).find(text_of(FIRST, SECOND, THIRD).passage("", 2)) is None


def test_a_few_words_that_are_gone_are_not_found_in_others_by_chance():
    passage = text_of("Bitte bis Montag, und zwar schriftlich.").passage("", 1, "Montag")
    assert text_of("Bitte bald.", "Am Montagmorgen ist zu, montags auch.").find(passage) is None
    assert found_in(text_of("Bitte bis zum Montag."), passage) == ("Bitte bis zum Montag.", False, "Montag")


def test_of_words_that_stand_there_several_times_those_are_found_that_were_meant():
    before = text_of("Erst anrufen, dann bestellen.", "Zuletzt anrufen, dann bezahlen.", "Nie anrufen, nur schreiben.")
    passage = before.passage("", 2, "anrufen")
    after = text_of("Nie anrufen, nur schreiben.", "Zuletzt anrufen, dann überweisen.", "Erst anrufen, dann bestellen.")
    assert found_in(after, passage)[0] == "Zuletzt anrufen, dann überweisen."
    twice = text_of("Ja oder ja und nochmals ja?")
    assert [
        twice.find(twice.passage("", 1, "ja", ahead)).start for ahead in ("Ja oder ", "Ja oder ja und nochmals ")
    ] == [8, 24]


def test_the_same_words_of_two_steps_stay_each_in_its_own():
    def steps(*names):
        return Text(
            block for name in names for block in blocks(pieces(f"<h4>{name}</h4><p>Bitte rufen Sie uns an.</p>", name))
        )

    passage = steps("eins", "zwei").passage("zwei", 2)
    assert steps("zwei", "eins").find(passage).block.place == "zwei"
    assert (
        steps("eins", "drei").find(passage).block.place == "eins"
    )  # that step is gone, and its words stand in another
    moved = Text(blocks(pieces(f"<p>{SECOND}</p>", "neu")))
    assert moved.find(Passage("alt", SECOND)).block.place == "neu"


@pytest.mark.parametrize(
    ("number", "words", "quote"),
    [(1, "", "Eins & zwei."), (1, "zwei", "zwei"), (1, " Eins\n & ", "Eins &"), (1, "gibt es nicht", "Eins & zwei.")],
)
def test_a_passage_is_a_block_or_the_words_of_it_that_were_selected(number, words, quote):
    assert text_of("Eins &amp; zwei.", "Drei.").passage("", number, words).quote == quote


def test_what_is_no_block_is_no_passage():
    assert text_of("Eins.").passage("", 7) is None
    assert text_of("Eins.").passage("anderswo", 1) is None
    assert Text([]).find(Passage("", "Eins.")) is None
    assert text_of("Eins.").find(Passage()) is None


def test_of_a_long_block_the_beginning_is_quoted_and_found():
    long = "Wort und wieder Wort. " * 200
    text = text_of("Davor.", long, "Danach.")
    passage = text.passage("", 2)
    assert len(passage.quote) == LONGEST
    assert text.find(passage).is_whole


def test_a_text_that_somebody_made_to_be_slow_is_given_up_in_time():
    hostile = Text(block for n in range(50) for block in blocks(pieces(f"<p>{'ab ' * 16_000}</p>", str(n))))
    begins = monotonic()
    for n in range(200):
        hostile.find(Passage("0", "ab " * 150 + "x" * n, "ba", "ab"))
        hostile.find(Passage("9", "b", "x", "y"))
    assert monotonic() - begins < 20


SENTENCES = st.lists(st.text("abcdefgh ä<&", min_size=25, max_size=60).map(str.strip), min_size=1, max_size=6)


@given(SENTENCES, SENTENCES, SENTENCES, SENTENCES, st.text("xyz", min_size=20, max_size=40), st.data())
def test_a_passage_survives_whatever_is_edited_elsewhere_in_the_text(ahead, behind, new_ahead, new_behind, words, data):
    sentence = f"Hier {words} steht."
    start = data.draw(st.integers(0, len(sentence) - 16))
    end = data.draw(st.integers(start + 16, len(sentence)))

    def text(*sentences):
        return text_of(*(s.replace("&", "&amp;").replace("<", "&lt;") for s in sentences))

    before = text(*ahead, sentence, *behind)
    passage = before.passage("", len(ahead) + 1, sentence[start:end], sentence[:start])
    found = text(*new_ahead, sentence, *new_behind).find(passage)
    assert (found.block.words, found.block.words[found.start : found.end]) == (sentence, passage.quote)
