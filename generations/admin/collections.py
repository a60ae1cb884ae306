from django.contrib import admin
from django.db.models import Count, OuterRef, Subquery
from django.utils.html import format_html

from generations.admin.history import EMPTY_FRAME, History, picture
from generations.models import Collection, Output


@admin.register(Collection)
class CollectionAdmin(History):
    """Collections, the deleted ones too. What is in one, its page shows."""

    list_display = ["picture", "name", "owner", "files", "is_private", "changed_at", "binned_at"]
    list_display_links = ["name"]
    list_select_related = ["owner"]
    list_filter = ["is_private", ("binned_at", admin.EmptyFieldListFilter), "owner"]
    search_fields = ["name", "description", "owner__email", "owner__name"]
    ordering = ["-pk"]
    columns = [
        "pk",
        "made_at",
        "owner__email",
        "name",
        "description",
        "number",
        "is_private",
        "changed_at",
        "binned_at",
    ]
    fieldsets = [
        (None, {"fields": ["picture", "name", "description", "owner", "is_private", "files", "address"]}),
        ("Times", {"fields": ["made_at", "changed_at", "binned_at"]}),
    ]

    def get_queryset(self, request):
        first = Output.objects.saved().filter(items__collection=OuterRef("pk")).exclude(small="")
        face = Subquery(first.order_by("items__position").values("pk")[:1])
        return super().get_queryset(request).annotate(face=face, number=Count("items"))

    @admin.display(description="picture")
    def picture(self, collection):
        return picture("media", Output(pk=collection.face)) if collection.face else EMPTY_FRAME

    @admin.display(description="files", ordering="number")
    def files(self, collection):
        return collection.number

    @admin.display(description="address")
    def address(self, collection):
        return format_html('<a href="{0}">{0}</a>', collection.get_absolute_url())
