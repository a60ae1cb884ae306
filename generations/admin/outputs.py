from django.contrib import admin
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html

from generations.admin.actions import Action
from generations.admin.history import History, badge, thumbnail, to
from generations.models import Output


class StateFilter(admin.SimpleListFilter):
    """Nearly all are saved: by that word SQLite would sort every one, so it is asked who is nothing else."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("unsaved", "Any that is not saved"), *Output.Status.choices]

    def queryset(self, request, queryset):
        if self.value() == "unsaved":
            return queryset.unsaved()
        if self.value() == Output.Status.SAVED:
            return queryset.exclude(status__in=set(Output.Status) - {Output.Status.SAVED})
        return queryset.filter(status=self.value()) if self.value() in Output.Status else queryset


@admin.register(Output)
class OutputAdmin(History):
    """Saved files. Their address at the provider is left out: it may carry a signature."""

    list_display = ["picture", "task_link", "number", "state", "kind", "weight", "width", "height", "saved_at", "error"]
    list_display_links = ["number"]
    list_select_related = ["task__prompt"]
    list_filter = [StateFilter, "kind"]
    search_fields = ["pk"]
    search_help_text = "A task's number, or the SHA-256 of a file"
    ordering = ["-pk"]
    sortable_by = []
    actions = [
        Action(
            "retry",
            Output.retry,
            "Save now",
            about="Those that wait for their next try are tried at once. Saved and lost ones stay as they are.",
            done="Tried now",
            fits=lambda output: output.status in (Output.Status.WAITING, Output.Status.REFUSED),
        ),
        "as_csv",
    ]
    columns = [
        *("pk", "task", "position", "status", "kind", "mime", "width", "height", "duration", "size", "sha256"),
        *("tries", "error", "deadline", "saved_at", "original"),
    ]
    fieldsets = [
        (
            None,
            {"fields": ["preview", "task", "number", "kind", "mime", "weight", "width", "height", "duration", "color"]},
        ),
        ("Saving", {"fields": ["state", "tries", "error", "saved_at", "deadline", "not_before", "lease_until"]}),
        ("In storage", {"fields": ["original", "medium", "small", "sha256"]}),
    ]

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        is_number = search_term.isascii() and search_term.isdigit() and len(search_term) < 19
        return queryset.filter(**({"task": search_term} if is_number else {"sha256": search_term.lower()})), False

    def described(self, output):
        return format_html(
            "{} of {} {}", to(output, self.number(output)), to(output.task, output.task.title), self.state(output)
        )

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
