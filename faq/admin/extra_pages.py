"""Pages of our own beside those that Django's admin has for every model."""

from functools import wraps

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from faq.editing.writing import PUBLISH

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


class PagesAdmin(admin.ModelAdmin):
    """With the pages that its methods are by `page`."""

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
