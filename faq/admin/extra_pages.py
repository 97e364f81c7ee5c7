"""Pages of our own beside those that Django's admin has for every model, and the keys of rows in their addresses."""

from functools import wraps

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from faq.editing.writing import PUBLISH

CHANGE = "faq.change_entry"
publishers_only = permission_required(PUBLISH, raise_exception=True)


def page(route, *permissions, name, post=False):
    """Decorator of a PagesAdmin's method: the page `admin:faq_<model>_<name>` at `route`.

    For those who have the permissions; where none are given, for all who may see the model. `post`: nothing but posts.
    """

    def decorate(method):
        @wraps(method)
        def view(self, request, *arguments, **options):
            if not (request.user.has_perms(permissions) if permissions else self.has_view_permission(request)):
                raise PermissionDenied
            return method(self, request, *arguments, **options)

        if post:
            view = method_decorator(require_POST)(view)
        view.own_page = route, name
        return view

    return decorate


def key_of(text):
    """The key of a row, as it stands in an address or a form; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


class KeySelect(AutocompleteSelect):
    def optgroups(self, name, value, attr=None):
        """What was posted and is no key is said beside the field; Django would look for it."""
        return super().optgroups(name, [text for text in value if key_of(text)], attr)


class PagesAdmin(admin.ModelAdmin):
    """With the pages that its methods are by `page`."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = KeySelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_urls(self):
        own = []
        for method in dir(type(self)):
            if at := getattr(getattr(type(self), method), "own_page", None):
                route, name = at
                view = self.admin_site.admin_view(getattr(self, method))
                own.append(path(route, view, name=f"faq_{self.opts.model_name}_{name}"))
        return [*own, *super().get_urls()]

    def render(self, request, template, title, **context):
        """A page within the admin of this model; `status` is the answer's."""
        return self.admin_site.render(request, template, title, opts=self.opts, **context)


def admin_url(row):
    """The address of the form of a row of ours."""
    return reverse(f"admin:faq_{row._meta.model_name}_change", args=[row.pk])
