"""The page on which an editor orders the weekly summary, or does without it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect

from faq.models import DigestSubscription, ReviewMail
from faq.operations import digest


@permission_required("faq.view_entry", raise_exception=True)
def show(request, site):
    """What the mail would say now, and the button that orders it for oneself."""
    mine = DigestSubscription.objects.filter(user=request.user)
    if request.method == "POST":
        if "reviews" in request.POST:
            wanted = request.POST["reviews"] == "ja"
            if wanted:
                ReviewMail.objects.get_or_create(user=request.user)
            else:
                ReviewMail.objects.filter(user=request.user).delete()
            messages.success(
                request,
                f"Sie bekommen {'' if wanted else 'keine '}Nachrichten zu Freigaben{'' if wanted else ' mehr'}.",
            )
        elif "wanted" in request.POST:
            DigestSubscription.objects.get_or_create(user=request.user)
            messages.success(request, "Sie bekommen die Wochenübersicht.")
        else:
            mine.delete()
            messages.success(request, "Sie bekommen die Wochenübersicht nicht mehr.")
        return redirect("admin:digest")
    return site.render(
        request,
        "admin/digest.html",
        "E-Mails vom Portal",
        subscription=mine.first(),
        wants_reviews=ReviewMail.objects.filter(user=request.user).exists(),
        is_possible=digest.is_possible(),
        mail=digest.mail(request.user),
    )
