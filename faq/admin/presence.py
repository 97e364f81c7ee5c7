"""Who else has a form open, and who has saved it meanwhile: what the page of a form asks for again and again."""

from contextlib import suppress

from django.apps import apps
from django.contrib.admin.exceptions import NotRegistered
from django.db import DatabaseError
from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.formats import date_format

from faq import rate_limits
from faq.admin.base import RecordedAdmin
from faq.admin.extra_pages import key_of
from faq.editing import versions
from faq.editing.owners import name_of
from faq.editing.working_copies import working_copy
from faq.models import Editing, Entry


def beat(request, site):
    """`model` and `key` say which form is open, `base` which version it shows, and `leaving` that it was just closed."""
    form = {"model": request.POST.get("model", ""), "key": key_of(request.POST.get("key", "")), "user": request.user}
    if "leaving" in request.POST:
        _in_passing(Editing.objects.filter(**form).delete)  # also of what is gone
        return HttpResponse(status=204)
    model_admin, row = _form(request, site)
    if model_admin.has_change_permission(request, row):
        _in_passing(Editing.objects.note, **form)
    newer = versions.newer_than(row, key_of(request.POST.get("base", "")))
    saved = f"{_who(newer.who)} hat {_at(newer.when)} gesichert." if newer else ""
    return JsonResponse({"others": _others(row, request.user), "saved": saved})


def _form(request, site):
    """The admin of what the form is of, and the row. Raises Http404."""
    models = {model._meta.model_name: model for model in apps.get_app_config("faq").get_models()}
    try:
        model_admin = site.get_model_admin(models[request.POST.get("model", "")])
    except (LookupError, NotRegistered):
        raise Http404 from None
    row = model_admin.get_object(request, str(key_of(request.POST.get("key", ""))))
    if not (row and isinstance(model_admin, RecordedAdmin) and model_admin.has_view_permission(request, row)):
        raise Http404
    return model_admin, row


def _in_passing(write, **options):
    """Where somebody else writes just now, the next time will do."""
    with suppress(DatabaseError), rate_limits.without_waiting():
        write(**options)


def _others(row, user):
    """A sentence for each; of an entry also for who works at its copy, and the other way round."""
    what = {row.pk: "das gerade"}
    if isinstance(row, Entry) and row.copy_of_id:
        what[row.copy_of_id] = "gerade den öffentlichen Text"
    elif isinstance(row, Entry) and (copy := working_copy(row)):
        what[copy.pk] = "gerade die Arbeitskopie"
    found = Editing.objects.now().filter(model=row._meta.model_name, key__in=what).exclude(user=user)
    return [
        f"{_who(each.user)} bearbeitet {what[each.key]}, seit {_clock(each.since)}."
        for each in found.select_related("user").order_by("since")
    ]


def _who(user):
    return name_of(user) if user else "Ein Import"


def _clock(moment):
    return date_format(timezone.localtime(moment), "H:i")


def _at(moment):
    day = timezone.localtime(moment).date()
    return f"um {_clock(moment)}" if day == timezone.localdate() else date_format(day, r"\a\m j. F Y")
