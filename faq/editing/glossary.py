"""Terms, changed from elsewhere than their form."""

from faq import slugs
from faq.editing.writing import action, fresh, writing
from faq.models import Term


@action
def add_spelling(spelling, *, term=None, name="", who, why):
    """Let the search know `spelling` for a term, or for a new one of that name. Returns the term."""
    with writing(source="admin", who=who, why=why) as change:
        if term:
            term = fresh(Term.objects.all(), term)
        else:
            slug = slugs.slugify(name)
            term = Term.objects.filter(slug=slug).first() or Term(slug=slug, name=name, position=Term.objects.count())
        known = {text.casefold() for text in (term.name, *term.aliases, *term.search)}
        if spelling.casefold() not in known:
            term.search = [*term.search, spelling]
        term.save()
        change.record([term])
        return term
