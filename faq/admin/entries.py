"""Entries with their steps, categories, tags and former addresses."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminIntegerFieldWidget
from django.core.exceptions import ValidationError
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.forms.models import BaseInlineFormSet
from django.forms.widgets import Script
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from taggit.forms import TagWidget
from taggit.models import Tag as UnusedTag

from faq import slugs
from faq.admin import unused
from faq.admin.base import RecordedAdmin
from faq.admin.editing import EditingAdmin
from faq.admin.forms import MarkdownField, NoteField, check_markdown
from faq.admin.merging import MergeAdmin
from faq.content import documents, mapping
from faq.editing import references, search_index
from faq.editing.addresses import owner_of
from faq.facts import ACTORS
from faq.models import Alias, Category, Entry, Reference, Step, Tag
from faq.models.fields import validate_line
from faq.operations import to_do

SLUG_LENGTH = 60
WIDE = forms.TextInput(attrs={"size": 90})


def slug_from(title):
    """A slug of whole words from a question."""
    slug = slugs.slugify(title)
    return slug if len(slug) <= SLUG_LENGTH else slug[: SLUG_LENGTH + 1].rpartition("-")[0] or slug[:SLUG_LENGTH]


class AddressForm(forms.ModelForm):
    """A form whose slug may be left empty, and must be free over the whole site."""

    slug = forms.CharField(
        label="Anker",
        required=False,
        help_text="Leer lassen: wird aus dem Titel gebildet. Nach einer Änderung führt der frühere Anker weiter hierher.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "slug" in self.fields:
            slug = self.instance.slug
            self.fields["slug"].help_text = f"Ändern Sie ihn, bleibt „{slug}“ erreichbar und führt weiter hierher."

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("slug") and cleaned.get("title"):
            cleaned["slug"] = slug_from(cleaned["title"])
        slug = cleaned.get("slug", "")
        if "slug" not in self.errors and (problem := slugs.problem(slug, address=True)):
            self.add_error("slug", problem)
        elif owner := owner_of([slug], besides=getattr(self.instance, "original", self.instance)):
            self.add_error("slug", f"Der Anker „{slug}“ gehört schon zu „{owner}“.")
        return cleaned


class EntryForm(AddressForm):
    body = MarkdownField(label="Antwort", help_text="Markdown. Bei einem Ablauf: die Einleitung vor den Schritten.")
    note = NoteField(
        label="Notiz",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 90}),
        help_text="Nur intern: Leser sehen sie nie.",
    )

    class Meta:
        model = Entry
        fields = ["category", "slug", "title", "position", "kind", "status", "body", "tags", "note"]
        fields += ["review", "reviewed", "updated", "publish_at", "expire_at"]
        widgets = {"title": WIDE, "tags": TagWidget(attrs={"size": 90})}

    def clean_tags(self):
        """New tags in the spelling that exists already."""
        names = self.cleaned_data["tags"]
        for name in names:
            validate_line(name)
            if len(name) > 100:
                raise ValidationError(f"„{name[:30]}…“ ist länger als 100 Zeichen.")
        known = {tag.name.casefold(): tag.name for tag in Tag.objects.filter(merged_into=None)}
        return list(
            dict.fromkeys(name if name in known.values() else known.get(name.casefold(), name) for name in names)
        )

    def clean_publish_at(self):
        """What is public stays so: a new text comes at its moment by a working copy."""
        moment, entry = self.cleaned_data["publish_at"], self.instance
        is_public = entry.pk and Entry.objects.published().filter(pk=entry.pk).exists()
        if moment and moment > timezone.now() and is_public and "publish_at" in self.changed_data:
            raise ValidationError(
                "Der Eintrag ist öffentlich und wäre bis dahin nicht mehr zu lesen. Eine Arbeitskopie mit diesem Zeitpunkt löst "
                "ihn dann von selbst ab."
            )
        return moment

    def clean(self):
        cleaned = super().clean()
        own = {cleaned.get("slug"), *(self.instance.aliases.values_list("slug", flat=True) if self.instance.pk else ())}
        try:
            is_walkthrough = cleaned.get("kind") == Entry.WALKTHROUGH
            check_markdown(cleaned.get("body") or "", own_slugs=own, in_walkthrough=is_walkthrough)
        except ValidationError as error:
            self.add_error("body", error)
        return cleaned


class StepForm(forms.ModelForm):
    place = forms.IntegerField(label="Nr.", required=False, min_value=1, help_text="Leer: am Ende.")
    actors = forms.MultipleChoiceField(
        label="Wer", required=False, choices=[(name, name) for name in ACTORS], widget=forms.CheckboxSelectMultiple
    )
    body = MarkdownField(label="Text", rows=5)

    class Meta:
        model = Step
        fields = ["section", "title", "duration", "applies_to", "needs", "gets", "body"]
        widgets = {"title": WIDE}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].initial = self.instance.number
        self.fields["actors"].initial = self.instance.actor_list

    def clean_actors(self):
        """The order in which they were written stays where it can."""
        chosen, former = self.cleaned_data["actors"], self.instance.actor_list
        kept = [name for name in former if name in chosen]
        return ", ".join(kept + [name for name in chosen if name not in kept])

    def clean_body(self):
        entry = self.instance.entry
        own = {entry.slug, *(entry.aliases.values_list("slug", flat=True) if entry.pk else ())}
        check_markdown(self.cleaned_data["body"], own_slugs=own, in_walkthrough=True)
        return self.cleaned_data["body"]

    def save(self, commit=True):
        self.instance.actors = self.cleaned_data["actors"]
        return super().save(commit)


class StepFormSet(BaseInlineFormSet):
    def in_order(self):
        """The forms of the steps that stay, in the order of their numbers; new ones without a number last."""
        kept = [
            (form.cleaned_data.get("place") or 10**6, place, form)
            for place, form in enumerate(self.forms)
            if (form.instance.pk or form.has_changed()) and not self._should_delete_form(form)
        ]
        return [form for *_, form in sorted(kept, key=lambda item: item[:2])]

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        forms_, is_walkthrough = self.in_order(), self.instance.is_walkthrough
        if is_walkthrough and not forms_:
            raise ValidationError("Ein Ablauf braucht mindestens einen Schritt.")
        if forms_ and not is_walkthrough:
            raise ValidationError(
                "Nur ein Ablauf hat Schritte: Bitte wählen Sie diese Art, oder löschen Sie die Schritte."
            )
        in_section = False
        for form in forms_:
            section = form.cleaned_data["section"]
            if in_section and not section:
                form.add_error("section", "Nach einem Abschnitt gehört jeder Schritt zu einem Abschnitt.")
            in_section = in_section or bool(section)

    def save_in_order(self):
        """Write the steps, numbered from 1. Returns the new number of each former one, None where it is gone."""
        steps = self.instance.steps
        former = dict(steps.values_list("pk", "number"))
        self.save(commit=False)  # sets what the admin logs
        for step in self.deleted_objects:
            step.delete()
        steps.update(number=F("number") + 10**6)  # out of the way: numbers are unique at any moment
        for number, form in enumerate(self.in_order(), 1):
            form.instance.number = number
            form.save()
        now = dict(steps.values_list("pk", "number"))
        return {number: now.get(key) for key, number in former.items()}


class StepInline(admin.StackedInline):
    model = Step
    form = StepForm
    formset = StepFormSet
    extra = 0
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("place", "section"),
                    "title",
                    "actors",
                    ("duration", "applies_to"),
                    ("needs", "gets"),
                    "body",
                ]
            },
        )
    ]


class GapFilter(admin.SimpleListFilter):
    title = "Offene Stellen"
    parameter_name = "offen"

    def lookups(self, request, model_admin):
        return [("ja", "Mit offenen Stellen"), ("nein", "Ohne")]

    def queryset(self, request, queryset):
        if self.value() in ("ja", "nein"):
            found = Entry.rows.filter(links_out__gap__isnull=False)
            return queryset.filter(pk__in=found) if self.value() == "ja" else queryset.exclude(pk__in=found)
        return queryset


class DueFilter(admin.SimpleListFilter):
    title = "Prüfung"
    parameter_name = "faellig"

    def lookups(self, request, model_admin):
        return [("ja", "Fällig")]

    def queryset(self, request, queryset):
        return queryset.filter(pk__in=to_do.due_for_review()) if self.value() else queryset


class MomentFilter(admin.SimpleListFilter):
    title = "Zeitpunkt"
    parameter_name = "zeit"

    def lookups(self, request, model_admin):
        return [("geplant", "Geplant"), ("abgelaufen", "Abgelaufen")]

    def queryset(self, request, queryset):
        if self.value() == "geplant":
            coming = Entry.rows.to_come().order_by()
            return queryset.filter(Q(pk__in=coming.values("pk")) | Q(copies__in=coming.values("pk")))
        return queryset.filter(pk__in=Entry.rows.run_out().values("pk")) if self.value() else queryset


class TagFilter(admin.SimpleListFilter):
    title = "Schlagwort"
    parameter_name = "thema"

    NONE = "-"  # no slug

    def lookups(self, request, model_admin):
        used = Tag.objects.filter(taggings__isnull=False).distinct().values_list("slug", "name")
        return [(self.NONE, "Ohne Schlagwort"), *used]

    def queryset(self, request, queryset):
        if self.value() == self.NONE:
            return queryset.filter(taggings=None)
        return queryset.filter(taggings__tag__slug=self.value()) if self.value() else queryset


class AlikeFilter(admin.SimpleListFilter):
    title = "Fast gleiche Fragen"
    parameter_name = "gleich"

    def lookups(self, request, model_admin):
        return [("ja", "Paare zeigen")]

    def queryset(self, request, queryset):
        return unused.with_a_twin(queryset) if self.value() else queryset


class EditingMedia:
    """What editors get on top of plain forms where there is JavaScript."""

    js = [Script("js/admin-editing.js", defer=True)]


class PositionForm(forms.ModelForm):
    """A row of a list: what was not changed since the list was opened is not saved, whatever a colleague made of it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "position" in self.fields:
            self.fields["position"].show_hidden_initial = True


