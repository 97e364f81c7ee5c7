"""The portal's own settings, read from an environment made for the tests; only DATABASE_URL is the caller's."""

import atexit
import os
import shutil
import tempfile

_DATA = tempfile.mkdtemp(prefix="portal-tests-")
os.mkdir(f"{_DATA}/static")  # whitenoise looks for it
atexit.register(shutil.rmtree, _DATA, ignore_errors=True)
for _name in ("DEBUG", "PUBLIC_URL", "CONTENT_DIR", "PORT"):
    os.environ.pop(_name, None)
os.environ |= {"DATA_DIR": _DATA, "SECRET_KEY": "only-for-the-tests-" + "0123456789abcdef" * 3}

from helpdesk.settings import *  # noqa: E402, F403
from helpdesk.settings import STORAGES  # noqa: E402

# Hashed names need collectstatic, and slow password hashes are not what is tested.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
