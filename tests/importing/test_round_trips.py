"""What leaves can come back: every state that the admin allows is exported, and imported elsewhere byte for byte."""

import io
import random
import tempfile
from pathlib import Path

import pytest
from django.db import transaction

from faq import importing
from faq.content import exporting, folder, zip_file
from faq.models import Contact, Term
from tests.factories import make_entry, make_walkthrough, store
from tests.rows import put_rows, rows_by_table
from tests.walks import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"


def exported(root, as_zip):
    """The files that come out of the portal, as they lie somewhere else."""
    if as_zip:
        file = io.BytesIO()
        zip_file.write(file)
        root = zip_file.unpack(file, root)
    else:
        folder.write(exporting.stored_folder(), root)
    return root


def files_of(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in Path(root).rglob("*") if path.is_file()}


def assert_comes_back(empty, as_zip, tmp_path):
    root = exported(Path(tempfile.mkdtemp(dir=tmp_path)), as_zip)
    outcomes = importing.compare(folder.read(root)).outcomes
    assert [(each.path, each.file, each.stored) for each in outcomes if each.state != "unchanged"] == []
    with transaction.atomic():
        put_rows(empty)
        importing.run(folder.read(root))
        again = exported(Path(tempfile.mkdtemp(dir=tmp_path)), as_zip=False)
        transaction.set_rollback(True)
    assert files_of(again) == files_of(root)


def test_every_state_of_a_random_walk_comes_back_byte_for_byte(db, admin_client, tmp_path, walk_number):
    empty = rows_by_table()
    make_walkthrough("ablauf", tags=["VLSC"])
    make_entry("frage", category="2fa", body="Siehe [dort](faq:ablauf#schritt-2).")
    store(Contact(slug="team", name="Team", phone="05744 - 1"), Term(slug="olp", name="OLP", definition="Ein Programm."))
    walk, rng, said = Walk(admin_client, walk_number), random.Random(walk_number), []
    for number in range(100):
        try:
            said.append(walk.step())
            if number > 5 and "302" in said[-1]:
                assert_comes_back(empty, rng.random() < 0.3, tmp_path)
        except Exception as error:
            error.add_note("\n".join([*said[-5:], str(walk.posted)]))
            raise
