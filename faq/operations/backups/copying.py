"""From one database to another, of whatever kind: every row of every table, as it is."""

from contextlib import closing, contextmanager

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.db.utils import ConnectionHandler

from faq.models.guard import opened
from faq.operations import migrations
from faq.operations.backups.facts import LEFT_OUT

SOURCE = "source"
BATCH = 2000


class NotCopied(Exception):
    """Nothing was copied; the message says why, in German."""


def copy(source):
    """Fill the database of the settings, which must hold no content yet, from another one; how many rows.

    `source`: its settings, as in DATABASES. In one transaction: it is all there in the end, compared row by row, or nothing.
    Raises NotCopied, or DatabaseError where one of them cannot be read or written.
    """
    with _opened(source):
        _check_same_release()
        _check_empty()
        models = apps.get_models(include_auto_created=True)
        return _fill([m for m in models if m._meta.managed and m._meta.db_table not in LEFT_OUT])


def fill(source, models):
    """Copy the rows of these models from another database, by its settings, into the one in use."""
    with _opened(source):
        _fill(models)


def require_columns(model, found):
    """Raises NotCopied where these, of the table that a backup has, are not the columns of the model."""
    if {field.column for field in model._meta.local_concrete_fields} != set(found or ()):
        raise NotCopied(f"Die Tabelle {model._meta.db_table} ist nicht so, wie das Portal sie hat.")


def clear(models):
    """Delete what migrations put into a new database."""
    with opened():
        for model in models:
            model._base_manager.all().delete()


def reset_sequences(models):
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


@contextmanager
def _opened(source):
    connections[SOURCE] = ConnectionHandler({"default": source, SOURCE: source})[SOURCE]
    try:
        yield
    finally:
        connections[SOURCE].close()
        del connections[SOURCE]


def _fill(models):
    with transaction.atomic(using=SOURCE), transaction.atomic():
        clear(models)
        for model in models:
            _copy_rows(model)
        reset_sequences(models)
        return sum(_compare(model) for model in models)


def _check_same_release():
    database = connections[SOURCE]
    if migrations.missing(database) or migrations.newer(migrations.applied(database)):
        raise NotCopied(
            "Die alte Datenbank ist von einer anderen Version des Portals. Bitte starten Sie es erst damit."
        )


def _check_empty():
    for model in (*apps.get_app_config("faq").get_models(), get_user_model()):
        if model._base_manager.exists():
            raise NotCopied(
                f"Die neue Datenbank ist nicht leer, die aus DATABASE_URL: Es gibt darin {model._meta.verbose_name_plural}."
            )


def _copy_rows(model):
    """By SQL, since Django dates some fields anew in each row that it writes."""
    fields, quoted = model._meta.local_concrete_fields, connection.ops.quote_name
    columns = ", ".join(quoted(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    rows = model._base_manager.using(SOURCE).values_list(*(field.attname for field in fields)).iterator(BATCH)
    with closing(rows), connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quoted(model._meta.db_table)} ({columns}) VALUES ({places})",
            (
                [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)]
                for row in rows
            ),
        )


def _compare(model):
    """How many rows there are. Raises NotCopied where they are not those of the old database."""
    rows = _rows(model, "default")
    if rows != _rows(model, SOURCE):
        raise NotCopied(f"{model._meta.verbose_name_plural}: Die Kopie ist nicht gleich.")
    return len(rows)


def _rows(model, alias):
    names = [field.attname for field in model._meta.local_concrete_fields]
    return {row[0]: row for row in model._base_manager.using(alias).values_list("pk", *names)}
