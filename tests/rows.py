"""All rows of the database of a test, read and put back whatever they mean."""

from django.apps import apps
from django.db import connection

from faq.search.sql import INDEX_TABLE


def rows_by_table():
    """The rows of each table, the one of the search too: by its name the names of its columns and what stands in them."""
    tables = {model._meta.db_table: "*" for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    tables[INDEX_TABLE] = "*" if connection.vendor == "postgresql" else "rowid, *"
    found = {}
    with connection.cursor() as cursor:
        for table, columns in tables.items():
            cursor.execute(f"SELECT {columns} FROM {table}")
            found[table] = ([column[0] for column in cursor.description], cursor.fetchall())
    return found


def put_rows(found):
    """Put such rows in the place of those that are there."""
    with connection.cursor() as cursor:
        for table, (columns, rows) in found.items():
            cursor.execute(f"DELETE FROM {table}")
            names = ", ".join(map(connection.ops.quote_name, columns))
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)
