"""The page store: what readers get is made once per change, kept whole, and answered before Django is asked.

`rules` says what may be stored and by what it is found, `memory` keeps it in each process, `archive` keeps it on disk for
when the database is gone, `database` says whether what is kept is still right, `commits` whether SQLite must be asked for
it at all, `application` is the WSGI application.
"""

from helpdesk.page_cache.application import Store

__all__ = ["Store"]
