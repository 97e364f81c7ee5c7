"""What a document says and no proposal does is named, whatever it was that lost it."""

import pytest

from faq import sources
from faq.cutting.proposals import Proposal
from faq.cutting.whole import lost
from tests import clipboards
from tests.sources.test_reading import CUTS, read

pytestmark = pytest.mark.django_db
# What nobody sees there, a field and its button, and what was deleted or remarked in Word.
LOST_OF_CLIPBOARDS = {"chrome-seite": 1, "firefox-formular": 1, "word-fussnote": 2}


@pytest.mark.parametrize(
    ("html", "words", "expected"),
    [
        ("<p>Eins. Zwei fehlt.</p>", "Eins.", ("Zwei fehlt.",)),
        ("<p>Eins. Zwei.</p>", "Eins. Zwei.", ()),
        ("<ul><li>eins</li><li>zwei</li></ul>", "eins", ("zwei",)),
        ("<p>Zwei. Eins.</p>", "Eins.\nZwei.", ()),
        ("<p>Der Rahmen&shy;vertrag kostet 5&nbsp;&euro; je m<sup>2</sup>.</p>", "Der Rahmenvertrag kostet 5 € je m².", ()),
        ("<head><style>p { color: red }</style></head><p>Eins.</p><!-- Zwei. -->", "Eins.", ()),
        ("<p>1. Schritt: <b>Anrufen</b></p>", "Anrufen", ()),
    ],
)  # fmt: skip
def test_a_sentence_that_stands_in_no_proposal_is_named(html, words, expected):
    assert lost(html, [Proposal("question", words=words)]) == expected


@pytest.mark.parametrize("name", CUTS)
def test_of_documents_nothing_is_lost(name):
    assert read(name).lost == ()


@pytest.mark.parametrize("name", clipboards.NAMES)
def test_of_what_is_pasted_nothing_is_lost_that_one_sees(name):
    source = sources.read_html(clipboards.html(name, "https://example.org"))
    assert len(source.lost) == LOST_OF_CLIPBOARDS.get(name, 0), source.lost
