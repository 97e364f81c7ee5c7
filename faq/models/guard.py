"""What keeps the one door shut: whatever readers can see, or a version holds, is written inside of it and nowhere else.

`faq.editing.writing` opens it. A row that was read before the door was opened may be an old one by now: it is not saved either.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count

from django.db import models

_numbers = count(1)
_open = ContextVar("open door", default=None)


class OutsideOfTheDoor(RuntimeError):
    """Something was written outside of `faq.editing.writing`, or from a row that was read before."""


class Door:
    """One opening: its `number`, the rows that were `saved` and not yet recorded, and each entry's status `before`."""

    def __init__(self):
        self.number, self.saved, self.before = next(_numbers), {}, {}
        self.revision_raised = False


@contextmanager
def opened():
    """Open the door for what is written inside; gives back the Door."""
    token = _open.set(Door())
    try:
        yield _open.get()
    finally:
        _open.reset(token)


def door():
    """The open Door, or None."""
    return _open.get()


def require_open(what):
    """Raises OutsideOfTheDoor where it is shut."""
    if _open.get() is None:
        raise OutsideOfTheDoor(f"{what} is written inside of faq.editing.writing() alone.")


def require_open_for_links(sender, action, **more):
    """Receiver of `m2m_changed`: what stands between two guarded models is written by a manager of Django's own."""
    if action.startswith("pre_"):
        require_open(sender.__name__)


class GuardedQuerySet(models.QuerySet):
    """Rows of a guarded model: to read them anywhere, to write them inside of the door."""

    def update(self, **values):
        require_open(self.model.__name__)
        return super().update(**values)

    update.alters_data = True

    def delete(self):
        require_open(self.model.__name__)
        return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def bulk_create(self, *arguments, **options):
        require_open(self.model.__name__)
        return super().bulk_create(*arguments, **options)

    bulk_create.alters_data = True

    def bulk_update(self, *arguments, **options):
        require_open(self.model.__name__)
        return super().bulk_update(*arguments, **options)

    bulk_update.alters_data = True


class GuardedModel(models.Model):
    """A row that is written inside of the door, and read there before it is changed."""

    _read_in = 0  # the number of the door that was open when the row was read or made

    # What Django itself writes relations with: a model's own managers are named `objects`.
    guarded = GuardedQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "guarded"

    def save(self, *arguments, **options):
        self._require_fresh()
        super().save(*arguments, **options)
        self.note_door()
        door().saved[type(self), self.pk] = self

    save.alters_data = True

    def delete(self, *arguments, **options):
        self._require_fresh()
        door().saved.pop((type(self), self.pk), None)
        return super().delete(*arguments, **options)

    delete.alters_data = True

    @classmethod
    def from_db(cls, db, field_names, values):
        row = super().from_db(db, field_names, values)
        row.note_door()
        return row

    def refresh_from_db(self, *arguments, **options):
        super().refresh_from_db(*arguments, **options)
        self.note_door()

    def note_door(self):
        self._read_in = door().number if door() else 0

    def _require_fresh(self):
        require_open(type(self).__name__)
        if not self._state.adding and self._read_in != door().number:
            raise OutsideOfTheDoor(f"{type(self).__name__} {self.pk} was read before the door was opened.")
