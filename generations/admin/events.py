from django.contrib import admin

from generations.admin.history import History, thumbnail, to
from generations.models import Event


@admin.register(Event)
class EventAdmin(History):
    list_display = ["at", "picture", "kind", "task_link", "actor", "text"]
    list_select_related = ["task__prompt", "actor"]
    list_filter = ["kind", "actor"]
    sortable_by = []
    search_fields = ["=task__pk"]
    search_help_text = "A task's number"
    columns = ["pk", "at", "kind", "task", "actor__email", "text"]
    fields = ["at", "kind", "task", "actor", "text"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("task__outputs")

    @admin.display(description="picture")
    def picture(self, event):
        return thumbnail(event.task.outputs.all() if event.task else [])

    @admin.display(description="task")
    def task_link(self, event):
        return to(event.task, event.task and event.task.prompt)
