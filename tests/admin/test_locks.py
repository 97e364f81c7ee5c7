"""A form that only reads keeps nobody from writing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from faq.models import Contact
from tests.accounts import client_of
from tests.factories import store
from tests.forms import filled_in


@pytest.mark.skipif(connection.vendor != "sqlite", reason="asks for a lock by the way it begins")
def test_a_form_that_is_shown_again_does_not_ask_for_the_lock_of_who_writes(committing):
    anna = client_of("Redaktion", "anna")
    contact = store(Contact(slug="team", name="Team", phone="05744 1"))
    url = reverse("admin:faq_contact_propose", args=[contact.pk])
    data = filled_in(anna, url)
    with CaptureQueriesContext(connection) as captured:
        response = anna.post(url, data)
    assert "Der Vorschlag ändert nichts." in response.content.decode()
    asked = [query["sql"] for query in captured]
    assert asked[asked.index("ROLLBACK") + 1] == "BEGIN"
