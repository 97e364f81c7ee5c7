"""Whatever editors rename, move, merge, unpublish or delete: no link dies, and no address ever published is forgotten."""

import random
import re

import pytest
from django.test import Client

from faq import changes
from faq.content import documents, format
from faq.merging import merge
from faq.models import Category, Entry, Gone

pytestmark = pytest.mark.django_db


def make_site(rng):
    categories = []
    for number in range(3):
        category = Category(slug=f"kategorie-{number}", title=f"Kategorie {number}", position=number)
        category.save()
        categories.append(category)
    entries = []
    for number in range(10):
        entry = Entry(category=rng.choice(categories), slug=f"eintrag-{number}")
        target = f"eintrag-{rng.randrange(number)}" if number else "eintrag-0"
        steps = [format.Step(title=f"Schritt {n}") for n in range(3)] if number % 3 == 0 else []
        kind = "walkthrough" if steps else "question"
        body = f"Siehe [dort](faq:{target})." + (f" [Schritt](faq:{target}#schritt-2)" if target == "eintrag-0" else "")
        documents.apply_entry(format.Entry(title=f"Frage {number}?", kind=kind, body=body, steps=steps), entry)
        entries.append(entry)
    changes.record([*categories, *entries], source="import")


def do_something(rng, number):
    """One thing an editor might do, and the slugs it needs to keep alive."""
    entry = rng.choice(list(Entry.objects.all()))
    what = rng.choice(["rename", "rename category", "move", "merge", "unpublish", "publish", "delete"])
    if what == "rename":
        entry.slug = f"neu-{number}"
    elif what == "move":
        entry.category = rng.choice(list(Category.objects.all()))
    elif what in ("unpublish", "publish"):
        entry.status = Entry.DRAFT if what == "unpublish" else Entry.PUBLISHED
    elif what == "rename category":
        category = rng.choice(list(Category.objects.all()))
        category.slug = f"kategorie-neu-{number}"
        category.save()
        changes.record([category], source="admin")
        return
    elif what == "merge":
        other = rng.choice(list(Entry.objects.all()))
        if other != entry:
            merge(entry, other, who=None)
        return
    elif what == "delete":
        if Entry.objects.count() > 3:
            changes.record(deleted=[entry], source="admin")
        return
    entry.save()
    changes.record([entry], source="admin")


def walk(client):
    """Follow every link of the site from the start page; returns the ids of each page."""
    ids, queue = {}, ["/"]
    while queue:
        path = queue.pop()
        if path in ids:
            continue
        response = client.get(path)
        assert response.status_code == 200, path
        html = response.content.decode()
        ids[path] = set(re.findall(r'\bid="([^"]+)"', html))
        for link in re.findall(r'<a [^>]*href="(/[^"]*|#[^"]*)"', html):
            target = link if link.startswith("/") else path + link
            if target.partition("#")[0].endswith("/") and "?" not in target and not target.startswith("/admin"):
                queue.append(target.partition("#")[0])
    return ids


@pytest.mark.parametrize("seed_number", range(6))
def test_random_editing_leaves_no_dead_link_and_forgets_no_address(client, seed_number):
    rng = random.Random(seed_number)
    make_site(rng)
    ever = {}  # slug -> the category slugs on whose pages it was an anchor
    for number in range(25):
        for entry in Entry.objects.published().select_related("category"):
            ever.setdefault(entry.slug, set()).add(entry.category.pk)
        categories = set(Category.objects.values_list("slug", flat=True))
        do_something(rng, number)
        for slug in categories:
            assert client.get(f"/{slug}/").status_code in (200, 301, 404)

    pages = walk(Client())
    for path in pages:
        for link in re.findall(r'<a [^>]*href="(/[^"]*#[^"]+)"', client.get(path).content.decode()):
            page, _, fragment = link.partition("#")
            assert fragment in pages[page], (path, link)
    for slug, in_categories in ever.items():
        status = client.get(f"/faq/{slug}/", follow=True).status_code
        owner = changes.owner_of([slug])
        public = owner and Entry.objects.published().filter(pk=owner.pk).exists()
        deleted = not owner or Gone.objects.filter(slug=slug).exists()  # an owner may be a draft that came later
        assert status == (200 if public else 410 if deleted else 404), (slug, owner, deleted)
        if public:
            for category in Category.objects.filter(pk__in=in_categories):
                assert f'id="{slug}"' in client.get(f"/{category.slug}/").content.decode(), (slug, category)
            assert slug in pages["/alles/"]
