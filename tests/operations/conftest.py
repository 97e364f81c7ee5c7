"""What tests of backups share."""

import pytest

from tests.operations.filled import FILLED, Portal
from tests.postgres import empty_postgres
from tests.running import copied


@pytest.fixture(scope="module")
def on_sqlite(prepared, tmp_path_factory):
    portal = Portal(copied(prepared, tmp_path_factory.mktemp("portal")))
    portal.run(FILLED)
    return portal


@pytest.fixture(scope="module")
def on_postgres(_prepared_postgres, tmp_path_factory):
    with empty_postgres(_prepared_postgres) as address:
        portal = Portal(tmp_path_factory.mktemp("portal"), address)
        portal.run(FILLED)
        yield portal


@pytest.fixture(params=["on_sqlite", "on_postgres"])
def portal(request):
    return request.getfixturevalue(request.param)
