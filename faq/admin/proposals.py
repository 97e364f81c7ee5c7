"""What readers see at once, proposed: by the form of the thing itself, whose document is handed over in place of being saved."""

from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse

from faq.actions import Hindered
from faq.admin.base import RecordedAdmin, only_reading
from faq.admin.extra_pages import CHANGE, admin_url, key_of, page
from faq.admin.owners import name_of
from faq.admin.review_forms import SubmitForm
from faq.content import kinds, mapping
from faq.content.values import DocumentError
from faq.editing import reviews, versions
from faq.editing.writing import may_publish
from faq.models import Entry
from faq.operations import review_mail
from faq.words import to_the_minute

PARAMETER = "vorschlag"


class ProposalForm(SubmitForm):
    """The form of a thing by which it is proposed; that has the request."""

    def __init__(self, *args, **options):
        super().__init__(*args, who=self.request.user, **options)
        self.fields["to"].initial = getattr(self.request, "given_to", None)


def is_proposing(request):
    """Whether what the form says is handed over, and not saved."""
    return hasattr(request, "proposed")


def proposal_address(review, user):
    """Where an open proposal is corrected, or published by who may: the form of its thing with it; "" for anything else."""
    kind = kinds.of_path(review.path)
    if not review.is_open or kind.model is Entry:
        return ""
    row = reviews.row_of(review)
    if may_publish(user):
        page_name, number = ("change", [row.pk]) if row else ("add", [])
    else:
        page_name, number = ("propose", [row.pk]) if row else ("propose_new", [])
    return f"{reverse(f'admin:faq_{kind.name}_{page_name}', args=number)}?{PARAMETER}={review.pk}"


