"""Querysets whose SQL is made once. Django makes it anew each time, which takes it longer than the database takes to answer.

    @prepared
    def of_category(category, now):
        return Entry.objects.published(now).filter(category=category)

    of_category(3, timezone.now())  # the list of its rows

What is decorated is called with placeholders for its arguments, once for each length of its lists; so they go into lookups, and
nothing else is done with them.
"""

from collections.abc import Callable
from copy import copy
from datetime import datetime
from functools import cache, wraps
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import F, Model, QuerySet, Value
from django.db.models.lookups import In

# Of longer lists the SQL is made each time: to keep it would take much memory, and they are rare.
_LONGEST = 512


def prepared(make: Callable[..., QuerySet]) -> Callable[..., list]:
    """Decorator of a function that returns a queryset for numbers, strings, moments and lists to look among, none of them None.

    Nothing is found among an empty list, and the database is not asked. `rows.first`: the first row, or None;
    `rows.sql`: the SQL and its parameters alone.
    Raises ValueError for a queryset that prefetches: see `fill`.
    """
    made = cache(lambda *lengths: _Statement(make, lengths))

    def statement(arguments):
        arguments = [_filled_up(one) if isinstance(one, list) else one for one in arguments]
        lengths = [len(one) if isinstance(one, list) else 0 for one in arguments]
        return (made if max(lengths, default=0) <= _LONGEST else made.__wrapped__)(*lengths), arguments

    @wraps(make)
    def rows(*arguments):
        if [] in arguments:
            return []
        found, arguments = statement(arguments)
        return found.rows(arguments)

    def first(*arguments):
        return next(iter(rows(*arguments)), None)

    def sql(*arguments):
        found, arguments = statement(arguments)
        return found.sql(arguments)

    rows.first, rows.sql = first, sql
    return rows


def _filled_up(values):
    """As many of them as a power of two, so that not every length needs SQL of its own: the last one again and again."""
    wanted = 1 << (len(values) - 1).bit_length()
    return values + values[-1:] * (wanted - len(values)) if wanted <= _LONGEST else values


class _Place(NamedTuple):
    """Stands among the parameters for a value of a call: an argument's, or one of a list's."""

    argument: int
    item: int | None = None


class _Statement:
    """The SQL of a queryset, and what Django does with the rows."""

    def __init__(self, make, lengths):
        queryset = make(
            *(
                [Value(_Place(argument, i)) for i in range(length)] if length else Value(_Place(argument))
                for argument, length in enumerate(lengths)
            )
        )
        if queryset._prefetch_related_lookups:
            raise ValueError(f"{make.__name__}: a prepared queryset prefetches nothing.")
        self._read = queryset._iterable_class
        self._compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self._sql, self._parameters = self._compiler.as_sql()
        self._compiler.connection = None  # a thread's, which may end before this does

    def rows(self, arguments):
        compiler = copy(self._compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]  # this thread's
        compiler.as_sql = lambda: self.sql(arguments)
        return list(self._read(_Asked(compiler)))

    def sql(self, arguments):
        adapted = connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value

        def value(parameter):
            if not isinstance(parameter, _Place):
                return parameter
            found = arguments[parameter.argument]
            found = found if parameter.item is None else found[parameter.item]
            return adapted(found) if isinstance(found, datetime) else found

        return self._sql, tuple(map(value, self._parameters))


class _Asked:
    """What Django's readers of rows ask of a queryset and its query: the compiler to execute."""

    db = DEFAULT_DB_ALIAS
    _known_related_objects: dict = {}

    def __init__(self, compiler):
        self.query, self._compiler = self, compiler

    def get_compiler(self, using):
        return self._compiler


def among(field: str, values: list) -> In:
    """The lookup `field__in` of a relation, for a prepared queryset: Django's own takes no placeholders."""
    return In(F(field), values)


def fill(instances: list[Model], name: str, rows: list[Model]) -> None:
    """Let `instance.name.all()` be those of the rows that refer to the instance, as prefetch_related does."""
    by_key = {instance.pk: (instance, []) for instance in instances}
    for instance, own in by_key.values():
        relation = instance._meta.get_field(name)
        filled = _Filled(relation.related_model)
        filled._of, filled._result_cache = {relation.field.name: instance}, own
        instance.__dict__.setdefault("_prefetched_objects_cache", {})[name] = filled
    for row in rows:
        instance, own = by_key[getattr(row, relation.field.attname)]
        setattr(row, relation.field.name, instance)
        own.append(row)


class _Filled(QuerySet):
    """The rows of an instance; whoever wants them in another way asks the database."""

    def _chain(self):
        return self.model._default_manager.filter(**self._of)
