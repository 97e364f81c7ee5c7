"""A document becomes proposals: what a person wrote in Word, LibreOffice, a mail or a plain file, cut into questions and walkthroughs.

    read(name, data) -> Source         a .docx, .html, .htm, .txt or .md; raises Unreadable
    read_html(html, name="") -> Source what was pasted
    join(first, second) -> Proposal    both as one
    sentences(text), missing(source, texts)   by which one counts that nothing is lost

Nothing is stored, and nothing fetched. Who acts in a step, tags and durations are the editor's. How it is cut stands in `faq.cutting`.
"""

from faq.cutting.proposals import Picture, Proposal, Source, Step, Unreadable, join, missing, sentences
from faq.sources.reading import read, read_html

__all__ = ["Picture", "Proposal", "Source", "Step", "Unreadable", "join", "missing", "read", "read_html", "sentences"]
