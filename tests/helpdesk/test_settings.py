"""The portal is set up by its environment: a bad value stops the start and says what to set."""

import os
import re
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
        ("PORT", "0", "PORT ist '0': Erlaubt sind Ports"),
        ("PORT", "acht", "PORT ist 'acht'"),
        ("PORT", "70000", "PORT ist '70000'"),
        ("ATTACHMENT_MAX_MB", "0", "ATTACHMENT_MAX_MB ist '0': Erlaubt sind Zahlen von 1 bis 100"),
        ("ATTACHMENT_MAX_MB", "viel", "ATTACHMENT_MAX_MB ist 'viel'"),
        ("DEBUG", "vielleicht", "DEBUG ist 'vielleicht': Erlaubt sind 1 und 0"),
        ("STORE_MB", "0", "STORE_MB ist '0': Erlaubt sind Zahlen von 1 bis 4096"),
        ("PUBLIC_URL", "hilfe.example", "Hierher gehört die Adresse für Leser"),
        ("PUBLIC_URL", "ftp://hilfe.example", "Hierher gehört die Adresse für Leser"),
        ("PUBLIC_URL", "https://hilfe.example/pfad", "ohne Pfad"),
        ("PUBLIC_URL", "https://", "Hierher gehört die Adresse für Leser"),
        ("PUBLIC_URL", "https://a:b@hilfe.example", "Hierher gehört die Adresse für Leser"),
        ("PUBLIC_URL", "https://hilfe.example:99999", "Hierher gehört die Adresse für Leser"),
        ("TRUSTED_PROXIES", "-1", "TRUSTED_PROXIES ist '-1': Erlaubt sind Zahlen von 0 bis 9"),
        ("SECOND_FACTOR", "vielleicht", "SECOND_FACTOR ist 'vielleicht': Erlaubt sind 1 und 0"),
        ("OIDC_ISSUER", "https://sso.example", "Es fehlt OIDC_CLIENT_ID, OIDC_CLIENT_SECRET"),
        ("SEARCHES_PER_MINUTE", "0", "SEARCHES_PER_MINUTE ist '0'"),
        ("DATABASE_URL", "mysql://x/y", "DATABASE_URL ist von der Art 'mysql'"),
        ("DATABASE_URL", "postgres://localhost", "nennt keine Datenbank"),
        ("DATABASE_URL", "kaputt", "Erlaubt sind sqlite:///"),
        ("EMAIL_URL", "mail.example", "EMAIL_URL ist nicht lesbar: Erlaubt sind smtp+tls://benutzer"),
        ("EMAIL_URL", "http://mail.example", "EMAIL_URL ist nicht lesbar"),
        ("EMAIL_URL", "smtp://mail.example:99999", "EMAIL_URL ist nicht lesbar"),
        ("EMAIL_URL", "smtp+tls://a:geheim@/", "EMAIL_URL ist nicht lesbar"),
        ("EMAIL_FROM", "hilfe", "EMAIL_FROM ist 'hilfe': Hierher gehört eine E-Mail-Adresse"),
        ("SECRET_KEY", "kurz", "SECRET_KEY ist mit 4 Zeichen zu kurz"),
        ("SECRET_KEY", "a" * 60, "SECRET_KEY hat nur 1 verschiedene Zeichen: Nötig sind mindestens 50 zufällige"),
        ("SECRET_KEY", None, "Es gibt keinen geheimen Schlüssel: Setzen Sie SECRET_KEY"),
        ("METRICS_TOKEN", "a", "METRICS_TOKEN ist mit 1 Zeichen zu kurz: Nötig sind 16"),
        ("METRICS_TOKEN", "abcd" * 8, "METRICS_TOKEN hat nur 4 verschiedene Zeichen"),
        ("METRICS_TOKEN", "ein Satz mit neun Wörtern", "METRICS_TOKEN: Erlaubt sind Buchstaben ohne Umlaute"),
        ("LISTEN", "überall", "LISTEN ist 'überall': Hierher gehört die IP-Adresse"),
        ("PROMETHEUS_MULTIPROC_DIR", "/dev/null", "PROMETHEUS_MULTIPROC_DIR ist '/dev/null', und das ist kein Ordner"),
        ("OIDC_ISSUER", "http://sso.example", "OIDC"),
        ("DATABASE_URL", "postgres://a:geheim@b:c/d", "DATABASE_URL ist nicht lesbar"),
        ("DATA_DIR", "/dev/null", "und das ist kein Ordner"),
        ("SECURITY_CONTACT", "Lizenzteam", "SECURITY_CONTACT ist 'Lizenzteam': Setzen Sie eine E-Mail-Adresse"),
        ("SECURITY_CONTACT", "https://[x", "eine Seite mit https://"),
    ],
)
def test_a_bad_value_stops_the_start_and_says_what_to_set(tmp_path, name, value, message):
    result = start(tmp_path, **{name: value})
    assert result.returncode != 0
    said = result.stderr.splitlines()[-1]
    assert message in said
    assert "geheim" not in said.replace("geheimen Schlüssel", "")
    assert not re.search(r"\b(set|is|the|to|with|cannot|must|invalid)\b", said), said


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
        ({"PORT": "acht"}, "Eine Einstellung stimmt nicht: PORT ist 'acht'"),
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


