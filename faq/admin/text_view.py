"""What the editing view of a Markdown field asks for: the blocks of texts as HTML, and the Markdown of what has become of them."""

import json
import re
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse

from faq import budget, markup
from faq.content.from_html import NotWritten
from faq.editing import references
from faq.files import addresses

_AT_ONCE = 200  # texts: a walkthrough with as many steps
_INCOMPLETE = "Diese Anfrage ist unvollständig."
_UNKNOWN = "gibt es noch nicht"
_PICTURE = re.compile(r'src="bild:([^"]*)"')  # with whatever quotes around its other attributes
_KINDS = {"faq": "Eintrag", "kontakt": "Kontakt", "offen": "Offen", "datei": "Datei", "bild": "Bild"}


def for_editors(view):
    """Decorator of what a script asks for: those who see nothing of the content get nothing of it."""

    @wraps(view)
    def guarded(request, site):
        if not request.user.has_module_perms("faq"):
            raise PermissionDenied
        return view(request, site)

    return guarded


@for_editors
def shown(request, site):
    """The blocks of each text, and what the portal's links in them lead to: kind and title by how they are written."""
    try:
        texts = [text for text in json.loads(request.POST.get("texts", "")) if isinstance(text, str)][:_AT_ONCE]
    except (ValueError, TypeError):
        return JsonResponse({"error": _INCOMPLETE}, status=400)
    blocks = [_blocks(text) for text in texts]
    htmls = [block["html"] or "" for of_text in blocks for block in of_text]
    links = {link for html in htmls for link in markup.links(html)}
    links |= {markup.Link("bild", slug, "", "") for html in htmls for slug in _PICTURE.findall(html)}
    return JsonResponse({"texts": blocks, "targets": _targets(links)})


@for_editors
def written(request, site):
    """The text whose blocks have become `parts`, and on which line each of its blocks begins."""
    try:
        view = json.loads(request.POST.get("view", ""))
        result, lines = budget.within("faq.content.editing_view:written_of", view["text"], view["parts"])
    except budget.TooMuch:
        error = "Der Text ist zu groß oder zu verschachtelt. Bitte arbeiten Sie in der Ansicht „Markdown“ weiter."
    except NotWritten as refused:
        error = str(refused)
    except (ValueError, TypeError, KeyError):
        error = _INCOMPLETE
    else:
        return JsonResponse({"text": result, "lines": lines})
    return JsonResponse({"error": error}, status=400)


def _blocks(text):
    try:
        return budget.within("faq.content.editing_view:shown_of", text)
    except budget.TooMuch:
        return [{"html": None, "source": text, "line": 1}]


def _targets(links):
    """Kind and title of what each link leads to, by how it is written."""
    targets = references.Targets(links)
    found = {}
    for link in links:
        row, step = targets.row(link), targets.step(link)
        kind, named = ("Schritt", f"{step} ({row})") if step else (_KINDS[link.kind], row)
        found[link.written] = {"kind": kind, "title": str(named or f"{link.written} {_UNKNOWN}")}
        if link.kind == "bild" and row:
            found[link.written] |= picture(row)
    return found


def picture(row):
    """What a script shows of a Picture."""
    small = row.renditions[0]
    return {
        "src": addresses.rendition(small, previewed=True),
        "size": [small.width, small.height],
        "description": row.description,
        "decorative": row.decorative,
        "caption": row.caption,
    }
