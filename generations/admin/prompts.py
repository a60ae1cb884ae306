from django.contrib import admin

from generations.admin.history import History, HistoryRows, plain, thumbnail
from generations.admin.tasks import task_badge
from generations.models import Prompt, Task


class TaskRows(HistoryRows):
    model = Task
    fields = readonly_fields = ["picture", "state", "model_name", "author", "price_charged", "created_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("author").prefetch_related("outputs")

    @admin.display(description="picture")
    def picture(self, task):
        return thumbnail(task.outputs.all())

    @admin.display(description="state")
    def state(self, task):
        return task_badge(task)


@admin.register(Prompt)
class PromptAdmin(History):
    list_display = ["__str__", "models", "author", "created_at"]
    list_select_related = ["author"]
    list_filter = ["author"]
    sortable_by = []
    search_fields = ["text"]
    columns = ["pk", "created_at", "author__email", "text", "model_slugs"]
    fields = ["text", "author", "models", "parent", "chosen", "created_at"]
    inlines = [TaskRows]

    @admin.display(description="models")
    def models(self, prompt):
        return ", ".join(prompt.model_slugs)

    @admin.display(description="fields of the composer")
    def chosen(self, prompt):
        return plain(prompt.values)