class OrderedAdmin(RecordedAdmin):
    """A list in which things are put in order: by numbers, or by dragging where there is JavaScript."""

    list_editable = ["position"]
    Media = EditingMedia

    def get_changelist_form(self, request, **kwargs):
        labelled = AdminIntegerFieldWidget(attrs={"aria-label": "Position"})
        return super().get_changelist_form(request, form=PositionForm, widgets={"position": labelled}, **kwargs)


@admin.register(Entry)
class EntryAdmin(MergeAdmin, EditingAdmin, OrderedAdmin):
    form = EntryForm
    inlines = [StepInline]
    for_publishers = False  # drafts and working copies are everybody's; see EditingAdmin
    actions = ["duplicate", "merge_two", "delete_selected"]
    list_display = ["title", "category", "position", "state", "review"]
    list_filter = ["category", "status", MomentFilter, DueFilter, "kind", GapFilter, AlikeFilter, TagFilter]
    list_select_related = ["category"]
    search_fields = [
        "title",
        "slug",
        "aliases__slug",
        "body",
        "steps__title",
        "steps__body",
        "taggings__tag__name",
        "note",
    ]
    search_help_text = "Sucht in Frage, Antwort, Schritten, Schlagwörtern, Ankern und Notizen."
    readonly_fields = ["former_slugs", "referred_by", "reviewed_by", "changed"]
    what_stays = "Alle Adressen des anderen führen danach zu dem, der bleibt. Sein Text bleibt in der Geschichte."
    fieldsets = [
        (None, {"fields": ["category", "title", "kind", "status", "body", "tags"]}),
        ("Adresse und Platz", {"fields": ["slug", "former_slugs", "position", "referred_by"]}),
        (
            "Pflege",
            {
                "fields": [
                    "note",
                    ("review", "reviewed", "updated"),
                    "reviewed_by",
                    ("publish_at", "expire_at"),
                    "changed",
                ]
            },
        ),
    ]

    def get_queryset(self, request):
        released = Entry.rows.filter(copy_of=OuterRef("pk"), release=Entry.PLANNED).values("publish_at")
        return super().get_queryset(request).ordered().annotate(followed_at=Subquery(released))

    @admin.display(description="Status", ordering="status")
    def state(self, entry):
        following = entry.followed_at and date_format(timezone.localtime(entry.followed_at), "j. F Y, H:i")
        return f"{entry.state}, neue Fassung geplant für {following}" if following else entry.state

    def get_list_display(self, request):
        pairs = ["twin"] if AlikeFilter.parameter_name in request.GET else []
        return [*self.list_display[:1], *pairs, *self.list_display[1:]]

    @admin.display(description="Fast gleich")
    def twin(self, entry):
        url = reverse("admin:faq_entry_pair", args=[entry.pk, entry.twin])
        return format_html('<a href="{}">Vergleichen mit: {}</a>', url, entry.twin_title)

    def view_on_site(self, entry):
        return entry.get_absolute_url() if Entry.objects.published().filter(pk=entry.pk).exists() else None

    @admin.display(description="Frühere Anker")
    def former_slugs(self, entry):
        return ", ".join(alias.slug for alias in entry.aliases.all()) or "–" if entry.pk else "–"

    @admin.display(description="Darauf verweisen")
    def referred_by(self, entry):
        sources = {str(reference.source) for reference in entry.references.select_related(*Reference.SOURCES)}
        return ", ".join(sorted(sources)) or "–"

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
            tags = {tag.name: None for tag in stored.tag_list} if stored else {}  # those that stay keep their place
            tags = [
                name for name in tags | dict.fromkeys(form.cleaned_data["tags"]) if name in form.cleaned_data["tags"]
            ]
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
            names = ", ".join(f"„{source}“" for source in relinked)
            self.message_user(
                request, f"Die Nummern von Schritten haben sich geändert. Links darauf wurden angepasst in: {names}."
            )
        if not entry.copy_of_id and former_slug and former_slug != entry.slug:
            self.message_user(request, f"Der frühere Anker „{former_slug}“ führt weiterhin hierher.")


