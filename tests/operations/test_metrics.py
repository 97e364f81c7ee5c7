"""What an operator sees: figures for Prometheus, and a log for machines that names nobody."""

import io
import json
import logging
import os
import re
import shutil
import signal
import time
import tomllib
from contextlib import suppress
from datetime import datetime
from http.client import HTTPException

import pytest
from django.db import connection
from prometheus_client.parser import text_string_to_metric_families

from helpdesk.page_cache.revision import LOOKS
from tests import running
from tests.operations.test_backups import put

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


def counters(text):
    families = [family for family in text_string_to_metric_families(text) if family.type in ("counter", "histogram")]
    samples = [sample for family in families for sample in family.samples if not sample.name.endswith("_created")]
    return {(sample.name, *sorted(sample.labels.items())): sample.value for sample in samples}


def test_counters_only_rise_over_reloads_and_workers_that_die(portal_in):
    portal = portal_in(METRICS_TOKEN=SECRET)
    token, before, first = {"Authorization": f"Bearer {SECRET}"}, {}, set(portal.workers())
    portal.signal(signal.SIGHUP)
    for number in range(50):
        portal.get(("/opensearch.xml", "/konto/login/", "/gibt-es-nicht/")[number % 3])
        with suppress(OSError, HTTPException):  # the worker that was asked is the one that was killed
            answer = portal.get("/metrics", **token)
            assert answer.status == 200
            now = counters(answer.body.decode())
            assert [name for name, value in before.items() if now.get(name, -1) < value] == []
            before = now
        if number == 20:
            os.kill(portal.workers()[0], signal.SIGKILL)
        time.sleep(0.1)
    assert set(portal.workers()) - first
    died = [json.loads(line) for line in portal.log_lines() if "_granian" in line]
    assert died
    assert all(datetime.fromisoformat(line["time"]).tzinfo for line in died)


def test_a_worker_that_only_just_makes_its_file_of_counters_breaks_nothing(portal_in):
    portal = portal_in(METRICS_TOKEN=SECRET)
    (portal.folder / "metrics" / str(portal.port) / "counter_1.db").touch()
    assert portal.get("/metrics", Authorization=f"Bearer {SECRET}").status == 200


def test_where_nobody_can_count_there_are_no_figures(portal_in, tmp_path):
    (tmp_path / "file").touch()
    portal = portal_in(METRICS_TOKEN=SECRET, PROMETHEUS_MULTIPROC_DIR=str(tmp_path / "file" / "counts"))
    assert portal.get("/metrics", Authorization=f"Bearer {SECRET}").status == 404
    assert "Es gibt kein /metrics" in "".join(portal.log_lines())


def test_figures_tell_how_the_installation_is_also_without_its_database(portal_in):
    portal = portal_in(METRICS_TOKEN=SECRET)
    backup = portal.folder / running.manage(portal.env, "backup").split(":")[0]
    portal.edit("SearchDocument.objects.first().delete()")
    portal.edit("WebLink.objects.create(url='https://a.example', checked='2026-01-01T00:00Z')")

    def shown():
        text = portal.text("/metrics", Authorization=f"Bearer {SECRET}")
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
        return {sample.name: sample.value or sample.labels for sample in samples}

    found = shown()
    assert found["portal_database_up"] == 1
    assert found["portal_backup_timestamp_seconds"] == pytest.approx(backup.stat().st_mtime)
    assert found["portal_disk_free_bytes"] == pytest.approx(shutil.disk_usage(portal.folder).free, rel=0.1)
    assert found["portal_database_size_bytes"] == pytest.approx(portal.database.stat().st_size, rel=0.5)
    assert found["portal_search_out_of_step"] == 1
    portal.database.rename(portal.database.with_name("aside"))
    time.sleep(LOOKS)
    without = shown()
    assert without["portal_database_up"] == {}  # 0
    assert without["portal_backup_timestamp_seconds"] == found["portal_backup_timestamp_seconds"]
    assert "portal_entries" not in without


def test_figures_tell_how_old_the_last_copy_of_a_backup_is(client, seed, token, settings, tmp_path):
    assert ("portal_backup_timestamp_seconds", "BACKUP_COPY") not in figures(client)
    settings.BACKUP_COPY = tmp_path
    assert figures(client)["portal_backup_timestamp_seconds", "BACKUP_COPY"] == 0
    copy = put(tmp_path, datetime.now(), engine=connection.vendor)
    assert figures(client)["portal_backup_timestamp_seconds", "BACKUP_COPY"] == copy.stat().st_mtime


