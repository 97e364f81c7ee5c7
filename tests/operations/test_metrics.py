"""What an operator sees: figures for Prometheus, and a log for machines that names nobody."""

import json
import logging
import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

SECRET = "geheim-0123456789"
TOKEN = {"HTTP_AUTHORIZATION": f"Bearer {SECRET}"}


@pytest.fixture
def token(settings):
    settings.METRICS_TOKEN = SECRET


def figures(client):
    text = client.get("/metrics", **TOKEN).content.decode()
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_figures_count_requests_by_page_and_say_what_waits_for_the_editors(client, seed, token):
    before = figures(client).get(("portal_requests_total", "200", "entry"), 0)
    client.get("/faq/stornierung/")
    client.get("/faq/stornierung/")
    found = figures(client)
    assert found["portal_requests_total", "200", "entry"] == before + 2
    assert found["portal_to_do", "gaps"] == 6
    assert found["portal_entries",] == 9


def test_figures_are_those_of_all_workers_together_since_the_server_began(portal_in):
    portal = portal_in(METRICS_TOKEN=SECRET)
    token = {"Authorization": f"Bearer {SECRET}"}

    def counted():
        text = portal.text("/metrics", **token)
        return float(re.search(r'^portal_requests_total\{status="200",view="opensearch"\} (\S+)', text, re.M)[1])

    portal.get("/opensearch.xml")
    portal.seen_by_all("/opensearch.xml")  # each worker asks Django once
    assert [counted() for _ in range(12)] == [2.0] * 12  # whichever worker says it
    assert 'portal_request_seconds_count{view="opensearch"} 2.0' in portal.text("/metrics", **token)
    assert "portal_stored_answers_total 23.0" in portal.text("/metrics", **token)
    portal.stop()
    portal.start().get("/opensearch.xml")
    assert counted() == 1


@pytest.mark.parametrize("header", [{}, {"HTTP_AUTHORIZATION": "Bearer falsch"}, {"HTTP_AUTHORIZATION": "Bearer "}])
@pytest.mark.parametrize("secret", [SECRET, ""])
def test_nobody_else_sees_that_there_are_figures(client, seed, settings, header, secret):
    settings.METRICS_TOKEN = secret
    assert client.get("/metrics", **header).status_code == 404


def test_what_is_slow_is_noted_without_naming_anybody(client, seed, settings, caplog):
    settings.SLOW_MS = 0
    with caplog.at_level(logging.WARNING, "helpdesk.slow"):
        client.get("/suche/?q=mustermann")
    messages = {record.message for record in caplog.records}
    assert {"langsame Anfrage", "langsame Abfrage"} <= messages
    assert "mustermann" not in caplog.text


def test_the_log_is_one_json_object_a_line(portal_in):
    portal = portal_in(SLOW_MS="1")
    portal.get("/suche/?q=mustermann@firma.example")
    log = (portal.folder / "server.log").read_text()
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    slow = next(line for line in lines if line["message"] == "langsame Anfrage" and line["view"] == "search")
    assert slow["level"] == "WARNING"
    assert len(slow["request_id"]) == 32
    assert "mustermann" not in log
