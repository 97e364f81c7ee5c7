"""What views and the page store tell each other in the environment of a request."""

# The database is missing: said by the store to Django, or by Django to the store.
UNAVAILABLE = "portal.unavailable"
# What a search leaves there to be counted again whenever it is answered from the store: the query and its outcome.
SEARCHED = "portal.searched"
