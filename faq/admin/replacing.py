"""„Suchen und ersetzen“: every place of a word in its sentence, the ticked ones replaced as one change, and taken back as one."""

import re
from itertools import groupby
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import redirect

from faq.actions import Hindered
from faq.admin.extra_pages import admin_url
from faq.editing import finding, replacing
from faq.editing.finding import Wanted
from faq.editing.writing import may_publish
from faq.models import Entry
from faq.words import counted, quoted

PLACE = re.compile(r"([a-z]+-\d{1,18}) (\S+)", re.A)


class ReplaceForm(forms.Form):
    find = forms.CharField(label="Suchen", max_length=200, widget=forms.TextInput(attrs={"class": "wide"}))
    replacement = forms.CharField(
        label="Ersetzen durch", max_length=200, required=False, widget=forms.TextInput(attrs={"class": "wide"})
    )
    whole = forms.BooleanField(label="Nur ganze Wörter", required=False, initial=True)
    case = forms.BooleanField(label="Groß und klein beachten", required=False, initial=True)

    def wanted(self):
        return Wanted(self.cleaned_data["find"], self.cleaned_data["whole"], self.cleaned_data["case"])


@permission_required("faq.change_entry", raise_exception=True)
def show(request, site):
    """Look for a word; once places are ticked, replace it; take a replacement back."""
    if "undo" in request.POST:
        return _undone(request)
    form = ReplaceForm(request.POST or (request.GET if "find" in request.GET else None))
    ticked = status = None
    if request.method == "POST" and form.is_valid():
        try:
            return _replaced(request, form)
        except Hindered as error:  # the page once more, with all that was ticked and typed
            messages.warning(request, str(error))
            ticked, status = request.POST.getlist("place"), 409
    context = {
        "form": form,
        "latest": replacing.latest(),
        "may_publish": may_publish(request.user),
        "most": finding.MOST,
        "why": request.POST.get("_why", ""),
    }
    if form.is_valid():
        places, context["complete"] = finding.find(form.wanted())
        context["number"] = len(places)
        context["groups"] = _groups(places, request.user, ticked)
    return site.render(request, "admin/replace.html", "Suchen und ersetzen", status=status, **context)


def _groups(places, who, ticked):
    """What is shown: first what was asked for, then what comes near; each by texts, with the address and why nothing can be ticked.

    `ticked` are the values of places that were sent, if any were: else what is ticked is what was asked for.
    """
    has_copy = replacing.copied()
    for near in (False, True):
        some = [place for place in places if place.near == near]
        by_row = groupby(some, key=lambda place: place.row)
        yield (
            near,
            len(some),
            [(*_text(row), replacing.hindrance(row, who, has_copy), list(_boxes(own, ticked))) for row, own in by_row],
        )


def _boxes(places, ticked):
    """Places, each with its value in the form and whether it is ticked."""
    for place in places:
        value = f"{_name(place.row)} {place.key}"
        yield place, value, not (place.near or place.fixed) if ticked is None else value in ticked


def _text(row):
    """A text itself, its address, and what it is."""
    what = row.state if isinstance(row, Entry) else row._meta.verbose_name
    return row, admin_url(row), what


def _name(row):
    return f"{row._meta.model_name}-{row.pk}"


def _replaced(request, form):
    chosen = [match.groups() for place in request.POST.getlist("place") if (match := PLACE.fullmatch(place))]
    if not chosen:
        raise Hindered("Bitte kreuzen Sie an, was ersetzt werden soll.")
    options = {"who": request.user, "why": request.POST.get("_why", "")}
    done = replacing.replace(form.wanted(), form.cleaned_data["replacement"], chosen, **options)
    if done.places:
        messages.success(request, f"Ersetzt: {_places(done)}. Unten nehmen Sie das mit einem Klick zurück.")
    if done.left:
        messages.warning(request, f"Nicht ersetzt, weil dort inzwischen etwas anderes steht: {quoted(done.left)}.")
    return redirect("admin:replace")


def _undone(request):
    try:
        batch = UUID(request.POST["undo"])
    except ValueError:
        raise Http404 from None
    done = replacing.undo(batch, who=request.user)
    if done.places:
        messages.success(request, f"Rückgängig gemacht: {_places(done)}.")
    elif not done.left and not done.gone:
        messages.info(request, "Hier gibt es nichts mehr rückgängig zu machen.")
    if done.left:
        messages.warning(request, f"Das bleibt, weil jemand es inzwischen geändert hat: {quoted(done.left)}.")
    if done.gone:
        told = f"Das bleibt, weil es inzwischen veröffentlicht oder gelöscht ist: {quoted(done.gone)}."
        messages.warning(request, told)
    return redirect("admin:replace")


def _places(done):
    texts = "in einem Text" if len(done.rows) == 1 else f"in {len(done.rows)} Texten"
    return f"{counted(done.places, 'Stelle', 'Stellen')} {texts}"
