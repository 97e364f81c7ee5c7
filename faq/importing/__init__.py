"""From a content folder to what is stored, without ever overwriting what was edited in the admin.

For each item three texts are compared: the file, what is stored, and the base, which is the file as it was at the last
import (kept as a Version). Whichever side alone differs from the base has been changed; where both have, it is a conflict.
"""

from faq.importing.decision import CONFLICT, CREATED, DELETED, KEPT, UNCHANGED, UPDATED
from faq.importing.importer import compare, preview, run
from faq.importing.report import Outcome, Report
from faq.importing.targets import read

__all__ = [
    "CONFLICT", "CREATED", "DELETED", "KEPT", "UNCHANGED", "UPDATED", "Outcome", "Report", "compare", "preview", "read", "run",
]  # fmt: skip
