"""What the admin of everything public shares: each save and each deletion passes the one door."""

from contextlib import contextmanager, suppress
from functools import wraps

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, InterfaceError, connection, models, transaction
from django.utils.crypto import get_random_string

from faq.admin import refusals
from faq.admin.extra_pages import PagesAdmin, key_of
from faq.admin.forms import DateInput, MarkdownField, MomentInput, check_markdown
from faq.admin.once import once
from faq.content import kinds, values
from faq.editing import versions
from faq.editing.comparison import Comparison
from faq.editing.writing import Vanished, action, may_publish, writing
from faq.models import guard
from faq.operations import failed_writes, faults
from faq.words import to_the_minute


@action
def save_posted(view, request, prepare):
    """Run a view of Django's admin that writes what was posted behind the door, and prepare the texts before it."""
    prepare()
    with writing(source="admin", who=request.user, why=request.POST.get("_why", "")) as change:
        request.change = change
        return view()


def through_the_door(method):
    """Decorator of a view of a RecordedAdmin: what it writes when something is posted passes the door."""

    @wraps(method)
    def view(self, request, *arguments, **options):
        if request.method != "POST" or guard.door() or hindered(request):
            return method(self, request, *arguments, **options)

        def behind_the_door():
            request.said = []  # another try says it again
            return method(self, request, *arguments, **options)

        response = save_posted(behind_the_door, request, lambda: self.prepare(request, *arguments))
        said, request.said = request.said, None
        for message, options_ in said if "_preview" not in request.POST else ():
            self.message_user(request, message, **options_)
        return response

    return view


FAULTS = (DatabaseError, InterfaceError, OSError)


def hindered(request):
    """What was in the way of saving what was posted, as it is said to who posted it; else nothing."""
    return getattr(request, "hindered", "")


def noted(request, error):
    """Whether an error is a fault of database or disk that was in the way of saving; then it is noted."""
    fault = faults.fault(error)
    if request.method != "POST" or fault is None or hindered(request):
        return False
    failed_writes.failed(error)
    request.hindered = faults.told(fault)
    return True


@contextmanager
def only_reading():
    """Django's forms open a transaction; without this, SQLite's would ask for the lock of who writes.

    In somebody else's they open none.
    """
    if connection.in_atomic_block:
        yield
        return
    transaction.set_autocommit(False)
    try:
        yield
    finally:
        transaction.rollback()
        transaction.set_autocommit(True)


def shown_again(method):
    """Decorator of a form's view: where database or disk refuse what was posted, the form says so, with all that was typed."""

    @wraps(method)
    def view(self, request, *arguments, **options):
        try:
            return method(self, request, *arguments, **options)
        except FAULTS as error:
            # In somebody else's transaction nothing can be shown any more: they do.
            if connection.in_atomic_block or not noted(request, error):
                raise
        with only_reading():
            response = method(self, request, *arguments, **options)
        response.status_code = 503
        return response

    return view


def typed_stays(method):
    """Decorator of a form's view: what was typed into one that may no longer be saved is shown once more."""

    @wraps(method)
    def view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return method(self, request, object_id, form_url, extra_context)
        try:
            if object_id and self.get_object(request, object_id) is None:
                raise Vanished
            return method(self, request, object_id, form_url, extra_context)
        except (PermissionDenied, Vanished) as error:
            if not self.has_view_permission(request):
                raise
            context = {"row": object_id and self.now_in_place_of(request, object_id), "typed": self.typed(request)}
            context["is_new"] = object_id is None
            status = 403 if isinstance(error, PermissionDenied) else 409
            context |= refusals.told(request) if status == 403 else {}
            title = "Nicht gesichert: Ihre Eingaben sind noch da"
            return self.render(request, "admin/faq/typed.html", title, status=status, **context)

    return view


class HinderedMixin:
    """A form that is shown again. The admin sets `request`."""

    request = None

    def clean(self):
        cleaned = super().clean()
        if message := hindered(self.request):
            raise ValidationError(message)
        return cleaned


