"""Attachments as readers get them: to save, never to run in the page."""

from urllib.parse import quote

from csp.constants import NONE
from csp.decorators import csp
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import condition, require_safe

from faq.files.storing import reachable
from faq.files.types import TYPES
from faq.models import Attachment

# The letters that a file's name may have (see content.values) and ASCII has not.
_ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def file_response(stored, name):
    """The bytes of a stored file, to be saved under a name; 404 where the file itself is missing. Raises Unreachable."""
    try:
        with reachable():
            content = stored.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    kind = TYPES[stored.kind]
    response = FileResponse(content, as_attachment=True, filename=name.translate(_ASCII), content_type=kind)
    if not name.isascii():  # beside it, as it is: not every program reads that
        response["Content-Disposition"] += f"; filename*=UTF-8''{quote(name)}"
    response["Content-Length"] = stored.size
    return response


def _etag(request, slug):
    checksum = Attachment.objects.public().filter(slug=slug).values_list("stored__sha256", flat=True).first()
    return checksum and f'"{checksum}"'


@require_safe
@csp({"default-src": [NONE], "form-action": [NONE], "frame-ancestors": [NONE], "sandbox": True})
@condition(etag_func=_etag)
def attachment(request, slug):
    """The file that is behind the address now."""
    found = get_object_or_404(Attachment.objects.public().select_related("stored"), slug=slug)
    return file_response(found.stored, found.name)
