"""Backups: everything the portal stores in one file that is checked after it was written, and the way back."""

from faq.operations.backups.archive import BEFORE_UPGRADE, Refused, size_of, write
from faq.operations.backups.facts import size_now
from faq.operations.backups.folders import age, copy_to, folders, newest
from faq.operations.backups.restoring import restore, try_out
from faq.operations.backups.rotation import larger, rotate, rotate_upgrades

__all__ = [
    "BEFORE_UPGRADE",
    "Refused",
    "age",
    "copy_to",
    "folders",
    "larger",
    "newest",
    "restore",
    "rotate",
    "rotate_upgrades",
    "size_now",
    "size_of",
    "try_out",
    "write",
]
