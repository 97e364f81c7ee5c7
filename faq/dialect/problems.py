"""What is wrong with a text."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """What is wrong, in German, and on which line of the text (from 1)."""

    line: int
    message: str
