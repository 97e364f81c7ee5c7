"""The portal is set up by its environment: a bad value stops the start and says what to set."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk import environment
from tests import running

ROOT = Path(__file__).resolve().parents[2]
KEY = "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghij"
SHOWN = """
import django
django.setup()
from django.conf import settings as s
print(s.PUBLIC_URL, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0, s.SESSION_COOKIE_SECURE, s.DEBUG, s.ALLOWED_HOSTS[0])
"""


def start(tmp_path, code=SHOWN, **variables):
    """Load the settings in a process of its own with just these variables."""
    env = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "helpdesk.settings", "PYTHONPATH": str(ROOT)}
    env |= {"DATA_DIR": str(tmp_path), "SECRET_KEY": KEY} | variables
    env = {name: value for name, value in env.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=tmp_path, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("PORT", "0", "PORT is '0': set it to a port number"),
        ("PORT", "acht", "PORT is 'acht'"),
        ("PORT", "70000", "PORT is '70000'"),
        ("ATTACHMENT_MAX_MB", "0", "ATTACHMENT_MAX_MB is '0': set it to a number from 1 to 100"),
        ("ATTACHMENT_MAX_MB", "viel", "ATTACHMENT_MAX_MB is 'viel'"),
        ("DEBUG", "vielleicht", "DEBUG is 'vielleicht': set it to 1 or 0"),
        ("STORE_MB", "0", "STORE_MB is '0': set it to a number from 1 to 4096"),
        ("PUBLIC_URL", "hilfe.example", "set it to the address readers use"),
        ("PUBLIC_URL", "ftp://hilfe.example", "set it to the address readers use"),
        ("PUBLIC_URL", "https://hilfe.example/pfad", "with no path"),
        ("PUBLIC_URL", "https://", "set it to the address readers use"),
        ("PUBLIC_URL", "https://a:b@hilfe.example", "set it to the address readers use"),
        ("PUBLIC_URL", "https://hilfe.example:99999", "set it to the address readers use"),
        ("TRUSTED_PROXIES", "-1", "TRUSTED_PROXIES is '-1': set it to a number from 0 to 9"),
        ("SECOND_FACTOR", "vielleicht", "SECOND_FACTOR is 'vielleicht': set it to 1 or 0"),
        ("OIDC_ISSUER", "https://sso.example", "set OIDC_CLIENT_ID, OIDC_CLIENT_SECRET too"),
        ("SEARCHES_PER_MINUTE", "0", "SEARCHES_PER_MINUTE is '0'"),
        ("DATABASE_URL", "mysql://x/y", "DATABASE_URL is of the kind 'mysql'"),
        ("DATABASE_URL", "postgres://localhost", "names no database"),
        ("DATABASE_URL", "kaputt", "set it to sqlite"),
        ("EMAIL_URL", "mail.example", "EMAIL_URL cannot be read: set it to smtp+tls://user"),
        ("EMAIL_URL", "http://mail.example", "EMAIL_URL cannot be read"),
        ("EMAIL_URL", "smtp://mail.example:99999", "EMAIL_URL cannot be read"),
        ("EMAIL_URL", "smtp+tls://a:geheim@/", "EMAIL_URL cannot be read"),
        ("EMAIL_FROM", "hilfe", "EMAIL_FROM is 'hilfe': set it to an e-mail address"),
        ("SECURITY_CONTACT", "Lizenzteam", "SECURITY_CONTACT ist 'Lizenzteam': Setzen Sie eine E-Mail-Adresse"),
        ("SECURITY_CONTACT", "https://[x", "eine Seite mit https://"),
        ("SECRET_KEY", "kurz", "SECRET_KEY is too short"),
        ("SECRET_KEY", "a" * 60, "SECRET_KEY is too short"),
        ("SECRET_KEY", None, "There is no secret key: set SECRET_KEY"),
        ("DATA_DIR", "/dev/null", "which is a file: set it to a folder"),
    ],
)
def test_a_bad_value_stops_the_start_and_says_what_to_set(tmp_path, name, value, message):
    result = start(tmp_path, **{name: value})
    assert result.returncode != 0
    assert message in result.stderr


@pytest.mark.parametrize(
    ("variables", "shown"),
    [
        ({}, "http://127.0.0.1:8000 False False False False"),
        ({"PORT": "8123"}, "http://127.0.0.1:8123 False False False False"),
        ({"PUBLIC_URL": "http://hilfe.example/"}, "http://hilfe.example False False False False"),
        ({"PUBLIC_URL": "https://hilfe.example"}, "https://hilfe.example True True True False"),
        ({"DEBUG": "1"}, "http://127.0.0.1:8000 False False False True"),
    ],
)
def test_the_public_address_decides_about_https(tmp_path, variables, shown):
    result = start(tmp_path, **variables)
    assert result.stdout.startswith(shown), result.stderr


def test_sqlite_is_safe_for_several_writers(tmp_path):
    code = """
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    for pragma in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys"):
        cursor.execute(f"PRAGMA {pragma}")
        print(cursor.fetchone()[0])