class ProposalsAdmin(RecordedAdmin):
    """Of what has no working copy: whoever may see it proposes a change, or something new; who may publish saves it by the same form."""

    proposes_new = True

    @page("vorschlagen/", CHANGE, name="propose_new")
    def propose_new(self, request):
        return self._propose(request, None, f"{self.opts.verbose_name} vorschlagen")

    @page("<int:key>/vorschlagen/", CHANGE, name="propose")
    def propose(self, request, key):
        return self._propose(request, str(key), "Änderung vorschlagen")

    def _propose(self, request, object_id, title):
        if not self.has_view_permission(request):
            raise PermissionDenied
        request.proposed = []
        response = self.changeform_view(request, object_id, extra_context={"title": title})
        for review in request.proposed:
            review_mail.tell(review)
        return response

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        request.fills_in = request.method == "GET"
        arguments = (request, object_id, form_url, extra_context)
        try:
            response = super().changeform_view(*arguments)
        except Hindered as error:
            if not (is_proposing(request) or "_seen" in request.POST):
                raise
            # The form once more, which says so, with all that was typed; it shows what is proposed by now.
            request.hindered = str(error)
            with only_reading():
                response = super().changeform_view(*arguments)
        if published := getattr(request, "published", None):
            review_mail.tell(published)
        return response

    # Who may

    def has_add_permission(self, request):
        return is_proposing(request) or super().has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        return is_proposing(request) or super().has_change_permission(request, obj)

    # What is proposed

    def _open(self, request, row):
        """The proposals that the form is about: all that are open for a row, or the one that the address names."""
        if row and is_proposing(request):
            return list(reviews.proposals(kinds.paths_of(row)))
        if not (is_proposing(request) or may_publish(request.user)):
            return []
        review = reviews.proposals().filter(pk=key_of(request.GET.get(PARAMETER, ""))).first()
        is_of_this = review and kinds.of_path(review.path).model is self.model and row in (None, reviews.row_of(review))
        return [review] if is_of_this else []

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        if row and getattr(request, "fills_in", False):
            for review in self._open(request, row):
                request.given_to = review.to_id
                self._fill(row, review)
        return row

    def get_changeform_initial_data(self, request):
        for review in self._open(request, None):
            row, request.given_to = self.model(), review.to_id
            self._fill(row, review)
            if hasattr(row, "slug"):
                row.slug = kinds.slug_of(review.path)  # not every document says it
            return {field.name: field.value_from_object(row) for field in self.opts.concrete_fields if field.editable}
        return {}

    def _fill(self, row, review):
        """Let a row, which is not saved, say what is proposed; whether it can."""
        try:
            document, _ = reviews.proposed(review)
            column = kinds.of_path(review.path).field_files.get(review.path)
            if column:
                setattr(row, column, document.body)
            else:
                mapping.fill(row, document)
        except (DocumentError, ObjectDoesNotExist):
            return False
        return True

    # The form

    def get_form(self, request, obj=None, change=False, **kwargs):
        if not is_proposing(request):
            return super().get_form(request, obj, change=change, **kwargs)
        fields = kwargs["fields"] if "fields" in kwargs else flatten_fieldsets(self.get_fieldsets(request, obj))
        form = super().get_form(request, obj, change=change, **kwargs | {"fields": fields and self._own(fields)})
        return type(form.__name__, (ProposalForm, form), {})

    def get_fields(self, request, obj=None):
        return self._own(super().get_fields(request, obj))

    def _own(self, names):
        return [name for name in names if name not in SubmitForm.base_fields]

    def get_fieldsets(self, request, obj=None):
        sets = super().get_fieldsets(request, obj)
        return [*sets, ("Freigabe", {"fields": list(SubmitForm.base_fields)})] if is_proposing(request) else sets

    def get_readonly_fields(self, request, obj=None):
        """By its slug it is known, also in the proposal."""
        fixed = ["slug"] if is_proposing(request) and obj and hasattr(obj, "slug") else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        proposing, proposals = is_proposing(request), self._open(request, obj)
        unreadable = [review for review in proposals if not self._fill(self.model(), review)]
        # What can't be filled in is not published by the form, but it may be written over.
        seen = "" if unreadable and not proposing else reviews.stamp(proposals)
        is_older = request.method == "POST" and request.POST.get("_seen", "") != seen
        context |= {
            "proposing": proposing,
            "proposals": [(review, review not in unreadable, reviews.matters(review)) for review in proposals],
            "seen": seen,
            "is_older": is_older,
        }
        if is_older:
            context["newer"] = [
                (
                    "dem neueren Vorschlag",
                    f"{name_of(review.by)}, {to_the_minute(review.handed)}",
                    reviews.sides(review)[1],
                )
                for review in proposals
            ]
        if not proposing and obj:
            may_change = request.user.has_perm(CHANGE)
            context["waiting"] = waiting = [
                (review, may_change and proposal_address(review, request.user))
                for review in reviews.proposals(kinds.paths_of(obj))
                if review not in proposals
            ]
            # Of one that waits an editor's own button says that it can be changed.
            context["may_propose"] = may_change and not proposals and (may_publish(request.user) or not waiting)
        response = super().render_change_form(request, context, add, change, form_url, obj)
        if seen and not proposing and request.method != "POST":
            response.context_data["why"] = f"Vorschlag von {name_of(proposals[0].by)}"
        return response

    def changelist_view(self, request, extra_context=None):
        found = reviews.proposals().defer("before", "document")
        open_ones = [review for review in found if kinds.of_path(review.path).model is self.model]
        new = self.proposes_new and request.user.has_perm(CHANGE)
        context = {"proposals": open_ones, "propose_new": new and f"admin:faq_{self.opts.model_name}_propose_new"}
        return super().changelist_view(request, (extra_context or {}) | context)

    # What is saved, or handed over

    def save_model(self, request, obj, form, change):
        if is_proposing(request):
            return
        if request.POST.get("_seen"):  # before it may be called otherwise
            (request.decided,) = self._as_seen(request, self._open(request, obj if change else None))
        if change and kinds.BY_MODEL[self.model].comes_with_texts and versions.newest_of(obj) is None:
            versions.write(self.model.objects.get(pk=obj.pk), request.change.by)  # none has its former name
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        if is_proposing(request):
            self._hand_over(request, form, formsets, change)
            request.saved = True
            return
        super().save_related(request, form, formsets, change)
        stored = kinds.files(form.instance)
        if change and "slug" in form.changed_data:
            reviews.follow(kinds.BY_MODEL[self.model].path_of(form.initial["slug"]), next(iter(stored)))
        if review := getattr(request, "decided", None):
            document = stored.get(review.path, next(iter(stored.values())))
            request.published = reviews.published_otherwise(review, who=request.user, document=document)

    def _as_seen(self, request, found):
        """Proposals, if they are what the form has shown. Raises Changed."""
        if reviews.stamp(found) != request.POST.get("_seen", ""):
            raise reviews.Changed
        return found

    def _hand_over(self, request, form, formsets, change):
        typed, stored = self.files_typed(form, formsets), {}
        if change:
            stored = kinds.files(kinds.BY_MODEL[self.model].rows().get(pk=form.instance.pk))
        shown = self._as_seen(request, self._open(request, form.instance if change else None))
        if other := reviews.proposals(typed).exclude(pk__in=[review.pk for review in shown]).first():
            raise Hindered(f"Dafür gibt es schon einen Vorschlag: „{other}“. In der Liste führt ein Link zu ihm.")
        there = {review.path if review.path in typed else next(iter(typed)): review for review in shown}
        changed = [path for path, text in typed.items() if text != stored.get(path, "")]
        if left := [review for path, review in there.items() if path not in changed]:
            raise Hindered(f"Der Vorschlag „{left[0]}“ ändert so nichts mehr. Bei der Freigabe ziehen Sie ihn zurück.")
        anew = [path for path in changed if path not in there or there[path].document != typed[path]]
        said = {name: form.cleaned_data[name] for name in SubmitForm.base_fields}
        request.proposed = [
            reviews.propose(
                (path, stored.get(path, "")), (path, typed[path]),
                title=self.proposal_title(form.instance, path, change), who=request.user, instead=there.get(path), **said,
            )
            for path in anew or changed or typed
        ]  # fmt: skip

    def proposal_title(self, row, path, change):
        """The name that is known, of the site's own texts theirs."""
        if column := kinds.of_path(path).field_files.get(path):
            return str(self.opts.get_field(column).verbose_name)
        return str(self.model.objects.get(pk=row.pk) if change else row)

    def log_addition(self, request, obj, message):
        return None if is_proposing(request) else super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        return None if is_proposing(request) else super().log_change(request, obj, message)

    def response_add(self, request, obj, post_url_continue=None):
        return self._handed_over(request) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self._handed_over(request) or super().response_change(request, obj)

    def _handed_over(self, request):
        if not is_proposing(request):
            return None
        for review in request.proposed:
            self.message_user(request, f"„{review}“ ist zur Freigabe gegeben.", "success")
        return redirect(admin_url(request.proposed[0]))
