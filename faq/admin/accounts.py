"""Accounts, as Django has them; who may change accounts without being a superuser cares for those of the group Redaktion alone."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm
from django.contrib.auth.models import Group, User

from faq import login, sessions
from faq.admin.base import HinderedMixin, shown_again, through_the_door
from faq.editing import owners
from faq.editing.owners import name_of
from faq.words import counted

admin.site.unregister(User)
GROUP = "Redaktion"


class PasswordForm(AdminPasswordChangeForm):
    # Django glues an English sentence to the one it translates.
    usable_password_help_text = "„Nein“: Dann bleibt die Anmeldung über die Firma; das jetzige Passwort geht verloren."  # noqa: S105


class AccountForm(UserChangeForm):
    """Asks, where an account ends, in whose hands its texts shall be. The admin sets `request`."""

    NOBODY = "-"  # no key
    heir = forms.ChoiceField(label="Übergeben an", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        number = self.instance.pk and owners.number_held(self.instance, who=self.request.user)
        if not number:
            del self.fields["heir"]
            return
        colleagues = owners.colleagues().exclude(pk=self.instance.pk)
        choices = [(str(colleague.pk), name_of(colleague)) for colleague in colleagues]
        self.fields["heir"].choices = [("", "bleibt bei diesem Konto"), *choices, (self.NOBODY, "niemanden")]
        self.fields["heir"].help_text = f"Einträge, Entwürfe, Arbeitskopien und offene Stellen: {number}."

    def clean(self):
        cleaned = super().clean()
        ends = any(name in self.changed_data and not cleaned.get(name) for name in ("is_active", "is_staff"))
        if ends and "heir" in self.fields and not cleaned.get("heir"):
            self.add_error("heir", "Wer geht, hinterlässt etwas: Bitte sagen Sie, an wen es geht.")
        return cleaned

    def hand_over(self):
        if heir := self.cleaned_data.get("heir"):
            to = None if heir == self.NOBODY else User.objects.get(pk=heir)
            owners.hand_over(self.instance, to=to, who=self.request.user)


HELD = ("Einträge übergeben", {"fields": ["heir"]})


@admin.register(User)
class PortalUserAdmin(UserAdmin):
    """To delete an account touches what it is named in, so that passes the door too."""

    actions = ["take_second_factor_away"]
    change_password_form = PasswordForm
    form = AccountForm
    # What a lead without superuser's rights sees: nothing by which anybody becomes more than an editor.
    editor_fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Wer", {"fields": ["first_name", "last_name", "email"]}),
        (
            "Zugang",
            {
                "fields": ["is_active", "is_staff"],
                "description": f"Mit „Mitarbeiter-Status“ gehört das Konto zur Gruppe {GROUP}. "
                "Wer geht, verliert „Aktiv“: Alle Sitzungen enden, was er geschrieben hat, bleibt.",
            },
        ),
    ]

    # Who may care for whom

    def get_queryset(self, request):
        """Of a lead: accounts that may no more than editors, or nothing yet; so never their own."""
        accounts = super().get_queryset(request)
        if request.user.is_superuser:
            return accounts
        below = accounts.filter(is_superuser=False, user_permissions=None).exclude(pk=request.user.pk)
        return below.exclude(groups__in=Group.objects.exclude(name=GROUP))

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser and super().has_delete_permission(request, obj)

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return super().get_fieldsets(request, obj)
        fieldsets = super().get_fieldsets(request, obj) if request.user.is_superuser else self.editor_fieldsets
        held = [HELD] if owners.number_held(obj, who=request.user) else []
        return [*fieldsets[:2], *held, *fieldsets[2:]]

    def get_deleted_objects(self, objs, request):
        """An account that texts are left to is none to delete."""
        *found, protected = super().get_deleted_objects(objs, request)
        for account in objs:
            if number := owners.number_held(account, who=None):
                protected.append(f"{number} in der Hand von {account}: Bitte im Formular des Kontos zuerst übergeben.")
        return *found, protected

    def get_list_filter(self, request):
        return super().get_list_filter(request) if request.user.is_superuser else ["is_active", "is_staff"]

    # What is saved

    def save_model(self, request, obj, form, change):
        if not request.user.is_superuser and not change:
            obj.is_staff = True
        super().save_model(request, obj, form, change)
        if change:
            form.hand_over()
        if not obj.is_active:
            sessions.end_all_of(obj)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if not request.user.is_superuser and form.instance.is_staff:
            form.instance.groups.add(Group.objects.get(name=GROUP))

    @admin.action(
        description="Zweiten Faktor wegnehmen: Die nächste Anmeldung richtet ihn neu ein", permissions=["change"]
    )
    def take_second_factor_away(self, request, queryset):
        for user in queryset:
            login.take_second_factor_away(user)
            self.log_change(request, user, "Zweiter Faktor weggenommen")
        messages.success(
            request, f"Zweiter Faktor weggenommen, Sitzungen beendet: {counted(len(queryset), 'Konto', 'Konten')}."
        )

    @shown_again
    def add_view(self, request, form_url="", extra_context=None):
        return super().add_view(request, form_url, extra_context)

    @shown_again
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        # A new account has nothing to hand over, and its password is not to be hashed behind the lock.
        save = self._save_behind_the_door if object_id else super().changeform_view
        return save(request, object_id, form_url, extra_context)

    _save_behind_the_door = through_the_door(UserAdmin.changeform_view)

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        return type(form.__name__, (HinderedMixin, form), {"request": request})

    @through_the_door
    def delete_view(self, request, object_id, extra_context=None):
        return super().delete_view(request, object_id, extra_context)

    @through_the_door
    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, extra_context)

    def prepare(self, request, *arguments):
        """No texts."""