def test_figures_name_the_release(client, seed, token):
    project = tomllib.loads((running.ROOT / "pyproject.toml").read_text())["project"]
    assert ("portal_info", project["version"]) in figures(client)


def test_figures_are_cheap(client, seed, token, django_assert_max_num_queries):
    figures(client)
    began = time.perf_counter()
    with django_assert_max_num_queries(21):
        figures(client)
    assert time.perf_counter() - began < 1  # 15 ms where nothing else runs


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
    id = portal.get("/suche/?q=mustermann@firma.example").headers["X-Request-ID"]
    lines = [json.loads(line) for line in portal.log_lines()]
    slow = next(line for line in lines if line["message"] == "langsame Anfrage" and line["view"] == "search")
    assert slow["level"] == "WARNING"
    assert slow["request_id"] == id
    assert all(datetime.fromisoformat(line["time"]).tzinfo for line in lines)
    assert "mustermann" not in str(lines)


def test_every_answer_has_an_id_of_its_own_or_the_proxys(portal_in):
    portal = portal_in()
    style = re.search(r"/static/css/site\.[^\"]+", portal.text("/"))[0]
    for path in (
        "/",
        "/",
        "/gibt-es-nicht/",
        "/admin/",
        style,
        "/suche/?q=olp",
        "/suche.json?limit=0",
        "/readyz",
    ):
        answers = [portal.get(path, method=method) for method in ("GET", "HEAD", "GET", "HEAD")]
        ids = {answer.headers["X-Request-ID"] for answer in answers}
        assert len(ids) == 4, path
        assert all(re.fullmatch("[0-9a-f]{32}", id) for id in ids)
        assert portal.get(path, X_Request_ID="0123456789abcdef" * 2).headers["X-Request-ID"] == "0123456789abcdef" * 2
        assert len(portal.get(path, X_Request_ID="<script>" * 4).headers["X-Request-ID"]) == 32
    known = portal.get("/", If_None_Match=portal.get("/").headers["ETag"])
    assert (known.status, len(known.headers["X-Request-ID"])) == (304, 32)
    portal.database.rename(portal.database.with_name("aside"))
    time.sleep(LOOKS)
    ids = [portal.get(path).headers["X-Request-ID"] for path in ("/", "/", "/glossar/", "/admin/", "/readyz")]
    assert len(set(ids)) == 5


def logged(portal):
    """The lines of its log, but for what was slow: on a busy machine anything may be."""
    return [line for line in map(json.loads, portal.log_lines("{")) if line["logger"] != "helpdesk.slow"]


def test_a_wrong_host_or_public_url_is_named_in_the_log_once_a_minute(portal_in):
    portal = portal_in(PUBLIC_URL="http://hilfe.example")
    answers = [portal.get("/", Host="hilfe.beispiel") for _ in range(20)]
    assert {answer.status for answer in answers} == {400}
    lines = logged(portal)
    assert 1 <= len(lines) <= 2  # of each worker
    for line in lines:
        assert "an 'hilfe.beispiel'" in line["message"]
        assert "hilfe.example" in line["message"]
        assert line["request_id"] in {answer.headers["X-Request-ID"] for answer in answers}
        assert "exc_info" not in line


def test_a_form_sent_from_an_address_that_is_not_public_url_is_named_too(portal_in):
    portal = portal_in()
    for origin in ("", "https://hilfe.example", "https://hilfe.example", ""):
        assert portal.get("/konto/login/", method="POST", Origin=origin).status == 403
    lines = [line["message"] for line in logged(portal)]
    assert 1 <= len(lines) <= 2
    assert [line for line in lines if "'https://hilfe.example'" not in line] == []


def test_a_fault_in_a_page_with_a_token_does_not_write_it_down(client, seed, settings, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("kaputt")

    client.raise_request_exception = False
    monkeypatch.setattr("faq.public.preview.signing.loads", broken)
    out = io.StringIO()
    monkeypatch.setattr(logging.getLogger().handlers[0], "stream", out)
    assert client.get("/vorschau/geheim-7421/").status_code == 500
    assert "/vorschau/<str:token>/" in out.getvalue()
    assert "geheim-7421" not in out.getvalue()