@admin.register(Category)
class CategoryAdmin(OrderedAdmin):
    class Form(AddressForm):
        intro = MarkdownField(label="Einleitung", rows=5)

        class Meta:
            model = Category
            fields = ["title", "slug", "position", "intro"]

        def clean_intro(self):
            check_markdown(self.cleaned_data["intro"])
            return self.cleaned_data["intro"]

    form = Form
    list_display = ["title", "slug", "position"]
    fields = ["title", "slug", "former_slugs", "position", "intro"]
    readonly_fields = ["former_slugs"]

    def get_queryset(self, request):
        return super().get_queryset(request).ordered()

    def view_on_site(self, category):
        return category.get_absolute_url() if Category.objects.with_page().filter(pk=category.pk).exists() else None

    @admin.display(description="Frühere Anker")
    def former_slugs(self, category):
        return ", ".join(alias.slug for alias in category.aliases.all()) or "–" if category.pk else "–"


@admin.register(Alias)
class AliasAdmin(RecordedAdmin):
    class Form(forms.ModelForm):
        class Meta:
            model = Alias
            fields = ["slug", "entry", "category"]

        def clean_slug(self):
            slug = self.cleaned_data["slug"]
            owner = owner_of([slug])
            if owner and slug != self.instance.slug:
                raise ValidationError(f"Der Anker „{slug}“ gehört schon zu „{owner}“.")
            return slug

    form = Form
    list_display = ["slug", "entry", "category"]
    list_select_related = ["entry", "category"]
    search_fields = ["slug", "entry__title", "category__title"]
    autocomplete_fields = ["entry"]

    def touched(self, request, alias):
        """What it leads to, what it led to before, and the texts that had it under another name."""
        return list({alias.entry or alias.category, *request.former_owners, *request.relinked})

    def save_model(self, request, obj, form, change):
        former = Alias.objects.select_related("entry", "category").filter(pk=obj.pk).first()
        request.former_owners, request.relinked = [former.entry or former.category] if former else [], []
        if former and former.entry and former.slug != obj.slug:
            request.relinked = self._lead_on(former)
        super().save_model(request, obj, form, change)

    def _lead_on(self, alias):
        """Let links that were written with a former address of an entry be written with the current one."""
        holding = alias.entry.references.filter(slug=alias.slug)
        return references.lead_to(holding, {alias.slug: ""}, alias.entry.slug, keep_step=True)

    def delete_model(self, request, obj):
        self.delete_queryset(request, Alias.objects.filter(pk=obj.pk))

    def delete_queryset(self, request, queryset):
        touched = set()
        for alias in queryset.select_related("entry", "category"):
            touched |= {alias.entry or alias.category, *(self._lead_on(alias) if alias.entry else ())}
            alias.delete()
        self.record(request, saved=touched)


