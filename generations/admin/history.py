"""What all pages of history share: nobody adds, changes or deletes a row by hand, and all staff may read."""

import json
from contextlib import contextmanager
from functools import cached_property

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from generations.admin import tables
from generations.admin.actions import Action
from generations.admin.tables import unsigned

EMPTY_FRAME = mark_safe('<span class="admin-thumb"></span>')


class ReadOnly:
    """Three refusals and one permission, for pages and for rows inside pages."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return request.user.is_active and request.user.is_staff

    has_module_permission = has_view_permission


@contextmanager
def numbers_that_fit():
    """Django asks for rows with numbers that no column can hold, and SQLite breaks."""
    try:
        yield
    except OverflowError as error:
        raise BadRequest("That number is too large.") from error


class Pages(Paginator):
    """Counts no further than people turn pages: a list stays as quick with a hundred thousand rows."""

    MOST = 5000  # rows; older ones are found by a filter

    @cached_property
    def count(self):
        return self.object_list.order_by()[: self.MOST].values("pk").count()


class Listed:
    """For lists of any length: few rows counted, none sorted without an index, and all that match as a table."""

    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = Pages
    actions = ["as_csv"]
    columns = ["pk"]  # lookups, for the table

    def has_act_permission(self, request):
        return request.user.is_active and request.user.is_admin

    def described(self, row):
        """A row on the page that asks whether it is meant."""
        return to(row)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """With a button for each action that fits the row."""
        row = self.get_object(request, unquote(object_id))
        actions = [action for action, *_ in self.get_actions(request).values() if isinstance(action, Action)]
        fitting = [action for action in actions if row and action.fits(row)]
        context = (extra_context or {}) | {"fitting": fitting, "chosen_as": ACTION_CHECKBOX_NAME}
        return super().change_view(request, object_id, form_url, context)

    def changelist_view(self, request, extra_context=None):
        with numbers_that_fit():
            return super().changelist_view(request, extra_context)

    def response_action(self, request, queryset):
        """Django takes any word for a row's key, and breaks."""
        try:
            for chosen in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.opts.pk.to_python(chosen)
        except ValidationError as error:
            raise BadRequest("No such row.") from error
        return super().response_action(request, queryset)

    def get_urls(self):
        view = self.admin_site.admin_view(self.all_as_csv)
        name = f"{self.opts.app_label}_{self.opts.model_name}_csv"
        return [path("csv/", view, name=name), *super().get_urls()]

    def all_as_csv(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            with numbers_that_fit():
                return self.as_csv(request, self.get_changelist_instance(request).get_queryset(request))
        except IncorrectLookupParameters:
            return HttpResponseRedirect("../")

    @admin.action(description="Export the selected rows as CSV", permissions=["view"])
    def as_csv(self, request, rows):
        return tables.as_csv(rows, self.columns, self.opts.verbose_name_plural.replace(" ", "-"))


class History(ReadOnly, Listed, admin.ModelAdmin):
    pass


class HistoryRows(ReadOnly, admin.TabularInline):
    extra = 0
    can_delete = False
    show_change_link = True


def badge(state, label):
    """A word in the colour of its state; admin.css knows done, unknown and failed."""
    return format_html('<span class="admin-status" data-state="{}">{}</span>', state, label)


def to(row, label=None):
    """A link to the history of another row."""
    if row is None:
        return "-"
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, label or row)


def thumbnail(outputs):
    """The first of these files that has a picture, 72 by 48 pixels; an empty frame when none has."""
    shown = next((output for output in outputs if output.small), None)
    return picture("media", shown) if shown else EMPTY_FRAME


def picture(view, row):
    """The small thumbnail of a row with files, behind the view of this name."""
    address = reverse(view, args=[row.pk, "small"])
    return format_html('<img class="admin-thumb" src="{}" width="72" height="48" alt="" loading="lazy">', address)


def plain(value):
    """JSON or raw text of the provider, to be read."""
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    return format_html('<pre class="admin-raw">{}</pre>', unsigned(text)) if text else "-"
