"""What people write is read as GitHub reads it, or refused with its line and what to do instead: nothing is shown as something else."""

import random
import time
from itertools import islice
from pathlib import Path

import pytest
from django.conf import settings

from benchmarks import dialect
from faq import importing, markup
from faq.content import folder

ARTICLES = dict(
    part.split("\n", 1) for part in (Path(__file__).parents[1] / "data" / "articles.md").read_text().split("%%% ")[1:]
)


def problems(text):
    with pytest.raises(markup.MarkupError) as refused:
        markup.render(text)
    return [(problem.line, problem.message) for problem in refused.value.problems]


def test_each_feature_at_each_place_is_read_as_github_reads_it_or_refused():
    """A sample of what `python -m benchmarks.dialect` tries."""
    cases = list(dialect.cases())
    assert len(cases) > 2000
    silent = []
    for _, _, text, expect in islice(random.Random(7).sample(cases, len(cases)), 1200):
        what, found = dialect.outcome(text, expected := expect())
        silent += [(text, expected, found)] if what == "silent" else []
    assert silent == []


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_as_people_write_them_is_read_as_github_reads_it_or_refused(name):
    text = ARTICLES[name].strip("\n")
    if "!!!" in text:
        text = "\n".join(line[4:] if line[:4] == "    " else line for line in text.split("\n") if line[:3] != "!!!")
    what, found = dialect.outcome(text, expected := dialect.reference(text))
    assert what != "silent", (expected, found)


def test_there_are_fifty_articles_and_most_of_them_are_shown():
    outcomes = [dialect.outcome(text.strip("\n"), dialect.reference(text.strip("\n")))[0] for text in ARTICLES.values()]
    assert len(outcomes) == 50
    assert outcomes.count("refused") < 20


def test_the_seeded_content_has_the_html_that_releases_before_gave_it():
    content = folder.read(settings.CONTENT_DIR)
    texts = [text for _, document in content.documents() for text, _ in document.texts()]
    assert len(texts) > 30
    assert [markup.render(text) for text in texts] == [markup.render_as_before(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Bitte mitbringen:\n- Ausweis\n- Vertrag", "<p>Bitte mitbringen:</p>\n<ul>\n<li>Ausweis</li>\n<li>Vertrag</li>\n</ul>"),
        ("So geht es:\n1) Anrufen\n2) Warten", "<ol>\n<li>Anrufen</li>\n<li>Warten</li>\n</ol>"),
        ("Preise:\n| a | b |\n|---|---|\n| 1 | 2 |", "<p>Preise:</p>\n<table>"),
        ("Ware | Preis\n--- | ---\n| Kabel | 3 € |", "<td>Kabel</td>\n<td>3 €</td>"),
        ("- oben\n  - unten\n- wieder oben", "<li>oben<ul>\n<li>unten</li>\n</ul>\n</li>"),
        ("1. oben\n   - unten", "<li>oben<ul>\n<li>unten</li>\n</ul>\n</li>"),
        ("1. oben\n    - unten", "<li>oben<ul>\n<li>unten</li>\n</ul>\n</li>"),
        ("1. eins\n- zwei", "</ol>\n<ul>"),
        ("- Seite öffnen\n\n  Sie ist blau.\n\n- Weiter", "<li>\n<p>Seite öffnen</p>\n<p>Sie ist blau.</p>\n</li>"),
        ("1. Tippen:\n\n   ```\n   eins\n     zwei\n   ```\n\n2. Lesen", "<pre><code>eins\n  zwei\n</code></pre>"),
        ("- Name\n- Ort\n-", "<li>Ort</li>\n<li></li>"),
        ("```ini title=\"a.ini\" hl_lines='2'\nx=1\n```\n\nText", "<pre><code>x=1\n</code></pre>\n<p>Text</p>"),
        ("```\nx\n``````\nText", "<pre><code>x\n</code></pre>\n<p>Text</p>"),
        ("```\na\tb\n```", "a\tb"),
        ("| a | b |\n|---|---|\n| `x \\| y` | `C:\\` |", "<td><code>x | y</code></td>\n<td><code>C:\\</code></td>"),
        ("`C:\\Temp\\`", "<code>C:\\Temp\\</code>"),
        ("~~alt~~ neu", "<p><del>alt</del> neu</p>"),
        ("Siehe https://example.org/a_b_c.", '<a href="https://example.org/a_b_c">https://example.org/a_b_c</a>.'),
        ("(https://example.org/x_(y))", '(<a href="https://example.org/x_(y)">https://example.org/x_(y)</a>)'),
        ("„https://example.org/x“", '„<a href="https://example.org/x">https://example.org/x</a>“'),
        ("www.example.org", '<a href="http://www.example.org">www.example.org</a>'),
        ("an team@example.org.", '<a href="mailto:team@example.org">team@example.org</a>.'),
        ("<team@example.org>", '<a href="mailto:team@example.org">team@example.org</a>'),
        ("[https://example.org](faq:x)", '<a href="faq:x">https://example.org</a>'),
        ("Zeile\\\nnächste", "Zeile<br>"),
        ("das**Wort**hier", "das<strong>Wort</strong>hier"),
        ("!!! hinweis\n    Bitte:\n    - a\n      - b\n\nDanach", "<li>a<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>\n</div>\n<p>Danach</p>"),
        ("- a\n\n    !!! achtung \"Frist\"\n        x", '<div class="achtung">\n<p><strong>Frist</strong></p>\n<p>x</p>\n</div>'),
    ],
)  # fmt: skip
def test_what_people_write_becomes(text, html):
    assert html in markup.render(text)


