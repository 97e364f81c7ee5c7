"""Who is in charge: in the form of an entry, as a filter of lists, and taken over from who has left."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.shortcuts import get_object_or_404, redirect

from faq.admin.base import RecordedAdmin
from faq.admin.extra_pages import key_of, page
from faq.editing import owners
from faq.editing.owners import name_of


class OwnerField(forms.ModelChoiceField):
    """One of the colleagues, or nobody; who has left stays where they are."""

    def __init__(self, **options):
        # What the form showed goes along: who only saves another text leaves it as it was handed on meanwhile.
        options = {"required": False, "empty_label": "niemand", "show_hidden_initial": True} | options
        super().__init__(User.objects.none(), **options)

    def offer(self, present):
        self.queryset = owners.colleagues(present)

    def label_from_instance(self, account):
        return name_of(account)


class OwnerFilter(admin.SimpleListFilter):
    """Rows by who is in charge of them; `path` leads there."""

    title = "Zuständig"
    parameter_name = "zustaendig"
    path, nobody = "owner", "Niemand"
    MINE, NOBODY = "ich", "niemand"

    def lookups(self, request, model_admin):
        there = User.objects.filter(pk__in=model_admin.model._default_manager.values(self.path))
        found = [(str(account.pk), name_of(account)) for account in there.order_by("username")]
        return [(self.MINE, "Ich"), (self.NOBODY, self.nobody), *found]

    def queryset(self, request, queryset):
        value = self.value()
        if value == self.NOBODY:
            return queryset.filter(**{self.path: None})
        key = request.user.pk if value == self.MINE else value and key_of(value)
        return queryset if value is None else queryset.filter(**{self.path: key})


def owner_filter(path_, **said):
    """The same by another path; `said`: what it is called, by the names above."""
    return type("OwnerFilter", (OwnerFilter,), {"path": path_, **said})


class OwnersAdmin(RecordedAdmin):
    @admin.display(description="Zuständig", ordering="owner__username")
    def in_charge(self, entry):
        owner = entry.original.owner
        return name_of(owner) if owner else "–"

    @page("uebernehmen/<int:key>/", "faq.change_entry", name="take_over", post=True)
    def take_over(self, request, key):
        """Take over what somebody left who has no access any more."""
        account = get_object_or_404(owners.gone(), pk=key)
        number = owners.hand_over(account, to=request.user, who=request.user)
        if number:
            messages.success(request, f"Von {name_of(account)} übernommen: {number}. Sie stehen jetzt unter „Für Sie“.")
        else:
            messages.warning(request, "Nichts übernommen: Öffentliche Einträge übernimmt, wer veröffentlichen darf.")
        return redirect("admin:index")
