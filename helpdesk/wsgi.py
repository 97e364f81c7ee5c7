"""WSGI entry point: what granian serves. The page cache stands in front of Django; not while templates change (DEBUG)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

application = get_wsgi_application()

from django.conf import settings  # noqa: E402  Django is set up by now

from faq.operations import periodic  # noqa: E402
from helpdesk.request_id import identified  # noqa: E402

if not settings.DEBUG:
    from helpdesk.page_cache import PageCache

    application = PageCache(application)

application = identified(application)
periodic.start()
