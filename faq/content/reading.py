"""From the text of a content file to a document; knows no database."""

import re

import yaml

from faq.content import mapping, walkthrough_text
from faq.content.documents import Entry, Text
from faq.content.values import (
    MAX_PROBLEMS,
    DocumentError,
    Values,
    compose,
    in_lines,
    is_empty,
    normalised,
    trimmed_from,
)
from faq.markup import Problem

_FENCE = re.compile(r"^---[ \t]*$", re.M)


def read(kind, text):
    """The document of a file with a head: `kind` is Entry, Category or Site. Raises DocumentError with all that is wrong."""
    text = in_lines(text)
    opening = _FENCE.match(text)
    closing = opening and _FENCE.search(text, opening.end())
    if not closing:
        raise DocumentError([Problem(1, "Am Anfang fehlt der Kopf zwischen zwei Zeilen „---“.")])
    body, line = normalised(text[closing.end() + 1 :]), text.count("\n", 0, closing.end() + 1) + 1
    document, problems = _document(kind, compose(text[opening.end() + 1 : closing.start()], offset=1), offset=1)
    if kind is Entry and document.kind == "walkthrough":
        problems += walkthrough_text.read(document, body, line)
    else:
        document.body, document.line = trimmed_from(body, line)
    if problems:
        raise DocumentError(sorted(problems, key=lambda problem: problem.line), document)
    return document


def read_list(kind, text):
    """The documents in a file that is a list: of Term, Contact, Attachment, Picture or Notice. Raises DocumentError."""
    node = compose(in_lines(text))
    if is_empty(node):
        return []
    if not isinstance(node, yaml.SequenceNode):
        raise DocumentError([Problem(1, "Hier wird eine Liste erwartet: Zeilen, die mit „- slug: …“ beginnen.")])
    documents, problems = {}, []
    for item in node.value:
        document, wrong = _document(kind, item)
        problems += wrong
        if document.slug in documents:
            problems.append(Problem(item.start_mark.line + 1, f"„{document.slug}“ steht hier zweimal."))
        documents[document.slug] = document
        if len(problems) >= MAX_PROBLEMS:
            break
    if problems:
        raise DocumentError(problems)
    return list(documents.values())


def read_text(text):
    """The document of a file that is nothing but Markdown."""
    body, line = trimmed_from(normalised(text), 1)
    return Text(body, line=line)


def _document(kind, node, offset=0):
    """The document of a YAML mapping, and what is wrong with it."""
    given = kind.given()
    values = Values(node, [each.name for each in given], offset)
    document = kind(**{each.name: each.metadata["read"](values, each.name) for each in given})
    for name, message in mapping.faults(document):
        values.say(name, f"„{name}“: {message}")
    for name, message in document.contradictions():
        values.say(name, message)
    document.line, document.in_one_line = values.place_of(kind.markdown or kind.line_of)
    document.lines = {each.name: values.line_of(each.name) for each in given}
    return document, values.problems
