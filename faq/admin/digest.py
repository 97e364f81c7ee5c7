"""The page on which an editor orders the weekly summary, or does without it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from faq.models import DigestSubscription
from faq.operations import digest


def show(request, site):
    """What the mail would say now, and the button that orders it for oneself."""
    if not request.user.has_perm("faq.view_entry"):
        raise PermissionDenied
    mine = DigestSubscription.objects.filter(user=request.user)
    if request.method == "POST":
        if "wanted" in request.POST:
            DigestSubscription.objects.get_or_create(user=request.user)
            messages.success(request, "Sie bekommen die Wochenübersicht.")
        else:
            mine.delete()
            messages.success(request, "Sie bekommen die Wochenübersicht nicht mehr.")
        return HttpResponseRedirect(reverse("admin:digest"))
    context = {
        **site.each_context(request),
        "title": "Wochenübersicht per E-Mail",
        "subscription": mine.first(),
        "is_possible": digest.is_possible(),
        "mail": digest.mail(),
    }
    return TemplateResponse(request, "admin/digest.html", context)