class ReadOnlyAdmin(PagesAdmin):
    """What is read here, and written elsewhere."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_entries_permission(self, request):
        """Of actions."""
        return request.user.has_perm("faq.change_entry")


class StaleCheckMixin(HinderedMixin):
    """A form that refuses to save on top of a newer version."""

    outdated = None

    def clean(self):
        cleaned = super().clean()
        seen = self.request.POST.get("_base") if self.request else None
        newest = versions.newer_than(self.instance, key_of(seen)) if self.instance.pk and seen is not None else None
        if newest:
            self.outdated = newest
            who = newest.who or "ein Import"
            raise ValidationError(
                f"Inzwischen hat {who} eine neuere Fassung gesichert. Ihre Eingaben sind noch da: Vergleichen Sie unten "
                "beide Texte, und sichern Sie noch einmal, wenn Ihre Fassung gelten soll."
            )
        return cleaned


class RecordedAdmin(PagesAdmin):
    """Saves and deletes through the door, where whatever was saved is recorded with who did it.

    What readers see at once is changed by those who may publish; entries have drafts and working copies for the others.
    """

    formfield_overrides = {
        models.DateField: {"widget": DateInput},
        models.DateTimeField: {"form_class": forms.DateTimeField, "widget": MomentInput},
    }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """A choice among other things leads to none of their forms: these have an own place in the menu."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        if isinstance(db_field, models.DateField) and field:
            field.validators.append(_validate_year)
        return field

    # Who may

    for_publishers = True

    def has_add_permission(self, request):
        return super().has_add_permission(request) and self._may(request)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._may(request)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._may(request)

    def _may(self, request):
        return not self.for_publishers or may_publish(request.user)

    # Through the door

    @typed_stays
    @shown_again
    @through_the_door
    @once
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        # While it waited for the door somebody else may have taken it away: Django would send what was typed nowhere.
        if object_id and guard.door() and self.get_object(request, object_id) is None:
            raise Vanished
        return super().changeform_view(request, object_id, form_url, extra_context)

    @through_the_door
    def delete_view(self, request, object_id, extra_context=None):
        return super().delete_view(request, object_id, extra_context)

    @through_the_door
    def changelist_view(self, request, extra_context=None):
        request.rows = []  # rows of a list are recorded together: what is made of their texts is made at once
        response = super().changelist_view(request, extra_context)
        if request.rows:
            self.record(request, saved=request.rows)
        return response

    def message_user(self, request, message, level=messages.INFO, **options):
        """Said once all is done: what is written may be tried again."""
        if getattr(request, "said", None) is not None:
            request.said.append((message, {"level": level, **options}))
        else:
            super().message_user(request, message, level, **options)

    def prepare(self, request, object_id=None, *arguments):
        """Make what can be made of the posted texts before the door is opened."""
        for text in self.posted_texts(request):
            with suppress(ValidationError):  # said by the form, at its field
                check_markdown(text, in_walkthrough=True)

    def posted_texts(self, request):
        """The Markdown that was posted, in the form's own field or in one of its inlines'."""
        forms = [self.form, *(inline.form for inline in self.inlines)]
        names = {name for form in forms for name, f in form.base_fields.items() if isinstance(f, MarkdownField)}
        return [values.trimmed(value) for key, value in request.POST.items() if key.rpartition("-")[2] in names]

    # The form

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (StaleCheckMixin, form), {"request": request})

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        newest = versions.newest_of(obj) if obj else None
        context |= {"base": newest.pk if newest else "", "why": request.POST.get("_why", "")}
        context |= {"once": get_random_string(12), "once_posted": request.POST.get("_once", "")}
        newer = context.get("newer", [])
        if saved := getattr(form, "outdated", None):
            whose = f"{saved.who or 'einem Import'}, {to_the_minute(saved.when)}"
            newer = [("der neueren Fassung", whose, (saved.path, saved.document)), *newer]
        if newer:
            typed = self.files_typed(form, context["inline_admin_formsets"])
            context["my_text"], usual = self.typed(request), next(iter(typed.values()))
            context["newer"] = [
                (what, whose, Comparison(text, typed.get(path, usual), path)) for what, whose, (path, text) in newer
            ]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def files_typed(self, form, inlines):
        """What the form would save: texts by path."""
        return kinds.files(form.instance)

    def typed(self, request):
        """What was typed into text fields, also those of steps, as one text."""
        forms_ = [self.get_form(request), *(inline.form for inline in self.inlines)]
        names = {name for form in forms_ for name, f in form.base_fields.items() if isinstance(f, forms.CharField)}
        texts = [text.strip() for key, text in request.POST.items() if key.rpartition("-")[2] in {*names, "_why"}]
        return "\n\n".join(filter(None, texts))

    def now_in_place_of(self, request, object_id):
        """What the form was of, as it is now; None where it is gone."""
        return self.get_object(request, object_id)

    # What was saved

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        request.saved = True
        touched = self.touched(request, form.instance)
        if hasattr(request, "rows"):
            request.rows += touched
        else:
            self.record(request, saved=touched)

    def touched(self, request, stored):
        """What has to be recorded after `stored` was saved."""
        return [stored]

    def delete_model(self, request, obj):
        self.delete_queryset(request, self.model.objects.filter(pk=obj.pk))

    def delete_queryset(self, request, queryset):
        self.record(request, deleted=list(queryset))

    def record(self, request, **what):
        request.change.record(**what, indexed="_preview" not in request.POST)


def _validate_year(when):
    """The browser's calendar makes the year 26 of what is typed as „26“."""
    if when.year < 1000:
        raise ValidationError("Bitte schreiben Sie das Jahr mit vier Ziffern.")


class AppendingAdmin(RecordedAdmin):
    """Of things in the order in which they came: a new one is the last."""

    def save_model(self, request, obj, form, change):
        if not change:
            obj.position = self.model.objects.count()
        super().save_model(request, obj, form, change)
