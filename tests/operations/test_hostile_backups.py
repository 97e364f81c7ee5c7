"""A backup that somebody made or changed brings nothing but rows: it writes nowhere else, and runs nothing."""

import base64
import hashlib
import io
import json
import os
import pickle
import sqlite3
import subprocess
import tarfile
from contextlib import closing

import psycopg
import pytest

from tests.operations.filled import Portal
from tests.postgres import empty_postgres

SECRET = "ein-anderer-schluessel-" + "0123456789abcdef" * 4


class Trap:
    """A value that makes a folder where it is unpickled."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


class Archive:
    """The members of a backup, to be changed and written again, with checksums that fit."""

    def __init__(self, file):
        with tarfile.open(file) as archive:
            self.members = {member.name: archive.extractfile(member).read() for member in archive}
        self.manifest = json.loads(self.members.pop("manifest.json"))
        self.infos = []

    @property
    def attachment(self):
        (name,) = self.manifest["files"]
        return name

    def sign(self, signer):
        """As the portal with this signer would."""
        del self.manifest["signed"]
        said = hashlib.sha256(json.dumps(self.manifest, sort_keys=True).encode()).hexdigest()
        self.manifest["signed"] = signer.sign(said)

    def written(self, path):
        self.manifest["database"] = hashlib.sha256(self.members["database"]).hexdigest()
        with tarfile.open(path, "w:gz") as archive:
            for name, data in {"manifest.json": json.dumps(self.manifest).encode(), **self.members}.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
            for info in self.infos:
                archive.addfile(info)
        return path

    def run(self, folder, script):
        """Run statements in the database, past all that the portal would say."""
        file = folder / "changed"
        file.write_bytes(self.members["database"])
        run = _on_sqlite if self.manifest["engine"] == "sqlite" else _on_postgres
        run(file, script)
        self.members["database"] = file.read_bytes()


def _on_sqlite(file, script):
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA ignore_check_constraints=ON")
        database.executescript(script)


def _on_postgres(file, script):
    with empty_postgres() as address:
        subprocess.run(["pg_restore", "--no-owner", "--single-transaction", f"--dbname={address}", file], check=True)
        with psycopg.connect(address) as database:
            database.execute(script)
        subprocess.run(["pg_dump", "--format=custom", f"--file={file}", address], check=True)


def outside(name):
    def change(archive):
        archive.members[f"dateien/{name}"] = b"x"
        archive.manifest["files"][name] = hashlib.sha256(b"x").hexdigest()

    return change


def special(kind, target=""):
    def change(archive):
        name = f"dateien/{archive.attachment}"
        del archive.members[name]
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, target
        archive.infos.append(info)

    return change


def twice(archive):
    archive.infos.append(tarfile.TarInfo("database"))


def without_date(archive):
    archive.manifest["made"] = "gestern"


def strange_migrations(archive):
    archive.manifest["migrations"] = [["faq"]]


def no_migrations(archive):
    archive.manifest["migrations"] = []


ARCHIVES = {
    "up": (outside("../../../raus.pdf"), "so benennt das Portal keine"),
    "up and down": (outside("x/../../raus.pdf"), "so benennt das Portal keine"),
    "absolute": (outside("/tmp/raus.pdf"), "so benennt das Portal keine"),
    "a folder": (outside("raus/raus.pdf"), "so benennt das Portal keine"),
    "a name of its own": (outside("secret_key"), "so benennt das Portal keine"),
    "a link": (special(tarfile.SYMTYPE, "/etc/passwd"), "was nicht hineingehört"),
    "a hard link": (special(tarfile.LNKTYPE, "manifest.json"), "was nicht hineingehört"),
    "a device": (special(tarfile.CHRTYPE), "was nicht hineingehört"),
    "a pipe": (special(tarfile.FIFOTYPE), "was nicht hineingehört"),
    "a folder for a file": (special(tarfile.DIRTYPE), "was nicht hineingehört"),
    "twice": (twice, "was nicht hineingehört"),
    "no date": (without_date, "keine Sicherung dieses Portals"),
    "strange migrations": (strange_migrations, "keine Sicherung dieses Portals"),
    "no migrations": (no_migrations, "Sicherung"),
}
FOREIGN, UNFIT, OTHER = "was nicht vom Portal ist: ", "nicht so, wie das Portal sie hat", "anderes, als das Verzeichnis"
ON_BOTH = {
    "a column less": ("ALTER TABLE faq_gap DROP COLUMN note", UNFIT),
    "a view for a table": (
        "ALTER TABLE taggit_taggeditem RENAME TO evil; CREATE VIEW taggit_taggeditem AS SELECT * FROM evil",
        "",
    ),
    "other rows": (
        "UPDATE faq_storedfile SET file = '../../secret_key'; DELETE FROM auth_group_permissions;"
        "DELETE FROM faq_version WHERE id = (SELECT max(id) FROM faq_version)",
        f"{OTHER} der Sicherung sagt: files, versions, auth_group_permissions",
    ),
}
ON_SQLITE = {
    "all of its own": (
        "CREATE TABLE tafel (x); CREATE VIEW sicht AS SELECT id FROM faq_gap; CREATE VIRTUAL TABLE modul USING fts5(x);"
        "CREATE TRIGGER falle AFTER INSERT ON cache BEGIN DELETE FROM faq_entry; END",
        f"{FOREIGN}falle, modul, sicht, tafel.",
    ),
    "a column more": ("ALTER TABLE faq_gap ADD COLUMN evil integer", UNFIT),
    "a table less": ("DROP TABLE taggit_taggeditem", UNFIT),
    "a computed column": (
        "ALTER TABLE faq_gap DROP COLUMN note; ALTER TABLE faq_gap ADD COLUMN note text GENERATED ALWAYS AS (name)",
        UNFIT,
    ),
    "a text for a number": ("UPDATE faq_category SET position = 'x'", "passt nicht"),
    "bytes for a text": ("UPDATE faq_entry SET body = CAST('x' AS BLOB)", "passt nicht"),
    "a time that is none": ("UPDATE faq_gap SET created = 'nie'", "passt nicht"),
    "a row of nothing": ("UPDATE faq_step SET entry_id = 999 WHERE id = (SELECT min(id) FROM faq_step)", "beschädigt"),
}
ON_POSTGRES = {
    "all of its own": (
        """
        CREATE TABLE tafel (x integer);
        CREATE VIEW sicht AS SELECT id FROM faq_gap;
        CREATE MATERIALIZED VIEW ablage AS SELECT 1;
        CREATE FUNCTION falle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER falle AFTER INSERT ON cache EXECUTE FUNCTION falle();
        CREATE RULE regel AS ON INSERT TO cache DO ALSO DELETE FROM faq_entry;
        CREATE POLICY richtlinie ON faq_gap USING (false);
        CREATE SCHEMA anderswo;
        """,
        f"{FOREIGN}FUNCTION falle(), MATERIALIZED VIEW DATA ablage, MATERIALIZED VIEW ablage, POLICY faq_gap, RULE cache, "
        "SCHEMA anderswo, TABLE DATA tafel, TABLE tafel, TRIGGER cache, VIEW sicht.",
    ),
}


def refused(portal, folder, changes):
    """Each of these changes of an archive is refused, and says why."""
    files = []
    for number, (change, _) in enumerate(changes.values()):
        archive = Archive(portal.file)
        change(archive)
        files.append(archive.written(folder / f"{number}.tar.gz"))
    said = dict(zip(changes, portal.refuses(*files), strict=True))
    assert {name: line for name, line in said.items() if not line.startswith("Nichts wurde verändert.")} == {}
    assert {name: said[name] for name, (_, why) in changes.items() if why not in said[name]} == {}


def test_an_archive_brings_no_file_but_attachments_as_the_portal_names_them(on_sqlite, tmp_path):
    refused(on_sqlite, tmp_path, ARCHIVES)
    assert list(on_sqlite.folder.parent.rglob("raus*")) == []


@pytest.mark.parametrize(("place", "own"), [("on_sqlite", ON_SQLITE), ("on_postgres", ON_POSTGRES)])
def test_a_database_with_anything_but_the_portals_own_is_refused(request, tmp_path, place, own):
    def running(script):
        return lambda archive: archive.run(tmp_path, script)

    changes = {name: (running(statements), why) for name, (statements, why) in (ON_BOTH | own).items()}
    refused(request.getfixturevalue(place), tmp_path, changes)


def test_a_statement_that_a_dump_hides_among_its_data_is_not_run(on_postgres, tmp_path):
    def hide(archive):
        dump = archive.members["database"]
        begin = dump.index(b"COPY public.faq_importconflict ")
        length = dump.index(b"stdin;\n", begin) + 7 - begin
        statement = b"CREATE TABLE public.evil (x integer);"
        archive.members["database"] = dump[:begin] + statement.ljust(length) + dump[begin + length :]

    refused(on_postgres, tmp_path, {"a statement": (hide, UNFIT)})
    assert (
        on_postgres.run("from django.db import connection; say('evil' in connection.introspection.table_names())")
        == "False"
    )


def test_nothing_of_a_backup_is_unpickled_and_no_session_comes_back(portal, tmp_path):
    trap = base64.b64encode(pickle.dumps(Trap(tmp_path / "gefangen"))).decode()
    archive = Archive(portal.file)
    key = portal.run('from django.core.cache import cache; say(cache.make_key("besucher"))')
    archive.run(
        tmp_path,
        f"INSERT INTO cache VALUES ('{key}', '{trap}', '2099-01-01 00:00:00');"
        f"INSERT INTO django_session VALUES ('gestohlen', '{trap}', '2099-01-01 00:00:00');"
        "UPDATE faq_searchdocument SET title = 'Erfunden', stems = 'erfunden', forms = 'erfunden';"
        "CREATE INDEX evil ON faq_gap (lower(name))",
    )
    shown = portal.run(f"""
