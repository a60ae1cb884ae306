from django.contrib import admin

from generations.admin.history import History, to
from generations.models import Entry


@admin.register(Entry)
class EntryAdmin(History):
    list_display = ["at", "kind", "task_link", "person", "reserved", "spent", "is_estimate", "month"]
    list_select_related = ["task__prompt", "person"]
    list_filter = ["kind", "is_estimate", "person"]
    sortable_by = []
    search_fields = ["=task__pk"]
    search_help_text = "A task's number"
    columns = ["pk", "at", "kind", "task", "person__email", "reserved", "spent", "is_estimate", "month"]
    fields = ["at", "kind", "task_link", "person", "reserved", "spent", "is_estimate", "month"]
    readonly_fields = ["task_link"]

    @admin.display(description="task")
    def task_link(self, entry):
        return to(entry.task, entry.task.prompt)
