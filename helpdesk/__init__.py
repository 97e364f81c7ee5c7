"""The project around the portal. Whatever its processes write is for the account alone that they run under."""

import os

os.umask(0o077)
