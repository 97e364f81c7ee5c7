"""From one database to another, of whatever kind: every row of every table, as it is."""

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.db.utils import ConnectionHandler

from faq.models.guard import opened
from faq.operations import migrations

SOURCE = "source"
BATCH = 2000
# Everybody logs in again.
LEFT_OUT = {Session}


class NotCopied(Exception):
    """Nothing was copied; the message says why, in German."""


def copy(source):
    """Fill the database of the settings, which must hold no content yet, from another one; how many rows.

    `source`: its settings, as in DATABASES. In one transaction: it is all there in the end, compared row by row, or nothing.
    Raises NotCopied, or DatabaseError where one of them cannot be read or written.
    """
    connections[SOURCE] = ConnectionHandler({"default": source, SOURCE: source})[SOURCE]
    try:
        _check_same_release()
        _check_empty()
        models = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and m not in LEFT_OUT]
        with transaction.atomic(using=SOURCE), transaction.atomic():
            with opened():
                for model in models:  # what migrations put there
                    model._base_manager.all().delete()
            for model in models:
                _copy_rows(model)
            with connection.cursor() as cursor:
                for statement in connection.ops.sequence_reset_sql(no_style(), models):
                    cursor.execute(statement)
            return sum(_compare(model) for model in models)
    finally:
        connections[SOURCE].close()
        del connections[SOURCE]


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
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quoted(model._meta.db_table)} ({columns}) VALUES ({places})",  # noqa: S608  our own tables' names
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
