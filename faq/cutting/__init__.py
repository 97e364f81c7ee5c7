"""What a document is cut into. Knows no database, so that the helper process (`faq.budget`) can do it: `cut.cut` is asked there.

`formats` (a file as HTML) → `marks` → `blocks` (paragraphs, lists, tables in a row) → `titles` (which of them ask, which head others) → `cut`
(a proposal for each), with `steps` for walkthroughs and `links` for gaps and known numbers.
"""
