"""Which migrations a database has, beside those of this release."""

from django.core.management import CommandError
from django.db import connection
from django.db.migrations.exceptions import NodeNotFoundError
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


class TooOld(CommandError):
    """A database of before 1.0.0; the last release that knows the way from there is 1.1.0."""

    def __init__(self):
        super().__init__(
            "Diese Datenbank ist von einer Version vor 1.0.0. Bringen Sie sie erst mit der Version 1.1.0 auf deren Stand, "
            "dort mit „prepare“, und dann mit dieser auf ihren. Verändert wurde nichts."
        )


def missing(database=connection):
    """What `migrate` would still apply to a database. Raises TooOld."""
    try:
        executor = MigrationExecutor(database)
    except NodeNotFoundError as error:  # it has some of those that one stands for now, and not all
        raise TooOld from error
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


def are_of_another_release(database=connection):
    """Whether a database was brought up to date by another release: `migrate` would apply, or note, something. Raises TooOld."""
    return bool(missing(database)) or bool({f"{app}.{name}" for app, name in _on_disk()} - set(applied(database)))


def build(names):
    """Bring the empty database in use to the state that these migrations, each as app.name, left."""
    executor = MigrationExecutor(connection)
    executor.migrate(_last(executor.loader.graph, names))


def models_of(names):
    """The models of the state that these migrations, each as app.name, left."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return loader.project_state(_last(loader.graph, names)).apps.get_models(include_auto_created=True)


def _last(graph, names):
    """Of each app the last of these migrations, each as app.name, as this release has them."""
    names, last = set(names), {}
    for node in sorted(graph.nodes, key=lambda node: len(graph.forwards_plan(node))):
        replaced = {".".join(each) for each in graph.nodes[node].replaces}
        if ".".join(node) in names or (replaced and replaced <= names):
            last[node[0]] = node
    return list(last.values())


def applied(database=connection):
    """Those that a database has applied, each as app.name."""
    return [f"{app}.{name}" for app, name in MigrationRecorder(database).applied_migrations()]


def newer(names):
    """Those of these migrations, each as app.name, that only a later release can have applied."""
    known = {f"{app}.{name}" for app, name in _on_disk()}
    return sorted(set(names) - known - {name for replaced in _replaced() for name in replaced})


def are_too_old(names):
    """Whether a database with these migrations, each as app.name, is from before 1.0.0."""
    return any(0 < len(replaced & set(names)) < len(replaced) for replaced in _replaced())


def _replaced():
    """The names that one migration of the portal's own stands for, each as app.name."""
    squashed = (migration for (app, _), migration in _on_disk().items() if app == "faq" and migration.replaces)
    return [{f"{app}.{name}" for app, name in migration.replaces} for migration in squashed]


def _on_disk():
    return MigrationLoader(None, ignore_no_migrations=True).disk_migrations
