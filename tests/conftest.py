"""What all tests share."""

import pytest
from django.conf import settings

from faq.content import folder, importing


@pytest.fixture
def seed(db):
    """The portal with the content of `content/`."""
    importing.run(folder.read(settings.CONTENT_DIR))
