"""How text becomes words that can be compared: pure functions, no database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faq.search import analysis, query
from faq.search.stemming import stem


def forms(text, compounds=True):
    return [word.form for word in analysis.words(text) if compounds or not word.compound]


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("Verlängerung", "verlangerung"),
        ("Verlaengerung", "verlangerung"),
        ("VERLÄNGERUNG", "verlangerung"),
        ("Verla\u0308ngerung", "verlangerung"),
        ("Verlän\u00adge\u00adrung", "verlangerung"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("Geräte", "gerate"),
        ("Geraete", "gerate"),
        ("Fülllizenz", "fulllizenz"),
        ("Quelle", "quelle"),
        ("neue", "neue"),
        ("Steuer", "steuer"),
        ("Café", "cafe"),
        ("ﬁnden", "finden"),
        ("Ｏ３６５", "o365"),
    ],
)
def test_spellings_of_one_word_compare_alike(written, compared):
    assert analysis.fold(written) == compared


@pytest.mark.parametrize(
    "family",
    [
        "verlängern verlängert Verlängerung Verlängerungen verlaengern",
        "stornieren storniert storniere Stornierung Stornierungen Storno Stornos",
        "freischalten freigeschaltet freizuschalten Freischaltung",
        "aktivieren Aktivierung aktiviert aktiv",
        "bestellen Bestellung bestellt Bestellungen bestellte",
        "anmelden Anmeldung angemeldet anzumelden",
        "zurückgeben zurückgegeben zurückzugeben",
        "kündigen Kündigung gekündigt",
        "Gerät Geräte Geräten",
        "Konto Konten Kontos",
        "Risiko Risiken",
        "Jahr Jahre jährlich",
        "gehörlos gehörlose gehörlosen",
        "Export exportieren exportiert",
        "Funktion Funktionen funktionieren",
        "Schule Schulen",
        "möglich Möglichkeit Möglichkeiten",
        "Key Keys",
    ],
)
def test_a_family_of_words_has_one_stem(family):
    assert len({stem(analysis.fold(word)) for word in family.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Laufzeit", "Lieferzeit"), ("OC", "OV"), ("OV", "OVS"), ("Papier", "Pappe"), ("Vertrag", "Auftrag")],
)
def test_different_words_keep_different_stems(one, other):
    assert stem(analysis.fold(one)) != stem(analysis.fold(other))


def test_short_acronyms_and_words_with_digits_are_their_own_stem():
    assert [stem(word) for word in ("ovs", "gov", "o365", "oc")] == ["ovs", "gov", "o365", "oc"]


def test_a_word_with_a_hyphen_is_read_in_parts_and_as_one():
    assert forms("Lizenz-Spezialisten") == ["lizenz", "spezialisten", "lizenzspezialisten"]


def test_a_product_written_without_its_blank_is_the_same_two_words():
    assert forms("Office365")[:2] == forms("Office 365") == ["office", "365"]


@pytest.mark.parametrize(
    "written",
    [
        "05744 - 944 194",
        "05744 944194",
        "05744/944-194",
        "(05744) 944194",
        "+49 5744 944194",
        "+49 (0) 5744 / 944 194",
        "0049 5744 944194",
        "05744944194",
    ],
)
def test_a_phone_number_is_the_same_in_any_spelling(written):
    assert analysis.phone_number(written) == "05744944194"


def test_every_run_of_a_phone_numbers_groups_can_be_found():
    read = set(forms("Tel. 05744 - 944 194."))
    assert {"05744944194", "944194", "05744944", "5744944194", "194"} <= read


@pytest.mark.parametrize("text", ["24 Stunden", "0365 Setup", "1.2.2021", "Frage 05744 944194"])
def test_other_numbers_are_not_phone_numbers(text):
    assert analysis.phone_number(text) is None


def test_words_know_where_they_stand_in_the_text():
    text = "Für Ver\u00adträge: „Open-Value“"
    assert [text[word.start : word.end] for word in analysis.words(text)] == [
        "Für",
        "Ver\u00adträge",
        "Open",
        "Value",
        "Open-Value",
    ]


@given(st.text())
def test_any_text_can_be_read(text):
    for word in analysis.words(text):
        assert word.form.isalnum()
        assert len(word.form) <= analysis.LONGEST
        assert 0 <= word.start < word.end <= len(text)


def test_words_that_say_nothing_are_left_out_of_a_question():
    parsed = query.parse("Wie kann ich denn bitte meine Bestellung stornieren?")
    assert [word.form for word in parsed.words] == ["bestellung", "stornieren"]


def test_words_that_say_nothing_count_where_there_are_no_others():
    assert [word.form for word in query.parse("wer ist das").words] == ["wer", "ist", "das"]


def test_quotes_make_a_phrase_and_a_minus_excludes():
    parsed = query.parse("„Open Value“ Vertrag -Schulen")
    assert parsed.phrases == [("ope", "valu")]
    assert parsed.excluded == {"schul"}
    assert [word.form for word in parsed.words] == ["open", "valu", "vertrag"]


def test_a_dash_before_digits_belongs_to_the_number():
    parsed = query.parse("05744 -944 194")
    assert not parsed.excluded
    assert [word.form for word in parsed.words] == ["05744944194"]


def test_a_long_query_is_cut_and_says_so():
    assert query.parse("a" * 5000).shortened
    assert query.parse(" ".join(f"nr{i}" for i in range(20))).shortened
    assert not query.parse("Bestellung stornieren").shortened


def test_the_last_word_may_be_unfinished_unless_something_follows_it():
    assert query.parse("Bestellung stor").typing
    assert not query.parse("Bestellung stornieren?").typing


@given(st.text())
def test_any_query_can_be_read(text):
    parsed = query.parse(text)
    assert len(parsed.words) <= query.MOST_WORDS
    assert len(parsed.text) <= query.LONGEST
