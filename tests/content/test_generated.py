"""Whatever content there may be: it is imported and comes out again with every byte."""

import hypothesis
import pytest
from django.db import transaction
from hypothesis import strategies as st

from faq import importing
from faq.content import documents, exporting, folder
from tests.generated import entries

pytestmark = pytest.mark.django_db


@hypothesis.settings(max_examples=25, deadline=None, derandomize=True)
@hypothesis.given(st.lists(entries(), min_size=1, max_size=3))
def test_whatever_is_imported_comes_out_with_the_same_bytes(made):
    content = folder.Folder(categories={"k": documents.Category(title="K")})
    for number, entry in enumerate(made):
        entry.aliases = [f"{slug}-{number}" for slug in entry.aliases]
        content.entries[f"eintrag-{number}"] = ("k", entry)
    with transaction.atomic():
        try:
            importing.run(content)
        except folder.FolderError:
            hypothesis.reject()  # what was generated links to nowhere
        assert exporting.stored_folder().files() == content.files()
        transaction.set_rollback(True)
