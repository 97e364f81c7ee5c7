"""Whether anything was committed to a SQLite database, seen without a system call.

In WAL mode all connections share the wal-index, a file mapped into memory. Its head is another one after every commit, before
that is acknowledged: https://sqlite.org/walformat.html, "The WAL-Index Header".
"""

import mmap
import os
import struct
import threading

HEAD = slice(48)  # the first of two copies: a commit writes it last
_VERSION = struct.pack("=I", 3007000)
_INITIALISED = 12
_mapped = {}
_mapping = threading.Lock()


def wal_index(database):
    """The memory whose HEAD tells of commits to the database at a path; empty if there is none to go by.

    To be read only while a connection is open that has read from this database: else SQLite may cut the file off.
    """
    try:
        with _mapping:
            index = _map(f"{database}-shm")
    except (OSError, ValueError):
        return b""
    return index if index[:4] == _VERSION and index[_INITIALISED] else b""


def _map(path):
    """Each file once, and for good: closing it would take the locks that SQLite holds on it in this process."""
    status = os.stat(path)
    if (status.st_dev, status.st_ino) not in _mapped:
        file = os.open(path, os.O_RDONLY)
        status = os.fstat(file)
        _mapped[status.st_dev, status.st_ino] = mmap.mmap(file, HEAD.stop, access=mmap.ACCESS_READ)
    return _mapped[status.st_dev, status.st_ino]