admin.site.unregister(UnusedTag)  # taggit registers its own model, which the portal does not use


class UseFilter(admin.SimpleListFilter):
    title = "Verwendung"
    parameter_name = "verwendung"

    def lookups(self, request, model_admin):
        return [("1", "In nur einem Eintrag"), ("0", "In keinem Eintrag")]

    def queryset(self, request, queryset):
        return queryset.filter(pk__in=unused.tags(int(self.value()))) if self.value() in ("0", "1") else queryset


@admin.register(Tag)
class TagAdmin(RecordedAdmin, MergeAdmin):
    what_stays = "Die Einträge mit dem anderen Schlagwort bekommen das, das bleibt."
    list_display = ["name", "slug", "uses"]
    list_filter = [UseFilter]
    search_fields = ["name"]
    fields = ["name", "slug"]
    readonly_fields = ["slug"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(merged_into=None).annotate(in_entries=Count("taggings"))

    @admin.display(description="Einträge")
    def uses(self, tag):
        return tag.in_entries

    def delete_model(self, request, obj):
        self.delete_queryset(request, Tag.objects.filter(pk=obj.pk))

    def delete_queryset(self, request, queryset):
        entries = list(Entry.rows.filter(taggings__tag__in=queryset).distinct())
        queryset.delete()
        self.record(request, saved=entries)