@pytest.mark.parametrize(
    ("text", "lines", "said"),
    [
        ("Gilt[^a] immer.\n\n[^a]: fast", [1, 3], "Fußnoten gibt es hier nicht"),
        ("- [ ] offen\n- [x] fertig\n\n1. [X] auch", [1, 2, 4], "Aufgabenlisten"),
        ("Text\n\n- a\n  <!-- nur intern -->", [4], "Kommentare"),
        ("x\n\n> [!TIP]\n> Text", [3], "!!! hinweis"),
        ('Text\n\n=== "Eins"\n    a\n\n=== "Zwei"\n    b', [3, 6], "Reiter"),
        ("??? frage\n    a\n\n???+ note\n    b", [1, 4], "Aufklappbares"),
        ("Begriff\n: Erklärung", [2], "Definitionslisten"),
        (":::note\nText\n:::", [1, 3], "!!! hinweis"),
        ("Text\n[hier][x] und [dort][]\n\n[y]: https://example.org", [2, 2], "führt nirgendwohin"),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n| 1 | 2 | 3 |", [4], "3 Zellen"),
        ("| a | b |\n|---|---|---|\n| 1 | 2 |", [1], "im Kopf 2 Spalten"),
        ("| a | b | c |\n|---|---|---|\n| `x | y` | z |", [3], "trennt | auch in Code"),
        ("| a | b |\n| 1 | 2 |", [1], "die Zeile mit den Strichen"),
        ("Text\n- ![a](a.png)\n\n![b][1] ![c](c.png)\n\n[1]: b.png", [2, 4], "Bilder von anderswo sind hier nicht"),
        ("`![a](b)`\n![a](b)", [2], "Bilder"),
        ("eins\n\n`[x](/y)`\n\nzwei\n[x](/y)", [6], "Unbekanntes Linkziel „/y“"),
        ("eins [x](https://)\n\n[y](https://)", [1, 3], "Unbekanntes Linkziel „https://“"),
        ("- a\n\n  ```\n  x\n\n- b", [3], "nicht geschlossen"),
        ("> ```\n> x\n\nText", [1], "nicht geschlossen"),
        ("eins\n\n!!! note\n    a\n\n!!! tip\n    b", [3, 6], "Unbekannter Kasten"),
        ("!!! hinweis Titel\n    a", [1], "Titel in Anführungszeichen"),
        ("a\n\n!!! hinweis\nText\n\n!!! achtung\n  Text", [3, 6], "um vier Leerzeichen eingerückt"),
        ("a\n[x](https://example.org/a b)\n[y](<https://example.org/c d>)", [2, 3], "steht ein Leerzeichen"),
        ("x\n\n<faq:x>", [3], "[Text](faq:anker)"),
        ("Text\n**Achtung:**Frist, **a** (**b**) **c**, d", [2], "Fett wird das so nicht"),
    ],
)  # fmt: skip
def test_what_there_is_not_is_named_on_each_of_its_lines(text, lines, said):
    found = problems(text)
    assert [line for line, message in found if said in message] == lines, found