call_command("restore", {str(archive.written(tmp_path / "trap.tar.gz"))!r}, foreign=True, stdout=sys.stderr)
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from faq.models import SearchDocument
say(cache.get("besucher"), Session.objects.count(), SearchDocument.objects.filter(title="Erfunden").count(),
    "evil" in connection.introspection.get_constraints(connection.cursor(), "faq_gap"), User.objects.count())
""")
    assert shown == "None|0|0|False|1"
    assert not (tmp_path / "gefangen").exists()


def test_html_of_somebody_else_is_made_anew(on_sqlite, tmp_path):
    archive = Archive(on_sqlite.file)
    tables = {"entry": "body", "step": "body", "category": "intro", "term": "definition", "site": "intro"}
    for table, field in tables.items():
        archive.run(tmp_path, f"UPDATE faq_{table} SET {field}_html = '<script>böse</script>'")
    archive.run(
        tmp_path, "UPDATE faq_entry SET body = '![fremd](https://fremd.example/x.png)' WHERE slug = 'vlsc-zugriff'"
    )
    archive.manifest["rows"]["faq_oldtext"] = 1
    digest = hashlib.sha256(b"![fremd](https://fremd.example/x.png)").hexdigest()
    archive.run(
        tmp_path,
        "INSERT INTO faq_oldtext (digest, text, html, reasons, since) "
        f"VALUES ('{digest}', '![fremd](https://fremd.example/x.png)', '<script>böse</script>', 'x', '2026-01-01')",
    )
    shown = on_sqlite.run(f"""
