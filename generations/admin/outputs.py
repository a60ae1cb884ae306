from django.contrib import admin
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html

from generations.admin.history import History, badge, thumbnail, to
from generations.models import Output


@admin.register(Output)
class OutputAdmin(History):
    """Saved files. Their address at the provider is left out: it may carry a signature."""

    list_display = ["picture", "task_link", "number", "state", "kind", "weight", "width", "height", "saved_at"]
    list_display_links = ["number"]
    list_select_related = ["task__prompt"]
    list_filter = ["status", "kind", "mime"]
    search_fields = ["task__prompt__text", "=sha256", "=task__pk"]
    date_hierarchy = "saved_at"
    ordering = ["-pk"]
    fieldsets = [
        (
            None,
            {"fields": ["preview", "task", "number", "kind", "mime", "weight", "width", "height", "duration", "color"]},
        ),
        ("Saving", {"fields": ["state", "tries", "error", "saved_at", "deadline", "not_before", "lease_until"]}),
        ("In storage", {"fields": ["original", "medium", "small", "sha256"]}),
    ]

    @admin.display(description="picture")
    def picture(self, output):
        return thumbnail([output])

    @admin.display(description="picture")
    def preview(self, output):
        if not output.medium:
            return "-"
        original, medium = (reverse("media", args=[output.pk, variant]) for variant in ("original", "medium"))
        picture = '<a href="{}"><img class="admin-preview" src="{}" width="{}" height="{}" alt=""></a>'
        return format_html(picture, original, medium, output.width, output.height)

    @admin.display(description="task", ordering="task")
    def task_link(self, output):
        return to(output.task, output.task.prompt)

    @admin.display(description="file", ordering="position")
    def number(self, output):
        return f"file {output.position + 1}"

    @admin.display(description="size", ordering="size")
    def weight(self, output):
        return filesizeformat(output.size) if output.size else "-"

    @admin.display(description="state", ordering="status")
    def state(self, output):
        states = {"saved": "done", "lost": "failed"}
        return badge(states.get(output.status, output.status), output.get_status_display())
