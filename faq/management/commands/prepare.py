"""`manage.py prepare`: everything between a new release, or a new folder, and a portal that can be served."""

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Bringt Datenbank, Inhalte und statische Dateien auf den Stand dieser Version. Bearbeitetes bleibt."

    def add_arguments(self, parser):
        parser.add_argument("--no-static", dest="static", action="store_false", help="Ohne statische Dateien.")

    def handle(self, **options):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        try:
            call_command("import_content", stdout=self.stdout)
        except CommandError as error:
            # What is stored is sound all the same: the portal serves it, and the message says what to do.
            self.stderr.write(self.style.WARNING(str(error)))
        if options["static"]:
            call_command("collectstatic", verbosity=0, interactive=False)
