"""A database has the same shape whether it is new or was upgraded; one that is too old is refused, and nothing of it is changed."""

import re
from contextlib import contextmanager, nullcontext

import pytest

from tests import running
from tests.operations.releases import RELEASES, Release, applied, select
from tests.postgres import empty_postgres

# Past any order in which columns were added: what each database says of its tables, columns, indexes and constraints.
SHAPE = {
    "sqlite": [
        "SELECT t.name, c.name, c.type, c.[notnull], c.dflt_value, c.pk FROM sqlite_master t, pragma_table_info(t.name) c",
        "SELECT t.name, f.[table], f.[from], f.[to], f.on_delete FROM sqlite_master t, pragma_foreign_key_list(t.name) f",
        "SELECT t.name, i.[unique], i.origin, i.partial, (SELECT group_concat(name) FROM pragma_index_info(i.name))"
        " FROM sqlite_master t, pragma_index_list(t.name) i",
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    ],
    "postgresql": [
        "SELECT table_name, column_name, data_type, coalesce(character_maximum_length, 0), is_nullable, is_identity,"
        " coalesce(column_default, '') FROM information_schema.columns WHERE table_schema = 'public'",
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace",
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'",
    ],
}
CHECKS = re.compile(r"""CONSTRAINT "\w+" CHECK .*?(?=, CONSTRAINT|, "\w+" \w+|\)$)""", re.S)
# PostgreSQL writes the same check with other casts once it was dumped and loaded.
CASTS = re.compile(r"::[\w ]+(\[\])?|[()]")
RIGHTS = """
    SELECT g.name, p.codename FROM auth_group_permissions gp
    JOIN auth_group g ON g.id = gp.group_id JOIN auth_permission p ON p.id = gp.permission_id
"""
# As a database of before 1.0.0 has it.
FORGET = "DELETE FROM django_migrations WHERE app = 'faq' AND name > '0009'"


def shape(portal):
    """All that its database says of its tables, a set to be compared."""
    engine = "postgresql" if portal.env["DATABASE_URL"] else "sqlite"
    found = {CASTS.sub("", str(row)) for statement in SHAPE[engine] for row in select(portal, statement)}
    if engine == "sqlite":
        tables = select(portal, "SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        found |= {f"{name}: {check}" for name, statement in tables for check in CHECKS.findall(statement)}
    return found


@contextmanager
def place(engine, folder):
    """A portal without a database on SQLite, or with an empty one on PostgreSQL."""
    folder.mkdir()
    with empty_postgres() if engine == "postgresql" else nullcontext("") as address:
        portal = running.Portal(folder, DATABASE_URL=address)
        yield portal
        portal.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request):
    return request.param


@pytest.fixture
def former(engine, tmp_path):
    """A portal with the database of a release, by its name."""
    with place(engine, tmp_path / "former") as portal:

        def of(version):
            Release(version, engine, portal.env["DATABASE_URL"]).put(portal.folder)
            return portal

        yield of


@pytest.mark.parametrize("version", RELEASES)
def test_a_new_database_has_the_tables_and_the_rights_of_an_upgraded_one(engine, former, version, tmp_path):
    upgraded = former(version)
    with place(engine, tmp_path / "new") as new:
        if engine == "sqlite":
            new.database.touch()
        for portal in (new, upgraded):
            running.manage(portal.env, "migrate")
            running.manage(portal.env, "createcachetable")
        assert shape(new) ^ shape(upgraded) == set()
        assert select(new, RIGHTS) == select(upgraded, RIGHTS) != []
        assert applied(new) <= applied(upgraded)


def test_a_database_of_before_1_0_0_is_refused_and_told_the_way_and_nothing_of_it_is_changed(engine, former, tmp_path):
    portal = former("1.0.0")
    select(portal, FORGET)
    before = shape(portal), applied(portal)
    for command in ("prepare", "doctor"):
        said = running.managed(portal.env, command, code=1)
        assert "von einer Version vor 1.0.0" in said
        assert "erst mit der Version 1.1.0" in said
    running.managed(portal.env, "migrate", code=1)
    with place("sqlite", tmp_path / "new") as new:
        address = portal.env["DATABASE_URL"] or f"sqlite:///{portal.database}"
        said = running.managed(new.env, "copy_database", address, code=1)
        assert "Nichts wurde kopiert. Diese Datenbank ist von einer Version vor 1.0.0" in said
    assert (shape(portal), applied(portal)) == before
    assert not (portal.folder / "backups").exists()