call_command("restore", {str(archive.written(tmp_path / "html.tar.gz"))!r}, foreign=True, stdout=sys.stderr)
from faq.models import Category, Entry, Site, Step, Term
fields = ((Entry, "body"), (Step, "body"), (Category, "intro"), (Term, "definition"), (Site, "intro"))
body = "".join(html for model, field in fields for html in model._base_manager.values_list(field + "_html", flat=True))
say("böse" in body, "Vorher." in body, "![fremd](https://fremd.example/x.png)" in body)
""")
    assert shown == "False|True|True"


def test_what_an_operator_added_beside_the_portal_is_left_out_and_said(portal):
    look = "from django.db import connection as c\n"
    portal.run(look + "c.cursor().execute('CREATE VIEW umsatz AS SELECT 1 AS x')")
    said = portal.run(look + f"call_command('restore', {str(portal.backup())!r})\nsay(c.introspection.table_names())")
    assert "Nicht übernommen, weil nicht vom Portal: " in said
    assert "umsatz" in said
    assert "'umsatz'" not in said


def test_a_backup_that_this_portal_did_not_sign_needs_a_word(on_sqlite, tmp_path):
    unsigned, changed = Archive(on_sqlite.file), Archive(on_sqlite.file)
    del unsigned.manifest["signed"]
    changed.manifest["versions"] += 1
    files = [archive.written(tmp_path / f"{n}.tar.gz") for n, archive in enumerate((unsigned, changed))]
    said = on_sqlite.refuses(*files, foreign=False)
    moved = Portal(on_sqlite.folder)
    moved.env["SECRET_KEY"] = SECRET
    said += moved.refuses(on_sqlite.file, foreign=False)
    for line in said:
        assert "trägt nicht die Unterschrift dieses Portals" in line
        assert "restore --foreign" in line
    moved.run(f"call_command('restore', {str(on_sqlite.file)!r}, foreign=True)")
    on_sqlite.run(f"call_command('restore', {str(on_sqlite.file)!r})")
