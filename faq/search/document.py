"""What the search is given: entries as plain text."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class StepText:
    number: int
    title: str
    text: str


@dataclass(frozen=True)
class Document:
    """An entry as plain text, contacts' numbers filled in; `text` of a walkthrough is its intro.

    Two with the same text are equal: what was analysed of one holds for the other.
    """

    entry_id: int = field(compare=False)
    title: str
    tags: tuple[str, ...]
    category: str
    text: str
    steps: tuple[StepText, ...] = ()
