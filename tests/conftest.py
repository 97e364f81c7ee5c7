"""What all tests share."""

import fcntl
import random
from collections import Counter, defaultdict
from datetime import date

import pytest
from django.conf import settings
from django.db import transaction

from faq import importing
from faq.content import folder
from faq.operations import search_counts
from tests import running
from tests.postgres import empty_postgres
from tests.rows import put_rows, rows_by_table


def pytest_addoption(parser):
    parser.addoption(
        "--sample",
        default=f"{date.today()}",
        help="what draws the cases of tests that have too many for every run: any word (the day), or `all` for all of them",
    )


def pytest_terminal_summary(terminalreporter, config):
    terminalreporter.write_line(f"The cases of long tests were those of --sample={config.getoption('sample')}.")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config, items):
    """Mark as `database` what works in this process on the database of DATABASE_URL; the rest brings its own or needs none.

    Of the cases of a test that is marked as `sampled` only those stay that are drawn from what -k, -m and names left of them.
    """
    for item in items:
        if item.get_closest_marker("django_db") or {"db", "committing"} & set(item.fixturenames):
            item.add_marker("database")
    yield
    cases = defaultdict(list)
    for item in items:
        if sampled := item.get_closest_marker("sampled"):
            cases[item.nodeid.partition("[")[0], *sampled.args].append(item)
    left_out = set()
    for (test, number), some in cases.items():
        some.sort(key=lambda item: item.nodeid)  # whatever order chance has brought them into
        left_out |= {*some} - {*drawn(config, test, some, number)}
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


def drawn(config, test, many, number):
    """So many of these, in their order, as the command line draws them for a test; all where it says so, or where there are no more."""
    seed = config.getoption("sample")
    if seed == "all" or len(many) <= number:
        return many
    chosen = random.Random(f"{seed} {test}").sample(range(len(many)), number)
    return [many[place] for place in sorted(chosen)]


@pytest.fixture
def sample(request):
    """`sample(many, number)`: so many of them, drawn for this test."""
    return lambda many, number: drawn(request.config, request.node.nodeid, list(many), number)


@pytest.fixture(autouse=True)
def nothing_counted_yet(monkeypatch):
    """What other tests searched stays in memory until somebody writes it."""
    monkeypatch.setattr(search_counts, "_pending", Counter())


@pytest.fixture(scope="session")
def _imported():
    """The rows of the tables that the import of `content/` filled, by table; empty until a test asks for it."""
    return {}


@pytest.fixture
def seed(db, _imported):
    """The portal with the content of `content/`: imported once, from then on its rows are put there as they were."""
    if _imported:
        with transaction.atomic():
            put_rows(_imported)
        return
    before = rows_by_table()
    importing.run(folder.read(settings.CONTENT_DIR))
    _imported.update({table: rows for table, rows in rows_by_table().items() if rows != before[table]})


@pytest.fixture
def committing(django_db_setup, django_db_blocker):
    """The test commits what it writes, as a request does; afterwards the database is as it was, with what migrations put in."""
    with django_db_blocker.unblock():
        before = rows_by_table()
        yield
        with transaction.atomic():
            put_rows(before)


@pytest.fixture
def postgres_url():
    with empty_postgres() as address:
        yield address


@pytest.fixture(scope="session")
def _prepared_postgres(tmp_path_factory):
    """A database that nobody is connected to, with the content of `content/`."""
    with empty_postgres() as address:
        env = running.environment(tmp_path_factory.mktemp("prepared"), DATABASE_URL=address)
        running.manage(env, "prepare", "--no-static")
        yield address


@pytest.fixture
def prepared_postgres_url(_prepared_postgres):
    """The address of a database of the test's own, with the content of `content/`."""
    with empty_postgres(_prepared_postgres) as address:
        yield address


@pytest.fixture(scope="session")
def prepared_folder(tmp_path_factory, worker_id):
    """A folder with a portal on SQLite that can be started: the content of `content/`, and its static files.

    One for all workers: compressing the static files takes longer than all the rest.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "prepared"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "portal.json").exists():
            running.manage(running.environment(folder), "prepare")
    return folder


@pytest.fixture(scope="session")
def prepared(prepared_folder):
    """The same."""
    return prepared_folder


@pytest.fixture
def portal_in(prepared, tmp_path):
    """`portal_in(DATABASE_URL=…)`: a running portal of the test's own."""
    started = []

    def start(**env):
        started.append(running.Portal(running.copied(prepared, tmp_path / "data"), **env))
        return started[-1].start()

    yield start
    for portal in started:
        portal.stop()
