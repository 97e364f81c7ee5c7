"""Backups: everything the portal stores in one file that is checked after it was written, and the way back."""

from faq.backups.archive import Refused, fits, newest, restore, write
from faq.backups.rotation import rotate

__all__ = ["Refused", "fits", "newest", "restore", "rotate", "write"]
