"""What the search keeps beside the entries: their analysed text and the site's vocabulary.

Only `faq.search` reads and writes these. The index proper (FTS5 or tsvector) is a table of the database's own kind,
made by the migration and known to `faq.search.sqlite` and `faq.search.postgres` alone.
"""

from django.db import models


class SearchDocument(models.Model):
    """An entry as the search sees it: the plain text for snippets, the analysed text for ranking.

    `stems` and `forms` hold a line for each field (title, tags, category, text, then title and text of each step);
    in a line every word stands between blanks of its own, so that " a  b " is a phrase. `vectors` holds a row of small numbers for
    each passage, by the table of words that `table` names.
    """

    entry_id = models.PositiveBigIntegerField(primary_key=True)
    title = models.TextField()
    tags = models.JSONField()
    category = models.TextField()
    text = models.TextField()
    steps = models.JSONField()
    stems = models.TextField()
    forms = models.TextField()
    vectors = models.BinaryField(default=b"")
    table = models.CharField(max_length=16, default="")

    def __str__(self):
        return self.title


class SearchWord(models.Model):
    """A word that stands in the entries, folded; the empty word stands in every one, so its row counts them."""

    form = models.CharField(max_length=64, primary_key=True)
    stem = models.CharField(max_length=64, db_index=True)
    stem_reversed = models.CharField(max_length=64, db_index=True)
    form_reversed = models.CharField(max_length=64, db_index=True)
    entries = models.PositiveIntegerField()

    def __str__(self):
        return self.form
