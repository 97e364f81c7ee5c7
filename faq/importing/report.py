"""What an import did, or would do, and what is left to decide."""

from collections import Counter
from dataclasses import dataclass, field

from faq.importing.decision import CONFLICT, KEPT
from faq.models import ImportConflict


@dataclass
class Outcome:
    """What became of one item. The texts are those of a conflict."""

    kind: str
    path: str
    state: str
    file: str = ""
    stored: str = ""
    reason: str = ""


@dataclass
class Report:
    outcomes: list[Outcome] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # about steps: what files should say, links that mean another one now
    warnings: list = field(default_factory=list)  # FileProblems of texts that were taken all the same

    def count(self, kind):
        """How many items of a kind were created, updated and so on."""
        return Counter(outcome.state for outcome in self.outcomes if outcome.kind == kind)

    @property
    def conflicts(self):
        return [outcome for outcome in self.outcomes if outcome.state == CONFLICT]


def note_conflicts(report, keep):
    """Keep what is left to decide, for the start page of the admin, until it is: for what is stored (`keep`), or for a file.

    A file that says nothing new, such as the installation's own, decides nothing about that of an upload.
    """
    seen = [outcome.path for outcome in report.outcomes if outcome.state != KEPT or outcome.path in keep]
    known = ImportConflict.objects.in_bulk(field_name="path")
    conflicts = {outcome.path: outcome.reason[:300] for outcome in report.conflicts}
    solved = [conflict.pk for path, conflict in known.items() if path in seen and path not in conflicts]
    ImportConflict.objects.filter(pk__in=solved).delete()
    ImportConflict.objects.bulk_create(
        ImportConflict(path=path, reason=reason) for path, reason in conflicts.items() if path not in known
    )
