"""What was copied elsewhere and pasted into a Markdown field: as Markdown."""

from django.http import JsonResponse

from faq import budget
from faq.admin.text_view import for_editors
from faq.editing.pasting import pasted

_TOO_MUCH = "Das ist zu viel auf einmal. Eingefügt wird nur der Text; kopieren Sie sonst in Teilen."


@for_editors
def paste(request, site):
    """The Markdown for the HTML of a clipboard, `top` the level of its highest heading, and what is left out."""
    top = 4 if request.POST.get("top") == "4" else 2
    try:
        converted = pasted(request.POST.get("html", ""), top)
    except budget.TooMuch:
        return JsonResponse({"error": _TOO_MUCH}, status=400)
    return JsonResponse({"text": converted.text, "left_out": converted.left_out})
