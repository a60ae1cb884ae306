from django.contrib import admin
from django.template.defaultfilters import filesizeformat

from generations.admin.history import EMPTY_FRAME, History, picture
from generations.models import Upload


@admin.register(Upload)
class UploadAdmin(History):
    """Files that people gave as inputs."""

    list_display = ["picture", "name", "owner", "kind", "mime", "weight", "saved_at"]
    list_display_links = ["name"]
    list_select_related = ["owner"]
    list_filter = ["kind", "owner"]
    search_fields = ["name", "=sha256"]
    ordering = ["-pk"]
    columns = [
        "pk",
        "saved_at",
        "owner__email",
        "name",
        "kind",
        "mime",
        "width",
        "height",
        "duration",
        "size",
        "sha256",
    ]
    fieldsets = [
        (None, {"fields": ["picture", "name", "owner", "kind", "mime", "weight", "width", "height", "duration"]}),
        ("In storage", {"fields": ["saved_at", "original", "medium", "small", "sha256"]}),
    ]

    @admin.display(description="picture")
    def picture(self, upload):
        return picture("upload", upload) if upload.small else EMPTY_FRAME

    @admin.display(description="size", ordering="size")
    def weight(self, upload):
        return filesizeformat(upload.size)
