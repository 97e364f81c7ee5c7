"""What is measured and said, never tested: `make measure` runs all of it and prints figures."""

# Modules that the others share.
HELPERS = ("portal", "raw", "hammer", "rivals", "plain_view", "costs")
