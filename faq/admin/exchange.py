"""Content in and out: ZIP files, the installation's own folder, tables for a spreadsheet."""

import secrets
import tempfile
from contextlib import contextmanager
from datetime import timedelta
from operator import itemgetter
from pathlib import Path

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.files.storage import FileSystemStorage
from django.http import FileResponse
from django.shortcuts import redirect
from django.utils import timezone

from faq import importing
from faq.admin.extra_pages import publishers_only
from faq.admin.spreadsheet import csv_response
from faq.content import zip_file
from faq.content.folder import FolderError
from faq.editing.comparison import Budget, Comparison
from faq.editing.owners import name_of
from faq.models import Entry, Gap, ImportConflict

SALT = "faq.exchange"
MAX_UPLOAD = 50_000_000
WAITS = timedelta(days=1)  # an upload for its confirmation
INSTALLED = "installed"  # stands for the installation's own content folder
OPEN = "offen-"  # how the name begins of an upload of which something is still to be decided


class UploadForm(forms.Form):
    file = forms.FileField(label="ZIP-Datei", help_text="So gepackt, wie Sie sie hier herunterladen.")

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_UPLOAD:
            raise forms.ValidationError(f"Die Datei ist größer als {MAX_UPLOAD // 1_000_000} MB.")
        return file


@publishers_only
def index(request, site):
    """What can be taken out and put in."""
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*posted)
    undecided = _undecided()
    if "installed" in request.POST:
        return _report(request, site, INSTALLED)
    if request.POST.get("undecided") in undecided:
        return _report(request, site, request.POST["undecided"])
    if "forget" in request.POST:
        ImportConflict.objects.filter(path=request.POST["forget"]).delete()
        return redirect("admin:exchange")
    if form.is_valid():
        return _report(request, site, _put_aside(form.cleaned_data["file"]))
    context = {"form": form, "conflicts": ImportConflict.objects.all(), "undecided": undecided}
    return site.render(request, "admin/exchange.html", "Inhalte", **context)


@publishers_only
def confirm(request, site):
    """Import what was shown before; of the conflicts, those that were decided for the file."""
    try:
        name = signing.loads(request.POST.get("upload", ""), salt=SALT, max_age=WAITS)
        with _content(name) as content:
            decided = {path: request.POST.get(f"decide {path}") for path in request.POST.getlist("conflict")}
            take, keep = ({path for path, way in decided.items() if way == of} for of in ("take", "keep"))
            report = importing.run(content, take=take, keep=keep, who=request.user)
    except (signing.BadSignature, OSError):
        messages.error(request, "Diese Datei ist nicht mehr da. Bitte laden Sie sie noch einmal hoch.")
    except FolderError as error:
        messages.error(request, f"Nichts wurde eingelesen. {error}")
    else:
        done = sum(outcome.state in (importing.CREATED, importing.UPDATED) for outcome in report.outcomes)
        messages.success(
            request, f"Eingelesen: {done} geändert oder neu, {len(report.conflicts)} in Konflikt geblieben."
        )
        if name != INSTALLED and not report.conflicts:
            _waiting().delete(name)
        elif name != INSTALLED and not name.startswith(OPEN):
            Path(_waiting().path(name)).rename(_waiting().path(OPEN + name))
    return redirect("admin:exchange")


@publishers_only
def download(request, site):
    """All content as a ZIP file."""
    file = tempfile.TemporaryFile(dir=settings.DATA_DIR)  # noqa: SIM115  gone once the response is closed
    zip_file.write(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"inhalte-{timezone.localdate():%Y-%m-%d}.zip")


@publishers_only
def entries_csv(request, site):
    """A table of all entries."""
    rows = (
        [
            entry.category.title,
            entry.title,
            entry.slug,
            entry.get_status_display(),
            entry.get_kind_display(),
            ", ".join(tag.name for tag in entry.tag_list),
            entry.review or "",
            entry.reviewed or "",
            entry.updated or "",
            name_of(entry.owner) if entry.owner else "",
        ]
        for entry in Entry.objects.complete().select_related("owner").ordered()
    )
    head = ["Kategorie", "Frage", "Anker", "Status", "Art", "Schlagwörter"]
    head += ["Wieder prüfen am", "Geprüft am", "Zuletzt geändert am", "Zuständig"]
    return csv_response("eintraege", head, rows)


@publishers_only
def gaps_csv(request, site):
    """A table of what is still missing."""
    gaps = Gap.objects.open().with_places().select_related("in_charge")
    places = ({str(reference.source) for reference in gap.references.all()} for gap in gaps)
    rows = (
        [gap.name, gap.slug, ", ".join(sorted(found)), gap.in_charge or "", gap.note]
        for gap, found in zip(gaps, places, strict=True)
    )
    return csv_response("offene-stellen", ["Was fehlt", "Kürzel", "Steht in", "Zuständig", "Notiz"], rows)


def _report(request, site, name):
    """What an import would change; nothing is written."""
    try:
        with _content(name) as content:
            report = importing.preview(content)
    except FolderError as error:
        messages.error(request, f"Diese Inhalte werden so nicht eingelesen: {error}")
        return redirect("admin:exchange")
    budget = Budget()
    shown = [
        (outcome, Comparison(outcome.stored, outcome.file, outcome.path, budget=budget))
        for outcome in report.outcomes
        if outcome.state in (importing.CREATED, importing.UPDATED, importing.CONFLICT)
    ]
    return site.render(
        request,
        "admin/exchange_report.html",
        "Was sich ändern würde",
        shown=sorted(shown, key=lambda pair: pair[0].state),
        said=report.said,
        unchanged=len(report.outcomes) - len(shown),
        upload=signing.dumps(name, salt=SALT),
    )


@contextmanager
def _content(name):
    """The documents of an upload, or of the installation's own folder, while they are needed. Raises FolderError."""
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as directory:
        root = settings.CONTENT_DIR if name == INSTALLED else zip_file.unpack(_waiting().path(name), directory)
        yield importing.read(root)


def _waiting():
    """Where uploads wait for their confirmation."""
    return FileSystemStorage(Path(settings.DATA_DIR, "waiting"), file_permissions_mode=0o640)


def _undecided():
    """When each upload of which something is still to be decided was put there, by its name; the newest first."""
    waiting = _waiting()
    names = waiting.listdir("")[1] if waiting.exists("") and ImportConflict.objects.exists() else []
    moments = {name: waiting.get_modified_time(name) for name in names if name.startswith(OPEN)}
    return dict(sorted(moments.items(), key=itemgetter(1), reverse=True))


def _put_aside(file):
    """Keep an upload until it is confirmed and decided; those that nobody confirmed go. Returns its name."""
    waiting = _waiting()
    name, undecided = waiting.save(f"{secrets.token_hex(16)}.zip", file), _undecided()
    for old in waiting.listdir("")[1]:
        if old not in undecided and waiting.get_modified_time(old) < timezone.now() - WAITS:
            waiting.delete(old)
    return name
