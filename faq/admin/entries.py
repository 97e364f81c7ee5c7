"""Entries: their list, who may change which, their form and what is saved with it."""

import re
from dataclasses import replace

from django.contrib import admin, messages
from django.contrib.admin.views.main import ORDER_VAR
from django.db import transaction
from django.db.models import Case, Q, When
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from faq import search
from faq.admin.addresses import AddressedAdmin
from faq.admin.columns import clamped
from faq.admin.deletion import DeletionAdmin
from faq.admin.entry_filters import AlikeFilter, DueFilter, GapFilter, MomentFilter, TagFilter
from faq.admin.entry_forms import EntryForm
from faq.admin.extra_pages import key_of
from faq.admin.handing_over import HandingOverAdmin
from faq.admin.many_at_once import ManyAdmin
from faq.admin.owners import OwnerFilter, OwnersAdmin
from faq.admin.steps import StepInline
from faq.admin.working_copies import WorkingCopiesAdmin
from faq.content import documents, kinds, mapping
from faq.editing import announcements, entries, references, search_index, working_copies
from faq.editing.writing import may_publish
from faq.models import Entry, Reference, Review
from faq.public.preview import preview_link, preview_page
from faq.words import quoted, to_the_minute

CANDIDATES = 100
# Of a longer German word: without it the word is found in its other forms too.
_ENDING = re.compile(r"(?<=\w{4})(?:en|er|es|em|e|n|s)$")
SIDE, CLOSED = ["side"], ["side", "collapse"]


