"""Whatever is wrong with database, disk or settings: who runs the portal gets a line about it in German, and no stack trace."""

import os
from contextlib import ExitStack

import pytest

from tests import faults, running

# One process reads all settings; each way to begin is another one, so a few are started with (all: `python -m benchmarks.faults`).
STARTED = [
    ("DATABASE_URL", "sqlite:///x?timeout=abc"),
    ("DATABASE_URL", "postgres://portal@127.0.0.1:9/portal?bogus=1"),
    ("PROMETHEUS_MULTIPROC_DIR", "/dev/null/x"),
]


@pytest.fixture(scope="module")
def beside(prepared, tmp_path_factory):
    return faults.lay_out(
        running.copied(prepared, tmp_path_factory.mktemp("for_backup")), tmp_path_factory.mktemp("beside")
    )


@pytest.mark.sampled(4)
@pytest.mark.parametrize("fault", [*faults.SQLITE, *faults.POSTGRES], ids=lambda fault: fault.__name__)
def test_every_command_says_in_a_line_what_hinders_it(request, fault, prepared, beside, tmp_path):
    template = request.getfixturevalue("_prepared_postgres") if fault in faults.POSTGRES else None
    with faults.broken(fault, running.copied(prepared, tmp_path / "data"), template) as portal:
        ended = faults.outcomes(portal, beside)
    assert [command for command, *_ in ended] == faults.COMMANDS
    assert [end for end in ended if not faults.is_said_well(*end[1:])] == []
    if fault in faults.WITHOUT_DATABASE:
        assert [command for command, code, _ in ended if code == 0 and command not in faults.BRINGING] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root makes a disk for it")
@pytest.mark.sampled(1)
@pytest.mark.parametrize("share", [0.5, 1.2, 2.2, 2.6])
def test_a_restore_without_room_says_that_the_disk_is_full(prepared, beside, tmp_path, share):
    """Wherever on its way the room ends."""
    portal = running.Portal(running.copied(prepared, tmp_path / "data"))
    with ExitStack() as stack:
        faults.disk_of(portal.folder, stack, room=int(portal.database.stat().st_size * share))
        ((_, code, said),) = faults.outcomes(portal, beside, ["restore"])
    assert (code, "Die Platte ist voll" in said) == (1, True), said


def test_every_setting_with_a_wrong_value_says_so(prepared, tmp_path):
    env = running.environment(prepared)
    pairs = [(name, value) for name in faults.settings() for value in faults.WRONG]
    read = faults.read_with(env, pairs)
    assert len(read) == len(pairs)
    assert [each for each in read if "Traceback" in each[2] or "\n" in each[2]] == []
    for name, value in STARTED:
        for code, said in faults.started_with(env, name, value, tmp_path):
            assert faults.is_said_well(code, said), (name, value, said)
