"""Whatever editors rename, move, merge, unpublish or delete: no link dies, and no address ever published is forgotten."""

import random
import re

import pytest
from django.test import Client

from faq.content import documents
from faq.editing.addresses import owner_of
from faq.editing.merging import merge
from faq.models import Category, Entry, Gone
from tests.factories import delete, edit, make_category, make_entry

pytestmark = pytest.mark.django_db


def make_site(rng):
    for number in range(3):
        make_category(f"kategorie-{number}", position=number)
    for number in range(10):
        category = rng.choice([f"kategorie-{number}" for number in range(3)])
        target = f"eintrag-{rng.randrange(number)}" if number else "eintrag-0"
        steps = [documents.Step(title=f"Schritt {n}") for n in range(3)] if number % 3 == 0 else []
        kind = "walkthrough" if steps else "question"
        body = f"Siehe [dort](faq:{target})." + (f" [Schritt](faq:{target}#schritt-2)" if target == "eintrag-0" else "")
        make_entry(f"eintrag-{number}", category=category, title=f"Frage {number}?", kind=kind, body=body, steps=steps)


def do_something(rng, number):
    """One thing an editor might do, and the slugs it needs to keep alive."""
    entry = rng.choice(list(Entry.objects.all()))
    what = rng.choice(["rename", "rename category", "move", "merge", "unpublish", "publish", "delete"])
    if what == "rename":
        edit(entry, slug=f"neu-{number}")
    elif what == "move":
        edit(entry, category=rng.choice(list(Category.objects.all())))
    elif what in ("unpublish", "publish"):
        edit(entry, status=Entry.DRAFT if what == "unpublish" else Entry.PUBLISHED)
    elif what == "rename category":
        edit(rng.choice(list(Category.objects.all())), slug=f"kategorie-neu-{number}")
    elif what == "merge":
        other = rng.choice(list(Entry.objects.all()))
        if other != entry:
            merge(entry, other, who=None)
    elif what == "delete" and Entry.objects.count() > 3:
        delete(entry)


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


@pytest.mark.sqlite
@pytest.mark.sampled(1)
@pytest.mark.parametrize("walk_number", range(50))
def test_random_editing_leaves_no_dead_link_and_forgets_no_address(client, walk_number):
    rng = random.Random(walk_number)
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
        owner = owner_of([slug])
        public = owner and Entry.objects.published().filter(pk=owner.pk).exists()
        gone = Gone.objects.filter(slug=slug).exists()  # also where it went into a draft, until that is published
        assert owner or gone, slug
        assert status == (200 if public else 410 if gone else 404), (slug, owner, gone)
        if public:
            for category in Category.objects.filter(pk__in=in_categories):
                assert f'id="{slug}"' in client.get(f"/{category.slug}/").content.decode(), (slug, category)
            assert slug in pages["/alles/"]
