"""Addresses that the portal has taken for itself: what still has one is renamed by the release that knows it."""

from django.core.management import CommandError

from faq import slugs
from faq.models import Category, Entry


def taken():
    """What has such an address, each in a few German words; of databases from 1.0.0 on, migrated or not."""
    kinds = (("die Kategorie", Category.objects), ("der Eintrag", Entry.rows))
    return [
        f"{kind} „{title}“ (Anker „{slug}“)"
        for kind, rows in kinds
        for slug, title in rows.filter(slug__in=slugs.RESERVED).order_by("pk").values_list("slug", "title")
    ]


def require_free():
    """Raises CommandError before an upgrade changes anything."""
    if found := taken():
        raise CommandError(
            "Nichts wurde verändert. Eine Adresse, die das Portal von dieser Version an für sich selbst braucht, hat noch: "
            f"{', '.join(found)}.\nÖffnen Sie das in der Verwaltung der bisherigen Version, die weiterläuft, und tragen Sie unter "
            "„Anker“ einen anderen ein; die frühere Adresse führt weiter dorthin. Läuft sie nicht mehr, starten Sie sie noch einmal: "
            "„git checkout“ ihrer Version, „make .venv/run.installed“. Dann wiederholen Sie das Upgrade."
        )
