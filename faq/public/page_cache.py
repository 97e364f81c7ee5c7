"""What views and the page cache tell each other: keys of the WSGI environment of a request."""

# The database is missing: said by the cache to Django, or by Django to the cache.
UNAVAILABLE = "portal.unavailable"
# What a search leaves there to be counted again whenever it is answered from the cache: the query and its outcome.
SEARCHED = "portal.searched"