@pytest.mark.parametrize(
    "text",
    [
        "`[^1]`",
        "```\n<!-- x -->\n- [ ] a\n```",
        "    ??? x",
        "\\[^1]",
        '!!! hinweis "Frist"\n\nText',
        "[ ] kein Punkt",
        "a[0]",
        "Mit : Punkt",
    ],
)
def test_what_is_code_or_merely_looks_alike_is_no_reason_to_refuse(text):
    markup.render(text)


FILE = """---
title: Was stimmt hier nicht?
position: vorn
kind: walkthrough
---

Vorab[^1].

### Anrufen

- Dauer:

![Telefon](t.png)

#

### Warten

[hier](https://) und [da](faq:nirgends)
"""


@pytest.mark.django_db
def test_all_that_is_wrong_in_a_folder_is_said_at_once_with_the_lines_of_its_files(tmp_path):
    (tmp_path / "k").mkdir()
    (tmp_path / "k" / "_category.md").write_text("---\ntitle: K\n---\n\nText <!-- intern -->\n")
    (tmp_path / "k" / "wie.md").write_text(FILE)
    (tmp_path / "_terms.yaml").write_text(
        '- slug: a\n  name: A\n  definition: |\n    eins\n\n    - [ ] zwei\n- slug: b\n  name: B\n  definition: "eins\\n\\n- [ ] zwei"\n'
    )
    with pytest.raises(folder.FolderError) as refused:
        importing.read(tmp_path)
    found = [(problem.path, problem.line) for problem in refused.value.problems]
    assert found == [
        ("_terms.yaml", 6),
        ("_terms.yaml", 9),
        ("k/_category.md", 5),
        *(("k/wie.md", line) for line in (3, 7, 11, 13, 15, 19)),
    ]


@pytest.mark.django_db
def test_a_link_that_leads_nowhere_is_named_beside_what_is_refused_on_the_line_where_it_is_a_link(tmp_path):
    (tmp_path / "k").mkdir()
    (tmp_path / "k" / "_category.md").write_text("---\ntitle: K\n---\n")
    (tmp_path / "k" / "wie.md").write_text("---\ntitle: W\n---\n\n`[x](faq:weg)`\n\n[x](faq:weg)\n\n![y](z)\n")
    with pytest.raises(folder.FolderError) as refused:
        importing.run(importing.read(tmp_path))
    assert [problem.line for problem in refused.value.problems] == [7, 9]


@pytest.mark.parametrize(
    "text", ["> " * 20_000, "- " * 20_000, "- a\n" * 12_000, "| a | b |\n|---|---|\n" + "|\n" * 10_000, "[a]: b\n" * 7_000, "a\n" * 20_000, "[a]: b\n" * 50_000, "|a|b|\n|-|-|\n|" + "\\`" * 100_000]
)  # fmt: skip
def test_long_texts_of_one_kind_are_read_in_a_moment(text):
    began = time.process_time()
    markup.code_lines(["```", "```", *text.split("\n")])
    assert time.process_time() - began < 1.5


@pytest.mark.django_db
def test_a_step_whose_heading_is_indented_is_no_text_of_the_step_before(tmp_path):
    (tmp_path / "k").mkdir()
    (tmp_path / "k" / "_category.md").write_text("---\ntitle: K\n---\n")
    (tmp_path / "k" / "wie.md").write_text(
        "---\ntitle: W\nkind: walkthrough\n---\n\n### Eins\n\nText\n\n  ### Zwei\n\nText\n"
    )
    with pytest.raises(folder.FolderError, match=r"wie\.md:10: Überschriften beginnen am Anfang der Zeile"):
        importing.read(tmp_path)
