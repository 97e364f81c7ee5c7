"""What files and pictures share: put in, replaced in one place, the former ones kept."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join

from faq.admin import refusals
from faq.admin.base import AppendingAdmin
from faq.admin.extra_pages import admin_url, key_of, page
from faq.admin.filters import ChoicesFilter
from faq.admin.forms import SlugForm
from faq.admin.used_in import PlacesAdmin
from faq.content import kinds, values
from faq.editing import files
from faq.editing.writing import PUBLISH, may_publish
from faq.files import storing, types
from faq.files.serving import file_response
from faq.models import StoredFile
from faq.words import to_the_minute


class KeptFileForm(SlugForm):
    """`kinds`: what may be uploaded, see `files.types`."""

    kinds = types.PAPERS
    slug = forms.CharField(label="Kürzel", required=False)
    upload = forms.FileField(label="Datei")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["upload"].required = self.instance.pk is None
        self.new_name = self.read = None

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if not upload:
            return None
        if types.kind_of(upload.name) not in self.kinds:
            raise forms.ValidationError(
                f"Hierher gehört eine Datei dieser Art: {', '.join(dict(StoredFile.KINDS)[kind] for kind in self.kinds)}."
            )
        if upload.size > settings.ATTACHMENT_MAX_MB * 1_000_000:
            raise forms.ValidationError(f"Die Datei ist größer als {settings.ATTACHMENT_MAX_MB} MB.")
        upload.seek(0)
        self.read = upload.name, upload.read()
        try:
            return storing.check(*self.read).kind
        except types.Refused as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self):
        cleaned = super().clean()
        kind = cleaned.get("upload")
        if kind and not self.errors:
            former = self.instance.name
            self.new_name = (
                former if former.endswith(f".{kind}") else f"{self.instance.slug or cleaned.get('slug', '')}.{kind}"
            )
            if not values.FILE_NAME.fullmatch(self.new_name):
                self.add_error("slug", f"So kann keine Datei heißen: „{self.new_name}“.")
            if self._meta.model.objects.filter(name__iexact=self.new_name).exclude(pk=self.instance.pk).exists():
                self.add_error(None, f"Eine Datei mit dem Dateinamen „{self.new_name}“ gibt es schon.")
        return cleaned


class UnusedFilter(ChoicesFilter):
    title = "Verwendung"
    parameter_name = "verwendung"
    options = {
        "nein": ("Steht in keinem Text", lambda rows: rows.filter(references=None)),
        "neu": ("Noch nicht öffentlich", lambda rows: rows.filter(is_public=False)),
    }


class KeptFileAdmin(PlacesAdmin, AppendingAdmin):
    for_publishers = False  # what no reader gets yet is everybody's; see the permissions below
    list_filter = [UnusedFilter]
    list_select_related = ["stored"]
    # What is said of one that no reader has, and to whoever may not change one that they have.
    not_yet = new_instead = ""

    # Who may do what

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and may_touch(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and may_touch(request.user, obj)

    def get_queryset(self, request):
        return super().get_queryset(request).with_public()

    def get_fieldsets(self, request, obj=None):
        said = "" if may_touch(request.user, obj) else self.new_instead.format(escape(refusals.publishers()))
        return [(None, {"fields": self.get_fields(request, obj), "description": said})]

    # The form

    def get_fields(self, request, obj=None):
        if obj is None:
            return self.fields
        may_upload = self.has_change_permission(request, obj)
        fields = [field for field in self.fields if may_upload or field != "upload"]
        return [*fields, "address", "places", "former"]

    def get_readonly_fields(self, request, obj=None):
        return ["slug", "address", "places", "former"] if obj else []

    def changeform_view(self, request, *args, **kwargs):
        with storing.no_orphans():
            return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request, *args, **kwargs):
        with storing.no_orphans():
            return super().delete_view(request, *args, **kwargs)

    def changelist_view(self, request, *args, **kwargs):
        with storing.no_orphans():
            return super().changelist_view(request, *args, **kwargs)

    def delete_queryset(self, request, queryset):
        """With all files that were behind them, and behind no other: what was uploaded by mistake is not kept."""
        gone = list(queryset)
        checksums = {files.document_of(version).sha256 for version in files.versions_of(*gone)}
        is_needed = files.needed_without(*gone)
        super().delete_queryset(request, queryset)
        storing.erase(checksums, is_needed)

    def save_model(self, request, obj, form, change):
        if form.new_name:
            obj.name, obj.stored = form.new_name, storing.store(*form.read)
        super().save_model(request, obj, form, change)

    def get_deleted_objects(self, objs, request):
        """What some text refers to is not deleted; the texts are named."""
        deleted, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        if protected:
            protected = [places for obj in objs if (places := self.places(obj)) != "–"]
        deleted.append("Die Dateien selbst, in allen Fassungen. Sicherungen enthalten sie, bis sie ablaufen.")
        return deleted, counts, perms_needed, protected

    @page("<int:key>/datei/", name="file")
    def download(self, request, key):
        """The file as it is, or as it was in one of its versions (`?fassung=`)."""
        found = get_object_or_404(self.model.objects.select_related("stored"), pk=key)
        chosen = request.GET.get("fassung", "")
        if not key_of(chosen):
            return file_response(found.stored, found.name)
        document = files.document_of(get_object_or_404(files.versions_of(found), pk=key_of(chosen)))
        return file_response(get_object_or_404(StoredFile, sha256=document.sha256), document.file)

    @page("<int:key>/fruehere-loeschen/", PUBLISH, name="erase")
    def erase(self, request, key):
        """Ask whether the former files shall go for good, and take them away."""
        found = get_object_or_404(self.model, pk=key)
        if request.method == "POST":
            files.erase(found, who=request.user)
            messages.success(request, "Was früher hinter dieser Adresse stand, ist endgültig gelöscht.")
            return redirect(admin_url(found))
        context = {"row": found, "files": files.former(found)}
        return self.render(request, "admin/faq/kept_file/erase.html", "Frühere Dateien löschen", **context)

    def file_url(self, row):
        """Of the file as it is now, behind the login."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_file", args=[row.pk])

    @admin.display(description="Was es ist")
    def facts(self, row):
        return row.stored.facts if row.is_public else f"{row.stored.facts}, {self.not_yet}"

    @admin.display(description="Alle Fassungen")
    def former(self, row):
        url, erase = self.file_url(row), reverse(f"admin:faq_{self.opts.model_name}_erase", args=[row.pk])
        versions = [(version, files.document_of(version)) for version in files.versions_of(row).select_related("who")]
        stored = StoredFile.objects.in_bulk([document.sha256 for _, document in versions], field_name="sha256")
        rows = []
        for version, document in versions:
            when = to_the_minute(version.when)
            facts = stored.get(document.sha256, "gelöscht")
            rows.append((url, version.pk, document.file, facts, when, version.who or "Import"))
        listed = format_html_join("", '<div><a href="{}?fassung={}">{}</a> ({}), {}, {}</div>', rows)
        more = format_html('<div><a href="{}">Frühere endgültig löschen</a></div>', erase) if len(stored) > 1 else ""
        return format_html("{}{}", listed, more)


def may_touch(user, row):
    """Whether a file is nobody's yet, or the user may change what readers have, or will have without anybody looking at it again."""
    return row is None or may_publish(user) or not kinds.BY_MODEL[type(row)].is_seen(row)