print(connection.settings_dict["OPTIONS"]["transaction_mode"])
"""
    missing = start(tmp_path, code)
    assert "unable to open database file" in missing.stderr
    assert list(tmp_path.iterdir()) == []  # no connection begins a database where one is missing
    (tmp_path / "portal.sqlite3").touch()
    assert start(tmp_path, code).stdout.split() == ["wal", "2", "20000", "1", "IMMEDIATE"]


def test_a_database_may_lie_where_its_path_has_signs_of_an_address(tmp_path):
    folder = tmp_path / "100 % für #1?"
    folder.mkdir()
    running.manage(running.environment(folder), "prepare", "--no-static")
    running.manage(running.environment(folder), "backup")
    assert {path.name for path in folder.iterdir()} >= {"portal.sqlite3", "portal.json", "backups"}
    assert list(tmp_path.iterdir()) == [folder]


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path):
    file = tmp_path / "neu" / "secret_key"
    environment.make_secret_key(file)
    key = file.read_text()
    environment.make_secret_key(file)
    assert file.read_text() == key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(key) > 60
    assert start(tmp_path, DATA_DIR=str(file.parent), SECRET_KEY=None).returncode == 0


@pytest.mark.parametrize("command", ["prepare", "import_content"])
def test_a_portal_is_prepared_again_without_touching_what_was_edited(seed, command, capsys):
    from django.core.management import call_command

    from faq.models import Entry
    from tests.factories import edit

    edit(Entry.objects.get(slug="stornierung"), body="Von Hand.")
    call_command(command, **({"static": False} if command == "prepare" else {}))
    assert "1 behalten" in capsys.readouterr().out
    assert Entry.objects.get(slug="stornierung").body == "Von Hand."


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"PORT": "acht"}, "Eine Einstellung stimmt nicht: PORT is 'acht'"),
        ({"DATABASE_URL": "postgres://portal:portal@127.0.0.1:9/portal"}, "Die Datenbank ist nicht erreichbar: "),
    ],
)
def test_a_command_that_cannot_work_says_why_in_a_line(tmp_path, variables, message):
    code = f"import runpy, sys; sys.argv = ['manage.py', 'check_gaps']; runpy.run_path({str(ROOT / 'manage.py')!r}, run_name='__main__')"
    result = start(tmp_path, code, **variables)
    assert result.returncode == 1
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_start_collects_the_static_files_only_if_they_are_others_than_those_that_are_there(tmp_path):
    env, manifest = running.environment(tmp_path), tmp_path / "static" / "staticfiles.json"

    def collected():
        running.manage(env, "prepare")
        return manifest.stat().st_mtime_ns

    first = collected()
    assert collected() == first
    (tmp_path / "static" / "staticfiles.sha256").write_text("of another release")
    assert collected() > first
    shutil.rmtree(tmp_path / "static")
    collected()
