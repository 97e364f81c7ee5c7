"""The page of an entry that is not public (yet), as readers would see it."""

from django.contrib.auth.models import User
from django.core import signing
from django.http import Http404
from django.urls import reverse
from django.views.decorators.http import require_safe

from faq.content.portal_links import Links
from faq.files.addresses import PREVIEW_DAYS
from faq.models import Entry
from faq.origin import absolute
from faq.public.rendering import page

SALT = "faq.preview.by"


def preview_page(request, entry):
    """The entry's page with a line that says what it is; never stored, never indexed."""
    response = page(request, "faq/preview.html", entry=entry, links=Links([entry], previewed=True), canonical="")
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def preview_link(entry, who):
    """An address that shows a draft or working copy to whoever has it, for some days, and as long as who gave it has access."""
    return absolute(reverse("preview", args=[signing.dumps([entry.pk, who.pk], salt=SALT)]))


@require_safe
def signed_preview(request, token):
    """What `preview_link` leads to."""
    try:
        key, who = signing.loads(token, salt=SALT, max_age=PREVIEW_DAYS * 24 * 3600)
    except signing.BadSignature:
        raise Http404 from None
    entry = Entry.rows.complete().filter(pk=key).first()
    if entry is None or not User.objects.filter(pk=who, is_active=True, is_staff=True).exists():
        raise Http404
    return preview_page(request, entry)
