"""What the search is given: entries as plain text."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StepText:
    number: int
    title: str
    text: str


@dataclass(frozen=True)
class Document:
    """An entry as plain text, contacts' numbers filled in; `text` of a walkthrough is its intro."""

    entry_id: int
    title: str
    tags: tuple[str, ...]
    category: str
    text: str
    steps: tuple[StepText, ...] = ()