@admin.register(Entry)
class EntryAdmin(DeletionAdmin, ManyAdmin, WorkingCopiesAdmin, OwnersAdmin, HandingOverAdmin, AddressedAdmin):
    change_form_template = "admin/faq/entry/change_form.html"
    form = EntryForm
    inlines = [StepInline]
    for_publishers = False  # drafts and working copies are everybody's; see the permissions below
    actions = ["change_many", "duplicate", "merge_two", "delete_selected"]
    list_display = [clamped("title", "Frage"), "category", "position", "state", "review", "in_charge"]
    list_filter = [
        "category",
        "status",
        OwnerFilter,
        MomentFilter,
        DueFilter,
        "kind",
        GapFilter,
        AlikeFilter,
        TagFilter,
    ]
    list_select_related = ["category", "owner"]
    search_fields = ["title", "slug", "aliases__slug", "body", "steps__title", "steps__body"]
    search_fields += ["taggings__tag__name", "note"]
    search_help_text = "Sucht wie die Suche der Hilfe, das Beste zuerst, und dazu in Entwürfen, Ankern und Notizen."
    readonly_fields = ["former_slugs", "referred_by", "reviewed_by", "in_charge"]
    what_stays = "Alle Adressen des anderen führen danach zu dem, der bleibt. Sein Text bleibt in der Geschichte."
    fieldsets = [
        (None, {"fields": [("title", "short"), "body"]}),
        ("Einordnung", {"fields": ["status", "category", "kind", "tags", "owner"], "classes": SIDE}),
        ("Ankündigung", {"fields": ["news"], "classes": SIDE}),
        ("Pflege", {"fields": ["review", "reviewed", "reviewed_by", "updated", "changes", "note"], "classes": CLOSED}),
        ("Zeitpunkte", {"fields": ["publish_at", "expire_at"], "classes": CLOSED}),
        ("Adresse und Platz", {"fields": ["slug", "former_slugs", "position", "referred_by"], "classes": CLOSED}),
    ]

    # Who may do what

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        if obj is None or may_publish(request.user):
            return allowed
        return allowed and (not obj.is_released if obj.copy_of_id else obj.status == Entry.DRAFT)

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        if obj is None:
            return allowed
        return allowed and obj.copy_of_id is None and (may_publish(request.user) or obj.status == Entry.DRAFT)

    def get_readonly_fields(self, request, obj=None):
        hidden = [] if may_publish(request.user) and not (obj and obj.copy_of_id) else ["status"]
        return [*super().get_readonly_fields(request, obj), *hidden]

    def get_fieldsets(self, request, obj=None):
        """A working copy has the owner of its entry; who may not change it reads a name."""
        sets = super().get_fieldsets(request, obj)
        if obj is None or (not obj.copy_of_id and self.has_change_permission(request, obj)):
            return sets
        named = [[{"owner": "in_charge"}.get(field, field) for field in options["fields"]] for _, options in sets]
        return [(title, options | {"fields": fields}) for (title, options), fields in zip(sets, named, strict=True)]

    # The list

    def get_queryset(self, request):
        return super().get_queryset(request).with_copies().with_review()

    def get_search_results(self, request, queryset, search_term):
        """As readers find it, the best first; then what readers do not see, and what holds the words in its anchors or notes.

        The search knows neither drafts nor what is internal: there words are looked for, whatever their endings.
        """
        if not search_term:
            return queryset, False
        words = " ".join(_ENDING.sub("", word) for word in search_term.split())
        holding, _ = super().get_search_results(request, Entry.objects.all(), words)
        hits = search.search(search_term, among=Entry.objects.all(), limit=CANDIDATES).hits
        if (
            not (sure := [hit for hit in hits if hit.confident])
            and not queryset.filter(pk__in=holding.values("pk")).exists()
        ):
            sure = hits  # what is merely similar is better than nothing
        places = {hit.entry_id: place for place, hit in enumerate(sure)}
        found = queryset.filter(Q(pk__in=holding.values("pk")) | Q(pk__in=places))
        if places and ORDER_VAR not in request.GET:
            best = Case(*(When(pk=key, then=place) for key, place in places.items()), default=len(places))
            found = found.order_by(best, *found.query.order_by)
        return found, False

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        if not may_publish(request.user):
            changelist.list_editable = ()  # the order is public at once
        return changelist

    @admin.display(description="Status", ordering="status")
    def state(self, entry):
        if entry.followed_at:
            return f"{entry.state}, neue Fassung geplant für {to_the_minute(entry.followed_at)}"
        if not entry.copy_key:
            return entry.state
        url = reverse("admin:faq_entry_change", args=[entry.copy_key])
        handed = dict(Review.STATES).get(entry.copy_review)
        how = f", {handed}" if handed else ""
        return format_html('{}, hat <a href="{}">Arbeitskopie</a>{}', entry.state, url, how)

    def get_list_display(self, request):
        pairs = ["twin"] if request.GET.get(AlikeFilter.parameter_name) in AlikeFilter.options else []
        return [*self.list_display[:1], *pairs, *self.list_display[1:]]

    @admin.display(description="Fast gleich")
    def twin(self, entry):
        url = reverse("admin:faq_entry_pair", args=[entry.pk, entry.twin])
        return format_html('<a href="{}">Vergleichen mit: {}</a>', url, entry.twin_title)

    def view_on_site(self, entry):
        return entry.get_absolute_url() if Entry.objects.published().filter(pk=entry.pk).exists() else None

    # Read by whoever may not change them; else the form has a field of each.

    @admin.display(description="Was ist neu?")
    def news(self, entry):
        return announcements.waiting_in(entry)

    @admin.display(description="Ankündigungen")
    def changes(self, entry):
        return "\n".join(map(str, announcements.announced(mapping.changes_of(entry))))

    @admin.display(description="Darauf verweisen")
    def referred_by(self, entry):
        sources = {str(reference.source) for reference in entry.references.select_related(*Reference.SOURCES)}
        return ", ".join(sorted(sources)) or "–"

    @admin.action(description="Als Entwurf kopieren", permissions=["add"])
    def duplicate(self, request, queryset):
        for twin in entries.duplicate(list(queryset), who=request.user):
            messages.success(request, f"„{twin}“ ist ein neuer Entwurf.")

    # The form

    def get_object(self, request, object_id, from_field=None):
        try:
            return Entry.rows.select_related("copy_of").get(pk=key_of(object_id))
        except Entry.DoesNotExist:
            return None

    def now_in_place_of(self, request, object_id):
        public = Entry.objects.filter(slug=request.POST.get("slug") or None).first()
        return super().now_in_place_of(request, object_id) or public

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["show_preview"] = True
        if obj:
            context |= {
                "is_planned": obj.publish_at and obj.publish_at > timezone.now(),
                "copy": working_copies.working_copy(obj) if not obj.copy_of_id else None,
                "is_public": Entry.objects.published().filter(pk=obj.pk).exists(),
                "may_publish": may_publish(request.user),
                "show_publish": may_publish(request.user) and (obj.copy_of_id or obj.status == Entry.DRAFT),
                "preview_link": preview_link(obj, request.user),
                **self.handed_over(obj),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def files_typed(self, form, inlines):
        document = replace(
            mapping.document_of(form.instance), tags=form.cleaned_data.get("tags", []), steps=[], changes=form.told
        )
        for step in inlines[0].formset.in_order():
            document.steps.append(
                replace(mapping.document_of(step.instance), actors=step.cleaned_data.get("actors", ""))
            )
        kind = kinds.BY_MODEL[Entry]
        return {kind.path_of(form.instance.slug, form.instance.category.slug): kind.text(document)}

    def response_add(self, request, obj, post_url_continue=None):
        return self._special_response(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self._special_response(request, obj) or super().response_change(request, obj)

    def _special_response(self, request, obj):
        if "_preview" in request.POST:
            return self._previewed(request, obj)
        if "_publish" in request.POST:
            return self.publish_now(request, obj)
        if "_submit" in request.POST and obj.is_in_preparation:
            return redirect("admin:faq_entry_submit", obj.pk)
        return None

    def _previewed(self, request, obj):
        """The page as it would be after this save, which is then undone."""
        response = preview_page(request, Entry.rows.complete().get(pk=obj.pk))
        transaction.set_rollback(True)
        return response

    # What is saved

    def save_model(self, request, obj, form, change):
        if "reviewed" in form.changed_data:
            obj.reviewed_by = request.user
        if obj.is_released and not obj.is_for_later:
            obj.release = ""  # its moment was taken away: somebody has to publish it
        super().save_model(request, obj, form, change)

    def prepare(self, request, object_id=None, *arguments):
        super().prepare(request, object_id)
        if "title" in request.POST:
            search_index.prepare(self._posted(request, object_id))

    def _posted(self, request, object_id):
        """What the form would save, if readers will see it: key, document and category's title; nothing where it is faulty."""
        stored = self.get_object(request, object_id) if object_id else None
        if not (self.has_change_permission(request, stored) if object_id else self.has_add_permission(request)):
            return
        form = self.get_form(request, stored, change=bool(stored))(request.POST, request.FILES, instance=stored)
        if not form.is_valid() or form.instance.status != Entry.PUBLISHED or form.instance.copy_of_id:
            return
        ((formset_class, inline),) = self.get_formsets_with_inlines(request, stored)
        prefix = formset_class.get_default_prefix()
        formset = formset_class(**self.get_formset_kwargs(request, form.instance, inline, prefix))
        if formset.is_valid():
            entry = form.instance
            steps = [mapping.document_of(step_form.instance) for step_form in formset.in_order()]
            former, chosen = [tag.name for tag in stored.tag_list] if stored else [], form.cleaned_data["tags"]
            # Those that stay keep their place.
            tags = sorted(chosen, key=lambda name: former.index(name) if name in former else len(former))
            document = documents.Entry(entry.title, tags=tags, body=entry.body, steps=steps)
            yield entry.pk, document, entry.category.title

    def save_formset(self, request, form, formset, change):
        numbers = formset.save_in_order()
        if not form.instance.copy_of_id:  # a working copy's steps get their links when it is published
            request.relinked = references.renumber(form.instance, numbers)

    def save_related(self, request, form, formsets, change):
        entry, former_slug = form.instance, form.instance.loaded_slug
        super().save_related(request, form, formsets, change)
        relinked = [source for source in getattr(request, "relinked", []) if source != entry]
        if relinked:
            # What links to steps no reader sees looks to them as before.
            self.record(request, saved=relinked, quietly=Entry.PUBLISHED not in (entry.status, entry.loaded_status))
            self.message_user(
                request,
                f"Die Nummern von Schritten haben sich geändert. Links darauf wurden angepasst in: {quoted(relinked)}.",
            )
        if not entry.copy_of_id and former_slug and former_slug != entry.slug:
            self.message_user(request, f"Der frühere Anker „{former_slug}“ führt weiterhin hierher.")
