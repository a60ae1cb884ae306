"""What all pages of history share: nobody adds, changes or deletes a row by hand, and all staff may read."""

import json
import re

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe

EMPTY_FRAME = mark_safe('<span class="admin-thumb"></span>')
SIGNED = re.compile(r"""(https?://[^\s"'?#<>]+)\?[^\s"'<>]*""")


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


class History(ReadOnly, admin.ModelAdmin):
    actions = None
    list_per_page = 50
    show_full_result_count = False


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
    """JSON or raw text of the provider, to be read. Addresses lose their query: a signature there opens the file."""
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    return format_html('<pre class="admin-raw">{}</pre>', SIGNED.sub(r"\1?…", text)) if text else "-"
