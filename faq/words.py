"""Numbers and moments as people say them, and names in the order in which they look them up."""

import unicodedata

from django.utils import timezone
from django.utils.formats import date_format


def counted(number, one, many):
    """„1 Text“, „3 Texte“."""
    return f"{number} {one if number == 1 else many}"


def quoted(things):
    """„Kündigung“, „Stornierung“."""
    return ", ".join(f"„{thing}“" for thing in things)


def to_the_minute(moment):
    """„1. März 2027, 08:30“."""
    return date_format(timezone.localtime(moment), "j. F Y, H:i")


def since(moment):
    """How long ago that was, in days, weeks, months or years: „seit 3 Tagen“."""
    days = (timezone.localdate() - timezone.localdate(moment)).days
    if days < 2:
        return "seit gestern" if days == 1 else "seit heute"
    for length, name, dative in ((365, "Jahr", "Jahren"), (30, "Monat", "Monaten"), (7, "Woche", "Wochen")):
        if days >= 2 * length:
            return f"seit {counted(days // length, name, dative)}"
    return f"seit {days} Tagen"


def german_order(name):
    """A key to sort names by, as German dictionaries do (DIN 5007-1): ä as a, ß as ss, whatever their case."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)), name
