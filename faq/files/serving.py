"""Files as readers get them: attachments to save, never to run in the page, and pictures to look at."""

from urllib.parse import quote

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import condition, require_safe

from faq.files import addresses
from faq.files.storing import reachable
from faq.files.types import TYPES
from faq.models import Attachment, Picture, StoredFile

# The letters that a file's name may have (see content.values) and ASCII has not.
_ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})

_NOTHING = {"default-src": [NONE], "form-action": [NONE], "frame-ancestors": [NONE], "sandbox": True}
# The page that a browser makes around a picture has a style of its own.
PICTURE_ALONE = _NOTHING | {"style-src": [UNSAFE_INLINE]}
# For good in a reader's browser, and nowhere on the way: what is withdrawn is gone.
_FOR_GOOD = "private, max-age=31536000, immutable"


def _content(stored):
    """The open file; 404 where it is missing. Raises Unreachable."""
    try:
        with reachable():
            return stored.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None


def file_response(stored, name):
    """The bytes of a stored file, to be saved under a name; 404 where the file itself is missing. Raises Unreachable."""
    kind, name_in_ascii = TYPES[stored.kind], name.translate(_ASCII)
    response = FileResponse(_content(stored), as_attachment=True, filename=name_in_ascii, content_type=kind)
    if not name.isascii():  # beside it, as it is: not every program reads that
        response["Content-Disposition"] += f"; filename*=UTF-8''{quote(name)}"
    response["Content-Length"] = stored.size
    return response


def _etag(request, slug):
    checksum = Attachment.objects.public().filter(slug=slug).values_list("stored__sha256", flat=True).first()
    return checksum and f'"{checksum}"'


@require_safe
@csp(_NOTHING)
@condition(etag_func=_etag)
def attachment(request, slug):
    """The file that is behind the address now."""
    found = get_object_or_404(Attachment.objects.public().select_related("stored"), slug=slug)
    return file_response(found.stored, found.name)


@require_safe
@csp(PICTURE_ALONE)
def picture(request, name):
    """A picture in one of its sizes: for readers while a text of theirs shows it, else for whoever has the address of a preview."""
    digest, _, kind = name.partition(".")
    found = get_object_or_404(StoredFile, sha256=digest, kind=kind)
    # The few that it can be of first: whether one is public is asked of each.
    pictures = Picture.objects.filter(stored__in=list(found.drawn_of.values_list("master", flat=True)))
    previewed = addresses.may_preview(name, request.GET.get("vorschau", ""))
    if not (pictures if previewed else pictures.public()).exists():
        raise Http404
    with _content(found) as file:
        response = HttpResponse(file.read(), content_type=TYPES[found.kind])
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # for readers of feeds and of Markdown
    response["Cache-Control"] = "private, no-store" if previewed else _FOR_GOOD
    return response