MISSPELT = {
    "SLOWMS": "SLOW_MS", "METRIC_TOKEN": "METRICS_TOKEN", "PUBLICURL": "PUBLIC_URL", "PUBLIC_URI": "PUBLIC_URL",
    "SECRETKEY": "SECRET_KEY", "DATABSE_URL": "DATABASE_URL", "DATADIR": "DATA_DIR", "data_dir": "DATA_DIR",
    "MAIL_URL": "EMAIL_URL", "TRUSTED_PROXY": "TRUSTED_PROXIES", "OIDC_CLIENTID": "OIDC_CLIENT_ID", "LISTEN_ON": "LISTEN",
    "PROMETHEUS_MULTIPROCESS_DIR": "PROMETHEUS_MULTIPROC_DIR", "ATTACHMENTS_MAX_MB": "ATTACHMENT_MAX_MB",
    "CHECKLINKS": "CHECK_LINKS",
}  # fmt: skip
SHOW_MISSPELT = "from django.conf import settings; print(*settings.MISSPELT, sep='\\n')"


def test_a_misspelt_setting_is_named_with_what_was_meant(tmp_path):
    said = start(tmp_path, SHOW_MISSPELT, **dict.fromkeys(MISSPELT, "1")).stdout.splitlines()
    named = {sentence.split()[0]: sentence.split()[-1].rstrip(".") for sentence in said}
    assert named == MISSPELT


def test_nothing_is_said_of_what_belongs_to_other_programs(tmp_path):
    usual = """HOME USER LANG TERM SHELL PWD TZ HOST HOSTNAME MAIL LOGNAME EDITOR DISPLAY XDG_DATA_DIRS XDG_DATA_HOME LISTEN_FDS LISTEN_PID
        INVOCATION_ID JOURNAL_STREAM NOTIFY_SOCKET STATE_DIRECTORY CACHE_DIRECTORY RUNTIME_DIRECTORY CREDENTIALS_DIRECTORY PGDATA
        PGHOST PGPORT PGUSER PGOPTIONS POSTGRES_DB POSTGRES_PASSWORD PIP_CERT PYTHONPATH PYTHONPYCACHEPREFIX MALLOC_ARENA_MAX
        NODE_DEBUG SSH_PORT DATABASE SECRET_KEY_BASE TEST_POSTGRES_URL VIRTUAL_ENV SSL_CERT_DIR HTTP_PROXY NO_PROXY CI""".split()
    shown = start(tmp_path, SHOW_MISSPELT, **dict.fromkeys(usual, "1"))
    assert shown.stdout.strip() == "", shown.stderr


def test_a_key_in_the_file_is_held_to_the_same(tmp_path):
    (tmp_path / "secret_key").write_text("a" * 60)
    assert "secret_key hat nur 1 verschiedene Zeichen" in start(tmp_path, SECRET_KEY=None).stderr


def test_the_start_names_a_misspelt_setting_and_goes_on(portal_in):
    portal = portal_in(SLOWMS="200")
    assert "Gemeint ist wohl SLOW_MS." in (portal.folder / "server.log").read_text()
