"""What no form of the admin takes, no content file brings in: by generated values for every field that both have."""

import json
from dataclasses import replace
from datetime import date, datetime
from io import StringIO

import pytest
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.db import transaction

from faq.admin.steps import StepForm
from faq.content import canonical, mapping
from faq.content.documents import Entry as EntryDocument
from faq.content.documents import Step as StepDocument
from faq.models import Category, Contact, Entry, Notice, Site, Step, Tag, Term
from faq.step_facts import FACTS
from tests.factories import make_category, make_entry, make_walkthrough, store

pytestmark = pytest.mark.django_db

HOSTILE = (
    "a\0b", "a\x07b", "a\u2028b", "a\tb", "a\nb", "a\ufeffb", "-1", "2000000", "9" * 30, "Groß/Klein", "javascript:alert(1)", "https://[x",
    "https://example.org/" + "x" * 185, "https://example.org/" + "x" * 500, "a" * 64 + "@" + "b" * 63 + ".de" * 50,
    "x" * 61, "x" * 101, "x" * 301, "ß" * 64, "x" * 60_000,
)  # fmt: skip
# What the form calls otherwise, or has in a place of its own that has a test.
IN_FORM = {(Category, "body"): "intro", (Site, "body"): "intro"}
NOT_IN_FORM = {"aliases", "contact", "category", "entry", "tag"}


def rows():
    """A row of each kind that has a file, with a valid value in its form."""
    contact = store(Contact(slug="team", name="Team", phone="1"))
    return {
        Contact: contact,
        Term: store(Term(slug="olp", name="OLP", definition="Ein Programm.")),
        Category: make_category("kat"),
        Site: store(Site(pk=1, title="Hilfe", contact=contact)),
        Entry: make_entry("frage", category="kat"),
        Notice: store(Notice(slug="pause", text="Heute geschlossen.")),
    }


def path_of(model, slug):
    return {
        Contact: "_contacts.yaml", Term: "_terms.yaml", Notice: "_notices.yaml", Site: "_site.md", Category: "kat/_category.md",
    }.get(model, f"kat/{slug}.md")  # fmt: skip


def written(document, name, value):
    """The file of a document in which one value is another."""
    if name == document.markdown and not any(each.name == name for each in document.given()):
        return canonical.write(replace(document, **{name: value}))
    listed = "slug" in [each.name for each in document.given()]
    head = {each.name: getattr(document, each.name) for each in document.given()} | {name: value}
    lines = [f"{key}: {json.dumps(each, default=str)}" for key, each in head.items() if each not in (None, "", [])]
    if listed:
        return "- " + "\n  ".join(lines) + "\n"
    return "---\n" + "\n".join(lines) + f"\n---\n\n{getattr(document, 'body', '')}\n"


def refused_in_file(root, path, text):
    """Whether an import refuses this file; nothing of what it takes stays."""
    files = {"kat/_category.md": "---\ntitle: Kat\nposition: 1\n---\n"} | {path: text}
    for each, content in files.items():
        (root / each).parent.mkdir(parents=True, exist_ok=True)
        (root / each).write_text(content, encoding="utf-8")
    if path == "_site.md":
        (root / "_contacts.yaml").write_text("- slug: team\n  name: Team\n  phone: '1'\n")
    said = ""
    try:
        with transaction.atomic():
            call_command("import_content", str(root), "--force", stdout=StringIO())
            transaction.set_rollback(True)
    except CommandError as error:
        said = str(error)
    assert not said or f"{path}:" in said, said
    return bool(said)


def form_data(form):
    """What a browser would send of an unchanged form."""
    data = {}
    for name in form.fields:
        value = form[name].value()
        if isinstance(value, datetime | date) or value is None:
            value = ""
        data[name] = [str(tag) for tag in value] if name == "actors" else value
    return data


def refused_in_form(form_class, row, name, value):
    """Whether the form of the admin refuses this value; None if it makes another one of it: two lines, or an address with https."""
    form = form_class(instance=row)
    data = form_data(form)
    if "tags" in data:
        data["tags"] = ""
    data[name] = f'"{value}"' if name == "tags" else value
    form = form_class(data, instance=row)
    if not form.is_valid():
        return True
    return False if str(form.cleaned_data[name]) in (value, str(value), str([value])) else None


def fields(model):
    document = mapping.MAPPED[model].document
    names = [each.name for each in document.given()]
    if document.markdown and document.markdown not in names:
        names.append(document.markdown)
    return [name for name in names if name not in NOT_IN_FORM]


@pytest.mark.parametrize("model", [Contact, Term, Category, Site, Entry, Notice])
def test_a_file_is_refused_for_what_its_form_refuses(model, rf, admin_user, tmp_path):
    row = rows()[model]
    request = rf.get("/")
    request.user = admin_user
    form_class = admin.site.get_model_admin(model).get_form(request)
    document, different = mapping.document_of(row), []
    for name in fields(model):
        for number, value in enumerate(HOSTILE):
            given = [value] if isinstance(getattr(document, name), list) else value
            file = refused_in_file(
                tmp_path / f"{name}{number}", path_of(model, getattr(row, "slug", "")), written(document, name, given)
            )
            form = refused_in_form(
                form_class, type(row).objects.get(pk=row.pk), IN_FORM.get((model, name), name), value
            )
            if form not in (None, file):
                different.append((name, value[:40], len(value), "file" if file else "form"))
    assert not different, "\n".join(map(str, different))


def test_a_step_is_refused_for_what_its_form_refuses(tmp_path):
    make_category("kat")
    step = make_walkthrough("ablauf", category="kat", steps=[StepDocument("Anrufen", "Vorher")]).steps.get()
    different = []
    for name in ("section", "title", *FACTS.values()):
        for number, value in enumerate(value for value in HOSTILE if "\n" not in value):
            document = EntryDocument(
                "Ablauf", kind="walkthrough", steps=[StepDocument(**{"title": "A", "section": "B", name: value})]
            )
            file = refused_in_file(tmp_path / f"{name}{number}", "kat/ablauf.md", canonical.write(document))
            sent = [value] if name == "actors" else value
            form = refused_in_form(StepForm, Step.objects.get(pk=step.pk), name, sent)
            if form not in (None, file):
                different.append((name, value[:40], len(value), "file" if file else "form"))
    assert not different, "\n".join(map(str, different))


@pytest.mark.parametrize("name", ["x" * 101, "ß" * 64, "a\tb", "a\x07b"])
def test_a_tag_has_a_name_that_files_can_say_and_an_address_of_its_own(name, admin_client):
    data = {"name": name}
    admin_client.post("/admin/faq/tag/add/", data)
    stored = Tag.objects.filter(name=name)
    assert [len(tag.slug) <= 100 for tag in stored] == [True] * (name == "ß" * 64)
