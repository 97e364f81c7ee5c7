"""Several questions to the database in one: asked one by one, dozens of small ones take longer than what they ask for."""

from collections.abc import Iterable

from django.db import connection

_FEW = 500  # statements joined in one, SQLite's limit for a compound


def joined(statements: Iterable[tuple[str, list]]) -> list[tuple]:
    """The rows of several SELECTs (SQL and parameters), each after its statement's place.

    A SELECT may have an order and a limit of its own, which Django's union does not allow on SQLite.
    """
    statements = list(statements)
    rows: list = []
    for first in range(0, len(statements), _FEW):
        some = statements[first : first + _FEW]
        sql = " UNION ALL ".join(
            f"SELECT {first + place}, part.* FROM ({statement}) AS part"  # noqa: S608  callers' own SQL, values are parameters
            for place, (statement, _) in enumerate(some)
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [parameter for _, parameters in some for parameter in parameters])
            rows += cursor.fetchall()
    return rows
