"""The page cache: a WSGI application in front of Django that makes what readers get once per change.

`application` answers from memory what is still right, asks Django for the rest, and serves the last pages seen while the
database is gone. `rules` says which requests and responses may be cached, and by which key; `response` is one that was made,
compressed; `memory` holds them, in each process, up to STORE_MB; `revision` reads at each request whether they are still right.
Nothing is written to disk: pages that outlive a restart without a database are in nginx's cache (`deploy/nginx/`).
"""

from helpdesk.page_cache.application import PageCache

__all__ = ["PageCache"]
