#!/usr/bin/env python
"""Django's command line for this project; what is wrong with settings, database or disk is one line."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError, InterfaceError

from faq.operations import faults

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)  # only servers count together
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Eine Einstellung stimmt nicht: {error}")
    except (DatabaseError, InterfaceError, OSError) as error:
        if not (fault := faults.fault(error)):
            raise
        sys.exit(str(fault))
