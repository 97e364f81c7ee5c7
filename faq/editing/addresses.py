"""One namespace of addresses: each current and former slug leads to one thing, and what was sent once leads somewhere for ever."""

from itertools import count

from django.utils import timezone

from faq import slugs
from faq.content import kinds
from faq.models import Alias, Category, Entry, Gone

LONGEST_MADE = 60  # characters of a slug that is made from words


class AddressTaken(ValueError):
    """A slug that something else on the site already answers to."""


def owner_of(slugs, *, besides=None):
    """The category or entry that one of these current or former slugs leads to, other than `besides`; or None."""
    return next((owner for owner in owners(slug__in=slugs).values() if owner != besides), None)


def owners(**of):
    """Each category and entry by all its current and former slugs; only those with `slug__in=…` where given."""
    found = {alias.slug: alias.entry or alias.category for alias in _aliases(**of)}
    found |= {entry.slug: entry for entry in Entry.objects.filter(**of).defer("body", "body_html", "note")}
    return found | {category.slug: category for category in Category.objects.filter(**of)}


def free_slug(model, name, otherwise=""):
    """A slug for a new row of this name that no other has; one of the words `otherwise`, or "", where the name gives none."""
    slug = (slugs.slugify(name) or slugs.slugify(otherwise))[:LONGEST_MADE].strip("-")
    taken = set(model.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    return next(
        free for free in (slug, *(f"{slug}-{number}" for number in range(2, len(taken) + 3))) if free not in taken
    )


def free_address(title, otherwise):
    """A slug for a new entry or category of this title that nothing on the site answers to; from `otherwise` where the title gives none."""
    slug = slugs.from_title(title, LONGEST_MADE) or otherwise
    numbered = (f"{slug}-{number}" if number > 1 else slug for number in count(1))
    return next(free for free in numbered if not slugs.problem(free, address=True) and not owner_of([free]))


def follow(moved):
    """A changed slug leaves an alias behind, a move leaves the former category its anchor. Raises AddressTaken."""
    _check_free(moved)
    # What was an own former slug may be the current one again.
    Alias.objects.filter(slug__in=[row.slug for row in moved]).delete()
    _there_again([row for row in moved if isinstance(row, Entry)])
    for row in moved:
        if row.loaded_slug and row.loaded_slug != row.slug:
            Alias.objects.get_or_create(slug=row.loaded_slug, defaults={row._meta.model_name: row})
        if row.loaded_category_id and row.loaded_category_id != row.category_id:
            row.former_categories.add(row.loaded_category_id)
            row.former_categories.remove(row.category_id)
        row.loaded_slug = row.slug
        row.loaded_category_id = getattr(row, "category_id", None)


def remember(entry):
    """Keep all addresses of an entry that goes, and where its anchors stood."""
    ((path, _),) = kinds.files(entry).items()
    what = {
        "title": entry.title,
        "path": path,
        "when": timezone.now(),
        "was_public": Entry.objects.seen().filter(pk=entry.pk).exists(),
    }
    for slug in [entry.slug, *entry.aliases.values_list("slug", flat=True)]:
        if not what["was_public"] and Gone.objects.filter(slug=slug, was_public=True).exists():
            continue  # readers are told of what they saw there
        gone, _ = Gone.objects.update_or_create(slug=slug, defaults=what)
        gone.categories.set([entry.category_id, *entry.former_categories.all()])


def _there_again(entries):
    """What was deleted is there again once readers see something in its place, its former anchors included."""
    published = Entry.objects.published().filter(pk__in=[entry.pk for entry in entries]).values_list("pk", flat=True)
    public = {entry.pk: entry for entry in entries if entry.pk in set(published)}
    owners = {entry.slug: entry for entry in public.values()}
    owners |= {alias.slug: public[alias.entry_id] for alias in _aliases(entry__in=public)}
    for gone in Gone.objects.filter(slug__in=owners).prefetch_related("categories"):
        entry = owners[gone.slug]
        entry.former_categories.add(*(found for found in gone.categories.all() if found.pk != entry.category_id))
        gone.delete()


def _check_free(moved):
    """Each current and former slug leads to one thing only, over the whole site."""
    names = {row.slug: row for row in moved}
    clashes = [(alias.slug, alias.entry or alias.category) for alias in _aliases(slug__in=names)]
    clashes += [(entry.slug, entry) for entry in Entry.objects.filter(slug__in=names)]
    clashes += [(category.slug, category) for category in Category.objects.filter(slug__in=names)]
    formers = {alias.slug: alias.entry or alias.category for alias in _aliases_of(moved)}
    clashes += [(slug, owner) for slug, owner in owners(slug__in=formers).items() if owner != formers[slug]]
    for slug, owner in clashes:
        row = names.get(slug, formers.get(slug))
        if owner != row:
            raise AddressTaken(f"Der Anker „{slug}“ von „{row}“ gehört schon zu „{owner}“.")


def _aliases(**of):
    return Alias.objects.filter(**of).select_related("entry", "category")


def _aliases_of(rows):
    """The former slugs of these categories and entries."""
    keys = {model: [row.pk for row in rows if isinstance(row, model)] for model in (Entry, Category)}
    return [*_aliases(entry__in=keys[Entry]), *_aliases(category__in=keys[Category])]
